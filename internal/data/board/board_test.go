package board

import (
	"fmt"
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
	"mingfa/internal/base/say"
	"mingfa/internal/base/setting"
	"mingfa/internal/base/web"
	"mingfa/internal/base/who"
	"mingfa/internal/core/identity/identitytest"
	"mingfa/internal/public/complaint"
	"mingfa/internal/public/consult"
	"mingfa/internal/public/lawyer"
	"mingfa/internal/public/quality"
)

// day lives a day with everything in it that the board counts.
func (h *room) day() {
	h.T.Helper()
	ctx, ops := h.T.Context(), h.operator("")
	h.Ask("440300") // before anybody is on duty
	late := h.Ask("440106")
	h.After(125 * time.Minute)
	h.onDuty()
	must := func(_ any, err error) { h.T.Helper(); h.Must(err) }
	must(h.Consult.Assign(ctx, ops, late, h.Lawyer.Person, 0))
	h.Answer(late)
	h.Must(h.Lawyers.SetStatus(ctx, h.Lawyer, lawyer.Away))
	var asked []id.ID
	for range 2 {
		asked = append(asked, h.Ask("440106"), h.Ask("440105"), h.Ask("440300"))
	}
	h.After(20 * time.Minute)
	for _, o := range asked {
		must(h.Consult.Assign(ctx, ops, o, h.Lawyer.Person, 0))
	}
	for _, o := range asked[:5] {
		h.Answer(o)
	}
	h.Rate(asked[0], consult.VerySatisfied)
	h.Rate(asked[1], consult.Satisfied)
	called, never := h.Rate(asked[2], consult.General), h.Rate(asked[3], consult.VeryDissatisfied)
	must(h.Consult.Attempt(ctx, ops, called, id.New(), true, ""))
	must(h.Consult.Say(ctx, h.Asker, asked[4], id.New(), "还有一个问题"))
	must(h.Consult.Exclude(ctx, ops, asked[5], 0, consult.Spam, "广告"))
	out := h.Ask("440105")
	must(h.Consult.Exclude(ctx, ops, out, 0, consult.Test, "测试"))
	h.After(65 * time.Minute)
	must(h.Consult.Include(ctx, ops, out, 0, "不是测试"))
	must(h.complaint.Make(ctx, h.Asker, complaint.Intake{ID: id.New(), Kind: complaint.Grievance, Text: "答复太慢", Region: "440106"}))
	h.After(5 * 24 * time.Hour) // the call-back and the complaint become overdue; the week begins anew
	must(h.Consult.Attempt(ctx, ops, never, id.New(), true, ""))
	h.Ask("440105")
	h.Ask("440300")
	must(h.complaint.Make(ctx, h.Asker, complaint.Intake{ID: id.New(), Kind: complaint.Suggestion, Text: "建议延长时间", Region: "440300"}))
	h.Settle()
}

// The played days, once for all that is asked of them.
func TestPlayedDays(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		h.day()
		countsAreARecount(t, h)
		figuresOpenWhatTheyCount(t, h)
		partsAddUp(t, h)
	})
}

// The counts kept by the reaction are those of a recount: of consult.Compute over
// the day's facts, and of all facts at once.
//
// req: B7.T1a, B7.T1b, B7.T1d, B7.3.2.1, T6, T9
func countsAreARecount(t *testing.T, h *room) {
	now := h.Clock.Now()
	for _, region := range []string{"", "440000", "440100", "440105", "440106", "440300"} {
		path := h.Orgs[region].Path
		h.view(func(tx *db.Tx) {
			size, err := journal.Size(tx)
			h.Must(err)
			days, err := sums(tx, spanDay, path, 0, now.UnixMilli())
			h.Must(err)
			z, err := time.LoadLocation("Asia/Shanghai")
			h.Must(err)
			seen := int64(0)
			for at := range days {
				from := time.UnixMilli(at).In(z)
				records, err := consult.Records(tx, path, from, from.AddDate(0, 0, 1), size)
				h.Must(err)
				want, got := consult.Compute(records, now), days[at]
				if s := differ(want, got); s != "" {
					t.Errorf("%s on %s: %s", region, from.Format(time.DateOnly), s)
				}
				seen += want.Consultations
			}
			if region == "" && seen < 9 {
				t.Errorf("only %d orders were compared", seen)
			}
		})
	}
	h.recount("")
}

