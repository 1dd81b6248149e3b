package sheet

import (
	"encoding/xml"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// open finds the sheets and reads what they share: texts and formats.
func (b *book) open() error {
	main := "xl/workbook.xml"
	if err := b.relations("_rels/.rels", "", func(_, kind, target string) {
		if strings.HasSuffix(kind, "/officeDocument") {
			main = target
		}
	}); err != nil {
		return err
	}
	if b.files[strings.ToLower(main)] == nil {
		return refuse("sheet.broken")
	}
	targets, shared, styles := map[string]string{}, "", ""
	rels := path.Join(path.Dir(main), "_rels", path.Base(main)+".rels")
	if err := b.relations(rels, path.Dir(main), func(id, kind, target string) {
		switch {
		case strings.HasSuffix(kind, "/worksheet"):
			targets[id] = target
		case strings.HasSuffix(kind, "/sharedStrings"):
			shared = target
		case strings.HasSuffix(kind, "/styles"):
			styles = target
		}
	}); err != nil {
		return err
	}
	err := b.each(main, func(_ *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			v := attribute(e, "date1904")
			b.y1904 = v == "1" || v == "true"
		case "sheet":
			if part := targets[attribute(e, "id")]; part != "" && !strings.Contains(strings.ToLower(attribute(e, "state")), "hidden") {
				b.sheets = append(b.sheets, part)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := b.readTexts(shared); err != nil {
		return err
	}
	return b.readStyles(styles)
}

// relations reads where a part points to. Targets outside the file are left out.
func (b *book) relations(name, dir string, fn func(id, kind, target string)) error {
	return b.each(name, func(_ *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local != "Relationship" || attribute(e, "TargetMode") == "External" {
			return nil
		}
		target := attribute(e, "Target")
		if rest, absolute := strings.CutPrefix(target, "/"); absolute {
			target = rest
		} else {
			target = path.Join(dir, target)
		}
		fn(attribute(e, "Id"), attribute(e, "Type"), target)
		return nil
	})
}

// readTexts reads the texts that cells share.
func (b *book) readTexts(name string) error {
	d, c, err := b.part(name)
	if err != nil || d == nil {
		return err
	}
	defer c.Close() //nolint:errcheck // it was only read
	var text strings.Builder
	in, phonetic, size := false, false, 0
	for {
		t, err := d.RawToken()
		if err != nil {
			if err.Error() == "EOF" {
				return nil
			}
			return err
		}
		switch e := t.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "si":
				text.Reset()
			case "rPh":
				phonetic = true
			case "t":
				in = !phonetic
			}
		case xml.EndElement:
			switch e.Name.Local {
			case "si":
				s := unescape(text.String())
				if size += len(s) + 16; size > maxTexts {
					return errInside
				}
				b.texts = append(b.texts, s)
			case "rPh":
				phonetic = false
			case "t":
				in = false
			}
		case xml.CharData:
			if in {
				text.Write(e)
				if text.Len() > maxTexts {
					return errInside
				}
			}
		}
	}
}

// readStyles finds which cell formats show a date.
func (b *book) readStyles(name string) error {
	own := map[int]bool{}
	in := false
	return b.each(name, func(_ *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			if n, err := strconv.Atoi(attribute(e, "numFmtId")); err == nil && len(own) < 1<<16 {
				own[n] = showsDate(attribute(e, "formatCode"))
			}
		case "cellXfs":
			in = true
		case "cellStyles", "dxfs":
			in = false
		case "xf":
			if !in || len(b.dates) >= 1<<17 {
				return nil
			}
			n, _ := strconv.Atoi(attribute(e, "numFmtId"))
			date, ok := own[n]
			b.dates = append(b.dates, ok && date || !ok && builtInDate(n))
		}
		return nil
	})
}

// builtInDate tells which of the formats that need no description show a date;
// 27 to 36 and 50 to 58 do in Chinese versions.
func builtInDate(n int) bool {
	return n >= 14 && n <= 17 || n == 22 || n >= 27 && n <= 36 || n >= 50 && n <= 58
}

var quoted = regexp.MustCompile(`"[^"]*"|\\.|\[[^\]]*\]|_.|\*.`)

// showsDate tells whether a format's code has a year or a day in it.
func showsDate(code string) bool {
	bare := quoted.ReplaceAllString(strings.ToLower(code), "")
	return strings.ContainsAny(bare, "yde") && !strings.ContainsAny(bare, "0#?") // e is a year in Chinese, an exponent with digits
}

var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// unescape reads what this format can't hold otherwise: _x000D_ is a carriage
// return. Two units of UTF-16 make one character.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return escaped.ReplaceAllStringFunc(s, func(m string) string {
		n, _ := strconv.ParseUint(m[2:6], 16, 16)
		return string(rune(n))
	})
}
