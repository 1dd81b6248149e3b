package journal

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
)

// rowReplay computes journal_test_row again: the rev of each subject.
type rowReplay struct {
	revs map[id.ID]int64

	fail error
}

func (r *rowReplay) Kinds() []string { return []string{"test.said"} }

func (r *rowReplay) Apply(f Fact) error {
	var s said
	if err := f.Decode(&s); err != nil || int64(s.N) != f.Rev {
		return fmt.Errorf("n is %d: %w", s.N, errors.Join(err, r.fail))
	}
	r.revs[f.Subject] = f.Rev
	return r.fail
}

func (r *rowReplay) Compare(tx *db.Tx) error {
	rows, err := tx.Rows("SELECT id, rev FROM journal_test_row")
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
		if r.revs[s] != rev {
			return fmt.Errorf("journal_test_row %s has rev %d, the facts say %d", s, rev, r.revs[s])
		}
	}
	return rows.Err()
}

// Verify runs beside a server at work: all it compares is of one moment.
func TestVerifyBesideARunningServer(t *testing.T) {
	eachHouse(t, func(h *house) {
		some := names(subjects)
		h.rows(some)
		h.j.React("r", Start, nil, func(*db.Tx, Fact) error { return nil })
		h.j.Start()
		var done atomic.Bool
		go func() { defer done.Store(true); h.write64(some) }()
		runs := 0
		for last := false; !last; runs++ {
			last = done.Load()
			a := h.audit()
			a.Replays = []Replay{&rowReplay{revs: map[id.ID]int64{}}}
			if _, err := Verify(ctx, a); err != nil {
				h.Errorf("run %d: %v", runs, err)
				break
			}
		}
		eventually(h.T, "the writers end", done.Load)
		if err := h.j.Stop(ctx); err != nil {
			h.Fatal(err)
		}
		if r := h.proves(); r.Facts != writers*perWriter {
			h.Errorf("%+v after %d runs", r, runs)
		}
	})
}

func TestReplaysAreHeard(t *testing.T) {
	eachHouse(t, func(h *house) {
		some := names(2)
		h.rows(some)
		for _, s := range some {
			if err := h.verb(h.d, s); err != nil {
				h.Fatal(err)
			}
		}
		h.drain()
		a := h.audit()
		ticks := int64(0)
		a.Tick = func(n int64) { ticks += n }
		fresh := func(fail error) { a.Replays = []Replay{&rowReplay{revs: map[id.ID]int64{}, fail: fail}} }
		fresh(nil)
		if _, err := Verify(ctx, a); err != nil || ticks != 2 {
			h.Errorf("%d ticks, %v", ticks, err)
		}
		fresh(errors.New("cannot be"))
		if _, err := Verify(ctx, a); err == nil || !strings.Contains(err.Error(), "fact 0") || !strings.Contains(err.Error(), "cannot be") {
			h.Errorf("a replay's refusal: %v", err)
		}
		h.exec("UPDATE journal_test_row SET rev = 7 WHERE id = ?", some[1].String())
		fresh(nil)
		if _, err := Verify(ctx, a); err == nil || !strings.Contains(err.Error(), "journal_test_row "+some[1].String()) {
			h.Errorf("a row that was changed: %v", err)
		}
	})
}

func TestVerifyRefusesANonsenseKey(t *testing.T) {
	eachHouse(t, func(h *house) {
		a := h.audit()
		a.Public = "nonsense"
		if _, err := Verify(ctx, a); err == nil {
			h.Error("accepted")
		}
	})
}
