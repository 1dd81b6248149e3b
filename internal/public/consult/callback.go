package consult

import (
	"time"

	"github.com/uptrace/bun"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/workday"
)

// CallbackState is where a call-back (回访) stands.
//
//	open --reached, or 3 times not--> called --result--> recorded --close--> closed
//	                                                       |  ^
//	                                     legal question:   v  |
//	                                     the lawyer owes a call within 60 minutes
type CallbackState string

// The states.
const (
	CallbackOpen     CallbackState = "open"     // nobody was reached yet
	CallbackCalled   CallbackState = "called"   // reached, or tried often enough
	CallbackRecorded CallbackState = "recorded" // the ledger is filled in
	CallbackClosed   CallbackState = "closed"
)

// MaxAttempts is how often must be tried before "not reached" is a result
// (B7.1.2.3b).
const MaxAttempts = 3

// LawyerLimit is how soon the lawyer must call where a legal question remains,
// inclusive, day and night (B7.1.3.2b).
const LawyerLimit = 60 * time.Minute

// ReasonCategory says why somebody was not satisfied (B7.1.3.2a).
type ReasonCategory string

// The categories of our ledger.
const (
	ReasonContent    ReasonCategory = "content"     // the answer itself
	ReasonUnclear    ReasonCategory = "unclear"     // not understood
	ReasonAttitude   ReasonCategory = "attitude"    // manner
	ReasonSlow       ReasonCategory = "slow"        // took too long
	ReasonProcess    ReasonCategory = "process"     // the platform, technical
	ReasonOutside    ReasonCategory = "outside"     // the law or another office, not us
	ReasonMistaken   ReasonCategory = "mistaken"    // rated by mistake
	ReasonOther      ReasonCategory = "other"       // told in the reason
	ReasonNotReached ReasonCategory = "not_reached" // nobody answered the phone
)

// ReasonCategories are all of them, in the order of the form.
var ReasonCategories = []ReasonCategory{ReasonContent, ReasonUnclear, ReasonAttitude, ReasonSlow, ReasonProcess, ReasonOutside,
	ReasonMistaken, ReasonOther, ReasonNotReached}

// Callback is the ledger row of one call-back. What was said is sealed.
type Callback struct {
	bun.BaseModel `bun:"table:consult_callback,alias:c"`

	ID        id.ID  `bun:"type:uuid,pk"`
	Org       id.ID  `bun:"type:uuid"`
	Path      string // of Org
	Order     id.ID  `bun:"order_id,type:uuid"`
	Rev       int64
	State     CallbackState
	Rating    Rating
	OpenedAt  db.Time
	DueAt     db.Time // end of the first working day after the rating
	Attempts  int
	ReachedAt db.Time // first time he was reached
	CalledAt  db.Time // reached, or the third try in vain: this is "called back"

	Category  ReasonCategory
	Reason    id.ID `bun:"type:uuid,nullzero"` // sealed
	Details   id.ID `bun:"type:uuid,nullzero"` // sealed
	Feedback  id.ID `bun:"type:uuid,nullzero"` // sealed
	Legal     bool  // a legal question remains
	Violation bool  // the service broke a rule (B7.1.3.2d)
	ResultAt  db.Time
	ResultBy  id.ID `bun:"type:uuid,nullzero"`

	LawyerDueAt db.Time
	LawyerAt    db.Time
	Lawyer      id.ID `bun:"type:uuid,nullzero"` // who called
	Summary     id.ID `bun:"type:uuid,nullzero"` // sealed
	ClosedAt    db.Time
	ClosedBy    id.ID `bun:"type:uuid,nullzero"`
}

// openCallback starts the ledger row of a rating that is not satisfied; its
// deadline is the end of the next working day (B7.1.3.2, T2).
func openCallback(cb id.ID, o *Order, cal workday.Calendar) Callback {
	return Callback{ID: cb, Org: o.Org, Path: o.Path, Order: o.ID, Rev: 1, State: CallbackOpen, Rating: o.Rating, OpenedAt: o.RatedAt,
		DueAt: db.At(workday.AddWorkdays(o.RatedAt.Time, 1, cal))}
}

// attempt notes one phone call.
func (c *Callback) attempt(reached bool, now time.Time) error {
	if c.State == CallbackClosed || c.State == CallbackRecorded {
		return fault.New(fault.Conflict, "consult.callback_recorded")
	}
	c.Attempts++
	if reached && c.ReachedAt.IsZero() {
		c.ReachedAt = db.At(now)
	}
	if c.State == CallbackOpen && (reached || c.Attempts >= MaxAttempts) {
		c.State, c.CalledAt = CallbackCalled, db.At(now)
	}
	return nil
}

// Result is what the call-back found (B7.1.3.2a-d), as it is sent.
type Result struct {
	Category  ReasonCategory `json:"reason_category"`
	Reason    string         `json:"reason"`
	Details   string         `json:"details"`
	Legal     bool           `json:"legal_question"`
	Violation bool           `json:"service_violation"`
	Feedback  string         `json:"feedback"`
}

