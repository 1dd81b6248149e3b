package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/uptrace/bun"

	"mingfa/internal/base/db/fail"
	"mingfa/internal/base/fault"
)

// The limits of one SQLite batch, and when a closure is too slow to share it.
const (
	batchClosures = 256
	batchWork     = 10 * time.Millisecond
	slowClosure   = 20 * time.Millisecond
)

// OnSlow, if set, hears of each closure over 20 ms. Tests set it to fail.
var OnSlow func(name string, took time.Duration)

// writer is the group commit of SQLite: one goroutine, one connection. It takes
// the closures that wait (up to batchClosures or batchWork, people's before the program's,
// see queue), runs them one after another inside one transaction, commits with one disk
// sync and then answers all.
//
// A closure that fails or panics undoes only itself. Failing before it has written
// (most do) leaves nothing to undo. Otherwise the whole batch is rolled back and run
// again, each closure in a savepoint: a savepoint costs a copy of each page that is
// changed behind it, a tenth of the writer's time, so none is made on suspicion.
type writer struct {
	db       *DB
	conn     bun.Conn
	guard    guard
	stmts    *stmtCache
	log      *checkpointer
	queue    *queue
	done     sync.WaitGroup
	failed   int  // failed commits in a row
	readOnly bool // after two failed commits in a row; seen by the loop only
}

// job is one closure and its answer.
type job struct {
	ctx      context.Context
	tx       *Tx
	fn       func(*Tx) error
	err      error
	panicked any
	done     chan struct{}
	dropped  atomic.Bool // nobody waits for it any more
}

// patience is how long a Do waits before it asks whether it waits for itself:
// to ask costs more than most closures.
const patience = 2 * time.Second

func startWriter(ctx context.Context, d *DB, log *checkpointer) (*writer, error) {
	c, err := d.write.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("open the writing connection: %w", err)
	}
	if err := assertSQLite(ctx, c.Conn); err != nil {
		return nil, err
	}
	w := &writer{db: d, conn: c, stmts: newStmtCache(c.Conn), log: log, queue: newQueue()}
	if err := w.guard.watch(c); err != nil {
		return nil, err
	}
	w.done.Add(1)
	go w.loop()
	return w, nil
}

func (w *writer) do(ctx context.Context, tx *Tx, fn func(*Tx) error) error {
	j := &job{ctx: ctx, tx: tx, fn: fn, done: make(chan struct{})}
	if !w.queue.add(j) {
		return fault.New(fault.Unavailable, "fault.unavailable")
	}
	if !j.wait() {
		return errInside
	}
	if j.panicked != nil {
		panic(j.panicked)
	}
	return j.err
}

// wait returns when the job is done, or with false when it never will be because
// the closure that runs waits for it.
func (j *job) wait() bool {
	t := time.NewTimer(patience)
	defer t.Stop()
	select {
	case <-j.done:
		return true
	case <-t.C:
	}
	if inside(goroutine()) {
		j.dropped.Store(true)
		return false
	}
	<-j.done
	return true
}

func (w *writer) close() {
	if !w.queue.close() {
		return
	}
	w.done.Wait()
	w.log.close() //nolint:errcheck // the end of the last connection copies what is left
	w.stmts.close()
	w.guard.unwatch(w.conn) //nolint:errcheck // it is closed now
	w.conn.Close()          //nolint:errcheck // the pool is closed next
}

func (w *writer) loop() {
	defer w.done.Done()
	g := goroutine()
	enter(g)
	defer leave(g)
	for j := w.queue.first(); j != nil; j = w.queue.first() {
		batch, err := w.batch(j)
		if errors.Is(err, errDead) {
			for _, j := range batch {
				if err := w.alone(j); err != nil {
					j.err = err
				}
			}
		}
		for _, j := range batch {
			close(j.done)
		}
	}
}

// errDead says that the batch's transaction was lost with a savepoint; each
// closure is run again alone.
var errDead = errors.New("a savepoint could not be rolled back")

// batch runs first and whatever else waits in one transaction.
func (w *writer) batch(first *job) ([]*job, error) {
	batch := []*job{first}
	if err := w.begin(); err != nil {
		first.err = err
		return batch, nil
	}
	start := time.Now()
	whole, people := w.one(first), !first.system()
	for whole && len(batch) < batchClosures {
		worked := time.Since(start)
		if worked >= batchWork {
			break
		}
		next := w.queue.next(people, worked)
		if next == nil {
			break
		}
		batch, people = append(batch, next), people || !next.system()
		whole = w.one(next)
	}
	if w.db.twice && whole {
		whole = w.rerun(batch)
	}
	if !whole {
		w.exec("ROLLBACK") //nolint:errcheck // what is left of it fails the next BEGIN
		return batch, w.apart(batch)
	}
	w.commit(batch)
	return batch, nil
}

// rerun runs a batch again from its beginning, so that tests find the closure that
// can't be run twice.
func (w *writer) rerun(batch []*job) (whole bool) {
	w.exec("ROLLBACK") //nolint:errcheck // what is left of it fails the next BEGIN
	if err := w.begin(); err != nil {
		return false
	}
	whole = true
	for _, j := range batch {
		whole = w.one(j) && whole
	}
	return whole
}

