package quality

import (
	"slices"
	"testing"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/who"
)

// Who sees what of a sample, and nobody how to reach the citizen.
func TestWhoSeesASample(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		by, citizen, ctx := h.lawyer("甲"), h.NewCitizen(), t.Context()
		order := h.answered(citizen, by)
		h.night()
		q := h.sample(order)
		for name, c := range map[string]struct {
			a    who.Actor
			open bool // sees it before it is checked
			done bool
		}{
			"quality": {h.qc[1], true, true}, "bureau": {h.staff(who.Bureau), true, true}, "administrator": {h.admin, true, true},
			"its lawyer": {by, false, true}, "another lawyer": {h.lawyer("乙"), false, false}, "the citizen": {citizen, false, false},
			"operations":        {h.staff(who.Operations), false, false},
			"quality elsewhere": {who.Actor{Person: id.New(), Scope: "/999999/", Roles: []who.Role{who.Quality}}, false, false},
		} {
			if _, err := h.See(ctx, c.a, q.ID, "en"); (err == nil) != c.open || err != nil && !fault.Is(err, fault.Absent) {
				t.Errorf("%s, open: %v", name, err)
			}
			list, err := h.List(ctx, c.a, Filter{Limit: 50})
			never := !slices.Contains([]string{"quality", "bureau", "administrator", "quality elsewhere"}, name)
			if fault.Is(err, fault.Absent) != never || (len(list) == 1) != (c.open && !never) {
				t.Errorf("%s lists %d, %v", name, len(list), err)
			}
		}
		if list, err := h.Results(ctx, by, Filter{Limit: 50}); err != nil || len(list) != 0 {
			t.Errorf("the lawyer knows that he is inspected: %v, %v", list, err)
		}
		h.submit(h.qc[0], q.ID, "rude")
		if list, err := h.Results(ctx, by, Filter{Limit: 50}); err != nil || len(list) != 1 {
			t.Errorf("the lawyer's results: %v, %v", list, err)
		}
		if _, err := h.See(ctx, by, q.ID, "en"); err != nil {
			t.Error(err)
		}
		if v, err := h.See(ctx, h.qc[1], q.ID, "en"); err != nil || len(v.Checks) != 0 || v.Order.Question != asked {
			t.Errorf("who may have to check it next sees %+v, %v", v, err)
		}
		if list, err := h.List(ctx, h.qc[0], Filter{Mine: true, Limit: 50}); err != nil || len(list) != 0 {
			t.Errorf("nothing is left to check: %v, %v", list, err)
		}
		_, err := h.Dispute(ctx, by, q.ID, 0, "我不同意")
		h.Must(err)
		for i, want := range []int{0, 1, 1} { // not for who checked first
			if list, err := h.List(ctx, h.qc[i], Filter{Mine: true, Limit: 50}); err != nil || len(list) != want {
				t.Errorf("quality person %d could check %d, %v", i, len(list), err)
			}
		}
	})
}

// An erased citizen's order is not inspected; what was found before stands.
func TestErasure(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		by, citizen, other, ctx := h.lawyer("甲"), h.NewCitizen(), h.NewCitizen(), t.Context()
		q := h.checked(by, other, "rude")
		waiting, err := h.Add(ctx, h.qc[0], h.answered(citizen, by), "抽查")
		h.Must(err)
		h.Must(h.DB.Do(ctx, setup, func(tx *db.Tx) error { return h.Service.Erase(tx, citizen.Person) }))
		h.Must(h.DB.Do(ctx, setup, func(tx *db.Tx) error { return h.Service.Erase(tx, other.Person) }))
		if got := h.sample(waiting.Order); got.State != Void {
			t.Errorf("it is %s", got.State)
		}
		h.Must(h.Keys.Destroy(ctx, h.sample(q.Order).Key))
		v, err := h.See(ctx, h.admin, q.ID, "en")
		h.Must(err)
		if !v.Order.Erased || v.Order.Question != "" || len(v.Checks) != 1 || v.Checks[0].Marks[0] != (Mark{Item: "rude"}) {
			t.Errorf("%+v", v)
		}
		_, err = h.Dispute(ctx, by, q.ID, 0, "我不同意")
		h.Refused(err, fault.Absent, "fault.absent")
		h.replays()
	})
}

// req: B6.2.1.2c
func TestTheCatalogueIsVersioned(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		by, citizen, ctx := h.lawyer("甲"), h.NewCitizen(), t.Context()
		q := h.checked(by, citizen, "judgement_wrong")
		mine := Catalogue{{"only_one", true, Wording{"zh-Hans": "唯一", "zh-Hant-HK": "唯一", "en": "The only one"}}}
		for name, a := range map[string]who.Actor{"quality": h.qc[0], "lawyer": by, "citizen": citizen} {
			if _, err := h.SetCatalogue(ctx, a, mine); !fault.Is(err, fault.Absent) {
				t.Errorf("%s: %v", name, err)
			}
		}
		_, err := h.SetCatalogue(ctx, h.admin, nil)
		h.Refused(err, fault.Invalid, "fault.field_required")
		v, err := h.SetCatalogue(ctx, h.admin, mine)
		h.Must(err)
		if got, err := h.Catalogue(ctx, h.qc[0]); err != nil || got.Version != v.Version || len(got.Value) != 1 {
			t.Errorf("%+v, %v", got, err)
		}
		_, err = h.Dispute(ctx, by, q.ID, 0, "我不同意")
		h.Must(err)
		h.submit(h.qc[1], q.ID, "judgement_wrong") // by the items of the first
		if got := h.sample(q.Order); got.State != Final {
			t.Errorf("it is %s", got.State)
		}
		next, err := h.Add(ctx, h.qc[0], h.answered(citizen, by), "抽查")
		h.Must(err)
		_, err = h.Submit(ctx, h.qc[0], next.ID, 0, card("judgement_wrong"))
		h.Refused(err, fault.Invalid, "fault.field_choice")
		h.submit(h.qc[0], next.ID, "only_one")
		_, err = h.SetLimits(ctx, h.admin, Limits{SamplePercent: 4, DisputeDays: 5, RecheckDays: 5})
		h.Refused(err, fault.Invalid, "fault.field_range")
		_, err = h.SetLimits(ctx, h.admin, Limits{SamplePercent: 100, DisputeDays: 1, RecheckDays: 2, FatalPercent: 2, MinorPercent: 10, WarnPercent: 95, WarnDays: 30, WarnRatings: 5})
		h.Must(err)
		h.answered(citizen, by)
		h.night()
		for _, q := range h.samples() {
			if !q.Drawn {
				t.Errorf("at 100 %% order %s is not drawn", q.Order)
			}
		}
		h.replays()
	})
}
