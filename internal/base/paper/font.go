package paper

import (
	"encoding/binary"
	"errors"
	"unicode"
)

// Font is a TrueType font for PDF.
type Font struct {
	file []byte
	has  func(rune) bool
}

var errFont = errors.New("paper: this is no TrueType font with outlines of its own and a Unicode table")

// NewFont reads a TrueType font. The bytes are kept and must not change.
func NewFont(ttf []byte) (*Font, error) {
	if len(ttf) < 12 || binary.BigEndian.Uint32(ttf) != 0x00010000 {
		return nil, errFont
	}
	tables := map[string][]byte{}
	for i := range int(binary.BigEndian.Uint16(ttf[4:])) {
		e, ok := part(ttf, 12+16*i, 16)
		if !ok {
			return nil, errFont
		}
		body, ok := part(ttf, int(binary.BigEndian.Uint32(e[8:])), int(binary.BigEndian.Uint32(e[12:])))
		if !ok {
			return nil, errFont
		}
		tables[string(e[:4])] = body
	}
	for _, must := range []string{"glyf", "loca", "head", "hhea", "hmtx", "maxp", "name", "post"} {
		if len(tables[must]) < 4 {
			return nil, errFont
		}
	}
	segments, ok := charset(tables["cmap"])
	if !ok {
		return nil, errFont
	}
	return &Font{file: ttf, has: func(r rune) bool { return unicode.Is(segments, r) }}, nil
}

// part is b[at:at+n] where b reaches that far.
func part(b []byte, at, n int) ([]byte, bool) {
	if at < 0 || n < 0 || at+n > len(b) || at+n < at {
		return nil, false
	}
	return b[at : at+n], true
}

// charset reads which characters a font has from its table of the basic plane
// (cmap format 4, Windows Unicode): more than that the PDF writer can't show.
func charset(cmap []byte) (*unicode.RangeTable, bool) {
	head, ok := part(cmap, 0, 4)
	if !ok {
		return nil, false
	}
	for i := range int(binary.BigEndian.Uint16(head[2:])) {
		e, ok := part(cmap, 4+8*i, 8)
		if !ok {
			return nil, false
		}
		at := int(binary.BigEndian.Uint32(e[4:]))
		if f, ok := part(cmap, at, 14); ok && binary.BigEndian.Uint32(e) == 3<<16|1 && binary.BigEndian.Uint16(f) == 4 {
			return segments(cmap[at:])
		}
	}
	return nil, false
}

// segments reads the ranges of a table of format 4. A character inside one that
// has no glyph after all does not occur in the fonts that are used here.
func segments(f []byte) (*unicode.RangeTable, bool) {
	n := int(binary.BigEndian.Uint16(f[6:])) // twice their number
	ends, ok1 := part(f, 14, n)
	starts, ok2 := part(f, 16+n, n)
	if !ok1 || !ok2 {
		return nil, false
	}
	t := &unicode.RangeTable{}
	for i := 0; i+1 < n; i += 2 {
		lo, hi := binary.BigEndian.Uint16(starts[i:]), binary.BigEndian.Uint16(ends[i:])
		if lo <= hi && lo != 0xffff {
			t.R16 = append(t.R16, unicode.Range16{Lo: lo, Hi: hi, Stride: 1})
		}
	}
	return t, len(t.R16) > 0
}
