package recount

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"sort"
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
	Of     string    `json:"of"`
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
	case "load":
		return c.json(l, v.load())
	case "rates":
		return c.json(l, v.rates(l.Day))
	case "draws":
		return c.draws(v, l)
	case "hand_draws":
		return c.list(l, v.byHand(), byID, inOrder)
	case "samples":
		return c.list(l, v.sampled(l.Day, ""), byID)
	case "results":
		return c.list(l, v.sampled(l.Day, l.Who), byID)
	case "sample":
		return c.json(l, v.inspectedOrder(l.Of, l.Who))
	case "order":
		return c.json(l, v.order(l.Of))
	case "history":
		return c.history(v, l)
	case "imports":
		return c.list(l, v.files(), byID)
	case "import":
		return c.json(l, v.file(l.Of))
	case "archive":
		return c.list(l, v.archive(), byTitle)
	case "archived":
		return c.json(l, v.archived(v.archives[l.Of]))
	case "alarms", "running":
		return c.list(l, v.warnings(l.Who, l.What == "alarms"), keyOfAlarm)
	case "list":
		return c.list(l, v.opened(l.Day), byID)
	case "clocks":
		return c.list(l, v.clocks(), byOrder)
	case "exclusions":
		return c.list(l, v.exclusions(), byID)
	case "calls":
		return c.list(l, v.calls(l.Day == "done"), byOrder)
	case "interventions":
		return c.list(l, v.interventions(), byLawyer)
	case "report", "figures":
		return c.day(v, l)
	case "callbacks":
		want, keys := v.callbacks(mayCall(v.office))
		return c.ledger(l, want, keys, "工单编号", callColumns)
	case "complaints":
		want, keys := v.register(mayCall(v.office))
		return c.ledger(l, want, keys, "编号", complaintColumns)
	case "users", "lawyers", "orders":
		return c.export(l, v.elements(l.What, l.Day))
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

// list compares a list that came as JSON, page by page; key names its parts, after shape
// has put them and the page into the form in which they are compared.
func (c *comparison) list(l look, want doc, key func(map[string]any) string, shape ...func(map[string]any)) error {
	got, rows := doc{}, int64(0)
	for dec := json.NewDecoder(bytes.NewReader(l.Body)); dec.More(); {
		var page map[string]any
		dec.UseNumber()
		if err := dec.Decode(&page); err != nil {
			return err
		}
		items, _ := page["items"].([]any)
		for _, x := range items {
			one, _ := x.(map[string]any)
			for _, change := range shape {
				change(one)
			}
			got.walk("items["+key(one)+"]", x)
			rows++
		}
		for _, change := range shape {
			change(page)
		}
		delete(page, "items")
		delete(page, "next_cursor")
		got.walk("", page)
	}
	got.num("rows", rows)
	c.docs(l, want, got)
	return nil
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
