package complaint

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
	"mingfa/internal/base/who"
	"mingfa/internal/core/identity"
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
		h.refused(h.close(c), fault.Conflict, "complaint.missing_call")
		_, err := h.Record(t.Context(), h.ops, c.ID, 0, entry)
		h.refused(err, fault.Conflict, "complaint.call_first")
		_, err = h.Called(t.Context(), h.ops, c.ID, 0, Call{ID: id.New(), Reached: true})
		if !fieldIs(err, "reason") {
			t.Errorf("reached without a reason found: %v", err)
		}
		h.must(h.call(c, true))
		h.refused(h.close(c), fault.Conflict, "complaint.missing_register")
		_, err = h.Record(t.Context(), h.quality, c.ID, 0, entry)
		h.must(err)
		h.refused(h.call(c, true), fault.Conflict, "complaint.already_registered")
		h.must(h.close(c))
		h.settle()
		h.wantTold("closed", "citizen+sms")
		h.wantFacts(c, "collected tried registered closed")
		for _, err := range []error{h.close(c), h.call(c, true)} {
			h.refused(err, fault.Conflict, "complaint.already_closed")
		}
		v, err := h.See(t.Context(), h.citizen, c.ID, say.En)
		h.must(err)
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
		h.must(err)
		in.Text = "other words"
		again, err := h.Make(t.Context(), h.citizen, in)
		h.must(err)
		if again.ID != first.ID || again.Number != first.Number || again.Words != first.Words {
			t.Error("a repeat made something else")
		}
		_, err = h.Make(t.Context(), h.other, in)
		h.refused(err, fault.Conflict, "fault.conflict")
		in.Phone = "13800138000"
		_, err = h.Register(t.Context(), h.ops, in)
		h.refused(err, fault.Conflict, "fault.conflict")
		k := Call{ID: id.New()}
		for range 3 {
			h.after(time.Hour)
			_, err := h.Called(t.Context(), h.ops, first.ID, 1, k) // an old rev: it was noted before
			h.must(err)
		}
		if c := h.get(first.ID); c.Attempts != 1 || c.State != Collected {
			t.Errorf("a repeated call counts: %d", c.Attempts)
		}
		_, err = h.Record(t.Context(), h.ops, first.ID, 1, entry)
		h.refused(err, fault.Conflict, "fault.stale")
		for range MaxDaily - 1 {
			h.complain("x")
		}
		_, err = h.Make(t.Context(), h.citizen, says("one more"))
		h.refused(err, fault.TooMany, "fault.too_many")
		h.after(24 * time.Hour)
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
		h.refused(err, fault.Absent, "fault.absent")
		c, err := h.Make(t.Context(), h.citizen, in)
		h.must(err)
		h.settle()
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
		h.must(err)
		if len(all) != 1 || all[0].Order.Number != o.Number {
			t.Errorf("%d complaints of the order", len(all))
		}
		h.view(func(tx *db.Tx) error {
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
		h.must(err)
		if c.Citizen != h.citizen.Person || c.RegisteredBy != h.ops.Person || c.Channel != Hotline || !c.ReceivedAt.Equal(noon.Add(-time.Hour)) {
			t.Errorf("taken down as %+v", c)
		}
		again, err := h.Register(t.Context(), h.ops, in)
		h.must(err)
		if again.Number != c.Number {
			t.Error("a repeat is another one")
		}
		stranger := says("我没有账号")
		stranger.Channel, stranger.Phone = Hotline, "+85221234567"
		x, err := h.Register(t.Context(), h.ops, stranger)
		h.must(err)
		h.settle()
		if x.Citizen != id.Nil {
			t.Error("a stranger is somebody")
		}
		v, err := h.See(t.Context(), h.quality, x.ID, say.Hans)
		h.must(err)
		if j := v.wire(say.Hans); j.Text != stranger.Text || j.Staff.Phone != "+85221234567" {
			t.Errorf("the stranger's words are %q, phone %q", j.Text, j.Staff.Phone)
		}
		o := h.order(h.other)
		heard := Intake{ID: id.New(), Kind: Suggestion, Text: "建议周末也回访", Channel: CallBack, Order: o.ID}
		y, err := h.Register(t.Context(), h.quality, heard)
		h.must(err)
		if y.Citizen != h.other.Person || y.Phone == id.Nil {
			t.Error("the order's citizen and his phone were not found")
		}
		late := says("上周打过电话")
		late.Channel, late.Phone, late.ReceivedAt = Hotline, "13800138000", noon.Add(-10*24*time.Hour)
		z, err := h.Register(t.Context(), h.ops, late)
		h.must(err)
		h.settle()
		h.wantFacts(z, "collected overdue")
		far := says("x")
		far.Phone, far.Region, far.Channel = "13800138000", "330000", Hotline
		_, err = h.Register(t.Context(), h.ops, far)
		h.refused(err, fault.Absent, "fault.absent")
		heard.ID = id.New()
		_, err = h.Register(t.Context(), h.opsElsewhere, heard)
		h.refused(err, fault.Absent, "fault.absent")
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
		h.to(end)
		for range 3 {
			h.must(h.call(vain, false)) // one time only
		}
		h.must(h.call(in, true))
		h.settle()
		h.clock.Set(end.Add(time.Millisecond))
		h.must(h.call(outage, true)) // before its row fired
		h.settle()
		h.wantFacts(in, "collected warned warned tried")
		h.wantFacts(late, "collected warned warned overdue")
		h.wantFacts(vain, "collected warned warned tried tried tried overdue")
		h.wantFacts(outage, "collected warned warned overdue tried")
		if c := h.get(in.ID); !c.InTime() || h.get(outage.ID).InTime() {
			t.Error("the last millisecond is late, or the next is not")
		}
		h.wantTold("overdue", "ops ops ops quality quality quality")
		v, err := h.See(t.Context(), h.citizen, late.ID, say.En)
		h.must(err)
		if next, _ := v.Next(say.En); next != say.Text(say.En, "complaint.next_late", nil) {
			t.Errorf("he is told %q", next)
		}
		h.must(h.call(late, true))
		var f Figures
		h.settle()
		h.view(func(tx *db.Tx) (err error) {
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
		h.clock.Set(noon.Add(7 * 24 * time.Hour))
		h.settle()
		h.wantFacts(c, "collected overdue")
		for range 3 {
			h.must(h.call(c, false))
			h.after(AttemptGap)
		}
		if got := h.get(c.ID); got.State != Called || !got.ReachedAt.IsZero() || got.InTime() {
			t.Errorf("three calls in vain: %s", got.State)
		}
		h.wantFacts(c, "collected overdue tried tried tried")
	})
}

// req: B7.1.2.2b, B7.1.2.4
func TestSensitiveIsReportedAcknowledgedAndFiled(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		c := h.complain("再不解决我就去静坐")
		if c.Flag != SitIn || c.FlaggedBy != id.Nil || !c.FlaggedAt.Equal(noon) {
			t.Errorf("flag %q", c.Flag)
		}
		h.wantTold("sensitive", "bureau+sms ops quality")
		h.to(noon.Add(AckLimit))
		h.settle()
		h.wantTold("escalated", "")
		_, err := h.Acknowledge(t.Context(), h.bureau, c.ID, 0)
		h.must(err)
		_, err = h.Acknowledge(t.Context(), h.bureau, c.ID, 0)
		h.must(err)
		h.after(time.Hour)
		h.wantTold("escalated", "")
		h.wantFacts(c, "collected flagged acknowledged")
		h.register(c)
		h.refused(h.close(c), fault.Conflict, "complaint.missing_filing")
		_, err = h.File(t.Context(), h.ops, c.ID, 0, Filing{"粤司〔2026〕7 号", "2026-03-02", "广东省司法厅"})
		h.must(err)
		h.must(h.close(c))
		_, err = h.Flag(t.Context(), h.ops, c.ID, 0, "", "x")
		h.refused(err, fault.Conflict, "complaint.already_closed")
		h.wantFacts(c, "collected flagged acknowledged tried registered filed closed")
		h.settle()
	})
}

