package exchange

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/blob"
	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/due"
	"mingfa/internal/base/element"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/seal/sealtest"
	"mingfa/internal/base/sheet"
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
	t         *testing.T
	clock     *db.StepClock
	runner    *due.Runner
	journal   *journal.Journal
	root, org identity.Org // the operator; a province below it
	elsewhere identity.Org
	admin     who.Actor // of the province
	codes     map[string]string
	files     string
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
	h := &room{t: t, clock: dbtest.Clock(t), codes: map[string]string{}, files: t.TempDir()}
	d, keys, rules := dbtest.Open(t, url, h.clock), sealtest.New(t), &access.Rules{}
	signer, err := journal.LoadSigner(t.TempDir())
	h.must(err)
	h.journal, err = journal.Open(t.Context(), d, journal.Config{Signer: signer})
	h.must(err)
	store, err := blob.OpenDir(h.files)
	h.must(err)
	t.Cleanup(func() { store.Close() })
	blobs := blob.New(keys, store)
	people := &identity.Service{DB: d, Keys: keys, Rules: rules, Blobs: blobs, FieldKnown: consult.TypeKnown,
		Send: func(_ context.Context, phone, code, _ string) { h.codes[phone] = code }}
	lawyers := &lawyer.Service{DB: d, Keys: keys, Rules: rules}
	orders := &consult.Service{DB: d, Keys: keys, Rules: rules, People: people, Lawyers: lawyers, Journal: h.journal, Blobs: blobs,
		Calendar: func(tx *db.Tx, o identity.Org) (workday.Calendar, error) { return workday.Of(tx, o.Path, tx.Now()) }}
	h.Service = &Service{DB: d, Keys: keys, Rules: rules, People: people, Lawyers: lawyers, Consult: orders, Blobs: blobs, Wait: true}
	people.Holders = []identity.Holder{orders, lawyers, h.Service}
	h.root = h.orgBelow(id.Nil, identity.Operator, "")
	h.org = h.orgBelow(h.root.ID, identity.Province, "440000")
	h.elsewhere = h.orgBelow(h.root.ID, identity.Province, "340000")
	h.admin = admin(h.org)
	h.runner = due.NewRunner(d, nil)
	h.Wire(h.runner)
	people.Wire(h.runner)
	orders.Wire(h.runner)
	h.journal.React("test.joined", journal.Start, []string{"identity.joined"}, func(tx *db.Tx, f journal.Fact) error { return h.Joined(tx, f.Subject) })
	return h
}

