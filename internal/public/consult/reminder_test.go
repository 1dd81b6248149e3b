package consult

import (
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
	"mingfa/internal/base/who"
	"mingfa/internal/public/lawyer"
)

// reminders is how often a citizen was told to rate.
func (h *room) reminders(citizen who.Actor) (n int) {
	for _, m := range h.told {
		if m.Kind == "rate" && m.Person == citizen.Person && m.SMS {
			n++
		}
	}
	return n
}

// remindRows counts an order's reminders that wait.
func (h *room) remindRows(order id.ID) (n int) {
	h.View(func(tx *db.Tx) error {
		rows, err := due.OpenRows(tx, order)
		for _, r := range rows {
			if r.Kind == dueRemind {
				n++
			}
		}
		return err
	})
	return n
}

// The closing text asks for a rating; who has not rated after a day is reminded
// once, and still only once when his order has closed.
//
// req: B7.1.3.1b
func TestRemindedOnce(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		citizen, a := h.NewCitizen(), h.lawyer("甲", lawyer.Online)
		o := h.answered(citizen, a)
		v, err := h.See(t.Context(), citizen, o.ID, say.En)
		h.Must(err)
		if v.Templates.Closing == "" || v.Templates.Closing != templateKeys["closing"].Default().in(o.Language) {
			t.Errorf("the answer ends with %q", v.Templates.Closing)
		}
		h.To(o.AnsweredAt.Add(24*time.Hour - time.Millisecond))
		h.Settle()
		if n := h.reminders(citizen); n != 0 {
			t.Errorf("reminded %d times before a day had passed", n)
		}
		h.To(o.AnsweredAt.Add(24 * time.Hour))
		h.Settle()
		h.wantFacts(o.ID, "asked assigned answered reminded")
		h.To(o.AnsweredAt.Add(10 * 24 * time.Hour))
		h.Settle()
		if n := h.reminders(citizen); n != 1 {
			t.Errorf("reminded %d times", n)
		}
		h.wantFacts(o.ID, "asked assigned answered reminded closed")
		h.compare("")
	})
}

// Nobody is reminded who has rated, whose order was taken out, or who was erased.
//
// req: B7.1.3.1b
func TestNotReminded(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		ctx, a := t.Context(), h.lawyer("甲", lawyer.Online)
		happy, unhappy, tester, gone := h.NewCitizen(), h.NewCitizen(), h.NewCitizen(), h.NewCitizen()
		rated, _ := h.answered(happy, a), h.answered(gone, a)
		_, err := h.Rate(ctx, happy, rated.ID, id.New(), Satisfied, "")
		h.Must(err)
		called := h.answered(unhappy, a)
		_, err = h.Rate(ctx, unhappy, called.ID, id.New(), General, "")
		h.Must(err)
		test := h.answered(tester, a)
		_, err = h.Exclude(ctx, h.ops, test.ID, 0, Test, "测试")
		h.Must(err)
		h.Settle()
		h.Must(h.People.Erase(ctx, who.Actor{Person: id.New(), Org: h.org.ID, Scope: "/", Roles: []who.Role{who.Admin}}, gone.Person, "request"))
		h.To(h.Clock.Now().Add(30 * 24 * time.Hour))
		h.Settle()
		for name, c := range map[string]who.Actor{"satisfied": happy, "called back": unhappy, "a test": tester, "erased": gone} {
			if n := h.reminders(c); n != 0 {
				t.Errorf("%s: reminded %d times", name, n)
			}
		}
	})
}

// While he waits for a reply nobody asks him for a rating.
//
// req: B7.1.3.1b
func TestRemindedAfterTheReply(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		ctx, citizen, a := t.Context(), h.NewCitizen(), h.lawyer("甲", lawyer.Online)
		o := h.answered(citizen, a)
		h.Clock.Set(o.AnsweredAt.Add(24*time.Hour - time.Minute))
		_, err := h.Say(ctx, citizen, o.ID, id.New(), "还有一个问题")
		h.Must(err)
		h.Clock.Add(time.Minute)
		if _, err := h.Runner.RunDue(ctx); err != nil {
			t.Fatal(err)
		}
		_, err = h.Say(ctx, a, o.ID, id.New(), "答复如下")
		h.Must(err)
		h.wantFacts(o.ID, "asked assigned answered said said")
		h.Clock.Add(Limit)
		h.Settle()
		h.wantFacts(o.ID, "asked assigned answered said said reminded")
	})
}

// An administrator says after how many hours, or never; for answers from then on.
//
// req: B7.1.3.1b
func TestReminderSetting(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		admin := who.Actor{Person: id.New(), Org: h.org.ID, Scope: h.org.Path, Roles: []who.Role{who.Admin}}
		a, by := h.api(), h.lawyer("甲", lawyer.Online)
		a.Want(a.Do(admin, "GET", "/rating-reminder", ""), 200, `"hours":24`, `"version":0`)
		a.Want(a.Do(admin, "PUT", "/rating-reminder", `{"hours":168}`), 422, "hours")
		a.Want(a.Do(admin, "PUT", "/rating-reminder", `{"hours":-1}`), 422, "hours")
		_, err := h.SetReminder(t.Context(), h.ops, 1)
		h.Refused(err, fault.Absent, "fault.absent")
		for hours, want := range map[int]int{0: 0, 48: 1} {
			_, err := h.SetReminder(t.Context(), admin, hours)
			h.Must(err)
			o := h.ask(h.NewCitizen())
			h.answer(by, o.ID) // and demands its rows
			if n := h.remindRows(o.ID); n != want {
				t.Errorf("%d hours: %d reminders", hours, n)
			}
			h.Clock.Add(time.Minute)
		}
		a.Want(a.Do(admin, "GET", "/rating-reminder", ""), 200, `"version":2`)
	})
}
