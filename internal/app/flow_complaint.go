package app

import (
	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/who"
	"mingfa/internal/public/complaint"
)

// tellOfComplaint tells persons what a fact of a complaint means for them: the
// citizen, who handles it, and the bureau of a sensitive one (B7.1.2.2b).
func (h *house) tellOfComplaint(tx *db.Tx, f journal.Fact) error {
	list, err := complaint.Notices(tx, f, func(role who.Role, path string) ([]id.ID, error) { return h.people.Watchers(tx, role, path) })
	if err != nil {
		return err
	}
	return h.notify.Tell(tx, list...)
}
