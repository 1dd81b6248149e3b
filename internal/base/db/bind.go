package db

import (
	"context"
	"database/sql"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/uptrace/bun"
)

// bun writes arguments into the text of a statement, so each statement is a new
// one: SQLite parses it again (more work than running it), PostgreSQL prepares
// it again (a round trip) and shows it in its log. binder stands between: it
// takes the values out again and binds them to a statement that is kept.

// binder runs bun's queries in a transaction.
type binder struct{ tx *Tx }

func (b binder) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if text, values, ok := b.tx.unbind(query, args); ok {
		return b.tx.Rows(text, values...)
	}
	b.tx.asks(query)
	return b.tx.raw.QueryContext(ctx, query, args...)
}

func (b binder) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if text, values, ok := b.tx.unbind(query, args); ok {
		return b.tx.Row(text, values...)
	}
	b.tx.asks(query)
	return b.tx.raw.QueryRowContext(ctx, query, args...)
}

func (b binder) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if text, values, ok := b.tx.unbind(query, args); ok {
		return b.tx.Exec(text, values...)
	}
	b.tx.wrote = true
	return b.tx.raw.ExecContext(ctx, query, args...)
}

// NewSelect begins a SELECT of bun in this transaction.
func (tx *Tx) NewSelect() *bun.SelectQuery { return tx.idb.NewSelect().Conn(binder{tx}) }

// NewInsert begins an INSERT of bun in this transaction.
func (tx *Tx) NewInsert() *bun.InsertQuery { return tx.idb.NewInsert().Conn(binder{tx}) }

// NewUpdate begins an UPDATE of bun in this transaction.
func (tx *Tx) NewUpdate() *bun.UpdateQuery { return tx.idb.NewUpdate().Conn(binder{tx}) }

// NewDelete begins a DELETE of bun in this transaction.
func (tx *Tx) NewDelete() *bun.DeleteQuery { return tx.idb.NewDelete().Conn(binder{tx}) }

// NewRaw begins a query of bun with SQL of one's own.
func (tx *Tx) NewRaw(query string, args ...any) *bun.RawQuery {
	return tx.idb.NewRaw(query, args...).Conn(binder{tx})
}

// maxBound bounds how many values are bound: statements for many rows at once
// vary in length and are not worth keeping.
const maxBound = 64

func (tx *Tx) unbind(query string, args []any) (string, []any, bool) {
	if len(args) > 0 {
		return "", nil, false
	}
	u := unbinder{in: query, postgres: tx.db.postgres}
	u.out.Grow(len(query))
	if !u.run() || len(u.values) > maxBound {
		return "", nil, false
	}
	return u.out.String(), u.values, true
}

// unbinder reads a statement and replaces values by ?. It takes only those whose
// meaning as a bound value is beyond doubt: right behind a comparison or an
// assignment, in IN (...) and in VALUES (...). Anything it does not know makes
// it give up, and the statement is run as it stands.
type unbinder struct {
	in       string
	postgres bool
	out      strings.Builder
	at       int    // what of in has been read
	kept     int    // what of in has been written
	prev     string // the token before: a word in capitals, or an operator
	lists    []bool // for each open bracket: is it a list of values?
	inValues bool   // behind VALUES: each bracket is a list
	values   []any
}

func (u *unbinder) run() bool {
	u.word()
	switch u.prev {
	case "SELECT", "INSERT", "UPDATE", "DELETE", "WITH":
	default:
		return false
	}
	for u.at < len(u.in) {
		if !u.token() {
			return false
		}
	}
	u.out.WriteString(u.in[u.kept:])
	return true
}

// token reads one token; false gives up.
func (u *unbinder) token() bool {
	switch c := u.in[u.at]; {
	case c == ' ' || c == '\n' || c == '\t':
		u.at++
	case c == '\'':
		return u.text("")
	case c == '"':
		end := strings.IndexByte(u.in[u.at+1:], '"')
		if end < 0 || strings.IndexByte(u.in[u.at:u.at+end+1], '?') >= 0 {
			return false
		}
		u.at, u.prev = u.at+end+2, "name"
	case c == '(':
		u.lists = append(u.lists, u.prev == "IN" || u.inValues && len(u.lists) == 0)
		u.at, u.prev = u.at+1, "("
	case c == ')':
		if len(u.lists) == 0 {
			return false
		}
		u.lists, u.at, u.prev = u.lists[:len(u.lists)-1], u.at+1, ")"
	case c >= '0' && c <= '9', c == '-' && u.open() && u.digitAt(u.at+1):
		return u.number()
	case c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80:
		return u.word()
	case c == '<' || c == '>' || c == '=' || c == '!':
		return u.operator()
	case c == ',' || c == '+' || c == '*' || c == '.' || c == '%' || c == '-' || c == '/' || c == '|' || c == ':' || c == ';':
		return u.mark(c)
	default:
		return false // ?, $, @, [, ` and what else there may be
	}
	return true
}

