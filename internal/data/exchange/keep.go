package exchange

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"

	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/element"
	"mingfa/internal/base/id"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/sheet"
)

// batch is a part of the rows on its way into the house.
type batch struct {
	rows    []element.Row
	records []*record
	sealed  map[string]seal.Sealed
	err     error
}

// keepAll keeps all rows from where it ended, and then makes them seen. Reading,
// sealing and writing go on side by side.
func (s *Service) keepAll(ctx context.Context, i *Import, file []byte) error {
	ctx, stop := context.WithCancel(ctx)
	var side sync.WaitGroup
	defer side.Wait()
	defer stop()
	read, ready := make(chan batch, 2), make(chan batch, 2)
	side.Go(func() { s.readParts(ctx, i, file, read) })
	side.Go(func() { s.sealParts(ctx, i, read, ready) })
	for b := range ready {
		if b.err != nil {
			return b.err
		}
		if err := s.keepPart(ctx, i, b); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.finish(ctx, i, func(tx *db.Tx, now *Import) error {
		if err := now.keep(0, true, tx.Now()); err != nil {
			return err
		}
		if err := errors.Join(due.Cancel(tx, now.ID, "job"), s.drop(tx, now)); err != nil {
			return err
		}
		if err := save(tx, now); err != nil {
			return err
		}
		return now.write(tx, DoneFact{Rows: now.Done}, nil)
	})
}

// readParts cuts the rows that are not kept yet into parts. The file was checked:
// a row that fails now is a mistake of ours, and ends it.
func (s *Service) readParts(ctx context.Context, i *Import, file []byte, out chan<- batch) {
	defer close(out)
	send := func(b batch) error {
		select {
		case out <- b:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	var wrong error
	r := s.reader(ctx, i, func(p Problem) {
		wrong = fmt.Errorf("row %d of a file that was checked has a fault in %s", p.Row, p.Column)
	})
	n, b := int64(0), batch{}
	err := sheet.Read(i.Format, file, sheet.Full, isHead(i.Kind), func(row sheet.Row) error {
		values := r.row(row)
		if wrong != nil {
			return wrong
		}
		if n++; n <= i.Done {
			return nil
		}
		if b.rows = append(b.rows, values); len(b.rows) < part {
			return nil
		}
		full := b
		b = batch{}
		return send(full)
	})
	if err == nil && len(b.rows) > 0 {
		err = send(b)
	}
	if err != nil {
		send(batch{err: err}) //nolint:errcheck // then nobody listens any more
	}
}

// sealParts makes the keys of a part, all at once, and seals its rows.
func (s *Service) sealParts(ctx context.Context, i *Import, in <-chan batch, out chan<- batch) {
	defer close(out)
	n := i.Done
	for b := range in {
		if b.err == nil {
			b.err = s.sealPart(ctx, i, &b, n)
			n += int64(len(b.rows))
		}
		select {
		case out <- b:
		case <-ctx.Done():
			return
		}
		if b.err != nil {
			return
		}
	}
}

func (s *Service) sealPart(ctx context.Context, i *Import, b *batch, before int64) error {
	b.records, b.sealed = make([]*record, len(b.rows)), make(map[string]seal.Sealed, len(b.rows))
	texts, errs := make([]seal.Sealed, len(b.rows)), make([]error, len(b.rows))
	var each sync.WaitGroup
	for k, row := range b.rows {
		r := &record{ID: id.New(), Org: i.Org, Path: i.Path, Import: i.ID, N: before + int64(k) + 1, Kind: i.Kind, At: db.At(when(i.Kind, row, i.MadeAt.Time))}
		b.records[k] = r
		each.Go(func() { texts[k], errs[k] = s.sealRow(ctx, i, r, row) })
	}
	each.Wait()
	for k, r := range b.records {
		b.sealed[strconv.FormatInt(r.N, 10)] = texts[k]
	}
	return errors.Join(errs...)
}

func (s *Service) sealRow(ctx context.Context, i *Import, r *record, row element.Row) (text seal.Sealed, err error) {
	words, err := json.Marshal(row)
	if err != nil {
		return text, err
	}
	var index [2]string
	if r.Phone, index, err = s.indexes(ctx, i.Kind, row); err != nil {
		return text, err
	}
	r.IndexA, r.IndexB = index[0], index[1]
	if r.Key, err = s.Keys.New(ctx, seal.Order, i.Key); err != nil {
		return text, err
	}
	text, err = s.Keys.Seal(ctx, i.Org, r.Key, string(words))
	r.Words = text.ID
	return text, err
}

// keepPart keeps one part with its progress and its fact.
func (s *Service) keepPart(ctx context.Context, i *Import, b batch) error {
	return s.DB.Do(ctx, system, func(tx *db.Tx) error {
		now, err := lock(tx, i.ID)
		if err != nil {
			return err
		}
		if now.Claim != i.Claim || now.State != Running || now.Done != b.records[0].N-1 {
			return errLost
		}
		var people map[string]id.ID
		if i.Kind == element.Users {
			var phones []string
			for _, r := range b.records {
				phones = append(phones, r.Phone)
			}
			if people, err = s.People.CitizensByPhone(tx, phones...); err != nil {
				return err
			}
		}
		for _, r := range b.records {
			r := *r
			r.Person = people[r.Phone]
			if err := r.insert(tx); err != nil {
				return err
			}
		}
		if err := now.keep(int64(len(b.records)), false, tx.Now()); err != nil {
			return err
		}
		now.BeatAt, now.Trouble = db.At(tx.Now()), ""
		if err := save(tx, now); err != nil {
			return err
		}
		return now.write(tx, KeptFact{From: b.records[0].N, Rows: int64(len(b.records))}, b.sealed)
	})
}
