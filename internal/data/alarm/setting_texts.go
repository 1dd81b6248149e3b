package alarm

import (
	"mingfa/internal/base/say"
	"mingfa/internal/base/setting"
)

// What people read of the settings of this package.
func init() {
	setting.Say("alarm.limits", setting.Words{
		Title: say.Texts{Hans: "预警", Hant: "預警", En: "Warnings"},
		Hint:  say.Texts{Hans: "何时发出预警，多久无人认领就上报。", Hant: "何時發出預警，多久無人認領就上報。", En: "When operations are warned, and when it is passed up."},
		Fields: map[string]say.Texts{
			"acknowledge_minutes": {Hans: "无人认领多少分钟后上报", Hant: "無人認領多少分鐘後上報", En: "Minutes until it is passed up"},
			"order_minutes":       {Hans: "咨询计时到多少分钟预警（60、90、110）", Hant: "諮詢計時到多少分鐘預警（60、90、110）", En: "Minutes of an order's clock: 60, 90 or 110"},
			"ratings":             {Hans: "至少多少个评价才判断满意率", Hant: "至少多少個評分才判斷滿意率", En: "Fewest ratings to judge satisfaction"},
			"sms_failures":        {Hans: "连续多少条短信失败后预警", Hant: "連續多少條短訊失敗後預警", En: "SMS in a row that failed"},
		},
	})
}
