package complaint

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/blob"
	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/who"
	"mingfa/internal/core/identity"
	"mingfa/internal/core/identity/identitytest"
	"mingfa/internal/core/notify"
	"mingfa/internal/public/consult"
	"mingfa/internal/public/consult/consulttest"
)

// room is the service with the rooms below it, on a clock that is moved by hand.
type room struct {
	*Service
	*consulttest.House
	root  identity.Org
	org   identity.Org // a province; the operator is above it
	told  []notify.Message
	files string // the directory of sealed files

	citizen, other, ops, quality, bureau, lawyer, admin, opsElsewhere, bureauElsewhere who.Actor
}

var setup = identitytest.Setup

// each runs fn on both databases, each with its own clock: Monday 2 March 2026,
// 12:00 in China.
func each(t *testing.T, fn func(t *testing.T, h *room)) {
	t.Helper()
	identitytest.Each(t, func(h *identitytest.House) { fn(h.T, open(h)) })
}

func open(house *identitytest.House) *room {
	h := &room{House: consulttest.Open(house)}
	h.Service = &Service{DB: h.House.DB, Keys: h.House.Keys, Rules: h.House.Rules, People: h.House.People, Calendar: identitytest.Calendar}
	h.files = h.T.TempDir()
	store, err := blob.OpenDir(h.files)
	h.Must(err)
	h.T.Cleanup(func() { store.Close() })
	h.Service.Blobs = blob.New(h.House.Keys, store)
	h.Check = h.consistent
	h.People.Holders = []identity.Holder{h.Service}
	h.root = h.OrgBelow(id.Nil, identity.Operator, "")
	h.org = h.OrgBelow(h.root.ID, identity.Province, "440000")
	elsewhere := h.OrgBelow(h.root.ID, identity.Province, "330000")
	h.citizen, h.other = h.SignIn("+8613800138000"), h.SignIn("+8613800138001")
	staff := func(r who.Role, o identity.Org) who.Actor { return identitytest.Staff(o, r) }
	h.ops, h.quality, h.bureau = staff(who.Operations, h.org), staff(who.Quality, h.org), staff(who.Bureau, h.org)
	h.lawyer, h.admin = staff(who.DutyLawyer, h.org), staff(who.Admin, h.org)
	h.opsElsewhere, h.bureauElsewhere = staff(who.Operations, elsewhere), staff(who.Bureau, elsewhere)
	h.Wire(h.Runner)
	h.Journal.React("test.notices", journal.Start, NoticeKinds, func(tx *db.Tx, f journal.Fact) error {
		list, err := Notices(tx, f, func(r who.Role, _ string) ([]id.ID, error) {
			return []id.ID{map[who.Role]id.ID{who.Operations: h.ops.Person, who.Quality: h.quality.Person, who.Bureau: h.bureau.Person}[r]}, nil
		})
		tx.After(func() { h.told = append(h.told, list...) })
		return err
	})
	return h
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
	h.T.Helper()
	c, err := h.Make(h.T.Context(), h.citizen, says(words))
	h.Must(err)
	h.Settle()
	return h.get(c.ID)
}

// order gives a consultation of the citizen.
func (h *room) order(a who.Actor) *consult.Order {
	h.T.Helper()
	o, err := h.Consult.Ask(h.T.Context(), a, consult.Ask{ID: id.New(), Region: "440000", Question: "公司三个月没有发工资，我该怎么办？", Type: "labour",
		Language: "zh-Hans", Contact: consult.Contact{Name: "陈女士"}})
	h.Must(err)
	return o
}

func (h *room) get(i id.ID) (c *Complaint) {
	h.T.Helper()
	h.View(func(tx *db.Tx) (err error) { c, err = load(tx, i); return err })
	return c
}

// call notes a call that reached him, or did not.
func (h *room) call(c *Complaint, reached bool) error {
	k := Call{ID: id.New(), Reached: reached}
	if reached {
		k.Reason = "律师语气生硬"
	}
	_, err := h.Called(h.T.Context(), h.ops, c.ID, 0, k)
	return err
}

var entry = Entry{Kind: Grievance, Category: consult.ReasonAttitude, Reason: "律师语气生硬", Measure: "约谈律师", Result: "律师已致歉"}

// register calls him and fills in the register.
func (h *room) register(c *Complaint) {
	h.T.Helper()
	h.Must(h.call(c, true))
	_, err := h.Record(h.T.Context(), h.quality, c.ID, 0, entry)
	h.Must(err)
}

func (h *room) close(c *Complaint) error {
	_, err := h.Close(h.T.Context(), h.ops, c.ID, 0)
	return err
}

func (h *room) consistent() {
	h.T.Helper()
	told := NewFacts()
	var want, got []string
	h.View(func(tx *db.Tx) error {
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
			if _, next := Walk(c.DueAt.Time, h.Clock.Now()); c.CalledAt.IsZero() && !next.IsZero() {
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
		h.T.Errorf("due rows\n%s\nby the states\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// facts lists the kinds of a complaint's facts, without their room.
func (h *room) facts(c *Complaint) string {
	h.T.Helper()
	h.Must(h.Journal.Drain(h.T.Context()))
	var out []string
	h.View(func(tx *db.Tx) error {
		all, err := journal.ByRoot(tx, c.Org, c.ID, 0, 1000)
		for _, f := range all {
			out = append(out, strings.TrimPrefix(f.Kind, "complaint."))
		}
		return err
	})
	return strings.Join(out, " ")
}

func (h *room) wantFacts(c *Complaint, want string) {
	h.T.Helper()
	if got := h.facts(c); got != want {
		h.T.Errorf("facts\n%s\nwanted\n%s", got, want)
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
	h.T.Helper()
	if got := h.toldOf(kind); got != want {
		h.T.Errorf("of %s were told %q, wanted %q", kind, got, want)
	}
}
