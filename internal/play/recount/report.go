package recount

import (
	"strconv"
	"time"
)

// dayView is a day of an office: its orders, complaints and inspections.
type dayView struct {
	view
	day    time.Time
	stored bool
	list   []*order
	t      tally // of orders
	heard  tally // of complaints
	checks tally // of inspections
}

func (v view) of(day string, stored bool) (*dayView, error) {
	begin, err := time.ParseInLocation(time.DateOnly, day, china)
	if err != nil {
		return nil, err
	}
	next := begin.AddDate(0, 0, 1)
	x := &dayView{view: v, day: begin, stored: stored, list: v.visible(begin, next)}
	x.t, x.heard, x.checks = sum(x.list, v.at), v.grievances(begin, next), v.inspected(begin.Format("2006-01"))
	return x, nil
}

// A figure of the day's report: its name in JSON, which is its code in the files.
type (
	reportRate struct {
		code, file     string // file is its name in JSON where that differs
		of             func(x *dayView) (num, den int64)
		target, missed string // as it is printed; its name among the missed
		percent        int64
		most           bool // the target is a limit from above
		how            string
	}
	reportCount struct {
		code string
		of   func(x *dayView) int64
		how  string
	}
	reportMinutes struct {
		code, json string
		of         func(x *dayView) float64
		how        string
	}
)

func two(num, den string) func(*dayView) (int64, int64) {
	return func(x *dayView) (int64, int64) { return x.t[num], x.t[den] }
}

var reportRates = []reportRate{
	{code: "reply_rate", of: two("answered", "consultations"), target: "100%", missed: "reply", percent: 100, how: "answered of asked"},
	{code: "timely_answer_rate", of: two("in_time", "settled"), how: "answered within 120:00.000 of answered or past the limit"},
	{code: "callback_rate", of: two("calls_in_time", "non_satisfied"), target: "100%", missed: "callback", percent: 100, how: "called by the end of the next working day of not satisfied"},
	{code: "participation", of: two("rated", "answered"), target: "≥ 40%", missed: "participation", percent: 40, how: "rated of answered"},
	{code: "connect_rate", file: "-", of: func(*dayView) (int64, int64) { return 0, 0 }, target: "≥ 95%", percent: 95, how: "messages have no connection: n/a"},
	{code: "satisfaction", of: two("satisfied", "rated"), target: "≥ 95%", missed: "satisfaction", percent: 95, how: "the two best levels of rated"},
	{code: "fatal_error_rate", of: func(x *dayView) (int64, int64) { return x.checks["fatal"], x.checks["inspected"] }, target: "≤ 2%", missed: "fatal", percent: 2, most: true,
		how: "drawn orders of the month whose standing card marks a fatal item, of those with an undisputed card"},
	{code: "non_fatal_error_rate", of: func(x *dayView) (int64, int64) { return x.checks["minor"], x.checks["inspected"] }, target: "≤ 10%", missed: "non_fatal", percent: 10, most: true,
		how: "the same with another item"},
	{code: "complaint_callback_rate", of: func(x *dayView) (int64, int64) { return x.heard["in_time"], x.heard["due"] }, target: "100%", missed: "complaint", percent: 100,
		how: "called within one working day, of complaints whose day ended on this day"},
}

func number(name string) func(*dayView) int64 { return func(x *dayView) int64 { return x.t[name] } }
func heard(name string) func(*dayView) int64  { return func(x *dayView) int64 { return x.heard[name] } }

var reportCounts = []reportCount{
	{"consultations", number("consultations"), "questions acknowledged on the day, less the excluded"},
	{"answered", number("answered"), "of them with an acknowledged answer"},
	{"answered_within_120min", number("in_time"), "at most 120:00.000 after the question"},
	{"open", func(x *dayView) int64 { return x.t["consultations"] - x.t["settled"] }, "not answered, within the limit"},
	{"abandoned", number("abandoned"), "not answered, past the limit"},
	{"breaches", number("breaches"), "answered late, or not and past the limit"},
	{"completed", number("answered"), "answered"},
	{"rated", number("rated"), "with an acknowledged rating"},
	{"satisfied", number("satisfied"), "the two best levels"},
	{"non_satisfied", number("non_satisfied"), "the other three"},
	{"callbacks_due", number("non_satisfied"), "one for each not satisfied"},
	{"callbacks_done", number("calls_done"), "reached, or the third call in vain"},
	{"callbacks_late", number("calls_late"), "called after the next working day, or not and past it"},
	{"inspected", func(x *dayView) int64 { return x.checks["inspected"] }, "drawn orders of the month with an undisputed card"},
	{"complaints_received", heard("received"), "acknowledged on the day, or taken down for it"},
	{"suggestions", heard("suggestions"), "of them suggestions"},
	{"complaints_closed", heard("closed"), "close acknowledged on the day"},
	{"complaints_open", heard("open"), "not closed at the end of the day"},
	{"complaints_overdue", heard("overdue"), "of them not called, and their working day has ended"},
	{"complaints_sensitive", heard("sensitive"), "received on the day, with a sensitive word or flagged by hand"},
	{"excluded_test", number("excluded_test"), "excluded by the reason that was sent, and not taken back"},
	{"excluded_spam", number("excluded_spam"), "the same"},
	{"excluded_duplicate", number("excluded_duplicate"), "the same"},
}

