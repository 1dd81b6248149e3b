package complaint

import (
	"slices"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
)

func fieldIs(err error, path string) bool {
	f, ok := err.(*fault.Fault)
	return ok && slices.ContainsFunc(f.Fields, func(x fault.Field) bool { return x.Path == path })
}

// req: B7.1.2.1a, B7.1.2.3a, B7.1.2.3b, B7.1.2.3c, B7.2.4c
func TestFromTheFirstWordToTheClosing(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		c := h.complain("律师态度很差")
		if !strings.HasPrefix(c.Number, "20260302-") || len(c.Number) != 17 || c.State != Collected {
			t.Errorf("number %s, state %s", c.Number, c.State)
		}
		h.wantTold("received", "citizen+sms")
		h.wantTold("new", "ops quality")
		h.Refused(h.close(c), fault.Conflict, "complaint.missing_call")
		_, err := h.Record(t.Context(), h.ops, c.ID, 0, entry)
		h.Refused(err, fault.Conflict, "complaint.call_first")
		_, err = h.Called(t.Context(), h.ops, c.ID, 0, Call{ID: id.New(), Reached: true})
		if !fieldIs(err, "reason") {
			t.Errorf("reached without a reason found: %v", err)
		}
		h.Must(h.call(c, true))
		h.Refused(h.close(c), fault.Conflict, "complaint.missing_register")
		_, err = h.Record(t.Context(), h.quality, c.ID, 0, entry)
		h.Must(err)
		h.Refused(h.call(c, true), fault.Conflict, "complaint.already_registered")
		h.Must(h.close(c))
		h.Settle()
		h.wantTold("closed", "citizen+sms")
		h.wantFacts(c, "collected tried registered closed")
		for _, err := range []error{h.close(c), h.call(c, true)} {
			h.Refused(err, fault.Conflict, "complaint.already_closed")
		}
		v, err := h.See(t.Context(), h.citizen, c.ID, say.En)
		h.Must(err)
		j := v.wire(say.En)
		if j.Result != entry.Result || j.Staff != nil || j.Help != "" || len(j.Log) != 4 {
			t.Errorf("the citizen sees %+v", j)
		}
	})
}

// req: B7.1.2.3a
func TestARepeatIsTheSameComplaint(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		in := says("太慢")
		first, err := h.Make(t.Context(), h.citizen, in)
		h.Must(err)
		in.Text = "other words"
		again, err := h.Make(t.Context(), h.citizen, in)
		h.Must(err)
		if again.ID != first.ID || again.Number != first.Number || again.Words != first.Words {
			t.Error("a repeat made something else")
		}
		_, err = h.Make(t.Context(), h.other, in)
		h.Refused(err, fault.Conflict, "fault.conflict")
		in.Phone = "13800138000"
		_, err = h.Register(t.Context(), h.ops, in)
		h.Refused(err, fault.Conflict, "fault.conflict")
		k := Call{ID: id.New()}
		for range 3 {
			h.After(time.Hour)
			_, err := h.Called(t.Context(), h.ops, first.ID, 1, k) // an old rev: it was noted before
			h.Must(err)
		}
		if c := h.get(first.ID); c.Attempts != 1 || c.State != Collected {
			t.Errorf("a repeated call counts: %d", c.Attempts)
		}
		_, err = h.Record(t.Context(), h.ops, first.ID, 1, entry)
		h.Refused(err, fault.Conflict, "fault.stale")
		for range MaxDaily - 1 {
			h.complain("x")
		}
		_, err = h.Make(t.Context(), h.citizen, says("one more"))
		h.Refused(err, fault.TooMany, "fault.too_many")
		h.After(24 * time.Hour)
		h.complain("another day")
	})
}

// With an order: his own only, before it is answered and whenever; and the lawyer's
// timeline of the order says nothing of it.
//
// req: B7.1.2.1a, B7.1.3.2c
func TestAComplaintAboutAnOrder(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		o := h.order(h.citizen)
		in := says("律师没有回答我的问题")
		in.Order, in.Region = o.ID, ""
		_, err := h.Make(t.Context(), h.other, in)
		h.Refused(err, fault.Absent, "fault.absent")
		c, err := h.Make(t.Context(), h.citizen, in)
		h.Must(err)
		h.Settle()
		if c.Org != o.Org || c.Path != o.Path {
			t.Error("it went to another organisation than the order's")
		}
		placeless := says("没有说地区")
		placeless.Region = ""
		if x, err := h.Make(t.Context(), h.citizen, placeless); err != nil || x.Org != o.Org {
			t.Errorf("without a place it went not where his last order is: %v", err)
		}
		placeless.ID = id.New()
		if x, err := h.Make(t.Context(), h.other, placeless); err != nil || x.Org != h.root.ID {
			t.Errorf("a newcomer's went not to the operator: %v", err)
		}
		all, err := h.List(t.Context(), h.quality, Filter{Order: o.ID, Limit: 10})
		h.Must(err)
		if len(all) != 1 || all[0].Order.Number != o.Number {
			t.Errorf("%d complaints of the order", len(all))
		}
		h.View(func(tx *db.Tx) error {
			facts, err := journal.ByRoot(tx, o.Org, o.ID, 0, 1000)
			for _, f := range facts {
				if strings.HasPrefix(f.Kind, "complaint.") {
					t.Errorf("the order's timeline tells of %s", f.Kind)
				}
			}
			return err
		})
		for _, m := range h.told {
			if m.Root != id.Nil || m.Person == o.Lawyer && o.Lawyer != id.Nil {
				t.Errorf("a message of the complaint stands under %s", m.Root)
			}
		}
	})
}

