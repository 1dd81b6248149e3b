package consult

import (
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/setting"
	"mingfa/internal/base/who"
	"mingfa/internal/base/workday"
	"mingfa/internal/public/lawyer"
)

func goodResult() Result {
	return Result{Category: ReasonUnclear, Reason: "没有看懂", Details: "已经再次解释", Feedback: "答复要更通俗"}
}

// unhappy gives an order rated below satisfied, and its call-back.
func (h *room) unhappy(citizen, by who.Actor) (*Order, id.ID) {
	h.T.Helper()
	o, call := h.answered(citizen, by), id.New()
	_, err := h.Rate(h.T.Context(), citizen, o.ID, call, General, "不太明白")
	h.Must(err)
	h.Settle()
	return h.order(o.ID), call
}

// who1 is the citizen of an order.
func who1(_ *room, o *Order) who.Actor {
	return who.Actor{Person: o.Citizen, Roles: []who.Role{who.Citizen}}
}

// req: B7.1.3.2, T2
func TestCallbackIsDueTheNextWorkingDay(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		a := h.lawyer("甲", lawyer.Online)
		friday := time.Date(2026, 3, 6, 20, 0, 0, 0, time.FixedZone("", 8*3600))
		h.To(friday)
		_, call := h.unhappy(h.NewCitizen(), a)
		end := func(day int) time.Time { return time.Date(2026, 3, day, 23, 59, 59, 999e6, time.FixedZone("", 8*3600)) }
		if c := h.callback(call); !c.DueAt.Equal(end(9)) {
			t.Errorf("rated on Friday evening, due %s", c.DueAt)
		}
		days, err := workday.Import(strings.NewReader("date,kind,name\n2026-03-09,holiday,放假\n2026-03-07,workday,补班\n"))
		h.Must(err)
		cal := workday.Mainland()
		cal.Days = days
		h.Must(h.DB.Do(t.Context(), setup, func(tx *db.Tx) error {
			_, err := setting.Set(tx, workday.Setting, setting.Owner{Org: h.org.ID, Path: h.org.Path}, cal, tx.Now())
			return err
		}))
		_, call = h.unhappy(h.NewCitizen(), a)
		if c := h.callback(call); !c.DueAt.Equal(end(7)) {
			t.Errorf("Saturday is worked, due %s", c.DueAt)
		}
		h.To(end(7).Add(-10 * time.Hour))
		_, call = h.unhappy(h.NewCitizen(), a)
		if c := h.callback(call); !c.DueAt.Equal(end(10)) {
			t.Errorf("Monday is a holiday, due %s", c.DueAt)
		}
	})
}

// req: B7.1.3.2, B7.1.3.2a, B7.1.3.2b, B7.1.3.2c, B7.1.3.2d
func TestCallbackInEveryOrder(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		ctx, citizen, a, b := t.Context(), h.NewCitizen(), h.lawyer("甲", lawyer.Online), h.lawyer("乙", lawyer.Away)
		o, call := h.unhappy(citizen, a)
		_, err := h.CloseCallback(ctx, h.ops, call)
		h.Refused(err, fault.Conflict, "consult.missing_call")
		h.Refused(err, fault.Conflict, "consult.missing_result")
		tried := Result{Category: ReasonNotReached, Details: "无人接听"}
		_, err = h.Record(ctx, h.ops, call, tried)
		h.Refused(err, fault.Conflict, "consult.callback_call_first")
		_, err = h.Called(ctx, a, call, "说明了情况")
		h.Refused(err, fault.Conflict, "consult.callback_no_question")
		for _, no := range []who.Actor{citizen, a, b} {
			_, err = h.Attempt(ctx, no, call, id.New(), true, "")
			h.Refused(err, fault.Absent, "fault.absent")
		}
		n := id.New()
		for range 2 { // the second is a repeat
			c, err := h.Attempt(ctx, h.ops, call, n, true, "接通")
			if h.Must(err); c.Attempts != 1 || c.State != CallbackCalled {
				t.Errorf("tried: %+v", c)
			}
		}
		_, err = h.CloseCallback(ctx, h.ops, call)
		h.Refused(err, fault.Conflict, "consult.missing_result")
		_, err = h.Record(ctx, h.ops, call, Result{Category: ReasonUnclear})
		h.Refused(err, fault.Invalid, "fault.field_required")
		r := goodResult()
		r.Legal, r.Violation = true, true
		c, err := h.Record(ctx, h.ops, call, r)
		h.Must(err)
		h.Settle()
		if !c.LawyerDueAt.Equal(h.Clock.Now().Add(LawyerLimit)) {
			t.Errorf("the lawyer must call by %s", c.LawyerDueAt)
		}
		_, err = h.CloseCallback(ctx, h.ops, call)
		h.Refused(err, fault.Conflict, "consult.missing_lawyer")
		_, err = h.Called(ctx, b, call, "不是我的")
		h.Refused(err, fault.Absent, "fault.absent")
		_, err = h.Called(ctx, a, call, "")
		h.Refused(err, fault.Invalid, "fault.field_required")
		h.To(c.LawyerDueAt.Time) // exactly 60 minutes
		c, err = h.Called(ctx, a, call, "电话说明了仲裁程序")
		if h.Must(err); c.LawyerLate(h.Clock.Now()) {
			t.Error("exactly 60 minutes is in time")
		}
		h.Settle()
		_, err = h.Called(ctx, a, call, "再次")
		h.Refused(err, fault.Conflict, "consult.callback_lawyer_called")
		_, err = h.CloseCallback(ctx, h.ops, call)
		h.Must(err)
		_, err = h.CloseCallback(ctx, h.ops, call)
		h.Refused(err, fault.Conflict, "consult.callback_closed")
		h.Settle()
		if o = h.order(o.ID); o.State != Closed {
			t.Errorf("the order is %s", o.State)
		}
		h.wantFacts(o.ID, "asked assigned answered rated callback_opened callback_tried callback_recorded callback_called closed callback_closed")
		h.compare("")
	})
}

// req: B7.1.3.2, B7.1.3.2b
func TestCallbackOverdue(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		ctx, a := t.Context(), h.lawyer("甲", lawyer.Online)
		o, call := h.unhappy(h.NewCitizen(), a)
		due := h.callback(call).DueAt.Time
		h.To(due)
		h.Settle()
		h.wantFacts(o.ID, "asked assigned answered rated callback_opened")
		h.To(due.Add(time.Millisecond))
		h.Settle()
		h.wantFacts(o.ID, "asked assigned answered rated callback_opened callback_overdue")
		for range MaxAttempts {
			_, err := h.Attempt(ctx, h.ops, call, id.New(), false, "")
			h.Must(err)
		}
		_, err := h.Record(ctx, h.ops, call, Result{Category: ReasonNotReached, Details: "三次无人接听", Legal: true})
		h.Must(err)
		h.To(h.Clock.Now().Add(LawyerLimit + time.Millisecond))
		h.Settle()
		_, err = h.Called(ctx, a, call, "终于接通")
		h.Must(err)
		h.Settle()
		_, err = h.CloseCallback(ctx, h.ops, call)
		h.Must(err)
		h.Settle()
		h.wantFacts(o.ID, "asked assigned answered rated callback_opened callback_overdue callback_tried callback_tried callback_tried callback_recorded callback_overdue callback_called closed callback_closed")
		h.compare("")
	})
}
