package consult

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
	"mingfa/internal/base/workday"
)

// A rating on Friday 2030-04-19, 18:00 in Shanghai.
var friday = time.Date(2030, 4, 19, 10, 0, 0, 0, time.UTC)

func newCallback() Callback {
	o := Order{ID: id.New(), Org: id.New(), Path: "/a/", Rating: Dissatisfied, RatedAt: db.At(friday)}
	return openCallback(id.New(), &o, workday.Mainland())
}

// req: B7.1.3.2, T2 one working day: the end of Monday.
func TestCallbackDeadline(t *testing.T) {
	c := newCallback()
	monday := time.Date(2030, 4, 22, 15, 59, 59, 999_000_000, time.UTC)
	if !c.DueAt.Equal(monday) || c.State != CallbackOpen || c.Rating != Dissatisfied || c.Path != "/a/" {
		t.Errorf("%+v", c)
	}
	for now, overdue := range map[time.Time]bool{friday: false, monday: false, monday.Add(time.Millisecond): true} {
		if c.Overdue(now) != overdue {
			t.Errorf("overdue at %s: %v", now, !overdue)
		}
	}
	late, inTime := c, c
	if err := errors.Join(inTime.attempt(true, monday), late.attempt(true, monday.Add(time.Millisecond))); err != nil {
		t.Fatal(err)
	}
	if !inTime.InTime() || late.InTime() || late.Overdue(monday.Add(time.Hour)) || c.InTime() {
		t.Error("the deadline is not inclusive")
	}
}

// req: B7.1.3.2a, B7.1.3.2b, B7.1.2.3b the ways through a call-back. A way is a
// list of steps; "!" before one says that it is refused.
func TestCallbackWays(t *testing.T) {
	for name, c := range map[string]struct {
		way    string
		state  CallbackState
		inTime bool
	}{
		"reached at once":                   {"reach record close", CallbackClosed, true},
		"nothing without a call":            {"!record !lawyer !close", CallbackOpen, false},
		"nothing without a result":          {"reach !lawyer !close", CallbackCalled, true},
		"two tries are too few":             {"miss miss !record !close", CallbackOpen, false},
		"three tries in vain":               {"miss miss miss record close", CallbackClosed, true},
		"reached at the second try":         {"miss reach record close", CallbackClosed, true},
		"in vain is in vain":                {"miss miss miss vain close", CallbackClosed, true},
		"reached meanwhile is not in vain":  {"miss miss miss reach !vain !close record close", CallbackClosed, true},
		"reached after three in vain":       {"miss miss miss reach record close", CallbackClosed, true},
		"a legal question needs the lawyer": {"reach question !close lawyer close", CallbackClosed, true},
		"the lawyer calls once":             {"reach question lawyer !lawyer close", CallbackClosed, true},
		"no lawyer without a question":      {"reach record !lawyer close", CallbackClosed, true},
		"a question found later":            {"reach record question !close lawyer close", CallbackClosed, true},
		"a question can't be taken back":    {"reach question record !close lawyer close", CallbackClosed, true},
		"no call after the result":          {"reach record !reach close", CallbackClosed, true},
		"nothing after the end":             {"reach record close !reach !record !lawyer !close", CallbackClosed, true},
	} {
		t.Run(name, func(t *testing.T) {
			cb, by, now := newCallback(), id.New(), friday
			steps := map[string]func() error{
				"reach":    func() error { return cb.attempt(true, now) },
				"miss":     func() error { return cb.attempt(false, now) },
				"record":   func() error { return cb.record(Result{Category: ReasonContent}, by, now) },
				"vain":     func() error { return cb.record(Result{Category: ReasonNotReached}, by, now) },
				"question": func() error { return cb.record(Result{Category: ReasonContent, Legal: true}, by, now) },
				"lawyer":   func() error { return cb.lawyerCalled(by, now) },
				"close":    func() error { return cb.close(by, now) },
			}
			for word := range strings.FieldsSeq(c.way) {
				step, refused := strings.CutPrefix(word, "!")
				now = now.Add(time.Minute)
				before := cb
				err := steps[step]()
				if (err != nil) != refused || refused && !fault.Is(err, fault.Conflict) {
					t.Fatalf("%s: %v", word, err)
				}
				if refused && cb != before {
					t.Errorf("%s: refused, but something changed", word)
				}
				if f, ok := errors.AsType[*fault.Fault](err); ok && !say.Has(f.Key) {
					t.Errorf("no text for %s", f.Key)
				}
			}
			if cb.State != c.state || cb.InTime() != c.inTime {
				t.Errorf("%s, in time %v", cb.State, cb.InTime())
			}
			if (len(cb.Missing()) == 0) != (c.state == CallbackClosed) {
				t.Errorf("missing %v", cb.Missing())
			}
		})
	}
}

