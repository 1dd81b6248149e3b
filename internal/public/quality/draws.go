package quality

import (
	"fmt"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/setting"
	"mingfa/internal/core/identity"
	"mingfa/internal/public/consult"
	"mingfa/internal/public/lawyer"
)

// PopulationKinds are the facts that change what is drawn from.
var PopulationKinds = []string{"consult.answered", "consult.rated", "consult.excluded", "consult.included"}

// drawHour is when months are drawn, in the zone of the lawyer's organisation.
const drawHour = 2

// monthOf is the payload of a draw's due row.
type monthOf struct {
	Lawyer id.ID `json:"lawyer"`
	Month  Month `json:"month"`
}

// Changed is the reaction to PopulationKinds: the month of the answer is drawn
// the next night; an order that does not count any more is not inspected, and one
// that counts again is.
func (s *Service) Changed(tx *db.Tx, f journal.Fact) error {
	r, err := consult.ReplyOf(tx, f.Root)
	if fault.Is(err, fault.Absent) {
		return nil // excluded before it was answered
	}
	if err != nil {
		return err
	}
	if f.Kind == (consult.ExcludedFact{}).Kind() || f.Kind == (consult.IncludedFact{}).Kind() {
		if err := s.follow(tx, r); err != nil {
			return err
		}
	}
	org, zone, err := s.home(tx, r.Lawyer, r.Org)
	if err != nil {
		return err
	}
	month, at := monthIn(r.AnsweredAt, zone), nextAt(tx.Now(), zone, drawHour)
	// a row for each night, so that one that is late does not swallow the next
	return due.Set(tx, due.Row{Org: org.ID, Subject: monthID(r.Lawyer, month), Name: "draw " + at.Format(time.DateOnly), Kind: dueDraw,
		At: at, Payload: monthOf{r.Lawyer, Month(month)}, Rule: "02:00", Anchor: f.At, Zone: org.Zone})
}

// follow takes the sample of an order out when the order does not count (T9), and
// back when it does again. As the order is now, not as the fact says: facts are
// taken up late, and he who excludes may have taken back since.
func (s *Service) follow(tx *db.Tx, r consult.Reply) error {
	if r.Excluded {
		return s.voidSample(tx, sampleID(r.Order), Excluded)
	}
	return s.reopenSample(tx, r)
}

// home is the organisation of a lawyer, whose zone decides what a month is; that
// of his order where he is none any more.
func (s *Service) home(tx *db.Tx, person, fallback id.ID) (identity.Org, *time.Location, error) {
	found, _, err := lawyer.Pick(tx, person)
	if fault.Is(err, fault.Absent) {
		found.Org, err = fallback, nil
	}
	if err != nil {
		return identity.Org{}, nil, err
	}
	org, err := s.People.OrgByID(tx, found.Org)
	if err != nil {
		return org, nil, err
	}
	zone, err := time.LoadLocation(org.Zone)
	return org, zone, err
}

// draw draws from a lawyer's month.
func (s *Service) draw(tx *db.Tx, f due.Fired) error {
	var m monthOf
	if err := f.Decode(&m); err != nil {
		return err
	}
	c, covered, err := checkpoint(tx, f.At)
	if err != nil {
		return err
	}
	if !covered { // the journal signs within a second
		f.Row.At = tx.Now().Add(time.Minute)
		return due.Set(tx, f.Row)
	}
	row, err := lockDraw(tx, f.Subject)
	if err != nil {
		return err
	}
	org, zone, err := s.home(tx, m.Lawyer, f.Org)
	if err != nil {
		return err
	}
	from, to, err := bounds(string(m.Month), zone)
	if err != nil {
		return err
	}
	numbers, err := setting.Get(tx, limits, org.Path, tx.Now())
	if err != nil {
		return err
	}
	e := DrawnFact{Lawyer: m.Lawyer, Month: m.Month, From: db.At(from), To: db.At(to), Leaf: c.Below,
		Seed: seedOf(c.Root, f.Subject), Percent: numbers.SamplePercent}
	had, err := drawnOf(tx, m.Lawyer, string(m.Month))
	if err != nil {
		return err
	}
	if err := e.draw(tx, had); err != nil || len(e.Orders) == 0 {
		return err
	}
	if err := keepDraw(tx, row, org, f.Subject, e, len(had)+len(e.Orders)); err != nil {
		return err
	}
	for _, order := range e.Orders {
		if err := s.sampled(tx, order, m); err != nil {
			return fmt.Errorf("sample order %s: %w", order, err)
		}
	}
	return nil
}

