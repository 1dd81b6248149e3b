package report

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"mingfa/internal/base/paper"
	"mingfa/internal/base/say"
	"mingfa/internal/public/consult"
)

// A figure of the document. Its code is its name in the JSON; the words are the
// texts report.figure_CODE and report.formula_CODE.

// rateFigure is a ratio, with its target where it has one.
type rateFigure struct {
	code, need string // need is the requirement
	of         func(*Figures) Rate
	target     string                         // before the number: "≥ ", "≤ ", "" for all of them
	percent    func(consult.Thresholds) int64 // nil has no target
	missed     string                         // its name in Figures.Missed
}

// countFigure is a whole number.
type countFigure struct {
	code, need string
	of         func(*Figures) int64
}

// minuteFigure is a time in minutes with two decimals.
type minuteFigure struct {
	code, need string
	of         func(*Figures) float64
}

// none stands for the figure of Table 1 that this service does not have; its
// formula says why.
func none(*Figures) Rate { return Rate{} }

func fixed(n int64) func(consult.Thresholds) int64 {
	return func(consult.Thresholds) int64 { return n }
}

var rateFigures = []rateFigure{
	{"reply_rate", "B6.2.1.1b", func(f *Figures) Rate { return f.ReplyRate }, "", func(t consult.Thresholds) int64 { return t.Reply }, "reply"},
	{"timely_answer_rate", "B7.3.2.1", func(f *Figures) Rate { return f.Timely }, "", nil, ""},
	{"callback_rate", "B7.T1a", func(f *Figures) Rate { return f.CallbackRate }, "", func(t consult.Thresholds) int64 { return t.Callback }, "callback"},
	{"participation", "B7.T1b", func(f *Figures) Rate { return f.Participation }, "≥ ", func(t consult.Thresholds) int64 { return t.Participation }, "participation"},
	{"connect_rate", "B7.T1c", none, "≥ ", fixed(95), ""},
	{"satisfaction", "B7.T1d", func(f *Figures) Rate { return f.Satisfaction }, "≥ ", func(t consult.Thresholds) int64 { return t.Satisfaction }, "satisfaction"},
	{"fatal_error_rate", "B7.T1e", func(f *Figures) Rate { return f.FatalRate }, "≤ ", fixed(fatalPercent), "fatal"},
	{"non_fatal_error_rate", "B7.T1f", func(f *Figures) Rate { return f.MinorRate }, "≤ ", fixed(minorPercent), "non_fatal"},
	{"complaint_callback_rate", "B7.1.2.2a", func(f *Figures) Rate { return f.ComplaintRate }, "", fixed(100), "complaint"},
}

var countFigures = []countFigure{
	{"consultations", "B7.3.2.1", func(f *Figures) int64 { return f.Consultations }},
	{"answered", "B6.2.1.1b", func(f *Figures) int64 { return f.Answered }},
	{"answered_within_120min", "B6.2.1.1", func(f *Figures) int64 { return f.InTime }},
	{"open", "B6.2.1.1", func(f *Figures) int64 { return f.Open }},
	{"abandoned", "T5", func(f *Figures) int64 { return f.Abandoned }},
	{"breaches", "B6.2.1.1", func(f *Figures) int64 { return f.Breaches }},
	{"completed", "B7.T1b", func(f *Figures) int64 { return f.Completed }},
	{"rated", "B7.T1b", func(f *Figures) int64 { return f.Rated }},
	{"satisfied", "B7.T1d", func(f *Figures) int64 { return f.Satisfied }},
	{"non_satisfied", "B7.1.3.2", func(f *Figures) int64 { return f.NonSatisfied }},
	{"callbacks_due", "B7.1.3.2", func(f *Figures) int64 { return f.CallbacksDue }},
	{"callbacks_done", "B7.1.3.2", func(f *Figures) int64 { return f.CallbacksDone }},
	{"callbacks_late", "B7.T1a", func(f *Figures) int64 { return f.CallbacksLate }},
	{"inspected", "B7.2.4a", func(f *Figures) int64 { return f.Inspected }},
	{"complaints_received", "B7.1.2.3a", func(f *Figures) int64 { return f.Complaints }},
	{"suggestions", "B7.1.2.3a", func(f *Figures) int64 { return f.Suggestions }},
	{"complaints_closed", "B7.1.2.3c", func(f *Figures) int64 { return f.ComplaintDone }},
	{"complaints_open", "B7.1.2.2a", func(f *Figures) int64 { return f.ComplaintOpen }},
	{"complaints_overdue", "B7.1.2.2a", func(f *Figures) int64 { return f.ComplaintLate }},
	{"complaints_sensitive", "B7.1.2.2b", func(f *Figures) int64 { return f.Sensitive }},
	{"excluded_test", "T9", excluded(consult.Test)},
	{"excluded_spam", "T9", excluded(consult.Spam)},
	{"excluded_duplicate", "T9", excluded(consult.Duplicate)},
}

