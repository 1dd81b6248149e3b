package text

import (
	_ "embed" // the table of characters
	"strings"
	"sync"
	"unicode"
)

//go:embed simple.txt
var simpleTable string

// simple maps a traditional character to the simplified one, character by
// character: where one traditional character has several, the usual one.
var simple = sync.OnceValue(func() map[rune]rune {
	_, table, _ := strings.Cut(simpleTable, "\n") // the first line says what it is
	m := make(map[rune]rune, 1500)
	for _, pair := range strings.Fields(table) {
		r := []rune(pair)
		m[r[0]] = r[1]
	}
	return m
})

// Searchable is what a search compares of a text: its characters folded like
// Fold, and traditional Chinese characters as simplified ones, so that 勞動 and
// 劳动 are the same. from[i] is the character of s (counted in code points) that
// gave folded[i]; one character may give several. Each character is folded by
// itself, so a prefix of a text gives a prefix of this.
func Searchable(s string) (folded []rune, from []int) {
	common, rest := commonSimple(), simple()
	folded, from = make([]rune, 0, len(s)/2), make([]int, 0, len(s)/2)
	n := 0
	for _, r := range s {
		switch {
		case r >= 'A' && r <= 'Z':
			folded, from = append(folded, r+'a'-'A'), append(from, n)
		case r < 0x80 || r == '，' || r == '。' || r == '、':
			folded, from = append(folded, r), append(from, n)
		case r >= firstCommon && r < endCommon:
			folded, from = append(folded, common[r-firstCommon]), append(from, n)
		default:
			for _, x := range Fold(string(r)) {
				if y, ok := rest[x]; ok {
					x = y
				}
				folded, from = append(folded, x), append(from, n)
			}
		}
		n++
	}
	return folded, from
}

// The characters that nearly all texts are written in.
const (
	firstCommon = 0x4e00
	endCommon   = 0xa000
)

// commonSimple is simple for those, as a table: a map took half of a look-up.
var commonSimple = sync.OnceValue(func() *[endCommon - firstCommon]rune {
	var t [endCommon - firstCommon]rune
	for i := range t {
		t[i] = firstCommon + rune(i)
		if r, ok := simple()[t[i]]; ok {
			t[i] = r
		}
	}
	return &t
})

// maxWord bounds a word of letters; what is longer is cut into such pieces.
const maxWord = 40

// Words cuts what Searchable gave into runs: Chinese characters that follow one
// another, or letters and digits that do. All else stands between runs. Each is
// the half-open range of one run.
func Words(folded []rune) (runs [][2]int) {
	start, sort := 0, 0
	for i := 0; i <= len(folded); i++ {
		now := 0
		if i < len(folded) {
			now = sortOf(folded[i])
		}
		if now == sort && !(sort == letters && i-start >= maxWord) {
			continue
		}
		if sort != 0 {
			runs = append(runs, [2]int{start, i})
		}
		start, sort = i, now
	}
	return runs
}

// The sorts of characters: others are 0.
const (
	han = 1 + iota
	letters
)

func sortOf(r rune) int {
	switch {
	case r >= firstCommon && r < endCommon || isHan(r):
		return han
	case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r):
		return letters
	}
	return 0
}

// Terms are the words of an index for what Searchable gave, each once: of a run
// of Chinese characters each character and each two that follow one another, of
// letters and digits the whole word. They hold letters, digits and marks only,
// so they need no quoting anywhere. A text has a run of a search if it has all
// of its terms; the opposite must be checked against the text.
func Terms(folded []rune) []string {
	seen := map[string]bool{}
	var out []string
	add := func(r []rune) {
		if t := string(r); !seen[t] {
			seen[t] = true
			out = append(out, t)
		}
	}
	for _, w := range Words(folded) {
		run := folded[w[0]:w[1]]
		if sortOf(run[0]) != han {
			add(run)
			continue
		}
		for i := range run {
			add(run[i : i+1])
			if i > 0 {
				add(run[i-1 : i+1])
			}
		}
	}
	return out
}
