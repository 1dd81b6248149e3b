package journal

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
)

func (h *house) verifier() note.Verifier {
	h.Helper()
	v, err := note.NewVerifier(h.signer.Public)
	if err != nil {
		h.Fatal(err)
	}
	return v
}

func (h *house) readOutside() []Checkpoint {
	h.Helper()
	all, err := ReadOutside(h.outside, h.verifier())
	if err != nil {
		h.Fatal(err)
	}
	return all
}

func TestCheckpointsAreSignedAndKeptOutside(t *testing.T) {
	stepped(t, func(h *house, c *db.StepClock) {
		s := id.New()
		for rev := int64(1); rev <= 3; rev++ {
			h.say(s, rev, rev)
			c.Add(time.Second)
			h.drain()
			h.checkpoint() // nothing has grown: no second one
		}
		all := h.readOutside()
		if len(all) != 3 {
			h.Fatalf("%d checkpoints outside, want 3", len(all))
		}
		for i, got := range all {
			if got.Size != int64(i+1) {
				h.Errorf("checkpoint %d covers %d facts", i, got.Size)
			}
		}
		err := h.d.View(ctx, actor, func(tx *db.Tx) error {
			newest, ok, err := Newest(tx)
			if !ok || newest.Note != all[2].Note {
				h.Errorf("the newest in the database is %+v", newest)
			}
			return err
		})
		if err != nil {
			h.Error(err)
		}
		if r := h.proves(); r.Facts != 3 || r.Unsealed != 0 || r.Root != all[2].Root {
			h.Errorf("verify: %+v", r)
		}
		c.Add(100 * time.Millisecond)
		h.say(s, 4, 4)
		h.drain() // less than a second after the last one
		if r := h.proves(); r.Facts != 4 || r.Unsealed != 1 {
			h.Errorf("verify: %+v", r)
		}
	})
}

func TestAnEmptyLogHasNoCheckpoint(t *testing.T) {
	eachHouse(t, func(h *house) {
		h.checkpoint()
		err := h.d.View(ctx, actor, func(tx *db.Tx) error {
			_, ok, err := Newest(tx)
			if ok {
				h.Error("there is one")
			}
			return err
		})
		if err != nil {
			h.Error(err)
		}
		if r := h.proves(); r.Facts != 0 {
			h.Errorf("verify: %+v", r)
		}
	})
}

func TestCheckpointParses(t *testing.T) {
	eachHouse(t, func(h *house) {
		h.say(id.New(), 1, 3)
		h.drain()
		h.checkpoint()
		c := h.readOutside()[0]
		if back, err := ParseCheckpoint(c.Note, nil); err != nil || back != c {
			h.Errorf("without a key: %+v %v", back, err)
		}
		other, err := note.NewVerifier(signer(h.T).Public)
		if err != nil {
			h.Fatal(err)
		}
		if _, err := ParseCheckpoint(c.Note, other); err == nil {
			h.Error("another key was good enough")
		}
		for i := range c.Note { // every byte, but for the name before the signature
			bad := []byte(c.Note)
			bad[i] ^= 1
			if _, err := ParseCheckpoint(string(bad), h.verifier()); err == nil {
				h.Errorf("byte %d (%q) was changed unseen", i, c.Note[i])
			}
		}
		for _, bad := range []string{"", "\n\n", "mingfa/x\n1\n\nat 1\n\n", strings.Replace(c.Note, "at ", "on ", 1), strings.Replace(c.Note, "\n3\n", "\n-3\n", 1)} {
			if _, err := ParseCheckpoint(bad, nil); err == nil {
				h.Errorf("%q was read", bad)
			}
		}
	})
}

// The machine dies while it writes a note: the torn one is left out, and the
// next one is not lost with it, wherever the tear is.
func TestATornOutsideFile(t *testing.T) {
	eachHouse(t, func(h *house) {
		s := id.New()
		for rev := int64(1); rev <= 3; rev++ {
			h.say(s, rev, rev)
			h.drain()
			h.checkpoint()
		}
		whole, err := os.ReadFile(h.outside)
		if err != nil {
			h.Fatal(err)
		}
		all := h.readOutside()
		first, third := len(all[0].Note)+1, all[2]
		for cut := first + 1; cut < first+len(all[1].Note); cut++ {
			torn := filepath.Join(h.TempDir(), "torn")
			if err := os.WriteFile(torn, whole[:cut], 0o644); err != nil {
				h.Fatal(err)
			}
			got, err := ReadOutside(torn, h.verifier())
			if err != nil || len(got) == 0 || len(got) > 2 || got[0] != all[0] || len(got) == 2 && got[1].Size != 2 {
				h.Fatalf("cut at %d: %+v %v", cut, got, err)
			}
			if err := appendOutside(torn, third.Note); err != nil {
				h.Fatal(err)
			}
			if got, err = ReadOutside(torn, h.verifier()); err != nil || len(got) < 2 || got[len(got)-1] != third {
				h.Fatalf("cut at %d, then one more: %+v %v", cut, got, err)
			}
		}
	})
}

