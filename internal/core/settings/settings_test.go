package settings

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/seal/sealtest"
	"mingfa/internal/base/setting"
	"mingfa/internal/base/web"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
	"mingfa/internal/core/identity"
)

type marks struct {
	Percent int    `json:"percent"`
	Words   string `json:"words"`
}

var _ = setting.Define("settings.test", marks{Percent: 95, Words: "x"}, func(m marks) error {
	if m.Percent < 95 || m.Percent > 100 {
		return fault.Bad(fault.At("percent", "fault.field_range").With("min", 95).With("max", 100))
	}
	return nil
})

var setup = who.System("test")

type room struct {
	*Service
	t                    *testing.T
	clock                *db.StepClock
	journal              *journal.Journal
	keys                 *seal.Keys
	root, province, city identity.Org
	other                identity.Org
}

func each(t *testing.T, fn func(t *testing.T, h *room)) {
	t.Helper()
	for name, url := range map[string]func(*testing.T) string{"sqlite": dbtest.SQLiteURL, "postgres": dbtest.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			h := &room{t: t, clock: dbtest.Clock(t), keys: sealtest.New(t)}
			d, rules := dbtest.Open(t, url(t), h.clock), &access.Rules{}
			signer, err := journal.LoadSigner(t.TempDir())
			h.must(err)
			h.journal, err = journal.Open(t.Context(), d, journal.Config{Signer: signer})
			h.must(err)
			people := &identity.Service{DB: d, Keys: h.keys, Rules: rules}
			h.Service = &Service{DB: d, Keys: h.keys, Rules: rules, People: people}
			org := func(parent id.ID, level identity.Level, region string) identity.Org {
				o, err := people.MakeOrg(t.Context(), setup, identity.NewOrg{Parent: parent, Level: level, Name: "中心" + region, Region: region})
				h.must(err)
				return o
			}
			h.root = org(id.Nil, identity.Operator, "")
			h.province = org(h.root.ID, identity.Province, "440000")
			h.city, h.other = org(h.province.ID, identity.City, "440300"), org(h.province.ID, identity.City, "440100")
			fn(t, h)
		})
	}
}

func (h *room) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *room) refused(err error, kind fault.Kind) {
	h.t.Helper()
	if !fault.Is(err, kind) {
		h.t.Errorf("got %v, wanted %s", err, kind)
	}
}

// staff makes a member of staff with a name.
func (h *room) staff(o identity.Org, role who.Role, name string) who.Actor {
	h.t.Helper()
	person, _, err := h.People.MakeStaff(h.t.Context(), setup, identity.NewStaff{Org: o.ID, User: "staff-" + id.New().String()[24:], Name: name,
		Password: "a long password", TOTPSecret: "JBSWY3DPEHPK3PXPJBSWY3DP", Roles: []who.Role{role}})
	h.must(err)
	return who.Actor{Person: person, Org: o.ID, Scope: o.Path, Roles: []who.Role{role}}
}

// see is the setting as an organisation has it.
func (h *room) see(a who.Actor, org id.ID) (x Shown, m marks) {
	h.t.Helper()
	h.must(h.journal.Drain(h.t.Context()))
	x, err := h.See(h.t.Context(), a, "settings.test", org)
	h.must(err)
	h.must(json.Unmarshal(x.Now.Value, &m))
	return x, m
}

