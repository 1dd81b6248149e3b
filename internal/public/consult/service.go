package consult

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"mingfa/internal/base/blob"
	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/paper"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/who"
	"mingfa/internal/base/workday"
	"mingfa/internal/core/access"
	"mingfa/internal/core/identity"
	"mingfa/internal/public/lawyer"
)

// Service has the verbs of the room. It is safe for concurrent use.
type Service struct {
	DB      *db.DB
	Keys    *seal.Keys
	Rules   *access.Rules
	People  *identity.Service
	Lawyers *lawyer.Service
	Journal *journal.Journal
	Blobs   *blob.Blobs // keeps the attachments
	Log     *slog.Logger
	// Calendar is the calendar of working days of an organisation.
	Calendar func(tx *db.Tx, org identity.Org) (workday.Calendar, error)
	// Font is the font of PDF files; nil, or a func that gives nil, has none.
	Font func() *paper.Font
}

// The due rows of an order.
const (
	dueClock    = "consult.clock"
	dueClose    = "consult.close"
	dueCallback = "consult.callback"
	dueCall     = "consult.lawyer_call"
	dueOffer    = "consult.offer"
	dueRemind   = "consult.remind"
	dueUnsent   = "consult.unsent" // of an attachment
	dueDraft    = "consult.draft"  // of an order that is still to come
	dueBegun    = "consult.begun"  // of a question that was begun
)

// object is what an order is for rights.
func (o *Order) object() access.Object {
	return access.Object{Org: o.Path, Owner: o.Citizen, Lawyer: o.Lawyer}
}

// write writes a fact of the order, whose row must just have been saved.
func (o *Order) write(tx *db.Tx, e journal.Event, sealed map[string]seal.Sealed) error {
	return journal.Write(tx, journal.Entry{Org: o.Org, Root: o.ID, Subject: o.ID, Rev: o.Rev, Event: e, Sealed: sealed})
}

// change is the middle of most verbs: lock the order, ask for the right, let fn
// decide, save, write the fact. A rev of 0 means any.
func (s *Service) change(ctx context.Context, a who.Actor, verb string, order id.ID, rev int64, fn func(tx *db.Tx, o *Order) (journal.Event, map[string]seal.Sealed, error)) (out *Order, err error) {
	err = s.DB.Do(ctx, a, func(tx *db.Tx) error {
		o, err := lock(tx, order)
		if err != nil {
			return err
		}
		if err := s.Rules.Need(a, verb, o.object()); err != nil {
			return err
		}
		if rev != 0 && rev != o.Rev {
			return fault.New(fault.Conflict, "fault.stale")
		}
		e, sealed, err := fn(tx, o)
		if err != nil || e == nil {
			out = o
			return err
		}
		out = o
		return s.commit(tx, o, e, sealed)
	})
	return out, err
}

// commit saves the order and writes its fact.
func (s *Service) commit(tx *db.Tx, o *Order, e journal.Event, sealed map[string]seal.Sealed) error {
	if err := save(tx, o); err != nil {
		return err
	}
	return o.write(tx, e, sealed)
}

// Ask takes a question. The same ID again by the same citizen gives the order
// that is there (B5.2.2: at most three steps; the third is this).
func (s *Service) Ask(ctx context.Context, a who.Actor, in Ask) (*Order, error) {
	o, _, err := s.ask(ctx, a, in)
	return o, err
}

// AskAndSee is Ask, and shows the order as See does; what was just said needn't
// be read again.
func (s *Service) AskAndSee(ctx context.Context, a who.Actor, in Ask, language string) (*Seen, error) {
	o, said, err := s.ask(ctx, a, in)
	if err != nil {
		return nil, err
	}
	if said == nil || len(in.Attachments) > 0 { // a repeat; or files, whose names are to be read
		return s.See(ctx, a, o.ID, language)
	}
	v := &Seen{Order: *o, Now: s.DB.Now(), Texts: said}
	if o.found != nil {
		card, err := s.Lawyers.CardOf(ctx, *o.found)
		if err != nil {
			return nil, err
		}
		v.Card = &card
	}
	err = s.DB.Look(ctx, a, func(tx *db.Tx) (err error) {
		v.RegionName, err = s.People.RegionName(tx, o.Region, language)
		return err
	})
	v.Can = s.can(a, v)
	return v, err
}

