package complaint

import (
	"fmt"
	"strings"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
)

// Figures are the complaints of a period [from, to), for the day's report.
type Figures struct {
	Received    int `json:"received"`    // received in the period
	Suggestions int `json:"suggestions"` // of them suggestions
	Due         int `json:"due"`         // whose working day ended in the period (B7.1.2.2a)
	InTime      int `json:"in_time"`     // of them called back by then: InTime of Due is the rate, 100 % is owed
	Closed      int `json:"closed"`      // closed in the period
	Open        int `json:"open"`        // open at its end, whenever received
	Overdue     int `json:"overdue"`     // of them not called although their day had ended
	Sensitive   int `json:"sensitive"`   // received in the period and sensitive
}

// Count counts them. A complaint counts as it stood at the end of the period.
func Count(all []*Told, from, to time.Time) (f Figures) {
	in := func(t time.Time) bool { return !t.Before(from) && t.Before(to) }
	one := func(n *int, yes bool) {
		if yes {
			*n++
		}
	}
	for _, t := range all {
		if !t.Received.Before(to) {
			continue
		}
		open := t.Closed.IsZero() || !t.Closed.Before(to)
		one(&f.Received, in(t.Received))
		one(&f.Suggestions, in(t.Received) && t.Kind == Suggestion)
		one(&f.Sensitive, in(t.Received) && t.Flag != "")
		one(&f.Due, in(t.Due))
		one(&f.InTime, in(t.Due) && !t.Called.IsZero() && !t.Called.After(t.Due))
		one(&f.Closed, in(t.Closed))
		one(&f.Open, open)
		one(&f.Overdue, open && t.Due.Before(to) && (t.Called.IsZero() || !t.Called.Before(to)))
	}
	return f
}

// FiguresOf counts the complaints below a path, as the facts with leaf < below tell
// them: the same facts give the same figures, whenever they are asked for.
func FiguresOf(tx *db.Tx, path string, from, to time.Time, below int64) (Figures, error) {
	byOrg, err := touching(tx, path, from, to)
	if err != nil {
		return Figures{}, err
	}
	var all []*Told
	for org, list := range byOrg {
		told := NewFacts()
		facts, err := journal.ByRoots(tx, org, list, told.Kinds(), below)
		if err != nil {
			return Figures{}, err
		}
		for _, f := range facts {
			if err := told.Apply(f); err != nil {
				return Figures{}, err
			}
		}
		for _, t := range told.Complaints {
			all = append(all, t)
		}
	}
	return Count(all, from, to), nil
}

// touching lists, by organisation, the complaints that may count in a period: all
// that were open in it, or whose day ended in it.
func touching(tx *db.Tx, path string, from, to time.Time) (map[id.ID][]id.ID, error) {
	rows, err := tx.Rows("SELECT org, path, id FROM complaint_case WHERE received_at < ? AND (closed_at IS NULL OR closed_at >= ? OR due_at >= ?) ORDER BY received_at, id",
		to.UnixMilli(), from.UnixMilli(), from.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("list the complaints of a period: %w", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	out := map[id.ID][]id.ID{}
	for rows.Next() {
		var org, complaint id.ID
		var p string
		if err := rows.Scan(&org, &p, &complaint); err != nil {
			return nil, err
		}
		if strings.HasPrefix(p, path) {
			out[org] = append(out[org], complaint)
		}
	}
	return out, rows.Err()
}

// Now is what is open at this moment, and what came in lately, for the live board.
type Now struct {
	Open      int64           // not closed
	Overdue   int64           // of them not called although their day has ended (B7.1.2.2a)
	Sensitive int64           // of them sensitive (B7.1.2.2b)
	Received  map[int64]int64 // by the hours since from: how many came in
}

// Look counts the complaints below a path: those open now, over the index of the
// open ones, and those received from an instant on. It is List with the filter
// of the same name.
func Look(tx *db.Tx, path string, from time.Time) (n Now, err error) {
	n.Received = map[int64]int64{}
	err = tx.Row(`SELECT count(*), coalesce(sum(CASE WHEN called_at IS NULL AND due_at < ? THEN 1 ELSE 0 END), 0), coalesce(sum(CASE WHEN flag <> '' THEN 1 ELSE 0 END), 0)
		FROM complaint_case WHERE closed_at IS NULL AND substr(path, 1, ?) = ?`, tx.Now().UnixMilli(), len(path), path).Scan(&n.Open, &n.Overdue, &n.Sensitive)
	if err != nil {
		return n, fmt.Errorf("count open complaints: %w", err)
	}
	rows, err := tx.Rows("SELECT (received_at - ?) / 3600000, count(*) FROM complaint_case WHERE received_at >= ? AND substr(path, 1, ?) = ? GROUP BY 1",
		from.UnixMilli(), from.UnixMilli(), len(path), path)
	if err != nil {
		return n, fmt.Errorf("count received complaints: %w", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		var hour, count int64
		if err := rows.Scan(&hour, &count); err != nil {
			return n, err
		}
		n.Received[hour] = count
	}
	return n, rows.Err()
}
