package accept

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"mingfa/internal/base/id"
)

// sessions that nobody was given.
func (b *bad) sessions(t *testing.T) {
	token := b.citizen.token
	flipped := []byte(token)
	flipped[len(flipped)/2] ^= 1
	for name, forged := range map[string]string{"flipped": string(flipped), "short": token[:len(token)-1], "longer": token + "A", "made up": strings.Repeat("A", len(token)),
		"person": b.citizen.id, "quote": "' OR 1=1 --", "canary": canary.code} {
		for _, path := range []string{"/me", "/orders", "/orders/" + id.New().String()} {
			if got, body := b.send(t, user{token: forged}, "GET", path, "", nil); got != 401 {
				t.Errorf("%s token at %s: %d %s", name, path, got, body)
			}
		}
		req, _ := http.NewRequest("GET", b.base+"/api/v1/me", nil)
		req.Header.Set("Cookie", "__Host-mingfa="+url.QueryEscape(forged))
		res, err := b.client.Do(req)
		if err != nil || res.StatusCode != 401 {
			t.Errorf("%s cookie: %v %v", name, res, err)
		}
		res.Body.Close()
	}
	out := b.server.citizen(t, "+8613977665546")
	b.want(t, 204, out, "DELETE", "/sessions/current", nil)
	b.want(t, 401, out, "GET", "/me", nil)
}

// codes: used twice, and guessed.
func (b *bad) codes(t *testing.T) {
	try := func(phone, code string) (int, []byte) {
		return b.json(t, user{}, "POST", "/sessions", map[string]any{"phone": phone, "code": code, "bearer": true})
	}
	const replayed = "+8613977665547"
	b.want(t, 202, user{}, "POST", "/codes", map[string]string{"phone": replayed})
	good := b.smsCode(t, replayed)
	if got, body := try(replayed, good); got != 201 {
		t.Fatalf("a good code: %d %s", got, body)
	}
	if got, body := try(replayed, good); got != 422 {
		t.Errorf("the code again: %d %s", got, body)
	}
	const guessed = "+8613977665548"
	b.want(t, 202, user{}, "POST", "/codes", map[string]string{"phone": guessed})
	good = b.smsCode(t, guessed)
	for n := range 10 {
		wrong := fmt.Sprintf("%06d", n)
		if wrong == good {
			wrong = "999999"
		}
		if got, body := try(guessed, wrong); got != 422 {
			t.Errorf("wrong code %d: %d %s", n, got, body)
		}
	}
	if got, body := try(guessed, good); got != 429 {
		t.Errorf("the right code after ten wrong ones: %d %s", got, body)
	}
	b.want(t, 429, user{}, "POST", "/codes", map[string]string{"phone": guessed})
}

var requestID = regexp.MustCompile(`"request_id":"[^"]*"`)