// open tells whether a value may stand here, and be bound.
func (u *unbinder) open() bool {
	switch u.prev {
	case "=", "<", ">", "<=", ">=", "<>", "!=":
		return true
	case "(", ",":
		return len(u.lists) > 0 && u.lists[len(u.lists)-1]
	}
	return false
}

func (u *unbinder) digitAt(i int) bool { return i < len(u.in) && u.in[i] >= '0' && u.in[i] <= '9' }

// bindValue puts a ? for what stands from start up to here.
func (u *unbinder) bindValue(start int, v any) {
	u.out.WriteString(u.in[u.kept:start])
	u.out.WriteByte('?')
	u.kept = u.at
	u.values = append(u.values, v)
	u.prev = "value"
}

// text reads '...' with ” for a quote in it; prefix is x for bytes.
func (u *unbinder) text(prefix string) bool {
	start, open := u.at-len(prefix), u.open()
	i, quotes := u.at+1, false
	for ; ; i++ {
		if i >= len(u.in) {
			return false
		}
		if u.in[i] == '\'' {
			if i+1 >= len(u.in) || u.in[i+1] != '\'' {
				break
			}
			i, quotes = i+1, true
		}
	}
	s := u.in[u.at+1 : i]
	u.at = i + 1
	if !open {
		return false // one that stays would make each statement a new one
	}
	if prefix != "" {
		b, err := hex.DecodeString(s)
		u.bindValue(start, b)
		return err == nil && !u.postgres
	}
	if quotes {
		s = strings.ReplaceAll(s, "''", "'")
	}
	u.bindValue(start, s)
	return true
}

// number reads a whole number. A fraction, and a number that does not stand for
// a value (LIMIT 1, ORDER BY 2), stays.
func (u *unbinder) number() bool {
	start, open := u.at, u.open()
	for u.at++; u.digitAt(u.at); {
		u.at++
	}
	rest := u.in[u.at:]
	v, err := strconv.ParseInt(u.in[start:u.at], 10, 64)
	switch {
	case rest != "" && (rest[0] == '.' || rest[0] == '_' || rest[0]|0x20 >= 'a' && rest[0]|0x20 <= 'z'):
		return false
	case open && err == nil && !strings.HasPrefix(rest, "::") && strconv.FormatInt(v, 10) == u.in[start:u.at]:
		u.bindValue(start, v)
	case open || u.at-start > 4:
		return false
	}
	u.prev = "value"
	return true
}

// word reads a keyword or a name. Behind VALUES each bracket is a list of
// values, until the next word.
func (u *unbinder) word() bool {
	start := u.at
	for u.at < len(u.in) {
		c := u.in[u.at]
		if c != '_' && (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && c < 0x80 {
			break
		}
		u.at++
	}
	w := u.in[start:u.at]
	if u.at < len(u.in) && u.in[u.at] == '\'' {
		return (w == "x" || w == "X") && u.text(w) // others, as E'...', mean something else
	}
	if u.prev == "(" && len(u.lists) > 0 {
		u.lists[len(u.lists)-1] = u.lists[len(u.lists)-1] && u.inValues // IN (SELECT ...)
	}
	u.prev = strings.ToUpper(w)
	if len(u.lists) == 0 {
		u.inValues = u.prev == "VALUES"
	}
	return true
}

func (u *unbinder) operator() bool {
	start := u.at
	for u.at < len(u.in) && strings.IndexByte("<>=!", u.in[u.at]) >= 0 {
		u.at++
	}
	u.prev = u.in[start:u.at]
	return true
}

// mark reads a sign that is no operator of comparison. Comments, and one colon
// by itself, make it give up.
func (u *unbinder) mark(c byte) bool {
	next := byte(0)
	if u.at+1 < len(u.in) {
		next = u.in[u.at+1]
	}
	switch {
	case c == '-' && next == '-', c == '/' && next == '*', c == ';', c == ':' && next != ':':
		return false
	case c == ':':
		u.at++
	}
	u.at, u.prev = u.at+1, string(c)
	return true
}
