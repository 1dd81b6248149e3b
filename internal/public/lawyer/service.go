package lawyer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
	"mingfa/internal/core/identity"
)

// Service has the verbs of the room.
type Service struct {
	DB    *db.DB
	Keys  *seal.Keys
	Rules *access.Rules
	// People tells what a lawyer told of himself; AreaKnown, whether there is a field
	// of law of that code (consult, above, knows). Both are needed for cards only.
	People    *identity.Service
	AreaKnown func(code string) bool
}

// Add makes a person a duty lawyer. Who may, is decided by the caller's verb
// (administrators, and the demonstration).
func (s *Service) Add(ctx context.Context, actor who.Actor, n New) error {
	n, err := n.check()
	if err != nil {
		return err
	}
	sealed := map[string]seal.Sealed{}
	p := Profile{ID: n.Person, Org: n.Org, Path: n.Path, Rev: 1, Nickname: n.Nickname, Firm: n.Firm, Areas: n.Areas,
		Regions: n.Regions, Languages: n.Languages, Status: n.Status}
	for field, v := range map[string]string{"name": n.Name, "phone": n.Phone} {
		if v == "" {
			continue
		}
		if sealed[field], err = s.Keys.Seal(ctx, n.Org, n.Key, v); err != nil {
			return fmt.Errorf("seal a lawyer's %s: %w", field, err)
		}
	}
	p.Name, p.Phone = sealed["name"].ID, sealed["phone"].ID
	return s.DB.Do(ctx, actor, func(tx *db.Tx) error {
		p.StatusAt, p.CreatedAt = tx.Now(), tx.Now()
		if err := insert(tx, p); err != nil {
			return err
		}
		return journal.Write(tx, journal.Entry{Org: p.Org, Root: p.ID, Subject: subject(p.ID), Rev: 1, Event: Added{Status: p.Status}, Sealed: sealed})
	})
}

// SetStatus is the lawyer's own word whether he takes orders now.
func (s *Service) SetStatus(ctx context.Context, actor who.Actor, status Status) error {
	if err := s.Rules.Need(actor, "lawyer.status", access.Object{}); err != nil {
		return err
	}
	if !status.Valid() {
		return fault.Bad(fault.At("status", "fault.field_choice"))
	}
	return s.DB.Do(ctx, actor, func(tx *db.Tx) error {
		p, err := load(tx, actor.Person)
		if err != nil || p.Status == status {
			return err
		}
		return change(tx, p, status)
	})
}

func change(tx *db.Tx, p Profile, to Status) error {
	if err := setStatus(tx, p.ID, p.Rev, to, tx.Now()); err != nil {
		return err
	}
	return journal.Write(tx, journal.Entry{Org: p.Org, Root: p.ID, Subject: subject(p.ID), Rev: p.Rev + 1,
		Event: StatusChanged{From: p.Status, To: to}})
}

// StatusOf is a lawyer's status, "" for who is none.
func StatusOf(tx *db.Tx, person id.ID) (string, error) {
	p, err := load(tx, person)
	if fault.Is(err, fault.Absent) {
		return "", nil
	}
	return string(p.Status), err
}

// Seen is a lawyer as the operator's list shows him.
type Seen struct {
	Profile
	Name string // opened; empty when erased
}

// List gives the lawyers that the actor may see: those of his organisation and
// below, by nickname, at most 1,000.
func (s *Service) List(ctx context.Context, actor who.Actor) ([]Seen, error) {
	cond, args, err := s.Rules.List(actor, "lawyer.list", access.Columns{OrgPath: "path"})
	if err != nil {
		return nil, err
	}
	var seen []Seen
	err = s.DB.View(ctx, actor, func(tx *db.Tx) error {
		list, err := query(tx, `WHERE `+cond+` ORDER BY nickname, id LIMIT 1000`, args...)
		if err != nil {
			return err
		}
		names, err := s.names(ctx, tx, list)
		seen = make([]Seen, len(list))
		for i, p := range list {
			seen[i] = Seen{p, names[p.Name]}
		}
		return err
	})
	return seen, err
}

// Card is what everybody may know of the lawyer of his order.
type Card struct {
	ID             id.ID
	Name           string // empty when erased
	Nickname, Firm string
}

