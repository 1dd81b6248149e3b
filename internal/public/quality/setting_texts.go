package quality

import (
	"mingfa/internal/base/say"
	"mingfa/internal/base/setting"
)

// What people read of the settings of this package.
func init() {
	setting.Say("quality.limits", setting.Words{
		Title: say.Texts{Hans: "质检规则", Hant: "質素檢查規則", En: "Rules of the quality check"},
		Hint:  say.Texts{Hans: "抽检比例、期限和警戒值。", Hant: "抽檢比例、期限和警戒值。", En: "Size of samples, periods and warning values."},
		Fields: map[string]say.Texts{
			"sample_percent": {Hans: "抽检比例（%）", Hant: "抽檢比例（%）", En: "Sample, per cent"},
			"dispute_days":   {Hans: "申诉期（工作日）", Hant: "申訴期（工作天）", En: "Days to dispute"},
			"recheck_days":   {Hans: "复检期（工作日）", Hant: "複檢期（工作天）", En: "Days for a further check"},
			"fatal_percent":  {Hans: "致命差错率上限（%）", Hant: "致命差錯率上限（%）", En: "Fatal error rate, at most, per cent"},
			"minor_percent":  {Hans: "非致命差错率上限（%）", Hant: "非致命差錯率上限（%）", En: "Non-fatal error rate, at most, per cent"},
			"warn_percent":   {Hans: "满意率警戒值（%）", Hant: "滿意率警戒值（%）", En: "Warning value of satisfaction, per cent"},
			"warn_days":      {Hans: "统计天数", Hant: "統計天數", En: "Days that count"},
			"warn_ratings":   {Hans: "至少多少个评价", Hant: "至少多少個評分", En: "Fewest ratings"},
		},
	})
	setting.Say("quality.catalogue", setting.Words{
		Title: say.Texts{Hans: "质检项目", Hant: "質素檢查項目", En: "Items of the quality check"},
		Hint:  say.Texts{Hans: "致命与非致命项目，三种语言。", Hant: "致命與非致命項目，三種語言。", En: "Fatal and non-fatal items, in three languages."},
		Fields: map[string]say.Texts{
			"code":  {Hans: "代码", Hant: "代碼", En: "Code"},
			"fatal": {Hans: "致命", Hant: "致命", En: "Fatal"},
			"text":  {Hans: "文字", Hant: "文字", En: "Text"},
		},
	})
}
