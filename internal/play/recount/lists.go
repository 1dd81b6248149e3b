package recount

import (
	"fmt"
	"strings"
	"time"
)

// The lists that people work from: those that a figure of the board opens hold exactly
// what was counted, and each row says what the log says of it; clocks that were warned
// of, excluded orders, call-backs, interventions.

// byID is the key of what has an ID.
func byID(x map[string]any) string { return fmt.Sprint(x["id"]) }

// byOrder is the key of what is about an order.
func byOrder(x map[string]any) string {
	o, _ := x["order"].(map[string]any)
	return fmt.Sprint(o["id"])
}

// byLawyer is the key of an intervention: whose it is, and since when.
func byLawyer(x map[string]any) string {
	l, _ := x["lawyer"].(map[string]any)
	return fmt.Sprint(l["id"], " ", x["opened_at"])
}

// listed are the rows of a list, by key.
type listed struct {
	doc
	n int64
}

func (l *listed) row(key string) string {
	l.n++
	return "items[" + key + "]"
}

// moment writes an instant that has come.
func (d doc) moment(path string, t time.Time) {
	if !t.IsZero() {
		d.text(path, instantOf(t))
	}
}

// some writes a text that is there.
func (d doc) some(path, s string) {
	if s != "" {
		d.text(path, s)
	}
}

func (l *listed) done() doc {
	l.num("rows", l.n)
	return l.doc
}

// opened is the list that a figure of the board opens: "figure/part".
func (v view) opened(what string) doc {
	l := &listed{doc: doc{}}
	code, part, _ := strings.Cut(what, "/")
	today := dayOf(v.at)
	if name, ok := cut(code, "complaints_"); ok {
		for _, c := range v.complained() {
			if map[string]bool{"received": dayOf(c.received).Equal(today), "open": c.closed.IsZero(), "overdue": c.closed.IsZero() && c.called.IsZero() && v.at.After(c.due),
				"sensitive": c.closed.IsZero() && c.flag != ""}[name] {
				at := l.row(c.id)
				l.text(at+".number", c.number)
				l.text(at+".state", strings.Replace(c.state(), "phoned", "called", 1))
			}
		}
		return l.done()
	}
	if status, ok := cut(code, "lawyers_"); ok {
		for _, p := range v.people {
			if p.status == status && v.mine(p.region) {
				l.text(l.row(p.id)+".status", status)
			}
		}
		return l.done()
	}
	if kind, ok := cut(code, "fatal_"); ok || strings.HasPrefix(code, "non_fatal_") {
		for id, s := range v.samples {
			t, o := s.counts(), v.orders[s.order]
			in := t["inspected"] > 0 && (part == "of" || ok && kind == "error_rate" && s.fatal || !ok && s.minor)
			if in && s.drawn && s.month == today.Format("2006-01") && o != nil && v.mine(o.sent.Region) {
				at := l.row(id)
				l.text(at+".order", s.order)
				l.text(at+".number", o.number)
				l.text(at+".lawyer.id", v.people[s.lawyer].id)
			}
		}
		return l.done()
	}
	f := boardFigure{num: "waiting", now: true} // of the oldest who waits
	for _, x := range boardFigures {
		if x.code == code {
			f = x
		}
	}
	name := map[string]string{"counted": f.num, "of": f.den, "short": f.short}[part]
	for _, o := range v.visible(time.Time{}, time.Time{}) {
		if o.counts(v.at)[name] > 0 && (f.now || dayOf(o.asked).Equal(today)) {
			v.orderRow(l, o)
		}
	}
	return l.done()
}

