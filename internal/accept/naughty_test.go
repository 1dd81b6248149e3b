//go:build accept

package accept

import (
	"encoding/json"
	"maps"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"golang.org/x/text/unicode/norm"

	"mingfa/internal/base/id"
)

// TestNaughtyStrings is the wide part of line 6 of the acceptance.
//
// req: B9.2.1b, BB.20504
func TestNaughtyStrings(t *testing.T) {
	places(t, func(t *testing.T, p place) {
		b := begin(t, p)
		b.naughty(t)
		b.silent(t)
	})
}

// asSent tells whether a text came back as it was sent, but for NFC.
func asSent(got, sent string) bool { return got == norm.NFC.String(sent) }

// naughty sends every string of the list in every text field of every operation:
// it comes back as it was sent but for NFC, or is refused by field.
func (b *bad) naughty(t *testing.T) {
	raw, err := os.ReadFile(shared(t, "naughty/blns.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	work := make(chan string, len(all))
	for _, s := range all {
		work <- s
	}
	close(work)
	n := &naughty{bad: b, refused: map[string]int{}, kept: map[string]int{}}
	together(6, func(int) {
		for s := range work {
			n.order(t, s)
			n.query(t, s)
		}
	})
	order, law := b.ask(t, "440106")
	b.want(t, 200, law, "POST", "/orders/"+order+"/answer", answer())
	for _, s := range all { // where one place holds them all, one after the other
		n.message(t, order, s)
		n.me(t, s)
		n.template(t, s)
	}
	n.messagesKept(t, order)
	t.Logf("%d strings; kept %v; refused %v", len(all), n.kept, n.refused)
	for _, field := range []string{"question", "title", "contact.name", "text", "judgement", "advice", "no_basis_reason", "comment", "exclusion", "attempt", "reason", "details", "feedback", "summary", "message", "name", "texts"} {
		if n.kept[field] < 100 {
			t.Errorf("only %d strings were kept in %s", n.kept[field], field)
		}
	}
}

type naughty struct {
	*bad
	tally         sync.Mutex
	refused, kept map[string]int
	said          []string // messages that were taken, in their order
}

// offer sends a body in which several fields hold the string. Fields that are
// refused are filled with what is good, and it is sent again; then it has to be
// taken. It gives the fields that were taken, and the last answer.
func (n *naughty) offer(t testing.TB, u user, method, path string, body map[string]any, good map[string]any, taken map[string]string) (map[string]string, []byte) {
	t.Helper()
	left := maps.Clone(taken)
	for range 4 {
		status, got := n.json(t, u, method, path, body)
		if status/100 == 2 {
			return left, got
		}
		var p struct{ Errors []struct{ Field string } }
		if err := json.Unmarshal(got, &p); err != nil || status != 422 || len(p.Errors) == 0 {
			t.Errorf("%s %s: %d %.300s", method, path, status, got)
			return nil, got
		}
		for _, e := range p.Errors {
			name, _, _ := strings.Cut(e.Field, "[")
			replace(body, name, good[name])
			if _, ok := left[name]; ok {
				delete(left, name)
				n.count(n.refused, name)
			}
		}
	}
	t.Errorf("%s %s: refused with what is good, too: %.300v", method, path, body)
	return nil, nil
}

// replace sets a field, "a.b" inside an object.
func replace(body map[string]any, name string, v any) {
	if outer, inner, ok := strings.Cut(name, "."); ok {
		if m, ok := body[outer].(map[string]any); ok {
			replace(m, inner, v)
			return
		}
	}
	body[name] = v
}

func (n *naughty) count(m map[string]int, name string) {
	n.tally.Lock()
	defer n.tally.Unlock()
	m[name]++
}

// same compares what came back with what was sent.
func (n *naughty) same(t testing.TB, field, got, sent string) {
	t.Helper()
	n.count(n.kept, field)
	if !asSent(got, sent) {
		t.Errorf("%s: sent %q, kept %q", field, sent, got)
	}
}

type naughtyOrder struct {
	Question, Title string
	Contact         struct{ Name string }
	Answer          struct {
		Text, Judgement string
		NoBasis         string `json:"no_basis_reason"`
		Advice          []string
		Basis           []struct{ Law, Article string }
	}
	Rating    struct{ Comment string }
	Exclusion struct{ Note string }
	Callback  struct{ ID string }
}

// order takes one string through the whole life of an order.
func (n *naughty) order(t *testing.T, s string) {
	q := question(s)
	q["title"], q["contact"] = s, map[string]any{"name": s, "email": s}
	order := q["id"].(string)
	asked, _ := n.offer(t, n.citizen, "POST", "/orders", q, map[string]any{"question": "x", "title": "", "contact.name": "x", "contact.email": ""},
		map[string]string{"question": s, "title": s, "contact.name": s, "contact.email": s})
	law := n.holder(t, order)
	good := answer()
	reply := map[string]any{"judgement": s, "text": s + good["text"].(string), "basis": []map[string]string{{"law": s, "article": s}}, "no_basis_reason": s, "advice": []string{s, "x"}}
	answered, _ := n.offer(t, law, "POST", "/orders/"+order+"/answer", reply, good, map[string]string{"judgement": s, "text": s, "no_basis_reason": s, "advice": s, "basis": s})
	rated, body := n.offer(t, n.citizen, "POST", "/orders/"+order+"/rating", map[string]any{"id": id.New(), "level": "general", "comment": s},
		map[string]any{"comment": ""}, map[string]string{"comment": s})
	var o naughtyOrder
	if err := json.Unmarshal(body, &o); err != nil || o.Callback.ID == "" {
		t.Errorf("no call-back: %v %.200s", err, body)
		return
	}
	n.callback(t, o.Callback.ID, law, s)
	excluded, _ := n.offer(t, n.op, "POST", "/orders/"+order+"/exclusion", map[string]any{"reason": "test", "note": s}, map[string]any{"note": "x"}, map[string]string{"note": s})
	o = naughtyOrder{}
	if err := json.Unmarshal(n.want(t, 200, n.op, "GET", "/orders/"+order, nil), &o); err != nil {
		t.Error(err)
		return
	}
	n.compare(t, o, s, good["text"].(string), asked, answered, rated, excluded)
}

func (n *naughty) compare(t *testing.T, o naughtyOrder, s, tail string, asked, answered, rated, excluded map[string]string) {
	t.Helper()
	check := func(in map[string]string, field, name, got string) {
		if _, ok := in[field]; ok && (field != "title" || strings.TrimSpace(s) != "") {
			n.same(t, name, got, s)
		}
	}
	check(asked, "question", "question", o.Question)
	if strings.TrimSpace(s) != "" && o.Title != "" {
		check(asked, "title", "title", o.Title)
	}
	check(asked, "contact.name", "contact.name", o.Contact.Name)
	check(answered, "judgement", "judgement", o.Answer.Judgement)
	check(answered, "no_basis_reason", "no_basis_reason", o.Answer.NoBasis)
	if _, ok := answered["text"]; ok {
		n.count(n.kept, "text")
		if !asSent(o.Answer.Text, s+tail) {
			t.Errorf("text: sent %q, kept %q", s+tail, o.Answer.Text)
		}
	}
	if _, ok := answered["advice"]; ok && len(o.Answer.Advice) > 0 {
		check(answered, "advice", "advice", o.Answer.Advice[0])
	}
	if _, ok := answered["basis"]; ok && len(o.Answer.Basis) > 0 {
		check(answered, "basis", "basis", o.Answer.Basis[0].Law)
	}
	check(rated, "comment", "comment", o.Rating.Comment)
	check(excluded, "note", "exclusion", o.Exclusion.Note)
}

// callback takes the string through a call-back.
func (n *naughty) callback(t *testing.T, callback string, law user, s string) {
	path := "/callbacks/" + callback
	tried, _ := n.offer(t, n.op, "POST", path+"/attempts", map[string]any{"id": id.New(), "reached": true, "note": s}, map[string]any{"note": ""}, map[string]string{"note": s})
	result, _ := n.offer(t, n.op, "POST", path+"/result", map[string]any{"reason_category": "unclear", "reason": s, "details": s, "legal_question": true, "service_violation": false, "feedback": s},
		map[string]any{"reason": "x", "details": "x", "feedback": "x"}, map[string]string{"reason": s, "details": s, "feedback": s})
	called, _ := n.offer(t, law, "POST", path+"/lawyer-call", map[string]any{"summary": s}, map[string]any{"summary": "x"}, map[string]string{"summary": s})
	var c struct {
		Attempts []struct{ Note string }
		Result   struct{ Reason, Details, Feedback string }
		Call     struct{ Summary string } `json:"lawyer_call"`
	}
	if err := json.Unmarshal(n.want(t, 200, n.op, "GET", path, nil), &c); err != nil || len(c.Attempts) != 1 {
		t.Errorf("call-back: %v, %d attempts", err, len(c.Attempts))
		return
	}
	for _, x := range []struct {
		in          map[string]string
		field, name string
		got         string
	}{{tried, "note", "attempt", c.Attempts[0].Note}, {result, "reason", "reason", c.Result.Reason}, {result, "details", "details", c.Result.Details},
		{result, "feedback", "feedback", c.Result.Feedback}, {called, "summary", "summary", c.Call.Summary}} {
		if _, ok := x.in[x.field]; ok {
			n.same(t, x.name, x.got, s)
		}
	}
}

// query sends the string where it is only looked at.
func (n *naughty) query(t *testing.T, s string) {
	v := url.QueryEscape(s)
	for _, path := range []string{"/orders?q=" + v, "/statutes?law=" + v + "&article=" + v, "/statutes?q=" + v, "/regions?parent=" + v, "/orders?date=" + v, "/figures?date=" + v,
		"/orders/" + url.PathEscape(s), "/reports/" + url.PathEscape(s)} {
		n.send(t, n.op, "GET", path, "", nil)
	}
	n.json(t, user{}, "POST", "/problem-types/suggest", map[string]string{"question": s})
	if status, got := n.json(t, user{}, "POST", "/sessions", map[string]string{"phone": s, "code": s}); status/100 != 4 {
		t.Errorf("a session for %q: %d %s", s, status, got)
	}
	n.json(t, user{}, "POST", "/codes", map[string]string{"phone": s})
}

// message has the citizen ask back with the string.
func (n *naughty) message(t *testing.T, order, s string) {
	body := map[string]any{"id": id.New(), "text": s}
	status, got := n.json(t, n.citizen, "POST", "/orders/"+order+"/messages", body)
	switch status {
	case 201:
		n.said = append(n.said, s)
	case 422:
		n.count(n.refused, "message")
	default:
		t.Errorf("message %q: %d %.200s", s, status, got)
	}
}

func (n *naughty) messagesKept(t *testing.T, order string) {
	var o struct{ Messages []struct{ Text string } }
	if err := json.Unmarshal(n.want(t, 200, n.citizen, "GET", "/orders/"+order, nil), &o); err != nil || len(o.Messages) != len(n.said) {
		t.Errorf("%d messages were taken, %d are there: %v", len(n.said), len(o.Messages), err)
		return
	}
	for i, s := range n.said {
		n.same(t, "message", o.Messages[i].Text, s)
	}
}

// me changes the name of the other citizen. A name loses spaces around it.
func (n *naughty) me(t *testing.T, s string) {
	status, got := n.json(t, n.other, "PATCH", "/me", map[string]string{"name": s})
	if status == 422 {
		n.count(n.refused, "name")
		return
	}
	var me struct{ Name string }
	if err := json.Unmarshal(got, &me); err != nil || status != 200 {
		t.Errorf("name %q: %d %.200s", s, status, got)
		return
	}
	n.same(t, "name", me.Name, strings.TrimSpace(s))
}

// template writes the string as a uniform text of a far future.
func (n *naughty) template(t *testing.T, s string) {
	texts := map[string]string{"zh-Hans": s, "zh-Hant-HK": s, "en": s}
	status, got := n.json(t, n.admin, "PUT", "/templates/closing", map[string]any{"texts": texts, "from": "2099-01-01T00:00:00Z"})
	if status == 422 {
		n.count(n.refused, "texts")
		return
	}
	var x struct{ Texts map[string]string }
	if err := json.Unmarshal(got, &x); err != nil || status != 200 {
		t.Errorf("template %q: %d %.200s", s, status, got)
		return
	}
	n.same(t, "texts", x.Texts["en"], s)
}
