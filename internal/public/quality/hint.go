package quality

import (
	"regexp"

	"mingfa/internal/base/text"
	"mingfa/internal/public/consult"
)

// Hint is something that a rule noticed in an answer. It marks nothing: only a
// person does.
type Hint struct {
	Key  string // text
	Item Code   // of the catalogue that it may be; "" for none
}

// words that may be a promise of outcome or private business; folded text.
var (
	promises = regexp.MustCompile(`(保证|保證)(胜诉|勝訴|能赢|能贏|拿到)|(一定|肯定|绝对|絕對)(能|会|會)?(胜诉|勝訴|赢|贏|拿到)|必胜|必勝|包赢|包贏|guarantee[sd]? (that )?(you|to|a|the|success)`)
	business = regexp.MustCompile(`(加|留)(我|一下)?(的)?(微信|qq|电话|電話|手机|手機)|微信号|微信號|私下(联系|聯絡)|(委托|委託|聘请|聘請|找)(我|我们|我們|本所)(代理|办理|辦理|打官司|起诉|起訴|处理|處理)|\b1[3-9][0-9]{9}\b|wechat|whatsapp`)
)

// Hints goes through an answer by rule (B6.2.1.2a-f).
func Hints(x consult.Inspected) (out []Hint) {
	note := func(found bool, key string, item Code) {
		if found {
			out = append(out, Hint{key, item})
		}
	}
	unknown := false
	for _, known := range x.Known {
		unknown = unknown || !known
	}
	said := x.Draft.Judgement + "\n" + x.Draft.Text
	for _, a := range x.Draft.Advice {
		said += "\n" + a
	}
	for _, m := range x.Messages {
		if m.Role == consult.ByLawyer {
			said += "\n" + m.Text
		}
	}
	said = text.Fold(said)
	note(text.Blank(x.Draft.Judgement), "quality.hint_judgement", "judgement_wrong")
	note(unknown, "quality.hint_basis_unknown", "basis_imprecise")
	note(len(x.Draft.Basis) == 0, "quality.hint_basis_none", "basis_missing")
	note(len(x.Draft.Advice) == 0, "quality.hint_advice", "advice_missing")
	note(promises.MatchString(said), "quality.hint_promise", "promise_of_outcome")
	note(business.MatchString(said), "quality.hint_business", "private_business")
	note(x.Own <= consult.MinOwn, "quality.hint_short", "text_short")
	note(text.Blank(x.Templates.Opening), "quality.hint_opening", "opening_missing")
	note(text.Blank(x.Templates.Disclaimer), "quality.hint_disclaimer", "disclaimer_missing")
	note(text.Blank(x.Templates.Closing), "quality.hint_closing", "closing_missing")
	note(x.Rated.NeedsCallback(), "quality.hint_rated", "")
	note(x.Breach, "quality.hint_late", "")
	return out
}
