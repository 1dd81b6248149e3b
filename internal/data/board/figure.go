package board

import (
	"time"

	"mingfa/internal/base/say"
	"mingfa/internal/data/report"
	"mingfa/internal/public/consult"
	"mingfa/internal/public/lawyer"
)

// Board is the live board on the wire.
type Board struct {
	At      time.Time  `json:"at" doc:"When it was read"`
	Behind  int64      `json:"behind" doc:"Facts that are not counted yet"`
	Since   *time.Time `json:"behind_since,omitempty" doc:"When the oldest of them was written"`
	Date    string     `json:"date" doc:"Today in the organisation's zone"`
	Zone    string     `json:"zone"`
	Org     report.Org `json:"org"`
	Figures []Figure   `json:"figures"`
}

// Mark says how a figure stands to its threshold.
type Mark string

// The marks.
const (
	Met    Mark = "met"
	Near   Mark = "near" // met, but not by much
	Missed Mark = "missed"
	Few    Mark = "few"  // too few to judge
	None   Mark = "none" // report only
)

// Figure is one figure of the board.
type Figure struct {
	Code      string     `json:"code"`
	Group     string     `json:"group" enum:"now,day,complaints,quality,lawyers,excluded"`
	Name      string     `json:"name"`
	Unit      string     `json:"unit" enum:"count,percent,minutes"`
	Num       int64      `json:"num" doc:"The count, the minutes, or the part of a rate"`
	Den       int64      `json:"den,omitempty" doc:"Of how many, where it is a rate"`
	Text      string     `json:"text" doc:"As people write it; n/a where there is nothing to tell"`
	Threshold *Threshold `json:"threshold,omitempty"`
	Mark      Mark       `json:"mark" enum:"met,near,missed,few,none"`
	Need      string     `json:"requirement"`
	Formula   string     `json:"formula"`
	Opens     []Opens    `json:"opens" doc:"Lists that hold exactly what was counted"`
	Hours     []Point    `json:"hours" doc:"Today by the hour in which it was asked"`
	Days      []Point    `json:"days" doc:"The last 14 days; months for inspections"`
}

// Threshold is a mark of Table 1 or of the organisation.
type Threshold struct {
	Op    string `json:"op" enum:">=,<="`
	Value int64  `json:"value"`
	Text  string `json:"text" example:"≥ 95 %"`
}

// Opens is a list behind a figure: GET path with query gives count rows.
type Opens struct {
	What  string            `json:"what" enum:"counted,of,short" doc:"What was counted, of what, or what is missing"`
	Path  string            `json:"path" enum:"/orders,/complaints,/quality/samples,/lawyers"`
	Query map[string]string `json:"query"`
	Count int64             `json:"count"`
}

// Point is a point of a trend.
type Point struct {
	At  time.Time `json:"at"`
	Num int64     `json:"num"`
	Den int64     `json:"den,omitempty"`
}

// kind is how a figure of orders is made of counts.
type kind struct {
	code, group, need string
	num               func(Counts) int64
	den               func(Counts) int64 // nil: a count
	now               bool               // of all orders and not of today's
	set, of, short    consult.Figure     // lists behind it; "" is none
	missing           func(Counts) int64 // how many short lists
	percent           func(Limits) int64 // threshold of a rate
	none              bool               // threshold of a count: none may be
	judged            func(Counts) consult.Rate
}

func of(column func(*Counts) *int64) func(Counts) int64 {
	return func(c Counts) int64 { return *column(&c) }
}

