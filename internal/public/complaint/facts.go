package complaint

import (
	"mingfa/internal/base/blob"
	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/public/consult"
)

// The facts of a complaint. Subject and root are the complaint, never its order:
// the lawyer of an order reads the order's facts. Kinds and field names are
// permanent.

// CollectedFact: it was received.
type CollectedFact struct {
	What       Kind    `json:"what"`
	Channel    Channel `json:"channel"`
	Citizen    id.ID   `json:"citizen,omitzero"`
	Order      id.ID   `json:"order,omitzero"`
	ReceivedAt db.Time `json:"received_at"`
	DueAt      db.Time `json:"due_at"`
}

// WarnedFact: the last day runs and nobody was called.
type WarnedFact struct {
	Step  int     `json:"step"` // 1 or 2
	DueAt db.Time `json:"due_at"`
}

// OverdueFact: more than one working day without a call.
type OverdueFact struct {
	DueAt db.Time `json:"due_at"`
}

// TriedFact: somebody telephoned.
type TriedFact struct {
	N       int  `json:"n"`
	Reached bool `json:"reached"`
	Counts  bool `json:"counts"` // reached, or at another time than those before
	Called  bool `json:"called"` // with it he is called back
	InTime  bool `json:"in_time"`
}

// RegisteredFact: the register is filled in, or corrected.
type RegisteredFact struct {
	What     Kind                   `json:"what"`
	Category consult.ReasonCategory `json:"category"`
}

// FlaggedFact: it is sensitive; Category "" says that it is not (any more).
type FlaggedFact struct {
	Category Sensitivity `json:"category"`
	ByWords  bool        `json:"by_words,omitempty"`
	Report   bool        `json:"report,omitempty"` // the bureau is told
}

// AcknowledgedFact: the bureau has the report.
type AcknowledgedFact struct {
	AfterMS int64 `json:"after_ms"` // since it was flagged
}

// EscalatedFact: nobody acknowledged the report in time.
type EscalatedFact struct {
	Category Sensitivity `json:"category"`
}

// FiledFact: the result was filed with the judicial department.
type FiledFact struct {
	Category Sensitivity `json:"category"`
}

// ClosedFact: it is done.
type ClosedFact struct {
	What   Kind `json:"what"`
	InTime bool `json:"in_time"` // called back within one working day
}

// AttachedFact: a file is a part of the complaint. Its subject is the file.
type AttachedFact struct {
	N       int             `json:"n"`             // of the complaint's files, from 1
	Own     bool            `json:"own,omitempty"` // by the citizen himself
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

// ExportedFact: the register left the house as a file. Its subject is its own.
type ExportedFact struct {
	Rows int `json:"rows"`
}

// Kind names the fact.
func (CollectedFact) Kind() string { return "complaint.collected" }

// Kind names the fact.
func (WarnedFact) Kind() string { return "complaint.warned" }

// Kind names the fact.
func (OverdueFact) Kind() string { return "complaint.overdue" }

// Kind names the fact.
func (TriedFact) Kind() string { return "complaint.tried" }

// Kind names the fact.
func (RegisteredFact) Kind() string { return "complaint.registered" }

// Kind names the fact.
func (FlaggedFact) Kind() string { return "complaint.flagged" }

// Kind names the fact.
func (AcknowledgedFact) Kind() string { return "complaint.acknowledged" }

// Kind names the fact.
func (EscalatedFact) Kind() string { return "complaint.escalated" }

// Kind names the fact.
func (FiledFact) Kind() string { return "complaint.filed" }

// Kind names the fact.
func (ClosedFact) Kind() string { return "complaint.closed" }

// Kind names the fact.
func (AttachedFact) Kind() string { return "complaint.attached" }

// Kind names the fact.
func (OpenedFact) Kind() string { return "complaint.opened" }

// Kind names the fact.
func (ExportedFact) Kind() string { return "complaint.exported" }

func init() {
	journal.Register("complaint.see",
		func() journal.Event { return CollectedFact{} },
		func() journal.Event { return AttachedFact{} },
		func() journal.Event { return OpenedFact{} },
		func() journal.Event { return WarnedFact{} },
		func() journal.Event { return OverdueFact{} },
		func() journal.Event { return TriedFact{} },
		func() journal.Event { return RegisteredFact{} },
		func() journal.Event { return FlaggedFact{} },
		func() journal.Event { return AcknowledgedFact{} },
		func() journal.Event { return EscalatedFact{} },
		func() journal.Event { return FiledFact{} },
		func() journal.Event { return ClosedFact{} },
		func() journal.Event { return ExportedFact{} })
}
