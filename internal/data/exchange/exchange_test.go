package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/element"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
	"mingfa/internal/base/sheet"
	"mingfa/internal/base/who"
	"mingfa/internal/core/identity"
	"mingfa/internal/public/lawyer"
)

func TestTextsAndFacts(t *testing.T) {
	for _, p := range append(journal.Problems(), say.Problems()...) {
		t.Error(p)
	}
}

// What is exported, imported into a new house and exported again is the same
// bytes: every table in every format, with hostile words in every column.
//
// req: BB.20101, BB.20102, BB.20103, BB.20104, BB.20105, BB.20106, BB.20107
// req: BB.20201, BB.20202, BB.20203, BB.20204, BB.20205, BB.20206, BB.20207, BB.20208, BB.20209, BB.20210, BB.20211, BB.20212, BB.20213
// req: BB.20301, BB.20302, BB.20303, BB.20304, BB.20305, BB.20306, BB.20307, BB.20401, BB.20402, BB.20403
// req: BB.20501, BB.20502, BB.20503, BB.20504, BB.20505, BB.20506, BB.20507, BB.20508, BB.20509, BB.20510, BB.20511, BB.20512, BB.20513, BB.20514, BB.20515
// req: B8.2.1
func TestThereAndBack(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		for k, table := range element.Tables {
			for f, format := range sheet.Formats {
				from := h.OrgBelow(h.org.ID, identity.City, fmt.Sprintf("44%02d00", 1+2*(3*k+f)))
				to := h.OrgBelow(h.org.ID, identity.City, fmt.Sprintf("44%02d00", 2+2*(3*k+f)))
				list := made(table, 2*part+9, uint64(10*k+f))
				h.bring(admin(from), table, format, file(t, table, format, list))
				first := h.takeout(admin(from), table, format)
				if got := rows(t, table, format, first); !equal(got, list) {
					t.Fatalf("%s as %s: %d of %d rows came back as they were", table, format, len(got), len(list))
				}
				h.bring(admin(to), table, format, first)
				if second := h.takeout(admin(to), table, format); !bytes.Equal(first, second) {
					t.Errorf("%s as %s: %d bytes became %d others", table, format, len(first), len(second))
				}
				for _, e := range element.Of(table) {
					if format == sheet.CSV && !bytes.Contains(first, []byte(e.Code+" "+e.Name)) {
						t.Errorf("the head lacks %s", e.Code)
					}
				}
			}
		}
		h.consistent()
	})
}

