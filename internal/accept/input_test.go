package accept

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/id"
)

// canary is planted in personal fields and must come back in no error and no
// log. Each is distinctive by itself.
var canary = struct{ phone, name, email, question, text, code string }{
	"+8613977665544", "金丝雀甲七", "canary7f3a@example.org", "金丝雀问题七三甲：这句话不得出现在日志里", "金丝雀正文七三甲", "CANARY-7f3a-code",
}

func canaries() []string {
	return []string{canary.phone, canary.phone[3:], canary.name, canary.email, "canary7f3a", canary.question, "金丝雀", canary.text, canary.code}
}

// bad is one server under bad input, and all it ever refused with.
type bad struct {
	*server
	client  *http.Client
	mu      sync.Mutex
	errors  [][]byte
	asked   int
	citizen user
	other   user
	op      user
	admin   user
	lawyers map[string]user // by person
}

// TestBadInput is line 6 of the acceptance. Its parts share a server, for they
// are about what is left behind, too.
//
// req: B9.2.1b, B9.2.1a
func TestBadInput(t *testing.T) {
	places(t, func(t *testing.T, p place) {
		b := begin(t, p)
		for _, part := range []struct {
			name string
			run  func(*testing.T)
		}{
			{"size and type", b.sizes}, {"broken JSON", b.brokenJSON}, {"fields", b.fields}, {"sessions", b.sessions}, {"codes", b.codes},
			{"strangers", b.strangers}, {"races", b.races},
		} {
			t.Run(part.name, func(t *testing.T) {
				begun := time.Now()
				part.run(t)
				t.Logf("%.1f s", time.Since(begun).Seconds())
			})
		}
		b.silent(t)
	})
}

// begin starts a server and signs everybody in.
func begin(t *testing.T, p place) *bad {
	t.Helper()
	b := &bad{server: start(t, p, nil), client: &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 16}}, lawyers: map[string]user{}}
	b.citizen, b.other = b.server.citizen(t, canary.phone), b.server.citizen(t, "+8613977665545")
	b.op, b.admin = b.staff(t, "operator1"), b.staff(t, "admin1")
	for i := 1; i <= 12; i++ {
		u := b.staff(t, fmt.Sprintf("lawyer%d", i))
		b.lawyers[u.id] = u
	}
	return b
}