// A value has an owner, an instant, a version, a reason and a history; below it is
// inherited; it can be planned, taken back and left.
//
// req: B5.3e, B8.2.2.8
func TestChangesAndTheirHistory(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		ctx, name := t.Context(), "settings.test"
		top, boss := h.staff(h.province, who.Admin, "李四"), h.staff(h.city, who.Admin, "张三")
		value := func(n string) json.RawMessage { return json.RawMessage(`{"percent":` + n + `,"words":"ａ"}`) }
		if x, m := h.see(boss, id.Nil); m.Percent != 95 || x.SetBy != nil || x.Own || x.Newest != 0 {
			t.Errorf("at first: %+v", x)
		}
		h.must(h.Set(ctx, top, name, Change{Value: value("96"), Reason: "全省统一"}))
		if x, m := h.see(boss, id.Nil); m.Percent != 96 || x.Own || x.SetBy == nil || x.SetBy.ID != h.province.ID || x.Newest != 0 || len(x.History) != 0 {
			t.Errorf("inherited: %+v", x)
		}
		h.must(h.Set(ctx, boss, name, Change{Value: value("97"), Reason: "试点"}))
		h.refused(h.Set(ctx, boss, name, Change{Value: value("98"), Reason: "没看到新版本"}), fault.Conflict)
		later := h.clock.Now().Add(time.Hour)
		h.must(h.Set(ctx, boss, name, Change{Seen: 1, Value: value("98"), From: later, Reason: "下月起"}))
		x, m := h.see(boss, id.Nil)
		if m.Percent != 97 || !x.Own || x.Newest != 2 || len(x.History) != 2 || x.History[0].InForce || !x.History[1].InForce ||
			x.History[1].Reason.Plain != "试点" || x.History[1].ByName != "张三" || !x.History[0].From.Equal(later) {
			t.Errorf("planned: %+v", x)
		}
		if x, _ := h.see(top, id.Nil); len(x.Below) != 1 || x.Below[0].Org.ID != h.city.ID || x.Below[0].Version != 1 {
			t.Errorf("who below has his own: %+v", x.Below)
		}
		h.clock.Set(later)
		if _, m := h.see(boss, id.Nil); m.Percent != 98 {
			t.Errorf("later it is %d", m.Percent)
		}
		h.refused(h.Revert(ctx, boss, name, Change{Seen: 2, To: 9, Reason: "没有这一版"}), fault.Absent)
		h.must(h.Revert(ctx, boss, name, Change{Seen: 2, To: 1, Reason: "试点没有结束"}))
		if x, m := h.see(boss, id.Nil); m.Percent != 97 || x.Newest != 3 {
			t.Errorf("taken back: %d in version %d", m.Percent, x.Newest)
		}
		h.must(h.Inherit(ctx, top, name, Change{Org: h.city.ID, Seen: 3, Reason: "试点结束"}))
		if x, m := h.see(boss, id.Nil); m.Percent != 96 || x.Own || x.Newest != 4 || !x.History[0].Cleared || x.History[0].ByName != "李四" {
			t.Errorf("it inherits again: %+v", x)
		}
		h.must(h.Revert(ctx, boss, name, Change{Seen: 4, To: 4, Reason: "再来一次"}))
		all, err := h.List(ctx, boss, id.Nil)
		h.must(err)
		if len(all) == 0 {
			t.Error("the list is empty")
		}
	})
}

// What is not of the setting's form, or not allowed, is refused with its field and
// changes nothing.
//
// req: B8.2.2.8
func TestValuesAreChecked(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		boss := h.staff(h.city, who.Admin, "张三")
		for value, field := range map[string]string{
			``: "value", `null`: "value", `{`: "value", `[]`: "value", `"x"`: "value", `{"percent":"95"}`: "value", `{"percent":95.5}`: "value", `{"percent":96,"more":1}`: "value",
			`{"percent":96,"words":"a\u0000"}`: "value", `{"percent":94}`: "percent", `{"percent":101}`: "percent", `{}`: "percent",
			`{"percent":96,"words":"` + strings.Repeat("a", maxReason*1000) + `"}`: "value",
		} {
			err := h.Set(t.Context(), boss, "settings.test", Change{Value: json.RawMessage(value), Reason: "试"})
			var f *fault.Fault
			if !fault.Is(err, fault.Invalid) || !asFault(err, &f) || len(f.Fields) == 0 || f.Fields[0].Path != field {
				t.Errorf("%.40s: %v, wanted a fault at %s", value, err, field)
			}
		}
		good := json.RawMessage(`{"percent":96,"words":""}`)
		for _, c := range []Change{{Value: good}, {Value: good, Reason: " "}, {Value: good, Reason: strings.Repeat("字", 501)}, {Value: good, Reason: "试", From: h.clock.Now().Add(-time.Second)}} {
			h.refused(h.Set(t.Context(), boss, "settings.test", c), fault.Invalid)
		}
		if x, m := h.see(boss, id.Nil); m.Percent != 95 || len(x.History) != 0 {
			t.Errorf("something was changed: %+v", x)
		}
	})
}

