package quality

import (
	"slices"
	"time"

	"github.com/uptrace/bun"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/core/access"
)

// The point-to-point intervention (点对点干预, B7.1.4.1): a lawyer whose
// satisfaction falls below the warning value gets a case. Somebody finds out why,
// links what inspections found, does something about it, and only then closes
// it.
//
//	Watch               Analyse, AddMeasure            Close
//	------> open ---------------------------> open ---------> closed
//	          | the lawyer is erased
//	          +-----------------------------> lapsed
//
// It opens right after a rating and each morning, once while one is open. What
// was rated before a case closed opens no other one.

// CaseState is where an intervention is.
type CaseState string

// The states.
const (
	CaseOpen   CaseState = "open"
	CaseClosed CaseState = "closed"
	CaseLapsed CaseState = "lapsed" // the lawyer's person was erased
)

// Category is why a lawyer's ratings are low (B7.1.4.1a).
type Category string

// The categories.
var Categories = []Category{"knowledge", "attitude", "timeliness", "clarity", "workload", "expectation", "platform", "other"}

// MeasureKind is what was done about it.
type MeasureKind string

// The measures.
const (
	Talk     MeasureKind = "talk"     // 谈话
	Training MeasureKind = "training" // 培训
)

// Intervention is one case.
type Intervention struct {
	bun.BaseModel `bun:"table:quality_intervention,alias:i"`

	ID         id.ID  `bun:"type:uuid,pk"`
	Org        id.ID  `bun:"type:uuid"` // of the lawyer
	Path       string // of Org
	Rev        int64
	Lawyer     id.ID `bun:"type:uuid"`
	State      CaseState
	OpenedAt   db.Time `bun:",nullzero"`
	Rated      int     // ratings in the period when it opened
	Satisfied  int     // of them satisfied (T7)
	Category   Category
	Cause      id.ID   `bun:"type:uuid,nullzero"` // sealed under the lawyer's key, like Conclusion
	Checks     []id.ID `bun:"type:text"`          // samples that show it (B7.1.4.1b)
	AnalysedBy id.ID   `bun:"type:uuid,nullzero"`
	Measures   int     // number of the last measure
	Conclusion id.ID   `bun:"type:uuid,nullzero"`
	ClosedAt   db.Time `bun:",nullzero"`
	ClosedBy   id.ID   `bun:"type:uuid,nullzero"`
}

// object is what a case is for rights.
func (x *Intervention) object() access.Object { return access.Object{Org: x.Path, Lawyer: x.Lawyer} }

// Warned tells whether a lawyer's ratings open an intervention: enough of them,
// and fewer satisfied than the warning value; exactly the value does not.
func (r Limits) Warned(rated, satisfied int) bool {
	return rated >= r.WarnRatings && int64(satisfied)*100 < int64(rated)*r.WarnPercent
}

// watchFrom is since when ratings count: a number of days, but not before the
// last case was closed.
func (r Limits) watchFrom(now, closed time.Time) time.Time {
	from := now.Add(-time.Duration(r.WarnDays) * 24 * time.Hour)
	if closed.After(from) {
		return closed
	}
	return from
}

// maxChecks and maxMeasures bound a case.
const (
	maxChecks   = 50
	maxMeasures = 50
)

// Analysis is why the ratings are low.
type Analysis struct {
	Category Category `json:"category" enum:"knowledge,attitude,timeliness,clarity,workload,expectation,platform,other"`
	Cause    string   `json:"cause" doc:"In words"`
	Checks   []id.ID  `json:"checks,omitempty" doc:"Inspected orders of the lawyer that show it"`
}

// clean names the fields that can't be taken.
func (n Analysis) clean() (Analysis, error) {
	var bad []fault.Field
	if !slices.Contains(Categories, n.Category) {
		bad = append(bad, fault.At("category", "fault.field_choice"))
	}
	n.Cause = words("cause", n.Cause, true, &bad)
	if len(n.Checks) > maxChecks {
		bad = append(bad, fault.At("checks", "fault.too_many_items").With("max", maxChecks))
	}
	if bad != nil {
		return n, fault.Bad(bad...)
	}
	n.Checks = append([]id.ID{}, n.Checks...)
	return n, nil
}

// Measure is something that was done.
type Measure struct {
	ID    id.ID       `json:"id" doc:"Client-made; a repeat changes nothing"`
	Kind  MeasureKind `json:"kind" enum:"talk,training"`
	Words string      `json:"words" doc:"What was said or arranged"`
}

func (m Measure) clean() (Measure, error) {
	var bad []fault.Field
	if m.ID == id.Nil {
		bad = append(bad, fault.At("id", "fault.id"))
	}
	if m.Kind != Talk && m.Kind != Training {
		bad = append(bad, fault.At("kind", "fault.field_choice"))
	}
	m.Words = words("words", m.Words, true, &bad)
	if bad != nil {
		return m, fault.Bad(bad...)
	}
	return m, nil
}

// close ends a case that has all it needs.
func (x *Intervention) close(by id.ID, now time.Time) error {
	switch {
	case x.State != CaseOpen:
		return wrong("quality.case_closed")
	case x.Category == "" || x.Cause == id.Nil:
		return wrong("quality.case_needs_cause")
	case x.Measures == 0:
		return wrong("quality.case_needs_measure")
	}
	x.State, x.ClosedAt, x.ClosedBy = CaseClosed, db.At(now), by
	return nil
}
