package seal

import (
	"context"
	"crypto/sha256"
	"errors"
	"os"
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

// stores runs fn on a key store of each kind; open opens it (again).
func stores(t *testing.T, fn func(t *testing.T, c Config)) {
	t.Run("sqlite", func(t *testing.T) { fn(t, Config{Dir: t.TempDir()}) })
	t.Run("postgres", func(t *testing.T) { fn(t, Config{Dir: t.TempDir(), PostgresURL: dbtest.PostgresURL(t)}) })
}

func open(t testing.TB, c Config) *Keys {
	t.Helper()
	k, err := Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { k.Close() })
	return k
}

func mustNew(t testing.TB, k *Keys, kind string, parent id.ID) id.ID {
	t.Helper()
	key, err := k.New(t.Context(), kind, parent)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// chain makes an organisation's, a person's and an order's key.
func chain(t testing.TB, k *Keys) (org, person, order id.ID) {
	t.Helper()
	org = mustNew(t, k, Org, id.Nil)
	person = mustNew(t, k, Person, org)
	return org, person, mustNew(t, k, Order, person)
}

func TestTheHierarchyIsKept(t *testing.T) {
	stores(t, func(t *testing.T, c Config) {
		k := open(t, c)
		org, person, order := chain(t, k)
		for _, bad := range []struct {
			kind   string
			parent id.ID
		}{{Org, org}, {Person, id.Nil}, {Person, person}, {Order, org}, {Order, order}, {"file", org}, {Person, id.New()}} {
			if _, err := k.New(t.Context(), bad.kind, bad.parent); err == nil {
				t.Errorf("a key of kind %s under %s came to be", bad.kind, bad.parent)
			}
		}
		// All is there after opening again, without the cache.
		if err := k.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := k.New(t.Context(), Org, id.Nil); !errors.Is(err, ErrClosed) {
			t.Errorf("New after Close: %v", err)
		}
		k = open(t, c)
		for _, key := range []id.ID{org, person, order} {
			if ok, err := k.Exists(t.Context(), key); !ok || err != nil {
				t.Errorf("key %s: %v %v", key, ok, err)
			}
		}
		if _, err := k.Seal(t.Context(), org, order, "x"); err != nil {
			t.Error(err)
		}
	})
}

func TestTextsAreBoundToTheirRow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := open(t, Config{Dir: t.TempDir()})
		org, _, order := chain(t, k)
		other := mustNew(t, k, Order, mustNew(t, k, Person, org))
		ctx := t.Context()
		const plain = "房东不退押金，我该怎么办？ 13800138000"
		s, err := k.Seal(ctx, org, order, plain)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(s.Box), "13800138000") {
			t.Fatal("the box is no box")
		}
		twin, err := k.Seal(ctx, org, order, plain)
		if err != nil || twin.Commitment == s.Commitment {
			t.Fatalf("equal texts have equal commitments (%v)", err)
		}
		moved := Sealed{ID: id.New(), Org: org, Key: order, Box: s.Box}
		rekeyed := Sealed{ID: id.New(), Org: org, Key: other, Box: s.Box}
		orphan := Sealed{ID: id.New(), Org: org, Key: id.New(), Box: s.Box}
		short := Sealed{ID: id.New(), Org: org, Key: order, Box: []byte{1}}
		if err := d.Do(ctx, who.System("test"), func(tx *db.Tx) error { return Put(tx, s, twin, moved, rekeyed, orphan, short) }); err != nil {
			t.Fatal(err)
		}
		view(t, d, func(tx *db.Tx) error {
			got, err := k.Read(ctx, tx, s.ID, id.Nil, s.ID)
			if err != nil || got[s.ID].Plain != plain || len(got) != 1 {
				t.Errorf("read back %d texts, %v", len(got), err)
			}
			for _, bad := range []id.ID{moved.ID, rekeyed.ID, orphan.ID, short.ID, id.New()} {
				if _, err := k.Read(ctx, tx, bad); err == nil {
					t.Error("a text that is not right was read")
				} else if strings.Contains(err.Error(), "13800138000") {
					t.Error("an error tells the text")
				}
			}
			states, err := k.Check(ctx, tx, Claim{s.ID, s.Commitment}, Claim{s.ID, twin.Commitment}, Claim{moved.ID, s.Commitment},
				Claim{rekeyed.ID, s.Commitment}, Claim{orphan.ID, s.Commitment}, Claim{short.ID, s.Commitment}, Claim{id.New(), s.Commitment}, Claim{twin.ID, twin.Commitment})
			want := []State{OK, Bad, Bad, Bad, Bad, Bad, Bad, OK}
			if err != nil {
				return err
			}
			for i := range want {
				if states[i] != want[i] {
					t.Errorf("claim %d is %s, want %s", i, states[i], want[i])
				}
			}
			return nil
		})
	})
}

