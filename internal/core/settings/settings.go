// Package settings is where people look at what may be changed (设置) and change
// it: templates, code lists, thresholds, hours of reminders, the catalogue of the
// quality check, the calendar. The values themselves are base/setting's; each is
// defined, and checked, by the room that uses it.
//
// An organisation has its own value or inherits; a change has an instant from
// which it holds, a reason, and a version. Nothing is overwritten: going back is
// a new version with the old value, Inherit one that says "as above again". Who
// saw an older version than the newest gets a conflict.
//
// The reason is sealed under the person's key, who wrote it, and stands with the
// fact setting.changed.
//
// Requirements: B5.3e, B8.2.2.8 (strict validation of each value).
package settings

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/setting"
	"mingfa/internal/base/text"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
	"mingfa/internal/core/identity"
)

// Service has the verbs of the room.
type Service struct {
	DB     *db.DB
	Keys   *seal.Keys
	Rules  *access.Rules
	People *identity.Service
}

// maxReason bounds the reason of a change, in characters.
const maxReason = 500

// Shown is a setting as an organisation has it.
type Shown struct {
	setting.Any
	Now     setting.Value[json.RawMessage] // in force now
	SetBy   *identity.Org                  // nil: the default of the program
	Own     bool                           // set by the organisation itself
	Newest  int64                          // its own newest version, 0 for none
	History []Version                      // its own versions, newest first
	Below   []Below                        // who below has a value of its own
}

// Version is one version of an organisation's own value.
type Version struct {
	setting.Value[json.RawMessage]
	ByName  string // empty when erased
	Reason  seal.Text
	InForce bool
}

// Below is an organisation with a value of its own.
type Below struct {
	Org     identity.Org
	Version int64
}

// orgOf finds the organisation that is looked at: the actor's, or one below.
func (s *Service) orgOf(tx *db.Tx, a who.Actor, verb string, org id.ID) (o identity.Org, err error) {
	if org == id.Nil {
		org = a.Org
	}
	if o, err = s.People.OrgByID(tx, org); err != nil {
		return o, err
	}
	return o, s.Rules.Need(a, verb, access.Object{Org: o.Path})
}

// List shows all settings as an organisation has them (Nil: the actor's own).
func (s *Service) List(ctx context.Context, a who.Actor, org id.ID) (out []Shown, err error) {
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		o, err := s.orgOf(tx, a, "setting.see", org)
		if err != nil {
			return err
		}
		for _, k := range setting.All() {
			one, err := s.shown(tx, k, o)
			if err != nil {
				return err
			}
			out = append(out, one)
		}
		return nil
	})
	return out, err
}

func (s *Service) shown(tx *db.Tx, k setting.Any, o identity.Org) (x Shown, err error) {
	x = Shown{Any: k}
	if x.Now, err = k.Find(tx, o.Path, tx.Now()); err != nil {
		return x, err
	}
	if x.Now.Version > 0 {
		by, err := s.People.OrgByID(tx, x.Now.Org)
		if err != nil {
			return x, err
		}
		x.SetBy, x.Own = &by, by.ID == o.ID
	}
	all, err := k.History(tx, o.ID)
	for _, v := range all {
		x.History = append(x.History, Version{Value: v, InForce: x.Own && v.Version == x.Now.Version})
	}
	if len(all) > 0 {
		x.Newest = all[0].Version
	}
	return x, err
}

// See shows one setting with its history: who changed it, when and why.
func (s *Service) See(ctx context.Context, a who.Actor, name string, org id.ID) (x Shown, err error) {
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		o, err := s.orgOf(tx, a, "setting.see", org)
		if err != nil {
			return err
		}
		k, ok := setting.Named(name)
		if !ok {
			return fault.NotThere()
		}
		if x, err = s.shown(tx, k, o); err != nil {
			return err
		}
		if err := s.told(ctx, tx, o, &x); err != nil {
			return err
		}
		below, err := setting.Below(tx, name, o.Path, tx.Now())
		for _, b := range below {
			o, err := s.People.OrgByID(tx, b.Org)
			if err != nil {
				return err
			}
			x.Below = append(x.Below, Below{o, b.Version})
		}
		return err
	})
	return x, err
}

