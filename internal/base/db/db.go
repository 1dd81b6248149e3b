// Package db is the one door to the database.
//
// A URL opens SQLite ("sqlite:DIR/mingfa.db") or PostgreSQL ("postgres://...");
// the rest of the house does not know which. Writing is Do, reading is View,
// and both take a closure:
//
//	err := d.Do(ctx, actor, func(tx *db.Tx) error { ... })
//
// What a caller may trust: when Do returns nil, everything the closure wrote is
// on disk (SQLite: WAL with synchronous=FULL; PostgreSQL: synchronous_commit=on,
// both asserted on each writing connection). When Do returns an error, nothing
// of it is. tx.Now() is one instant for the whole closure and never goes back,
// so row, fact and due never disagree.
//
// What a closure must keep: it may run twice, so it touches nothing but tx; it
// does no network, no argon2, no blob and never sleeps (on SQLite every other
// writer waits for it; over 20 ms is logged with its name). Do inside Do fails:
// in tests at once, on SQLite always. Cancellation is looked at only before the closure starts.
//
// Plain text of persons never enters SQL: seal first. bun writes arguments into
// the text of a statement, and PostgreSQL writes statements into its log.
//
// On SQLite all writers share one connection and one transaction after another
// (writer.go: group commit); on PostgreSQL a Do is a transaction, run again when
// the database says that two got into each other's way (postgres.go).
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/uptrace/bun"
	sqlite "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/who"
)

// ViewLimit is the longest a View may take.
const ViewLimit = 30 * time.Second

// Options say how to open a database.
type Options struct {
	Clock   Clock        // nil: the wall clock (SQLite) or the database's clock (PostgreSQL)
	Log     *slog.Logger // nil: slog.Default
	Migrate bool         // bring the schema up to date on opening
	Conns   int          // PostgreSQL: writing connections, 16 if zero
	Strict  bool         // for tests: look at each Do whether it stands in another
	Twice   bool         // for tests: run each closure twice (SQLite), as Do may
}

// DB is an open database. It is safe for concurrent use.
type DB struct {
	url      string
	postgres bool
	strict   bool
	twice    bool
	clock    Clock
	log      *slog.Logger
	write    *bun.DB // SQLite: one connection, owned by the writer
	read     *bun.DB // SQLite: read-only connections; PostgreSQL: the same pool as write
	writer   *writer // SQLite only
	reads    readCache
	hints    hints
	last     atomic.Int64 // newest instant handed out, ms
	stop     func()
}

// Open opens the database of the URL and asserts that it keeps what it is told.
// With Migrate the schema is brought up to date; a schema newer than this
// program is refused either way.
func Open(ctx context.Context, url string, o Options) (*DB, error) {
	d := &DB{url: url, strict: o.Strict, twice: o.Twice, clock: o.Clock, log: o.Log, stop: func() {}}
	if d.log == nil {
		d.log = slog.Default()
	}
	var err error
	switch {
	case strings.HasPrefix(url, "sqlite:"):
		err = d.openSQLite(ctx, strings.TrimPrefix(url, "sqlite:"))
	case strings.HasPrefix(url, "postgres://"), strings.HasPrefix(url, "postgresql://"):
		d.postgres = true
		err = d.openPostgres(ctx, url, o.Conns)
	default:
		err = fmt.Errorf("a database URL begins with sqlite: or postgres://")
	}
	if err != nil {
		return nil, err
	}
	if d.clock == nil {
		d.clock = wall{}
	}
	if err := d.migrate(ctx, o.Migrate); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

// Close ends all connections. Writers that wait are answered first.
func (d *DB) Close() error {
	d.stop()
	if d.writer != nil {
		d.writer.close()
	}
	err := closed(d.write.DB)
	if d.read != d.write {
		err = errors.Join(err, closed(d.read.DB))
	}
	return err
}

// closed closes a pool and waits until its last connection has gone: one that the
// pool was still opening ends a moment later, and the end of SQLite's last
// connection writes to the file, which may be another's by then.
func closed(pool *sql.DB) error {
	err := pool.Close()
	for end := time.Now().Add(5 * time.Second); pool.Stats().OpenConnections > 0 && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	return err
}

// Postgres tells which of the two databases this is.
func (d *DB) Postgres() bool { return d.postgres }

// Name is "sqlite" or "postgres".
func (d *DB) Name() string {
	if d.postgres {
		return "postgres"
	}
	return "sqlite"
}

// Now is the house's time in UTC, in whole milliseconds, never going back.
func (d *DB) Now() time.Time {
	ms := d.clock.Now().UnixMilli()
	for {
		last := d.last.Load()
		if ms <= last {
			return time.UnixMilli(last).UTC()
		}
		if d.last.CompareAndSwap(last, ms) {
			return time.UnixMilli(ms).UTC()
		}
	}
}

// Do runs fn in a writing transaction. All of it is on disk when Do returns nil. fn
// may be run again from its beginning, so it changes nothing outside tx but what it
// sets anew each time.
func (d *DB) Do(ctx context.Context, actor who.Actor, fn func(tx *Tx) error) error {
	if d.strict && inside(goroutine()) {
		return errInside
	}
	tx := &Tx{db: d, actor: actor}
	var err error
	if d.postgres {
		err = d.doPostgres(ctx, tx, fn)
	} else {
		err = d.writer.do(ctx, tx, fn)
	}
	if err != nil {
		return d.explain(err)
	}
	tx.committed()
	return nil
}

// View runs fn in a read-only snapshot that lasts at most ViewLimit.
func (d *DB) View(ctx context.Context, actor who.Actor, fn func(tx *Tx) error) error {
	ctx, cancel := context.WithTimeout(ctx, ViewLimit)
	defer cancel()
	tx := &Tx{ctx: ctx, db: d, actor: actor, now: d.Now()}
	if d.postgres {
		return d.explain(d.viewPostgres(ctx, tx, fn))
	}
	b, err := d.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return d.explain(err)
	}
	defer b.Rollback() //nolint:errcheck // nothing was written
	tx.idb, tx.raw, tx.reads = b, b.Tx, &d.reads
	return d.explain(fn(tx))
}

// Look is a View of a single statement, or of several that need not agree: on
// PostgreSQL there is no transaction around it, which saves two round trips.
func (d *DB) Look(ctx context.Context, actor who.Actor, fn func(tx *Tx) error) error {
	if !d.postgres {
		return d.View(ctx, actor, fn)
	}
	ctx, cancel := context.WithTimeout(ctx, ViewLimit)
	defer cancel()
	return d.explain(fn(&Tx{idb: d.read, raw: looker{d.read.DB}, ctx: ctx, db: d, actor: actor, now: d.Now()}))
}

// looker lets nothing be written.
type looker struct{ *sql.DB }

func (looker) ExecContext(context.Context, string, ...any) (sql.Result, error) {
	return nil, errors.New("db: a Look writes nothing")
}

// explain turns what the database says into the house's language of errors.
func (d *DB) explain(err error) error {
	var f *fault.Fault
	switch {
	case err == nil, errors.As(err, &f):
		return err
	case Conflict(err):
		return fault.Wrap(fault.Conflict, "fault.conflict", err)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return fault.Wrap(fault.Unavailable, "fault.unavailable", err)
	}
	return err
}

// NotFound tells whether err says that no row matched.
func NotFound(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// Conflict tells whether err says that a row with this key exists already.
func Conflict(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code == "23505"
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	return false
}
