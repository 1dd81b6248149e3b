package consult

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/text"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
	"mingfa/internal/core/identity"
)

// A saved reply (常用语) is text that is written once and put in often: on the desk
// by typing "/". Where it carries a judgement, a basis or advice too it is a macro:
// it fills these in as well. Whatever is put in is the lawyer's own text and counts
// as such (T8): he sends it, not the program; the rules of an answer stay.
//
// A lawyer's own are sealed under his own key: they are his writing, may hold more of
// a case than they should, and go when he is erased. Those of an organisation are
// made by its operations or administrators, are seen by all below it, and are sealed
// under the organisation's key. Placeholders like {name} are put in by the page; here
// they are text.

// The limits of saved replies, in characters and items.
const (
	MaxSavedTitle   = 64
	MaxSavedKeyword = 32
	MaxSavedOwn     = 200 // of one lawyer
	MaxSavedShared  = 500 // of one organisation
)

// SavedText is what a saved reply says.
type SavedText struct {
	Title     string   `json:"title"`
	Keyword   string   `json:"keyword,omitempty" doc:"Another word by which it is found"`
	Text      string   `json:"text"`
	Judgement string   `json:"judgement,omitempty"`
	Basis     []Basis  `json:"basis,omitempty"`
	Advice    []string `json:"advice,omitempty"`
}

// Clean gives it as it will be stored, or names every field that can't be taken.
// Something must be there to put in.
func (t SavedText) Clean() (SavedText, error) {
	var bad []fault.Field
	take := func(check func(string, string, int) (string, []fault.Field), path string, s *string, limit int) {
		got, more := check(path, *s, limit)
		*s, bad = got, append(bad, more...)
	}
	take(needed, "title", &t.Title, MaxSavedTitle)
	take(optional, "keyword", &t.Keyword, MaxSavedKeyword)
	take(optional, "text", &t.Text, MaxText)
	take(optional, "judgement", &t.Judgement, MaxJudgement)
	t.Basis, t.Advice = append([]Basis(nil), t.Basis...), append([]string(nil), t.Advice...)
	if len(t.Basis) > maxItems {
		bad = append(bad, fault.At("basis", "fault.too_many_items").With("max", maxItems))
	}
	if len(t.Advice) > maxItems {
		bad = append(bad, fault.At("advice", "fault.too_many_items").With("max", maxItems))
	}
	if bad == nil {
		for i := range t.Basis {
			take(needed, "basis", &t.Basis[i].Law, MaxLaw)
			take(needed, "basis", &t.Basis[i].Article, MaxArticle)
		}
		for i := range t.Advice {
			take(needed, "advice", &t.Advice[i], MaxAdvice)
		}
	}
	if bad == nil && text.Blank(t.Text) && text.Blank(t.Judgement) && len(t.Basis) == 0 && len(t.Advice) == 0 {
		bad = append(bad, fault.At("text", "fault.field_required"))
	}
	if bad != nil {
		return SavedText{}, fault.Bad(bad...)
	}
	return t, nil
}

// SavedReply is a saved reply as its readers see it.
type SavedReply struct {
	ID     id.ID
	Rev    int64
	Shared bool // the organisation's
	Mine   bool // the actor may change it
	At     time.Time
	SavedText
}

func (r *Saved) object() access.Object { return access.Object{Org: r.Path, Owner: r.Owner} }

// verb is the right that changing it needs.
func (r *Saved) verb() string {
	if r.Owner == id.Nil {
		return "saved.share"
	}
	return "saved.own"
}

// SaveReply makes a saved reply: the lawyer's own, or a shared one of the actor's
// organisation. The same ID again by the same person gives the one that is there.
func (s *Service) SaveReply(ctx context.Context, a who.Actor, saved id.ID, shared bool, t SavedText) (*SavedReply, error) {
	r := &Saved{ID: saved, Org: a.Org, Path: a.Scope, Owner: a.Person, By: a.Person}
	if shared {
		r.Owner = id.Nil
	}
	if err := s.Rules.Need(a, r.verb(), r.object()); err != nil {
		return nil, err
	}
	if saved == id.Nil {
		return nil, fault.Bad(fault.At("id", "fault.id"))
	}
	t, err := t.Clean()
	if err != nil {
		return nil, err
	}
	sealed, err := s.sealSaved(ctx, a, r, t)
	if err != nil {
		return nil, err
	}
	err = s.DB.Do(ctx, a, func(tx *db.Tx) error {
		before, err := loadSaved(tx, saved, false)
		if err == nil {
			if before.By != a.Person || before.Owner != r.Owner || before.Removed {
				return fault.New(fault.Conflict, "fault.conflict")
			}
			r = before
			return nil
		}
		if !fault.Is(err, fault.Absent) {
			return err
		}
		if err := notTooManySaved(tx, r); err != nil {
			return err
		}
		r.Rev, r.Words, r.At = 1, sealed[savedWords].ID, db.At(tx.Now())
		if err := insert(tx, r); err != nil {
			return err
		}
		return r.write(tx, SavedFact{Shared: shared}, sealed)
	})
	if err != nil {
		return nil, err
	}
	return s.savedReply(ctx, a, r.ID)
}

// savedWords names the sealed words of a saved reply in its fact.
const savedWords = "saved"

func notTooManySaved(tx *db.Tx, r *Saved) error {
	most := int64(MaxSavedOwn)
	if r.Owner == id.Nil {
		most = MaxSavedShared
	}
	n, err := countSaved(tx, r.Owner, r.Org)
	if err == nil && n >= most {
		err = wrong("consult.too_many_saved")
	}
	return err
}

