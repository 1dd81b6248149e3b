package report

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/blob"
	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/due"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/seal/sealtest"
	"mingfa/internal/base/web"
	"mingfa/internal/base/who"
	"mingfa/internal/base/workday"
	"mingfa/internal/core/access"
	"mingfa/internal/core/identity"
	"mingfa/internal/public/complaint"
	"mingfa/internal/public/consult"
	"mingfa/internal/public/lawyer"
)

var setup = who.System("test")

// room is the report over real rooms below it, on a clock that is moved by hand.
type room struct {
	*Service
	t       *testing.T
	clock   *db.StepClock
	journal *journal.Journal
	runner  *due.Runner
	consult *consult.Service
	heard   *complaint.Service
	citizen who.Actor
	lawyer  who.Actor
	orgs    map[string]identity.Org // by region; "" is the operator
}

func each(t *testing.T, fn func(t *testing.T, h *room)) {
	t.Helper()
	for name, url := range map[string]func(*testing.T) string{"sqlite": dbtest.SQLiteURL, "postgres": dbtest.PostgresURL} {
		t.Run(name, func(t *testing.T) { fn(t, open(t, url(t))) })
	}
}

func open(t *testing.T, url string) *room {
	h := &room{t: t, clock: dbtest.Clock(t), orgs: map[string]identity.Org{}}
	d, keys, rules := dbtest.Open(t, url, h.clock), sealtest.New(t), &access.Rules{}
	signer, err := journal.LoadSigner(t.TempDir())
	h.must(err)
	h.journal, err = journal.Open(t.Context(), d, journal.Config{Signer: signer})
	h.must(err)
	store, err := blob.OpenDir(t.TempDir())
	h.must(err)
	code := ""
	people := &identity.Service{DB: d, Keys: keys, Rules: rules, Send: func(_ context.Context, _, c, _ string) { code = c }}
	lawyers := &lawyer.Service{DB: d, Keys: keys, Rules: rules}
	h.Service = &Service{DB: d, Rules: rules, People: people, Blobs: blob.New(keys, store), Log: slog.Default(), Wait: true}
	h.consult = &consult.Service{DB: d, Keys: keys, Rules: rules, People: people, Lawyers: lawyers, Journal: h.journal,
		Calendar: func(tx *db.Tx, o identity.Org) (workday.Calendar, error) { return workday.Of(tx, o.Path, tx.Now()) }}
	h.heard = &complaint.Service{DB: d, Keys: keys, Rules: rules, People: people, Calendar: h.consult.Calendar}
	h.runner = due.NewRunner(d, nil)
	h.heard.Wire(h.runner)
	h.Wire(h.runner)
	h.consult.Wire(h.runner)
	h.people(people)
	_, err = people.SendCode(t.Context(), "13800138000", "zh-Hans")
	h.must(err)
	x, _, err := people.SignInCitizen(t.Context(), "13800138000", code, "zh-Hans")
	h.must(err)
	h.citizen = who.Actor{Person: x.Person, Org: x.Org, Roles: []who.Role{who.Citizen}}
	root := h.orgs[""]
	h.lawyer = who.Actor{Person: id.New(), Org: root.ID, Scope: root.Path, Roles: []who.Role{who.DutyLawyer}}
	h.must(lawyers.Add(t.Context(), setup, lawyer.New{Person: h.lawyer.Person, Key: sealtest.Key(t, keys, seal.Person, root.Key), Org: root.ID, Path: root.Path,
		Name: "甲", Nickname: "甲", Firm: "明法律师事务所", Areas: []string{lawyer.Any}, Regions: []string{lawyer.Any}, Languages: []string{"zh-Hans"}, Status: lawyer.Online}))
	return h
}

// people makes regions and organisations, and lets each have its reports.
func (h *room) people(p *identity.Service) {
	h.t.Helper()
	for _, o := range []struct {
		region, parent string
		level          identity.Level
	}{{"", "", identity.Operator}, {"440000", "", identity.Province}, {"440100", "440000", identity.City}, {"440106", "440100", identity.County}, {"440105", "440100", identity.County}} {
		made, err := p.MakeOrg(h.t.Context(), setup, identity.NewOrg{Parent: h.orgs[o.parent].ID, Level: o.level, Name: "中心" + o.region, Region: o.region})
		h.must(err)
		h.orgs[o.region] = made
		h.must(h.DB.Do(h.t.Context(), setup, func(tx *db.Tx) error { return Ensure(tx, made) }))
	}
	_, err := p.LoadRegions(h.t.Context(), setup, strings.NewReader("code,name,parent\n440100,广州市,440000\n440106,天河区,440100\n440105,海珠区,440100\n440300,深圳市,440000\n"))
	h.must(err)
}

