package consult

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"mingfa/internal/base/attach"
	"mingfa/internal/base/blob"
	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
	"mingfa/internal/core/identity"
)

// keepUnsent is how long a file waits to be sent.
const keepUnsent = 24 * time.Hour

// berth is where a file that is uploaded will lie.
type berth struct {
	org, key id.ID
	role     Role
	draft    bool // the order is still to come
}

// Upload stores a file for an order in which the actor may write, or for one that
// a citizen is about to ask. It is read to its end once, sealed as it comes, and
// held in memory nowhere; size is what its sender says of its length, -1 for
// nothing. The same ID again by the same person is answered as the first time,
// and the bytes are not read.
func (s *Service) Upload(ctx context.Context, a who.Actor, order, file id.ID, r io.Reader, size int64) (*attachmentRow, error) {
	at, before, err := s.berth(ctx, a, order, file)
	if before != nil || err != nil {
		return before, err
	}
	if size > attach.MaxFile { // no draft for it
		return nil, attach.TooLarge()
	}
	if at.draft && at.key == id.Nil {
		if at.key, err = s.beginDraft(ctx, a, order, at.org); err != nil {
			return nil, err
		}
	}
	seen, b, err := attach.Keep(ctx, s.Blobs, at.org, at.key, r, size)
	if err != nil {
		return nil, err
	}
	row := &attachmentRow{ID: file, Org: at.org, Order: order, Key: at.key, File: b.ID, Author: a.Person, Role: at.role,
		Kind: seen.Kind, Size: b.Size, Width: seen.Width, Height: seen.Height, Place: Unsent}
	return s.keep(ctx, a, row, b)
}

// berth finds where a file goes, or the file, if it was uploaded before. Whether
// there is an order of another person makes no difference: a citizen then begins
// one of his own, a lawyer hears that there is none.
func (s *Service) berth(ctx context.Context, a who.Actor, order, file id.ID) (at berth, before *attachmentRow, err error) {
	if order == id.Nil || file == id.Nil {
		return at, nil, fault.Bad(fault.At("id", "fault.id"))
	}
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		o, err := load(tx, order)
		if err != nil && !fault.Is(err, fault.Absent) {
			return err
		}
		switch {
		case err == nil && s.Rules.May(a, "order.attach", o.object()):
			at = berth{org: o.Org, key: o.Key, role: o.roleOf(a.Person)}
		case s.Rules.May(a, "order.ask", access.Object{Owner: a.Person}):
			if at, err = s.draftBerth(ctx, tx, a, order); err != nil {
				return err
			}
		case err == nil:
			return s.Rules.Need(a, "order.attach", o.object())
		default:
			return err
		}
		if before, err = uploadedBefore(tx, a, order, file); before != nil || err != nil {
			return err
		}
		count, err := countFiles(tx, order, a.Person)
		if err != nil {
			return err
		}
		return count.room(at.role)
	})
	return at, before, err
}

func (s *Service) draftBerth(ctx context.Context, tx *db.Tx, a who.Actor, order id.ID) (berth, error) {
	if _, err := s.People.Reach(ctx, tx, a.Person); errors.Is(err, identity.ErrGone) {
		return berth{}, fault.NotThere()
	} else if err != nil {
		return berth{}, err
	}
	d, err := draftOf(tx, a.Person, order)
	if err != nil || d == nil {
		return berth{org: a.Org, role: ByCitizen, draft: true}, err
	}
	return berth{org: d.Org, key: d.Key, role: ByCitizen, draft: true}, nil
}

// uploadedBefore finds the file that the actor uploaded under this ID before. An
// ID that was used for anything else is answered like any conflict.
func uploadedBefore(tx *db.Tx, a who.Actor, order, file id.ID) (*attachmentRow, error) {
	row, err := peekAttachment(tx, file)
	switch {
	case fault.Is(err, fault.Absent):
		return nil, nil
	case err == nil && (row.Author != a.Person || row.Order != order):
		return nil, fault.New(fault.Conflict, "fault.conflict")
	}
	return row, err
}

// beginDraft makes the key of an order that is still to come. Of two at once one
// wins, and both get its key.
func (s *Service) beginDraft(ctx context.Context, a who.Actor, order, org id.ID) (key id.ID, err error) {
	var me identity.Contact
	err = s.DB.View(ctx, a, func(tx *db.Tx) (err error) { me, err = s.People.Reach(ctx, tx, a.Person); return err })
	if err != nil {
		return key, err
	}
	if key, err = s.Keys.New(ctx, seal.Order, me.Key); err != nil {
		return key, fmt.Errorf("make the order's key: %w", err)
	}
	own := key
	err = s.DB.Do(ctx, a, func(tx *db.Tx) error {
		key = own
		d, err := draftOf(tx, a.Person, order)
		if err != nil || d != nil {
			if d != nil {
				key = d.Key
			}
			return err
		}
		d = &draftRow{ID: id.New(), Org: org, Citizen: a.Person, Order: order, Key: own, MadeAt: db.At(tx.Now())}
		if err := insert(tx, d); err != nil {
			return err
		}
		return s.setDraft(tx, d)
	})
	if fault.Is(err, fault.Conflict) { // another was first, a moment ago
		err = s.DB.View(ctx, a, func(tx *db.Tx) error {
			d, err := draftOf(tx, a.Person, order)
			if err == nil && d == nil {
				err = fault.New(fault.Unavailable, "fault.unavailable")
			}
			if err == nil {
				key = d.Key
			}
			return err
		})
	}
	return key, err
}

