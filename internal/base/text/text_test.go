package text

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestClean(t *testing.T) {
	for name, c := range map[string]struct {
		in, want string
		refused  bool
	}{
		"empty":                  {in: "", want: ""},
		"han":                    {in: "拖欠工资怎么办?", want: "拖欠工资怎么办?"},
		"spaces stay":            {in: "  a \t b\n ", want: "  a \t b\n "},
		"line ends":              {in: "a\r\nb\r\n", want: "a\nb\n"},
		"nfc":                    {in: "e\u0301", want: "é"},
		"compatibility stays":    {in: "①", want: "①"},
		"full width stays":       {in: "\uff21\uff0c", want: "\uff21\uff0c"},
		"emoji":                  {in: "👨‍👩‍👧", want: "👨‍👩‍👧"},
		"extension B":            {in: "𠮷", want: "𠮷"},
		"bidi and zero width":    {in: "a\u202eb\u200b", want: "a\u202eb\u200b"},
		"byte order mark":        {in: "\ufeffa", want: "\ufeffa"},
		"html is text":           {in: "<script>alert(1)</script>", want: "<script>alert(1)</script>"},
		"NUL":                    {in: "a\x00b", refused: true},
		"escape":                 {in: "\x1b[31m", refused: true},
		"lone carriage return":   {in: "a\rb", refused: true},
		"carriage before return": {in: "a\r\r\nb", refused: true},
		"vertical tab":           {in: "\v", refused: true},
		"delete":                 {in: "\x7f", refused: true},
		"C1":                     {in: "\u0085", refused: true},
		"invalid UTF-8":          {in: "a\xff", refused: true},
		"surrogate":              {in: "\xed\xa0\x80", refused: true},
		"overlong":               {in: "\xc0\x80", refused: true},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Clean(c.in)
			if c.refused != errors.Is(err, ErrRefused) || got != c.want {
				t.Errorf("Clean(%q) = %q, %v; want %q, refused %v", c.in, got, err, c.want, c.refused)
			}
		})
	}
}

// req: BB.20101 the count of a limit is the same in every database.
func TestLength(t *testing.T) {
	for in, want := range map[string]int{
		"": 0, "a": 1, "张三": 2, "e\u0301": 1, "𠮷": 1, "👨‍👩‍👧": 5, " \n": 2,
		strings.Repeat("张", 64): 64, strings.Repeat("e\u0301", 65): 65,
	} {
		if got := Length(in); got != want {
			t.Errorf("Length(%q) = %d, want %d", in, got, want)
		}
	}
}

// req: B6.2.1.2b
func TestOwn(t *testing.T) {
	for in, want := range map[string]int{
		"":                0,
		" ,。!?——《》“”\n\t": 0,
		"根据《民法典》第一千零七十九条,": 13,
		"第1079条":                      3,
		"依据 Labour Law 第 82 条":        7,
		"don't":                       1,
		"don’t pay":                   2,
		"'quoted'":                    1,
		"3.5倍":                        2,
		"10,000元":                     2,
		"a.b":                         2,
		"1. 2. 3.":                    3,
		"ABC 123":                     2,
		"x1y2":                        1,
		"well-known":                  2,
		"cafe\u0301 noir":             2,
		"𠮷𪚥㐀":                         3,
		"〇々":                          2,
		"葛\U000e0100飾":                2,
		"\u0301\u0301":                0,
		"👍👍😀":                         0,
		"赔偿compensation赔偿":            5,
		"a\u200bb":                    2,
		strings.Repeat("法", 50):       50,
		strings.Repeat("法。", 51):      51,
		strings.Repeat("word ", 51):   51,
		strings.Repeat("!?…", 1000):   0,
		strings.Repeat("法", 50) + "!": 50,
	} {
		if got := Own(in); got != want {
			t.Errorf("Own(%.40q) = %d, want %d", in, got, want)
		}
	}
}

func TestBlank(t *testing.T) {
	for in, want := range map[string]bool{
		"": true, " \u3000\n\t": true, "\u200b\u200d\ufeff\u2060": true, "\ufe0f": true, "\u3164": true,
		"a": false, "。": false, "👍": false, " 法 ": false,
	} {
		if got := Blank(in); got != want {
			t.Errorf("Blank(%q) = %v, want %v", in, got, want)
		}
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"ABC123": "abc123", "ẞtraße": "sstrasse", "①": "1", "㈱": "(株)", "法律": "法律",
		"É": "é", "E\u0301": "é", "カ": "カ",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
	if Fold("\uff21\uff22\uff23") != Fold("abc") {
		t.Error("full width and half width differ")
	}
}

// data opens a file of the public test material, or skips with what is missing.
func data(t *testing.T, path string) []byte {
	t.Helper()
	dir := os.Getenv("MINGFA_TESTDATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	b, err := os.ReadFile(filepath.Join(dir, path))
	if err != nil {
		t.Skipf("test material is absent (set MINGFA_TESTDATA to its folder): %s", path)
	}
	return b
}

// Acceptance 6 of the ground: every naughty string is stored equal but for NFC,
// or refused.
func TestNaughtyStrings(t *testing.T) {
	var strs []string
	if err := json.Unmarshal(data(t, "naughty/blns.json"), &strs); err != nil {
		t.Fatal(err)
	}
	kept, refused := 0, 0
	for _, s := range strs {
		got, err := Clean(s)
		if err != nil {
			refused++
			continue
		}
		kept++
		if want := norm.NFC.String(strings.ReplaceAll(s, "\r\n", "\n")); got != want {
			t.Errorf("Clean(%q) = %q", s, got)
		}
		Own(s)
		Fold(s)
	}
	t.Logf("%d kept, %d refused", kept, refused)
	if kept < len(strs)*9/10 {
		t.Errorf("only %d of %d were kept", kept, len(strs))
	}
}

var seeds = []string{"", "a\r\nb", "\x00", "\xff", "e\u0301", "ẞ", "İ", "ǰ", "ͅ", "한", "法'a'b", "1,2.3", "\u1e9e\u0345", "ﷺ"}

func FuzzClean(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := Clean(s)
		if err != nil {
			return
		}
		if again, err := Clean(got); err != nil || again != got {
			t.Errorf("Clean is not stable: %q, then %q, %v", got, again, err)
		}
		if strings.ContainsAny(got, "\x00\r") || !norm.NFC.IsNormalString(got) {
			t.Errorf("Clean let %q through", got)
		}
		if n := Own(got); n < 0 || n > Length(got) {
			t.Errorf("Own = %d of Length %d", n, Length(got))
		}
	})
}

func FuzzFold(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := Fold(s); Fold(got) != got {
			t.Errorf("Fold is not stable: %q, %q, %q", s, got, Fold(got))
		}
	})
}
