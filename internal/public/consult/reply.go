package consult

import (
	"strings"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/text"
)

// MinOwn is what the lawyer's own text must exceed: 50 is refused, 51 accepted
// (B6.2.1.2b).
const MinOwn = 50

// The limits of an answer, in characters and items.
const (
	MaxText      = 5000
	MaxJudgement = 2000
	MaxAdvice    = 500
	MaxReason    = 500
	MaxLaw       = 128
	MaxArticle   = 64
	maxItems     = 20
	minReason    = 5 // own characters of a reasoned "no specific basis"
)

// Draft is an answer as the lawyer writes it.
type Draft struct {
	Judgement string   `json:"judgement" doc:"B6.2.1.2c" example:"用人单位拖欠工资违法，您可以要求足额支付。"`
	Text      string   `json:"text" doc:"B6.2.1.2b: over 50 characters of the lawyer's own" example:"劳动者付出了劳动，用人单位应当按月足额支付工资。您可以先与公司书面协商并保留工资条、考勤和聊天记录；协商不成的，向劳动监察部门投诉，或者在一年之内申请劳动仲裁，仲裁不收费。"`
	Basis     []Basis  `json:"basis" doc:"B6.2.1.2d; may be empty with a reason"`
	NoBasis   string   `json:"no_basis_reason,omitempty" doc:"Why there is no legal basis"`
	Advice    []string `json:"advice" doc:"B6.2.1.2e: at least one" example:"先与公司书面协商,向劳动监察部门投诉"`
}

// Rule is a line of the checklist B6.2.1.2.
type Rule string

// The rules. The first four are the lawyer's, the last three the templates'.
const (
	RuleLength     Rule = "length"     // b) more than 50 characters of his own
	RuleJudgement  Rule = "judgement"  // c)
	RuleBasis      Rule = "basis"      // d)
	RuleAdvice     Rule = "advice"     // e)
	RuleOpening    Rule = "opening"    // a)
	RuleDisclaimer Rule = "disclaimer" // f)
	RuleClosing    Rule = "closing"    // f)
)

// Item is one line of the checklist with what to do there.
type Item struct {
	Rule Rule
	OK   bool
	Path string         // of the field on the wire
	Key  string         // text: what to do, or that it is done
	Args map[string]any // for the text
}

// Templates are the uniform texts around every answer (B6.2.1.2a, f), in the
// language of the order.
type Templates struct{ Opening, Disclaimer, Closing string }

// OwnLength counts the lawyer's own text: templates that he pasted into it do
// not count (B6.2.1.2b, T8).
func OwnLength(d Draft, t Templates) int {
	own := d.Text
	for _, template := range []string{t.Opening, t.Disclaimer, t.Closing} {
		if template = strings.TrimSpace(template); template != "" {
			own = strings.ReplaceAll(own, template, "\n")
		}
	}
	return text.Own(own)
}

// Check goes through the lawyer's part of the checklist. Pages show it while he
// types; the server decides by the same function.
func Check(d Draft, t Templates) []Item {
	own := OwnLength(d, t)
	items := []Item{
		{Rule: RuleLength, Path: "text", OK: own > MinOwn, Key: "consult.too_short",
			Args: map[string]any{"own": own, "min": MinOwn}},
		{Rule: RuleJudgement, Path: "judgement", OK: !text.Blank(d.Judgement), Key: "consult.judgement_missing"},
		checkBasis(d),
		{Rule: RuleAdvice, Path: "advice", OK: len(d.Advice) > 0 && !anyBlank(d.Advice), Key: "consult.advice_missing"},
	}
	for i := range items {
		if items[i].OK {
			items[i].Key = "consult.done_" + string(items[i].Rule)
		}
	}
	return items
}

func checkBasis(d Draft) Item {
	item := Item{Rule: RuleBasis, Path: "basis", Key: "consult.basis_missing"}
	switch {
	case len(d.Basis) == 0 && text.Blank(d.NoBasis):
	case len(d.Basis) == 0:
		item.Path, item.Key = "no_basis_reason", "consult.basis_reason_short"
		item.OK = text.Own(d.NoBasis) >= minReason
	default:
		item.OK = true
		for _, b := range d.Basis {
			if !b.Recognised() {
				item.OK, item.Key = false, "consult.basis_unrecognised"
			}
		}
	}
	return item
}

func anyBlank(list []string) bool {
	for _, s := range list {
		if text.Blank(s) {
			return true
		}
	}
	return false
}

// CheckTemplates is the templates' part of the checklist: an answer without its
// opening, disclaimer or closing does not leave the house.
func CheckTemplates(t Templates) []Item {
	items := []Item{}
	for _, x := range []struct {
		rule Rule
		text string
	}{{RuleOpening, t.Opening}, {RuleDisclaimer, t.Disclaimer}, {RuleClosing, t.Closing}} {
		item := Item{Rule: x.rule, OK: !text.Blank(x.text), Key: "consult.template_missing"}
		if item.OK {
			item.Key = "consult.done_" + string(x.rule)
		}
		items = append(items, item)
	}
	return items
}

// Clean gives the draft as it will be stored, or an Invalid fault that names
// every field: characters that can't be kept, lengths, and the lines of the
// checklist that are not met.
func (d Draft) Clean(t Templates) (Draft, error) {
	var bad []fault.Field
	one := func(path string, s *string, limit int) {
		got, more := optional(path, *s, limit)
		*s, bad = got, append(bad, more...)
	}
	one("text", &d.Text, MaxText)
	one("judgement", &d.Judgement, MaxJudgement)
	one("no_basis_reason", &d.NoBasis, MaxReason)
	d.Basis, d.Advice = append([]Basis{}, d.Basis...), append([]string{}, d.Advice...)
	if len(d.Basis) > maxItems {
		bad = append(bad, fault.At("basis", "fault.too_many_items").With("max", maxItems))
	}
	if len(d.Advice) > maxItems {
		bad = append(bad, fault.At("advice", "fault.too_many_items").With("max", maxItems))
	}
	if len(bad) == 0 {
		for i := range d.Basis {
			one("basis", &d.Basis[i].Law, MaxLaw)
			one("basis", &d.Basis[i].Article, MaxArticle)
		}
		for i := range d.Advice {
			one("advice", &d.Advice[i], MaxAdvice)
		}
	}
	if len(bad) == 0 {
		for _, item := range Check(d, t) {
			if !item.OK {
				bad = append(bad, fault.Field{Path: item.Path, Key: item.Key, Args: item.Args})
			}
		}
	}
	if len(bad) > 0 {
		return Draft{}, fault.Bad(bad...)
	}
	return d, nil
}
