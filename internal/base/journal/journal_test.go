package journal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
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

var (
	ctx   = context.Background()
	actor = who.System("test")
	quiet = slog.New(slog.NewTextHandler(io.Discard, nil))
)

type role string

// said is like a message of a conversation.
type said struct {
	N    int  `json:"n"`
	Role role `json:"role"`
}

func (said) Kind() string { return "test.said" }

// moved is another kind, without a payload.
type moved struct{}

func (moved) Kind() string { return "test.moved" }

func init() {
	Register("test.read", func() Event { return said{} }, func() Event { return moved{} })
}

// house is a journal over a database, with all that an audit needs.
type house struct {
	*testing.T
	d       *db.DB
	j       *Journal
	signer  *Signer
	outside string
	keys    *seal.Keys
	org     id.ID
}

func signer(t testing.TB) *Signer {
	t.Helper()
	s, err := LoadSigner(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func build(t *testing.T, d *db.DB) *house {
	t.Helper()
	h := &house{T: t, d: d, signer: signer(t), outside: filepath.Join(t.TempDir(), "outside"), org: id.New()}
	h.j = h.open(d)
	return h
}

func (h *house) config() Config { return Config{Signer: h.signer, Outside: h.outside, Log: quiet} }

func (h *house) open(d *db.DB) *Journal {
	h.Helper()
	j, err := Open(ctx, d, h.config())
	if err != nil {
		h.Fatal(err)
	}
	return j
}

func (h *house) do(fn func(tx *db.Tx) error) {
	h.Helper()
	if err := h.d.Do(ctx, actor, fn); err != nil {
		h.Fatal(err)
	}
}

// say writes facts rev from..to of a subject, which is its own root.
func (h *house) say(subject id.ID, from, to int64) {
	h.Helper()
	h.do(func(tx *db.Tx) error {
		for rev := from; rev <= to; rev++ {
			if err := Write(tx, Entry{Org: h.org, Root: subject, Subject: subject, Rev: rev, Event: said{int(rev), "lawyer"}}); err != nil {
				return err
			}
		}
		return nil
	})
}

func (h *house) drain() {
	h.Helper()
	if err := h.j.Drain(ctx); err != nil {
		h.Fatal(err)
	}
}

func (h *house) checkpoint() {
	h.Helper()
	if err := h.j.Checkpoint(ctx); err != nil {
		h.Fatal(err)
	}
}

func (h *house) audit() Audit {
	return Audit{DB: h.d, Keys: h.keys, Public: h.signer.Public, Signer: h.signer}
}

// proves wants verify to be content.
func (h *house) proves() Result {
	h.Helper()
	r, err := Verify(ctx, h.audit())
	if err != nil {
		h.Fatalf("verify: %v", err)
	}
	return r
}

// all reads all numbered facts and checks that leaves have no gaps and that the
// revs of each subject come in order.
func (h *house) all() (out []Fact) {
	h.Helper()
	err := h.d.View(ctx, actor, func(tx *db.Tx) error {
		size, err := Size(tx)
		if err != nil {
			return err
		}
		out, err = Between(tx, nil, 0, size)
		return err
	})
	if err != nil {
		h.Fatal(err)
	}
	revs := map[id.ID]int64{}
	for i, f := range out {
		if f.Leaf != int64(i) || f.Rev != revs[f.Subject]+1 {
			h.Fatalf("place %d holds leaf %d, rev %d of %s after rev %d", i, f.Leaf, f.Rev, f.Subject, revs[f.Subject])
		}
		revs[f.Subject] = f.Rev
	}
	return out
}

func eachHouse(t *testing.T, fn func(h *house)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(build(t, d)) })
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never happened: %s", what)
		}
	}
}

func TestAFactComesBackAsItWasWritten(t *testing.T) {
	eachHouse(t, func(h *house) {
		keys := sealtest.New(t)
		key := sealtest.Key(t, keys, seal.Org, id.Nil)
		text, err := keys.Seal(ctx, h.org, key, "离婚后孩子的抚养费怎么算？")
		if err != nil {
			h.Fatal(err)
		}
		e := Entry{Org: h.org, Root: id.New(), Subject: id.New(), Rev: 1, Event: said{5, "lawyer"}, Reason: "second_try", Basis: "民法典#1085",
			Jurisdiction: "CN", Refs: map[string]id.ID{"order": id.New(), "answer": id.New()}, Sealed: map[string]seal.Sealed{"text": text}}
		var at time.Time
		h.do(func(tx *db.Tx) error { at = tx.Now(); return Write(tx, e) })
		h.drain()
		var got []Fact
		err = h.d.View(ctx, actor, func(tx *db.Tx) (err error) { got, err = ByRoot(tx, h.org, e.Root, 0, 10); return err })
		if err != nil || len(got) != 1 {
			h.Fatalf("%d facts, %v", len(got), err)
		}
		f := got[0]
		var s said
		if err := f.Decode(&s); err != nil || s != e.Event {
			h.Errorf("payload %v, %v", s, err)
		}
		if f.Org != e.Org || f.Root != e.Root || f.Subject != e.Subject || f.Rev != 1 || f.Kind != "test.said" || f.Actor != actor.Person || !f.At.Equal(at) || f.Leaf != 0 {
			h.Errorf("envelope %+v", f)
		}
		if f.Reason != e.Reason || f.Basis != e.Basis || f.Jurisdiction != "CN" || len(f.Refs) != 2 || f.Refs["order"] != e.Refs["order"] {
			h.Errorf("rest of the envelope %+v", f)
		}
		if c := f.Sealed["text"]; c.ID != text.ID || c.Hash != text.Commitment {
			h.Errorf("commitment %+v", c)
		}
		if err := f.Decode(new(int)); err == nil {
			h.Error("a payload was read into something else")
		}
	})
}

