package consult

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/say"
)

var testTemplates = Templates{Opening: "您好，感谢您的咨询。", Disclaimer: "以上意见仅供参考。", Closing: "祝您生活愉快，请为本次服务评价。"}

func goodDraft() Draft {
	return Draft{Judgement: "用人单位拖欠工资违法。", Text: strings.Repeat("法", 51),
		Basis: []Basis{{"《中华人民共和国劳动法》", "第五十条"}}, Advice: []string{"向劳动监察大队投诉。"}}
}

// req: B6.2.1.2b, B6.2.1.2c, B6.2.1.2d, B6.2.1.2e
func TestChecklist(t *testing.T) {
	for name, c := range map[string]struct {
		change func(d *Draft)
		wrong  string // "rule path key" of the lines not met
	}{
		"complete":                 {func(*Draft) {}, ""},
		"50 Han refused":           {func(d *Draft) { d.Text = strings.Repeat("法", 50) }, "length text consult.too_short"},
		"51 Han accepted":          {func(d *Draft) { d.Text = strings.Repeat("法", 51) }, ""},
		"50 and punctuation":       {func(d *Draft) { d.Text = strings.Repeat("法，", 50) + "！！！" }, "length text consult.too_short"},
		"50 words refused":         {func(d *Draft) { d.Text = strings.Repeat("word ", 50) }, "length text consult.too_short"},
		"51 words accepted":        {func(d *Draft) { d.Text = strings.Repeat("word ", 51) }, ""},
		"25 and 26 mixed accepted": {func(d *Draft) { d.Text = strings.Repeat("法 law ", 25) + "法" }, ""},
		"25 and 25 mixed refused":  {func(d *Draft) { d.Text = strings.Repeat("法 law ", 25) }, "length text consult.too_short"},
		"spaces do not help":       {func(d *Draft) { d.Text = strings.Repeat(" \n", 500) }, "length text consult.too_short"},
		"templates do not count": {func(d *Draft) {
			d.Text = testTemplates.Opening + strings.Repeat("法", 45) + testTemplates.Disclaimer + testTemplates.Closing
		}, "length text consult.too_short"},
		"nor the judgement":       {func(d *Draft) { d.Text, d.Judgement = "短", strings.Repeat("法", 60) }, "length text consult.too_short"},
		"no judgement":            {func(d *Draft) { d.Judgement = " \u200b" }, "judgement judgement consult.judgement_missing"},
		"no basis":                {func(d *Draft) { d.Basis = nil }, "basis basis consult.basis_missing"},
		"reasoned no basis":       {func(d *Draft) { d.Basis, d.NoBasis = nil, "道德问题，法律没有规定" }, ""},
		"a reason that is none":   {func(d *Draft) { d.Basis, d.NoBasis = nil, "无" }, "basis no_basis_reason consult.basis_reason_short"},
		"a basis without article": {func(d *Draft) { d.Basis[0].Article = "" }, "basis basis consult.basis_unrecognised"},
		"a basis without law":     {func(d *Draft) { d.Basis[0].Law = "《》" }, "basis basis consult.basis_unrecognised"},
		"a second basis unread":   {func(d *Draft) { d.Basis = append(d.Basis, Basis{"民法典", "总则"}) }, "basis basis consult.basis_unrecognised"},
		"Hong Kong":               {func(d *Draft) { d.Basis = []Basis{{"Cap. 57 Employment Ordinance", "s. 23"}} }, ""},
		"no advice":               {func(d *Draft) { d.Advice = nil }, "advice advice consult.advice_missing"},
		"an empty advice":         {func(d *Draft) { d.Advice = append(d.Advice, " ") }, "advice advice consult.advice_missing"},
		"nothing at all": {func(d *Draft) { *d = Draft{} },
			"length text consult.too_short,judgement judgement consult.judgement_missing,basis basis consult.basis_missing,advice advice consult.advice_missing"},
	} {
		t.Run(name, func(t *testing.T) {
			d := goodDraft()
			c.change(&d)
			var wrong []string
			for _, item := range Check(d, testTemplates) {
				if !item.OK {
					wrong = append(wrong, fmt.Sprintf("%s %s %s", item.Rule, item.Path, item.Key))
				}
				if !say.Has(item.Key) {
					t.Errorf("no text for %s", item.Key)
				}
			}
			if got := strings.Join(wrong, ","); got != c.wrong {
				t.Errorf("%q, want %q", got, c.wrong)
			}
			_, err := d.Clean(testTemplates) // the server decides the same
			if (err == nil) != (c.wrong == "") {
				t.Errorf("Clean: %v", err)
			}
		})
	}
}

