package consult

import (
	"fmt"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
)

// Told is what the facts say of orders: the record for the figures, and the
// state that the row must have.
type Told struct {
	Record
	State    State
	Lawyer   id.ID
	Breach   bool
	Callback id.ID
	called   CallbackState
}

// Facts follows orders fact by fact, in leaf order. It is what figures are made
// of and what verify compares rows with.
type Facts struct {
	Orders    map[id.ID]*Told
	callbacks map[id.ID]id.ID // call-back -> order
	notes     map[id.ID]id.ID // note -> order
	handovers map[id.ID]id.ID // sealed summary -> order
	saved     map[id.ID]savedTold
	tries     map[id.ID]int
}

// NewFacts has seen nothing yet.
func NewFacts() *Facts {
	return &Facts{Orders: map[id.ID]*Told{}, callbacks: map[id.ID]id.ID{}, notes: map[id.ID]id.ID{}, handovers: map[id.ID]id.ID{},
		saved: map[id.ID]savedTold{}, tries: map[id.ID]int{}}
}

// Kinds are the facts that Apply understands.
func (*Facts) Kinds() []string {
	return []string{"consult.asked", "consult.assigned", "consult.answered", "consult.rated", "consult.closed", "consult.excluded", "consult.included",
		"consult.breached", "consult.callback_opened", "consult.callback_tried", "consult.callback_recorded", "consult.callback_closed",
		"consult.noted", "consult.saved", "consult.saved_removed"}
}

// Apply takes the next fact.
func (x *Facts) Apply(f journal.Fact) error {
	if f.Kind == "consult.asked" {
		x.order(f.Subject).Asked = f.At
		return nil
	}
	if mine, err := x.desk(f); mine || err != nil {
		return err
	}
	o := x.Orders[f.Root]
	if o == nil && f.Subject != f.Root {
		o = x.order(f.Root) // numbered together, facts are sorted by subject: a call-back's may come first
	}
	if o == nil {
		return fmt.Errorf("fact %s of order %s comes before its question", f.Kind, f.Root)
	}
	switch f.Kind {
	case "consult.assigned":
		if c, ok := f.Sealed[passSummary]; ok {
			x.handovers[c.ID] = f.Root
		}
		return o.assigned(f)
	case "consult.answered":
		o.Answered, o.State = f.At, Answered
		o.Breach = Breached(o.Asked, f.At)
	case "consult.rated":
		return o.rated(f)
	case "consult.closed":
		o.State = Closed
	case "consult.excluded":
		var e ExcludedFact
		if err := f.Decode(&e); err != nil {
			return err
		}
		o.Excluded, o.State = e.Why, Excluded
	case "consult.included":
		return o.included(f)
	case "consult.breached":
		var e BreachedFact
		if err := f.Decode(&e); err != nil {
			return err
		}
		o.Breach = o.Breach || !e.Reply
	default:
		return x.callback(o, f)
	}
	return nil
}

// order finds or begins an order.
func (x *Facts) order(i id.ID) *Told {
	if x.Orders[i] == nil {
		x.Orders[i] = &Told{Record: Record{Order: i}, State: Waiting}
	}
	return x.Orders[i]
}

func (o *Told) assigned(f journal.Fact) error {
	var e AssignedFact
	if err := f.Decode(&e); err != nil {
		return err
	}
	o.Lawyer = e.Lawyer
	if o.State == Waiting {
		o.State = Assigned
	}
	return nil
}

func (o *Told) included(f journal.Fact) error {
	var e IncludedFact
	if err := f.Decode(&e); err != nil {
		return err
	}
	o.Excluded, o.State = "", e.State
	if e.State == Waiting {
		o.Lawyer = id.Nil
	}
	return nil
}

func (o *Told) rated(f journal.Fact) error {
	var e RatedFact
	if err := f.Decode(&e); err != nil {
		return err
	}
	o.Rated = e.Level
	if e.Closed {
		o.State = Closed
	}
	return nil
}

func (x *Facts) callback(o *Told, f journal.Fact) error {
	switch f.Kind {
	case "consult.callback_opened":
		var e CallbackOpenedFact
		if err := f.Decode(&e); err != nil {
			return err
		}
		o.CallDue, o.Callback, o.called = e.DueAt.Time, f.Subject, CallbackOpen
	case "consult.callback_tried":
		var e CallbackTriedFact
		if err := f.Decode(&e); err != nil {
			return err
		}
		if o.CalledBack.IsZero() && (e.Reached || e.N >= MaxAttempts) {
			o.CalledBack, o.called = f.At, CallbackCalled
		}
	case "consult.callback_recorded":
		o.called = CallbackRecorded
	case "consult.callback_closed":
		o.called = CallbackClosed
	}
	return nil
}

// Compare tells the first row that is not what the facts say. Facts that were
// written after Apply had seen the last are no difference: they raise rev.
func (x *Facts) Compare(tx *db.Tx) error {
	rows, err := tx.Rows(`SELECT o.id, o.state, o.lawyer, o.asked_at, o.answered_at, o.rating, o.breach, o.exclusion, c.id, c.state, c.called_at
		FROM consult_order o LEFT JOIN consult_callback c ON c.order_id = o.id`)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	seen := 0
	for rows.Next() {
		var order, by, callback id.ID
		var state, called State
		var rating, exclusion *string
		var calledState *string
		var asked, answered, calledAt db.Time
		var breach bool
		if err := rows.Scan(&order, &state, &by, &asked, &answered, &rating, &breach, &exclusion, &callback, &calledState, &calledAt); err != nil {
			return err
		}
		if calledState != nil {
			called = State(*calledState)
		}
		t := x.Orders[order]
		if t == nil {
			return fmt.Errorf("consult_order: order %s has no fact", order)
		}
		seen++
		row := Told{Record: Record{Order: order, Asked: asked.Time, Answered: answered.Time, Excluded: Exclusion(str(exclusion)), Rated: Rating(str(rating)), CalledBack: calledAt.Time},
			State: state, Lawyer: by, Breach: breach, Callback: callback, called: CallbackState(called)}
		if d := t.differs(row); d != "" {
			return fmt.Errorf("consult_order: %s of order %s is not what its facts say", d, order)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if seen != len(x.Orders) {
		return fmt.Errorf("consult_order: %d orders have facts, %d have rows", len(x.Orders), seen)
	}
	return x.compareDesk(tx)
}

// differs names the first thing in which the row is not what was told.
func (t *Told) differs(row Told) string {
	for _, c := range []struct {
		name string
		same bool
	}{
		{"state", t.State == row.State}, {"lawyer", t.Lawyer == row.Lawyer}, {"asked_at", same(t.Asked, row.Asked)},
		{"answered_at", same(t.Answered, row.Answered)}, {"rating", t.Rated == row.Rated}, {"breach", t.Breach == row.Breach},
		{"exclusion", t.Excluded == row.Excluded}, {"callback", t.Callback == row.Callback}, {"callback state", t.called == row.called},
		{"called_at", same(t.CalledBack, row.CalledBack)},
	} {
		if !c.same {
			return c.name
		}
	}
	return ""
}

func same(a, b time.Time) bool { return a.UnixMilli() == b.UnixMilli() || a.IsZero() && b.IsZero() }

func str(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
