package consult

import (
	"context"

	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
	"mingfa/internal/public/lawyer"
)

// Peek reads an order for a verb that must seal before it writes.
func (s *Service) peek(ctx context.Context, a who.Actor, verb string, order id.ID) (o *Order, err error) {
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		if o, err = load(tx, order); err != nil {
			return err
		}
		return s.Rules.Need(a, verb, o.object())
	})
	return o, err
}

// Answer gives the complete answer (B6.2.1.2). A draft that does not keep the
// rules is refused with every field, and that is noted; nothing else changes.
func (s *Service) Answer(ctx context.Context, a who.Actor, order id.ID, rev int64, d Draft, files ...Attach) (*Order, error) {
	o, err := s.peek(ctx, a, "order.answer", order)
	if err != nil {
		return nil, err
	}
	p, err := s.prepare(ctx, a, o, d)
	if fault.Is(err, fault.Invalid) {
		s.noteRefused(ctx, a, o, d, p.templates)
	}
	if err != nil {
		return nil, err
	}
	with, err := s.gather(ctx, a, o.Org, o.ID, o.Key, files)
	if err != nil {
		return nil, err
	}
	return s.change(ctx, a, "order.answer", order, rev, func(tx *db.Tx, o *Order) (journal.Event, map[string]seal.Sealed, error) {
		if err := s.breached(tx, o); err != nil {
			return nil, nil, err
		}
		if err := o.answer(tx.Now()); err != nil {
			return nil, nil, err
		}
		row := answerRow{Order: o.ID, Org: o.Org, Lawyer: a.Person, At: o.AnsweredAt, Draft: p.sealed.ID, Own: p.own, Known: p.known,
			Opening: p.refs["opening"], Disclaimer: p.refs["disclaimer"], Closing: p.refs["closing"]}
		if err := insert(tx, &row); err != nil {
			return nil, nil, err
		}
		if err := s.send(tx, o, InAnswer, id.Nil, with); err != nil {
			return nil, nil, err
		}
		if err := s.answered(tx, o); err != nil {
			return nil, nil, err
		}
		return p.fact(o, a.Person), map[string]seal.Sealed{"answer": p.sealed}, nil
	})
}

// answered ends the clock and begins the wait for the rating.
func (s *Service) answered(tx *db.Tx, o *Order) error {
	if err := lawyer.Freed(tx, o.Lawyer); err != nil {
		return err
	}
	if err := stopClock(tx, o); err != nil {
		return err
	}
	if err := s.setReminder(tx, o); err != nil {
		return err
	}
	return s.setClose(tx, o)
}

// setClose lets the order close by itself when nothing more is heard.
func (s *Service) setClose(tx *db.Tx, o *Order) error {
	return due.Set(tx, due.Row{Org: o.Org, Subject: o.ID, Name: "close", Kind: dueClose, At: o.LastAt.Add(RateFor), Rule: "7d", Anchor: o.LastAt.Time})
}

// prepared is an answer that keeps the rules, ready to be written.
type prepared struct {
	draft     Draft
	templates Templates
	refs      map[string]templateRef
	sealed    seal.Sealed
	own       int
	known     []bool
}

// prepare checks a draft against the rules and the loaded statutes and seals it.
func (s *Service) prepare(ctx context.Context, a who.Actor, o *Order, d Draft) (p prepared, err error) {
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		if p.templates, p.refs, err = inForce(tx, o.Path, o.Language); err != nil {
			return err
		}
		p.known, err = citations(tx, d.Basis)
		return err
	})
	if err != nil {
		return p, err
	}
	if p.draft, err = d.Clean(p.templates); err != nil {
		return p, err
	}
	p.own = OwnLength(p.draft, p.templates)
	sealed, err := s.sealAll(ctx, o.Org, o.Key, map[string]string{"answer": asJSON(p.draft)})
	p.sealed = sealed["answer"]
	return p, err
}

func (p prepared) fact(o *Order, by id.ID) AnsweredFact {
	known := 0
	for _, k := range p.known {
		if k {
			known++
		}
	}
	return AnsweredFact{Lawyer: by, AskedAt: o.AskedAt, Own: p.own, Basis: len(p.draft.Basis), Known: known, Advice: len(p.draft.Advice),
		Opening: p.refs["opening"].version(), Disclaim: p.refs["disclaimer"].version(), Closing: p.refs["closing"].version(),
		InTime: !o.Breach, Citizen: o.Citizen}
}

// noteRefused notes which rules a reply broke. Its subject is the order, lawyer
// and minute, so that pressing the button again and again does not fill the log.
func (s *Service) noteRefused(ctx context.Context, a who.Actor, o *Order, d Draft, t Templates) {
	var rules []Code
	for _, item := range Check(d, t) {
		if !item.OK {
			rules = append(rules, Code(item.Rule))
		}
	}
	err := s.DB.Do(ctx, a, func(tx *db.Tx) error {
		subject := journal.Once("consult.refused", o.ID, a.Person, tx.Now())
		return journal.Write(tx, journal.Entry{Org: o.Org, Root: o.ID, Subject: subject, Rev: 1,
			Event: RefusedFact{Lawyer: a.Person, Rules: rules, Own: OwnLength(d, t)}})
	})
	if err != nil && !fault.Is(err, fault.Conflict) {
		s.Log.Error("a refused reply could not be noted", "error", err)
	}
}