func (h *room) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// to runs everything that is due until then, in order.
func (h *room) to(then time.Time) {
	h.t.Helper()
	for {
		h.must(h.journal.Drain(h.t.Context()))
		_, err := h.runner.RunDue(h.t.Context())
		h.must(err)
		next, ok, err := h.runner.Next(h.t.Context())
		h.must(err)
		if !ok || next.After(then) {
			break
		}
		h.clock.Set(next)
	}
	h.clock.Set(then)
	h.must(h.journal.Drain(h.t.Context()))
	_, err := h.runner.RunDue(h.t.Context())
	h.must(err)
}

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

// operator looks at an organisation.
func (h *room) operator(region string) who.Actor {
	o := h.orgs[region]
	return who.Actor{Person: id.New(), Org: o.ID, Scope: o.Path, Roles: []who.Role{who.Operations}}
}

// days lists an operator's reports, newest first.
func (h *room) days() (out []string) {
	h.t.Helper()
	list, _, err := h.List(h.t.Context(), h.operator(""))
	h.must(err)
	for _, r := range list {
		out = append(out, r.Day)
	}
	return out
}

func at(day, hour, minute int) time.Time {
	return time.Date(2026, 3, day, hour, minute, 0, 0, time.FixedZone("", 8*3600))
}

// req: B7.3.2.1
func TestDailyAtOne(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		h.answer(h.ask("440000"))
		h.to(at(3, 1, 0).Add(-time.Millisecond))
		if got := h.days(); len(got) != 0 {
			t.Errorf("reports before 01:00: %v", got)
		}
		h.to(at(3, 1, 0))
		r, err := h.Stored(t.Context(), h.operator(""), "2026-03-02")
		h.must(err)
		if got := strings.Join(h.days(), " "); got != "2026-03-02" || r.Version != 1 || !r.MadeAt.Equal(at(3, 1, 0)) {
			t.Errorf("at 01:00 there are %s, version %d made at %s", got, r.Version, r.MadeAt)
		}
		h.clock.Set(at(7, 9, 30)) // nothing ran for days: each is made
		h.to(at(7, 9, 30))
		if got := strings.Join(h.days(), " "); got != "2026-03-06 2026-03-05 2026-03-04 2026-03-03 2026-03-02" {
			t.Errorf("after the outage there are %s", got)
		}
		next, ok, err := h.runner.Next(t.Context())
		h.must(err)
		if !ok || !next.Equal(at(8, 1, 0)) {
			t.Errorf("the next is at %s", next)
		}
	})
}

// The same leaf gives the same bytes, whenever the report is made; a correction
// is a new version, and the old one stays.
//
// req: B7.3.2.1, T5
func TestSameLeafSameBytes(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		h.ask("440000")
		h.to(at(2, 23, 30))
		open := h.ask("440000") // at 01:00 its time has not passed
		h.must(h.journal.Drain(t.Context()))
		h.clock.Set(at(3, 1, 0))
		var first string
		for _, now := range []time.Time{at(3, 1, 0), at(3, 1, 4), at(9, 12, 0)} {
			h.clock.Set(now)
			f, err := h.figures(t.Context(), setup, h.orgs[""], "2026-03-02", false)
			h.must(err)
			b, err := json.Marshal(f)
			h.must(err)
			if first == "" {
				first = string(b)
			}
			if string(b) != first {
				t.Errorf("made at %s it is\n%s\nand was\n%s", now, b, first)
			}
		}
		if !strings.Contains(first, `"abandoned":1,`) || !strings.Contains(first, `"open":1,`) {
			t.Errorf("figures %s", first)
		}
		_, err := h.Make(t.Context(), h.orgs[""], "2026-03-02", nil)
		h.must(err)
		h.answer(open)
		h.must(h.journal.Drain(t.Context()))
		second, err := h.Make(t.Context(), h.orgs[""], "2026-03-02", nil)
		h.must(err)
		got, err := h.Stored(t.Context(), h.operator(""), "2026-03-02")
		h.must(err)
		if second.Version != 2 || got.Version != 2 || got.Figures != second.Figures || second.Figures == first {
			t.Errorf("the correction is version %d", second.Version)
		}
	})
}

