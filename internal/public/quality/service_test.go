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
	"mingfa/internal/core/identity"
	"mingfa/internal/public/consult"
)

// req: B7.2.4a
func TestTheNightDraws(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		by, citizen := h.lawyer("甲"), h.NewCitizen()
		first := h.answered(citizen, by)
		if n := len(h.samples()); n != 0 {
			t.Fatalf("%d samples before the night", n)
		}
		h.night()
		list := h.samples()
		if len(list) != 1 || list[0].Order != first || !list[0].Drawn || list[0].State != Open || list[0].Month != "2026-03" || list[0].Lawyer != by.Person {
			t.Fatalf("after the first night: %+v", list)
		}
		for range 20 { // 21 orders: two of them
			h.answered(citizen, by)
		}
		h.night()
		if n := len(h.samples()); n != 2 {
			t.Errorf("%d of 21 orders are sampled", n)
		}
		if f := h.facts(list[0].ID); f != "sampled" {
			t.Error(f)
		}
		h.drawsAgain(by, 2)
		h.replays()
		if open, err := openDraws(h); err != nil || open != 0 {
			t.Errorf("%d draws are due and nothing changed, %v", open, err)
		}
	})
}

// At two o'clock the newest facts are not signed yet: the month is drawn a minute later,
// and not never.
//
// req: B7.2.4a
func TestTheNightWaitsForTheSignature(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		by, citizen := h.lawyer("甲"), h.NewCitizen()
		_, zone, err := h.homeOf(by)
		h.Must(err)
		night := nextAt(h.Clock.Now(), zone, drawHour)
		h.To(night.Add(-500 * time.Millisecond))
		h.Settle() // signs what is there
		order := h.answered(citizen, by)
		h.To(night)
		h.Settle()
		if n := len(h.samples()); n != 0 {
			t.Fatalf("%d samples, drawn from facts that nobody signed", n)
		}
		h.To(night.Add(2 * time.Minute))
		if list := h.samples(); len(list) != 1 || list[0].Order != order || !list[0].SampledAt.Equal(night.Add(time.Minute)) {
			t.Errorf("after the signature: %+v", list)
		}
		h.drawsAgain(by, 1)
	})
}

// homeOf is home in a transaction of its own.
func (h *room) homeOf(by who.Actor) (o identity.Org, zone *time.Location, err error) {
	h.View(func(tx *db.Tx) error { o, zone, err = h.home(tx, by.Person, id.Nil); return err })
	return o, zone, err
}

func openDraws(h *room) (n int, err error) {
	h.View(func(tx *db.Tx) error { return tx.Row("SELECT count(*) FROM due_row WHERE kind = ?", dueDraw).Scan(&n) })
	return n, err
}

// drawsAgain demands that a month has so many draws and each can be repeated.
func (h *room) drawsAgain(by who.Actor, n int) []DrawSeen {
	h.T.Helper()
	draws, err := h.Draws(h.T.Context(), h.qc[0], by.Person, "2026-03")
	h.Must(err)
	if len(draws) != n {
		h.T.Fatalf("%d draws, wanted %d", len(draws), n)
	}
	for i, d := range draws {
		if !d.Same || d.Leaf == 0 || len(d.Seed) != 64 || len(d.Orders) == 0 {
			h.T.Errorf("draw %d: %+v", i, d)
		}
	}
	return draws
}

// A seed that somebody chose is found, though drawing again with it gives the same orders.
//
// req: B7.2.4a
func TestAChosenSeedIsFound(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		by, citizen := h.lawyer("甲"), h.NewCitizen()
		for range 3 {
			h.answered(citizen, by)
		}
		h.night()
		drawn := h.drawsAgain(by, 1)[0]
		h.Must(h.DB.Do(t.Context(), setup, func(tx *db.Tx) error {
			month := monthID(by.Person, "2026-03")
			row, err := lockDraw(tx, month)
			if err != nil {
				return err
			}
			e := drawn.DrawnFact
			e.Seed, e.Percent = Seed(strings.Repeat("7", 64)), 100
			if err := e.draw(tx, map[id.ID]bool{drawn.Orders[0]: true}); err != nil {
				return err
			}
			return keepDraw(tx, row, identity.Org{ID: row.Org, Path: row.Path}, month, e, 3)
		}))
		h.Settle()
		draws, err := h.Draws(t.Context(), h.qc[0], by.Person, "2026-03")
		h.Must(err)
		if len(draws) != 2 || !draws[0].Same || draws[1].Same || len(draws[1].Orders) != 2 {
			t.Errorf("a chosen seed: %+v", draws)
		}
	})
}

