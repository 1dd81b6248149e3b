package quality

import (
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
	"mingfa/internal/base/who"
	"mingfa/internal/core/identity"
	"mingfa/internal/core/identity/identitytest"
	"mingfa/internal/public/consult"
	"mingfa/internal/public/consult/consulttest"
	"mingfa/internal/public/lawyer"
)

// room is the service with the rooms below it, on a clock that is moved by hand.
type room struct {
	*Service
	*consulttest.House
	org   identity.Org // a province; the operator is above it
	qc    [3]who.Actor // quality persons of the province
	admin who.Actor
}

var setup = identitytest.Setup

// each runs fn on both databases, each with its own clock.
func each(t *testing.T, fn func(t *testing.T, h *room)) {
	t.Helper()
	identitytest.Each(t, func(h *identitytest.House) { fn(h.T, open(h)) })
}

func open(house *identitytest.House) *room {
	h := &room{House: consulttest.Open(house)}
	h.Service = &Service{DB: h.House.DB, Keys: h.House.Keys, Rules: h.House.Rules, People: h.House.People, Lawyers: h.House.Lawyers, Consult: h.House.Consult,
		Calendar: identitytest.Calendar}
	h.People.Holders = []identity.Holder{h.Consult, h.Lawyers, h.Service}
	h.org = h.OrgBelow(h.OrgBelow(id.Nil, identity.Operator, "").ID, identity.Province, "440000")
	for i := range h.qc {
		h.qc[i] = h.staff(who.Quality)
	}
	h.admin = h.staff(who.Admin)
	h.Wire(h.Runner)
	h.Journal.React("test.population", journal.Start, PopulationKinds, h.Changed)
	h.Journal.React("test.watch", journal.Start, WatchKinds, h.Rated)
	return h
}

func (h *room) staff(roles ...who.Role) who.Actor { return identitytest.Staff(h.org, roles...) }

func (h *room) lawyer(name string) who.Actor {
	h.T.Helper()
	a := h.staff(who.DutyLawyer)
	var key id.ID
	var err error
	a.Person, key, err = h.People.MakeStaff(h.T.Context(), setup, identity.NewStaff{Org: h.org.ID, User: "lawyer-" + id.New().String()[24:], Name: name,
		Password: "a long password", TOTPSecret: "JBSWY3DPEHPK3PXPJBSWY3DP", Roles: a.Roles})
	h.Must(err)
	h.Must(h.Lawyers.Add(h.T.Context(), setup, lawyer.New{Person: a.Person, Key: key, Org: h.org.ID, Path: h.org.Path,
		Name: name, Nickname: name, Firm: "明法律师事务所", Areas: []string{lawyer.Any}, Regions: []string{lawyer.Any}, Languages: []string{"zh-Hans"}, Status: lawyer.Online}))
	return a
}

const (
	asked  = "公司三个月没有发工资，我该怎么办？"
	secret = "陈秘密女士"
)

// answered lets a citizen ask and the lawyer answer.
func (h *room) answered(citizen, by who.Actor) id.ID {
	h.T.Helper()
	n := id.New()
	_, err := h.Consult.Ask(h.T.Context(), citizen, consult.Ask{ID: n, Region: "440000", Question: asked, Type: "labour", Language: "zh-Hans",
		Contact: consult.Contact{Name: secret}})
	h.Must(err)
	h.Settle()
	_, err = h.Consult.Answer(h.T.Context(), by, n, 0, consulttest.Draft())
	h.Must(err)
	h.Settle()
	return n
}

// exclude leaves an order out of the figures.
func (h *room) exclude(ops who.Actor, order id.ID) {
	h.T.Helper()
	_, err := h.Consult.Exclude(h.T.Context(), ops, order, 0, consult.Test, "测试")
	h.Must(err)
	h.Settle()
}

// include takes it back.
func (h *room) include(ops who.Actor, order id.ID) {
	h.T.Helper()
	_, err := h.Consult.Include(h.T.Context(), ops, order, 0, "恢复")
	h.Must(err)
	h.Settle()
}

// night lets the next draw happen.
func (h *room) night() {
	h.T.Helper()
	h.To(h.Clock.Now().Add(25 * time.Hour))
	h.Settle()
}

func (h *room) sample(order id.ID) (q *Sample) {
	h.T.Helper()
	h.View(func(tx *db.Tx) (err error) { q, err = load(tx, sampleID(order)); return err })
	return q
}

// samples are all there are.
func (h *room) samples() (list []Sample) {
	h.T.Helper()
	h.View(func(tx *db.Tx) error { return tx.NewSelect().Model(&list).Order("id").Scan(tx.Ctx()) })
	return list
}

// facts lists the kinds of a sample's facts, without the room.
func (h *room) facts(sample id.ID) string {
	h.T.Helper()
	h.Must(h.Journal.Drain(h.T.Context()))
	var out []string
	h.View(func(tx *db.Tx) error {
		q, err := load(tx, sample)
		h.Must(err)
		all, err := journal.ByRoot(tx, q.Org, sample, 0, 100)
		for _, f := range all {
			out = append(out, strings.TrimPrefix(f.Kind, "quality."))
		}
		return err
	})
	return strings.Join(out, " ")
}

// replays demands that rows and facts agree.
func (h *room) replays() {
	h.T.Helper()
	h.Must(h.compared())
}

func (h *room) exec(query string, args ...any) {
	h.T.Helper()
	h.Must(h.DB.Do(h.T.Context(), setup, func(tx *db.Tx) error { _, err := tx.Exec(query, args...); return err }))
}

// compared tells the first row that is not what its facts say.
func (h *room) compared() error {
	h.T.Helper()
	h.Must(h.Journal.Drain(h.T.Context()))
	return h.DB.View(h.T.Context(), setup, func(tx *db.Tx) error {
		x := NewFacts()
		size, err := journal.Size(tx)
		h.Must(err)
		all, err := journal.Between(tx, x.Kinds(), 0, size)
		h.Must(err)
		for _, f := range all {
			h.Must(x.Apply(f))
		}
		return x.Compare(tx)
	})
}

// card is a card that marks items.
func card(items ...Code) Card {
	c := Card{ID: id.New(), Marks: []Mark{}, Summary: "总体评价"}
	for _, x := range items {
		c.Marks = append(c.Marks, Mark{x, "此处有误"})
	}
	return c
}

func (h *room) submit(a who.Actor, sample id.ID, items ...Code) *Sample {
	h.T.Helper()
	q, err := h.Submit(h.T.Context(), a, sample, 0, card(items...))
	h.Must(err)
	h.Settle()
	return q
}

func TestTexts(t *testing.T) {
	for _, p := range append(journal.Problems(), say.Problems()...) {
		t.Error(p)
	}
}
