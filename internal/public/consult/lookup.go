package consult

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"mingfa/internal/base/text"
)

// The limits of a look-up.
const (
	maxLookUp     = 100 // characters of a question; what is longer is cut
	maxRuns       = 8   // words of it that count
	maxCandidates = 500 // articles that are weighed for one question
	maxFound      = 200 // articles that can be paged to
	maxMarks      = 50  // places shown in one text
)

// Mark is a place in a text that a look-up found: half-open, counted in
// characters (Unicode code points).
type Mark struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// Found is an article that a look-up found, with what to highlight.
type Found struct {
	Statute
	LawMarks  []Mark `json:"law_marks,omitempty" doc:"Places in law"`
	TextMarks []Mark `json:"text_marks,omitempty" doc:"Places in text"`

	key    [2]string // law and article as they are stored
	tier   tier
	weight float64
}

// tier is the first order of what is found: smaller is nearer; 0 is not known yet.
type tier int

const (
	exactly tier = 1 + iota // the article that was named
	byTitle                 // a word stands in the title of the law
	byWords                 // all words stand in the article
)

// lookUp is a question to the statutes, taken apart.
type lookUp struct {
	law     string   // a law's name that stands before an article, searchable; or ""
	article string   // ArticleNumber of an article at the end, or ""
	runs    [][]rune // the words, searchable
}

// newLookUp reads a question as people type it: "劳动合同法 82",
// "民法典第一百八十八条", "経済補償", "dismissal notice". It takes anything.
func newLookUp(s string) lookUp {
	rs := []rune(s)
	if len(rs) > maxLookUp {
		rs = rs[:maxLookUp]
	}
	var q lookUp
	q.law, q.article = citation(rs)
	folded, _ := text.Searchable(string(rs))
	for _, w := range text.Words(folded) {
		if run := folded[w[0]:w[1]]; len(q.runs) < maxRuns && !slices.ContainsFunc(q.runs, func(x []rune) bool { return slices.Equal(x, run) }) {
			q.runs = append(q.runs, run)
		}
	}
	return q
}

// citation finds an article at the end of a question: the longest end that
// ArticleNumber reads and that begins a word, and before it the law's name.
func citation(rs []rune) (law, article string) {
	for i := range rs {
		if i > 0 && sameWord(rs[i-1], rs[i]) {
			continue
		}
		number, ok := ArticleNumber(string(rs[i:]))
		if !ok && i > 0 && unicode.IsSpace(rs[i-1]) { // 劳动合同法 八十二
			number, ok = ArticleNumber(string(rs[i:]) + "条")
		}
		if ok {
			return lawSearch(string(rs[:i])), number
		}
	}
	return "", ""
}

// sameWord tells whether b continues the word or number that a stands in.
func sameWord(a, b rune) bool {
	latin := func(r rune) bool { return r < 0x250 && unicode.IsLetter(r) }
	return latin(a) && latin(b) || unicode.IsDigit(a) && unicode.IsDigit(b) ||
		strings.ContainsRune(numerals, a) && strings.ContainsRune(numerals, b) || a == '第'
}

const numerals = "零〇一二两兩三四五六七八九十百千"

// lawSearch is LawName in the form that laws are searched by.
func lawSearch(s string) string {
	folded, _ := text.Searchable(LawName(s))
	return string(folded)
}

// termsOf are what the index is asked for, for these words.
func termsOf(runs [][]rune) (all []string) {
	for _, run := range runs {
		terms := text.Terms(run)
		if len(run) > 1 && len(terms) > 1 { // each two that follow one another say it all
			terms = slices.DeleteFunc(terms, func(t string) bool { return len([]rune(t)) == 1 })
		}
		for _, t := range terms {
			if !slices.Contains(all, t) {
				all = append(all, t)
			}
		}
	}
	return all
}

// weigh marks an article and tells whether each word stands in it or in its
// law's title. The weight is the part of the text that is marked.
func (q lookUp) weigh(f *Found) bool {
	title, titleFrom := text.Searchable(f.Law)
	words, wordsFrom := text.Searchable(f.Text)
	inTitle, inText := 0, 0
	for _, run := range q.runs {
		a := places(title, titleFrom, run)
		b := places(words, wordsFrom, run)
		if len(a)+len(b) == 0 && f.tier != exactly {
			return false
		}
		if len(a) > 0 {
			inTitle++
		}
		inText += len(b) * len(run)
		f.LawMarks, f.TextMarks = append(f.LawMarks, a...), append(f.TextMarks, b...)
	}
	f.LawMarks, f.TextMarks = joined(f.LawMarks), joined(f.TextMarks)
	if f.tier != exactly {
		if f.tier = byWords; inTitle > 0 {
			f.tier = byTitle
		}
		f.weight = float64(inText)/float64(max(len(words), 50)) + float64(inTitle)
	}
	return true
}

// places are where a run stands in what Searchable gave, as places of the text
// before it. Letters and digits are found as whole words only.
func places(folded []rune, from []int, run []rune) (found []Mark) {
	whole := wordRune(run[0])
	for i := 0; i+len(run) <= len(folded); i++ {
		end := i + len(run)
		if folded[i] != run[0] || !slices.Equal(folded[i:end], run) {
			continue
		}
		if whole && (i > 0 && wordRune(folded[i-1]) || end < len(folded) && wordRune(folded[end])) {
			continue
		}
		found = append(found, Mark{from[i], from[end-1] + 1})
		i = end - 1
	}
	return found
}

// wordRune tells whether a letter or digit that is no Chinese character.
func wordRune(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)) && !unicode.Is(unicode.Han, r)
}

// joined puts marks in order and joins those that touch; at most maxMarks.
func joined(marks []Mark) []Mark {
	slices.SortFunc(marks, func(a, b Mark) int { return cmp.Compare(a.From, b.From) })
	var out []Mark
	for _, m := range marks {
		if n := len(out); n > 0 && m.From <= out[n-1].To {
			out[n-1].To = max(out[n-1].To, m.To)
			continue
		}
		out = append(out, m)
	}
	return out[:min(len(out), maxMarks)]
}

// ranked orders what was found: the article that was named, titles, then how
// dense the words stand; articles of one law by their numbers.
func ranked(all []Found) []Found {
	slices.SortStableFunc(all, func(a, b Found) int {
		return cmp.Or(cmp.Compare(a.tier, b.tier), cmp.Compare(b.weight, a.weight),
			cmp.Compare(len(a.key[0]), len(b.key[0])), cmp.Compare(a.key[0], b.key[0]),
			cmp.Compare(len(a.key[1]), len(b.key[1])), cmp.Compare(a.key[1], b.key[1]))
	})
	return all[:min(len(all), maxFound)]
}