// differ says where counts are not the figures.
func differ(want consult.Figures, got Counts) string {
	for name, n := range map[string][2]int64{
		"consultations": {want.Consultations, got.Consultations}, "answered": {want.Answered, got.Answered}, "in time": {want.InTime, got.InTime},
		"settled": {want.TimelyRate.Den, got.Settled()}, "open": {want.Open, got.Open()}, "abandoned": {want.Abandoned, got.Abandoned},
		"breaches": {want.Breaches, got.Breaches()}, "rated": {want.Rated, got.Rated}, "satisfied": {want.Satisfied, got.Satisfied},
		"non satisfied": {want.NonSatisfied, got.NonSatisfied()}, "called": {want.CallbacksDone, got.CallbacksDone},
		"in time called": {want.CallbackRate.Num, got.CallbacksInTime}, "late called": {want.CallbacksLate, got.CallbacksLate},
		"test": {want.Excluded[consult.Test], got.ExcludedTest}, "spam": {want.Excluded[consult.Spam], got.ExcludedSpam},
		"duplicate": {want.Excluded[consult.Duplicate], got.ExcludedDuplicate},
	} {
		if n[0] != n[1] {
			return fmt.Sprintf("%s: counted %d, by the facts %d", name, n[1], n[0])
		}
	}
	return ""
}

func (h *room) view(fn func(tx *db.Tx)) {
	h.T.Helper()
	h.Must(h.DB.View(h.T.Context(), identitytest.Setup, func(tx *db.Tx) error { fn(tx); return nil }))
}

// recount is what verify does; it demands what Compare says.
func (h *room) recount(want string) {
	h.T.Helper()
	h.view(func(tx *db.Tx) {
		x := NewFacts()
		size, err := journal.Size(tx)
		h.Must(err)
		facts, err := journal.Between(tx, x.Kinds(), 0, size)
		h.Must(err)
		for _, f := range facts {
			h.Must(x.Apply(f))
		}
		switch err := x.Compare(tx); {
		case want == "" && err != nil:
			h.T.Error(err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			h.T.Errorf("said %v, wanted %q", err, want)
		}
	})
}

// A count that somebody changed, or took away, is found.
func TestChangedCountIsFound(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		h.Ask("440106")
		h.Settle()
		h.recount("")
		exec := func(q string) {
			h.Must(h.DB.Do(t.Context(), identitytest.Setup, func(tx *db.Tx) error { _, err := tx.Exec(q); return err }))
		}
		exec("UPDATE board_count SET waiting = waiting + 1 WHERE span = 'hour'")
		h.recount("is not what its facts say")
		exec("DELETE FROM board_count WHERE span = 'hour'")
		h.recount("is missing")
	})
}

// Every figure opens exactly what it counted, for every organisation.
//
// req: B7.T1a, B7.T1b, B7.T1d, B7.T1e, B7.T1f, B6.2.1.1, B7.1.3.2, B7.1.2.2a, T9
func figuresOpenWhatTheyCount(t *testing.T, h *room) {
	opened, many := map[string]bool{}, 0
	for _, region := range []string{"", "440100", "440105", "440300"} {
		for code, f := range h.board(region) {
			if len(f.Opens) == 0 && code != "connect_rate" {
				t.Errorf("%s opens nothing", code)
			}
			for _, o := range f.Opens {
				if got := h.rows(region, o); got != o.Count {
					t.Errorf("%s of %s opens %d rows of %s %v, and says %d", code, region, got, o.Path, o.Query, o.Count)
				}
				opened[code] = opened[code] || o.Count > 0
				many++
			}
		}
	}
	if many < 100 {
		t.Errorf("only %d lists were opened", many)
	}
	for _, code := range []string{"waiting", "clock_120", "callbacks_open", "complaints_open", "complaints_overdue", "complaints_received", "consultations", "lawyers_away"} {
		if !opened[code] {
			t.Errorf("the played days have nothing in %s", code)
		}
	}
}

