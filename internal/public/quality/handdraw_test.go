package quality

import (
	"slices"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
)

const march = "2026-03-01"

func handDraw(of who.Actor, percent int) HandDraw {
	return HandDraw{ID: id.New(), Lawyer: of.Person, From: march, To: "2026-03-31", Percent: percent, Seed: "20260302-7", Reason: "PLANTED 近期评价偏低"}
}

// signed lets the newest facts come under a checkpoint.
func (h *room) signed() {
	h.T.Helper()
	h.To(h.Clock.Now().Add(2 * time.Second))
	h.Settle()
}

// A quality person draws of one lawyer: the same seed gives the same orders, what was
// drawn is to be inspected and kept apart from the random ones, and it is on record
// who drew and why.
//
// req: B7.2.4a, B7.1.4.1b
func TestADrawByHand(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		by, other, citizen := h.lawyer("甲"), h.lawyer("乙"), h.NewCitizen()
		h.Must(h.Lawyers.SetStatus(t.Context(), other, "away"))
		var all []id.ID
		for range 10 {
			all = append(all, h.answered(citizen, by))
		}
		had, err := h.Add(t.Context(), h.qc[1], all[0], "投诉")
		h.Must(err)
		h.signed()
		d := handDraw(by, 30)
		v, err := h.DrawByHand(t.Context(), h.qc[0], d)
		h.Must(err)
		h.Settle()
		if !v.Same || v.Fact.Population != 10 || len(v.Fact.Orders) != 3 || v.Reason != d.Reason || v.Fact.Seed != seedGiven(d.Seed) || v.Fact.Leaf == 0 {
			t.Errorf("drawn: %+v", v)
		}
		fresh := 0
		for _, order := range v.Fact.Orders {
			q := h.sample(order)
			if q.Drawn || q.State != Open || !slices.Contains(all, order) {
				t.Errorf("sample %+v", q)
			}
			if q.ID == had.ID {
				continue
			}
			fresh++
			seen, err := h.See(t.Context(), h.qc[2], q.ID, "en")
			h.Must(err)
			if q.HandDraw != d.ID || q.AddedBy != h.qc[0].Person || seen.Reason != d.Reason {
				t.Errorf("a sample does not tell its draw: %+v, %q", q, seen.Reason)
			}
		}
		if v.Fact.Fresh != fresh {
			t.Errorf("%d are said to be new, %d are", v.Fact.Fresh, fresh)
		}
		again, err := h.DrawByHand(t.Context(), h.qc[0], d) // a repeat
		h.Must(err)
		if !slices.Equal(again.Fact.Orders, v.Fact.Orders) || len(h.samples()) != fresh+1 {
			t.Error("a repeat drew again")
		}
		second := d // the same seed by somebody else: the same orders, and none of them new
		second.ID = id.New()
		same, err := h.DrawByHand(t.Context(), h.qc[1], second)
		h.Must(err)
		if !slices.Equal(same.Fact.Orders, v.Fact.Orders) || same.Fact.Fresh != 0 {
			t.Errorf("the same seed drew %v, not %v", same.Fact.Orders, v.Fact.Orders)
		}
		rest := handDraw(by, 100)
		rest.Seed = ""
		whole, err := h.DrawByHand(t.Context(), h.qc[0], rest)
		h.Must(err)
		if len(whole.Fact.Orders) != 10 || whole.Fact.Given != "" || whole.Fact.Seed == v.Fact.Seed || !whole.Same {
			t.Errorf("the whole period: %+v", whole.Fact)
		}
		h.Settle()
		list, err := h.HandDraws(t.Context(), h.qc[2], by.Person, id.Nil, 2)
		h.Must(err)
		if len(list) != 2 || list[0].ID != rest.ID || list[1].ID != second.ID || !list[0].Same {
			t.Errorf("listed: %+v", list)
		}
		list, err = h.HandDraws(t.Context(), h.qc[2], id.Nil, second.ID, 2)
		h.Must(err)
		if len(list) != 1 || list[0].ID != d.ID {
			t.Errorf("the next page: %+v", list)
		}
		h.replays()
		h.noWordsInFacts()
	})
}