// A file with a fault is refused whole, with row and column of each.
//
// req: B8.1.1.4
func TestRefused(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		for name, c := range map[string]struct {
			table      element.Table
			file, want string
		}{
			"values": {element.Users, "20101 姓名,20102,20103,20104,20105,20107\n张三,z3,138,x,999999,fax\n,z4,13800138000,,,web\n", `
				2 20103 element.phone / 2 20104 element.email / 2 20105 element.region / 2 20107 fault.field_choice / 3 20101 fault.field_required`},
			"lengths":            {element.Users, "20101,20102,20103,20107\n" + strings.Repeat("问", 65) + ",a,13800138000,web\n", "2 20101 fault.too_long"},
			"twice in the file":  {element.Users, "20101,20102,20103,20107\na,Z3,13800138000,web\nb,z3,+8613800138000,web\n", "3 20102 exchange.twice / 3 20103 exchange.twice"},
			"heads":              {element.Users, "20101,20101,20103,phone,20501\na,b,13800138000,x,y\n", "0 20101 exchange.column_twice / 0 D exchange.column_unknown / 0 E exchange.column_unknown / 0 20102 exchange.column_missing / 0 20107 exchange.column_missing / 2 20102 fault.field_required / 2 20107 fault.field_required"},
			"beyond the head":    {element.Users, "20101,20102,20103,20107\na,b,13800138000,web,x\n", "2 E exchange.column_beyond"},
			"nothing below":      {element.Users, "20101,20102,20103,20107\n", "0  exchange.no_rows"},
			"another table":      {element.Orders, "20101,20102,20103,20107\na,b,13800138000,web\n", "0  sheet.no_head"},
			"names alone":        {element.Users, "姓名,用户名,手机号,用户来源\na,b,13800138000,web\n", ""},
			"names in English":   {element.Users, "Name;User name;Mobile phone;User source\na;b;13800138000;web\n", ""},
			"a broken quote":     {element.Users, "20101,20102,20103,20107\n\"a,b,13800138000,web\n", "0  sheet.csv_line"},
			"the future":         {element.Lawyers, "20302,20306\n2999-01-01,2999-01-01\n", "*2 20302 element.date_future / 2 20306 element.date_future"},
			"field of law":       {element.Lawyers, "20209,20211\nnothing,labour\n", "*2 20209 element.field"},
			"nothing but spaces": {element.Users, "20101,20102,20103,20107\n\u3000,b,13800138000,web\n", "2 20101 fault.field_required"},
		} {
			i := h.upload(h.admin, c.table, sheet.CSV, []byte(c.file))
			got := strings.ReplaceAll(i.problems(), "\n", " / ")
			want, part := strings.CutPrefix(strings.TrimSpace(c.want), "*")
			if got != want && !(part && strings.Contains(got, want)) {
				t.Errorf("%s: %s\nwant %s", name, got, want)
			}
			if state := (map[bool]State{true: Checked, false: Refused})[want == ""]; i.State != state {
				t.Errorf("%s: %s", name, i.State)
			}
			if i.State == Refused {
				if _, err := h.Run(t.Context(), h.admin, i.ID, 0); !fault.Is(err, fault.Conflict) {
					t.Errorf("%s: a refused file runs: %v", name, err)
				}
			}
			for _, p := range i.Problems {
				for _, l := range say.Languages {
					if s := say.Text(l, p.Key, p.Args); strings.Contains(s, "{") || s == p.Key {
						t.Errorf("%s in %s: %q", p.Key, l, s)
					}
				}
			}
		}
		if n := h.count("SELECT count(*) FROM exchange_record"); n != 0 {
			t.Errorf("%d rows of refused files are kept", n)
		}
		h.consistent()
	})
}

// What an organisation asks decides what must be there.
//
// req: BB.20105, BB.20106, BB.20205, BB.20513
func TestRulesOfAnOrganisation(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		users := []byte("20101,20102,20103,20107\na,b,13800138000,web\n")
		h.bring(h.admin, element.Users, sheet.CSV, users)
		h.Must(h.Ask(t.Context(), h.admin, element.Rules{Standard: true, Fees: true, Strict: true}))
		if r, err := h.Asked(t.Context(), h.admin); err != nil || !r.Standard || !r.Fees || !r.Strict {
			t.Errorf("%+v %v", r, err)
		}
		i := h.upload(h.admin, element.Users, sheet.CSV, []byte("20101,20102,20103,20107\na,c,13800138001,web\n"))
		if got := i.problems(); got != "0 20105 exchange.column_missing\n0 20106 exchange.column_missing\n2 20105 fault.field_required\n2 20106 fault.field_required" {
			t.Error(got)
		}
		if r, err := h.Asked(t.Context(), admin(h.elsewhere)); err != nil || r != (element.Rules{}) {
			t.Errorf("another province asks %+v, %v", r, err)
		}
	})
}

