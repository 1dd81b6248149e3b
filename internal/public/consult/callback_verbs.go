package consult

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/who"
)

// write writes a fact of the call-back, filed under its order.
func (c *Callback) write(tx *db.Tx, e journal.Event, sealed map[string]seal.Sealed) error {
	return journal.Write(tx, journal.Entry{Org: c.Org, Root: c.Order, Subject: c.ID, Rev: c.Rev, Event: e, Sealed: sealed})
}

// openCallback opens the call-back of a rating below satisfied, with its clock
// of one working day.
func (s *Service) openCallback(tx *db.Tx, o *Order, callback id.ID) error {
	org, err := s.People.OrgByID(tx, o.Org)
	if err != nil {
		return err
	}
	cal, err := s.Calendar(tx, org)
	if err != nil {
		return err
	}
	c := openCallback(callback, o, cal)
	o.Callback = c.ID
	if err := insert(tx, &c); err != nil {
		return err
	}
	if err := c.write(tx, CallbackOpenedFact{Order: o.ID, Level: o.Rating, DueAt: c.DueAt}, nil); err != nil {
		return err
	}
	return due.Set(tx, due.Row{Org: c.Org, Subject: c.ID, Name: "callback", Kind: dueCallback, At: c.DueAt.Add(time.Millisecond),
		Rule: "1wd", Anchor: c.OpenedAt.Time, Zone: org.Zone, Calendar: org.Calendar})
}

// callbackVerb is a verb on a call-back: what it seals, and what it does.
type callbackVerb struct {
	name  string
	words map[string]string
	do    func(tx *db.Tx, c *Callback, o *Order, sealed map[string]seal.Sealed) (journal.Event, error)
}

// changeCallback runs a verb: order first, then its call-back, then due rows.
func (s *Service) changeCallback(ctx context.Context, a who.Actor, callback id.ID, v callbackVerb) (*Callback, error) {
	o, err := s.callbackOrder(ctx, a, v.name, callback)
	if err != nil {
		return nil, err
	}
	sealed, err := s.sealAll(ctx, o.Org, o.Key, v.words)
	if err != nil {
		return nil, err
	}
	var out *Callback
	err = s.DB.Do(ctx, a, func(tx *db.Tx) error {
		o, err := lock(tx, o.ID)
		if err != nil {
			return err
		}
		c, err := lockCallback(tx, callback)
		if err != nil {
			return err
		}
		if err := s.Rules.Need(a, v.name, objectOf(c, o)); err != nil {
			return err
		}
		out = c
		e, err := v.do(tx, c, o, sealed)
		if err != nil || e == nil {
			return err
		}
		if err := saveCallback(tx, c); err != nil {
			return err
		}
		return c.write(tx, e, sealed)
	})
	return out, err
}

// callbackOrder finds the order of a call-back for one who may do verb.
func (s *Service) callbackOrder(ctx context.Context, a who.Actor, verb string, callback id.ID) (o *Order, err error) {
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		c, err := loadCallback(tx, callback)
		if err != nil {
			return err
		}
		if o, err = load(tx, c.Order); err != nil {
			return err
		}
		return s.Rules.Need(a, verb, objectOf(c, o))
	})
	return o, err
}

// Attempt notes one telephone call; the same attempt ID again changes nothing.
func (s *Service) Attempt(ctx context.Context, a who.Actor, callback, attempt id.ID, reached bool, note string) (*Callback, error) {
	note, err := CheckNote("note", note, false)
	if err != nil {
		return nil, err
	}
	if attempt == id.Nil {
		return nil, fault.Bad(fault.At("id", "fault.id"))
	}
	return s.changeCallback(ctx, a, callback, callbackVerb{"callback.attempt", map[string]string{"note": note},
		func(tx *db.Tx, c *Callback, _ *Order, sealed map[string]seal.Sealed) (journal.Event, error) {
			n, err := tx.NewSelect().Model((*attemptRow)(nil)).Where("id = ? AND callback = ?", attempt, c.ID).Count(tx.Ctx())
			if err != nil || n > 0 {
				return nil, err
			}
			if err := c.attempt(reached, tx.Now()); err != nil {
				return nil, err
			}
			row := attemptRow{ID: attempt, Org: c.Org, Callback: c.ID, N: c.Attempts, Reached: reached, Note: sealed["note"].ID, At: db.At(tx.Now()), By: a.Person}
			return CallbackTriedFact{N: c.Attempts, Reached: reached}, insert(tx, &row)
		}})
}

