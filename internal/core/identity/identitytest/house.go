// Package identitytest is the house in which the tests of the rooms above live: a
// database, keys, the journal, due rows, organisations and people, all real, on a
// clock that is moved by hand.
//
// A room's test embeds a House beside its own service and wires that into the
// Runner and the Journal; Settle and To then let happen what would happen. The
// parts lie one level deeper than the house, so that a service with fields of the
// same names may stand beside it.
package identitytest

import (
	"context"
	"errors"
	"fmt"
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
	"mingfa/internal/base/seal"
	"mingfa/internal/base/seal/sealtest"
	"mingfa/internal/base/who"
	"mingfa/internal/base/workday"
	"mingfa/internal/core/access"
	"mingfa/internal/core/identity"
)

// Parts are what rooms are made of.
type Parts struct {
	DB      *db.DB
	Keys    *seal.Keys
	Rules   *access.Rules
	People  *identity.Service
	Blobs   *blob.Blobs
	Journal *journal.Journal
}

// House has the parts, and what tests do with them. What goes wrong in a method
// ends the test.
type House struct {
	Parts
	T      *testing.T
	Clock  *db.StepClock // nil: the real one
	Runner *due.Runner
	Files  string                  // directory of the sealed files
	Orgs   map[string]identity.Org // by region, as Tree made them; "" is the operator
	Check  func()                  // looked at whenever all is settled, if there is one

	codes  map[string]string // last sent, by phone
	phones int
}

// Setup acts where a test prepares something.
var Setup = who.System("test")

// Each runs fn in a fresh house of each kind of database, each with its own clock:
// Monday 2 March 2026, 12:00 in China.
func Each(t *testing.T, fn func(h *House)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(Open(t, dbtest.SQLiteURL(t), dbtest.Clock(t))) })
	t.Run("postgres", func(t *testing.T) { fn(Open(t, dbtest.PostgresURL(t), dbtest.Clock(t))) })
}

// Open makes a house without organisations; a nil clock is the real one.
func Open(t *testing.T, url string, clock *db.StepClock) *House {
	t.Helper()
	h := &House{T: t, Clock: clock, Files: t.TempDir(), Orgs: map[string]identity.Org{}, codes: map[string]string{}}
	var c db.Clock
	if clock != nil {
		c = clock
	}
	h.DB, h.Keys, h.Rules = dbtest.OpenTwice(t, url, c), sealtest.New(t), &access.Rules{}
	signer, err := journal.LoadSigner(t.TempDir())
	h.Must(err)
	h.Journal, err = journal.Open(t.Context(), h.DB, journal.Config{Signer: signer})
	h.Must(err)
	store, err := blob.OpenDir(h.Files)
	h.Must(err)
	t.Cleanup(func() { store.Close() }) //nolint:errcheck // the directory goes too
	h.Blobs = blob.New(h.Keys, store)
	h.People = &identity.Service{DB: h.DB, Keys: h.Keys, Rules: h.Rules, Blobs: h.Blobs,
		Send: func(_ context.Context, phone, code, _ string) { h.codes[phone] = code }}
	h.Runner = due.NewRunner(h.DB, nil)
	return h
}

// Calendar is the calendar of an organisation, as rooms ask for it.
func Calendar(tx *db.Tx, o identity.Org) (workday.Calendar, error) {
	return workday.Of(tx, o.Path, tx.Now())
}

// Must ends the test on an error.
func (h *House) Must(err error) {
	h.T.Helper()
	if err != nil {
		h.T.Fatal(err)
	}
}

// Refused demands a fault of a kind, whose key or one of whose fields is key; an
// empty key is any.
func (h *House) Refused(err error, kind fault.Kind, key string) {
	h.T.Helper()
	var f *fault.Fault
	if !errors.As(err, &f) || f.Kind != kind {
		h.T.Errorf("error %v, wanted %s %s", err, kind, key)
		return
	}
	if key != "" && f.Key != key && !slices.ContainsFunc(f.Fields, func(x fault.Field) bool { return x.Key == key }) {
		h.T.Errorf("refused with %s %v, wanted %s", f.Key, f.Fields, key)
	}
}