// Nobody sees a row before all are there; after a crash the work goes on where it
// ended, on whatever node.
func TestWholeOrNothing(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		list := made(element.Orders, 3*part+7, 1)
		i := h.upload(h.admin, element.Orders, sheet.JSON, file(t, element.Orders, sheet.JSON, list))
		_, err := h.Run(t.Context(), h.admin, i.ID, i.Rev)
		h.Must(err)
		ours, err := h.claim(t.Context(), i.ID)
		h.Must(err)
		h.keepSome(ours, 2) // and then the power fails
		if n := h.imported(i.ID).Done; n != 2*part {
			t.Fatalf("%d rows are kept", n)
		}
		if n := len(rows(t, element.Orders, sheet.CSV, h.takeout(h.admin, element.Orders, sheet.CSV))); n != 0 {
			t.Errorf("%d rows of a running import are seen", n)
		}
		h.Settle()
		if x := h.imported(i.ID); x.State != Running || x.Done != 2*part {
			t.Errorf("the claim of who was heard of a moment ago is taken: %s, %d rows", x.State, x.Done)
		}
		h.Clock.Set(h.Clock.Now().Add(promised))
		h.Settle()
		if x := h.imported(i.ID); x.State != Done || x.Done != int64(len(list)) || x.File != id.Nil {
			t.Fatalf("%s with %d of %d rows, file %s", x.State, x.Done, x.Total, x.File)
		}
		if err := h.keepAll(t.Context(), ours, nil); err == nil {
			t.Error("who lost his claim goes on")
		}
		if got := rows(t, element.Orders, sheet.CSV, h.takeout(h.admin, element.Orders, sheet.CSV)); !equal(got, list) {
			t.Error("the rows are not those of the file")
		}
		h.consistent()
	})
}

// keepSome keeps n parts of an import, as keepAll would.
func (h *room) keepSome(i *Import, n int) {
	h.T.Helper()
	data, err := h.read(h.T.Context(), i)
	h.Must(err)
	read, ready := make(chan batch, 10), make(chan batch, 10)
	var side sync.WaitGroup
	side.Go(func() { h.readParts(h.T.Context(), i, data, read) })
	side.Go(func() { h.sealParts(h.T.Context(), i, read, ready) })
	side.Wait()
	for range n {
		b := <-ready
		h.Must(b.err)
		h.Must(h.keepPart(h.T.Context(), i, b))
	}
}

// What is cancelled leaves nothing that can be read, and verify knows it.
func TestCancel(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		i := h.upload(h.admin, element.Users, sheet.CSV, file(t, element.Users, sheet.CSV, made(element.Users, 2*part, 1)))
		_, err := h.Run(t.Context(), h.admin, i.ID, 0)
		h.Must(err)
		ours, err := h.claim(t.Context(), i.ID)
		h.Must(err)
		h.keepSome(ours, 1)
		_, err = h.Cancel(t.Context(), h.admin, i.ID, 0)
		h.Must(err)
		h.Settle()
		if n := h.count("SELECT count(*) FROM exchange_record"); n != 0 {
			t.Errorf("%d rows are left", n)
		}
		if there, err := h.Keys.Exists(t.Context(), i.Key); err != nil || there {
			t.Errorf("the key is there: %v", err)
		}
		if n := h.count("SELECT count(*) FROM blob_object"); n != 0 {
			t.Error("the file is there")
		}
		if _, err := h.Run(t.Context(), h.admin, i.ID, 0); !fault.Is(err, fault.Conflict) {
			t.Error(err)
		}
		waits := h.upload(h.admin, element.Users, sheet.CSV, []byte("20101,20102,20103,20107\na,b,13800138000,web\n"))
		h.Clock.Set(h.Clock.Now().Add(keepFor))
		h.Settle()
		if s := h.imported(waits.ID).State; s != Cancelled {
			t.Errorf("after a week an import that nobody ran is %s", s)
		}
		h.consistent()
	})
}

func TestTheSameAgain(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		data := []byte("20101,20102,20103,20107\na,b,13800138000,web\n")
		name := New{ID: id.New(), Table: element.Users, Format: sheet.CSV}
		a, err := h.Upload(t.Context(), h.admin, name, bytes.NewReader(data))
		h.Must(err)
		b, err := h.Upload(t.Context(), h.admin, name, bytes.NewReader(data))
		if err != nil || a.ID != b.ID || h.count("SELECT count(*) FROM exchange_import") != 1 {
			t.Errorf("a repeat: %v", err)
		}
		if _, err := h.Upload(t.Context(), admin(h.org), name, bytes.NewReader(data)); !fault.Is(err, fault.Conflict) {
			t.Errorf("somebody else's ID: %v", err)
		}
		h.Settle()
		_, err = h.Run(t.Context(), h.admin, a.ID, 0)
		h.Must(err)
		h.Settle()
		if got := h.upload(h.admin, element.Users, sheet.CSV, data).problems(); got != "0  exchange.same_file" {
			t.Errorf("the same file: %s", got)
		}
		if got := h.upload(h.admin, element.Users, sheet.CSV, []byte("20101,20102,20103,20107\nx,B,+86 138 0013 8000,wap\n")).problems(); got != "2 20103 exchange.taken\n2 20102 exchange.taken" {
			t.Errorf("the same person: %s", got)
		}
		if i := h.upload(admin(h.elsewhere), element.Users, sheet.CSV, data); i.State != Checked {
			t.Errorf("another province learns of it: %s", i.problems())
		}
	})
}

