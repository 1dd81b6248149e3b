package report

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/web"
	"mingfa/internal/base/who"
	"mingfa/internal/core/identity/identitytest"
	"mingfa/internal/public/complaint"
	"mingfa/internal/public/consult/consulttest"
	"mingfa/internal/public/lawyer"
)

var setup = identitytest.Setup

// room is the report over real rooms below it, on a clock that is moved by hand.
type room struct {
	*Service
	*consulttest.House
	heard *complaint.Service
}

func each(t *testing.T, fn func(t *testing.T, h *room)) {
	t.Helper()
	identitytest.Each(t, func(h *identitytest.House) { fn(h.T, open(h)) })
}

func open(house *identitytest.House) *room {
	h := &room{House: consulttest.Open(house)}
	h.Service = &Service{DB: house.DB, Rules: house.Rules, People: house.People, Blobs: house.Blobs, Log: slog.Default(), Wait: true}
	h.heard = &complaint.Service{DB: house.DB, Keys: h.Keys, Rules: house.Rules, People: house.People, Calendar: identitytest.Calendar}
	h.heard.Wire(h.Runner)
	h.Wire(h.Runner)
	h.Tree("440000", "440100", "440106", "440105")
	for _, o := range h.Orgs { // each has its reports
		h.Must(house.DB.Do(h.T.Context(), setup, func(tx *db.Tx) error { return Ensure(tx, o) }))
	}
	h.Guangdong()
	h.Join()
	h.Hire(h.Orgs[""], lawyer.Online, lawyer.Any)
	return h
}

func (h *room) to(then time.Time) { h.T.Helper(); h.House.To(then) } // Service.To is an address

// operator looks at an organisation.
func (h *room) operator(region string) who.Actor {
	return identitytest.Staff(h.Orgs[region], who.Operations)
}

// days lists an operator's reports, newest first.
func (h *room) days() (out []string) {
	h.T.Helper()
	list, _, err := h.List(h.T.Context(), h.operator(""))
	h.Must(err)
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
		h.Answer(h.Ask("440000"))
		h.to(at(3, 1, 0).Add(-time.Millisecond))
		if got := h.days(); len(got) != 0 {
			t.Errorf("reports before 01:00: %v", got)
		}
		h.to(at(3, 1, 0))
		r, err := h.Stored(t.Context(), h.operator(""), "2026-03-02")
		h.Must(err)
		if got := strings.Join(h.days(), " "); got != "2026-03-02" || r.Version != 1 || !r.MadeAt.Equal(at(3, 1, 0)) {
			t.Errorf("at 01:00 there are %s, version %d made at %s", got, r.Version, r.MadeAt)
		}
		h.Clock.Set(at(7, 9, 30)) // nothing ran for days: each is made
		h.to(at(7, 9, 30))
		if got := strings.Join(h.days(), " "); got != "2026-03-06 2026-03-05 2026-03-04 2026-03-03 2026-03-02" {
			t.Errorf("after the outage there are %s", got)
		}
		next, ok, err := h.Runner.Next(t.Context())
		h.Must(err)
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
		h.Ask("440000")
		h.to(at(2, 23, 30))
		open := h.Ask("440000") // at 01:00 its time has not passed
		h.Must(h.Journal.Drain(t.Context()))
		h.Clock.Set(at(3, 1, 0))
		var first string
		for _, now := range []time.Time{at(3, 1, 0), at(3, 1, 4), at(9, 12, 0)} {
			h.Clock.Set(now)
			f, err := h.figures(t.Context(), setup, h.Orgs[""], "2026-03-02", false)
			h.Must(err)
			b, err := json.Marshal(f)
			h.Must(err)
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
		_, err := h.Make(t.Context(), h.Orgs[""], "2026-03-02", nil)
		h.Must(err)
		h.Answer(open)
		h.Must(h.Journal.Drain(t.Context()))
		second, err := h.Make(t.Context(), h.Orgs[""], "2026-03-02", nil)
		h.Must(err)
		got, err := h.Stored(t.Context(), h.operator(""), "2026-03-02")
		h.Must(err)
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
				h.Answer(h.Ask(region))
			}
		}
		h.Must(h.Journal.Drain(t.Context()))
		for region, want := range map[string]int64{"440106": 1, "440100": 3, "440000": 6, "": 7} {
			f, err := h.Live(t.Context(), h.operator(region), "")
			h.Must(err)
			if f.Consultations != want || f.Answered != want || !f.Live || f.Date != "2026-03-02" || f.Satisfaction.Text != "n/a" {
				t.Errorf("organisation %q: %d asked, %d answered, wanted %d", region, f.Consultations, f.Answered, want)
			}
		}
	})
}

// Complaints are in the day's report, and add up; one that nobody calls is late
// when its working day has ended, in the report of that day.
//
// req: B7.3.2.1, B5.2.5, B7.1.2.2a, B7.2.4c
func TestComplaintsAreReported(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		for region, kind := range map[string]complaint.Kind{"440106": complaint.Grievance, "440105": complaint.Suggestion, "440300": complaint.Grievance} {
			_, err := h.heard.Make(t.Context(), h.Asker, complaint.Intake{ID: id.New(), Kind: kind, Text: "答复太慢", Region: region})
			h.Must(err)
		}
		h.to(at(5, 1, 0))
		for day, want := range map[string]map[string][4]int64{ // received, suggestions, open, overdue
			"2026-03-02": {"440106": {1, 0, 1, 0}, "440105": {1, 1, 1, 0}, "440100": {2, 1, 2, 0}, "440000": {3, 1, 3, 0}, "": {3, 1, 3, 0}},
			"2026-03-03": {"440106": {0, 0, 1, 1}, "440100": {0, 0, 2, 2}, "": {0, 0, 3, 3}},
		} {
			for region, n := range want {
				r, err := h.Stored(t.Context(), h.operator(region), day)
				h.Must(err)
				var f Figures
				h.Must(json.Unmarshal([]byte(r.Figures), &f))
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
		h.Answer(h.Ask("440106"))
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
		as = h.Asker
		get("/reports", 404, "fault.absent")
		get("/figures", 404, "fault.absent")
	})
}
