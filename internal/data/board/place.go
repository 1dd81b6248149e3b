package board

import (
	"time"

	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/public/consult"
)

// place is where an order stands, as far as the board counts it. It follows the
// order's facts one by one, in leaf order.
type place struct {
	ID, Org   id.ID
	Path      string
	Asked     int64 // milliseconds; 0: its question has not been seen yet
	Day       int64 // when the day of Asked begins, in the zone of Org
	State     consult.State
	Awaiting  bool
	Warned    int // last step of the running clock: 0, 60, 90, 110 or 120
	Answered  bool
	Late      bool // answered late, or not and past the limit
	Rating    consult.Rating
	Exclusion consult.Exclusion
	CallDue   int64
	Call      callState
	CallLate  bool // called late, or not and past its day
}

// callState is where a call-back stands for the board.
type callState string

const (
	callNone   callState = ""
	callOpen   callState = "open"   // not called yet
	callCalled callState = "called" // called, and open
	callClosed callState = "closed"
)

// Kinds are the facts that move an order on the board.
var Kinds = []string{"consult.asked", "consult.assigned", "consult.warned", "consult.breached", "consult.answered", "consult.said", "consult.rated",
	"consult.closed", "consult.excluded", "consult.included",
	"consult.callback_opened", "consult.callback_tried", "consult.callback_overdue", "consult.callback_closed"}

// apply takes the next fact of the order.
func (p *place) apply(f journal.Fact) error {
	switch f.Kind {
	case "consult.asked":
		p.Asked, p.State, p.Awaiting = f.At.UnixMilli(), consult.Waiting, true
	case "consult.assigned":
		if p.State == consult.Waiting {
			p.State = consult.Assigned
		}
	case "consult.warned":
		var e consult.WarnedFact
		err := f.Decode(&e)
		p.Warned = e.Minutes
		return err
	case "consult.breached":
		var e consult.BreachedFact
		err := f.Decode(&e)
		p.Warned, p.Late = int(consult.At120), p.Late || !e.Reply
		return err
	case "consult.answered":
		p.Answered, p.State, p.Awaiting, p.Warned = true, consult.Answered, false, 0
		p.Late = consult.Breached(time.UnixMilli(p.Asked), f.At)
	case "consult.said":
		return p.said(f)
	case "consult.rated":
		var e consult.RatedFact
		err := f.Decode(&e)
		p.Rating = e.Level
		if e.Closed {
			p.State = consult.Closed
		}
		return err
	case "consult.closed":
		p.State = consult.Closed
	case "consult.excluded":
		var e consult.ExcludedFact
		err := f.Decode(&e)
		p.State, p.Exclusion, p.Awaiting = consult.Excluded, e.Why, false
		return err
	case "consult.included":
		var e consult.IncludedFact
		err := f.Decode(&e)
		p.State, p.Exclusion, p.Awaiting = e.State, "", e.Awaiting
		return err
	default:
		return p.callback(f)
	}
	return nil
}

// said starts the clock of a reply, or ends it.
func (p *place) said(f journal.Fact) error {
	var e consult.SaidFact
	err := f.Decode(&e)
	switch {
	case e.Role == consult.ByLawyer:
		p.Awaiting, p.Warned = false, 0
	case !p.Awaiting:
		p.Awaiting, p.Warned = true, 0
	}
	return err
}

func (p *place) callback(f journal.Fact) (err error) {
	switch f.Kind {
	case "consult.callback_opened":
		var e consult.CallbackOpenedFact
		err = f.Decode(&e)
		p.CallDue, p.Call = e.DueAt.UnixMilli(), callOpen
	case "consult.callback_tried":
		var e consult.CallbackTriedFact
		err = f.Decode(&e)
		if p.Call == callOpen && (e.Reached || e.N >= consult.MaxAttempts) {
			p.Call, p.CallLate = callCalled, f.At.UnixMilli() > p.CallDue
		}
	case "consult.callback_overdue":
		var e consult.CallbackOverdueFact
		err = f.Decode(&e)
		p.CallLate = p.CallLate || !e.LawyerCall && p.Call == callOpen
	case "consult.callback_closed":
		p.Call = callClosed
	}
	return err
}

// counts is what the order adds to the board: the rules of section 2 of the
// requirements, as consult.Compute has them.
func (p *place) counts() (c Counts) {
	if p.Asked == 0 {
		return c
	}
	switch p.Exclusion {
	case consult.Test:
		return Counts{ExcludedTest: 1}
	case consult.Spam:
		return Counts{ExcludedSpam: 1}
	case consult.Duplicate:
		return Counts{ExcludedDuplicate: 1}
	}
	one := func(n *int64, yes bool) {
		if yes {
			*n = 1
		}
	}
	one(&c.Consultations, true)
	one(&c.Answered, p.Answered)
	one(&c.InTime, p.Answered && !p.Late)
	one(&c.Abandoned, !p.Answered && p.Late)
	one(&c.Rated, p.Rating.Valid())
	one(&c.Satisfied, p.Rating.Satisfied())
	called := p.Rating.NeedsCallback() && (p.Call == callCalled || p.Call == callClosed)
	one(&c.CallbacksDone, called)
	one(&c.CallbacksInTime, called && !p.CallLate)
	one(&c.CallbacksLate, p.Rating.NeedsCallback() && p.CallLate)
	one(&c.CallbacksOpen, p.Rating.NeedsCallback() && (p.Call == callOpen || p.Call == callCalled))
	one(&c.CallbacksOverdue, p.Rating.NeedsCallback() && p.Call == callOpen && p.CallLate)
	if !p.Awaiting {
		return c
	}
	one(&c.Waiting, p.State == consult.Waiting)
	one(&c.InHand, p.State == consult.Assigned)
	one(&c.AskedBack, p.State == consult.Answered)
	switch consult.Level(p.Warned) {
	case consult.At60:
		c.Clock60 = 1
	case consult.At90:
		c.Clock90 = 1
	case consult.At110:
		c.Clock110 = 1
	case consult.At120:
		c.Clock120 = 1
	default:
		c.Clock0 = 1
	}
	return c
}