// A county's figures are its own, a city's those of all below it.
//
// req: B7.3.2.1, B7.T1d
func TestFiguresAddUp(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		for region, n := range map[string]int{"440106": 1, "440100": 2, "440300": 3, "110000": 1} {
			for range n {
				h.answer(h.ask(region))
			}
		}
		h.must(h.journal.Drain(t.Context()))
		for region, want := range map[string]int64{"440106": 1, "440100": 3, "440000": 6, "": 7} {
			f, err := h.Live(t.Context(), h.operator(region), "")
			h.must(err)
			if f.Consultations != want || f.Answered != want || !f.Live || f.Date != "2026-03-02" || f.Satisfaction.Text != "n/a" {
				t.Errorf("organisation %q: %d asked, %d answered, wanted %d", region, f.Consultations, f.Answered, want)
			}
		}
	})
}

// Complaints are in the day's report, and add up; one that nobody calls is late
// when its working day has ended, in the report of that day.
//
// req: B7.3.2.1, B5.2.5, B7.1.2.2a
func TestComplaintsAreReported(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		for region, kind := range map[string]complaint.Kind{"440106": complaint.Grievance, "440105": complaint.Suggestion, "440300": complaint.Grievance} {
			_, err := h.heard.Make(t.Context(), h.citizen, complaint.Intake{ID: id.New(), Kind: kind, Text: "答复太慢", Region: region})
			h.must(err)
		}
		h.to(at(5, 1, 0))
		for day, want := range map[string]map[string][4]int64{ // received, suggestions, open, overdue
			"2026-03-02": {"440106": {1, 0, 1, 0}, "440105": {1, 1, 1, 0}, "440100": {2, 1, 2, 0}, "440000": {3, 1, 3, 0}, "": {3, 1, 3, 0}},
			"2026-03-03": {"440106": {0, 0, 1, 1}, "440100": {0, 0, 2, 2}, "": {0, 0, 3, 3}},
		} {
			for region, n := range want {
				r, err := h.Stored(t.Context(), h.operator(region), day)
				h.must(err)
				var f Figures
				h.must(json.Unmarshal([]byte(r.Figures), &f))
				if got := [4]int64{f.Complaints, f.Suggestions, f.ComplaintOpen, f.ComplaintLate}; got != n {
					t.Errorf("%s of %q: %v, wanted %v", day, region, got, n)
				}
				if late := f.ComplaintRate.Text == "0.00 %" && strings.Contains(strings.Join(f.Missed, " "), "complaint"); late != (day == "2026-03-03") {
					t.Errorf("%s of %q: called back %s, missed %v", day, region, f.ComplaintRate.Text, f.Missed)
				}
			}
		}
	})
}

func TestReportsOverHTTP(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		h.answer(h.ask("440106"))
		h.to(at(3, 1, 0))
		as := h.operator("440106")
		w := web.New(web.Config{Authenticate: func(*http.Request) (who.Actor, error) { return as, nil }})
		h.Routes(w)
		get := func(path string, status int, words ...string) {
			t.Helper()
			rec := httptest.NewRecorder()
			w.Handler().ServeHTTP(rec, httptest.NewRequest("GET", web.Prefix+path, nil))
			for _, word := range append(words, "") {
				if rec.Code != status || !strings.Contains(rec.Body.String(), word) {
					t.Errorf("%s: %d %s", path, rec.Code, rec.Body)
				}
			}
		}
		get("/reports", 200, `"date":"2026-03-02"`, `"version":1`, `"due_at":"2026-03-03T01:00:00+08:00"`, `"next":{"date":"2026-03-03","due_at":"2026-03-04T01:00:00+08:00"}`)
		get("/reports/2026-03-02.json", 200, `"consultations":1`, `"live":false`)
		get("/reports/2026-03-02.csv", 200, "timely_answer_rate,及时解答率,100.00%,1,1,,仅报告,", "事实编号上限,")
		get("/reports/2026-03-02.exe", 404, "fault.absent")
		get("/reports/2026-03-01.json", 404, "fault.absent")
		get("/figures", 200, `"consultations":0`)
		get("/figures?date=2026-03-02", 200, `"consultations":1`, `"thresholds":`)
		get("/figures?date=yesterday", 422, "date")
		as = h.citizen
		get("/reports", 404, "fault.absent")
		get("/figures", 404, "fault.absent")
	})
}