// orderRow is an order in a list.
func (v view) orderRow(l *listed, o *order) {
	at := l.row(o.id)
	l.text(at+".number", o.number)
	l.text(at+".title", title(o.sent.Question))
	l.text(at+".state", o.where())
	l.text(at+".region.code", o.sent.Region)
	l.text(at+".problem_type.code", o.sent.Problem)
	l.text(at+".problem_type.name", v.types[o.sent.Problem])
	l.moment(at+".asked_at", o.asked)
	l.moment(at+".answered_at", o.answered)
	l.moment(at+".answer_by", o.clocked.Add(limit))
	if p := v.people[o.lawyer]; p != nil {
		l.text(at+".lawyer.id", p.id)
	}
	late := o.answered.Sub(o.asked) > limit
	if o.answered.IsZero() {
		late = o.excluded == "" && v.at.Sub(o.asked) > limit
	}
	l.truth(at+".breach", late)
	l.some(at+".rating_level", o.level)
	waits, warned := !o.waits.IsZero() && o.excluded == "", int64(0)
	if waits {
		warned = map[string]int64{"clock_60": 1, "clock_90": 2, "clock_110": 3, "clock_120": 3}[o.step(v.at)]
	}
	l.truth(at+".awaiting", waits)
	l.num(at+".warn_level", warned)
}

// clocks are the running clocks that were warned of.
func (v view) clocks() doc {
	l := &listed{doc: doc{}}
	for _, o := range v.visible(time.Time{}, time.Time{}) {
		if o.waits.IsZero() || o.excluded != "" {
			continue
		}
		for _, minutes := range []int{120, 110, 90, 60} {
			if o.step(v.at) != fmt.Sprintf("clock_%d", minutes) {
				continue
			}
			at, came := l.row(o.id), o.waits.Add(time.Duration(minutes)*time.Minute)
			if minutes == 120 {
				came = came.Add(time.Millisecond)
			}
			l.text(at+".order.number", o.number)
			l.num(at+".level", int64(minutes))
			l.moment(at+".at", came)
			if p := v.people[o.lawyer]; p != nil {
				l.text(at+".lawyer.id", p.id)
			}
		}
	}
	return l.done()
}

// exclusions are the orders that are not counted.
func (v view) exclusions() doc {
	l := &listed{doc: doc{}}
	for _, o := range v.visible(time.Time{}, time.Time{}) {
		if o.excluded != "" {
			at := l.row(o.id)
			l.text(at+".number", o.number)
			l.text(at+".reason", o.excluded)
			l.text(at+".note", o.out.note)
			l.text(at+".by", v.nameOf(o.out.who))
			l.moment(at+".at", o.out.at)
			l.moment(at+".asked_at", o.asked)
		}
	}
	return l.done()
}

// calls are the call-backs that are open, or those that are done.
func (v view) calls(done bool) doc {
	l := &listed{doc: doc{}}
	for _, o := range v.visible(time.Time{}, time.Time{}) {
		c := o.call
		if c == nil || c.closed.IsZero() == done {
			continue
		}
		at := l.row(o.id)
		l.text(at+".order.number", o.number)
		l.text(at+".order.title", title(o.sent.Question))
		l.text(at+".state", c.state())
		l.text(at+".level", o.level)
		l.truth(at+".overdue", !done && (c.called.IsZero() && v.at.After(c.due) || !c.lawyerDue.IsZero() && c.lawyerAt.IsZero() && v.at.After(c.lawyerDue)))
		l.moment(at+".due_at", c.due)
		l.moment(at+".lawyer_due_at", c.lawyerDue)
		l.moment(at+".lawyer_called_at", c.lawyerAt)
	}
	return l.done()
}

// intervention is a lawyer's case (B7.1.4.1).
type intervention struct {
	id, lawyer       string
	opened, closed   time.Time
	rated, satisfied int64
	measures         int64
	category         string
	rev              int64
}

// How a lawyer's ratings open a case: enough of them in so many days, and below this.
const (
	caseRatings = 5
	caseDays    = 30
	casePercent = 95
)

// watch opens a case right after a rating, once while one is open; what was rated
// before the last one was closed opens no other.
func (w *world) watch(lawyer string) {
	from := w.now.AddDate(0, 0, -caseDays)
	for _, x := range w.cases {
		if x.lawyer != lawyer {
			continue
		}
		if x.closed.IsZero() {
			return
		}
		if x.closed.After(from) {
			from = x.closed
		}
	}
	x := &intervention{lawyer: lawyer, opened: w.now, rev: 1}
	for _, o := range w.orders {
		if o.lawyer == lawyer && o.level != "" && !o.rated.Before(from) && o.excluded == "" {
			x.rated++
			if satisfied(o.level) {
				x.satisfied++
			}
		}
	}
	if x.rated >= caseRatings && x.satisfied*100 < x.rated*casePercent {
		w.cases = append(w.cases, x)
	}
}

