package consult

import (
	"errors"
	"testing"
	"time"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/public/lawyer"
)

var begin = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)

// orderIn makes an order in a state, by the transitions themselves.
func orderIn(t *testing.T, state string) *Order {
	t.Helper()
	o := &Order{ID: id.New(), State: Waiting}
	o.AskedAt.Time = begin
	o.startClock(begin)
	var err error
	do := func(e error) { err = errors.Join(err, e) }
	if state != "waiting" && state != "excluded" {
		do(o.give(id.New(), lawyer.Reason{}, begin))
	}
	if state != "waiting" && state != "assigned" && state != "excluded" {
		do(o.answer(begin.Add(time.Hour)))
	}
	switch state {
	case "asked back":
		do(o.askBack(begin.Add(2 * time.Hour)))
	case "rated":
		do(o.rate(General, begin.Add(2*time.Hour)))
	case "closed":
		o.close(begin.Add(2 * time.Hour))
	case "excluded":
		do(o.exclude(Test, id.New(), begin))
	}
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// Every transition in every state: the state after it, or the key of the refusal.
//
// req: B6.2.1.1b
func TestTransitions(t *testing.T) {
	now := begin.Add(3 * time.Hour)
	verbs := map[string]func(o *Order) error{
		"give":       func(o *Order) error { return o.give(id.New(), lawyer.Reason{}, now) },
		"answer":     func(o *Order) error { return o.answer(now) },
		"ask back":   func(o *Order) error { return o.askBack(now) },
		"reply":      func(o *Order) error { return o.replyTo(now) },
		"read":       func(o *Order) error { return o.read(now) },
		"rate well":  func(o *Order) error { return o.rate(Satisfied, now) },
		"rate badly": func(o *Order) error { return o.rate(Dissatisfied, now) },
		"close":      func(o *Order) error { o.close(now); return nil },
		"exclude":    func(o *Order) error { return o.exclude(Spam, id.New(), now) },
	}
	const notWaiting, early, rated = "consult.not_waiting", "consult.not_answered_yet", "consult.already_rated"
	for verb, want := range map[string]map[string]string{
		"give": {"waiting": "assigned", "assigned": "assigned", "answered": notWaiting, "asked back": "answered", "rated": notWaiting, "closed": notWaiting, "excluded": notWaiting},
		"answer": {"waiting": "consult.already_answered", "assigned": "answered", "answered": "consult.already_answered", "asked back": "consult.already_answered",
			"rated": "consult.already_answered", "closed": "consult.already_answered", "excluded": "consult.already_answered"},
		"ask back": {"waiting": early, "assigned": early, "answered": "answered", "asked back": "answered", "rated": "answered", "closed": early, "excluded": early},
		"reply": {"waiting": "consult.answer_first", "assigned": "consult.answer_first", "answered": "answered", "asked back": "answered", "rated": "answered",
			"closed": "consult.answer_first", "excluded": "consult.answer_first"},
		"read":       {"waiting": early, "assigned": early, "answered": "answered", "asked back": "answered", "rated": "answered", "closed": "closed", "excluded": early},
		"rate well":  {"waiting": early, "assigned": early, "answered": "closed", "asked back": "answered", "rated": rated, "closed": "closed", "excluded": early},
		"rate badly": {"waiting": early, "assigned": early, "answered": "answered", "asked back": "answered", "rated": rated, "closed": "closed", "excluded": early},
		"close":      {"waiting": "waiting", "assigned": "assigned", "answered": "closed", "asked back": "answered", "rated": "closed", "closed": "closed", "excluded": "excluded"},
		"exclude":    {"waiting": "excluded", "assigned": "excluded", "answered": "excluded", "asked back": "excluded", "rated": "excluded", "closed": "excluded", "excluded": "consult.already_excluded"},
	} {
		for state, outcome := range want {
			o := orderIn(t, state)
			before := *o
			got := ""
			var f *fault.Fault
			if err := verbs[verb](o); errors.As(err, &f) {
				got = f.Key
				if o.State != before.State || o.Awaiting != before.Awaiting || o.Messages != before.Messages {
					t.Errorf("%s in %s is refused and changes the order", verb, state)
				}
			} else {
				got = string(o.State)
			}
			if got != outcome {
				t.Errorf("%s in %s: %s, wanted %s", verb, state, got, outcome)
			}
			if o.State == Closed && o.AnsweredAt.IsZero() {
				t.Errorf("%s in %s closes an order that nobody answered", verb, state)
			}
		}
	}
}

// Asking back again while a reply is owed does not give the lawyer more time.
//
// req: B6.2.1.1
func TestAskingTwiceKeepsTheClock(t *testing.T) {
	o := orderIn(t, "asked back")
	from := o.ClockFrom
	if err := o.askBack(begin.Add(3 * time.Hour)); err != nil {
		t.Fatal(err)
	}
	if !o.ClockFrom.Equal(from.Time) || o.Messages != 2 {
		t.Errorf("the clock began again: %+v", o)
	}
}
