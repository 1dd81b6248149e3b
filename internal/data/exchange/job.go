package exchange

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"
	"time"

	"mingfa/internal/base/blob"
	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/element"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/sheet"
	"mingfa/internal/base/who"
	"mingfa/internal/public/consult"
)

// An import is worked on beside its due row, since reading a file takes longer
// than a writing transaction may. The row stands 20 seconds ahead while somebody is
// at work: after a crash it fires and the work goes on where its last transaction
// ended. Who works writes his claim into the import and loses it to another when
// he was not heard of for 15 seconds, so two nodes never keep the same row.

const (
	promised  = 20 * time.Second // when the due row looks again
	silent    = 15 * time.Second // without a beat, a claim holds no longer
	beatEvery = 2000             // rows
	workFor   = 15 * time.Minute // at most, in one go
	giveUpAt  = 24 * time.Hour   // after which an import that can't be finished is cancelled
)

// system works on imports.
var system = who.System("exchange")

// Wire gives the due runner its handlers.
func (s *Service) Wire(r *due.Runner) {
	r.Handle(dueJob, s.fire)
	r.Handle(dueShred, s.fireShred)
}

// promise sets the row of an import: at once where there is work, else when it
// has waited too long.
func (s *Service) promise(tx *db.Tx, i *Import) error {
	at := tx.Now()
	if i.State == Checked {
		at = at.Add(keepFor)
	}
	return due.Set(tx, due.Row{Org: i.Org, Subject: i.ID, Name: "job", Kind: dueJob, At: at, Rule: "import", Anchor: tx.Now()})
}

// fire begins or resumes the work.
func (s *Service) fire(tx *db.Tx, f due.Fired) error {
	i, err := lock(tx, f.Subject)
	if fault.Is(err, fault.Absent) || err == nil && i.State.over() {
		return nil
	}
	if err != nil {
		return err
	}
	began := i.MadeAt.Time
	if !i.StartedAt.IsZero() {
		began = i.StartedAt.Time
	}
	if i.State == Checked || tx.Now().Sub(began) > giveUpAt {
		e, err := s.giveUp(tx, i)
		if err != nil {
			return err
		}
		if err := save(tx, i); err != nil {
			return err
		}
		return i.write(tx, e, nil)
	}
	f.Row.At = tx.Now().Add(promised)
	if err := due.Set(tx, f.Row); err != nil {
		return err
	}
	if i.busy(tx.Now()) {
		return nil
	}
	tx.After(func() {
		if s.Wait {
			s.work(f.Subject)
			return
		}
		go s.work(f.Subject)
	})
	return nil
}

// busy tells whether somebody who was heard of lately works on it.
func (i *Import) busy(now time.Time) bool { return i.Claim != "" && now.Sub(i.BeatAt.Time) < silent }

// work checks or keeps an import. What goes wrong is logged and tried again by the
// due row.
func (s *Service) work(subject id.ID) {
	s.working.Lock()
	defer s.working.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), workFor)
	defer cancel()
	i, err := s.claim(ctx, subject)
	if err == nil && i != nil {
		err = s.step(ctx, i)
	}
	if err == nil || errors.Is(err, errLost) || fault.Is(err, fault.Conflict) || errors.Is(err, seal.ErrErased) {
		return // done, or it is somebody else's, or was cancelled
	}
	s.log().Error("an import does not go on; it is tried again", "import", subject, "error", err)
	if i != nil {
		s.release(subject, i.Claim)
	}
}

// claim takes the work; nil where there is none, or somebody else has it.
func (s *Service) claim(ctx context.Context, subject id.ID) (i *Import, err error) {
	claim := id.New().String()
	err = s.DB.Do(ctx, system, func(tx *db.Tx) error {
		x, err := lock(tx, subject)
		if err != nil || x.State != Checking && x.State != Running || x.busy(tx.Now()) {
			i = nil
			return err
		}
		x.Claim, x.BeatAt, i = claim, db.At(tx.Now()), x
		_, err = tx.NewUpdate().Model(x).Column("claim", "beat_at").WherePK().Exec(tx.Ctx())
		return err
	})
	return i, err
}

// release lets the next try begin without waiting for a dead claim, and tells that
// there was trouble.
func (s *Service) release(subject id.ID, claim string) {
	err := s.DB.Do(context.Background(), system, func(tx *db.Tx) error {
		_, err := tx.Exec("UPDATE exchange_import SET claim = '', trouble = 'exchange.trouble' WHERE id = ? AND claim = ?", subject.String(), claim)
		return err
	})
	if err != nil {
		s.log().Error("the claim on an import stays until it is silent", "import", subject, "error", err)
	}
}

func (s *Service) step(ctx context.Context, i *Import) error {
	file, err := s.read(ctx, i)
	if err != nil {
		return err
	}
	if i.State == Checking {
		return s.check(ctx, i, file)
	}
	return s.keepAll(ctx, i, file)
}

// read gives the whole file: workbooks are read from their end.
func (s *Service) read(ctx context.Context, i *Import) ([]byte, error) {
	var b blob.Blob
	err := s.DB.View(ctx, system, func(tx *db.Tx) (err error) {
		b, err = blob.Find(tx, i.File)
		return err
	})
	if err != nil {
		return nil, err
	}
	r, err := s.Blobs.Get(ctx, b)
	if err != nil {
		return nil, err
	}
	defer r.Close() //nolint:errcheck // it was only read
	return io.ReadAll(io.LimitReader(r, MaxFile+1))
}

