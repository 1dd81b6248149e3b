package alarm

import (
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
)

// The facts of an alarm: subject and root are the alarm. Kinds and field names
// are permanent.

// OpenedFact: a cause was found.
type OpenedFact struct {
	What   Kind  `json:"what"`
	About  id.ID `json:"about"`
	Level  int   `json:"level,omitempty"`
	Amount int64 `json:"amount,omitempty"`
	Bound  int64 `json:"bound,omitempty"`
}

// RaisedFact: it became worse.
type RaisedFact struct {
	Level int `json:"level"`
}

// AcknowledgedFact: somebody owns it.
type AcknowledgedFact struct {
	AfterMS int64 `json:"after_ms"` // since it was opened
}

// EscalatedFact: nobody acknowledged it in time.
type EscalatedFact struct {
	What Kind `json:"what"`
}

// ResolvedFact: it is over.
type ResolvedFact struct {
	ByHand bool `json:"by_hand,omitempty"` // else its cause is gone
}

// Kind names the fact.
func (OpenedFact) Kind() string { return "alarm.opened" }

// Kind names the fact.
func (RaisedFact) Kind() string { return "alarm.raised" }

// Kind names the fact.
func (AcknowledgedFact) Kind() string { return "alarm.acknowledged" }

// Kind names the fact.
func (EscalatedFact) Kind() string { return "alarm.escalated" }

// Kind names the fact.
func (ResolvedFact) Kind() string { return "alarm.resolved" }

func init() {
	journal.Register("alarm.see",
		func() journal.Event { return OpenedFact{} },
		func() journal.Event { return RaisedFact{} },
		func() journal.Event { return AcknowledgedFact{} },
		func() journal.Event { return EscalatedFact{} },
		func() journal.Event { return ResolvedFact{} })
	say.Register(map[string]say.Texts{
		"fact.alarm.opened":       {"发出预警。", "發出預警。", "A warning was opened."},
		"fact.alarm.raised":       {"预警升至 {level} 分钟。", "預警升至 {level} 分鐘。", "The warning rose to {level} minutes."},
		"fact.alarm.acknowledged": {"有人认领了预警。", "有人認領了預警。", "Somebody acknowledged the warning."},
		"fact.alarm.escalated":    {"无人认领，预警已上报。", "無人認領，預警已上報。", "Nobody acknowledged the warning; it was passed up."},
		"fact.alarm.resolved":     {"预警已解除。", "預警已解除。", "The warning was resolved."},

		"alarm.already_resolved": {"这条预警已经解除。请刷新页面。", "這條預警已經解除。請重新整理頁面。", "This warning is resolved already. Please reload the page."},
		"alarm.already_yours":    {"您已经认领了这条预警。", "您已經認領了這條預警。", "You have acknowledged this warning already."},

		"alarm.order_late":        {"咨询已过 {level} 分钟未答复", "諮詢已過 {level} 分鐘未答覆", "Not answered after {level} minutes"},
		"alarm.waiting":           {"{amount} 件咨询等候律师超过 {bound} 分钟", "{amount} 件諮詢等候律師超過 {bound} 分鐘", "{amount} waiting for a lawyer for more than {bound} minutes"},
		"alarm.nobody_online":     {"本地区没有在岗律师，{amount} 件咨询在等候", "本地區沒有當值律師，{amount} 件諮詢在等候", "No lawyer of the region is on duty, {amount} waiting"},
		"alarm.satisfaction":      {"近 7 天满意率 {amount}%，低于 {bound}%", "近 7 天滿意率 {amount}%，低於 {bound}%", "Satisfaction of 7 days is {amount} %, below {bound} %"},
		"alarm.callback_overdue":  {"不满意回访已逾期", "不滿意回訪已逾期", "A call-back is overdue"},
		"alarm.lawyer_call_late":  {"律师未在 1 小时内致电当事人", "律師未在 1 小時內致電當事人", "The lawyer has not called within the hour"},
		"alarm.complaint_overdue": {"投诉建议回访已逾期", "投訴建議回訪已逾期", "A complaint is overdue"},
		"alarm.sms_failing":       {"连续 {amount} 条短信未能送达", "連續 {amount} 條短訊未能送達", "{amount} SMS in a row could not be sent"},

		"notify.alarm_order_late":        {"预警：工单 {number} 迟迟未答复。", "預警：工單 {number} 遲遲未答覆。", "Warning: order {number} is late."},
		"notify.alarm_waiting":           {"预警：有咨询等候律师超过时限。", "預警：有諮詢等候律師超過時限。", "Warning: a question waits for a lawyer beyond the limit."},
		"notify.alarm_nobody_online":     {"预警：有咨询在等候，本地区没有在岗律师。", "預警：有諮詢在等候，本地區沒有當值律師。", "Warning: questions wait and no lawyer of the region is on duty."},
		"notify.alarm_satisfaction":      {"预警：近 7 天满意率低于标准。", "預警：近 7 天滿意率低於標準。", "Warning: satisfaction of 7 days is below its mark."},
		"notify.alarm_callback_overdue":  {"预警：工单 {number} 的回访已逾期。", "預警：工單 {number} 的回訪已逾期。", "Warning: the call-back of order {number} is overdue."},
		"notify.alarm_lawyer_call_late":  {"预警：工单 {number} 的律师未在 1 小时内致电。", "預警：工單 {number} 的律師未在 1 小時內致電。", "Warning: the lawyer of order {number} has not called within the hour."},
		"notify.alarm_complaint_overdue": {"预警：一件投诉建议回访已逾期。", "預警：一件投訴建議回訪已逾期。", "Warning: a complaint is overdue."},
		"notify.alarm_sms_failing":       {"预警：短信连续发送失败。", "預警：短訊連續發送失敗。", "Warning: SMS can't be sent."},
		"notify.alarm_escalated":         {"预警无人认领，请过问。", "預警無人認領，請過問。", "Nobody has acknowledged a warning. Please look into it."},
	})
}