func admin(o identity.Org) who.Actor {
	return who.Actor{Person: id.New(), Org: o.ID, Scope: o.Path, Roles: []who.Role{who.Admin}}
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

func (h *room) citizen(phone string) who.Actor {
	h.t.Helper()
	_, err := h.People.SendCode(h.t.Context(), phone, "zh-Hans")
	h.must(err)
	x, _, err := h.People.SignInCitizen(h.t.Context(), phone, h.codes[phone], "zh-Hans")
	h.must(err)
	h.settle()
	return who.Actor{Person: x.Person, Org: x.Org, Session: x.ID, Roles: []who.Role{who.Citizen}}
}

func (h *room) ask(a who.Actor, question string) *consult.Order {
	h.t.Helper()
	o, err := h.Consult.Ask(h.t.Context(), a, consult.Ask{ID: id.New(), Region: "440000", Question: question, Type: "labour", Language: "zh-Hans",
		Contact: consult.Contact{Name: "陈女士", Email: "chen@example.com", Relay: "+8617000000000"}, Remark: "请尽快", Source: "kiosk"})
	h.must(err)
	return o
}

// upload uploads a file and has it checked.
func (h *room) upload(a who.Actor, t element.Table, f sheet.Format, file []byte) *Import {
	h.t.Helper()
	i, err := h.Upload(h.t.Context(), a, New{ID: id.New(), Table: t, Format: f, Name: "名单.xlsx"}, bytes.NewReader(file))
	h.must(err)
	h.settle()
	return h.imported(i.ID)
}

// bring uploads a file and keeps it.
func (h *room) bring(a who.Actor, t element.Table, f sheet.Format, file []byte) *Import {
	h.t.Helper()
	i := h.upload(a, t, f, file)
	if i.State != Checked {
		h.t.Fatalf("the file is %s: %v", i.State, i.Problems)
	}
	_, err := h.Run(h.t.Context(), a, i.ID, i.Rev)
	h.must(err)
	h.settle()
	if i = h.imported(i.ID); i.State != Done {
		h.t.Fatalf("the import is %s with %d of %d rows", i.State, i.Done, i.Total)
	}
	return i
}

func (h *room) imported(i id.ID) (out *Import) {
	h.t.Helper()
	h.view(func(tx *db.Tx) (err error) { out, err = load(tx, i); return err })
	return out
}

func (h *room) view(fn func(tx *db.Tx) error) {
	h.t.Helper()
	h.must(h.DB.View(h.t.Context(), setup, fn))
}

func (h *room) count(query string, args ...any) (n int) {
	h.t.Helper()
	h.view(func(tx *db.Tx) error { return tx.Row(query, args...).Scan(&n) })
	return n
}

// takeout exports.
func (h *room) takeout(a who.Actor, t element.Table, f sheet.Format) []byte {
	h.t.Helper()
	x, err := h.Takeout(h.t.Context(), a, Want{Table: t, Format: f, Language: say.Hans})
	h.must(err)
	var b bytes.Buffer
	h.must(x.WriteTo(h.t.Context(), &b))
	if n := len(rows(h.t, t, f, b.Bytes())); n != x.Rows {
		h.t.Errorf("%d rows were noted, %d left", x.Rows, n)
	}
	return b.Bytes()
}

// rows reads an export back.
func rows(t testing.TB, table element.Table, f sheet.Format, file []byte) (out []element.Row) {
	t.Helper()
	r := newReader(table, f, element.Rules{}, element.Known{}, func(Problem) {})
	err := sheet.Read(f, file, sheet.Full, isHead(table), func(row sheet.Row) error { out = append(out, r.row(row)); return nil })
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// file writes rows as a file of ours.
func file(t testing.TB, table element.Table, f sheet.Format, list []element.Row) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := sheet.NewWriter(f, &b, string(table), heads(table, say.Hans))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list {
		if err := w.Row(cells(table, r)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// consistent compares rows and facts as verify does, contents included.
func (h *room) consistent() {
	h.t.Helper()
	h.must(h.journal.Drain(h.t.Context()))
	r, err := journal.Verify(h.t.Context(), journal.Audit{DB: h.DB, Keys: h.Keys, Replays: []journal.Replay{NewFacts()}})
	h.must(err)
	if r.Content[seal.Bad] != 0 {
		h.t.Errorf("%d contents are bad", r.Content[seal.Bad])
	}
}

// problems are the faults of an import, a line each.
func (i *Import) problems() string {
	var out []string
	for _, p := range i.Problems {
		out = append(out, fmt.Sprintf("%d %s %s", p.Row, p.Column, p.Key))
	}
	return strings.Join(out, "\n")
}

// Words that have broken files and programs.
var words = []string{"=1+1", "+86", "-x", "@SUM(A1)", "＝1", "'=1", "''", "a,b;c\"d\"", " lead", "line\nbreak", "tab\there", "_x0041_x0042_", "<b>&amp;</b>", "]]>", "😀𠮷", "0012", "1e5", "TRUE",
	"#N/A", "张三", strings.Repeat("问", 32), "null", "{\"a\":1}", "\ufffe", "é"}

// made makes n rows of a table with every element, of random and hostile words.
func made(t element.Table, n int, seed uint64) (out []element.Row) {
	rng := rand.New(rand.NewPCG(seed, 1))
	pick := func(list []string) string { return list[rng.IntN(len(list))] }
	date := func() string {
		return time.Date(1960+rng.IntN(60), time.Month(1+rng.IntN(12)), 1+rng.IntN(28), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	}
	for k := range n {
		row := element.Row{}
		for _, e := range element.Of(t) {
			v := ""
			switch e.Kind {
			case element.Text:
				v = pick(words)
				if e.Unique {
					v = fmt.Sprintf("%d%s", k, v)
				}
				if r := []rune(v); len(r) > e.Max {
					v = string(r[:e.Max])
				}
			case element.Phone:
				v = fmt.Sprintf("+86138%04d%04d", seed%10000, k)
			case element.Email:
				v = fmt.Sprintf("a%d@example.com", k)
			case element.Date, element.Past, element.Moment:
				v = date()
			case element.Region:
				v = pick([]string{"440000", "340000"})
			case element.Regions:
				v = pick([]string{"440000;340000", "*", "440000"})
			case element.Fields:
				v = pick([]string{"labour;debt", "traffic", "*"})
			case element.Names:
				v = pick([]string{"深圳市中级人民法院;福田区人民法院", "高等法院"})
			case element.Source:
				v = pick(element.Sources)
			case element.Sex:
				v = pick([]string{"0", "1"})
			case element.Identity:
				v = pick([]string{"11010519491231002X", "A123456(3)"})
			case element.Licence:
				v = fmt.Sprintf("0%d%d", seed, k)
			case element.Pictures:
				v = "01990000-0000-7000-8000-000000000007;01990000-0000-7000-8000-000000000008"
			case element.Picture:
				v = "01990000-0000-7000-8000-000000000007"
			case element.State:
				v = pick(element.States)
			case element.Price:
				v = pick([]string{"0 CNY", "12000 HKD"})
			case element.ShortID:
				v = "0123456789ABCDEF"
			case element.Period:
				v = "PT120M"
			}
			if !e.Required(element.Rules{}) && rng.IntN(3) == 0 {
				v = ""
			}
			row[e.Code] = v
		}
		out = append(out, row)
	}
	return out
}

func equal(a, b []element.Row) bool {
	return slices.EqualFunc(a, b, func(x, y element.Row) bool {
		for _, e := range element.All {
			if x[e.Code] != y[e.Code] {
				return false
			}
		}
		return true
	})
}