// Who never may gets what he would get of a lawyer that is nowhere; what can't be
// drawn is named.
func TestWhoDrawsByHand(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		by, citizen := h.lawyer("甲"), h.NewCitizen()
		h.answered(citizen, by)
		h.signed()
		elsewhere := h.qc[0]
		elsewhere.Scope = "/elsewhere/"
		for name, a := range map[string]who.Actor{"the lawyer": by, "citizen": citizen, "admin": h.admin, "bureau": h.staff(who.Bureau),
			"operations": h.staff(who.Operations), "elsewhere": elsewhere} {
			_, err := h.DrawByHand(t.Context(), a, handDraw(by, 10))
			h.Refused(err, fault.Absent, "fault.absent")
			if _, err := h.HandDraws(t.Context(), a, id.Nil, id.Nil, 10); fault.Is(err, fault.Absent) == h.mayList(a) {
				t.Errorf("%s lists: %v", name, err)
			}
		}
		_, err := h.DrawByHand(t.Context(), h.qc[0], HandDraw{ID: id.New(), Lawyer: id.New(), From: march, To: march, Percent: 1, Reason: "x"})
		h.Refused(err, fault.Absent, "fault.absent")
		for key, change := range map[string]func(*HandDraw){
			"fault.id":             func(d *HandDraw) { d.ID = id.Nil },
			"fault.field_range":    func(d *HandDraw) { d.Percent = 101 },
			"fault.field_required": func(d *HandDraw) { d.Reason = " " },
			"fault.field_format":   func(d *HandDraw) { d.Seed = "a b" },
			"quality.hand_period":  func(d *HandDraw) { d.From = "2026-04-01"; d.To = "2026-04-02" },
		} {
			d := handDraw(by, 10)
			change(&d)
			_, err := h.DrawByHand(t.Context(), h.qc[0], d)
			h.Refused(err, fault.Invalid, key)
		}
		d := handDraw(by, 10)
		d.From, d.To = "2025-01-01", "2025-01-31"
		_, err = h.DrawByHand(t.Context(), h.qc[0], d)
		h.Refused(err, fault.Conflict, "quality.hand_empty")
		d = handDraw(by, 10)
		_, err = h.DrawByHand(t.Context(), h.qc[0], d)
		h.Must(err)
		_, err = h.DrawByHand(t.Context(), h.qc[1], d)
		h.Refused(err, fault.Conflict, "fault.conflict")
	})
}

func (h *room) mayList(a who.Actor) bool {
	return h.Rules.May(a, "quality.see", access.Object{Org: a.Scope})
}

// A row that is not what its fact says is found; with the lawyer goes the reason.
func TestAlteredHandDrawsAreFound(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		by, citizen := h.lawyer("甲"), h.NewCitizen()
		h.answered(citizen, by)
		h.signed()
		d := handDraw(by, 50)
		_, err := h.DrawByHand(t.Context(), h.qc[0], d)
		h.Must(err)
		h.replays()
		h.exec("UPDATE quality_hand_draw SET percent = 51")
		if err := h.compared(); err == nil || !strings.Contains(err.Error(), d.ID.String()) {
			t.Errorf("an altered draw: %v", err)
		}
		h.exec("UPDATE quality_hand_draw SET percent = 50")
		h.Must(h.compared())
		key, err := h.keyOf(by.Person)
		h.Must(err)
		h.Must(h.Keys.Destroy(t.Context(), key))
		list, err := h.HandDraws(t.Context(), h.qc[0], id.Nil, id.Nil, 10)
		h.Must(err)
		if len(list) != 1 || list[0].Reason != "" || !list[0].Same {
			t.Errorf("after the erasure: %+v", list)
		}
	})
}

func (h *room) keyOf(person id.ID) (key id.ID, err error) {
	h.View(func(tx *db.Tx) error { key, err = h.People.KeyOf(tx, person); return err })
	return key, err
}

// The days are those of the lawyer's zone, the last one included.
func TestTheDaysOfAHandDraw(t *testing.T) {
	zone := time.FixedZone("", 8*60*60)
	now := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		from, to string
		ok       bool
	}{{march, march, true}, {"2026-03-02", "2026-12-31", true}, {"2026-03-03", "2026-03-03", false}, {"2026-03-02", march, false},
		{"2025-03-03", "2026-03-03", true}, {"2025-03-02", "2026-03-03", false}, {"2026-3-1", march, false}} {
		from, to, err := HandDraw{From: c.from, To: c.to}.period(zone, now)
		if (err == nil) != c.ok {
			t.Errorf("%s to %s: %v", c.from, c.to, err)
		}
		if c.from == march && c.ok && (!from.Equal(time.Date(2026, 2, 28, 16, 0, 0, 0, time.UTC)) || to.Sub(from) != 24*time.Hour) {
			t.Errorf("%s is %s to %s", c.from, from, to)
		}
	}
}
