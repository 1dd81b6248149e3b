package settings

import (
	"mingfa/internal/base/say"
	"mingfa/internal/base/setting"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
)

func objectOf(a who.Actor) access.Object { return access.Object{Org: a.Scope} }

// The languages are fields of every uniform text; all other words are registered
// by the room of their setting (setting.Say).
func init() {
	say.Register(map[string]say.Texts{
		setting.FieldKey("zh-Hans"):    {Hans: "简体中文", Hant: "簡體中文", En: "Simplified Chinese"},
		setting.FieldKey("zh-Hant-HK"): {Hans: "繁体中文（香港）", Hant: "繁體中文（香港）", En: "Traditional Chinese, Hong Kong"},
		setting.FieldKey("en"):         {Hans: "英文", Hant: "英文", En: "English"},
	})
}
