// Package say holds every text that a person reads, in the three languages of
// the house: Simplified Chinese, Traditional Chinese (Hong Kong) and English.
//
// A text has a key ("consult.too_short") and may have places for values,
// written {name}. Each room registers its texts from a package-level variable
// or an init function:
//
//	func init() { say.Register(map[string]say.Texts{ ... }) }
//
// What a caller may trust: a key is registered once (a second time panics at
// start), a value is put in as it is and never read as a template again, and
// Text never fails. A key that nobody registered, or a place that got no value,
// shows as itself and is counted; Gaps gives the counts and tests fail on them.
// Problems tells what is wrong with the texts themselves: a language that is
// missing, or places that differ between languages.
//
// Rendered text is never stored: the database keeps keys and values, so that a
// reader sees his own language, also of yesterday's events. Values come from
// us (numbers, names of laws, times); what a person submitted is never put into
// the text of a fault.
//
// The registry is written while packages initialise and only read afterwards;
// a lock makes both safe at any time.
package say

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// The languages, as BCP 47 tags. Hans is what a reader gets who names none of
// them.
const (
	Hans = "zh-Hans"    // 简体中文
	Hant = "zh-Hant-HK" // 繁體中文(香港)
	En   = "en"
)

// Languages are all of them, in the order of the house.
var Languages = []string{Hans, Hant, En}

// Texts is one text in the three languages.
type Texts struct{ Hans, Hant, En string }

// In gives the text of a language; any other language gives Simplified Chinese.
func (t Texts) In(lang string) string {
	switch lang {
	case Hant:
		return t.Hant
	case En:
		return t.En
	}
	return t.Hans
}

var registry = struct {
	sync.RWMutex
	texts map[string]Texts
	gaps  map[string]int
}{texts: map[string]Texts{}, gaps: map[string]int{}}

// Register adds texts. A key that is there already panics: two rooms would
// speak with one voice without knowing it.
func Register(texts map[string]Texts) {
	registry.Lock()
	defer registry.Unlock()
	for key := range texts {
		if _, twice := registry.texts[key]; twice {
			panic(fmt.Sprintf("say: the text %q is registered twice", key))
		}
	}
	maps.Copy(registry.texts, texts)
}

// Has tells whether a key is registered.
func Has(key string) bool {
	registry.RLock()
	defer registry.RUnlock()
	_, ok := registry.texts[key]
	return ok
}

// Keys gives all keys, sorted.
func Keys() []string {
	registry.RLock()
	defer registry.RUnlock()
	return slices.Sorted(maps.Keys(registry.texts))
}

var place = regexp.MustCompile(`\{[a-z][a-z0-9_]*\}`)

// Text gives the text of key in lang with the values of args in their places.
// An unknown key gives the key itself.
func Text(lang, key string, args map[string]any) string {
	registry.RLock()
	t, ok := registry.texts[key]
	registry.RUnlock()
	if !ok {
		gap(key)
		return key
	}
	return Fill(t.In(lang), args)
}

// Fill puts values into the places of a text that does not stand in the
// registry, such as the template of an operator.
func Fill(template string, args map[string]any) string {
	if !strings.Contains(template, "{") {
		return template
	}
	return place.ReplaceAllStringFunc(template, func(p string) string {
		v, ok := args[p[1:len(p)-1]]
		if !ok {
			gap(p)
			return p
		}
		return fmt.Sprint(v)
	})
}

// Places gives the names of the places of a text, sorted, each once.
func Places(template string) []string {
	var names []string
	for _, p := range place.FindAllString(template, -1) {
		names = append(names, p[1:len(p)-1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func gap(name string) {
	registry.Lock()
	defer registry.Unlock()
	if _, known := registry.gaps[name]; known || len(registry.gaps) < 1000 {
		registry.gaps[name]++
	}
}

// Gaps gives the unknown keys and empty places that were asked for since the
// start, with their counts.
func Gaps() map[string]int {
	registry.RLock()
	defer registry.RUnlock()
	return maps.Clone(registry.gaps)
}

// Problems tells what is wrong with the registered texts, one line each,
// sorted. No line is the only good answer, and a test of app demands it.
func Problems() []string {
	registry.RLock()
	defer registry.RUnlock()
	var lines []string
	for key, t := range registry.texts {
		lines = append(lines, problemsOf(key, t)...)
	}
	slices.Sort(lines)
	return lines
}

func problemsOf(key string, t Texts) []string {
	var lines []string
	want := Places(t.Hans)
	for _, lang := range Languages {
		text := t.In(lang)
		if strings.TrimSpace(text) == "" {
			lines = append(lines, fmt.Sprintf("%s: no text in %s", key, lang))
		} else if !slices.Equal(Places(text), want) {
			lines = append(lines, fmt.Sprintf("%s: places %v in %s, %v in %s", key, Places(text), lang, want, Hans))
		}
	}
	return lines
}

// Language picks the language of the house that an Accept-Language header (or
// a single tag) asks for first. Traditional script, Hong Kong, Macao, Taiwan
// and Cantonese give zh-Hant-HK; all other Chinese and everything unknown give
// zh-Hans.
func Language(acceptLanguage string) string {
	type wish struct {
		lang string
		q    int // thousandths
	}
	if len(acceptLanguage) > 1000 { // a header longer than any browser's
		acceptLanguage = acceptLanguage[:1000]
	}
	var wishes []wish
	for item := range strings.SplitSeq(acceptLanguage, ",") {
		tag, params, _ := strings.Cut(item, ";")
		if lang := ofTag(strings.TrimSpace(tag)); lang != "" {
			wishes = append(wishes, wish{lang, weight(params)})
		}
	}
	slices.SortStableFunc(wishes, func(a, b wish) int { return cmp.Compare(b.q, a.q) })
	if len(wishes) == 0 || wishes[0].q == 0 {
		return Hans
	}
	return wishes[0].lang
}

// ofTag gives the language of the house for one tag, or "".
func ofTag(tag string) string {
	parts := strings.Split(strings.ToLower(strings.ReplaceAll(tag, "_", "-")), "-")
	has := func(p string) bool { return slices.Contains(parts[1:], p) }
	switch parts[0] {
	case "en":
		return En
	case "zh", "yue", "cmn":
		switch {
		case has("hans"):
			return Hans
		case has("hant"), has("hk"), has("tw"), has("mo"), has("yue"), parts[0] == "yue":
			return Hant
		}
		return Hans
	}
	return ""
}

// weight reads "q=0.8" as 800; anything unreadable counts as 1.
func weight(params string) int {
	value, ok := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
	if !ok {
		return 1000
	}
	whole, frac, _ := strings.Cut(value, ".")
	if whole != "0" {
		return 1000
	}
	frac = (frac + "000")[:3]
	n := 0
	for _, c := range []byte(frac) {
		if c < '0' || c > '9' {
			return 1000
		}
		n = n*10 + int(c-'0')
	}
	return n
}
