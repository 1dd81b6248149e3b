package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"mingfa/internal/base/paper"
)

// readCSV reads RFC 4180 with the separator under which the head is found.
func readCSV(file []byte, l Limits, head func([]string) bool, row func(Row) error) error {
	plain, err := decode(file)
	if err != nil {
		return err
	}
	comma := separator(plain, head)
	if comma == 0 {
		return errNoHead
	}
	r := reader(plain, comma)
	t := &table{limits: l, head: head, row: row}
	inside := 0 // line ends inside quotes, which are no rows
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			line := 0
			if p, ok := errors.AsType[*csv.ParseError](err); ok {
				line = p.StartLine
			}
			return refuse("sheet.csv_line").With("line", line)
		}
		line, _ := r.FieldPos(0)
		n := line - inside
		cells, filled := make([]Cell, len(record)), 0
		for i, s := range record {
			inside += strings.Count(s, "\n")
			cells[i].Text = paper.Unguard(s)
			if s != "" {
				filled++
			}
		}
		if filled > l.Columns || len(record) > 1<<14 {
			return refuse("sheet.too_wide").With("max", l.Columns)
		}
		if filled == 0 {
			continue
		}
		if err := t.take(n, cells); err != nil {
			return err
		}
	}
}

func reader(plain []byte, comma rune) *csv.Reader {
	r := csv.NewReader(bytes.NewReader(plain))
	r.Comma, r.FieldsPerRecord = comma, -1
	return r
}

// separator tries what programs put between cells and takes the one that cuts the
// head into most names; 0 is none of them.
func separator(plain []byte, head func([]string) bool) (best rune) {
	most := 0
	for _, comma := range []rune{',', ';', '\t'} {
		r := reader(plain, comma)
		for range headRows {
			record, err := r.Read()
			if err != nil {
				break
			}
			names := make([]string, len(record))
			for i, s := range record {
				names[i] = paper.Unguard(s)
			}
			if head(names) {
				if len(names) > most {
					best, most = comma, len(names)
				}
				break
			}
		}
	}
	return best
}

// decode gives UTF-8 without its mark. What is neither UTF-8 nor UTF-16 with its
// mark is taken for GB18030, which Excel writes in China.
func decode(file []byte) ([]byte, error) {
	var from encoding.Encoding
	switch {
	case bytes.HasPrefix(file, []byte("\xef\xbb\xbf")):
		file = file[3:]
	case bytes.HasPrefix(file, []byte("\xff\xfe")):
		from = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)
	case bytes.HasPrefix(file, []byte("\xfe\xff")):
		from = unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM)
	case !utf8.Valid(file):
		from = simplifiedchinese.GB18030
	}
	if from != nil {
		out, err := from.NewDecoder().Bytes(file)
		if err != nil || bytes.ContainsRune(out, utf8.RuneError) {
			return nil, refuse("sheet.encoding")
		}
		file = out
	}
	if !utf8.Valid(file) || bytes.IndexByte(file, 0) >= 0 {
		return nil, refuse("sheet.encoding")
	}
	return file, nil
}
