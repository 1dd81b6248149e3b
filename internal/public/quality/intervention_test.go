package quality

import (
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/who"
	"mingfa/internal/public/consult"
)

// req: B7.1.4.1
func TestWarned(t *testing.T) {
	l := limits.Default()
	for _, c := range []struct {
		rated, satisfied int
		want             bool
	}{{0, 0, false}, {4, 0, false}, {5, 5, false}, {5, 4, true}, {20, 19, false}, {20, 18, true}, {19, 18, true}, {100, 95, false}, {100, 94, true}} {
		if got := l.Warned(c.rated, c.satisfied); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
	now := time.Date(2026, 3, 31, 0, 0, 0, 0, time.UTC)
	if got := l.watchFrom(now, time.Time{}); !got.Equal(now.AddDate(0, 0, -30)) {
		t.Error(got)
	}
	if closed := now.AddDate(0, 0, -3); !l.watchFrom(now, closed).Equal(closed) {
		t.Error("ratings before the last case count again")
	}
}

// req: B7.1.4.1a
func TestACaseNeedsAll(t *testing.T) {
	now, by := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC), id.New()
	whole := Intervention{State: CaseOpen, Category: "clarity", Cause: id.New(), Measures: 1}
	for name, c := range map[string]struct {
		change func(x *Intervention)
		key    string
	}{
		"whole":       {func(*Intervention) {}, ""},
		"no category": {func(x *Intervention) { x.Category = "" }, "quality.case_needs_cause"},
		"no words":    {func(x *Intervention) { x.Cause = id.Nil }, "quality.case_needs_cause"},
		"no measure":  {func(x *Intervention) { x.Measures = 0 }, "quality.case_needs_measure"},
		"closed":      {func(x *Intervention) { x.State = CaseClosed }, "quality.case_closed"},
		"lapsed":      {func(x *Intervention) { x.State = CaseLapsed }, "quality.case_closed"},
	} {
		x := whole
		c.change(&x)
		err := x.close(by, now)
		if f, ok := err.(*fault.Fault); (c.key == "") != (err == nil) || ok && f.Key != c.key {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// rated lets a citizen ask, the lawyer answer, and the citizen rate.
func (h *room) rated(citizen, by who.Actor, level consult.Rating) id.ID {
	h.T.Helper()
	order := h.answered(citizen, by)
	_, err := h.Consult.Rate(h.T.Context(), citizen, order, id.New(), level, "")
	h.Must(err)
	h.Settle()
	return order
}

// cases are the interventions that a quality person sees.
func (h *room) cases() []ListedCase {
	h.T.Helper()
	list, err := h.Cases(h.T.Context(), h.qc[0], "", id.Nil, id.Nil, 50)
	h.Must(err)
	return list
}

// req: B7.1.4.1, B7.1.4.1a, B7.1.4.1b
func TestAnInterventionFromRatingToClosing(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		by, citizen, ctx := h.lawyer("甲"), h.NewCitizen(), t.Context()
		for range 4 {
			h.rated(citizen, by, consult.VerySatisfied)
		}
		if n := len(h.cases()); n != 0 {
			t.Fatalf("%d cases of four satisfied ratings", n)
		}
		h.rated(citizen, by, consult.General) // the fifth: 80 %
		list := h.cases()
		if len(list) != 1 || list[0].Lawyer != by.Person || list[0].Rated != 5 || list[0].Satisfied != 4 || list[0].Card == nil {
			t.Fatalf("right after the rating: %+v", list)
		}
		h.rated(citizen, by, consult.General)
		h.night()
		if n := len(h.cases()); n != 1 {
			t.Errorf("%d cases while one is open", n)
		}
		x := list[0].ID
		check := h.submit(h.qc[0], h.samples()[0].ID, "language_unclear")
		good := Analysis{Category: "clarity", Cause: "此处有误：表达不清", Checks: []id.ID{check.ID}}
		for name, a := range map[string]who.Actor{"the lawyer": by, "operations": h.staff(who.Operations), "an administrator": h.admin, "the citizen": citizen,
			"the lawyer as quality": {Person: by.Person, Scope: h.org.Path, Roles: []who.Role{who.Quality}}, "elsewhere": {Person: id.New(), Scope: "/9/", Roles: []who.Role{who.Quality}}} {
			_, err := h.Analyse(ctx, a, x, 0, good)
			h.Refused(err, fault.Absent, "fault.absent")
			_, err = h.AddMeasure(ctx, a, x, Measure{id.New(), Talk, "谈话"})
			h.Refused(err, fault.Absent, "fault.absent")
			_, err = h.Close(ctx, a, x, 0, "好")
			h.Refused(err, fault.Absent, "fault.absent")
			if name == "the lawyer" || name == "the lawyer as quality" || name == "the citizen" || name == "elsewhere" {
				_, err = h.SeeCase(ctx, a, x)
				h.Refused(err, fault.Absent, "fault.absent")
				if list, err := h.Cases(ctx, a, "", id.Nil, id.Nil, 50); err != nil && !fault.Is(err, fault.Absent) || len(list) != 0 {
					t.Errorf("%s lists %v, %v", name, list, err)
				}
			}
		}
		_, err := h.Close(ctx, h.qc[0], x, 0, "已改进")
		h.Refused(err, fault.Conflict, "quality.case_needs_cause")
		_, err = h.Analyse(ctx, h.qc[0], x, 0, Analysis{Category: "none", Cause: "a"})
		h.Refused(err, fault.Invalid, "fault.field_choice")
		_, err = h.Analyse(ctx, h.qc[0], x, 0, Analysis{Category: "clarity"})
		h.Refused(err, fault.Invalid, "fault.field_required")
		_, err = h.Analyse(ctx, h.qc[0], x, 0, Analysis{Category: "clarity", Cause: "a", Checks: []id.ID{id.New()}})
		h.Refused(err, fault.Invalid, "quality.check_unknown")
		_, err = h.Analyse(ctx, h.qc[0], x, 9, good)
		h.Refused(err, fault.Conflict, "fault.stale")
		_, err = h.Analyse(ctx, h.qc[0], x, 1, good)
		h.Must(err)
		_, err = h.Close(ctx, h.qc[0], x, 0, "已改进")
		h.Refused(err, fault.Conflict, "quality.case_needs_measure")
		m := Measure{id.New(), Talk, "此处有误：已谈话"}
		_, err = h.AddMeasure(ctx, h.qc[0], x, m)
		h.Must(err)
		again, err := h.AddMeasure(ctx, h.qc[0], x, m)
		h.Must(err)
		if again.Measures != 1 {
			t.Error("a repeat is another measure")
		}
		_, err = h.Close(ctx, h.qc[0], x, 0, " ")
		h.Refused(err, fault.Invalid, "fault.field_required")
		_, err = h.Close(ctx, h.qc[1], x, 0, "总体评价：已改进")
		h.Must(err)
		_, err = h.AddMeasure(ctx, h.qc[0], x, Measure{id.New(), Training, "培训"})
		h.Refused(err, fault.Conflict, "quality.case_closed")
		v, err := h.SeeCase(ctx, h.staff(who.Bureau), x)
		h.Must(err)
		if v.State != CaseClosed || v.CauseText != good.Cause || len(v.Taken) != 1 || v.Taken[0].Words != m.Words || v.Checks[0] != check.ID || v.ConclusionText == "" {
			t.Errorf("%+v", v)
		}
		if got := h.caseFacts(x); got != "case_opened case_analysed case_measured case_closed" {
			t.Error(got)
		}
		h.noWordsInFacts()
		h.night() // the same ratings open no second one
		if n := len(h.cases()); n != 1 {
			t.Errorf("%d cases after closing", n)
		}
		for range 5 {
			h.rated(citizen, by, consult.Dissatisfied)
		}
		if n := len(h.cases()); n != 2 {
			t.Errorf("%d cases after five new ratings", n)
		}
		h.replays()
	})
}

func (h *room) caseFacts(x id.ID) string {
	h.T.Helper()
	h.Must(h.Journal.Drain(h.T.Context()))
	var out []string
	h.View(func(tx *db.Tx) error {
		all, err := journal.ByRoot(tx, h.org.ID, x, 0, 100)
		for _, f := range all {
			out = append(out, strings.TrimPrefix(f.Kind, "quality."))
		}
		return err
	})
	return strings.Join(out, " ")
}

// The watch of the morning: good ratings fall out of the period, and the rest is
// below the warning value, without anybody rating.
//
// req: B7.1.4.1
func TestTheMorningWatch(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		by, citizen := h.lawyer("甲"), h.NewCitizen()
		for range 95 / 5 {
			h.rated(citizen, by, consult.Satisfied)
		}
		h.To(h.Clock.Now().Add(24 * time.Hour))
		h.rated(citizen, by, consult.General) // 19 of 20: exactly the value
		for range 4 {
			h.rated(citizen, by, consult.Satisfied)
		}
		if n := len(h.cases()); n != 0 {
			t.Fatalf("%d cases at 23 of 24", n)
		}
		h.To(h.Clock.Now().Add(30*24*time.Hour - 5*time.Hour)) // the first 19 are older than 30 days
		h.Settle()
		list := h.cases()
		if len(list) != 1 || list[0].Rated != 5 || list[0].Satisfied != 4 {
			t.Fatalf("%+v", list)
		}
		h.Must(h.DB.Do(t.Context(), setup, func(tx *db.Tx) error { return h.Service.Erase(tx, by.Person) }))
		if got := h.cases(); got[0].State != CaseLapsed {
			t.Errorf("after erasing the lawyer it is %s", got[0].State)
		}
		h.To(h.Clock.Now().Add(40 * 24 * time.Hour))
		h.Settle()
		h.View(func(tx *db.Tx) error {
			var n int
			err := tx.Row("SELECT count(*) FROM due_row WHERE kind = ?", dueWatch).Scan(&n)
			if n != 0 {
				t.Errorf("he is still watched when no rating counts any more")
			}
			return err
		})
		h.replays()
	})
}