// kinds are the figures of orders, in the order of the board.
var kinds = []kind{
	{code: "waiting", group: "now", need: "B6.2.1.1b", now: true, set: "waiting", num: of(func(c *Counts) *int64 { return &c.Waiting })},
	{code: "in_hand", group: "now", need: "B6.2.1.1", now: true, set: "in_hand", num: of(func(c *Counts) *int64 { return &c.InHand })},
	{code: "asked_back", group: "now", need: "B6.2.1.1", now: true, set: "asked_back", num: of(func(c *Counts) *int64 { return &c.AskedBack })},
	{code: "clock_0", group: "now", need: "B6.2.1.1", now: true, set: "clock_0", num: of(func(c *Counts) *int64 { return &c.Clock0 })},
	{code: "clock_60", group: "now", need: "B6.2.1.1", now: true, set: "clock_60", num: of(func(c *Counts) *int64 { return &c.Clock60 })},
	{code: "clock_90", group: "now", need: "B6.2.1.1", now: true, set: "clock_90", num: of(func(c *Counts) *int64 { return &c.Clock90 })},
	{code: "clock_110", group: "now", need: "B6.2.1.1", now: true, set: "clock_110", num: of(func(c *Counts) *int64 { return &c.Clock110 })},
	{code: "clock_120", group: "now", need: "B6.2.1.1", now: true, set: "clock_120", none: true, num: of(func(c *Counts) *int64 { return &c.Clock120 })},
	{code: "callbacks_open", group: "now", need: "B7.1.3.2", now: true, set: "callbacks_open", num: of(func(c *Counts) *int64 { return &c.CallbacksOpen })},
	{code: "callbacks_overdue", group: "now", need: "B7.1.3.2", now: true, set: "callbacks_overdue", none: true, num: of(func(c *Counts) *int64 { return &c.CallbacksOverdue })},
	{code: "consultations", group: "day", need: "B7.3.2.1", set: "consultations", num: of(func(c *Counts) *int64 { return &c.Consultations })},
	{code: "answered", group: "day", need: "B6.2.1.1b", set: "answered", num: of(func(c *Counts) *int64 { return &c.Answered })},
	{code: "timely_answer_rate", group: "day", need: "B7.3.2.1", set: "answered_in_time", of: "settled", short: "breaches",
		num: of(func(c *Counts) *int64 { return &c.InTime }), den: Counts.Settled, missing: Counts.Breaches, percent: func(l Limits) int64 { return l.Timely }},
	{code: "breaches", group: "day", need: "B6.2.1.1", set: "breaches", none: true, num: Counts.Breaches},
	{code: "participation", group: "day", need: "B7.T1b", set: "rated", of: "answered",
		num: of(func(c *Counts) *int64 { return &c.Rated }), den: of(func(c *Counts) *int64 { return &c.Answered }), percent: func(l Limits) int64 { return l.Participation }},
	{code: "satisfaction", group: "day", need: "B7.T1d", set: "satisfied", of: "rated", short: "non_satisfied", missing: Counts.NonSatisfied,
		num: of(func(c *Counts) *int64 { return &c.Satisfied }), den: of(func(c *Counts) *int64 { return &c.Rated }), percent: func(l Limits) int64 { return l.Satisfaction }},
	{code: "callback_rate", group: "day", need: "B7.T1a", set: "callbacks_in_time", of: "non_satisfied", short: "callbacks_late",
		num: of(func(c *Counts) *int64 { return &c.CallbacksInTime }), den: Counts.NonSatisfied, missing: of(func(c *Counts) *int64 { return &c.CallbacksLate }),
		percent: func(l Limits) int64 { return l.Callback },
		judged: func(c Counts) consult.Rate {
			return consult.Rate{Num: c.CallbacksInTime, Den: c.CallbacksInTime + c.CallbacksLate}
		}},
	{code: "excluded_test", group: "excluded", need: "T9", set: "excluded_test", num: of(func(c *Counts) *int64 { return &c.ExcludedTest })},
	{code: "excluded_spam", group: "excluded", need: "T9", set: "excluded_spam", num: of(func(c *Counts) *int64 { return &c.ExcludedSpam })},
	{code: "excluded_duplicate", group: "excluded", need: "T9", set: "excluded_duplicate", num: of(func(c *Counts) *int64 { return &c.ExcludedDuplicate })},
}

// painter writes figures in one language.
type painter struct {
	*seen
	language string
	may      func(verb string) bool
}

// board writes what was seen. may tells which lists the reader can open.
func (x *seen) board(language string, may func(verb string) bool) Board {
	b := Board{At: x.now, Behind: x.behind, Date: x.day.Format(time.DateOnly), Zone: x.org.Zone,
		Org: report.Org{ID: x.org.ID.String(), Name: x.org.Name, Level: string(x.org.Level)}}
	if !x.since.IsZero() {
		b.Since = &x.since
	}
	p := painter{x, language, may}
	for _, k := range kinds {
		b.Figures = append(b.Figures, p.orders(k))
		if k.code == "waiting" {
			b.Figures = append(b.Figures, p.oldest())
		}
	}
	b.Figures = append(b.Figures, p.connect())
	b.Figures = append(b.Figures, p.complaints()...)
	b.Figures = append(b.Figures, p.errors()...)
	b.Figures = append(b.Figures, p.lawyers()...)
	return b
}

