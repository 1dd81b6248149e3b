package blob

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/seal/sealtest"
	"mingfa/internal/base/who"
)

var actor = who.System("test")

// house is a store of files with an order's key.
type house struct {
	*Blobs
	keys               *seal.Keys
	dir                string
	org, person, order id.ID
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{keys: sealtest.New(t), dir: t.TempDir(), org: id.New()}
	d, err := OpenDir(h.dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	h.Blobs = New(h.keys, d)
	h.person = sealtest.Key(t, h.keys, seal.Person, sealtest.Key(t, h.keys, seal.Org, id.Nil))
	h.order = sealtest.Key(t, h.keys, seal.Order, h.person)
	return h
}

func (h *house) put(t *testing.T, plain []byte) Blob {
	t.Helper()
	b, err := h.Put(t.Context(), h.org, h.order, bytes.NewReader(plain), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (h *house) read(t *testing.T, b Blob) ([]byte, error) {
	t.Helper()
	r, err := h.Get(t.Context(), b)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

func (h *house) path(b Blob) string { return filepath.Join(h.dir, b.Name[:2], b.Name) }

// old makes a file look as if it were put two hours ago.
func (h *house) old(t *testing.T, b Blob) {
	t.Helper()
	at := time.Now().Add(-2 * time.Hour)
	if err := os.Chtimes(h.path(b), at, at); err != nil {
		t.Fatal(err)
	}
}

func do(t *testing.T, d *db.DB, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Do(t.Context(), actor, fn); err != nil {
		t.Fatal(err)
	}
}

func find(t *testing.T, d *db.DB, file id.ID) (b Blob, err error) {
	t.Helper()
	err = d.View(t.Context(), actor, func(tx *db.Tx) error { b, err = Find(tx, file); return err })
	return b, err
}

func TestAFileComesBackAsItWasPut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t)
		for _, plain := range [][]byte{nil, []byte("借条 13800138000"), bytes.Repeat([]byte("起诉状"), 100_000)} {
			b := h.put(t, plain)
			do(t, d, func(tx *db.Tx) error { return Save(tx, b) })
			got, err := find(t, d, b.ID)
			if err != nil || got.Sum != b.Sum || got.Commitment != b.Commitment || got.Size != int64(len(plain)) {
				t.Fatalf("the row: %v", err)
			}
			back, err := h.read(t, got)
			if err != nil || !bytes.Equal(back, plain) {
				t.Errorf("%d bytes came back of %d, %v", len(back), len(plain), err)
			}
			sealed, err := os.ReadFile(h.path(b))
			if err != nil || int64(len(sealed)) != b.Sealed || len(plain) > 0 && bytes.Contains(sealed, plain[:min(len(plain), 12)]) {
				t.Errorf("the sealed file: %v", err)
			}
			if state, err := h.Check(t.Context(), got); state != seal.OK || err != nil {
				t.Errorf("check: %s %v", state, err)
			}
		}
		if _, err := find(t, d, id.New()); !fault.Is(err, fault.Absent) {
			t.Errorf("no such file: %v", err)
		}
	})
}

func TestTooLargeLeavesNothing(t *testing.T) {
	h := newHouse(t)
	for _, n := range []int{10, 11} {
		_, err := h.Put(t.Context(), h.org, h.order, strings.NewReader(strings.Repeat("x", n)), 10)
		if want := n > 10; fault.Is(err, fault.TooLarge) != want {
			t.Errorf("%d bytes of 10: %v", n, err)
		}
	}
	count := 0
	h.store.List(t.Context(), func(Info) error { count++; return nil })
	if count != 1 {
		t.Errorf("%d files are left, want 1", count)
	}
}

func TestFilesAlteredOrExchangedAreBad(t *testing.T) {
	h := newHouse(t)
	a, b := h.put(t, []byte("first")), h.put(t, []byte("other"))
	bytesOf, _ := os.ReadFile(h.path(a))
	bad := func(what string, x Blob) {
		t.Helper()
		if state, err := h.Check(t.Context(), x); state != seal.Bad || err != nil {
			t.Errorf("%s: %s %v", what, state, err)
		}
	}
	os.WriteFile(h.path(b), bytesOf, 0o600)
	bad("another's file", b)
	if _, err := h.read(t, b); !errors.Is(err, seal.ErrBox) {
		t.Errorf("another's file was read: %v", err)
	}
	os.WriteFile(h.path(a), bytesOf[:len(bytesOf)-1], 0o600)
	bad("cut", a)
	os.WriteFile(h.path(a), append(bytes.Clone(bytesOf), 0), 0o600)
	bad("longer", a)
	os.WriteFile(h.path(a), bytesOf, 0o600)
	wrong := a
	wrong.Commitment[0] ^= 1
	bad("another commitment", wrong)
	os.Remove(h.path(a))
	bad("gone", a)
}

func TestADestroyedKeyErasesTheFile(t *testing.T) {
	h := newHouse(t)
	b := h.put(t, []byte("text"))
	if err := h.keys.Destroy(t.Context(), h.person); err != nil {
		t.Fatal(err)
	}
	if _, err := h.read(t, b); !errors.Is(err, seal.ErrErased) {
		t.Errorf("read: %v", err)
	}
	if state, err := h.Check(t.Context(), b); state != seal.Erased || err != nil {
		t.Errorf("check: %s %v", state, err)
	}
	os.Remove(h.path(b))
	if state, err := h.Check(t.Context(), b); state != seal.Erased || err != nil {
		t.Errorf("check without the file: %s %v", state, err)
	}
}

