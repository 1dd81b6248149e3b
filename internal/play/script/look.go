package script

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// Look is an answer that is to be compared with the log: what was asked for, by
// whom, and what came. Its line in the log, the act "look" with the same number,
// tells what had happened before it.
type Look struct {
	N      int       `json:"n"`
	At     time.Time `json:"at"`
	Who    string    `json:"who"`
	Region string    `json:"region"` // of his office; "" is the operator
	What   string    `json:"what"`   // board, load, alarms, running, list, clocks, exclusions, calls, interventions, rates, draws, hand_draws, samples, sample, results, order, history, imports, import, archive, archived, report, figures, own, callbacks, complaints, users, lawyers, orders
	Format string    `json:"format"` // json, csv, xlsx, pdf
	Day    string    `json:"day,omitempty"`
	Of     string    `json:"of,omitempty"` // whose draws, which order, sample, import
	Status int       `json:"status"`
	Body   []byte    `json:"body"`
}

// lookOften plans the looks of a day at moments at which different things are
// open, and of the reports when they are there.
func (d *day) lookOften() {
	if d.Looks == nil {
		return
	}
	d.looks = json.NewEncoder(d.Looks)
	for _, at := range []struct {
		hours, minutes time.Duration
		all            bool // each office; else the operator alone
	}{{3, 20, false}, {11, 0, true}, {12, 0, false}, {14, 40, false}, {15, 5, false}, {15, 35, false}, {15, 52, false}, {20, 30, true}, {23, 58, false}, {24, 30, false}, {34, 30, true}, {37, 5, false}, {48, 30, false}} {
		d.at(d.Midnight.Add(at.hours*time.Hour+at.minutes*time.Minute), func(ctx context.Context) error { return d.lookAtBoards(ctx, at.all) })
	}
	for n := range 2 {
		made := d.Midnight.Add(time.Duration(25+24*n) * time.Hour)
		d.at(made.Add(10*time.Minute), func(ctx context.Context) error {
			return d.lookAtReports(ctx, made.AddDate(0, 0, -1).Format(time.DateOnly))
		})
	}
	for _, hours := range []time.Duration{23, 47} {
		d.at(d.Midnight.Add(hours*time.Hour+40*time.Minute), d.lookAtLawyers)
	}
}

// look reads something and keeps it.
func (d *day) look(ctx context.Context, c *client, l Look, path string) error {
	_, err := d.keep(ctx, c, l, path)
	return err
}

// keep is look, and gives what came.
func (d *day) keep(ctx context.Context, c *client, l Look, path string) (a answer, err error) {
	if l.Format == "pdf" && d.fontless {
		return a, nil
	}
	if err := c.atWork(ctx, d.step.Now()); err != nil {
		return a, err
	}
	if a, err = c.pages(ctx, path, l.Format); err != nil {
		return a, err
	}
	d.fontless = d.fontless || l.Format == "pdf" && a.status == http.StatusServiceUnavailable // a build without a font says so
	d.looked++
	l.N, l.At, l.Who, l.Region, l.Status, l.Body = d.looked, d.step.Now(), c.name, c.staff.Region, a.status, a.body
	if err := d.looks.Encode(l); err != nil {
		return a, err
	}
	return a, d.note(c, "look", "", a, Entry{Sent: map[string]any{"n": l.N, "what": l.What}})
}

// pages reads something, a list to its end: its pages one behind the other.
func (c *client) pages(ctx context.Context, path, format string) (all answer, err error) {
	for cursor := ""; ; {
		next := path
		if cursor != "" {
			next += "&cursor=" + cursor
		}
		a, err := c.call(ctx, http.MethodGet, next, nil)
		if err != nil {
			return a, err
		}
		all.status, all.body = a.status, append(all.body, a.body...)
		var page struct {
			Next string `json:"next_cursor"`
		}
		if format == "json" {
			_ = json.Unmarshal(a.body, &page) // what can't be read is compared, and differs
		}
		if cursor = page.Next; cursor == "" || a.status != http.StatusOK {
			return all, nil
		}
	}
}

// offices are one member of staff for each office, the operator first.
func (d *day) offices() []*client { return append([]*client{d.operators[0]}, d.bureaus...) }

// formats are the files that the nth office takes: PDF, which takes long to make,
// only the operator and one office.
func formats(n int) []string {
	if n < 2 {
		return []string{"csv", "xlsx", "pdf"}
	}
	return []string{"csv", "xlsx"}
}

// lookAtBoards looks at the live board and the lawyers' load, after everybody whose
// question was not answered has looked where it is.
func (d *day) lookAtBoards(ctx context.Context, all bool) error {
	if err := d.seeOpen(ctx); err != nil {
		return err
	}
	who := []*client{d.operators[0], d.quality[0]}
	if all {
		who = append(who, d.bureaus...)
	}
	for i, c := range who {
		a, err := d.keep(ctx, c, Look{What: "board", Format: "json"}, "/board")
		if err == nil && i < 2 && all {
			err = d.openBoard(ctx, c, a, i == 1)
		}
		if err != nil {
			return err
		}
	}
	if err := d.lookAtWarnings(ctx, all); err != nil {
		return err
	}
	if err := d.lookAtLists(ctx); err != nil {
		return err
	}
	if err := d.lookAtOpen(ctx); err != nil {
		return err
	}
	return d.look(ctx, d.operators[0], Look{What: "load", Format: "json"}, "/lawyers")
}

