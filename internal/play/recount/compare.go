package recount

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"sort"
	"strconv"
	"strings"
	"time"
)

// Difference is a figure that is not what the log says.
type Difference struct {
	Look    int    `json:"look"`
	What    string `json:"what"` // and in which format, by whom
	Path    string `json:"path"`
	Shown   string `json:"shown"`   // by the program
	Counted string `json:"counted"` // from the log
}

// Result is what a comparison found.
type Result struct {
	Looks       int          `json:"looks"`
	Figures     int          `json:"figures"` // compared one by one
	Unknown     int          `json:"unknown"` // that no client can know: see Table
	Differences []Difference `json:"differences"`

	Used map[Rule]bool `json:"-"` // rules of Table, without words, that something was compared by
}

// Absent stands for what is not there: in a look, or among the rules of the recount.
const (
	Absent = "(not there)"
	NoRule = "(no rule: add one to package recount)"
)

// look is an answer of the program.
type look struct {
	N      int       `json:"n"`
	At     time.Time `json:"at"`
	Who    string    `json:"who"`
	What   string    `json:"what"`
	Format string    `json:"format"`
	Day    string    `json:"day"`
	Status int       `json:"status"`
	Body   []byte    `json:"body"`
}

// comparison is one that runs.
type comparison struct {
	lines  []entry
	looks  map[int]look
	stored map[string]*world // at 01:00 after a day
	out    Result
}

// Compare makes every look anew from the log and names what differs. Lines that
// can't be read are an error.
func Compare(log, looks io.Reader) (Result, error) {
	c := &comparison{looks: map[int]look{}, stored: map[string]*world{}}
	c.out.Differences, c.out.Used = []Difference{}, map[Rule]bool{}
	var err error
	if c.lines, err = readLog(log); err != nil {
		return c.out, err
	}
	sc := bufio.NewScanner(looks)
	sc.Buffer(nil, 512<<20)
	for sc.Scan() {
		var l look
		if err := json.Unmarshal(sc.Bytes(), &l); err != nil {
			return c.out, fmt.Errorf("a look: %w", err)
		}
		c.looks[l.N] = l
	}
	if err := sc.Err(); err != nil {
		return c.out, fmt.Errorf("read the looks: %w", err)
	}
	return c.out, c.run()
}

// run goes through the log; at the line of a look it compares.
func (c *comparison) run() error {
	w := newWorld()
	for _, e := range c.lines {
		if err := w.take(e); err != nil {
			return err
		}
		if e.Act != "look" {
			continue
		}
		var s sent
		if err := json.Unmarshal(e.Sent, &s); err != nil {
			return fmt.Errorf("a look in the log: %w", err)
		}
		l, ok := c.looks[s.N]
		delete(c.looks, s.N)
		if p := w.people[e.Who]; !ok || l.Who != e.Who || l.What != s.What || !l.At.Equal(e.At) || p == nil {
			c.differ(look{N: s.N, What: s.What, Who: e.Who}, "", Absent, "a look in the log")
			continue
		}
		if err := c.compare(view{w, w.people[e.Who].region, e.At}, l); err != nil {
			c.differ(l, "", err.Error(), "something that can be read")
		}
	}
	for _, l := range c.looks {
		c.differ(l, "", "a look", Absent)
	}
	sort.SliceStable(c.out.Differences, func(i, j int) bool { return c.out.Differences[i].Look < c.out.Differences[j].Look })
	return nil
}

func (c *comparison) differ(l look, path, shown, counted string) {
	c.out.Differences = append(c.out.Differences, Difference{l.N, strings.TrimSpace(l.What + " " + l.Format + " of " + l.Who), path, shown, counted})
}

// mayCall tells whether somebody works for the operator, and so sees whole
// telephone numbers.
func mayCall(office string) bool { return office == "" }

// compare compares one look.
func (c *comparison) compare(v view, l look) error {
	if l.Format == "pdf" && l.Status == 503 {
		return nil // this build has no font; it says so, and gives the others
	}
	c.out.Looks++
	if l.Status != 200 {
		return fmt.Errorf("status %d", l.Status)
	}
	switch l.What {
	case "board":
		return c.json(l, v.board(v.people[l.Who].roles))
	case "own":
		return c.json(l, v.own(l.Who))
	case "report", "figures":
		return c.day(v, l)
	case "callbacks":
		want, keys := v.callbacks(mayCall(v.office))
		return c.ledger(l, want, keys, "工单编号", callColumns)
	case "complaints":
		want, keys := v.register(mayCall(v.office))
		return c.ledger(l, want, keys, "编号", complaintColumns)
	case "users", "lawyers", "orders":
		return c.export(l, v.elements(l.What))
	}
	return fmt.Errorf("nothing is known of a look at %s", l.What)
}

// json compares what came as JSON.
func (c *comparison) json(l look, want doc) error {
	got, err := flatten(l.Body)
	if err == nil {
		c.docs(l, want, got)
	}
	return err
}

// docs compares path by path, both ways.
func (c *comparison) docs(l look, want, got doc) {
	for _, path := range sorted(want) {
		c.out.Figures++
		where, key := keyOf(l.What, path)
		c.out.Used[Rule{Where: where, Key: key}] = true
		shown, ok := got[path]
		if !ok {
			shown = Absent
		}
		if shown != want[path] {
			c.differ(l, path, shown, want[path])
		}
	}
	for _, path := range sorted(got) {
		if _, ok := want[path]; ok {
			continue
		}
		switch ruleFor(l.What, path) {
		case word:
		case unknown:
			c.out.Unknown++
		default:
			c.differ(l, path, got[path], NoRule)
		}
	}
}

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
