package recount

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// What is compared where: reports, ledgers, exports, pages.

// day compares the day's figures, and its stored report as it stood at 01:00.
func (c *comparison) day(v view, l look) error {
	stored := l.What == "report"
	if stored {
		begin, err := time.ParseInLocation(time.DateOnly, l.Day, china)
		if err != nil {
			return err
		}
		v.at = begin.AddDate(0, 0, 1).Add(time.Hour)
		if v.world, err = c.until(l.Day, v.at); err != nil {
			return err
		}
	}
	x, err := v.of(l.Day, stored)
	if err != nil {
		return err
	}
	switch l.Format {
	case "json":
		return c.json(l, x.json())
	case "pdf":
		c.pages(l, x.pdf())
		return nil
	}
	all, err := rows(l.Format, l.Body)
	if err != nil {
		return err
	}
	got := doc{}
	got.table(all, "代码")
	for path, s := range got {
		got[path] = printed(last(path), s)
	}
	c.docs(l, x.file(), got)
	return nil
}

// printed is a number as CSV prints it: a workbook has the bare one.
func printed(column, s string) string {
	f, err := strconv.ParseFloat(s, 64)
	switch {
	case err != nil:
	case column == "比率":
		return strconv.FormatFloat(math.Round(f*10000)/100, 'f', 2, 64) + "%"
	case column == "分钟":
		return strconv.FormatFloat(f, 'f', 2, 64)
	}
	return s
}

// until is the world as it was at a moment, for the reports of a day.
func (c *comparison) until(day string, at time.Time) (*world, error) {
	if w := c.stored[day]; w != nil {
		return w, nil
	}
	w := newWorld()
	for _, e := range c.lines {
		if e.Act == "sign_in" || e.At.Before(at) { // who belongs where is no figure of a day
			if err := w.take(e); err != nil {
				return nil, err
			}
		}
	}
	c.stored[day] = w
	return w, nil
}

// ledger compares a ledger: each cell, and how many rows there are, in their order.
func (c *comparison) ledger(l look, want doc, keys []string, first string, columns []string) error {
	if l.Format == "pdf" {
		var cards [][]string
		for _, k := range keys {
			card := []string{k}
			for _, column := range columns {
				cell := want[k+"."+column]
				if l.What == "callbacks" && callMoments[column] && cell != "" {
					cell = cell[:len(time.DateTime)] + " +08:00"
				}
				card = append(card, cell)
			}
			cards = append(cards, card)
		}
		c.pages(l, cards)
		return nil
	}
	all, err := rows(l.Format, l.Body)
	if err != nil {
		return err
	}
	got := doc{}
	n := got.table(all, first)
	for path, s := range got {
		if l.What == "callbacks" && callMoments[last(path)] {
			got[path] = instant(s)
		}
	}
	for _, row := range all {
		if len(row) > 1 && row[0] == "条数" {
			got.text("条数", row[1])
			want.text("条数", strconv.Itoa(len(keys)))
		}
	}
	got.num("rows", int64(n))
	want.num("rows", int64(len(keys)))
	c.docs(l, want, got)
	return nil
}

// instant reads a moment of CSV (RFC 3339) or of a workbook (days since 1899-12-30
// on China's clock).
func instant(s string) string {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return moment(t)
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s
	}
	ms := time.Duration(math.Round(f*86_400_000)) * time.Millisecond
	return moment(time.Date(1899, 12, 30, 0, 0, 0, 0, china).Add(ms))
}

// export compares an export of Appendix B, row by row.
func (c *comparison) export(l look, want doc) error {
	got, key := doc{}, ids[l.What]
	var all []map[string]string
	if l.Format == "json" {
		var file struct {
			Rows []map[string]string `json:"rows"`
		}
		if err := json.Unmarshal(l.Body, &file); err != nil {
			return err
		}
		all = file.Rows
	} else {
		table, err := rows(l.Format, l.Body)
		if err != nil || len(table) == 0 {
			return fmt.Errorf("an export without a head: %w", err)
		}
		for _, row := range table[1:] {
			if len(row) == 0 {
				continue
			}
			cells := map[string]string{}
			for i, name := range table[0] {
				code, _, _ := strings.Cut(name, " ")
				if cells[code] = ""; i < len(row) {
					cells[code] = row[i]
				}
			}
			all = append(all, cells)
		}
	}
	keys := map[string]bool{}
	for _, cells := range all {
		k := cells[key]
		delete(cells, key)
		got.row(k, cells)
		keys[k] = true
	}
	told := map[string]bool{}
	for path := range want {
		k, _, _ := strings.Cut(path, ".")
		told[k] = true
	}
	got.num("rows", int64(len(all)))
	want.num("rows", int64(len(told)))
	if len(keys) != len(all) {
		c.differ(l, "rows", strconv.Itoa(len(all)), fmt.Sprintf("%d different %s", len(keys), key))
	}
	c.docs(l, want, got)
	return nil
}

// pages compares a PDF file with what must stand in it: of each row its cells, one
// behind the other, before the next row begins.
func (c *comparison) pages(l look, want [][]string) {
	text := pdfText(l.Body)
	type found struct {
		row []string
		at  int
	}
	var at []found
	from := 0
	for _, row := range want {
		i := strings.Index(text[from:], bare(row[0]))
		c.out.Figures += len(row)
		if i < 0 {
			c.differ(l, row[0], Absent, row[0])
			continue
		}
		from += i + len(bare(row[0]))
		at = append(at, found{row, from})
	}
	for i, f := range at {
		stop := len(text)
		if i+1 < len(at) {
			stop = at[i+1].at
		}
		rest := text[f.at:stop]
		for n, cell := range f.row[1:] {
			k := strings.Index(rest, bare(cell))
			if k < 0 {
				c.differ(l, f.row[0]+"."+strconv.Itoa(n+1), Absent, cell)
				break
			}
			rest = rest[k+len(bare(cell)):]
		}
	}
}

// pdf is what the rows of the report's PDF file hold.
func (x *dayView) pdf() (out [][]string) {
	d := x.file()
	for _, r := range reportRates {
		out = append(out, []string{r.code, d[r.code+".比率"], d[r.code+".分子"], d[r.code+".分母"], d[r.code+".目标"], d[r.code+".结果"]})
	}
	for _, n := range reportCounts {
		out = append(out, []string{n.code, d[n.code+".数量"]})
	}
	for _, m := range reportTimes {
		out = append(out, []string{m.code, d[m.code+".分钟"]})
	}
	return out
}
