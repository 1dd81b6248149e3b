package journal

import "mingfa/internal/base/say"

func init() {
	say.Register(map[string]say.Texts{
		"fact.journal.reopened": {
			Hans: "日志在数据恢复后重新开启；丢失的部分已记录",
			Hant: "日誌在資料還原後重新開啟；遺失的部分已記錄",
			En:   "The journal was opened again after a restore; what was lost is recorded",
		},
		"journal.no_checkpoint": {
			Hans: "证明要等下一次签名，请过一秒再试",
			Hant: "證明須待下一次簽署，請於一秒後再試",
			En:   "The proof waits for the next signature. Please try again in a second",
		},
	})
}
