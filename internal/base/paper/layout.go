package paper

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// metric is the width of a rune in millimetres, in the size that is set.
type metric func(rune) float64

func (m metric) of(s string) (w float64) {
	for _, r := range s {
		w += m(r)
	}
	return w
}

// wrap breaks a text into lines of at most width: at newlines, after spaces,
// between Chinese characters, and where nothing else helps inside a word. A
// closing mark stays with what stands before it, an opening one with what comes
// after. All characters but the spaces at a break are kept.
func wrap(s string, width float64, m metric) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(s, "\n") {
		line, w := []rune{}, 0.0
		for _, p := range pieces(paragraph) {
			word := strings.TrimRight(string(p), " ")
			spaces := float64(len(string(p))-len(word)) * m(' ')
			if w+m.of(word) > width && len(line) > 0 {
				lines = append(lines, strings.TrimRight(string(line), " "))
				line, w = nil, 0
			}
			for _, r := range word {
				if w+m(r) > width && len(line) > 0 {
					lines = append(lines, string(line))
					line, w = nil, 0
				}
				line, w = append(line, r), w+m(r)
			}
			line, w = append(line, p[utf8.RuneCountInString(word):]...), w+spaces
		}
		lines = append(lines, strings.TrimRight(string(line), " "))
	}
	return lines
}

// pieces cuts a paragraph where a line may be broken.
func pieces(s string) [][]rune {
	var out [][]rune
	rs := []rune(s)
	begin := 0
	for i := 1; i < len(rs); i++ {
		if mayBreak(rs[i-1], rs[i]) {
			out = append(out, rs[begin:i])
			begin = i
		}
	}
	return append(out, rs[begin:])
}

const (
	closing = "，。、；：？！）」』》〉】〕”’％%…)]},.;:!?"
	opening = "（「『《〈【〔“‘([{"
)

// mayBreak tells whether a line may end between two runes.
func mayBreak(a, b rune) bool {
	switch {
	case b == ' ' || unicode.IsMark(b) || strings.ContainsRune(closing, b) || strings.ContainsRune(opening, a):
		return false
	case a == ' ' || a == '_' || a == '/':
		return true
	}
	return wide(a) || wide(b)
}

// wide is what is written without spaces between words.
func wide(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) || r >= 0x3000 && r < 0x3040 || r >= 0xff00 && r < 0xff65
}

// widths shares a page's width among columns, as browsers do: each gets what
// its longest word needs, the rest goes by how much longer its longest line is.
// Where not even the words fit, each gets half a fair share and words are
// broken. natural and least hold a width for each column.
func widths(natural, least []float64, page float64) []float64 {
	switch {
	case sum(natural) <= page:
		return spread(slices.Clone(natural), page)
	case sum(least) <= page:
		return share(least, natural, page)
	}
	floor := slices.Clone(least)
	for i := range floor {
		floor[i] = min(floor[i], page/float64(2*len(floor)))
	}
	return share(floor, least, page)
}

// share gives each column between low and high, all together the page.
func share(low, high []float64, page float64) []float64 {
	out := slices.Clone(low)
	rest := (page - sum(low)) / (sum(high) - sum(low)) // below 1: high does not fit
	for i := range out {
		out[i] += rest * (high[i] - low[i])
	}
	return out
}

// spread widens columns that have room to the whole page.
func spread(w []float64, page float64) []float64 {
	s := sum(w)
	if s == 0 {
		return w
	}
	for i := range w {
		w[i] *= page / s
	}
	return w
}

func sum(all []float64) (s float64) {
	for _, x := range all {
		s += x
	}
	return s
}
