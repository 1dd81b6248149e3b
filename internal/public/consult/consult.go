// Package consult is the message consultation (留言咨询): a citizen asks, a duty
// lawyer answers by the rules within 120 minutes, the citizen reads, asks back
// and rates, and an unhappy one is called back.
//
// The promise. Every question is in somebody's hands or on an operator's list;
// its clock runs day and night from the moment it arrived; nobody closes it
// unanswered; whatever happened to it is a fact under the order's ID.
//
//	          Ask            Offer              Answer
//	(nothing) ---> waiting --------> assigned --------> answered ---> closed
//	                  |                 |  ^ |             |  ^          rated well,
//	                  |                 |  +-+ pass on     |  | reply    called back,
//	                  |                 |    (90 min)      +--+          or 7 days
//	                  +----> excluded <-+               asks back
//	                    test, spam, duplicate: reason and person (T9)
//
// The clock (B6.2.1.1): one due row an order walks 60 (the lawyer is warned), 90
// (passed on to the next fitting one), 110 (operations are alarmed) and 120
// minutes (more than that is a breach, a fact); an order that still waits then is
// offered again every ten minutes. Asking back starts it anew for
// the reply; figures count the first complete answer.
//
// The reply (B6.2.1.2): opening, disclaimer and closing from versioned settings;
// own text of more than 50 characters, a judgement, a legal basis or the reason
// for none, at least one advice. The page shows while typing what is missing;
// Check decides.
//
// The call-back (B7.1.3.2): a rating below satisfied (T7: the last three levels)
// opens one, due within one working day, with required fields; where a legal
// question remains a lawyer calls within one hour, and it can't be closed
// without.
//
// Files (附件): pictures and PDF files beside the question, the answer and each
// message (attachment.go). Each is sealed under the order's key as it arrives and
// kept as it came, for it may be evidence: what a camera wrote into a picture, such
// as the place where it was taken, stays in it, and the pages say so. Staff's
// reading of a file is a fact. No machine gets files.
//
// Begun questions (begun.go): what a citizen who is signed in has typed and not sent,
// found again on another device. No fact tells of them, and they go without a trace.
//
// Persons. All that anybody says in an order is sealed under the order's key,
// which stands under the citizen's: erasing him erases it all, and the figures
// stand, since they come from facts.
//
// Concurrency. rev is the row's version, raised by each fact of the order: two
// lawyers who reach for the same order, one gets it and the other a conflict.
//
// Requirements: B6.1b, B6.2.1.1, B6.2.1.1b, B6.2.1.2a-f, B5.2.1, B5.2.2, B5.2.4,
// B7.1.3.1a-b, B7.1.3.2, B7.1.3.2a-d, B7.T1a-d, BB.205xx, T1 to T9.
//
// Files: consult.go (types, transitions), clock.go, reply.go, rating.go,
// callback.go, figures.go, lexicon.go, attachment.go, begun.go (rules without effects);
// facts.go; store.go (SQL); service.go and its sisters (verbs); http.go.
package consult

import (
	"slices"
	"time"

	"github.com/uptrace/bun"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/public/lawyer"
)

// State is where an order is.
type State string

// The states.
const (
	Waiting  State = "waiting"  // no lawyer fits or is on duty yet
	Assigned State = "assigned" // a lawyer has it in hand
	Answered State = "answered" // a complete answer was given
	Closed   State = "closed"   // nothing more is expected
	Excluded State = "excluded" // not counted: test, spam or duplicate (T9)
)