// rows counts what a list gives, page by page.
func (h *room) rows(region string, o Opens) (n int64) {
	h.T.Helper()
	a, ctx := h.operator(region, who.Operations, who.Quality), h.T.Context()
	day := func() (from, to time.Time) {
		if o.Query["date"] == "" {
			return
		}
		z, _ := time.LoadLocation("Asia/Shanghai")
		from, err := time.ParseInLocation(time.DateOnly, o.Query["date"], z)
		h.Must(err)
		return from, from.AddDate(0, 0, 1)
	}
	from, to := day()
	switch o.Path {
	case "/orders":
		for cursor := id.Nil; ; {
			page, err := h.Consult.List(ctx, a, consult.Filter{Figure: consult.Figure(o.Query["figure"]), From: from, To: to, Cursor: cursor, Limit: 2}, "zh-Hans")
			h.Must(err)
			if n += int64(len(page)); len(page) < 2 {
				return n
			}
			cursor = page[1].ID
		}
	case "/complaints":
		list, err := h.complaint.List(ctx, a, complaint.Filter{State: o.Query["state"], From: from, To: to, Sensitive: o.Query["sensitive"] == "true", Overdue: o.Query["overdue"] == "true", Limit: 200})
		h.Must(err)
		return int64(len(list))
	case "/quality/samples":
		list, err := h.quality.List(ctx, a, quality.Filter{Month: o.Query["month"], Source: o.Query["source"], Result: quality.Result(o.Query["result"]), Limit: 200})
		h.Must(err)
		return int64(len(list))
	case "/lawyers":
		list, err := h.Lawyers.List(ctx, a)
		h.Must(err)
		for _, l := range list {
			if string(l.Status) == o.Query["status"] {
				n++
			}
		}
		return n
	}
	h.T.Fatalf("no list %s", o.Path)
	return 0
}

// County + county = city, cities = province = operator; another city sees its own.
//
// req: B5.2.5
func partsAddUp(t *testing.T, h *room) {
	sum := func(regions ...string) map[string][2]int64 {
		out := map[string][2]int64{}
		for _, r := range regions {
			for code, f := range h.board(r) {
				if f.Unit != "minutes" {
					out[code] = [2]int64{out[code][0] + f.Num, out[code][1] + f.Den}
				}
			}
		}
		return out
	}
	for _, x := range [][2][]string{{{"440100"}, {"440105", "440106"}}, {{"440000"}, {"440100", "440300"}}} {
		whole, parts := sum(x[0]...), sum(x[1]...)
		if fmt.Sprint(whole) != fmt.Sprint(parts) {
			t.Errorf("%v is %v, its parts %v", x[0], whole, parts)
		}
	}
	if n := h.board("440300")["consultations"].Num; n != 1 {
		t.Errorf("the other city has %d", n)
	}
}

// req: B7.T1d, T6
func TestMarks(t *testing.T) {
	l := Limits{NearPoints: 1, Enough: 5}
	for _, c := range []struct {
		num, den, percent int64
		high              bool
		want              Mark
	}{
		{0, 0, 95, true, Few}, {4, 4, 95, true, Few}, {5, 5, 95, true, Met}, {19, 20, 95, true, Near}, {1899, 2000, 95, true, Missed},
		{96, 100, 95, true, Met}, {959, 1000, 95, true, Near}, {5, 5, 100, true, Met}, {99, 100, 100, true, Missed},
		{0, 5, 2, false, Met}, {2, 100, 2, false, Near}, {1, 100, 2, false, Met}, {21, 1000, 2, false, Missed}, {1, 5, 10, false, Missed},
	} {
		if got := mark(consult.Rate{Num: c.num, Den: c.den}, c.percent, l, c.high); got != c.want {
			t.Errorf("%d of %d at %d %%: %s, wanted %s", c.num, c.den, c.percent, got, c.want)
		}
	}
}

