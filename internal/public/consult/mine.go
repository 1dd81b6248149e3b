package consult

import (
	"fmt"
	"maps"
	"slices"
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

// refusedOf are the orders that a lawyer has, and in which replies of his were refused
// in [from, to), and how many replies.
func refusedOf(tx *db.Tx, lawyer id.ID, from, to time.Time) (orders []id.ID, n int64, err error) {
	below, err := journal.Size(tx)
	if err != nil {
		return nil, 0, err
	}
	facts, err := journal.ByActor(tx, lawyer, RefusedFact{}.Kind(), from, to, below)
	if err != nil {
		return nil, 0, fmt.Errorf("count refused replies: %w", err)
	}
	replies := map[id.ID]int64{}
	for _, f := range facts {
		replies[f.Root]++
	}
	if orders, err = withLawyer(tx, lawyer, slices.Collect(maps.Keys(replies))); err != nil {
		return nil, 0, err
	}
	for _, o := range orders {
		n += replies[o]
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