// reader is that of an import, with what only other rooms know.
func (s *Service) reader(ctx context.Context, i *Import, tell func(Problem)) *reader {
	rules := i.Rules
	rules.Now = i.MadeAt.Time
	regions := map[string]bool{}
	known := element.Known{Field: consult.TypeKnown, Region: func(code string) bool {
		if ok, asked := regions[code]; asked {
			return ok
		}
		err := s.DB.View(ctx, system, func(tx *db.Tx) error {
			ok, err := s.People.RegionKnown(tx, code)
			regions[code] = ok
			return err
		})
		return err == nil && regions[code]
	}}
	return newReader(i.Kind, i.Format, rules, known, tell)
}

// check is the dry run: it looks at every row and keeps what is wrong.
func (s *Service) check(ctx context.Context, i *Import, file []byte) error {
	c := &checker{Service: s, ctx: ctx, i: i, problems: []Problem{}}
	r := s.reader(ctx, i, c.tell)
	err := sheet.Read(i.Format, file, sheet.Full, isHead(i.Kind), func(row sheet.Row) error {
		return c.row(row.N, r.row(row))
	})
	if err == nil {
		err = c.flush()
	}
	if f, ok := errors.AsType[*fault.Fault](err); ok && f.Kind == fault.Invalid {
		if f.Err != nil {
			s.log().Error("a file could not be read", "import", i.ID, "error", f.Err)
		}
		c.tell(Problem{Key: f.Key, Args: f.Args})
	} else if err != nil {
		return err
	}
	if c.total == 0 && c.wrong == 0 {
		c.tell(Problem{Key: "exchange.no_rows"})
	}
	return s.finish(ctx, i, func(tx *db.Tx, now *Import) error {
		twice, err := sameFile(tx, i.Org, i.Kind, i.Sum, i.ID)
		if err != nil {
			return err
		}
		if twice {
			c.wrong, c.problems = 1, []Problem{{Key: "exchange.same_file"}}
		}
		if err := now.checked(c.total, c.wrong, c.problems, tx.Now()); err != nil {
			return err
		}
		if now.State == Checked {
			if err := s.promise(tx, now); err != nil {
				return err
			}
		} else if err := errors.Join(due.Cancel(tx, now.ID, "job"), s.drop(tx, now)); err != nil {
			return err
		}
		if err := save(tx, now); err != nil {
			return err
		}
		return now.write(tx, CheckedFact{Rows: now.Total, Wrong: now.Wrong}, nil)
	})
}

// finish locks the import that is ours and lets fn decide.
func (s *Service) finish(ctx context.Context, i *Import, fn func(tx *db.Tx, now *Import) error) error {
	return s.DB.Do(ctx, system, func(tx *db.Tx) error {
		now, err := lock(tx, i.ID)
		if err != nil {
			return err
		}
		if now.Claim != i.Claim {
			return errLost
		}
		now.Claim, now.Trouble = "", ""
		return fn(tx, now)
	})
}

// checker gathers what is wrong with a file.
type checker struct {
	*Service
	ctx      context.Context
	i        *Import
	total    int64
	wrong    int64
	problems []Problem
	waiting  []unique // values that are not yet compared with what is in the house
}

// unique is a value that no two rows of the organisation may have.
type unique struct {
	column, code, index string
	row                 int
}

func (c *checker) tell(p Problem) {
	if c.wrong++; len(c.problems) < MaxProblems {
		c.problems = append(c.problems, p)
	}
}

func (c *checker) row(n int, row element.Row) error {
	if c.total++; c.total%beatEvery == 0 {
		if err := c.DB.Do(c.ctx, system, func(tx *db.Tx) error { return beat(tx, c.i.ID, c.i.Claim, c.total) }); err != nil {
			return err
		}
	}
	phone, index, err := c.indexes(c.ctx, c.i.Kind, row)
	if err != nil {
		return err
	}
	if c.i.Kind == element.Users && phone != "" {
		c.waiting = append(c.waiting, unique{"phone", phoneOf(c.i.Kind), phone, n})
	}
	for k, code := range uniques(c.i.Kind) {
		if index[k] != "" {
			c.waiting = append(c.waiting, unique{[]string{"index_a", "index_b"}[k], code, index[k], n})
		}
	}
	if len(c.waiting) < 600 {
		return nil
	}
	return c.flush()
}

// flush compares with what was imported before.
func (c *checker) flush() error {
	err := c.DB.View(c.ctx, system, func(tx *db.Tx) error {
		for _, column := range []string{"phone", "index_a", "index_b"} {
			var values []string
			for _, u := range c.waiting {
				if u.column == column {
					values = append(values, u.index)
				}
			}
			taken, err := takenBy(tx, c.i.Org, c.i.Kind, column, values)
			if err != nil {
				return err
			}
			for _, u := range c.waiting {
				if u.column == column && taken[u.index] {
					c.tell(Problem{Row: u.row, Column: u.code, Key: "exchange.taken"})
				}
			}
		}
		return nil
	})
	c.waiting = c.waiting[:0]
	return err
}

// indexes are the look-up values of a row: of its phone, and of its unique
// elements.
func (s *Service) indexes(ctx context.Context, t element.Table, row element.Row) (phone string, index [2]string, err error) {
	if v := row[phoneOf(t)]; v != "" {
		if phone, err = s.People.PhoneIndex(ctx, v); err != nil {
			return "", index, err
		}
	}
	for k, code := range uniques(t) {
		if v := row[code]; v != "" {
			if index[k], err = s.People.Index(ctx, code, v); err != nil {
				return "", index, err
			}
		}
	}
	return phone, index, nil
}

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