// strangers get the same answer for an order that is not theirs as for one that
// does not exist, whatever they send.
func (b *bad) strangers(t *testing.T) {
	order, law := b.ask(t, "440304")
	b.want(t, 200, law, "POST", "/orders/"+order+"/answer", answer())
	var o struct{ Callback struct{ ID string } }
	if err := json.Unmarshal(b.want(t, 201, b.citizen, "POST", "/orders/"+order+"/rating",
		map[string]any{"id": id.New(), "level": "dissatisfied", "comment": canary.text}), &o); err != nil || o.Callback.ID == "" {
		t.Fatalf("no call-back: %v", err)
	}
	strangers := map[string]user{"citizen": b.other, "bureau of another city": b.staff(t, "bureau1")}
	for person, u := range b.lawyers {
		if person != law.id {
			strangers["lawyer"] = u
		}
	}
	some, long := id.New().String(), strings.Repeat("a", 30_000)
	result := map[string]any{"reason_category": "unclear", "reason": "x", "details": "x", "legal_question": false, "service_violation": false, "feedback": "x"}
	wrong := map[string]any{"reason_category": "not_reached", "reason": "", "details": "", "legal_question": false, "service_violation": false, "feedback": ""}
	tried := 0
	for _, x := range []struct {
		method, path string
		body         any
	}{
		{"GET", "", nil}, {"GET", "/facts", nil}, {"GET", "/proof", nil},
		{"POST", "/messages", map[string]any{"id": some, "text": "x"}}, {"POST", "/messages", map[string]any{"id": some, "text": long}},
		{"POST", "/read", map[string]any{}}, {"POST", "/rating", map[string]any{"id": some, "level": "satisfied"}},
		{"POST", "/rating", map[string]any{"id": some, "level": "satisfied", "comment": long}},
		{"POST", "/answer", answer()}, {"POST", "/answer", map[string]any{"judgement": "", "text": "", "basis": []any{}, "advice": []any{}}},
		{"POST", "/answer/check", answer()}, {"POST", "/pass", map[string]any{"reason": "x"}}, {"POST", "/assign", map[string]any{"lawyer": law.id}},
		{"POST", "/assign", map[string]any{"lawyer": some}}, {"POST", "/exclusion", map[string]any{"reason": "test", "note": "x"}},
		{"POST", "/exclusion", map[string]any{"reason": "test", "note": ""}},
		{"GET", "callback", nil}, {"POST", "callback/attempts", map[string]any{"id": some, "reached": true, "note": "x"}},
		{"POST", "callback/attempts", map[string]any{"id": some, "reached": true, "note": long}},
		{"POST", "callback/result", result}, {"POST", "callback/result", wrong}, {"POST", "callback/lawyer-call", map[string]any{"summary": "x"}},
		{"POST", "callback/lawyer-call", map[string]any{"summary": ""}}, {"POST", "callback/close", map[string]any{}},
	} {
		place := func(order, callback string) string {
			if rest, ok := strings.CutPrefix(x.path, "callback"); ok {
				return "/callbacks/" + callback + rest
			}
			return "/orders/" + order + x.path
		}
		for who, u := range strangers {
			got, theirs := b.json(t, u, x.method, place(order, o.Callback.ID), x.body)
			want, absent := b.json(t, u, x.method, place(some, some), x.body)
			cut := func(body []byte) string { return requestID.ReplaceAllString(string(body), "") }
			if got != want || cut(theirs) != cut(absent) {
				t.Errorf("%s, %s %s %.60v: somebody else's %d %s, absent %d %s", who, x.method, x.path, x.body, got, theirs, want, absent)
			}
			if got != 404 && (got != 422 || x.body == nil) {
				t.Errorf("%s, %s %s: %d", who, x.method, x.path, got)
			}
			tried++
		}
	}
	t.Logf("%d pairs of answers compared", tried)
}

// races: of many at once, one is first, and nothing is there twice.
func (b *bad) races(t *testing.T) {
	const phone = "+8613977665549"
	b.want(t, 202, user{}, "POST", "/codes", map[string]string{"phone": phone})
	good := b.smsCode(t, phone)
	var in atomic.Int32
	var first atomic.Value
	together(8, func(int) {
		got, body := b.json(t, user{}, "POST", "/sessions", map[string]any{"phone": phone, "code": good, "bearer": true})
		if got == 201 {
			in.Add(1)
			first.Store(body)
		} else if got != 422 && got != 409 {
			t.Errorf("beside: %d %s", got, body)
		}
	})
	if in.Load() != 1 {
		t.Errorf("one code let %d in", in.Load())
	}
	// One order ID, two persons: one has it, the other learns nothing of it.
	q := question(canary.question)
	order := q["id"].(string)
	users, status := []user{b.citizen, b.other}, [8]int{}
	together(8, func(n int) { status[n], _ = b.json(t, users[n%2], "POST", "/orders", q) })
	owner := 0
	if status[1] == 201 {
		owner = 1
	}
	for n, got := range status {
		if want := map[bool]int{true: 201, false: 409}[n%2 == owner]; got != want {
			t.Errorf("person %d beside the owner %d: %d", n%2, owner, got)
		}
	}
	b.want(t, 200, users[owner], "GET", "/orders/"+order, nil)
	b.want(t, 404, users[1-owner], "GET", "/orders/"+order, nil)
	// Two answers at once: one stands.
	order, law := b.ask(t, "440106")
	var answered atomic.Int32
	together(4, func(int) {
		if got, body := b.json(t, law, "POST", "/orders/"+order+"/answer", answer()); got == 200 {
			answered.Add(1)
		} else if got != 409 {
			t.Errorf("a second answer: %d %s", got, body)
		}
	})
	if answered.Load() != 1 {
		t.Errorf("%d answers stand", answered.Load())
	}
}

// together runs fn n times at once.
func together(n int, fn func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { fn(i) })
	}
	wg.Wait()
}