// send sends bytes as they are; refusals are kept for silent.
func (b *bad) send(t testing.TB, u user, method, path, contentType string, body []byte) (int, []byte) {
	t.Helper()
	req, err := http.NewRequest(method, b.base+"/api/v1"+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	if u.token != "" {
		req.Header.Set("Authorization", "Bearer "+u.token)
	}
	res, err := b.client.Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked++
	if res.StatusCode >= 400 {
		b.errors = append(b.errors, got)
	}
	if res.StatusCode >= 500 {
		t.Errorf("%s %s: %d %s for %.200q", method, path, res.StatusCode, got, body)
	}
	return res.StatusCode, got
}

// json is send of a value.
func (b *bad) json(t testing.TB, u user, method, path string, body any) (int, []byte) {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return b.send(t, u, method, path, "application/json", raw)
}

// want is json that has to be answered with a status.
func (b *bad) want(t testing.TB, status int, u user, method, path string, body any) []byte {
	t.Helper()
	got, answered := b.json(t, u, method, path, body)
	if got != status {
		t.Errorf("%s %s: %d, want %d: %.300s", method, path, got, status, answered)
	}
	return answered
}

// ask gives a fresh order in a lawyer's hands.
func (b *bad) ask(t testing.TB, region string) (order string, law user) {
	t.Helper()
	q := question(canary.question)
	q["region"], q["contact"] = region, map[string]string{"name": canary.name, "email": canary.email}
	order = q["id"].(string)
	b.want(t, 201, b.citizen, "POST", "/orders", q)
	return order, b.holder(t, order)
}

// holder is the lawyer who has an order; operations name one if nobody has.
func (b *bad) holder(t testing.TB, order string) user {
	t.Helper()
	var o struct{ Lawyer *struct{ ID string } }
	if err := json.Unmarshal(b.want(t, 200, b.citizen, "GET", "/orders/"+order, nil), &o); err != nil {
		t.Fatal(err)
	}
	if o.Lawyer != nil {
		return b.lawyers[o.Lawyer.ID]
	}
	for _, u := range b.lawyers {
		b.want(t, 200, b.op, "POST", "/orders/"+order+"/assign", map[string]string{"lawyer": u.id})
		return u
	}
	return user{}
}

func (b *bad) sizes(t *testing.T) {
	q := question("x")
	fill := func(n int) []byte {
		q["question"] = ""
		empty, _ := json.Marshal(q)
		q["question"] = strings.Repeat("a", n-len(empty))
		full, _ := json.Marshal(q)
		return full
	}
	const limit = 256 << 10
	if got, body := b.send(t, b.citizen, "POST", "/orders", "application/json", fill(limit+1)); got != 413 {
		t.Errorf("one byte over: %d %s", got, body)
	}
	if got, body := b.send(t, user{}, "POST", "/codes", "application/json", bytes.Repeat([]byte(" "), 4<<20)); got != 413 {
		t.Errorf("4 MiB: %d %s", got, body)
	}
	if got, _ := b.send(t, b.citizen, "POST", "/orders", "application/json", fill(limit)); got != 422 {
		t.Errorf("the largest body: %d, want 422 for the question's length", got)
	}
	for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded", "application/xml", "multipart/form-data; boundary=x"} {
		q["question"] = canary.question
		raw, _ := json.Marshal(q)
		if got, body := b.send(t, b.citizen, "POST", "/orders", kind, raw); got != 415 {
			t.Errorf("content type %q: %d %s", kind, got, body)
		}
	}
}

func (b *bad) brokenJSON(t *testing.T) {
	dir := shared(t, "malformed/json")
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) < 100 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(f)
		for path, u := range map[string]user{"/orders": b.citizen, "/problem-types/suggest": {}} {
			got, body := b.send(t, u, "POST", path, "application/json", raw)
			if strings.HasPrefix(name, "n_") && got != 400 && got != 422 || got/100 != 4 {
				t.Errorf("%s to %s: %d %s", name, path, got, body)
			}
		}
		// The same bytes as a value inside a request.
		inside := append(append([]byte(`{"question":`), bytes.TrimSpace(raw)...), '}')
		got, body := b.send(t, user{}, "POST", "/problem-types/suggest", "application/json", inside)
		if strings.HasPrefix(name, "n_") && got != 400 && got != 422 && !json.Valid(inside) {
			t.Errorf("%s inside: %d %s", name, got, body)
		}
	}
	t.Logf("%d files", len(files))
}