// req: B7.1.2.1a, B7.1.2.3a
func TestStaffTakeDownWhatTheyAreTold(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		in := says("电话里没人理我")
		in.Channel, in.Name, in.Phone, in.ReceivedAt = Hotline, "张三", "138 0013 8000", noon.Add(-time.Hour)
		c, err := h.Register(t.Context(), h.ops, in)
		h.Must(err)
		if c.Citizen != h.citizen.Person || c.RegisteredBy != h.ops.Person || c.Channel != Hotline || !c.ReceivedAt.Equal(noon.Add(-time.Hour)) {
			t.Errorf("taken down as %+v", c)
		}
		again, err := h.Register(t.Context(), h.ops, in)
		h.Must(err)
		if again.Number != c.Number {
			t.Error("a repeat is another one")
		}
		stranger := says("我没有账号")
		stranger.Channel, stranger.Phone = Hotline, "+85221234567"
		x, err := h.Register(t.Context(), h.ops, stranger)
		h.Must(err)
		h.Settle()
		if x.Citizen != id.Nil {
			t.Error("a stranger is somebody")
		}
		v, err := h.See(t.Context(), h.quality, x.ID, say.Hans)
		h.Must(err)
		if j := v.wire(say.Hans); j.Text != stranger.Text || j.Staff.Phone != "+85221234567" {
			t.Errorf("the stranger's words are %q, phone %q", j.Text, j.Staff.Phone)
		}
		o := h.order(h.other)
		heard := Intake{ID: id.New(), Kind: Suggestion, Text: "建议周末也回访", Channel: CallBack, Order: o.ID}
		y, err := h.Register(t.Context(), h.quality, heard)
		h.Must(err)
		if y.Citizen != h.other.Person || y.Phone == id.Nil {
			t.Error("the order's citizen and his phone were not found")
		}
		late := says("上周打过电话")
		late.Channel, late.Phone, late.ReceivedAt = Hotline, "13800138000", noon.Add(-10*24*time.Hour)
		z, err := h.Register(t.Context(), h.ops, late)
		h.Must(err)
		h.Settle()
		h.wantFacts(z, "collected overdue")
		far := says("x")
		far.Phone, far.Region, far.Channel = "13800138000", "330000", Hotline
		_, err = h.Register(t.Context(), h.ops, far)
		h.Refused(err, fault.Absent, "fault.absent")
		heard.ID = id.New()
		_, err = h.Register(t.Context(), h.opsElsewhere, heard)
		h.Refused(err, fault.Absent, "fault.absent")
	})
}

// Warnings on the last day, and a breach that is a fact with its true time, also
// when nothing ran or the call came first.
//
// req: B7.1.2.2a
func TestOneWorkingDayToTheCall(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		end := time.Date(2026, 3, 3, 16, 0, 0, 0, time.UTC).Add(-time.Millisecond)
		in, late, vain, outage := h.complain("1"), h.complain("2"), h.complain("3"), h.complain("4")
		h.To(end)
		for range 3 {
			h.Must(h.call(vain, false)) // one time only
		}
		h.Must(h.call(in, true))
		h.Settle()
		h.Clock.Set(end.Add(time.Millisecond))
		h.Must(h.call(outage, true)) // before its row fired
		h.Settle()
		h.wantFacts(in, "collected warned warned tried")
		h.wantFacts(late, "collected warned warned overdue")
		h.wantFacts(vain, "collected warned warned tried tried tried overdue")
		h.wantFacts(outage, "collected warned warned overdue tried")
		if c := h.get(in.ID); !c.InTime() || h.get(outage.ID).InTime() {
			t.Error("the last millisecond is late, or the next is not")
		}
		h.wantTold("overdue", "ops ops ops quality quality quality")
		v, err := h.See(t.Context(), h.citizen, late.ID, say.En)
		h.Must(err)
		if next, _ := v.Next(say.En); next != say.Text(say.En, "complaint.next_late", nil) {
			t.Errorf("he is told %q", next)
		}
		h.Must(h.call(late, true))
		var f Figures
		h.Settle()
		h.View(func(tx *db.Tx) (err error) {
			day := time.Date(2026, 3, 3, 0, 0, 0, 0, china)
			f, err = FiguresOf(tx, h.org.Path, day, day.AddDate(0, 0, 1), 1<<40)
			return err
		})
		if want := (Figures{Due: 4, InTime: 1, Open: 4, Overdue: 3}); f != want {
			t.Errorf("figures %+v, wanted %+v", f, want)
		}
	})
}

// req: B7.1.2.3b
func TestOutageCollapsesWarnings(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		c := h.complain("1")
		h.Clock.Set(noon.Add(7 * 24 * time.Hour))
		h.Settle()
		h.wantFacts(c, "collected overdue")
		for range 3 {
			h.Must(h.call(c, false))
			h.After(AttemptGap)
		}
		if got := h.get(c.ID); got.State != Called || !got.ReachedAt.IsZero() || got.InTime() {
			t.Errorf("three calls in vain: %s", got.State)
		}
		h.wantFacts(c, "collected overdue tried tried tried")
	})
}
