package alarm

import (
	"fmt"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
)

// told is what the facts say of an alarm.
type told struct {
	kind      Kind
	about     id.ID
	state     State
	level     int
	owner     id.ID
	escalated bool
}

// Facts follows alarms fact by fact: what verify compares the rows with.
type Facts struct{ alarms map[id.ID]*told }

// NewFacts has seen nothing yet.
func NewFacts() *Facts { return &Facts{map[id.ID]*told{}} }

// Kinds are the facts that Apply understands.
func (*Facts) Kinds() []string {
	return []string{"alarm.opened", "alarm.raised", "alarm.acknowledged", "alarm.escalated", "alarm.resolved"}
}

// Apply takes the next fact.
func (x *Facts) Apply(f journal.Fact) error {
	a := x.alarms[f.Subject]
	if f.Kind != "alarm.opened" && a == nil {
		return fmt.Errorf("fact %s of alarm %s comes before it was opened", f.Kind, f.Subject)
	}
	switch f.Kind {
	case "alarm.opened":
		var e OpenedFact
		err := f.Decode(&e)
		x.alarms[f.Subject] = &told{kind: e.What, about: e.About, state: Open, level: e.Level}
		return err
	case "alarm.raised":
		var e RaisedFact
		err := f.Decode(&e)
		a.level = e.Level
		return err
	case "alarm.acknowledged":
		a.state, a.owner = Acknowledged, f.Actor
	case "alarm.escalated":
		a.escalated = true
	case "alarm.resolved":
		a.state = Resolved
	}
	return nil
}

// Compare tells the first row that is not what the facts say.
func (x *Facts) Compare(tx *db.Tx) error {
	var rows []Alarm
	if err := tx.NewSelect().Model(&rows).Column("id", "kind", "about", "state", "level", "owner", "escalated").Scan(tx.Ctx()); err != nil {
		return err
	}
	for _, w := range rows {
		t := x.alarms[w.ID]
		if t == nil {
			return fmt.Errorf("alarm_case: alarm %s has no fact", w.ID)
		}
		if *t != (told{w.Kind, w.About, w.State, w.Level, w.Owner, w.Escalated}) {
			return fmt.Errorf("alarm_case: alarm %s is not what its facts say", w.ID)
		}
	}
	if len(rows) != len(x.alarms) {
		return fmt.Errorf("alarm_case: %d alarms have facts, %d have rows", len(x.alarms), len(rows))
	}
	return nil
}
