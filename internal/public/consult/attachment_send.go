package consult

import (
	"context"
	"errors"

	"mingfa/internal/base/attach"
	"mingfa/internal/base/blob"
	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/who"
)

// sending is a file that is about to be sent, its name sealed.
type sending struct {
	*attachmentRow
	name seal.Sealed
}

// gather finds the files of a verb and seals their names; before db.Do.
func (s *Service) gather(ctx context.Context, a who.Actor, org, order, key id.ID, files []Attach) ([]sending, error) {
	if len(files) == 0 {
		return nil, nil
	}
	if bad := checkFiles(files); bad != nil {
		return nil, fault.Bad(bad...)
	}
	ids := make([]id.ID, len(files))
	for i, f := range files {
		ids[i] = f.ID
	}
	var rows map[id.ID]*attachmentRow
	err := s.DB.View(ctx, a, func(tx *db.Tx) (err error) { rows, err = attachmentsByID(tx, ids); return err })
	if err != nil {
		return nil, err
	}
	out := make([]sending, len(files))
	for i, f := range files {
		row := rows[f.ID]
		if row == nil || !row.mine(a, order, key) {
			return nil, lost(i)
		}
		sealed, err := s.sealAll(ctx, org, key, map[string]string{"name": attach.Name(row.Kind, f.Name, i+1)})
		if err != nil {
			return nil, err
		}
		out[i] = sending{row, sealed["name"]}
	}
	return out, nil
}

// send makes gathered files a part of the order, in the transaction of the verb.
func (s *Service) send(tx *db.Tx, o *Order, place Place, message id.ID, files []sending) error {
	if len(files) == 0 {
		return nil
	}
	var n int
	if err := tx.Row("SELECT count(*) FROM consult_attachment WHERE consult = ? AND place <> 'unsent'", o.ID.String()).Scan(&n); err != nil {
		return err
	}
	for i, f := range files {
		if n++; n > MaxFiles {
			return fault.New(fault.Conflict, "consult.attachments_full").With("max", MaxFiles).With("citizen", MaxCitizenFiles)
		}
		row := *f.attachmentRow // the closure may run again
		row.Org, row.Place, row.Message, row.N, row.Name, row.At = o.Org, place, message, n, f.name.ID, db.At(tx.Now())
		res, err := tx.NewUpdate().Model(&row).Column("org", "place", "message", "n", "name", "at").WherePK().Where("place = ?", Unsent).Exec(tx.Ctx())
		if err != nil {
			return err
		}
		if changed, err := res.RowsAffected(); err != nil || changed != 1 {
			return errors.Join(err, lost(i))
		}
		if err := s.sent(tx, o, &row, f.name); err != nil {
			return err
		}
	}
	return nil
}

// sent writes the fact of a file that is now a part of the order.
func (*Service) sent(tx *db.Tx, o *Order, row *attachmentRow, name seal.Sealed) error {
	if err := due.Cancel(tx, row.ID, "unsent"); err != nil {
		return err
	}
	b, err := blob.Find(tx, row.File)
	if err != nil {
		return err
	}
	e := AttachedFact{N: row.N, Role: row.Role, Place: row.Place, Message: row.Message, Type: row.Kind, Size: row.Size, File: row.File, Content: b.Commitment}
	return journal.Write(tx, journal.Entry{Org: o.Org, Root: o.ID, Subject: row.ID, Rev: 1, Event: e, Sealed: map[string]seal.Sealed{"name": name}})
}

// Open gives a file to one who may see the order; an unsent one to its author
// only. That somebody else than the citizen and the author read it is a fact; if
// it can't be written, it is not read.
func (s *Service) Open(ctx context.Context, a who.Actor, order, file id.ID) (*attach.Opened, error) {
	return s.give(ctx, a, func(tx *db.Tx) (*attachmentRow, *Order, error) { return s.maySee(tx, a, order, file) })
}

// OpenInspected is Open for the quality check: a file that was sent with the order.
// Who may, is decided by the caller.
func (s *Service) OpenInspected(ctx context.Context, a who.Actor, order, file id.ID) (*attach.Opened, error) {
	return s.give(ctx, a, func(tx *db.Tx) (*attachmentRow, *Order, error) {
		row, err := peekAttachment(tx, file)
		if err != nil {
			return nil, nil, err
		}
		if row.Order != order || row.Place == Unsent {
			return nil, nil, fault.NotThere()
		}
		o, err := load(tx, order)
		return row, o, err
	})
}

// give opens the file that find finds; its order is nil for an unsent one.
func (s *Service) give(ctx context.Context, a who.Actor, find func(tx *db.Tx) (*attachmentRow, *Order, error)) (*attach.Opened, error) {
	var row *attachmentRow
	var o *Order
	var b blob.Blob
	name := ""
	err := s.DB.View(ctx, a, func(tx *db.Tx) (err error) {
		if row, o, err = find(tx); err != nil {
			return err
		}
		if row.Name != id.Nil {
			texts, err := s.Keys.Read(ctx, tx, row.Name)
			if err != nil {
				return err
			}
			name = texts[row.Name].Plain
		}
		b, err = blob.Find(tx, row.File)
		return err
	})
	if err != nil {
		return nil, err
	}
	if o != nil && a.Person != o.Citizen && a.Person != row.Author {
		if err := s.noteOpened(ctx, a, o, row); err != nil {
			return nil, err
		}
	}
	return attach.Open(ctx, s.Blobs, b, row.Kind, name)
}

// maySee finds a file with its order, which is nil for an unsent one.
func (s *Service) maySee(tx *db.Tx, a who.Actor, order, file id.ID) (*attachmentRow, *Order, error) {
	row, err := peekAttachment(tx, file)
	if err != nil {
		return nil, nil, err
	}
	if row.Order != order {
		return nil, nil, fault.NotThere()
	}
	if row.Place == Unsent {
		if row.Author != a.Person {
			return nil, nil, fault.NotThere()
		}
		return row, nil, nil
	}
	o, err := load(tx, order)
	if err == nil {
		err = s.Rules.Need(a, "order.file", o.object())
	}
	return row, o, err
}

func (s *Service) noteOpened(ctx context.Context, a who.Actor, o *Order, row *attachmentRow) error {
	err := s.DB.Do(ctx, a, func(tx *db.Tx) error {
		subject := journal.Once("consult.opened", row.ID, a.Person, tx.Now().Truncate(attach.Again))
		return journal.Write(tx, journal.Entry{Org: o.Org, Root: o.ID, Subject: subject, Rev: 1, Event: OpenedFact{Attachment: row.ID, N: row.N}})
	})
	if fault.Is(err, fault.Conflict) {
		return nil
	}
	return err
}
