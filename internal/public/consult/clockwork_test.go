package consult

import (
	"testing"
	"time"

	"mingfa/internal/base/id"
	"mingfa/internal/public/lawyer"
)

// req: B6.2.1.1
func TestClockByTheMillisecond(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		a, _ := h.lawyer("甲", lawyer.Online), h.lawyer("乙", lawyer.Away)
		o := h.ask(h.NewCitizen())
		start := o.AskedAt.Time
		for _, step := range []struct {
			at    time.Duration
			facts string
		}{
			{60*time.Minute - time.Millisecond, "asked assigned"},
			{60 * time.Minute, "asked assigned warned60"},
			{90*time.Minute - time.Millisecond, "asked assigned warned60"},
			{90 * time.Minute, "asked assigned warned60 warned90"}, // nobody else: it stays
			{110*time.Minute - time.Millisecond, "asked assigned warned60 warned90"},
			{110 * time.Minute, "asked assigned warned60 warned90 warned110"},
			{120 * time.Minute, "asked assigned warned60 warned90 warned110"},
			{120*time.Minute + time.Millisecond, "asked assigned warned60 warned90 warned110 breached"},
			{300 * time.Minute, "asked assigned warned60 warned90 warned110 breached"},
		} {
			h.To(start.Add(step.at))
			h.Settle()
			h.wantFacts(o.ID, step.facts)
		}
		if o = h.order(o.ID); o.Lawyer != a.Person || !o.Breach || !o.Awaiting {
			t.Errorf("breached: %+v", o)
		}
		if o = h.answer(a, o.ID); !o.Breach {
			t.Error("answered late, and no breach")
		}
		h.wantFacts(o.ID, "asked assigned warned60 warned90 warned110 breached answered")
	})
}

// req: B6.2.1.1
func TestPassedOnAt90(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		a := h.lawyer("甲", lawyer.Online)
		o := h.ask(h.NewCitizen())
		b := h.lawyer("乙", lawyer.Online)
		h.To(o.AskedAt.Add(90 * time.Minute))
		h.Settle()
		if o = h.order(o.ID); o.Lawyer != b.Person || len(o.Had) != 1 || o.Had[0] != a.Person {
			t.Errorf("not passed on: %+v", o)
		}
		h.wantLoad(1)
		h.To(o.AskedAt.Add(Limit)) // exactly 120:00.000
		if o = h.answer(b, o.ID); o.Breach {
			t.Error("120:00.000 is in time")
		}
		h.wantFacts(o.ID, "asked assigned warned60 warned90 assigned/clock warned110 answered")
	})
}

// req: B6.2.1.1
func TestOutage(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		a := h.lawyer("甲", lawyer.Online)
		first, late, reply, kept := h.ask(h.NewCitizen()), h.ask(h.NewCitizen()), h.answered(h.NewCitizen(), a), h.ask(h.NewCitizen())
		_, err := h.Say(t.Context(), who1(h, reply), reply.ID, id.New(), "还有一个问题")
		h.Must(err)
		begin := h.Clock.Now()
		b := h.lawyer("乙", lawyer.Online)
		h.outage(begin.Add(5 * time.Hour))

		// A late answer and a late reply arrive before anything fires.
		o, err := h.Answer(t.Context(), a, late.ID, 0, goodDraft())
		h.Must(err)
		if !o.Breach || o.Warned != At120 {
			t.Errorf("late after an outage: %+v", o)
		}
		_, err = h.Say(t.Context(), a, reply.ID, id.New(), "答复如下")
		h.Must(err)
		h.Settle()
		h.wantFacts(late.ID, "asked assigned breached answered")
		h.wantFacts(reply.ID, "asked assigned answered said breached/reply said")
		if h.order(reply.ID).Breach {
			t.Error("a late reply is no late answer")
		}
		// Stale warnings collapse to the last; passing on is done all the same.
		h.wantFacts(first.ID, "asked assigned breached assigned/clock")
		if h.order(first.ID).Lawyer != b.Person {
			t.Error("passing on was lost in the outage")
		}
		h.wantFacts(kept.ID, "asked assigned breached assigned/clock")
		h.compare("")
	})
}

