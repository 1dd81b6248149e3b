package sheet

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// deepest is how deep JSON that is passed over may be nested.
const deepest = 64

// readJSON reads an array of objects, or an object with one under "rows". What
// else stands in that object is for people and passed over.
func readJSON(file []byte, l Limits, row func(Row) error) error {
	file = bytes.TrimPrefix(file, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(file) || loneSurrogate(file) {
		return refuse("sheet.encoding")
	}
	d := json.NewDecoder(bytes.NewReader(file))
	d.UseNumber()
	r := &jsonReader{Decoder: d, limits: l, row: row}
	if err := r.document(); err != nil {
		if _, syntax := errors.AsType[*json.SyntaxError](err); syntax || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return refuse("sheet.broken")
		}
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return refuse("sheet.broken")
	}
	return nil
}

type jsonReader struct {
	*json.Decoder
	limits Limits
	row    func(Row) error
	rows   int
	found  bool // the array of rows
}

func (r *jsonReader) document() error {
	t, err := r.Token()
	switch {
	case err != nil:
		return err
	case t == json.Delim('['):
		return r.array()
	case t != json.Delim('{'):
		return refuse("sheet.json_rows")
	}
	for r.More() {
		name, err := r.Token()
		if err != nil {
			return err
		}
		t, err := r.Token()
		if err != nil {
			return err
		}
		switch {
		case name == "rows" && (r.found || t != json.Delim('[')):
			return refuse("sheet.json_rows")
		case name == "rows":
			err = r.array()
		default:
			err = r.pass(t)
		}
		if err != nil {
			return err
		}
	}
	if !r.found {
		return refuse("sheet.json_rows")
	}
	_, err = r.Token()
	return err
}

func (r *jsonReader) array() error {
	r.found = true
	for r.More() {
		t, err := r.Token()
		if err != nil {
			return err
		}
		if t != json.Delim('{') {
			return refuse("sheet.json_rows")
		}
		if r.rows++; r.rows > r.limits.Rows {
			return refuse("sheet.too_many_rows").With("max", r.limits.Rows)
		}
		if err := r.object(); err != nil {
			return err
		}
	}
	_, err := r.Token()
	return err
}

func (r *jsonReader) object() error {
	out := Row{N: r.rows}
	for r.More() {
		t, err := r.Token()
		if err != nil {
			return err
		}
		name, _ := t.(string)
		if slices.Contains(out.Names, name) {
			return refuse("sheet.json_twice").With("row", r.rows)
		}
		if len(out.Names) == r.limits.Columns {
			return refuse("sheet.too_wide").With("max", r.limits.Columns)
		}
		if t, err = r.Token(); err != nil {
			return err
		}
		c, err := r.cell(t)
		if err != nil {
			return err
		}
		out.Names, out.Cells = append(out.Names, name), append(out.Cells, c)
	}
	if _, err := r.Token(); err != nil {
		return err
	}
	if blank(out.Cells) {
		return nil
	}
	return r.row(out)
}

func (r *jsonReader) cell(t json.Token) (c Cell, err error) {
	switch v := t.(type) {
	case string:
		c.Text = v
	case json.Number:
		c.Text = v.String()
	case bool:
		c.Text = map[bool]string{true: "1", false: "0"}[v]
	case json.Delim:
		c.Bad = "sheet.cell_type"
		err = r.pass(t)
	}
	if len(c.Text) > r.limits.Cell {
		c = Cell{Bad: "sheet.cell_too_long"}
	}
	return c, err
}

// pass reads to the end of a value whose first token is t.
func (r *jsonReader) pass(t json.Token) error {
	for depth := 0; ; {
		switch t {
		case json.Delim('['), json.Delim('{'):
			if depth++; depth > deepest {
				return refuse("sheet.broken")
			}
		case json.Delim(']'), json.Delim('}'):
			depth--
		}
		if depth == 0 {
			return nil
		}
		var err error
		if t, err = r.Token(); err != nil {
			return err
		}
	}
}

// loneSurrogate finds half a character, which the decoder would change silently.
func loneSurrogate(file []byte) bool {
	unit := func(i int) (rune, bool) {
		if i+6 > len(file) || file[i] != '\\' || file[i+1] != 'u' {
			return 0, false
		}
		n, err := strconv.ParseUint(string(file[i+2:i+6]), 16, 16)
		return rune(n), err == nil
	}
	for i := 0; i < len(file); i++ {
		if file[i] != '\\' {
			continue
		}
		u, ok := unit(i)
		if !ok {
			i++ // what is escaped
			continue
		}
		i += 5
		if !utf16.IsSurrogate(u) {
			continue
		}
		low, ok := unit(i + 1)
		if !ok || utf16.DecodeRune(u, low) == utf8.RuneError {
			return true
		}
		i += 6
	}
	return false
}
