package report

import (
	"mingfa/internal/core/identity"
	"mingfa/internal/public/consult"
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
	AnswerMinutes Minutes            `json:"answer_minutes"`
	Thresholds    consult.Thresholds `json:"thresholds" doc:"Targets of Table 1, in per cent"`
	Missed        []string           `json:"missed" doc:"Targets that are missed"`
	Formulas      map[string]string  `json:"formulas"`
}

func figuresOf(o identity.Org, day string, c consult.Figures) Figures {
	f := Figures{Date: day, Org: Org{o.ID.String(), o.Name, string(o.Level)}, Consultations: c.Consultations, Answered: c.Answered, InTime: c.InTime,
		Open: c.Open, ReplyRate: rate(c.ReplyRate), Timely: rate(c.TimelyRate), Completed: c.Completed, Rated: c.Rated, Participation: rate(c.Participation),
		Satisfied: c.Satisfied, Satisfaction: rate(c.Satisfaction), NonSatisfied: c.NonSatisfied, CallbacksDue: c.CallbacksDue,
		CallbacksDone: c.CallbacksDone, CallbacksLate: c.CallbacksLate, CallbackRate: rate(c.CallbackRate), Abandoned: c.Abandoned,
		AbandonedMean: consult.Minutes(c.AbandonedWait), Excluded: []Count{}, Breaches: c.Breaches,
		AnswerMinutes: Minutes{consult.Minutes(c.AnswerDuration.Mean), consult.Minutes(c.AnswerDuration.Median), consult.Minutes(c.AnswerDuration.P95), consult.Minutes(c.AnswerDuration.Max)},
		Thresholds:    consult.Table1, Missed: consult.Table1.Alarms(c), Formulas: consult.Formulas}
	if f.Missed == nil {
		f.Missed = []string{}
	}
	for _, why := range []consult.Exclusion{consult.Test, consult.Spam, consult.Duplicate} {
		f.Excluded = append(f.Excluded, Count{string(why), c.Excluded[why]})
	}
	return f
}
