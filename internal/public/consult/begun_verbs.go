package consult

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/setting"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
	"mingfa/internal/core/identity"
)

// BegunSeen is a begun question as its writer finds it.
type BegunSeen struct {
	Order     id.ID
	Rev       int64
	KeptAt    time.Time
	ExpiresAt time.Time
	Begun
	Place []identity.Region        // the region with those above it
	Files map[id.ID]*attachmentRow // those of its attachments that are here
}

func (r *begunRow) seen() BegunSeen {
	return BegunSeen{Order: r.Order, Rev: r.Rev, KeptAt: r.KeptAt.Time, ExpiresAt: r.ExpiresAt.Time}
}

// Keep stores what the actor has typed of the question that will be this order. rev is
// the version that he went on from, 0 for the first one; a newer one is a conflict, and
// so is a question that was asked meanwhile ("consult.draft_sent"). The answer has the
// new version without the words.
func (s *Service) Keep(ctx context.Context, a who.Actor, order id.ID, rev int64, b Begun) (out BegunSeen, err error) {
	if err := s.Rules.Need(a, "order.ask", access.Object{Owner: a.Person}); err != nil {
		return out, err
	}
	if order == id.Nil {
		return out, fault.Bad(fault.At("id", "fault.id"))
	}
	row := begunRow{ID: begunID(a.Person, order), Org: a.Org, Citizen: a.Person, Order: order}
	key, days, before, err := s.beforeKeeping(ctx, a, row.ID, &b)
	if err != nil {
		return out, goneIs404(err)
	}
	if before != nil { // a repeat
		return before.seen(), nil
	}
	if row.Box, err = s.Keys.SealBytes(ctx, key, row.boxName(), []byte(asJSON(b))); err != nil {
		return out, goneIs404(err)
	}
	err = s.DB.Do(ctx, a, func(tx *db.Tx) error {
		now := row // the closure may run again
		if err := s.keepBegun(tx, &now, rev, days); err != nil {
			return err
		}
		out = now.seen()
		return nil
	})
	if f, ok := errors.AsType[*fault.Fault](err); ok && f.Key == "fault.conflict" {
		err = fault.Wrap(fault.Conflict, "fault.stale", err) // another device was first, a moment ago
	}
	return out, err
}

// goneIs404 answers a person who is being erased as if there were none.
func goneIs404(err error) error {
	if errors.Is(err, identity.ErrGone) || errors.Is(err, seal.ErrErased) {
		return fault.NotThere()
	}
	return err
}

// beforeKeeping cleans what was typed, and finds the citizen's key, for how many days
// it is kept, and the row where that says the same already.
func (s *Service) beforeKeeping(ctx context.Context, a who.Actor, row id.ID, b *Begun) (key id.ID, days int, same *begunRow, err error) {
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		if *b, err = b.Clean(func(region string) bool {
			ok, err := s.People.RegionKnown(tx, region)
			return ok && err == nil
		}); err != nil {
			return err
		}
		if key, err = s.People.KeyOf(tx, a.Person); err != nil {
			return err
		}
		if days, err = s.draftDays(tx, a, b.Region); err != nil {
			return err
		}
		there, err := db.Load[begunRow](tx, row)
		if fault.Is(err, fault.Absent) || err == nil && there.over(tx.Now()) {
			return nil
		}
		if err != nil {
			return err
		}
		kept, err := s.openBegun(ctx, key, there)
		if err == nil && asJSON(kept) == asJSON(*b) {
			same = there
		}
		return err
	})
	return key, days, same, err
}

// draftDays is what the organisation has set that would answer, or that of the account
// while no place was chosen.
func (s *Service) draftDays(tx *db.Tx, a who.Actor, region string) (int, error) {
	path := a.Scope
	if region != "" {
		org, err := s.People.OrgForRegion(tx, region)
		if err != nil {
			return 0, err
		}
		path = org.Path
	}
	return setting.Get(tx, keepDays, path, tx.Now())
}

// keepBegun writes the row, a new one or the next version.
func (s *Service) keepBegun(tx *db.Tx, row *begunRow, rev int64, days int) error {
	o, err := load(tx, row.Order)
	if err == nil && o.Citizen == row.Citizen {
		return wrong("consult.draft_sent")
	}
	if err != nil && !fault.Is(err, fault.Absent) {
		return err
	}
	there, err := db.LoadLocked[begunRow](tx, row.ID)
	if err != nil && !fault.Is(err, fault.Absent) {
		return err
	}
	if there != nil && there.over(tx.Now()) { // its row is about to be fired
		if err := s.throwAway(tx, there); err != nil {
			return err
		}
		there = nil
	}
	if err := there.next(rev); err != nil {
		return err
	}
	row.Rev, row.MadeAt, row.KeptAt, row.ExpiresAt = 1, db.At(tx.Now()), db.At(tx.Now()), db.At(tx.Now().AddDate(0, 0, days))
	if there != nil {
		row.Rev, row.MadeAt = there.Rev, there.MadeAt
		err = tx.Save(row, &row.Rev)
	} else if err = notTooManyBegun(tx, row.Citizen); err == nil {
		err = insert(tx, row)
	}
	if err != nil {
		return err
	}
	return due.Set(tx, due.Row{Org: row.Org, Subject: row.ID, Name: "begun", Kind: dueBegun, At: row.ExpiresAt.Time, Rule: fmt.Sprintf("%dd", days), Anchor: tx.Now()})
}

