package journal

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/id"
)

// effects is a table into which reactions write: twice the same fails the test.
func (h *house) effects() {
	h.do(func(tx *db.Tx) error {
		_, err := tx.Exec("CREATE TABLE journal_test_effect (n BIGINT, reaction TEXT, subject TEXT, rev BIGINT)")
		return err
	})
}

func effect(reaction string) func(tx *db.Tx, f Fact) error {
	return func(tx *db.Tx, f Fact) error {
		_, err := tx.Exec("INSERT INTO journal_test_effect (n, reaction, subject, rev) VALUES ((SELECT count(*) FROM journal_test_effect), ?, ?, ?)", reaction, f.Subject.String(), f.Rev)
		return err
	}
}

// seen lists the revs that a reaction had an effect for, by subject, in the
// order of the effects.
func (h *house) seen(reaction string) map[id.ID][]int64 {
	h.Helper()
	out := map[id.ID][]int64{}
	err := h.d.View(ctx, actor, func(tx *db.Tx) error {
		rows, err := tx.Rows("SELECT subject, rev FROM journal_test_effect WHERE reaction = ? ORDER BY n", reaction)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var s id.ID
			var rev int64
			if err := rows.Scan(&s, &rev); err != nil {
				return err
			}
			out[s] = append(out[s], rev)
		}
		return rows.Err()
	})
	if err != nil {
		h.Fatal(err)
	}
	return out
}

func (h *house) saw(reaction string, s id.ID, want ...int64) {
	h.Helper()
	if got := h.seen(reaction)[s]; !slices.Equal(got, want) {
		h.Errorf("%s took revs %v, want %v", reaction, got, want)
	}
}

func stepped(t *testing.T, fn func(h *house, c *db.StepClock)) {
	t.Helper()
	for _, url := range []func(*testing.T) string{dbtest.SQLiteURL, dbtest.PostgresURL} {
		t.Run("", func(t *testing.T) {
			c := dbtest.Clock(t)
			fn(build(t, dbtest.OpenTwice(t, url(t), c)), c)
		})
	}
}

// A fact that fails is parked; later facts of its subject wait behind it in
// order; others go on; it is tried again, later each time, until it succeeds.
func TestAFailingFactWaitsAlone(t *testing.T) { aFailingFactWaitsAlone(t, (*Journal).React) }

