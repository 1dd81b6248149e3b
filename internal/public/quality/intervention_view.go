package quality

import (
	"context"
	"fmt"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
	"mingfa/internal/public/lawyer"
)

// ListedCase is a row of the list of interventions.
type ListedCase struct {
	Intervention
	Card *lawyer.Card
}

// MeasureSeen is a measure with its words.
type MeasureSeen struct {
	ID    id.ID
	Kind  MeasureKind
	Words string // empty when erased
	At    time.Time
	By    id.ID
}

// CaseSeen is an intervention with all that was said in it.
type CaseSeen struct {
	ListedCase
	CauseText      string // empty when erased
	ConclusionText string
	Taken          []MeasureSeen
}

// Cases lists the interventions that the actor may see, newest first; nobody
// his own.
func (s *Service) Cases(ctx context.Context, a who.Actor, state CaseState, of, cursor id.ID, limit int64) (out []ListedCase, err error) {
	cond, args, err := s.Rules.List(a, "intervention.see", access.Columns{OrgPath: "i.path", Lawyer: "i.lawyer"})
	if err != nil {
		return nil, err
	}
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		var rows []Intervention
		q := tx.NewSelect().Model(&rows).Where(cond, args...).Where("i.lawyer <> ?", a.Person)
		if state != "" {
			q = q.Where("i.state = ?", state)
		}
		if of != id.Nil {
			q = q.Where("i.lawyer = ?", of)
		}
		if cursor != id.Nil {
			q = q.Where("(i.opened_at, i.id) < (SELECT opened_at, id FROM quality_intervention WHERE id = ?)", cursor)
		}
		if err := q.OrderExpr("i.opened_at DESC, i.id DESC").Limit(limit).Scan(tx.Ctx()); err != nil {
			return fmt.Errorf("list interventions: %w", err)
		}
		out, err = s.listedCases(ctx, tx, rows)
		return err
	})
	return out, err
}

func (s *Service) listedCases(ctx context.Context, tx *db.Tx, rows []Intervention) ([]ListedCase, error) {
	lawyers := make([]id.ID, len(rows))
	for i, x := range rows {
		lawyers[i] = x.Lawyer
	}
	cards, err := s.Lawyers.Cards(ctx, tx, lawyers...)
	if err != nil {
		return nil, err
	}
	out := make([]ListedCase, len(rows))
	for i, x := range rows {
		out[i].Intervention = x
		if c, ok := cards[x.Lawyer]; ok {
			out[i].Card = &c
		}
	}
	return out, nil
}

// SeeCase shows an intervention to one who may see it.
func (s *Service) SeeCase(ctx context.Context, a who.Actor, intervention id.ID) (v *CaseSeen, err error) {
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		x, err := loadCase(tx, intervention)
		if err != nil {
			return err
		}
		if x.Lawyer == a.Person {
			return fault.NotThere()
		}
		if err := s.Rules.Need(a, "intervention.see", x.object()); err != nil {
			return err
		}
		v, err = s.openedCase(ctx, tx, x)
		return err
	})
	return v, err
}

// openedCase reads all that was said in a case.
func (s *Service) openedCase(ctx context.Context, tx *db.Tx, x *Intervention) (*CaseSeen, error) {
	var taken []measureRow
	if err := tx.NewSelect().Model(&taken).Where("intervention = ?", x.ID).Order("n").Scan(tx.Ctx()); err != nil {
		return nil, err
	}
	ids := []id.ID{x.Cause, x.Conclusion}
	for _, m := range taken {
		ids = append(ids, m.Words)
	}
	texts, err := s.Keys.Read(ctx, tx, ids...)
	if err != nil {
		return nil, fmt.Errorf("open an intervention: %w", err)
	}
	list, err := s.listedCases(ctx, tx, []Intervention{*x})
	if err != nil {
		return nil, err
	}
	v := &CaseSeen{ListedCase: list[0], CauseText: texts[x.Cause].Plain, ConclusionText: texts[x.Conclusion].Plain}
	for _, m := range taken {
		v.Taken = append(v.Taken, MeasureSeen{m.ID, m.Kind, texts[m.Words].Plain, m.At.Time, m.By})
	}
	return v, nil
}