// req: B6.2.1.2a, B6.2.1.2f
func TestTemplates(t *testing.T) {
	for _, c := range []struct {
		t     Templates
		wrong []Rule
	}{
		{testTemplates, nil},
		{Templates{"", "x", "x"}, []Rule{RuleOpening}},
		{Templates{"x", " ", "x"}, []Rule{RuleDisclaimer}},
		{Templates{"x", "x", "\u200b"}, []Rule{RuleClosing}},
		{Templates{}, []Rule{RuleOpening, RuleDisclaimer, RuleClosing}},
	} {
		var wrong []Rule
		for _, item := range CheckTemplates(c.t) {
			if !item.OK {
				wrong = append(wrong, item.Rule)
			}
			if !say.Has(item.Key) {
				t.Errorf("no text for %s", item.Key)
			}
		}
		if !slices.Equal(wrong, c.wrong) {
			t.Errorf("%v, want %v", wrong, c.wrong)
		}
	}
}

func TestDraftClean(t *testing.T) {
	for name, c := range map[string]struct {
		change func(d *Draft)
		fields string
	}{
		"text 5000":            {func(d *Draft) { d.Text = strings.Repeat("法", 5000) }, ""},
		"text 5001":            {func(d *Draft) { d.Text = strings.Repeat("法", 5001) }, "text"},
		"judgement 2001":       {func(d *Draft) { d.Judgement = strings.Repeat("法", 2001) }, "judgement"},
		"advice 501":           {func(d *Draft) { d.Advice[0] = strings.Repeat("法", 501) }, "advice"},
		"law 129":              {func(d *Draft) { d.Basis[0].Law = strings.Repeat("法", 129) }, "basis"},
		"21 advices":           {func(d *Draft) { d.Advice = slices.Repeat([]string{"去"}, 21) }, "advice"},
		"21 citations":         {func(d *Draft) { d.Basis = slices.Repeat(d.Basis, 21) }, "basis"},
		"NUL in advice":        {func(d *Draft) { d.Advice[0] = "a\x00" }, "advice"},
		"NUL in text and more": {func(d *Draft) { d.Text += "\x00"; d.Judgement += "\x1b" }, "text,judgement"},
	} {
		t.Run(name, func(t *testing.T) {
			d := goodDraft()
			c.change(&d)
			before := fmt.Sprint(d)
			_, err := d.Clean(testTemplates)
			if got := fieldsOf(err); got != c.fields {
				t.Errorf("fields %q, want %q", got, c.fields)
			}
			if fmt.Sprint(d) != before {
				t.Error("Clean changed what it was given")
			}
		})
	}
}

// fieldsOf names the fields of a fault, and sees that each has its text.
func fieldsOf(err error) string {
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok {
		return ""
	}
	var paths []string
	for _, x := range f.Fields {
		if !say.Has(x.Key) || strings.Contains(say.Text(say.En, x.Key, x.Args), "{") {
			paths = append(paths, "no text for "+x.Key)
		}
		if !slices.Contains(paths, x.Path) {
			paths = append(paths, x.Path)
		}
	}
	return strings.Join(paths, ",")
}

// The human answers of the public material are long enough, all of them.
func TestRealAnswersAreLongEnough(t *testing.T) {
	n := 0
	for _, r := range questions(t) {
		for _, a := range r.Answers {
			n++
			if own := OwnLength(Draft{Text: a}, testTemplates); own <= MinOwn {
				t.Errorf("a real answer counts only %d", own)
			}
		}
	}
	t.Logf("%d answers", n)
}