func TestRemoveTakesTheRowThenTheFile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t)
		b := h.put(t, []byte("text"))
		do(t, d, func(tx *db.Tx) error { return Save(tx, b) })
		refused := errors.New("refused")
		err := d.Do(t.Context(), actor, func(tx *db.Tx) error {
			if err := h.Remove(tx, b.ID); err != nil {
				return err
			}
			return refused
		})
		if !errors.Is(err, refused) {
			t.Fatal(err)
		}
		if back, err := h.read(t, b); err != nil || string(back) != "text" {
			t.Errorf("after a removal that was rolled back: %v", err)
		}
		for range 2 {
			do(t, d, func(tx *db.Tx) error { return h.Remove(tx, b.ID) })
		}
		if _, err := h.store.Stat(t.Context(), b.Name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("the file: %v", err)
		}
	})
}

func TestSweepTakesOldFilesWithoutARowOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t)
		saved, fresh, lost := h.put(t, []byte("saved")), h.put(t, []byte("fresh")), h.put(t, []byte("lost"))
		do(t, d, func(tx *db.Tx) error { return Save(tx, saved) })
		h.old(t, saved)
		h.old(t, lost)
		stranger := filepath.Join(h.dir, "README")
		os.WriteFile(stranger, []byte("not ours"), 0o600)
		if list, err := h.Orphans(t.Context(), d); err != nil || len(list) != 1 || list[0].Name != lost.Name {
			t.Fatalf("orphans %v %v", list, err)
		}
		if n, err := h.Sweep(t.Context(), d); n != 1 || err != nil {
			t.Fatalf("swept %d %v", n, err)
		}
		for b, want := range map[Blob]bool{saved: true, fresh: true, lost: false} {
			if _, err := h.read(t, b); (err == nil) != want {
				t.Errorf("a file: %v, want it there: %v", err, want)
			}
		}
		if _, err := os.Stat(stranger); err != nil {
			t.Error("a file that is not ours was swept")
		}
		late := fresh
		late.put = time.Now().Add(-saveUntil - time.Second)
		err := d.Do(t.Context(), actor, func(tx *db.Tx) error { return Save(tx, late) })
		if !fault.Is(err, fault.Unavailable) {
			t.Errorf("a file put long ago was saved: %v", err)
		}
	})
}

func TestManyPutAtOnce(t *testing.T) {
	h := newHouse(t)
	var all sync.WaitGroup
	for n := range 32 {
		all.Go(func() {
			plain := bytes.Repeat([]byte{byte(n)}, 1000*n)
			b, err := h.Put(context.Background(), h.org, h.order, bytes.NewReader(plain), 1<<20)
			if err != nil {
				t.Error(err)
				return
			}
			if back, err := h.read(t, b); err != nil || !bytes.Equal(back, plain) {
				t.Errorf("file %d: %v", n, err)
			}
		})
	}
	all.Wait()
}

func TestNamesThatAreNoneAreRefused(t *testing.T) {
	h := newHouse(t)
	for _, name := range []string{"", "../../etc/passwd", strings.Repeat("A", 32), strings.Repeat("a", 31), strings.Repeat("a", 31) + "/", strings.Repeat("a", 33)} {
		if _, err := h.store.Get(t.Context(), name); err == nil || notThere(err) {
			t.Errorf("%q: %v", name, err)
		}
		if err := h.store.Put(t.Context(), name, func(io.Writer) error { return nil }); err == nil {
			t.Errorf("%q was put", name)
		}
	}
	name := randomName()
	for n := range 2 {
		err := h.store.Put(t.Context(), name, func(io.Writer) error { return nil })
		if (err == nil) != (n == 0) {
			t.Errorf("put number %d of one name: %v", n+1, err)
		}
	}
}

// A crash between the file and its row (fail point blob.put.synced) leaves an
// orphan, which the sweep takes.
func TestACrashBetweenFileAndRowLeavesAnOrphan(t *testing.T) {
	if dir := os.Getenv("BLOB_TEST_CHILD"); dir != "" {
		keys, err := seal.Open(context.Background(), seal.Config{Dir: filepath.Join(dir, "keys")})
		if err != nil {
			t.Fatal(err)
		}
		store, err := OpenDir(filepath.Join(dir, "files"))
		if err != nil {
			t.Fatal(err)
		}
		key := sealtest.Key(t, keys, seal.Org, id.Nil)
		New(keys, store).Put(context.Background(), id.New(), key, strings.NewReader("text"), 100)
		t.Fatal("the child was not killed")
	}
	dir := t.TempDir()
	child := exec.Command(os.Args[0], "-test.run=^TestACrashBetweenFileAndRowLeavesAnOrphan$")
	child.Env = append(os.Environ(), "BLOB_TEST_CHILD="+dir, "MINGFA_FAIL=blob.put.synced")
	err := child.Run()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("the child ended with %v", err)
	}
	store, err := OpenDir(filepath.Join(dir, "files"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	h := &house{Blobs: New(sealtest.New(t), store), dir: filepath.Join(dir, "files")}
	d := dbtest.Open(t, dbtest.SQLiteURL(t), nil)
	var left []Info
	store.List(t.Context(), func(f Info) error { left = append(left, f); return nil })
	if len(left) != 1 || left[0].Size == 0 {
		t.Fatalf("after the crash there are %v", left)
	}
	h.old(t, Blob{Name: left[0].Name})
	if n, err := h.Sweep(t.Context(), d); n != 1 || err != nil {
		t.Errorf("swept %d %v", n, err)
	}
}