func TestReadOutsideRefusesAnotherKeysFile(t *testing.T) {
	eachHouse(t, func(h *house) {
		h.say(id.New(), 1, 1)
		h.drain()
		h.checkpoint()
		h.signer = signer(h.T)
		if _, err := ReadOutside(h.outside, h.verifier()); err == nil {
			h.Error("it was read")
		}
		if _, err := Open(ctx, h.d, h.config()); err == nil {
			h.Error("a journal with another key opened over it")
		}
		if _, err := ReadOutside(filepath.Join(h.TempDir(), "none"), nil); !errors.Is(err, os.ErrNotExist) {
			h.Errorf("a file that is not there: %v", err)
		}
	})
}

// Where the outside file can't be written, the next checkpoint goes there even
// if nothing has grown since.
func TestAnOutsideThatFailsIsTriedAgain(t *testing.T) {
	eachHouse(t, func(h *house) {
		h.j.outside = filepath.Join(h.TempDir(), "unmounted", "outside")
		h.say(id.New(), 1, 1)
		if _, err := h.j.Sequence(ctx); err != nil {
			h.Fatal(err)
		}
		if err := h.j.Checkpoint(ctx); err == nil {
			h.Fatal("it was kept in a directory that is not there")
		}
		h.j.outside = h.outside
		h.checkpoint()
		if n := len(h.readOutside()); n != 1 {
			h.Errorf("%d checkpoints outside", n)
		}
		h.proves()
	})
}

func TestSignerIsKept(t *testing.T) {
	dir := t.TempDir()
	a, err := LoadSigner(dir)
	if err != nil {
		t.Fatal(err)
	}
	b, err := LoadSigner(dir)
	if err != nil || a.Public != b.Public || string(a.mac("x", 1)) != string(b.mac("x", 1)) {
		t.Errorf("another one after a restart: %v", err)
	}
	if string(a.mac("x", 1)) == string(signer(t).mac("x", 1)) || string(a.mac("x", "1 2")) == string(a.mac("x", 1, 2)) {
		t.Error("two things have one mac")
	}
	info, err := os.Stat(filepath.Join(dir, "journal.key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key's mode is %v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(filepath.Join(dir, "journal.key"), []byte("secret-but-broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadSigner(dir); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("a broken key: %v", err)
	}
}

func FuzzParseCheckpoint(f *testing.F) {
	f.Add("mingfa/01990000-0000-7000-8000-000000000001\n3\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nat 1772424000123\n\n— mingfa-journal AAAA\n")
	f.Add("\n\n")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseCheckpoint(s, nil)
		if err != nil {
			return
		}
		if back, err := ParseCheckpoint(c.text()+"\n— x\n", nil); err != nil || back.Size != c.Size || back.Root != c.Root || back.Log != c.Log {
			t.Errorf("%q was read as %+v, that as %+v %v", s, c, back, err)
		}
	})
}

func FuzzReadOutside(f *testing.F) {
	good := "mingfa/01990000-0000-7000-8000-000000000001\n3\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nat 1772424000123\n\n— mingfa-journal AAAA\n\n"
	f.Add([]byte(good), 10)
	f.Add([]byte("mingfa/\n— "), 0)
	f.Fuzz(func(t *testing.T, b []byte, n int) {
		file := filepath.Join(t.TempDir(), "outside")
		if err := os.WriteFile(file, b, 0o644); err != nil {
			t.Fatal(err)
		}
		before, err := ReadOutside(file, nil)
		if err != nil {
			return
		}
		if err := appendOutside(file, strings.TrimSuffix(good, "\n")); err != nil {
			t.Fatal(err)
		}
		after, err := ReadOutside(file, nil)
		if err != nil || len(after) < len(before)+1 || after[len(after)-1].Size != 3 {
			t.Errorf("after %q the next note is lost: %+v %v", b, after, err)
		}
	})
}
