package db_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/uptrace/bun"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/who"
)

var (
	ctx  = context.Background()
	test = who.System("test")
)

// table makes a small table for a test.
func table(t *testing.T, d *db.DB) {
	t.Helper()
	err := d.Do(ctx, test, func(tx *db.Tx) error {
		_, err := tx.Exec("CREATE TABLE t (k BIGINT PRIMARY KEY, v TEXT)")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, d *db.DB) (n int) {
	t.Helper()
	err := d.View(ctx, test, func(tx *db.Tx) error { return tx.Row("SELECT count(*) FROM t").Scan(&n) })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func put(k int) func(*db.Tx) error {
	return func(tx *db.Tx) error {
		_, err := tx.Exec("INSERT INTO t (k, v) VALUES (?, ?)", k, "x")
		return err
	}
}

func TestDoKeepsAllOrNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		boom := errors.New("boom")
		var wg sync.WaitGroup
		for i := range 200 {
			wg.Go(func() {
				err := d.Do(ctx, test, func(tx *db.Tx) error {
					if err := put(i)(tx); err != nil {
						return err
					}
					if i%3 == 0 {
						return boom
					}
					return nil
				})
				if want := i%3 == 0; errors.Is(err, boom) != want {
					t.Errorf("closure %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		if n := count(t, d); n != 133 {
			t.Errorf("%d rows, want the 133 of the closures that succeeded", n)
		}
	})
}

// TestAFailureUndoesWhateverItWrote: however a closure writes, its failure undoes
// that and nothing of those that stand in the same batch.
func TestAFailureUndoesWhateverItWrote(t *testing.T) {
	type row struct {
		bun.BaseModel `bun:"table:t"`
		K             int `bun:",pk"`
		V             string
	}
	ways := map[string]func(tx *db.Tx, k int) error{
		"Exec":  func(tx *db.Tx, k int) error { return put(k)(tx) },
		"Later": func(tx *db.Tx, k int) error { return tx.Later(nil, "INSERT INTO t (k, v) VALUES (?, 'x')", k) },
		"Row": func(tx *db.Tx, k int) error {
			return tx.Row("INSERT INTO t (k, v) VALUES (?, 'x') RETURNING k", k).Scan(&k)
		},
		"Rows": func(tx *db.Tx, k int) error {
			rows, err := tx.Rows("WITH n AS (SELECT 1) INSERT INTO t (k, v) VALUES (?, 'x') RETURNING k", k)
			if err != nil {
				return err
			}
			for rows.Next() {
			}
			return rows.Err()
		},
		"bun": func(tx *db.Tx, k int) error {
			_, err := tx.NewInsert().Model(&row{K: k, V: "x"}).Exec(tx.Ctx())
			return err
		},
		"bun, RETURNING": func(tx *db.Tx, k int) error {
			return tx.NewInsert().Model(&row{K: k, V: "x"}).Returning("k").Scan(tx.Ctx(), &k)
		},
		"bun, its own text": func(tx *db.Tx, k int) error {
			_, err := tx.NewRaw("INSERT INTO t (k, v) SELECT ?, 'x' -- not bound", k).Exec(tx.Ctx())
			return err
		},
		"bun, Later": func(tx *db.Tx, k int) error { return tx.InsertLater(nil, &row{K: k, V: "x"}) },
		"Savepoint":  func(tx *db.Tx, k int) error { return tx.Savepoint(func() error { return put(k)(tx) }) },
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		boom := errors.New("boom")
		var wg sync.WaitGroup
		k := 0
		for name, write := range ways {
			for _, fails := range []bool{true, false, true, false} {
				k++
				key := k
				wg.Go(func() {
					err := d.Do(ctx, test, func(tx *db.Tx) error {
						if err := write(tx, key); err != nil || !fails {
							return err
						}
						return boom
					})
					if errors.Is(err, boom) != fails || !fails && err != nil {
						t.Errorf("%s: %v", name, err)
					}
				})
			}
		}
		wg.Wait()
		if n := count(t, d); n != 2*len(ways) {
			t.Errorf("%d rows, want the %d of the closures that succeeded", n, 2*len(ways))
		}
	})
}

// TestAFailureBeforeAnyWriteCostsNothing: what only looked and refused is not run
// again for that.
func TestAFailureBeforeAnyWriteCostsNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		runs := 0
		err := d.Do(ctx, test, func(tx *db.Tx) error {
			runs++
			var n int
			if err := tx.Row("SELECT count(*) FROM t").Scan(&n); err != nil {
				return err
			}
			return fault.NotThere()
		})
		if !fault.Is(err, fault.Absent) || runs != 1 {
			t.Errorf("%d runs, %v", runs, err)
		}
	})
}

func TestPanicGoesToItsCallerOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic did not reach its caller")
				}
			}()
			_ = d.Do(ctx, test, func(tx *db.Tx) error { _ = put(1)(tx); panic("ouch") })
		}()
		if err := d.Do(ctx, test, put(2)); err != nil {
			t.Fatal(err)
		}
		if n := count(t, d); n != 1 {
			t.Errorf("%d rows, want 1", n)
		}
	})
}

func TestDoInsideDoFailsAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Do(ctx, test, func(*db.Tx) error { return d.Do(ctx, test, func(*db.Tx) error { return nil }) })
		if err == nil || !strings.Contains(err.Error(), "Do inside Do") {
			t.Errorf("got %v", err)
		}
	})
}

// Where nobody looks at each Do, a Do that waits for itself gives up on SQLite,
// and what it wanted isn't done later either.
func TestDoInsideDoIsNoStandstill(t *testing.T) {
	d, err := db.Open(ctx, dbtest.SQLiteURL(t), db.Options{Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	table(t, d)
	err = d.Do(ctx, test, func(*db.Tx) error { return d.Do(ctx, test, put(1)) })
	if err == nil || !strings.Contains(err.Error(), "Do inside Do") {
		t.Errorf("got %v", err)
	}
	if err := d.Do(ctx, test, put(2)); err != nil {
		t.Error(err)
	}
	if n := count(t, d); n != 1 {
		t.Errorf("%d rows, want 1", n)
	}
}

func TestUniqueViolationIsAConflictAndNamesNoValue(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		if err := d.Do(ctx, test, put(1)); err != nil {
			t.Fatal(err)
		}
		if err := d.Do(ctx, test, put(1)); !fault.Is(err, fault.Conflict) {
			t.Errorf("got %v, want a conflict", err)
		}
	})
}

func TestSavepointUndoesItsPartOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		told := 0
		err := d.Do(ctx, test, func(tx *db.Tx) error {
			if err := put(1)(tx); err != nil {
				return err
			}
			tx.After(func() { told++ })
			for _, bad := range []func() error{
				func() error { tx.After(func() { told += 100 }); _ = put(2)(tx); return errors.New("no") },
				func() error { return put(1)(tx) },
				func() error { panic("no") },
			} {
				if tx.Savepoint(bad) == nil {
					return errors.New("a failed part reported success")
				}
			}
			return tx.Savepoint(func() error { return put(3)(tx) })
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := count(t, d); n != 2 || told != 1 {
			t.Errorf("%d rows and told %d, want 2 and 1", n, told)
		}
	})
}

func TestCancelledBeforeItStartsWritesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		gone, cancel := context.WithCancel(ctx)
		cancel()
		if err := d.Do(gone, test, put(1)); err == nil {
			t.Error("a cancelled Do reported success")
		}
		// cancelled while it runs, it is carried through
		mid, cancel := context.WithCancel(ctx)
		err := d.Do(mid, test, func(tx *db.Tx) error { cancel(); return put(2)(tx) })
		if n := count(t, d); err != nil || n != 1 {
			t.Errorf("%v, %d rows; want the started one", err, n)
		}
	})
}

func TestViewCannotWrite(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		if err := d.View(ctx, test, put(1)); err == nil {
			t.Error("a View wrote")
		}
	})
}

func TestNowNeverGoesBack(t *testing.T) {
	clock := dbtest.Clock(t)
	dbtest.EachAt(t, clock, func(t *testing.T, d *db.DB) {
		a := d.Now()
		if a != clock.Now().UTC() {
			t.Errorf("now is %v, the clock says %v", a, clock.Now())
		}
	})
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		last := d.Now()
		for range 1000 {
			if n := d.Now(); n.Before(last) {
				t.Fatal("time went back")
			} else {
				last = n
			}
		}
	})
}

func TestTimeIsStoredInMilliseconds_T1(t *testing.T) { // req: T1
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		err := d.Do(ctx, test, func(tx *db.Tx) error {
			now := db.At(tx.Now())
			if _, err := tx.Exec("INSERT INTO t (k) VALUES (?)", now); err != nil {
				return err
			}
			var back db.Time
			if err := tx.Row("SELECT k FROM t").Scan(&back); err != nil {
				return err
			}
			if back != now || back.Location().String() != "UTC" {
				return fmt.Errorf("stored %v, got %v", now, back)
			}
			var none db.Time
			return tx.Row("SELECT NULL").Scan(&none)
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
