package quality

import (
	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
)

// The facts of the room. Subject and root are the sample, unless said otherwise;
// kinds and field names are permanent.

// Month is a month, YYYY-MM.
type Month string

// DrawnFact: orders of a lawyer's month were drawn. Subject and root are the
// lawyer's month, rev counts its draws. With the facts below Leaf, the orders of
// the earlier draws and these fields Draw gives Orders again.
type DrawnFact struct {
	Lawyer     id.ID   `json:"lawyer"`
	Month      Month   `json:"month"`
	From       db.Time `json:"from"`
	To         db.Time `json:"to"` // of the month: [From, To)
	Leaf       int64   `json:"leaf"`
	Seed       Seed    `json:"seed"`
	Percent    int     `json:"percent"`
	Population int     `json:"population"`
	Orders     []id.ID `json:"orders"`
}

// SampledFact: an order is to be inspected, by the draw or because a person
// added it; a second one says that the draw found an added order too.
type SampledFact struct {
	Order  id.ID `json:"order"`
	Lawyer id.ID `json:"lawyer"`
	Month  Month `json:"month"`
	Drawn  bool  `json:"drawn,omitempty"`

	HandDraw id.ID `json:"hand_draw,omitzero"` // the draw by hand that found it
}

// CheckedFact: a card was submitted.
type CheckedFact struct {
	Check     id.ID  `json:"check"`
	Round     int    `json:"round"`
	Marks     []Code `json:"marks"`
	Fatal     int    `json:"fatal"`
	Minor     int    `json:"minor"`
	Catalogue Code   `json:"catalogue"` // version: organisation/number
	State     State  `json:"state"`     // after it
}

// DisputedFact: the lawyer does not accept the result.
type DisputedFact struct {
	DueAt db.Time `json:"due_at"` // of the second check
}

// SettledFact: nobody disputed in time; the result is final.
type SettledFact struct{}

// OverdueFact: a further check was not made in time. It stays to be made.
type OverdueFact struct {
	Round int `json:"round"`
}

// Cause is why a sample can't be inspected.
type Cause string

// The causes.
const (
	Erased   Cause = "erased"
	Excluded Cause = "excluded" // not counted (T9)
)

// DroppedFact: it is not inspected.
type DroppedFact struct {
	Why Cause `json:"why"`
}

// ReopenedFact: its order counts again (T9), so that it waits for the check that
// it waited for when it was dropped.
type ReopenedFact struct {
	State State   `json:"state"`
	Fatal bool    `json:"fatal,omitempty"` // of the standing result
	Minor bool    `json:"minor,omitempty"`
	DueAt db.Time `json:"due_at,omitzero"` // of the further check
}

// Kind names the fact.
func (DrawnFact) Kind() string { return "quality.drawn" }

// Kind names the fact.
func (SampledFact) Kind() string { return "quality.sampled" }

// Kind names the fact.
func (CheckedFact) Kind() string { return "quality.checked" }

// Kind names the fact.
func (DisputedFact) Kind() string { return "quality.disputed" }

// Kind names the fact.
func (SettledFact) Kind() string { return "quality.settled" }

// Kind names the fact.
func (OverdueFact) Kind() string { return "quality.overdue" }

// Kind names the fact.
func (DroppedFact) Kind() string { return "quality.dropped" }

// Kind names the fact.
func (ReopenedFact) Kind() string { return "quality.reopened" }

func init() {
	journal.Register("quality.see",
		func() journal.Event { return DrawnFact{} },
		func() journal.Event { return HandDrawnFact{} },
		func() journal.Event { return SampledFact{} },
		func() journal.Event { return CheckedFact{} },
		func() journal.Event { return DisputedFact{} },
		func() journal.Event { return SettledFact{} },
		func() journal.Event { return OverdueFact{} },
		func() journal.Event { return DroppedFact{} },
		func() journal.Event { return ReopenedFact{} })
}
