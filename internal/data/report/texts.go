package report

import "mingfa/internal/base/say"

// The texts of the document: its frame, the names of the figures, and how each
// is made (section 2 of the requirements).
func init() {
	all := map[string]say.Texts{}
	for prefix, texts := range map[string]map[string]say.Texts{"report.": frameTexts, "report.figure_": figureTexts, "report.formula_": formulaTexts} {
		for key, t := range texts {
			all[prefix+key] = t
		}
	}
	say.Register(all)
}

var frameTexts = map[string]say.Texts{
	"title":          {"公共法律服务日报", "公共法律服務日報", "Daily report of public legal services"},
	"org":            {"机构", "機構", "Organisation"},
	"level":          {"级别", "級別", "Level"},
	"level_operator": {"平台运营", "平台營運", "Operator"},
	"level_province": {"省级", "省級", "Province"},
	"level_city":     {"市级", "市級", "City"},
	"level_county":   {"区县级", "區縣級", "County"},
	"date":           {"日期", "日期", "Day"},
	"made_at":        {"生成时间", "產生時間", "Made at"},
	"version":        {"版本", "版本", "Version"},
	"leaf":           {"事实编号上限", "事實編號上限", "Facts below leaf"},
	"rule":           {"说明", "說明", "Note"},
	"rule_text": {
		"统计当日 00:00 至 24:00 提交的咨询，含下级机构。分母为零的比率记为 n/a。达标与否按未四舍五入的数值判断。",
		"統計當日 00:00 至 24:00 提交的諮詢，包括下級機構。分母為零的比率記為 n/a。是否達標按未四捨五入的數值判斷。",
		"Counts the consultations submitted on this day from 00:00 to 24:00, those of the organisations below included. A ratio of nothing is n/a. Targets are compared with the unrounded ratio."},
	"rates":       {"比率指标", "比率指標", "Ratios"},
	"counts":      {"数量指标", "數量指標", "Counts"},
	"minutes":     {"时长指标", "時長指標", "Times"},
	"code":        {"代码", "代碼", "Code"},
	"figure":      {"指标", "指標", "Figure"},
	"rate":        {"比率", "比率", "Ratio"},
	"numerator":   {"分子", "分子", "Part"},
	"denominator": {"分母", "分母", "Of"},
	"target":      {"目标", "目標", "Target"},
	"mark":        {"结果", "結果", "Result"},
	"count":       {"数量", "數量", "Count"},
	"in_minutes":  {"分钟", "分鐘", "Minutes"},
	"formula":     {"计算方法", "計算方法", "How it is made"},
	"need":        {"依据", "依據", "Requirement"},
	"mark_met":    {"达标", "達標", "met"},
	"mark_missed": {"未达标", "未達標", "missed"},
	"mark_na":     {"不适用", "不適用", "n/a"},
	"mark_none":   {"仅报告", "僅報告", "report only"},
}

var figureTexts = map[string]say.Texts{
	"reply_rate":             {"回复率", "回覆率", "Reply rate"},
	"timely_answer_rate":     {"及时解答率", "及時解答率", "Timely-answer rate"},
	"callback_rate":          {"不满意回访率", "不滿意回訪率", "Call-back rate"},
	"participation":          {"参评率", "參評率", "Rating participation"},
	"connect_rate":           {"接通率", "接通率", "Connect rate"},
	"satisfaction":           {"满意率", "滿意率", "Satisfaction"},
	"fatal_error_rate":       {"致命差错率", "致命差錯率", "Fatal error rate"},
	"non_fatal_error_rate":   {"非致命差错率", "非致命差錯率", "Non-fatal error rate"},
	"consultations":          {"咨询量", "諮詢量", "Consultations"},
	"answered":               {"已答复", "已答覆", "Answered"},
	"answered_within_120min": {"120 分钟内答复", "120 分鐘內答覆", "Answered within 120 minutes"},
	"open":                   {"时限内待答复", "時限內待答覆", "Open within the limit"},
	"abandoned":              {"超时未答复", "逾時未答覆", "Not answered past the limit"},
	"breaches":               {"超时", "逾時", "Breaches of the limit"},
	"completed":              {"已完成", "已完成", "Completed"},
	"rated":                  {"已评价", "已評價", "Rated"},
	"satisfied":              {"满意", "滿意", "Satisfied"},
	"non_satisfied":          {"不满意", "不滿意", "Not satisfied"},
	"callbacks_due":          {"应回访", "應回訪", "Call-backs due"},
	"callbacks_done":         {"已回访", "已回訪", "Call-backs done"},
	"callbacks_late":         {"回访超时", "回訪逾時", "Call-backs late"},
	"excluded_test":          {"剔除：测试", "剔除：測試", "Left out: test"},
	"excluded_spam":          {"剔除：垃圾信息", "剔除：垃圾資訊", "Left out: spam"},
	"excluded_duplicate":     {"剔除：重复", "剔除：重複", "Left out: duplicate"},
	"answer_minutes_mean":    {"平均答复时长（分钟）", "平均答覆時長（分鐘）", "Answer time, mean"},
	"answer_minutes_median":  {"答复时长中位数（分钟）", "答覆時長中位數（分鐘）", "Answer time, median"},
	"answer_minutes_p95":     {"答复时长第 95 百分位（分钟）", "答覆時長第 95 百分位（分鐘）", "Answer time, 95th percentile"},
	"answer_minutes_max":     {"最长答复时长（分钟）", "最長答覆時長（分鐘）", "Answer time, longest"},
	"abandoned_mean_minutes": {"超时未答复平均等候（分钟）", "逾時未答覆平均等候（分鐘）", "Mean wait of those not answered"},
}

