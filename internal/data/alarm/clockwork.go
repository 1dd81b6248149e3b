package alarm

import (
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/setting"
	"mingfa/internal/data/board"
	"mingfa/internal/public/consult"
)

const (
	dueEscalate     = "alarm.escalate"
	dueWaiting      = "alarm.waiting"
	dueSatisfaction = "alarm.satisfaction"
)

// settle is how long a rating waits before satisfaction is looked at: many
// ratings at once are one look, and the board has counted them.
const settle = 2 * time.Second

// days are the days whose ratings count.
const days = 7

// Wire gives the due runner the handlers of this room.
func (s *Service) Wire(r *due.Runner) {
	r.Handle(dueEscalate, s.escalate)
	r.Handle(dueWaiting, func(tx *db.Tx, f due.Fired) error { return s.waiting(tx, f.Subject) })
	r.Handle(dueSatisfaction, s.satisfaction)
}

// escalate notes that nobody acknowledged in time; Notices tells whom.
func (*Service) escalate(tx *db.Tx, f due.Fired) error {
	a, err := lock(tx, f.Subject)
	if fault.Is(err, fault.Absent) {
		return nil
	}
	if err != nil || a.State != Open || a.Escalated {
		return err
	}
	a.Escalated = true
	return save(tx, a, EscalatedFact{a.Kind}, nil)
}

// satisfaction opens or resolves the alarm of an organisation's ratings of the
// last 7 days. While it runs it is looked at every hour too, for days pass.
func (s *Service) satisfaction(tx *db.Tx, f due.Fired) error {
	behind, since, err := journal.Behind(tx, board.Reaction)
	if err != nil {
		return err
	}
	if behind > 0 && !since.After(f.Anchor) { // the board has not counted that rating yet
		f.Row.At = tx.Now().Add(settle)
		return due.Set(tx, f.Row)
	}
	o, err := s.People.OrgByID(tx, f.Subject)
	if err != nil {
		return err
	}
	c, err := board.Recent(tx, o, days)
	if err != nil {
		return err
	}
	l, err := setting.Get(tx, limits, o.Path, tx.Now())
	if err != nil {
		return err
	}
	marks, err := board.LimitsOf(tx, o.Path)
	if err != nil {
		return err
	}
	rate := consult.Rate{Num: c.Satisfied, Den: c.Rated}
	if order, ok := rate.Compare(marks.Satisfaction); !ok || order >= 0 || c.Rated < l.Ratings {
		return s.over(tx, Satisfaction, o.ID)
	}
	f.Row.At = tx.Now().Add(time.Hour)
	if err := due.Set(tx, f.Row); err != nil {
		return err
	}
	return s.open(tx, o.ID, cause{kind: Satisfaction, about: o.ID, amount: rate.Num * 100 / rate.Den, bound: marks.Satisfaction}, func(Limits) bool { return true })
}