// req: B9.2.1b who may not gets what he would get if it were not there, and other
// organisations are in no list and no file.
func TestRights(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		county := h.OrgBelow(h.OrgBelow(h.org.ID, identity.City, "440300").ID, identity.County, "440304")
		ours := h.bring(h.admin, element.Users, sheet.CSV, file(t, element.Users, sheet.CSV, made(element.Users, 5, 1)))
		below := h.bring(admin(county), element.Users, sheet.CSV, file(t, element.Users, sheet.CSV, made(element.Users, 7, 2)))
		role := func(o identity.Org, r who.Role) who.Actor {
			return who.Actor{Person: id.New(), Org: o.ID, Scope: o.Path, Roles: []who.Role{r}, Scopes: []string{"orders:read"}}
		}
		strangers := []who.Actor{role(h.org, who.Operations), role(h.org, who.Quality), role(h.org, who.Bureau), role(h.org, who.DutyLawyer), role(h.org, who.Machine), role(h.root, who.Citizen)}
		verbs := map[string]func(a who.Actor) error{
			"upload": func(a who.Actor) error {
				_, err := h.Upload(t.Context(), a, New{ID: id.New(), Table: element.Users, Format: sheet.CSV}, strings.NewReader("x"))
				return err
			},
			"list": func(a who.Actor) error { _, err := h.List(t.Context(), a, id.Nil, 10); return err },
			"export": func(a who.Actor) error {
				_, err := h.Takeout(t.Context(), a, Want{Table: element.Users, Format: sheet.CSV})
				return err
			},
			"erase": func(a who.Actor) error { _, err := h.EraseByPhone(t.Context(), a, "13800138000"); return err },
			"asked": func(a who.Actor) error { _, err := h.Asked(t.Context(), a); return err },
			"ask":   func(a who.Actor) error { return h.Ask(t.Context(), a, element.Rules{}) },
		}
		onOne := map[string]func(a who.Actor, i id.ID) error{
			"see":    func(a who.Actor, i id.ID) error { _, err := h.See(t.Context(), a, i); return err },
			"run":    func(a who.Actor, i id.ID) error { _, err := h.Run(t.Context(), a, i, 0); return err },
			"cancel": func(a who.Actor, i id.ID) error { _, err := h.Cancel(t.Context(), a, i, 0); return err },
		}
		for _, a := range strangers {
			for name, do := range verbs {
				if err := do(a); !reflect.DeepEqual(err, error(fault.NotThere())) {
					t.Errorf("%s as %s: %v", name, a.Roles, err)
				}
			}
		}
		for _, a := range append(strangers, admin(h.elsewhere)) {
			for name, do := range onOne {
				if err := do(a, ours.ID); !reflect.DeepEqual(err, error(fault.NotThere())) || fmt.Sprint(do(a, id.New())) != fmt.Sprint(err) {
					t.Errorf("%s as %s: %v", name, a.Roles, err)
				}
			}
		}
		for name, c := range map[string]struct {
			a    who.Actor
			want []id.ID
			rows int
		}{"the province": {h.admin, []id.ID{below.ID, ours.ID}, 12}, "the county": {admin(county), []id.ID{below.ID}, 7}, "another": {admin(h.elsewhere), nil, 0}, "the operator": {admin(h.root), []id.ID{below.ID, ours.ID}, 12}} {
			all, err := h.List(t.Context(), c.a, id.Nil, 10)
			var got []id.ID
			for _, x := range all {
				got = append(got, x.ID)
			}
			slices.SortFunc(got, func(a, b id.ID) int { return bytes.Compare(b[:], a[:]) })
			if err != nil || !slices.Equal(got, c.want) {
				t.Errorf("%s lists %v, %v", name, got, err)
			}
			if n := len(rows(t, element.Users, sheet.JSON, h.takeout(c.a, element.Users, sheet.JSON))); n != c.rows {
				t.Errorf("%s takes %d rows away", name, n)
			}
		}
		if err := onOne["see"](admin(county), ours.ID); !fault.Is(err, fault.Absent) {
			t.Errorf("a county sees the province's: %v", err)
		}
	})
}

