// Package complaint is the room of complaints and suggestions (投诉、建议): anybody
// may complain, is called back within one working day, and learns what was done.
//
// The promise. A complaint gets its number at once, and nothing of it is ever
// deleted (the database refuses it). Nobody needs an order, a rating or an open
// consultation for it. Its steps can't be skipped:
//
//	collected --reached, or 3 times not--> called --register--> registered --> closed
//	    |                                                         complete      filed, where
//	    one working day (T2); warned at 09:00 and 15:00           (corrections  it must be
//	    of the last day; more is a breach, a fact                 until closed)
//
// It comes from the citizen himself (web, chat, m) or by the hand of a member of
// staff (hotline, call-back, visit, letter: channel and time are told). Calls in
// vain count only when half an hour lies between them, for "not reached" needs
// three attempts at different times; the log keeps all.
//
// Sensitive ones (敏感事项: public security, petitioning, suicide, sit-ins, likely
// public opinion) are flagged by the words themselves (sensitive.go: a hint, which
// staff correct) or by hand. Flagging reports to the bureau's watchers at once;
// whom nobody acknowledges within 5 minutes is escalated, also by SMS. The first
// four kinds need a filing record with the judicial department before closing. Who
// speaks of harming himself gets numbers of help in the same answer.
//
// Who sees what. The citizen: his own, what happens next and by when, and the
// result. Operations and quality of the organisation handle it; the bureau of its
// path sees and acknowledges. A lawyer sees nothing here, not even that a complaint
// about his order exists; so facts are filed under the complaint, never under the
// order. Administrators set the numbers and read no complaint.
//
// Persons. What was said is sealed under the person's own key. A caller of the
// hotline without an account gets a key of his own under the organisation.
//
// The plan of the house named no place for this. It stands right behind consult, whose
// orders and reason categories it uses, and before quality, which inspects both.
//
// Concurrency: Service is safe for concurrent use. rev is the row's version.
//
// Requirements: B7.1.2.1a, B7.1.2.1b (number shown), B7.1.2.2a-b, B7.1.2.3a-c,
// B7.1.2.4, B7.1.3.2c, B7.2.4c, T1, T2.
//
// Files: complaint.go (types, transitions), entry.go (what is sent), sensitive.go,
// clock.go (rules without effects); facts.go, texts.go; store.go (SQL); service.go
// (intake), verbs.go, clockwork.go (due), view.go, numbers.go; notice.go; replay.go
// and figures.go; export.go (register as CSV), records.go (persons); http.go, wire.go.
package complaint

import (
	"time"

	"github.com/uptrace/bun"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/public/consult"
)

// Kind is what it is.
type Kind string

// The kinds.
const (
	Grievance  Kind = "complaint"  // 投诉
	Suggestion Kind = "suggestion" // 建议
)

// State is how far it has come.
type State string

// The states.
const (
	Collected  State = "collected"  // nobody was called yet
	Called     State = "called"     // reached, or tried often enough
	Registered State = "registered" // the register is filled in
	Closed     State = "closed"
)

// States are all of them, in order.
var States = []State{Collected, Called, Registered, Closed}

// Channel is the way by which it came (B7.1.2.3a: any).
type Channel string

// The channels; the first four are the citizen's own, the others are registered
// by a member of staff.
const (
	Web      Channel = "web"
	Wap      Channel = "wap" // the pages without script
	App      Channel = "app"
	Chat     Channel = "chat"
	Hotline  Channel = "hotline"
	CallBack Channel = "callback" // heard in a call-back (B7.1.3.2c)
	Visit    Channel = "visit"
	Letter   Channel = "letter"
)

var (
	ownChannels   = []Channel{Web, Wap, App, Chat}
	staffChannels = []Channel{Hotline, CallBack, Visit, Letter, Chat}
)

// Attempts at different times (B7.1.2.3b).
const (
	MaxAttempts = 3                // so many in vain are "not reached"
	AttemptGap  = 30 * time.Minute // what lies between two that count
)

