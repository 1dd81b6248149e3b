package say

import (
	"slices"
	"strings"
	"testing"
)

func TestTextsAreWhole(t *testing.T) {
	for _, line := range Problems() {
		t.Error(line)
	}
	if len(Keys()) < 15 {
		t.Errorf("only %d keys: the texts of the faults are missing", len(Keys()))
	}
	if !slices.IsSorted(Keys()) {
		t.Error("the keys are not sorted")
	}
}

func TestProblemsAreFound(t *testing.T) {
	for name, c := range map[string]struct {
		texts Texts
		want  string
	}{
		"a language missing": {Texts{"a", "b", ""}, "no text in en"},
		"only blanks":        {Texts{" ", "b", "c"}, "no text in zh-Hans"},
		"places differ":      {Texts{"{a}", "{a}", "{b}"}, "places [b] in en"},
		"a place is lost":    {Texts{"{a}{b}", "{a}", "{b}{a}"}, "places [a] in zh-Hant-HK"},
		"order is free":      {Texts{"{a}{b}", "{b}{a}", "{b} {a} {a}"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := strings.Join(problemsOf("k", c.texts), "; ")
			if c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("problems %q, want %q", got, c.want)
			}
		})
	}
}

func TestText(t *testing.T) {
	for _, c := range []struct {
		lang, key string
		args      map[string]any
		want      string
	}{
		{En, "fault.too_long", map[string]any{"max": 64}, "This is too long. At most 64 characters."},
		{Hans, "fault.too_long", map[string]any{"max": 64}, "太长了。最多 64 个字。"},
		{Hant, "fault.too_long", map[string]any{"max": 64}, "太長了。最多 64 個字。"},
		{"fr", "fault.too_long", map[string]any{"max": 64}, "太长了。最多 64 个字。"},
		{En, "fault.too_long", map[string]any{"max": "{max}{min}"}, "This is too long. At most {max}{min} characters."},
		{En, "fault.too_long", nil, "This is too long. At most {max} characters."},
		{En, "no.such.key", nil, "no.such.key"},
	} {
		if got := Text(c.lang, c.key, c.args); got != c.want {
			t.Errorf("Text(%s, %s) = %q, want %q", c.lang, c.key, got, c.want)
		}
	}
	if g := Gaps(); g["no.such.key"] == 0 || g["{max}"] == 0 {
		t.Errorf("gaps were not counted: %v", g)
	}
}

func TestRegisterTwicePanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a second registration was taken")
		}
		if Has("say.test_new") {
			t.Error("a refused registration left a key behind")
		}
	}()
	Register(map[string]Texts{"say.test_new": {"a", "b", "c"}, "fault.absent": {"a", "b", "c"}})
}

func TestLanguage(t *testing.T) {
	for header, want := range map[string]string{
		"":                                    Hans,
		"*":                                   Hans,
		"de-DE,fr":                            Hans,
		"zh":                                  Hans,
		"zh-CN,zh;q=0.9":                      Hans,
		"zh-SG":                               Hans,
		"zh-Hans-HK":                          Hans,
		"zh-HK":                               Hant,
		"zh_TW":                               Hant,
		"zh-MO":                               Hant,
		"zh-Hant":                             Hant,
		"zh-Hant-HK":                          Hant,
		"ZH-hant-tw":                          Hant,
		"yue":                                 Hant,
		"yue-Hans":                            Hans,
		"en":                                  En,
		"en-GB,en;q=0.5":                      En,
		"de, en;q=0.7, zh-HK;q=0.8":           Hant,
		"en;q=0.2, zh-CN; q=0.9":              Hans,
		"en;q=0":                              Hans,
		"en;q=x":                              En,
		"en-US,zh-TW;q=0.9":                   En,
		strings.Repeat("x,", 5000) + "en":     Hans,
		",,;;==q\x00":                         Hans,
		"english":                             Hans,
		"fr;q=1.0, zh-Hant;q=0.123, en;q=0.1": Hant,
	} {
		if got := Language(header); got != want {
			t.Errorf("Language(%.40q) = %s, want %s", header, got, want)
		}
	}
}

func FuzzLanguage(f *testing.F) {
	for _, s := range []string{"", "en", "zh-HK;q=0.5,en", ";q=", "-,-", "zh-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, header string) {
		if got := Language(header); !slices.Contains(Languages, got) {
			t.Errorf("Language gave %q", got)
		}
	})
}
