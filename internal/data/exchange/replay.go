package exchange

import (
	"fmt"
	"strconv"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
)

// Told is what the facts say of an import.
type Told struct {
	State State
	Rows  int64 // that were found
	Kept  int64
}

// Facts follows imports fact by fact, in leaf order, for verify.
type Facts struct {
	Imports map[id.ID]*Told
	texts   map[id.ID]map[int64]id.ID // import, row, sealed text
	erased  map[id.ID]bool            // records
}

// NewFacts has seen nothing yet.
func NewFacts() *Facts {
	return &Facts{map[id.ID]*Told{}, map[id.ID]map[int64]id.ID{}, map[id.ID]bool{}}
}

// Kinds are the facts that Apply understands.
func (*Facts) Kinds() []string {
	return []string{"exchange.uploaded", "exchange.checked", "exchange.started", "exchange.kept", "exchange.done", "exchange.cancelled", "exchange.record_erased"}
}

// Apply takes the next fact.
func (x *Facts) Apply(f journal.Fact) error {
	switch f.Kind {
	case "exchange.uploaded":
		x.Imports[f.Subject], x.texts[f.Subject] = &Told{State: Checking}, map[int64]id.ID{}
		return nil
	case "exchange.record_erased":
		x.erased[f.Subject] = true
		return nil
	}
	t := x.Imports[f.Subject]
	if t == nil {
		return fmt.Errorf("fact %s of import %s comes before its file", f.Kind, f.Subject)
	}
	switch f.Kind {
	case "exchange.checked":
		var e CheckedFact
		if err := f.Decode(&e); err != nil {
			return err
		}
		if t.State, t.Rows = Checked, e.Rows; e.Wrong > 0 {
			t.State = Refused
		}
	case "exchange.started":
		t.State = Running
	case "exchange.kept":
		var e KeptFact
		if err := f.Decode(&e); err != nil {
			return err
		}
		if e.From != t.Kept+1 || int64(len(f.Sealed)) != e.Rows {
			return fmt.Errorf("import %s keeps rows out of order", f.Subject)
		}
		t.Kept += e.Rows
		for name, c := range f.Sealed {
			n, err := strconv.ParseInt(name, 10, 64)
			if err != nil {
				return fmt.Errorf("import %s keeps a row without a number", f.Subject)
			}
			x.texts[f.Subject][n] = c.ID
		}
	case "exchange.done":
		t.State = Done
	case "exchange.cancelled":
		t.State = Cancelled
		x.texts[f.Subject] = nil // its rows go
	}
	return nil
}

// Compare tells the first row that is not what the facts say: states and counts of
// imports, and that each record is where and what its import kept.
func (x *Facts) Compare(tx *db.Tx) error {
	if err := x.compareImports(tx); err != nil {
		return err
	}
	rows, err := tx.Rows("SELECT id, import, n, words, erased_at FROM exchange_record")
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	found := map[id.ID]int64{}
	for rows.Next() {
		var r record
		if err := rows.Scan(&r.ID, &r.Import, &r.N, &r.Words, &r.ErasedAt); err != nil {
			return err
		}
		t := x.Imports[r.Import]
		switch {
		case t == nil:
			return fmt.Errorf("exchange_record: row %s belongs to no import", r.ID)
		case t.State == Cancelled:
			continue // it is on its way out
		case x.texts[r.Import][r.N] != r.Words:
			return fmt.Errorf("exchange_record: row %d of import %s is not the one that was kept", r.N, r.Import)
		case x.erased[r.ID] == r.ErasedAt.IsZero():
			return fmt.Errorf("exchange_record: whether row %d of import %s is erased is not what its facts say", r.N, r.Import)
		}
		found[r.Import]++
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for i, t := range x.Imports {
		if t.State != Cancelled && found[i] != t.Kept {
			return fmt.Errorf("exchange_record: import %s kept %d rows, %d are there", i, t.Kept, found[i])
		}
	}
	return nil
}

func (x *Facts) compareImports(tx *db.Tx) error {
	rows, err := tx.Rows("SELECT id, state, total, done FROM exchange_import")
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	n := 0
	for rows.Next() {
		var i Import
		var state string
		if err := rows.Scan(&i.ID, &state, &i.Total, &i.Done); err != nil {
			return err
		}
		t := x.Imports[i.ID]
		if t == nil {
			return fmt.Errorf("exchange_import: import %s has no fact", i.ID)
		}
		counted := t.State == Checking || t.State == Cancelled || t.Rows == i.Total // while it is checked the row counts along
		if State(state) != t.State || t.Kept != i.Done || !counted {
			return fmt.Errorf("exchange_import: import %s is not what its facts say", i.ID)
		}
		n++
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if n != len(x.Imports) {
		return fmt.Errorf("exchange_import: %d imports have facts, %d have rows", len(x.Imports), n)
	}
	return nil
}