// keep writes the row of a file that was put. Where somebody was faster with the
// same ID, the answer is what he got.
func (s *Service) keep(ctx context.Context, a who.Actor, row *attachmentRow, b blob.Blob) (*attachmentRow, error) {
	err := s.DB.Do(ctx, a, func(tx *db.Tx) error {
		if ok, err := s.stillKey(tx, a, row); err != nil || !ok {
			if err == nil { // the draft has gone, or another has begun, while the bytes came
				err = fault.New(fault.Unavailable, "fault.unavailable")
			}
			return err
		}
		count, err := countFiles(tx, row.Order, a.Person)
		if err != nil {
			return err
		}
		if err := count.room(row.Role); err != nil {
			return err
		}
		row.MadeAt = db.At(tx.Now())
		if err := blob.Save(tx, b); err != nil {
			return err
		}
		if _, err := tx.NewInsert().Model(row).Exec(tx.Ctx()); err != nil {
			return err
		}
		return due.Set(tx, due.Row{Org: row.Org, Subject: row.ID, Name: "unsent", Kind: dueUnsent, At: tx.Now().Add(keepUnsent), Rule: "24h", Anchor: tx.Now()})
	})
	if err == nil {
		return row, nil
	}
	if fault.Is(err, fault.Conflict) {
		s.Blobs.Discard(ctx, b)
		var before *attachmentRow
		again := s.DB.View(ctx, a, func(tx *db.Tx) (err error) { before, err = uploadedBefore(tx, a, row.Order, row.ID); return err })
		if before != nil || again != nil {
			return before, again
		}
	}
	return nil, err
}

// stillKey tells whether a file's key is that of its order, or of its draft.
func (*Service) stillKey(tx *db.Tx, a who.Actor, row *attachmentRow) (bool, error) {
	o, err := load(tx, row.Order)
	if err == nil && o.Key == row.Key {
		return true, nil
	}
	if err != nil && !fault.Is(err, fault.Absent) {
		return false, err
	}
	d, err := draftOf(tx, a.Person, row.Order)
	return d != nil && d.Key == row.Key, err
}

// TakeBack removes a file that its author has not sent.
func (s *Service) TakeBack(ctx context.Context, a who.Actor, order, file id.ID) error {
	return s.DB.Do(ctx, a, func(tx *db.Tx) error {
		row, err := attachmentOf(tx, order, file)
		if err != nil {
			return err
		}
		if row.Author != a.Person || row.Place != Unsent {
			return fault.NotThere()
		}
		if err := due.Cancel(tx, row.ID, "unsent"); err != nil {
			return err
		}
		return s.drop(tx, row)
	})
}

// drop removes an unsent file: its rows, then its bytes.
func (s *Service) drop(tx *db.Tx, row *attachmentRow) error {
	if _, err := tx.Exec("DELETE FROM consult_attachment WHERE id = ? AND place = 'unsent'", row.ID.String()); err != nil {
		return err
	}
	return s.Blobs.Remove(tx, row.File)
}

// unsentDue removes a file that nobody sent in time; while the question it belongs to
// is kept, it waits another day.
func (s *Service) unsentDue(tx *db.Tx, f due.Fired) error {
	row, err := attachmentOf(tx, id.Nil, f.Subject)
	if fault.Is(err, fault.Absent) || err == nil && row.Place != Unsent {
		return nil
	}
	if err != nil {
		return err
	}
	waits, err := waitedFor(tx, row)
	if err != nil {
		return err
	}
	if waits {
		f.Row.At = tx.Now().Add(keepUnsent)
		return due.Set(tx, f.Row)
	}
	return s.drop(tx, row)
}

func (*Service) setDraft(tx *db.Tx, d *draftRow) error {
	return due.Set(tx, due.Row{Org: d.Org, Subject: d.ID, Name: "draft", Kind: dueDraft, At: tx.Now().Add(keepUnsent), Rule: "24h", Anchor: tx.Now()})
}

// draftDue ends a draft whose question was never asked, once its files are gone.
func (s *Service) draftDue(tx *db.Tx, f due.Fired) error {
	var d draftRow
	err := tx.Lock(tx.NewSelect().Model(&d).Where("id = ?", f.Subject)).Scan(tx.Ctx())
	if db.NotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	n := 0
	if err := tx.Row("SELECT count(*) FROM consult_attachment WHERE consult = ? AND author = ? AND place = 'unsent'", d.Order.String(), d.Citizen.String()).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		return s.setDraft(tx, &d)
	}
	_, err = tx.Exec("DELETE FROM consult_draft WHERE id = ?", d.ID.String())
	return err
}

// endDraft takes the draft of an order away that has now come.
func endDraft(tx *db.Tx, d *draftRow) error {
	if d == nil {
		return nil
	}
	if _, err := tx.Exec("DELETE FROM consult_draft WHERE id = ?", d.ID.String()); err != nil {
		return err
	}
	return due.Cancel(tx, d.ID, "draft")
}
