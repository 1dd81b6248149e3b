package quality

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
	"mingfa/internal/core/identity"
	"mingfa/internal/public/consult"
)

// A draw by hand (人工抽样): a quality person looks closer at one lawyer, over a
// period that he chooses, as an intervention may need (B7.1.4.1b).
//
// Who is looked at is chosen; which orders are not. They are drawn as every night
// (draw.go), by a seed that he gives, or that is made from the signed log. The fact
// holds all that the draw was made of, so anybody draws it again and gets the
// same. Each draw stands with its reason and its maker, and what it drew is to be
// inspected from then on: whoever draws until he likes the result is seen.
//
// Drawn from are all answered orders of the period that count and belong to the
// maker's organisation, those also that are samples already: they stay what they
// are, and the others become samples. Because the lawyer was chosen, they are
// kept apart from the random ones in every figure, as orders that a person added.

// The limits of a draw by hand.
const (
	maxHandPeriod = 366 * 24 * time.Hour
	maxHandOrders = 200
)

// handDrawRow is a draw by hand.
type handDrawRow struct {
	bun.BaseModel `bun:"table:quality_hand_draw,alias:h"`

	ID         id.ID   `bun:"type:uuid,pk"`
	Org        id.ID   `bun:"type:uuid"`
	Path       string  // of Org, the lawyer's
	Lawyer     id.ID   `bun:"type:uuid"`
	By         id.ID   `bun:"by_person,type:uuid"`
	At         db.Time `bun:",nullzero"`
	Within     id.ID   `bun:"type:uuid"`
	From       db.Time `bun:"from_at,nullzero"`
	To         db.Time `bun:"to_at,nullzero"`
	Leaf       int64
	Given      Code
	Seed       Seed
	Percent    int
	Population int
	Orders     []id.ID `bun:"type:text"`
	Fresh      int
	Reason     id.ID `bun:"type:uuid"` // sealed under the lawyer's key
}

// fact is what the row says of the draw.
func (r *handDrawRow) fact() HandDrawnFact {
	return HandDrawnFact{Lawyer: r.Lawyer, Within: r.Within, From: r.From, To: r.To, Leaf: r.Leaf, Given: r.Given, Seed: r.Seed,
		Percent: r.Percent, Population: r.Population, Orders: r.Orders, Fresh: r.Fresh}
}

// seeded tells whether the seed is that which was given, or that of the signed log.
func (e *HandDrawnFact) seeded(tx *db.Tx, draw id.ID) (bool, error) {
	if e.Given != "" {
		return e.Seed == seedGiven(string(e.Given)), nil
	}
	return fromLog(tx, e.Seed, e.Leaf, draw)
}

// same tells whether two facts tell the same draw.
func (e *HandDrawnFact) same(o HandDrawnFact) bool {
	return e.Lawyer == o.Lawyer && e.Within == o.Within && e.From.Equal(o.From.Time) && e.To.Equal(o.To.Time) && e.Leaf == o.Leaf && e.Given == o.Given &&
		e.Seed == o.Seed && e.Percent == o.Percent && e.Population == o.Population && slices.Equal(e.Orders, o.Orders) && e.Fresh == o.Fresh
}

// HandDraw is a draw as it is asked for.
type HandDraw struct {
	ID      id.ID  `json:"id" doc:"Client-made; a repeat by the same person draws nothing again"`
	Lawyer  id.ID  `json:"lawyer"`
	From    string `json:"from" maxLength:"10" example:"2026-11-01" doc:"First day of the answers, in the zone of the lawyer's organisation"`
	To      string `json:"to" maxLength:"10" example:"2026-11-30" doc:"Last day, included; at most 366 days"`
	Percent int    `json:"percent" minimum:"1" maximum:"100" example:"10" doc:"Share of the orders, rounded up"`
	Seed    string `json:"seed,omitempty" maxLength:"64" example:"20261122" doc:"Letters, digits and hyphens, as a number that was drawn in public; empty: made from the signed log"`
	Reason  string `json:"reason" doc:"Why; sealed"`
}

// HandDrawnFact: a person drew orders of a lawyer. Subject and root are the draw.
// With the facts below Leaf and these fields Draw gives Orders again.
type HandDrawnFact struct {
	Lawyer     id.ID   `json:"lawyer"`
	Within     id.ID   `json:"within"` // the organisation whose orders were drawn from, with those below
	From       db.Time `json:"from"`
	To         db.Time `json:"to"` // answers in [From, To)
	Leaf       int64   `json:"leaf"`
	Given      Code    `json:"given,omitempty"` // the seed as it was given
	Seed       Seed    `json:"seed"`
	Percent    int     `json:"percent"`
	Population int     `json:"population"`
	Orders     []id.ID `json:"orders"`
	Fresh      int     `json:"fresh"` // how many were no samples before
}

// Kind names the fact.
func (HandDrawnFact) Kind() string { return "quality.hand_drawn" }

var seedForm = regexp.MustCompile(`^[0-9A-Za-z-]{1,64}$`)