// What the platform itself knows leaves in the same form, and could come back.
//
// req: BB.20102, BB.20107, BB.20213, BB.20502, BB.20506, BB.20511
func TestWhatThePlatformKnows(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		c, silent := h.citizen("+8613800138000"), h.citizen("+8613800138001")
		_, err := h.People.Describe(t.Context(), c, element.Row{"20102": "chen", "20105": "440000", "20106": "福田区 1 号"})
		h.Must(err)
		o := h.ask(c, "=HYPERLINK(\"http://x\") 公司三个月没有发工资，怎么办？")
		key, err := h.Keys.New(t.Context(), "person", h.root.Key)
		h.Must(err)
		h.Must(h.Lawyers.Add(t.Context(), setup, lawyer.New{Person: id.New(), Key: key, Org: h.org.ID, Path: h.org.Path, Name: "李明", Phone: "13911112222", Nickname: "李律师",
			Firm: "明法律师事务所", Areas: []string{"labour", "debt"}, Regions: []string{"440000"}, Languages: []string{"zh-Hans"}}))
		users := rows(t, element.Users, sheet.XLSX, h.takeout(h.admin, element.Users, sheet.XLSX))
		if len(users) != 1 || !equal(users, []element.Row{{"20101": "陈女士", "20102": "chen", "20103": "+8613800138000", "20104": "chen@example.com", "20105": "440000", "20106": "福田区 1 号", "20107": "kiosk"}}) {
			t.Errorf("users %v", users)
		}
		all := rows(t, element.Users, sheet.XLSX, h.takeout(admin(h.root), element.Users, sheet.XLSX))
		if len(all) != 2 || all[1]["20103"] != "+8613800138001" || !strings.HasPrefix(all[1]["20102"], "u") || all[1]["20107"] != "web" {
			t.Errorf("all users %v", all)
		}
		orders := rows(t, element.Orders, sheet.CSV, h.takeout(h.admin, element.Orders, sheet.CSV))
		want := element.Row{"20501": "=HYPERLINK(\"http://x\") 公司三个月没有…", "20502": o.AskedAt.In(element.China).Format(time.DateOnly), "20503": "labour " + say.Text(say.Hans, "problem.labour", nil),
			"20504": "=HYPERLINK(\"http://x\") 公司三个月没有发工资，怎么办？", "20505": "waiting", "20506": "0 CNY", "20507": "陈女士", "20508": "+8613800138000", "20509": "+8617000000000",
			"20511": "PT120M", "20513": "chen@example.com", "20514": "请尽快", "20515": "kiosk"}
		if len(orders) == 1 {
			want["20501"] = orders[0]["20501"] // made from the question
		}
		if !equal(orders, []element.Row{want}) {
			t.Errorf("orders %v\nwant %v", orders, want)
		}
		lawyers := rows(t, element.Lawyers, sheet.JSON, h.takeout(h.admin, element.Lawyers, sheet.JSON))
		if len(lawyers) != 1 || lawyers[0]["20203"] != "李律师" || lawyers[0]["20209"] != "labour;debt" || lawyers[0]["20202"] != "+8613911112222" || lawyers[0]["20213"] == "" {
			t.Errorf("lawyers %v", lawyers)
		}
		for _, table := range element.Tables {
			if n := len(rows(t, table, sheet.CSV, h.takeout(admin(h.elsewhere), table, sheet.CSV))); n != 0 {
				t.Errorf("another province takes %d %s away", n, table)
			}
		}
		h.bring(admin(h.elsewhere), element.Orders, sheet.CSV, h.takeout(h.admin, element.Orders, sheet.CSV))
		if !bytes.Equal(h.takeout(admin(h.elsewhere), element.Orders, sheet.CSV), h.takeout(h.admin, element.Orders, sheet.CSV)) {
			t.Error("our own orders are other bytes after an import elsewhere")
		}
		h.ask(h.citizen("+8613800138002"), "房东不退押金怎么办？")
		h.Must(h.People.Erase(t.Context(), setup, silent.Person, identity.OnRequest))
		h.Must(h.People.Erase(t.Context(), setup, c.Person, identity.OnRequest))
		h.Settle()
		for _, table := range []element.Table{element.Users, element.Orders} {
			if n := len(rows(t, table, sheet.CSV, h.takeout(admin(h.root), table, sheet.CSV))); n != 1 {
				t.Errorf("%d %s leave, where one person is not erased", n, table)
			}
			if n := len(rows(t, table, sheet.CSV, h.takeout(admin(h.elsewhere), table, sheet.CSV))); table == element.Users && n != 0 {
				t.Errorf("another province takes %d %s away", n, table)
			}
		}
		h.consistent()
	})
}

