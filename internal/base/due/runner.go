package due

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/who"
)

// Handler is told that a row's time has come. It locks its subject, decides
// again and writes through tx only. It may Set its own row again.
type Handler func(tx *db.Tx, f Fired) error

// Runner fires the rows of a database. One on every node; they do not need to
// know of each other.
type Runner struct {
	db       *db.DB
	log      *slog.Logger
	handlers map[string]Handler
	workers  int
	stop     context.CancelFunc
	done     sync.WaitGroup
}

// system is the actor of the handlers.
var system = who.System("due")

// The limits of the runner.
const (
	batch    = 256                    // rows read at once
	pace     = 25 * time.Millisecond  // at most so often a hint is looked at
	pause    = 200 * time.Millisecond // when the database can't be reached, or all rows are other nodes'
	idle     = time.Second            // looks by itself this often: another node may have set a row
	backoff0 = 2 * time.Second        // after the first failure of a row, doubling
	backoff1 = 10 * time.Minute       // at most
)

// NewRunner makes a runner. On SQLite many handlers share a commit, so many run
// side by side; on PostgreSQL each takes a connection.
func NewRunner(d *db.DB, log *slog.Logger) *Runner {
	if log == nil {
		log = slog.Default()
	}
	r := &Runner{db: d, log: log, handlers: map[string]Handler{}, workers: 64}
	if d.Postgres() {
		r.workers = 6
	}
	return r
}

// Handle wires a kind to its handler. Call it before Start.
func (r *Runner) Handle(kind string, h Handler) {
	if _, twice := r.handlers[kind]; twice {
		panic("due: kind " + kind + " has two handlers")
	}
	r.handlers[kind] = h
}

// Start fires rows as their time comes, until Stop.
func (r *Runner) Start() {
	ctx, cancel := context.WithCancel(context.Background())
	r.stop = cancel
	for _, lane := range []int{laneInteractive, laneBulk} {
		r.done.Go(func() { r.loop(ctx, lane) })
	}
}

// Stop waits for the handlers that run and fires nothing more.
func (r *Runner) Stop() {
	if r.stop != nil {
		r.stop()
		r.done.Wait()
	}
}

// RunDue fires everything that is due at this moment, one by one in the order of
// time, until nothing is left, and tells how many fired. For stepped clocks.
func (r *Runner) RunDue(ctx context.Context) (fired int, err error) {
	for {
		rows, err := r.pending(ctx, r.db.Now(), laneInteractive, laneBulk)
		if err != nil || len(rows) == 0 {
			return fired, err
		}
		before := fired
		for _, f := range rows {
			done, err := r.fire(ctx, f)
			if err != nil {
				return fired, err
			}
			if done {
				fired++
			}
		}
		if fired == before {
			return fired, nil // all of them back off or are another node's
		}
	}
}

// Next tells when the next row is due; ok is false when there is none.
func (r *Runner) Next(ctx context.Context) (at time.Time, ok bool, err error) {
	err = r.db.View(ctx, system, func(tx *db.Tx) error {
		for _, lane := range []int{laneInteractive, laneBulk} {
			t, some, err := first(tx, lane)
			if err != nil {
				return err
			}
			if some && (!ok || t.Before(at)) {
				at, ok = t, true
			}
		}
		return nil
	})
	return at, ok, err
}

// first is when the first row of a lane is due. Not min(fire): PostgreSQL may
// keep a plan for it that reads the whole lane.
func first(tx *db.Tx, lane int) (at time.Time, ok bool, err error) {
	var ms int64
	err = tx.Row("SELECT fire FROM due_row WHERE lane = ? ORDER BY fire LIMIT 1", lane).Scan(&ms)
	if err == sql.ErrNoRows {
		return at, false, nil
	}
	return time.UnixMilli(ms).UTC(), err == nil, err
}

// pending reads rows of some lanes that are due, in the order of time.
func (r *Runner) pending(ctx context.Context, now time.Time, lanes ...int) (out []Fired, err error) {
	err = r.db.View(ctx, system, func(tx *db.Tx) error {
		out = nil
		for _, lane := range lanes {
			if out, err = appendPending(tx, out, now, lane); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read due rows: %w", err)
	}
	if len(lanes) > 1 {
		slices.SortFunc(out, func(a, b Fired) int {
			return cmp.Or(a.fire.Compare(b.fire), slices.Compare(a.Subject[:], b.Subject[:]), cmp.Compare(a.Name, b.Name))
		})
	}
	return out, nil
}

func appendPending(tx *db.Tx, out []Fired, now time.Time, lane int) ([]Fired, error) {
	rows, err := tx.Rows(`SELECT org, subject, name, kind, at, fire, rule, anchor, zone, calendar, payload, rev, tries
		FROM due_row WHERE lane = ? AND fire <= ? ORDER BY fire, subject, name LIMIT ?`, lane, now.UnixMilli(), batch)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		f := Fired{Row: Row{Interactive: lane == laneInteractive}}
		var at, fire, anchor db.Time
		var payload string
		if err := rows.Scan(&f.Org, &f.Subject, &f.Name, &f.Kind, &at, &fire, &f.Rule, &anchor, &f.Zone, &f.Calendar, &payload, &f.rev, &f.tries); err != nil {
			return nil, err
		}
		f.At, f.fire, f.Anchor, f.Payload = at.Time, fire.Time, anchor.Time, json.RawMessage(payload)
		out = append(out, f)
	}
	return out, rows.Err()
}

// errTaken says that another node was faster or the row was moved.
var errTaken = errors.New("the row is gone or moved")

// fire runs one row in one transaction. A handler that fails moves its row on;
// only a database that can't be reached is an error.
func (r *Runner) fire(ctx context.Context, f Fired) (done bool, err error) {
	h := r.handlers[f.Kind]
	var failed error
	err = r.db.Do(ctx, system.For(f.Org), func(tx *db.Tx) error {
		failed = nil
		if err := claim(tx, f); err != nil {
			return err
		}
		if h == nil {
			failed = fmt.Errorf("no handler for due %s", f.Kind)
		} else {
			failed = call(h, tx, f)
		}
		if failed != nil {
			return failed
		}
		return finish(tx, f)
	})
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, errTaken):
		return false, nil
	case failed != nil && !db.Again(failed):
		return false, r.postpone(ctx, f, failed)
	}
	return false, fmt.Errorf("fire due %s: %w", f.Kind, err)
}

