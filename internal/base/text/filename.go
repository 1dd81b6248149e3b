package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// FileName gives the name of a file as it is kept and offered for saving: NFC, at most max
// characters, one line. Control and format characters (those that turn the direction
// of writing too: "exe.gpj" can look like "jpg.exe"), characters that some system
// takes for a path or refuses, and dots and spaces at both ends are taken away,
// and any folders before it. The ending is one of endings, the first where the
// name has none of them, so that what is saved opens as what it is. "" where
// nothing is left.
func FileName(s string, max int, endings ...string) string {
	s = strings.ToValidUTF8(s, "")
	if i := strings.LastIndexAny(s, `/\`); i >= 0 {
		s = s[i+1:]
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`<>:"|?*`, r), unicode.IsControl(r), unicode.In(r, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp):
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, norm.NFC.String(s))
	trim := func(s string) string { return strings.Trim(s, " .") }
	stem, ending := trim(s), ""
	for i, e := range endings {
		if i == 0 {
			ending = e
		}
		if n := len(stem) - len(e); n > 0 && strings.EqualFold(stem[n:], e) {
			stem, ending = trim(stem[:n]), e
			break
		}
	}
	if Blank(stem) {
		return ""
	}
	if room := []rune(stem); len(room) > max-len(ending) {
		stem = trim(string(room[:max-len(ending)]))
	}
	return norm.NFC.String(stem + ending)
}
