package seal

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/id"
	"mingfa/internal/base/who"
)

// found tells in which files below dir any of the byte strings stands.
func found(t *testing.T, dir string, needles ...[]byte) []string {
	t.Helper()
	var hits []string
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return nil // a running server removes files meanwhile
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return nil
		}
		for _, n := range needles {
			if bytes.Contains(b, n) {
				hits = append(hits, filepath.Base(path))
				break
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return hits
}

func wrapped(t *testing.T, k *Keys, keys ...id.ID) [][]byte {
	t.Helper()
	rows, err := k.store.load(t.Context(), keys...)
	if err != nil || len(rows) != len(keys) {
		t.Fatalf("%d rows of %d: %v", len(rows), len(keys), err)
	}
	var out [][]byte
	for _, r := range rows {
		out = append(out, r.Wrapped)
	}
	return out
}

// Erasure (SPINES "Keys"): the wrapped key's bytes are nowhere.
func TestDestroyedKeysAreInNoFile(t *testing.T) {
	stores(t, func(t *testing.T, c Config) {
		k := open(t, c)
		dir := c.Dir
		if c.PostgresURL != "" {
			if dir = dbtest.PostgresDir(); dir == "" {
				t.Skip("the server's files are not ours to search")
			}
		}
		org, person, _ := chain(t, k)
		other := mustNew(t, k, Person, org)
		var orders []id.ID
		for i := range 600 { // many pages, gone keys between keys that stay
			parent := person
			if i%3 == 0 {
				parent = other
			}
			key := mustNew(t, k, Order, parent)
			if parent == person {
				orders = append(orders, key)
			}
		}
		gone := append(slices.Clone(orders), person)
		bytesOf := wrapped(t, k, gone...)
		kept := wrapped(t, k, other)
		if hits := found(t, dir, bytesOf...); len(hits) == 0 {
			t.Fatal("control: the bytes of living keys are in no file")
		}
		if err := k.Destroy(t.Context(), person); err != nil {
			t.Fatal(err)
		}
		if hits := found(t, dir, bytesOf...); len(hits) > 0 {
			t.Errorf("bytes of destroyed keys are in %v", hits)
		}
		if hits := found(t, dir, kept...); len(hits) == 0 {
			t.Error("control: the bytes of a living key are in no file")
		}
		for _, key := range gone {
			if _, err := k.Seal(t.Context(), org, key, "x"); !errors.Is(err, ErrErased) {
				t.Fatalf("a destroyed key seals: %v", err)
			}
		}
		if ok, _ := k.Exists(t.Context(), orders[0]); ok {
			t.Error("a destroyed key exists")
		}
		if _, err := k.Seal(t.Context(), org, other, "x"); err != nil {
			t.Errorf("another person's key is gone too: %v", err)
		}
		if err := k.Destroy(t.Context(), person, id.New()); err != nil {
			t.Errorf("destroying again: %v", err)
		}
		if notes, err := k.Caveats(t.Context()); err != nil || len(notes) > 0 {
			t.Errorf("caveats %v, %v", notes, err)
		}
	})
}

// Killed between the overwriting and the cut of SQLite's log, the bytes still stand in
// the log; erasure calls Destroy again, and that finishes it.
func TestDestroyAgainCutsTheLog(t *testing.T) {
	c := Config{Dir: t.TempDir()}
	k := open(t, c)
	_, person, order := chain(t, k)
	bytesOf := wrapped(t, k, person, order)
	err := k.store.change(t.Context(), func(tx *sql.Tx) error {
		return k.store.overwrite(t.Context(), tx, []id.ID{person, order})
	})
	if err != nil {
		t.Fatal(err)
	}
	killed := Config{Dir: t.TempDir()}
	if err := os.CopyFS(killed.Dir, os.DirFS(c.Dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(killed.Dir, "master.key"), 0o600); err != nil {
		t.Fatal(err)
	}
	after := open(t, killed)
	if hits := found(t, killed.Dir, bytesOf...); len(hits) == 0 {
		t.Fatal("control: the bytes are in no file before the log is cut")
	}
	if err := after.Destroy(t.Context(), person); err != nil {
		t.Fatal(err)
	}
	if hits := found(t, killed.Dir, bytesOf...); len(hits) > 0 {
		t.Errorf("bytes of destroyed keys are in %v", hits)
	}
}

// Another process that reads the keys of SQLite holds the log: Destroy must not say
// that the bytes are gone.
func TestDestroySaysWhenTheLogIsHeld(t *testing.T) {
	c := Config{Dir: t.TempDir()}
	k := open(t, c)
	_, person, order := chain(t, k)
	bytesOf := wrapped(t, k, person, order)
	if _, err := k.store.write.Exec("PRAGMA busy_timeout = 20"); err != nil {
		t.Fatal(err)
	}
	reader, err := k.store.read.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Rollback() //nolint:errcheck // it is over by then
	var n int
	if err := reader.QueryRow("SELECT count(*) FROM key").Scan(&n); err != nil {
		t.Fatal(err)
	}
	if err := k.Destroy(t.Context(), person); err == nil {
		t.Errorf("no error; bytes of destroyed keys are in %v", found(t, c.Dir, bytesOf...))
	}
	if err := reader.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := k.Destroy(t.Context(), person); err != nil {
		t.Fatal(err)
	}
	if hits := found(t, c.Dir, bytesOf...); len(hits) > 0 {
		t.Errorf("bytes of destroyed keys are in %v", hits)
	}
}

// A transaction that began before (a running pg_dump) can still see the old
// rows, so VACUUM FULL would keep them: Destroy waits for its end.
func TestDestroyWaitsForOlderTransactions(t *testing.T) {
	stores(t, func(t *testing.T, c Config) {
		if c.PostgresURL == "" || dbtest.PostgresDir() == "" {
			t.Skip("only on a PostgreSQL of ours")
		}
		k := open(t, c)
		_, person, order := chain(t, k)
		bytesOf := wrapped(t, k, person, order)
		older, err := k.store.read.BeginTx(t.Context(), &sql.TxOptions{Isolation: sql.LevelRepeatableRead})
		if err != nil {
			t.Fatal(err)
		}
		defer older.Rollback() //nolint:errcheck // it is over by then
		var n int
		if err := older.QueryRow("SELECT count(*) FROM pg_class").Scan(&n); err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() { done <- k.Destroy(t.Context(), person) }()
		for end := time.Now().Add(30 * time.Second); n != -1; time.Sleep(10 * time.Millisecond) {
			err := k.store.read.QueryRow("SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database() AND query LIKE '%age(backend_xmin)%'").Scan(&n)
			if err != nil || time.Now().After(end) {
				t.Fatalf("Destroy does not wait: %v", err)
			}
			if n > 0 {
				n = -1
			}
		}
		if err := older.Commit(); err != nil {
			t.Fatal(err)
		}
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if hits := found(t, dbtest.PostgresDir(), bytesOf...); len(hits) > 0 {
			t.Errorf("bytes of destroyed keys are in %v", hits)
		}
	})
}

func TestDestroyedTextsAreErasedNotBad(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := Config{Dir: t.TempDir()}
		k := open(t, c)
		org, person, order := chain(t, k)
		_, _, stays := chain(t, k)
		ctx := t.Context()
		a, _ := k.Seal(ctx, org, order, "erased")
		b, _ := k.Seal(ctx, org, stays, "stays")
		if err := d.Do(ctx, who.System("test"), func(tx *db.Tx) error { return Put(tx, a, b) }); err != nil {
			t.Fatal(err)
		}
		check := func(k *Keys, want ...State) {
			t.Helper()
			view(t, d, func(tx *db.Tx) error {
				got, err := k.Check(ctx, tx, Claim{a.ID, a.Commitment}, Claim{b.ID, b.Commitment})
				if err != nil || !slices.Equal(got, want) {
					t.Errorf("got %v, %v, want %v", got, err, want)
				}
				return nil
			})
		}
		check(k, OK, OK)
		if err := k.Destroy(ctx, person); err != nil {
			t.Fatal(err)
		}
		check(k, Erased, OK)
		view(t, d, func(tx *db.Tx) error {
			got, err := k.Read(ctx, tx, a.ID, b.ID)
			if err != nil || !got[a.ID].Erased || got[a.ID].Plain != "" || got[b.ID].Plain != "stays" {
				t.Errorf("read %v %v", got[a.ID].Erased, err)
			}
			return nil
		})
		check(open(t, c), Erased, OK)
	})
}

