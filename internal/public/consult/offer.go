package consult

import (
	"fmt"

	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/id"
	"mingfa/internal/public/lawyer"
)

// offerBatch is how many waiting orders are offered in one transaction: writers
// wait for it, and each order that is taken is a row, a fact and a load.
const offerBatch = 50

// OfferWaiting gives waiting orders to lawyers who have come on duty, oldest
// first; a reaction to a lawyer's status. It goes through all who wait
// (B6.2.1.1b), one batch now and the next ones by a due row of their own.
func (s *Service) OfferWaiting(tx *db.Tx) error { return s.offerAfter(tx, id.Nil) }

// offerMore is the next batch: the row's subject is the last order of the batch
// before.
func (s *Service) offerMore(tx *db.Tx, f due.Fired) error { return s.offerAfter(tx, f.Subject) }

// offerAfter offers the orders that came after one, or from the oldest. With
// nobody on duty it is over at once.
func (s *Service) offerAfter(tx *db.Tx, last id.ID) error {
	if some, err := lawyer.OnDuty(tx); !some || err != nil {
		return err
	}
	orders, err := waiting(tx, last, offerBatch)
	if err != nil {
		return fmt.Errorf("list who waits: %w", err)
	}
	for _, o := range orders {
		if err := s.offerWaiting(tx, o.ID); err != nil {
			return err
		}
	}
	if len(orders) < offerBatch {
		return nil
	}
	o := orders[len(orders)-1]
	return due.Set(tx, due.Row{Org: o.Org, Subject: o.ID, Name: "offer", Kind: dueOffer, At: tx.Now(), Rule: "now", Anchor: tx.Now()})
}

// offerWaiting offers one order, if it still waits when it is locked.
func (s *Service) offerWaiting(tx *db.Tx, order id.ID) error {
	o, err := lock(tx, order)
	if err != nil || o.State != Waiting {
		return err
	}
	_, err = s.offer(tx, o, "", nil)
	return err
}

// waiting lists n waiting orders that came after one, oldest first.
func waiting(tx *db.Tx, last id.ID, n int64) (out []Order, err error) {
	q := tx.NewSelect().Model(&out).Column("id", "org").Where("state = ?", Waiting)
	if last != id.Nil {
		q = q.Where("(asked_at, id) > (SELECT asked_at, id FROM consult_order WHERE id = ?)", last)
	}
	err = q.OrderExpr("asked_at, id").Limit(n).Scan(tx.Ctx())
	return out, err
}
