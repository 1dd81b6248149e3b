package sheet

import (
	"archive/zip"
	"bufio"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"mingfa/internal/base/paper"
)

// Head is the head of a column: its name for programs, and for people.
type Head struct{ Name, Title string }

// Writer writes a table row by row; a file is whole after Close, which does not
// close what is below it.
type Writer interface {
	// Row writes a row with one text for each head.
	Row(cells []string) error
	Close() error
}

// NewWriter begins a file. title names the sheet of a workbook and the table in
// JSON. Titles of heads must begin with their names, so that they can be found
// again.
func NewWriter(f Format, w io.Writer, title string, heads []Head) (Writer, error) {
	switch f {
	case CSV:
		return newCSV(w, heads)
	case XLSX:
		return newXLSX(w, title, heads)
	case JSON:
		return newJSON(w, title, heads)
	}
	return nil, refuse("sheet.format")
}

func titles(heads []Head) []string {
	out := make([]string, len(heads))
	for i, h := range heads {
		out[i] = h.Title
	}
	return out
}

// csvWriter is own, because encoding/csv changes line ends inside a field.
type csvWriter struct{ *bufio.Writer }

func newCSV(w io.Writer, heads []Head) (Writer, error) {
	c := csvWriter{bufio.NewWriterSize(w, 64<<10)}
	if _, err := c.WriteString("\ufeff"); err != nil {
		return nil, err
	}
	return c, c.Row(titles(heads))
}

func (c csvWriter) Row(cells []string) error {
	for i, s := range cells {
		if i > 0 {
			c.WriteByte(',') //nolint:errcheck // a bufio.Writer keeps its error
		}
		s = paper.Guard(s)
		if strings.ContainsAny(s, "\",\r\n\t;") || strings.TrimSpace(s) != s {
			s = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
		}
		c.WriteString(s) //nolint:errcheck // a bufio.Writer keeps its error
	}
	_, err := c.WriteString("\r\n")
	return err
}

func (c csvWriter) Close() error { return c.Flush() }

// jsonWriter writes {"table": ..., "elements": {...}, "rows": [...]}, a row a line.
type jsonWriter struct {
	*bufio.Writer
	names [][]byte
	begun bool
}

func newJSON(w io.Writer, title string, heads []Head) (Writer, error) {
	j := &jsonWriter{Writer: bufio.NewWriterSize(w, 64<<10)}
	fmt.Fprintf(j, "{\"table\":%s,\n\"elements\":{", quote(title))
	for i, h := range heads {
		if i > 0 {
			j.WriteByte(',') //nolint:errcheck // a bufio.Writer keeps its error
		}
		j.names = append(j.names, append(quote(h.Name), ':'))
		fmt.Fprintf(j, "%s%s", j.names[i], quote(h.Title))
	}
	_, err := j.WriteString("},\n\"rows\":[")
	return j, err
}

func (j *jsonWriter) Row(cells []string) error {
	if j.begun {
		j.WriteByte(',') //nolint:errcheck // a bufio.Writer keeps its error
	}
	j.begun = true
	j.WriteString("\n{") //nolint:errcheck // a bufio.Writer keeps its error
	for i, s := range cells {
		if i > 0 {
			j.WriteByte(',') //nolint:errcheck // a bufio.Writer keeps its error
		}
		j.Write(j.names[i]) //nolint:errcheck // a bufio.Writer keeps its error
		j.Write(quote(s))   //nolint:errcheck // a bufio.Writer keeps its error
	}
	return j.WriteByte('}')
}

func (j *jsonWriter) Close() error {
	j.WriteString("\n]}\n") //nolint:errcheck // a bufio.Writer keeps its error
	return j.Flush()
}

func quote(s string) []byte {
	b, err := json.Marshal(s)
	if err != nil {
		panic("sheet: a text is always JSON")
	}
	return b
}

// xlsxWriter streams a workbook of one sheet of texts.
type xlsxWriter struct {
	zip  *zip.Writer
	body *bufio.Writer
	row  int
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// The parts of the smallest workbook that Excel, WPS and LibreOffice take. Format
// 0 is text, 1 a bold head.
var xlsxParts = []struct{ name, body string }{
	{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`},
	{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
	{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`},
	{"xl/styles.xml", `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs></styleSheet>`},
}

func newXLSX(w io.Writer, title string, heads []Head) (Writer, error) {
	x := &xlsxWriter{zip: zip.NewWriter(w)}
	for _, p := range xlsxParts {
		if err := x.part(p.name, p.body); err != nil {
			return nil, err
		}
	}
	book := `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="` +
		xmlText(title) + `" sheetId="1" r:id="rId1"/></sheets></workbook>`
	if err := x.part("xl/workbook.xml", book); err != nil {
		return nil, err
	}
	f, err := x.zip.CreateHeader(&zip.FileHeader{Name: "xl/worksheets/sheet1.xml", Method: zip.Deflate})
	if err != nil {
		return nil, err
	}
	x.body = bufio.NewWriterSize(f, 64<<10)
	fmt.Fprintf(x.body, `%s<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="%d" width="22" customWidth="1" style="0"/></cols><sheetData>`, xmlHead, len(heads))
	return x, x.write(titles(heads), ` s="1"`)
}

// part writes a whole part. Without a time in the header the same rows are the
// same bytes.
func (x *xlsxWriter) part(name, body string) error {
	f, err := x.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
	if err != nil {
		return err
	}
	_, err = io.WriteString(f, xmlHead+body)
	return err
}

func (x *xlsxWriter) Row(cells []string) error { return x.write(cells, ` s="0"`) }

func (x *xlsxWriter) write(cells []string, style string) error {
	if x.row++; x.row > 1<<20 {
		return refuse("sheet.too_many_rows").With("max", 1<<20-1)
	}
	fmt.Fprintf(x.body, `<row r="%d">`, x.row)
	for i, s := range cells {
		if s == "" {
			continue
		}
		fmt.Fprintf(x.body, `<c r="%s%d" t="inlineStr"%s><is><t xml:space="preserve">`, column(i), x.row, style)
		x.body.WriteString(xmlText(s)) //nolint:errcheck // a bufio.Writer keeps its error
		x.body.WriteString(`</t></is></c>`)
	}
	_, err := x.body.WriteString("</row>")
	return err
}

func (x *xlsxWriter) Close() error {
	x.body.WriteString("</sheetData></worksheet>") //nolint:errcheck // a bufio.Writer keeps its error
	if err := x.body.Flush(); err != nil {
		return err
	}
	return x.zip.Close()
}

// column is the name of column i, from 0: A, Z, AA.
func column(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return column(i/26-1) + column(i%26)
}

var escapes = regexp.MustCompile(`^_x[0-9A-Fa-f]{4}_`)

// xmlText writes a text for XML so that it comes back: what XML can't hold, and
// what looks like this format's own escapes, is escaped as _x005F_.
func xmlText(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, string(utf8.RuneError))
	}
	var b strings.Builder
	for i, r := range s {
		if r == '_' && escapes.MatchString(s[i:]) {
			b.WriteString("_x005F_")
		} else if r < 0x20 && r != '\n' && r != '\t' || r == 0xfffe || r == 0xffff {
			fmt.Fprintf(&b, "_x%04X_", r)
		} else {
			b.WriteRune(r)
		}
	}
	var out strings.Builder
	if err := xml.EscapeText(&out, []byte(b.String())); err != nil {
		panic("sheet: a strings.Builder takes everything")
	}
	return out.String()
}
