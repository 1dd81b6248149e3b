package recount

import (
	"bytes"
	"compress/zlib"
	"io"
	"strings"
	"unicode/utf16"
)

// pdfText gives what a PDF file shows, as the report's writer makes it: each piece
// of text in UTF-16 between ( and ) Tj, in the order of drawing, without spaces.
func pdfText(b []byte) string {
	var out strings.Builder
	for {
		i := bytes.Index(b, []byte("stream\n"))
		if i < 0 {
			return out.String()
		}
		b = b[i+len("stream\n"):]
		j := bytes.Index(b, []byte("endstream"))
		if j < 0 {
			return out.String()
		}
		if z, err := zlib.NewReader(bytes.NewReader(b[:j])); err == nil {
			page, err := io.ReadAll(io.LimitReader(z, 64<<20))
			if err == nil && bytes.Contains(page, []byte("BT ")) {
				shown(page, &out)
			}
		}
		b = b[j+len("endstream"):]
	}
}

// shown writes the texts of a page.
func shown(page []byte, out *strings.Builder) {
	for {
		i := bytes.IndexByte(page, '(')
		if i < 0 {
			return
		}
		var raw []byte
		k := i + 1
		for ; k < len(page) && page[k] != ')'; k++ {
			if page[k] == '\\' && k+1 < len(page) {
				k++
				if page[k] == 'r' {
					raw = append(raw, '\r')
					continue
				}
			}
			raw = append(raw, page[k])
		}
		page = page[min(k+1, len(page)):]
		var units []uint16
		for ; len(raw) > 1; raw = raw[2:] {
			units = append(units, uint16(raw[0])<<8|uint16(raw[1]))
		}
		out.WriteString(bare(string(utf16.Decode(units))))
	}
}

// bare is a text without spaces: where a line was broken makes no difference.
func bare(s string) string { return strings.Join(strings.Fields(s), "") }