func TestWriteRefuses(t *testing.T) {
	eachHouse(t, func(h *house) {
		good := Entry{Org: h.org, Root: h.org, Subject: id.New(), Rev: 1, Event: said{1, "lawyer"}}
		for what, spoil := range map[string]func(*Entry){
			"no event":         func(e *Entry) { e.Event = nil },
			"no org":           func(e *Entry) { e.Org = id.Nil },
			"no root":          func(e *Entry) { e.Root = id.Nil },
			"no subject":       func(e *Entry) { e.Subject = id.Nil },
			"rev 0":            func(e *Entry) { e.Rev = 0 },
			"unknown kind":     func(e *Entry) { e.Event = stranger{} },
			"words for reason": func(e *Entry) { e.Reason = "he said so" },
			"long reason":      func(e *Entry) { e.Reason = strings.Repeat("x", 65) },
			"too large":        func(e *Entry) { e.Event = said{1, role(strings.Repeat("x", maxBody))} },
		} {
			e := good
			spoil(&e)
			if err := h.d.Do(ctx, actor, func(tx *db.Tx) error { return Write(tx, e) }); err == nil {
				h.Errorf("%s: it was written", what)
			}
		}
	})
}

type stranger struct{}

func (stranger) Kind() string { return "test.stranger" }

// The lost race: two verbs raise the same row to the same rev.
func TestTheSameRevTwiceIsAConflict(t *testing.T) {
	eachHouse(t, func(h *house) {
		s := id.New()
		h.say(s, 1, 2)
		err := h.d.Do(ctx, actor, func(tx *db.Tx) error {
			return Write(tx, Entry{Org: h.org, Root: s, Subject: s, Rev: 2, Event: moved{}})
		})
		if !fault.Is(err, fault.Conflict) {
			h.Errorf("got %v, want a conflict", err)
		}
		h.say(s, 3, 3)
		h.drain()
		if n := len(h.all()); n != 3 {
			h.Errorf("%d facts, want 3", n)
		}
	})
}

func TestAFactOfAFailedVerbIsNone(t *testing.T) {
	eachHouse(t, func(h *house) {
		s := id.New()
		_ = h.d.Do(ctx, actor, func(tx *db.Tx) error {
			return errors.Join(Write(tx, Entry{Org: h.org, Root: s, Subject: s, Rev: 1, Event: moved{}}), errors.New("no"))
		})
		h.drain()
		if n := len(h.all()); n != 0 {
			h.Errorf("%d facts, want none", n)
		}
	})
}

// rows is a table of versioned rows, as verbs have them.
func (h *house) rows(subjects []id.ID) {
	h.do(func(tx *db.Tx) error {
		if _, err := tx.Exec("CREATE TABLE journal_test_row (id TEXT PRIMARY KEY, rev BIGINT NOT NULL)"); err != nil {
			return err
		}
		for _, s := range subjects {
			if _, err := tx.Exec("INSERT INTO journal_test_row (id, rev) VALUES (?, 0)", s.String()); err != nil {
				return err
			}
		}
		return nil
	})
}

// verb raises a row and writes its fact.
func (h *house) verb(d *db.DB, s id.ID) error {
	return d.Do(ctx, actor, func(tx *db.Tx) error {
		var rev int64
		if err := tx.Row("UPDATE journal_test_row SET rev = rev + 1 WHERE id = ? RETURNING rev", s.String()).Scan(&rev); err != nil {
			return err
		}
		return Write(tx, Entry{Org: h.org, Root: s, Subject: s, Rev: rev, Event: said{int(rev), "lawyer"}})
	})
}

const writers, perWriter, subjects = 64, 20, 50

