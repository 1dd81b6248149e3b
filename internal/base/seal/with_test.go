package seal

import (
	"errors"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/id"
	"mingfa/internal/base/who"
)

// eachWith gives keys that lie where the rows do.
func eachWith(t *testing.T, fn func(t *testing.T, c Config, d *db.DB)) {
	t.Run("sqlite", func(t *testing.T) {
		fn(t, Config{Dir: t.TempDir()}, dbtest.Open(t, dbtest.SQLiteURL(t), nil))
	})
	t.Run("postgres", func(t *testing.T) {
		url := dbtest.PostgresURL(t)
		fn(t, Config{Dir: t.TempDir(), PostgresURL: url}, dbtest.Open(t, url, nil))
	})
}

// A key that is made with what it seals is there when that is, and only then.
func TestAKeyWithWhatItSeals(t *testing.T) {
	eachWith(t, func(t *testing.T, c Config, d *db.DB) {
		k, ctx := open(t, c), t.Context()
		org, person, _ := chain(t, k)
		said := func(fail error) (Sealed, error) {
			key, put, err := k.NewWith(ctx, Order, person)
			if err != nil {
				t.Fatal(err)
			}
			x, err := k.Seal(ctx, org, key, "said")
			if err != nil {
				t.Fatal(err)
			}
			return x, d.Do(ctx, who.System("test"), func(tx *db.Tx) error {
				return errors.Join(put(tx), Put(tx, x), fail)
			})
		}
		kept, err := said(nil)
		if err != nil {
			t.Fatal(err)
		}
		again := open(t, c) // nothing in its memory
		view(t, d, func(tx *db.Tx) error {
			got, err := again.Read(ctx, tx, kept.ID)
			if err != nil || got[kept.ID].Plain != "said" {
				t.Errorf("read %v: %v", got[kept.ID], err)
			}
			return nil
		})
		lost, err := said(errors.New("undone"))
		if err == nil {
			t.Fatal("it was not undone")
		}
		if there, err := again.Exists(ctx, lost.Key); err != nil || there && c.PostgresURL != "" {
			t.Errorf("the key of what was undone is there: %v, %v", there, err)
		}
	})
}

// Nothing is sealed under a person who is being destroyed: who puts a key below him is
// refused, or is waited for and destroyed too.
func TestAKeyWithADestroyedParent(t *testing.T) {
	url := dbtest.PostgresURL(t) // on SQLite the key is there before its row
	c, d := Config{Dir: t.TempDir(), PostgresURL: url}, dbtest.Open(t, url, nil)
	k, other, ctx := open(t, c), open(t, c), t.Context()
	_, person, _ := chain(t, k)
	made := func(under id.ID) (id.ID, func(tx *db.Tx) error) {
		key, put, err := k.NewWith(ctx, Order, under)
		if err != nil {
			t.Fatal(err)
		}
		return key, put
	}
	late, put := made(person)
	_, tooLate := made(person)
	destroyed := make(chan error, 1)
	err := d.Do(ctx, who.System("test"), func(tx *db.Tx) error {
		if err := put(tx); err != nil {
			return err
		}
		var n int
		if err := tx.Row("SELECT count(*) FROM mingfa_keys.key WHERE id = ?", late.String()).Scan(&n); err != nil || n != 1 {
			t.Errorf("%d rows of the key: %v", n, err)
		}
		go func() { destroyed <- other.Destroy(ctx, person) }()
		end := time.Now().Add(30 * time.Second)
		for n = 0; n == 0 && time.Now().Before(end); { // until it waits for us
			if err := tx.Row("SELECT count(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) OR NOT granted AND locktype = 'transactionid'").Scan(&n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := <-destroyed; err != nil {
		t.Fatal(err)
	}
	if there, err := other.Exists(ctx, late); err != nil || there {
		t.Errorf("the key below a destroyed one lives: %v, %v", there, err)
	}
	if err := d.Do(ctx, who.System("test"), tooLate); !errors.Is(err, ErrErased) {
		t.Errorf("a key below a destroyed one: %v", err)
	}
}
