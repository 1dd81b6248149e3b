package workday

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"mingfa/internal/base/say"
)

// Limits of an import.
const (
	MaxRows  = 5000
	maxBytes = 1 << 20
	maxName  = 512 // bytes
	maxTold  = 20  // row errors named in one answer
)

// RowError says what is wrong in one line of a CSV file. Key is a text of
// base/say; nothing of the file is repeated in it.
type RowError struct {
	Line int    // 1 = header
	Key  string // "workday.row_date", ...
}

func (e RowError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Key) }

// RowErrors is what Import answers when rows are wrong: the first twenty.
type RowErrors []RowError

func (e RowErrors) Error() string {
	lines := make([]string, len(e))
	for i, r := range e {
		lines[i] = r.Error()
	}
	return strings.Join(lines, "; ")
}

// Text tells what is wrong, a line for each row, in a language.
func (e RowErrors) Text(language string) string {
	lines := make([]string, len(e))
	for i, r := range e {
		lines[i] = say.Text(language, r.Key, nil)
		if r.Line > 0 {
			lines[i] = say.Text(language, "workday.line", map[string]any{"line": r.Line, "text": lines[i]})
		}
	}
	return strings.Join(lines, "\n")
}

// Years are the years of which a notice was imported, in order.
func (c Calendar) Years() (years []int) {
	for d := range c.Days {
		if !slices.Contains(years, d.Year) && c.Covers(d.Year) {
			years = append(years, d.Year)
		}
	}
	slices.Sort(years)
	return years
}

// Import reads the special days of a notice from CSV in UTF-8 with a header:
// date (YYYY-MM-DD), kind (holiday or workday) and name, in any order; other
// columns are ignored, and without the column kind all rows are holidays. A day
// may stand twice if both rows make the same of it. Any wrong row refuses the
// whole file, with RowErrors; half a notice would be worse than none.
func Import(r io.Reader) (map[Date]Day, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read calendar: %w", err)
	}
	if len(b) > maxBytes {
		return nil, RowErrors{{0, "workday.file_too_large"}}
	}
	if !utf8.Valid(b) {
		return nil, RowErrors{{0, "workday.file_encoding"}}
	}
	rows := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(b), "\ufeff")))
	rows.FieldsPerRecord = -1
	head, err := rows.Read()
	if err != nil {
		return nil, RowErrors{{1, "workday.row_header"}}
	}
	cols := columns(head)
	if _, ok := cols["date"]; !ok {
		return nil, RowErrors{{1, "workday.row_header"}}
	}
	return readRows(rows, cols)
}

func columns(head []string) map[string]int {
	cols := map[string]int{}
	for i, name := range head {
		cols[strings.ToLower(strings.TrimSpace(name))] = i
	}
	return cols
}

func readRows(rows *csv.Reader, cols map[string]int) (map[Date]Day, error) {
	days, wrong := map[Date]Day{}, RowErrors{}
	for n := 0; len(wrong) < maxTold; n++ {
		rec, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil { // quotes: what follows can't be trusted
			line := 0
			if e, ok := errors.AsType[*csv.ParseError](err); ok {
				line = e.Line
			}
			wrong = append(wrong, RowError{line, "workday.row_csv"})
			break
		}
		line, _ := rows.FieldPos(0)
		if n >= MaxRows {
			wrong = append(wrong, RowError{line, "workday.file_too_large"})
			break
		}
		date, day, key := readRow(rec, cols)
		if old, twice := days[date]; key == "" && twice && old.Kind != day.Kind {
			key = "workday.row_contradiction"
		}
		if key != "" {
			wrong = append(wrong, RowError{line, key})
			continue
		}
		days[date] = day
	}
	if len(wrong) > 0 {
		return nil, wrong
	}
	return days, nil
}

// readRow gives the key of what is wrong, or "".
func readRow(rec []string, cols map[string]int) (Date, Day, string) {
	cell := func(name string) string {
		if i, ok := cols[name]; ok && i < len(rec) {
			return strings.TrimSpace(rec[i])
		}
		return ""
	}
	date, err := ParseDate(cell("date"))
	if err != nil || date.Year < 1900 || date.Year > 2200 {
		return Date{}, Day{}, "workday.row_date"
	}
	day := Day{Kind: Kind(cell("kind")), Name: cell("name")}
	if _, given := cols["kind"]; !given {
		day.Kind = Holiday
	}
	if day.Kind != Holiday && day.Kind != Workday {
		return Date{}, Day{}, "workday.row_kind"
	}
	if len(day.Name) > maxName {
		return Date{}, Day{}, "workday.row_name"
	}
	for _, r := range day.Name {
		if r < ' ' || r == 0x7f {
			return Date{}, Day{}, "workday.row_name"
		}
	}
	return date, day, ""
}
