package consult

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/who"
	"mingfa/internal/public/lawyer"
)

// req: B5.2.1, B5.2.2
func TestAskVerb(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		ctx, citizen, other := t.Context(), h.NewCitizen(), h.NewCitizen()
		in := question(id.New())
		o, err := h.Ask(ctx, citizen, in)
		h.Must(err)
		if o.State != Waiting || !o.Awaiting || o.DueAt.Sub(o.AskedAt.Time) != Limit || o.Rev != 1 {
			t.Errorf("nobody is on duty: %+v", o)
		}
		again, err := h.Ask(ctx, citizen, in)
		if h.Must(err); again.ID != o.ID || again.Question != o.Question || again.Number != o.Number {
			t.Errorf("a repeat gave %+v", again)
		}
		_, err = h.Ask(ctx, other, in)
		h.Refused(err, fault.Conflict, "fault.conflict")
		_, err = h.Ask(ctx, who.Actor{}, question(id.New()))
		h.Refused(err, fault.Unknown, "fault.unknown")
		bad := question(id.New())
		bad.Region, bad.Contact.Name = "990000", ""
		_, err = h.Ask(ctx, citizen, bad)
		h.Refused(err, fault.Invalid, "consult.region_unknown")
		h.Settle()
		h.wantFacts(o.ID, "asked")

		a := h.lawyer("甲", lawyer.Online)
		h.Settle()
		if o = h.order(o.ID); o.State != Assigned || o.Lawyer != a.Person || o.Why.Stage == "" {
			t.Errorf("a lawyer came on duty: %+v", o)
		}
		h.wantFacts(o.ID, "asked assigned")
		if second := h.ask(citizen); second.State != Assigned {
			t.Errorf("asked with a lawyer on duty: %s", second.State)
		}
	})
}

// Two questions under one ID at the same time are one order.
func TestAskAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		citizen, in := h.NewCitizen(), question(id.New())
		h.lawyer("甲", lawyer.Online)
		errs := together(8, func(int) error { _, err := h.Ask(t.Context(), citizen, in); return err })
		for _, err := range errs {
			h.Must(err)
		}
		h.Settle()
		h.wantFacts(in.ID, "asked assigned")
	})
}

func together(n int, fn func(i int) error) []error {
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = fn(i) })
	}
	wg.Wait()
	return errs
}

// req: B6.2.1.2a, B6.2.1.2b, B6.2.1.2c, B6.2.1.2d, B6.2.1.2e, B6.2.1.2f, T8
func TestAnswerVerb(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		ctx, citizen, a, b := t.Context(), h.NewCitizen(), h.lawyer("甲", lawyer.Online), h.lawyer("乙", lawyer.Away)
		o := h.ask(citizen)
		for key, change := range map[string]func(*Draft){
			"consult.too_short":          func(d *Draft) { d.Text = strings.Repeat("法", 50) },
			"consult.judgement_missing":  func(d *Draft) { d.Judgement = "" },
			"consult.basis_missing":      func(d *Draft) { d.Basis = nil },
			"consult.basis_unrecognised": func(d *Draft) { d.Basis[0].Article = "" },
			"consult.advice_missing":     func(d *Draft) { d.Advice = nil },
		} {
			d := goodDraft()
			change(&d)
			_, err := h.Answer(ctx, a, o.ID, 0, d)
			h.Refused(err, fault.Invalid, key)
		}
		h.wantFacts(o.ID, "asked assigned refused") // five refusals, one fact in this minute
		h.Clock.Add(time.Minute)
		_, err := h.Answer(ctx, a, o.ID, 0, Draft{})
		h.Refused(err, fault.Invalid, "consult.too_short")
		h.wantFacts(o.ID, "asked assigned refused refused")

		_, err = h.Answer(ctx, b, o.ID, 0, goodDraft())
		h.Refused(err, fault.Absent, "fault.absent")
		_, err = h.Answer(ctx, citizen, o.ID, 0, goodDraft())
		h.Refused(err, fault.Absent, "fault.absent")
		_, err = h.Answer(ctx, a, o.ID, o.Rev+1, goodDraft())
		h.Refused(err, fault.Conflict, "fault.stale")
		items, own, err := h.CheckDraft(ctx, a, o.ID, goodDraft())
		if h.Must(err); own != 51 || len(items) != 4 {
			t.Errorf("checked: own %d, %v", own, items)
		}
		o, err = h.Answer(ctx, a, o.ID, o.Rev, goodDraft()) // 51 characters
		h.Must(err)
		h.Settle()
		if o.State != Answered || o.Awaiting || o.Breach {
			t.Errorf("answered: %+v", o)
		}
		_, err = h.Answer(ctx, a, o.ID, 0, goodDraft())
		h.Refused(err, fault.Conflict, "consult.already_answered")
		v, err := h.See(ctx, citizen, o.ID, "zh-Hans")
		h.Must(err)
		if v.Draft.Text != goodDraft().Text || v.Templates.Opening == "" || v.Templates.Disclaimer == "" || v.Templates.Closing == "" {
			t.Errorf("the citizen sees %+v %+v", v.Draft, v.Templates)
		}
		h.wantFacts(o.ID, "asked assigned refused refused answered")
	})
}

