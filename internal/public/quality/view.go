package quality

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"time"

	"mingfa/internal/base/attach"
	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
	"mingfa/internal/public/consult"
	"mingfa/internal/public/lawyer"
)

var monthForm = regexp.MustCompile(`^[0-9]{4}-(0[1-9]|1[0-2])$`)

// Result narrows a list to what a figure counted.
type Result string

// The results: drawn or added orders with an undisputed result, and those of
// them with an item of a kind.
const (
	Inspected Result = "inspected"
	WithFatal Result = "fatal"
	WithMinor Result = "minor"
)

// Filter narrows a list of samples.
type Filter struct {
	Month  string // YYYY-MM; "": any
	Lawyer id.ID
	State  State
	Result Result
	Source string // "drawn", "added"; "": both
	Mine   bool   // that the actor could check now
	Cursor id.ID
	Limit  int64
}

// Listed is a row of a list.
type Listed struct {
	Sample
	Card *lawyer.Card // of the lawyer
}

// List shows the samples that the actor may see, newest first. A disputed result
// is not in it: the second check is made blind.
func (s *Service) List(ctx context.Context, a who.Actor, f Filter) ([]Listed, error) {
	return s.list(ctx, a, "quality.list", f)
}

// Results shows a lawyer the results of his own orders, newest first.
func (s *Service) Results(ctx context.Context, a who.Actor, f Filter) ([]Listed, error) {
	return s.list(ctx, a, "quality.result", f)
}

func (s *Service) list(ctx context.Context, a who.Actor, verb string, f Filter) (out []Listed, err error) {
	if f.Month != "" && !monthForm.MatchString(f.Month) {
		return nil, fault.Bad(fault.At("month", "fault.field_format"))
	}
	cond, args, err := s.Rules.List(a, verb, access.Columns{OrgPath: "q.path", Lawyer: "q.lawyer"})
	if err != nil {
		return nil, err
	}
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		var rows []Sample
		q := tx.NewSelect().Model(&rows).Where(cond, args...)
		where := func(on bool, cond string, args ...any) {
			if on {
				q = q.Where(cond, args...)
			}
		}
		where(verb == "quality.result", "q.state NOT IN (?, ?)", Open, Void)
		where(f.Month != "", "q.month = ?", f.Month)
		where(f.Lawyer != id.Nil, "q.lawyer = ?", f.Lawyer)
		where(f.State != "", "q.state = ?", f.State)
		where(f.Result != "", "coalesce(q.state, '') IN (?, ?)", Checked, Final) // nearly all: not by the index of states
		where(f.Result == WithFatal, "q.fatal")
		where(f.Result == WithMinor, "q.minor")
		where(f.Source == "drawn", "q.drawn")
		where(f.Source == "added", "NOT q.drawn")
		if f.Mine {
			q = q.Where("q.state IN (?, ?, ?)", s.mine(a)...).Where("q.lawyer <> ? AND coalesce(q.first_by, q.lawyer) <> ? AND coalesce(q.second_by, q.lawyer) <> ?", a.Person, a.Person, a.Person)
		}
		where(f.Cursor != id.Nil, "(q.sampled_at, q.id) < (SELECT sampled_at, id FROM quality_sample WHERE id = ?)", f.Cursor)
		if err := q.OrderExpr("q.sampled_at DESC, q.id DESC").Limit(f.Limit).Scan(tx.Ctx()); err != nil {
			return fmt.Errorf("list samples: %w", err)
		}
		out, err = s.listed(ctx, tx, rows)
		return err
	})
	return out, err
}

// mine are the states of the samples that an actor could check, three of them;
// which of the organisation's is decided by Visible.
func (s *Service) mine(a who.Actor) []any {
	own := access.Object{Org: a.Scope}
	states := []any{State(""), State(""), State("")}
	if s.Rules.May(a, "quality.check", own) {
		states[0], states[1] = Open, Disputed
	}
	if s.Rules.May(a, "quality.decide", own) {
		states[2] = Differing
	}
	return states
}

func (s *Service) listed(ctx context.Context, tx *db.Tx, rows []Sample) ([]Listed, error) {
	lawyers := make([]id.ID, len(rows))
	for i, q := range rows {
		lawyers[i] = q.Lawyer
	}
	cards, err := s.Lawyers.Cards(ctx, tx, lawyers...)
	if err != nil {
		return nil, err
	}
	out := make([]Listed, len(rows))
	for i, q := range rows {
		out[i].Sample = q
		if c, ok := cards[q.Lawyer]; ok {
			out[i].Card = &c
		}
	}
	return out, nil
}

