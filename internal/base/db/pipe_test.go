package db_test

import (
	"database/sql"
	"errors"
	"fmt"
	"testing"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
)

func putLater(tx *db.Tx, k int) error {
	return tx.Later(nil, "INSERT INTO t (k, v) VALUES (?, ?)", k, "x")
}

// What is kept back runs before whatever is asked next, in its order.
func TestLaterRunsBeforeWhatFollows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		err := d.Do(ctx, test, func(tx *db.Tx) error {
			for k := range 5 {
				if err := putLater(tx, k); err != nil {
					return err
				}
			}
			var n int
			if err := tx.Row("SELECT count(*) FROM t").Scan(&n); err != nil || n != 5 {
				return fmt.Errorf("%d rows before the commit, %w", n, err)
			}
			if err := tx.Later(nil, "UPDATE t SET v = 'y' WHERE k = 3"); err != nil {
				return err
			}
			if err := tx.Later(nil, "UPDATE t SET v = v || 'z' WHERE k = 3"); err != nil {
				return err
			}
			_, err := tx.Exec("DELETE FROM t WHERE v = 'yz'")
			return err
		})
		if n := count(t, d); err != nil || n != 4 {
			t.Errorf("%d rows, want 4; %v", n, err)
		}
	})
}

// A statement that was kept back and fails tells so in its caller's words, and
// nothing of the transaction stays.
func TestLaterFailsInItsOwnWords(t *testing.T) {
	words := errors.New("in my words")
	explain := func(err error) error {
		if !db.Conflict(err) && !errors.Is(err, db.ErrNotOne) {
			t.Errorf("told %v", err)
		}
		return fault.Wrap(fault.Conflict, "fault.stale", words)
	}
	twice := func(tx *db.Tx) error {
		return tx.Later(explain, "INSERT INTO t (k, v) VALUES (1, 'again')")
	}
	none := func(tx *db.Tx) error { return tx.LaterOne(explain, "UPDATE t SET v = 'y' WHERE k = 99") }
	many := func(tx *db.Tx) error { return tx.LaterOne(explain, "UPDATE t SET v = 'y'") }
	endings := map[string]func(tx *db.Tx) error{
		"commit": func(*db.Tx) error { return nil },
		"exec":   put(7),
		"later":  func(tx *db.Tx) error { return putLater(tx, 7) },
		"row": func(tx *db.Tx) error {
			var n int
			return tx.Row("SELECT count(*) FROM t").Scan(&n)
		},
		"rows": func(tx *db.Tx) error {
			rows, err := tx.Rows("SELECT k FROM t")
			if err == nil {
				err = rows.Close()
			}
			return err
		},
		"row, swallowed": func(tx *db.Tx) error {
			var n int
			_ = tx.Row("SELECT count(*) FROM t").Scan(&n)
			return nil
		},
		"savepoint": func(tx *db.Tx) error { return tx.Savepoint(func() error { return put(8)(tx) }) },
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		for k := range 2 {
			if err := d.Do(ctx, test, put(k)); err != nil {
				t.Fatal(err)
			}
		}
		for name, end := range endings {
			for i, bad := range []func(*db.Tx) error{twice, none, many} {
				err := d.Do(ctx, test, func(tx *db.Tx) error {
					if err := putLater(tx, 5); err != nil {
						return err
					}
					if err := bad(tx); err != nil {
						return err
					}
					return end(tx)
				})
				if !errors.Is(err, words) || !fault.Is(err, fault.Conflict) {
					t.Errorf("%s, %d: %v, want the caller's words", name, i, err)
				}
			}
		}
		if n := count(t, d); n != 2 {
			t.Errorf("%d rows, want the 2 from before", n)
		}
	})
}

// In a Savepoint a statement that was kept back fails with its part, also when
// it is the last of it, and what was kept back before and behind the part stays.
func TestLaterInASavepoint(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		err := d.Do(ctx, test, func(tx *db.Tx) error {
			if err := putLater(tx, 1); err != nil {
				return err
			}
			parts := map[string]func() error{
				"fails before anything is sent": func() error { _ = putLater(tx, 10); return errors.New("no") },
				"fails with its last statement": func() error { _ = putLater(tx, 11); return putLater(tx, 1) },
				"fails in the middle": func() error {
					if err := putLater(tx, 1); err != nil {
						return err
					}
					return put(12)(tx)
				},
				"fails after something was read": func() error {
					var n int
					_ = tx.Row("SELECT count(*) FROM t").Scan(&n)
					_ = putLater(tx, 13)
					return errors.New("no")
				},
				"panics":          func() error { _ = putLater(tx, 14); panic("no") },
				"changes nothing": func() error { return tx.LaterOne(nil, "DELETE FROM t WHERE k = 77") },
			}
			for name, part := range parts {
				if tx.Savepoint(part) == nil {
					return fmt.Errorf("the part that %s reported success", name)
				}
				if err := tx.Savepoint(func() error { return tx.Later(nil, "UPDATE t SET v = v || 'p' WHERE k = 1") }); err != nil {
					return fmt.Errorf("after the part that %s: %w", name, err)
				}
			}
			return putLater(tx, 3)
		})
		if n := count(t, d); err != nil || n != 2 {
			t.Errorf("%d rows, want 2; %v", n, err)
		}
	})
}

