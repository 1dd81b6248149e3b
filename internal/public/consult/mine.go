package consult

import (
	"fmt"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
)

// A lawyer's own figures (本人数据): made of the orders that he answered in a time,
// by the same formulas as everybody's, and of the replies of his that were refused.
// Each opens its orders: List with the same days and the figure's name.

// Own is a figure of a lawyer's, as a filter of his orders.
type Own string

// The figures that open orders.
const (
	OwnAnswered     Own = "answered"
	OwnInTime       Own = "in_time"
	OwnLate         Own = "late"
	OwnRated        Own = "rated"
	OwnSatisfied    Own = "satisfied"
	OwnNonSatisfied Own = "non_satisfied" // and called back
	OwnRefused      Own = "refused"
)

// where is the condition of a figure on an order that the lawyer answered.
var where = map[Own]string{
	OwnAnswered:     "1 = 1",
	OwnInTime:       "NOT o.breach",
	OwnLate:         "o.breach",
	OwnRated:        "o.rating IS NOT NULL",
	OwnSatisfied:    "o.rating IN ('very_satisfied', 'satisfied')",
	OwnNonSatisfied: "o.rating IN ('general', 'dissatisfied', 'very_dissatisfied')",
}

// OwnFigures are those of a lawyer in a time.
type OwnFigures struct {
	Figures
	Refused   int64 // replies that did not keep the rules (B6.2.1.2), of the orders he still has
	Elsewhere int64 // answered by him, but with another lawyer by now: the lists don't show them
}

// FiguresOf gives the figures of a lawyer's answers in [from, to), as they stand now.
func FiguresOf(tx *db.Tx, lawyer id.ID, from, to time.Time) (f OwnFigures, err error) {
	rows, err := answeredBy(tx, lawyer, from, to)
	if err != nil {
		return f, err
	}
	records := make([]Record, len(rows))
	for i, r := range rows {
		records[i] = r.Record
		if r.with != lawyer && r.Excluded == "" {
			f.Elsewhere++
		}
	}
	f.Figures = Compute(records, tx.Now())
	_, f.Refused, err = refusedOf(tx, lawyer, from, to)
	return f, err
}

// refusedOf are the orders, and how many replies, of a lawyer that were refused in
// [from, to).
func refusedOf(tx *db.Tx, lawyer id.ID, from, to time.Time) (orders []id.ID, n int64, err error) {
	below, err := journal.Size(tx)
	if err != nil {
		return nil, 0, err
	}
	byOrg, err := inHandsOf(tx, lawyer, from)
	if err != nil {
		return nil, 0, err
	}
	seen := map[id.ID]bool{}
	for org, list := range byOrg {
		facts, err := journal.ByRoots(tx, org, list, []string{RefusedFact{}.Kind()}, below)
		if err != nil {
			return nil, 0, fmt.Errorf("count refused replies: %w", err)
		}
		for _, f := range facts {
			if f.Actor != lawyer || f.At.Before(from) || !f.At.Before(to) {
				continue
			}
			n++
			if !seen[f.Root] {
				seen[f.Root] = true
				orders = append(orders, f.Root)
			}
		}
	}
	return orders, n, nil
}

// Days is a span of days, both ends included, of a zone.
func Days(since, until, zone string) (from, to time.Time, err error) {
	if from, _, err = dayOf(since, zone); err != nil {
		return from, to, err
	}
	_, to, err = dayOf(until, zone)
	return from, to, err
}
