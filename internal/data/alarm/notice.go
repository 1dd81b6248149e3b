package alarm

import (
	"fmt"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/who"
	"mingfa/internal/core/notify"
)

// NoticeKinds are the facts of which somebody is told.
var NoticeKinds = []string{"alarm.opened", "alarm.escalated"}

// Notices are the messages that a fact calls for: operations learn of a new alarm,
// the bureau of one that nobody acknowledged. Of a late order consult has told
// operations already, of an overdue complaint its own room.
func Notices(tx *db.Tx, f journal.Fact, watchers func(role who.Role, path string) ([]id.ID, error)) (out []notify.Message, err error) {
	a, err := load(tx, f.Root)
	if err != nil {
		return nil, fmt.Errorf("find the alarm of fact %d: %w", f.Leaf, err)
	}
	kind, role := "alarm_"+string(a.Kind), who.Operations
	switch {
	case f.Kind == "alarm.escalated":
		kind, role = "alarm_escalated", who.Bureau
	case a.Kind == OrderLate || a.Kind == ComplaintLate:
		return nil, nil
	}
	list, err := watchers(role, a.Path)
	for _, p := range list {
		out = append(out, notify.Message{Org: a.Org, Person: p, Kind: kind, Key: fmt.Sprintf("%s/%d/%s", f.Kind, f.Leaf, p), Args: map[string]any{"number": a.Number}})
	}
	return out, err
}
