package complaint

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"time"

	"mingfa/internal/base/blob"
	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/paper"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/who"
	"mingfa/internal/base/workday"
	"mingfa/internal/core/access"
	"mingfa/internal/core/identity"
	"mingfa/internal/public/consult"
)

// Service has the verbs of the room. It is safe for concurrent use.
type Service struct {
	DB     *db.DB
	Keys   *seal.Keys
	Rules  *access.Rules
	People *identity.Service
	Blobs  *blob.Blobs
	// Calendar is the calendar of working days of an organisation.
	Calendar func(tx *db.Tx, org identity.Org) (workday.Calendar, error)
	// Font is the font of PDF files; nil, or a func that gives nil, has none.
	Font func() *paper.Font
}

// The due rows of a complaint.
const (
	dueCall   = "complaint.call"   // named "call": one working day, with warnings
	dueReport = "complaint.report" // named "report": 5 minutes to acknowledge
)

// MaxDaily is how many complaints one citizen makes in 24 hours.
const MaxDaily = 20

func (c *Complaint) object() access.Object { return access.Object{Org: c.Path, Owner: c.Citizen} }

// maker is on whose behalf and where a complaint is taken.
type maker struct {
	org     identity.Org
	citizen id.ID // Nil: unknown
	key     id.ID // Nil: to be made
	staff   id.ID // who takes it down, Nil: the citizen himself
}

// Make takes a complaint or suggestion of the citizen himself. The same ID again
// by the same citizen gives the complaint that is there (B7.1.2.1a, B7.1.2.3a).
func (s *Service) Make(ctx context.Context, a who.Actor, in Intake) (*Complaint, error) {
	if err := s.Rules.Need(a, "complaint.make", access.Object{Owner: a.Person}); err != nil {
		return nil, err
	}
	in, err := in.Clean(false, s.DB.Now())
	if err != nil {
		return nil, err
	}
	var before *Complaint
	m := maker{citizen: a.Person}
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		if before, err = madeBefore(tx, in.ID); before != nil || err != nil {
			return err
		}
		if err := tooMany(tx, a.Person); err != nil {
			return err
		}
		me, err := s.People.Reach(ctx, tx, a.Person)
		if errors.Is(err, identity.ErrGone) {
			return fault.NotThere()
		}
		if err != nil {
			return err
		}
		m.key, in.Phone = me.Key, me.Phone
		names, err := s.People.Names(ctx, tx, a.Person)
		if err != nil {
			return err
		}
		in.Name = names[a.Person]
		if m.org, _, err = s.handler(tx, a, in, func(o orderRef) bool { return o.Citizen == a.Person }); err != nil || in.Name != "" {
			return err
		}
		in.Name, err = s.nameInOrder(ctx, tx, a.Person, in.Order)
		return err
	})
	if before != nil {
		return same(before, before.Citizen == a.Person && before.RegisteredBy == id.Nil)
	}
	if err != nil {
		return nil, err
	}
	return s.collect(ctx, a, in, m)
}

// nameInOrder is what a citizen called himself who never named his account: in the
// order that he complains about, or in his last one; "" where he has none.
func (s *Service) nameInOrder(ctx context.Context, tx *db.Tx, citizen, order id.ID) (string, error) {
	if order == id.Nil {
		err := tx.Row("SELECT id FROM consult_order_v WHERE citizen = ? ORDER BY asked_at DESC, id DESC LIMIT 1", citizen.String()).Scan(&order)
		if db.NotFound(err) {
			return "", nil
		}
		if err != nil {
			return "", fmt.Errorf("find the citizen's last order: %w", err)
		}
	}
	words, err := consult.NameOf(tx, order)
	if err != nil || words == id.Nil {
		return "", err
	}
	texts, err := s.Keys.Read(ctx, tx, words)
	return texts[words].Plain, err
}

// tooMany refuses who floods the register.
func tooMany(tx *db.Tx, citizen id.ID) error {
	var n int
	err := tx.Row("SELECT count(*) FROM complaint_case WHERE citizen = ? AND received_at > ?", citizen.String(), tx.Now().Add(-24*time.Hour).UnixMilli()).Scan(&n)
	if err == nil && n >= MaxDaily {
		return fault.New(fault.TooMany, "fault.too_many")
	}
	return err
}