func notTooManyBegun(tx *db.Tx, citizen id.ID) error {
	n, err := countBegun(tx, citizen)
	if err == nil && n >= MaxBegun {
		err = fault.New(fault.Conflict, "consult.drafts_full").With("max", MaxBegun)
	}
	return err
}

// openBegun reads the words of a row under its citizen's key.
func (s *Service) openBegun(ctx context.Context, key id.ID, row *begunRow) (b Begun, err error) {
	plain, err := s.Keys.OpenBytes(ctx, key, row.boxName(), row.Box)
	if err != nil {
		return b, fmt.Errorf("read begun question %s: %w", row.ID, err)
	}
	if json.Unmarshal(plain, &b) != nil {
		return b, fmt.Errorf("read begun question %s: it is no such JSON", row.ID) // without what it says
	}
	return b, nil
}

// BegunQuestions lists what the actor has begun and not sent, the latest first.
func (s *Service) BegunQuestions(ctx context.Context, a who.Actor, language string) (out []BegunSeen, err error) {
	if err := s.Rules.Need(a, "order.ask", access.Object{Owner: a.Person}); err != nil {
		return nil, err
	}
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		out, err = s.begunOf(ctx, tx, a, language)
		return err
	})
	return out, goneIs404(err)
}

func (s *Service) begunOf(ctx context.Context, tx *db.Tx, a who.Actor, language string) (out []BegunSeen, err error) {
	rows, err := openBegunRows(tx, a.Person)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	key, err := s.People.KeyOf(tx, a.Person)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		x := rows[i].seen()
		if x.Begun, err = s.openBegun(ctx, key, &rows[i]); err != nil {
			return nil, err
		}
		if x.Place, err = s.People.RegionPath(tx, x.Region, language); err != nil {
			return nil, err
		}
		if x.Files, err = begunFiles(tx, a, x); err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	slices.SortFunc(out, newest)
	return out, nil
}

// begunFiles finds those of its files that were uploaded and can still be sent.
func begunFiles(tx *db.Tx, a who.Actor, x BegunSeen) (map[id.ID]*attachmentRow, error) {
	if len(x.Attachments) == 0 {
		return nil, nil
	}
	ids := make([]id.ID, len(x.Attachments))
	for i, f := range x.Attachments {
		ids[i] = f.ID
	}
	files, err := attachmentsByID(tx, ids)
	for i, f := range files {
		if f.Author != a.Person || f.Order != x.Order || f.Place != Unsent {
			delete(files, i)
		}
	}
	return files, err
}

// ThrowAway removes a begun question with its files. A rev of 0 means any.
func (s *Service) ThrowAway(ctx context.Context, a who.Actor, order id.ID, rev int64) error {
	if err := s.Rules.Need(a, "order.ask", access.Object{Owner: a.Person}); err != nil {
		return err
	}
	return s.DB.Do(ctx, a, func(tx *db.Tx) error {
		row, err := db.LoadLocked[begunRow](tx, begunID(a.Person, order))
		if err != nil {
			return err
		}
		if row.over(tx.Now()) {
			return fault.NotThere()
		}
		if rev != 0 && rev != row.Rev {
			return fault.New(fault.Conflict, "fault.stale")
		}
		return s.throwAway(tx, row)
	})
}

// throwAway removes the row, the files that wait for it, and their due rows.
func (s *Service) throwAway(tx *db.Tx, row *begunRow) error {
	files, err := unsentFiles(tx, row.Citizen, row.Order)
	if err != nil {
		return err
	}
	for i := range files {
		if err := due.Cancel(tx, files[i].ID, "unsent"); err != nil {
			return err
		}
		if err := s.drop(tx, &files[i]); err != nil {
			return err
		}
	}
	return endBegun(tx, row.Citizen, row.Order)
}

// begunDue removes a begun question that nobody has touched for so long.
func (s *Service) begunDue(tx *db.Tx, f due.Fired) error {
	row, err := db.LoadLocked[begunRow](tx, f.Subject)
	if fault.Is(err, fault.Absent) {
		return nil
	}
	if err != nil {
		return err
	}
	if !row.over(tx.Now()) {
		f.Row.At = row.ExpiresAt.Time
		return due.Set(tx, f.Row)
	}
	return s.throwAway(tx, row)
}

// waitedFor tells whether a begun question still waits for a file.
func waitedFor(tx *db.Tx, row *attachmentRow) (bool, error) {
	b, err := db.Load[begunRow](tx, begunID(row.Author, row.Order))
	if fault.Is(err, fault.Absent) {
		return false, nil
	}
	return err == nil && !b.over(tx.Now()), err
}

// eraseBegun removes all of a person's.
func (s *Service) eraseBegun(tx *db.Tx, person id.ID) error {
	rows, err := begunRows(tx, person)
	if err != nil {
		return err
	}
	for i := range rows {
		if err := s.throwAway(tx, &rows[i]); err != nil {
			return err
		}
	}
	return nil
}
