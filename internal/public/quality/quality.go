// Package quality is the quality check (质检): answered orders are sampled at
// random, inspected on a score card, and a lawyer whose result is wrong may say so.
//
// The promise. Of each lawyer's answered orders of a month at least 5 % are
// inspected, at least one, and nobody picks them: a due row draws them, and
// whoever has the draw's fact can draw again and gets the same. Only a person
// marks an item; the program gives hints. Every result can be disputed once, is
// then checked again by somebody who does not know the first result, and the
// figures use what stands in the end.
//
//	           Submit            5 working days
//	open ------------> checked ------------------> final
//	  |                   | Dispute                  ^
//	  | erased,           v            same items    |
//	  | excluded       disputed ---------------------+
//	  v                   | other items              | Submit (administrator)
//	void                  +--------> differing ------+
//
// Disputed and differing go to void too. Who leaves an order out of the figures (T9)
// and takes it back hides nothing so: from void its sample goes back to the check that
// it waited for, with a new period, and its month is drawn again. Where the citizen is
// erased it stays void.
//
// The draw (draw.go): all orders that the lawyer answered in the month, as the
// facts below a leaf tell them. Those rated below satisfied are drawn from by
// themselves; the others are drawn from by problem type and rating. The seed is
// made from the root of the signed checkpoint, which nobody chooses. The month
// is drawn again each night after something changed in it, on top of what was
// drawn before, so that an order is inspected soon after its answer. Because
// the earlier ones stand in several draws, they are a little more likely to be
// drawn than the later ones of their stratum.
//
// A person may add an order with a reason, or draw orders of one lawyer by hand
// (handdraw.go). They are inspected in the same way and kept apart in every figure, unless
// the nightly draw finds them too.
//
// Figures (B7.T1e, B7.T1f): drawn and inspected orders with at least one fatal
// item (致命性差错), and with at least one non-fatal item (非致命性差错, called
// minor in the code), divided by the drawn orders that were inspected. While a
// result is disputed its order stands in neither.
//
// Persons. The words of a card, a dispute and a reason are sealed under the
// order's key: erasing the citizen erases them, and the figures stand. Who
// checks sees what was asked and answered, not how to reach the citizen. Facts
// are filed under the sample, not under the order, whose proof its citizen gets.
//
// Concurrency. rev is the sample's version, raised by each of its facts: of two
// who submit the same card one gets a conflict.
//
// The intervention (点对点干预, B7.1.4.1) has its own drawing in intervention.go. Closing
// a lawyer's service permission (B7.1.4.1c) comes later.
//
// Requirements: B7.2.4a, B7.T1e, B7.T1f, B7.1.4.1, B7.1.4.1a-b, B7.1.4.2.2a,
// B7.1.4.2.2b, B6.2.1.2c, AMB-B38.
//
// Files: quality.go and intervention.go (types, transitions), catalogue.go,
// draw.go, hint.go, card.go (rules without effects); settings.go, draws.go,
// handdraw.go, verbs.go, clockwork.go, rates.go, view.go and intervention_*.go (verbs);
// store.go (SQL); facts.go; replay.go; http.go, wire.go.
package quality

import (
	"time"

	"github.com/uptrace/bun"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/core/access"
)

// State is where a sample is.
type State string

// The states.
const (
	Open      State = "open"      // waits for its check
	Checked   State = "checked"   // the lawyer may dispute
	Disputed  State = "disputed"  // waits for a second check, made blind
	Differing State = "differing" // the two checks differ: an administrator decides
	Final     State = "final"     // nothing changes any more
	Void      State = "void"      // not inspected: erased, or not counted (T9)
)

// Rounds of checks of one sample.
const (
	First  = 1
	Second = 2
	Third  = 3
)

