package exchange

import (
	"mingfa/internal/base/say"
	"mingfa/internal/base/setting"
)

// What people read of the settings of this package.
func init() {
	setting.Say("exchange.rules", setting.Words{
		Title: say.Texts{Hans: "导入要求", Hant: "匯入要求", En: "What an import must have"},
		Hint:  say.Texts{Hans: "导入文件中哪些可选要素必须填写。", Hant: "匯入檔案中哪些可選要素必須填寫。", En: "Which optional elements a file must hold to be imported."},
		Fields: map[string]say.Texts{
			"standard": {Hans: "用户的籍贯和地址", Hant: "用戶的籍貫和地址", En: "A user's native place and address"},
			"fees":     {Hans: "律师的收款账户（有收费时）", Hant: "律師的收款帳戶（有收費時）", En: "A lawyer's payment account (where fees are paid)"},
			"strict":   {Hans: "工单联系人的电子邮箱", Hant: "工單聯絡人的電郵", En: "An order's contact e-mail"},
		},
	})
}
