package consult

import (
	"fmt"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
)

// What the facts say of notes, handovers and saved replies, and whether the rows say
// the same. That the words are those that were written is checked with all sealed
// texts.

// savedTold is a saved reply as its facts tell it.
type savedTold struct {
	rev     int64
	words   id.ID
	removed bool
}

// desk takes the facts that are filed under something else than an order.
func (x *Facts) desk(f journal.Fact) (bool, error) {
	switch f.Kind {
	case NotedFact{}.Kind():
		var e NotedFact
		if err := f.Decode(&e); err != nil {
			return true, err
		}
		x.notes[f.Subject] = e.Order
	case SavedFact{}.Kind():
		x.saved[f.Subject] = savedTold{f.Rev, f.Sealed[savedWords].ID, false}
	case SavedRemovedFact{}.Kind():
		t := x.saved[f.Subject]
		t.rev, t.removed = f.Rev, true
		x.saved[f.Subject] = t
	default:
		return false, nil
	}
	return true, nil
}

func (x *Facts) compareDesk(tx *db.Tx) error {
	var notes []noteRow
	var handovers []handoverRow
	var saved []Saved
	for _, list := range []any{&notes, &handovers, &saved} {
		if err := tx.NewSelect().Model(list).Scan(tx.Ctx()); err != nil {
			return err
		}
	}
	for _, n := range notes {
		if x.notes[n.ID] != n.Order {
			return fmt.Errorf("consult_note: note %s is not what its fact says", n.ID)
		}
	}
	for _, h := range handovers {
		if x.handovers[h.ID] != h.Order {
			return fmt.Errorf("consult_handover: the summary %s is not what its fact says", h.ID)
		}
	}
	for _, r := range saved {
		if x.saved[r.ID] != (savedTold{r.Rev, r.Words, r.Removed}) {
			return fmt.Errorf("consult_saved: saved reply %s is not what its facts say", r.ID)
		}
	}
	if len(notes) != len(x.notes) || len(handovers) != len(x.handovers) || len(saved) != len(x.saved) {
		return fmt.Errorf("consult_note, consult_handover, consult_saved: %d, %d, %d have facts, %d, %d, %d have rows",
			len(x.notes), len(x.handovers), len(x.saved), len(notes), len(handovers), len(saved))
	}
	return nil
}
