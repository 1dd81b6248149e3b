package report

import (
	"maps"

	"mingfa/internal/core/identity"
	"mingfa/internal/public/complaint"
	"mingfa/internal/public/consult"
	"mingfa/internal/public/quality"
)

// Rate is an exact ratio: both parts, and its text with two decimals or n/a.
type Rate struct {
	Num  int64  `json:"num"`
	Den  int64  `json:"den"`
	Text string `json:"text" example:"95.00 %"`
}

func rate(r consult.Rate) Rate { return Rate{r.Num, r.Den, r.Text()} }

// Org names whose figures they are.
type Org struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Level string `json:"level"`
}

// Count is a number beside its reason.
type Count struct {
	Reason string `json:"reason"`
	Count  int64  `json:"count"`
}

// Minutes are the answer times of answered orders (T5).
type Minutes struct {
	Mean   float64 `json:"mean"`
	Median float64 `json:"median"`
	P95    float64 `json:"p95"`
	Max    float64 `json:"max"`
}

// Figures are a day's figures on the wire and in the report.
type Figures struct {
	Date          string             `json:"date"`
	Org           Org                `json:"org"`
	Live          bool               `json:"live"`
	Leaf          int64              `json:"leaf" doc:"Made of the facts with a smaller leaf number"`
	Consultations int64              `json:"consultations"`
	Answered      int64              `json:"answered"`
	InTime        int64              `json:"answered_within_120min"`
	Open          int64              `json:"open"`
	ReplyRate     Rate               `json:"reply_rate"`
	Timely        Rate               `json:"timely_answer_rate"`
	Completed     int64              `json:"completed"`
	Rated         int64              `json:"rated"`
	Participation Rate               `json:"participation"`
	Satisfied     int64              `json:"satisfied"`
	Satisfaction  Rate               `json:"satisfaction"`
	NonSatisfied  int64              `json:"non_satisfied"`
	CallbacksDue  int64              `json:"callbacks_due"`
	CallbacksDone int64              `json:"callbacks_done"`
	CallbacksLate int64              `json:"callbacks_late"`
	CallbackRate  Rate               `json:"callback_rate"`
	Abandoned     int64              `json:"abandoned"`
	AbandonedMean float64            `json:"abandoned_mean_minutes"`
	Excluded      []Count            `json:"excluded"`
	Breaches      int64              `json:"breaches"`
	Inspected     int64              `json:"inspected" doc:"Of the month up to this day, drawn at random"`
	FatalRate     Rate               `json:"fatal_error_rate" doc:"Of the inspected (B7.T1e)"`
	MinorRate     Rate               `json:"non_fatal_error_rate" doc:"Of the inspected (B7.T1f)"`
	Complaints    int64              `json:"complaints_received" doc:"Complaints and suggestions received on the day"`
	Suggestions   int64              `json:"suggestions" doc:"Of them suggestions"`
	ComplaintRate Rate               `json:"complaint_callback_rate" doc:"Called back within a working day, of those whose day ended (B7.1.2.2a)"`
	ComplaintDone int64              `json:"complaints_closed" doc:"Closed on the day"`
	ComplaintOpen int64              `json:"complaints_open" doc:"Open at the end of the day"`
	ComplaintLate int64              `json:"complaints_overdue" doc:"Of them not called although their working day had ended"`
	Sensitive     int64              `json:"complaints_sensitive" doc:"Received on the day and sensitive"`
	AnswerMinutes Minutes            `json:"answer_minutes"`
	Thresholds    consult.Thresholds `json:"thresholds" doc:"Targets of Table 1, in per cent"`
	Missed        []string           `json:"missed" doc:"Targets that are missed"`
	Formulas      map[string]string  `json:"formulas"`
}

// The marks of Table 1 for inspected orders, in per cent (B7.T1e, B7.T1f).
const (
	fatalPercent = 2
	minorPercent = 10
)

// called is how many complaints were called back in time, of those whose working
// day ended on the day (B7.1.2.2a).
func called(f complaint.Figures) consult.Rate {
	return consult.Rate{Num: int64(f.InTime), Den: int64(f.Due)}
}

// formulas tell how each figure is made, with the requirement.
var formulas = func() map[string]string {
	all := maps.Clone(consult.Formulas)
	all["fatal_error_rate"] = "drawn orders of the month with a fatal error / inspected (B7.T1e, B7.1.4.2.2b)"
	all["non_fatal_error_rate"] = "drawn orders of the month with a non-fatal error / inspected (B7.T1f, B7.1.4.2.2a)"
	all["complaint_callback_rate"] = "called back within one working day / complaints whose working day ended (B7.1.2.2a)"
	return all
}()

// figuresOf writes the figures of a day: of its orders, of the complaints of the
// day, and of what was inspected of its month.
func figuresOf(o identity.Org, day string, c consult.Figures, heard complaint.Figures, q quality.Count) Figures {
	f := Figures{Date: day, Org: Org{o.ID.String(), o.Name, string(o.Level)}, Consultations: c.Consultations, Answered: c.Answered, InTime: c.InTime,
		Open: c.Open, ReplyRate: rate(c.ReplyRate), Timely: rate(c.TimelyRate), Completed: c.Completed, Rated: c.Rated, Participation: rate(c.Participation),
		Satisfied: c.Satisfied, Satisfaction: rate(c.Satisfaction), NonSatisfied: c.NonSatisfied, CallbacksDue: c.CallbacksDue,
		CallbacksDone: c.CallbacksDone, CallbacksLate: c.CallbacksLate, CallbackRate: rate(c.CallbackRate), Abandoned: c.Abandoned,
		AbandonedMean: consult.Minutes(c.AbandonedWait), Excluded: []Count{}, Breaches: c.Breaches,
		AnswerMinutes: Minutes{consult.Minutes(c.AnswerDuration.Mean), consult.Minutes(c.AnswerDuration.Median), consult.Minutes(c.AnswerDuration.P95), consult.Minutes(c.AnswerDuration.Max)},
		Inspected:     q.Inspected, FatalRate: rate(q.FatalRate()), MinorRate: rate(q.MinorRate()),
		Complaints: int64(heard.Received), Suggestions: int64(heard.Suggestions), ComplaintRate: rate(called(heard)),
		ComplaintDone: int64(heard.Closed), ComplaintOpen: int64(heard.Open), ComplaintLate: int64(heard.Overdue), Sensitive: int64(heard.Sensitive),
		Thresholds: consult.Table1, Missed: append([]string{}, consult.Table1.Alarms(c)...), Formulas: formulas}
	if order, ok := called(heard).Compare(consult.Table1.Callback); ok && order < 0 {
		f.Missed = append(f.Missed, "complaint")
	}
	if quality.Exceeds(q.FatalRate(), fatalPercent) {
		f.Missed = append(f.Missed, "fatal")
	}
	if quality.Exceeds(q.MinorRate(), minorPercent) {
		f.Missed = append(f.Missed, "non_fatal")
	}
	for _, why := range []consult.Exclusion{consult.Test, consult.Spam, consult.Duplicate} {
		f.Excluded = append(f.Excluded, Count{string(why), c.Excluded[why]})
	}
	return f
}
