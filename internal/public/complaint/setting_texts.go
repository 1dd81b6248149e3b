package complaint

import (
	"mingfa/internal/base/say"
	"mingfa/internal/base/setting"
)

// What people read of the settings of this package.
func init() {
	setting.Say("complaint.numbers", setting.Words{
		Title: say.Texts{Hans: "电话号码", Hant: "電話號碼", En: "Telephone numbers"},
		Hint:  say.Texts{Hans: "投诉热线和求助电话；留空则用公共号码。", Hant: "投訴熱線和求助電話；留空則用公共號碼。", En: "Hotline for complaints and numbers of help; empty: the public ones."},
		Fields: map[string]say.Texts{
			"hotline": {Hans: "投诉热线", Hant: "投訴熱線", En: "Hotline"},
			"help":    {Hans: "求助电话", Hant: "求助電話", En: "Numbers of help"},
		},
	})
}