// Order is one consultation, as it is stored. Texts of persons are IDs of sealed
// texts.
type Order struct {
	bun.BaseModel `bun:"table:consult_order,alias:o"`

	ID       id.ID  `bun:"type:uuid,pk"`
	Org      id.ID  `bun:"type:uuid"`
	Path     string // of Org
	Rev      int64
	Number   string // shown to persons
	State    State
	Region   string // GB/T 2260
	Problem  string // code of the problem type
	Language string
	Source   string // web, wap, app, kiosk, ... (BB.20515)
	Citizen  id.ID  `bun:"type:uuid"`
	Key      id.ID  `bun:"type:uuid"`

	Title    id.ID `bun:"type:uuid"` // sealed, like the next six
	Question id.ID `bun:"type:uuid"`
	Name     id.ID `bun:"type:uuid"`
	Phone    id.ID `bun:"type:uuid"`
	Email    id.ID `bun:"type:uuid,nullzero"`
	Relay    id.ID `bun:"type:uuid,nullzero"` // BB.20509
	Remark   id.ID `bun:"type:uuid,nullzero"` // BB.20514

	AskedAt   db.Time `bun:",nullzero"` // arrival at the server
	ClockFrom db.Time `bun:",nullzero"` // where the running clock began: AskedAt, or when he asked back
	DueAt     db.Time `bun:",nullzero"` // ClockFrom + 120 minutes
	Awaiting  bool    // a lawyer owes an answer or a reply
	Warned    Level   // last step of the running clock that was taken
	Breach    bool    // the first answer came, or is coming, after more than 120 minutes

	Lawyer     id.ID         `bun:"type:uuid,nullzero"`
	AssignedAt db.Time       `bun:",nullzero"`
	Why        lawyer.Reason `bun:"type:text"` // why this lawyer (B5.2.2)
	Had        []id.ID       `bun:"type:text"` // lawyers who had it before

	unborn bool              // being made: there is no row yet
	found  *lawyer.Candidate // who got it when it was made

	AnsweredAt db.Time `bun:",nullzero"` // first complete answer
	ReadAt     db.Time `bun:",nullzero"`
	ClosedAt   db.Time `bun:",nullzero"`
	LastAt     db.Time `bun:",nullzero"` // when anything was said last
	Messages   int     // number of the last message

	Rating   Rating  `bun:",nullzero"` // "" for none
	RatedAt  db.Time `bun:",nullzero"`
	Comment  id.ID   `bun:"type:uuid,nullzero"` // sealed
	Callback id.ID   `bun:"type:uuid,nullzero"`

	Exclusion  Exclusion `bun:",nullzero"`
	Note       id.ID     `bun:"type:uuid,nullzero"` // sealed words of who excluded it
	ExcludedBy id.ID     `bun:"type:uuid,nullzero"`
	ExcludedAt db.Time   `bun:",nullzero"`
}

// Exclusion is why an order is not counted (T9).
type Exclusion string

// The reasons.
const (
	Test      Exclusion = "test"
	Spam      Exclusion = "spam"
	Duplicate Exclusion = "duplicate"
)

// Valid tells whether it is one of the reasons.
func (e Exclusion) Valid() bool { return slices.Contains([]Exclusion{Test, Spam, Duplicate}, e) }

// RateFor is how long an answered order waits for its rating before it closes
// (B7.1.3.1a: at least 7 days).
const RateFor = 7 * 24 * time.Hour

// wrong is the refusal of a verb that the state does not allow.
func wrong(key string) error { return fault.New(fault.Conflict, key) }

// startClock begins the 120 minutes.
func (o *Order) startClock(now time.Time) {
	o.ClockFrom, o.DueAt, o.Awaiting, o.Warned = db.At(now), db.At(Due(now)), true, 0
}

// give puts the order into a lawyer's hands.
func (o *Order) give(to id.ID, why lawyer.Reason, now time.Time) error {
	if !o.Awaiting || o.State == Excluded || o.State == Closed {
		return wrong("consult.not_waiting")
	}
	if o.Lawyer != id.Nil && !slices.Contains(o.Had, o.Lawyer) {
		o.Had = append(o.Had, o.Lawyer)
	}
	o.Lawyer, o.Why, o.AssignedAt = to, why, db.At(now)
	if o.State == Waiting {
		o.State = Assigned
	}
	return nil
}