var formulaTexts = map[string]say.Texts{
	"reply_rate":             {"已答复 ÷ 咨询量", "已答覆 ÷ 諮詢量", "answered ÷ consultations"},
	"timely_answer_rate":     {"120:00.000 内答复 ÷（已答复 + 超时未答复）", "120:00.000 內答覆 ÷（已答覆 + 逾時未答覆）", "answered within 120:00.000 ÷ (answered + not answered past the limit)"},
	"callback_rate":          {"次一工作日结束前回访 ÷ 不满意", "翌個工作日結束前回訪 ÷ 不滿意", "called back by the end of the next working day ÷ not satisfied"},
	"participation":          {"已评价 ÷ 已完成", "已評價 ÷ 已完成", "rated ÷ completed"},
	"connect_rate":           {"留言咨询不涉及接通", "留言諮詢不涉及接通", "messages have no connection"},
	"satisfaction":           {"满意评价 ÷ 全部评价", "滿意評價 ÷ 全部評價", "satisfied ratings ÷ ratings"},
	"fatal_error_rate":       {"有致命差错的质检工单 ÷ 质检工单；本报告尚未统计质检", "有致命差錯的質檢工單 ÷ 質檢工單；本報告尚未統計質檢", "inspected with a fatal error ÷ inspected; inspections are not counted in this report yet"},
	"non_fatal_error_rate":   {"有非致命差错的质检工单 ÷ 质检工单；本报告尚未统计质检", "有非致命差錯的質檢工單 ÷ 質檢工單；本報告尚未統計質檢", "inspected with a non-fatal error ÷ inspected; inspections are not counted in this report yet"},
	"consultations":          {"当日提交，不含剔除", "當日提交，不含剔除", "submitted on the day, less those left out"},
	"answered":               {"有完整答复", "有完整答覆", "with a complete answer"},
	"answered_within_120min": {"自提交起 120:00.000 内有完整答复", "自提交起 120:00.000 內有完整答覆", "with a complete answer within 120:00.000 of submission"},
	"open":                   {"尚未答复，未超过时限", "尚未答覆，未超過時限", "not answered, the limit not passed"},
	"abandoned":              {"尚未答复，已超过时限", "尚未答覆，已超過時限", "not answered, the limit passed"},
	"breaches":               {"超时答复 + 超时未答复", "逾時答覆 + 逾時未答覆", "answered late + not answered past the limit"},
	"completed":              {"等于已答复", "等於已答覆", "the answered"},
	"rated":                  {"有当事人评价", "有當事人評價", "with a rating by the citizen"},
	"satisfied":              {"评价为非常满意或满意", "評價為非常滿意或滿意", "rated very satisfied or satisfied"},
	"non_satisfied":          {"评价低于满意", "評價低於滿意", "rated below satisfied"},
	"callbacks_due":          {"每个不满意评价一次", "每個不滿意評價一次", "one for each not satisfied"},
	"callbacks_done":         {"已联系到，或三次未联系到", "已聯絡到，或三次未聯絡到", "reached, or tried three times in vain"},
	"callbacks_late":         {"逾期回访，或逾期未回访", "逾期回訪，或逾期未回訪", "called back late, or not and the deadline passed"},
	"excluded_test":          {"有记录的理由和经办人", "有記錄的理由和經辦人", "with recorded reason and person"},
	"excluded_spam":          {"有记录的理由和经办人", "有記錄的理由和經辦人", "with recorded reason and person"},
	"excluded_duplicate":     {"有记录的理由和经办人", "有記錄的理由和經辦人", "with recorded reason and person"},
	"answer_minutes_mean":    {"首次完整答复时间 − 提交时间，已答复的平均值", "首次完整答覆時間 − 提交時間，已答覆的平均值", "first complete answer − submission, mean over the answered"},
	"answer_minutes_median":  {"同上，中位数", "同上，中位數", "the same, median"},
	"answer_minutes_p95":     {"同上，第 95 百分位（最近秩）", "同上，第 95 百分位（最近秩）", "the same, 95th percentile (nearest rank)"},
	"answer_minutes_max":     {"同上，最大值", "同上，最大值", "the same, maximum"},
	"abandoned_mean_minutes": {"统计时刻 − 提交时间，超时未答复的平均值", "統計時刻 − 提交時間，逾時未答覆的平均值", "time of the report − submission, mean over those not answered past the limit"},
}