// ChangeSaved gives a saved reply other words. A rev of 0 means any.
func (s *Service) ChangeSaved(ctx context.Context, a who.Actor, saved id.ID, rev int64, t SavedText) (*SavedReply, error) {
	r, err := s.mySaved(ctx, a, saved)
	if err != nil {
		return nil, err
	}
	if t, err = t.Clean(); err != nil {
		return nil, err
	}
	sealed, err := s.sealSaved(ctx, a, r, t)
	if err != nil {
		return nil, err
	}
	err = s.changeSaved(ctx, a, saved, rev, func(r *Saved) journal.Event {
		r.Words = sealed[savedWords].ID
		return SavedFact{Shared: r.Owner == id.Nil}
	}, sealed)
	if err != nil {
		return nil, err
	}
	return s.savedReply(ctx, a, saved)
}

// RemoveSaved takes a saved reply away. Answers in which it was used keep their text.
func (s *Service) RemoveSaved(ctx context.Context, a who.Actor, saved id.ID, rev int64) error {
	return s.changeSaved(ctx, a, saved, rev, func(r *Saved) journal.Event {
		r.Removed = true
		return SavedRemovedFact{Shared: r.Owner == id.Nil}
	}, nil)
}

// changeSaved locks a saved reply that is there, asks for the right, lets fn change it.
func (s *Service) changeSaved(ctx context.Context, a who.Actor, saved id.ID, rev int64, fn func(*Saved) journal.Event, sealed map[string]seal.Sealed) error {
	return s.DB.Do(ctx, a, func(tx *db.Tx) error {
		r, err := loadSaved(tx, saved, true)
		if err != nil {
			return err
		}
		if err := s.needSaved(a, r); err != nil {
			return err
		}
		if rev != 0 && rev != r.Rev {
			return fault.New(fault.Conflict, "fault.stale")
		}
		e := fn(r)
		r.By, r.At = a.Person, db.At(tx.Now())
		if err := saveSaved(tx, r); err != nil {
			return err
		}
		return r.write(tx, e, sealed)
	})
}

// needSaved asks for the right to change it; one that was removed is absent.
func (s *Service) needSaved(a who.Actor, r *Saved) error {
	if err := s.Rules.Need(a, r.verb(), r.object()); err != nil {
		return err
	}
	if r.Removed {
		return fault.NotThere()
	}
	return nil
}

func (r *Saved) write(tx *db.Tx, e journal.Event, sealed map[string]seal.Sealed) error {
	return journal.Write(tx, journal.Entry{Org: r.Org, Root: r.ID, Subject: r.ID, Rev: r.Rev, Event: e, Sealed: sealed})
}

// mySaved reads one that the actor may change.
func (s *Service) mySaved(ctx context.Context, a who.Actor, saved id.ID) (r *Saved, err error) {
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		if r, err = loadSaved(tx, saved, false); err != nil {
			return err
		}
		return s.needSaved(a, r)
	})
	return r, err
}

// sealSaved seals the words under the key of whom they belong to.
func (s *Service) sealSaved(ctx context.Context, a who.Actor, r *Saved, t SavedText) (map[string]seal.Sealed, error) {
	var key id.ID
	err := s.DB.View(ctx, a, func(tx *db.Tx) error {
		if r.Owner != id.Nil {
			var err error
			key, err = s.People.KeyOf(tx, r.Owner)
			if errors.Is(err, identity.ErrGone) {
				err = fault.NotThere()
			}
			return err
		}
		org, err := s.People.OrgByID(tx, r.Org)
		key = org.Key
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.sealAll(ctx, r.Org, key, map[string]string{savedWords: asJSON(t)})
}

// SavedReplies lists what the actor can put in: his own, and those of his
// organisation and of the ones above it, in the order of their IDs.
func (s *Service) SavedReplies(ctx context.Context, a who.Actor, cursor id.ID, limit int64) (out []SavedReply, err error) {
	if err := s.Rules.Need(a, "saved.use", access.Object{}); err != nil {
		return nil, err
	}
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		rows, err := savedFor(tx, a.Person, a.Scope, cursor, limit)
		if err != nil {
			return fmt.Errorf("list saved replies: %w", err)
		}
		out, err = s.openSaved(ctx, tx, a, rows)
		return err
	})
	return out, err
}

func (s *Service) savedReply(ctx context.Context, a who.Actor, saved id.ID) (out *SavedReply, err error) {
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		r, err := loadSaved(tx, saved, false)
		if err != nil {
			return err
		}
		all, err := s.openSaved(ctx, tx, a, []Saved{*r})
		if err == nil {
			out = &all[0]
		}
		return err
	})
	return out, err
}

func (s *Service) openSaved(ctx context.Context, tx *db.Tx, a who.Actor, rows []Saved) ([]SavedReply, error) {
	words := make([]id.ID, len(rows))
	for i, r := range rows {
		words[i] = r.Words
	}
	texts, err := s.Keys.Read(ctx, tx, words...)
	if err != nil {
		return nil, err
	}
	out := make([]SavedReply, 0, len(rows))
	for _, r := range rows {
		x := SavedReply{ID: r.ID, Rev: r.Rev, Shared: r.Owner == id.Nil, Mine: s.Rules.May(a, r.verb(), r.object()), At: r.At.Time}
		if !texts[r.Words].Erased {
			if err := json.Unmarshal([]byte(texts[r.Words].Plain), &x.SavedText); err != nil {
				return nil, fmt.Errorf("read saved reply %s: %w", r.ID, err)
			}
		}
		out = append(out, x)
	}
	return out, nil
}