// req: B7.1.2.2b
func TestUnacknowledgedIsEscalated(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		c := h.complain("态度差")
		_, err := h.Acknowledge(t.Context(), h.bureau, c.ID, 0)
		h.refused(err, fault.Conflict, "complaint.not_flagged")
		_, err = h.Flag(t.Context(), h.ops, c.ID, 0, PublicOpinion, "群里在传")
		h.must(err)
		h.settle()
		h.wantTold("sensitive", "bureau+sms ops quality")
		h.to(noon.Add(AckLimit + time.Millisecond))
		h.settle()
		h.wantTold("escalated", "bureau+sms ops+sms")
		_, err = h.Flag(t.Context(), h.quality, c.ID, 0, PublicOpinion, "") // confirmed: no second report
		h.must(err)
		_, err = h.Acknowledge(t.Context(), h.bureau, c.ID, 0)
		h.must(err)
		_, err = h.Flag(t.Context(), h.quality, c.ID, 0, Petition, "") // another kind: another report
		h.must(err)
		h.settle()
		if got := h.get(c.ID); !got.AcknowledgedAt.IsZero() || got.Escalated {
			t.Error("a new report was acknowledged with the old one")
		}
		_, err = h.Flag(t.Context(), h.quality, c.ID, 0, "", " ")
		if !fieldIs(err, "note") {
			t.Errorf("taken away without a reason: %v", err)
		}
		_, err = h.Flag(t.Context(), h.quality, c.ID, 0, "", "误判")
		h.must(err)
		_, err = h.Flag(t.Context(), h.quality, c.ID, 0, "gossip", "")
		if !fieldIs(err, "category") {
			t.Errorf("a kind that is none: %v", err)
		}
		h.after(time.Hour)
		h.wantFacts(c, "collected flagged escalated flagged acknowledged flagged flagged")
		v, err := h.See(t.Context(), h.ops, c.ID, say.Hans)
		h.must(err)
		if n := len(v.Log); n != 7 || v.Log[6].Words != "误判" {
			t.Errorf("staff see %d lines: %+v", n, v.Log)
		}
		v, err = h.See(t.Context(), h.citizen, c.ID, say.Hans)
		h.must(err)
		if len(v.Log) != 1 || v.Log[0].Words != "" {
			t.Errorf("the citizen sees %+v", v.Log)
		}
		h.register(c)
		h.must(h.close(c)) // nothing to file any more
	})
}