var reportTimes = []reportMinutes{
	{"answer_minutes_mean", "answer_minutes.mean", func(x *dayView) float64 { m, _, _, _ := spread(x.list); return minutes(m) }, "from question to answer, over the answered; cut to hundredths"},
	{"answer_minutes_median", "answer_minutes.median", func(x *dayView) float64 { _, m, _, _ := spread(x.list); return minutes(m) }, "the same"},
	{"answer_minutes_p95", "answer_minutes.p95", func(x *dayView) float64 { _, _, p, _ := spread(x.list); return minutes(p) }, "the nearest rank"},
	{"answer_minutes_max", "answer_minutes.max", func(x *dayView) float64 { _, _, _, m := spread(x.list); return minutes(m) }, "the same"},
	{"abandoned_mean_minutes", "abandoned_mean_minutes", func(x *dayView) float64 { return minutes(x.abandonedMean()) }, "from the question to 01:00 of the next day, over the abandoned"},
}

func (x *dayView) abandonedMean() time.Duration {
	var all time.Duration
	for _, o := range x.list {
		if o.counts(x.at)["abandoned"] > 0 {
			all += x.at.Sub(o.asked)
		}
	}
	return all / time.Duration(max(1, x.t["abandoned"]))
}

// short tells whether a rate misses its target, unrounded; a rate of nothing
// misses none (T6).
func (r reportRate) short(num, den int64) bool {
	if den == 0 || r.missed == "" {
		return false
	}
	if r.most {
		return num*100 > den*r.percent
	}
	return num*100 < den*r.percent
}

// json is the report, or the day's figures, as JSON.
func (x *dayView) json() doc {
	d := doc{}
	d.text("date", x.day.Format(time.DateOnly))
	d.truth("live", !x.stored)
	missed := 0
	for _, r := range reportRates {
		if r.file == "-" {
			continue
		}
		num, den := r.of(x)
		d.rate(r.code, num, den)
		if r.short(num, den) {
			d.text("missed["+r.missed+"]", r.missed)
			missed++
		}
	}
	for _, c := range reportCounts {
		if why, ok := cut(c.code, "excluded_"); ok {
			d.num("excluded["+why+"].count", c.of(x))
			continue
		}
		d.num(c.code, c.of(x))
	}
	for _, m := range reportTimes {
		d.real(m.json, m.of(x))
	}
	for name, percent := range map[string]int64{"reply": 100, "callback": 100, "participation": 40, "satisfaction": 95} {
		d.num("thresholds."+name, percent)
	}
	return d
}

// file is the report as CSV, XLSX or PDF: a row for each code.
func (x *dayView) file() (out doc) {
	out = doc{}
	for _, r := range reportRates {
		num, den := r.of(x)
		mark := "仅报告"
		switch {
		case r.short(num, den):
			mark = "未达标"
		case r.target != "" && den == 0:
			mark = "不适用"
		case r.target != "":
			mark = "达标"
		}
		rate := "n/a"
		if den != 0 {
			h := (num*20000 + den) / (2 * den)
			rate = strconv.FormatFloat(float64(h)/100, 'f', 2, 64) + "%"
		}
		for column, s := range map[string]string{"比率": rate, "分子": strconv.FormatInt(num, 10), "分母": strconv.FormatInt(den, 10), "目标": r.target, "结果": mark} {
			out.text(r.code+"."+column, s)
		}
	}
	for _, c := range reportCounts {
		out.num(c.code+".数量", c.of(x))
	}
	for _, m := range reportTimes {
		out.text(m.code+".分钟", strconv.FormatFloat(m.of(x), 'f', 2, 64))
	}
	return out
}

func cut(s, prefix string) (string, bool) {
	if len(s) > len(prefix) && s[:len(prefix)] == prefix {
		return s[len(prefix):], true
	}
	return "", false
}
