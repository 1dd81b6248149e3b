package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"mingfa/internal/base/fault"
)

// readXLSX reads the first visible sheet with a head. It is own code and not
// excelize's, which keeps a whole workbook in memory, writes large parts to the
// disk in the clear, and does not tell an error value from a text.
func readXLSX(file []byte, l Limits, head func([]string) bool, row func(Row) error) error {
	if bytes.HasPrefix(file, []byte("\xd0\xcf\x11\xe0")) {
		return refuse("sheet.old_xls")
	}
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return refuse("sheet.broken")
	}
	b := &book{files: map[string]*zip.File{}, left: l.Unpacked}
	for _, f := range z.File {
		name := strings.ToLower(strings.TrimPrefix(f.Name, "/"))
		if _, twice := b.files[name]; twice {
			return refuse("sheet.broken")
		}
		b.files[name] = f
	}
	if err := b.open(); err != nil {
		return broken(err)
	}
	for _, part := range b.sheets {
		t := &table{limits: l, head: head, row: row}
		err := b.sheet(part, t)
		if errors.Is(err, errNoHead) || err == nil && t.names == nil {
			continue
		}
		return broken(err)
	}
	return errNoHead
}

// broken is what a reader sees of an error of the zip or the XML; an error of the
// caller's goes back to him.
func broken(err error) error {
	if own, ok := errors.AsType[callers](err); ok {
		return own.error
	}
	if _, ok := errors.AsType[*fault.Fault](err); ok || err == nil {
		return err
	}
	return refuse("sheet.broken")
}

// errInside ends the unpacking of what is too large.
var errInside = refuse("sheet.too_large")

// book is a workbook that is being read.
type book struct {
	files  map[string]*zip.File
	left   int64 // bytes that may still be unpacked
	sheets []string
	texts  []string
	dates  []bool // by cell format: it shows a date
	y1904  bool
}

// part opens a part of the workbook; nil where there is none.
func (b *book) part(name string) (*xml.Decoder, io.Closer, error) {
	f := b.files[strings.ToLower(strings.TrimPrefix(name, "/"))]
	if f == nil {
		return nil, nil, nil
	}
	r, err := f.Open()
	if err != nil {
		return nil, nil, err
	}
	return xml.NewDecoder(counting{r, b}), r, nil
}

// counting unpacks as long as the book may.
type counting struct {
	r io.Reader
	b *book
}

func (c counting) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if c.b.left -= int64(n); c.b.left < 0 {
		return 0, errInside
	}
	return n, err
}

// each calls fn for each start of an element, its depth being bounded.
func (b *book) each(name string, fn func(d *xml.Decoder, e xml.StartElement) error) error {
	d, c, err := b.part(name)
	if err != nil || d == nil {
		return err
	}
	defer c.Close() //nolint:errcheck // it was only read
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := t.(xml.StartElement); ok {
			if err := fn(d, e); err != nil {
				return err
			}
		}
	}
}

// attribute gives an attribute by its local name.
func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// sheet reads the rows of a sheet into a table.
func (b *book) sheet(part string, t *table) error {
	at := 0
	return b.each(part, func(d *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "row":
			at++
			if n, err := strconv.Atoi(attribute(e, "r")); err == nil {
				if n < at || n > 1<<20 {
					return refuse("sheet.broken")
				}
				at = n
			}
			cells, err := b.row(d, t.limits.Columns)
			if err != nil || blank(cells) {
				return err
			}
			return t.take(at, cells)
		case "mergeCell":
			return t.merged(attribute(e, "ref"))
		}
		return nil
	})
}

// merged refuses merged cells at or below the head: only one of them has a value.
func (t *table) merged(ref string) error {
	first, last, _ := strings.Cut(ref, ":")
	_, from := place(first)
	_, to := place(last)
	if t.names == nil || max(from, to) < t.headAt {
		return nil
	}
	return refuse("sheet.merged").With("row", from)
}

