package board

import (
	"strconv"

	"mingfa/internal/base/say"
)

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// The names of the figures that the daily report has not, and how they are made.
func init() {
	all := map[string]say.Texts{}
	for code, t := range map[string][2]say.Texts{
		"waiting":              {{"等候律师", "等候律師", "Waiting for a lawyer"}, {"此刻尚无律师承办的咨询", "此刻尚無律師承辦的諮詢", "consultations that no lawyer has in hand now"}},
		"oldest_waiting":       {{"最长等候（分钟）", "最長等候（分鐘）", "Longest wait, minutes"}, {"此刻 − 最早一件等候咨询的提交时间", "此刻 − 最早一件等候諮詢的提交時間", "now − when the oldest waiting consultation was asked"}},
		"in_hand":              {{"律师处理中", "律師處理中", "In a lawyer's hands"}, {"此刻已交给律师、尚未答复的咨询", "此刻已交給律師、尚未答覆的諮詢", "with a lawyer now, not answered yet"}},
		"asked_back":           {{"追问待回复", "追問待回覆", "Asked back"}, {"此刻群众追问、律师尚未回复的咨询", "此刻市民追問、律師尚未回覆的諮詢", "the citizen asked further and waits for a reply"}},
		"clock_0":              {{"计时 60 分钟以内", "計時 60 分鐘以內", "Clock under 60 minutes"}, {"计时中的咨询，未满 60 分钟", "計時中的諮詢，未滿 60 分鐘", "running clocks, under 60 minutes"}},
		"clock_60":             {{"计时 60 至 90 分钟", "計時 60 至 90 分鐘", "Clock 60 to 90 minutes"}, {"计时中的咨询，已满 60 分钟", "計時中的諮詢，已滿 60 分鐘", "running clocks, 60 minutes reached"}},
		"clock_90":             {{"计时 90 至 110 分钟", "計時 90 至 110 分鐘", "Clock 90 to 110 minutes"}, {"计时中的咨询，已满 90 分钟", "計時中的諮詢，已滿 90 分鐘", "running clocks, 90 minutes reached"}},
		"clock_110":            {{"计时 110 至 120 分钟", "計時 110 至 120 分鐘", "Clock 110 to 120 minutes"}, {"计时中的咨询，已满 110 分钟", "計時中的諮詢，已滿 110 分鐘", "running clocks, 110 minutes reached"}},
		"clock_120":            {{"计时超过 120 分钟", "計時超過 120 分鐘", "Clock past 120 minutes"}, {"计时中的咨询，已超过 120 分钟", "計時中的諮詢，已超過 120 分鐘", "running clocks, past 120 minutes"}},
		"callbacks_open":       {{"未完成回访", "未完成回訪", "Open call-backs"}, {"此刻尚未完成的不满意回访", "此刻尚未完成的不滿意回訪", "call-backs that are not completed now"}},
		"callbacks_overdue":    {{"逾期未回访", "逾期未回訪", "Overdue call-backs"}, {"未完成回访中已过次一工作日且未联系的", "未完成回訪中已過翌個工作天且未聯絡的", "open call-backs whose working day has ended without a call"}},
		"callback_rate":        {{"不满意回访率", "不滿意回訪率", "Call-back rate"}, {"次一工作日结束前回访 ÷ 不满意；按已到期的判断是否达标", "翌個工作天結束前回訪 ÷ 不滿意；按已到期的判斷是否達標", "called back by the end of the next working day ÷ not satisfied; judged by those that are decided"}},
		"complaints_received":  {{"今日投诉建议", "今日投訴建議", "Complaints and suggestions today"}, {"今日收到", "今日收到", "received today"}},
		"complaints_open":      {{"未办结投诉建议", "未辦結投訴建議", "Open complaints"}, {"此刻尚未办结", "此刻尚未辦結", "not closed now"}},
		"complaints_overdue":   {{"逾期未回访投诉", "逾期未回訪投訴", "Overdue complaints"}, {"未办结且已过一个工作日未回访", "未辦結且已過一個工作天未回訪", "not closed, the working day has ended without a call"}},
		"complaints_sensitive": {{"敏感投诉", "敏感投訴", "Sensitive complaints"}, {"未办结且标为敏感", "未辦結且標為敏感", "not closed and flagged as sensitive"}},
		"fatal_error_rate":     {{"致命差错率（本月）", "致命差錯率（本月）", "Fatal error rate, this month"}, {"本月抽检有致命差错的工单 ÷ 已质检工单", "本月抽檢有致命差錯的工單 ÷ 已質檢工單", "drawn orders of the month with a fatal error ÷ inspected"}},
		"non_fatal_error_rate": {{"非致命差错率（本月）", "非致命差錯率（本月）", "Non-fatal error rate, this month"}, {"本月抽检有非致命差错的工单 ÷ 已质检工单", "本月抽檢有非致命差錯的工單 ÷ 已質檢工單", "drawn orders of the month with a non-fatal error ÷ inspected"}},
		"lawyers_online":       {{"在线律师", "在線律師", "Lawyers online"}, {"此刻在线", "此刻在線", "online now"}},
		"lawyers_busy":         {{"忙碌律师", "忙碌律師", "Lawyers busy"}, {"此刻忙碌", "此刻忙碌", "busy now"}},
		"lawyers_away":         {{"离开律师", "離開律師", "Lawyers away"}, {"此刻离开", "此刻離開", "away now"}},
	} {
		all["board.figure_"+code], all["board.formula_"+code] = t[0], t[1]
	}
	say.Register(all)
}
