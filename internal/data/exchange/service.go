package exchange

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"log/slog"
	"sync"
	"time"

	"mingfa/internal/base/blob"
	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/element"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/setting"
	"mingfa/internal/base/sheet"
	"mingfa/internal/base/text"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
	"mingfa/internal/core/identity"
	"mingfa/internal/public/consult"
	"mingfa/internal/public/lawyer"
)

// Service has the verbs of the room. It is safe for concurrent use.
type Service struct {
	DB      *db.DB
	Keys    *seal.Keys
	Rules   *access.Rules
	People  *identity.Service
	Lawyers *lawyer.Service
	Consult *consult.Service
	Blobs   *blob.Blobs
	Log     *slog.Logger
	Wait    bool // an import is worked on inside its due handler: for stepped clocks

	working sync.Mutex // one file at a time in this process: each may take some memory
}

// The due rows of an import and of an erased record.
const (
	dueJob   = "exchange.job"
	dueShred = "exchange.shred"
)

// asked is what an organisation asks of users, lawyers and orders (AMB-B30, C11).
var asked = setting.Define("exchange.rules", element.Rules{}, nil)

// object is what an import is for rights.
func (i *Import) object() access.Object { return access.Object{Org: i.Path} }

// write writes a fact of the import, whose row must just have been saved.
func (i *Import) write(tx *db.Tx, e journal.Event, sealed map[string]seal.Sealed) error {
	return journal.Write(tx, journal.Entry{Org: i.Org, Root: i.ID, Subject: i.ID, Rev: i.Rev, Event: e, Sealed: sealed})
}

// New is a file to be imported.
type New struct {
	ID     id.ID // client-made
	Table  element.Table
	Format sheet.Format
	Name   string // of the file, for people
}

// maxName bounds the name of a file, in characters.
const maxName = 200

func (n *New) check() error {
	var bad []fault.Field
	if n.ID == id.Nil {
		bad = append(bad, fault.At("id", "fault.id"))
	}
	if len(element.Of(n.Table)) == 0 {
		bad = append(bad, fault.At("table", "fault.field_choice"))
	}
	if !n.Format.Valid() {
		bad = append(bad, fault.At("format", "sheet.format"))
	}
	name, err := text.Clean(n.Name)
	if err != nil || text.Length(name) > maxName {
		bad = append(bad, fault.At("name", "fault.too_long").With("max", maxName))
	}
	if n.Name = name; len(bad) > 0 {
		return fault.Bad(bad...)
	}
	return nil
}

// Upload takes a file, sealed, and has it checked. The same ID again by the same
// actor gives the import that is there.
func (s *Service) Upload(ctx context.Context, a who.Actor, n New, r io.Reader) (*Import, error) {
	if err := s.Rules.Need(a, "exchange.import", access.Object{Org: a.Scope}); err != nil {
		return nil, err
	}
	if err := n.check(); err != nil {
		return nil, err
	}
	if before, err := s.before(ctx, a, n.ID); before != nil || err != nil {
		return before, err
	}
	root, _, err := s.People.Root(ctx)
	if err != nil {
		return nil, err
	}
	i := &Import{ID: n.ID, Org: a.Org, Path: a.Scope, Rev: 1, Kind: n.Table, Format: n.Format, State: Checking, Problems: []Problem{}, MadeBy: a.Person}
	if i.Key, err = s.Keys.New(ctx, seal.Person, root.Key); err != nil {
		return nil, err
	}
	sum := &digest{r: r, hash: sha256.New()}
	file, err := s.Blobs.Put(ctx, i.Org, i.Key, sum, MaxFile)
	if err != nil {
		return nil, err
	}
	sealed := map[string]seal.Sealed{}
	if n.Name != "" {
		if sealed["name"], err = s.Keys.Seal(ctx, i.Org, i.Key, n.Name); err != nil {
			return nil, err
		}
	}
	i.File, i.Name, i.Size = file.ID, sealed["name"].ID, file.Size
	if i.Sum, err = s.People.Index(ctx, "import "+string(n.Table), hex.EncodeToString(sum.hash.Sum(nil))); err != nil {
		return nil, err
	}
	out := i
	err = s.DB.Do(ctx, a, func(tx *db.Tx) error {
		again, err := load(tx, n.ID)
		switch {
		case fault.Is(err, fault.Absent):
			out = i
			return s.uploaded(tx, i, file, sealed)
		case err == nil && again.MadeBy != a.Person:
			return fault.New(fault.Conflict, "fault.conflict")
		}
		out = again // a repeat that ran beside this one
		return err
	})
	return out, err
}