// ask makes the order and tells what was said in it; nothing for a repeat.
func (s *Service) ask(ctx context.Context, a who.Actor, in Ask) (*Order, map[id.ID]seal.Text, error) {
	if err := s.Rules.Need(a, "order.ask", access.Object{Owner: a.Person}); err != nil {
		return nil, nil, err
	}
	org, person, err := s.beforeAsking(ctx, a, &in)
	if err != nil {
		return nil, nil, err
	}
	key, before, err := s.keyFor(ctx, a, in, person)
	if err != nil {
		return nil, nil, err
	}
	if before != nil {
		return before, nil, nil
	}
	words := map[string]string{"title": in.Title, "question": in.Question,
		"name": in.Contact.Name, "phone": in.Contact.Phone, "email": in.Contact.Email, "relay": in.Contact.Relay, "remark": in.Remark}
	sealed, err := s.sealAll(ctx, org.ID, key.id, words)
	if err != nil {
		return nil, nil, err
	}
	files, err := s.gather(ctx, a, org.ID, in.ID, key.id, in.Attachments)
	if err != nil {
		return nil, nil, err
	}
	var o *Order
	err = s.DB.Do(ctx, a, func(tx *db.Tx) error {
		if err := key.put(tx); err != nil {
			return err
		}
		o = newOrder(in, org, a.Person, key.id, sealed, tx.Now())
		if err := s.arrive(tx, o, sealed); err != nil {
			return err
		}
		if err := endDraft(tx, key.draft); err != nil {
			return err
		}
		if err := endBegun(tx, a.Person, o.ID); err != nil {
			return err
		}
		return s.send(tx, o, InQuestion, id.Nil, files)
	})
	if fault.Is(err, fault.Conflict) {
		o, err = s.repeated(ctx, a, in.ID)
		return o, nil, err
	}
	if errors.Is(err, seal.ErrErased) {
		return nil, nil, fault.NotThere()
	}
	said := make(map[id.ID]seal.Text, len(sealed))
	for name, x := range sealed {
		said[x.ID] = seal.Text{Plain: words[name]}
	}
	return o, said, err
}

// orderKey is the key under which an order will stand.
type orderKey struct {
	id    id.ID
	put   func(*db.Tx) error // brings it to disk with the order
	draft *draftRow          // whose key it was, if files came before the order
}

// keyFor is the order's key: that of its draft, if files came before it, else a
// fresh one. A draft is gone once its order has come: then this is a repeat, and
// before is the order.
func (s *Service) keyFor(ctx context.Context, a who.Actor, in Ask, person id.ID) (k orderKey, before *Order, err error) {
	if len(in.Attachments) == 0 {
		if k.id, k.put, err = s.Keys.NewWith(ctx, seal.Order, person); err != nil {
			err = fmt.Errorf("make the order's key: %w", err)
		}
		return k, nil, err
	}
	k.put = func(*db.Tx) error { return nil }
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		k.draft, err = draftOf(tx, a.Person, in.ID)
		if k.draft != nil || err != nil {
			return err
		}
		before, err = load(tx, in.ID)
		switch {
		case fault.Is(err, fault.Absent):
			return lost(0)
		case err == nil && before.Citizen != a.Person:
			return fault.New(fault.Conflict, "fault.conflict")
		}
		return err
	})
	if k.draft != nil {
		k.id = k.draft.Key
	}
	return k, before, err
}

// beforeAsking checks the question and finds the organisation that answers for
// its region and the asker's key.
func (s *Service) beforeAsking(ctx context.Context, a who.Actor, in *Ask) (org identity.Org, key id.ID, err error) {
	err = s.DB.Look(ctx, a, func(tx *db.Tx) error {
		me, err := s.People.Reach(ctx, tx, a.Person)
		if errors.Is(err, identity.ErrGone) {
			return fault.NotThere()
		}
		if err != nil {
			return err
		}
		key = me.Key
		if *in, err = in.Check(me.Phone, func(region string) bool {
			ok, err := s.People.RegionKnown(tx, region)
			return ok && err == nil
		}); err != nil {
			return err
		}
		org, err = s.People.OrgForRegion(tx, in.Region)
		return err
	})
	return org, key, err
}

// repeated finds the order that the actor made under this ID before. An ID that
// is somebody else's is answered like any conflict.
func (s *Service) repeated(ctx context.Context, a who.Actor, order id.ID) (o *Order, err error) {
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		o, err = load(tx, order)
		if fault.Is(err, fault.Absent) || err == nil && o.Citizen != a.Person {
			return fault.New(fault.Conflict, "fault.conflict")
		}
		return err
	})
	return o, err
}