func view(t *testing.T, d *db.DB, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := d.View(t.Context(), who.System("test"), fn); err != nil {
		t.Fatal(err)
	}
}

func TestTheCommitmentIsOverSaltAndText(t *testing.T) {
	k := open(t, Config{Dir: t.TempDir()})
	org, _, order := chain(t, k)
	s, err := k.Seal(t.Context(), org, order, "文字")
	if err != nil {
		t.Fatal(err)
	}
	f, err := k.key(t.Context(), order)
	if err != nil {
		t.Fatal(err)
	}
	salted, err := decrypt(f.text, s.Box, textAAD(s.ID, org, order))
	if err != nil || len(salted) != 32+len("文字") || sha256.Sum256(salted) != s.Commitment {
		t.Fatalf("the commitment does not hold: %v", err)
	}
}

func TestIndexDependsOnKeyFieldAndValue(t *testing.T) {
	k := open(t, Config{Dir: t.TempDir()})
	a, b := mustNew(t, k, Org, id.Nil), mustNew(t, k, Org, id.Nil)
	seen := map[string]bool{}
	for _, c := range []struct {
		key          id.ID
		field, value string
	}{{a, "phone", "1"}, {b, "phone", "1"}, {a, "mail", "1"}, {a, "phone", "2"}, {a, "phone1", ""}, {a, "phon", "e1"}} {
		x, err := k.Index(t.Context(), c.key, c.field, c.value)
		if err != nil || seen[string(x)] {
			t.Fatalf("%s %s: twice the same, or %v", c.field, c.value, err)
		}
		seen[string(x)] = true
		again, _ := k.Index(t.Context(), c.key, c.field, c.value)
		if !Same(x, again) {
			t.Fatal("the same value gives two indexes")
		}
	}
}