// An imported user becomes the profile of whoever signs in with his phone, and
// goes with his account.
//
// req: B5.2.4
func TestImportedUserSignsIn(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		h.bring(h.admin, element.Users, sheet.CSV, []byte("20101,20102,20103,20104,20105,20107\n王五,wang5,13800138000,w@example.com,440000,hotline\n赵六,z6,13800138001,,,web\n"))
		a := h.citizen("+8613800138000")
		h.ask(a, "房东不退押金怎么办？")
		_, err := h.People.Describe(t.Context(), a, element.Row{"20104": "new@example.com"})
		h.Must(err)
		got := rows(t, element.Users, sheet.CSV, h.takeout(h.admin, element.Users, sheet.CSV))
		if len(got) != 2 || got[0]["20104"] != "new@example.com" || got[0]["20105"] != "440000" || got[1]["20102"] != "z6" {
			t.Errorf("%v", got)
		}
		if x, err := h.Export(t.Context(), a.Person); err != nil || !strings.Contains(fmt.Sprint(x), "wang5") {
			t.Errorf("he is given %v, %v", x, err)
		}
		h.Must(h.People.Erase(t.Context(), setup, a.Person, identity.OnRequest))
		h.Settle()
		if n, err := h.EraseByPhone(t.Context(), admin(h.elsewhere), "13800138001"); n != 0 || err != nil {
			t.Errorf("another province erases %d, %v", n, err)
		}
		if n, err := h.EraseByPhone(t.Context(), h.admin, "138 0013 8001"); n != 1 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		h.Settle()
		if n := h.count("SELECT count(*) FROM exchange_record WHERE erased_at IS NOT NULL AND phone IS NULL AND index_a IS NULL AND person IS NULL"); n != 2 {
			t.Errorf("%d rows are erased", n)
		}
		var list []record
		h.View(func(tx *db.Tx) error { return tx.NewSelect().Model(&list).Scan(tx.Ctx()) })
		for _, r := range list {
			if there, err := h.Keys.Exists(t.Context(), r.Key); there || err != nil {
				t.Errorf("the key of an erased row is there, %v", err)
			}
		}
		if n := len(rows(t, element.Users, sheet.CSV, h.takeout(admin(h.root), element.Users, sheet.CSV))); n != 0 {
			t.Errorf("%d users leave", n)
		}
		h.consistent()
	})
}