// figure begins a figure with its words; those of the daily report where it has
// the same.
func (p painter) figure(code, group, unit, need string) Figure {
	word := func(what string) string {
		if key := "board." + what + "_" + code; say.Has(key) {
			return say.Text(p.language, key, nil)
		}
		return say.Text(p.language, "report."+what+"_"+code, nil)
	}
	return Figure{Code: code, Group: group, Unit: unit, Need: need, Name: word("figure"), Formula: word("formula"), Mark: None,
		Opens: []Opens{}, Hours: []Point{}, Days: []Point{}}
}

// orders writes a figure that is made of the counts of orders.
func (p painter) orders(k kind) Figure {
	c, date := p.today(), p.day.Format(time.DateOnly)
	if k.now {
		c, date = p.all, ""
	}
	f := p.figure(k.code, k.group, "count", k.need)
	f.Num = k.num(c)
	f.Text = decimal(f.Num)
	list := func(what string, set consult.Figure, n int64) {
		if !p.may("order.list") { // a machine that is let to figures alone
			return
		}
		q := map[string]string{"figure": string(set)}
		if date != "" {
			q["date"] = date
		}
		f.Opens = append(f.Opens, Opens{what, "/orders", q, n})
	}
	list("counted", k.set, f.Num)
	if k.den != nil {
		f.Unit, f.Den = "percent", k.den(c)
		list("of", k.of, f.Den)
		p.judge(&f, consult.Rate{Num: f.Num, Den: f.Den}, k.percent(p.limits), true)
		if k.judged != nil {
			p.judge(&f, k.judged(c), k.percent(p.limits), true)
		}
		f.Text = consult.Rate{Num: f.Num, Den: f.Den}.Text()
	}
	if k.short != "" {
		list("short", k.short, k.missing(c))
	}
	if k.none {
		p.noneMayBe(&f)
	}
	for at := p.day; at.Before(p.day.AddDate(0, 0, 1)); at = at.Add(time.Hour) {
		f.Hours = append(f.Hours, k.point(at, p.hours[at.UnixMilli()]))
	}
	for i := range Days {
		at := p.day.AddDate(0, 0, i+1-Days)
		f.Days = append(f.Days, k.point(at, p.days[at.UnixMilli()]))
	}
	return f
}

func (k kind) point(at time.Time, c Counts) Point {
	p := Point{At: at, Num: k.num(c)}
	if k.den != nil {
		p.Den = k.den(c)
	}
	return p
}

// judge puts a rate beside its percentage; high says that more is better.
func (p painter) judge(f *Figure, r consult.Rate, percent int64, high bool) {
	t := Threshold{">=", percent, "≥ " + decimal(percent) + " %"}
	if !high {
		t = Threshold{"<=", percent, "≤ " + decimal(percent) + " %"}
	}
	f.Threshold, f.Mark = &t, mark(r, percent, p.limits, high)
}

// mark judges a rate, unrounded. Near is met, and by less than near_points; a
// rate that can't be more than met is never near.
func mark(r consult.Rate, percent int64, l Limits, high bool) Mark {
	order, ok := r.Compare(percent)
	if !ok || r.Den < l.Enough {
		return Few
	}
	if !high {
		order = -order
	}
	if order < 0 {
		return Missed
	}
	edge := percent + l.NearPoints
	if !high {
		edge = percent - l.NearPoints
	}
	if edge < 0 || edge > 100 || l.NearPoints == 0 {
		return Met
	}
	if by, _ := r.Compare(edge); high && by < 0 || !high && by > 0 {
		return Near
	}
	return Met
}

// noneMayBe is the threshold of a count of what must not happen.
func (painter) noneMayBe(f *Figure) {
	f.Threshold, f.Mark = &Threshold{"<=", 0, "0"}, Met
	if f.Num > 0 {
		f.Mark = Missed
	}
}

