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
			o = &order{id: e.Order, number: t.Number, citizen: e.Who, asked: e.At, waits: e.At, clocked: e.At, sent: s, state: t.State, lawyer: w.who(t)}
			w.orders[e.Order] = o
			w.record(o, e, s, t)
			w.clockOf(o)
			w.place(o)
		}
		return
	}
	if o == nil {
		return
	}
	defer w.place(o)
	w.record(o, e, s, t)
	switch e.Act {
	case "see":
		o.state, o.lawyer = t.State, w.who(t)
	case "answer":
		if o.answered.IsZero() {
			o.answered, o.answerer, o.lawyer, o.waits, o.reply = e.At, e.Who, e.Who, time.Time{}, s
		}
		w.over("order_late", o.id)
	case "message":
		w.said(o, e)
	case "rate":
		o.comment = s.Comment
		w.rate(o, e)
	case "exclude":
		if o.excluded == "" {
			o.left = append(o.left, span{from: e.At})
		}
		o.excluded, o.out = s.Reason, exclusion{e.At, e.Who, s.Note}
		w.over("order_late", o.id)
	case "include":
		o.back = e.At
		if o.include(e.At); !o.waits.IsZero() {
			w.clockOf(o)
		}
	case "attempt", "result", "lawyer_call", "close":
		if o.call != nil {
			w.callBack(o, e, s)
		}
	}
}

// callBack is a step of a call-back.
func (w *world) callBack(o *order, e entry, s sent) {
	c, asked := o.call, !o.call.lawyerDue.IsZero()
	c.take(e, s)
	o.closed = o.closed || e.Act == "close" && o.waits.IsZero()
	if !asked && !c.lawyerDue.IsZero() {
		w.callOf(o, "lawyer_call_late", c.lawyerDue, func() bool { return c.lawyerAt.IsZero() && c.closed.IsZero() })
	}
	if !c.called.IsZero() || !c.closed.IsZero() {
		w.over("callback_overdue", o.id)
	}
	if !c.lawyerAt.IsZero() || !c.closed.IsZero() {
		w.over("lawyer_call_late", o.id)
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
func (w *world) said(o *order, e entry) {
	if e.Who != o.citizen {
		o.waits, o.replyOwed = time.Time{}, false
		w.over("order_late", o.id)
		return
	}
	o.replyOwed = true
	if o.waits.IsZero() {
		o.waits, o.clocked = e.At, e.At
		w.clockOf(o)
	}
}

func (w *world) rate(o *order, e entry) {
	o.level, o.rated = e.Level, e.At
	w.ratedAt(w.officeOf(o.sent.Region))
	w.watch(o.lawyer)
	if satisfied(e.Level) {
		o.closed = o.waits.IsZero()
		return
	}
	c := &callback{opened: e.At, due: nextWorkdayEnd(e.At)}
	o.call = c
	w.callOf(o, "callback_overdue", c.due, func() bool { return c.called.IsZero() && c.closed.IsZero() })
}

// include makes an order count again; his clock runs from where it began.
func (o *order) include(at time.Time) {
	if o.excluded != "" {
		o.left[len(o.left)-1].to = at
	}
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
		w.complaintOf(c)
		return
	}
	if c == nil {
		return
	}
	switch e.Act {
	case "complaint_call":
		if c.phone(e.At, s); !c.called.IsZero() {
			w.over("complaint_overdue", c.id)
		}
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
		w.over("complaint_overdue", c.id)
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
			x = &sample{order: e.Order, lawyer: w.who(t), month: t.Month, state: "open", rev: 1, reason: w.added[e.Order]}
			w.samples[e.Of] = x
			w.byHandDraw(x)
		} else if t.Drawn && !x.drawn {
			x.rev++
		}
		x.drawn, x.void, x.at = t.Drawn, t.State == "void", t.Sampled
		return
	}
	if x == nil {
		return
	}
	x.rev, x.due = x.rev+1, workdays(e.At, disputeDays)
	if e.Act == "dispute" {
		x.state, x.words = "disputed", s.Words
		return
	}
	x.card, x.cards = e.At, append(x.cards, card{e.Who, e.At, s})
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
	if x.state == "final" {
		x.due = time.Time{}
	}
}
