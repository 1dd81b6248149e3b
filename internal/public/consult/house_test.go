package consult

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/seal/sealtest"
	"mingfa/internal/base/setting"
	"mingfa/internal/base/who"
	"mingfa/internal/core/identity"
	"mingfa/internal/core/identity/identitytest"
	"mingfa/internal/core/notify"
	"mingfa/internal/public/lawyer"
)

// room is the service with the rooms below it, on a clock that is moved by hand.
type room struct {
	*Service
	*identitytest.House
	org     identity.Org // a province; the operator is above it
	told    []notify.Message
	ops     who.Actor
	lawyers map[string]who.Actor
}

var setup = identitytest.Setup

// each runs fn on both databases, each with its own clock.
func each(t *testing.T, fn func(t *testing.T, h *room)) {
	t.Helper()
	identitytest.Each(t, func(h *identitytest.House) { fn(h.T, open(h)) })
}

func open(house *identitytest.House) *room {
	h := &room{House: house, lawyers: map[string]who.Actor{}}
	h.Service = &Service{DB: house.DB, Keys: house.Keys, Rules: house.Rules, People: house.People, Journal: house.Journal, Blobs: house.Blobs,
		Lawyers: &lawyer.Service{DB: house.DB, Keys: house.Keys, Rules: house.Rules}, Calendar: identitytest.Calendar}
	h.Check = h.dueMatches
	root := h.OrgBelow(id.Nil, identity.Operator, "")
	h.org = h.OrgBelow(root.ID, identity.Province, "440000")
	h.ops = identitytest.Staff(h.org, who.Operations)
	h.Wire(h.Runner)
	h.Journal.ReactTogether("test.notices", journal.Start, NoticeKinds, func(tx *db.Tx, facts []journal.Fact) error {
		list, err := Notices(tx, facts, func(string) ([]id.ID, error) { return []id.ID{h.ops.Person}, nil })
		tx.After(func() { h.told = append(h.told, list...) })
		return err
	})
	h.Journal.React("test.offer", journal.Start, []string{"lawyer.status_changed", "lawyer.added"}, func(tx *db.Tx, _ journal.Fact) error { return h.OfferWaiting(tx) })
	return h
}

// lawyer adds a duty lawyer for everything.
func (h *room) lawyer(name string, status lawyer.Status) who.Actor {
	h.T.Helper()
	a := identitytest.Staff(h.org, who.DutyLawyer)
	h.Must(h.Lawyers.Add(h.T.Context(), setup, lawyer.New{Person: a.Person, Key: sealtest.Key(h.T, h.Keys, seal.Person, h.org.Key), Org: h.org.ID, Path: h.org.Path,
		Name: name, Nickname: name, Firm: "明法律师事务所", Areas: []string{lawyer.Any}, Regions: []string{lawyer.Any}, Languages: []string{"zh-Hans"}, Status: status}))
	h.lawyers[name] = a
	return a
}

func question(n id.ID) Ask {
	return Ask{ID: n, Region: "440000", Question: "公司三个月没有发工资，我该怎么办？", Type: "labour", Language: "zh-Hans", Contact: Contact{Name: "陈女士"}}
}

// ask lets a citizen ask and settles.
func (h *room) ask(a who.Actor) *Order {
	h.T.Helper()
	o, err := h.Ask(h.T.Context(), a, question(id.New()))
	h.Must(err)
	h.Settle()
	return h.order(o.ID)
}

func (h *room) order(i id.ID) (o *Order) {
	h.T.Helper()
	h.View(func(tx *db.Tx) (err error) { o, err = load(tx, i); return err })
	return o
}

func (h *room) callback(i id.ID) (c *Callback) {
	h.T.Helper()
	h.View(func(tx *db.Tx) (err error) { c, err = loadCallback(tx, i); return err })
	return c
}

func (h *room) exec(query string, args ...any) {
	h.T.Helper()
	h.Must(h.DB.Do(h.T.Context(), setup, func(tx *db.Tx) error { _, err := tx.Exec(query, args...); return err }))
}

// outage is time in which nothing ran.
func (h *room) outage(then time.Time) { h.Clock.Set(then) }

