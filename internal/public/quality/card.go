package quality

import (
	"slices"
	"strconv"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/text"
)

// Mark is an item that a person found wrong.
type Mark struct {
	Item Code   `json:"item" maxLength:"40"`
	Note string `json:"note,omitempty" doc:"What exactly; required for a fatal item"`
}

// Card is a score card (质检评分表) as it is submitted. No mark at all says that
// nothing is wrong.
type Card struct {
	ID      id.ID  `json:"id" doc:"Client-made; a repeat changes nothing"`
	Marks   []Mark `json:"marks" nullable:"false" doc:"Items that are wrong; empty for none"`
	Summary string `json:"summary,omitempty"`
}

// MaxNote bounds the words of a mark, a summary, a dispute and a reason, in
// characters.
const MaxNote = 1000

// Clean gives the card as it will be stored, marks in the order of the
// catalogue, with the numbers of its fatal and other items.
func (c Card) Clean(items Catalogue) (clean Card, fatal, minor int, err error) {
	var bad []fault.Field
	if c.ID == id.Nil {
		bad = append(bad, fault.At("id", "fault.id"))
	}
	clean = Card{ID: c.ID, Marks: []Mark{}}
	clean.Summary = words("summary", c.Summary, false, &bad)
	if len(c.Marks) > len(items) {
		return clean, 0, 0, fault.Bad(append(bad, fault.At("marks", "fault.too_many_items").With("max", len(items)))...)
	}
	seen := map[Code]bool{}
	for i, m := range c.Marks {
		path := "marks[" + strconv.Itoa(i) + "]"
		item, ok := items.item(m.Item)
		if !ok || seen[m.Item] {
			bad = append(bad, fault.At(path+".item", "fault.field_choice"))
			continue
		}
		seen[m.Item] = true
		clean.Marks = append(clean.Marks, Mark{m.Item, words(path+".note", m.Note, item.Fatal, &bad)})
		if item.Fatal {
			fatal++
		} else {
			minor++
		}
	}
	if bad != nil {
		return clean, 0, 0, fault.Bad(bad...)
	}
	place := func(m Mark) int { return slices.IndexFunc(items, func(x Item) bool { return x.Code == m.Item }) }
	slices.SortFunc(clean.Marks, func(a, b Mark) int { return place(a) - place(b) })
	return clean, fatal, minor, nil
}

// codes are the items that a card marks.
func (c Card) codes() []Code {
	out := make([]Code, 0, len(c.Marks))
	for _, m := range c.Marks {
		out = append(out, m.Item)
	}
	return out
}

// words cleans what a person wrote.
func words(path, s string, required bool, bad *[]fault.Field) string {
	got, err := text.Clean(s)
	switch {
	case err != nil:
		*bad = append(*bad, fault.At(path, "fault.text_refused"))
	case text.Length(got) > MaxNote:
		*bad = append(*bad, fault.At(path, "fault.too_long").With("max", MaxNote))
	case required && text.Blank(got):
		*bad = append(*bad, fault.At(path, "fault.field_required"))
	}
	return got
}
