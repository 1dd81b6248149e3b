package due

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
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
	batch    = 256              // rows read at once
	idle     = time.Second      // looks by itself this often: another node may have set a row
	backoff0 = 2 * time.Second  // after the first failure of a row, doubling
	backoff1 = 10 * time.Minute // at most
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
		rows, err := r.pending(ctx, r.db.Now(), -1)
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
		var ms sql.NullInt64
		err := tx.Row("SELECT min(at) FROM due_row").Scan(&ms)
		at, ok = time.UnixMilli(ms.Int64).UTC(), ms.Valid
		return err
	})
	return at, ok, err
}

// pending reads rows that are due; lane -1 means both.
func (r *Runner) pending(ctx context.Context, now time.Time, lane int) (out []Fired, err error) {
	where, args := "WHERE at <= ?", []any{now.UnixMilli()}
	if lane >= 0 {
		where, args = "WHERE lane = ? AND at <= ?", []any{lane, now.UnixMilli()}
	}
	err = r.db.View(ctx, system, func(tx *db.Tx) error {
		rows, err := tx.Rows(`SELECT id, org, subject, name, kind, at, lane, rule, anchor, zone, calendar, payload, rev, tries
			FROM due_row `+where+` ORDER BY at, id LIMIT ?`, append(args, batch)...)
		if err != nil {
			return err
		}
		defer rows.Close() //nolint:errcheck // rows.Err tells
		for rows.Next() {
			var f Fired
			var at, anchor db.Time
			var lane int
			if err := rows.Scan(&f.rowID, &f.Org, &f.Subject, &f.Name, &f.Kind, &at, &lane, &f.Rule, &anchor, &f.Zone, &f.Calendar, &f.payload, &f.rev, &f.tries); err != nil {
				return err
			}
			f.At, f.Anchor, f.Interactive = at.Time, anchor.Time, lane == laneInteractive
			out = append(out, f)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("read due rows: %w", err)
	}
	return out, nil
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
			failed = h(tx, f)
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

// claim keeps other nodes away on PostgreSQL and refuses a row that is gone.
func claim(tx *db.Tx, f Fired) error {
	if tx.Postgres() {
		var mine bool
		if err := tx.Row("SELECT pg_try_advisory_xact_lock(hashtextextended(?, 0))", f.rowID.String()).Scan(&mine); err != nil {
			return err
		}
		if !mine {
			return errTaken
		}
	}
	var n int
	err := tx.Row("SELECT 1 FROM due_row WHERE id = ? AND rev = ?", f.rowID.String(), f.rev).Scan(&n)
	if err == sql.ErrNoRows {
		return errTaken
	}
	return err
}

// finish deletes the row, unless the handler has set it again.
func finish(tx *db.Tx, f Fired) error {
	res, err := tx.Exec("DELETE FROM due_row WHERE id = ? AND rev = ?", f.rowID.String(), f.rev)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err != nil || n == 1 {
		return err
	}
	var rev int64
	err = tx.Row("SELECT rev FROM due_row WHERE id = ?", f.rowID.String()).Scan(&rev)
	if err == sql.ErrNoRows {
		return nil // the handler has cancelled it
	}
	if err != nil {
		return err
	}
	if rev != f.rev+1 {
		return errTaken
	}
	return nil // the handler has moved it
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
		_, err := tx.Exec("UPDATE due_row SET at = ?, tries = tries + 1, rev = rev + 1 WHERE id = ? AND rev = ?",
			tx.Now().Add(wait).UnixMilli(), f.rowID.String(), f.rev)
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
		case at := <-wake:
			if wait := time.UnixMilli(at).Sub(r.db.Now()); wait > 0 {
				t.Reset(min(wait, r.untilNext(ctx, lane)))
				continue
			}
		}
		n, err := r.round(ctx, lane)
		if err != nil && ctx.Err() == nil {
			r.log.Error("due rows could not be fired; they are tried again", "error", err)
		}
		if n > 0 && err == nil {
			t.Reset(0)
			continue
		}
		t.Reset(r.untilNext(ctx, lane))
	}
}

// round fires a batch side by side and tells how many rows went.
func (r *Runner) round(ctx context.Context, lane int) (n int, err error) {
	rows, err := r.pending(ctx, r.db.Now(), lane)
	if err != nil {
		return 0, err
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
				n++
			}
			err = errors.Join(err, e)
		})
	}
	wg.Wait()
	return n, err
}

// untilNext is how long to sleep: to the next row of the lane, at most idle.
func (r *Runner) untilNext(ctx context.Context, lane int) time.Duration {
	var ms sql.NullInt64
	err := r.db.View(ctx, system, func(tx *db.Tx) error {
		return tx.Row("SELECT min(at) FROM due_row WHERE lane = ?", lane).Scan(&ms)
	})
	if err != nil || !ms.Valid {
		return idle
	}
	return min(max(time.UnixMilli(ms.Int64).Sub(r.db.Now()), time.Millisecond), idle)
}