// req: B5.2.2
func TestOneOrderInOneHand(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		h.lawyer("甲", lawyer.Online)
		o := h.ask(h.NewCitizen())
		var others []who.Actor
		for i := range 6 {
			others = append(others, h.lawyer(fmt.Sprint("律师", i), lawyer.Online))
		}
		h.Settle()
		rev := h.order(o.ID).Rev
		won := 0
		for _, err := range together(len(others), func(i int) error { _, err := h.Assign(t.Context(), h.ops, o.ID, others[i].Person, rev); return err }) {
			if err == nil {
				won++
			} else {
				h.Refused(err, fault.Conflict, "fault.stale")
			}
		}
		h.Settle()
		if won != 1 {
			t.Errorf("%d lawyers got the same order", won)
		}
		h.wantFacts(o.ID, "asked assigned assigned/operations")
		h.wantLoad(1)
	})
}

// wantLoad demands how many orders all lawyers have in hand.
func (h *room) wantLoad(want int) {
	h.T.Helper()
	var got int
	h.View(func(tx *db.Tx) error { return tx.Row("SELECT coalesce(sum(load), 0) FROM lawyer_profile").Scan(&got) })
	if got != want {
		h.T.Errorf("lawyers have %d orders in hand, wanted %d", got, want)
	}
}

func TestPassAndAssign(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		ctx, a := t.Context(), h.lawyer("甲", lawyer.Online)
		o := h.ask(h.NewCitizen())
		_, err := h.Pass(ctx, a, o.ID, 0, "", "已核对合同，差工资流水")
		h.Refused(err, fault.Conflict, "consult.nobody_else")
		b := h.lawyer("乙", lawyer.Online)
		_, err = h.Pass(ctx, a, o.ID, 0, strings.Repeat("忙", maxPassReason+1), "x")
		h.Refused(err, fault.Invalid, "fault.too_long")
		_, err = h.Pass(ctx, h.ops, o.ID, 0, "", "x")
		h.Refused(err, fault.Absent, "fault.absent")
		o, err = h.Pass(ctx, a, o.ID, 0, "", "已核对合同，差工资流水")
		if h.Must(err); o.Lawyer != b.Person {
			t.Error("it was not passed on")
		}
		_, err = h.Pass(ctx, a, o.ID, 0, "", "已核对合同，差工资流水")
		h.Refused(err, fault.Absent, "fault.absent") // it is not his any more
		_, err = h.Assign(ctx, h.ops, o.ID, id.New(), 0)
		h.Refused(err, fault.Invalid, "consult.lawyer_unknown")
		_, err = h.Assign(ctx, a, o.ID, a.Person, 0)
		h.Refused(err, fault.Absent, "fault.absent")
		_, err = h.Assign(ctx, h.ops, o.ID, a.Person, 0)
		h.Must(err)
		h.wantLoad(1)
		h.answer(a, o.ID)
		h.wantLoad(0)
		_, err = h.Assign(ctx, h.ops, o.ID, b.Person, 0)
		h.Refused(err, fault.Conflict, "consult.not_waiting")
		h.wantFacts(o.ID, "asked assigned assigned/lawyer assigned/operations answered")
	})
}

