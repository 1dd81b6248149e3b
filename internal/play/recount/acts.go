package recount

import (
	"slices"
	"strings"
	"time"
)

// What acts do to orders, complaints and samples, by the rules of the standard
// written again.

// hour is how soon a lawyer calls where a legal question remains (B7.1.3.2b).
const hour = 60 * time.Minute

func (w *world) takeOrder(e entry, s sent, t told) {
	o := w.orders[e.Order]
	if e.Act == "ask" {
		if o == nil {
			w.orders[e.Order] = &order{id: e.Order, number: t.Number, citizen: e.Who, asked: e.At, waits: e.At, sent: s, state: t.State, lawyer: w.who(t)}
		}
		return
	}
	if o == nil {
		return
	}
	switch e.Act {
	case "see":
		o.state, o.lawyer = t.State, w.who(t)
	case "answer":
		if o.answered.IsZero() {
			o.answered, o.answerer, o.lawyer, o.waits = e.At, e.Who, e.Who, time.Time{}
		}
	case "message":
		o.said(e)
	case "rate":
		o.rate(e)
	case "exclude":
		o.excluded = s.Reason
	case "include":
		o.include()
	case "attempt", "result", "lawyer_call", "close":
		if o.call != nil {
			o.call.take(e, s)
			o.closed = o.closed || e.Act == "close" && o.waits.IsZero()
		}
	}
}

// who is the lawyer of an answer, by his name in the log.
func (w *world) who(t told) string {
	if t.Lawyer == nil {
		return ""
	}
	return w.byID[t.Lawyer.ID]
}

// said is a message after the answer: his starts a clock, a lawyer's ends it.
func (o *order) said(e entry) {
	if e.Who != o.citizen {
		o.waits, o.replyOwed = time.Time{}, false
		return
	}
	if o.waits.IsZero() {
		o.waits = e.At
	}
	o.replyOwed = true
}

func (o *order) rate(e entry) {
	o.level, o.rated = e.Level, e.At
	if satisfied(e.Level) {
		o.closed = o.waits.IsZero()
		return
	}
	o.call = &callback{opened: e.At, due: nextWorkdayEnd(e.At)}
}

// include makes an order count again; his clock runs from where it began.
func (o *order) include() {
	o.excluded = ""
	if o.answered.IsZero() {
		o.waits, o.state, o.lawyer = o.asked, "waiting", ""
	}
}

func satisfied(level string) bool { return level == "very_satisfied" || level == "satisfied" }

func (c *callback) take(e entry, s sent) {
	switch e.Act {
	case "attempt":
		c.calls = append(c.calls, call{e.At, s.Reached, s.Note})
		if s.Reached && c.reached.IsZero() {
			c.reached = e.At
		}
		if c.called.IsZero() && (s.Reached || len(c.calls) >= 3) {
			c.called = e.At
		}
	case "result":
		c.result, c.recorded, c.recordedBy = s, e.At, e.Who
		if s.Legal && c.lawyerDue.IsZero() {
			c.lawyerDue = e.At.Add(hour)
		}
		c.legal = c.legal || s.Legal
	case "lawyer_call":
		c.lawyerAt, c.lawyer, c.summary = e.At, e.Who, s.Summary
	case "close":
		c.closed, c.closedBy = e.At, e.Who
	}
}

// words that make a complaint sensitive by themselves (B7.1.2.2b): those that the
// play uses, by kind.
var words = []struct{ kind, word string }{{"petition", "上访"}, {"petition", "信访"}}

func (w *world) takeComplaint(e entry, s sent, t told) {
	c := w.complaints[e.Of]
	if e.Act == "complain" || e.Act == "take_down" {
		if c != nil {
			return
		}
		c = &complaint{id: e.Of, number: t.Number, order: e.Order, sent: s, hotline: e.Act == "take_down", made: e.At, received: e.At, citizen: e.Who}
		if c.hotline {
			c.received = s.Received
		}
		c.due = nextWorkdayEnd(c.received)
		for _, x := range words {
			if c.flag == "" && strings.Contains(s.Text, x.word) {
				c.flag, c.flagged = x.kind, e.At
			}
		}
		w.complaints[e.Of] = c
		return
	}
	if c == nil {
		return
	}
	switch e.Act {
	case "complaint_call":
		c.phone(e.At, s)
	case "complaint_result":
		c.entry, c.recorded, c.recordedBy = s, e.At, e.Who
	case "complaint_flag":
		if s.Flag != c.flag {
			c.flag, c.flagged, c.acked = s.Flag, e.At, time.Time{}
		}
	case "complaint_acknowledge":
		if c.acked.IsZero() {
			c.acked = e.At
		}
	case "complaint_filing":
		c.filing = s
	case "complaint_close":
		c.closed, c.closedBy = e.At, e.Who
	}
}

// phone is a call; those in vain count when half an hour lies between them
// (B7.1.2.3b).
func (c *complaint) phone(at time.Time, s sent) {
	c.calls = append(c.calls, call{at, s.Reached, s.Reason})
	if s.Reached || c.countedAt.IsZero() || at.Sub(c.countedAt) >= 30*time.Minute {
		c.counted, c.countedAt = c.counted+1, at
	}
	if s.Reached && c.reached.IsZero() {
		c.reached = at
	}
	if c.called.IsZero() && (s.Reached || c.counted >= 3) {
		c.called = at
	}
}

// fatal are the items that make an answer fatally wrong (B7.1.4.2.2b).
var fatal = []string{"judgement_wrong", "basis_wrong", "basis_missing", "advice_missing", "advice_harmful", "question_missed", "rude",
	"promise_of_outcome", "private_business", "confidence_broken"}

func (w *world) takeSample(e entry, s sent, t told) {
	x := w.samples[e.Of]
	if e.Act == "sample" {
		if x == nil {
			x = &sample{order: e.Order, lawyer: w.who(t), month: t.Month, state: "open"}
			w.samples[e.Of] = x
		}
		x.drawn, x.void = t.Drawn, t.State == "void"
		return
	}
	if x == nil {
		return
	}
	if e.Act == "dispute" {
		x.state = "disputed"
		return
	}
	x.card = e.At
	var items []string
	isFatal, isMinor := false, false
	for _, m := range s.Marks {
		items = append(items, m.Item)
		if slices.Contains(fatal, m.Item) {
			isFatal = true
		} else {
			isMinor = true
		}
	}
	slices.Sort(items)
	marks := strings.Join(items, " ")
	switch {
	case x.state == "open":
		x.state, x.first, x.fatal, x.minor = "checked", marks, isFatal, isMinor
	case x.state == "disputed" && marks == x.first:
		x.state = "final"
	case x.state == "disputed":
		x.state = "differing"
	case x.state == "differing":
		x.state, x.fatal, x.minor = "final", isFatal, isMinor
	}
}