// seedGiven makes the seed of a draw from one that a person gave. It depends on
// nothing else, so who knows the given one can draw again.
func seedGiven(given string) Seed {
	h := sha256.Sum256([]byte("mingfa quality draw by hand\n" + given))
	return Seed(hex.EncodeToString(h[:]))
}

// period reads the days in a zone: [from, to).
func (d HandDraw) period(zone *time.Location, now time.Time) (from, to time.Time, err error) {
	from, bad1 := time.ParseInLocation(time.DateOnly, d.From, zone)
	to, bad2 := time.ParseInLocation(time.DateOnly, d.To, zone)
	var bad []fault.Field
	if bad1 != nil {
		bad = append(bad, fault.At("from", "fault.field_format"))
	}
	if bad2 != nil {
		bad = append(bad, fault.At("to", "fault.field_format"))
	}
	if bad != nil {
		return from, to, fault.Bad(bad...)
	}
	to = to.AddDate(0, 0, 1)
	if !from.Before(to) || to.Sub(from) > maxHandPeriod || from.After(now) {
		return from, to, fault.Bad(fault.At("to", "quality.hand_period").With("max", int(maxHandPeriod/(24*time.Hour))))
	}
	return from, to, nil
}

// clean checks what does not depend on the lawyer.
func (d HandDraw) clean() (HandDraw, error) {
	var bad []fault.Field
	if d.ID == id.Nil {
		bad = append(bad, fault.At("id", "fault.id"))
	}
	if d.Percent < 1 || d.Percent > 100 {
		bad = append(bad, fault.At("percent", "fault.field_range").With("min", 1).With("max", 100))
	}
	if d.Seed != "" && !seedForm.MatchString(d.Seed) {
		bad = append(bad, fault.At("seed", "fault.field_format"))
	}
	d.Reason = words("reason", d.Reason, true, &bad)
	if bad != nil {
		return d, fault.Bad(bad...)
	}
	return d, nil
}

// DrawByHand draws. The same ID again by the same person gives the draw that is
// there.
func (s *Service) DrawByHand(ctx context.Context, a who.Actor, d HandDraw) (*HandDrawSeen, error) {
	org, key, err := s.toDraw(ctx, a, d.Lawyer)
	if err != nil {
		return nil, err
	}
	if d, err = d.clean(); err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(org.Zone)
	if err != nil {
		return nil, err
	}
	from, to, err := d.period(zone, s.DB.Now())
	if err != nil {
		return nil, err
	}
	sealed, err := s.seal(ctx, org.ID, key, "reason", d.Reason)
	if err != nil {
		return nil, err
	}
	e := HandDrawnFact{Lawyer: d.Lawyer, Within: a.Org, From: db.At(from), To: db.At(to), Given: Code(d.Seed), Percent: d.Percent}
	err = s.DB.Do(ctx, a, func(tx *db.Tx) error {
		if done, err := drawnBefore(tx, a, d); done || err != nil {
			return err
		}
		return s.drawByHand(tx, a, org, zone, d.ID, e, sealed)
	})
	if err != nil {
		return nil, err
	}
	return s.HandDrawOf(ctx, a, d.ID)
}

// toDraw finds the lawyer for one who may draw from his orders.
func (s *Service) toDraw(ctx context.Context, a who.Actor, of id.ID) (org identity.Org, key id.ID, err error) {
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		if org, _, err = s.home(tx, of, id.Nil); err != nil {
			return err
		}
		if err := s.Rules.Need(a, "quality.draw", access.Object{Org: org.Path, Lawyer: of}); err != nil {
			return err
		}
		if key, err = s.People.KeyOf(tx, of); errors.Is(err, identity.ErrGone) {
			err = fault.NotThere()
		}
		return err
	})
	return org, key, err
}

// drawnBefore tells whether the actor has made this draw; another draw under its
// ID is a conflict.
func drawnBefore(tx *db.Tx, a who.Actor, d HandDraw) (bool, error) {
	row, err := loadHandDraw(tx, d.ID)
	switch {
	case fault.Is(err, fault.Absent):
		return false, nil
	case err == nil && (row.By != a.Person || row.Lawyer != d.Lawyer):
		return false, fault.New(fault.Conflict, "fault.conflict")
	}
	return err == nil, err
}

func (s *Service) drawByHand(tx *db.Tx, a who.Actor, org identity.Org, zone *time.Location, draw id.ID, e HandDrawnFact, sealed map[string]seal.Sealed) error {
	c, ok, err := journal.Newest(tx)
	if err != nil {
		return err
	}
	if !ok { // the journal signs within a second
		return fault.New(fault.Unavailable, "fault.unavailable")
	}
	e.Leaf, e.Seed = c.Below, seedGiven(string(e.Given))
	if e.Given == "" {
		e.Seed = seedOf(c.Root, draw)
	}
	if err := s.fill(tx, &e); err != nil {
		return err
	}
	switch {
	case len(e.Orders) == 0:
		return wrong("quality.hand_empty")
	case len(e.Orders) > maxHandOrders:
		return fault.Bad(fault.At("percent", "quality.hand_many").With("max", maxHandOrders))
	}
	for _, order := range e.Orders {
		fresh, err := s.sampledByHand(tx, a, zone, draw, order)
		if err != nil {
			return err
		}
		if fresh {
			e.Fresh++
		}
	}
	row := &handDrawRow{ID: draw, Org: org.ID, Path: org.Path, Lawyer: e.Lawyer, By: a.Person, At: db.At(tx.Now()), Within: e.Within, From: e.From, To: e.To,
		Leaf: e.Leaf, Given: e.Given, Seed: e.Seed, Percent: e.Percent, Population: e.Population, Orders: e.Orders, Fresh: e.Fresh, Reason: sealed["reason"].ID}
	if err := tx.InsertLater(nil, row); err != nil {
		return err
	}
	return journal.Write(tx, journal.Entry{Org: org.ID, Root: draw, Subject: draw, Rev: 1, Event: e, Sealed: sealed})
}

