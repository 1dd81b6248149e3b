package consult

import (
	"slices"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/who"
	"mingfa/internal/public/lawyer"
)

// A lawyer's own figures and the orders behind each: both from one played day.
//
// req: B7.T1b, B7.T1d, B6.2.1.1, B5.3g
func TestOwnFigures(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		ctx, a := t.Context(), h.lawyer("甲", lawyer.Online)
		from := h.Clock.Now().Add(-time.Hour)
		good, late := h.answered(h.NewCitizen(), a), h.ask(h.NewCitizen())
		unhappy, _ := h.unhappy(h.NewCitizen(), a)
		_, err := h.Answer(ctx, a, late.ID, 0, Draft{Text: "太短"})
		h.Refused(err, fault.Invalid, "consult.too_short")
		h.To(h.Clock.Now().Add(121 * time.Minute))
		h.answer(a, late.ID)
		_, err = h.Rate(ctx, who.Actor{Person: good.Citizen, Org: good.Org, Roles: []who.Role{who.Citizen}}, good.ID, id.New(), VerySatisfied, "")
		h.Must(err)
		spam := h.answered(h.NewCitizen(), a)
		_, err = h.Exclude(ctx, h.ops, spam.ID, 0, Spam, "广告")
		h.Must(err)
		h.Settle()
		b := h.lawyer("乙", lawyer.Online)
		h.answered(h.NewCitizen(), b) // another's: counts for nobody else
		to := h.Clock.Now().Add(time.Hour)
		var f OwnFigures
		h.View(func(tx *db.Tx) (err error) { f, err = FiguresOf(tx, a.Person, from, to); return err })
		if f.Answered != 3 || f.InTime != 2 || f.Rated != 2 || f.Satisfied != 1 || f.NonSatisfied != 1 || f.Refused != 1 || f.Elsewhere != 0 {
			t.Errorf("%+v", f)
		}
		list := func(as who.Actor, own Own) string {
			t.Helper()
			rows, err := h.List(ctx, as, Filter{Own: own, Since: from, Until: to, Limit: 50}, "zh-Hans")
			h.Must(err)
			names := map[id.ID]string{good.ID: "good", late.ID: "late", unhappy.ID: "unhappy", spam.ID: "spam"}
			var out []string
			for _, r := range rows {
				out = append(out, names[r.ID])
			}
			return strings.Join(out, " ")
		}
		for own, want := range map[Own]string{OwnAnswered: "unhappy late good", OwnInTime: "unhappy good", OwnLate: "late", OwnRated: "unhappy good",
			OwnSatisfied: "good", OwnNonSatisfied: "unhappy", OwnRefused: "late"} {
			if got := list(a, own); got != want {
				t.Errorf("%s opens %q, wanted %q", own, got, want)
			}
		}
		if got := list(b, OwnLate); got != "" {
			t.Errorf("another lawyer sees %q", got)
		}
	})
}

// Refused replies are counted of the orders that the lawyer still has, in their time,
// each reply, and of no other lawyer.
//
// req: B5.3g
func TestOwnRefusedReplies(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		ctx, a := t.Context(), h.lawyer("甲", lawyer.Online)
		kept, passed := h.ask(h.NewCitizen()), h.ask(h.NewCitizen())
		refuse := func(as who.Actor, order id.ID) {
			t.Helper()
			_, err := h.Answer(ctx, as, order, 0, Draft{Text: "太短"})
			h.Refused(err, fault.Invalid, "consult.too_short")
		}
		from := h.Clock.Now()
		refuse(a, kept.ID)
		h.To(h.Clock.Now().Add(time.Minute))
		later := h.Clock.Now()
		refuse(a, kept.ID)
		refuse(a, passed.ID)
		b := h.lawyer("乙", lawyer.Online)
		_, err := h.Assign(ctx, h.ops, passed.ID, b.Person, 0)
		h.Must(err)
		refuse(b, passed.ID)
		h.Settle()
		to := h.Clock.Now().Add(time.Hour)
		for _, x := range []struct {
			as   who.Actor
			from time.Time
			n    int64
			want []id.ID
		}{{a, from, 2, []id.ID{kept.ID}}, {a, later, 1, []id.ID{kept.ID}}, {b, from, 1, []id.ID{passed.ID}}, {b, to, 0, nil}} {
			h.View(func(tx *db.Tx) error {
				orders, n, err := refusedOf(tx, x.as.Person, x.from, to.Add(time.Hour))
				if n != x.n || !slices.Equal(orders, x.want) {
					t.Errorf("%d of %v, wanted %d of %v", n, orders, x.n, x.want)
				}
				return err
			})
		}
	})
}

// Earlier orders of the same person: as far as the actor may see each.
//
// req: B5.2.4
func TestOrdersOfTheSamePerson(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		ctx, citizen, a := t.Context(), h.NewCitizen(), h.lawyer("甲", lawyer.Online)
		first := h.answered(citizen, a)
		h.Must(h.Lawyers.SetStatus(ctx, a, lawyer.Away))
		b := h.lawyer("乙", lawyer.Online)
		second := h.ask(citizen)
		h.ask(h.NewCitizen()) // somebody else's
		count := func(as who.Actor, order id.ID) int {
			t.Helper()
			rows, err := h.List(ctx, as, Filter{SameAs: order, Limit: 50}, "zh-Hans")
			h.Must(err)
			return len(rows)
		}
		if count(h.ops, second.ID) != 1 || count(b, second.ID) != 0 || count(a, first.ID) != 0 || count(citizen, first.ID) != 1 {
			t.Errorf("%d, %d, %d, %d", count(h.ops, second.ID), count(b, second.ID), count(a, first.ID), count(citizen, first.ID))
		}
		_, err := h.List(ctx, b, Filter{SameAs: first.ID, Limit: 50}, "zh-Hans")
		h.Refused(err, fault.Absent, "fault.absent")
		_, err = h.Assign(ctx, h.ops, second.ID, a.Person, 0)
		h.Must(err)
		if count(a, second.ID) != 1 {
			t.Error("who had the person before sees it when he has him again")
		}
	})
}