// An order that is rated below satisfied after its month was drawn gets a
// stratum of its own, and is drawn the next night.
//
// req: B7.2.4a
func TestAnUnhappyRatingIsDrawn(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		by, citizen := h.lawyer("甲"), h.NewCitizen()
		var orders []id.ID
		for range 3 {
			orders = append(orders, h.answered(citizen, by))
		}
		h.night()
		var left id.ID
		for _, o := range orders {
			if o != h.samples()[0].Order {
				left = o
			}
		}
		_, err := h.Consult.Rate(t.Context(), citizen, left, id.New(), consult.General, "")
		h.Must(err)
		h.night()
		if list := h.samples(); len(list) != 2 || h.sample(left).State != Open {
			t.Errorf("%d samples", len(list))
		}
		h.drawsAgain(by, 2)
	})
}

// A draw can be repeated after ratings and exclusions that came later.
//
// req: B7.2.4a
func TestALaterChangeDoesNotChangeADraw(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		by, citizen := h.lawyer("甲"), h.NewCitizen()
		for range 4 {
			h.answered(citizen, by)
		}
		h.night()
		q := h.samples()[0]
		ops := h.staff(who.Operations)
		_, err := h.Consult.Exclude(t.Context(), ops, q.Order, 0, consult.Test, "测试")
		h.Must(err)
		h.Settle()
		if got := h.sample(q.Order); got.State != Void {
			t.Errorf("an order that does not count is %s", got.State)
		}
		h.night()
		h.drawsAgain(by, 2) // another was drawn in its place
		if f := h.facts(q.ID); f != "sampled dropped" {
			t.Error(f)
		}
		_, err = h.Submit(t.Context(), h.qc[0], q.ID, 0, card())
		h.Refused(err, fault.Conflict, "quality.not_to_check")
		h.replays()
	})
}

// Nobody hides an order from the inspection by leaving it out and taking it back:
// it is drawn from again, and one that was drawn waits for its check again.
//
// req: B7.2.4a, T9
func TestAnOrderThatCountsAgainIsInspected(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		by, citizen, ops := h.lawyer("甲"), h.NewCitizen(), h.staff(who.Operations)
		hidden := h.answered(citizen, by)
		h.exclude(ops, hidden)
		h.night()
		if list := h.samples(); len(list) != 0 {
			t.Fatalf("%d samples of an order that does not count", len(list))
		}
		h.include(ops, hidden)
		h.night()
		if q := h.sample(hidden); q.State != Open || !q.Drawn {
			t.Fatalf("taken back before the draw: %s", q.State)
		}
		h.exclude(ops, hidden)
		h.include(ops, hidden)
		if q := h.sample(hidden); q.State != Open {
			t.Errorf("taken back after the draw: %s", q.State)
		}
		if f := h.facts(sampleID(hidden)); f != "sampled dropped reopened" {
			t.Error(f)
		}
		h.submit(h.qc[0], sampleID(hidden))
		h.exclude(ops, hidden)
		h.include(ops, hidden)
		if q := h.sample(hidden); q.State != Checked { // a result that stands undisputed stays
			t.Errorf("checked, taken back: %s", q.State)
		}
		h.drawsAgain(by, 1)
		h.replays()
	})
}

