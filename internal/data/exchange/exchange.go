// Package exchange carries users, lawyers and orders in and out, by the 45 data
// elements of Appendix B, as CSV, XLSX and JSON.
//
// # Out
//
// An export has a column for each element, its code first in the head. It holds
// what this platform knows (the rooms below give it, page by page) and, behind
// that, what was imported. It is written while it is read, so its size does not
// matter, and it holds personal data, so each one is a fact: who, what, how many,
// written before the first byte leaves. Nobody takes away what lies outside his
// organisation. Erased persons are in none.
//
// # In
//
//	Upload            check              Run              all rows kept
//	-------> checking -----> checked ----------> running ---------------> done
//	             |              |                   |
//	             v              +-> cancelled <-----+      (also after 7 days)
//	          refused: what is wrong, row by row
//
// A file is looked through first and changes nothing (the dry run): every row and
// column that can't be taken is told with what to do. Only a file without a fault
// can be run. Its rows are then kept in parts of at most 64, each in one
// transaction with its progress; nobody sees any of them before the state of the
// import becomes done, which is one row in one transaction. So an import is
// whole or nothing, wherever the power fails: a due row goes on where it ended.
// What was cancelled has its key destroyed.
//
// # What an imported row is
//
// The history of another system (B8.1.1.4: nothing is made up). An imported order
// was asked and answered there, by other clocks: it is kept, exported and shown as
// archived (archive.go), and never counted in our figures, offered to a lawyer or
// answered here. An imported user becomes the profile of whoever signs in with that phone: what he
// tells himself goes before it. An imported lawyer has no account before an
// administrator makes one.
//
// # Persons
//
// The values of a row are one sealed text under a key of its own, below the key of
// its import. Erasing a person (by his account, or EraseByPhone for who has none)
// destroys the keys of the rows that have his phone. The file that was uploaded is
// sealed too and goes when the import is over.
//
// The same rows exported from the house they were imported into are the same bytes:
// each value has one form (base/element), and rows keep their order.
//
// Requirements: BB.20101 to BB.20515, B8.2.1, B8.1.1.4 (rejects are listed, not
// fixed silently), B8.1.3.1.2b in part (CSV, XLSX), B8.1.3.2.4a.
//
// Files: exchange.go (types, transitions), check.go (rows without effects),
// service.go (verbs), job.go (checking and keeping), export.go, archive.go,
// record.go (erasure), store.go (SQL), facts.go, replay.go, http.go.
package exchange

import (
	"time"

	"github.com/uptrace/bun"

	"mingfa/internal/base/db"
	"mingfa/internal/base/element"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/sheet"
)

// State is where an import is.
type State string

// The states.
const (
	Checking  State = "checking"
	Refused   State = "refused" // it has faults; nothing was kept
	Checked   State = "checked" // it can be run
	Running   State = "running"
	Done      State = "done"
	Cancelled State = "cancelled"
)

// over tells whether nothing more happens to it.
func (s State) over() bool { return s == Refused || s == Done || s == Cancelled }

// Import is a file on its way in.
type Import struct {
	bun.BaseModel `bun:"table:exchange_import,alias:i"`

	ID         id.ID `bun:"type:uuid,pk"`
	Org        id.ID `bun:"type:uuid"`
	Path       string
	Rev        int64
	Kind       element.Table
	Format     sheet.Format
	State      State
	Key        id.ID         `bun:"type:uuid"`
	Name       id.ID         `bun:"type:uuid,nullzero"` // sealed: what the file is called
	File       id.ID         `bun:"type:uuid,nullzero"` // while it is not over
	Sum        string        // HMAC of the content: the same file again is found
	Size       int64         // bytes
	Rules      element.Rules `bun:"type:text"`
	Total      int64         // rows that were found
	Done       int64         // rows that are kept
	Wrong      int64         // faults that were found
	Problems   []Problem     `bun:"type:text"` // the first of them
	Trouble    string        // text key of why it is not going on for the moment, or ""
	MadeBy     id.ID         `bun:"type:uuid"`
	MadeAt     db.Time
	CheckedAt  db.Time `bun:",nullzero"`
	StartedAt  db.Time `bun:",nullzero"`
	FinishedAt db.Time `bun:",nullzero"`
	Claim      string  // who works on it
	BeatAt     db.Time `bun:",nullzero"` // when he was heard of last
}

// Problem is something in a file that can't be taken.
type Problem struct {
	Row    int            `json:"row,omitempty"`    // as a spreadsheet counts; 0: the whole file
	Column string         `json:"column,omitempty"` // code of the element, or the column's letters
	Key    string         `json:"key"`
	Args   map[string]any `json:"args,omitempty"` // numbers and codes of ours
}

// The limits of an import and an export.
const (
	MaxFile     = 64 << 20 // bytes
	MaxProblems = 500      // that are told; all are counted
	part        = 64       // rows in one transaction: few, so that nobody waits long for it
	keepFor     = 7 * 24 * time.Hour
	page        = 200 // rows read at a time for an export
)

// checked notes the result of the dry run.
func (i *Import) checked(total int64, wrong int64, problems []Problem, now time.Time) error {
	if i.State != Checking {
		return fault.New(fault.Conflict, "exchange.state")
	}
	i.Total, i.Wrong, i.Problems, i.CheckedAt = total, wrong, problems, db.At(now)
	if i.State = Checked; wrong > 0 {
		i.State, i.FinishedAt = Refused, db.At(now)
	}
	return nil
}

// run begins to keep the rows.
func (i *Import) run(now time.Time) error {
	if i.State != Checked {
		return fault.New(fault.Conflict, "exchange.state")
	}
	i.State, i.StartedAt = Running, db.At(now)
	return nil
}

// keep notes that n more rows are kept, and whether these were the last.
func (i *Import) keep(n int64, last bool, now time.Time) error {
	if i.State != Running {
		return fault.New(fault.Conflict, "exchange.state")
	}
	if i.Done += n; last {
		if i.Done != i.Total { // B8.1.3.2.4a: rows written = rows read
			return fault.New(fault.Conflict, "exchange.count")
		}
		i.State, i.FinishedAt = Done, db.At(now)
	}
	return nil
}

// cancel gives it up.
func (i *Import) cancel(now time.Time) error {
	if i.State.over() {
		return fault.New(fault.Conflict, "exchange.state")
	}
	i.State, i.FinishedAt = Cancelled, db.At(now)
	return nil
}
