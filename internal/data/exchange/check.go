package exchange

import (
	"maps"
	"slices"
	"strings"
	"time"

	"mingfa/internal/base/element"
	"mingfa/internal/base/say"
	"mingfa/internal/base/sheet"
	"mingfa/internal/base/text"
)

// flags is the column in which an export marks values that other systems may cut.
const flags = "flags"

// reader makes rows of elements of the rows of a file. It has no effects: what is
// wrong goes to tell.
type reader struct {
	table  element.Table
	format sheet.Format
	rules  element.Rules
	known  element.Known
	tell   func(Problem)
	taken  map[string]int // "code value" of unique elements, to the row that had it first
	heads  map[*string][]column
}

// column is what a column of the file holds: an element, or nothing of ours.
type column struct {
	element.Element
	skip bool
}

func newReader(t element.Table, f sheet.Format, r element.Rules, k element.Known, tell func(Problem)) *reader {
	return &reader{table: t, format: f, rules: r, known: k, tell: tell, taken: map[string]int{}, heads: map[*string][]column{}}
}

// find reads the head of a column: the code first, or the element's bare name in
// one of the languages.
func find(t element.Table, head string) (column, bool) {
	head = strings.TrimSpace(head)
	code, _, _ := strings.Cut(head, " ")
	list, _, one := strings.Cut(code, ".")
	if code == flags || one && t == element.Lawyers && (list == courtsOf || list == fieldsOf) { // made of other columns
		return column{skip: true}, true
	}
	for _, e := range element.Of(t) {
		if e.Code == code {
			return column{Element: e}, true
		}
		for _, language := range say.Languages {
			if text.Fold(head) == text.Fold(say.Text(language, e.Key(), nil)) {
				return column{Element: e}, true
			}
		}
	}
	return column{}, false
}

// isHead tells whether a row of a file is its head: at least two of its names are
// elements of the table, or all of them.
func isHead(t element.Table) func([]string) bool {
	return func(names []string) bool {
		found, filled := 0, 0
		for _, n := range names {
			if strings.TrimSpace(n) == "" {
				continue
			}
			filled++
			if c, ok := find(t, n); ok && !c.skip {
				found++
			}
		}
		return found > 1 || found == 1 && filled == 1
	}
}

// columns reads the head, once for a table, once for each object of JSON.
func (r *reader) columns(row sheet.Row) []column {
	if len(row.Names) == 0 {
		return nil
	}
	if known, ok := r.heads[&row.Names[0]]; ok {
		return known
	}
	out, seen := make([]column, len(row.Names)), map[string]bool{}
	whole := len(r.heads) == 0
	for i, name := range row.Names {
		c, ok := find(r.table, name)
		switch {
		case strings.TrimSpace(name) == "":
			c.skip = true
		case !ok:
			r.tell(Problem{Column: letters(i), Key: "exchange.column_unknown"})
			c.skip = true
		case !c.skip && seen[c.Code]:
			r.tell(Problem{Column: c.Code, Key: "exchange.column_twice"})
			c.skip = true
		}
		out[i], seen[c.Code] = c, true
	}
	for _, e := range element.Of(r.table) {
		if whole && r.format != sheet.JSON && e.Required(r.rules) && !seen[e.Code] {
			r.tell(Problem{Column: e.Code, Key: "exchange.column_missing"})
		}
	}
	if whole { // JSON has a head for each row: only the first is kept
		r.heads[&row.Names[0]] = out
	}
	return out
}

// row checks a row of the file and gives its values as they are stored.
func (r *reader) row(row sheet.Row) element.Row {
	columns := r.columns(row)
	out := element.Row{}
	bad := map[string]bool{}
	fail := func(column, key string, args map[string]any) {
		bad[column] = true
		r.tell(Problem{Row: row.N, Column: column, Key: key, Args: args})
	}
	for i, cell := range row.Cells {
		if i >= len(columns) || columns[i].skip {
			if i >= len(columns) && (cell.Text != "" || cell.Bad != "") {
				fail(letters(i), "exchange.column_beyond", nil)
			}
			continue
		}
		e := columns[i].Element
		if cell.Bad != "" {
			fail(e.Code, cell.Bad, nil)
			continue
		}
		v, why := e.Check(cell.Text, r.rules, r.known)
		switch {
		case why != "":
			fail(e.Code, why, map[string]any{"max": e.Max})
		case v != "":
			out[e.Code] = v
		}
	}
	for _, e := range element.Of(r.table) {
		if e.Required(r.rules) && out[e.Code] == "" && !bad[e.Code] {
			fail(e.Code, "fault.field_required", nil)
		}
		if v := out[e.Code]; e.Unique && v != "" {
			key := e.Code + " " + text.Fold(v)
			if first, twice := r.taken[key]; twice {
				fail(e.Code, "exchange.twice", map[string]any{"row": first})
			} else {
				r.taken[key] = row.N
			}
		}
	}
	return out
}

// when is the instant of a row by which exports are narrowed: when an order was
// asked; of all else when it was imported.
func when(t element.Table, row element.Row, imported time.Time) time.Time {
	if t == element.Orders {
		for _, form := range []string{time.RFC3339Nano, time.DateOnly} {
			if at, err := time.ParseInLocation(form, row["20502"], element.China); err == nil {
				return at
			}
		}
	}
	return imported
}

// phoneOf is the element that holds the phone of a row's person.
func phoneOf(t element.Table) string {
	return map[element.Table]string{element.Users: "20103", element.Lawyers: "20202", element.Orders: "20508"}[t]
}

// uniques are the elements of a table that no two rows share, but for its phone:
// at most two.
func uniques(t element.Table) []string {
	var out []string
	for _, e := range element.Of(t) {
		if e.Unique && e.Code != phoneOf(t) {
			out = append(out, e.Code)
		}
	}
	return out
}

// letters name a column as a spreadsheet does, from 0: A, Z, AA.
func letters(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return letters(i/26-1) + letters(i%26)
}

// cells are the columns of an export: the elements as they are shown, and which of
// them are flagged.
func cells(t element.Table, row element.Row) []string {
	var out, flagged []string
	for _, e := range element.Of(t) {
		v := row[e.Code]
		if e.Flagged(v) {
			flagged = append(flagged, e.Code)
		}
		out = append(out, e.Shown(v))
	}
	if hasFlags(t) {
		out = append(out, strings.Join(flagged, ";"))
	}
	return out
}

func hasFlags(t element.Table) bool {
	return slices.ContainsFunc(element.Of(t), func(e element.Element) bool { return e.Flag > 0 })
}

// heads are the heads of an export.
func heads(t element.Table, language string) []sheet.Head {
	var out []sheet.Head
	for _, e := range element.Of(t) {
		out = append(out, sheet.Head{Name: e.Code, Title: e.Title(language)})
	}
	if hasFlags(t) {
		out = append(out, sheet.Head{Name: flags, Title: flags + " " + say.Text(language, "exchange.flags", nil)})
	}
	return out
}

// over lays what a person told himself over what was imported of him.
func over(below, above element.Row) element.Row {
	out := maps.Clone(below)
	if out == nil {
		out = element.Row{}
	}
	for k, v := range above {
		if v != "" {
			out[k] = v
		}
	}
	return out
}