// Left out after the facts that a draw is made of and before the draw: it is sampled,
// for anybody who draws again gets it, and dropped at once.
//
// req: B7.2.4a, T9
func TestAnOrderLeftOutBeforeItsDraw(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		by, citizen, ops, ctx := h.lawyer("甲"), h.NewCitizen(), h.staff(who.Operations), t.Context()
		order := h.answered(citizen, by)
		h.signed()
		h.Clock.Set(h.Clock.Now().Add(25 * time.Hour))
		_, err := h.Consult.Exclude(ctx, ops, order, 0, consult.Test, "测试")
		h.Must(err)
		_, err = h.Runner.RunDue(ctx)
		h.Must(err)
		if q := h.sample(order); q.State != Void || !q.Drawn {
			t.Errorf("drawn: %s", q.State)
		}
		h.Settle()
		if f := h.facts(sampleID(order)); f != "sampled dropped" {
			t.Error(f)
		}
		h.include(ops, order)
		if q := h.sample(order); q.State != Open {
			t.Errorf("taken back: %s", q.State)
		}
		h.drawsAgain(by, 1)
		h.replays()
	})
}

// A dispute goes on where it stood, with a period of its own.
//
// req: B7.2.4a, T9
func TestADisputedOrderThatCountsAgainIsCheckedOn(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		by, citizen, ops, ctx := h.lawyer("甲"), h.NewCitizen(), h.staff(who.Operations), t.Context()
		q := h.checked(by, citizen, "judgement_wrong")
		_, err := h.Dispute(ctx, by, q.ID, 0, "我不同意")
		h.Must(err)
		again := func(state State) {
			h.exclude(ops, q.Order)
			if got := h.sample(q.Order); got.State != Void || got.Fatal {
				t.Errorf("left out: %s, fatal %v", got.State, got.Fatal)
			}
			h.To(h.Clock.Now().Add(time.Hour))
			h.include(ops, q.Order)
			got := h.sample(q.Order)
			if got.State != state || !got.Fatal || got.DueAt.IsZero() || !got.DueAt.After(h.Clock.Now()) {
				t.Errorf("taken back: %s, fatal %v, due %s; want %s", got.State, got.Fatal, got.DueAt, state)
			}
		}
		again(Disputed)
		h.submit(h.qc[1], q.ID)
		again(Differing)
		h.submit(h.admin, q.ID)
		if got := h.sample(q.Order); got.State != Final {
			t.Errorf("after the third check: %s", got.State)
		}
		h.counted(q.Month)
		h.replays()
	})
}

// What a citizen who is erased said can't be inspected, whatever counts.
func TestAnErasedOrderIsNotInspectedAgain(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		by, citizen, ops, ctx := h.lawyer("甲"), h.NewCitizen(), h.staff(who.Operations), t.Context()
		order := h.answered(citizen, by)
		h.night()
		h.exclude(ops, order)
		_, err := h.Consult.Include(ctx, ops, order, 0, "恢复")
		h.Must(err)
		h.Must(h.People.Erase(ctx, setup, citizen.Person, identity.OnRequest))
		h.Settle()
		if q := h.sample(order); q.State != Void {
			t.Errorf("it is %s", q.State)
		}
		h.replays()
	})
}