// call runs a handler; a panic is a failure of this row alone.
func call(h Handler, tx *db.Tx, f Fired) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return h(tx, f)
}

// claim keeps other nodes away on PostgreSQL and refuses a row that is gone. A
// node that was faster may have ended between the look and the lock: finish
// finds that out.
func claim(tx *db.Tx, f Fired) error {
	q := "SELECT 1 FROM due_row WHERE subject = ? AND name = ? AND rev = ?"
	args := []any{f.Subject.String(), f.Name, f.rev}
	if tx.Postgres() {
		q = "SELECT CASE WHEN pg_try_advisory_xact_lock(hashtextextended(?, 0)) THEN 1 ELSE 0 END FROM due_row WHERE subject = ? AND name = ? AND rev = ?"
		args = append([]any{f.Subject.String() + f.Name}, args...)
	}
	var mine int
	err := tx.Row(q, args...).Scan(&mine)
	if err == sql.ErrNoRows || err == nil && mine == 0 {
		return errTaken
	}
	return err
}

// finish deletes the row, unless the handler itself has set or cancelled it. A
// row in which another transaction had its hand meanwhile rolls all back.
func finish(tx *db.Tx, f Fired) error {
	res, err := tx.Exec("DELETE FROM due_row WHERE subject = ? AND name = ? AND rev = ?", f.Subject.String(), f.Name, f.rev)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err != nil || n == 1 {
		return err
	}
	var rev int64 // 0: it is gone
	err = tx.Row("SELECT rev FROM due_row WHERE subject = ? AND name = ?", f.Subject.String(), f.Name).Scan(&rev)
	if err != nil && err != sql.ErrNoRows {
		return err
	}
	if tx.Marked(touched{f.Subject, f.Name, rev}) == 0 {
		return errTaken
	}
	return nil
}

// postpone moves a failing row on, alone.
func (r *Runner) postpone(ctx context.Context, f Fired, why error) error {
	wait := min(backoff0<<min(f.tries, 16), backoff1)
	level := slog.LevelWarn
	if f.tries >= 2 {
		level = slog.LevelError
	}
	r.log.Log(ctx, level, "a due row failed; it is tried again", "kind", f.Kind, "name", f.Name, "tries", f.tries+1, "wait_s", wait.Seconds(), "error", why)
	return r.db.Do(ctx, system, func(tx *db.Tx) error {
		_, err := tx.Exec("UPDATE due_row SET fire = ?, tries = tries + 1, rev = ? WHERE subject = ? AND name = ? AND rev = ?",
			tx.Now().Add(wait).UnixMilli(), newRev(), f.Subject.String(), f.Name, f.rev)
		return err
	})
}

// loop fires the rows of one lane. It sleeps until the next row is due, a hint
// comes, or idle has passed.
func (r *Runner) loop(ctx context.Context, lane int) {
	wake, stop := r.db.Watch(topic)
	defer stop()
	t := time.NewTimer(0)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			t.Reset(r.turn(ctx, lane))
		case <-wake:
			// Several hints come as one, so what it says is not the whole
			// story: look, but not for each of thousands.
			t.Reset(min(r.untilNext(ctx, lane), idle))
			select {
			case <-ctx.Done():
				return
			case <-time.After(pace):
			}
		}
	}
}

// turn fires what is due and tells how long to sleep then.
func (r *Runner) turn(ctx context.Context, lane int) time.Duration {
	found, fired, err := r.round(ctx, lane)
	switch {
	case err != nil:
		if ctx.Err() == nil {
			r.log.Error("due rows could not be fired; they are tried again", "error", err)
		}
		return pause
	case fired > 0:
		return 0
	case found > 0:
		return min(max(r.untilNext(ctx, lane), pace), pause) // other nodes have them
	}
	return r.untilNext(ctx, lane)
}

// round fires a batch side by side and tells how many rows were due and how many
// went.
func (r *Runner) round(ctx context.Context, lane int) (found, fired int, err error) {
	rows, err := r.pending(ctx, r.db.Now(), lane)
	if err != nil {
		return 0, 0, err
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	slots := make(chan struct{}, r.workers)
	for _, f := range rows {
		if ctx.Err() != nil {
			break
		}
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			done, e := r.fire(ctx, f)
			mu.Lock()
			defer mu.Unlock()
			if done {
				fired++
			}
			err = errors.Join(err, e)
		})
	}
	wg.Wait()
	return len(rows), fired, err
}

// untilNext is how long to sleep: to the next row of the lane, at most idle.
func (r *Runner) untilNext(ctx context.Context, lane int) time.Duration {
	var at time.Time
	var ok bool
	err := r.db.Look(ctx, system, func(tx *db.Tx) (err error) {
		at, ok, err = first(tx, lane)
		return err
	})
	if err != nil || !ok {
		return idle
	}
	return min(max(at.Sub(r.db.Now()), time.Millisecond), idle)
}