// dueMatches computes the due rows of orders and call-backs from their states.
func (h *room) dueMatches() {
	h.T.Helper()
	var want, got []string
	now := h.Clock.Now()
	h.View(func(tx *db.Tx) error {
		var orders []Order
		var calls []Callback
		err := errors.Join(tx.NewSelect().Model(&orders).Scan(tx.Ctx()), tx.NewSelect().Model(&calls).Scan(tx.Ctx()))
		for _, o := range orders {
			next := Walk(o.ClockFrom.Time, o.Warned, now).NextAt
			if next.IsZero() && o.State == Waiting {
				next = NextOffer(o.ClockFrom.Time, now)
			}
			if o.Awaiting && !next.IsZero() {
				want = append(want, o.ID.String()+" clock "+next.UTC().Format(time.RFC3339Nano))
			}
			if o.State == Answered {
				want = append(want, o.ID.String()+" close")
			}
			hours, err2 := setting.Get(tx, remindHours, o.Path, o.AnsweredAt.Time)
			err = errors.Join(err, err2)
			if at := o.AnsweredAt.Add(time.Duration(hours) * time.Hour); o.toRate() && hours > 0 && at.After(now) {
				want = append(want, o.ID.String()+" remind "+at.UTC().Format(time.RFC3339Nano))
			}
		}
		for _, c := range calls {
			if c.State != CallbackClosed && !now.After(c.DueAt.Time) {
				want = append(want, c.ID.String()+" callback "+c.DueAt.Add(time.Millisecond).UTC().Format(time.RFC3339Nano))
			}
			if c.Legal && c.LawyerAt.IsZero() && !now.After(c.LawyerDueAt.Time) {
				want = append(want, c.ID.String()+" lawyer_call "+c.LawyerDueAt.Add(time.Millisecond).UTC().Format(time.RFC3339Nano))
			}
		}
		for _, kind := range []string{dueClock, dueClose, dueRemind, dueCallback, dueCall} {
			rows, err2 := due.OfKind(tx, kind)
			err = errors.Join(err, err2)
			for _, r := range rows {
				line := r.Subject.String() + " " + r.Name
				if kind != dueClose {
					line += " " + r.At.UTC().Format(time.RFC3339Nano)
				}
				got = append(got, line)
			}
		}
		return err
	})
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) {
		h.T.Errorf("due rows\n%s\nby the states\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// facts lists the consult facts filed under an order: kind without its room,
// with minutes, cause or "reply" where they have one.
func (h *room) facts(order id.ID) (out []string) {
	h.T.Helper()
	h.Must(h.Journal.Drain(h.T.Context()))
	h.View(func(tx *db.Tx) error {
		o, err := load(tx, order)
		if err != nil {
			return err
		}
		all, err := journal.ByRoot(tx, o.Org, o.ID, 0, 1000)
		for _, f := range all {
			name, ours := strings.CutPrefix(f.Kind, "consult.")
			if !ours {
				continue
			}
			var e struct {
				Minutes int
				Cause   Cause
				Reply   bool
			}
			h.Must(f.Decode(&e))
			switch {
			case e.Minutes > 0:
				name += strconv.Itoa(e.Minutes)
			case e.Cause != "":
				name += "/" + string(e.Cause)
			case e.Reply:
				name += "/reply"
			}
			out = append(out, name)
		}
		return err
	})
	return out
}

// wantFacts demands the facts of an order in their order.
func (h *room) wantFacts(order id.ID, want string) {
	h.T.Helper()
	if got := strings.Join(h.facts(order), " "); got != want {
		h.T.Errorf("facts\n%s\nwanted\n%s", got, want)
	}
}

// answer answers with a good draft.
func (h *room) answer(a who.Actor, order id.ID) *Order {
	h.T.Helper()
	o, err := h.Answer(h.T.Context(), a, order, 0, goodDraft())
	h.Must(err)
	h.Settle()
	return o
}

// answered gives an order that was answered after ten minutes.
func (h *room) answered(citizen, by who.Actor) *Order {
	h.T.Helper()
	o := h.ask(citizen)
	h.To(h.Clock.Now().Add(10 * time.Minute))
	return h.answer(by, o.ID)
}