func TestInterventionOverHTTP(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		a, by, citizen := h.api(), h.lawyer("甲"), h.NewCitizen()
		for range 5 {
			h.rated(citizen, by, consult.Dissatisfied)
		}
		path := "/interventions/" + h.cases()[0].ID.String()
		a.want(h.qc[0], "GET", "/interventions?state=open", "", 200, `"num":0,"den":5,"text":"0.00 %"`, by.Person.String())
		a.want(h.qc[0], "PUT", path+"/analysis", `{"category":"attitude","cause":"态度"}`, 200, `"category":"attitude"`, "态度")
		a.want(h.qc[0], "POST", path+"/measures", `{"id":"`+id.New().String()+`","kind":"training","words":"参加培训"}`, 201, `"taken":[{`, "参加培训")
		if rec := a.Do(h.qc[0], "POST", path+"/close", `{"conclusion":"已改进"}`, "If-Match", `"1"`); rec.Code != 409 {
			t.Errorf("a stale closing: %d", rec.Code)
		}
		a.want(h.qc[0], "POST", path+"/close", `{"conclusion":"已改进"}`, 200, `"state":"closed"`, "已改进")
		a.want(by, "GET", path, "", 404)
		a.want(by, "POST", path+"/close", `{"conclusion":"x"}`, 404)
	})
}
