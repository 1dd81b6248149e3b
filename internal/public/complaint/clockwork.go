package complaint

import (
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/journal"
)

// Wire gives the due runner the handlers of this room.
func (s *Service) Wire(r *due.Runner) {
	r.Handle(dueCall, s.tick)
	r.Handle(dueReport, s.escalate)
}

// tick is a step of the clock of the call (B7.1.2.2a). What is due is decided from
// the complaint as it is now; stale warnings collapse to the last.
func (s *Service) tick(tx *db.Tx, f due.Fired) error {
	c, err := lock(tx, f.Subject)
	if fault.Is(err, fault.Absent) {
		return nil
	}
	if err != nil || !c.CalledAt.IsZero() {
		return err
	}
	step, next := Walk(c.DueAt.Time, tx.Now())
	if step > c.Warned {
		c.Warned = step
		var e journal.Event = WarnedFact{Step: step, DueAt: c.DueAt}
		if step == stepBreach {
			e = OverdueFact{DueAt: c.DueAt}
		}
		if err := save(tx, c, e, nil); err != nil {
			return err
		}
	}
	if next.IsZero() {
		return nil // it stays on the list until somebody calls
	}
	f.Row.At = next
	return due.Set(tx, f.Row)
}

// stopClock takes the row away once he was called. A breach that the row had no
// time to note, after an outage, is the fact before the call's own.
func (s *Service) stopClock(tx *db.Tx, c *Complaint) error {
	if c.Warned < stepBreach && c.Late(tx.Now()) {
		c.Warned = stepBreach
		if err := save(tx, c, OverdueFact{DueAt: c.DueAt}, nil); err != nil {
			return err
		}
	}
	return due.Cancel(tx, c.ID, "call")
}

// escalate tells more people, and by SMS, when nobody acknowledged a report.
func (s *Service) escalate(tx *db.Tx, f due.Fired) error {
	c, err := lock(tx, f.Subject)
	if fault.Is(err, fault.Absent) {
		return nil
	}
	if err != nil || c.Flag == "" || !c.AcknowledgedAt.IsZero() || c.Escalated {
		return err
	}
	c.Escalated = true
	return save(tx, c, EscalatedFact{Category: c.Flag}, nil)
}

// AckBy is when a report that nobody acknowledged is escalated; zero: nothing is
// owed.
func (c *Complaint) AckBy() time.Time {
	if c.Flag == "" || !c.AcknowledgedAt.IsZero() {
		return time.Time{}
	}
	return c.FlaggedAt.Add(AckLimit)
}