// fill fills in population and orders. Without effects: the same fact gives the
// same.
func (s *Service) fill(tx *db.Tx, e *HandDrawnFact) error {
	within, err := s.People.PathOf(tx, e.Within)
	if err != nil {
		return err
	}
	list, err := consult.Replies(tx, e.Lawyer, e.From.Time, e.To.Time, e.Leaf)
	if err != nil {
		return err
	}
	var from []Candidate
	for _, r := range list {
		if !r.Excluded && strings.HasPrefix(r.Path, within) {
			from = append(from, Candidate{r.Order, r.Problem, r.Rated})
		}
	}
	e.Population, e.Orders = len(from), Draw(e.Seed, from, nil, e.Percent)
	return nil
}

// sampledByHand makes the sample of an order that was drawn by hand, unless it is
// one already, or was excluded a moment ago.
func (s *Service) sampledByHand(tx *db.Tx, a who.Actor, zone *time.Location, draw, order id.ID) (fresh bool, err error) {
	if _, err := lock(tx, sampleID(order)); err == nil || !fault.Is(err, fault.Absent) {
		return false, err
	}
	r, err := consult.HoldReply(tx, order)
	if err != nil || r.Excluded {
		return false, err
	}
	q := newSample(r, monthIn(r.AnsweredAt, zone), tx.Now())
	q.AddedBy, q.HandDraw = a.Person, draw
	if err := tx.InsertLater(nil, q); err != nil {
		return false, err
	}
	return true, q.write(tx, SampledFact{Order: q.Order, Lawyer: q.Lawyer, Month: Month(q.Month), HandDraw: draw}, nil)
}

// HandDrawSeen is a draw by hand as it was written, why it was made, and whether
// drawing again gives the same.
type HandDrawSeen struct {
	ID     id.ID
	Fact   HandDrawnFact
	At     time.Time
	By     string // his name; "" when erased
	Reason string // "" when erased
	Same   bool
}

// HandDrawOf shows one draw by hand, drawn again.
func (s *Service) HandDrawOf(ctx context.Context, a who.Actor, draw id.ID) (v *HandDrawSeen, err error) {
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		row, err := loadHandDraw(tx, draw)
		if err != nil {
			return err
		}
		if err := s.Rules.Need(a, "quality.see", access.Object{Org: row.Path, Lawyer: row.Lawyer}); err != nil {
			return err
		}
		all, err := s.openHandDraws(ctx, tx, []handDrawRow{*row})
		if err == nil {
			v = &all[0]
		}
		return err
	})
	return v, err
}

// HandDraws lists the draws by hand that the actor may see, newest first; of is a
// lawyer, or Nil for all. Each is drawn again.
func (s *Service) HandDraws(ctx context.Context, a who.Actor, of, cursor id.ID, limit int64) (out []HandDrawSeen, err error) {
	cond, args, err := s.Rules.List(a, "quality.see", access.Columns{OrgPath: "h.path"})
	if err != nil {
		return nil, err
	}
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		rows, err := handDraws(tx, cond, args, of, cursor, limit)
		if err != nil {
			return err
		}
		out, err = s.openHandDraws(ctx, tx, rows)
		return err
	})
	return out, err
}

func (s *Service) openHandDraws(ctx context.Context, tx *db.Tx, rows []handDrawRow) ([]HandDrawSeen, error) {
	var reasons, people []id.ID
	for _, r := range rows {
		reasons, people = append(reasons, r.Reason), append(people, r.By)
	}
	texts, err := s.Keys.Read(ctx, tx, reasons...)
	if err != nil {
		return nil, err
	}
	names, err := s.People.Names(ctx, tx, people...)
	if err != nil {
		return nil, err
	}
	out := []HandDrawSeen{}
	for _, r := range rows {
		v := HandDrawSeen{ID: r.ID, Fact: r.fact(), At: r.At.Time, By: names[r.By], Reason: texts[r.Reason].Plain}
		anew := v.Fact
		if err := s.fill(tx, &anew); err != nil {
			return nil, err
		}
		seeded, err := v.Fact.seeded(tx, r.ID)
		if err != nil {
			return nil, err
		}
		v.Same = seeded && anew.same(v.Fact)
		out = append(out, v)
	}
	return out, nil
}
