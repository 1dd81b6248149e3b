package consult

import (
	"slices"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/who"
	"mingfa/internal/core/identity"
	"mingfa/internal/core/identity/identitytest"
	"mingfa/internal/public/lawyer"
)

// A number begins with its day: what was typed of it says between which days to look.
func TestNumbersTellTheirDay(t *testing.T) {
	day := func(s string) time.Time {
		at, err := time.ParseInLocation(time.DateOnly, s, time.FixedZone("", 8*3600))
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for prefix, want := range map[string][2]string{
		"20260302-AB": {"2026-03-02", "2026-03-03"}, "20260302": {"2026-03-02", "2026-03-03"}, "2026030": {"2026-03-01", "2026-03-10"},
		"2026031": {"2026-03-10", "2026-03-20"}, "2026033": {"2026-03-30", "2026-04-01"}, "202602": {"2026-02-01", "2026-03-01"},
		"20260": {"2026-01-01", "2026-10-01"}, "20261": {"2026-10-01", "2027-01-01"}, "2026": {"2026-01-01", "2027-01-01"}, "202": {"2020-01-01", "2030-01-01"}, "2": {"2000-01-01", "3000-01-01"},
	} {
		from, to, ok := daysOf(prefix)
		if !ok || !from.Equal(day(want[0])) || !to.Equal(day(want[1])) {
			t.Errorf("%s: %v to %v, %v", prefix, from, to, ok)
		}
	}
	for _, prefix := range []string{"x", "20260302x", "2026-03", "20261301", "2026023", "20260230", "20262"} {
		if _, _, ok := daysOf(prefix); ok {
			t.Errorf("%s is the begin of a number", prefix)
		}
	}
}

// A small organisation's page of what is rare reads the index of it and no other order's
// row: the plan says so, for each set, before and after a cursor.
func TestRareListsReadTheirIndexAlone(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		if h.DB.Postgres() {
			t.Skip("its plans depend on what is in the tables")
		}
		list := map[string]Filter{}
		for _, f := range FigureNames() {
			if f.rare() && !strings.Contains(figures[f], running) { // these begin with their call-backs
				list[string(f)] = Filter{Figure: f, Limit: 50}
			}
		}
		for s := range inState {
			if s != Closed {
				list["state "+string(s)] = Filter{State: s, Limit: 50}
			}
		}
		before := h.ask(h.NewCitizen())
		for name, f := range list {
			for _, f.Cursor = range []id.ID{id.Nil, before.ID} {
				plan := ""
				h.View(func(tx *db.Tx) error {
					query, args, err := h.pageQuery(tx, h.ops, f)
					h.Must(err)
					plan = planOf(h, tx, query, args)
					return nil
				})
				if !strings.Contains(plan, " o USING COVERING INDEX consult_order_") || strings.Contains(plan, "TEMP B-TREE") {
					t.Errorf("%s:\n%s", name, plan)
				}
			}
		}
	})
}

func planOf(h *room, tx *db.Tx, query string, args []any) (plan string) {
	rows, err := tx.Rows("EXPLAIN QUERY PLAN "+query, args...)
	h.Must(err)
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		var id, parent, unused int
		var detail string
		h.Must(rows.Scan(&id, &parent, &unused, &detail))
		plan += detail + "\n"
	}
	h.Must(rows.Err())
	return plan
}

// The orders of some organisations are read one organisation by one and merged: pages
// give each order once, the newest first, and none of another organisation.
func TestPagesOfSomeOrganisations(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		a := h.lawyer("甲", lawyer.Online)
		city := h.OrgBelow(h.org.ID, identity.City, "440300")
		county := h.OrgBelow(city.ID, identity.County, "440305")
		other := h.OrgBelow(h.org.ID, identity.City, "440100")
		regions := []string{"440305", "440300", "440100", "440000"}
		var all, below []id.ID // newest first
		for i := range 12 {
			q := question(id.New())
			q.Region = regions[i%len(regions)]
			h.Clock.Set(h.Clock.Now().Add(time.Second))
			o, err := h.Ask(t.Context(), h.NewCitizen(), q)
			h.Must(err)
			h.Settle()
			if o.Org != []id.ID{county.ID, city.ID, other.ID, h.org.ID}[i%len(regions)] {
				t.Fatalf("%s is of %s", q.Region, o.Org)
			}
			if all = slices.Insert(all, 0, o.ID); i%len(regions) < 2 {
				below = slices.Insert(below, 0, o.ID)
			}
			if i == 5 {
				h.answer(a, o.ID)
			}
		}
		pages := func(as who.Actor, f Filter) (out []id.ID) {
			for {
				rows, err := h.List(t.Context(), as, f, "zh-Hans")
				h.Must(err)
				for _, r := range rows {
					out, f.Cursor = append(out, r.ID), r.ID
				}
				if int64(len(rows)) < f.Limit {
					return out
				}
			}
		}
		mayor := identitytest.Staff(city, who.Operations)
		for n, x := range []struct {
			as   who.Actor
			f    Filter
			want []id.ID
		}{
			{h.ops, Filter{Limit: 5}, all}, {mayor, Filter{Limit: 4}, below}, {mayor, Filter{Limit: 6}, below}, {mayor, Filter{Limit: 50}, below},
			{identitytest.Staff(county, who.Operations), Filter{Limit: 2}, []id.ID{below[1], below[3], below[5]}},
			{mayor, Filter{Limit: 1, Figure: "answered"}, []id.ID{below[2]}}, {mayor, Filter{Limit: 1, State: Closed}, nil},
		} {
			if got := pages(x.as, x.f); !slices.Equal(got, x.want) {
				t.Errorf("%d: %d orders %v, wanted %v", n, len(got), got, x.want)
			}
		}
	})
}
