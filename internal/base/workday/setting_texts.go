package workday

import (
	"mingfa/internal/base/say"
	"mingfa/internal/base/setting"
)

// What people read of the settings of this package.
func init() {
	setting.Say("workday.calendar", setting.Words{
		Title: say.Texts{Hans: "工作日历", Hant: "工作天日曆", En: "Calendar of working days"},
		Hint:  say.Texts{Hans: "节假日和调休日，用于计算期限。", Hant: "公眾假期和補班日，用於計算期限。", En: "Holidays and make-up days, by which periods are counted."},
		Fields: map[string]say.Texts{
			"zone": {Hans: "时区", Hant: "時區", En: "Time zone"},
			"rest": {Hans: "每周休息日", Hant: "每週休息日", En: "Weekly days of rest"},
			"days": {Hans: "节假日和调休日", Hant: "公眾假期和補班日", En: "Holidays and make-up days"},
			"kind": {Hans: "类型", Hant: "類型", En: "Kind"},
		},
	})
}
