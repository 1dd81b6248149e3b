package quality

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/uptrace/bun"

	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/setting"
	"mingfa/internal/base/who"
	"mingfa/internal/core/identity"
	"mingfa/internal/public/consult"
)

// WatchKinds are the facts after which a lawyer's satisfaction is looked at.
var WatchKinds = []string{"consult.rated"}

// dueWatch looks at a lawyer's satisfaction each morning.
const dueWatch = "quality.watch"

// watchHour is when, in the zone of the lawyer's organisation.
const watchHour = 6

// watched is the payload of the due row.
type watched struct {
	Lawyer id.ID `json:"lawyer"`
}

// measureRow is one measure.
type measureRow struct {
	bun.BaseModel `bun:"table:quality_measure"`

	ID    id.ID `bun:"type:uuid,pk"`
	Org   id.ID `bun:"type:uuid"`
	Case  id.ID `bun:"intervention,type:uuid"`
	N     int
	Kind  MeasureKind
	Words id.ID   `bun:"type:uuid"`
	At    db.Time `bun:",nullzero"`
	By    id.ID   `bun:"by_person,type:uuid"`
}

// Rated is the reaction to WatchKinds: right after a rating the lawyer's
// satisfaction is looked at, and then each morning while ratings count.
func (s *Service) Rated(tx *db.Tx, f journal.Fact) error {
	var e consult.RatedFact
	if err := f.Decode(&e); err != nil {
		return err
	}
	return s.watch(tx, e.Lawyer, f.Org)
}

// morning is the handler of the due row.
func (s *Service) morning(tx *db.Tx, f due.Fired) error {
	var w watched
	if err := f.Decode(&w); err != nil {
		return err
	}
	return s.watch(tx, w.Lawyer, f.Org)
}

// watch opens a case where a lawyer's satisfaction is below the warning value and
// none is open, and looks again the next morning as long as any rating counts.
func (s *Service) watch(tx *db.Tx, lawyer, fallback id.ID) error {
	org, zone, err := s.home(tx, lawyer, fallback)
	if err != nil {
		return err
	}
	numbers, err := setting.Get(tx, limits, org.Path, tx.Now())
	if err != nil {
		return err
	}
	last, n, err := lastCase(tx, lawyer)
	if err != nil {
		return err
	}
	rated, satisfied, err := consult.Satisfaction(tx, lawyer, numbers.watchFrom(tx.Now(), last.ClosedAt.Time))
	if err != nil {
		return err
	}
	if _, err := s.People.KeyOf(tx, lawyer); errors.Is(err, identity.ErrGone) {
		return nil
	}
	if last.State != CaseOpen && numbers.Warned(rated, satisfied) {
		if err := openCase(tx, org, lawyer, n+1, rated, satisfied, numbers); err != nil {
			return err
		}
	}
	if rated == 0 {
		return nil
	}
	return due.Set(tx, due.Row{Org: org.ID, Subject: derived("quality watch", lawyer), Name: "watch", Kind: dueWatch, At: nextAt(tx.Now(), zone, watchHour),
		Payload: watched{lawyer}, Rule: "06:00", Anchor: tx.Now(), Zone: org.Zone})
}

// lastCase is the newest case of a lawyer, the zero one before the first, and how
// many there are.
func lastCase(tx *db.Tx, lawyer id.ID) (x Intervention, n int, err error) {
	var list []Intervention
	err = tx.NewSelect().Model(&list).Where("lawyer = ?", lawyer).OrderExpr("opened_at, id").Scan(tx.Ctx())
	if len(list) > 0 {
		x = list[len(list)-1]
	}
	return x, len(list), err
}

// openCase opens the n-th case of a lawyer. Its ID is made of both, so that of
// two who open it at once one gets a conflict and tries again.
func openCase(tx *db.Tx, org identity.Org, lawyer id.ID, n, rated, satisfied int, l Limits) error {
	x := &Intervention{ID: derived("quality case "+strconv.Itoa(n), lawyer), Org: org.ID, Path: org.Path, Rev: 1, Lawyer: lawyer, State: CaseOpen,
		OpenedAt: db.At(tx.Now()), Rated: rated, Satisfied: satisfied, Checks: []id.ID{}}
	if err := tx.InsertLater(nil, x); err != nil {
		return err
	}
	return x.write(tx, CaseOpenedFact{Lawyer: lawyer, Rated: rated, Satisfied: satisfied, Percent: l.WarnPercent, Days: l.WarnDays}, nil)
}

func (x *Intervention) write(tx *db.Tx, e journal.Event, sealed map[string]seal.Sealed) error {
	return journal.Write(tx, journal.Entry{Org: x.Org, Root: x.ID, Subject: x.ID, Rev: x.Rev, Event: e, Sealed: sealed})
}

func (x *Intervention) commit(tx *db.Tx, e journal.Event, sealed map[string]seal.Sealed) error {
	if err := tx.Save(x, &x.Rev); err != nil {
		return err
	}
	return x.write(tx, e, sealed)
}

func lockCase(tx *db.Tx, i id.ID) (*Intervention, error) { return db.LoadLocked[Intervention](tx, i) }

func loadCase(tx *db.Tx, i id.ID) (*Intervention, error) { return db.Load[Intervention](tx, i) }