// Why a lawyer passed an order on is told to staff, also to who has it now, but
// not to the citizen; with his key it is gone.
//
// req: B5.2.2
func TestReasonOfPassing(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		ctx, citizen, a := t.Context(), h.NewCitizen(), h.lawyer("甲", lawyer.Online)
		o := h.ask(citizen)
		b := h.lawyer("乙", lawyer.Online)
		_, err := h.Pass(ctx, a, o.ID, 0, "与对方当事人认识", "问押金；合同已看")
		h.Must(err)
		h.Settle()
		said := func(as who.Actor) (out string) {
			t.Helper()
			list, err := h.Timeline(ctx, as, o.ID, "zh-Hans", 0, 200)
			h.Must(err)
			for _, f := range list {
				out += f.Words
			}
			return out
		}
		if said(h.ops) != "与对方当事人认识" || said(b) != said(h.ops) || said(citizen) != "" {
			t.Errorf("operations read %q, the next lawyer %q, the citizen %q", said(h.ops), said(b), said(citizen))
		}
		h.Must(h.Keys.Destroy(ctx, o.Key))
		if said(h.ops) != "" {
			t.Error("it can be read without the key")
		}
	})
}

// The record to keep says what was said, the same each time; with the key it is
// gone, as for strangers.
func TestTranscript(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		ctx, citizen, a := t.Context(), h.NewCitizen(), h.lawyer("甲", lawyer.Online)
		o := h.ask(citizen)
		h.answer(a, o.ID)
		h.To(h.Clock.Now().Add(time.Hour))
		_, err := h.Say(ctx, citizen, o.ID, id.New(), "=1+1 还要带什么？\n第二行")
		h.Must(err)
		first, number, err := h.Transcript(ctx, citizen, o.ID, "txt", "zh-Hant-HK")
		h.Must(err)
		h.To(h.Clock.Now().Add(time.Hour))
		second, _, err := h.Transcript(ctx, citizen, o.ID, "txt", "zh-Hant-HK")
		h.Must(err)
		text := string(first)
		if string(second) != text || number != o.Number || !strings.Contains(text, "=1+1 还要带什么？\r\n第二行") || !strings.Contains(text, o.Number) || !strings.Contains(text, "法律判斷") {
			t.Errorf("twice:\n%s\n%s", first, second)
		}
		for kind, order := range map[string]id.ID{"exe": o.ID, "txt": id.New()} {
			_, _, err := h.Transcript(ctx, citizen, order, kind, "en")
			h.Refused(err, fault.Absent, "fault.absent")
		}
		_, _, err = h.Transcript(ctx, h.NewCitizen(), o.ID, "txt", "en")
		h.Refused(err, fault.Absent, "fault.absent")
		h.Must(h.Keys.Destroy(ctx, o.Key))
		_, _, err = h.Transcript(ctx, citizen, o.ID, "txt", "en")
		h.Refused(err, fault.Absent, "fault.absent")
	})
}

// A long timeline is read page by page, and nothing of it is left out.
func TestTimelineInPages(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		citizen, a := h.NewCitizen(), h.lawyer("甲", lawyer.Online)
		o := h.ask(citizen)
		h.answer(a, o.ID)
		h.Settle()
		whole, err := h.Timeline(t.Context(), h.ops, o.ID, "zh-Hans", 0, 200)
		h.Must(err)
		var paged []Timeline
		for from := int64(0); ; {
			page, err := h.Timeline(t.Context(), h.ops, o.ID, "zh-Hans", from, 1)
			h.Must(err)
			if len(page) == 0 {
				break
			}
			paged, from = append(paged, page...), page[0].Leaf+1
		}
		if len(whole) < 3 || !slices.Equal(whole, paged) {
			t.Errorf("whole %v\nin pages %v", whole, paged)
		}
	})
}

