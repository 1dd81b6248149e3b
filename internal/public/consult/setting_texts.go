package consult

import (
	"mingfa/internal/base/say"
	"mingfa/internal/base/setting"
)

// What people read of the settings of this package.
func init() {
	setting.Say("consult.opening", setting.Words{
		Title: say.Texts{Hans: "统一开头语", Hant: "統一開頭語", En: "Opening"},
		Hint:  say.Texts{Hans: "每次答复的开头，三种语言。", Hant: "每次答覆的開頭，三種語言。", En: "Begins every answer, in three languages."},
	})
	setting.Say("consult.disclaimer", setting.Words{
		Title: say.Texts{Hans: "免责声明", Hant: "免責聲明", En: "Disclaimer"},
		Hint:  say.Texts{Hans: "每次答复都附上，三种语言。", Hant: "每次答覆都附上，三種語言。", En: "Stands with every answer, in three languages."},
	})
	setting.Say("consult.closing", setting.Words{
		Title: say.Texts{Hans: "统一结束语", Hant: "統一結束語", En: "Closing"},
		Hint:  say.Texts{Hans: "每次答复的结尾，三种语言。", Hant: "每次答覆的結尾，三種語言。", En: "Ends every answer, in three languages."},
	})
	setting.Say("consult.remind_hours", setting.Words{
		Title: say.Texts{Hans: "评价提醒", Hant: "評分提醒", En: "Reminder to rate"},
		Hint:  say.Texts{Hans: "答复后多少小时提醒评价；0 为不提醒。", Hant: "答覆後多少小時提醒評分；0 為不提醒。", En: "Hours after the answer; 0 for never."},
	})
}