// row reads to the end of a row.
func (b *book) row(d *xml.Decoder, most int) ([]Cell, error) {
	var cells []Cell
	next := 0
	for {
		t, err := d.RawToken()
		if err != nil {
			return nil, unexpected(err)
		}
		switch e := t.(type) {
		case xml.EndElement:
			if e.Name.Local == "row" {
				return cells, nil
			}
		case xml.StartElement:
			if e.Name.Local != "c" {
				continue
			}
			if ref := attribute(e, "r"); ref != "" {
				col, _ := place(ref)
				if col < next || col >= 1<<14 {
					return nil, refuse("sheet.broken")
				}
				next = col
			}
			c, err := b.cell(d, e)
			if err != nil {
				return nil, err
			}
			if c != (Cell{}) {
				if next >= most {
					return nil, refuse("sheet.too_wide").With("max", most)
				}
				for len(cells) <= next {
					cells = append(cells, Cell{})
				}
				cells[next] = c
			}
			next++
		}
	}
}

// place reads a reference like AB12: column from 0, row from 1; -1 for none.
func place(ref string) (col, row int) {
	i := 0
	for ; i < len(ref) && i < 4; i++ {
		r := ref[i] &^ 0x20
		if r < 'A' || r > 'Z' {
			break
		}
		col = col*26 + int(r-'A') + 1
	}
	row, _ = strconv.Atoi(ref[i:])
	return col - 1, row
}

// cell reads to the end of a cell.
func (b *book) cell(d *xml.Decoder, start xml.StartElement) (Cell, error) {
	var value, inline strings.Builder
	into := (*strings.Builder)(nil)
	depth, skip := 0, 0
	for {
		t, err := d.RawToken()
		if err != nil {
			return Cell{}, unexpected(err)
		}
		switch e := t.(type) {
		case xml.StartElement:
			depth++
			switch {
			case e.Name.Local == "rPh" && skip == 0: // how it is pronounced
				skip = depth
			case e.Name.Local == "v":
				into = &value
			case e.Name.Local == "t" && skip == 0:
				into = &inline
			}
		case xml.EndElement:
			if depth == 0 {
				return b.read(start, value.String(), inline.String()), nil
			}
			if skip == depth {
				skip = 0
			}
			depth--
			into = nil
		case xml.CharData:
			if into != nil {
				into.Write(e)
			}
		}
	}
}

// read makes a text of a cell's value by its type.
func (b *book) read(c xml.StartElement, value, inline string) Cell {
	switch attribute(c, "t") {
	case "s":
		n, err := strconv.Atoi(strings.TrimSpace(value))
		if err != nil || n < 0 || n >= len(b.texts) {
			return Cell{Bad: "sheet.cell_error"}
		}
		return Cell{Text: b.texts[n]}
	case "inlineStr":
		return Cell{Text: unescape(inline)}
	case "str":
		return Cell{Text: unescape(value)}
	case "e":
		return Cell{Bad: "sheet.cell_error"}
	case "b":
		return Cell{Text: strings.TrimSpace(value)}
	case "d":
		return Cell{Text: strings.TrimSpace(value)}
	}
	value = strings.TrimSpace(value)
	n, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return Cell{Text: value}
	}
	if style, _ := strconv.Atoi(attribute(c, "s")); style >= 0 && style < len(b.dates) && b.dates[style] {
		return Cell{Text: b.date(n)}
	}
	if n == math.Trunc(n) && math.Abs(n) < 1e15 {
		return Cell{Text: strconv.FormatInt(int64(n), 10)}
	}
	return Cell{Text: value}
}

// date is a serial number as a date, and a time where it has one.
func (b *book) date(n float64) string {
	first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case b.y1904:
		first = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case n < 60:
		n++ // before the 29 February 1900 that never was
	}
	if math.IsNaN(n) || n < 0 || n > 2958466 {
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	at := first.Add(time.Duration(math.Round(n*86400_000)) * time.Millisecond)
	if n == math.Trunc(n) {
		return at.Format(time.DateOnly)
	}
	return at.Format("2006-01-02 15:04:05.999")
}

func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("a part of the workbook ends early: %v", err)
	}
	return err
}
