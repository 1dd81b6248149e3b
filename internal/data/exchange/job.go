package exchange

import (
	"context"
	"errors"
	"io"
	"time"

	"mingfa/internal/base/blob"
	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/element"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/seal"
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