// req: B6.1b, B6.2.1.1
func TestAskBackAndReply(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		ctx, citizen, a := t.Context(), h.NewCitizen(), h.lawyer("甲", lawyer.Online)
		o := h.ask(citizen)
		_, err := h.Say(ctx, citizen, o.ID, id.New(), "快点")
		h.Refused(err, fault.Conflict, "consult.not_answered_yet")
		_, err = h.Say(ctx, a, o.ID, id.New(), "请稍等")
		h.Refused(err, fault.Conflict, "consult.answer_first")
		h.answer(a, o.ID)
		h.To(h.Clock.Now().Add(24 * time.Hour))

		n := id.New()
		for range 2 { // the second is a repeat
			o, err = h.Say(ctx, citizen, o.ID, n, "如果公司破产了呢？")
			h.Must(err)
		}
		h.Settle()
		if !o.Awaiting || o.Messages != 1 || !o.ClockFrom.Equal(h.Clock.Now()) {
			t.Errorf("asked back: %+v", o)
		}
		_, err = h.Say(ctx, citizen, o.ID, id.New(), " ")
		h.Refused(err, fault.Invalid, "fault.field_required")
		from := o.ClockFrom.Time
		h.To(from.Add(Limit))
		o, err = h.Say(ctx, a, o.ID, id.New(), "可以申报债权。")
		h.Must(err)
		h.Settle()
		if o.Awaiting || o.Breach {
			t.Errorf("replied in time: %+v", o)
		}
		_, err = h.Say(ctx, citizen, o.ID, id.New(), "谢谢，还有一个问题")
		h.Must(err)
		h.To(h.Clock.Now().Add(Limit + time.Millisecond))
		h.Settle()
		if o = h.order(o.ID); o.Breach || !o.Awaiting || o.Warned != At120 {
			t.Errorf("a late reply is no late answer: %+v", o)
		}
		h.wantFacts(o.ID, "asked assigned answered reminded said warned60 warned90 warned110 said said warned60 warned90 warned110 breached/reply")
	})
}

// An order takes so many messages, the last one is the lawyer's, and its page
// shows all of them.
//
// req: B6.1b
func TestAllMessagesAreShown(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		ctx, citizen, a := t.Context(), h.NewCitizen(), h.lawyer("甲", lawyer.Online)
		o := h.answered(citizen, a)
		say := func(by who.Actor) error { _, err := h.Say(ctx, by, o.ID, id.New(), "还有"); return err }
		for range MaxMessages - 1 {
			h.Must(say(citizen))
		}
		h.Refused(say(citizen), fault.Conflict, "consult.too_many_messages")
		h.Must(say(a))
		h.Refused(say(a), fault.Conflict, "consult.too_many_messages")
		for _, as := range []who.Actor{citizen, a} {
			v, err := h.See(ctx, as, o.ID, "en")
			h.Must(err)
			if n := len(v.Messages); n != MaxMessages || v.Messages[n-1].N != n || slices.Contains(v.Can, "message") {
				t.Errorf("%d of %d messages are shown; can %v", n, MaxMessages, v.Can)
			}
		}
		h.Settle()
	})
}