// apart runs the closures of a batch again, each in a savepoint of its own. An
// error means that a savepoint failed and everything is lost.
func (w *writer) apart(batch []*job) error {
	if err := w.begin(); err != nil {
		for _, j := range batch {
			j.err = err
		}
		return nil
	}
	for _, j := range batch {
		if err := w.saved(j); err != nil {
			w.exec("ROLLBACK") //nolint:errcheck // it is lost already
			return errDead
		}
	}
	w.commit(batch)
	return nil
}

// alone runs one closure in a transaction of its own.
func (w *writer) alone(j *job) error {
	if err := w.begin(); err != nil {
		return err
	}
	j.err, j.panicked = nil, nil
	if err := w.saved(j); err != nil {
		w.exec("ROLLBACK") //nolint:errcheck // the error below is the one that counts
		return fault.Wrap(fault.Unavailable, "fault.unavailable", err)
	}
	w.commit([]*job{j})
	return nil
}

func (w *writer) begin() error {
	if w.readOnly {
		return fault.New(fault.Unavailable, "fault.read_only")
	}
	if err := w.exec("BEGIN IMMEDIATE"); err != nil {
		return fault.Wrap(fault.Unavailable, "fault.unavailable", err)
	}
	w.guard.undone = false
	return nil
}

// one runs a closure. It is false when there is something to undo.
func (w *writer) one(j *job) bool {
	if w.run(j); w.guard.undone {
		return false
	}
	return j.err == nil && j.panicked == nil || !j.tx.wrote
}

// errUndone says that the transaction ended inside a closure.
var errUndone = errors.New("SQLite undid the transaction")

// saved runs a closure in a savepoint. Its result is the closure's; an error
// returned here means that the whole batch is lost.
func (w *writer) saved(j *job) error {
	if err := w.exec("SAVEPOINT closure"); err != nil {
		return err
	}
	if w.run(j); w.guard.undone {
		return errors.Join(errUndone, j.err)
	}
	if j.err != nil || j.panicked != nil {
		if err := w.exec("ROLLBACK TO closure"); err != nil {
			return err
		}
	}
	return w.exec("RELEASE closure")
}

// run runs a closure, unless nobody waits for it any more.
func (w *writer) run(j *job) {
	j.tx.wrote, j.panicked = false, nil
	if j.dropped.Load() {
		return
	}
	if j.err = j.ctx.Err(); j.err != nil {
		return
	}
	start := time.Now()
	defer func() {
		j.panicked = recover()
		if took := time.Since(start); took > slowClosure {
			w.slow(j, took)
		}
	}()
	j.tx.reset(context.WithoutCancel(j.ctx), w.conn, w.conn.Conn, w.stmts)
	j.err = j.fn(j.tx)
}

func (w *writer) slow(j *job, took time.Duration) {
	name := runtime.FuncForPC(reflect.ValueOf(j.fn).Pointer()).Name()
	w.db.log.Warn("slow closure: every other writer waited for it", "closure", name, "ms", took.Milliseconds())
	if OnSlow != nil {
		OnSlow(name, took)
	}
}

// commit makes the batch durable. If that fails nobody is told otherwise; after
// two failures in a row nothing is written any more.
func (w *writer) commit(batch []*job) {
	fail.Point("db.commit.before")
	w.guard.committing = true
	err := w.exec("COMMIT")
	w.guard.committing = false
	if err == nil {
		fail.Point("db.commit.after")
		w.failed = 0
		w.log.committed(len(batch))
		return
	}
	w.exec("ROLLBACK") //nolint:errcheck // it is lost already
	if w.failed++; w.failed >= 2 {
		w.readOnly = true
		w.db.log.Error("two commits failed in a row; nothing is written until a restart", "error", err)
	}
	for _, j := range batch {
		j.err = fault.Wrap(fault.Unavailable, "fault.unavailable", err)
	}
}

func (w *writer) exec(sql string) error {
	s, err := w.stmts.get(context.Background(), sql)
	if err != nil {
		return err
	}
	_, err = s.ExecContext(context.Background())
	return err
}

// stmtCache keeps the prepared statements of one connection. A nil cache
// prepares nothing (on PostgreSQL the driver does it by itself).
type stmtCache struct {
	conn *sql.Conn
	m    map[string]*sql.Stmt
}

func newStmtCache(c *sql.Conn) *stmtCache { return &stmtCache{conn: c, m: map[string]*sql.Stmt{}} }

// maxStatements bounds the cache; queries of varying text beyond it run unprepared.
const maxStatements = 512

func (c *stmtCache) get(ctx context.Context, query string) (*sql.Stmt, error) {
	if c == nil {
		return nil, nil
	}
	if s := c.m[query]; s != nil {
		return s, nil
	}
	if len(c.m) >= maxStatements {
		return nil, nil
	}
	s, err := c.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	c.m[query] = s
	return s, nil
}

func (c *stmtCache) close() {
	for _, s := range c.m {
		s.Close() //nolint:errcheck // the connection goes next
	}
}
