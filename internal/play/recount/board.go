package recount

import (
	"fmt"
	"slices"
	"sort"
	"time"
)

// boardFigure is a figure of the live board that is made of orders.
type boardFigure struct {
	code, num, den string // names in the tally; no den: a count
	short          string // the name of what its third list holds
	now            bool   // of all orders, and not of today's
	percent        int64  // its mark in Table 1
	none           bool   // none may be
	how            string
}

var boardFigures = []boardFigure{
	{code: "waiting", num: "waiting", now: true, how: "unanswered, and its citizen was told last that it waits"},
	{code: "in_hand", num: "in_hand", now: true, how: "unanswered, and its citizen was told last that a lawyer has it"},
	{code: "asked_back", num: "asked_back", now: true, how: "answered, and the citizen's message was not answered yet"},
	{code: "clock_0", num: "clock_0", now: true, how: "somebody waits for less than 60 minutes"},
	{code: "clock_60", num: "clock_60", now: true, how: "from 60 minutes on"},
	{code: "clock_90", num: "clock_90", now: true, how: "from 90 minutes on"},
	{code: "clock_110", num: "clock_110", now: true, how: "from 110 minutes on"},
	{code: "clock_120", num: "clock_120", now: true, none: true, how: "longer than 120 minutes"},
	{code: "callbacks_open", num: "calls_open", now: true, how: "rated below satisfied, and no close was acknowledged"},
	{code: "callbacks_overdue", num: "calls_overdue", now: true, none: true, how: "not called, and the next working day has ended"},
	{code: "consultations", num: "consultations", how: "questions acknowledged today, less the excluded"},
	{code: "answered", num: "answered", how: "of them with an acknowledged answer"},
	{code: "timely_answer_rate", num: "in_time", den: "settled", short: "breaches", percent: 100, how: "answered within 120:00.000 of answered or past the limit"},
	{code: "breaches", num: "breaches", none: true, how: "answered late, or not and past the limit"},
	{code: "participation", num: "rated", den: "answered", percent: 40, how: "rated of answered"},
	{code: "satisfaction", num: "satisfied", den: "rated", short: "non_satisfied", percent: 95, how: "the two best levels of rated"},
	{code: "callback_rate", num: "calls_in_time", den: "non_satisfied", short: "calls_late", percent: 100, how: "called by the end of the next working day of not satisfied; judged by what is decided"},
	{code: "excluded_test", num: "excluded_test", how: "excluded today's questions by the reason that was sent"},
	{code: "excluded_spam", num: "excluded_spam", how: "the same"},
	{code: "excluded_duplicate", num: "excluded_duplicate", how: "the same"},
}

// trend is how many days the board goes back, and from how many on a rate is judged.
const trend, enough = 14, 5

// board is the live board anew, for a reader with these roles.
func (v view) board(roles []string) doc {
	d, today := doc{}, dayOf(v.at)
	d.text("date", today.Format(time.DateOnly))
	d.text("zone", "Asia/Shanghai")
	d.num("behind", 0)
	all := v.visible(time.Time{}, time.Time{})
	days, hours := map[int64]tally{}, map[int64]tally{}
	for _, o := range all {
		put(days, dayOf(o.asked), o.counts(v.at))
		put(hours, o.asked.Truncate(time.Hour), o.counts(v.at))
	}
	now := sum(all, v.at)
	for _, f := range boardFigures {
		p := boardPath(f.code)
		of := days[today.UnixMilli()]
		if f.now {
			of = now
		}
		f.write(d, p, of)
		for h := range 24 {
			f.point(d, p+".hours", today.Add(time.Duration(h)*time.Hour), hours)
		}
		for i := range trend {
			f.point(d, p+".days", today.AddDate(0, 0, i+1-trend), days)
		}
	}
	v.oldest(d, all)
	v.boardComplaints(d, today)
	v.boardErrors(d, today, slices.Contains(roles, "operations"))
	v.boardLawyers(d)
	p := boardPath("connect_rate")
	d.num(p+".num", 0)
	d.text(p+".text", "n/a")
	d.judge(p, ">=", 95, "none")
	return d
}

func boardPath(code string) string { return "figures[" + code + "]" }

func put(into map[int64]tally, at time.Time, t tally) {
	if into[at.UnixMilli()] == nil {
		into[at.UnixMilli()] = tally{}
	}
	into[at.UnixMilli()].add(t)
}

// write writes a figure with its lists and its mark.
func (f boardFigure) write(d doc, p string, t tally) {
	n := t[f.num]
	d.num(p+".num", n)
	d.text(p+".text", fmt.Sprint(n))
	d.num(p+".opens[counted].count", n)
	mark := "none"
	if f.none {
		mark = noneMayBe(n)
		d.threshold(p, "<=", 0, "0")
	}
	if f.den != "" {
		of := t[f.den]
		if of != 0 {
			d.num(p+".den", of)
		}
		d.text(p+".text", ratio(n, of))
		d.num(p+".opens[of].count", of)
		judged := of
		if f.code == "callback_rate" {
			judged = n + t["calls_late"]
		}
		mark = atLeast(n, judged, f.percent)
		d.threshold(p, ">=", f.percent, fmt.Sprintf("≥ %d %%", f.percent))
	}
	if f.short != "" {
		d.num(p+".opens[short].count", t[f.short])
	}
	d.text(p+".mark", mark)
}