// Register takes down what somebody told a member of staff: by telephone, in a
// call-back, at the counter. The person is found by the order or by his phone; a
// stranger's words stand under a key of their own.
func (s *Service) Register(ctx context.Context, a who.Actor, in Intake) (*Complaint, error) {
	if err := s.Rules.Need(a, "complaint.register", access.Object{Org: a.Scope}); err != nil {
		return nil, err
	}
	in, err := in.Clean(true, s.DB.Now())
	if err != nil {
		return nil, err
	}
	m := maker{staff: a.Person}
	if in.Phone != "" {
		if m.citizen, err = s.People.CitizenByPhone(ctx, in.Phone); err != nil {
			return nil, err
		}
	}
	var before *Complaint
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		if before, err = madeBefore(tx, in.ID); before != nil || err != nil {
			return err
		}
		var order orderRef
		m.org, order, err = s.handler(tx, a, in, func(o orderRef) bool { return s.Rules.May(a, "order.see", access.Object{Org: o.Path}) })
		if err != nil {
			return err
		}
		if order.Citizen != id.Nil {
			m.citizen = order.Citizen
		}
		if err := s.Rules.Need(a, "complaint.register", access.Object{Org: m.org.Path}); err != nil {
			return err
		}
		return s.keyOf(ctx, tx, &m, &in)
	})
	if before != nil {
		return same(before, before.RegisteredBy == a.Person)
	}
	if err != nil {
		return nil, err
	}
	return s.collect(ctx, a, in, m)
}

// same answers a repeat: to the one who made it with what is there.
func same(c *Complaint, his bool) (*Complaint, error) {
	if !his {
		return nil, fault.New(fault.Conflict, "fault.conflict")
	}
	return c, nil
}

// keyOf finds the person's key, and his phone where none was given. Who is erased
// meanwhile is a stranger.
func (s *Service) keyOf(ctx context.Context, tx *db.Tx, m *maker, in *Intake) error {
	if m.citizen != id.Nil {
		him, err := s.People.Reach(ctx, tx, m.citizen)
		switch {
		case errors.Is(err, identity.ErrGone):
			m.citizen = id.Nil
		case err != nil:
			return err
		default:
			m.key = him.Key
			if in.Phone == "" {
				in.Phone = him.Phone
			}
		}
	}
	if in.Phone == "" {
		return fault.Bad(fault.At("phone", "fault.field_required"))
	}
	return nil
}

// handler finds the organisation that handles a complaint: that of the order, of
// the region, of the citizen's last order, or the actor's own. An order that the
// actor may not name is absent.
func (s *Service) handler(tx *db.Tx, a who.Actor, in Intake, may func(orderRef) bool) (org identity.Org, order orderRef, err error) {
	switch {
	case in.Order != id.Nil:
		all, err := orders(tx, in.Order)
		if err != nil {
			return org, order, err
		}
		o, ok := all[in.Order]
		if !ok || !may(o) {
			return org, order, fault.NotThere()
		}
		org, err = s.People.OrgByID(tx, o.Org)
		return org, o, err
	case in.Region != "":
		known, err := s.People.RegionKnown(tx, in.Region)
		if err == nil && !known {
			err = fault.Bad(fault.At("region", "consult.region_unknown"))
		}
		if err != nil {
			return org, order, err
		}
		org, err = s.People.OrgForRegion(tx, in.Region)
		return org, order, err
	}
	org, err = s.nearest(tx, a)
	return org, order, err
}

// nearest is the organisation of the citizen's last order, so that a complaint
// without a place finds those who know him and their bureau; else the actor's own,
// for a newcomer the operator.
func (s *Service) nearest(tx *db.Tx, a who.Actor) (identity.Org, error) {
	org := a.Org
	if a.Is(who.Citizen) {
		err := tx.Row("SELECT org FROM consult_order_v WHERE citizen = ? ORDER BY asked_at DESC, id DESC LIMIT 1", a.Person.String()).Scan(&org)
		if err != nil && !db.NotFound(err) {
			return identity.Org{}, fmt.Errorf("find the citizen's last order: %w", err)
		}
	}
	return s.People.OrgByID(tx, org)
}

