package recount

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// rows reads a table out of CSV or XLSX: the sheets of a workbook one below the
// other. A spreadsheet's guard, the apostrophe before what looks like a formula, is
// taken away.
func rows(format string, b []byte) ([][]string, error) {
	switch format {
	case "csv":
		r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b, []byte("\ufeff"))))
		r.FieldsPerRecord = -1
		all, err := r.ReadAll()
		for _, row := range all {
			for i := range row {
				row[i] = strings.TrimPrefix(row[i], "'")
			}
		}
		return all, err
	case "xlsx":
		return workbook(b)
	}
	return nil, fmt.Errorf("no table in %s", format)
}

// part reads a part of a workbook; most is how large it may be.
func part(z *zip.Reader, name string, into any) error {
	const most = 256 << 20
	f, err := z.Open(name)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // read only
	return xml.NewDecoder(io.LimitReader(f, most)).Decode(into)
}

// workbook reads the cells of all sheets, as texts and numbers.
func workbook(b []byte) (out [][]string, err error) {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, err
	}
	var shared struct {
		Items []struct {
			Text string `xml:"t"`
		} `xml:"si"`
	}
	if err := part(z, "xl/sharedStrings.xml", &shared); err != nil && !strings.Contains(err.Error(), "not exist") {
		return nil, err
	}
	for n := 1; ; n++ {
		var s struct {
			Rows []struct {
				Cells []struct {
					Ref    string `xml:"r,attr"`
					Type   string `xml:"t,attr"`
					Value  string `xml:"v"`
					Inline string `xml:"is>t"`
				} `xml:"c"`
			} `xml:"sheetData>row"`
		}
		if err := part(z, fmt.Sprintf("xl/worksheets/sheet%d.xml", n), &s); err != nil {
			if n > 1 {
				return out, nil
			}
			return nil, errors.Join(err, errors.New("a workbook without a sheet"))
		}
		for _, r := range s.Rows {
			var row []string
			for _, c := range r.Cells {
				for len(row) < column(c.Ref) {
					row = append(row, "")
				}
				v := c.Value + c.Inline
				if i := 0; c.Type == "s" {
					if _, err := fmt.Sscan(c.Value, &i); err != nil || i < 0 || i >= len(shared.Items) {
						return nil, fmt.Errorf("cell %s names no text", c.Ref)
					}
					v = shared.Items[i].Text
				}
				row = append(row, v)
			}
			out = append(out, row)
		}
		out = append(out, nil) // between sheets
	}
}

// column is the place of a cell in its row, from 0: "AB12" is 27.
func column(ref string) (n int) {
	for _, r := range ref {
		if r < 'A' || r > 'Z' {
			break
		}
		n = n*26 + int(r-'A') + 1
	}
	return n - 1
}

// table finds the rows below a head that begins with a name, up to the next empty
// row, as path -> text: the first cell, a point, and the name of the column.
func (d doc) table(all [][]string, first string) (count int) {
	var head []string
	for _, row := range all {
		switch {
		case len(row) == 0 || row[0] == "":
			head = nil
		case row[0] == first:
			head = row
		case head != nil:
			count++
			for i, name := range head {
				name, _, _ = strings.Cut(name, " (")
				if i > 0 && name != "" {
					cell := ""
					if i < len(row) {
						cell = row[i]
					}
					d.text(row[0]+"."+name, cell)
				}
			}
		}
	}
	return count
}
