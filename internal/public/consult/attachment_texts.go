package consult

import "mingfa/internal/base/say"

func init() {
	say.Register(map[string]say.Texts{
		"fact.consult.attached": {Hans: "{role}附上了第 {n} 个文件（{type}）", Hant: "{role}附上了第 {n} 個檔案（{type}）", En: "File {n} from the {role} ({type})"},
		"fact.consult.opened":   {Hans: "第 {n} 个文件被打开查看", Hant: "第 {n} 個檔案被開啟檢視", En: "File {n} was opened"},

		"consult.attachment_gone": {Hans: "这个文件已不在了（上传后 24 小时内没有发送，或已经发送过）。请重新添加。", Hant: "此檔案已不存在（上載後 24 小時內未傳送，或已傳送過）。請重新加入。",
			En: "This file is not there any more (not sent within 24 hours, or sent already). Please add it again."},
		"consult.attachments_full": {Hans: "文件太多了：一个咨询最多 {max} 个，其中群众最多 {citizen} 个。", Hant: "檔案太多：一個諮詢最多 {max} 個，其中市民最多 {citizen} 個。",
			En: "Too many files: a consultation takes {max}, of them {citizen} from the citizen."},
		"consult.attachments_unsent": {Hans: "您有 {max} 个文件已上传还没有发送。请先发送或移除。", Hant: "您有 {max} 個檔案已上載但未傳送。請先傳送或移除。", En: "You have {max} files that are uploaded and not sent. Send or remove them first."},
	})
}