// JSON that was sealed comes back by ID, without the erased; what is no such JSON is an
// error that does not say what stands there.
func TestReadJSON(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, ctx := open(t, Config{Dir: t.TempDir()}), t.Context()
		org, person, order := chain(t, k)
		_, _, stays := chain(t, k)
		gone, _ := k.Seal(ctx, org, order, `{"a":"erased"}`)
		there, _ := k.Seal(ctx, org, stays, `{"a":"stays"}`)
		words, _ := k.Seal(ctx, org, stays, "secret words")
		if err := d.Do(ctx, who.System("test"), func(tx *db.Tx) error { return Put(tx, gone, there, words) }); err != nil {
			t.Fatal(err)
		}
		if err := k.Destroy(ctx, person); err != nil {
			t.Fatal(err)
		}
		view(t, d, func(tx *db.Tx) error {
			got, err := ReadJSON[map[string]string](ctx, k, tx, gone.ID, there.ID, id.Nil)
			if err != nil || len(got) != 1 || got[there.ID]["a"] != "stays" {
				t.Errorf("%d rows, %v", len(got), err)
			}
			_, err = ReadJSON[map[string]string](ctx, k, tx, words.ID)
			if err == nil || strings.Contains(err.Error(), "'s'") || !strings.Contains(err.Error(), words.ID.String()) {
				t.Errorf("words are no JSON: %v", err)
			}
			if _, err = ReadJSON[map[string]string](ctx, k, tx, id.New()); err == nil {
				t.Error("a row that is missing")
			}
			return nil
		})
	})
}