// Complaint is a row. What anybody said is sealed; times are UTC.
type Complaint struct {
	bun.BaseModel `bun:"table:complaint_case,alias:c"`

	ID           id.ID  `bun:"type:uuid,pk"`
	Org          id.ID  `bun:"type:uuid"`
	Path         string // of Org
	Rev          int64
	Number       string // what the person is told: 20261122-8KQ3ZD2A
	Kind         Kind
	State        State
	Channel      Channel
	Language     string
	Citizen      id.ID   `bun:"type:uuid,nullzero"`          // Nil: a caller without an account
	Order        id.ID   `bun:"order_id,type:uuid,nullzero"` // the consultation it is about
	RegisteredBy id.ID   `bun:"type:uuid,nullzero"`          // the member of staff who took it down
	Key          id.ID   `bun:"type:uuid"`
	Words        id.ID   `bun:"type:uuid"`
	Name         id.ID   `bun:"type:uuid,nullzero"`
	Phone        id.ID   `bun:"type:uuid,nullzero"`
	ReceivedAt   db.Time // when it was said
	MadeAt       db.Time // when it was written down here
	DueAt        db.Time // end of the next working day

	Warned    int // how many steps of the clock were taken: 2 warnings, 3 the breach
	Attempts  int
	Counted   int // attempts at different times
	CountedAt db.Time
	ReachedAt db.Time // first time he was reached
	CalledAt  db.Time // reached, or the third try in vain: this is "called back"

	Category   consult.ReasonCategory
	Reason     id.ID `bun:"type:uuid,nullzero"` // sealed, like the next two
	Measure    id.ID `bun:"type:uuid,nullzero"`
	Result     id.ID `bun:"type:uuid,nullzero"`
	RecordedAt db.Time
	RecordedBy id.ID `bun:"type:uuid,nullzero"`

	Hints          Hints `bun:"type:text"` // kinds that the words point to
	Flag           Sensitivity
	FlaggedAt      db.Time // and reported to the bureau
	FlaggedBy      id.ID   `bun:"type:uuid,nullzero"` // Nil: by the words
	AcknowledgedAt db.Time
	AcknowledgedBy id.ID `bun:"type:uuid,nullzero"`
	Escalated      bool
	FiledOn        string // date, 2026-11-22; "" while nothing is filed
	FilingNumber   id.ID  `bun:"type:uuid,nullzero"` // sealed, like the authority
	Authority      id.ID  `bun:"type:uuid,nullzero"`

	ClosedAt db.Time
	ClosedBy id.ID `bun:"type:uuid,nullzero"`
}

func (c *Complaint) closed() error {
	if c.State == Closed {
		return fault.New(fault.Conflict, "complaint.already_closed")
	}
	return nil
}

// attempt notes one telephone call. It tells whether it counts.
func (c *Complaint) attempt(reached bool, now time.Time) (counts bool, err error) {
	if err := c.closed(); err != nil {
		return false, err
	}
	if c.State == Registered {
		return false, fault.New(fault.Conflict, "complaint.already_registered")
	}
	c.Attempts++
	counts = reached || c.CountedAt.IsZero() || now.Sub(c.CountedAt.Time) >= AttemptGap
	if counts {
		c.Counted, c.CountedAt = c.Counted+1, db.At(now)
	}
	if reached && c.ReachedAt.IsZero() {
		c.ReachedAt = db.At(now)
	}
	if c.State == Collected && (reached || c.Counted >= MaxAttempts) {
		c.State, c.CalledAt = Called, db.At(now)
	}
	return counts, nil
}

// register takes the entry; the IDs of its sealed texts are set by the caller.
func (c *Complaint) register(e Entry, by id.ID, now time.Time) error {
	if err := c.closed(); err != nil {
		return err
	}
	if c.State == Collected {
		return fault.New(fault.Conflict, "complaint.call_first").With("counted", c.Counted).With("min", MaxAttempts)
	}
	c.State, c.Kind, c.Category = Registered, e.Kind, e.Category
	c.RecordedAt, c.RecordedBy = db.At(now), by
	return nil
}

// flag marks it as sensitive, or takes the mark away (""). It tells whether it
// must be reported: each new kind is a report of its own.
func (c *Complaint) flag(to Sensitivity, by id.ID, now time.Time) (report bool, err error) {
	if err := c.closed(); err != nil {
		return false, err
	}
	was := c.Flag
	c.Flag, c.FlaggedBy = to, by
	if to == was {
		return false, nil
	}
	c.FlaggedAt, c.AcknowledgedAt, c.AcknowledgedBy, c.Escalated = db.Time{}, db.Time{}, id.Nil, false
	if to == "" {
		return false, nil
	}
	c.FlaggedAt = db.At(now)
	return true, nil
}

// acknowledge notes that the bureau knows; a second time changes nothing.
func (c *Complaint) acknowledge(by id.ID, now time.Time) (changed bool, err error) {
	if c.Flag == "" {
		return false, fault.New(fault.Conflict, "complaint.not_flagged")
	}
	if !c.AcknowledgedAt.IsZero() {
		return false, nil
	}
	c.AcknowledgedAt, c.AcknowledgedBy = db.At(now), by
	return true, nil
}

// file takes the filing record (B7.1.2.4).
func (c *Complaint) file(on string) error {
	if err := c.closed(); err != nil {
		return err
	}
	if c.Flag == "" {
		return fault.New(fault.Conflict, "complaint.not_flagged")
	}
	c.FiledOn = on
	return nil
}

// Missing names what is still to do before it can be closed, as text keys; none
// means that it can.
func (c *Complaint) Missing() []string {
	keys := []string{}
	if c.State == Collected {
		keys = append(keys, "complaint.missing_call")
	}
	if c.State == Collected || c.State == Called {
		keys = append(keys, "complaint.missing_register")
	}
	if c.Flag.NeedsFiling() && c.FiledOn == "" {
		keys = append(keys, "complaint.missing_filing")
	}
	return keys
}

// close ends it; it is refused with what is missing.
func (c *Complaint) close(by id.ID, now time.Time) error {
	if err := c.closed(); err != nil {
		return err
	}
	if missing := c.Missing(); len(missing) > 0 {
		f := fault.New(fault.Conflict, "complaint.missing")
		for _, key := range missing {
			f.Fields = append(f.Fields, fault.At("", key))
		}
		return f
	}
	c.State, c.ClosedAt, c.ClosedBy = Closed, db.At(now), by
	return nil
}
