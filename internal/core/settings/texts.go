package settings

import (
	"mingfa/internal/base/say"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
)

func objectOf(a who.Actor) access.Object { return access.Object{Org: a.Scope} }

// The words for settings of all rooms, in one place, so that the page reads as
// one; a test of app knows that none is missing.
func init() {
	all := map[string]say.Texts{}
	for name, t := range map[string][2]say.Texts{
		"alarm.limits":         {{"预警", "預警", "Warnings"}, {"何时发出预警，多久无人认领就上报。", "何時發出預警，多久無人認領就上報。", "When operations are warned, and when it is passed up."}},
		"board.limits":         {{"看板阈值", "看板閾值", "Thresholds of the board"}, {"不得低于标准表 1 的要求。", "不得低於標準表 1 的要求。", "Never below Table 1 of the standard."}},
		"complaint.numbers":    {{"电话号码", "電話號碼", "Telephone numbers"}, {"投诉热线和求助电话；留空则用公共号码。", "投訴熱線和求助電話；留空則用公共號碼。", "Hotline for complaints and numbers of help; empty: the public ones."}},
		"consult.opening":      {{"统一开头语", "統一開頭語", "Opening"}, {"每次答复的开头，三种语言。", "每次答覆的開頭，三種語言。", "Begins every answer, in three languages."}},
		"consult.disclaimer":   {{"免责声明", "免責聲明", "Disclaimer"}, {"每次答复都附上，三种语言。", "每次答覆都附上，三種語言。", "Stands with every answer, in three languages."}},
		"consult.closing":      {{"统一结束语", "統一結束語", "Closing"}, {"每次答复的结尾，三种语言。", "每次答覆的結尾，三種語言。", "Ends every answer, in three languages."}},
		"consult.remind_hours": {{"评价提醒", "評分提醒", "Reminder to rate"}, {"答复后多少小时提醒评价；0 为不提醒。", "答覆後多少小時提醒評分；0 為不提醒。", "Hours after the answer; 0 for never."}},
		"exchange.rules":       {{"导入要求", "匯入要求", "What an import must have"}, {"导入文件中哪些可选要素必须填写。", "匯入檔案中哪些可選要素必須填寫。", "Which optional elements a file must hold to be imported."}},
		"quality.limits":       {{"质检规则", "質素檢查規則", "Rules of the quality check"}, {"抽检比例、期限和警戒值。", "抽檢比例、期限和警戒值。", "Size of samples, periods and warning values."}},
		"quality.catalogue":    {{"质检项目", "質素檢查項目", "Items of the quality check"}, {"致命与非致命项目，三种语言。", "致命與非致命項目，三種語言。", "Fatal and non-fatal items, in three languages."}},
		"workday.calendar":     {{"工作日历", "工作日曆", "Calendar of working days"}, {"节假日和调休日，用于计算期限。", "節假日和調休日，用於計算期限。", "Holidays and make-up days, by which periods are counted."}},
	} {
		all["settings.title_"+name], all["settings.hint_"+name] = t[0], t[1]
	}
	for field, t := range map[string]say.Texts{
		"acknowledge_minutes":   {"无人认领多少分钟后上报", "無人認領多少分鐘後上報", "Minutes until it is passed up"},
		"order_minutes":         {"咨询计时到多少分钟预警（60、90、110）", "諮詢計時到多少分鐘預警（60、90、110）", "Minutes of an order's clock: 60, 90 or 110"},
		"ratings":               {"至少多少个评价才判断满意率", "至少多少個評分才判斷滿意率", "Fewest ratings to judge satisfaction"},
		"sms_failures":          {"连续多少条短信失败后预警", "連續多少條短訊失敗後預警", "SMS in a row that failed"},
		"timely_percent":        {"及时解答率（%）", "及時解答率（%）", "Timely answers, per cent"},
		"callback_percent":      {"不满意回访率（%）", "不滿意回訪率（%）", "Call-back rate, per cent"},
		"participation_percent": {"参评率（%）", "參評率（%）", "Participation, per cent"},
		"satisfaction_percent":  {"满意率（%）", "滿意率（%）", "Satisfaction, per cent"},
		"wait_minutes":          {"等候律师的最长分钟数", "等候律師的最長分鐘數", "Longest wait for a lawyer, minutes"},
		"near_points":           {"距阈值多少个百分点为接近", "距閾值多少個百分點為接近", "Points from the mark that are near it"},
		"enough":                {"少于多少不作判断", "少於多少不作判斷", "Fewer are not judged"},
		"hotline":               {"投诉热线", "投訴熱線", "Hotline"},
		"help":                  {"求助电话", "求助電話", "Numbers of help"},
		"sample_percent":        {"抽检比例（%）", "抽檢比例（%）", "Sample, per cent"},
		"dispute_days":          {"申诉期（工作日）", "申訴期（工作日）", "Days to dispute"},
		"recheck_days":          {"复检期（工作日）", "複檢期（工作日）", "Days for a further check"},
		"fatal_percent":         {"致命差错率上限（%）", "致命差錯率上限（%）", "Fatal error rate, at most, per cent"},
		"minor_percent":         {"非致命差错率上限（%）", "非致命差錯率上限（%）", "Non-fatal error rate, at most, per cent"},
		"warn_percent":          {"满意率警戒值（%）", "滿意率警戒值（%）", "Warning value of satisfaction, per cent"},
		"warn_days":             {"统计天数", "統計天數", "Days that count"},
		"warn_ratings":          {"至少多少个评价", "至少多少個評分", "Fewest ratings"},
		"standard":              {"用户的籍贯和地址", "用戶的籍貫和地址", "A user's native place and address"},
		"fees":                  {"律师的收款账户（有收费时）", "律師的收款帳戶（有收費時）", "A lawyer's payment account (where fees are paid)"},
		"strict":                {"工单联系人的电子邮箱", "工單聯絡人的電郵", "An order's contact e-mail"},
		"code":                  {"代码", "代碼", "Code"},
		"fatal":                 {"致命", "致命", "Fatal"},
		"text":                  {"文字", "文字", "Text"},
		"zh-Hans":               {"简体中文", "簡體中文", "Simplified Chinese"},
		"zh-Hant-HK":            {"繁体中文（香港）", "繁體中文（香港）", "Traditional Chinese, Hong Kong"},
		"en":                    {"英文", "英文", "English"},
	} {
		all["settings.field_"+field] = t
	}
	say.Register(all)
}