// req: B7.1.2.4, B7.1.2.1b
func TestHelpIsShownAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		help := func(a who.Actor, c *Complaint) string {
			v, err := h.See(t.Context(), a, c.ID, say.En)
			h.must(err)
			return v.wire(say.En).Help
		}
		c := h.complain("我不想活了")
		if got := help(h.citizen, c); !strings.Contains(got, "12356, 120, 110") {
			t.Errorf("he is shown %q", got)
		}
		if c.Flag != Suicide {
			t.Errorf("flag %q", c.Flag)
		}
		if help(h.ops, c) != "" || help(h.citizen, h.complain("太慢")) != "" {
			t.Error("help is shown to others")
		}
		hk := h.orgBelow(h.root.ID, identity.Province, "810000")
		n, err := h.NumbersFor(t.Context(), "810000")
		h.must(err)
		if !slices.Equal(n.Help, hongKongHelp) || hk.Path == "" {
			t.Errorf("Hong Kong shows %v", n.Help)
		}
		for _, bad := range []Numbers{{Hotline: "call me"}, {Help: []string{""}}, {Help: []string{"()"}}, {Help: []string{"1", "2", "3", "4", "5", "6"}}} {
			if err := h.SetNumbers(t.Context(), h.admin, bad); !fault.Is(err, fault.Invalid) {
				t.Errorf("%+v was taken: %v", bad, err)
			}
		}
		h.refused(h.SetNumbers(t.Context(), h.ops, Numbers{Hotline: "400-800"}), fault.Absent, "fault.absent")
		h.must(h.SetNumbers(t.Context(), h.admin, Numbers{Hotline: "400-820-12348", Help: []string{"12320"}}))
		h.clock.Set(h.clock.Now().Add(time.Second))
		if got := help(h.citizen, c); !strings.Contains(got, "12320") {
			t.Errorf("after the change he is shown %q", got)
		}
		n, err = h.NumbersFor(t.Context(), "440000")
		h.must(err)
		if n.Hotline != "400-820-12348" {
			t.Errorf("the hotline is %q", n.Hotline)
		}
		if n, err = h.NumbersFor(t.Context(), "'--"); err != nil || n.Hotline != "" {
			t.Errorf("the operator's hotline is %q, %v", n.Hotline, err)
		}
	})
}

