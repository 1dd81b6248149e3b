package consult

import (
	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
)

// Wire gives the due runner the handlers of this room.
func (s *Service) Wire(r *due.Runner) {
	r.Handle(dueClock, s.tick)
	r.Handle(dueClose, s.expire)
	r.Handle(dueCallback, s.callbackDue)
	r.Handle(dueCall, s.callbackDue)
	r.Handle(dueOffer, s.offerMore)
	r.Handle(dueRemind, s.remind)
	r.Handle(dueUnsent, s.unsentDue)
	r.Handle(dueDraft, s.draftDue)
	r.Handle(dueBegun, s.begunDue)
}

// tick is a step of an order's clock (B6.2.1.1). What is due is decided from the
// order as it is now; stale warnings collapse to the last one, but passing on is
// done and a breach is told with its true time.
func (s *Service) tick(tx *db.Tx, f due.Fired) error {
	o, err := lock(tx, f.Subject)
	if fault.Is(err, fault.Absent) {
		return nil
	}
	if err != nil || !o.Awaiting || o.State == Excluded {
		return err
	}
	step := Walk(o.ClockFrom.Time, o.Warned, tx.Now())
	switch {
	case step.Level != 0:
		o.Warned = step.Level
		err = s.step(tx, o, step)
	case o.State == Waiting:
		_, err = s.offer(tx, o, "", nil)
	}
	if err != nil {
		return err
	}
	return s.setClock(tx, o)
}

// step writes the fact of a step and passes the order on at 90 minutes.
func (s *Service) step(tx *db.Tx, o *Order, step Step) error {
	var e journal.Event = WarnedFact{Minutes: int(step.Level), Lawyer: o.Lawyer}
	if step.Breach {
		e = o.breached()
	}
	if err := s.commit(tx, o, e, nil); err != nil {
		return err
	}
	if !step.PassOn && o.State != Waiting {
		return nil
	}
	// When nobody else fits it stays in the hands it is in.
	_, err := s.offer(tx, o, ByClock, nil)
	return err
}

// breached notes a breach that its due row had no time to note: after an outage
// the late answer may come before the row fires, and then stops it. It is the
// fact before the answer's own.
func (s *Service) breached(tx *db.Tx, o *Order) error {
	if !o.Awaiting || o.State == Excluded || o.Warned >= At120 || !Breached(o.ClockFrom.Time, tx.Now()) {
		return nil
	}
	o.Warned = At120
	return s.commit(tx, o, o.breached(), nil)
}

// breached marks the order and gives the fact. Only the first answer's clock
// counts in the figures.
func (o *Order) breached() BreachedFact {
	reply := !o.AnsweredAt.IsZero()
	o.Breach = o.Breach || !reply
	return BreachedFact{DueAt: o.DueAt, Lawyer: o.Lawyer, Reply: reply}
}

// expire closes an answered order of which nothing more was heard.
func (s *Service) expire(tx *db.Tx, f due.Fired) error {
	o, err := lock(tx, f.Subject)
	if fault.Is(err, fault.Absent) {
		return nil
	}
	if err != nil || o.State != Answered {
		return err
	}
	if o.Awaiting || s.callbackOpen(tx, o) {
		return due.Set(tx, due.Row{Org: o.Org, Subject: o.ID, Name: "close", Kind: dueClose, At: tx.Now().Add(RateFor), Rule: "7d", Anchor: o.LastAt.Time})
	}
	o.close(tx.Now())
	return s.commit(tx, o, ClosedFact{}, nil)
}

func (s *Service) callbackOpen(tx *db.Tx, o *Order) bool {
	if o.Callback == id.Nil {
		return false
	}
	c, err := loadCallback(tx, o.Callback)
	return err != nil || c.State != CallbackClosed
}

// callbackDue notes that a call-back's day, or the lawyer's hour, has passed. It
// stays open; who has not called is on the operators' list.
func (s *Service) callbackDue(tx *db.Tx, f due.Fired) error {
	c, err := lockCallback(tx, f.Subject)
	if fault.Is(err, fault.Absent) {
		return nil
	}
	if err != nil {
		return err
	}
	call := f.Kind == dueCall
	if call && !(c.LawyerAt.IsZero() && c.LawyerLate(tx.Now())) || !call && !c.Overdue(tx.Now()) {
		return nil
	}
	if err := saveCallback(tx, c); err != nil {
		return err
	}
	return c.write(tx, CallbackOverdueFact{LawyerCall: call}, nil)
}
