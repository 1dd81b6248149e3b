package db

import (
	"math/bits"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Rows for one table that are kept back in a transaction go to PostgreSQL as one
// statement: what each statement costs there, and on the way, is more than what
// a row costs.

// mostRows are put in by one statement.
const mostRows = 64

// LaterRow is Later for INSERT ... VALUES (?, ...) of one row, many of which may
// come in one transaction: on PostgreSQL those that are kept back go as one
// statement, in the place of the first. So nothing that was kept back between
// them may depend on them. explain is that of the first.
func (tx *Tx) LaterRow(explain func(error) error, query string, args ...any) error {
	return tx.later(later{query: query, args: args, rows: 1, explain: explain})
}

// InsertRowLater is LaterRow for a new row of bun's.
func (tx *Tx) InsertRowLater(explain func(error) error, model any) error {
	return tx.insert(later{rows: 1, explain: explain}, model)
}

// keep adds a statement to those that wait, a row to the rows of its table.
func (p *pipe) keep(l later) {
	more := func(q later) bool { return q.rows > 0 && q.rows < mostRows && q.query == l.query }
	if i := slices.IndexFunc(p.queue, more); l.rows > 0 && i >= 0 {
		q := &p.queue[i]
		q.args, q.rows = append(q.args, l.args...), q.rows+1
		return
	}
	p.queue = append(p.queue, l)
}

// statements adds to all what is sent for l: itself, or one for its rows. More
// rows than four go by powers of two, so there are few statements to prepare.
func (l later) statements(all []later) []later {
	if l.rows == 0 {
		return append(all, l)
	}
	values := len(l.args) / l.rows
	for done := 0; done < l.rows; {
		n := l.rows - done
		if n > 4 {
			n = 1 << (bits.Len(uint(n)) - 1)
		}
		all = append(all, later{query: bindRows(l.query, n), args: l.args[done*values : (done+n)*values], explain: l.explain})
		done += n
	}
	return all
}

// oneRow is the row of an INSERT whose values are all bound.
var oneRow = regexp.MustCompile(` VALUES (\((?:\?|NULL|DEFAULT)(?:, (?:\?|NULL|DEFAULT))*\))`)

// boundRows caches statements for several rows; "" is one that takes no more.
var boundRows sync.Map

type rowsOf struct {
	query string
	rows  int
}

// takesRows tells whether more rows can be written behind the one of an INSERT.
func takesRows(query string) bool { return bindRows(query, 1) != "" }

func bindRows(query string, rows int) string {
	if q, ok := boundRows.Load(rowsOf{query, rows}); ok {
		return q.(string)
	}
	many := ""
	if at := oneRow.FindStringSubmatchIndex(query); at != nil && !strings.Contains(query, "'") {
		row, end := query[at[2]:at[3]], at[3]
		many = bind(query[:end] + strings.Repeat(", "+row, rows-1) + query[end:])
	}
	boundRows.Store(rowsOf{query, rows}, many)
	return many
}
