package identity

import (
	"context"
	"fmt"
	"slices"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/fail"
	"mingfa/internal/base/due"
	"mingfa/internal/base/element"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/who"
)

// Erasure (删除个人信息) has three steps.
//
//	1 one transaction: the person is marked, what leads to him is deleted, each
//	  Holder does the same, a fact says that it was decided, and a due row
//	  promises the rest;
//	2 his key is destroyed with all below it: nothing he said can be read, in
//	  whatever copy of the data;
//	3 one transaction: a fact says that it is done, the promise is cancelled.
//
// After step 1 nothing can stop it: the due row goes on where a crash ended it,
// and each step may be done again. Rows and facts stay, with random IDs and
// commitments that nobody can open, so figures and proofs stand.

// EraseReason is why a person is erased.
type EraseReason string

// The reasons.
const (
	OnRequest  EraseReason = "request"     // he asked for it (PIPL, Article 47)
	ByCourt    EraseReason = "court_order" // a court or authority ordered it
	Retention  EraseReason = "retention"   // the time for keeping it is over
	ByMistake  EraseReason = "mistake"     // the account should not have been made
	OtherCause EraseReason = "other"

	// afterRestore is nobody's to choose: he was erased after a backup was made
	// that has now been put back.
	afterRestore EraseReason = "restore"
)

// EraseReasons are all of them.
var EraseReasons = []EraseReason{OnRequest, ByCourt, Retention, ByMistake, OtherCause}

const (
	dueErase   = "identity.erase"
	eraseName  = "erase"
	eraseAgain = 5 * time.Minute // when step 2 has not been heard of
)

// Erase erases a person. Administrators of his organisation may. When it returns
// nil the erasure is decided and will be finished; in all but an accident it is
// finished already. Asking again does no harm.
func (s *Service) Erase(ctx context.Context, actor who.Actor, i id.ID, reason EraseReason) error {
	if !slices.Contains(EraseReasons, reason) {
		return fault.Bad(fault.At("reason", "fault.field_choice"))
	}
	p, err := s.decideErase(ctx, actor, i, reason)
	if err != nil {
		return err
	}
	fail.Point("identity.erase.middle")
	if err := s.finishErase(context.WithoutCancel(ctx), p); err != nil {
		s.log().Error("an erasure is not finished; it is tried again", "person", p.ID, "error", err)
	}
	return nil
}

// decideErase is step 1.
func (s *Service) decideErase(ctx context.Context, actor who.Actor, i id.ID, reason EraseReason) (p person, err error) {
	err = s.DB.Do(ctx, actor, func(tx *db.Tx) error {
		p, err = lockPerson(tx, i)
		if err != nil {
			return err
		}
		path, err := s.PathOf(tx, p.Org)
		if err != nil {
			return err
		}
		if err := s.need(actor, "person.erase", path); err != nil {
			return err
		}
		if !p.ErasedAt.IsZero() {
			return nil
		}
		return s.mark(tx, &p, reason)
	})
	return p, err
}

// mark takes out of the rows what leads to the person.
func (s *Service) mark(tx *db.Tx, p *person, reason EraseReason) error {
	for _, q := range []struct{ query, arg string }{
		{"DELETE FROM identity_code WHERE phone_index = ?", p.PhoneIndex},
		{"DELETE FROM identity_attempt WHERE user_index = ?", p.UserIndex},
		{"DELETE FROM identity_session WHERE person = ?", p.ID.String()},
		{"UPDATE identity_element SET name_index = NULL, licence_index = NULL WHERE id = ?", p.ID.String()},
	} {
		if _, err := tx.Exec(q.query, q.arg); err != nil {
			return fmt.Errorf("erase a person: %w", err)
		}
	}
	phone := p.PhoneIndex
	p.PhoneIndex, p.UserIndex, p.Password, p.TOTP, p.TOTPStep = "", "", "", "", 0
	p.ErasedAt = db.At(tx.Now())
	p.Rev++
	if _, err := tx.NewUpdate().Model(p).WherePK().Exec(tx.Ctx()); err != nil {
		return fmt.Errorf("erase a person: %w", err)
	}
	for _, h := range s.Holders {
		err := h.Erase(tx, p.ID)
		if x, ok := h.(PhoneHolder); ok && err == nil && phone != "" {
			err = x.ErasePhone(tx, phone)
		}
		if err != nil {
			return fmt.Errorf("erase a person: %w", err)
		}
	}
	err := journal.Write(tx, journal.Entry{Org: p.Org, Root: p.ID, Subject: p.ID, Rev: p.Rev, Event: Erasing{}, Reason: string(reason)})
	if err != nil {
		return err
	}
	return promise(tx, *p, time.Minute)
}

func promise(tx *db.Tx, p person, in time.Duration) error {
	return due.Set(tx, due.Row{Org: p.Org, Subject: p.ID, Name: eraseName, Kind: dueErase, At: tx.Now().Add(in), Rule: "retry", Anchor: p.ErasedAt.Time})
}

