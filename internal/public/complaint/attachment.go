package complaint

import (
	"context"
	"io"
	"time"

	"github.com/uptrace/bun"

	"mingfa/internal/base/attach"
	"mingfa/internal/base/blob"
	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/who"
)

// Attachments (附件) of a complaint: what the person has to show. They are added to
// a complaint that is there, one at a time, until it is closed: by the citizen, or
// by the staff who take it down. There is no unsent one: with its bytes on the
// disk a file is a part of the complaint, with a fact, and like the complaint it is
// never changed and never taken away (B7.1.2.3a).

// The limits, besides those of any file (base/attach).
const (
	MaxFiles      = 20 // of one complaint
	MaxDailyFiles = 60 // that one person adds in 24 hours, to all complaints
)

// attachmentRow is a file of a complaint.
type attachmentRow struct {
	bun.BaseModel `bun:"table:complaint_attachment"`

	ID        id.ID `bun:"type:uuid,pk"`
	Org       id.ID `bun:"type:uuid"`
	Complaint id.ID `bun:"type:uuid"`
	File      id.ID `bun:"type:uuid"` // the blob, under the complaint's key
	Author    id.ID `bun:"type:uuid"`
	Own       bool  // by the citizen himself
	Kind      blob.Kind
	Size      int64 // bytes
	Width     int   // points; 0 of what is no picture
	Height    int
	N         int     // of the complaint's files, from 1
	Name      id.ID   `bun:"type:uuid"` // sealed
	At        db.Time `bun:",nullzero"`
}

// Attach adds a file to a complaint. Its bytes are read to their end once, sealed as
// they come and held in memory nowhere; size is what the sender says of their
// length, -1 for nothing; name is what he calls it. The same ID again by the same
// person is answered as the first time, and the bytes are not read.
func (s *Service) Attach(ctx context.Context, a who.Actor, complaint, file id.ID, name string, r io.Reader, size int64) (*attachmentRow, error) {
	if file == id.Nil {
		return nil, fault.Bad(fault.At("file", "fault.id"))
	}
	c, before, err := s.mayAttach(ctx, a, complaint, file)
	if before != nil || err != nil {
		return before, err
	}
	seen, b, err := attach.Keep(ctx, s.Blobs, c.Org, c.Key, r, size)
	if err != nil {
		return nil, err
	}
	row := &attachmentRow{ID: file, Org: c.Org, Complaint: c.ID, File: b.ID, Author: a.Person, Own: a.Person == c.Citizen,
		Kind: seen.Kind, Size: b.Size, Width: seen.Width, Height: seen.Height}
	return s.keepFile(ctx, a, row, b, name)
}

// mayAttach finds the complaint that takes a file, or the file, if it was added
// before.
func (s *Service) mayAttach(ctx context.Context, a who.Actor, complaint, file id.ID) (c *Complaint, before *attachmentRow, err error) {
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		if c, err = load(tx, complaint); err != nil {
			return err
		}
		if err := s.Rules.Need(a, "complaint.attach", c.object()); err != nil {
			return err
		}
		if before, err = addedBefore(tx, a, complaint, file); before != nil || err != nil {
			return err
		}
		_, err := s.room(tx, a, c)
		return err
	})
	return c, before, err
}

// room refuses a file too many, or one for a complaint that is closed, and gives
// the number of the next.
func (*Service) room(tx *db.Tx, a who.Actor, c *Complaint) (n int, err error) {
	if err := c.closed(); err != nil {
		return 0, err
	}
	n, today, err := countFiles(tx, c.ID, a.Person, tx.Now().Add(-24*time.Hour))
	switch {
	case err != nil:
		return 0, err
	case n >= MaxFiles:
		return 0, fault.New(fault.Conflict, "complaint.attachments_full").With("max", MaxFiles)
	case today >= MaxDailyFiles:
		return 0, fault.New(fault.TooMany, "fault.too_many")
	}
	return n + 1, nil
}

