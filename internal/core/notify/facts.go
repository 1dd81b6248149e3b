package notify

import (
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
)

// MessageKind is the kind of a message, an enum.
type MessageKind string

// ToldFact: a message was noted for a person.
type ToldFact struct {
	Message MessageKind `json:"message"`
	Person  id.ID       `json:"person"`
	SMS     bool        `json:"sms"`
}

// SentFact: the provider took it, or delivered it.
type SentFact struct {
	Tries     int   `json:"tries"`
	Delivered bool  `json:"delivered"`
	AfterMS   int64 `json:"after_ms"` // since it was noted
}

// FailedFact: it could not be sent.
type FailedFact struct {
	Tries int  `json:"tries"`
	Gone  bool `json:"gone,omitempty"` // the person was erased
}

// HeldFact: held back after a restore.
type HeldFact struct{}

// Kind names the fact.
func (ToldFact) Kind() string { return "notify.told" }

// Kind names the fact.
func (SentFact) Kind() string { return "notify.sent" }

// Kind names the fact.
func (FailedFact) Kind() string { return "notify.failed" }

// Kind names the fact.
func (HeldFact) Kind() string { return "notify.held" }

func init() {
	journal.Register("order.facts",
		func() journal.Event { return ToldFact{} },
		func() journal.Event { return SentFact{} },
		func() journal.Event { return FailedFact{} },
		func() journal.Event { return HeldFact{} })
	say.Register(map[string]say.Texts{
		"fact.notify.told":   {Hans: "系统发出通知", Hant: "系統發出通知", En: "A notice was made"},
		"fact.notify.sent":   {Hans: "短信已发送", Hant: "短訊已發送", En: "The SMS was sent"},
		"fact.notify.failed": {Hans: "短信未能送达", Hant: "短訊未能送達", En: "The SMS could not be delivered"},
		"fact.notify.held":   {Hans: "数据恢复后短信暂停发送，等待人工决定", Hant: "資料還原後短訊暫停發送，待人手決定", En: "The SMS is held back after a restore; a person decides"},
	})
}