// oldest is how long the one who waits longest has waited, in whole minutes.
func (p painter) oldest() Figure {
	f := p.figure("oldest_waiting", "now", "minutes", "B6.2.1.1b")
	limit := p.limits.WaitMinutes
	f.Threshold, f.Mark, f.Text = &Threshold{"<=", limit, "≤ " + decimal(limit)}, Met, "0"
	if p.may("order.list") {
		f.Opens = append(f.Opens, Opens{"counted", "/orders", map[string]string{"figure": "waiting"}, p.all.Waiting})
	}
	if p.seen.oldest == 0 {
		return f
	}
	waited := p.now.Sub(time.UnixMilli(p.seen.oldest))
	f.Num = int64(waited / time.Minute)
	f.Text = decimal(f.Num)
	switch most := time.Duration(limit) * time.Minute; {
	case waited > most:
		f.Mark = Missed
	case waited > most*3/4:
		f.Mark = Near
	}
	return f
}

// connect is the row of Table 1 that messages do not have.
func (p painter) connect() Figure {
	f := p.figure("connect_rate", "day", "percent", "B7.T1c")
	f.Text, f.Threshold = "n/a", &Threshold{">=", 95, "≥ 95 %"}
	return f
}

func (p painter) complaints() []Figure {
	one := func(code, need string, n int64, query map[string]string) Figure {
		f := p.figure(code, "complaints", "count", need)
		f.Num, f.Text = n, decimal(n)
		if p.may("complaint.list") {
			f.Opens = append(f.Opens, Opens{"counted", "/complaints", query, n})
		}
		return f
	}
	hours := func(from, hours int) (n int64) {
		for h := from; h < from+hours; h++ {
			n += p.complaint.Received[int64(h)]
		}
		return n
	}
	today := 24 * (Days - 1)
	got := one("complaints_received", "B7.1.2.3a", hours(today, 24), map[string]string{"date": p.day.Format(time.DateOnly)})
	for h := range 24 {
		got.Hours = append(got.Hours, Point{At: p.day.Add(time.Duration(h) * time.Hour), Num: hours(today+h, 1)})
	}
	for d := range Days {
		got.Days = append(got.Days, Point{At: p.day.AddDate(0, 0, d+1-Days), Num: hours(24*d, 24)})
	}
	open := one("complaints_open", "B7.1.2.2a", p.complaint.Open, map[string]string{"state": "open"})
	late := one("complaints_overdue", "B7.1.2.2a", p.complaint.Overdue, map[string]string{"overdue": "true"})
	p.noneMayBe(&late)
	sensitive := one("complaints_sensitive", "B7.1.2.2b", p.complaint.Sensitive, map[string]string{"state": "open", "sensitive": "true"})
	return []Figure{got, open, late, sensitive}
}

// errors are the error rates of this month's inspected orders (B7.T1e, B7.T1f).
func (p painter) errors() []Figure {
	now := p.months[len(p.months)-1]
	one := func(code, need, result string, n func(i int) consult.Rate, percent int64) Figure {
		f := p.figure(code, "quality", "percent", need)
		r := n(len(p.months) - 1)
		f.Num, f.Den, f.Text = r.Num, r.Den, r.Text()
		p.judge(&f, r, percent, false)
		if p.may("quality.list") {
			for _, x := range []struct {
				what, result string
				n            int64
			}{{"counted", result, r.Num}, {"of", "inspected", r.Den}} {
				f.Opens = append(f.Opens, Opens{x.what, "/quality/samples", map[string]string{"month": now.Month, "source": "drawn", "result": x.result}, x.n})
			}
		}
		for i := range p.months {
			at, _ := time.ParseInLocation("2006-01", p.months[i].Month, p.day.Location()) // we wrote it
			r := n(i)
			f.Days = append(f.Days, Point{at, r.Num, r.Den})
		}
		return f
	}
	return []Figure{
		one("fatal_error_rate", "B7.T1e", "fatal", func(i int) consult.Rate { return p.months[i].FatalRate() }, p.quality.FatalPercent),
		one("non_fatal_error_rate", "B7.T1f", "minor", func(i int) consult.Rate { return p.months[i].MinorRate() }, p.quality.MinorPercent),
	}
}

func (p painter) lawyers() (out []Figure) {
	for _, s := range []lawyer.Status{lawyer.Online, lawyer.Busy, lawyer.Away} {
		f := p.figure("lawyers_"+string(s), "lawyers", "count", "B5.2.2")
		f.Num = p.seen.lawyers[s]
		f.Text = decimal(f.Num)
		if p.may("lawyer.list") {
			f.Opens = append(f.Opens, Opens{"counted", "/lawyers", map[string]string{"status": string(s)}, f.Num})
		}
		out = append(out, f)
	}
	return out
}
