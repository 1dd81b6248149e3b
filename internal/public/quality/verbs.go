package quality

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
	"mingfa/internal/public/consult"
)

// Add puts an order on the list beside the drawn ones, with a reason. The same
// by the same person again gives the sample that is there.
func (s *Service) Add(ctx context.Context, a who.Actor, order id.ID, reason string) (*Sample, error) {
	r, err := s.toAdd(ctx, a, order)
	if err != nil {
		return nil, err
	}
	var bad []fault.Field
	reason = words("reason", reason, true, &bad)
	if bad != nil {
		return nil, fault.Bad(bad...)
	}
	sealed, err := s.seal(ctx, r.Org, r.Key, "reason", reason)
	if err != nil {
		return nil, err
	}
	var out *Sample
	err = s.DB.Do(ctx, a, func(tx *db.Tx) error {
		out, err = s.add(tx, a, order, sealed)
		return err
	})
	return out, err
}

// toAdd finds the answered order for one who may add it.
func (s *Service) toAdd(ctx context.Context, a who.Actor, order id.ID) (r consult.Reply, err error) {
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		if r, err = consult.ReplyOf(tx, order); err != nil {
			return err
		}
		return s.Rules.Need(a, "quality.add", access.Object{Org: r.Path, Lawyer: r.Lawyer})
	})
	return r, err
}

func (s *Service) add(tx *db.Tx, a who.Actor, order id.ID, sealed map[string]seal.Sealed) (*Sample, error) {
	q, err := lock(tx, sampleID(order))
	if err == nil && q.AddedBy == a.Person {
		return q, nil // a repeat
	}
	if err == nil {
		return nil, wrong("quality.already_sampled")
	}
	if !fault.Is(err, fault.Absent) {
		return nil, err
	}
	r, err := consult.ReplyOf(tx, order)
	if err != nil {
		return nil, err
	}
	if r.Excluded {
		return nil, wrong("quality.not_counted")
	}
	_, zone, err := s.home(tx, r.Lawyer, r.Org)
	if err != nil {
		return nil, err
	}
	q = newSample(r, monthIn(r.AnsweredAt, zone), tx.Now())
	q.AddedBy, q.Reason = a.Person, sealed["reason"].ID
	if err := tx.InsertLater(nil, q); err != nil {
		return nil, err
	}
	return q, q.write(tx, SampledFact{Order: q.Order, Lawyer: q.Lawyer, Month: Month(q.Month)}, sealed)
}

// seal seals a text under an order's key; none for an empty one. After an
// erasure the order is not there.
func (s *Service) seal(ctx context.Context, org, key id.ID, name, plain string) (map[string]seal.Sealed, error) {
	if plain == "" {
		return nil, nil
	}
	x, err := s.Keys.Seal(ctx, org, key, plain)
	if errors.Is(err, seal.ErrErased) {
		return nil, fault.NotThere()
	}
	if err != nil {
		return nil, fmt.Errorf("seal what was said: %w", err)
	}
	return map[string]seal.Sealed{name: x}, nil
}

// verbOf is the right that the next check of a sample needs: the third is made
// by an administrator.
func verbOf(q *Sample) string {
	if q.round() == Third {
		return "quality.decide"
	}
	return "quality.check"
}

// mayCheck asks for the right to make the next check.
func (s *Service) mayCheck(a who.Actor, q *Sample) error {
	if err := s.Rules.Need(a, verbOf(q), q.object()); err != nil {
		return err
	}
	if q.round() == 0 {
		return wrong("quality.not_to_check")
	}
	if !q.independent(a.Person) {
		return wrong("quality.not_independent")
	}
	return nil
}

// submission is a card on its way into the database.
type submission struct {
	card         Card
	fatal, minor int
	ref          catalogueRef
	sealed       map[string]seal.Sealed
}

// Submit takes the card of the next check of a sample. The same card again by
// the same person changes nothing. A rev of 0 means any.
func (s *Service) Submit(ctx context.Context, a who.Actor, sample id.ID, rev int64, card Card) (*Sample, error) {
	x, before, err := s.prepare(ctx, a, sample, card)
	if before != nil || err != nil {
		return before, err
	}
	var out *Sample
	err = s.DB.Do(ctx, a, func(tx *db.Tx) error {
		q, err := lock(tx, sample)
		if err != nil {
			return err
		}
		if err := s.mayCheck(a, q); err != nil {
			return err
		}
		if rev != 0 && rev != q.Rev {
			return fault.New(fault.Conflict, "fault.stale")
		}
		out = q
		return s.submit(tx, a, q, x)
	})
	return out, err
}