// MaxLedger bounds each text of the ledger, in characters.
const MaxLedger = 1000

// Clean gives the result as it will be stored. Who was reached: reason, details
// and feedback are needed; who was not: what was tried (details).
func (r Result) Clean(reached bool) (Result, error) {
	var bad []fault.Field
	take := func(path string, s *string, must bool) {
		check := optional
		if must {
			check = needed
		}
		got, more := check(path, *s, MaxLedger)
		*s, bad = got, append(bad, more...)
	}
	if !r.Category.valid() || reached == (r.Category == ReasonNotReached) {
		bad = append(bad, fault.At("reason_category", "fault.field_choice"))
	}
	take("reason", &r.Reason, reached)
	take("details", &r.Details, true)
	take("feedback", &r.Feedback, reached)
	if len(bad) > 0 {
		return Result{}, fault.Bad(bad...)
	}
	return r, nil
}

func (c ReasonCategory) valid() bool {
	for _, x := range ReasonCategories {
		if x == c {
			return true
		}
	}
	return false
}

// record takes the result; sealed IDs of its texts are set by the caller. It may
// be corrected until the call-back is closed, but a lawyer's call that was owed
// stays owed.
func (c *Callback) record(r Result, by id.ID, now time.Time) error {
	switch {
	case c.State == CallbackClosed:
		return fault.New(fault.Conflict, "consult.callback_closed")
	case c.State == CallbackOpen:
		return fault.New(fault.Conflict, "consult.callback_call_first").With("attempts", c.Attempts).With("min", MaxAttempts)
	case r.Category == ReasonNotReached && !c.ReachedAt.IsZero(): // a colleague reached him a moment ago
		return fault.New(fault.Conflict, "fault.conflict")
	}
	c.State, c.Category, c.Violation = CallbackRecorded, r.Category, r.Violation
	c.ResultAt, c.ResultBy = db.At(now), by
	if r.Legal && c.LawyerDueAt.IsZero() {
		c.LawyerDueAt = db.At(now.Add(LawyerLimit))
	}
	c.Legal = c.Legal || r.Legal
	return nil
}

// lawyerCalled notes the lawyer's call where a legal question remained.
func (c *Callback) lawyerCalled(lawyer id.ID, now time.Time) error {
	switch {
	case c.State != CallbackRecorded || !c.Legal:
		return fault.New(fault.Conflict, "consult.callback_no_question")
	case !c.LawyerAt.IsZero():
		return fault.New(fault.Conflict, "consult.callback_lawyer_called")
	}
	c.LawyerAt, c.Lawyer = db.At(now), lawyer
	return nil
}

// Missing names what is still to do before the call-back can be closed, as text
// keys; none means that it can.
func (c *Callback) Missing() []string {
	var keys []string
	if c.State == CallbackOpen {
		keys = append(keys, "consult.missing_call")
	}
	if c.State == CallbackOpen || c.State == CallbackCalled {
		keys = append(keys, "consult.missing_result")
	}
	if c.Legal && c.LawyerAt.IsZero() {
		keys = append(keys, "consult.missing_lawyer")
	}
	return keys
}

// close ends the call-back; it is refused with what is missing.
func (c *Callback) close(by id.ID, now time.Time) error {
	if c.State == CallbackClosed {
		return fault.New(fault.Conflict, "consult.callback_closed")
	}
	if missing := c.Missing(); len(missing) > 0 {
		f := fault.New(fault.Conflict, "consult.callback_missing")
		for _, key := range missing {
			f.Fields = append(f.Fields, fault.At("", key))
		}
		return f
	}
	c.State, c.ClosedAt, c.ClosedBy = CallbackClosed, db.At(now), by
	return nil
}

// InTime tells whether he was called back by the deadline (B7.1.3.2).
func (c *Callback) InTime() bool { return !c.CalledAt.IsZero() && !c.CalledAt.After(c.DueAt.Time) }

// Overdue tells whether the deadline has passed without a call.
func (c *Callback) Overdue(now time.Time) bool {
	return c.State != CallbackClosed && c.CalledAt.IsZero() && now.After(c.DueAt.Time)
}

// LawyerLate tells whether the lawyer's call came, or still comes, after its 60
// minutes.
func (c *Callback) LawyerLate(now time.Time) bool {
	if c.LawyerDueAt.IsZero() {
		return false
	}
	if !c.LawyerAt.IsZero() {
		now = c.LawyerAt.Time
	}
	return now.After(c.LawyerDueAt.Time)
}

// CheckNote cleans the note of an attempt, or the lawyer's summary.
func CheckNote(path, s string, must bool) (string, error) {
	check := optional
	if must {
		check = needed
	}
	got, bad := check(path, s, MaxLedger)
	if bad != nil {
		return "", fault.Bad(bad...)
	}
	return got, nil
}
