package board

import (
	"mingfa/internal/base/say"
	"mingfa/internal/base/setting"
)

// What people read of the settings of this package.
func init() {
	setting.Say("board.limits", setting.Words{
		Title: say.Texts{Hans: "看板阈值", Hant: "看板閾值", En: "Thresholds of the board"},
		Hint:  say.Texts{Hans: "不得低于标准表 1 的要求。", Hant: "不得低於標準表 1 的要求。", En: "Never below Table 1 of the standard."},
		Fields: map[string]say.Texts{
			"timely_percent":        {Hans: "及时解答率（%）", Hant: "及時解答率（%）", En: "Timely answers, per cent"},
			"callback_percent":      {Hans: "不满意回访率（%）", Hant: "不滿意回訪率（%）", En: "Call-back rate, per cent"},
			"participation_percent": {Hans: "参评率（%）", Hant: "參評率（%）", En: "Participation, per cent"},
			"satisfaction_percent":  {Hans: "满意率（%）", Hant: "滿意率（%）", En: "Satisfaction, per cent"},
			"wait_minutes":          {Hans: "等候律师的最长分钟数", Hant: "等候律師的最長分鐘數", En: "Longest wait for a lawyer, minutes"},
			"near_points":           {Hans: "距阈值多少个百分点为接近", Hant: "距閾值多少個百分點為接近", En: "Points from the mark that are near it"},
			"enough":                {Hans: "少于多少不作判断", Hant: "少於多少不作判斷", En: "Fewer are not judged"},
		},
	})
}
