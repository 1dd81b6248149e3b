package paper

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"

	"codeberg.org/go-pdf/fpdf"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/say"
)

// The page, in millimetres, and the sizes of type, in points.
const (
	margin    = 12.0
	footer    = 10.0
	padding   = 1.2
	titleSize = 16.0
	headSize  = 11.0
	textSize  = 8.5
	leading   = 1.45 // line height over size
	point     = 25.4 / 72
	maxCols   = 20 // narrower columns don't hold a character
	pdfTime   = "2006-01-02 15:04:05 -07:00"
)

// PDF writes a document on A4 across, with its page numbers. The head of a table
// is repeated on each page. Only the characters in use are taken from the
// font, so that a page of text has a few tens of kilobytes. font is the
// result of NewFont; nil answers the fault paper.no_font.
func PDF(d *Doc, font *Font) (_ []byte, err error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	if font == nil {
		return nil, fault.New(fault.Unavailable, "paper.no_font")
	}
	for _, t := range d.Tables {
		if len(t.Columns) > maxCols {
			return nil, fmt.Errorf("paper: %d columns don't fit on a page, %d do", len(t.Columns), maxCols)
		}
	}
	defer func() { // the writer of the font indexes without looking
		if r := recover(); r != nil {
			err = fmt.Errorf("paper: the PDF could not be written: %v", r)
		}
	}()
	p := newPage(d, font)
	p.lines(d.Title, titleSize)
	p.pdf.Ln(2)
	for _, m := range d.Meta {
		p.meta(m)
	}
	for i := range d.Tables {
		p.table(&d.Tables[i])
	}
	p.numbers(d.Lang)
	var b bytes.Buffer
	if err := p.pdf.Output(&b); err != nil {
		return nil, fmt.Errorf("write the PDF: %w", err)
	}
	return b.Bytes(), nil
}

// page is where the writing is.
type page struct {
	pdf           *fpdf.Fpdf
	font          *Font
	width, bottom float64 // of the text
	cache         map[rune]float64
}

func newPage(d *Doc, font *Font) *page {
	pdf := fpdf.New("L", "mm", "A4", "")
	pdf.SetCreationDate(d.At.UTC())
	pdf.SetModificationDate(d.At.UTC())
	pdf.SetCatalogSort(true)
	pdf.SetProducer("mingfa", true)
	pdf.SetTitle(plain(d.Title), true)
	pdf.SetLang(d.Lang)
	pdf.SetMargins(margin, margin, margin)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCellMargin(0)
	pdf.AddUTF8FontFromBytes("text", "", font.file)
	pdf.SetDrawColor(160, 160, 160)
	pdf.SetLineWidth(0.15)
	pdf.AddPage()
	w, h := pdf.GetPageSize()
	return &page{pdf: pdf, font: font, width: w - 2*margin, bottom: h - margin - footer, cache: map[rune]float64{}}
}

// shown is a text in characters that the font has: invisible marks go, what is
// missing is named by its number.
func (f *Font) shown(s string) string {
	var b strings.Builder
	for _, r := range strings.ReplaceAll(plain(s), "\r\n", "\n") {
		switch {
		case r == '\n' || r <= 0xffff && f.has(r) && !invisible(r):
			b.WriteRune(r)
		case r == '\t':
			b.WriteString("    ")
		case r == '\r':
			b.WriteByte('\n')
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case !invisible(r):
			fmt.Fprintf(&b, "[%U]", r)
		}
	}
	return b.String()
}

// invisible are the marks that only direct how others are shown (directions,
// joiners, variants); here all is written from left to right, as it is stored.
func invisible(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

// size sets the size of type and gives its metric and line height.
func (p *page) size(points float64) (metric, float64) {
	p.pdf.SetFont("text", "", points)
	return func(r rune) float64 {
		w, ok := p.cache[r]
		if !ok {
			w = float64(p.pdf.GetStringSymbolWidth(string(r))) / 1000 * point
			p.cache[r] = w
		}
		return w * points
	}, points * point * leading
}

// room begins a new page unless so much height is left.
func (p *page) room(height float64) (begun bool) {
	if p.pdf.GetY()+height <= p.bottom {
		return false
	}
	p.pdf.AddPage()
	return true
}

// lines writes a text over the whole width.
func (p *page) lines(s string, points float64) {
	m, h := p.size(points)
	for _, line := range wrap(p.font.shown(s), p.width, m) {
		p.room(h)
		p.pdf.CellFormat(p.width, h, line, "", 1, "L", false, 0, "")
	}
}

// meta writes a line of metadata, its label in a column of its own.
func (p *page) meta(l Line) {
	const label = 45.0
	m, h := p.size(textSize)
	left, right := wrap(p.font.shown(l.Label), label-2, m), wrap(p.font.shown(l.Text), p.width-label, m)
	for i := range max(len(left), len(right)) {
		p.room(h)
		p.pdf.SetTextColor(90, 90, 90)
		p.pdf.CellFormat(label, h, at(left, i), "", 0, "L", false, 0, "")
		p.pdf.SetTextColor(0, 0, 0)
		p.pdf.CellFormat(p.width-label, h, at(right, i), "", 1, "L", false, 0, "")
	}
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

// numbers writes the page numbers, when it is known how many there are.
func (p *page) numbers(lang string) {
	_, h := p.size(textSize)
	all := p.pdf.PageCount()
	for n := range all {
		p.pdf.SetPage(n + 1)
		p.size(textSize) // each page's stream names its own font
		p.pdf.SetTextColor(90, 90, 90)
		p.pdf.SetXY(margin, p.bottom+footer-h)
		text := p.font.shown(say.Text(lang, "paper.page", map[string]any{"page": n + 1, "pages": all}))
		p.pdf.CellFormat(p.width, h, text, "", 0, "C", false, 0, "")
		p.pdf.SetTextColor(0, 0, 0)
	}
}
