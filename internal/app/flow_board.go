package app

import (
	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/who"
	"mingfa/internal/data/alarm"
	"mingfa/internal/data/board"
)

// boardFlows wires what the live board counts, and what operations are warned of.
func (h *house) boardFlows() {
	h.journal.ReactTogether(board.Reaction, journal.Start, board.Kinds, h.board.Count)
	h.journal.ReactTogether("alarm.watch", journal.Head, alarm.WatchKinds, h.alarm.Watch)
	h.journal.React("alarm.notices", journal.Start, alarm.NoticeKinds, h.tellOfAlarm)
}

// tellOfAlarm tells operations of an alarm, and the bureau of one that nobody
// acknowledged.
func (h *house) tellOfAlarm(tx *db.Tx, f journal.Fact) error {
	list, err := alarm.Notices(tx, f, func(role who.Role, path string) ([]id.ID, error) { return h.people.Watchers(tx, role, path) })
	if err != nil {
		return err
	}
	return h.notify.Tell(tx, list...)
}
