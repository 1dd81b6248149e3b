package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"mingfa/internal/base/db/fail"
	"mingfa/internal/base/fault"
)

// conns is how many PostgreSQL connections a node uses. Measured: 16 beat 64.
const conns = 16

// attempts is how often a transaction is run when others get in its way.
const attempts = 12

func (d *DB) openPostgres(ctx context.Context, url string, n int) error {
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return errors.New("the PostgreSQL URL can't be read") // the cause would print the password
	}
	if n == 0 {
		n = conns
	}
	cfg.RuntimeParams["application_name"] = "mingfa"
	cfg.RuntimeParams["timezone"] = "UTC"
	// A plan that was made while a table was small is kept when it has grown a
	// thousandfold in a minute. All that we ask often has an index.
	cfg.RuntimeParams["enable_seqscan"] = "off"
	cfg.RuntimeParams["jit"] = "off"
	w := sql.OpenDB(pgConnector{stdlib.GetConnector(*cfg, stdlib.OptionAfterConnect(assertPostgres))})
	w.SetMaxOpenConns(n)
	w.SetMaxIdleConns(n)
	if err := connect(ctx, w, n); err != nil {
		w.Close()
		return fmt.Errorf("reach PostgreSQL: %w", err)
	}
	d.write = bun.NewDB(w, pgdialect.New(), bun.WithDiscardUnknownColumns())
	d.read = d.write
	if d.clock == nil {
		c := &serverClock{db: w}
		if err := c.measure(ctx); err != nil {
			w.Close()
			return err
		}
		d.clock, d.stop = c, c.follow()
	}
	return nil
}

// connect makes all n connections, so that the first who come wait for none.
func connect(ctx context.Context, w *sql.DB, n int) error {
	var wg sync.WaitGroup
	conns, errs := make([]*sql.Conn, n), make([]error, n)
	for i := range n {
		wg.Go(func() { conns[i], errs[i] = w.Conn(ctx) })
	}
	wg.Wait()
	for _, c := range conns {
		if c != nil {
			errs = append(errs, c.Close())
		}
	}
	return errors.Join(errs...)
}

// assertPostgres refuses a connection that might forget what it acknowledged.
func assertPostgres(ctx context.Context, c *pgx.Conn) error {
	var commit, sync string
	if err := c.QueryRow(ctx, "SELECT current_setting('synchronous_commit'), current_setting('fsync')").Scan(&commit, &sync); err != nil {
		return err
	}
	if commit == "off" || sync != "on" {
		return fmt.Errorf("PostgreSQL must keep what it acknowledges: synchronous_commit is %s, fsync is %s", commit, sync)
	}
	return nil
}

// doPostgres runs fn in a transaction, again while the database asks for it.
func (d *DB) doPostgres(ctx context.Context, tx *Tx, fn func(*Tx) error) error {
	var err error
	for try := range attempts {
		if err = ctx.Err(); err != nil {
			return err
		}
		if err = d.oncePostgres(ctx, tx, fn); !again(err) {
			return err
		}
		time.Sleep(time.Duration(rand.Int64N(int64(time.Millisecond) << min(try, 6))))
	}
	return fault.Wrap(fault.Unavailable, "fault.unavailable", err)
}

func (d *DB) oncePostgres(ctx context.Context, tx *Tx, fn func(*Tx) error) error {
	bg := context.WithoutCancel(ctx)
	c, err := d.write.Conn(bg)
	if err != nil {
		return fault.Wrap(fault.Unavailable, "fault.unavailable", err)
	}
	defer c.Close() //nolint:errcheck // it goes back to the pool
	p, err := newPipe(c.Conn, "BEGIN")
	if err != nil {
		return err
	}
	tx.reset(bg, c, p, nil)
	tx.pipe = p
	ended := false
	defer func() {
		if !ended { // failed, or panics
			p.rollback(bg)
		}
	}()
	if d.strict {
		g := goroutine()
		enter(g)
		defer leave(g)
	}
	if err := fn(tx); err != nil {
		return err
	}
	fail.Point("db.commit.before")
	if err := p.flush(bg, true); err != nil {
		return commitError(err)
	}
	ended = true
	fail.Point("db.commit.after")
	return nil
}

// viewPostgres runs fn in a snapshot in which nothing can be written.
func (d *DB) viewPostgres(ctx context.Context, tx *Tx, fn func(*Tx) error) error {
	c, err := d.read.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close() //nolint:errcheck // it goes back to the pool
	p, err := newPipe(c.Conn, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
	if err != nil {
		return err
	}
	defer p.rollback(context.WithoutCancel(ctx))
	tx.idb, tx.raw = c, p
	return fn(tx)
}

// commitError is what the caller of Do hears when the last flush failed: the
// fault of a statement that was kept back, or that nothing is known.
func commitError(err error) error {
	var f *fault.Fault
	if again(err) || errors.As(err, &f) {
		return err
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && e.Severity != "FATAL" {
		return err
	}
	return fault.Wrap(fault.Unavailable, "fault.unavailable", err)
}

// again tells whether the database asks for the transaction to be run again.
func again(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (e.Code == "40001" || e.Code == "40P01")
}

// bound caches statements with $1 placeholders.
var bound sync.Map

// bind writes ? placeholders in the database's own way. Our SQL has no ? in
// strings.
func (d *DB) bind(query string) string {
	if !d.postgres {
		return query
	}
	return bind(query)
}

func bind(query string) string {
	if q, ok := bound.Load(query); ok {
		return q.(string)
	}
	var b strings.Builder
	n := 0
	for part := range strings.SplitSeq(query, "?") {
		if n > 0 {
			b.WriteString("$" + strconv.Itoa(n))
		}
		b.WriteString(part)
		n++
	}
	bound.Store(query, b.String())
	return b.String()
}

// serverClock is the database's clock: all nodes take the time from it. The
// difference to this machine's clock is measured every ten seconds, by the
// quickest of five round trips, so it is true to half of that round trip.
type serverClock struct {
	db  *sql.DB
	mu  sync.RWMutex
	off time.Duration
}

// Now is the database's time.
func (c *serverClock) Now() time.Time {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return time.Now().Add(c.off)
}

func (c *serverClock) measure(ctx context.Context) error {
	best, off := time.Hour, time.Duration(0)
	for range 5 {
		start := time.Now()
		var us int64
		if err := c.db.QueryRowContext(ctx, "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint").Scan(&us); err != nil {
			return fmt.Errorf("ask PostgreSQL for the time: %w", err)
		}
		if trip := time.Since(start); trip < best {
			best, off = trip, time.UnixMicro(us).Sub(start.Add(trip/2))
		}
	}
	c.mu.Lock()
	c.off = off
	c.mu.Unlock()
	return nil
}

// follow measures again and again until the returned func is called.
func (c *serverClock) follow() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		t := time.NewTicker(10 * time.Second)
		defer t.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-t.C:
				_ = c.measure(ctx) // the last measure stands while the database can't be reached
			}
		}
	}()
	return cancel
}

// Again tells whether err wants the whole transaction to be run again; whoever
// swallows errors inside a closure must pass this one on.
func Again(err error) bool { return again(err) }
