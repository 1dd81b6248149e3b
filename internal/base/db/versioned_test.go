package db_test

import (
	"errors"
	"testing"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
)

// firstThing writes a thing of revision 1.
func firstThing(t *testing.T, d *db.DB) thing {
	t.Helper()
	x := thing{ID: id.New(), Rev: 1, Text: "first"}
	if err := d.Do(ctx, test, func(tx *db.Tx) error { return tx.InsertLater(nil, &x) }); err != nil {
		t.Fatal(err)
	}
	return x
}

// changeThing loads a thing, lets fn change it and saves it.
func changeThing(d *db.DB, row id.ID, fn func(*thing)) error {
	return d.Do(ctx, test, func(tx *db.Tx) error {
		x, err := db.LoadLocked[thing](tx, row)
		if err != nil {
			return err
		}
		fn(x)
		return tx.Save(x, &x.Rev)
	})
}

func loadThing(t *testing.T, d *db.DB, row id.ID) (x *thing) {
	t.Helper()
	if err := d.View(ctx, test, func(tx *db.Tx) (err error) { x, err = db.Load[thing](tx, row); return err }); err != nil {
		t.Fatal(err)
	}
	return x
}

// A saved row is one revision on; of two who read the same one, the second is
// refused and nothing of his stays.
func TestSaveIsForTheVersionThatWasRead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		things(t, d)
		x, other := firstThing(t, d), firstThing(t, d)
		if err := changeThing(d, x.ID, func(x *thing) { x.Text = "second" }); err != nil {
			t.Fatal(err)
		}
		if got := loadThing(t, d, x.ID); got.Rev != 2 || got.Text != "second" {
			t.Errorf("saved as %+v", got)
		}
		err := d.Do(ctx, test, func(tx *db.Tx) error {
			late := x // read before the change
			late.Text = "late"
			if err := tx.Save(&late, &late.Rev); err != nil {
				return err
			}
			beside, err := db.LoadLocked[thing](tx, other.ID)
			if err != nil {
				return err
			}
			beside.Text = "late"
			return tx.Save(beside, &beside.Rev)
		})
		var f *fault.Fault
		if !errors.As(err, &f) || f.Kind != fault.Conflict || f.Key != "fault.stale" || !errors.Is(err, db.ErrNotOne) {
			t.Errorf("an old version was saved: %v", err)
		}
		if got := loadThing(t, d, x.ID); got.Rev != 2 || got.Text != "second" {
			t.Errorf("after the refusal: %+v", got)
		}
		if got := loadThing(t, d, other.ID); got.Rev != 1 || got.Text != "first" {
			t.Errorf("the other row of the refused transaction: %+v", got)
		}
	})
}

// A row may be saved more than once in a transaction.
func TestSaveTwice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		things(t, d)
		x := firstThing(t, d)
		err := d.Do(ctx, test, func(tx *db.Tx) error {
			now := x
			return errors.Join(tx.Save(&now, &now.Rev), tx.Save(&now, &now.Rev))
		})
		if got := loadThing(t, d, x.ID); err != nil || got.Rev != 3 {
			t.Errorf("revision %d, %v", got.Rev, err)
		}
	})
}

// A failure that is not of the version is not called one.
func TestSaveSaysWhatFailed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		things(t, d)
		x := firstThing(t, d)
		err := d.Do(ctx, test, func(tx *db.Tx) error {
			if _, err := tx.Exec("ALTER TABLE thing RENAME COLUMN text TO words"); err != nil {
				return err
			}
			return tx.Save(&x, &x.Rev)
		})
		if err == nil || fault.Is(err, fault.Conflict) || errors.Is(err, db.ErrNotOne) {
			t.Errorf("a row without its column was saved: %v", err)
		}
	})
}

// What is absent is a fault, of both ways to read it.
func TestLoadOfNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		things(t, d)
		for name, load := range map[string]func(*db.Tx, id.ID) (*thing, error){"load": db.Load[thing], "locked": db.LoadLocked[thing]} {
			err := d.Do(ctx, test, func(tx *db.Tx) error {
				x, err := load(tx, id.New())
				if x != nil {
					t.Errorf("%s: gave %+v", name, x)
				}
				return err
			})
			if !fault.Is(err, fault.Absent) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
