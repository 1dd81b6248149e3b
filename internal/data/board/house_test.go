package board

import (
	"context"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/due"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/seal/sealtest"
	"mingfa/internal/base/who"
	"mingfa/internal/base/workday"
	"mingfa/internal/core/access"
	"mingfa/internal/core/identity"
	"mingfa/internal/public/complaint"
	"mingfa/internal/public/consult"
	"mingfa/internal/public/lawyer"
	"mingfa/internal/public/quality"
)

var setup = who.System("test")

// room is the board over real rooms below it.
type room struct {
	*Service
	t         *testing.T
	clock     *db.StepClock // nil: the real one
	journal   *journal.Journal
	runner    *due.Runner
	keys      *seal.Keys
	consult   *consult.Service
	complaint *complaint.Service
	lawyers   *lawyer.Service
	quality   *quality.Service
	code      string
	citizen   who.Actor
	lawyer    who.Actor
	orgs      map[string]identity.Org // by region; "" is the operator
}

func each(t *testing.T, fn func(t *testing.T, h *room)) {
	t.Helper()
	for name, url := range map[string]func(*testing.T) string{"sqlite": dbtest.SQLiteURL, "postgres": dbtest.PostgresURL} {
		t.Run(name, func(t *testing.T) { fn(t, open(t, url(t), dbtest.Clock(t))) })
	}
}

func open(t *testing.T, url string, clock *db.StepClock) *room {
	t.Helper()
	h := &room{t: t, clock: clock, orgs: map[string]identity.Org{}}
	var c db.Clock
	if clock != nil {
		c = clock
	}
	d, rules := dbtest.Open(t, url, c), &access.Rules{}
	h.keys = sealtest.New(t)
	signer, err := journal.LoadSigner(t.TempDir())
	h.must(err)
	h.journal, err = journal.Open(t.Context(), d, journal.Config{Signer: signer})
	h.must(err)
	people := &identity.Service{DB: d, Keys: h.keys, Rules: rules, Send: func(_ context.Context, _, c, _ string) { h.code = c }}
	calendar := func(tx *db.Tx, o identity.Org) (workday.Calendar, error) { return workday.Of(tx, o.Path, tx.Now()) }
	h.Service = &Service{DB: d, Rules: rules, People: people}
	h.lawyers = &lawyer.Service{DB: d, Keys: h.keys, Rules: rules}
	h.consult = &consult.Service{DB: d, Keys: h.keys, Rules: rules, People: people, Lawyers: h.lawyers, Journal: h.journal, Calendar: calendar}
	h.complaint = &complaint.Service{DB: d, Keys: h.keys, Rules: rules, People: people, Calendar: calendar}
	h.quality = &quality.Service{DB: d, Keys: h.keys, Rules: rules, People: people, Lawyers: h.lawyers, Consult: h.consult, Calendar: calendar}
	h.runner = due.NewRunner(d, nil)
	h.consult.Wire(h.runner)
	h.complaint.Wire(h.runner)
	h.journal.ReactTogether(Reaction, journal.Start, Kinds, h.Count)
	h.people()
	_, err = people.SendCode(t.Context(), "13800138000", "zh-Hans")
	h.must(err)
	x, _, err := people.SignInCitizen(t.Context(), "13800138000", h.code, "zh-Hans")
	h.must(err)
	h.citizen = who.Actor{Person: x.Person, Org: x.Org, Roles: []who.Role{who.Citizen}}
	return h
}

// people makes regions and organisations.
func (h *room) people() {
	h.t.Helper()
	for _, o := range []struct {
		region, parent string
		level          identity.Level
	}{{"", "", identity.Operator}, {"440000", "", identity.Province}, {"440100", "440000", identity.City}, {"440300", "440000", identity.City},
		{"440106", "440100", identity.County}, {"440105", "440100", identity.County}} {
		made, err := h.People.MakeOrg(h.t.Context(), setup, identity.NewOrg{Parent: h.orgs[o.parent].ID, Level: o.level, Name: "中心" + o.region, Region: o.region})
		h.must(err)
		h.orgs[o.region] = made
	}
	_, err := h.People.LoadRegions(h.t.Context(), setup, strings.NewReader("code,name,parent\n440100,广州市,440000\n440106,天河区,440100\n440105,海珠区,440100\n440300,深圳市,440000\n"))
	h.must(err)
}

// onDuty adds the lawyer, online for everything.
func (h *room) onDuty() {
	h.t.Helper()
	root := h.orgs[""]
	h.lawyer = who.Actor{Person: id.New(), Org: root.ID, Scope: root.Path, Roles: []who.Role{who.DutyLawyer}}
	h.must(h.lawyers.Add(h.t.Context(), setup, lawyer.New{Person: h.lawyer.Person, Key: sealtest.Key(h.t, h.keys, seal.Person, root.Key), Org: root.ID, Path: root.Path,
		Name: "甲", Nickname: "甲", Firm: "明法律师事务所", Areas: []string{lawyer.Any}, Regions: []string{lawyer.Any}, Languages: []string{"zh-Hans"}, Status: lawyer.Online}))
}

func (h *room) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *room) absent(err error) {
	h.t.Helper()
	if !fault.Is(err, fault.Absent) {
		h.t.Errorf("got %v, wanted what is not there", err)
	}
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
	h.must(h.journal.Drain(h.t.Context()))
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
	h.settle()
}

func (h *room) after(d time.Duration) { h.t.Helper(); h.to(h.clock.Now().Add(d)) }

func (h *room) ask(region string) id.ID {
	h.t.Helper()
	o, err := h.consult.Ask(h.t.Context(), h.citizen, consult.Ask{ID: id.New(), Region: region, Question: "公司拖欠工资怎么办？", Contact: consult.Contact{Name: "陈女士"}})
	h.must(err)
	return o.ID
}

func (h *room) answer(order id.ID) {
	h.t.Helper()
	_, err := h.consult.Answer(h.t.Context(), h.lawyer, order, 0, consult.Draft{Judgement: "违法", Text: strings.Repeat("法", 51),
		Basis: []consult.Basis{{Law: "劳动法", Article: "第五十条"}}, Advice: []string{"投诉"}})
	h.must(err)
}

// rate gives a rating and its call-back, which is Nil for a good one.
func (h *room) rate(order id.ID, level consult.Rating) id.ID {
	h.t.Helper()
	call := id.New()
	_, err := h.consult.Rate(h.t.Context(), h.citizen, order, call, level, "")
	h.must(err)
	return call
}

// operator looks at an organisation.
func (h *room) operator(region string, roles ...who.Role) who.Actor {
	if len(roles) == 0 {
		roles = []who.Role{who.Operations}
	}
	o := h.orgs[region]
	return who.Actor{Person: id.New(), Org: o.ID, Scope: o.Path, Roles: roles}
}

func (h *room) board(region string) map[string]Figure {
	h.t.Helper()
	b, err := h.Live(h.t.Context(), h.operator(region, who.Operations, who.Quality), "zh-Hans")
	h.must(err)
	if b.Behind != 0 {
		h.t.Errorf("%d facts are not counted", b.Behind)
	}
	out := map[string]Figure{}
	for _, f := range b.Figures {
		out[f.Code] = f
	}
	return out
}
