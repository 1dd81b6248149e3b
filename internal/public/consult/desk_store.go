package consult

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
)

// The rows of the lawyer's desk: notes, handovers, saved replies; and what his own
// figures are made of.

type noteRow struct {
	bun.BaseModel `bun:"table:consult_note"`

	ID     id.ID   `bun:"type:uuid,pk"`
	Org    id.ID   `bun:"type:uuid"`
	Order  id.ID   `bun:"consult,type:uuid"`
	Author id.ID   `bun:"type:uuid"`
	Words  id.ID   `bun:"type:uuid"` // sealed
	At     db.Time `bun:",nullzero"`
}

type handoverRow struct {
	bun.BaseModel `bun:"table:consult_handover"`

	ID    id.ID   `bun:"type:uuid,pk"` // of the sealed words
	Org   id.ID   `bun:"type:uuid"`
	Order id.ID   `bun:"consult,type:uuid"`
	From  id.ID   `bun:"from_lawyer,type:uuid"`
	To    id.ID   `bun:"to_lawyer,type:uuid"`
	At    db.Time `bun:",nullzero"`
}

// Saved is a saved reply as it is stored.
type Saved struct {
	bun.BaseModel `bun:"table:consult_saved"`

	ID      id.ID `bun:"type:uuid,pk"`
	Org     id.ID `bun:"type:uuid"`
	Path    string
	Rev     int64
	Owner   id.ID   `bun:"type:uuid,nullzero"` // Nil: the organisation's
	Words   id.ID   `bun:"type:uuid"`          // one sealed JSON of SavedText
	By      id.ID   `bun:"by_person,type:uuid"`
	At      db.Time `bun:",nullzero"`
	Removed bool
}

// notedBefore finds a note by its ID, and how many the order has.
func notedBefore(tx *db.Tx, order, note id.ID) (*noteRow, int64, error) {
	var row noteRow
	err := tx.NewSelect().Model(&row).Where("id = ?", note).Scan(tx.Ctx())
	if err == nil {
		return &row, 0, nil
	}
	if !db.NotFound(err) {
		return nil, 0, err
	}
	n, err := tx.NewSelect().Model((*noteRow)(nil)).Where("consult = ?", order).Count(tx.Ctx())
	return nil, n, err
}

func notesOf(tx *db.Tx, order id.ID) (out []noteRow, err error) {
	err = tx.NewSelect().Model(&out).Where("consult = ?", order).Order("at", "id").Scan(tx.Ctx())
	return out, err
}

// handovers are the summaries of an order, the newest first.
func handovers(tx *db.Tx, order id.ID) (out []handoverRow, err error) {
	err = tx.NewSelect().Model(&out).Where("consult = ?", order).OrderExpr("at DESC, id DESC").Limit(maxHandovers).Scan(tx.Ctx())
	return out, err
}

// maxHandovers bounds what an order's page shows of its way through many hands.
const maxHandovers = 50

func loadSaved(tx *db.Tx, saved id.ID, locked bool) (*Saved, error) {
	if locked {
		return db.LoadLocked[Saved](tx, saved)
	}
	return db.Load[Saved](tx, saved)
}

func saveSaved(tx *db.Tx, r *Saved) error { return tx.Save(r, &r.Rev) }

// savedFor lists the saved replies of a person, and those of organisations at or
// above a path, after a cursor.
func savedFor(tx *db.Tx, person id.ID, path string, after id.ID, limit int64) (out []Saved, err error) {
	err = tx.NewSelect().Model(&out).Where("NOT removed").
		Where("(owner = ? OR owner IS NULL AND substr(CAST(? AS TEXT), 1, length(path)) = path)", person, path).
		Where("id > ?", after).Order("id").Limit(limit).Scan(tx.Ctx())
	return out, err
}

// countSaved tells how many saved replies somebody has: a person, or with Nil an
// organisation.
func countSaved(tx *db.Tx, owner, org id.ID) (int64, error) {
	q := tx.NewSelect().Model((*Saved)(nil)).Where("NOT removed")
	if owner != id.Nil {
		return q.Where("owner = ?", owner).Count(tx.Ctx())
	}
	return q.Where("owner IS NULL AND org = ?", org).Count(tx.Ctx())
}

// ownRow is an order that a lawyer answered.
type ownRow struct {
	Record
	with id.ID // who has it now
}

// answeredBy lists the orders that a lawyer answered in [from, to).
func answeredBy(tx *db.Tx, lawyer id.ID, from, to time.Time) (out []ownRow, err error) {
	rows, err := tx.Rows(`SELECT o.id, o.asked_at, a.at, coalesce(o.exclusion, ''), coalesce(o.rating, ''), o.lawyer, c.due_at, c.called_at
		FROM consult_answer a JOIN consult_order o ON o.id = a.id LEFT JOIN consult_callback c ON c.order_id = o.id
		WHERE a.lawyer = ? AND a.at >= ? AND a.at < ?`, lawyer.String(), from.UnixMilli(), to.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("list a lawyer's answers: %w", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		var r ownRow
		var asked, answered, due, called db.Time
		if err := rows.Scan(&r.Order, &asked, &answered, &r.Excluded, &r.Rated, &r.with, &due, &called); err != nil {
			return nil, fmt.Errorf("list a lawyer's answers: %w", err)
		}
		r.Asked, r.Answered, r.CallDue, r.CalledBack = asked.Time, answered.Time, due.Time, called.Time
		out = append(out, r)
	}
	return out, rows.Err()
}

// withLawyer are those of the orders that a lawyer has now.
func withLawyer(tx *db.Tx, lawyer id.ID, orders []id.ID) (out []id.ID, err error) {
	for part := range slices.Chunk(orders, 200) {
		args := []any{lawyer.String()}
		for _, o := range part {
			args = append(args, o.String())
		}
		found, err := idsOf(tx, "SELECT id FROM consult_order WHERE lawyer = ? AND id IN (?"+strings.Repeat(", ?", len(part)-1)+")", args...)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}
