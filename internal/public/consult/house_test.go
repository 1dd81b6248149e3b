package consult

import (
	"context"
	"errors"
	"slices"
	"strconv"
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
	"mingfa/internal/base/seal"
	"mingfa/internal/base/seal/sealtest"
	"mingfa/internal/base/setting"
	"mingfa/internal/base/who"
	"mingfa/internal/base/workday"
	"mingfa/internal/core/access"
	"mingfa/internal/core/identity"
	"mingfa/internal/core/notify"
	"mingfa/internal/public/lawyer"
)

// room is the service with the rooms below it, on a clock that is moved by hand.
type room struct {
	*Service
	t       *testing.T
	clock   *db.StepClock
	runner  *due.Runner
	org     identity.Org // a province; the operator is above it
	codes   map[string]string
	phones  int
	told    []notify.Message
	ops     who.Actor
	lawyers map[string]who.Actor
	files   string // directory of sealed files
}

var setup = who.System("test")

// each runs fn on both databases, each with its own clock.
func each(t *testing.T, fn func(t *testing.T, h *room)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(t, open(t, dbtest.SQLiteURL(t))) })
	t.Run("postgres", func(t *testing.T) { fn(t, open(t, dbtest.PostgresURL(t))) })
}

func open(t *testing.T, url string) *room {
	t.Helper()
	h := &room{t: t, clock: dbtest.Clock(t), codes: map[string]string{}, lawyers: map[string]who.Actor{}, files: t.TempDir()}
	d, keys, rules := dbtest.Open(t, url, h.clock), sealtest.New(t), &access.Rules{}
	signer, err := journal.LoadSigner(t.TempDir())
	h.must(err)
	j, err := journal.Open(t.Context(), d, journal.Config{Signer: signer})
	h.must(err)
	people := &identity.Service{DB: d, Keys: keys, Rules: rules,
		Send: func(_ context.Context, phone, code, _ string) { h.codes[phone] = code }}
	h.Service = &Service{DB: d, Keys: keys, Rules: rules, People: people, Lawyers: &lawyer.Service{DB: d, Keys: keys, Rules: rules}, Journal: j,
		Calendar: func(tx *db.Tx, o identity.Org) (workday.Calendar, error) { return workday.Of(tx, o.Path, tx.Now()) }}
	store, err := blob.OpenDir(h.files)
	h.must(err)
	t.Cleanup(func() { store.Close() })
	h.Blobs = blob.New(keys, store)
	root := h.orgBelow(id.Nil, identity.Operator, "")
	h.org = h.orgBelow(root.ID, identity.Province, "440000")
	h.ops = who.Actor{Person: id.New(), Org: h.org.ID, Scope: h.org.Path, Roles: []who.Role{who.Operations}}
	h.runner = due.NewRunner(d, nil)
	h.Wire(h.runner)
	j.ReactTogether("test.notices", journal.Start, NoticeKinds, func(tx *db.Tx, facts []journal.Fact) error {
		list, err := Notices(tx, facts, func(string) ([]id.ID, error) { return []id.ID{h.ops.Person}, nil })
		tx.After(func() { h.told = append(h.told, list...) })
		return err
	})
	j.React("test.offer", journal.Start, []string{"lawyer.status_changed", "lawyer.added"}, func(tx *db.Tx, _ journal.Fact) error { return h.OfferWaiting(tx) })
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

// citizen signs a new phone in.
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

// lawyer adds a duty lawyer for everything.
func (h *room) lawyer(name string, status lawyer.Status) who.Actor {
	h.t.Helper()
	a := who.Actor{Person: id.New(), Org: h.org.ID, Scope: h.org.Path, Roles: []who.Role{who.DutyLawyer}}
	h.must(h.Lawyers.Add(h.t.Context(), setup, lawyer.New{Person: a.Person, Key: sealtest.Key(h.t, h.Keys, seal.Person, h.org.Key), Org: h.org.ID, Path: h.org.Path,
		Name: name, Nickname: name, Firm: "明法律师事务所", Areas: []string{lawyer.Any}, Regions: []string{lawyer.Any}, Languages: []string{"zh-Hans"}, Status: status}))
	h.lawyers[name] = a
	return a
}

func question(n id.ID) Ask {
	return Ask{ID: n, Region: "440000", Question: "公司三个月没有发工资，我该怎么办？", Type: "labour", Language: "zh-Hans", Contact: Contact{Name: "陈女士"}}
}

// ask lets a citizen ask and settles.
func (h *room) ask(a who.Actor) *Order {
	h.t.Helper()
	o, err := h.Ask(h.t.Context(), a, question(id.New()))
	h.must(err)
	h.settle()
	return h.order(o.ID)
}

func (h *room) order(i id.ID) (o *Order) {
	h.t.Helper()
	h.view(func(tx *db.Tx) (err error) { o, err = load(tx, i); return err })
	return o
}

func (h *room) callback(i id.ID) (c *Callback) {
	h.t.Helper()
	h.view(func(tx *db.Tx) (err error) { c, err = loadCallback(tx, i); return err })
	return c
}

func (h *room) view(fn func(tx *db.Tx) error) {
	h.t.Helper()
	h.must(h.DB.View(h.t.Context(), setup, fn))
}

func (h *room) exec(query string, args ...any) {
	h.t.Helper()
	h.must(h.DB.Do(h.t.Context(), setup, func(tx *db.Tx) error { _, err := tx.Exec(query, args...); return err }))
}

// settle runs what is due and the reactions, until nothing is left, and demands
// that the due rows are those of the states.
func (h *room) settle() {
	h.t.Helper()
	for n := 1; n > 0; {
		h.must(h.Journal.Drain(h.t.Context()))
		var err error
		n, err = h.runner.RunDue(h.t.Context())
		h.must(err)
	}
	h.dueMatches()
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

// outage is time in which nothing ran.
func (h *room) outage(then time.Time) { h.clock.Set(then) }

// dueMatches computes the due rows of orders and call-backs from their states.
func (h *room) dueMatches() {
	h.t.Helper()
	var want, got []string
	now := h.clock.Now()
	h.view(func(tx *db.Tx) error {
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
		h.t.Errorf("due rows\n%s\nby the states\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// facts lists the consult facts filed under an order: kind without its room,
// with minutes, cause or "reply" where they have one.
func (h *room) facts(order id.ID) (out []string) {
	h.t.Helper()
	h.must(h.Journal.Drain(h.t.Context()))
	h.view(func(tx *db.Tx) error {
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
			h.must(f.Decode(&e))
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
	h.t.Helper()
	if got := strings.Join(h.facts(order), " "); got != want {
		h.t.Errorf("facts\n%s\nwanted\n%s", got, want)
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

// answer answers with a good draft.
func (h *room) answer(a who.Actor, order id.ID) *Order {
	h.t.Helper()
	o, err := h.Answer(h.t.Context(), a, order, 0, goodDraft())
	h.must(err)
	h.settle()
	return o
}

// answered gives an order that was answered after ten minutes.
func (h *room) answered(citizen, by who.Actor) *Order {
	h.t.Helper()
	o := h.ask(citizen)
	h.to(h.clock.Now().Add(10 * time.Minute))
	return h.answer(by, o.ID)
}