// View reads.
func (h *House) View(fn func(tx *db.Tx) error) {
	h.T.Helper()
	h.Must(h.DB.View(h.T.Context(), Setup, fn))
}

// Settle runs what is due and the reactions, until nothing is left.
func (h *House) Settle() {
	h.T.Helper()
	for n := 1; n > 0; {
		h.Must(h.Journal.Drain(h.T.Context()))
		var err error
		n, err = h.Runner.RunDue(h.T.Context())
		h.Must(err)
	}
	h.Must(h.Journal.Drain(h.T.Context()))
	if h.Check != nil {
		h.Check()
	}
}

// To runs everything that is due until then, in order.
func (h *House) To(then time.Time) {
	h.T.Helper()
	for h.Settle(); ; h.Settle() {
		next, ok, err := h.Runner.Next(h.T.Context())
		h.Must(err)
		if !ok || next.After(then) {
			break
		}
		h.Clock.Set(next)
	}
	h.Clock.Set(then)
}

// After lets time pass, as To.
func (h *House) After(d time.Duration) { h.T.Helper(); h.To(h.Clock.Now().Add(d)) }

// OrgBelow makes an organisation.
func (h *House) OrgBelow(parent id.ID, level identity.Level, region string) identity.Org {
	h.T.Helper()
	o, err := h.People.MakeOrg(h.T.Context(), Setup, identity.NewOrg{Parent: parent, Level: level, Name: "司法局" + region, Region: region})
	h.Must(err)
	return o
}

// Tree makes the operator and the organisations of regions below it, each under
// the nearest one above it; those above come first.
func (h *House) Tree(regions ...string) {
	h.T.Helper()
	h.Orgs[""] = h.OrgBelow(id.Nil, identity.Operator, "")
	for _, r := range regions {
		level, above := identity.County, []string{r[:4] + "00", r[:2] + "0000", ""}
		switch {
		case strings.HasSuffix(r, "0000"):
			level, above = identity.Province, above[2:]
		case strings.HasSuffix(r, "00"):
			level, above = identity.City, above[1:]
		}
		parent := slices.IndexFunc(above, func(x string) bool { _, ok := h.Orgs[x]; return ok })
		h.Orgs[r] = h.OrgBelow(h.Orgs[above[parent]].ID, level, r)
	}
}

// Guangdong loads the names of two cities, and of two counties of the first.
func (h *House) Guangdong() {
	h.T.Helper()
	_, err := h.People.LoadRegions(h.T.Context(), Setup, strings.NewReader("code,name,parent\n440100,广州市,440000\n440106,天河区,440100\n440105,海珠区,440100\n440300,深圳市,440000\n"))
	h.Must(err)
}

// SignIn signs the citizen of a phone in.
func (h *House) SignIn(phone string) who.Actor {
	h.T.Helper()
	_, err := h.People.SendCode(h.T.Context(), phone, "zh-Hans")
	h.Must(err)
	x, _, err := h.People.SignInCitizen(h.T.Context(), phone, h.codes[phone], "zh-Hans")
	h.Must(err)
	return who.Actor{Person: x.Person, Org: x.Org, Session: x.ID, Roles: []who.Role{who.Citizen}}
}

// NewCitizen signs in a citizen who was not here before.
func (h *House) NewCitizen() who.Actor {
	h.T.Helper()
	h.phones++
	return h.SignIn(fmt.Sprintf("+8613800138%02d0", h.phones))
}

// Staff is somebody who works for an organisation; there is no account of his.
func Staff(o identity.Org, roles ...who.Role) who.Actor {
	return who.Actor{Person: id.New(), Org: o.ID, Scope: o.Path, Roles: roles}
}
