package complaint

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/blob"
	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/due"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal/sealtest"
	"mingfa/internal/base/who"
	"mingfa/internal/base/workday"
	"mingfa/internal/core/access"
	"mingfa/internal/core/identity"
	"mingfa/internal/core/notify"
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
	consult *consult.Service
	root    identity.Org
	org     identity.Org // a province; the operator is above it
	codes   map[string]string
	told    []notify.Message
	files   string // the directory of sealed files

	citizen, other, ops, quality, bureau, lawyer, admin, opsElsewhere, bureauElsewhere who.Actor
}

var setup = who.System("test")

// each runs fn on both databases, each with its own clock: Monday 2 March 2026,
// 12:00 in China.
func each(t *testing.T, fn func(t *testing.T, h *room)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(t, open(t, dbtest.SQLiteURL(t))) })
	t.Run("postgres", func(t *testing.T) { fn(t, open(t, dbtest.PostgresURL(t))) })
}

func open(t *testing.T, url string) *room {
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
	h.Service = &Service{DB: d, Keys: keys, Rules: rules, People: people, Calendar: calendar}
	h.consult = &consult.Service{DB: d, Keys: keys, Rules: rules, People: people, Lawyers: &lawyer.Service{DB: d, Keys: keys, Rules: rules}, Journal: h.journal, Calendar: calendar}
	h.files = t.TempDir()
	store, err := blob.OpenDir(h.files)
	h.must(err)
	t.Cleanup(func() { store.Close() })
	h.Blobs = blob.New(keys, store)
	people.Holders = []identity.Holder{h.Service}
	h.root = h.orgBelow(id.Nil, identity.Operator, "")
	h.org = h.orgBelow(h.root.ID, identity.Province, "440000")
	elsewhere := h.orgBelow(h.root.ID, identity.Province, "330000")
	h.citizen, h.other = h.signIn("+8613800138000"), h.signIn("+8613800138001")
	staff := func(r who.Role, o identity.Org) who.Actor {
		return who.Actor{Person: id.New(), Org: o.ID, Scope: o.Path, Roles: []who.Role{r}}
	}
	h.ops, h.quality, h.bureau = staff(who.Operations, h.org), staff(who.Quality, h.org), staff(who.Bureau, h.org)
	h.lawyer, h.admin = staff(who.DutyLawyer, h.org), staff(who.Admin, h.org)
	h.opsElsewhere, h.bureauElsewhere = staff(who.Operations, elsewhere), staff(who.Bureau, elsewhere)
	h.runner = due.NewRunner(d, nil)
	h.Wire(h.runner)
	h.journal.React("test.notices", journal.Start, NoticeKinds, func(tx *db.Tx, f journal.Fact) error {
		list, err := Notices(tx, f, func(r who.Role, _ string) ([]id.ID, error) {
			return []id.ID{map[who.Role]id.ID{who.Operations: h.ops.Person, who.Quality: h.quality.Person, who.Bureau: h.bureau.Person}[r]}, nil
		})
		tx.After(func() { h.told = append(h.told, list...) })
		return err
	})
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
	o, err := h.People.MakeOrg(h.t.Context(), setup, identity.NewOrg{Parent: parent, Level: level, Name: "司法局" + region, Region: region})
	h.must(err)
	return o
}

func (h *room) signIn(phone string) who.Actor {
	h.t.Helper()
	_, err := h.People.SendCode(h.t.Context(), phone, "zh-Hans")
	h.must(err)
	x, _, err := h.People.SignInCitizen(h.t.Context(), phone, h.codes[phone], "zh-Hans")
	h.must(err)
	return who.Actor{Person: x.Person, Org: x.Org, Session: x.ID, Roles: []who.Role{who.Citizen}}
}

// everybody are the actors by name.
func (h *room) everybody() map[string]who.Actor {
	return map[string]who.Actor{"citizen": h.citizen, "other": h.other, "ops": h.ops, "quality": h.quality, "bureau": h.bureau, "lawyer": h.lawyer,
		"admin": h.admin, "ops elsewhere": h.opsElsewhere, "bureau elsewhere": h.bureauElsewhere, "nobody": {}}
}

func says(words string) Intake {
	return Intake{ID: id.New(), Kind: Grievance, Text: words, Region: "440000"}
}

// complain lets the citizen complain and settles.
func (h *room) complain(words string) *Complaint {
	h.t.Helper()
	c, err := h.Make(h.t.Context(), h.citizen, says(words))
	h.must(err)
	h.settle()
	return h.get(c.ID)
}

// order gives a consultation of the citizen.
func (h *room) order(a who.Actor) *consult.Order {
	h.t.Helper()
	o, err := h.consult.Ask(h.t.Context(), a, consult.Ask{ID: id.New(), Region: "440000", Question: "公司三个月没有发工资，我该怎么办？", Type: "labour",
		Language: "zh-Hans", Contact: consult.Contact{Name: "陈女士"}})
	h.must(err)
	return o
}

