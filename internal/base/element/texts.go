package element

import (
	"fmt"
	"strings"

	"mingfa/internal/base/say"
)

func init() {
	texts := map[string]say.Texts{
		"element.phone": {Hans: "电话号码无法识别。请填写 11 位手机号，或带国家区号的号码（+852…）。", Hant: "電話號碼無法識別。請填寫 8 位香港號碼，或帶國家區號的號碼（+86…）。",
			En: "This telephone number is not recognised. Give it with its country code (+86...)."},
		"element.email": {Hans: "邮箱地址格式不对。请填写如 name@example.com 的地址。", Hant: "電郵地址格式不對。請填寫如 name@example.com 的地址。",
			En: "This is no e-mail address. Give one like name@example.com."},
		"element.date": {Hans: "日期无法识别。请写成 2021-11-20 的样子。", Hant: "日期無法識別。請寫成 2021-11-20 的樣子。",
			En: "This date is not recognised. Write it like 2021-11-20."},
		"element.date_future": {Hans: "这个日期在将来。请核对后改正。", Hant: "這個日期在將來。請核對後改正。", En: "This date is in the future. Check and correct it."},
		"element.region": {Hans: "行政区划代码不存在。请填写六位代码（GB/T 2260，香港为 810000）。", Hant: "行政區劃代碼不存在。請填寫六位代碼（GB/T 2260，香港為 810000）。",
			En: "There is no such region code. Give six digits of GB/T 2260 (Hong Kong is 810000)."},
		"element.field": {Hans: "领域代码不存在。请用下载模板里列出的代码，多个之间用分号隔开。", Hant: "範疇代碼不存在。請用下載範本列出的代碼，多個之間用分號隔開。",
			En: "There is no such field of law. Use the codes of the template, with semicolons between them."},
		"element.sex": {Hans: "性别请填 0（男）或 1（女）。", Hant: "性別請填 0（男）或 1（女）。", En: "Give 0 (male) or 1 (female)."},
		"element.identity": {Hans: "证件号码不对：位数或校验码不符。请照证件核对（居民身份证 18 位，或香港身份证）。", Hant: "證件號碼不對：位數或校驗碼不符。請照證件核對（居民身份證 18 位，或香港身份證）。",
			En: "This is no valid ID number: its length or check digit is wrong. Compare it with the card (18 digits, or a Hong Kong card)."},
		"element.pictures": {Hans: "所需图片不齐，或图片编号有误。请上传齐全后再试。", Hant: "所需圖片不齊，或圖片編號有誤。請上載齊全後再試。",
			En: "The pictures needed are not all there, or the number of one is wrong. Upload them all and try again."},
	}
	for _, e := range All {
		texts[e.Key()] = say.Texts{Hans: e.Name, Hant: e.NameHant, En: e.NameEn}
	}
	say.Register(texts)
}

// Title is the head of an element's column in every file: its code first, then
// its name in a language, for people.
func (e Element) Title(language string) string {
	return e.Code + " " + say.Text(language, e.Key(), nil)
}

// Markdown is docs/elements.md.
func Markdown() string {
	var b strings.Builder
	b.WriteString(`# Data elements

All 45 elements of Appendix B (Tables B.1 to B.5), as this program stores, checks,
imports and exports them. This page is made from ` + "`internal/base/element/table.go`" + `
(` + "`go test ./internal/base/element -run TestDocs -update`" + `): change the table, not the page.

*Must*: always; if_any (given when there is one); optional; standard (only in the profile
"standard"); fees (only where lawyers are paid); strict (only by the letter of the standard).
*Sealed*: encrypted wherever it is stored, and erased with the person.
`)
	for _, t := range Tables {
		fmt.Fprintf(&b, "\n## %s\n\n| element | name | 名称 | must | type | length | sealed | printed as | our reading |\n|---|---|---|---|---|---|---|---|---|\n", t)
		for _, e := range Of(t) {
			length := fmt.Sprint(e.Max)
			if e.Flag > 0 {
				length += fmt.Sprintf(" (flagged above %d)", e.Flag)
			}
			sealed := ""
			if e.Personal {
				sealed = "yes"
			}
			reading := e.Reading
			if e.Unique {
				reading = strings.TrimSpace(reading + " No two rows of an organisation share it.")
			}
			fmt.Fprintf(&b, "| %s %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", e.Part, e.Code, e.NameEn, e.Name, e.Need, e.Kind, length, sealed, e.Printed, reading)
		}
	}
	return b.String()
}
