package board

import (
	"fmt"
	"strings"

	"mingfa/internal/base/db"
)

// columns are what is counted, in the order of Counts; each is a set of orders
// that consult lists under the same name (consult.Figure).
var columns = []string{"consultations", "answered", "answered_in_time", "abandoned", "rated", "satisfied",
	"callbacks_done", "callbacks_in_time", "callbacks_late", "callbacks_open", "callbacks_overdue",
	"excluded_test", "excluded_spam", "excluded_duplicate", "waiting", "in_hand", "asked_back",
	"clock_0", "clock_60", "clock_90", "clock_110", "clock_120"}

// Counts are the numbers of a set of orders.
type Counts struct {
	Consultations, Answered, InTime, Abandoned, Rated, Satisfied                   int64
	CallbacksDone, CallbacksInTime, CallbacksLate, CallbacksOpen, CallbacksOverdue int64
	ExcludedTest, ExcludedSpam, ExcludedDuplicate                                  int64
	Waiting, InHand, AskedBack                                                     int64
	Clock0, Clock60, Clock90, Clock110, Clock120                                   int64
}

// fields are the numbers in the order of columns.
func (c *Counts) fields() []*int64 {
	return []*int64{&c.Consultations, &c.Answered, &c.InTime, &c.Abandoned, &c.Rated, &c.Satisfied,
		&c.CallbacksDone, &c.CallbacksInTime, &c.CallbacksLate, &c.CallbacksOpen, &c.CallbacksOverdue,
		&c.ExcludedTest, &c.ExcludedSpam, &c.ExcludedDuplicate, &c.Waiting, &c.InHand, &c.AskedBack,
		&c.Clock0, &c.Clock60, &c.Clock90, &c.Clock110, &c.Clock120}
}

// add adds n times other.
func (c *Counts) add(other Counts, n int64) {
	from := other.fields()
	for i, to := range c.fields() {
		*to += n * *from[i]
	}
}

// NonSatisfied are the rated ones below satisfied (T7).
func (c Counts) NonSatisfied() int64 { return c.Rated - c.Satisfied }

// Settled are the orders whose limit decided: answered, or nobody came in time.
func (c Counts) Settled() int64 { return c.Answered + c.Abandoned }

// Breaches are answered late, or not and past the limit.
func (c Counts) Breaches() int64 { return c.Answered - c.InTime + c.Abandoned }

// Open are not answered and within the limit.
func (c Counts) Open() int64 { return c.Consultations - c.Settled() }

// spans are the rows that an order is counted in.
const (
	spanAll  = "all"
	spanDay  = "day"
	spanHour = "hour"
)

var (
	insertCounts = "INSERT INTO board_count (span, at, path, " + columnList + ") VALUES " +
		rowMarks + " ON CONFLICT (span, at, path) DO UPDATE SET " + raise()
	columnList = strings.Join(columns, ", ")
	rowMarks   = "(?, ?, ?" + strings.Repeat(", ?", len(columns)) + ")"
)

func raise() string {
	var set []string
	for _, c := range columns {
		set = append(set, c+" = board_count."+c+" + excluded."+c)
	}
	return strings.Join(set, ", ")
}

// cell names a row of counts.
type cell struct {
	span string
	at   int64
	path string
}

// tally is what is to be added to rows of counts.
type tally struct {
	cells []cell // in the order in which they were met
	diffs map[cell]*Counts
}

// add adds a difference to the three rows that an order is counted in.
func (t *tally) add(p *place, diff Counts) {
	if diff == (Counts{}) {
		return
	}
	if t.diffs == nil {
		t.diffs = map[cell]*Counts{}
	}
	for _, c := range []cell{{spanAll, 0, p.Path}, {spanDay, p.Day, p.Path}, {spanHour, hourOf(p.Asked), p.Path}} {
		if t.diffs[c] == nil {
			t.cells, t.diffs[c] = append(t.cells, c), &Counts{}
		}
		t.diffs[c].add(diff, 1)
	}
}

func (t *tally) write(tx *db.Tx) error {
	for _, c := range t.cells {
		args := []any{c.span, c.at, c.path}
		for _, n := range t.diffs[c].fields() {
			args = append(args, *n)
		}
		if err := tx.LaterRow(func(err error) error { return fmt.Errorf("count orders: %w", err) }, insertCounts, args...); err != nil {
			return err
		}
	}
	return nil
}

// hourOf is when the hour of an instant begins, in milliseconds.
func hourOf(at int64) int64 { return at - at%3_600_000 }

// sums reads the counts of a span below a path: of each beginning in [from, to).
func sums(tx *db.Tx, span, path string, from, to int64) (map[int64]Counts, error) {
	rows, err := tx.Rows("SELECT at, sum("+strings.Join(columns, "), sum(")+") FROM board_count WHERE span = ? AND at >= ? AND at < ? AND substr(path, 1, ?) = ? GROUP BY at",
		span, from, to, len(path), path)
	if err != nil {
		return nil, fmt.Errorf("read the board's counts: %w", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	out := map[int64]Counts{}
	for rows.Next() {
		var at int64
		var c Counts
		into := []any{&at}
		for _, n := range c.fields() {
			into = append(into, n)
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		out[at] = c
	}
	return out, rows.Err()
}
