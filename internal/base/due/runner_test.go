package due_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/due"
	"mingfa/internal/base/id"
)

// eventually waits for a condition, never for a time.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never happened: %s", what)
		}
	}
}

func counters(t *testing.T, d *db.DB) {
	t.Helper()
	do(t, d, func(tx *db.Tx) error {
		_, err := tx.Exec("CREATE TABLE due_test_count (subject TEXT PRIMARY KEY, n BIGINT NOT NULL)")
		return err
	})
}

func countUp(tx *db.Tx, f due.Fired) error {
	_, err := tx.Exec("INSERT INTO due_test_count (subject, n) VALUES (?, 1) ON CONFLICT (subject) DO UPDATE SET n = due_test_count.n + 1", f.Subject.String())
	return err
}

// sums is how many subjects had an effect, and how many effects there were.
func sums(t *testing.T, d *db.DB) (subjects, effects int) {
	t.Helper()
	err := d.View(ctx, test, func(tx *db.Tx) error {
		return tx.Row("SELECT count(*), coalesce(sum(n), 0) FROM due_test_count").Scan(&subjects, &effects)
	})
	if err != nil {
		t.Fatal(err)
	}
	return subjects, effects
}

// Two runners at work on the same rows: each takes effect once. On PostgreSQL
// each runner has its own connections, as two nodes have.
func TestTwoRunnersNeverFireTwice(t *testing.T) { // issue 2, acceptance 7
	for _, url := range []func(*testing.T) string{dbtest.SQLiteURL, dbtest.PostgresURL} {
		t.Run("", func(t *testing.T) {
			u := url(t)
			d := dbtest.Open(t, u, nil)
			counters(t, d)
			other := d
			if d.Postgres() {
				other = dbtest.Open(t, u, nil)
			}
			a, b := due.NewRunner(d, quiet), due.NewRunner(other, quiet)
			for _, r := range []*due.Runner{a, b} {
				r.Handle("k", countUp)
				r.Start()
			}
			const n = 1000
			for i := range n {
				set(t, d, due.Row{Subject: id.New(), Name: "x", Kind: "k", At: d.Now().Add(time.Duration(i%5) * 50 * time.Millisecond), Interactive: i%3 == 0})
			}
			eventually(t, "all rows fire", func() bool { s, _ := sums(t, d); return s == n })
			a.Stop()
			b.Stop()
			if s, e := sums(t, d); s != n || e != n {
				t.Errorf("%d rows had %d effects, want %d", s, e, n)
			}
		})
	}
}

// While a handler runs, another verb moves its row: the effect is undone and
// the row fires at its new time. Only PostgreSQL runs the two side by side.
func TestARowMovedWhileItFiresIsNotLost(t *testing.T) {
	c := dbtest.Clock(t)
	d := dbtest.Open(t, dbtest.PostgresURL(t), c)
	for name, move := range map[string]func(tx *db.Tx, s id.ID) error{
		"set": func(tx *db.Tx, s id.ID) error {
			return due.Set(tx, due.Row{Subject: s, Name: "x", Kind: "set", At: c.Now().Add(time.Hour)})
		},
		"move":   func(tx *db.Tx, s id.ID) error { _, err := due.Move(tx, s, "x", c.Now().Add(time.Hour)); return err },
		"cancel": func(tx *db.Tx, s id.ID) error { return due.Cancel(tx, s, "x") },
	} {
		t.Run(name, func(t *testing.T) {
			do(t, d, func(tx *db.Tx) error { _, err := tx.Exec("DROP TABLE IF EXISTS due_test_count"); return err })
			counters(t, d)
			s := id.New()
			running, moved := make(chan bool), make(chan bool)
			r := due.NewRunner(d, quiet)
			var once sync.Once
			r.Handle(name, func(tx *db.Tx, f due.Fired) error {
				if err := countUp(tx, f); err != nil {
					return err
				}
				once.Do(func() { running <- true; <-moved })
				return nil
			})
			set(t, d, due.Row{Subject: s, Name: "x", Kind: name, At: c.Now()})
			go func() {
				<-running
				if err := d.Do(ctx, test, func(tx *db.Tx) error { return move(tx, s) }); err != nil {
					t.Error(err)
				}
				close(moved)
			}()
			if n := run(t, r); n != 0 {
				t.Errorf("%d rows fired", n)
			}
			if _, e := sums(t, d); e != 0 {
				t.Errorf("%d effects of a row that was moved", e)
			}
			left := 1
			if name == "cancel" {
				left = 0
			}
			if o := open(t, d, s); len(o) != left {
				t.Errorf("waiting: %+v", o)
			}
		})
	}
}

// A long queue of bulk rows, each slow, does not keep a person waiting.
func TestInteractiveDoesNotStandBehindBulk(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := due.NewRunner(d, quiet)
		var bulk atomic.Int64
		var before int64
		var person atomic.Bool
		r.Handle("bulk", func(tx *db.Tx, f due.Fired) error {
			bulk.Add(1)
			if !person.Load() {
				time.Sleep(time.Millisecond) // work
			}
			return nil
		})
		r.Handle("person", func(tx *db.Tx, f due.Fired) error { before = bulk.Load(); person.Store(true); return nil })
		const n = 3000
		for from := 0; from < n; from += 500 {
			do(t, d, func(tx *db.Tx) error {
				for i := range 500 {
					if err := due.Set(tx, due.Row{Subject: id.New(), Name: fmt.Sprint(i), Kind: "bulk", At: tx.Now()}); err != nil {
						return err
					}
				}
				return nil
			})
		}
		r.Start()
		eventually(t, "bulk is at work", func() bool { return bulk.Load() > 50 })
		set(t, d, due.Row{Subject: id.New(), Name: "x", Kind: "person", At: d.Now(), Interactive: true})
		eventually(t, "the person's row fires", person.Load)
		if before > n/2 {
			t.Errorf("%d of %d bulk rows went first", before, n)
		}
		eventually(t, "bulk ends", func() bool { return bulk.Load() >= n })
		r.Stop()
	})
}

func TestStopWaitsForHandlers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		counters(t, d)
		r := due.NewRunner(d, quiet)
		running, goOn := make(chan bool), make(chan bool)
		r.Handle("k", func(tx *db.Tx, f due.Fired) error { close(running); <-goOn; return countUp(tx, f) })
		set(t, d, due.Row{Subject: id.New(), Name: "x", Kind: "k", At: d.Now()})
		r.Start()
		<-running
		stopped := make(chan bool)
		go func() { r.Stop(); close(stopped) }()
		select {
		case <-stopped:
			t.Error("Stop did not wait")
		case <-time.After(20 * time.Millisecond): // a wrong Stop would be quicker
		}
		close(goOn)
		<-stopped
		if _, e := sums(t, d); e != 1 {
			t.Errorf("%d effects, want 1", e)
		}
		due.NewRunner(d, nil).Stop() // one that never started
	})
}

func TestTwoHandlersOfAKindPanic(t *testing.T) {
	r := due.NewRunner(dbtest.Open(t, dbtest.SQLiteURL(t), nil), quiet)
	r.Handle("k", countUp)
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	r.Handle("k", countUp)
}