func TestBytesAreBoundToNameAndKey(t *testing.T) {
	k := open(t, Config{Dir: t.TempDir()})
	_, _, order := chain(t, k)
	ctx := context.Background()
	b, err := k.SealBytes(ctx, order, "a", []byte("file"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := k.OpenBytes(ctx, order, "a", b); err != nil || string(got) != "file" {
		t.Fatal(err)
	}
	if _, err := k.OpenBytes(ctx, order, "b", b); !errors.Is(err, ErrBox) {
		t.Errorf("opened under another name: %v", err)
	}
	b[len(b)-1] ^= 1
	if _, err := k.OpenBytes(ctx, order, "a", b); !errors.Is(err, ErrBox) {
		t.Errorf("opened though altered: %v", err)
	}
}

func TestMasterKey(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "master.key")
	open(t, Config{Dir: dir}).Close()
	st, err := os.Stat(path)
	if err != nil || st.Mode().Perm() != 0o600 || st.Size() != 32 {
		t.Fatalf("master.key: %v %v", st.Mode(), err)
	}
	raw, _ := os.ReadFile(path)
	refused := func(why string) {
		t.Helper()
		if k, err := Open(t.Context(), Config{Dir: dir}); err == nil {
			k.Close()
			t.Errorf("opened although %s", why)
		}
	}
	os.Chmod(path, 0o644)
	refused("others can read the master key")
	os.Chmod(path, 0o600)
	os.WriteFile(path, raw[:31], 0o600)
	refused("the master key is short")
	os.WriteFile(path, append(raw, 0), 0o600)
	refused("the master key is long")
	os.WriteFile(path, make([]byte, 32), 0o600)
	refused("the master key is another's")
	os.Remove(path)
	refused("the master key is gone")
	os.WriteFile(path, raw, 0o600)
	open(t, Config{Dir: dir})
	if names, _ := filepath.Glob(filepath.Join(dir, ".master-*")); len(names) > 0 {
		t.Errorf("left aside: %v", names)
	}
}

func TestTwoThatStartAtOnceShareOneMasterKey(t *testing.T) {
	dir := t.TempDir()
	keys := make([]*Keys, 4)
	var all sync.WaitGroup
	for i := range keys {
		all.Go(func() {
			var err error
			if keys[i], err = Open(context.Background(), Config{Dir: dir}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	org, err := keys[0].New(t.Context(), Org, id.Nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range keys {
		if _, err := k.Index(t.Context(), org, "a", "b"); err != nil {
			t.Error(err)
		}
		k.Close()
	}
}

func TestTheCacheIsBounded(t *testing.T) {
	k := open(t, Config{Dir: t.TempDir(), Cache: 3})
	org := mustNew(t, k, Org, id.Nil)
	var people []id.ID
	for range 10 {
		people = append(people, mustNew(t, k, Person, org))
	}
	if n := k.ring.age.Len(); n > 3 || n != len(k.ring.keys) {
		t.Errorf("the cache holds %d keys", n)
	}
	for _, p := range people {
		if _, err := k.Seal(t.Context(), org, p, "x"); err != nil {
			t.Error(err)
		}
	}
}

func TestManyWriteAtOnce(t *testing.T) {
	stores(t, func(t *testing.T, c Config) {
		k := open(t, c)
		_, person, _ := chain(t, k)
		var all sync.WaitGroup
		var mu sync.Mutex
		var made []id.ID
		for range 16 {
			all.Go(func() {
				for range 10 {
					key, err := k.New(context.Background(), Order, person)
					if err != nil {
						t.Error(err)
						return
					}
					if ok, err := k.Exists(context.Background(), key); !ok || err != nil {
						t.Errorf("acknowledged and not there: %v", err)
					}
					mu.Lock()
					made = append(made, key)
					mu.Unlock()
				}
			})
		}
		all.Wait()
		rows, err := k.store.load(t.Context(), made...)
		if err != nil || len(rows) != 160 {
			t.Errorf("%d keys of 160, %v", len(rows), err)
		}
	})
}

// BenchmarkNew: 64 goroutines, 500 keys a second in all; prints p50 and p99.
func BenchmarkNew(b *testing.B) {
	k := open(b, Config{Dir: b.TempDir()})
	_, person, _ := chain(b, k)
	tick := time.NewTicker(time.Second / 500)
	defer tick.Stop()
	var mu sync.Mutex
	var took []time.Duration
	gate := make(chan struct{}, 1000)
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			for range gate {
				start := time.Now()
				if _, err := k.New(context.Background(), Order, person); err != nil {
					b.Error(err)
				}
				mu.Lock()
				took = append(took, time.Since(start))
				mu.Unlock()
			}
		})
	}
	for b.Loop() {
		<-tick.C
		gate <- struct{}{}
	}
	close(gate)
	all.Wait()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

// BenchmarkNewFlood: 64 goroutines as fast as they can.
func BenchmarkNewFlood(b *testing.B) {
	k := open(b, Config{Dir: b.TempDir()})
	_, person, _ := chain(b, k)
	b.SetParallelism(32)
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if _, err := k.New(context.Background(), Order, person); err != nil {
				b.Error(err)
			}
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	k := open(b, Config{Dir: b.TempDir()})
	org, _, order := chain(b, k)
	for b.Loop() {
		if _, err := k.Seal(context.Background(), org, order, "房东不退押金，我该怎么办？"); err != nil {
			b.Fatal(err)
		}
	}
}
