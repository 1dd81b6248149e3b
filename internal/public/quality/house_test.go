package quality

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/due"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
	"mingfa/internal/base/seal/sealtest"
	"mingfa/internal/base/who"
	"mingfa/internal/base/workday"
	"mingfa/internal/core/access"
	"mingfa/internal/core/identity"
	"mingfa/internal/public/consult"
	"mingfa/internal/public/lawyer"
)

// room is the service with the rooms below it, on a clock that is moved by hand.
type room struct {
	*Service
	t       *testing.T
	clock   *db.StepClock
	runner  *due.Runner
	journal *journal.Journal
	org     identity.Org // a province; the operator is above it
	codes   map[string]string
	phones  int
	qc      [3]who.Actor // quality persons of the province
	admin   who.Actor
}

var setup = who.System("test")

// each runs fn on both databases, each with its own clock.
func each(t *testing.T, fn func(t *testing.T, h *room)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(t, start(t, dbtest.SQLiteURL(t))) })
	t.Run("postgres", func(t *testing.T) { fn(t, start(t, dbtest.PostgresURL(t))) })
}

func start(t *testing.T, url string) *room {
	t.Helper()
	h := &room{t: t, clock: dbtest.Clock(t), codes: map[string]string{}}
	d, keys, rules := dbtest.Open(t, url, h.clock), sealtest.New(t), &access.Rules{}
	signer, err := journal.LoadSigner(t.TempDir())
	h.must(err)
	h.journal, err = journal.Open(t.Context(), d, journal.Config{Signer: signer})
	h.must(err)
	people := &identity.Service{DB: d, Keys: keys, Rules: rules,
		Send: func(_ context.Context, phone, code, _ string) { h.codes[phone] = code }}
	calendar := func(tx *db.Tx, o identity.Org) (workday.Calendar, error) { return workday.Of(tx, o.Path, tx.Now()) }
	lawyers := &lawyer.Service{DB: d, Keys: keys, Rules: rules}
	orders := &consult.Service{DB: d, Keys: keys, Rules: rules, People: people, Lawyers: lawyers, Journal: h.journal, Calendar: calendar}
	h.Service = &Service{DB: d, Keys: keys, Rules: rules, People: people, Lawyers: lawyers, Consult: orders, Calendar: calendar}
	people.Holders = []identity.Holder{orders, lawyers, h.Service}
	root := h.orgBelow(id.Nil, identity.Operator, "")
	h.org = h.orgBelow(root.ID, identity.Province, "440000")
	for i := range h.qc {
		h.qc[i] = h.staff(who.Quality)
	}
	h.admin = h.staff(who.Admin)
	h.runner = due.NewRunner(d, nil)
	orders.Wire(h.runner)
	h.Wire(h.runner)
	h.journal.React("test.population", journal.Start, PopulationKinds, h.Changed)
	h.journal.React("test.watch", journal.Start, WatchKinds, h.Rated)
	return h
}

func (h *room) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *room) orgBelow(parent id.ID, level identity.Level, region string) identity.Org {
	h.t.Helper()
	o, err := h.People.MakeOrg(h.t.Context(), setup, identity.NewOrg{Parent: parent, Level: level, Name: "司法局" + region, Region: region, Zone: "Asia/Shanghai"})
	h.must(err)
	return o
}

func (h *room) staff(roles ...who.Role) who.Actor {
	return who.Actor{Person: id.New(), Org: h.org.ID, Scope: h.org.Path, Roles: roles}
}

func (h *room) citizen() who.Actor {
	h.t.Helper()
	h.phones++
	phone := "+861380013" + string([]byte{'8', '0' + byte(h.phones/10%10), '0' + byte(h.phones%10), '0'})
	_, err := h.People.SendCode(h.t.Context(), phone, "zh-Hans")
	h.must(err)
	x, _, err := h.People.SignInCitizen(h.t.Context(), phone, h.codes[phone], "zh-Hans")
	h.must(err)
	return who.Actor{Person: x.Person, Org: x.Org, Session: x.ID, Roles: []who.Role{who.Citizen}}
}

func (h *room) lawyer(name string) who.Actor {
	h.t.Helper()
	a := h.staff(who.DutyLawyer)
	var key id.ID
	var err error
	a.Person, key, err = h.People.MakeStaff(h.t.Context(), setup, identity.NewStaff{Org: h.org.ID, User: "lawyer-" + id.New().String()[24:], Name: name,
		Password: "a long password", TOTPSecret: "JBSWY3DPEHPK3PXPJBSWY3DP", Roles: a.Roles})
	h.must(err)
	h.must(h.Lawyers.Add(h.t.Context(), setup, lawyer.New{Person: a.Person, Key: key, Org: h.org.ID, Path: h.org.Path,
		Name: name, Nickname: name, Firm: "明法律师事务所", Areas: []string{lawyer.Any}, Regions: []string{lawyer.Any}, Languages: []string{"zh-Hans"}, Status: lawyer.Online}))
	return a
}