// sealAll seals each text that is not empty.
func (s *Service) sealAll(ctx context.Context, org, key id.ID, words map[string]string) (map[string]seal.Sealed, error) {
	out := make(map[string]seal.Sealed, len(words))
	for name, w := range words {
		if w == "" {
			continue
		}
		x, err := s.Keys.Seal(ctx, org, key, w)
		if errors.Is(err, seal.ErrErased) {
			return nil, fault.NotThere()
		}
		if err != nil {
			return nil, fmt.Errorf("seal what was said: %w", err)
		}
		out[name] = x
	}
	return out, nil
}

func newOrder(in Ask, org identity.Org, citizen, key id.ID, sealed map[string]seal.Sealed, now time.Time) *Order {
	o := &Order{ID: in.ID, Org: org.ID, Path: org.Path, Rev: 1, Number: number(in.ID, now), State: Waiting, Region: in.Region,
		Problem: in.Type, Language: in.Language, Source: in.Source, Citizen: citizen, Key: key,
		Title: sealed["title"].ID, Question: sealed["question"].ID, Name: sealed["name"].ID, Phone: sealed["phone"].ID, Email: sealed["email"].ID,
		Relay: sealed["relay"].ID, Remark: sealed["remark"].ID,
		AskedAt: db.At(now), LastAt: db.At(now), Had: []id.ID{}}
	o.startClock(now)
	return o
}

// number is what persons call the order by: its day in China and 8 letters of
// its ID's hash.
func number(order id.ID, now time.Time) string {
	h := sha256.Sum256(order[:])
	letters := base32.NewEncoding("23456789ABCDEFGHJKLMNPQRSTUVWXYZ").EncodeToString(h[:5])
	return now.UTC().Add(8*time.Hour).Format("20060102") + "-" + letters
}

// arrive gives a new order to a lawyer if one fits, and stores it with its facts
// and its clock.
func (s *Service) arrive(tx *db.Tx, o *Order, sealed map[string]seal.Sealed) error {
	o.unborn = true
	err := o.write(tx, AskedFact{Region: Code(o.Region), Problem: Code(o.Problem), Language: Code(o.Language), Source: Code(o.Source),
		Citizen: o.Citizen, DueAt: o.DueAt}, sealed)
	if err != nil {
		return err
	}
	if err := s.setClock(tx, o); err != nil {
		return err
	}
	if _, err := s.offer(tx, o, "", nil); err != nil {
		return err
	}
	o.unborn = false
	return insert(tx, o)
}

// offer gives the order to the lawyer who fits best, saves it and writes the
// fact with what was said to it. It tells whether somebody took it.
func (s *Service) offer(tx *db.Tx, o *Order, cause Cause, said map[string]seal.Sealed) (bool, error) {
	not := o.Had
	if o.Lawyer != id.Nil {
		not = append(append([]id.ID{}, o.Had...), o.Lawyer)
	}
	found, why, err := lawyer.Match(tx, lawyer.Want{Area: o.Problem, Region: o.Region, Language: o.Language, Not: not, First: o.Lawyer == id.Nil})
	if errors.Is(err, lawyer.ErrNobody) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("find a lawyer: %w", err)
	}
	o.found = &found
	return true, s.hand(tx, o, found.ID, why, cause, said)
}

// hand puts the order into a lawyer's hands.
func (s *Service) hand(tx *db.Tx, o *Order, to id.ID, why lawyer.Reason, cause Cause, said map[string]seal.Sealed) error {
	from, load := o.Lawyer, o.State != Answered // a reply is no load: the answer was
	if err := o.give(to, why, tx.Now()); err != nil {
		return err
	}
	if load {
		if err := lawyer.Handed(tx, from, to); err != nil {
			return err
		}
	}
	if o.Warned == At120 { // all steps were taken: the row was there to offer it
		if err := stopClock(tx, o); err != nil {
			return err
		}
	}
	return s.commit(tx, o, AssignedFact{Lawyer: to, Why: why, From: from, Cause: cause}, said)
}

// setClock sets the order's row to the next step of its clock; an order that
// still waits when all are taken is offered again and again.
func (s *Service) setClock(tx *db.Tx, o *Order) error {
	step := Walk(o.ClockFrom.Time, o.Warned, tx.Now())
	at := step.NextAt
	if step.Level != 0 {
		at = tx.Now() // a step was reached meanwhile
	}
	if at.IsZero() && o.State == Waiting {
		at = NextOffer(o.ClockFrom.Time, tx.Now())
	}
	if at.IsZero() {
		return nil // all steps were taken
	}
	return due.Set(tx, due.Row{Org: o.Org, Subject: o.ID, Name: "clock", Kind: dueClock, At: at, Rule: "120min", Anchor: o.ClockFrom.Time})
}

// stopClock takes the row away.
func stopClock(tx *db.Tx, o *Order) error { return due.Cancel(tx, o.ID, "clock") }