// answer notes the complete answer.
func (o *Order) answer(now time.Time) error {
	if o.State != Assigned {
		return wrong("consult.already_answered")
	}
	o.State, o.AnsweredAt, o.LastAt, o.Awaiting = Answered, db.At(now), db.At(now), false
	o.Breach = Breached(o.AskedAt.Time, now)
	return nil
}

// MaxMessages is how many messages an order takes after its answer. So all of
// them fit on its page, and nothing that was said is ever left out there.
const MaxMessages = 500

// full tells whether the order takes no more messages of a role. The last one is
// the lawyer's, so that he can always reply.
func (o *Order) full(of Role) bool {
	if of == ByCitizen {
		return o.Messages >= MaxMessages-1
	}
	return o.Messages >= MaxMessages
}

// roleOf is what somebody who may write in the order writes as.
func (o *Order) roleOf(person id.ID) Role {
	if person == o.Lawyer {
		return ByLawyer
	}
	return ByCitizen
}

// askBack is the citizen's further message: the clock starts anew.
func (o *Order) askBack(now time.Time) error {
	if o.State != Answered {
		return wrong("consult.not_answered_yet")
	}
	if o.full(ByCitizen) {
		return wrong("consult.too_many_messages")
	}
	if !o.Awaiting {
		o.startClock(now)
	}
	o.Messages, o.LastAt = o.Messages+1, db.At(now)
	return nil
}

// replyTo is the lawyer's message to it.
func (o *Order) replyTo(now time.Time) error {
	if o.State != Answered {
		return wrong("consult.answer_first")
	}
	if o.full(ByLawyer) {
		return wrong("consult.too_many_messages")
	}
	o.Awaiting = false
	o.Messages, o.LastAt = o.Messages+1, db.At(now)
	return nil
}

// read notes that the citizen has seen the answer.
func (o *Order) read(now time.Time) error {
	if o.AnsweredAt.IsZero() {
		return wrong("consult.not_answered_yet")
	}
	if o.ReadAt.IsZero() {
		o.ReadAt = db.At(now)
	}
	return nil
}

// rate notes the rating; it is given once, from the answer on, and still after
// the order has closed by itself.
func (o *Order) rate(l Rating, now time.Time) error {
	switch {
	case o.AnsweredAt.IsZero() || o.State == Excluded:
		return wrong("consult.not_answered_yet")
	case o.Rating != "":
		return wrong("consult.already_rated")
	}
	o.Rating, o.RatedAt = l, db.At(now)
	if l.Satisfied() && !o.Awaiting {
		o.close(now)
	}
	return nil
}

// close ends it; an unanswered order can't be closed (B6.2.1.1b).
func (o *Order) close(now time.Time) {
	if o.State == Answered && !o.Awaiting {
		o.State, o.ClosedAt = Closed, db.At(now)
	}
}

// exclude takes it out of the figures (T9).
func (o *Order) exclude(why Exclusion, by id.ID, now time.Time) error {
	if o.State == Excluded {
		return wrong("consult.already_excluded")
	}
	o.State, o.Exclusion, o.ExcludedBy, o.ExcludedAt, o.Awaiting = Excluded, why, by, db.At(now), false
	return nil
}

// include takes it back into the figures. What it was before follows from what
// is known of it: replyOwed tells whether the last word was the citizen's. His
// clock runs from where it began, for he has waited all the time.
func (o *Order) include(replyOwed bool) error {
	if o.State != Excluded {
		return wrong("consult.not_excluded")
	}
	o.Exclusion, o.Note, o.ExcludedBy, o.ExcludedAt = "", id.Nil, id.Nil, db.Time{}
	switch {
	case o.AnsweredAt.IsZero():
		o.State, o.Awaiting, o.Lawyer = Waiting, true, id.Nil
	case !o.ClosedAt.IsZero():
		o.State = Closed
	default:
		o.State, o.Awaiting = Answered, replyOwed
	}
	return nil
}