// CheckDraft goes through the checklist without changing anything.
func (s *Service) CheckDraft(ctx context.Context, a who.Actor, order id.ID, d Draft) (items []Item, own int, err error) {
	o, err := s.peek(ctx, a, "order.answer", order)
	if err != nil {
		return nil, 0, err
	}
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		t, _, err := inForce(tx, o.Path, o.Language)
		items, own = Check(d, t), OwnLength(d, t)
		return err
	})
	return items, own, err
}

// Say adds a message: the citizen asks back, or the lawyer replies. The same
// message ID again changes nothing.
func (s *Service) Say(ctx context.Context, a who.Actor, order, message id.ID, words string, files ...Attach) (*Order, error) {
	o, err := s.peek(ctx, a, "order.message", order)
	if err != nil {
		return nil, err
	}
	if message == id.Nil {
		return nil, fault.Bad(fault.At("id", "fault.id"))
	}
	if words, err = CheckMessage(words); err != nil {
		return nil, err
	}
	sealed, err := s.sealAll(ctx, o.Org, o.Key, map[string]string{"text": words})
	if err != nil {
		return nil, err
	}
	with, err := s.gather(ctx, a, o.Org, o.ID, o.Key, files)
	if err != nil {
		return nil, err
	}
	return s.change(ctx, a, "order.message", order, 0, func(tx *db.Tx, o *Order) (journal.Event, map[string]seal.Sealed, error) {
		var before messageRow
		err := tx.NewSelect().Model(&before).Where("id = ?", message).Scan(tx.Ctx())
		if err == nil && before.Order == o.ID && before.Author == a.Person {
			return nil, nil, nil
		}
		if err != nil && !db.NotFound(err) {
			return nil, nil, err
		}
		if err := s.send(tx, o, InMessage, message, with); err != nil {
			return nil, nil, err
		}
		return s.said(tx, o, a, message, sealed)
	})
}

func (s *Service) said(tx *db.Tx, o *Order, a who.Actor, message id.ID, sealed map[string]seal.Sealed) (journal.Event, map[string]seal.Sealed, error) {
	role := o.roleOf(a.Person)
	var err error
	if role == ByCitizen {
		err = s.askedBack(tx, o)
	} else {
		err = s.replied(tx, o)
	}
	if err != nil {
		return nil, nil, err
	}
	row := messageRow{ID: message, Org: o.Org, Order: o.ID, N: o.Messages, Role: role, Author: a.Person, Words: sealed["text"].ID, At: db.At(tx.Now())}
	if err := insert(tx, &row); err != nil {
		return nil, nil, err
	}
	return SaidFact{N: o.Messages, Role: role}, sealed, s.setClose(tx, o)
}

// replied ends the clock of a reply.
func (s *Service) replied(tx *db.Tx, o *Order) error {
	if err := s.breached(tx, o); err != nil {
		return err
	}
	if err := o.replyTo(tx.Now()); err != nil {
		return err
	}
	return stopClock(tx, o)
}

// askedBack starts the clock for the reply.
func (s *Service) askedBack(tx *db.Tx, o *Order) error {
	if err := o.askBack(tx.Now()); err != nil {
		return err
	}
	return s.setClock(tx, o)
}

// Read notes that the citizen has seen the answer.
func (s *Service) Read(ctx context.Context, a who.Actor, order id.ID) error {
	_, err := s.change(ctx, a, "order.read", order, 0, func(tx *db.Tx, o *Order) (journal.Event, map[string]seal.Sealed, error) {
		seen := !o.ReadAt.IsZero()
		if err := o.read(tx.Now()); err != nil || seen {
			return nil, nil, err
		}
		return ReadFact{}, nil, nil
	})
	return err
}

// Rate takes the citizen's rating, once. Below satisfied it opens a call-back in
// the same transaction (B7.1.3.2).
func (s *Service) Rate(ctx context.Context, a who.Actor, order, callback id.ID, level Rating, comment string) (*Order, error) {
	o, err := s.peek(ctx, a, "order.rate", order)
	if err != nil {
		return nil, err
	}
	comment, bad := CheckRating(level, comment)
	if callback == id.Nil {
		bad = append(bad, fault.At("id", "fault.id"))
	}
	if bad != nil {
		return nil, fault.Bad(bad...)
	}
	if o.Rating == level && (o.Callback == callback || !level.NeedsCallback()) {
		return o, nil // a repeat
	}
	sealed, err := s.sealAll(ctx, o.Org, o.Key, map[string]string{"comment": comment})
	if err != nil {
		return nil, err
	}
	return s.change(ctx, a, "order.rate", order, 0, func(tx *db.Tx, o *Order) (journal.Event, map[string]seal.Sealed, error) {
		if err := o.rate(level, tx.Now()); err != nil {
			return nil, nil, err
		}
		o.Comment = sealed["comment"].ID
		if err := due.Cancel(tx, o.ID, "remind"); err != nil {
			return nil, nil, err
		}
		if err := lawyer.Rated(tx, o.Lawyer, level.Points(), level.Satisfied()); err != nil {
			return nil, nil, err
		}
		if level.NeedsCallback() {
			if err := s.openCallback(tx, o, callback); err != nil {
				return nil, nil, err
			}
		} else if o.State == Closed {
			if err := due.Cancel(tx, o.ID, "close"); err != nil {
				return nil, nil, err
			}
		}
		return RatedFact{Level: level, Lawyer: o.Lawyer, Closed: o.State == Closed}, sealed, nil
	})
}

