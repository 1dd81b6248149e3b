package consult

import (
	"mingfa/internal/base/blob"
	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/public/lawyer"
)

// The facts of an order. Subject and root are the order, unless said otherwise;
// kinds and field names are permanent.

// Code is a code of ours in a fact: a region, a problem type, a language, a
// source, a rule.
type Code string

// Role is who said a message.
type Role string

// The roles.
const (
	ByCitizen Role = "citizen"
	ByLawyer  Role = "lawyer"
)

// Cause is why an order went to another lawyer.
type Cause string

// The causes.
const (
	ByHimself    Cause = "lawyer"
	ByClock      Cause = "clock" // 90 minutes without an answer
	ByOperations Cause = "operations"
)

// AskedFact: a question arrived.
type AskedFact struct {
	Region   Code    `json:"region"`
	Problem  Code    `json:"problem"`
	Language Code    `json:"language"`
	Source   Code    `json:"source"`
	Citizen  id.ID   `json:"citizen"`
	DueAt    db.Time `json:"due_at"`
}

// passReason and passSummary name the sealed words of a lawyer who passed the
// order on, in the fact that somebody else has it: why, and what the next one
// should know.
const (
	passReason  = "reason"
	passSummary = "summary"
)

// AssignedFact: a lawyer has it in hand.
type AssignedFact struct {
	Lawyer id.ID         `json:"lawyer"`
	Why    lawyer.Reason `json:"why"`
	From   id.ID         `json:"from,omitzero"`
	Cause  Cause         `json:"cause,omitempty"`
}

// WarnedFact: so many minutes have passed.
type WarnedFact struct {
	Minutes int   `json:"minutes"` // 60, 90, 110
	Lawyer  id.ID `json:"lawyer,omitzero"`
}

// BreachedFact: more than 120 minutes have passed.
type BreachedFact struct {
	DueAt  db.Time `json:"due_at"`
	Lawyer id.ID   `json:"lawyer,omitzero"`
	Reply  bool    `json:"reply,omitempty"` // the clock of a reply, not of the answer
}

// AnsweredFact: the complete answer.
type AnsweredFact struct {
	Lawyer   id.ID   `json:"lawyer"`
	AskedAt  db.Time `json:"asked_at"`
	Own      int     `json:"own"`    // own characters
	Basis    int     `json:"basis"`  // citations
	Known    int     `json:"known"`  // of them found in the loaded statutes
	Advice   int     `json:"advice"` // items
	Opening  int64   `json:"opening"`
	Disclaim int64   `json:"disclaimer"`
	Closing  int64   `json:"closing"` // versions of the texts
	InTime   bool    `json:"in_time"`
	Citizen  id.ID   `json:"citizen"`
}

// RefusedFact: a reply did not keep the rules. Its subject is its own.
type RefusedFact struct {
	Lawyer id.ID  `json:"lawyer"`
	Rules  []Code `json:"rules"`
	Own    int    `json:"own"`
}

// SaidFact: a message after the answer.
type SaidFact struct {
	N    int  `json:"n"`
	Role Role `json:"role"`
}

// AttachedFact: a file is a part of the order. Its subject is the file.
type AttachedFact struct {
	N       int             `json:"n"` // of the order's files, from 1
	Role    Role            `json:"role"`
	Place   Place           `json:"place"`
	Message id.ID           `json:"message,omitzero"`
	Type    blob.Kind       `json:"type"`
	Size    int64           `json:"size"` // bytes
	File    id.ID           `json:"file"` // the blob
	Content blob.Commitment `json:"content"`
}

// OpenedFact: somebody else than the citizen and its author read a file. Its
// subject is its own.
type OpenedFact struct {
	Attachment id.ID `json:"attachment"`
	N          int   `json:"n"`
}

// ReadFact: the citizen has seen the answer.
type ReadFact struct{}

// RatedFact: the citizen's rating.
type RatedFact struct {
	Level  Rating `json:"level"`
	Lawyer id.ID  `json:"lawyer"`
	Closed bool   `json:"closed,omitempty"` // satisfied: the order is closed with it
}

// RemindedFact: the citizen is reminded to rate.
type RemindedFact struct{}

// ClosedFact: nothing more is expected.
type ClosedFact struct{}

// ExcludedFact: it is not counted (T9).
type ExcludedFact struct {
	Why Exclusion `json:"why"`
}

// IncludedFact: it is counted again (T9), and where it stands then.
type IncludedFact struct {
	State    State `json:"state"`
	Awaiting bool  `json:"awaiting,omitempty"`
}

// NotedFact: staff wrote a private note. Subject and root are the note: the order's
// timeline and proof, which the citizen may have, don't tell of it.
type NotedFact struct {
	Order id.ID `json:"order"`
}

// SavedFact: a saved reply was made or changed. Subject and root are the saved reply.
type SavedFact struct {
	Shared bool `json:"shared,omitempty"`
}

// SavedRemovedFact: a saved reply was taken away.
type SavedRemovedFact struct {
	Shared bool `json:"shared,omitempty"`
}