// told adds who made each version, and why.
func (s *Service) told(ctx context.Context, tx *db.Tx, o identity.Org, x *Shown) error {
	facts, err := journal.ByRoot(tx, o.ID, setting.Subject(o.ID, x.Name), 0, 1000)
	if err != nil {
		return err
	}
	why, ids, people := map[int64]id.ID{}, []id.ID{}, []id.ID{}
	for _, f := range facts {
		if c, ok := f.Sealed[setting.Reason]; ok {
			why[f.Rev], ids = c.ID, append(ids, c.ID)
		}
	}
	for _, v := range x.History {
		people = append(people, v.By)
	}
	texts, err := s.Keys.Read(ctx, tx, ids...)
	if err != nil {
		return err
	}
	names, err := s.People.Names(ctx, tx, people...)
	for i := range x.History {
		v := &x.History[i]
		v.ByName, v.Reason = names[v.By], texts[why[v.Version]]
	}
	return err
}

// Change is a new value, or a way back.
type Change struct {
	Org    id.ID           // Nil: the actor's own
	Seen   int64           // the newest version of the organisation's own that was seen
	Value  json.RawMessage // for Set
	To     int64           // for Revert: the version whose value is to hold again
	From   time.Time       // zero: now
	Reason string
}

// Set gives an organisation a new value.
func (s *Service) Set(ctx context.Context, a who.Actor, name string, c Change) error {
	return s.change(ctx, a, name, c, func(tx *db.Tx, k setting.Any, o setting.Owner, said map[string]seal.Sealed) error {
		return k.Set(tx, o, c.Value, c.From, said)
	})
}

// Inherit lets an organisation have what those above have.
func (s *Service) Inherit(ctx context.Context, a who.Actor, name string, c Change) error {
	return s.change(ctx, a, name, c, func(tx *db.Tx, k setting.Any, o setting.Owner, said map[string]seal.Sealed) error {
		return k.Clear(tx, o, c.From, said)
	})
}

// Revert gives an organisation the value of an older version of its own, as a new
// version. It is checked as any value: what was allowed once may not be any more.
func (s *Service) Revert(ctx context.Context, a who.Actor, name string, c Change) error {
	return s.change(ctx, a, name, c, func(tx *db.Tx, k setting.Any, o setting.Owner, said map[string]seal.Sealed) error {
		old, err := k.Exact(tx, o.Org, c.To)
		if err != nil {
			return err
		}
		if old.Cleared {
			return k.Clear(tx, o, c.From, said)
		}
		return k.Set(tx, o, old.Value, c.From, said)
	})
}

func (s *Service) change(ctx context.Context, a who.Actor, name string, c Change, do func(*db.Tx, setting.Any, setting.Owner, map[string]seal.Sealed) error) error {
	var k setting.Any
	var key id.ID
	err := s.DB.View(ctx, a, func(tx *db.Tx) error {
		o, err := s.orgOf(tx, a, "setting.set", c.Org)
		if err != nil {
			return err
		}
		c.Org = o.ID
		if k, err = named(name); err != nil {
			return err
		}
		key, err = s.People.KeyOf(tx, a.Person)
		return err
	})
	if err != nil {
		return err
	}
	reason, err := clean(c.Reason)
	if err != nil {
		return err
	}
	said, err := s.Keys.Seal(ctx, a.Org, key, reason)
	if err != nil {
		return fmt.Errorf("seal the reason of a change: %w", err)
	}
	return s.DB.Do(ctx, a, func(tx *db.Tx) error {
		o, err := s.orgOf(tx, a, "setting.set", c.Org)
		if err != nil {
			return err
		}
		all, err := k.History(tx, o.ID)
		if err != nil {
			return err
		}
		if len(all) == 0 && c.Seen != 0 || len(all) > 0 && c.Seen != all[0].Version {
			return fault.New(fault.Conflict, "fault.stale")
		}
		return do(tx, k, setting.Owner{Org: o.ID, Path: o.Path}, map[string]seal.Sealed{setting.Reason: said})
	})
}

func named(name string) (setting.Any, error) {
	k, ok := setting.Named(name)
	if !ok {
		return k, fault.NotThere()
	}
	return k, nil
}

func clean(reason string) (string, error) {
	r, err := text.Clean(reason)
	switch {
	case err != nil:
		return "", fault.Bad(fault.At("reason", "fault.text_refused"))
	case text.Blank(r):
		return "", fault.Bad(fault.At("reason", "fault.field_required"))
	case text.Length(r) > maxReason:
		return "", fault.Bad(fault.At("reason", "fault.too_long").With("max", maxReason))
	}
	return r, nil
}
