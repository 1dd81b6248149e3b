package quality

import (
	"crypto/sha256"

	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/workday"
	"mingfa/internal/core/access"
	"mingfa/internal/core/identity"
	"mingfa/internal/public/consult"
	"mingfa/internal/public/lawyer"
)

// Service has the verbs of the room. It is safe for concurrent use.
type Service struct {
	DB      *db.DB
	Keys    *seal.Keys
	Rules   *access.Rules
	People  *identity.Service
	Lawyers *lawyer.Service
	Consult *consult.Service
	// Calendar is the calendar of working days of an organisation.
	Calendar func(tx *db.Tx, org identity.Org) (workday.Calendar, error)
}

// The due rows of the room: the next draw of a lawyer's month, and the clock of
// a sample that is checked, disputed or differing.
const (
	dueDraw  = "quality.draw"
	dueClock = "quality.clock"
)

// Wire gives the due runner the handlers of this room.
func (s *Service) Wire(r *due.Runner) {
	r.Handle(dueDraw, s.draw)
	r.Handle(dueClock, s.tick)
	r.Handle(dueWatch, s.morning)
}

// write writes a fact of the sample, whose row must just have been saved.
func (q *Sample) write(tx *db.Tx, e journal.Event, sealed map[string]seal.Sealed) error {
	return journal.Write(tx, journal.Entry{Org: q.Org, Root: q.ID, Subject: q.ID, Rev: q.Rev, Event: e,
		Refs: map[string]id.ID{"order": q.Order}, Sealed: sealed})
}

// commit saves a sample and writes its fact.
func (q *Sample) commit(tx *db.Tx, e journal.Event, sealed map[string]seal.Sealed) error {
	if err := save(tx, q); err != nil {
		return err
	}
	return q.write(tx, e, sealed)
}

// monthID names a lawyer's month, sampleID the sample of an order: derived, so
// that all nodes and times agree.
func monthID(lawyer id.ID, month string) id.ID { return derived("quality month "+month, lawyer) }

func sampleID(order id.ID) id.ID { return derived("quality sample", order) }

func derived(what string, from id.ID) id.ID {
	h := sha256.Sum256(append([]byte(what+" "), from[:]...))
	var i id.ID
	copy(i[:], h[:])
	i[6], i[8] = i[6]&0x0f|0x80, i[8]&0x3f|0x80 // version 8: made by us
	return i
}