func (h *room) get(i id.ID) (c *Complaint) {
	h.t.Helper()
	h.view(func(tx *db.Tx) (err error) { c, err = load(tx, i); return err })
	return c
}

func (h *room) view(fn func(tx *db.Tx) error) {
	h.t.Helper()
	h.must(h.DB.View(h.t.Context(), setup, fn))
}

// call notes a call that reached him, or did not.
func (h *room) call(c *Complaint, reached bool) error {
	k := Call{ID: id.New(), Reached: reached}
	if reached {
		k.Reason = "律师语气生硬"
	}
	_, err := h.Called(h.t.Context(), h.ops, c.ID, 0, k)
	return err
}

var entry = Entry{Kind: Grievance, Category: consult.ReasonAttitude, Reason: "律师语气生硬", Measure: "约谈律师", Result: "律师已致歉"}

// register calls him and fills in the register.
func (h *room) register(c *Complaint) {
	h.t.Helper()
	h.must(h.call(c, true))
	_, err := h.Record(h.t.Context(), h.quality, c.ID, 0, entry)
	h.must(err)
}

func (h *room) close(c *Complaint) error {
	_, err := h.Close(h.t.Context(), h.ops, c.ID, 0)
	return err
}

// settle runs what is due and the reactions, until nothing is left; what the facts
// say and the due rows are then those of the rows.
func (h *room) settle() {
	h.t.Helper()
	for n := 1; n > 0; {
		h.must(h.journal.Drain(h.t.Context()))
		var err error
		n, err = h.runner.RunDue(h.t.Context())
		h.must(err)
	}
	h.consistent()
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

// after lets time pass.
func (h *room) after(d time.Duration) { h.to(h.clock.Now().Add(d)) }

func (h *room) consistent() {
	h.t.Helper()
	told := NewFacts()
	var want, got []string
	h.view(func(tx *db.Tx) error {
		var rows []Complaint
		err := tx.NewSelect().Model(&rows).Scan(tx.Ctx())
		for _, c := range rows {
			facts, err2 := journal.ByRoot(tx, c.Org, c.ID, 0, 1000)
			err = errors.Join(err, err2)
			for _, f := range facts {
				if slices.Contains(told.Kinds(), f.Kind) {
					err = errors.Join(err, told.Apply(f))
				}
			}
			if _, next := Walk(c.DueAt.Time, h.clock.Now()); c.CalledAt.IsZero() && !next.IsZero() {
				want = append(want, c.ID.String()+" call "+next.UTC().Format(time.RFC3339Nano))
			}
			if by := c.AckBy(); !by.IsZero() && !c.Escalated {
				want = append(want, c.ID.String()+" report "+by.Add(time.Millisecond).UTC().Format(time.RFC3339Nano))
			}
		}
		for _, kind := range []string{dueCall, dueReport} {
			open, err2 := due.OfKind(tx, kind)
			err = errors.Join(err, err2)
			for _, r := range open {
				got = append(got, r.Subject.String()+" "+r.Name+" "+r.At.UTC().Format(time.RFC3339Nano))
			}
		}
		return errors.Join(err, told.Compare(tx))
	})
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) {
		h.t.Errorf("due rows\n%s\nby the states\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// facts lists the kinds of a complaint's facts, without their room.
func (h *room) facts(c *Complaint) string {
	h.t.Helper()
	h.must(h.journal.Drain(h.t.Context()))
	var out []string
	h.view(func(tx *db.Tx) error {
		all, err := journal.ByRoot(tx, c.Org, c.ID, 0, 1000)
		for _, f := range all {
			out = append(out, strings.TrimPrefix(f.Kind, "complaint."))
		}
		return err
	})
	return strings.Join(out, " ")
}

func (h *room) wantFacts(c *Complaint, want string) {
	h.t.Helper()
	if got := h.facts(c); got != want {
		h.t.Errorf("facts\n%s\nwanted\n%s", got, want)
	}
}

// toldOf lists who was told of a kind: names, "+sms" where an SMS goes out.
func (h *room) toldOf(kind string) string {
	var out []string
	for _, m := range h.told {
		if m.Kind != "complaint_"+kind {
			continue
		}
		name := "?"
		for n, a := range h.everybody() {
			if a.Person == m.Person {
				name = n
			}
		}
		if m.SMS {
			name += "+sms"
		}
		if m.Root != id.Nil {
			name += "+root"
		}
		out = append(out, name)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func (h *room) wantTold(kind, want string) {
	h.t.Helper()
	if got := h.toldOf(kind); got != want {
		h.t.Errorf("of %s were told %q, wanted %q", kind, got, want)
	}
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
