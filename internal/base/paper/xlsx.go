package paper

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// The limits of the format.
const (
	maxCell  = 32767 // UTF-16 units in a cell
	maxSheet = 31    // UTF-16 units in the name of a sheet
	maxRows  = 1 << 20
)

// XLSX writes a document as a workbook: the first sheet has the title and the
// metadata, each table has a sheet of its own, its head in the first row and
// kept in sight. Texts are texts, never formulas; ratios are numbers shown in
// per cent, n/a as a text; times have no zone in this format, so they are those
// of their column's zone, which its head names.
func XLSX(d *Doc) ([]byte, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	f := excelize.NewFile()
	defer f.Close() //nolint:errcheck // in memory
	b, err := newBook(f)
	if err != nil {
		return nil, err
	}
	if err := b.front(d); err != nil {
		return nil, err
	}
	for i := range d.Tables {
		if err := b.table(&d.Tables[i]); err != nil {
			return nil, err
		}
	}
	at := d.At.UTC().Format(time.RFC3339)
	if err := f.SetDocProps(&excelize.DocProperties{Title: plain(d.Title), Creator: "mingfa", LastModifiedBy: "mingfa", Created: at, Modified: at, Language: d.Lang}); err != nil {
		return nil, fmt.Errorf("name the workbook: %w", err)
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		return nil, fmt.Errorf("write the workbook: %w", err)
	}
	return out.Bytes(), nil
}

// book is a workbook that is being written.
type book struct {
	f           *excelize.File
	names       map[string]bool
	title, head int
	styles      [Moments + 1]int
}