func (h *house) write64(names []id.ID) {
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range perWriter {
				if err := h.verb(h.d, names[(w*7+i)%len(names)]); err != nil {
					h.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

func names(n int) (out []id.ID) {
	for range n {
		out = append(out, id.New())
	}
	return out
}

func TestManyWritersGiveLeavesWithoutGaps(t *testing.T) {
	eachHouse(t, func(h *house) {
		some := names(subjects)
		h.rows(some)
		h.j.Start() // numbers while they write
		h.write64(some)
		if err := h.j.Stop(ctx); err != nil {
			h.Fatal(err)
		}
		h.drain()
		if n := len(h.all()); n != writers*perWriter {
			h.Errorf("%d leaves, want %d", n, writers*perWriter)
		}
		if r := h.proves(); r.Facts != writers*perWriter || r.Unsealed != 0 {
			h.Errorf("verify counts %+v", r)
		}
	})
}

// Two nodes number at once; on PostgreSQL each has its own connections.
func TestTwoSequencersAtOnce(t *testing.T) {
	for _, url := range []func(*testing.T) string{dbtest.SQLiteURL, dbtest.PostgresURL} {
		t.Run("", func(t *testing.T) {
			u := url(t)
			h := build(t, dbtest.Open(t, u, nil))
			other := h.d
			if h.d.Postgres() {
				other = dbtest.Open(t, u, nil)
			}
			nodes := []*Journal{h.j, h.open(other)}
			some := names(subjects)
			h.rows(some)
			stop := make(chan bool)
			var wg sync.WaitGroup
			numbered := make([]int, len(nodes))
			for i, j := range nodes {
				wg.Go(func() {
					for {
						n, err := j.Sequence(ctx)
						if err != nil {
							t.Error(err)
						}
						numbered[i] += n
						if err := j.Checkpoint(ctx); err != nil {
							t.Error(err)
						}
						select {
						case <-stop:
							return
						default:
						}
					}
				})
			}
			h.write64(some)
			close(stop)
			wg.Wait()
			h.drain()
			t.Logf("the nodes numbered %v", numbered)
			if n := len(h.all()); n != writers*perWriter {
				t.Errorf("%d leaves, want %d", n, writers*perWriter)
			}
			a := h.audit()
			a.Outside = h.readOutside()
			if _, err := Verify(ctx, a); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestFactsRefuseChange(t *testing.T) {
	eachHouse(t, func(h *house) {
		s := id.New()
		h.say(s, 1, 2)
		h.drain()
		h.say(s, 3, 3) // without a number yet
		for _, stmt := range []string{
			"UPDATE journal_fact SET body = body WHERE rev = 1",
			"UPDATE journal_fact SET leaf = 7 WHERE rev = 1",
			"UPDATE journal_fact SET leaf = NULL WHERE rev = 1",
			"UPDATE journal_fact SET actor = org WHERE rev = 3",
			"UPDATE journal_fact SET leaf = 9, kind = 'test.moved' WHERE rev = 3",
			"UPDATE journal_fact SET leaf = NULL WHERE rev = 3",
			"DELETE FROM journal_fact WHERE rev = 1",
			"DELETE FROM journal_fact WHERE rev = 3",
		} {
			if err := h.d.Do(ctx, actor, func(tx *db.Tx) error { _, err := tx.Exec(stmt); return err }); err == nil {
				h.Errorf("the database allowed: %s", stmt)
			}
		}
		if h.d.Postgres() {
			if err := h.d.Do(ctx, actor, func(tx *db.Tx) error { _, err := tx.Exec("TRUNCATE journal_fact"); return err }); err == nil {
				h.Error("the database allowed TRUNCATE")
			}
		}
		h.drain()
		h.proves()
	})
}

func TestReadingByRootAndKind(t *testing.T) {
	eachHouse(t, func(h *house) {
		a, b := id.New(), id.New()
		h.say(a, 1, 3)
		h.say(b, 1, 2)
		h.do(func(tx *db.Tx) error {
			return Write(tx, Entry{Org: h.org, Root: a, Subject: b, Rev: 3, Event: moved{}})
		})
		h.drain()
		count := func(what string, want int, read func(tx *db.Tx) ([]Fact, error)) {
			err := h.d.View(ctx, actor, func(tx *db.Tx) error {
				got, err := read(tx)
				if len(got) != want {
					err = errors.Join(err, fmt.Errorf("%d facts, want %d", len(got), want))
				}
				return err
			})
			if err != nil {
				h.Errorf("%s: %v", what, err)
			}
		}
		count("root a", 4, func(tx *db.Tx) ([]Fact, error) { return ByRoot(tx, h.org, a, 0, 100) })
		count("root a, page", 2, func(tx *db.Tx) ([]Fact, error) { return ByRoot(tx, h.org, a, 0, 2) })
		count("root a of another org", 0, func(tx *db.Tx) ([]Fact, error) { return ByRoot(tx, id.New(), a, 0, 100) })
		count("one kind", 1, func(tx *db.Tx) ([]Fact, error) { return Between(tx, []string{"test.moved"}, 0, 100) })
		count("two kinds", 6, func(tx *db.Tx) ([]Fact, error) { return Between(tx, []string{"test.moved", "test.said"}, 0, 100) })
		count("a part", 2, func(tx *db.Tx) ([]Fact, error) { return Between(tx, nil, 2, 4) })
	})
}
