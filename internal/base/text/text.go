// Package text says what a text is for this house: which bytes are kept, how
// long a text is, and when two texts are the same to a search.
//
// At the door every text goes through Clean: it is refused, or kept exactly as
// it came but for Unicode normal form C and line ends. Nothing is trimmed,
// shortened or repaired. NUL, invalid UTF-8 and the other C0 and C1 control
// characters are refused (PostgreSQL cannot hold NUL, terminals and logs obey
// the others); newline and tab are text.
//
// Lengths are counted here and never by a database, because SQLite, PostgreSQL
// and browsers disagree. Limits of Appendix B ("64 accepted, 65 refused") count
// by Length. The rule that a lawyer's reply exceeds 50 characters (B6.2.1.2b,
// 回复应超过50字) counts by Own.
//
// All functions are pure and safe for concurrent use.
package text

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// ErrRefused is what Clean answers to bytes that are no text. It names no
// position and echoes nothing; the reader's text is "fault.text_refused".
var ErrRefused = errors.New("text holds invalid UTF-8 or control characters")

// Clean gives the form of s that is stored: NFC, line ends as \n. It refuses
// invalid UTF-8 and control characters other than newline and tab (a carriage
// return is taken only as part of a line end). Clean(Clean(s)) = Clean(s).
func Clean(s string) (string, error) {
	if !utf8.ValidString(s) {
		return "", ErrRefused
	}
	if strings.Contains(s, "\r") {
		s = strings.ReplaceAll(s, "\r\n", "\n")
	}
	for _, r := range s {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return "", ErrRefused
		}
	}
	return norm.NFC.String(s), nil
}

// Length counts the characters (Unicode code points) of s in NFC: 64 Han
// characters are 64, an e with an accent is 1 however it was typed.
func Length(s string) int { return utf8.RuneCountInString(norm.NFC.String(s)) }

// Blank tells whether a reader sees nothing in s: it holds only spaces,
// invisible format characters, controls and fillers.
func Blank(s string) bool {
	for _, r := range s {
		if !unicode.IsSpace(r) && !unicode.In(r, unicode.Cc, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) {
			return false
		}
	}
	return true
}

// Own counts the characters of a lawyer's own text as B6.2.1.2b means them:
// each Han character (all extensions) is 1, each word or number in another
// script is 1, punctuation, symbols and spaces are 0.
//
// A word is a run of letters, digits and their marks; an apostrophe between
// letters ("don't") and a point or comma between digits ("3.5", "10,000") do
// not end it.
func Own(s string) int {
	n := 0
	rs := []rune(norm.NFC.String(s))
	inWord := false
	for i, r := range rs {
		switch {
		case isHan(r):
			n++
			inWord = false
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if !inWord {
				n++
			}
			inWord = true
		case unicode.IsMark(r):
			// belongs to what stands before it
		case inWord && joins(rs, i):
			// inside a word
		default:
			inWord = false
		}
	}
	return n
}

func isHan(r rune) bool {
	return unicode.Is(unicode.Han, r) && (unicode.IsLetter(r) || unicode.IsNumber(r))
}

// joins tells whether the sign at i stands inside a word or number.
func joins(rs []rune, i int) bool {
	if i == 0 || i+1 == len(rs) {
		return false
	}
	before, after := rs[i-1], rs[i+1]
	switch rs[i] {
	case '\'', '’':
		return unicode.IsLetter(before) && unicode.IsLetter(after) && !isHan(after)
	case '.', ',':
		return unicode.IsDigit(before) && unicode.IsDigit(after)
	}
	return false
}

// Fold gives the form under which texts are compared and searched: NFKC and
// full case folding, so that full-width and half-width, upper and lower case
// are the same. It is for look-up only and never shown. Fold(Fold(s)) =
// Fold(s).
func Fold(s string) string {
	for range 4 { // folding can open a new composition; two rounds are the rule
		next := norm.NFKC.String(cases.Fold().String(norm.NFKC.String(s)))
		if next == s {
			break
		}
		s = next
	}
	return s
}
