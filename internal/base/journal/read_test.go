package journal

import (
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/who"
)

// ByActor gives what somebody wrote in a time, and refuses kinds that would have to be
// looked for in the whole log.
func TestByActor(t *testing.T) {
	kind := moved{}.Kind()
	byActor = append(byActor, kind)
	t.Cleanup(func() { byActor = byActor[:len(byActor)-1] })
	eachHouse(t, func(h *house) {
		me, other := who.Actor{Person: id.New()}, who.Actor{Person: id.New()}
		write := func(a who.Actor, e Event) (at time.Time) {
			subject := id.New()
			err := h.d.Do(ctx, a, func(tx *db.Tx) error {
				at = tx.Now()
				return Write(tx, Entry{Org: h.org, Root: subject, Subject: subject, Rev: 1, Event: e})
			})
			if err != nil {
				h.Fatal(err)
			}
			return at
		}
		from := write(me, moved{})
		write(me, said{1, "lawyer"})
		write(other, moved{})
		last := write(me, moved{})
		h.drain()
		err := h.d.View(ctx, me, func(tx *db.Tx) error {
			size, err := Size(tx)
			if err != nil {
				return err
			}
			all, err := ByActor(tx, me.Person, kind, from, last.Add(time.Millisecond), size)
			if err == nil && len(all) != 2 {
				h.Fatalf("mine: %+v", all)
			}
			if err != nil || all[0].Kind != kind || all[0].Actor != me.Person || all[0].Leaf >= all[1].Leaf {
				h.Errorf("mine: %+v %v", all, err)
			}
			if first, err := ByActor(tx, me.Person, kind, from, last.Add(time.Millisecond), all[1].Leaf); err != nil || len(first) != 1 {
				h.Errorf("below the last: %+v %v", first, err)
			}
			if before, err := ByActor(tx, me.Person, kind, from.Add(-time.Hour), from, size); err != nil || len(before) != 0 {
				h.Errorf("before the first: %+v %v", before, err)
			}
			if _, err := ByActor(tx, me.Person, said{}.Kind(), from, last, size); err == nil || !strings.Contains(err.Error(), "index") {
				h.Errorf("another kind: %v", err)
			}
			return byItsIndex(h, tx)
		})
		if err != nil {
			h.Fatal(err)
		}
	})
}

// byItsIndex demands of SQLite, whose plans don't hang on how much there is, that the query
// is answered by the index of the kind.
func byItsIndex(h *house, tx *db.Tx) error {
	if tx.Postgres() {
		return nil
	}
	var a, b, c int
	var plan string
	err := tx.Row("EXPLAIN QUERY PLAN SELECT leaf, body FROM journal_fact WHERE kind = '"+byActor[0]+"' AND actor = ? AND at >= ? AND at < ? AND leaf IS NOT NULL AND leaf < ? ORDER BY at, leaf",
		id.New().String(), 0, 1, 1).Scan(&a, &b, &c, &plan)
	if err == nil && !strings.Contains(plan, "journal_fact_refused") {
		h.Errorf("the plan is %s", plan)
	}
	return err
}
