package db

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"mingfa/internal/base/who"
)

// Tx is one transaction. Queries go through bun (tx.NewSelect() ...) with
// tx.Ctx(), or, on the hottest paths, through Exec, Row and Rows, whose
// arguments are bound and whose statements are prepared once.
type Tx struct {
	idb   bun.IDB
	raw   rawConn
	pipe  *pipe // of a writing transaction on PostgreSQL
	ctx   context.Context
	db    *DB
	actor who.Actor
	now   time.Time
	after []func()
	marks map[any]int
	stmts *stmtCache // of the writing connection of SQLite
	reads *readCache // of the reading connections of SQLite
	wrote bool       // perhaps: a statement other than SELECT was run
}

// rawConn is what *sql.Tx and *sql.Conn share.
type rawConn interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
	QueryRowContext(context.Context, string, ...any) *sql.Row
}

// Ctx is the context for queries in this transaction.
func (tx *Tx) Ctx() context.Context { return tx.ctx }

// Now is the instant of this transaction: UTC, whole milliseconds.
func (tx *Tx) Now() time.Time { return tx.now }

// Actor is who acts.
func (tx *Tx) Actor() who.Actor { return tx.actor }

// Postgres tells which of the two databases this is.
func (tx *Tx) Postgres() bool { return tx.db.postgres }

// After runs fn once the transaction is on disk, on the goroutine that called
// Do. It may be lost in a crash: what must happen goes through due.
func (tx *Tx) After(fn func()) { tx.after = append(tx.after, fn) }

// Hint tells the watchers of topic, after commit, that there is something new
// up to n. It may be lost.
func (tx *Tx) Hint(topic string, n int64) { tx.After(func() { tx.db.hints.tell(topic, n) }) }

// Mark counts that something was done in this run of the closure, for the room
// that asks again with Marked before the commit.
func (tx *Tx) Mark(key any) {
	if tx.marks == nil {
		tx.marks = map[any]int{}
	}
	tx.marks[key]++
}

// Marked is how often key was marked in this run of the closure.
func (tx *Tx) Marked(key any) int { return tx.marks[key] }

// Lock makes a query of rows that are about to change: FOR UPDATE on
// PostgreSQL; on SQLite the writer is alone anyway. Lock the subject first,
// then its due rows.
func (tx *Tx) Lock(q *bun.SelectQuery) *bun.SelectQuery {
	if tx.db.postgres {
		return q.For("UPDATE")
	}
	return q
}

// Exec runs a statement with ? placeholders and bound arguments.
func (tx *Tx) Exec(query string, args ...any) (sql.Result, error) {
	tx.wrote = true
	if s, err := tx.stmts.get(tx.ctx, query); s != nil || err != nil {
		if err != nil {
			return nil, err
		}
		return s.ExecContext(tx.ctx, args...)
	}
	return tx.raw.ExecContext(tx.ctx, tx.db.bind(query), args...)
}

// Rows runs a query with ? placeholders and bound arguments.
func (tx *Tx) Rows(query string, args ...any) (*sql.Rows, error) {
	tx.asks(query)
	if s, err := tx.prepared(query); s != nil || err != nil {
		if err != nil {
			return nil, err
		}
		return s.QueryContext(tx.ctx, args...)
	}
	return tx.raw.QueryContext(tx.ctx, tx.db.bind(query), args...)
}

// Row runs a query of one row with ? placeholders and bound arguments.
func (tx *Tx) Row(query string, args ...any) *sql.Row {
	tx.asks(query)
	if s, err := tx.prepared(query); s != nil && err == nil {
		return s.QueryRowContext(tx.ctx, args...)
	}
	return tx.raw.QueryRowContext(tx.ctx, tx.db.bind(query), args...)
}

// asks marks that a query may write (INSERT ... RETURNING).
func (tx *Tx) asks(query string) { tx.wrote = tx.wrote || !strings.HasPrefix(query, "SELECT") }

// prepared finds the prepared statement of a query; nil where the driver keeps
// them itself (PostgreSQL).
func (tx *Tx) prepared(query string) (*sql.Stmt, error) {
	if tx.reads != nil {
		return tx.reads.get(tx, query)
	}
	return tx.stmts.get(tx.ctx, query)
}

// Savepoint runs fn so that its writes alone are undone when it fails, and the
// transaction goes on. Hints and After functions of a failed fn are dropped.
func (tx *Tx) Savepoint(fn func() error) (err error) {
	kept := len(tx.after)
	if tx.pipe != nil {
		err = tx.pipe.part(tx.ctx, fn)
	} else {
		err = tx.part(fn)
	}
	if err != nil {
		tx.after = tx.after[:kept]
	}
	return err
}

func (tx *Tx) part(fn func() error) error {
	if _, err := tx.Exec("SAVEPOINT part"); err != nil {
		return err
	}
	err := caught(fn)
	if err != nil {
		if _, e := tx.Exec("ROLLBACK TO SAVEPOINT part"); e != nil {
			return fmt.Errorf("%w (and rolling back: %w)", err, e)
		}
	}
	if _, e := tx.Exec("RELEASE SAVEPOINT part"); e != nil && err == nil {
		err = e
	}
	return err
}

// committed runs what waited for the commit.
func (tx *Tx) committed() {
	for _, fn := range tx.after {
		fn()
	}
}

// reset makes tx ready to run its closure (again) on a connection.
func (tx *Tx) reset(ctx context.Context, b bun.IDB, raw rawConn, c *stmtCache) {
	tx.idb, tx.raw, tx.ctx, tx.stmts, tx.after, tx.marks = b, raw, ctx, c, nil, nil
	tx.now = tx.db.Now()
}
