package workday

import (
	"mingfa/internal/base/say"
	"mingfa/internal/base/setting"
)

// What people read of the settings of this package.
func init() {
	setting.Say("workday.calendar", setting.Words{
		Title: say.Texts{Hans: "工作日历", Hant: "工作日曆", En: "Calendar of working days"},
		Hint:  say.Texts{Hans: "节假日和调休日，用于计算期限。", Hant: "節假日和調休日，用於計算期限。", En: "Holidays and make-up days, by which periods are counted."},
		Fields: map[string]say.Texts{
			"zone": {Hans: "时区", Hant: "時區", En: "Time zone"},
			"rest": {Hans: "每周休息日（0 为星期日，6 为星期六）", Hant: "每週休息日（0 為星期日，6 為星期六）", En: "Weekly days of rest (0 is Sunday, 6 is Saturday)"},
			"days": {Hans: "节假日和调休日", Hant: "節假日和調休日", En: "Holidays and make-up days"},
			"kind": {Hans: "类型", Hant: "類型", En: "Kind"},
		},
	})
}