const (
	asked  = "公司三个月没有发工资，我该怎么办？"
	secret = "陈秘密女士"
)

func draft() consult.Draft {
	return consult.Draft{Judgement: "公司拖欠工资违法。", Text: strings.Repeat("您可以依法主张工资和补偿，", 5),
		Basis: []consult.Basis{{Law: "劳动法", Article: "第五十条"}}, Advice: []string{"向劳动监察大队投诉。"}}
}

// answered lets a citizen ask and the lawyer answer.
func (h *room) answered(citizen, by who.Actor) id.ID {
	h.t.Helper()
	n := id.New()
	_, err := h.Consult.Ask(h.t.Context(), citizen, consult.Ask{ID: n, Region: "440000", Question: asked, Type: "labour", Language: "zh-Hans",
		Contact: consult.Contact{Name: secret}})
	h.must(err)
	h.settle()
	_, err = h.Consult.Answer(h.t.Context(), by, n, 0, draft())
	h.must(err)
	h.settle()
	return n
}

// settle runs what is due and the reactions, until nothing is left.
func (h *room) settle() {
	h.t.Helper()
	for n := 1; n > 0; {
		h.must(h.journal.Drain(h.t.Context()))
		var err error
		n, err = h.runner.RunDue(h.t.Context())
		h.must(err)
	}
}

// to runs everything that is due until then, in order.
func (h *room) to(then time.Time) {
	h.t.Helper()
	for h.settle(); ; h.settle() {
		next, ok, err := h.runner.Next(h.t.Context())
		h.must(err)
		if !ok || next.After(then) {
			break
		}
		h.clock.Set(next)
	}
	h.clock.Set(then)
}

// night lets the next draw happen.
func (h *room) night() {
	h.t.Helper()
	h.to(h.clock.Now().Add(25 * time.Hour))
	h.settle()
}

func (h *room) view(fn func(tx *db.Tx) error) {
	h.t.Helper()
	h.must(h.DB.View(h.t.Context(), setup, fn))
}

func (h *room) sample(order id.ID) (q *Sample) {
	h.t.Helper()
	h.view(func(tx *db.Tx) (err error) { q, err = load(tx, sampleID(order)); return err })
	return q
}

// samples are all there are.
func (h *room) samples() (list []Sample) {
	h.t.Helper()
	h.view(func(tx *db.Tx) error { return tx.NewSelect().Model(&list).Order("id").Scan(tx.Ctx()) })
	return list
}

// facts lists the kinds of a sample's facts, without the room.
func (h *room) facts(sample id.ID) string {
	h.t.Helper()
	h.must(h.journal.Drain(h.t.Context()))
	var out []string
	h.view(func(tx *db.Tx) error {
		q, err := load(tx, sample)
		h.must(err)
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
	h.t.Helper()
	h.must(h.compared())
}

func (h *room) exec(query string, args ...any) {
	h.t.Helper()
	h.must(h.DB.Do(h.t.Context(), setup, func(tx *db.Tx) error { _, err := tx.Exec(query, args...); return err }))
}

// compared tells the first row that is not what its facts say.
func (h *room) compared() error {
	h.t.Helper()
	h.must(h.journal.Drain(h.t.Context()))
	return h.DB.View(h.t.Context(), setup, func(tx *db.Tx) error {
		x := NewFacts()
		size, err := journal.Size(tx)
		h.must(err)
		all, err := journal.Between(tx, x.Kinds(), 0, size)
		h.must(err)
		for _, f := range all {
			h.must(x.Apply(f))
		}
		return x.Compare(tx)
	})
}

// refused demands a fault of a kind, whose key or one of whose fields is key.
func (h *room) refused(err error, kind fault.Kind, key string) {
	h.t.Helper()
	var f *fault.Fault
	if !errors.As(err, &f) || f.Kind != kind {
		h.t.Errorf("error %v, wanted %s %s", err, kind, key)
		return
	}
	if f.Key != key && !slices.ContainsFunc(f.Fields, func(x fault.Field) bool { return x.Key == key }) {
		h.t.Errorf("refused with %s %v, wanted %s", f.Key, f.Fields, key)
	}
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
	h.t.Helper()
	q, err := h.Submit(h.t.Context(), a, sample, 0, card(items...))
	h.must(err)
	h.settle()
	return q
}

func TestTexts(t *testing.T) {
	for _, p := range append(journal.Problems(), say.Problems()...) {
		t.Error(p)
	}
}