// fields are refused by name, and nothing that was sent comes back.
func (b *bad) fields(t *testing.T) {
	order, law := b.ask(t, "440106")
	with := func(change func(q map[string]any)) map[string]any {
		q := question(canary.question)
		q["contact"] = map[string]any{"name": canary.name}
		change(q)
		return q
	}
	for _, x := range []struct {
		field string
		u     user
		path  string
		body  any
	}{
		{"", b.citizen, "/orders", with(func(q map[string]any) { q[canary.code] = canary.text })},
		{"contact", b.citizen, "/orders", with(func(q map[string]any) { q["contact"].(map[string]any)[canary.code] = canary.text })},
		{"question", b.citizen, "/orders", with(func(q map[string]any) { q["question"] = []string{canary.text} })},
		{"question", b.citizen, "/orders", with(func(q map[string]any) { q["question"] = "\u0007" + canary.text })},
		{"question", b.citizen, "/orders", with(func(q map[string]any) { q["question"] = strings.Repeat(canary.text, 600) })},
		{"question", b.citizen, "/orders", with(func(q map[string]any) { delete(q, "question") })},
		{"question", b.citizen, "/orders", with(func(q map[string]any) { q["question"] = " \u200b\u3000" })},
		{"title", b.citizen, "/orders", with(func(q map[string]any) { q["title"] = strings.Repeat(canary.text, 20) })},
		{"region", b.citizen, "/orders", with(func(q map[string]any) { q["region"] = canary.code })},
		{"problem_type", b.citizen, "/orders", with(func(q map[string]any) { q["problem_type"] = canary.code })},
		{"language", b.citizen, "/orders", with(func(q map[string]any) { q["language"] = canary.code })},
		{"source", b.citizen, "/orders", with(func(q map[string]any) { q["source"] = canary.code })},
		{"id", b.citizen, "/orders", with(func(q map[string]any) { q["id"] = canary.code })},
		{"contact.phone", b.citizen, "/orders", with(func(q map[string]any) { q["contact"].(map[string]any)["phone"] = canary.code })},
		{"contact.email", b.citizen, "/orders", with(func(q map[string]any) { q["contact"].(map[string]any)["email"] = canary.name + "@" })},
		{"contact.name", b.citizen, "/orders", with(func(q map[string]any) { q["contact"].(map[string]any)["name"] = strings.Repeat(canary.name, 30) })},
		{"phone", user{}, "/codes", map[string]any{"phone": canary.code}},
		{"code", user{}, "/sessions", map[string]any{"phone": canary.phone, "code": canary.code[:12]}},
		{"text", law, "/orders/" + order + "/answer", map[string]any{"judgement": canary.text, "text": canary.text, "basis": []any{}, "advice": []string{canary.text}}},
		{"basis", law, "/orders/" + order + "/answer", map[string]any{"judgement": canary.text, "text": strings.Repeat(canary.text, 20), "basis": []any{}, "advice": []string{canary.text}}},
		{"text", b.citizen, "/orders/" + order + "/messages", map[string]any{"id": id.New(), "text": strings.Repeat(canary.text, 900)}},
		{"level", b.citizen, "/orders/" + order + "/rating", map[string]any{"id": id.New(), "level": canary.code, "comment": canary.text}},
		{"comment", b.citizen, "/orders/" + order + "/rating", map[string]any{"id": id.New(), "level": "general", "comment": strings.Repeat(canary.text, 90)}},
		{"note", b.op, "/orders/" + order + "/exclusion", map[string]any{"reason": "test", "note": "\u0001" + canary.text}},
		{"reason", b.op, "/orders/" + order + "/exclusion", map[string]any{"reason": canary.code, "note": canary.text}},
	} {
		body := b.want(t, 422, x.u, "POST", x.path, x.body)
		var p struct {
			Errors []struct{ Field, Code, Message string }
		}
		if err := json.Unmarshal(body, &p); err != nil || !slices.ContainsFunc(p.Errors, func(e struct{ Field, Code, Message string }) bool {
			return e.Field == x.field && e.Code != "" && e.Message != ""
		}) {
			t.Errorf("%s: the field %q is not named: %s", x.path, x.field, body)
		}
	}
}

// silent looks for the canaries in all that was refused and all that was
// logged.
func (b *bad) silent(t *testing.T) {
	t.Helper()
	b.stop(t)
	logs := map[string][]byte{"the program's log": b.errOut.Bytes()}
	if b.db != "" && dbtest.PostgresDir() != "" {
		raw, err := os.ReadFile(filepath.Join(dbtest.PostgresDir(), "log"))
		if err != nil || len(raw) == 0 {
			t.Errorf("PostgreSQL's log: %d bytes, %v", len(raw), err)
		}
		logs["PostgreSQL's log"] = raw
	}
	for _, body := range b.errors {
		logs["a refusal"] = append(append(logs["a refusal"], body...), '\n')
	}
	for where, text := range logs {
		for _, c := range canaries() {
			if i := bytes.Index(text, []byte(c)); i >= 0 {
				t.Errorf("%q is in %s: %.300s", c, where, text[max(0, i-100):])
			}
		}
	}
	last, err := b.verify(t)
	if err != nil {
		t.Errorf("verify: %v %s", err, last)
	}
	t.Logf("%d requests, %d refusals; %s", b.asked, len(b.errors), last)
}
