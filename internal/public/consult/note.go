package consult

import (
	"context"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/who"
)

// A private note (内部备注) is what staff write to each other on an order: the
// lawyer who has it in hand, operations and quality of its organisation. The
// citizen never sees it, nor that there is one: it is in no transcript and in no
// export of his data, and its fact is filed under the note itself, so that
// neither the order's timeline nor its proof tells of it. It is sealed under the
// order's key all the same, for it speaks of the citizen: erasing him erases it.
// A note is not changed and not taken back.

// The limits of notes.
const (
	MaxNote  = 2000 // characters
	MaxNotes = 200  // of one order
)

// AddNote writes a note. The same ID again by the same person changes nothing.
func (s *Service) AddNote(ctx context.Context, a who.Actor, order, note id.ID, words string) error {
	o, err := s.peek(ctx, a, "order.note", order)
	if err != nil {
		return err
	}
	words, bad := needed("text", words, MaxNote)
	if note == id.Nil {
		bad = append(bad, fault.At("id", "fault.id"))
	}
	if bad != nil {
		return fault.Bad(bad...)
	}
	sealed, err := s.sealAll(ctx, o.Org, o.Key, map[string]string{noteWords: words})
	if err != nil {
		return err
	}
	return s.DB.Do(ctx, a, func(tx *db.Tx) error {
		o, err := lock(tx, order)
		if err != nil {
			return err
		}
		if err := s.Rules.Need(a, "order.note", o.object()); err != nil {
			return err
		}
		before, n, err := notedBefore(tx, o.ID, note)
		switch {
		case err != nil:
			return err
		case before != nil && before.Order == o.ID && before.Author == a.Person:
			return nil
		case before != nil:
			return fault.New(fault.Conflict, "fault.conflict")
		case n >= MaxNotes:
			return wrong("consult.too_many_notes")
		}
		row := noteRow{ID: note, Org: o.Org, Order: o.ID, Author: a.Person, Words: sealed[noteWords].ID, At: db.At(tx.Now())}
		if err := insert(tx, &row); err != nil {
			return err
		}
		return journal.Write(tx, journal.Entry{Org: o.Org, Root: note, Subject: note, Rev: 1, Event: NotedFact{Order: o.ID}, Sealed: sealed})
	})
}

// noteWords names the sealed words of a note in its fact.
const noteWords = "note"

// Noted is a note as staff read it.
type Noted struct {
	noteRow
	Name   string // of who wrote it; "" when erased
	Role   string // lawyer or staff
	Text   string
	Erased bool
}

// HandedOver is the summary with which an order was passed on.
type HandedOver struct {
	handoverRow
	Text   string
	Erased bool
	Name   string // of who passed it on, "" when erased
}

// openDesk reads what staff said to each other about an order: the notes for who
// may read them, the summaries for all staff who may see it.
func (s *Service) openDesk(ctx context.Context, tx *db.Tx, a who.Actor, v *Seen) error {
	if !isStaff(a) || a.Is(who.Machine) {
		return nil
	}
	handovers, err := handovers(tx, v.ID)
	if err != nil {
		return err
	}
	var notes []noteRow
	if s.Rules.May(a, "order.note", v.object()) {
		if notes, err = notesOf(tx, v.ID); err != nil {
			return err
		}
	}
	return s.openWords(ctx, tx, v, handovers, notes)
}

func (s *Service) openWords(ctx context.Context, tx *db.Tx, v *Seen, handovers []handoverRow, notes []noteRow) error {
	var words, persons []id.ID
	for _, h := range handovers {
		words, persons = append(words, h.ID), append(persons, h.From)
	}
	for _, n := range notes {
		words, persons = append(words, n.Words), append(persons, n.Author)
	}
	texts, err := s.Keys.Read(ctx, tx, words...)
	if err != nil {
		return err
	}
	names, err := s.namesOf(ctx, tx, persons)
	if err != nil {
		return err
	}
	for _, h := range handovers {
		t := texts[h.ID]
		v.Handovers = append(v.Handovers, HandedOver{h, t.Plain, t.Erased, names[h.From]})
	}
	for _, n := range notes {
		t := texts[n.Words]
		v.Notes = append(v.Notes, Noted{n, names[n.Author], roleIn(&v.Order, n.Author), t.Plain, t.Erased})
	}
	return nil
}

// namesOf are the names of staff: a lawyer's as on his card, others' as in their
// account.
func (s *Service) namesOf(ctx context.Context, tx *db.Tx, persons []id.ID) (map[id.ID]string, error) {
	if len(persons) == 0 {
		return nil, nil
	}
	names, err := s.People.Names(ctx, tx, persons...)
	if err != nil {
		return nil, err
	}
	cards, err := s.Lawyers.Cards(ctx, tx, persons...)
	for i, c := range cards {
		if c.Name != "" {
			names[i] = c.Name
		}
	}
	return names, err
}

// handOver notes the summary with which the order goes on.
func handOver(tx *db.Tx, o *Order, from id.ID, summary seal.Sealed) error {
	return insert(tx, &handoverRow{ID: summary.ID, Org: o.Org, Order: o.ID, From: from, To: o.Lawyer, At: db.At(tx.Now())})
}