// Every verb by everybody: who may not gets what he would get if it were not there.
//
// req: B7.1.2.3a, B7.1.2.2b
func TestEveryVerbByEverybody(t *testing.T) {
	handlers := []string{"ops", "quality"}
	staff := append(handlers, "bureau")
	each(t, func(t *testing.T, h *room) {
		ctx := context.Background()
		for name, v := range map[string]struct {
			may []string
			do  func(a who.Actor, c *Complaint) error
		}{
			"make": {[]string{"citizen", "other"}, func(a who.Actor, _ *Complaint) error { _, err := h.Make(ctx, a, says("x")); return err }},
			"see":  {append(staff, "citizen"), func(a who.Actor, c *Complaint) error { _, err := h.See(ctx, a, c.ID, say.En); return err }},
			"call": {handlers, func(a who.Actor, c *Complaint) error {
				_, err := h.Called(ctx, a, c.ID, 0, Call{ID: id.New()})
				return err
			}},
			"flag":        {handlers, func(a who.Actor, c *Complaint) error { _, err := h.Flag(ctx, a, c.ID, 0, Petition, ""); return err }},
			"acknowledge": {[]string{"bureau"}, func(a who.Actor, c *Complaint) error { _, err := h.Acknowledge(ctx, a, c.ID, 0); return err }},
			"export":      {append(staff, "ops elsewhere", "bureau elsewhere"), func(a who.Actor, _ *Complaint) error { _, err := h.CSV(ctx, a, Filter{}, say.En); return err }},
			"file": {handlers, func(a who.Actor, c *Complaint) error {
				_, err := h.File(ctx, a, c.ID, 0, Filing{"1", "2026-03-02", "x"})
				return err
			}},
			"record": {handlers, func(a who.Actor, c *Complaint) error {
				_, err := h.Record(ctx, a, c.ID, 0, entry)
				return err
			}},
			"close": {handlers, func(a who.Actor, c *Complaint) error { _, err := h.Close(ctx, a, c.ID, 0); return err }},
			"register": {handlers, func(a who.Actor, _ *Complaint) error {
				in := says("x")
				in.Phone = "13900139000"
				_, err := h.Register(ctx, a, in)
				return err
			}},
		} {
			absent := &Complaint{ID: id.New()}
			for who, a := range h.everybody() {
				c := h.complain("拉横幅") // flagged
				h.clock.Set(h.clock.Now().Add(2 * time.Hour))
				if name == "record" || name == "close" {
					h.must(h.call(c, true))
				}
				if name == "close" {
					_, err := h.Record(ctx, h.ops, c.ID, 0, entry)
					h.must(err)
					_, err = h.File(ctx, h.ops, c.ID, 0, Filing{"1", "2026-03-02", "x"})
					h.must(err)
				}
				err := v.do(a, c)
				switch {
				case slices.Contains(v.may, who):
					if err != nil {
						t.Errorf("%s may not %s: %v", who, name, err)
					}
				case who == "nobody":
					if !fault.Is(err, fault.Unknown) {
						t.Errorf("nobody: %s gives %v", name, err)
					}
				case fmt.Sprint(err) != fmt.Sprint(fault.NotThere()):
					t.Errorf("%s: %s gives %v", who, name, err)
				}
				if name != "make" && name != "register" && name != "export" && who != "nobody" {
					if err := v.do(a, absent); fmt.Sprint(err) != fmt.Sprint(fault.NotThere()) {
						t.Errorf("%s: %s of nothing gives %v", who, name, err)
					}
				}
			}
		}
	})
}

