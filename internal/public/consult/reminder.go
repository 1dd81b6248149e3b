package consult

import (
	"context"
	"errors"
	"fmt"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/setting"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
	"mingfa/internal/core/identity"
)

// Whoever was answered and has not rated is reminded once (B7.1.3.1b), besides
// the closing text of the answer: by a due row that is set with the answer and
// taken away with the rating.

// remindHours is how many hours after the answer; 0 is never.
var remindHours = setting.Define("consult.remind_hours", 24, checkRemindHours)

// maxRemindHours keeps the reminder before the order closes by itself.
const maxRemindHours = int(RateFor/time.Hour) - 1

func checkRemindHours(hours int) error {
	if hours < 0 || hours > maxRemindHours {
		return fault.Bad(fault.At("hours", "fault.field_range").With("min", 0).With("max", maxRemindHours))
	}
	return nil
}

// toRate tells whether the citizen could rate and has not.
func (o *Order) toRate() bool { return !o.AnsweredAt.IsZero() && o.Rating == "" && o.State != Excluded }

// setReminder sets the row of an order that has been answered; one whose time
// has passed, while the order was not counted, is not made up for.
func (s *Service) setReminder(tx *db.Tx, o *Order) error {
	hours, err := setting.Get(tx, remindHours, o.Path, o.AnsweredAt.Time)
	at := o.AnsweredAt.Add(time.Duration(hours) * time.Hour)
	if err != nil || hours == 0 || !at.After(tx.Now()) {
		return err
	}
	return due.Set(tx, due.Row{Org: o.Org, Subject: o.ID, Name: "remind", Kind: dueRemind, At: at,
		Rule: fmt.Sprintf("%dh", hours), Anchor: o.AnsweredAt.Time})
}

// remind reminds the citizen to rate, if he still can. While he waits for a
// reply nobody asks him how he liked it: the row looks again when its time is up.
func (s *Service) remind(tx *db.Tx, f due.Fired) error {
	o, err := lock(tx, f.Subject)
	if fault.Is(err, fault.Absent) {
		return nil
	}
	if err != nil || !o.toRate() {
		return err
	}
	if o.Awaiting {
		f.Row.At = tx.Now().Add(Limit)
		return due.Set(tx, f.Row)
	}
	_, err = s.People.Reach(tx.Ctx(), tx, o.Citizen)
	if errors.Is(err, identity.ErrGone) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find whom to remind: %w", err)
	}
	return s.commit(tx, o, RemindedFact{}, nil)
}

// Reminder is when the citizens of an organisation are reminded to rate.
type Reminder struct {
	Hours   int       `json:"hours" doc:"Hours after the answer; 0 for never"`
	Version int64     `json:"version"`
	From    time.Time `json:"from,omitzero" required:"false"`
}

func reminderOf(v setting.Value[int]) Reminder { return Reminder{v.Value, v.Version, v.From} }

// Reminder tells what is in force for the actor's organisation.
func (s *Service) Reminder(ctx context.Context, a who.Actor) (out Reminder, err error) {
	if err := s.Rules.Need(a, "template.see", access.Object{Org: a.Scope}); err != nil {
		return out, err
	}
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		v, err := setting.Find(tx, remindHours, a.Scope, tx.Now())
		out = reminderOf(v)
		return err
	})
	return out, err
}

// SetReminder changes it for the actor's organisation, for answers from now on.
func (s *Service) SetReminder(ctx context.Context, a who.Actor, hours int) (out Reminder, err error) {
	if err := s.Rules.Need(a, "template.set", access.Object{Org: a.Scope}); err != nil {
		return out, err
	}
	err = s.DB.Do(ctx, a, func(tx *db.Tx) error {
		org, err := s.People.OrgByID(tx, a.Org)
		if err != nil {
			return err
		}
		v, err := setting.Set(tx, remindHours, setting.Owner{Org: org.ID, Path: org.Path}, hours, time.Time{})
		out = reminderOf(v)
		return err
	})
	return out, err
}
