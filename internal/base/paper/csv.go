package paper

import (
	"bytes"
	"strings"
)

// csvTime is RFC 3339 with milliseconds where there are any.
const csvTime = "2006-01-02T15:04:05.999Z07:00"

// CSV writes a document as RFC 4180 in UTF-8 with a byte order mark, without
// which spreadsheets don't take it for UTF-8: the title, the metadata, and each
// table below its title. All records have the same number of fields (section 2,
// rule 4), so short ones end in empty ones, and between the parts stands an
// empty one. Texts are guarded (see Unguard); times are RFC 3339 in the zone of
// their column, ratios 95.00% or n/a.
func CSV(d *Doc) ([]byte, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	w := csvWriter{width: 1}
	if len(d.Meta) > 0 {
		w.width = 2
	}
	for _, t := range d.Tables {
		w.width = max(w.width, len(t.Columns))
	}
	w.b.WriteString("\ufeff")
	w.record(guard(plain(d.Title)))
	for _, m := range d.Meta {
		w.record(guard(plain(m.Label)), guard(plain(m.Text)))
	}
	for _, t := range d.Tables {
		w.table(t)
	}
	return w.b.Bytes(), nil
}

// csvWriter is own, because encoding/csv changes line ends inside a field.
type csvWriter struct {
	b     bytes.Buffer
	width int // fields of a record
}

func (w *csvWriter) table(t Table) {
	w.record()
	if t.Title != "" {
		w.record(guard(plain(t.Title)))
	}
	fields := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		fields[i] = guard(plain(c.Head))
	}
	w.record(fields...)
	for _, row := range t.Rows {
		for i, cell := range row {
			fields[i] = t.Columns[i].show(cell, csvTime)
			if _, text := cell.(Text); text {
				fields[i] = guard(fields[i])
			}
		}
		w.record(fields...)
	}
}

func (w *csvWriter) record(fields ...string) {
	for i := range w.width {
		if i > 0 {
			w.b.WriteByte(',')
		}
		if i < len(fields) {
			w.field(fields[i])
		}
	}
	w.b.WriteString("\r\n")
}

func (w *csvWriter) field(s string) {
	if !strings.ContainsAny(s, "\",\r\n\t;") && strings.TrimSpace(s) == s {
		w.b.WriteString(s)
		return
	}
	w.b.WriteString(`"` + strings.ReplaceAll(s, `"`, `""`) + `"`)
}
