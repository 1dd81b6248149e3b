package quality

import (
	"errors"
	"strconv"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/setting"
	"mingfa/internal/base/workday"
	"mingfa/internal/core/identity"
	"mingfa/internal/public/consult"
)

// days are the ends of the periods that would begin now, in working days (T2).
type days struct {
	org              identity.Org
	dispute, recheck time.Time
	limits           Limits
}

func (s *Service) days(tx *db.Tx, q *Sample) (d days, err error) {
	if d.org, err = s.People.OrgByID(tx, q.Org); err != nil {
		return d, err
	}
	cal, err := s.Calendar(tx, d.org)
	if err != nil {
		return d, err
	}
	if d.limits, err = setting.Get(tx, limits, q.Path, tx.Now()); err != nil {
		return d, err
	}
	d.dispute = workday.AddWorkdays(tx.Now(), d.limits.DisputeDays, cal)
	d.recheck = workday.AddWorkdays(tx.Now(), d.limits.RecheckDays, cal)
	return d, nil
}

// setClock sets the row that the state of a sample wants, or takes it away.
// Limits are inclusive: it fires in the millisecond after.
func (d days) setClock(tx *db.Tx, q *Sample) error {
	if q.DueAt.IsZero() {
		return due.Cancel(tx, q.ID, "clock")
	}
	n := d.limits.RecheckDays
	if q.State == Checked {
		n = d.limits.DisputeDays
	}
	return due.Set(tx, due.Row{Org: q.Org, Subject: q.ID, Name: "clock", Kind: dueClock, At: q.DueAt.Add(time.Millisecond),
		Rule: strconv.Itoa(n) + "wd", Anchor: tx.Now(), Zone: d.org.Zone, Calendar: d.org.Calendar})
}

// tick makes an undisputed result final, or notes that a further check is late.
func (s *Service) tick(tx *db.Tx, f due.Fired) error {
	q, err := lock(tx, f.Subject)
	if fault.Is(err, fault.Absent) {
		return nil
	}
	if err != nil || q.DueAt.IsZero() || !tx.Now().After(q.DueAt.Time) {
		return err
	}
	if q.State == Checked {
		q.settle(tx.Now())
		return q.commit(tx, SettledFact{}, nil)
	}
	return q.commit(tx, OverdueFact{Round: q.round()}, nil)
}

// voidSample takes a sample out that can't be inspected any more, if it waits for
// a check.
func (s *Service) voidSample(tx *db.Tx, sample id.ID, why Cause) error {
	q, err := lock(tx, sample)
	if fault.Is(err, fault.Absent) {
		return nil
	}
	if err != nil || !q.void() {
		return err
	}
	if err := due.Cancel(tx, q.ID, "clock"); err != nil {
		return err
	}
	return q.commit(tx, DroppedFact{Why: why}, nil)
}

// reopenSample puts the sample of an order that counts again back to the check that
// it waited for, with a period of its own. Of an erased citizen there is nothing to
// inspect: his stays out.
func (s *Service) reopenSample(tx *db.Tx, r consult.Reply) error {
	q, err := lock(tx, sampleID(r.Order))
	if fault.Is(err, fault.Absent) {
		return nil
	}
	if err != nil || q.State != Void {
		return err
	}
	_, err = s.People.KeyOf(tx, r.Citizen)
	if errors.Is(err, identity.ErrGone) {
		return nil
	}
	if err != nil {
		return err
	}
	done, err := checks(tx, q.ID)
	if err != nil {
		return err
	}
	days, err := s.days(tx, q)
	if err != nil {
		return err
	}
	q.reopen(len(done) > 0 && done[0].Fatal > 0, len(done) > 0 && done[0].Minor > 0, days.recheck)
	if err := days.setClock(tx, q); err != nil {
		return err
	}
	return q.commit(tx, ReopenedFact{State: q.State, Fatal: q.Fatal, Minor: q.Minor, DueAt: q.DueAt}, nil)
}

// Erase takes the orders of a person off the list, and ends his intervention:
// nothing of them can be read any more. What was said went with his keys.
func (s *Service) Erase(tx *db.Tx, person id.ID) error {
	var list []Sample
	if err := tx.NewSelect().Model(&list).Column("id").Where("citizen = ?", person).Order("id").Scan(tx.Ctx()); err != nil {
		return err
	}
	for _, q := range list {
		if err := s.voidSample(tx, q.ID, Erased); err != nil {
			return err
		}
	}
	return lapse(tx, person)
}