// checkpoint is the newest signed one; covered tells whether it holds all that
// was numbered before an instant.
func checkpoint(tx *db.Tx, at time.Time) (c journal.Signed, covered bool, err error) {
	c, ok, err := journal.Newest(tx)
	if err != nil || !ok {
		return c, false, err
	}
	size, err := journal.Size(tx)
	return c, size == c.Below || !c.At.Before(at), err
}

// draw fills in population and orders. Without effects: the same fact, from the
// same earlier draws, gives the same.
func (e *DrawnFact) draw(tx *db.Tx, had map[id.ID]bool) error {
	list, err := consult.Replies(tx, e.Lawyer, e.From.Time, e.To.Time, e.Leaf)
	if err != nil {
		return err
	}
	var from []Candidate
	for _, r := range list {
		if !r.Excluded {
			from = append(from, Candidate{r.Order, r.Problem, r.Rated})
		}
	}
	e.Population, e.Orders = len(from), Draw(e.Seed, from, had, e.Percent)
	return nil
}

// fromLog tells whether a seed is that of the signed log up to a leaf, so that
// nobody chose it.
func fromLog(tx *db.Tx, seed Seed, leaf int64, subject id.ID) (bool, error) {
	c, ok, err := journal.SignedAt(tx, leaf)
	return ok && seed == seedOf(c.Root, subject), err
}

func keepDraw(tx *db.Tx, row *drawRow, org identity.Org, month id.ID, e DrawnFact, drawn int) error {
	fresh := row == nil
	if fresh {
		row = &drawRow{ID: month, Org: org.ID, Path: org.Path, Lawyer: e.Lawyer, Month: string(e.Month)}
	}
	row.Leaf, row.DrawnAt, row.Population, row.Drawn = e.Leaf, db.At(tx.Now()), e.Population, drawn
	var err error
	if fresh {
		row.Rev = 1
		err = tx.InsertLater(nil, row)
	} else {
		err = tx.Save(row, &row.Rev)
	}
	if err != nil {
		return err
	}
	return journal.Write(tx, journal.Entry{Org: row.Org, Root: month, Subject: month, Rev: row.Rev, Event: e})
}

// sampled makes the sample of a drawn order; one that a person added becomes a
// drawn one too.
func (s *Service) sampled(tx *db.Tx, order id.ID, m monthOf) error {
	e := SampledFact{Order: order, Lawyer: m.Lawyer, Month: m.Month, Drawn: true}
	q, err := lock(tx, sampleID(order))
	switch {
	case err == nil:
		q.Drawn = true
		return q.commit(tx, e, nil)
	case !fault.Is(err, fault.Absent):
		return err
	}
	r, err := consult.HoldReply(tx, order)
	if err != nil {
		return err
	}
	q = newSample(r, string(m.Month), tx.Now())
	q.Drawn = true
	if err := tx.InsertLater(nil, q); err != nil {
		return err
	}
	if err := q.write(tx, e, nil); err != nil || !r.Excluded {
		return err
	}
	return s.voidSample(tx, q.ID, Excluded) // left out since the draw's leaf, and follow found no sample
}

func newSample(r consult.Reply, month string, now time.Time) *Sample {
	return &Sample{ID: sampleID(r.Order), Org: r.Org, Path: r.Path, Rev: 1, Order: r.Order, Key: r.Key, Number: r.Number, Problem: r.Problem,
		Lawyer: r.Lawyer, Citizen: r.Citizen, Month: month, SampledAt: db.At(now), State: Open}
}

// monthIn is the month of an instant.
func monthIn(t time.Time, zone *time.Location) string { return t.In(zone).Format("2006-01") }

// bounds are the first instants of a month and of the next.
func bounds(month string, zone *time.Location) (from, to time.Time, err error) {
	if from, err = time.ParseInLocation("2006-01", month, zone); err != nil {
		return from, to, fault.Bad(fault.At("month", "fault.field_format"))
	}
	return from, from.AddDate(0, 1, 0), nil
}

// nextAt is the next instant after now at a full hour of a zone.
func nextAt(now time.Time, zone *time.Location, hour int) time.Time {
	t := now.In(zone)
	at := time.Date(t.Year(), t.Month(), t.Day(), hour, 0, 0, 0, zone)
	if !at.After(now) {
		at = time.Date(t.Year(), t.Month(), t.Day()+1, hour, 0, 0, 0, zone)
	}
	return at
}