// addedBefore finds the file that the actor added under this ID before. An ID that
// was used for anything else is answered like any conflict.
func addedBefore(tx *db.Tx, a who.Actor, complaint, file id.ID) (*attachmentRow, error) {
	row, err := attachmentOf(tx, file)
	switch {
	case fault.Is(err, fault.Absent):
		return nil, nil
	case err == nil && (row.Author != a.Person || row.Complaint != complaint):
		return nil, fault.New(fault.Conflict, "fault.conflict")
	}
	return row, err
}

// keepFile writes the row and the fact of a file that was put. Where somebody was
// faster with the same ID, the answer is what he got.
func (s *Service) keepFile(ctx context.Context, a who.Actor, row *attachmentRow, b blob.Blob, said string) (*attachmentRow, error) {
	err := s.attached(ctx, a, row, b, said)
	if err == nil {
		return row, nil
	}
	s.Blobs.Discard(ctx, b)
	if fault.Is(err, fault.Conflict) {
		var before *attachmentRow
		again := s.DB.View(ctx, a, func(tx *db.Tx) (err error) { before, err = addedBefore(tx, a, row.Complaint, row.ID); return err })
		if before != nil || again != nil {
			return before, again
		}
	}
	return nil, err
}

func (s *Service) attached(ctx context.Context, a who.Actor, row *attachmentRow, b blob.Blob, said string) error {
	// The number is not known before the lock; two files without a name may have one.
	sealed, err := s.sealAll(ctx, b.Org, b.Key, map[string]string{"name": attach.Name(row.Kind, said, 1)})
	if err != nil {
		return err
	}
	return s.DB.Do(ctx, a, func(tx *db.Tx) error {
		c, err := lock(tx, row.Complaint)
		if err != nil {
			return err
		}
		if err := s.Rules.Need(a, "complaint.attach", c.object()); err != nil {
			return err
		}
		if row.N, err = s.room(tx, a, c); err != nil {
			return err
		}
		row.Name, row.At = sealed["name"].ID, db.At(tx.Now())
		if err := blob.Save(tx, b); err != nil {
			return err
		}
		if err := insert(tx, row); err != nil {
			return err
		}
		e := AttachedFact{N: row.N, Own: row.Own, Type: row.Kind, Size: row.Size, File: row.File, Content: b.Commitment}
		return journal.Write(tx, journal.Entry{Org: c.Org, Root: c.ID, Subject: row.ID, Rev: 1, Event: e, Sealed: map[string]seal.Sealed{"name": sealed["name"]}})
	})
}

// OpenFile gives a file to one who may see the complaint. That somebody else than
// the citizen and its author read it is a fact; if it can't be written, it is not
// read.
func (s *Service) OpenFile(ctx context.Context, a who.Actor, complaint, file id.ID) (*attach.Opened, error) {
	var c *Complaint
	var row *attachmentRow
	var b blob.Blob
	name := ""
	err := s.DB.View(ctx, a, func(tx *db.Tx) (err error) {
		if c, err = load(tx, complaint); err != nil {
			return err
		}
		if err := s.Rules.Need(a, "complaint.see", c.object()); err != nil {
			return err
		}
		if row, err = attachmentOf(tx, file); err != nil {
			return err
		}
		if row.Complaint != complaint {
			return fault.NotThere()
		}
		texts, err := s.Keys.Read(ctx, tx, row.Name)
		if err != nil {
			return err
		}
		name = texts[row.Name].Plain
		b, err = blob.Find(tx, row.File)
		return err
	})
	if err != nil {
		return nil, err
	}
	if a.Person != c.Citizen && a.Person != row.Author {
		if err := s.noteOpened(ctx, a, c, row); err != nil {
			return nil, err
		}
	}
	return attach.Open(ctx, s.Blobs, b, row.Kind, name)
}

func (s *Service) noteOpened(ctx context.Context, a who.Actor, c *Complaint, row *attachmentRow) error {
	err := s.DB.Do(ctx, a, func(tx *db.Tx) error {
		subject := journal.Once("complaint.opened", row.ID, a.Person, tx.Now().Truncate(attach.Again))
		return journal.Write(tx, journal.Entry{Org: c.Org, Root: c.ID, Subject: subject, Rev: 1, Event: OpenedFact{Attachment: row.ID, N: row.N}})
	})
	if fault.Is(err, fault.Conflict) {
		return nil
	}
	return err
}