// Record fills in the ledger: reason, details, whether a legal question remains
// (then a lawyer calls within the hour) and whether a rule was broken.
func (s *Service) Record(ctx context.Context, a who.Actor, callback id.ID, r Result) (*Callback, error) {
	reached, err := s.reached(ctx, a, callback)
	if err != nil {
		return nil, err
	}
	if r, err = r.Clean(reached); err != nil {
		return nil, err
	}
	return s.changeCallback(ctx, a, callback, callbackVerb{"callback.result",
		map[string]string{"reason": r.Reason, "details": r.Details, "feedback": r.Feedback},
		func(tx *db.Tx, c *Callback, o *Order, sealed map[string]seal.Sealed) (journal.Event, error) {
			owed := !c.LawyerDueAt.IsZero()
			if err := c.record(r, a.Person, tx.Now()); err != nil {
				return nil, err
			}
			c.Reason, c.Details, c.Feedback = sealed["reason"].ID, sealed["details"].ID, sealed["feedback"].ID
			if c.Legal && !owed {
				if err := due.Set(tx, due.Row{Org: c.Org, Subject: c.ID, Name: "lawyer_call", Kind: dueCall, At: c.LawyerDueAt.Add(time.Millisecond), Rule: "60min", Anchor: tx.Now()}); err != nil {
					return nil, err
				}
			}
			return CallbackRecordedFact{Category: c.Category, Legal: c.Legal, Violation: c.Violation, LawyerDueAt: c.LawyerDueAt, Lawyer: o.Lawyer}, nil
		}})
}

// reached tells one who may record the result whether he was reached: the rules
// of the ledger depend on it, so a stranger is turned away before them.
func (s *Service) reached(ctx context.Context, a who.Actor, callback id.ID) (reached bool, err error) {
	if _, err := s.callbackOrder(ctx, a, "callback.result", callback); err != nil {
		return false, err
	}
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		c, err := loadCallback(tx, callback)
		if err != nil {
			return err
		}
		reached = !c.ReachedAt.IsZero()
		return nil
	})
	return reached, err
}

// Called notes the lawyer's call where a legal question remained (B7.1.3.2b).
func (s *Service) Called(ctx context.Context, a who.Actor, callback id.ID, summary string) (*Callback, error) {
	summary, err := CheckNote("summary", summary, true)
	if err != nil {
		return nil, err
	}
	return s.changeCallback(ctx, a, callback, callbackVerb{"callback.lawyer_call", map[string]string{"summary": summary},
		func(tx *db.Tx, c *Callback, _ *Order, sealed map[string]seal.Sealed) (journal.Event, error) {
			if err := c.lawyerCalled(a.Person, tx.Now()); err != nil {
				return nil, err
			}
			c.Summary = sealed["summary"].ID
			return CallbackCalledFact{Lawyer: a.Person, InTime: !c.LawyerLate(tx.Now())}, due.Cancel(tx, c.ID, "lawyer_call")
		}})
}

// CloseCallback ends a call-back; it is refused with what is missing. The order
// closes with it when nothing else is owed.
func (s *Service) CloseCallback(ctx context.Context, a who.Actor, callback id.ID) (*Callback, error) {
	return s.changeCallback(ctx, a, callback, callbackVerb{"callback.close", nil,
		func(tx *db.Tx, c *Callback, o *Order, _ map[string]seal.Sealed) (journal.Event, error) {
			if err := c.close(a.Person, tx.Now()); err != nil {
				return nil, err
			}
			if err := due.Cancel(tx, c.ID, "callback"); err != nil {
				return nil, err
			}
			was := o.State // it may have closed by itself before it was rated
			if o.close(tx.Now()); o.State == Closed && was != Closed {
				if err := due.Cancel(tx, o.ID, "close"); err != nil {
					return nil, err
				}
				if err := s.commit(tx, o, ClosedFact{}, nil); err != nil {
					return nil, err
				}
			}
			return CallbackClosedFact{Order: o.ID, InTime: c.InTime()}, nil
		}})
}

// Callbacks lists call-backs that are open (or done), most urgent first.
func (s *Service) Callbacks(ctx context.Context, a who.Actor, done bool, cursor id.ID, limit int64) (list []Callback, orders map[id.ID]*Order, err error) {
	if err := s.Rules.MayList(a, "callback.list"); err != nil {
		return nil, nil, err
	}
	orders = map[id.ID]*Order{}
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		ids, err := s.callbackPage(tx, a, done, cursor, limit)
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := tx.NewSelect().Model(&list).Where("c.id IN (?)", bun.List(ids)).OrderExpr("c.due_at, c.id").Scan(tx.Ctx()); err != nil {
			return err
		}
		about := make([]id.ID, len(list))
		for i, c := range list {
			about[i] = c.Order
		}
		rows, err := inOrder(tx, about)
		for i := range rows {
			orders[rows[i].ID] = &rows[i]
		}
		return err
	})
	return list, orders, err
}

// callbacksWithTitles is Callbacks with the titles of the orders.
func (s *Service) callbacksWithTitles(ctx context.Context, a who.Actor, done bool, cursor id.ID, limit int64) (list []Callback, titles map[id.ID]seal.Text, orders map[id.ID]*Order, err error) {
	if list, orders, err = s.Callbacks(ctx, a, done, cursor, limit); err != nil {
		return nil, nil, nil, err
	}
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		var ids []id.ID
		for _, o := range orders {
			ids = append(ids, o.Title)
		}
		titles, err = s.Keys.Read(ctx, tx, ids...)
		return err
	})
	return list, titles, orders, err
}