func (d doc) threshold(p, op string, value int64, text string) {
	d.text(p+".threshold.op", op)
	d.num(p+".threshold.value", value)
	d.text(p+".threshold.text", text)
}

func (d doc) judge(p, op string, percent int64, mark string) {
	sign := map[string]string{">=": "≥", "<=": "≤"}[op]
	d.threshold(p, op, percent, fmt.Sprintf("%s %d %%", sign, percent))
	d.text(p+".mark", mark)
}

func noneMayBe(n int64) string {
	if n > 0 {
		return "missed"
	}
	return "met"
}

// atLeast puts a rate beside its mark, unrounded (T6): near is met by less than
// one point; a mark of 100 is never near.
func atLeast(n, of, percent int64) string {
	switch {
	case of < enough:
		return "few"
	case n*100 < of*percent:
		return "missed"
	case percent < 100 && n*100 < of*(percent+1):
		return "near"
	}
	return "met"
}

// atMost is atLeast for errors.
func atMost(n, of, percent int64) string {
	switch {
	case of < enough:
		return "few"
	case n*100 > of*percent:
		return "missed"
	case n*100 > of*(percent-1):
		return "near"
	}
	return "met"
}

func (f boardFigure) point(d doc, list string, at time.Time, of map[int64]tally) {
	p := list + "[" + at.Format(time.RFC3339) + "]"
	d.num(p+".num", of[at.UnixMilli()][f.num])
	if n := of[at.UnixMilli()][f.den]; f.den != "" && n != 0 {
		d.num(p+".den", n)
	}
}

// oldest is how many whole minutes the one has waited who waits longest.
func (v view) oldest(d doc, all []*order) {
	var waited time.Duration
	n := int64(0)
	for _, o := range all {
		if o.excluded == "" && o.answered.IsZero() && o.state == "waiting" {
			n++
			waited = max(waited, v.at.Sub(o.asked))
		}
	}
	p, mark := boardPath("oldest_waiting"), "met"
	switch {
	case waited > 10*time.Minute:
		mark = "missed"
	case waited > 10*time.Minute*3/4:
		mark = "near"
	}
	d.num(p+".num", int64(waited/time.Minute))
	d.text(p+".text", fmt.Sprint(int64(waited/time.Minute)))
	d.threshold(p, "<=", 10, "≤ 10")
	d.text(p+".mark", mark)
	d.num(p+".opens[counted].count", n)
}

func (v view) boardComplaints(d doc, today time.Time) {
	t, byHour, byDay := tally{}, tally{}, tally{}
	for _, c := range v.complained() {
		byHour[c.received.Truncate(time.Hour).In(china).Format(time.RFC3339)]++
		byDay[dayOf(c.received).Format(time.RFC3339)]++
		if c.closed.IsZero() {
			t["open"]++
			if c.called.IsZero() && v.at.After(c.due) {
				t["overdue"]++
			}
			if c.flag != "" {
				t["sensitive"]++
			}
		}
	}
	t["received"] = byDay[today.Format(time.RFC3339)]
	for _, name := range []string{"received", "open", "overdue", "sensitive"} {
		f := boardFigure{num: name, none: name == "overdue"}
		f.write(d, boardPath("complaints_"+name), t)
	}
	p := boardPath("complaints_received")
	for h := range 24 {
		at := today.Add(time.Duration(h) * time.Hour).Format(time.RFC3339)
		d.num(p+".hours["+at+"].num", byHour[at])
	}
	for i := range trend {
		at := today.AddDate(0, 0, i+1-trend).Format(time.RFC3339)
		d.num(p+".days["+at+"].num", byDay[at])
	}
}

// boardErrors are the error rates of this month and the five before. Their lists are
// not the operators'.
func (v view) boardErrors(d doc, today time.Time, listless bool) {
	first := time.Date(today.Year(), today.Month(), 1, 0, 0, 0, 0, china)
	for _, x := range []struct {
		code, num string
		percent   int64
	}{{"fatal_error_rate", "fatal", 2}, {"non_fatal_error_rate", "minor", 10}} {
		p, t := boardPath(x.code), v.inspected(first.Format("2006-01"))
		n, of := t[x.num], t["inspected"]
		boardFigure{num: x.num, den: "inspected"}.write(d, p, t)
		d.judge(p, "<=", x.percent, atMost(n, of, x.percent))
		if listless {
			delete(d, p+".opens[counted].count")
			delete(d, p+".opens[of].count")
		}
		for i := range 6 {
			at := first.AddDate(0, i-5, 0)
			month := v.inspected(at.Format("2006-01"))
			boardFigure{num: x.num, den: "inspected"}.point(d, p+".days", at, map[int64]tally{at.UnixMilli(): month})
		}
	}
}

// boardLawyers are the lawyers of the office by what they said of themselves last.
func (v view) boardLawyers(d doc) {
	t := tally{}
	for _, p := range v.people {
		if p.status != "" && v.mine(p.region) {
			t[p.status]++
		}
	}
	for _, s := range []string{"online", "busy", "away"} {
		boardFigure{num: s}.write(d, boardPath("lawyers_"+s), t)
	}
}

func sorted(d map[string]string) []string {
	out := make([]string, 0, len(d))
	for p := range d {
		out = append(out, p)
	}
	sort.Strings(out)
	return out
}