func asFault(err error, into **fault.Fault) bool {
	f, ok := err.(*fault.Fault)
	*into = f
	return ok
}

// The wrong person, and the other city, get what is not there.
//
// req: B5.3e
func TestWhoMay(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		ctx, c := t.Context(), Change{Value: json.RawMessage(`{"percent":96}`), Reason: "试"}
		boss, ops := h.staff(h.city, who.Admin, "张三"), h.staff(h.city, who.Operations, "王五")
		if x, _ := h.see(ops, id.Nil); x.Name != "settings.test" {
			t.Error("operations do not see it")
		}
		h.refused(h.Set(ctx, ops, "settings.test", c), fault.Absent)
		h.refused(h.Set(ctx, boss, "no.such", c), fault.Absent)
		_, err := h.See(ctx, boss, "no.such", id.Nil)
		h.refused(err, fault.Absent)
		for _, org := range []id.ID{h.other.ID, h.province.ID, id.New()} {
			elsewhere := c
			elsewhere.Org = org
			h.refused(h.Set(ctx, boss, "settings.test", elsewhere), fault.Absent)
			_, err := h.See(ctx, boss, "settings.test", org)
			h.refused(err, fault.Absent)
			_, err = h.List(ctx, boss, org)
			h.refused(err, fault.Absent)
		}
		for _, role := range []who.Role{who.DutyLawyer, who.Citizen} {
			a := who.Actor{Person: id.New(), Org: h.city.ID, Scope: h.city.Path, Roles: []who.Role{role}}
			_, err := h.List(ctx, a, id.Nil)
			h.refused(err, fault.Absent)
		}
	})
}

func TestOverHTTP(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		as := h.staff(h.city, who.Admin, "张三")
		server := web.New(web.Config{Title: "t", Authenticate: func(*http.Request) (who.Actor, error) { return as, nil }, Now: h.DB.Now, Log: slog.Default()})
		h.Routes(server)
		do := func(method, path, body string, status int, words ...string) {
			t.Helper()
			h.must(h.journal.Drain(context.Background()))
			r := httptest.NewRequest(method, "/api/v1"+path, strings.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Authorization", "Bearer x")
			w := httptest.NewRecorder()
			server.Handler().ServeHTTP(w, r)
			for _, word := range append(words, "") {
				if w.Code != status || !strings.Contains(w.Body.String(), word) {
					t.Errorf("%s %s: %d %s", method, path, w.Code, w.Body)
				}
			}
		}
		do("GET", "/settings", "", 200, `"name":"settings.test"`, `"can_set":true`, `"version":0`)
		do("PUT", "/settings/settings.test", `{"version":0,"reason":"试","value":{"percent":97,"words":""}}`, 200, `"percent":97`, `"own":true`, `"version":1`)
		do("GET", "/settings/settings.test", "", 200, `"reason":"试"`, `"by":"张三"`, `"in_force":true`)
		do("PUT", "/settings/settings.test", `{"version":0,"reason":"试","value":{"percent":98,"words":""}}`, 409)
		do("PUT", "/settings/settings.test", `{"version":1,"reason":"试","value":{"percent":1,"words":""}}`, 422, `"percent"`)
		do("PUT", "/settings/settings.test", `{"version":1,"reason":"试","from":"2026-04-01T00:00:00Z","value":{"percent":99,"words":""}}`, 200, `"percent":97`, `"version":2`, `"planned":1`)
		do("POST", "/settings/settings.test/revert", `{"version":2,"reason":"试","to":1}`, 200, `"version":3`)
		do("POST", "/settings/settings.test/inherit", `{"version":3,"reason":"试"}`, 200, `"own":false`, `"cleared":true`)
		do("GET", "/settings/no.such", "", 404, "fault.absent")
		as = h.staff(h.city, who.Operations, "王五")
		do("GET", "/settings/settings.test", "", 200, `"can_set":false`)
		do("PUT", "/settings/settings.test", `{"version":4,"reason":"试","value":{"percent":97,"words":""}}`, 404, "fault.absent")
	})
}