// Facts that are given together and fail together come again one by one.
func TestAFailingFactWaitsAloneAmongOthers(t *testing.T) {
	aFailingFactWaitsAlone(t, func(j *Journal, name string, from From, kinds []string, fn func(*db.Tx, Fact) error) {
		j.ReactTogether(name, from, kinds, func(tx *db.Tx, facts []Fact) error {
			for _, f := range facts {
				if err := fn(tx, f); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

func aFailingFactWaitsAlone(t *testing.T, react func(*Journal, string, From, []string, func(*db.Tx, Fact) error)) {
	stepped(t, func(h *house, c *db.StepClock) {
		h.effects()
		a, b, other := id.New(), id.New(), id.New()
		broken := map[id.ID]bool{a: true, b: true}
		react(h.j, "tell", Start, nil, func(tx *db.Tx, f Fact) error {
			if err := effect("tell")(tx, f); err != nil {
				return err
			}
			if broken[f.Subject] && f.Rev == 2 {
				if f.Subject == b {
					panic("ouch") // is an error of this fact alone
				}
				return errors.New("not now") // the effect above is undone
			}
			return nil
		})
		for _, s := range []id.ID{a, b, other} {
			h.say(s, 1, 4)
		}
		h.drain()
		h.saw("tell", a, 1)
		h.saw("tell", b, 1)
		h.saw("tell", other, 1, 2, 3, 4)
		h.say(a, 5, 5) // comes while they wait: behind
		for range 4 {
			c.Add(time.Minute)
			h.drain()
		}
		h.saw("tell", a, 1)
		var stuck []Parked
		if err := h.d.View(ctx, actor, func(tx *db.Tx) (err error) { stuck, err = Stuck(tx); return err }); err != nil {
			h.Fatal(err)
		}
		if len(stuck) != 2 || stuck[0].Reaction != "tell" || stuck[0].Tries != 5 || stuck[0].Error != "not now" && stuck[1].Error != "not now" {
			h.Errorf("stuck: %+v", stuck)
		}
		h.proves()
		delete(broken, b) // one is mended, the other still stands first in line
		c.Add(10 * time.Minute)
		h.drain()
		h.saw("tell", b, 1, 2, 3, 4)
		h.saw("tell", a, 1)
		delete(broken, a)
		h.drain()
		h.saw("tell", a, 1) // not before its time
		c.Add(10 * time.Minute)
		h.drain()
		h.saw("tell", a, 1, 2, 3, 4, 5)
		h.proves()
	})
}

func TestHeadAndStart(t *testing.T) {
	eachHouse(t, func(h *house) {
		h.effects()
		s := id.New()
		h.say(s, 1, 3)
		h.drain()
		h.j.React("from start", Start, nil, effect("from start"))
		h.j.React("from head", Head, nil, effect("from head"))
		if got := h.j.Reactions(); !slices.Equal(got, []string{"from start", "from head"}) {
			h.Errorf("reactions: %v", got)
		}
		h.j.placed.Store(false) // as a new program would be
		h.j.Start()
		h.say(s, 4, 5) // at once: "from now on" is from Start on
		eventually(h.T, "both reactions run", func() bool { return len(h.seen("from head")[s]) == 2 && len(h.seen("from start")[s]) == 5 })
		if err := h.j.Stop(ctx); err != nil {
			h.Fatal(err)
		}
		h.saw("from start", s, 1, 2, 3, 4, 5)
		h.saw("from head", s, 4, 5)

		// a later program goes on where this one stood, whatever From says
		next := h.open(h.d)
		next.React("from head", Start, nil, effect("from head"))
		h.say(s, 6, 6)
		if err := next.Drain(ctx); err != nil {
			h.Fatal(err)
		}
		h.saw("from head", s, 4, 5, 6)
	})
}

// Facts come together in their order, each once, the rest of an uneven batch too.
func TestFactsThatComeTogether(t *testing.T) {
	eachHouse(t, func(h *house) {
		h.effects()
		s, most := id.New(), 0
		h.j.ReactTogether("together", Start, []string{"test.said"}, func(tx *db.Tx, facts []Fact) error {
			most = max(most, len(facts))
			for _, f := range facts {
				if err := effect("together")(tx, f); err != nil {
					return err
				}
			}
			return nil
		})
		h.say(s, 1, 175)
		h.drain()
		want := make([]int64, 175)
		for i := range want {
			want[i] = int64(i + 1)
		}
		h.saw("together", s, want...)
		if most < 2 || most > reactChunks {
			h.Errorf("at most %d facts came together", most)
		}
	})
}

func TestAReactionGetsItsKindsOnly(t *testing.T) {
	eachHouse(t, func(h *house) {
		h.effects()
		s := id.New()
		h.j.React("moved", Start, []string{"test.moved"}, effect("moved"))
		h.say(s, 1, 150)
		h.do(func(tx *db.Tx) error {
			return Write(tx, Entry{Org: h.org, Root: s, Subject: s, Rev: 151, Event: moved{}})
		})
		h.drain()
		h.saw("moved", s, 151)
	})
}

// A patient reaction does not move over facts of others, until they are many; its
// own it takes at once, parked ones too.
func TestAPatientReaction(t *testing.T) {
	c := dbtest.Clock(t)
	dbtest.EachAt(t, c, func(t *testing.T, d *db.DB) { testPatience(build(t, d), c) })
}

func testPatience(h *house, c *db.StepClock) {
	t := h.T
	h.effects()
	s, bad := id.New(), true
	fn := func(tx *db.Tx, f Fact) error {
		if bad {
			return errors.New("not yet")
		}
		return effect("moved")(tx, f)
	}
	h.j.React("moved", Start, []string{"test.moved"}, fn)
	r := h.j.reactions[0]
	step := func(say int, moves bool) {
		t.Helper()
		if say > 0 {
			h.say(id.New(), 1, int64(say))
		}
		if _, err := h.j.Sequence(ctx); err != nil {
			t.Fatal(err)
		}
		n, err := h.j.reactSome(ctx, r, true)
		if err != nil || (n > 0) != moves {
			t.Errorf("after %d facts of others it moved by %d, %v", say, n, err)
		}
	}
	h.drain()
	step(5, false)
	step(reactFar, true)
	for range reactFar/reactMany + 1 { // to the head
		if _, err := h.j.reactSome(ctx, r, false); err != nil {
			t.Fatal(err)
		}
	}
	h.do(func(tx *db.Tx) error {
		return Write(tx, Entry{Org: h.org, Root: s, Subject: s, Rev: 1, Event: moved{}})
	})
	step(0, true) // and it is parked
	bad = false
	c.Add(time.Hour)
	step(0, true)
	h.saw("moved", s, 1)
	step(0, false)
}

func TestAReactionIsWiredOnceAndToKnownKinds(t *testing.T) {
	h := build(t, dbtest.Open(t, dbtest.SQLiteURL(t), nil))
	h.j.React("a", Start, nil, effect("a"))
	for what, wire := range map[string]func(){
		"twice":        func() { h.j.React("a", Start, nil, effect("a")) },
		"unknown kind": func() { h.j.React("b", Start, []string{"test.stranger"}, effect("b")) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", what)
				}
			}()
			wire()
		}()
	}
}

// Two nodes run the same reactions while facts are written and some fail now
// and then: each fact has its effect exactly once, in the order of its subject.
func TestExactlyOnceWithTwoRunners(t *testing.T) { // issue 2, acceptance 7
	for _, url := range []func(*testing.T) string{dbtest.SQLiteURL, dbtest.PostgresURL} {
		t.Run("", func(t *testing.T) {
			u := url(t)
			h := build(t, dbtest.Open(t, u, nil))
			h.effects()
			other := h.d
			if h.d.Postgres() {
				other = dbtest.Open(t, u, nil)
			}
			var calls atomic.Int64
			for _, j := range []*Journal{h.j, h.open(other)} {
				j.React("once", Start, nil, func(tx *db.Tx, f Fact) error {
					if err := effect("once")(tx, f); err != nil {
						return err
					}
					if calls.Add(1)%97 == 0 {
						return errors.New("now and then")
					}
					return nil
				})
				j.Start()
				defer j.Stop(ctx) //nolint:errcheck // the test is over
			}
			some := names(subjects)
			h.rows(some)
			h.write64(some)
			count := func() (n int) {
				for _, revs := range h.seen("once") {
					n += len(revs)
				}
				return n
			}
			eventually(t, "all facts have their effect", func() bool { return count() >= writers*perWriter })
			for s, revs := range h.seen("once") {
				for i, rev := range revs {
					if rev != int64(i+1) {
						t.Fatalf("the effects of %s came as %v", s, revs)
					}
				}
			}
			if n := count(); n != writers*perWriter {
				t.Errorf("%d effects of %d facts", n, writers*perWriter)
			}
		})
	}
}

// A slow reaction gives the writer back after its share of time.
func TestABatchOfASlowReactionEndsInTime(t *testing.T) {
	eachHouse(t, func(h *house) {
		h.effects()
		h.j.React("slow", Start, nil, func(tx *db.Tx, f Fact) error { time.Sleep(5 * time.Millisecond); return effect("slow")(tx, f) })
		s := id.New()
		h.say(s, 1, 30)
		if _, err := h.j.Sequence(ctx); err != nil {
			h.Fatal(err)
		}
		n, err := h.j.reactSome(ctx, h.j.reactions[0], false)
		most := 1 + int(patienceOf(h.d)/(5*time.Millisecond))
		if err != nil || n < 1 || n > most {
			h.Errorf("%d facts in one batch, %v; want at most %d", n, err, most)
		}
		h.drain()
		if got := h.seen("slow")[s]; len(got) != 30 {
			h.Errorf("%d effects", len(got))
		}
	})
}

func patienceOf(d *db.DB) time.Duration {
	if d.Postgres() {
		return reactOwn
	}
	return reactWork
}

// A batch that fails as a whole moves nothing.
func TestABatchThatFailsMovesNothing(t *testing.T) {
	eachHouse(t, func(h *house) {
		h.effects()
		h.j.React("r", Start, nil, effect("r"))
		s := id.New()
		h.say(s, 1, 3)
		if _, err := h.j.Sequence(ctx); err != nil {
			h.Fatal(err)
		}
		h.do(func(tx *db.Tx) error {
			_, err := tx.Exec("ALTER TABLE journal_parked RENAME TO journal_hidden")
			return err
		})
		if err := h.j.Drain(ctx); err == nil {
			h.Error("a batch without its table succeeded")
		}
		h.saw("r", s)
		h.do(func(tx *db.Tx) error {
			_, err := tx.Exec("ALTER TABLE journal_hidden RENAME TO journal_parked")
			return err
		})
		h.drain()
		h.saw("r", s, 1, 2, 3)
	})
}

// A long error is kept in part, without breaking a character.
func TestALongErrorIsCut(t *testing.T) {
	eachHouse(t, func(h *house) {
		h.j.React("r", Start, nil, func(*db.Tx, Fact) error { return fmt.Errorf("%s", "x"+strings.Repeat("错误", 300)) })
		h.say(id.New(), 1, 1)
		h.drain()
		var n int
		var why string
		err := h.d.View(ctx, actor, func(tx *db.Tx) error {
			return tx.Row("SELECT tries, error FROM journal_parked").Scan(&n, &why)
		})
		if err != nil || n != 1 || len(why) > 500 || len(why) < 490 {
			h.Errorf("parked %d times with %d bytes: %v", n, len(why), err)
		}
	})
}
