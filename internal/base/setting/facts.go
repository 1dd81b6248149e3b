package setting

import (
	"time"

	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
)

// Name is the permanent name of a setting.
type Name string

// Digest is the SHA-256 of a stored value, in hex.
type Digest string

// Changed says that an organisation set (or cleared) a setting.
type Changed struct {
	Name    Name      `json:"name"`
	From    time.Time `json:"from"`
	Digest  Digest    `json:"digest,omitempty"`
	Cleared bool      `json:"cleared,omitempty"`
}

// Kind names the fact.
func (Changed) Kind() string { return "setting.changed" }

func init() {
	journal.Register("setting.read", func() journal.Event { return &Changed{} })
	say.Register(map[string]say.Texts{
		"fact.setting.changed": {
			"修改了一项设置。", "修改了一項設定。", "A setting was changed."},
		"setting.value_form": {
			"内容的格式不对。请检查各项后重试。", "內容的格式不對。請檢查各項後重試。",
			"The value is not of the form that this setting has. Check each part and try again."},
		"setting.from_passed": {
			"生效时间已过。请选择现在或以后的时间。", "生效時間已過。請選擇現在或以後的時間。",
			"The time from which it holds has passed. Choose now or a later time."},
	})
}
