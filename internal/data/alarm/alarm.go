// Package alarm keeps the warnings of operations (预警): what is about to go
// wrong, or has, in one list, each with an owner.
//
// The promise. A cause opens one alarm, once; somebody acknowledges it with
// words and owns it; when its cause is gone it is resolved by itself, and that
// is kept; when nobody acknowledges within the organisation's minutes, the
// bureau is told.
//
//	cause --> open --Acknowledge--> acknowledged --+--> resolved
//	           |  \--nobody in N minutes: escalated|    by itself when the cause
//	           +-----------------------------------+    goes, or by a person
//
// Causes: an order at 90, 110 and past 120 minutes (one alarm, whose level
// rises); nobody took an order within the organisation's limit; orders wait and
// no lawyer who serves the region is on duty; satisfaction of the last 7 days
// below its mark with enough ratings; a call-back, a lawyer's call or a complaint
// overdue; SMS that could not be sent, several in a row.
//
// All of it follows from facts (watch.go, one reaction) and due rows (clockwork.go):
// the time at which an order has waited too long, a look at satisfaction two
// seconds after a rating, the escalation. There is no other timer.
//
// Words of staff are sealed under the key of the order or complaint that the
// alarm is about, else under the organisation's; facts hold codes and numbers.
// rev is the alarm's version, raised by each of its facts.
//
// The list /warnings of public/consult shows running clocks; it stays as it is.
//
// Requirements: B6.2.1.1, B6.2.1.1b, B7.1.3.2, B7.1.2.2a, B7.1.4.1, B7.T1d, B6.1b.
package alarm

import (
	"slices"

	"github.com/uptrace/bun"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/setting"
	"mingfa/internal/core/access"
)

// Kind is what is wrong.
type Kind string

// The kinds.
const (
	OrderLate       Kind = "order_late"        // about an order: 90, 110, or more than 120 minutes (B6.2.1.1)
	Waiting         Kind = "waiting"           // about an organisation: nobody took an order in time (B6.2.1.1b)
	NobodyOnline    Kind = "nobody_online"     // about an organisation: orders wait, nobody on duty serves it
	Satisfaction    Kind = "satisfaction"      // about an organisation (B7.T1d, B7.1.4.1)
	CallbackOverdue Kind = "callback_overdue"  // about a call-back (B7.1.3.2)
	LawyerCallLate  Kind = "lawyer_call_late"  // about a call-back: the lawyer's hour has passed (B7.1.3.2b)
	ComplaintLate   Kind = "complaint_overdue" // about a complaint (B7.1.2.2a)
	SMSFailing      Kind = "sms_failing"       // about the operator (B6.1b)
)

// Kinds are all of them.
var Kinds = []Kind{OrderLate, Waiting, NobodyOnline, Satisfaction, CallbackOverdue, LawyerCallLate, ComplaintLate, SMSFailing}

// Valid tells whether k is one of them.
func (k Kind) Valid() bool { return slices.Contains(Kinds, k) }

// State is where an alarm stands.
type State string

// The states.
const (
	Open         State = "open"
	Acknowledged State = "acknowledged"
	Resolved     State = "resolved"
)

// Alarm is one warning, as it is stored.
type Alarm struct {
	bun.BaseModel `bun:"table:alarm_case,alias:w"`

	ID     id.ID  `bun:"type:uuid,pk"`
	Org    id.ID  `bun:"type:uuid"`
	Path   string // of Org
	Rev    int64
	Kind   Kind
	About  id.ID  `bun:"type:uuid"`          // order, call-back, complaint or organisation
	Root   id.ID  `bun:"type:uuid,nullzero"` // the order or complaint to open; Nil: none
	Number string // of the order, shown to persons
	Key    id.ID  `bun:"type:uuid"` // under which words are sealed
	State  State
	Level  int   // 0, or minutes of an order's clock
	Amount int64 // what was found: how many wait, hundredths of a per cent, failures
	Bound  int64 // the limit that was passed

	OpenedAt       db.Time `bun:",nullzero"`
	Owner          id.ID   `bun:"type:uuid,nullzero"` // who acknowledged it last
	AcknowledgedAt db.Time `bun:",nullzero"`
	Words          id.ID   `bun:"type:uuid,nullzero"` // sealed
	Escalated      bool
	ResolvedAt     db.Time `bun:",nullzero"`
	ResolvedBy     id.ID   `bun:"type:uuid,nullzero"` // Nil: its cause went
	Result         id.ID   `bun:"type:uuid,nullzero"` // sealed
}

func (a *Alarm) object() access.Object { return access.Object{Org: a.Path} }

// wrong is the refusal of a verb that the state does not allow.
func wrong(key string) error { return fault.New(fault.Conflict, key) }

// acknowledge makes somebody the owner; another one may take it over.
func (a *Alarm) acknowledge(by, words id.ID, now db.Time) error {
	if a.State == Resolved {
		return wrong("alarm.already_resolved")
	}
	if a.Owner == by {
		return wrong("alarm.already_yours")
	}
	a.State, a.Owner, a.Words, a.AcknowledgedAt = Acknowledged, by, words, now
	return nil
}

// resolve ends it; by is Nil when its cause is gone.
func (a *Alarm) resolve(by, result id.ID, now db.Time) error {
	if a.State == Resolved {
		return wrong("alarm.already_resolved")
	}
	a.State, a.ResolvedBy, a.Result, a.ResolvedAt = Resolved, by, result, now
	return nil
}

// raise notes a higher level of the same cause; false is no change.
func (a *Alarm) raise(level int) bool {
	if a.State == Resolved || level <= a.Level {
		return false
	}
	a.Level = level
	return true
}

// Limits are the numbers that an organisation may change.
type Limits struct {
	AckMinutes   int   `json:"acknowledge_minutes" minimum:"1" maximum:"240" doc:"Until the bureau is told that nobody acknowledged"`
	OrderMinutes int   `json:"order_minutes" minimum:"60" maximum:"110" doc:"Minutes of an order's clock from which it is an alarm: 60, 90 or 110"`
	Ratings      int64 `json:"ratings" minimum:"5" maximum:"1000" doc:"With fewer ratings in 7 days satisfaction is not judged"`
	Failures     int64 `json:"sms_failures" minimum:"1" maximum:"100" doc:"SMS in a row that could not be sent"`
}

var limits = setting.Define("alarm.limits", Limits{AckMinutes: 10, OrderMinutes: 90, Ratings: 5, Failures: 3}, Limits.Check)

// Check refuses numbers out of range.
func (l Limits) Check() error {
	var bad []fault.Field
	within := func(path string, n, low, high int64) {
		if n < low || n > high {
			bad = append(bad, fault.At(path, "fault.field_range").With("min", low).With("max", high))
		}
	}
	within("acknowledge_minutes", int64(l.AckMinutes), 1, 240)
	if !slices.Contains([]int{60, 90, 110}, l.OrderMinutes) {
		bad = append(bad, fault.At("order_minutes", "fault.field_choice"))
	}
	within("ratings", l.Ratings, 5, 1000)
	within("sms_failures", l.Failures, 1, 100)
	if bad != nil {
		return fault.Bad(bad...)
	}
	return nil
}