// Each export is a fact, and no fact, row or due payload holds a word of it.
func TestNothingIsInTheClear(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		h.bring(h.admin, element.Orders, sheet.CSV, []byte("20501,20502,20503,20505,20506,20507,20508,20511,20515\nPLANTED-WORDS,2021-11-20,x,closed,0 CNY,PLANTED-NAME,13800138000,PT120M,web\n"))
		h.takeout(h.admin, element.Orders, sheet.CSV)
		h.Must(h.Journal.Drain(t.Context()))
		n := 0
		h.View(func(tx *db.Tx) error {
			for _, q := range []string{"SELECT body FROM journal_fact", "SELECT problems FROM exchange_import", "SELECT payload FROM due_row", "SELECT box FROM seal_text", "SELECT phone FROM exchange_record"} {
				rows, err := tx.Rows(q)
				if err != nil {
					return err
				}
				for rows.Next() {
					var b []byte
					if err := rows.Scan(&b); err != nil {
						return err
					}
					if bytes.Contains(b, []byte("PLANTED")) || bytes.Contains(b, []byte("13800138000")) || bytes.Contains(b, []byte("名单")) {
						t.Errorf("%s: in the clear", q)
					}
					if bytes.Contains(b, []byte("exchange.exported")) && bytes.Contains(b, []byte(`"rows":1`)) {
						n++
					}
				}
				if err := errors.Join(rows.Err(), rows.Close()); err != nil {
					return err
				}
			}
			return nil
		})
		if n != 1 {
			t.Errorf("%d facts of exports", n)
		}
	})
}

// Verify finds rows that were altered.
func TestVerifyFindsAlteredRows(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		i := h.bring(h.admin, element.Users, sheet.CSV, file(t, element.Users, sheet.CSV, made(element.Users, 3, 1)))
		for _, q := range []string{"UPDATE exchange_import SET state = 'checked'", "UPDATE exchange_record SET n = n + 10", "UPDATE exchange_record SET erased_at = 1 WHERE n = 11",
			"DELETE FROM exchange_record WHERE n = 12", "UPDATE exchange_import SET done = 1"} {
			h.Must(h.DB.Do(t.Context(), setup, func(tx *db.Tx) error { _, err := tx.Exec(q); return err }))
			if _, err := journal.Verify(t.Context(), journal.Audit{DB: h.DB, Keys: h.Keys, Replays: []journal.Replay{NewFacts()}}); err == nil {
				t.Errorf("%s is not found", q)
			}
		}
		_ = i
	})
}

// The lists of a lawyer leave as booleans too, and such a file comes back.
//
// req: BB.20208, BB.20209
func TestBooleans(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		list := made(element.Lawyers, 9, 3)
		list[0]["20208"], list[0]["20209"] = "高等法院", "labour;debt"
		h.bring(h.admin, element.Lawyers, sheet.XLSX, file(t, element.Lawyers, sheet.XLSX, list))
		x, err := h.Takeout(t.Context(), h.admin, Want{Table: element.Lawyers, Format: sheet.CSV, Booleans: true, Language: say.Hans})
		h.Must(err)
		var b bytes.Buffer
		h.Must(x.WriteTo(t.Context(), &b))
		var got map[string]string
		h.Must(sheet.Read(sheet.CSV, b.Bytes(), sheet.Full, isHead(element.Lawyers), func(r sheet.Row) error {
			if got == nil {
				got = map[string]string{}
				for i, n := range r.Names {
					code, _, _ := strings.Cut(n, " ")
					got[code] = r.Cells[i].Text
				}
			}
			return nil
		}))
		for head, want := range map[string]string{"20208.高等法院": "1", "20208.福田区人民法院": "0", "20209.labour": "1", "20209.debt": "1", "20209.traffic": "0"} {
			if got[head] != want {
				t.Errorf("%s is %q", head, got[head])
			}
		}
		h.bring(admin(h.elsewhere), element.Lawyers, sheet.CSV, b.Bytes())
		if !bytes.Equal(h.takeout(admin(h.elsewhere), element.Lawyers, sheet.CSV), h.takeout(h.admin, element.Lawyers, sheet.CSV)) {
			t.Error("a file with booleans does not come back")
		}
	})
}

func TestDays(t *testing.T) {
	from, to, err := days("2026-11-01", "2026-11-30")
	if err != nil || from.UTC().Format(time.RFC3339) != "2026-10-31T16:00:00Z" || to.UTC().Format(time.RFC3339) != "2026-11-30T16:00:00Z" {
		t.Error(from, to, err)
	}
	if _, _, err := days("yesterday", ""); !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
}
