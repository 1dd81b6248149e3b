package consult

import (
	"context"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/who"
)

// Orders that are not counted (T9): who took them out, when and why, and the way
// back. Excluding itself is a verb of the order (verbs.go).

// Include takes an excluded order back into the figures, with reason and person.
// If it was never answered it is offered to a lawyer at once; the breach of a
// clock that ran out meanwhile is noted by its due row.
func (s *Service) Include(ctx context.Context, a who.Actor, order id.ID, rev int64, note string) (*Order, error) {
	o, err := s.peek(ctx, a, "order.exclude", order)
	if err != nil {
		return nil, err
	}
	note, bad := needed("note", note, MaxLedger)
	if bad != nil {
		return nil, fault.Bad(bad...)
	}
	sealed, err := s.sealAll(ctx, o.Org, o.Key, map[string]string{"note": note})
	if err != nil {
		return nil, err
	}
	err = s.DB.Do(ctx, a, func(tx *db.Tx) error {
		if o, err = lock(tx, order); err != nil {
			return err
		}
		if err := s.Rules.Need(a, "order.exclude", o.object()); err != nil {
			return err
		}
		if rev != 0 && rev != o.Rev {
			return fault.New(fault.Conflict, "fault.stale")
		}
		return s.include(tx, o, sealed)
	})
	return o, err
}

func (s *Service) include(tx *db.Tx, o *Order, sealed map[string]seal.Sealed) error {
	last, err := lastRole(tx, o.ID)
	if err != nil {
		return err
	}
	if err := o.include(last == ByCitizen); err != nil {
		return err
	}
	if err := s.commit(tx, o, IncludedFact{State: o.State, Awaiting: o.Awaiting}, sealed); err != nil {
		return err
	}
	if o.State == Answered {
		if err := s.setClose(tx, o); err != nil {
			return err
		}
	}
	if o.toRate() {
		if err := s.setReminder(tx, o); err != nil {
			return err
		}
	}
	if !o.Awaiting {
		return nil
	}
	if err := s.setClock(tx, o); err != nil || o.State != Waiting {
		return err
	}
	_, err = s.offer(tx, o, "", nil)
	return err
}

// lastRole is who spoke last after the answer; "" is nobody.
func lastRole(tx *db.Tx, order id.ID) (r Role, err error) {
	err = tx.Row("SELECT role FROM consult_message WHERE consult = ? ORDER BY n DESC LIMIT 1", order.String()).Scan(&r)
	if db.NotFound(err) {
		return "", nil
	}
	return r, err
}

// excludedOrder is an order that is not counted.
type excludedOrder struct {
	Order
	Words  string // of who excluded it
	Erased bool   // his words can't be read any more
	By     string // his name; empty when erased
}

// Exclusions lists the orders that are not counted, newest exclusion first; a
// reason narrows it down.
func (s *Service) Exclusions(ctx context.Context, a who.Actor, why Exclusion, cursor id.ID, limit int64) (out []excludedOrder, err error) {
	if err := s.Rules.MayList(a, "exclusion.list"); err != nil {
		return nil, err
	}
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		ids, err := s.excludedPage(tx, a, why, cursor, limit)
		if err != nil {
			return err
		}
		rows, err := inOrder(tx, ids)
		if err != nil {
			return err
		}
		out, err = s.excludedBy(ctx, tx, rows)
		return err
	})
	return out, err
}

func (s *Service) excludedBy(ctx context.Context, tx *db.Tx, rows []Order) (out []excludedOrder, err error) {
	var notes, by []id.ID
	for _, o := range rows {
		notes, by = append(notes, o.Note), append(by, o.ExcludedBy)
	}
	texts, err := s.Keys.Read(ctx, tx, notes...)
	if err != nil {
		return nil, err
	}
	names, err := s.People.Names(ctx, tx, by...)
	for _, o := range rows {
		t := texts[o.Note]
		out = append(out, excludedOrder{o, t.Plain, t.Erased, names[o.ExcludedBy]})
	}
	return out, err
}
