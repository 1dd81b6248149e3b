package quality

import (
	"regexp"
	"slices"
	"strconv"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/say"
	"mingfa/internal/base/setting"
	"mingfa/internal/base/text"
)

// Code names an item of the catalogue. It is permanent in cards and facts.
type Code string

// Item is something that can be wrong with an answer (差错项).
type Item struct {
	Code  Code    `json:"code" pattern:"^[a-z][a-z_]{1,39}$"`
	Fatal bool    `json:"fatal"`
	Text  Wording `json:"text" doc:"By language: zh-Hans, zh-Hant-HK, en"`
}

// Wording is a text in the languages of the house.
type Wording map[string]string

// in gives the text in a language, the first where it is not there.
func (w Wording) in(language string) string {
	if s := w[language]; s != "" {
		return s
	}
	return w[say.Hans]
}

// Catalogue is the items of an organisation in the order of the card.
type Catalogue []Item

// The limits of a catalogue.
const (
	maxItems    = 100
	maxItemText = 200 // characters
)

var codeForm = regexp.MustCompile(`^[a-z][a-z_]{1,39}$`)

// Check refuses a catalogue that no card can be made of.
func (c Catalogue) Check() error {
	if len(c) == 0 {
		return fault.Bad(fault.At("items", "fault.field_required"))
	}
	if len(c) > maxItems {
		return fault.Bad(fault.At("items", "fault.too_many_items").With("max", maxItems))
	}
	var bad []fault.Field
	seen := map[Code]bool{}
	for i, x := range c {
		path := "items[" + strconv.Itoa(i) + "]"
		if !codeForm.MatchString(string(x.Code)) || seen[x.Code] {
			bad = append(bad, fault.At(path+".code", "fault.field_choice"))
		}
		seen[x.Code] = true
		for _, l := range say.Languages {
			switch t := x.Text[l]; {
			case text.Blank(t):
				bad = append(bad, fault.At(path+".text", "fault.field_required"))
			case text.Length(t) > maxItemText:
				bad = append(bad, fault.At(path+".text", "fault.too_long").With("max", maxItemText))
			}
		}
		if len(x.Text) > len(say.Languages) {
			bad = append(bad, fault.At(path+".text", "fault.field_choice"))
		}
	}
	if bad != nil {
		return fault.Bad(bad...)
	}
	return nil
}

// item finds an item by its code.
func (c Catalogue) item(code Code) (Item, bool) {
	i := slices.IndexFunc(c, func(x Item) bool { return x.Code == code })
	if i < 0 {
		return Item{}, false
	}
	return c[i], true
}

// catalogue is the setting; each version is kept, so that an old card shows the
// items it was made with.
var catalogue = setting.Define("quality.catalogue", standard, Catalogue.Check)

// standard is the catalogue for message replies where nobody set another:
// B6.2.1.2a-f, and what a lawyer on public duty must not do.
var standard = Catalogue{
	{"judgement_wrong", true, Wording{say.Hans: "法律判断错误", say.Hant: "法律判斷錯誤", say.En: "The legal judgement is wrong"}},
	{"basis_wrong", true, Wording{say.Hans: "法律依据错误、已失效或不适用", say.Hant: "法律依據錯誤、已失效或不適用", say.En: "The legal basis is wrong, no longer in force or does not apply"}},
	{"basis_missing", true, Wording{say.Hans: "应有法律依据而未引用", say.Hant: "應有法律依據而未引用", say.En: "A legal basis exists and is not cited"}},
	{"advice_missing", true, Wording{say.Hans: "没有可行的建议", say.Hant: "沒有可行的建議", say.En: "No feasible advice"}},
	{"advice_harmful", true, Wording{say.Hans: "建议可能损害群众权益（如误导时效、程序）", say.Hant: "建議可能損害市民權益（如誤導時效、程序）", say.En: "The advice may harm the person, e.g. misleads on time limits or procedure"}},
	{"question_missed", true, Wording{say.Hans: "答非所问，未回答主要问题", say.Hant: "答非所問，未回答主要問題", say.En: "The main question is not answered"}},
	{"rude", true, Wording{say.Hans: "态度生硬、讽刺或侮辱", say.Hant: "態度生硬、諷刺或侮辱", say.En: "Rude, mocking or insulting"}},
	{"promise_of_outcome", true, Wording{say.Hans: "对结果作出承诺", say.Hant: "對結果作出承諾", say.En: "Promises an outcome"}},
	{"private_business", true, Wording{say.Hans: "索要私下联系、揽案或收费", say.Hant: "索取私下聯絡、攬案或收費", say.En: "Asks for private contact, a mandate or a fee"}},
	{"confidence_broken", true, Wording{say.Hans: "泄露他人信息", say.Hant: "洩露他人資料", say.En: "Discloses information on others"}},
	{"opening_missing", false, Wording{say.Hans: "缺少统一开头语", say.Hant: "缺少統一開頭語", say.En: "The uniform opening is missing"}},
	{"closing_missing", false, Wording{say.Hans: "缺少统一结束语", say.Hant: "缺少統一結束語", say.En: "The uniform closing is missing"}},
	{"disclaimer_missing", false, Wording{say.Hans: "缺少免责声明", say.Hant: "缺少免責聲明", say.En: "The disclaimer is missing"}},
	{"text_short", false, Wording{say.Hans: "自己的答复内容不超过 50 字", say.Hant: "自己的回覆內容不超過 50 字", say.En: "Own text of not more than 50 characters"}},
	{"basis_imprecise", false, Wording{say.Hans: "法律依据引用不准确（名称、条款）", say.Hant: "法律依據引用不準確（名稱、條款）", say.En: "The citation is imprecise (name, article)"}},
	{"language_unclear", false, Wording{say.Hans: "表达不清、逻辑混乱或术语未解释", say.Hant: "表達不清、邏輯混亂或術語未解釋", say.En: "Unclear language, confused order or unexplained terms"}},
	{"wording_errors", false, Wording{say.Hans: "错别字、标点错误超过 2 处", say.Hant: "錯別字、標點錯誤超過 2 處", say.En: "More than 2 wrong characters or punctuation marks"}},
	{"wording_casual", false, Wording{say.Hans: "用语随意或与法律咨询无关", say.Hant: "用語隨意或與法律諮詢無關", say.En: "Casual wording, or content unrelated to the question"}},
	{"off_topic_padding", false, Wording{say.Hans: "堆砌法条或套话，缺少针对性", say.Hant: "堆砌法條或套話，缺乏針對性", say.En: "Stock phrases or strings of articles without regard to the case"}},
}