// The facts of a call-back: the subject is the call-back, the root its order.

// CallbackOpenedFact: a rating below satisfied.
type CallbackOpenedFact struct {
	Order id.ID   `json:"order"`
	Level Rating  `json:"level"`
	DueAt db.Time `json:"due_at"`
}

// CallbackTriedFact: somebody telephoned.
type CallbackTriedFact struct {
	N       int  `json:"n"`
	Reached bool `json:"reached"`
}

// CallbackRecordedFact: what he said, and whether a legal question remains.
type CallbackRecordedFact struct {
	Category    ReasonCategory `json:"category"`
	Legal       bool           `json:"legal"`
	Violation   bool           `json:"violation"`
	LawyerDueAt db.Time        `json:"lawyer_due_at,omitzero"`
	Lawyer      id.ID          `json:"lawyer,omitzero"`
}

// CallbackCalledFact: the lawyer has called.
type CallbackCalledFact struct {
	Lawyer id.ID `json:"lawyer"`
	InTime bool  `json:"in_time"`
}

// CallbackOverdueFact: its time, or the lawyer's hour, has passed.
type CallbackOverdueFact struct {
	LawyerCall bool `json:"lawyer_call,omitempty"`
}

// CallbackClosedFact: it is done.
type CallbackClosedFact struct {
	Order  id.ID `json:"order"`
	InTime bool  `json:"in_time"`
}

// Kind names the fact.
func (AskedFact) Kind() string { return "consult.asked" }

// Kind names the fact.
func (AssignedFact) Kind() string { return "consult.assigned" }

// Kind names the fact.
func (WarnedFact) Kind() string { return "consult.warned" }

// Kind names the fact.
func (BreachedFact) Kind() string { return "consult.breached" }

// Kind names the fact.
func (AnsweredFact) Kind() string { return "consult.answered" }

// Kind names the fact.
func (RefusedFact) Kind() string { return "consult.refused" }

// Kind names the fact.
func (SaidFact) Kind() string { return "consult.said" }

// Kind names the fact.
func (AttachedFact) Kind() string { return "consult.attached" }

// Kind names the fact.
func (OpenedFact) Kind() string { return "consult.opened" }

// Kind names the fact.
func (ReadFact) Kind() string { return "consult.read" }

// Kind names the fact.
func (RatedFact) Kind() string { return "consult.rated" }

// Kind names the fact.
func (RemindedFact) Kind() string { return "consult.reminded" }

// Kind names the fact.
func (ClosedFact) Kind() string { return "consult.closed" }

// Kind names the fact.
func (ExcludedFact) Kind() string { return "consult.excluded" }

// Kind names the fact.
func (IncludedFact) Kind() string { return "consult.included" }

func (NotedFact) Kind() string { return "consult.noted" }

// Kind names the fact.
func (SavedFact) Kind() string { return "consult.saved" }

// Kind names the fact.
func (SavedRemovedFact) Kind() string { return "consult.saved_removed" }

// Kind names the fact.
func (CallbackOpenedFact) Kind() string { return "consult.callback_opened" }

// Kind names the fact.
func (CallbackTriedFact) Kind() string { return "consult.callback_tried" }

// Kind names the fact.
func (CallbackRecordedFact) Kind() string { return "consult.callback_recorded" }

// Kind names the fact.
func (CallbackCalledFact) Kind() string { return "consult.callback_called" }

// Kind names the fact.
func (CallbackOverdueFact) Kind() string { return "consult.callback_overdue" }

// Kind names the fact.
func (CallbackClosedFact) Kind() string { return "consult.callback_closed" }

func init() {
	journal.Register("order.facts",
		func() journal.Event { return AskedFact{} },
		func() journal.Event { return AssignedFact{} },
		func() journal.Event { return WarnedFact{} },
		func() journal.Event { return BreachedFact{} },
		func() journal.Event { return AnsweredFact{} },
		func() journal.Event { return RefusedFact{} },
		func() journal.Event { return SaidFact{} },
		func() journal.Event { return AttachedFact{} },
		func() journal.Event { return OpenedFact{} },
		func() journal.Event { return ReadFact{} },
		func() journal.Event { return RatedFact{} },
		func() journal.Event { return RemindedFact{} },
		func() journal.Event { return ClosedFact{} },
		func() journal.Event { return ExcludedFact{} },
		func() journal.Event { return IncludedFact{} },
		func() journal.Event { return CallbackOpenedFact{} },
		func() journal.Event { return CallbackTriedFact{} },
		func() journal.Event { return CallbackRecordedFact{} },
		func() journal.Event { return CallbackCalledFact{} },
		func() journal.Event { return CallbackOverdueFact{} },
		func() journal.Event { return CallbackClosedFact{} })
	journal.Register("order.note", func() journal.Event { return NotedFact{} })
	journal.Register("saved.use", func() journal.Event { return SavedFact{} }, func() journal.Event { return SavedRemovedFact{} })
}