// change is the middle of the verbs: see the case, seal the words under the
// lawyer's key, lock, decide, save, write the fact. A nil fact changes nothing.
func (s *Service) change(ctx context.Context, a who.Actor, intervention id.ID, rev int64, name, plain string,
	do func(tx *db.Tx, x *Intervention, sealed seal.Sealed) (journal.Event, error)) (out *Intervention, err error) {
	key, org, err := s.keyOf(ctx, a, intervention)
	if err != nil {
		return nil, err
	}
	sealed, err := s.seal(ctx, org, key, name, plain)
	if err != nil {
		return nil, err
	}
	err = s.DB.Do(ctx, a, func(tx *db.Tx) error {
		x, err := lockCase(tx, intervention)
		if err != nil {
			return err
		}
		if err := s.mayChange(a, x); err != nil {
			return err
		}
		out = x
		e, err := do(tx, x, sealed[name])
		if err != nil || e == nil {
			return err
		}
		if rev != 0 && rev != x.Rev {
			return fault.New(fault.Conflict, "fault.stale")
		}
		return x.commit(tx, e, sealed)
	})
	return out, err
}

// mayChange asks for the right to work on a case: nobody on his own.
func (s *Service) mayChange(a who.Actor, x *Intervention) error {
	if x.Lawyer == a.Person {
		return fault.NotThere()
	}
	return s.Rules.Need(a, "intervention.change", x.object())
}

// keyOf is the key of the lawyer of a case, for one who may change it.
func (s *Service) keyOf(ctx context.Context, a who.Actor, intervention id.ID) (key, org id.ID, err error) {
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		x, err := loadCase(tx, intervention)
		if err != nil {
			return err
		}
		if err := s.mayChange(a, x); err != nil {
			return err
		}
		org = x.Org
		key, err = s.People.KeyOf(tx, x.Lawyer)
		if errors.Is(err, identity.ErrGone) {
			return fault.NotThere()
		}
		return err
	})
	return key, org, err
}

// Analyse notes why the ratings are low (B7.1.4.1a) and which inspected orders
// show it (B7.1.4.1b). It may be done again until the case is closed.
func (s *Service) Analyse(ctx context.Context, a who.Actor, intervention id.ID, rev int64, n Analysis) (*Intervention, error) {
	n, err := n.clean()
	if err != nil {
		return nil, err
	}
	return s.change(ctx, a, intervention, rev, "cause", n.Cause, func(tx *db.Tx, x *Intervention, cause seal.Sealed) (journal.Event, error) {
		if x.State != CaseOpen {
			return nil, wrong("quality.case_closed")
		}
		for _, check := range n.Checks {
			q, err := load(tx, check)
			if fault.Is(err, fault.Absent) || err == nil && (q.Lawyer != x.Lawyer || !q.Settled() || !s.Rules.May(a, "quality.see", q.object())) {
				return nil, fault.Bad(fault.At("checks", "quality.check_unknown"))
			}
			if err != nil {
				return nil, err
			}
		}
		x.Category, x.Cause, x.Checks, x.AnalysedBy = n.Category, cause.ID, n.Checks, a.Person
		return CaseAnalysedFact{Category: n.Category, Checks: n.Checks}, nil
	})
}

// AddMeasure notes something that was done; the same ID again changes nothing.
func (s *Service) AddMeasure(ctx context.Context, a who.Actor, intervention id.ID, m Measure) (*Intervention, error) {
	m, err := m.clean()
	if err != nil {
		return nil, err
	}
	return s.change(ctx, a, intervention, 0, "words", m.Words, func(tx *db.Tx, x *Intervention, said seal.Sealed) (journal.Event, error) {
		var before measureRow
		err := tx.NewSelect().Model(&before).Where("id = ?", m.ID).Scan(tx.Ctx())
		if err == nil && before.Case == x.ID && before.By == a.Person {
			return nil, nil
		}
		if err != nil && !db.NotFound(err) {
			return nil, fmt.Errorf("look for the measure: %w", err)
		}
		switch {
		case x.State != CaseOpen:
			return nil, wrong("quality.case_closed")
		case x.Measures >= maxMeasures:
			return nil, wrong("quality.case_full")
		}
		x.Measures++
		row := measureRow{ID: m.ID, Org: x.Org, Case: x.ID, N: x.Measures, Kind: m.Kind, Words: said.ID, At: db.At(tx.Now()), By: a.Person}
		return CaseMeasuredFact{Measure: m.ID, What: m.Kind}, tx.InsertLater(nil, &row)
	})
}

// Close ends a case that has a cause and a measure, with a conclusion.
func (s *Service) Close(ctx context.Context, a who.Actor, intervention id.ID, rev int64, conclusion string) (*Intervention, error) {
	var bad []fault.Field
	conclusion = words("conclusion", conclusion, true, &bad)
	if bad != nil {
		return nil, fault.Bad(bad...)
	}
	return s.change(ctx, a, intervention, rev, "conclusion", conclusion, func(tx *db.Tx, x *Intervention, said seal.Sealed) (journal.Event, error) {
		if err := x.close(a.Person, tx.Now()); err != nil {
			return nil, err
		}
		x.Conclusion = said.ID
		return CaseClosedFact{}, nil
	})
}

// lapse ends the open case of an erased lawyer: its words went with his key.
func lapse(tx *db.Tx, lawyer id.ID) error {
	last, _, err := lastCase(tx, lawyer)
	if err != nil || last.State != CaseOpen {
		return err
	}
	x, err := lockCase(tx, last.ID)
	if err != nil {
		return err
	}
	x.State, x.ClosedAt = CaseLapsed, db.At(tx.Now())
	return x.commit(tx, CaseLapsedFact{}, nil)
}