// prepare checks a card against the catalogue and seals its words; or finds the
// sample of a repeat.
func (s *Service) prepare(ctx context.Context, a who.Actor, sample id.ID, card Card) (x submission, before *Sample, err error) {
	var q *Sample
	var items Catalogue
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		if q, err = load(tx, sample); err != nil {
			return err
		}
		c, err := checkBy(tx, card.ID)
		if err != nil {
			return err
		}
		if c != nil && c.By == a.Person && c.Sample == q.ID {
			before = q
			return nil
		}
		if err := s.mayCheck(a, q); err != nil {
			return err
		}
		items, x.ref, err = itemsFor(tx, q)
		return err
	})
	if before != nil || err != nil {
		return x, before, err
	}
	if x.card, x.fatal, x.minor, err = card.Clean(items); err != nil {
		return x, nil, err
	}
	b, err := json.Marshal(x.card)
	if err != nil {
		return x, nil, err
	}
	x.sealed, err = s.seal(ctx, q.Org, q.Key, "card", string(b))
	return x, nil, err
}

// itemsFor is the catalogue of the next check: the one in force for the first,
// the same again for the others, so that they can be compared.
func itemsFor(tx *db.Tx, q *Sample) (Catalogue, catalogueRef, error) {
	done, err := checks(tx, q.ID)
	if err != nil {
		return nil, "", err
	}
	if len(done) == 0 {
		return catalogueNow(tx, q.Path)
	}
	items, err := catalogueOf(tx, done[0].Catalogue)
	return items, done[0].Catalogue, err
}

func (s *Service) submit(tx *db.Tx, a who.Actor, q *Sample, x submission) error {
	done, err := checks(tx, q.ID)
	if err != nil {
		return err
	}
	codes := x.card.codes()
	same := len(done) > 0 && slices.Equal(done[0].Marks, codes)
	round := q.round()
	days, err := s.days(tx, q)
	if err != nil {
		return err
	}
	period := days.dispute
	if round != First {
		period = days.recheck
	}
	if err := q.check(a.Person, x.fatal > 0, x.minor > 0, same, tx.Now(), period); err != nil {
		return err
	}
	row := checkRow{ID: x.card.ID, Org: q.Org, Sample: q.ID, Round: round, By: a.Person, At: db.At(tx.Now()), Catalogue: x.ref,
		Marks: codes, Fatal: x.fatal, Minor: x.minor, Notes: x.sealed["card"].ID}
	if err := tx.InsertLater(nil, &row); err != nil {
		return err
	}
	if err := days.setClock(tx, q); err != nil {
		return err
	}
	return q.commit(tx, CheckedFact{Check: row.ID, Round: round, Marks: codes, Fatal: x.fatal, Minor: x.minor, Catalogue: Code(x.ref), State: q.State}, x.sealed)
}

// Dispute is the lawyer's word that he does not accept the result of his order,
// once and within the period. A repeat changes nothing. A rev of 0 means any.
func (s *Service) Dispute(ctx context.Context, a who.Actor, sample id.ID, rev int64, why string) (*Sample, error) {
	var q *Sample
	err := s.DB.View(ctx, a, func(tx *db.Tx) (err error) {
		if q, err = load(tx, sample); err != nil {
			return err
		}
		return s.Rules.Need(a, "quality.dispute", q.object())
	})
	if err != nil {
		return nil, err
	}
	if q.State == Disputed {
		return q, nil // a repeat
	}
	if q.State == Open || q.State == Void { // he does not know of it
		return nil, fault.NotThere()
	}
	var bad []fault.Field
	why = words("words", why, true, &bad)
	if bad != nil {
		return nil, fault.Bad(bad...)
	}
	sealed, err := s.seal(ctx, q.Org, q.Key, "dispute", why)
	if err != nil {
		return nil, err
	}
	err = s.DB.Do(ctx, a, func(tx *db.Tx) error {
		if q, err = lock(tx, sample); err != nil {
			return err
		}
		if err := s.Rules.Need(a, "quality.dispute", q.object()); err != nil {
			return err
		}
		if rev != 0 && rev != q.Rev {
			return fault.New(fault.Conflict, "fault.stale")
		}
		return s.dispute(tx, q, sealed)
	})
	return q, err
}

func (s *Service) dispute(tx *db.Tx, q *Sample, sealed map[string]seal.Sealed) error {
	days, err := s.days(tx, q)
	if err != nil {
		return err
	}
	if err := q.dispute(tx.Now(), days.recheck); err != nil {
		return err
	}
	q.Dispute = sealed["dispute"].ID
	if err := days.setClock(tx, q); err != nil {
		return err
	}
	return q.commit(tx, DisputedFact{DueAt: q.DueAt}, sealed)
}