// Made is a card that was submitted.
type Made struct {
	Round   int
	At      time.Time
	By      id.ID // Nil where the reader is not told
	Marks   []Mark
	Fatal   int
	Minor   int
	Summary string
}

// Seen is a sample as an actor sees it.
type Seen struct {
	Listed
	Order   consult.Inspected
	Items   Catalogue
	Hints   []Hint
	Checks  []Made
	Reason  string // why a person added it
	Dispute string // the lawyer's words
	Can     []string
}

// See shows a sample to one who may see it: quality persons the order without
// contact data, hints, and the cards that they may know; the lawyer the result
// that stands. Whoever makes the second check sees neither the first card nor
// the dispute.
func (s *Service) See(ctx context.Context, a who.Actor, sample id.ID, language string) (v *Seen, err error) {
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		q, err := s.peek(tx, a, sample)
		if err != nil {
			return err
		}
		v, err = s.open(ctx, tx, a, q, language)
		return err
	})
	return v, err
}

// peek finds a sample for one who may see it: its lawyer when there is a result.
func (s *Service) peek(tx *db.Tx, a who.Actor, sample id.ID) (*Sample, error) {
	q, err := load(tx, sample)
	if err != nil {
		return nil, err
	}
	if q.Lawyer != a.Person {
		return q, s.Rules.Need(a, "quality.see", q.object())
	}
	if err := s.Rules.Need(a, "quality.result", q.object()); err != nil {
		return nil, err
	}
	if q.State == Open || q.State == Void {
		return nil, fault.NotThere()
	}
	return q, nil
}

// OpenFile gives a picture or PDF file of the inspected order to one who may see the
// sample. That he read it is a fact of the order (consult).
func (s *Service) OpenFile(ctx context.Context, a who.Actor, sample, file id.ID) (*attach.Opened, error) {
	var q *Sample
	err := s.DB.View(ctx, a, func(tx *db.Tx) (err error) { q, err = s.peek(tx, a, sample); return err })
	if err != nil {
		return nil, err
	}
	return s.Consult.OpenInspected(ctx, a, q.Order, file)
}

func (s *Service) open(ctx context.Context, tx *db.Tx, a who.Actor, q *Sample, language string) (*Seen, error) {
	list, err := s.listed(ctx, tx, []Sample{*q})
	if err != nil {
		return nil, err
	}
	v := &Seen{Listed: list[0], Can: s.can(a, q, tx.Now())}
	if v.Order, err = s.Consult.Inspect(ctx, tx, q.Order, language); err != nil {
		return nil, err
	}
	if v.Items, _, err = itemsFor(tx, q); err != nil {
		return nil, err
	}
	done, err := checks(tx, q.ID)
	if err != nil {
		return nil, err
	}
	knows := s.knows(a, q)
	for _, c := range done {
		if c.By != a.Person && !knows || q.Lawyer == a.Person && c.Round == Second {
			continue
		}
		m, err := s.made(ctx, tx, c)
		if err != nil {
			return nil, err
		}
		if q.Lawyer == a.Person {
			m.By = id.Nil
		}
		v.Checks = append(v.Checks, m)
	}
	if q.Lawyer != a.Person {
		v.Hints = Hints(v.Order)
	}
	if !knows {
		q.Dispute = id.Nil
	}
	return v, s.openWords(ctx, tx, a, q, v)
}

// knows tells whether an actor may know cards that are not his. Who could have to
// check a disputed order does not until the result is final; he only finds, from
// the figures, that it has an item of a kind.
func (s *Service) knows(a who.Actor, q *Sample) bool {
	if q.Lawyer == a.Person || q.State == Final || !s.Rules.May(a, "quality.check", q.object()) {
		return true
	}
	return q.State == Differing && s.Rules.May(a, "quality.decide", q.object())
}

func (s *Service) openWords(ctx context.Context, tx *db.Tx, a who.Actor, q *Sample, v *Seen) error {
	if q.HandDraw != id.Nil {
		row, err := loadHandDraw(tx, q.HandDraw)
		if err != nil {
			return err
		}
		q.Reason = row.Reason
	}
	if q.Lawyer == a.Person {
		q.Reason = id.Nil
	}
	texts, err := s.Keys.Read(ctx, tx, q.Reason, q.Dispute)
	if err != nil {
		return fmt.Errorf("open what was said of a sample: %w", err)
	}
	v.Reason, v.Dispute = texts[q.Reason].Plain, texts[q.Dispute].Plain
	return nil
}

