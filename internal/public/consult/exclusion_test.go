package consult

import (
	"slices"
	"testing"
	"time"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/who"
	"mingfa/internal/core/identity"
	"mingfa/internal/public/lawyer"
)

// An excluded order is listed with reason and person, and comes back where it was.
//
// req: T9
func TestExcludedOrdersComeBack(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		ctx, a, citizen := t.Context(), h.lawyer("甲", lawyer.Online), h.NewCitizen()
		fresh, answered, asks := h.ask(citizen), h.answered(citizen, a), h.answered(citizen, a)
		_, err := h.Say(ctx, citizen, asks.ID, id.New(), "那么证据呢？")
		h.Must(err)
		h.Settle()
		for i, o := range []*Order{fresh, answered, asks} {
			_, err := h.Exclude(ctx, h.ops, o.ID, 0, []Exclusion{Test, Spam, Duplicate}[i], "说明")
			h.Must(err)
			h.Clock.Set(h.Clock.Now().Add(time.Second))
		}
		h.Settle()
		list, err := h.Exclusions(ctx, h.ops, "", id.Nil, 2)
		h.Must(err)
		if len(list) != 2 || list[0].ID != asks.ID || list[0].Words != "说明" || list[0].ExcludedBy != h.ops.Person || list[0].Exclusion != Duplicate {
			t.Fatalf("the newest two: %+v", list)
		}
		rest, err := h.Exclusions(ctx, h.ops, "", list[1].ID, 2)
		h.Must(err)
		if len(rest) != 1 || rest[0].ID != fresh.ID {
			t.Errorf("the next page: %+v", rest)
		}
		if only, err := h.Exclusions(ctx, h.ops, Spam, id.Nil, 10); err != nil || len(only) != 1 || only[0].ID != answered.ID {
			t.Errorf("by reason: %v %v", only, err)
		}
		h.compare("")
		for _, o := range []*Order{fresh, answered, asks} {
			_, err := h.Include(ctx, h.ops, o.ID, 0, "看错了")
			h.Must(err)
			h.Settle()
			_, err = h.Include(ctx, h.ops, o.ID, 0, "看错了")
			h.Refused(err, fault.Conflict, "consult.not_excluded")
		}
		if o := h.order(fresh.ID); o.State != Assigned || o.Lawyer != a.Person || !o.AskedAt.Equal(o.ClockFrom.Time) {
			t.Errorf("the fresh one stands %s with %s, its clock from %s", o.State, o.Lawyer, o.ClockFrom)
		}
		if o := h.order(answered.ID); o.State != Answered || o.Awaiting || o.Exclusion != "" {
			t.Errorf("the answered one: %+v", o)
		}
		if o := h.order(asks.ID); o.State != Answered || !o.Awaiting {
			t.Errorf("the one that asked back: %+v", o)
		}
		h.compare("")
	})
}

// A clock goes on while an order is out: its breach is noted with its true time.
//
// req: T9, B6.2.1.1
func TestClockOfAnExcludedOrderGoesOn(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		o := h.ask(h.NewCitizen())
		_, err := h.Exclude(t.Context(), h.ops, o.ID, 0, Spam, "广告")
		h.Must(err)
		h.To(h.Clock.Now().Add(3 * time.Hour))
		if h.order(o.ID).Breach {
			t.Error("an excluded order was breached")
		}
		_, err = h.Include(t.Context(), h.ops, o.ID, 0, "不是广告")
		h.Must(err)
		h.Settle()
		if o := h.order(o.ID); !o.Breach || o.State != Waiting {
			t.Errorf("back after three hours: %+v", o)
		}
		h.compare("")
	})
}

// Who may not gets the same as for an order that is not there.
//
// req: T9
func TestWhoMayNotInclude(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		o := h.ask(h.NewCitizen())
		_, err := h.Exclude(t.Context(), h.ops, o.ID, 0, Spam, "广告")
		h.Must(err)
		_, err = h.Include(t.Context(), h.ops, o.ID, 0, " ")
		h.Refused(err, fault.Invalid, "fault.field_required")
		elsewhere := h.OrgBelow(h.org.ID, identity.City, "440300")
		other := who.Actor{Person: id.New(), Org: elsewhere.ID, Scope: elsewhere.Path, Roles: []who.Role{who.Operations}}
		for _, a := range []who.Actor{other, {Person: id.New(), Org: h.org.ID, Scope: h.org.Path, Roles: []who.Role{who.Quality}}, h.NewCitizen()} {
			_, err := h.Include(t.Context(), a, o.ID, 0, "看错了")
			h.Refused(err, fault.Absent, "fault.absent")
		}
		if list, err := h.Exclusions(t.Context(), other, "", id.Nil, 10); err != nil || len(list) != 0 {
			t.Errorf("another city sees %v %v", list, err)
		}
		_, err = h.Exclusions(t.Context(), h.NewCitizen(), "", id.Nil, 10)
		h.Refused(err, fault.Absent, "fault.absent")
	})
}

// Every set that a figure names can be listed; a name of our own making is refused.
//
// req: B7.T1a, B7.T1b, B7.T1d
func TestFiguresOpenOrders(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		a, citizen := h.lawyer("甲", lawyer.Online), h.NewCitizen()
		o, _ := h.unhappy(citizen, a)
		open := h.ask(citizen)
		in := map[Figure][]id.ID{}
		for _, f := range FigureNames() {
			rows, err := h.List(t.Context(), h.ops, Filter{Figure: f, Limit: 10}, "zh-Hans")
			h.Must(err)
			for _, r := range rows {
				in[f] = append(in[f], r.ID)
			}
		}
		for f, want := range map[Figure][]id.ID{"consultations": {open.ID, o.ID}, "answered": {o.ID}, "answered_in_time": {o.ID}, "non_satisfied": {o.ID}, "callbacks_open": {o.ID},
			"in_hand": {open.ID}, "clock_0": {open.ID}, "open": {open.ID}, "breaches": nil, "callbacks_late": nil, "satisfied": nil, "waiting": nil, "excluded_spam": nil} {
			if !slices.Equal(in[f], want) {
				t.Errorf("%s lists %v, wanted %v", f, in[f], want)
			}
		}
		_, err := h.List(t.Context(), h.ops, Filter{Figure: "state = 'x'", Limit: 10}, "zh-Hans")
		h.Refused(err, fault.Invalid, "fault.field_choice")
	})
}
