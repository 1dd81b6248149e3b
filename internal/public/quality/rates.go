package quality

import (
	"context"
	"fmt"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/setting"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
	"mingfa/internal/public/consult"
	"mingfa/internal/public/lawyer"
)

// Count is what was inspected. The numbers open their orders: List with the
// same month, lawyer and Result.
type Count struct {
	Sampled   int64 // drawn, without those that can't be inspected
	Inspected int64 // of them with an undisputed result: the sample size of the rates
	Disputed  int64 // of them with a disputed one
	Fatal     int64 // inspected with at least one fatal item
	Minor     int64 // inspected with at least one non-fatal item
}

// FatalRate is the fatal error rate (B7.T1e, B7.1.4.2.2b): n/a of nothing.
func (c Count) FatalRate() consult.Rate { return consult.Rate{Num: c.Fatal, Den: c.Inspected} }

// MinorRate is the non-fatal error rate (B7.T1f, B7.1.4.2.2a).
func (c Count) MinorRate() consult.Rate { return consult.Rate{Num: c.Minor, Den: c.Inspected} }

// Exceeds tells whether a rate is above its mark: exactly the mark is not.
func Exceeds(r consult.Rate, percent int64) bool {
	order, ok := r.Compare(percent)
	return ok && order > 0
}

// LawyerRates are the figures of a lawyer's month, or of all together.
type LawyerRates struct {
	Lawyer     id.ID // Nil: all
	Card       *lawyer.Card
	Population int64 // answered orders that the last draw drew from
	Drawn      Count // at random: what rates are made of
	Added      Count // by persons, kept apart
}

// MonthRates are the figures of a month.
type MonthRates struct {
	Limits Limits
	Total  LawyerRates
	Items  []LawyerRates
}

const countColumns = `coalesce(sum(CASE WHEN drawn AND state <> 'void' THEN 1 ELSE 0 END), 0),
	coalesce(sum(CASE WHEN drawn AND state IN ('checked', 'final') THEN 1 ELSE 0 END), 0),
	coalesce(sum(CASE WHEN drawn AND state IN ('disputed', 'differing') THEN 1 ELSE 0 END), 0),
	coalesce(sum(CASE WHEN drawn AND state IN ('checked', 'final') AND fatal THEN 1 ELSE 0 END), 0),
	coalesce(sum(CASE WHEN drawn AND state IN ('checked', 'final') AND minor THEN 1 ELSE 0 END), 0),
	coalesce(sum(CASE WHEN NOT drawn AND state <> 'void' THEN 1 ELSE 0 END), 0),
	coalesce(sum(CASE WHEN NOT drawn AND state IN ('checked', 'final') THEN 1 ELSE 0 END), 0),
	coalesce(sum(CASE WHEN NOT drawn AND state IN ('disputed', 'differing') THEN 1 ELSE 0 END), 0),
	coalesce(sum(CASE WHEN NOT drawn AND state IN ('checked', 'final') AND fatal THEN 1 ELSE 0 END), 0),
	coalesce(sum(CASE WHEN NOT drawn AND state IN ('checked', 'final') AND minor THEN 1 ELSE 0 END), 0)`

func (r *LawyerRates) fields() []any {
	var out []any
	for _, c := range []*Count{&r.Drawn, &r.Added} {
		out = append(out, &c.Sampled, &c.Inspected, &c.Disputed, &c.Fatal, &c.Minor)
	}
	return out
}

// Rates are the figures of a month by lawyer, of the orders that the actor may
// see, in the order of the lawyers' IDs after cursor.
func (s *Service) Rates(ctx context.Context, a who.Actor, month string, cursor id.ID, limit int64) (out MonthRates, err error) {
	if err := s.Rules.Need(a, "quality.rates", access.Object{Org: a.Scope}); err != nil {
		return out, err
	}
	if !monthForm.MatchString(month) {
		return out, fault.Bad(fault.At("month", "fault.field_format"))
	}
	cond, args := s.Rules.Visible(a, "quality.rates", access.Columns{OrgPath: "path"})
	args = append(args, month)
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		if out.Limits, err = setting.Get(tx, limits, a.Scope, tx.Now()); err != nil {
			return err
		}
		if err := tx.Row("SELECT "+countColumns+" FROM quality_sample WHERE "+cond+" AND month = ?", args...).Scan(out.Total.fields()...); err != nil {
			return fmt.Errorf("count inspected orders: %w", err)
		}
		if out.Items, err = byLawyer(tx, cond, args, cursor, limit); err != nil {
			return err
		}
		return s.describe(ctx, tx, month, out.Items)
	})
	return out, err
}