// uploaded keeps a new import whose file is there, and has it checked.
func (s *Service) uploaded(tx *db.Tx, i *Import, file blob.Blob, sealed map[string]seal.Sealed) (err error) {
	if i.Rules, err = setting.Get(tx, asked, i.Path, tx.Now()); err != nil {
		return err
	}
	i.MadeAt = db.At(tx.Now())
	if err := blob.Save(tx, file); err != nil {
		return err
	}
	if err := tx.InsertLater(nil, i); err != nil {
		return err
	}
	if err := i.write(tx, UploadedFact{Table: Code(i.Kind), Format: Code(i.Format), Bytes: i.Size}, sealed); err != nil {
		return err
	}
	return s.promise(tx, i)
}

// digest sums up what is read.
type digest struct {
	r    io.Reader
	hash hash.Hash
}

func (d *digest) Read(p []byte) (int, error) {
	n, err := d.r.Read(p)
	d.hash.Write(p[:n])
	return n, err
}

// before finds the import that the actor made under this ID; somebody else's is
// answered like any conflict.
func (s *Service) before(ctx context.Context, a who.Actor, i id.ID) (out *Import, err error) {
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		out, err = load(tx, i)
		return err
	})
	if fault.Is(err, fault.Absent) {
		return nil, nil
	}
	if err == nil && out.MadeBy != a.Person {
		return nil, fault.New(fault.Conflict, "fault.conflict")
	}
	return out, err
}

// change is the middle of the verbs on an import: lock, right, rev, decide, save,
// fact.
func (s *Service) change(ctx context.Context, a who.Actor, i id.ID, rev int64, fn func(tx *db.Tx, i *Import) (journal.Event, error)) (out *Import, err error) {
	err = s.DB.Do(ctx, a, func(tx *db.Tx) error {
		if out, err = lock(tx, i); err != nil {
			return err
		}
		if err := s.Rules.Need(a, "exchange.import", out.object()); err != nil {
			return err
		}
		if rev != 0 && rev != out.Rev {
			return fault.New(fault.Conflict, "fault.stale")
		}
		e, err := fn(tx, out)
		if err != nil {
			return err
		}
		if err := save(tx, out); err != nil {
			return err
		}
		return out.write(tx, e, nil)
	})
	return out, err
}

// Run keeps the rows of a file that was checked and has no fault. A file whose
// content is in already is refused.
func (s *Service) Run(ctx context.Context, a who.Actor, i id.ID, rev int64) (*Import, error) {
	return s.change(ctx, a, i, rev, func(tx *db.Tx, i *Import) (journal.Event, error) {
		twice, err := sameFile(tx, i.Org, i.Kind, i.Sum, i.ID)
		if err != nil {
			return nil, err
		}
		if twice {
			return nil, fault.New(fault.Conflict, "exchange.same_file")
		}
		if err := i.run(tx.Now()); err != nil {
			return nil, err
		}
		i.Claim = ""
		return StartedFact{Rows: i.Total}, s.promise(tx, i)
	})
}

// Cancel gives an import up that is not done; what was kept of it is destroyed.
func (s *Service) Cancel(ctx context.Context, a who.Actor, i id.ID, rev int64) (*Import, error) {
	return s.change(ctx, a, i, rev, func(tx *db.Tx, i *Import) (journal.Event, error) { return s.giveUp(tx, i) })
}

