package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
	"mingfa/internal/data/alarm"
	"mingfa/internal/data/board"
	"mingfa/internal/data/exchange"
	"mingfa/internal/public/complaint"
	"mingfa/internal/public/consult"
	"mingfa/internal/public/quality"
)

// verify proves that what was made is what the rooms write: facts, rows, counts and
// texts agree. Only files have no bytes here. A large run would take minutes.
func (w *listWorld) verify(ctx context.Context) error {
	r, err := journal.Verify(ctx, journal.Audit{DB: w.h.db, Public: w.h.signer.Public, Signer: w.h.signer, Keys: w.h.keys,
		Replays: []journal.Replay{consult.NewFacts(), complaint.NewFacts(), quality.NewFacts(), board.NewFacts(), alarm.NewFacts(), exchange.NewFacts()}})
	if err != nil {
		return fmt.Errorf("what the bench made doesn't hold: %w", err)
	}
	if bad := r.Content[seal.Bad]; bad > 0 {
		return fmt.Errorf("%d texts that the bench made don't hold", bad)
	}
	w.b.Report("facts_verified", float64(r.Facts), "")
	w.b.Report("texts_verified", float64(r.Content[seal.OK]), "")
	for name, o := range w.orgs {
		for _, back := range []int{0, 1, 9, 20} {
			if err := w.agree(ctx, o.Path, w.p.day.AddDate(0, 0, -back)); err != nil {
				return fmt.Errorf("%s, %d days back: %w", name, back, err)
			}
		}
	}
	return nil
}

// agree proves that what a day's figures are made of is the same from the rows, as
// they are shown live, and from the facts, as they are reported.
func (w *listWorld) agree(ctx context.Context, path string, day time.Time) error {
	return w.h.db.View(ctx, benchActor, func(tx *db.Tx) error {
		below, err := journal.Size(tx)
		if err != nil {
			return err
		}
		told, err := consult.Records(tx, path, day, day.AddDate(0, 0, 1), below)
		if err != nil {
			return err
		}
		seen, err := consult.RecordsNow(tx, path, day, day.AddDate(0, 0, 1))
		if err != nil {
			return err
		}
		if a, b := asText(told), asText(seen); a != b {
			return fmt.Errorf("the facts tell of the orders\n%s\nand the rows\n%s", a, b)
		}
		counted, err := quality.CountOf(tx, path, day.Format("2006-01"), below)
		if err != nil {
			return err
		}
		months, err := quality.Months(tx, path, day.Format("2006-01"), 1)
		if err == nil && months[0].Count != counted {
			err = fmt.Errorf("the facts tell of inspections %v, the rows %v", counted, months[0].Count)
		}
		return err
	})
}

func asText(records []consult.Record) string {
	var lines []string
	at := func(t time.Time) int64 {
		if t.IsZero() {
			return 0
		}
		return t.UnixMilli()
	}
	for _, r := range records {
		lines = append(lines, fmt.Sprint(r.Order, at(r.Asked), at(r.Answered), r.Excluded, r.Rated, at(r.CallDue), at(r.CalledBack)))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
