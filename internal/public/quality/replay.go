package quality

import (
	"fmt"
	"maps"
	"slices"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
)

// told is what the facts say of a sample.
type told struct {
	order, lawyer       id.ID
	month               Month
	state               State
	drawn, fatal, minor bool
}

// Facts follows samples and interventions fact by fact, in leaf order: what
// verify compares the rows with.
type Facts struct {
	samples map[id.ID]*told
	cases   map[id.ID]CaseState
	hand    map[id.ID]HandDrawnFact
}

// NewFacts has seen nothing yet.
func NewFacts() *Facts {
	return &Facts{samples: map[id.ID]*told{}, cases: map[id.ID]CaseState{}, hand: map[id.ID]HandDrawnFact{}}
}

// sampleKinds are the facts that change a sample.
var sampleKinds = []string{"quality.sampled", "quality.checked", "quality.disputed", "quality.settled", "quality.dropped", "quality.reopened"}

// Kinds are the facts that Apply understands.
func (*Facts) Kinds() []string {
	return slices.Concat(sampleKinds, []string{"quality.hand_drawn"}, slices.Collect(maps.Keys(caseStates)))
}

// caseStates are the states that facts of an intervention lead to.
var caseStates = map[string]CaseState{"quality.case_opened": CaseOpen, "quality.case_closed": CaseClosed, "quality.case_lapsed": CaseLapsed}

// Apply takes the next fact.
func (x *Facts) Apply(f journal.Fact) error {
	if state, ok := caseStates[f.Kind]; ok {
		x.cases[f.Subject] = state
		return nil
	}
	if f.Kind == (HandDrawnFact{}).Kind() {
		var e HandDrawnFact
		err := f.Decode(&e)
		x.hand[f.Subject] = e
		return err
	}
	q := x.samples[f.Subject]
	if f.Kind == "quality.sampled" {
		var e SampledFact
		if err := f.Decode(&e); err != nil {
			return err
		}
		if q == nil {
			q = &told{order: e.Order, lawyer: e.Lawyer, month: e.Month, state: Open}
			x.samples[f.Subject] = q
		}
		q.drawn = q.drawn || e.Drawn
		return nil
	}
	if q == nil {
		return fmt.Errorf("fact %s of sample %s comes before it was sampled", f.Kind, f.Subject)
	}
	switch f.Kind {
	case "quality.checked":
		return q.checked(f)
	case "quality.disputed":
		q.state = Disputed
	case "quality.settled":
		q.state = Final
	case "quality.dropped":
		q.state, q.fatal, q.minor = Void, false, false
	case "quality.reopened":
		return q.reopened(f)
	}
	return nil
}

func (q *told) reopened(f journal.Fact) error {
	var e ReopenedFact
	err := f.Decode(&e)
	q.state, q.fatal, q.minor = e.State, e.Fatal, e.Minor
	return err
}

func (q *told) checked(f journal.Fact) error {
	var e CheckedFact
	if err := f.Decode(&e); err != nil {
		return err
	}
	q.state = e.State
	if e.Round != Second {
		q.fatal, q.minor = e.Fatal > 0, e.Minor > 0
	}
	return nil
}

// Compare tells the first row that is not what the facts say.
func (x *Facts) Compare(tx *db.Tx) error {
	var rows []Sample
	if err := tx.NewSelect().Model(&rows).Order("id").Scan(tx.Ctx()); err != nil {
		return err
	}
	for _, q := range rows {
		t := x.samples[q.ID]
		if t == nil {
			return fmt.Errorf("quality_sample: sample %s has no fact", q.ID)
		}
		row := told{q.Order, q.Lawyer, Month(q.Month), q.State, q.Drawn, q.Fatal, q.Minor}
		if row != *t {
			return fmt.Errorf("quality_sample: sample %s is not what its facts say", q.ID)
		}
	}
	if len(rows) != len(x.samples) {
		return fmt.Errorf("quality_sample: %d samples have facts, %d have rows", len(x.samples), len(rows))
	}
	if err := x.compareHandDraws(tx); err != nil {
		return err
	}
	return x.compareCases(tx)
}

func (x *Facts) compareHandDraws(tx *db.Tx) error {
	var rows []handDrawRow
	if err := tx.NewSelect().Model(&rows).Order("id").Scan(tx.Ctx()); err != nil {
		return err
	}
	for _, r := range rows {
		e, ok := x.hand[r.ID]
		if !ok || !e.same(r.fact()) {
			return fmt.Errorf("quality_hand_draw: draw %s is not what its fact says", r.ID)
		}
	}
	if len(rows) != len(x.hand) {
		return fmt.Errorf("quality_hand_draw: %d draws have facts, %d have rows", len(x.hand), len(rows))
	}
	return nil
}

func (x *Facts) compareCases(tx *db.Tx) error {
	var rows []Intervention
	if err := tx.NewSelect().Model(&rows).Order("id").Scan(tx.Ctx()); err != nil {
		return err
	}
	for _, c := range rows {
		if x.cases[c.ID] != c.State {
			return fmt.Errorf("quality_intervention: the state of %s is not what its facts say", c.ID)
		}
	}
	if len(rows) != len(x.cases) {
		return fmt.Errorf("quality_intervention: %d have facts, %d have rows", len(x.cases), len(rows))
	}
	return nil
}