// req: B7.2.4a
func TestAnAddedOrderStaysApart(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		by, citizen, ctx := h.lawyer("甲"), h.NewCitizen(), t.Context()
		drawn := h.answered(citizen, by)
		h.night()
		added := h.answered(citizen, by)
		for name, a := range map[string]who.Actor{"the lawyer": by, "the citizen": citizen, "operations": h.staff(who.Operations), "nobody": {},
			"quality elsewhere": {Person: id.New(), Scope: "/999999/", Roles: []who.Role{who.Quality}}} {
			if _, err := h.Add(ctx, a, added, "投诉"); !fault.Is(err, fault.Absent) && !fault.Is(err, fault.Unknown) {
				t.Errorf("%s: %v", name, err)
			}
		}
		_, err := h.Add(ctx, h.qc[0], added, " ")
		h.Refused(err, fault.Invalid, "fault.field_required")
		_, err = h.Add(ctx, h.qc[0], id.New(), "投诉")
		h.Refused(err, fault.Absent, "fault.absent")
		q, err := h.Add(ctx, h.qc[0], added, "群众来电反映")
		h.Must(err)
		again, err := h.Add(ctx, h.qc[0], added, "群众来电反映")
		h.Must(err)
		if again.ID != q.ID || again.Rev != q.Rev {
			t.Error("a repeat is another sample")
		}
		_, err = h.Add(ctx, h.qc[1], added, "再查")
		h.Refused(err, fault.Conflict, "quality.already_sampled")
		h.submit(h.qc[1], q.ID, "rude")
		h.submit(h.qc[1], h.sample(drawn).ID)
		m, err := h.Service.Rates(ctx, h.qc[0], "2026-03", id.Nil, 50)
		h.Must(err)
		if d, a := m.Total.Drawn, m.Total.Added; d != (Count{Sampled: 1, Inspected: 1}) || a != (Count{Sampled: 1, Inspected: 1, Fatal: 1}) {
			t.Errorf("drawn %+v, added %+v", d, a)
		}
		h.Must(h.DB.Do(ctx, setup, func(tx *db.Tx) error { // the draw finds it too
			return h.sampled(tx, added, monthOf{by.Person, "2026-03"})
		}))
		m, err = h.Service.Rates(ctx, h.qc[0], "2026-03", id.Nil, 50)
		h.Must(err)
		if d := m.Total.Drawn; d != (Count{Sampled: 2, Inspected: 2, Fatal: 1}) || m.Total.Added.Sampled != 0 {
			t.Errorf("drawn %+v, added %+v", d, m.Total.Added)
		}
		h.replays()
	})
}

// req: B7.2.4a, B6.2.1.2c, B7.T1e, B7.T1f, B7.1.4.2.2a, B7.1.4.2.2b
func TestACheckAndItsFigures(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		by, citizen, ctx := h.lawyer("甲"), h.NewCitizen(), t.Context()
		order := h.answered(citizen, by)
		h.night()
		q := h.sample(order)
		for name, a := range map[string]who.Actor{"the lawyer": by, "the citizen": citizen, "operations": h.staff(who.Operations), "an administrator": h.admin,
			"quality elsewhere": {Person: id.New(), Scope: "/999999/", Roles: []who.Role{who.Quality}}} {
			if _, err := h.Submit(ctx, a, q.ID, 0, card("rude")); !fault.Is(err, fault.Absent) {
				t.Errorf("%s: %v", name, err)
			}
		}
		own := h.qc[0]
		own.Person = by.Person // quality and lawyer in one
		_, err := h.Submit(ctx, own, q.ID, 0, card())
		h.Refused(err, fault.Conflict, "quality.not_independent")
		_, err = h.Submit(ctx, h.qc[0], q.ID, q.Rev+1, card())
		h.Refused(err, fault.Conflict, "fault.stale")
		c := card("judgement_wrong", "opening_missing")
		got, err := h.Submit(ctx, h.qc[0], q.ID, q.Rev, c)
		h.Must(err)
		if got.State != Checked || !got.Fatal || !got.Minor {
			t.Errorf("%+v", got)
		}
		again, err := h.Submit(ctx, h.qc[0], q.ID, q.Rev, c)
		h.Must(err)
		if again.Rev != got.Rev {
			t.Error("a repeat changed something")
		}
		_, err = h.Submit(ctx, h.qc[1], q.ID, 0, card())
		h.Refused(err, fault.Conflict, "quality.not_to_check")
		h.counted("2026-03")
		m, err := h.Service.Rates(ctx, h.qc[1], "2026-03", id.Nil, 50)
		h.Must(err)
		if n := m.Total.Drawn; n.FatalRate() != (consult.Rate{Num: 1, Den: 1}) || n.MinorRate() != (consult.Rate{Num: 1, Den: 1}) || len(m.Items) != 1 ||
			m.Items[0].Lawyer != by.Person || m.Items[0].Population != 1 || m.Items[0].Card == nil {
			t.Errorf("%+v", m)
		}
		for _, r := range []Result{Inspected, WithFatal, WithMinor} { // the figure opens its orders
			if list, err := h.List(ctx, h.qc[1], Filter{Month: "2026-03", Result: r, Lawyer: by.Person, Limit: 50}); err != nil || len(list) != 1 || list[0].ID != q.ID {
				t.Errorf("%s: %v, %v", r, list, err)
			}
		}
		if f := h.facts(q.ID); f != "sampled checked" {
			t.Error(f)
		}
		h.noWordsInFacts()
		h.replays()
	})
}

