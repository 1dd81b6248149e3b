package journal

import (
	"errors"
	"os"
	"strings"
	"testing"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/id"
)

// copyOf keeps a copy of a closed SQLite database.
func copyOf(t *testing.T, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// back puts a copy back.
func back(t *testing.T, file string, b []byte) {
	t.Helper()
	for _, tail := range []string{"-wal", "-shm"} {
		if err := os.Remove(file + tail); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func (h *house) verifyOutside() (Result, error) {
	h.Helper()
	a := h.audit()
	a.Outside = h.readOutside()
	return Verify(ctx, a)
}

// signedAt demands that the newest checkpoint holds the facts below a leaf, and is found there.
func (h *house) signedAt(below int64) {
	h.Helper()
	err := h.d.View(ctx, actor, func(tx *db.Tx) error {
		newest, ok, err := Newest(tx)
		if err != nil || !ok || newest.Below != below {
			h.Errorf("the newest checkpoint holds the facts below %d, wanted %d: %v, %v", newest.Below, below, ok, err)
		}
		if c, ok, err := SignedAt(tx, below); err != nil || !ok || c != newest {
			h.Errorf("the checkpoint below %d: %+v, %v, %v", below, c, ok, err)
		}
		for _, none := range []int64{0, below + 1} {
			if _, ok, err := SignedAt(tx, none); err != nil || ok {
				h.Errorf("a checkpoint below %d: %v", none, err)
			}
		}
		return nil
	})
	if err != nil {
		h.Fatal(err)
	}
}

// Yesterday's copy is put back: serving is refused; accepting the loss opens a
// new log that says what is gone; life goes on, and both logs verify.
func TestACopyPutBack(t *testing.T) { // issue 2, acceptance 4
	url := dbtest.SQLiteURL(t)
	file := strings.TrimPrefix(url, "sqlite:")
	reopen := func(h *house) {
		h.d.Close()
		h.d = dbtest.Open(t, url, nil)
	}
	h := build(t, dbtest.Open(t, url, nil))
	h.effects()
	h.j.React("r", Start, nil, effect("r"))
	s := id.New()
	h.say(s, 1, 5)
	h.drain()
	h.checkpoint()
	h.say(s, 6, 6)
	h.d.Close()
	old := copyOf(t, file)

	reopen(h)
	h.j = h.open(h.d)
	h.j.React("r", Start, nil, effect("r"))
	h.say(s, 7, 9)
	h.drain()
	h.checkpoint()
	lostLog := h.readOutside()[0].Log
	h.d.Close()
	back(t, file, old)

	reopen(h)
	if _, err := Open(ctx, h.d, h.config()); !errors.Is(err, ErrBehind) {
		t.Fatalf("an old copy was opened: %v", err)
	}
	if _, err := h.verifyOutside(); err == nil || !strings.Contains(err.Error(), "tail was cut") {
		t.Errorf("verify: %v", err)
	}
	held := 0
	lost, err := Restore(ctx, h.d, h.config(), func(tx *db.Tx) error {
		held++
		held := id.Nil // facts that are written while restoring stand behind the opening one
		held[0] = 1
		return Write(tx, Entry{Org: h.org, Root: held, Subject: held, Rev: 1, Event: moved{}})
	})
	if err != nil || held == 0 {
		t.Fatal(err)
	}
	if lost.Log != lostLog || lost.OldLog != lostLog || lost.LostFrom != 6 || lost.LostTo != 9 || lost.OldSize != 9 {
		t.Errorf("lost: %+v", lost)
	}
	if _, err := Restore(ctx, h.d, h.config(), nil); err == nil {
		t.Error("a loss was accepted twice")
	}

	h.j = h.open(h.d)
	h.j.React("r", Start, nil, effect("r"))
	h.say(s, 7, 8) // another future
	h.drain()
	h.checkpoint()
	if f := h.all()[6]; f.Kind != "journal.reopened" || f.Leaf != 6 {
		t.Errorf("the first fact of the new log is %+v", f)
	}
	h.saw("r", s, 1, 2, 3, 4, 5, 6, 7, 8)
	h.signedAt(h.all()[len(h.all())-1].Leaf + 1)
	for what, verify := range map[string]func() (Result, error){
		"without outside": func() (Result, error) { return Verify(ctx, h.audit()) },
		"with outside":    h.verifyOutside,
	} {
		r, err := verify()
		if err != nil || r.Facts != 10 || r.Unsealed != 0 || len(r.Lost) != 1 || r.Lost[0] != lost {
			t.Errorf("%s: %+v %v", what, r, err)
		}
	}
	if r, err := CheckProof(h.prove(s), h.signer.Public); err != nil || len(r.Facts) != 2 {
		t.Errorf("a proof from the new log: %+v %v", r, err)
	}

	// The same old copy again: the loss of the loss.
	h.d.Close()
	back(t, file, old)
	reopen(h)
	if _, err := Open(ctx, h.d, h.config()); !errors.Is(err, ErrBehind) {
		t.Fatalf("the old copy was opened the second time: %v", err)
	}
	if _, err := Restore(ctx, h.d, h.config(), nil); err != nil {
		t.Fatal(err)
	}
	h.j = h.open(h.d)
	h.say(s, 7, 7)
	h.drain()
	h.checkpoint()
	if r, err := h.verifyOutside(); err != nil || r.Facts != 8 {
		t.Errorf("after two losses: %+v %v", r, err)
	}
}

// Behind an accepted loss nothing more may be lost in its shadow.
func TestNothingHidesBehindAnAcceptedLoss(t *testing.T) {
	url := dbtest.SQLiteURL(t)
	file := strings.TrimPrefix(url, "sqlite:")
	h := build(t, dbtest.Open(t, url, nil))
	s := id.New()
	h.say(s, 1, 3)
	h.drain()
	h.checkpoint()
	h.d.Close()
	old := copyOf(t, file)
	h.d = dbtest.Open(t, url, nil)
	h.j = h.open(h.d)
	h.say(s, 4, 5)
	h.drain()
	h.checkpoint()
	h.d.Close()
	back(t, file, old)
	h.d = dbtest.Open(t, url, nil)
	if _, err := Restore(ctx, h.d, h.config(), nil); err != nil {
		t.Fatal(err)
	}
	h.j = h.open(h.d)
	h.say(s, 4, 6)
	h.drain()
	h.checkpoint()
	if _, err := h.verifyOutside(); err != nil {
		t.Fatal(err)
	}
	for name, stmts := range map[string][]string{
		"the opening fact": {"DELETE FROM journal_fact WHERE leaf = 3", "UPDATE journal_fact SET leaf = leaf - 1 WHERE leaf > 3"},
		"the old tail": {"DELETE FROM journal_fact WHERE leaf = 2", "UPDATE journal_fact SET leaf = leaf - 1 WHERE leaf > 2",
			"UPDATE journal_log SET base = 2 WHERE base = 3", "UPDATE journal_head SET base = 2, size = size - 1"},
		"the old log": {"DELETE FROM journal_fact WHERE leaf < 3", "DELETE FROM journal_log WHERE base = 0", "UPDATE journal_fact SET leaf = leaf - 3",
			"UPDATE journal_log SET base = 0", "UPDATE journal_head SET base = 0, size = size - 3",
			"DELETE FROM journal_hash WHERE log <> (SELECT log FROM journal_head)", "DELETE FROM journal_checkpoint WHERE log <> (SELECT log FROM journal_head)"},
	} {
		h.d.Close()
		whole := copyOf(t, file)
		h.d = dbtest.Open(t, url, nil)
		h.dropTriggers()
		for _, stmt := range stmts {
			h.do(func(tx *db.Tx) error { _, err := tx.Exec(stmt); return err })
		}
		_, err := h.verifyOutside()
		if err == nil {
			t.Errorf("%s went unseen", name)
		}
		t.Logf("%s: %v", name, err)
		public := Audit{DB: h.d, Public: h.signer.Public, Outside: h.readOutside()}
		if _, err := Verify(ctx, public); err == nil {
			t.Errorf("%s went unseen by one who has the public key only", name)
		}
		h.d.Close()
		back(t, file, whole)
		h.d = dbtest.Open(t, url, nil)
	}
}

func TestRestoreNeedsALoss(t *testing.T) {
	eachHouse(t, func(h *house) {
		if _, err := Restore(ctx, h.d, h.config(), nil); err == nil {
			h.Error("accepted without an outside checkpoint")
		}
		h.say(id.New(), 1, 2)
		h.drain()
		h.checkpoint()
		if _, err := Restore(ctx, h.d, h.config(), nil); err == nil {
			h.Error("accepted without a loss")
		}
		h.proves()
		if h.open(h.d) == nil {
			h.Error("it does not open any more")
		}
	})
}

// A database that never was this one, but has the outside file.
func TestAnotherDatabaseIsBehind(t *testing.T) {
	eachHouse(t, func(h *house) {
		h.say(id.New(), 1, 2)
		h.drain()
		h.checkpoint()
		for what, fresh := range map[string]func(d *db.DB){
			"empty": func(*db.DB) {},
			"with facts": func(d *db.DB) {
				other := &house{T: h.T, d: d, signer: h.signer, org: h.org, outside: h.TempDir() + "/other"}
				other.j = other.open(d)
				other.say(id.New(), 1, 9)
				other.drain()
			},
		} {
			d := dbtest.Open(h.T, dbtest.SQLiteURL(h.T), nil)
			fresh(d)
			if _, err := Open(ctx, d, h.config()); !errors.Is(err, ErrBehind) {
				h.Errorf("%s: it opened: %v", what, err)
			}
		}
	})
}