// Lists show what one may see, by pages without gap or repeat.
//
// req: B7.1.2.3c
func TestListsAndRegister(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		var want []id.ID
		for i := range 7 {
			c := h.complain([]string{"=HYPERLINK(\"http://x\")", "我要上访"}[i%2])
			want = append([]id.ID{c.ID}, want...)
			if i%3 == 0 {
				h.clock.Set(h.clock.Now().Add(time.Minute)) // several in the same millisecond
			}
		}
		slices.SortStableFunc(want, func(a, b id.ID) int {
			x, y := h.get(a), h.get(b)
			if d := y.ReceivedAt.Compare(x.ReceivedAt.Time); d != 0 {
				return d
			}
			return slices.Compare(b[:], a[:])
		})
		for name, a := range h.everybody() {
			var got []id.ID
			f := Filter{Limit: 2}
			for {
				page, err := h.List(t.Context(), a, f)
				h.must(err)
				for _, v := range page {
					got = append(got, v.ID)
				}
				if len(page) < 2 {
					break
				}
				f.Cursor = page[1].ID
			}
			if sees := slices.Contains([]string{"citizen", "ops", "quality", "bureau"}, name); sees && !slices.Equal(got, want) || !sees && len(got) > 0 {
				t.Errorf("%s sees %d", name, len(got))
			}
		}
		from, to, err := MonthOf("2026-03")
		h.must(err)
		for name, x := range map[string]struct {
			f Filter
			n int
		}{
			"sensitive": {Filter{Sensitive: true}, 3}, "month": {Filter{From: from, To: to}, 7}, "another": {Filter{From: to, To: to.AddDate(0, 1, 0)}, 0},
			"open": {Filter{State: "open"}, 7}, "closed": {Filter{State: "closed"}, 0}, "collected": {Filter{State: "collected"}, 7},
		} {
			x.f.Limit = 50
			if all, err := h.List(t.Context(), h.ops, x.f); err != nil || len(all) != x.n {
				t.Errorf("%s: %d, %v", name, len(all), err)
			}
		}
		h.register(h.get(want[0]))
		b, err := h.CSV(t.Context(), h.ops, Filter{}, say.Hans)
		h.must(err)
		s := string(b)
		if !strings.HasPrefix(s, "\ufeff编号,类别,") || strings.Count(s, "\r\n") != 8 || !strings.Contains(s, `"'=HYPERLINK(""http://x"")"`) ||
			!strings.Contains(s, entry.Measure) || !strings.Contains(s, "'+8613800138000") || strings.Contains(s, `,"=`) || strings.Contains(s, ",=") {
			t.Errorf("the register is\n%s", s)
		}
		b, err = h.CSV(t.Context(), h.bureau, Filter{}, say.En)
		h.must(err)
		if !strings.Contains(string(b), "****8000") {
			t.Error("the bureau reads the phones of all")
		}
		b, err = h.CSV(t.Context(), h.opsElsewhere, Filter{}, say.En)
		h.must(err)
		if strings.Count(string(b), "\r\n") != 1 {
			t.Error("others are in the register of another province")
		}
	})
}

// The register can't lose a row, and SQL, facts and logs don't know the words.
//
// req: B7.1.2.3a
func TestNothingIsDeletedAndNothingIsInTheClear(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		c := h.complain("PLANTED-WORDS 静坐")
		h.must(h.call(c, true))
		for _, table := range []string{"complaint_case", "complaint_attempt"} {
			err := h.DB.Do(t.Context(), setup, func(tx *db.Tx) error { _, err := tx.Exec("DELETE FROM " + table); return err })
			if err == nil {
				t.Errorf("rows of %s can be deleted", table)
			}
		}
		h.view(func(tx *db.Tx) error {
			facts, err := journal.ByRoot(tx, c.Org, c.ID, 0, 100)
			for _, f := range facts {
				if strings.Contains(string(f.Body), "PLANTED") || strings.Contains(string(f.Body), "13800138000") {
					t.Errorf("fact %s says what he said", f.Kind)
				}
			}
			return err
		})
		row, err := json.Marshal(h.get(c.ID))
		h.must(err)
		if strings.Contains(string(row), "PLANTED") || strings.Contains(string(row), "8000") {
			t.Error("the row says what he said")
		}
	})
}

// req: B7.1.2.3a
func TestExportAndErasure(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		c := h.complain("我的话在这里")
		h.register(c)
		got, err := h.Export(t.Context(), h.citizen.Person)
		h.must(err)
		b, err := json.Marshal(got)
		h.must(err)
		if !strings.Contains(string(b), "我的话在这里") || strings.Contains(string(b), entry.Measure) {
			t.Errorf("his export is %s", b)
		}
		h.admin.Scope = h.root.Path // the account stands with the operator
		h.must(h.People.Erase(t.Context(), h.admin, h.citizen.Person, "request"))
		h.settle()
		v, err := h.See(t.Context(), h.ops, c.ID, say.Hans)
		h.must(err)
		if j := v.wire(say.Hans); !j.Erased || j.Text != "" || j.Staff.Phone != "" || j.Staff.Register.Reason != "" || j.State != Registered {
			t.Errorf("after the erasure: %+v", j)
		}
		_, err = h.Record(t.Context(), h.ops, c.ID, 0, entry)
		h.refused(err, fault.Conflict, "complaint.person_erased")
		h.must(h.close(c)) // what needs no words goes on
		h.settle()
	})
}