// Sample is an order that is inspected.
type Sample struct {
	bun.BaseModel `bun:"table:quality_sample,alias:q"`

	ID      id.ID  `bun:"type:uuid,pk"`
	Org     id.ID  `bun:"type:uuid"`
	Path    string // of Org
	Rev     int64
	Order   id.ID  `bun:"order_id,type:uuid"`
	Key     id.ID  `bun:"type:uuid"` // of the order: seals what is said of it
	Number  string // of the order, shown to persons
	Problem string
	Lawyer  id.ID  `bun:"type:uuid"` // who answered
	Citizen id.ID  `bun:"type:uuid"`
	Month   string // of the answer, YYYY-MM in the zone of the lawyer's organisation

	Drawn     bool    // at random
	AddedBy   id.ID   `bun:"type:uuid,nullzero"` // a person added it
	Reason    id.ID   `bun:"type:uuid,nullzero"` // sealed: why
	HandDraw  id.ID   `bun:"type:uuid,nullzero"` // the draw by hand that found it, which has the reason
	SampledAt db.Time `bun:",nullzero"`

	State      State
	DueAt      db.Time `bun:",nullzero"` // end of the dispute period, or when the further check is due
	Fatal      bool    // the standing result has a fatal item
	Minor      bool    // ... a non-fatal item
	FirstBy    id.ID   `bun:"type:uuid,nullzero"`
	SecondBy   id.ID   `bun:"type:uuid,nullzero"`
	Dispute    id.ID   `bun:"type:uuid,nullzero"` // sealed words of the lawyer
	DisputedAt db.Time `bun:",nullzero"`
	SettledAt  db.Time `bun:",nullzero"`
}

// object is what a sample is for rights.
func (q *Sample) object() access.Object { return access.Object{Org: q.Path, Lawyer: q.Lawyer} }

// Settled tells whether the sample has a result that figures may use.
func (q *Sample) Settled() bool { return q.State == Checked || q.State == Final }

// wrong is the refusal of a verb that the state does not allow.
func wrong(key string) error { return fault.New(fault.Conflict, key) }

// round is which check is next, 0 for none.
func (q *Sample) round() int {
	switch q.State {
	case Open:
		return First
	case Disputed:
		return Second
	case Differing:
		return Third
	}
	return 0
}

// independent tells whether a person may make the next check: nobody inspects
// himself, and nobody twice.
func (q *Sample) independent(person id.ID) bool {
	return person != q.Lawyer && person != q.FirstBy && person != q.SecondBy
}

// check notes the result of the next round. same tells whether the second card
// marks the items of the first; dueAt is when what follows must have happened.
func (q *Sample) check(by id.ID, fatal, minor, same bool, now, dueAt time.Time) error {
	switch q.round() {
	case First:
		q.State, q.FirstBy, q.Fatal, q.Minor, q.DueAt = Checked, by, fatal, minor, db.At(dueAt)
	case Second:
		q.SecondBy = by
		if !same {
			q.State, q.DueAt = Differing, db.At(dueAt)
			return nil
		}
		q.settle(now)
	case Third:
		q.Fatal, q.Minor = fatal, minor
		q.settle(now)
	default:
		return wrong("quality.not_to_check")
	}
	return nil
}

// settle makes the standing result final.
func (q *Sample) settle(now time.Time) {
	q.State, q.SettledAt, q.DueAt = Final, db.At(now), db.Time{}
}

// dispute opens the further check, once and in time: the limit is inclusive.
func (q *Sample) dispute(now, dueAt time.Time) error {
	switch {
	case !q.DisputedAt.IsZero():
		return wrong("quality.already_disputed")
	case q.State != Checked || now.After(q.DueAt.Time):
		return wrong("quality.dispute_over")
	}
	q.State, q.DisputedAt, q.DueAt = Disputed, db.At(now), db.At(dueAt)
	return nil
}

// void takes a sample out that can't be inspected any more. A result that stands
// undisputed is kept.
func (q *Sample) void() bool {
	if q.round() == 0 {
		return false
	}
	q.State, q.DueAt, q.Fatal, q.Minor = Void, db.Time{}, false, false
	return true
}

// reopen puts a sample that was taken out back to the check that it waited for:
// its first, or the further one of a result that was disputed. dueAt is when that
// one must have happened.
func (q *Sample) reopen(fatal, minor bool, dueAt time.Time) {
	switch {
	case q.FirstBy == id.Nil:
		q.State = Open
		return
	case q.SecondBy == id.Nil:
		q.State = Disputed
	default:
		q.State = Differing
	}
	q.DueAt, q.Fatal, q.Minor = db.At(dueAt), fatal, minor
}