// takeCase takes what a list of interventions said, which gives one its name, and what
// an inspector did with it.
func (w *world) takeCase(e entry, s sent, t told) {
	for _, x := range w.cases {
		switch {
		case e.Act == "case" && t.Opened.Equal(x.opened) && w.who(t) == x.lawyer:
			x.id = e.Of
		case x.id != e.Of:
		case e.Act == "case_analysis":
			x.category, x.rev = s.Flag, x.rev+1
		case e.Act == "case_measure":
			x.measures, x.rev = x.measures+1, x.rev+1
		case e.Act == "case_close":
			x.closed, x.rev = e.At, x.rev+1
		}
	}
}

// interventions are the cases of the office's lawyers.
func (v view) interventions() doc {
	l := &listed{doc: doc{}}
	for _, x := range v.cases {
		p := v.people[x.lawyer]
		if p == nil || !v.mine(p.region) {
			continue
		}
		at := l.row(p.id + " " + instantOf(x.opened))
		l.moment(at+".opened_at", x.opened)
		l.moment(at+".closed_at", x.closed)
		l.rate(at+".satisfaction", x.satisfied, x.rated)
		l.num(at+".measures", x.measures)
		l.num(at+".rev", x.rev)
		l.some(at+".category", x.category)
		state := "open"
		if !x.closed.IsZero() {
			state = "closed"
		}
		l.text(at+".state", state)
	}
	return l.done()
}

// listFields are what the lists show that is compared, and how the log gives it.
var listFields = map[string][][2]string{
	"list": {{"rows", "exactly what the board counted, of each figure and part"}, {"number", "as it was acknowledged"}, {"title", "the beginning of the question"},
		{"state", "by what was acknowledged"}, {"region", "as it was sent"}, {"problem_type", "as it was sent"}, {"asked_at", "when it was acknowledged"},
		{"answered_at", "when that was acknowledged"}, {"answer_by", "120 minutes after the clock began last"}, {"lawyer", "whom its citizen was told of last"},
		{"breach", "answered late, or not and past the limit"}, {"rating_level", "as it was sent"}, {"awaiting", "the last word is the citizen's"},
		{"warn_level", "60, 90, 110 minutes of the clock"}, {"order", "of an inspected order"}, {"status", "of a lawyer: what he said of himself last"}},
	"clocks": {{"rows", "clocks of 60 minutes and more"}, {"order", "as it was acknowledged"}, {"level", "the last step that came"}, {"at", "when it came"},
		{"lawyer", "whom its citizen was told of last"}},
	"exclusions": {{"rows", "excluded, and not taken back"}, {"number", "as it was acknowledged"}, {"reason", "as it was sent"}, {"note", "as it was sent"}, {"by", "who sent it"},
		{"at", "when it was acknowledged"}, {"asked_at", "when that was acknowledged"}},
	"calls": {{"rows", "rated below satisfied"}, {"order", "its number, and the beginning of the question"}, {"state", "by what was acknowledged"}, {"level", "as it was sent"},
		{"overdue", "not called, and the next working day has ended; or the lawyer's 60 minutes"}, {"due_at", "the end of the next working day"}, {"lawyer_due_at", "60 minutes after the result that left a question"},
		{"lawyer_called_at", "when that was acknowledged"}},
	"interventions": {{"rows", "a lawyer's ratings of 30 days below 95 %, 5 at least"}, {"opened_at", "when the rating was acknowledged"}, {"closed_at", "when that was acknowledged"},
		{"satisfaction", "of the ratings until then"}, {"measures", "that were sent"}, {"rev", "one more with each step"}, {"category", "as it was sent"}, {"state", "by what was acknowledged"}},
}