func byLawyer(tx *db.Tx, cond string, args []any, cursor id.ID, limit int64) (out []LawyerRates, err error) {
	rows, err := tx.Rows("SELECT lawyer, "+countColumns+" FROM quality_sample WHERE "+cond+
		" AND month = ? AND lawyer > ? GROUP BY lawyer ORDER BY lawyer LIMIT ?", append(args, cursor.String(), limit)...)
	if err != nil {
		return nil, fmt.Errorf("count inspected orders by lawyer: %w", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		var r LawyerRates
		if err := rows.Scan(append([]any{&r.Lawyer}, r.fields()...)...); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// describe adds names and populations.
func (s *Service) describe(ctx context.Context, tx *db.Tx, month string, list []LawyerRates) error {
	lawyers := make([]id.ID, len(list))
	for i, r := range list {
		lawyers[i] = r.Lawyer
	}
	cards, err := s.Lawyers.Cards(ctx, tx, lawyers...)
	if err != nil {
		return err
	}
	for i := range list {
		r := &list[i]
		if c, ok := cards[r.Lawyer]; ok {
			r.Card = &c
		}
		err := tx.Row("SELECT population FROM quality_draw WHERE id = ?", monthID(r.Lawyer, month).String()).Scan(&r.Population)
		if err != nil && !db.NotFound(err) {
			return err
		}
	}
	return nil
}

// MonthCount is what was inspected of a month, drawn at random, below a path.
type MonthCount struct {
	Month string // YYYY-MM
	Count
}

// Months counts the n months up to one, which is the last; for the live board
// and the day's report.
func Months(tx *db.Tx, path, month string, n int) (out []MonthCount, err error) {
	last, err := time.Parse("2006-01", month)
	if err != nil {
		return nil, fmt.Errorf("read a month: %w", err)
	}
	at := map[string]*Count{}
	for i := range n {
		out = append(out, MonthCount{Month: last.AddDate(0, i+1-n, 0).Format("2006-01")})
	}
	for i := range out {
		at[out[i].Month] = &out[i].Count
	}
	where, args := "drawn AND month >= ? AND month <= ?", []any{out[0].Month, month}
	if path != "/" { // every path begins with it
		where, args = where+" AND substr(path, 1, ?) = ?", append(args, len(path), path)
	}
	// grouped in the order of quality_sample_counted, which has all that is asked for
	rows, err := tx.Rows("SELECT month, state, fatal, minor, count(*) FROM quality_sample WHERE "+where+" GROUP BY month, state, fatal, minor", args...)
	if err != nil {
		return nil, fmt.Errorf("count inspected orders by month: %w", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		var m string
		var state State
		var fatal, minor bool
		var n int64
		if err := rows.Scan(&m, &state, &fatal, &minor, &n); err != nil {
			return nil, err
		}
		if c := at[m]; c != nil {
			c.add(state, fatal, minor, n)
		}
	}
	return out, rows.Err()
}

// CountOf is what was inspected of a month below a path, drawn at random, as the
// facts with leaf < below tell it: the same facts give the same count, whenever
// they are asked for.
func CountOf(tx *db.Tx, path, month string, below int64) (c Count, err error) {
	byOrg, err := samplesOf(tx, path, month)
	if err != nil {
		return c, err
	}
	for org, list := range byOrg {
		x := NewFacts()
		facts, err := journal.ByRoots(tx, org, list, sampleKinds, below)
		if err != nil {
			return c, err
		}
		for _, f := range facts {
			if err := x.Apply(f); err != nil {
				return c, err
			}
		}
		for _, q := range x.samples {
			if q.drawn {
				c.add(q.state, q.fatal, q.minor, 1)
			}
		}
	}
	return c, nil
}

// add counts n samples that were drawn at random and stand alike.
func (c *Count) add(state State, fatal, minor bool, n int64) {
	if state == Void {
		return
	}
	c.Sampled += n
	switch state {
	case Checked, Final:
		c.Inspected += n
		if fatal {
			c.Fatal += n
		}
		if minor {
			c.Minor += n
		}
	case Disputed, Differing:
		c.Disputed += n
	}
}

// samplesOf lists the samples of a month below a path by organisation.
func samplesOf(tx *db.Tx, path, month string) (map[id.ID][]id.ID, error) {
	rows, err := tx.Rows("SELECT org, id FROM quality_sample WHERE month = ? AND substr(path, 1, ?) = ? ORDER BY id", month, len(path), path)
	if err != nil {
		return nil, fmt.Errorf("list the samples of a month: %w", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	out := map[id.ID][]id.ID{}
	for rows.Next() {
		var org, sample id.ID
		if err := rows.Scan(&org, &sample); err != nil {
			return nil, err
		}
		out[org] = append(out[org], sample)
	}
	return out, rows.Err()
}