// noWordsInFacts demands that nothing that a person wrote stands in a fact.
func (h *room) noWordsInFacts() {
	h.T.Helper()
	h.View(func(tx *db.Tx) error {
		size, err := journal.Size(tx)
		h.Must(err)
		all, err := journal.Between(tx, nil, 0, size)
		for _, f := range all {
			for _, w := range []string{"此处有误", "总体评价", "我不同意", asked, secret} {
				if strings.Contains(string(f.Body), w) {
					h.T.Errorf("%s says %s", f.Kind, w)
				}
			}
		}
		return err
	})
}

// checked gives the sample of an order that was checked.
func (h *room) checked(by, citizen who.Actor, items ...Code) *Sample {
	h.T.Helper()
	order := h.answered(citizen, by)
	h.night()
	return h.submit(h.qc[0], h.sample(order).ID, items...)
}

// req: B7.2.4a, B7.1.4.2.2b
func TestADisputeIsCheckedBlind(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		by, citizen, ctx := h.lawyer("甲"), h.NewCitizen(), t.Context()
		q := h.checked(by, citizen, "judgement_wrong")
		for name, a := range map[string]who.Actor{"another lawyer": h.lawyer("乙"), "quality": h.qc[0], "the citizen": citizen} {
			if _, err := h.Dispute(ctx, a, q.ID, 0, "我不同意"); !fault.Is(err, fault.Absent) {
				t.Errorf("%s: %v", name, err)
			}
		}
		_, err := h.Dispute(ctx, by, q.ID, 0, "")
		h.Refused(err, fault.Invalid, "fault.field_required")
		d, err := h.Dispute(ctx, by, q.ID, q.Rev, "我不同意")
		h.Must(err)
		again, err := h.Dispute(ctx, by, q.ID, q.Rev, "我不同意")
		h.Must(err)
		if again.Rev != d.Rev || d.State != Disputed {
			t.Errorf("%+v", again)
		}
		h.counted("2026-03")
		m, err := h.Service.Rates(ctx, h.qc[1], "2026-03", id.Nil, 50)
		h.Must(err)
		if m.Total.Drawn != (Count{Sampled: 1, Disputed: 1}) {
			t.Errorf("while it is disputed: %+v", m.Total.Drawn)
		}
		_, err = h.Submit(ctx, h.qc[0], q.ID, 0, card("judgement_wrong"))
		h.Refused(err, fault.Conflict, "quality.not_independent")
		v, err := h.See(ctx, h.qc[1], q.ID, "en")
		h.Must(err)
		if len(v.Checks) != 0 || v.Dispute != "" || v.Listed.wire("en").Result != nil || len(v.Can) != 1 {
			t.Errorf("the second sees %+v, %q, can %v", v.Checks, v.Dispute, v.Can)
		}
		if v, err = h.See(ctx, by, q.ID, "en"); err != nil || len(v.Checks) != 1 || v.Checks[0].By != id.Nil || v.Checks[0].Marks[0].Note != "此处有误" || v.Dispute != "我不同意" {
			t.Errorf("the lawyer sees %+v, %v", v, err)
		}
		h.submit(h.qc[1], q.ID)
		if q = h.sample(q.Order); q.State != Differing || !q.Fatal {
			t.Errorf("%+v", q)
		}
		h.replays()
		_, err = h.Submit(ctx, h.qc[2], q.ID, 0, card())
		h.Refused(err, fault.Absent, "fault.absent")
		if v, err = h.See(ctx, h.admin, q.ID, "en"); err != nil || len(v.Checks) != 2 || v.Dispute != "我不同意" {
			t.Errorf("the administrator sees %+v, %v", v, err)
		}
		if q = h.submit(h.admin, q.ID, "opening_missing"); q.State != Final || q.Fatal || !q.Minor {
			t.Errorf("%+v", q)
		}
		_, err = h.Dispute(ctx, by, q.ID, 0, "我还是不同意")
		h.Refused(err, fault.Conflict, "quality.already_disputed")
		if f := h.facts(q.ID); f != "sampled checked disputed checked checked" {
			t.Error(f)
		}
		h.counted("2026-03")
		m, err = h.Service.Rates(ctx, h.qc[1], "2026-03", id.Nil, 50)
		h.Must(err)
		if m.Total.Drawn != (Count{Sampled: 1, Inspected: 1, Minor: 1}) {
			t.Errorf("in the end: %+v", m.Total.Drawn)
		}
		h.noWordsInFacts()
		h.replays()
	})
}

