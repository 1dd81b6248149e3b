// Package paper writes documents that leave the house: PDF, XLSX and CSV, with
// Chinese, and the same bytes for the same figures.
//
// A Doc is a title, lines of metadata and tables. A column has a type, and each
// of its cells must be of that type: so a number stays a number in every
// format, and a text is never taken for a formula. CSV, XLSX and PDF write the
// same Doc three times.
//
// What a caller may trust:
//
//   - The same Doc gives the same bytes, today and tomorrow, from the same
//     program: nothing of now, of this machine or of chance goes in. The date
//     inside a file is Doc.At.
//   - Nothing is cut off. A long text is broken into lines, a long row goes on
//     on the next page under the repeated head. What a format can't hold is an
//     error (ErrTooLong), never a shorter text.
//   - A character that can't be written is seen: a control character as its
//     picture (NUL as U+2400), one that the font lacks as [U+1F600] in PDF.
//     CSV and XLSX hold such characters themselves.
//   - A text that looks like a formula is a text. XLSX marks it so; CSV knows no
//     types and puts an apostrophe before it, which Unguard takes away again.
//
// PDF needs a TrueType font with Chinese. The house has none of its own: the
// web build takes Noto Sans SC from npm (SIL Open Font Licence) and package web
// carries it. Without a font PDF answers the fault paper.no_font. OpenType fonts
// with PostScript outlines (Debian's fonts-noto-cjk) can't be used.
//
// The writers keep no state and are safe for concurrent use.
//
// Requirements: B7.3.2.1 to B7.3.2.5 (reports are downloaded), B5.2.5 (uniform
// columns and formats), T1 (zones), T6 (exact ratios, n/a of nothing).
package paper

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"mingfa/internal/base/say"
)

// ErrTooLong is a text that does not fit into a cell of XLSX (32,767 UTF-16
// units). CSV and PDF take it.
var ErrTooLong = errors.New("paper: a text is longer than a cell of XLSX can hold")

// Doc is a document.
type Doc struct {
	Title  string
	Lang   string    // a language of say: for the page numbers, and told to the reader's program
	At     time.Time // the document's date; never now, for the bytes depend on it
	Meta   []Line    // stands below the title
	Tables []Table
}

// Line is a line of metadata.
type Line struct{ Label, Text string }

// Table is a table of a document. Its title names the sheet in XLSX.
type Table struct {
	Title   string
	Columns []Column
	Rows    [][]Cell // each with one cell for each column
}

// Column is the head and the type of a column.
type Column struct {
	Head string
	Type Type
	Zone *time.Location // of Moments; nil is UTC
}

// Type is the type of a column.
type Type int

// The types.
const (
	Texts    Type = iota // Text
	Wholes               // Whole
	Decimals             // Hundredths
	Percents             // Percent
	Moments              // Moment
)

// Cell is a value: Text, Whole, Hundredths, Percent, Moment, or None.
type Cell interface{ kind() (of Type, empty bool) }

// Text is any text. It is written as it is but for control characters.
type Text string

// Whole is a whole number.
type Whole int64

// Hundredths is a number with two decimals: 1250 is 12.50.
type Hundredths int64

// Percent is an exact ratio. It is shown in per cent with two decimals, half up
// (T6), and as n/a when there is nothing below the line.
type Percent struct{ Num, Den int64 }

// Moment is an instant, shown in the zone of its column.
type Moment time.Time

// None is an empty cell in a column of any type.
type None struct{}

func (Text) kind() (Type, bool)       { return Texts, false }
func (Whole) kind() (Type, bool)      { return Wholes, false }
func (Hundredths) kind() (Type, bool) { return Decimals, false }
func (Percent) kind() (Type, bool)    { return Percents, false }
func (Moment) kind() (Type, bool)     { return Moments, false }
func (None) kind() (Type, bool)       { return 0, true }

// String writes 12.50.
func (h Hundredths) String() string {
	sign := ""
	if h < 0 {
		sign, h = "-", -h
	}
	return fmt.Sprintf("%s%d.%02d", sign, uint64(h)/100, uint64(h)%100)
}

// hundredths of a per cent, half up; ok is false where there is no ratio.
func (p Percent) hundredths() (h Hundredths, ok bool) {
	if p.Den <= 0 {
		return 0, false
	}
	return Hundredths((p.Num*100_00*2 + p.Den) / (p.Den * 2)), true
}

// String writes 95.00%, as spreadsheets read it, or n/a.
func (p Percent) String() string {
	h, ok := p.hundredths()
	if !ok {
		return "n/a"
	}
	return h.String() + "%"
}

// check refuses a document whose rows don't fit their columns: a mistake of the
// caller's.
func (d *Doc) check() error {
	for t, table := range d.Tables {
		for r, row := range table.Rows {
			if len(row) != len(table.Columns) {
				return fmt.Errorf("paper: row %d of table %d has %d cells for %d columns", r, t, len(row), len(table.Columns))
			}
			for c, cell := range row {
				if cell == nil {
					return fmt.Errorf("paper: cell %d in row %d of table %d is nil", c, r, t)
				}
				if of, empty := cell.kind(); !empty && of != table.Columns[c].Type {
					return fmt.Errorf("paper: cell %d in row %d of table %d is a %T, which its column doesn't hold", c, r, t, cell)
				}
			}
		}
	}
	return nil
}

// show writes a cell for people and for CSV; layout is that of Moments.
func (c Column) show(cell Cell, layout string) string {
	switch v := cell.(type) {
	case Text:
		return plain(string(v))
	case Whole:
		return strconv.FormatInt(int64(v), 10)
	case Hundredths:
		return v.String()
	case Percent:
		return v.String()
	case Moment:
		return time.Time(v).In(c.zone()).Format(layout)
	}
	return ""
}

func (c Column) zone() *time.Location {
	if c.Zone == nil {
		return time.UTC
	}
	return c.Zone
}

func init() {
	say.Register(map[string]say.Texts{
		"paper.page": {Hans: "第 {page} 页，共 {pages} 页", Hant: "第 {page} 頁，共 {pages} 頁", En: "Page {page} of {pages}"},
		"paper.no_font": {
			Hans: "本程序未包含中文字体，无法生成 PDF。请管理员运行 make web 后重新构建程序；您可先下载 XLSX 或 CSV。",
			Hant: "本程式未包含中文字型，無法產生 PDF。請管理員執行 make web 後重新建置程式；您可先下載 XLSX 或 CSV。",
			En:   "This program was built without a Chinese font, so it writes no PDF. An administrator should run make web and build it again; XLSX and CSV are there meanwhile."},
	})
}