// A waiting order is offered again at each step of its clock.
//
// req: B6.2.1.1b
func TestWaitingIsOfferedAgain(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		o := h.ask(h.NewCitizen())
		h.To(o.AskedAt.Add(60 * time.Minute))
		h.Settle()
		a := h.lawyer("甲", lawyer.Away)
		h.Settle()
		h.wantFacts(o.ID, "asked warned60")
		h.Must(h.Lawyers.SetStatus(t.Context(), a, lawyer.Online))
		h.Settle()
		h.wantFacts(o.ID, "asked warned60 assigned")
	})
}

// When all steps of its clock are taken and it still waits, an order is offered
// again every ten minutes: here to a lawyer whose coming nobody told of.
//
// req: B6.2.1.1b
func TestWaitingPastTheLimit(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		o := h.ask(h.NewCitizen())
		h.To(o.AskedAt.Add(Limit + OfferEvery + time.Minute))
		a := h.lawyer("甲", lawyer.Away)
		h.Settle()
		h.exec("UPDATE lawyer_profile SET status = 'online' WHERE id = ?", a.Person.String())
		h.To(o.AskedAt.Add(Limit + 2*OfferEvery - time.Millisecond))
		h.Settle()
		h.wantFacts(o.ID, "asked warned60 warned90 warned110 breached")
		h.To(o.AskedAt.Add(Limit + 2*OfferEvery))
		h.Settle()
		h.wantFacts(o.ID, "asked warned60 warned90 warned110 breached assigned")
		h.wantLoad(1)
		h.compare("")
	})
}

// After an outage, too, it goes on; and whoever names a lawyer ends it.
//
// req: B6.2.1.1b
func TestWaitingIsAssignedPastTheLimit(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		o := h.ask(h.NewCitizen())
		h.outage(o.AskedAt.Add(5*time.Hour + 3*time.Minute))
		h.Settle()
		a := h.lawyer("甲", lawyer.Away)
		_, err := h.Assign(t.Context(), h.ops, o.ID, a.Person, 0)
		h.Must(err)
		h.Settle() // demands that no row is left
		h.wantFacts(o.ID, "asked breached assigned/operations")
	})
}

// All who wait are offered, not only the first batch; who speaks a language
// that nobody on duty speaks stands in nobody's way.
//
// req: B6.2.1.1b
func TestAllWhoWaitAreOffered(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		citizen, n := h.NewCitizen(), 2*offerBatch+10
		for i := range n {
			in := question(id.New())
			if i < offerBatch+5 {
				in.Language = "en"
			}
			_, err := h.Ask(t.Context(), citizen, in)
			h.Must(err)
		}
		h.Settle()
		h.lawyer("甲", lawyer.Online) // speaks zh-Hans only
		h.Settle()
		h.wantLoad(n - offerBatch - 5)
	})
}

// req: B6.1b, B6.2.1.1
func TestNotices(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		citizen, a := h.NewCitizen(), h.lawyer("甲", lawyer.Online)
		o := h.ask(citizen)
		h.To(o.AskedAt.Add(Limit + time.Millisecond))
		h.Settle()
		h.answer(a, o.ID)
		_, err := h.Say(t.Context(), citizen, o.ID, id.New(), "还有")
		h.Must(err)
		_, err = h.Say(t.Context(), a, o.ID, id.New(), "好的")
		h.Must(err)
		_, err = h.Rate(t.Context(), citizen, o.ID, id.New(), Dissatisfied, "")
		h.Must(err)
		h.Settle()
		names := map[id.ID]string{citizen.Person: "citizen", a.Person: "lawyer", h.ops.Person: "operator"}
		want := []string{"lawyer assigned", "lawyer warned", "lawyer warned", "lawyer alarm", "operator alarm", "lawyer breached", "operator breached",
			"citizen answered sms", "lawyer asked_back", "citizen replied sms", "operator callback_opened"}
		keys := map[string]bool{}
		for i, m := range h.told {
			line := names[m.Person] + " " + m.Kind
			if m.SMS {
				line += " sms"
			}
			if i >= len(want) || line != want[i] {
				t.Errorf("notice %d: %s", i, line)
			}
			if keys[m.Key] || m.Root != o.ID {
				t.Errorf("notice %d has key %s, root %s", i, m.Key, m.Root)
			}
			keys[m.Key] = true
		}
		if len(h.told) != len(want) {
			t.Errorf("%d notices, wanted %d", len(h.told), len(want))
		}
	})
}