// The clock of a dispute is inclusive: five working days, to their last
// millisecond; the further check has one too.
func TestTheClockOfADispute(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		by, citizen, ctx := h.lawyer("甲"), h.NewCitizen(), t.Context()
		q, second := h.checked(by, citizen, "rude"), h.answered(citizen, by)
		if want := h.lastMilli(5); !q.DueAt.Equal(want) {
			t.Errorf("to dispute until %s, wanted %s", q.DueAt, want)
		}
		h.To(q.DueAt.Time)
		if got := h.sample(q.Order); got.State != Checked {
			t.Errorf("in its last millisecond it is %s", got.State)
		}
		h.To(q.DueAt.Add(time.Millisecond))
		h.Settle()
		if got := h.sample(q.Order); got.State != Final || !got.Fatal {
			t.Errorf("a millisecond later it is %s", got.State)
		}
		_, err := h.Dispute(ctx, by, q.ID, 0, "我不同意")
		h.Refused(err, fault.Conflict, "quality.dispute_over")
		r, err := h.Add(ctx, h.qc[0], second, "复查")
		h.Must(err)
		r = h.submit(h.qc[0], r.ID, "rude")
		r, err = h.Dispute(ctx, by, r.ID, 0, "我不同意")
		h.Must(err)
		h.To(r.DueAt.Add(time.Millisecond))
		h.Settle()
		if f := h.facts(r.ID); f != "sampled checked disputed overdue" {
			t.Error(f)
		}
		h.submit(h.qc[1], r.ID, "rude") // late, but made
		if got := h.sample(second); got.State != Final || !got.Fatal {
			t.Errorf("%+v", got)
		}
		h.replays()
	})
}

// lastMilli is the end of the n-th weekday after today, in UTC+8.
func (h *room) lastMilli(n int) time.Time {
	zone, err := time.LoadLocation("Asia/Shanghai")
	h.Must(err)
	d := h.Clock.Now().In(zone)
	for n > 0 {
		d = d.AddDate(0, 0, 1)
		if w := d.Weekday(); w != time.Saturday && w != time.Sunday {
			n--
		}
	}
	return time.Date(d.Year(), d.Month(), d.Day()+1, 0, 0, 0, 0, zone).Add(-time.Millisecond)
}

// counted demands that a month's counts by its facts are those by the rows, and
// that another organisation has none.
func (h *room) counted(month string) {
	h.T.Helper()
	h.Must(h.Journal.Drain(h.T.Context()))
	h.Must(h.DB.View(h.T.Context(), setup, func(tx *db.Tx) error {
		size, err := journal.Size(tx)
		h.Must(err)
		rates, err := h.Service.Rates(h.T.Context(), h.qc[0], month, id.Nil, 50)
		h.Must(err)
		byFacts, err := CountOf(tx, h.org.Path, month, size)
		h.Must(err)
		byRows, err := Months(tx, h.org.Path, month, 3)
		h.Must(err)
		if len(byRows) != 3 || byRows[2].Count != rates.Total.Drawn || byFacts != rates.Total.Drawn || byFacts.Inspected == 0 && byFacts.Disputed == 0 {
			h.T.Errorf("by facts %+v, by rows %+v, shown %+v", byFacts, byRows, rates.Total.Drawn)
		}
		if none, err := CountOf(tx, "/999999/", month, size); err != nil || none != (Count{}) {
			h.T.Errorf("elsewhere %+v %v", none, err)
		}
		return nil
	}))
}