// req: B7.1.3.2b the lawyer's hour runs from the result and is inclusive.
func TestLawyerHour(t *testing.T) {
	cb, by := newCallback(), id.New()
	if err := errors.Join(cb.attempt(true, friday), cb.record(Result{Category: ReasonContent, Legal: true}, by, friday.Add(time.Minute))); err != nil {
		t.Fatal(err)
	}
	due := friday.Add(61 * time.Minute)
	if !cb.LawyerDueAt.Equal(due) {
		t.Errorf("due %s", cb.LawyerDueAt)
	}
	if cb.LawyerLate(due) || !cb.LawyerLate(due.Add(time.Millisecond)) {
		t.Error("the hour is not inclusive")
	}
	if err := cb.record(Result{Category: ReasonUnclear, Legal: true}, by, friday.Add(30*time.Minute)); err != nil || !cb.LawyerDueAt.Equal(due) {
		t.Errorf("a corrected result moved the hour: %s, %v", cb.LawyerDueAt, err)
	}
	if got := cb.Missing(); !slices.Equal(got, []string{"consult.missing_lawyer"}) {
		t.Errorf("missing %v", got)
	}
	if err := cb.lawyerCalled(by, due); err != nil || cb.LawyerLate(due.Add(time.Hour)) {
		t.Errorf("a call at the last moment is late: %v", err)
	}
}

// req: B7.1.3.2a required fields.
func TestResultClean(t *testing.T) {
	whole := Result{Category: ReasonContent, Reason: "没有回答问题", Details: "问的是工伤", Feedback: "已请律师补充"}
	for name, c := range map[string]struct {
		change  func(r *Result)
		reached bool
		fields  string
	}{
		"whole":                        {func(*Result) {}, true, ""},
		"no category":                  {func(r *Result) { r.Category = "" }, true, "reason_category"},
		"a category of ours only":      {func(r *Result) { r.Category = "bad" }, true, "reason_category"},
		"reached is not not_reached":   {func(r *Result) { r.Category = ReasonNotReached }, true, "reason_category"},
		"not reached is":               {func(r *Result) { r.Category = ReasonNotReached }, false, ""},
		"not reached has no reason":    {func(r *Result) { r.Category = ReasonContent }, false, "reason_category"},
		"no reason":                    {func(r *Result) { r.Reason = "" }, true, "reason"},
		"no details":                   {func(r *Result) { r.Details = " " }, true, "details"},
		"no feedback":                  {func(r *Result) { r.Feedback = "" }, true, "feedback"},
		"not reached: details are all": {func(r *Result) { *r = Result{Category: ReasonNotReached, Details: "拨打三次无人接听"} }, false, ""},
		"not reached: but them":        {func(r *Result) { *r = Result{Category: ReasonNotReached} }, false, "details"},
		"1000":                         {func(r *Result) { r.Details = strings.Repeat("问", 1000) }, true, ""},
		"1001":                         {func(r *Result) { r.Details = strings.Repeat("问", 1001) }, true, "details"},
		"control characters":           {func(r *Result) { r.Reason = "\x01"; r.Feedback = "\x00" }, true, "reason,feedback"},
	} {
		r := whole
		c.change(&r)
		if _, err := r.Clean(c.reached); fieldsOf(err) != c.fields {
			t.Errorf("%s: %v, want %s", name, err, c.fields)
		}
	}
	if _, err := CheckNote("note", "", false); err != nil {
		t.Error(err)
	}
	if _, err := CheckNote("summary", "", true); fieldsOf(err) != "summary" {
		t.Error(err)
	}
}