// collect seals what was said and stores the complaint.
func (s *Service) collect(ctx context.Context, a who.Actor, in Intake, m maker) (c *Complaint, err error) {
	if m.key == id.Nil {
		if m.key, err = s.Keys.New(ctx, seal.Person, m.org.Key); err != nil {
			return nil, fmt.Errorf("make the caller's key: %w", err)
		}
	}
	sealed, err := s.sealAll(ctx, m.org.ID, m.key, map[string]string{"words": in.Text, "name": in.Name, "phone": in.Phone})
	if err != nil {
		return nil, err
	}
	err = s.DB.Do(ctx, a, func(tx *db.Tx) error {
		cal, err := s.Calendar(tx, m.org)
		if err != nil {
			return err
		}
		c = &Complaint{ID: in.ID, Org: m.org.ID, Path: m.org.Path, Rev: 1, Number: number(in.ID, tx.Now()), Kind: in.Kind, State: Collected,
			Channel: in.Channel, Language: in.Language, Citizen: m.citizen, Order: in.Order, RegisteredBy: m.staff, Key: m.key,
			Words: sealed["words"].ID, Name: sealed["name"].ID, Phone: sealed["phone"].ID, ReceivedAt: db.At(in.ReceivedAt), MadeAt: db.At(tx.Now()),
			DueAt: db.At(workday.AddWorkdays(in.ReceivedAt, 1, cal)), Hints: Hint(in.Text)}
		return s.arrive(tx, c, m.org, sealed)
	})
	if fault.Is(err, fault.Conflict) { // a repeat that ran beside us
		return s.repeated(ctx, a, in.ID, m, err)
	}
	return c, err
}

// arrive stores a new complaint with its fact and its clock; words that point to
// something sensitive flag it at once.
func (s *Service) arrive(tx *db.Tx, c *Complaint, org identity.Org, sealed map[string]seal.Sealed) error {
	if err := insert(tx, c); err != nil {
		return err
	}
	err := c.write(tx, CollectedFact{What: c.Kind, Channel: c.Channel, Citizen: c.Citizen, Order: c.Order, ReceivedAt: c.ReceivedAt, DueAt: c.DueAt}, sealed)
	if err != nil {
		return err
	}
	_, next := Walk(c.DueAt.Time, tx.Now())
	if next.IsZero() {
		next = tx.Now() // taken down too late: the breach is noted at once
	}
	if err := due.Set(tx, due.Row{Org: c.Org, Subject: c.ID, Name: "call", Kind: dueCall, At: next, Rule: "1wd", Anchor: c.ReceivedAt.Time,
		Zone: org.Zone, Calendar: org.Calendar}); err != nil {
		return err
	}
	if len(c.Hints) == 0 {
		return nil
	}
	return s.mark(tx, c, c.Hints[0], id.Nil, nil)
}

// mark flags a complaint, reports it, and writes the fact.
func (s *Service) mark(tx *db.Tx, c *Complaint, to Sensitivity, by id.ID, sealed map[string]seal.Sealed) error {
	report, err := c.flag(to, by, tx.Now())
	if err != nil {
		return err
	}
	if report {
		err = due.Set(tx, due.Row{Org: c.Org, Subject: c.ID, Name: "report", Kind: dueReport, At: tx.Now().Add(AckLimit + time.Millisecond), Rule: "5min",
			Anchor: tx.Now(), Interactive: true})
	} else if to == "" {
		err = due.Cancel(tx, c.ID, "report")
	}
	if err != nil {
		return err
	}
	return save(tx, c, FlaggedFact{Category: to, ByWords: by == id.Nil, Report: report}, sealed)
}

// repeated finds the complaint of a repeat that ran beside this one.
func (s *Service) repeated(ctx context.Context, a who.Actor, complaint id.ID, m maker, cause error) (c *Complaint, err error) {
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		c, err = madeBefore(tx, complaint)
		return err
	})
	if err != nil || c == nil {
		return nil, errors.Join(err, cause)
	}
	return same(c, c.RegisteredBy == m.staff && (m.staff != id.Nil || c.Citizen == m.citizen))
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
			return nil, fault.New(fault.Conflict, "complaint.person_erased")
		}
		if err != nil {
			return nil, fmt.Errorf("seal what was said: %w", err)
		}
		out[name] = x
	}
	return out, nil
}

// number is what persons call the complaint by, as consult numbers its orders: its
// day in China and 8 letters of its ID's hash.
func number(complaint id.ID, now time.Time) string {
	h := sha256.Sum256(complaint[:])
	letters := base32.NewEncoding("23456789ABCDEFGHJKLMNPQRSTUVWXYZ").EncodeToString(h[:5])
	return now.In(china).Format("20060102") + "-" + letters
}