// A rate that runs is judged by what is decided: an open call-back is no miss.
//
// req: B7.T1a
func TestOpenCallbackIsNoMiss(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		h.onDuty()
		h.Must(h.DB.Do(t.Context(), h.operator("", who.Admin), func(tx *db.Tx) error {
			l := limits.Default()
			l.Enough = 1
			_, err := setting.Set(tx, limits, setting.Owner{Org: h.Orgs[""].ID, Path: "/"}, l, time.Time{})
			return err
		}))
		o := h.Ask("440106")
		h.Answer(o)
		h.Rate(o, consult.General)
		h.Settle()
		f := h.board("440106")["callback_rate"]
		if f.Mark != Few || f.Text != "0.00 %" || f.Den != 1 {
			t.Errorf("an open call-back: %+v", f)
		}
		h.After(4 * 24 * time.Hour)
		if got := h.board("440106"); got["callbacks_overdue"].Mark != Missed || got["callbacks_overdue"].Num != 1 {
			t.Errorf("an overdue call-back: %+v", got["callbacks_overdue"])
		}
	})
}

// The oldest waiter is the one who asked first, within the organisation.
//
// req: B6.2.1.1b
func TestOldestWaiter(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		h.Ask("440300")
		h.After(9 * time.Minute)
		h.Ask("440106")
		h.After(2 * time.Minute)
		for region, want := range map[string]struct {
			minutes int64
			mark    Mark
		}{"440300": {11, Missed}, "": {11, Missed}, "440106": {2, Met}, "440105": {0, Met}} {
			if f := h.board(region)["oldest_waiting"]; f.Num != want.minutes || f.Mark != want.mark {
				t.Errorf("%s: %d minutes, %s; wanted %+v", region, f.Num, f.Mark, want)
			}
		}
	})
}

// A figure follows its fact within 5 seconds, with everything running as it does
// when it serves.
//
// req: B7.3.2.1
func TestLag(t *testing.T) {
	for name, url := range map[string]func(*testing.T) string{"sqlite": dbtest.SQLiteURL, "postgres": dbtest.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			h := open(identitytest.Open(t, url(t), nil))
			h.Journal.Start()
			defer func() { h.Must(h.Journal.Stop(t.Context())) }()
			for n := int64(1); n <= 5; n++ {
				h.Ask("440106")
				fact := time.Now()
				for {
					b, err := h.Live(t.Context(), h.operator("440106"), "en")
					h.Must(err)
					if b.Figures[0].Code == "waiting" && b.Figures[0].Num == n {
						break
					}
					if time.Since(fact) > 5*time.Second {
						t.Fatalf("after 5 s the board knows %d of %d", b.Figures[0].Num, n)
					}
				}
			}
		})
	}
}

// Who may not gets what is not there; the words stand in three languages.
//
// req: B7.3.2.1
func TestWhoSeesTheBoard(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		h.onDuty()
		for _, a := range []who.Actor{h.Asker, h.Lawyer, h.operator("", who.Admin)} {
			_, err := h.Live(t.Context(), a, "en")
			h.Refused(err, fault.Absent, "")
		}
		b, err := h.Live(t.Context(), h.operator("440300"), "en")
		h.Must(err)
		for _, f := range b.Figures {
			if f.Name == "" || strings.HasPrefix(f.Name, "report.") || f.Formula == "" || f.Need == "" || strings.HasPrefix(f.Formula, "report.") {
				t.Errorf("%s is told as %q, made as %q by %q", f.Code, f.Name, f.Formula, f.Need)
			}
			for _, o := range f.Opens {
				if o.Path == "/quality/samples" {
					t.Errorf("%s opens what operations may not see", f.Code)
				}
			}
		}
		machine := h.operator("440300")
		machine.Roles, machine.Scopes = []who.Role{who.Machine}, []string{"figures:read"}
		b, err = h.Live(t.Context(), machine, "en")
		h.Must(err)
		for _, f := range b.Figures {
			if len(f.Opens) > 0 {
				t.Errorf("%s opens %v, and a machine for figures may open nothing", f.Code, f.Opens)
			}
		}
		for _, p := range say.Problems() {
			t.Error(p)
		}
		server := web.New(web.Config{Title: "t", Authenticate: func(r *http.Request) (who.Actor, error) { return h.operator("440300"), nil }, Now: h.DB.Now})
		h.Routes(server)
		r := httptest.NewRequest(http.MethodGet, "/api/v1/board", nil)
		r.Header.Set("Authorization", "Bearer x")
		w := httptest.NewRecorder()
		server.Handler().ServeHTTP(w, r)
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"code":"waiting"`) {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
}
