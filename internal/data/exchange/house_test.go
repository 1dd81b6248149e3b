package exchange

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/element"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/sheet"
	"mingfa/internal/base/who"
	"mingfa/internal/core/identity"
	"mingfa/internal/core/identity/identitytest"
	"mingfa/internal/public/consult"
	"mingfa/internal/public/consult/consulttest"
)

// room is the service with the rooms below it, on a clock that is moved by hand.
type room struct {
	*Service
	*identitytest.House
	root, org identity.Org // the operator; a province below it
	elsewhere identity.Org
	admin     who.Actor // of the province
}

var setup = identitytest.Setup

// each runs fn on both databases, each with its own clock.
func each(t *testing.T, fn func(t *testing.T, h *room)) {
	t.Helper()
	identitytest.Each(t, func(h *identitytest.House) { fn(h.T, open(h)) })
}

func open(house *identitytest.House) *room {
	h, rooms := &room{House: house}, consulttest.Open(house)
	h.Service = &Service{DB: house.DB, Keys: house.Keys, Rules: house.Rules, People: house.People, Lawyers: rooms.Lawyers, Consult: rooms.Consult, Blobs: house.Blobs, Wait: true}
	h.People.FieldKnown = consult.TypeKnown
	h.People.Holders = []identity.Holder{h.Consult, h.Lawyers, h.Service}
	h.root = h.OrgBelow(id.Nil, identity.Operator, "")
	h.org = h.OrgBelow(h.root.ID, identity.Province, "440000")
	h.elsewhere = h.OrgBelow(h.root.ID, identity.Province, "340000")
	h.admin = admin(h.org)
	h.Wire(h.Runner)
	h.People.Wire(h.Runner)
	h.Journal.React("test.joined", journal.Start, []string{"identity.joined"}, func(tx *db.Tx, f journal.Fact) error { return h.Joined(tx, f.Subject) })
	return h
}

func admin(o identity.Org) who.Actor { return identitytest.Staff(o, who.Admin) }

func (h *room) citizen(phone string) who.Actor {
	h.T.Helper()
	defer h.Settle()
	return h.SignIn(phone)
}

func (h *room) ask(a who.Actor, question string) *consult.Order {
	h.T.Helper()
	o, err := h.Consult.Ask(h.T.Context(), a, consult.Ask{ID: id.New(), Region: "440000", Question: question, Type: "labour", Language: "zh-Hans",
		Contact: consult.Contact{Name: "陈女士", Email: "chen@example.com", Relay: "+8617000000000"}, Remark: "请尽快", Source: "kiosk"})
	h.Must(err)
	return o
}

// upload uploads a file and has it checked.
func (h *room) upload(a who.Actor, t element.Table, f sheet.Format, file []byte) *Import {
	h.T.Helper()
	i, err := h.Upload(h.T.Context(), a, New{ID: id.New(), Table: t, Format: f, Name: "名单.xlsx"}, bytes.NewReader(file))
	h.Must(err)
	h.Settle()
	return h.imported(i.ID)
}

// bring uploads a file and keeps it.
func (h *room) bring(a who.Actor, t element.Table, f sheet.Format, file []byte) *Import {
	h.T.Helper()
	i := h.upload(a, t, f, file)
	if i.State != Checked {
		h.T.Fatalf("the file is %s: %v", i.State, i.Problems)
	}
	_, err := h.Run(h.T.Context(), a, i.ID, i.Rev)
	h.Must(err)
	h.Settle()
	if i = h.imported(i.ID); i.State != Done {
		h.T.Fatalf("the import is %s with %d of %d rows", i.State, i.Done, i.Total)
	}
	return i
}

func (h *room) imported(i id.ID) (out *Import) {
	h.T.Helper()
	h.View(func(tx *db.Tx) (err error) { out, err = load(tx, i); return err })
	return out
}

func (h *room) count(query string, args ...any) (n int) {
	h.T.Helper()
	h.View(func(tx *db.Tx) error { return tx.Row(query, args...).Scan(&n) })
	return n
}

// takeout exports.
func (h *room) takeout(a who.Actor, t element.Table, f sheet.Format) []byte {
	h.T.Helper()
	x, err := h.Takeout(h.T.Context(), a, Want{Table: t, Format: f, Language: say.Hans})
	h.Must(err)
	var b bytes.Buffer
	h.Must(x.WriteTo(h.T.Context(), &b))
	if n := len(rows(h.T, t, f, b.Bytes())); n != x.Rows {
		h.T.Errorf("%d rows were noted, %d left", x.Rows, n)
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
	h.T.Helper()
	h.Must(h.Journal.Drain(h.T.Context()))
	r, err := journal.Verify(h.T.Context(), journal.Audit{DB: h.DB, Keys: h.Keys, Replays: []journal.Replay{NewFacts()}})
	h.Must(err)
	if r.Content[seal.Bad] != 0 {
		h.T.Errorf("%d contents are bad", r.Content[seal.Bad])
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