func newBook(f *excelize.File) (*book, error) {
	b := &book{f: f, names: map[string]bool{}}
	top := &excelize.Alignment{Vertical: "top", WrapText: true}
	day := "yyyy-mm-dd hh:mm:ss"
	var err error
	for _, s := range []struct {
		to    *int
		style excelize.Style
	}{
		{&b.title, excelize.Style{Font: &excelize.Font{Bold: true, Size: 16}}},
		{&b.head, excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: top,
			Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EEF4"}}}},
		{&b.styles[Texts], excelize.Style{NumFmt: 49, Alignment: top}}, // 49 is text
		{&b.styles[Wholes], excelize.Style{NumFmt: 3, Alignment: top}},
		{&b.styles[Decimals], excelize.Style{NumFmt: 4, Alignment: top}},
		{&b.styles[Percents], excelize.Style{NumFmt: 10, Alignment: &excelize.Alignment{Vertical: "top", Horizontal: "right"}}},
		{&b.styles[Moments], excelize.Style{CustomNumFmt: &day, Alignment: top}},
	} {
		if *s.to, err = f.NewStyle(&s.style); err != nil {
			return nil, fmt.Errorf("make the styles of the workbook: %w", err)
		}
	}
	return b, nil
}

// front fills the first sheet.
func (b *book) front(d *Doc) error {
	name := b.name(d.Title)
	if err := b.f.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	if err := b.text(name, 1, 1, d.Title, b.title); err != nil {
		return err
	}
	for i, m := range d.Meta {
		if err := b.text(name, 1, i+2, m.Label, b.head); err != nil {
			return err
		}
		if err := b.text(name, 2, i+2, m.Text, b.styles[Texts]); err != nil {
			return err
		}
	}
	if err := b.f.SetColWidth(name, "A", "A", 24); err != nil {
		return err
	}
	return b.f.SetColWidth(name, "B", "B", 80)
}

// table fills a sheet.
func (b *book) table(t *Table) error {
	if len(t.Rows) >= maxRows {
		return fmt.Errorf("paper: %d rows are more than a sheet holds", len(t.Rows))
	}
	name := b.name(t.Title)
	if _, err := b.f.NewSheet(name); err != nil {
		return err
	}
	for c, column := range t.Columns {
		head := column.Head
		if column.Type == Moments {
			head += " (" + column.zone().String() + ")"
		}
		if err := b.text(name, c+1, 1, head, b.head); err != nil {
			return err
		}
		letter, err := excelize.ColumnNumberToName(c + 1)
		if err != nil {
			return err
		}
		if err := b.f.SetColWidth(name, letter, letter, columnWidth(t, c)); err != nil {
			return err
		}
	}
	for r, row := range t.Rows {
		for c, cell := range row {
			if err := b.cell(name, c+1, r+2, t.Columns[c], cell); err != nil {
				return err
			}
		}
	}
	return b.f.SetPanes(name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

// columnWidth is in characters: as wide as its longest line, within reason; the rest is
// wrapped.
func columnWidth(t *Table, c int) float64 {
	n := 10
	measure := func(s string) {
		for line := range strings.SplitSeq(s, "\n") {
			w := 2
			for _, r := range line {
				w++
				if wide(r) {
					w++
				}
			}
			n = max(n, min(w, 60))
		}
	}
	measure(t.Columns[c].Head)
	for _, row := range t.Rows {
		measure(t.Columns[c].show(row[c], "2006-01-02 15:04:05"))
	}
	return float64(n)
}

func (b *book) cell(sheet string, col, row int, column Column, cell Cell) error {
	var value any
	switch v := cell.(type) {
	case Text:
		return b.text(sheet, col, row, string(v), b.styles[Texts])
	case None:
		return nil
	case Whole:
		value = int64(v)
	case Hundredths:
		value = float64(v) / 100
	case Percent:
		if v.Den <= 0 {
			return b.text(sheet, col, row, v.String(), b.styles[Percents])
		}
		value = float64(v.Num) / float64(v.Den)
	case Moment:
		value = serial(time.Time(v).In(column.zone()))
	}
	ref, err := excelize.CoordinatesToCellName(col, row)
	if err != nil {
		return err
	}
	if err := b.f.SetCellValue(sheet, ref, value); err != nil {
		return err
	}
	return b.f.SetCellStyle(sheet, ref, ref, b.styles[column.Type])
}

// serial is a time as spreadsheets count it: days since 1899-12-30 by the
// clock on the wall.
func serial(t time.Time) float64 {
	wall := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
	ms := wall.UnixMilli() - time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).UnixMilli()
	return float64(ms) / 86400_000
}

// number is what this format takes for a character's number: _x0041_ is A.
var number = regexp.MustCompile(`^_x[0-9A-Fa-f]{4}_`)

// escape writes the x of a text that looks like such a number as one. excelize
// 2.10.1 means to do it and keeps the unescaped text; the usual escape, of the
// underscore, would collide with the key it keeps the text under.
func escape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		b.WriteByte(s[i])
		if s[i] == '_' && number.MatchString(s[i:]) {
			b.WriteString("_x0078_")
			i++
		}
	}
	return b.String()
}

// text puts a text into a cell as a text, whatever it looks like.
func (b *book) text(sheet string, col, row int, s string, style int) error {
	s = plain(s)
	if len(s) > maxCell && len(utf16.Encode([]rune(s))) > maxCell {
		return ErrTooLong
	}
	ref, err := excelize.CoordinatesToCellName(col, row)
	if err != nil {
		return err
	}
	if err := b.f.SetCellStr(sheet, ref, escape(s)); err != nil {
		return err
	}
	return b.f.SetCellStyle(sheet, ref, ref, style)
}

// name makes a sheet's name of a title: without what the format forbids, not
// too long, and not yet taken (names differ in more than their case).
func (b *book) name(title string) string {
	clean := strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\'`, r) || r < ' ' {
			return ' '
		}
		return r
	}, plain(title)), " ")
	if clean == "" {
		clean = "-"
	}
	for n := 1; ; n++ {
		suffix := ""
		if n > 1 {
			suffix = fmt.Sprintf(" %d", n)
		}
		name := shorten(clean, maxSheet-len(suffix)) + suffix
		if key := strings.ToLower(name); !b.names[key] {
			b.names[key] = true
			return name
		}
	}
}

// shorten cuts a name to so many UTF-16 units: the whole title stands in the
// document.
func shorten(s string, units int) string {
	n := 0
	for i, r := range s {
		if n += utf16.RuneLen(r); n > units {
			return s[:i]
		}
	}
	return s
}
