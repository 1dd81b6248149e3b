package text

import (
	"slices"
	"strings"
	"testing"
	"unicode"
)

// req: B6.2.1.2d
func TestSearchable(t *testing.T) {
	for in, want := range map[string]string{
		"勞動合同法":   "劳动合同法",
		"劳动合同法":   "劳动合同法",
		"僱傭條例 ＡB": "雇佣条例 ab",
		"衞生、裏面":   "卫生、里面",
		"第82條①":   "第82条1",
		"":        "",
		"ﬁ":       "fi",
	} {
		folded, from := Searchable(in)
		if string(folded) != want || len(folded) != len(from) {
			t.Errorf("%q gives %q", in, string(folded))
		}
	}
	if _, from := Searchable("ﬁ法"); !slices.Equal(from, []int{0, 0, 1}) {
		t.Errorf("places %v", from)
	}
}

func TestTheTableEndsAtOnce(t *testing.T) {
	if len(simple()) < 1400 {
		t.Errorf("%d characters", len(simple()))
	}
	for a, b := range simple() {
		if _, again := simple()[b]; again || a == b {
			t.Errorf("%c leads to %c, which leads on", a, b)
		}
	}
}

func TestTerms(t *testing.T) {
	for in, want := range map[string]string{
		"劳动法，第26A条": "劳 动 劳动 法 动法 第 26a 条",
		"法法法":       "法 法法",
		"a b a":     "a b",
		"'\"*&|!%_": "",
		"😀法😀":       "法",
	} {
		folded, _ := Searchable(in)
		if got := strings.Join(Terms(folded), " "); got != want {
			t.Errorf("%q gives %q, not %q", in, got, want)
		}
	}
}

// Whatever comes in, a term is never empty, never long, and has no sign in it.
func FuzzTerms(f *testing.F) {
	f.Add("劳动合同法 82")
	f.Add("a'b\"c*& 𠮷𠮷")
	f.Fuzz(func(t *testing.T, s string) {
		folded, from := Searchable(s)
		if len(folded) != len(from) {
			t.Fatal("places are missing")
		}
		for _, term := range Terms(folded) {
			if n := len([]rune(term)); n == 0 || n > maxWord {
				t.Errorf("a term of %d characters", n)
			}
			for _, r := range term {
				if !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) {
					t.Errorf("%q in a term", r)
				}
			}
		}
	})
}
