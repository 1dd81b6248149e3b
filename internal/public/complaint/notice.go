package complaint

import (
	"fmt"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/who"
	"mingfa/internal/core/notify"
)

// NoticeKinds are the facts of which somebody is told.
var NoticeKinds = []string{"complaint.collected", "complaint.warned", "complaint.overdue", "complaint.flagged", "complaint.escalated", "complaint.closed"}

// Watchers lists who of a role watches over an organisation.
type Watchers func(role who.Role, path string) ([]id.ID, error)

// Notices are the messages that a fact calls for: the citizen learns his number
// and, at the end, that there is a result (B7.1.2.3a, c); operations and quality
// learn of a new complaint and of its clock; the bureau of a sensitive one, at once
// and by SMS, and again, with operations, when nobody acknowledged it (B7.1.2.2b).
func Notices(tx *db.Tx, f journal.Fact, watchers Watchers) ([]notify.Message, error) {
	c, err := load(tx, f.Root)
	if err != nil {
		return nil, fmt.Errorf("find the complaint of fact %d: %w", f.Leaf, err)
	}
	n := notices{c: c, key: fmt.Sprintf("%s/%d", f.Kind, f.Leaf), watchers: watchers}
	switch f.Kind {
	case "complaint.collected":
		n.tell(c.Citizen, "complaint_received", true)
		err = n.all("complaint_new", false, who.Operations, who.Quality)
	case "complaint.warned":
		err = n.all("complaint_warned", false, who.Operations, who.Quality)
	case "complaint.overdue":
		err = n.all("complaint_overdue", false, who.Operations, who.Quality)
	case "complaint.flagged":
		err = n.flagged(f)
	case "complaint.escalated":
		err = n.all("complaint_escalated", true, who.Bureau, who.Operations)
	case "complaint.closed":
		n.tell(c.Citizen, "complaint_closed", true)
	}
	return n.list, err
}

type notices struct {
	c        *Complaint
	key      string
	watchers Watchers
	list     []notify.Message
}

// tell has no root: a message filed under the order would show to its lawyer that
// there is a complaint.
func (n *notices) tell(to id.ID, kind string, sms bool) {
	if to == id.Nil {
		return
	}
	n.list = append(n.list, notify.Message{Org: n.c.Org, Person: to, Kind: kind, Key: n.key + "/" + to.String(), SMS: sms,
		Args: map[string]any{"number": n.c.Number}})
}

func (n *notices) all(kind string, sms bool, roles ...who.Role) error {
	for _, role := range roles {
		list, err := n.watchers(role, n.c.Path)
		if err != nil {
			return err
		}
		for _, p := range list {
			n.tell(p, kind, sms)
		}
	}
	return nil
}

func (n *notices) flagged(f journal.Fact) error {
	var e FlaggedFact
	if err := f.Decode(&e); err != nil || !e.Report {
		return err
	}
	if err := n.all("complaint_sensitive", true, who.Bureau); err != nil {
		return err
	}
	return n.all("complaint_sensitive", false, who.Operations, who.Quality)
}