// finishErase is steps 2 and 3.
func (s *Service) finishErase(ctx context.Context, p person) error {
	if !p.GoneAt.IsZero() {
		return nil
	}
	if err := s.Keys.Destroy(ctx, p.Key); err != nil {
		return err
	}
	return s.DB.Do(ctx, system.For(p.Org), func(tx *db.Tx) error {
		p, err := lockPerson(tx, p.ID)
		if err != nil || !p.GoneAt.IsZero() {
			return err
		}
		p.GoneAt, p.Rev = db.At(tx.Now()), p.Rev+1
		if _, err := tx.NewUpdate().Model(&p).Column("gone_at", "rev").WherePK().Exec(tx.Ctx()); err != nil {
			return err
		}
		if err := p.write(tx, Erased{}, nil); err != nil {
			return err
		}
		return due.Cancel(tx, p.ID, eraseName)
	})
}

// Wire gives the due runner the handler that finishes erasures.
func (s *Service) Wire(r *due.Runner) { r.Handle(dueErase, s.resume) }

// resume promises again and goes on after the commit: destroying keys is no work
// for inside a transaction.
func (s *Service) resume(tx *db.Tx, f due.Fired) error {
	p, err := lockPerson(tx, f.Subject)
	if err != nil || p.ErasedAt.IsZero() || !p.GoneAt.IsZero() {
		return unlessAbsent(err)
	}
	tx.After(func() {
		if err := s.finishErase(context.Background(), p); err != nil {
			s.log().Error("an erasure is not finished; it is tried again", "person", p.ID, "error", err)
		}
	})
	return promise(tx, p, eraseAgain)
}

// EraseAgain erases anew whom a restored backup has brought back: his key is
// destroyed, so he was erased after the backup was made, but the old rows still
// lead to him. mingfa restore calls it before anybody is served. It tells how
// many there were.
func (s *Service) EraseAgain(ctx context.Context) (n int, err error) {
	for after := id.Nil; ; {
		var page []person
		err := s.DB.View(ctx, system, func(tx *db.Tx) error {
			return tx.NewSelect().Model(&page).Column("id", "key").Where("gone_at IS NULL AND id > ?", after).Order("id").Limit(500).Scan(tx.Ctx())
		})
		if err != nil || len(page) == 0 {
			return n, err
		}
		for _, p := range page {
			exists, err := s.Keys.Exists(ctx, p.Key)
			if err != nil {
				return n, err
			}
			if exists {
				continue
			}
			if err := s.eraseAgain(ctx, p.ID); err != nil {
				return n, fmt.Errorf("erase person %s again: %w", p.ID, err)
			}
			n++
		}
		after = page[len(page)-1].ID
	}
}

func (s *Service) eraseAgain(ctx context.Context, i id.ID) error {
	var p person
	err := s.DB.Do(ctx, system, func(tx *db.Tx) (err error) {
		if p, err = lockPerson(tx, i); err != nil || !p.ErasedAt.IsZero() {
			return err
		}
		return s.mark(tx, &p, afterRestore)
	})
	if err != nil {
		return err
	}
	return s.finishErase(ctx, p)
}

// Exported is what is known of a person, in this room and in those that hold
// rows about him.
type Exported struct {
	ID       id.ID       `json:"id"`
	Kind     string      `json:"kind"`
	Name     string      `json:"name,omitempty"`
	Phone    string      `json:"phone,omitempty"`
	Language string      `json:"language"`
	Roles    []who.Role  `json:"roles"`
	MadeAt   time.Time   `json:"made_at"`
	Elements element.Row `json:"elements,omitempty"`
	Rooms    []any       `json:"rooms,omitempty"`
}

// Export gives the actor all that is known of him.
func (s *Service) Export(ctx context.Context, actor who.Actor) (out Exported, err error) {
	var p person
	err = s.DB.View(ctx, actor, func(tx *db.Tx) error {
		if p, err = loadPerson(tx, actor.Person); err != nil {
			return err
		}
		texts, err := s.Keys.Read(ctx, tx, p.NameText, p.PhoneText)
		out = Exported{ID: p.ID, Kind: string(p.Kind), Name: texts[p.NameText].Plain, Phone: texts[p.PhoneText].Plain,
			Language: string(p.Language), Roles: p.roles(), MadeAt: p.MadeAt.Time}
		if err != nil {
			return err
		}
		elements, err := s.Elements(ctx, tx, p.ID)
		out.Elements = elements[p.ID]
		return err
	})
	if err != nil {
		return Exported{}, err
	}
	for _, h := range s.Holders {
		room, err := h.Export(ctx, p.ID)
		if err != nil {
			return Exported{}, fmt.Errorf("export a person: %w", err)
		}
		out.Rooms = append(out.Rooms, room)
	}
	return out, nil
}
