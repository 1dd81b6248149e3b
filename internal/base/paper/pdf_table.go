package paper

// grid is a table that is being drawn.
type grid struct {
	*page
	columns []Column
	widths  []float64
	metric  metric
	line    float64 // height of a line
	head    [][]string
	repeat  bool // the head stands on each page: it leaves at least half of it
}

// table draws a table below what stands there. Its title is never the last
// thing on a page.
func (p *page) table(t *Table) {
	if len(t.Columns) == 0 {
		return
	}
	m, h := p.size(textSize)
	g := &grid{page: p, columns: t.Columns, metric: m, line: h}
	texts := make([][]string, len(t.Rows))
	for r, row := range t.Rows {
		texts[r] = make([]string, len(row))
		for c, cell := range row {
			texts[r][c] = p.font.shown(t.Columns[c].show(cell, pdfTime))
		}
	}
	heads := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		heads[i] = p.font.shown(c.Head)
	}
	g.measure(append([][]string{heads}, texts...))
	g.head = g.wrapped(heads)
	g.repeat = g.height(g.head) <= (g.bottom-margin)/2
	p.pdf.Ln(3)
	p.room(g.height(g.head) + 4*h + headSize*point*leading)
	if t.Title != "" {
		p.lines(t.Title, headSize)
		p.pdf.Ln(1)
	}
	p.size(textSize)
	g.pdf.SetFillColor(232, 238, 244)
	g.flow(g.head, true)
	for _, row := range texts {
		g.flow(g.wrapped(row), false)
	}
}

// measure finds the columns' widths.
func (g *grid) measure(rows [][]string) {
	natural, least := make([]float64, len(g.columns)), make([]float64, len(g.columns))
	long := g.width / 6 // a longer word may be broken
	for _, row := range rows {
		for c, s := range row {
			for _, line := range wrap(s, 1e9, g.metric) {
				natural[c] = max(natural[c], min(g.metric.of(line)+2*padding+0.2, g.width))
			}
			for _, p := range pieces(s) {
				least[c] = max(least[c], min(g.metric.of(string(p))+2*padding+0.2, long))
			}
		}
	}
	for c, column := range g.columns {
		least[c] = min(least[c], natural[c])
		if column.Type != Texts {
			least[c] = max(least[c], min(natural[c], g.width/2)) // a number stays in one line
		}
	}
	g.widths = widths(natural, least, g.width)
}

func (g *grid) wrapped(row []string) [][]string {
	out := make([][]string, len(row))
	for c, s := range row {
		out[c] = wrap(s, g.widths[c]-2*padding, g.metric)
	}
	return out
}

func (g *grid) height(row [][]string) float64 {
	n := 1
	for _, lines := range row {
		n = max(n, len(lines))
	}
	return float64(n)*g.line + 2*padding
}

// flow draws a row, or the head itself; what does not fit goes on on the next
// page, under the head where that is repeated, but a row that fits on one page
// stands on one.
func (g *grid) flow(row [][]string, head bool) {
	under := g.repeat && !head
	whole := g.bottom - margin
	if under {
		whole -= g.height(g.head)
	}
	for {
		h, left := g.height(row), g.bottom-g.pdf.GetY()
		if h <= left {
			g.draw(row, head)
			return
		}
		if n := int((left - 2*padding) / g.line); h > whole && n > 0 {
			now, later := split(row, n)
			g.draw(now, head)
			row = later
		}
		g.pdf.AddPage()
		if under {
			g.draw(g.head, true)
		}
	}
}

// split cuts a row after n lines.
func split(row [][]string, n int) (now, later [][]string) {
	for _, lines := range row {
		k := min(n, len(lines))
		now, later = append(now, lines[:k]), append(later, lines[k:])
	}
	return now, later
}

// draw puts a row where the pen is.
func (g *grid) draw(row [][]string, head bool) {
	h, x, y := g.height(row), margin, g.pdf.GetY()
	for c, lines := range row {
		style := "D"
		if head {
			style = "FD"
		}
		g.pdf.Rect(x, y, g.widths[c], h, style)
		align := "L"
		if g.columns[c].Type != Texts && g.columns[c].Type != Moments {
			align = "R"
		}
		for i, line := range lines {
			g.pdf.SetXY(x+padding, y+padding+float64(i)*g.line)
			g.pdf.CellFormat(g.widths[c]-2*padding, g.line, line, "", 0, align, false, 0, "")
		}
		x += g.widths[c]
	}
	g.pdf.SetXY(margin, y+h)
}