// giveUp cancels in a transaction.
func (s *Service) giveUp(tx *db.Tx, i *Import) (journal.Event, error) {
	if err := i.cancel(tx.Now()); err != nil {
		return nil, err
	}
	if err := due.Cancel(tx, i.ID, "job"); err != nil {
		return nil, err
	}
	return CancelledFact{Kept: i.Done}, s.drop(tx, i)
}

// drop takes the file away and promises that the key of what is not wanted goes.
func (s *Service) drop(tx *db.Tx, i *Import) error {
	if i.File != id.Nil {
		if err := s.Blobs.Remove(tx, i.File); err != nil {
			return err
		}
		i.File = id.Nil
	}
	if i.State != Cancelled {
		return nil
	}
	return s.shredSoon(tx, i.Org, i.ID, i.Key, true)
}

// Seen is an import as an actor sees it.
type Seen struct {
	*Import
	FileName string
	By       string // who uploaded it
}

// See shows an import.
func (s *Service) See(ctx context.Context, a who.Actor, i id.ID) (out Seen, err error) {
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		x, err := load(tx, i)
		if err != nil {
			return err
		}
		if err := s.Rules.Need(a, "exchange.see", x.object()); err != nil {
			return err
		}
		all, err := s.open(ctx, tx, []*Import{x})
		if err == nil {
			out = all[0]
		}
		return err
	})
	return out, err
}

// List shows the imports of the actor's organisations, newest first.
func (s *Service) List(ctx context.Context, a who.Actor, cursor id.ID, limit int) (out []Seen, err error) {
	if err := s.Rules.Need(a, "exchange.see", access.Object{Org: a.Scope}); err != nil {
		return nil, err
	}
	cond, args := s.Rules.Visible(a, "exchange.see", access.Columns{OrgPath: "i.path"})
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		var rows []*Import
		q := tx.NewSelect().Model(&rows).Where(cond, args...)
		if cursor != id.Nil {
			q = q.Where("(i.made_at, i.id) < (SELECT made_at, id FROM exchange_import WHERE id = ?)", cursor)
		}
		if err := q.OrderExpr("i.made_at DESC, i.id DESC").Limit(int64(limit)).Scan(tx.Ctx()); err != nil {
			return fmt.Errorf("list imports: %w", err)
		}
		out, err = s.open(ctx, tx, rows)
		return err
	})
	return out, err
}

func (s *Service) open(ctx context.Context, tx *db.Tx, rows []*Import) (out []Seen, err error) {
	var words, people []id.ID
	for _, i := range rows {
		words, people = append(words, i.Name), append(people, i.MadeBy)
	}
	texts, err := s.Keys.Read(ctx, tx, words...)
	if err != nil {
		return nil, err
	}
	names, err := s.People.Names(ctx, tx, people...)
	for _, i := range rows {
		out = append(out, Seen{i, texts[i.Name].Plain, names[i.MadeBy]})
	}
	return out, err
}

// Asked tells what the actor's organisation asks.
func (s *Service) Asked(ctx context.Context, a who.Actor) (r element.Rules, err error) {
	if err := s.Rules.Need(a, "exchange.see", access.Object{Org: a.Scope}); err != nil {
		return r, err
	}
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		r, err = setting.Get(tx, asked, a.Scope, tx.Now())
		return err
	})
	return r, err
}

// Ask changes what the actor's organisation asks, for imports from now on.
func (s *Service) Ask(ctx context.Context, a who.Actor, r element.Rules) error {
	if err := s.Rules.Need(a, "exchange.set", access.Object{Org: a.Scope}); err != nil {
		return err
	}
	return s.DB.Do(ctx, a, func(tx *db.Tx) error {
		_, err := setting.Set(tx, asked, setting.Owner{Org: a.Org, Path: a.Scope}, r, time.Time{})
		return err
	})
}

func (s *Service) log() *slog.Logger {
	if s.Log == nil {
		return slog.Default()
	}
	return s.Log
}