// openBoard opens the lists behind the figures of a board: those of inspected orders,
// which are the inspectors', or the others.
func (d *day) openBoard(ctx context.Context, c *client, board answer, inspected bool) error {
	var b struct {
		Figures []struct {
			Code  string `json:"code"`
			Opens []struct {
				What  string            `json:"what"`
				Path  string            `json:"path"`
				Query map[string]string `json:"query"`
			} `json:"opens"`
		} `json:"figures"`
	}
	if err := json.Unmarshal(board.body, &b); err != nil {
		return err
	}
	for _, f := range b.Figures {
		for _, o := range f.Opens {
			if (o.Path == "/quality/samples") != inspected {
				continue
			}
			query := url.Values{}
			if o.Path != "/lawyers" {
				query.Set("limit", "200")
			}
			for name, v := range o.Query {
				query.Set(name, v)
			}
			if err := d.look(ctx, c, Look{What: "list", Format: "json", Day: f.Code + "/" + o.What}, o.Path+"?"+query.Encode()); err != nil {
				return err
			}
		}
	}
	return nil
}

// lookAtLists looks at what operators work from.
func (d *day) lookAtLists(ctx context.Context) error {
	for _, x := range []struct{ what, day, path string }{{"clocks", "", "/warnings"}, {"exclusions", "", "/exclusions?limit=200"},
		{"calls", "open", "/callbacks?limit=200&state=open"}, {"calls", "done", "/callbacks?limit=200&state=done"}, {"interventions", "", "/interventions?limit=200"}} {
		if err := d.look(ctx, d.operators[0], Look{What: x.what, Format: "json", Day: x.day}, x.path); err != nil {
			return err
		}
	}
	return nil
}

// seeOpen is everybody whose question was not answered, who looks where it is.
func (d *day) seeOpen(ctx context.Context) error {
	for _, order := range slices.Sorted(maps.Keys(d.open)) {
		if _, err := d.see(ctx, order, d.open[order]); err != nil {
			return err
		}
	}
	return nil
}

// lookAtWarnings looks at the warnings that run, and with each office at all there were.
func (d *day) lookAtWarnings(ctx context.Context, all bool) error {
	if !all {
		return d.look(ctx, d.operators[0], Look{What: "running", Format: "json"}, "/alarms?limit=200&state=running")
	}
	for _, c := range d.offices() {
		if err := d.look(ctx, c, Look{What: "alarms", Format: "json"}, "/alarms?limit=200"); err != nil {
			return err
		}
	}
	return nil
}

// lookAtRates looks at the error rates of the month, after an inspector has read who is
// drawn: that is the program's to tell.
func (d *day) lookAtRates(ctx context.Context) error {
	if d.looks == nil {
		return nil
	}
	if _, err := d.samples(ctx); err != nil {
		return err
	}
	for _, c := range d.offices() {
		month := d.Midnight.Format("2006-01")
		if err := d.look(ctx, c, Look{What: "rates", Format: "json", Day: month}, "/quality/rates?limit=200&month="+month); err != nil {
			return err
		}
	}
	return nil
}

// lookAtReports takes the stored report of a day, in each office and format.
func (d *day) lookAtReports(ctx context.Context, day string) error {
	for i, c := range d.offices() {
		for _, format := range append([]string{"json"}, formats(i)...) {
			if err := d.look(ctx, c, Look{What: "report", Format: format, Day: day}, "/reports/"+day+"."+format); err != nil {
				return err
			}
		}
	}
	return nil
}

// lookAtLawyers is each lawyer who looks at his own figures.
func (d *day) lookAtLawyers(ctx context.Context) error {
	for _, c := range d.lawyers {
		if err := d.look(ctx, c, Look{What: "own", Format: "json"}, "/lawyers/me/figures"); err != nil {
			return err
		}
	}
	return nil
}

// lookAtAll is the end of a play: everything that shows figures once more, and all
// that can be taken away.
func (d *day) lookAtAll(ctx context.Context) error {
	if d.looks == nil {
		return nil
	}
	if err := d.lookAtBoards(ctx, true); err != nil {
		return err
	}
	if err := d.lookAtLawyers(ctx); err != nil {
		return err
	}
	for _, look := range []func(context.Context) error{d.lookAtRates, d.lookAtDraws, d.lookAtSamples, d.lookAtResults, d.lookAtOrders, d.lookAtImports} {
		if err := look(ctx); err != nil {
			return err
		}
	}
	for i, c := range d.offices() {
		day := d.Midnight.Format(time.DateOnly)
		if err := d.look(ctx, c, Look{What: "figures", Format: "json", Day: day}, "/figures?date="+day); err != nil {
			return err
		}
		for _, format := range formats(i) {
			if err := d.look(ctx, c, Look{What: "callbacks", Format: format}, "/callbacks/ledger."+format); err != nil {
				return err
			}
			if err := d.look(ctx, c, Look{What: "complaints", Format: format}, "/complaints/register."+format); err != nil {
				return err
			}
		}
	}
	for _, x := range [][2]string{{d.Midnight.Format(time.DateOnly), d.Midnight.Format(time.DateOnly)}, {"2021-11-21", "2021-11-30"}} {
		path := "/exports/orders?format=csv&from=" + x[0] + "&to=" + x[1]
		if err := d.look(ctx, d.admins[0], Look{What: "orders", Format: "csv", Day: x[0] + "/" + x[1]}, path); err != nil {
			return err
		}
	}
	if err := d.look(ctx, d.admins[0], Look{What: "lawyers", Format: "json", Day: "booleans"}, "/exports/lawyers?format=json&booleans=true"); err != nil {
		return err
	}
	for _, table := range []string{"users", "lawyers", "orders"} {
		for _, format := range []string{"csv", "xlsx", "json"} {
			if err := d.look(ctx, d.admins[0], Look{What: table, Format: format}, "/exports/"+table+"?format="+format); err != nil {
				return err
			}
		}
	}
	return nil
}