// The bounds of the words with which an order is passed on, in characters.
const (
	maxPassReason  = 500
	MaxPassSummary = 1000
)

// Pass gives the order to the next fitting lawyer, at the lawyer's own wish. Why
// he wishes so, and the summary that spares the next one the reading, are for
// staff: his words are sealed under the order's key and stand with the fact.
func (s *Service) Pass(ctx context.Context, a who.Actor, order id.ID, rev int64, reason, summary string) (*Order, error) {
	o, err := s.peek(ctx, a, "order.pass", order)
	if err != nil {
		return nil, err
	}
	reason, bad := optional("reason", reason, maxPassReason)
	summary, more := needed("summary", summary, MaxPassSummary)
	if bad = append(bad, more...); bad != nil {
		return nil, fault.Bad(bad...)
	}
	said, err := s.sealAll(ctx, o.Org, o.Key, map[string]string{passReason: reason, passSummary: summary})
	if err != nil {
		return nil, err
	}
	return s.change(ctx, a, "order.pass", order, rev, func(tx *db.Tx, o *Order) (journal.Event, map[string]seal.Sealed, error) {
		if !o.Awaiting {
			return nil, nil, wrong("consult.not_waiting")
		}
		from := o.Lawyer
		taken, err := s.offer(tx, o, ByHimself, said)
		if err == nil && !taken {
			err = wrong("consult.nobody_else")
		}
		if err != nil {
			return nil, nil, err
		}
		return nil, nil, handOver(tx, o, from, said[passSummary])
	})
}

// Assign gives the order to a lawyer whom operations name.
func (s *Service) Assign(ctx context.Context, a who.Actor, order, to id.ID, rev int64) (*Order, error) {
	return s.change(ctx, a, "order.assign", order, rev, func(tx *db.Tx, o *Order) (journal.Event, map[string]seal.Sealed, error) {
		found, why, err := lawyer.Pick(tx, to)
		if err != nil {
			return nil, nil, fault.Bad(fault.At("lawyer", "consult.lawyer_unknown"))
		}
		if o.Lawyer == found.ID {
			return nil, nil, nil
		}
		return nil, nil, s.hand(tx, o, found.ID, why, ByOperations, nil)
	})
}

// Exclude takes an order out of the figures, with reason and person (T9).
func (s *Service) Exclude(ctx context.Context, a who.Actor, order id.ID, rev int64, why Exclusion, note string) (*Order, error) {
	o, err := s.peek(ctx, a, "order.exclude", order)
	if err != nil {
		return nil, err
	}
	note, bad := needed("note", note, MaxLedger)
	if !why.Valid() {
		bad = append(bad, fault.At("reason", "fault.field_choice"))
	}
	if bad != nil {
		return nil, fault.Bad(bad...)
	}
	sealed, err := s.sealAll(ctx, o.Org, o.Key, map[string]string{"note": note})
	if err != nil {
		return nil, err
	}
	return s.change(ctx, a, "order.exclude", order, rev, func(tx *db.Tx, o *Order) (journal.Event, map[string]seal.Sealed, error) {
		held := o.Awaiting && o.State == Assigned
		if err := o.exclude(why, a.Person, tx.Now()); err != nil {
			return nil, nil, err
		}
		o.Note = sealed["note"].ID
		if held {
			if err := lawyer.Freed(tx, o.Lawyer); err != nil {
				return nil, nil, err
			}
		}
		for _, name := range []string{"clock", "close", "remind"} {
			if err := due.Cancel(tx, o.ID, name); err != nil {
				return nil, nil, err
			}
		}
		return ExcludedFact{Why: why}, sealed, nil
	})
}

// Proof is the proof file of an order.
func (s *Service) Proof(ctx context.Context, a who.Actor, order id.ID) (p journal.Proof, err error) {
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		o, err := load(tx, order)
		if err != nil {
			return err
		}
		if err := s.Rules.Need(a, "order.proof", o.object()); err != nil {
			return err
		}
		p, err = s.Journal.Prove(tx, o.Org, o.ID)
		return err
	})
	return p, err
}

// objectOf is what a call-back is for rights.
func objectOf(c *Callback, o *Order) access.Object {
	return access.Object{Org: c.Path, Owner: o.Citizen, Lawyer: o.Lawyer}
}