var minuteFigures = []minuteFigure{
	{"answer_minutes_mean", "T5", func(f *Figures) float64 { return f.AnswerMinutes.Mean }},
	{"answer_minutes_median", "T5", func(f *Figures) float64 { return f.AnswerMinutes.Median }},
	{"answer_minutes_p95", "T5", func(f *Figures) float64 { return f.AnswerMinutes.P95 }},
	{"answer_minutes_max", "T5", func(f *Figures) float64 { return f.AnswerMinutes.Max }},
	{"abandoned_mean_minutes", "T5", func(f *Figures) float64 { return f.AbandonedMean }},
}

func excluded(why consult.Exclusion) func(*Figures) int64 {
	return func(f *Figures) int64 {
		for _, x := range f.Excluded {
			if x.Reason == string(why) {
				return x.Count
			}
		}
		return 0
	}
}

// document is a stored report for people, in one of the languages of say. It is
// made of the stored row alone, so the same report gives the same document.
func (r stored) document(lang string) (*paper.Doc, error) {
	var f Figures
	if err := json.Unmarshal([]byte(r.Figures), &f); err != nil {
		return nil, fmt.Errorf("read the report of %s: %w", r.Day, err)
	}
	zone, err := time.LoadLocation(r.Zone)
	if err != nil {
		return nil, fmt.Errorf("find the zone of the report of %s: %w", r.Day, err)
	}
	t := translator(lang)
	d := &paper.Doc{Title: t.text("title") + " " + r.Day, Lang: lang, At: r.MadeAt}
	for _, m := range []paper.Line{
		{Label: "org", Text: f.Org.Name}, {Label: "level", Text: t.text("level_" + f.Org.Level)}, {Label: "date", Text: r.Day + " (" + r.Zone + ")"},
		{Label: "made_at", Text: r.MadeAt.In(zone).Format("2006-01-02 15:04:05 -07:00")}, {Label: "version", Text: strconv.FormatInt(r.Version, 10)},
		{Label: "leaf", Text: strconv.FormatInt(r.Leaf, 10)}, {Label: "rule", Text: t.text("rule_text")},
	} {
		d.Meta = append(d.Meta, paper.Line{Label: t.text(m.Label), Text: m.Text})
	}
	d.Tables = []paper.Table{t.rates(&f), t.counts(&f), t.minutes(&f)}
	return d, nil
}

// translator gives the texts of the document in one language.
type translator string

func (t translator) text(key string) string { return say.Text(string(t), "report."+key, nil) }

func (t translator) columns(typed paper.Type, names ...string) (out []paper.Column) {
	for i, name := range names {
		c := paper.Column{Head: t.text(name)}
		if i == 2 { // after code and name
			c.Type = typed
		}
		out = append(out, c)
	}
	return out
}

func (t translator) rates(f *Figures) paper.Table {
	out := paper.Table{Title: t.text("rates"), Columns: t.columns(paper.Percents, "code", "figure", "rate", "numerator", "denominator", "target", "mark", "formula", "need")}
	out.Columns[3].Type, out.Columns[4].Type = paper.Wholes, paper.Wholes
	for _, x := range rateFigures {
		r := x.of(f)
		target, mark := "", t.text("mark_none")
		if x.percent != nil {
			target, mark = fmt.Sprintf("%s%d%%", x.target, x.percent(f.Thresholds)), t.text("mark_met")
		}
		switch {
		case slices.Contains(f.Missed, x.missed):
			mark = t.text("mark_missed")
		case x.percent != nil && r.Den == 0:
			mark = t.text("mark_na")
		}
		out.Rows = append(out.Rows, []paper.Cell{paper.Text(x.code), paper.Text(t.text("figure_" + x.code)), paper.Percent{Num: r.Num, Den: r.Den},
			paper.Whole(r.Num), paper.Whole(r.Den), paper.Text(target), paper.Text(mark), paper.Text(t.text("formula_" + x.code)), paper.Text(x.need)})
	}
	return out
}

func (t translator) counts(f *Figures) paper.Table {
	out := paper.Table{Title: t.text("counts"), Columns: t.columns(paper.Wholes, "code", "figure", "count", "formula", "need")}
	for _, x := range countFigures {
		out.Rows = append(out.Rows, []paper.Cell{paper.Text(x.code), paper.Text(t.text("figure_" + x.code)), paper.Whole(x.of(f)),
			paper.Text(t.text("formula_" + x.code)), paper.Text(x.need)})
	}
	return out
}

func (t translator) minutes(f *Figures) paper.Table {
	out := paper.Table{Title: t.text("minutes"), Columns: t.columns(paper.Decimals, "code", "figure", "in_minutes", "formula", "need")}
	for _, x := range minuteFigures {
		out.Rows = append(out.Rows, []paper.Cell{paper.Text(x.code), paper.Text(t.text("figure_" + x.code)), paper.Hundredths(math.Round(x.of(f) * 100)),
			paper.Text(t.text("formula_" + x.code)), paper.Text(x.need)})
	}
	return out
}