// made opens a card. After an erasure its marks stand, without words.
func (s *Service) made(ctx context.Context, tx *db.Tx, c checkRow) (Made, error) {
	m := Made{Round: c.Round, At: c.At.Time, By: c.By, Fatal: c.Fatal, Minor: c.Minor}
	texts, err := s.Keys.Read(ctx, tx, c.Notes)
	if err != nil {
		return m, fmt.Errorf("open a card: %w", err)
	}
	if plain := texts[c.Notes].Plain; plain != "" {
		var card Card
		if err := json.Unmarshal([]byte(plain), &card); err != nil {
			return m, fmt.Errorf("read card %s: %w", c.ID, err)
		}
		m.Marks, m.Summary = card.Marks, card.Summary
		return m, nil
	}
	for _, code := range c.Marks {
		m.Marks = append(m.Marks, Mark{Item: code})
	}
	return m, nil
}

// can lists the verbs that the actor may do now, for the page.
func (s *Service) can(a who.Actor, q *Sample, now time.Time) []string {
	out := []string{}
	if q.round() != 0 && q.independent(a.Person) && s.Rules.May(a, verbOf(q), q.object()) {
		out = append(out, "check")
	}
	if q.State == Checked && q.DisputedAt.IsZero() && !now.After(q.DueAt.Time) && s.Rules.May(a, "quality.dispute", q.object()) {
		out = append(out, "dispute")
	}
	return out
}

// DrawSeen is a draw as it was written, and whether drawing again gives the same,
// with the seed that the signed log gives.
type DrawSeen struct {
	DrawnFact
	At   time.Time
	Same bool
}

// Draws lists the draws of a lawyer's month, oldest first, each drawn again from
// the facts that it was made of.
func (s *Service) Draws(ctx context.Context, a who.Actor, of id.ID, month string) (out []DrawSeen, err error) {
	if !monthForm.MatchString(month) {
		return nil, fault.Bad(fault.At("month", "fault.field_format"))
	}
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		d, err := db.Load[drawRow](tx, monthID(of, month))
		if err != nil {
			return err
		}
		if err := s.Rules.Need(a, "quality.see", access.Object{Org: d.Path, Lawyer: d.Lawyer}); err != nil {
			return err
		}
		facts, err := journal.ByRoot(tx, d.Org, d.ID, 0, 200)
		if err != nil {
			return err
		}
		out, err = again(tx, facts)
		return err
	})
	return out, err
}

// again draws anew what facts say was drawn.
func again(tx *db.Tx, facts []journal.Fact) (out []DrawSeen, err error) {
	had := map[id.ID]bool{}
	for _, f := range facts {
		var e DrawnFact
		if err := f.Decode(&e); err != nil {
			return nil, err
		}
		anew := e
		if err := anew.draw(tx, had); err != nil {
			return nil, err
		}
		same, err := fromLog(tx, e.Seed, e.Leaf, f.Subject)
		if err != nil {
			return nil, err
		}
		same = same && anew.Population == e.Population && len(anew.Orders) == len(e.Orders)
		for i, order := range e.Orders {
			same = same && anew.Orders[i] == order
			had[order] = true
		}
		out = append(out, DrawSeen{e, f.At, same})
	}
	return out, nil
}

// Export gives what the room holds about a person: which of his orders were
// inspected. What a card says is about the lawyer.
func (s *Service) Export(ctx context.Context, person id.ID) (any, error) {
	out := []exported{}
	err := s.DB.View(ctx, who.Actor{Person: person}, func(tx *db.Tx) error {
		var rows []Sample
		err := tx.NewSelect().Model(&rows).Where("citizen = ?", person).Order("sampled_at", "id").Scan(tx.Ctx())
		for _, q := range rows {
			out = append(out, exported{q.Order, q.Number, q.SampledAt.Time, q.State})
		}
		return err
	})
	return out, err
}

// exported is an inspected order in an export.
type exported struct {
	Order     id.ID     `json:"order"`
	Number    string    `json:"number"`
	SampledAt time.Time `json:"sampled_at"`
	State     State     `json:"state"`
}