// Cards gives the cards of lawyers by ID; who is not there is not in the map.
func (s *Service) Cards(ctx context.Context, tx *db.Tx, lawyers ...id.ID) (map[id.ID]Card, error) {
	list, names, err := cards(tx, lawyers)
	if err != nil {
		return nil, fmt.Errorf("read lawyers' cards: %w", err)
	}
	texts, err := s.Keys.Open(ctx, names...)
	if err != nil {
		return nil, fmt.Errorf("read lawyers' names: %w", err)
	}
	out := make(map[id.ID]Card, len(list))
	for i, c := range list {
		c.Name = texts[names[i].ID].Plain
		out[c.ID] = c
	}
	return out, nil
}

// CardOf is the card of a lawyer whom Match has just found.
func (s *Service) CardOf(ctx context.Context, c Candidate) (Card, error) {
	texts, err := s.Keys.Open(ctx, c.name)
	if err != nil {
		return Card{}, fmt.Errorf("read a lawyer's name: %w", err)
	}
	c.card.ID, c.card.Name = c.ID, texts[c.name.ID].Plain
	return c.card, nil
}

func (s *Service) names(ctx context.Context, tx *db.Tx, list []Profile) (map[id.ID]string, error) {
	ids := make([]id.ID, len(list))
	for i, p := range list {
		ids[i] = p.Name
	}
	texts, err := s.Keys.Read(ctx, tx, ids...)
	if err != nil {
		return nil, fmt.Errorf("read lawyers' names: %w", err)
	}
	names := map[id.ID]string{}
	for i, t := range texts {
		names[i] = t.Plain
	}
	return names, nil
}

// Taken counts an order into a lawyer's load, in the transaction that gave it
// to him.
func Taken(tx *db.Tx, lawyer id.ID) error {
	return one(tx, "fault.conflict", `UPDATE lawyer_profile SET load = load + 1, served_at = ? WHERE id = ?`, tx.Now().UnixMilli(), lawyer.String())
}

// Freed counts an order out again: answered, passed on, closed or excluded.
func Freed(tx *db.Tx, lawyer id.ID) error {
	return one(tx, "fault.conflict", `UPDATE lawyer_profile SET load = load - 1 WHERE id = ? AND load > 0`, lawyer.String())
}

// Handed counts an order out of one lawyer's load (Nil: nobody had it) and into
// another's. It takes the two rows in the order of their IDs, so that orders
// that change hands crosswise at once do not wait for each other in a ring.
func Handed(tx *db.Tx, from, to id.ID) error {
	if from == id.Nil {
		return Taken(tx, to)
	}
	first, then := func() error { return Freed(tx, from) }, func() error { return Taken(tx, to) }
	if bytes.Compare(to[:], from[:]) < 0 {
		first, then = then, first
	}
	if err := first(); err != nil {
		return err
	}
	return then()
}

// Rated adds an asker's rating (T7): points 1 to 5, satisfied from 4.
func Rated(tx *db.Tx, lawyer id.ID, points int, satisfied bool) error {
	n := 0
	if satisfied {
		n = 1
	}
	return one(tx, "fault.conflict", `UPDATE lawyer_profile SET rated = rated + 1, satisfied = satisfied + ?, points = points + ?,
		poor = CASE WHEN rated + 1 >= 5 AND (satisfied + ?) * 100 < (rated + 1) * 95 THEN 1 ELSE 0 END WHERE id = ?`,
		n, points, n, lawyer.String())
}

// Erase takes what is written in the clear of an erased person off his row and
// sends him away; his sealed name and phone went with his key.
func Erase(tx *db.Tx, person id.ID) error {
	p, err := load(tx, person)
	if fault.Is(err, fault.Absent) {
		return nil
	}
	if err != nil {
		return err
	}
	if p.Status != Away {
		if err := change(tx, p, Away); err != nil {
			return err
		}
	}
	return one(tx, "fault.conflict", `UPDATE lawyer_profile SET nickname = '' WHERE id = ?`, person.String())
}

// Export gives what the room holds about a person.
func (s *Service) Export(ctx context.Context, person id.ID) (out any, err error) {
	err = s.DB.View(ctx, who.Actor{Person: person}, func(tx *db.Tx) error {
		p, err := load(tx, person)
		if fault.Is(err, fault.Absent) {
			return nil
		}
		out = p
		return err
	})
	return out, err
}

// Erase takes what is written in the clear off a person's row.
func (*Service) Erase(tx *db.Tx, person id.ID) error { return Erase(tx, person) }

// subject is what facts of a profile are about: the profile, not the person,
// whose own facts are identity's.
func subject(person id.ID) id.ID {
	h := sha256.Sum256(append([]byte("lawyer profile "), person[:]...))
	var s id.ID
	copy(s[:], h[:])
	s[6], s[8] = s[6]&0x0f|0x80, s[8]&0x3f|0x80 // version 8: made by us
	return s
}
