package text

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFileName(t *testing.T) {
	jpg := []string{".jpg", ".jpeg"}
	for in, want := range map[string]string{
		"合同.jpg":                      "合同.jpg",
		"IMG_1.JPEG":                  "IMG_1.jpeg",
		"a.pdf":                       "a.pdf.jpg",
		"photo":                       "photo.jpg",
		`C:\Users\wang\欠条.jpg`:        "欠条.jpg",
		"../../etc/passwd":            "passwd.jpg",
		"e\u0301.jpg":                 "é.jpg",
		"invoice\u202egpj.exe":        "invoicegpj.exe.jpg",
		"a\r\nSet-Cookie: x=1.jpg":    "aSet-Cookie x=1.jpg",
		"tab\there \u3000 x.jpg":      "tabhere   x.jpg",
		` .."<>:|?*. `:                "",
		"":                            "",
		".jpg":                        "jpg.jpg",
		"\u200b.jpg":                  "jpg.jpg",
		"\xff\xfe甲.jpg":               "甲.jpg",
		"con \u2028 two.jpg":          "con  two.jpg",
		strings.Repeat("长", 90) + "x": strings.Repeat("长", 60) + ".jpg",
	} {
		if got := FileName(in, 64, jpg...); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzFileName(f *testing.F) {
	f.Add("合同.jpg")
	f.Add("..\\e\u0301\u202e.PNG")
	f.Fuzz(func(t *testing.T, s string) {
		got := FileName(s, 32, ".png")
		if !utf8.ValidString(got) || strings.ContainsAny(got, "/\\\r\n\"\x00") || Length(got) > 32 {
			t.Errorf("%q gives %q", s, got)
		}
		if again := FileName(got, 32, ".png"); again != got {
			t.Errorf("%q gives %q and then %q", s, got, again)
		}
		if c, err := Clean(got); err != nil || c != got {
			t.Errorf("%q gives %q, which Clean does not keep", s, got)
		}
	})
}
