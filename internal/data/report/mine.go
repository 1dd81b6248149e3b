package report

import (
	"context"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
	"mingfa/internal/public/consult"
	"mingfa/internal/public/quality"
)

// OwnDays is how long a lawyer's own figures reach back, today included.
const OwnDays = 30

// OwnPeriod are a lawyer's own figures of some days, as they stand now: of the orders
// that he answered in them, by the formulas of the day's report. GET /orders with own,
// since and until opens the orders behind each.
type OwnPeriod struct {
	Since         string       `json:"since" doc:"First day, YYYY-MM-DD in the zone of his organisation"`
	Until         string       `json:"until" doc:"Last day"`
	Answered      int64        `json:"answered"`
	InTime        int64        `json:"in_time"`
	Late          int64        `json:"late"`
	Timely        consult.Rate `json:"timely_answer_rate"`
	Rated         int64        `json:"rated"`
	Participation consult.Rate `json:"participation"`
	Satisfied     int64        `json:"satisfied"`
	Satisfaction  consult.Rate `json:"satisfaction"`
	NonSatisfied  int64        `json:"non_satisfied" doc:"Rated below satisfied: each is called back"`
	CallbacksDone int64        `json:"callbacks_done"`
	CallbackRate  consult.Rate `json:"callback_rate"`
	Refused       int64        `json:"refused" doc:"Replies that did not keep the rules, of orders in his hands"`
	Elsewhere     int64        `json:"elsewhere" doc:"Answered by him, now with another lawyer: not in the lists"`
	MedianMinutes float64      `json:"median_minutes" doc:"From the question to his answer"`
	Quality       OwnQuality   `json:"quality"`
}

// OwnQuality are the results of his inspected orders.
type OwnQuality struct {
	Inspected int64        `json:"inspected"`
	Disputed  int64        `json:"disputed"`
	Fatal     int64        `json:"fatal"`
	FatalRate consult.Rate `json:"fatal_rate"`
	Minor     int64        `json:"minor"`
	MinorRate consult.Rate `json:"minor_rate"`
}

// OwnFigures are a lawyer's figures of today and of the last days.
type OwnFigures struct {
	Today      OwnPeriod          `json:"today"`
	Days       OwnPeriod          `json:"days" doc:"The last 30 days, today included"`
	Thresholds consult.Thresholds `json:"thresholds" doc:"Targets of Table 1, per cent"`
}

// Mine gives a lawyer his own figures (B7.1.4.2, B5.3g); nobody sees another's here.
func (s *Service) Mine(ctx context.Context, a who.Actor) (f OwnFigures, err error) {
	if err := s.Rules.Need(a, "figures.own", access.Object{}); err != nil {
		return f, err
	}
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		o, err := s.People.OrgByID(tx, a.Org)
		if err != nil {
			return err
		}
		zone, err := time.LoadLocation(o.Zone)
		if err != nil {
			return err
		}
		today := tx.Now().In(zone)
		if f.Today, err = ownPeriod(tx, a, today, today, o.Zone); err != nil {
			return err
		}
		f.Days, err = ownPeriod(tx, a, today.AddDate(0, 0, 1-OwnDays), today, o.Zone)
		return err
	})
	f.Thresholds = consult.Table1
	return f, err
}

func ownPeriod(tx *db.Tx, a who.Actor, first, last time.Time, zone string) (p OwnPeriod, err error) {
	p.Since, p.Until = first.Format(time.DateOnly), last.Format(time.DateOnly)
	from, to, err := consult.Days(p.Since, p.Until, zone)
	if err != nil {
		return p, err
	}
	f, err := consult.FiguresOf(tx, a.Person, from, to)
	if err != nil {
		return p, err
	}
	q, err := quality.OwnResults(tx, a.Person, from, to)
	p.Answered, p.InTime, p.Late, p.Timely = f.Answered, f.InTime, f.Answered-f.InTime, f.TimelyRate
	p.Rated, p.Participation, p.Satisfied, p.Satisfaction = f.Rated, f.Participation, f.Satisfied, f.Satisfaction
	p.NonSatisfied, p.CallbacksDone, p.CallbackRate = f.NonSatisfied, f.CallbacksDone, f.CallbackRate
	p.Refused, p.Elsewhere, p.MedianMinutes = f.Refused, f.Elsewhere, consult.Minutes(f.AnswerDuration.Median)
	p.Quality = OwnQuality{q.Inspected, q.Disputed, q.Fatal, consult.Rate{Num: q.Fatal, Den: q.Inspected}, q.Minor, consult.Rate{Num: q.Minor, Den: q.Inspected}}
	return p, err
}
