package paper

import (
	"regexp"
	"strings"
	"unicode"
)

// plain is a text without what would break a file: invalid UTF-8 becomes
// U+FFFD, a control character other than tab, newline and carriage return its
// picture (U+2400 and after; U+FFFD for those above U+007F).
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return r
		case r < 0x20:
			return 0x2400 + r
		case r == 0x7f:
			return 0x2421
		case unicode.IsControl(r) || r == 0xfffe || r == 0xffff:
			return unicode.ReplacementChar
		}
		return r
	}, strings.ToValidUTF8(s, string(unicode.ReplacementChar)))
}

// formula is what a spreadsheet takes for a formula when it opens a CSV file, as
// Unicode has it in both widths, and what guard makes of it.
var formula = regexp.MustCompile(`^'*[=+\-@\t\r\n＝＋－＠]`)

// guard defuses a text that a spreadsheet would take for a formula: one more
// apostrophe in front. Unguard(guard(s)) = s for every s.
func guard(s string) string {
	if formula.MatchString(s) {
		return "'" + s
	}
	return s
}

// Unguard gives the text of a cell of our CSV files back, for whoever imports
// one: of a text that begins with apostrophes and then one of = + - @ (in either
// width), tab, CR or LF, one apostrophe goes. Only texts are guarded: -5 in a
// column of numbers is a number.
func Unguard(cell string) string {
	if strings.HasPrefix(cell, "'") && formula.MatchString(cell) {
		return cell[1:]
	}
	return cell
}

// Guard defuses a text for a CSV file that somebody else writes; Unguard gives
// it back.
func Guard(cell string) string { return guard(cell) }
