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
	})
}
