package db_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
)

func putRow(explain func(error) error) func(tx *db.Tx, k int) error {
	return func(tx *db.Tx, k int) error {
		return tx.LaterRow(explain, "INSERT INTO t (k, v) VALUES (?, NULL)", k)
	}
}

// Rows that are kept back are all there, however many, and before what is asked
// next; what else is kept back keeps its order.
func TestRowsOfATableGoTogether(t *testing.T) {
	row := putRow(nil)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		all := 0
		for _, n := range []int{1, 2, 3, 4, 5, 63, 64, 65, 200} {
			err := d.Do(ctx, test, func(tx *db.Tx) error {
				for k := all; k < all+n; k++ {
					if err := row(tx, k); err != nil {
						return err
					}
					if err := tx.Later(nil, "UPDATE t SET v = ? WHERE k = ?", fmt.Sprint(k), k); err != nil {
						return err
					}
				}
				var got int
				if err := tx.Row("SELECT count(*) FROM t WHERE v = CAST(k AS TEXT) AND k >= ?", all).Scan(&got); err != nil || got != n {
					return fmt.Errorf("%d rows before the commit, want %d; %w", got, n, err)
				}
				return tx.Later(nil, "UPDATE t SET v = NULL WHERE k >= ?", all)
			})
			if all += n; err != nil || count(t, d) != all {
				t.Errorf("%d rows, want %d; %v", count(t, d), all, err)
			}
		}
	})
}

// A row that fails tells so in its caller's words; its Savepoint takes back its
// own rows, the transaction all.
func TestARowThatFails(t *testing.T) {
	words := errors.New("in my words")
	row := putRow(func(err error) error {
		if !db.Conflict(err) {
			t.Errorf("told %v", err)
		}
		return fault.Wrap(fault.Conflict, "fault.stale", words)
	})
	rows := func(tx *db.Tx, keys ...int) (err error) {
		for _, k := range keys {
			if err == nil {
				err = row(tx, k)
			}
		}
		return err
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		if err := d.Do(ctx, test, func(tx *db.Tx) error { return rows(tx, 1, 2, 1) }); !errors.Is(err, words) || count(t, d) != 0 {
			t.Errorf("%d rows, want none; %v", count(t, d), err)
		}
		var part error
		err := d.Do(ctx, test, func(tx *db.Tx) error {
			if err := rows(tx, 1, 2); err != nil {
				return err
			}
			part = tx.Savepoint(func() error { return rows(tx, 3, 4, 2) })
			return rows(tx, 5)
		})
		if n := count(t, d); err != nil || !errors.Is(part, words) || n != 3 {
			t.Errorf("%d rows, want 3; %v, and of the part %v", n, err, part)
		}
	})
}

// An INSERT that is no list of bound values is run as it stands.
func TestAnInsertThatTakesNoMoreRows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		err := d.Do(ctx, test, func(tx *db.Tx) error {
			for k := range 3 {
				if err := tx.LaterRow(nil, "INSERT INTO t (k, v) VALUES (? + 10, ' VALUES (NULL)')", k); err != nil {
					return err
				}
				if err := tx.LaterRow(nil, "INSERT INTO t (k, v) SELECT 20 + 5, 'x' WHERE 0 = 1"); err != nil {
					return err
				}
			}
			return nil
		})
		if n := count(t, d); err != nil || n != 3 {
			t.Errorf("%d rows, want 3; %v", n, err)
		}
	})
}

// Rows of bun's go together too.
func TestBunRows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		things(t, d)
		var want, got []string
		err := d.Do(ctx, test, func(tx *db.Tx) error {
			for i := range 11 {
				x := thing{ID: id.New(), Rev: 1, Text: fmt.Sprintf("%02d it's '? (中文)", i), At: db.At(d.Now())}
				want = append(want, x.Text)
				if err := tx.InsertRowLater(nil, &x); err != nil {
					return err
				}
			}
			return tx.NewSelect().Model((*thing)(nil)).Column("text").Order("text").Scan(tx.Ctx(), &got)
		})
		if slices.Sort(want); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q, want %q; %v", got, want, err)
		}
	})
}