// req: B6.1b, B7.1.3.1a, T7
func TestReadAndRate(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		ctx, citizen, a := t.Context(), h.NewCitizen(), h.lawyer("甲", lawyer.Online)
		o := h.ask(citizen)
		h.Refused(h.Read(ctx, citizen, o.ID), fault.Conflict, "consult.not_answered_yet")
		_, err := h.Rate(ctx, citizen, o.ID, id.New(), Satisfied, "")
		h.Refused(err, fault.Conflict, "consult.not_answered_yet")
		h.answer(a, o.ID)
		h.Must(h.Read(ctx, citizen, o.ID))
		h.Must(h.Read(ctx, citizen, o.ID))
		h.Refused(h.Read(ctx, a, o.ID), fault.Absent, "fault.absent")
		_, err = h.Rate(ctx, citizen, o.ID, id.New(), "great", "")
		h.Refused(err, fault.Invalid, "fault.field_choice")
		n := id.New()
		for range 2 { // the second is a repeat
			o, err = h.Rate(ctx, citizen, o.ID, n, VerySatisfied, "很清楚")
			h.Must(err)
		}
		h.Settle()
		if o.State != Closed || o.Callback != id.Nil {
			t.Errorf("rated well: %+v", o)
		}
		_, err = h.Rate(ctx, citizen, o.ID, id.New(), Dissatisfied, "")
		h.Refused(err, fault.Conflict, "consult.already_rated")
		_, err = h.Say(ctx, citizen, o.ID, id.New(), "再问")
		h.Refused(err, fault.Conflict, "consult.not_answered_yet")
		h.wantFacts(o.ID, "asked assigned answered read rated")
	})
}

// req: B7.1.3.1a
func TestCloseAfterSevenDays(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		citizen, a := h.NewCitizen(), h.lawyer("甲", lawyer.Online)
		o := h.answered(citizen, a)
		last := o.LastAt.Time
		h.To(last.Add(RateFor - time.Millisecond))
		if h.Settle(); h.order(o.ID).State != Answered {
			t.Error("closed before the seven days")
		}
		h.To(last.Add(RateFor))
		if h.Settle(); h.order(o.ID).State != Closed {
			t.Error("not closed after seven days")
		}
		// It may still be rated, and is called back; but it closes once.
		call := id.New()
		_, err := h.Rate(t.Context(), citizen, o.ID, call, General, "")
		h.Must(err)
		h.Settle()
		_, err = h.Attempt(t.Context(), h.ops, call, id.New(), true, "")
		h.Must(err)
		_, err = h.Record(t.Context(), h.ops, call, goodResult())
		h.Must(err)
		_, err = h.CloseCallback(t.Context(), h.ops, call)
		h.Must(err)
		h.Settle()
		h.wantFacts(o.ID, "asked assigned answered reminded closed rated callback_opened callback_tried callback_recorded callback_closed")
	})
}

// req: T9
func TestExclude(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		ctx, citizen, a := t.Context(), h.NewCitizen(), h.lawyer("甲", lawyer.Online)
		o := h.ask(citizen)
		_, err := h.Exclude(ctx, a, o.ID, 0, Test, "测试")
		h.Refused(err, fault.Absent, "fault.absent")
		_, err = h.Exclude(ctx, h.ops, o.ID, 0, "because", "")
		h.Refused(err, fault.Invalid, "fault.field_required")
		h.Refused(err, fault.Invalid, "fault.field_choice")
		_, err = h.Exclude(ctx, h.ops, o.ID, o.Rev-1, Test, "测试")
		h.Refused(err, fault.Conflict, "fault.stale")
		h.wantLoad(1)
		o, err = h.Exclude(ctx, h.ops, o.ID, 0, Test, "上线测试")
		h.Must(err)
		h.Settle()
		if o.State != Excluded || o.ExcludedBy != h.ops.Person || o.Note == id.Nil || o.Awaiting {
			t.Errorf("excluded: %+v", o)
		}
		h.wantLoad(0)
		_, err = h.Exclude(ctx, h.ops, o.ID, 0, Spam, "又一次")
		h.Refused(err, fault.Conflict, "consult.already_excluded")
		_, err = h.Answer(ctx, a, o.ID, 0, goodDraft())
		h.Refused(err, fault.Conflict, "consult.already_answered")
		h.To(h.Clock.Now().Add(3 * time.Hour))
		h.Settle()
		h.wantFacts(o.ID, "asked assigned excluded")
	})
}