// Another process goes on for at most Recheck.
func TestAnotherProcessStopsUsingIt(t *testing.T) {
	stores(t, func(t *testing.T, c Config) {
		here, there := open(t, c), open(t, c)
		org, person, order := chain(t, here)
		if _, err := there.Seal(t.Context(), org, order, "x"); err != nil {
			t.Fatal(err)
		}
		if err := here.Destroy(t.Context(), person); err != nil {
			t.Fatal(err)
		}
		there.ring.mu.Lock() // as if Recheck had passed
		for _, e := range there.ring.keys {
			e.Value.(*key).seen = time.Now().Add(-Recheck)
		}
		there.ring.mu.Unlock()
		if _, err := there.Seal(t.Context(), org, order, "x"); !errors.Is(err, ErrErased) {
			t.Errorf("the other process still seals: %v", err)
		}
		if _, err := there.New(t.Context(), Order, person); !errors.Is(err, ErrErased) {
			t.Errorf("the other process makes keys below it: %v", err)
		}
	})
}

// A key that comes to stand below a key just destroyed is refused, and no
// loader puts a destroyed key back into the cache.
func TestDestroyRacesWithUse(t *testing.T) {
	stores(t, func(t *testing.T, c Config) {
		k := open(t, c)
		org := mustNew(t, k, Org, id.Nil)
		for range 5 {
			person := mustNew(t, k, Person, org)
			var mu sync.Mutex
			var orders []id.ID
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() {
					for {
						key, err := k.New(context.Background(), Order, person)
						if err == nil {
							mu.Lock()
							orders = append(orders, key)
							mu.Unlock()
							_, err = k.Seal(context.Background(), org, key, "x")
						}
						if errors.Is(err, ErrErased) {
							return
						}
						if err != nil {
							t.Error(err)
							return
						}
					}
				})
			}
			for {
				mu.Lock()
				n := len(orders)
				mu.Unlock()
				if n > 20 {
					break
				}
			}
			if err := k.Destroy(t.Context(), person); err != nil {
				t.Error(err)
			}
			all.Wait()
			for _, key := range orders {
				if ok, err := k.Exists(t.Context(), key); ok || err != nil {
					t.Fatalf("order key %s is alive: %v", key, err)
				}
				if _, err := k.Seal(t.Context(), org, key, "x"); !errors.Is(err, ErrErased) {
					t.Fatalf("order key %s seals: %v", key, err)
				}
			}
		}
	})
}

