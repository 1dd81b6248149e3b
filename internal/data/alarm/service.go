package alarm

import (
	"context"
	"errors"
	"fmt"

	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/text"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
	"mingfa/internal/core/identity"
)

// Service has the verbs of the room.
type Service struct {
	DB     *db.DB
	Keys   *seal.Keys
	Rules  *access.Rules
	People *identity.Service
}

// maxWords bounds the words of an acknowledgement or a result, in characters.
const maxWords = 500

// Acknowledge makes the actor the owner of an alarm, with words; of one that has
// an owner he takes it over.
func (s *Service) Acknowledge(ctx context.Context, a who.Actor, alarm id.ID, rev int64, words string) (*Alarm, error) {
	return s.change(ctx, a, alarm, rev, words, func(tx *db.Tx, w *Alarm, said seal.Sealed) (journal.Event, error) {
		if err := w.acknowledge(a.Person, said.ID, db.At(tx.Now())); err != nil {
			return nil, err
		}
		return AcknowledgedFact{AfterMS: tx.Now().Sub(w.OpenedAt.Time).Milliseconds()}, due.Cancel(tx, w.ID, "escalate")
	})
}

// Resolve ends an alarm by hand, with words; its cause opens another.
func (s *Service) Resolve(ctx context.Context, a who.Actor, alarm id.ID, rev int64, words string) (*Alarm, error) {
	return s.change(ctx, a, alarm, rev, words, func(tx *db.Tx, w *Alarm, said seal.Sealed) (journal.Event, error) {
		if err := w.resolve(a.Person, said.ID, db.At(tx.Now())); err != nil {
			return nil, err
		}
		return ResolvedFact{ByHand: true}, due.Cancel(tx, w.ID, "escalate")
	})
}

// change is the middle of both verbs: look, seal the words, lock, decide, save.
func (s *Service) change(ctx context.Context, a who.Actor, alarm id.ID, rev int64, words string,
	decide func(tx *db.Tx, w *Alarm, said seal.Sealed) (journal.Event, error)) (w *Alarm, err error) {
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		if w, err = load(tx, alarm); err != nil {
			return err
		}
		return s.Rules.Need(a, "alarm.change", w.object())
	})
	if err != nil {
		return nil, err
	}
	said, err := s.seal(ctx, w, words)
	if err != nil {
		return nil, err
	}
	err = s.DB.Do(ctx, a, func(tx *db.Tx) error {
		if w, err = lock(tx, alarm); err != nil {
			return err
		}
		if err := s.Rules.Need(a, "alarm.change", w.object()); err != nil {
			return err
		}
		if rev != 0 && rev != w.Rev {
			return fault.New(fault.Conflict, "fault.stale")
		}
		e, err := decide(tx, w, said)
		if err != nil {
			return err
		}
		return save(tx, w, e, map[string]seal.Sealed{"words": said})
	})
	return w, err
}

// seal checks and seals words under the alarm's key; of an erased person's order
// nothing can be said any more but under the organisation's.
func (s *Service) seal(ctx context.Context, w *Alarm, words string) (x seal.Sealed, err error) {
	clean, err := text.Clean(words)
	switch {
	case err != nil:
		return x, fault.Bad(fault.At("words", "fault.text_refused"))
	case text.Blank(clean):
		return x, fault.Bad(fault.At("words", "fault.field_required"))
	case text.Length(clean) > maxWords:
		return x, fault.Bad(fault.At("words", "fault.too_long").With("max", maxWords))
	}
	x, err = s.Keys.Seal(ctx, w.Org, w.Key, clean)
	if errors.Is(err, seal.ErrErased) {
		var o identity.Org
		if err = s.DB.View(ctx, who.System("alarm"), func(tx *db.Tx) error { o, err = s.People.OrgByID(tx, w.Org); return err }); err == nil {
			x, err = s.Keys.Seal(ctx, w.Org, o.Key, clean)
		}
	}
	if err != nil {
		return x, fmt.Errorf("seal what was said of an alarm: %w", err)
	}
	return x, nil
}

// Filter narrows a list.
type Filter struct {
	State  string // a state, "running" (not resolved), or "" for all
	Kind   Kind
	Mine   bool // owned by the actor
	Cursor id.ID
	Limit  int64
}

