package board

import (
	"context"
	"fmt"
	"strings"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/who"
	"mingfa/internal/core/identity"
	"mingfa/internal/public/consult"
)

// Fill writes n orders of the year before now and their counts, as the reaction
// would have left them: for mingfa bench. A fiftieth of them, the youngest, wait;
// the others are answered and rated. It tells how many rows of counts there are.
func Fill(ctx context.Context, d *db.DB, orgs []identity.Org, n int, now time.Time) (int, error) {
	counts := map[bucket]Counts{}
	var orders, rows [][]any
	step := 365 * 24 * time.Hour / time.Duration(n)
	for i := range n {
		o := orgs[i%len(orgs)]
		p := place{ID: id.New(), Org: o.ID, Path: o.Path, Asked: now.Add(-time.Duration(i) * step).UnixMilli(), State: consult.Answered, Answered: true, Rating: consult.Satisfied}
		if i < n/50 {
			p.State, p.Answered, p.Rating, p.Awaiting = consult.Waiting, false, "", true
		}
		var err error
		if p.Day, err = dayOf(time.UnixMilli(p.Asked), o.Zone); err != nil {
			return 0, err
		}
		for _, at := range []bucket{{spanAll, 0, o.Path}, {spanDay, p.Day, o.Path}, {spanHour, hourOf(p.Asked), o.Path}} {
			c := counts[at]
			c.add(p.counts(), 1)
			counts[at] = c
		}
		orders = append(orders, p.values())
	}
	for at, c := range counts {
		row := []any{at.span, at.at, at.path}
		for _, v := range c.fields() {
			row = append(row, *v)
		}
		rows = append(rows, row)
	}
	if err := insert(ctx, d, "INSERT INTO board_order ("+placeColumns+") VALUES ", orders); err != nil {
		return 0, err
	}
	return len(rows), insert(ctx, d, "INSERT INTO board_count (span, at, path, "+columnList+") VALUES ", rows)
}

// Recount writes the counts of all orders that are on the board, of which there
// must be none: for mingfa bench, which writes the orders in bulk.
func Recount(ctx context.Context, d *db.DB) error {
	var all tally
	for last := id.Nil.String(); ; {
		n := 0
		err := d.View(ctx, who.System("bench"), func(tx *db.Tx) error {
			rows, err := tx.Rows("SELECT "+placeColumns+" FROM board_order WHERE id > ? ORDER BY id LIMIT 50000", last)
			if err != nil {
				return err
			}
			defer rows.Close() //nolint:errcheck // rows.Err tells
			for rows.Next() {
				var p place
				if err := rows.Scan(p.fields()...); err != nil {
					return err
				}
				all.add(&p, p.counts())
				last, n = p.ID.String(), n+1
			}
			return rows.Err()
		})
		if err != nil {
			return fmt.Errorf("count the board again: %w", err)
		}
		if n == 0 {
			break
		}
	}
	var counts [][]any
	for _, c := range all.cells {
		row := []any{c.span, c.at, c.path}
		for _, v := range all.diffs[c].fields() {
			row = append(row, *v)
		}
		counts = append(counts, row)
	}
	return insert(ctx, d, "INSERT INTO board_count (span, at, path, "+columnList+") VALUES ", counts)
}

// insert writes rows, some hundred in a transaction.
func insert(ctx context.Context, d *db.DB, into string, rows [][]any) error {
	for len(rows) > 0 {
		part := rows[:min(200, len(rows))]
		rows = rows[len(part):]
		marks, args := []string{}, []any{}
		for _, r := range part {
			marks, args = append(marks, "(?"+strings.Repeat(", ?", len(r)-1)+")"), append(args, r...)
		}
		err := d.Do(ctx, who.System("bench"), func(tx *db.Tx) error {
			_, err := tx.Exec(into+strings.Join(marks, ", "), args...)
			return err
		})
		if err != nil {
			return fmt.Errorf("fill the board: %w", err)
		}
	}
	return nil
}