func TestBackupAndRestore(t *testing.T) {
	stores(t, func(t *testing.T, c Config) {
		k := open(t, c)
		org, person, order := chain(t, k)
		lost := mustNew(t, k, Person, org)
		s, err := k.Seal(t.Context(), org, order, "text")
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "keys.backup")
		if err := k.Destroy(t.Context(), lost); err != nil {
			t.Fatal(err)
		}
		if err := k.Backup(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		if err := k.Backup(t.Context(), path); err == nil {
			t.Error("a backup was overwritten")
		}
		fresh := Config{Dir: t.TempDir()}
		raw, _ := os.ReadFile(filepath.Join(c.Dir, "master.key"))
		os.WriteFile(filepath.Join(fresh.Dir, "master.key"), raw, 0o600)
		if err := Restore(t.Context(), fresh, path); err != nil {
			t.Fatal(err)
		}
		k2 := open(t, fresh)
		f, err := k2.key(t.Context(), order)
		if err != nil {
			t.Fatal(err)
		}
		if got, _, err := f.open(s.Box, s.ID, org); err != nil || got != "text" {
			t.Errorf("after the restore: %v", err)
		}
		if _, err := k2.key(t.Context(), lost); !errors.Is(err, ErrErased) {
			t.Errorf("a destroyed key came back: %v", err)
		}
		// A restore over a store that knows of a destruction does not undo it.
		if err := k2.Destroy(t.Context(), person); err != nil {
			t.Fatal(err)
		}
		if err := Restore(t.Context(), fresh, path); err != nil {
			t.Fatal(err)
		}
		if _, err := k2.key(t.Context(), order); !errors.Is(err, ErrErased) {
			t.Errorf("a restore undid a destruction: %v", err)
		}
	})
}

// A child makes keys and prints each when it is acknowledged, until it is
// killed with SIGKILL; every printed key must be there.
func TestAcknowledgedKeysSurviveAKill(t *testing.T) {
	if dir := os.Getenv("MINGFA_SEAL_CHILD"); dir != "" {
		makeKeysForEver(dir)
	}
	for range 4 {
		dir := t.TempDir()
		child := exec.Command(os.Args[0], "-test.run=^TestAcknowledgedKeysSurviveAKill$")
		child.Env = append(os.Environ(), "MINGFA_SEAL_CHILD="+dir)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		var said []id.ID
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if key, err := id.Parse(strings.TrimSpace(lines.Text())); err == nil {
				said = append(said, key)
			}
			if len(said) == 200 {
				child.Process.Kill() //nolint:errcheck // SIGKILL; what it still said is read on
			}
		}
		child.Wait() //nolint:errcheck // killed
		if len(said) < 200 {
			t.Fatalf("the child said %d keys", len(said))
		}
		k := open(t, Config{Dir: dir})
		rows, err := k.store.load(t.Context(), said...)
		if err != nil || len(rows) != len(said) {
			t.Fatalf("%d acknowledged, %d there: %v", len(said), len(rows), err)
		}
		if _, bad, err := k.some(t.Context(), said); err != nil || len(bad) > 0 {
			t.Fatalf("%d do not open: %v", len(bad), err)
		}
	}
}

func makeKeysForEver(dir string) {
	k, err := Open(context.Background(), Config{Dir: dir})
	if err != nil {
		panic(err)
	}
	org, err := k.New(context.Background(), Org, id.Nil)
	if err != nil {
		panic(err)
	}
	for range 8 {
		go func() {
			for {
				key, err := k.New(context.Background(), Person, org)
				if err != nil {
					panic(err)
				}
				os.Stdout.WriteString(key.String() + "\n")
			}
		}()
	}
	select {}
}