// Seen is an alarm as it is shown.
type Seen struct {
	Alarm
	OrgName    string
	OwnerName  string // empty when erased
	WordsText  seal.Text
	ResultText seal.Text
}

// List lists the alarms that the actor may see, newest first.
func (s *Service) List(ctx context.Context, a who.Actor, f Filter) (out []Seen, err error) {
	cond, args, err := s.Rules.List(a, "alarm.list", access.Columns{OrgPath: "w.path"})
	if err != nil {
		return nil, err
	}
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		var rows []Alarm
		q := tx.NewSelect().Model(&rows).Where(cond, args...)
		switch f.State {
		case "":
		case "running":
			q = q.Where("w.resolved_at IS NULL")
		default:
			q = q.Where("w.state = ?", f.State)
		}
		if f.Kind != "" {
			q = q.Where("w.kind = ?", f.Kind)
		}
		if f.Mine {
			q = q.Where("w.owner = ?", a.Person)
		}
		if f.Cursor != id.Nil {
			q = q.Where("(w.opened_at, w.id) < (SELECT opened_at, id FROM alarm_case WHERE id = ?)", f.Cursor)
		}
		if err := q.OrderExpr("w.opened_at DESC, w.id DESC").Limit(f.Limit).Scan(tx.Ctx()); err != nil {
			return fmt.Errorf("list alarms: %w", err)
		}
		out, err = s.shown(ctx, tx, rows)
		return err
	})
	return out, err
}

// See shows one alarm with what happened to it.
func (s *Service) See(ctx context.Context, a who.Actor, alarm id.ID, language string) (v Seen, history []Step, err error) {
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		w, err := load(tx, alarm)
		if err != nil {
			return err
		}
		if err := s.Rules.Need(a, "alarm.see", w.object()); err != nil {
			return err
		}
		all, err := s.shown(ctx, tx, []Alarm{*w})
		if err != nil {
			return err
		}
		v = all[0]
		history, err = s.history(ctx, tx, w, language)
		return err
	})
	return v, history, err
}

// Step is a fact of an alarm as a sentence.
type Step struct {
	At       db.Time
	Sentence string
	By       string // a person's name; empty for the program
	Words    seal.Text
}

func (s *Service) history(ctx context.Context, tx *db.Tx, w *Alarm, language string) (out []Step, err error) {
	facts, err := journal.ByRoot(tx, w.Org, w.ID, 0, 200)
	if err != nil {
		return nil, err
	}
	var people, words []id.ID
	for _, f := range facts {
		people = append(people, f.Actor)
		if c, ok := f.Sealed["words"]; ok {
			words = append(words, c.ID)
		}
	}
	names, err := s.People.Names(ctx, tx, people...)
	if err != nil {
		return nil, err
	}
	texts, err := s.Keys.Read(ctx, tx, words...)
	for _, f := range facts {
		var level struct {
			Level int `json:"level"`
		}
		if err := f.Decode(&level); err != nil {
			return nil, err
		}
		out = append(out, Step{db.At(f.At), say.Text(language, "fact."+f.Kind, map[string]any{"level": level.Level}), names[f.Actor], texts[f.Sealed["words"].ID]})
	}
	return out, err
}

// shown reads names and words of a page of alarms.
func (s *Service) shown(ctx context.Context, tx *db.Tx, rows []Alarm) (out []Seen, err error) {
	var people, words []id.ID
	for _, w := range rows {
		people = append(people, w.Owner)
		for _, i := range []id.ID{w.Words, w.Result} {
			if i != id.Nil {
				words = append(words, i)
			}
		}
	}
	names, err := s.People.Names(ctx, tx, people...)
	if err != nil {
		return nil, err
	}
	texts, err := s.Keys.Read(ctx, tx, words...)
	if err != nil {
		return nil, err
	}
	org := s.People.OrgsByID(tx)
	for _, w := range rows {
		o, err := org(w.Org)
		if err != nil {
			return nil, err
		}
		out = append(out, Seen{w, o.Name, names[w.Owner], texts[w.Words], texts[w.Result]})
	}
	return out, nil
}