// A fresh connection has prepared nothing yet: what undoes a part must work
// in a transaction that is dead.
func TestASavepointFailsOnAFreshConnection(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Do(ctx, test, func(tx *db.Tx) error {
			if tx.Savepoint(func() error { _, err := tx.Exec("SELECT nothing FROM nowhere"); return err }) == nil {
				return errors.New("a failed part reported success")
			}
			var n int
			return tx.Row("SELECT 1").Scan(&n)
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// A connection that breaks between two statements is not used again, and what
// it was told is not said to be kept.
func TestABrokenConnectionKeepsNothing(t *testing.T) {
	url := dbtest.PostgresURL(t)
	d := dbtest.Open(t, url, nil)
	table(t, d)
	killer, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	defer killer.Close() //nolint:errcheck // the test is over
	err = d.Do(ctx, test, func(tx *db.Tx) error {
		var pid int
		if err := tx.Row("SELECT pg_backend_pid()").Scan(&pid); err != nil {
			return err
		}
		if _, err := killer.Exec("SELECT pg_terminate_backend($1, 5000)", pid); err != nil {
			return err
		}
		return putLater(tx, 1)
	})
	if !fault.Is(err, fault.Unavailable) {
		t.Errorf("%v, want unavailable", err)
	}
	for k := range 20 { // the pool has no dead connection left
		if err := d.Do(ctx, test, put(100+k)); err != nil {
			t.Error(err)
		}
	}
	if n := count(t, d); n != 20 {
		t.Errorf("%d rows, want 20", n)
	}
}

// Rows of bun's may wait too, whatever is in them.
func TestBunLater(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		things(t, d)
		for _, want := range []thing{
			{ID: id.New(), Rev: 1, Text: "plain?"},
			{ID: id.New(), Rev: 1, Text: `it''s '"?$1 :x -- /* 中文 \ `, Box: []byte{0, '?'}, At: db.At(d.Now())},
			{ID: id.New(), Rev: 1, Text: "a fraction can't be bound: ?", Share: 0.25},
		} {
			var got thing
			err := d.Do(ctx, test, func(tx *db.Tx) error {
				if err := tx.InsertLater(nil, &want); err != nil {
					return err
				}
				want.Rev, want.Text = 2, want.Text+"!"
				if err := tx.UpdateLater(nil, tx.NewUpdate().Model(&want).WherePK().Where("rev = ?", 1)); err != nil {
					return err
				}
				return tx.NewSelect().Model(&got).Where("id = ?", want.ID).Scan(tx.Ctx())
			})
			if err != nil || got.Text != want.Text || got.Rev != 2 || got.Share != want.Share || string(got.Box) != string(want.Box) {
				t.Errorf("%q: got %+v, %v", want.Text, got, err)
			}
			err = d.Do(ctx, test, func(tx *db.Tx) error {
				return tx.UpdateLater(nil, tx.NewUpdate().Model(&want).WherePK().Where("rev = ?", 1))
			})
			if !errors.Is(err, db.ErrNotOne) {
				t.Errorf("%q: an old rev was written: %v", want.Text, err)
			}
			err = d.Do(ctx, test, func(tx *db.Tx) error { return tx.InsertLater(nil, &want) })
			if !fault.Is(err, fault.Conflict) {
				t.Errorf("%q: inserted twice: %v", want.Text, err)
			}
		}
	})
}

func TestLookCannotWrite(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		if err := d.Look(ctx, test, put(1)); err == nil {
			t.Error("a Look wrote")
		}
		if err := d.Look(ctx, test, func(tx *db.Tx) error { return putLater(tx, 2) }); err == nil {
			t.Error("a Look wrote later")
		}
		if n := count(t, d); n != 0 {
			t.Errorf("%d rows", n)
		}
	})
}
