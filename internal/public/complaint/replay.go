package complaint

import (
	"fmt"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
)

// Told is what the facts say of a complaint: what the figures are made of, and the
// state that the row must have.
type Told struct {
	Kind         Kind
	State        State
	Received     time.Time
	Due          time.Time
	Called       time.Time // zero: not yet
	Closed       time.Time // zero: open
	Flag         Sensitivity
	Acknowledged bool
	Overdue      bool
}

// Facts follows complaints fact by fact, in leaf order.
type Facts struct{ Complaints map[id.ID]*Told }

// NewFacts has seen nothing yet.
func NewFacts() *Facts { return &Facts{Complaints: map[id.ID]*Told{}} }

// Kinds are the facts that Apply understands.
func (*Facts) Kinds() []string {
	return []string{"complaint.collected", "complaint.overdue", "complaint.tried", "complaint.registered", "complaint.flagged",
		"complaint.acknowledged", "complaint.closed"}
}

// Apply takes the next fact.
func (x *Facts) Apply(f journal.Fact) error {
	if f.Kind == "complaint.collected" {
		var e CollectedFact
		if err := f.Decode(&e); err != nil {
			return err
		}
		x.Complaints[f.Subject] = &Told{Kind: e.What, State: Collected, Received: e.ReceivedAt.Time, Due: e.DueAt.Time}
		return nil
	}
	t := x.Complaints[f.Subject]
	if t == nil {
		return fmt.Errorf("fact %s of complaint %s comes before it was collected", f.Kind, f.Subject)
	}
	switch f.Kind {
	case "complaint.overdue":
		t.Overdue = true
	case "complaint.tried":
		var e TriedFact
		if err := f.Decode(&e); err != nil {
			return err
		}
		if e.Called {
			t.State, t.Called = Called, f.At
		}
	case "complaint.registered":
		var e RegisteredFact
		if err := f.Decode(&e); err != nil {
			return err
		}
		t.State, t.Kind = Registered, e.What
	case "complaint.flagged":
		var e FlaggedFact
		if err := f.Decode(&e); err != nil {
			return err
		}
		t.Flag, t.Acknowledged = e.Category, t.Acknowledged && e.Category == t.Flag
	case "complaint.acknowledged":
		t.Acknowledged = true
	case "complaint.closed":
		t.State, t.Closed = Closed, f.At
	}
	return nil
}

// Compare tells the first row that is not what the facts say.
func (x *Facts) Compare(tx *db.Tx) error {
	rows, err := tx.Rows(`SELECT id, kind, state, received_at, due_at, called_at, closed_at, flag, acknowledged_at, warned FROM complaint_case`)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	seen := 0
	for rows.Next() {
		var c Complaint
		var kind, state, flag string
		if err := rows.Scan(&c.ID, &kind, &state, &c.ReceivedAt, &c.DueAt, &c.CalledAt, &c.ClosedAt, &flag, &c.AcknowledgedAt, &c.Warned); err != nil {
			return err
		}
		c.Kind, c.State, c.Flag = Kind(kind), State(state), Sensitivity(flag)
		t := x.Complaints[c.ID]
		if t == nil {
			return fmt.Errorf("complaint_case: complaint %s has no fact", c.ID)
		}
		seen++
		if d := t.differs(&c); d != "" {
			return fmt.Errorf("complaint_case: %s of complaint %s is not what its facts say", d, c.ID)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if seen != len(x.Complaints) {
		return fmt.Errorf("complaint_case: %d complaints have facts, %d have rows", len(x.Complaints), seen)
	}
	return nil
}

// differs names the first thing in which the row is not what was told.
func (t *Told) differs(c *Complaint) string {
	for _, x := range []struct {
		name string
		same bool
	}{
		{"kind", t.Kind == c.Kind}, {"state", t.State == c.State}, {"received_at", t.Received.Equal(c.ReceivedAt.Time)},
		{"due_at", t.Due.Equal(c.DueAt.Time)}, {"called_at", t.Called.Equal(c.CalledAt.Time)}, {"closed_at", t.Closed.Equal(c.ClosedAt.Time)},
		{"flag", t.Flag == c.Flag}, {"acknowledged_at", t.Acknowledged == !c.AcknowledgedAt.IsZero()}, {"warned", t.Overdue == (c.Warned == stepBreach)},
	} {
		if !x.same {
			return x.name
		}
	}
	return ""
}
