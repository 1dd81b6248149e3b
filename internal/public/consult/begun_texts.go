package consult

import (
	"mingfa/internal/base/say"
	"mingfa/internal/base/setting"
)

func init() {
	say.Register(map[string]say.Texts{
		"consult.draft_sent": {Hans: "这个咨询已经发送过了，请到“我的咨询”查看。", Hant: "此諮詢已傳送，請到「我的諮詢」檢視。", En: "This question was sent already. You find it under your questions."},
		"consult.drafts_full": {Hans: "您有 {max} 份没写完的咨询。请先接着写完或扔掉一份。", Hant: "您有 {max} 份未寫完的諮詢。請先繼續寫完或捨棄一份。",
			En: "You have {max} questions that you began. Go on with one of them or throw one away first."},
	})
	setting.Say("consult.draft_days", setting.Words{
		Title: say.Texts{Hans: "未发送咨询的保存天数", Hant: "未傳送諮詢的保存日數", En: "Days an unsent question is kept"},
		Hint: say.Texts{Hans: "群众登录后写了一半的咨询，最后一次修改后保存多少天。改动只对以后的保存有效。", Hant: "市民登入後寫了一半的諮詢，最後一次修改後保存多少日。改動只對以後的保存有效。",
			En: "After the last change by a citizen who is signed in. A new number holds for what is kept from then on."},
	})
}
