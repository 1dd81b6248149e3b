package db_test

import (
	"runtime"
	"strings"
	"sync"
	"testing"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/fault"
)

// full lets the file grow no further and writes more than fits: SQLite ends the
// transaction by itself. The error is the caller's to tell or to swallow.
func full(tx *db.Tx) error {
	if _, err := tx.Exec("PRAGMA max_page_count = 1"); err != nil {
		return err
	}
	_, err := tx.Exec("INSERT INTO t (k, v) VALUES (?, ?)", 999, strings.Repeat("x", 1<<20))
	if _, back := tx.Exec("PRAGMA max_page_count = 4294967294"); back != nil {
		return back
	}
	return err
}

// TestNothingIsCommittedAfterTheTransactionEnded: a closure swallows the error with
// which SQLite ended the transaction and goes on writing, among neighbours. It is
// told that nothing was kept, none of its rows is there, and the neighbours' are.
func TestNothingIsCommittedAfterTheTransactionEnded(t *testing.T) {
	goesOn := map[string]func(*db.Tx) error{
		"swallows it":                func(tx *db.Tx) error { _ = full(tx); return put(100)(tx) },
		"swallows it before writing": func(tx *db.Tx) error { _ = full(tx); return nil },
		"writes and swallows it": func(tx *db.Tx) error {
			if err := put(100)(tx); err != nil {
				return err
			}
			_ = full(tx)
			return put(101)(tx)
		},
		"in a part of its own": func(tx *db.Tx) error {
			if err := put(100)(tx); err != nil {
				return err
			}
			_ = tx.Savepoint(func() error { return full(tx) })
			return put(101)(tx)
		},
		"through bun": func(tx *db.Tx) error {
			_ = full(tx)
			_, err := tx.NewRaw("INSERT INTO t (k, v) VALUES (?, 'x')", 100).Exec(tx.Ctx())
			return err
		},
		"tells it": full,
		"panics":   func(tx *db.Tx) error { _ = full(tx); panic("ouch") },
	}
	for name, fn := range goesOn {
		t.Run(name, func(t *testing.T) {
			d := dbtest.Open(t, dbtest.SQLiteURL(t), nil)
			table(t, d)
			const neighbours = 20
			var wg sync.WaitGroup
			neighbour := func(k int, fn func(*db.Tx) error) {
				wg.Go(func() {
					if err := d.Do(ctx, test, fn); err != nil {
						t.Errorf("neighbour %d: %v", k, err)
					}
				})
			}
			// The first begins the batch and waits until the others can share it.
			began := make(chan struct{})
			var together sync.Once
			neighbour(0, func(tx *db.Tx) error {
				together.Do(func() {
					close(began)
					for d.Waiting() < neighbours {
						runtime.Gosched()
					}
				})
				return put(0)(tx)
			})
			<-began
			for k := 1; k < neighbours; k++ {
				neighbour(k, put(k))
			}
			for d.Waiting() < neighbours-1 {
				runtime.Gosched()
			}
			wg.Go(func() { // the last of the batch
				defer func() {
					if (recover() != nil) != (name == "panics") {
						t.Error("a panic came, or was lost")
					}
				}()
				if err := d.Do(ctx, test, fn); !fault.Is(err, fault.Unavailable) {
					t.Errorf("told %v, not that nothing was kept", err)
				}
			})
			wg.Wait()
			if n := count(t, d); n != neighbours {
				t.Errorf("%d rows, wanted the neighbours' %d", n, neighbours)
			}
			if err := d.Do(ctx, test, put(200)); err != nil {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}

// TestAnErrorThatEndsNothingCostsNothing: a statement that fails before anything was
// written leaves the batch as it is.
func TestAnErrorThatEndsNothingCostsNothing(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLiteURL(t), nil)
	table(t, d)
	runs := 0
	err := d.Do(ctx, test, func(tx *db.Tx) error {
		runs++
		var n int
		return tx.Row("SELECT count(*) FROM no_such_table").Scan(&n)
	})
	if err == nil || runs != 1 {
		t.Errorf("%d runs, %v", runs, err)
	}
	if err := d.Do(ctx, test, put(1)); err != nil || count(t, d) != 1 {
		t.Errorf("afterwards: %v", err)
	}
}
