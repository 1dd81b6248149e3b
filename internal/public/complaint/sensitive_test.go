package complaint

import (
	"slices"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
	"mingfa/internal/base/who"
	"mingfa/internal/core/identity"
)

// req: B7.1.2.2b, B7.1.2.4
func TestSensitiveIsReportedAcknowledgedAndFiled(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		c := h.complain("再不解决我就去静坐")
		if c.Flag != SitIn || c.FlaggedBy != id.Nil || !c.FlaggedAt.Equal(noon) {
			t.Errorf("flag %q", c.Flag)
		}
		h.wantTold("sensitive", "bureau+sms ops quality")
		h.To(noon.Add(AckLimit))
		h.Settle()
		h.wantTold("escalated", "")
		_, err := h.Acknowledge(t.Context(), h.bureau, c.ID, 0)
		h.Must(err)
		_, err = h.Acknowledge(t.Context(), h.bureau, c.ID, 0)
		h.Must(err)
		h.After(time.Hour)
		h.wantTold("escalated", "")
		h.wantFacts(c, "collected flagged acknowledged")
		h.register(c)
		h.Refused(h.close(c), fault.Conflict, "complaint.missing_filing")
		_, err = h.File(t.Context(), h.ops, c.ID, 0, Filing{"粤司〔2026〕7 号", "2026-03-02", "广东省司法厅"})
		h.Must(err)
		h.Must(h.close(c))
		_, err = h.Flag(t.Context(), h.ops, c.ID, 0, "", "x")
		h.Refused(err, fault.Conflict, "complaint.already_closed")
		h.wantFacts(c, "collected flagged acknowledged tried registered filed closed")
		h.Settle()
	})
}

// req: B7.1.2.2b
func TestUnacknowledgedIsEscalated(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		c := h.complain("态度差")
		_, err := h.Acknowledge(t.Context(), h.bureau, c.ID, 0)
		h.Refused(err, fault.Conflict, "complaint.not_flagged")
		_, err = h.Flag(t.Context(), h.ops, c.ID, 0, PublicOpinion, "群里在传")
		h.Must(err)
		h.Settle()
		h.wantTold("sensitive", "bureau+sms ops quality")
		h.To(noon.Add(AckLimit + time.Millisecond))
		h.Settle()
		h.wantTold("escalated", "bureau+sms ops+sms")
		_, err = h.Flag(t.Context(), h.quality, c.ID, 0, PublicOpinion, "") // confirmed: no second report
		h.Must(err)
		_, err = h.Acknowledge(t.Context(), h.bureau, c.ID, 0)
		h.Must(err)
		_, err = h.Flag(t.Context(), h.quality, c.ID, 0, Petition, "") // another kind: another report
		h.Must(err)
		h.Settle()
		if got := h.get(c.ID); !got.AcknowledgedAt.IsZero() || got.Escalated {
			t.Error("a new report was acknowledged with the old one")
		}
		_, err = h.Flag(t.Context(), h.quality, c.ID, 0, "", " ")
		if !fieldIs(err, "note") {
			t.Errorf("taken away without a reason: %v", err)
		}
		_, err = h.Flag(t.Context(), h.quality, c.ID, 0, "", "误判")
		h.Must(err)
		_, err = h.Flag(t.Context(), h.quality, c.ID, 0, "gossip", "")
		if !fieldIs(err, "category") {
			t.Errorf("a kind that is none: %v", err)
		}
		h.After(time.Hour)
		h.wantFacts(c, "collected flagged escalated flagged acknowledged flagged flagged")
		h.wantTold("sensitive", "bureau+sms bureau+sms ops ops quality quality") // a report for each kind, none for confirming or taking away
		v, err := h.See(t.Context(), h.ops, c.ID, say.Hans)
		h.Must(err)
		if n := len(v.Log); n != 7 || v.Log[6].Words != "误判" {
			t.Errorf("staff see %d lines: %+v", n, v.Log)
		}
		v, err = h.See(t.Context(), h.citizen, c.ID, say.Hans)
		h.Must(err)
		if len(v.Log) != 1 || v.Log[0].Words != "" {
			t.Errorf("the citizen sees %+v", v.Log)
		}
		h.register(c)
		h.Must(h.close(c)) // nothing to file any more
	})
}

// req: B7.1.2.4, B7.1.2.1b
func TestHelpIsShownAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		help := func(a who.Actor, c *Complaint) string {
			v, err := h.See(t.Context(), a, c.ID, say.En)
			h.Must(err)
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
		hk := h.OrgBelow(h.root.ID, identity.Province, "810000")
		n, err := h.NumbersFor(t.Context(), "810000")
		h.Must(err)
		if !slices.Equal(n.Help, hongKongHelp) || hk.Path == "" {
			t.Errorf("Hong Kong shows %v", n.Help)
		}
		for _, bad := range []Numbers{{Hotline: "call me"}, {Help: []string{""}}, {Help: []string{"()"}}, {Help: []string{"1", "2", "3", "4", "5", "6"}}} {
			if err := h.SetNumbers(t.Context(), h.admin, bad); !fault.Is(err, fault.Invalid) {
				t.Errorf("%+v was taken: %v", bad, err)
			}
		}
		h.Refused(h.SetNumbers(t.Context(), h.ops, Numbers{Hotline: "400-800"}), fault.Absent, "fault.absent")
		h.Must(h.SetNumbers(t.Context(), h.admin, Numbers{Hotline: "400-820-12348", Help: []string{"12320"}}))
		h.Clock.Set(h.Clock.Now().Add(time.Second))
		if got := help(h.citizen, c); !strings.Contains(got, "12320") {
			t.Errorf("after the change he is shown %q", got)
		}
		n, err = h.NumbersFor(t.Context(), "440000")
		h.Must(err)
		if n.Hotline != "400-820-12348" {
			t.Errorf("the hotline is %q", n.Hotline)
		}
		if n, err = h.NumbersFor(t.Context(), "'--"); err != nil || n.Hotline != "" {
			t.Errorf("the operator's hotline is %q, %v", n.Hotline, err)
		}
	})
}
