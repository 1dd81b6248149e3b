// Package script plays a whole day of a public legal service: citizens ask real
// questions, duty lawyers answer, citizens read and rate, operators call back.
//
// It is the outside world: it knows the public HTTP API and nothing else of the
// house, and it writes down everything it sent, when, and what was acknowledged
// (Log). Package recount computes the day's figures from that log alone, so that
// the program's own figures are checked by somebody who did not make them.
//
// Time is stepped, not scaled: before each act the Stepper runs everything that
// is due until that moment. All choices come from one seeded source, and acts at
// the same moment have a fixed order, so the same seed gives the same figures.
//
// Planted on purpose: replies that are too short or without a basis (refused,
// then mended), answers after the limit, and lawyers who never answer, so that
// the order is passed on.
//
// Unless it is plain, the day has all that people do beside asking and answering:
// files, passing on, exclusions and taking back, complaints through all steps,
// quality checks with disputes, warnings, interventions, a quarter of an hour in
// which no lawyer is there. Some of it is planted early, so that small plays have
// it too. From time to time the play looks at what the program says (look.go) and
// keeps that beside the log, for package recount to compare.
//
// Files: client.go (HTTP and the log), plan.go (who does what when), reply.go
// (what lawyers write), day.go (the acts), callback.go, people.go (signing in), files.go
// (pictures and PDF files), extras.go (passing on, exclusions, breaks),
// grievance.go (complaints), inspect.go (quality, warnings, interventions), bring.go
// (imports), look.go and open.go.
package script

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Stepper moves the played time on.
type Stepper interface {
	Now() time.Time
	// To runs everything that is due until t, in order, and then it is t.
	To(ctx context.Context, t time.Time) error
}

// Entry is one line of the client's log: an act and what was acknowledged.
type Entry struct {
	At     time.Time `json:"at"`
	Who    string    `json:"who"`
	Act    string    `json:"act"` // ask, answer, read, rate, message, attempt, result, lawyer_call, close, and those of tells
	Order  string    `json:"order,omitempty"`
	Status int       `json:"status"`
	Code   string    `json:"code,omitempty"`   // of a refusal
	Fields []string  `json:"fields,omitempty"` // refused fields, as code
	Level  string    `json:"level,omitempty"`  // of a rating
	Of     string    `json:"of,omitempty"`     // the call-back, complaint, sample ... that it is done to
	Sent   any       `json:"sent,omitempty"`   // as it was sent; of a file only its size
	Told   any       `json:"told,omitempty"`   // of what was acknowledged: the names in tells
}

// tells are the names that the log keeps of an acknowledgement, by act: what only
// the program can know, and what a later act hangs on.
var tells = map[string][]string{
	"ask": {"number", "state", "lawyer"}, "see": {"state", "lawyer"}, "rate": {"callback"}, "sign_in": {"person"},
	"complain": {"number"}, "take_down": {"number"}, "sample": {"id", "order", "lawyer", "month", "drawn", "state", "sampled_at"},
	"case": {"opened_at", "lawyer"}, "warning": {"kind", "opened_at", "opens"}, "problem_types": {"items"}, "lawyers": {"items"},
	"archived": {"import", "title"},
}

// pick keeps some names of an answer.
func pick(body []byte, names []string) any {
	var all map[string]json.RawMessage
	if len(names) == 0 || json.Unmarshal(body, &all) != nil {
		return nil
	}
	out := map[string]json.RawMessage{}
	for _, n := range names {
		if v, ok := all[n]; ok {
			out[n] = v
		}
	}
	return out
}

// client speaks to the server as one person.
type client struct {
	base   string
	http   *http.Client
	token  string
	name   string
	person person
	staff  *Account  // how to sign in again, for staff
	since  time.Time // when he signed in
}

// answer is what came back.
type answer struct {
	status int
	body   []byte
}

// problem is a refusal.
type problem struct {
	Code   string `json:"code"`
	Errors []struct {
		Field string `json:"field"`
		Code  string `json:"code"`
	} `json:"errors"`
}

func (a answer) problem() (p problem) {
	_ = json.Unmarshal(a.body, &p) // an answer without a problem has none
	return p
}

// call sends one request; an error means that the server could not be reached.
func (c *client) call(ctx context.Context, method, path string, body any) (answer, error) {
	var r io.Reader
	kind := "application/json"
	switch x := body.(type) {
	case nil:
	case []byte: // a file
		r, kind = bytes.NewReader(x), "application/octet-stream"
	default:
		b, err := json.Marshal(body)
		if err != nil {
			return answer{}, err
		}
		r = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+"/api/v1"+path, r)
	if err != nil {
		return answer{}, err
	}
	if body != nil {
		req.Header.Set("Content-Type", kind)
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	req.Header.Set("Accept-Language", "zh-Hans")
	res, err := c.http.Do(req)
	if err != nil {
		return answer{}, fmt.Errorf("%s %s: %w", method, path, err)
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	b, err := io.ReadAll(res.Body)
	return answer{res.StatusCode, b}, err
}

// must is call for acts that have to succeed.
func (c *client) must(ctx context.Context, method, path string, body, into any) error {
	a, err := c.call(ctx, method, path, body)
	if err != nil {
		return err
	}
	if a.status/100 != 2 {
		return fmt.Errorf("%s: %s %s was answered %d: %s", c.name, method, path, a.status, bytes.TrimSpace(a.body))
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(a.body, into); err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	return nil
}
