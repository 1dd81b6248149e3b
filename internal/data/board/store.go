package board

import (
	"fmt"
	"slices"
	"strings"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
)

const placeColumns = "id, org, path, asked_at, day_at, state, awaiting, warned, answered, late, rating, exclusion, call_due, call_state, call_late"

func (p *place) fields() []any {
	return []any{&p.ID, &p.Org, &p.Path, &p.Asked, &p.Day, &p.State, &p.Awaiting, &p.Warned, &p.Answered, &p.Late, &p.Rating, &p.Exclusion,
		&p.CallDue, &p.Call, &p.CallLate}
}

// load reads where the orders of facts stand, as far as it is known.
func load(tx *db.Tx, facts []journal.Fact) (map[id.ID]*place, error) {
	var args []any
	for _, f := range facts {
		if i := any(f.Root.String()); !slices.Contains(args, i) {
			args = append(args, i)
		}
	}
	args = db.Padded(args)
	rows, err := tx.Rows("SELECT "+placeColumns+" FROM board_order WHERE id IN (?"+strings.Repeat(", ?", len(args)-1)+")", args...)
	if err != nil {
		return nil, fmt.Errorf("read where orders stand: %w", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	out := map[id.ID]*place{}
	for rows.Next() {
		var p place
		if err := rows.Scan(p.fields()...); err != nil {
			return nil, err
		}
		out[p.ID] = &p
	}
	return out, rows.Err()
}

func save(tx *db.Tx, p *place) error {
	return tx.LaterRow(func(err error) error { return fmt.Errorf("note where order %s stands: %w", p.ID, err) },
		"INSERT INTO board_order ("+placeColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET asked_at = excluded.asked_at, day_at = excluded.day_at, state = excluded.state, awaiting = excluded.awaiting,
		warned = excluded.warned, answered = excluded.answered, late = excluded.late, rating = excluded.rating, exclusion = excluded.exclusion,
		call_due = excluded.call_due, call_state = excluded.call_state, call_late = excluded.call_late`,
		p.values()...)
}

// values are what is written, in the order of placeColumns.
func (p *place) values() []any {
	return []any{p.ID.String(), p.Org.String(), p.Path, p.Asked, p.Day, string(p.State), p.Awaiting, p.Warned, p.Answered, p.Late, string(p.Rating),
		string(p.Exclusion), p.CallDue, string(p.Call), p.CallLate}
}

// oldest is when the oldest order that nobody has in hand was asked; 0 is none.
func oldest(tx *db.Tx, path string) (at int64, err error) {
	err = tx.Row("SELECT asked_at FROM board_order WHERE state = 'waiting' AND substr(path, 1, ?) = ? ORDER BY asked_at LIMIT 1", len(path), path).Scan(&at)
	if db.NotFound(err) {
		return 0, nil
	}
	return at, err
}
