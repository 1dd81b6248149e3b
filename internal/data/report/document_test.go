package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"mingfa/internal/base/id"
	"mingfa/internal/base/paper"
	"mingfa/internal/base/say"
	"mingfa/internal/base/web"
	"mingfa/internal/base/who"
	"mingfa/internal/core/identity"
	"mingfa/internal/public/complaint"
	"mingfa/internal/public/consult"
	"mingfa/internal/public/quality"
	pages "mingfa/web"
)

// kept is a stored report over figures that a test changes.
func kept(t *testing.T, name string, change func(*Figures)) stored {
	t.Helper()
	o := identity.Org{ID: id.New(), Name: name, Level: identity.County}
	f := figuresOf(o, "2026-03-02", consult.Figures{Consultations: 20, Answered: 19, InTime: 18, Abandoned: 1, Breaches: 2, Completed: 19, Rated: 10, Satisfied: 9,
		NonSatisfied: 1, CallbacksDue: 1, ReplyRate: consult.Rate{Num: 19, Den: 20}, TimelyRate: consult.Rate{Num: 18, Den: 20}, Participation: consult.Rate{Num: 10, Den: 19},
		Satisfaction: consult.Rate{Num: 9, Den: 10}, Excluded: map[consult.Exclusion]int64{consult.Spam: 3},
		AnswerDuration: consult.Spread{Count: 19, Mean: 75 * time.Second, Median: time.Minute, P95: 2 * time.Minute, Max: 121 * time.Minute}},
		complaint.Figures{Received: 3, Suggestions: 1, Due: 2, InTime: 1, Closed: 1, Open: 4, Overdue: 1, Sensitive: 1}, quality.Count{Sampled: 12, Inspected: 10, Fatal: 1, Minor: 1})
	if change != nil {
		change(&f)
	}
	b, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	return stored{Day: "2026-03-02", Version: 2, Leaf: 77, MadeAt: time.Date(2026, 3, 2, 17, 0, 0, 0, time.UTC), Figures: string(b), Zone: "Asia/Shanghai"}
}

// table reads a report's CSV by the code of its first field.
func table(t *testing.T, r stored, lang string) map[string][]string {
	t.Helper()
	d, err := r.document(lang)
	if err != nil {
		t.Fatal(err)
	}
	b, err := paper.CSV(d)
	if err != nil {
		t.Fatal(err)
	}
	all, err := csv.NewReader(bytes.NewReader(b[3:])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for _, row := range all {
		out[row[0]] = row
	}
	return out
}

// Every figure of the JSON stands in the document under its name there, with
// words in three languages and a requirement.
//
// req: B7.3.2.1, B5.2.5
func TestEveryFigureIsThere(t *testing.T) {
	r := kept(t, "天河区", nil)
	var wire map[string]any
	if err := json.Unmarshal([]byte(r.Figures), &wire); err != nil {
		t.Fatal(err)
	}
	for _, not := range []string{"date", "org", "live", "leaf", "thresholds", "missed", "formulas"} {
		delete(wire, not)
	}
	for _, nested := range []string{"answer_minutes", "excluded"} {
		delete(wire, nested)
	}
	for _, code := range []string{"answer_minutes_mean", "answer_minutes_median", "answer_minutes_p95", "answer_minutes_max", "excluded_test", "excluded_spam",
		"excluded_duplicate", "connect_rate", "fatal_error_rate", "non_fatal_error_rate"} {
		wire[code] = true
	}
	for _, lang := range say.Languages {
		rows, need := table(t, r, lang), 0
		for code := range wire {
			row := rows[code]
			if len(row) == 0 {
				t.Errorf("%s: there is no %s", lang, code)
				continue
			}
			row = slices.DeleteFunc(slices.Clone(row), func(s string) bool { return s == "" })
			if last := row[len(row)-1]; !strings.HasPrefix(last, "B") && !strings.HasPrefix(last, "T") {
				t.Errorf("%s: %s has no requirement: %q", lang, code, row)
			}
			need++
		}
		if all := len(rateFigures) + len(countFigures) + len(minuteFigures); need != all {
			t.Errorf("%s: %d figures are named in the JSON, %d stand in the document", lang, need, all)
		}
	}
	for key := range say.Gaps() {
		if strings.HasPrefix(key, "report.") {
			t.Errorf("the text %s is missing", key)
		}
	}
}

// req: B7.T1a, B7.T1b, B7.T1d, B7.T1e, B7.T1f, B7.1.2.2a, T5, T6, T9
func TestMarks(t *testing.T) {
	rows := table(t, kept(t, "天河区", nil), say.En)
	for code, want := range map[string]string{
		"reply_rate":              "95.00%|19|20|100%|missed",
		"timely_answer_rate":      "90.00%|18|20||report only",
		"callback_rate":           "n/a|0|0|100%|n/a",
		"participation":           "52.63%|10|19|≥ 40%|met",
		"satisfaction":            "90.00%|9|10|≥ 95%|missed",
		"complaint_callback_rate": "50.00%|1|2|100%|missed",
		"connect_rate":            "n/a|0|0|≥ 95%|n/a",
		"fatal_error_rate":        "10.00%|1|10|≤ 2%|missed",
		"non_fatal_error_rate":    "10.00%|1|10|≤ 10%|met",
	} {
		if got := strings.Trim(strings.Join(rows[code][2:7], "|"), " "); got != want {
			t.Errorf("%s is %s, wanted %s", code, got, want)
		}
	}
	for code, want := range map[string]string{"consultations": "20", "excluded_spam": "3", "answer_minutes_mean": "1.25", "answer_minutes_max": "121.00"} {
		if rows[code][2] != want {
			t.Errorf("%s is %s, wanted %s", code, rows[code][2], want)
		}
	}
	for key, want := range map[string]string{"Made at": "2026-03-03 01:00:00 +08:00", "Version": "2", "Facts below leaf": "77", "Level": "County", "Day": "2026-03-02 (Asia/Shanghai)"} {
		if rows[key][1] != want {
			t.Errorf("%s is %s, wanted %s", key, rows[key][1], want)
		}
	}
}

// The same stored report gives the same bytes, whatever its organisation is
// called, and the name is nowhere a formula.
//
// req: B7.3.2.1
func TestSameReportSameFiles(t *testing.T) {
	font, err := paper.NewFont(pages.Font())
	if err != nil {
		t.Log("no PDF is tested here: there is no font in web/font/dist; run make web")
		font = nil
	}
	s := &Service{Font: func() *paper.Font { return font }}
	for _, name := range []string{"天河区", "=cmd|' /C calc'!A0", "+86", "@x", "😀\u202eabc", "مركز", "a\x00\x1bb", "\"q\",\r\n<b>", strings.Repeat("很长的名字", 300), strings.Repeat("W", 2000)} {
		for _, kind := range []string{"json", "csv", "xlsx", "pdf"} {
			if kind == "pdf" && font == nil {
				continue
			}
			var first []byte
			for range 2 {
				out, err := s.file(kept(t, name, func(f *Figures) { f.Org.ID = "" }), kind, say.Hant)
				if err != nil {
					t.Fatalf("%q as %s: %v", name, kind, err)
				}
				if first == nil {
					first = out.Body
				}
				if !bytes.Equal(first, out.Body) || out.Disposition != `attachment; filename="mingfa-2026-03-02.`+kind+`"` {
					t.Errorf("%q as %s differs, or is called %s", name, kind, out.Disposition)
				}
			}
		}
		if row := table(t, kept(t, name, nil), say.En)["Organisation"]; strings.ContainsAny(row[1][:1], "=+-@\t\r\n") {
			t.Errorf("%q is written %q", name, row[1])
		}
	}
}

// A county's report and its neighbour's are together their city's, and the
// city's is the province's, in every count and in both parts of every ratio.
//
// req: B5.2.5, B7.3.2.1
func TestReportsAddUp(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		for i, x := range []struct {
			region string
			level  consult.Rating // "" is not answered, "-" not rated
		}{{"440105", consult.VerySatisfied}, {"440106", consult.Satisfied}, {"440106", consult.General}, {"440106", ""}, {"440105", "-"}, {"440105", consult.Dissatisfied}} {
			h.Clock.Set(at(2, 10, 5*i))
			order := h.Ask(x.region)
			if x.level == "" {
				continue
			}
			h.Answer(order)
			if x.level != "-" {
				_, err := h.Consult.Rate(t.Context(), h.Asker, order, id.New(), x.level, "")
				h.Must(err)
			}
		}
		h.to(at(3, 1, 0))
		sums := map[string][]int64{}
		for _, region := range []string{"440105", "440106", "440100", "440000"} {
			r, err := h.Stored(t.Context(), h.operator(region), "2026-03-02")
			h.Must(err)
			var f Figures
			h.Must(json.Unmarshal([]byte(r.Figures), &f))
			for _, x := range countFigures {
				sums[region] = append(sums[region], x.of(&f))
			}
			for _, x := range rateFigures {
				sums[region] = append(sums[region], x.of(&f).Num, x.of(&f).Den)
			}
		}
		var both []int64
		for i := range sums["440105"] {
			both = append(both, sums["440105"][i]+sums["440106"][i])
		}
		if both[0] != 6 || !slices.Equal(both, sums["440100"]) || !slices.Equal(both, sums["440000"]) {
			t.Errorf("counties %v, city %v, province %v", both, sums["440100"], sums["440000"])
		}
	})
}

// req: B7.3.2.1
func TestFilesOverHTTP(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		h.Answer(h.Ask("440106"))
		h.to(at(3, 1, 0))
		as := h.operator("440106")
		w := web.New(web.Config{Authenticate: func(*http.Request) (who.Actor, error) { return as, nil }})
		h.Routes(w)
		get := func(path string) *httptest.ResponseRecorder {
			rec := httptest.NewRecorder()
			w.Handler().ServeHTTP(rec, httptest.NewRequest("GET", web.Prefix+path, nil))
			return rec
		}
		rec := get("/reports/2026-03-02.xlsx?lang=en")
		book, err := excelize.OpenReader(rec.Body)
		if err != nil || rec.Header().Get("Content-Type") != types["xlsx"] || rec.Header().Get("Content-Disposition") != `attachment; filename="mingfa-2026-03-02.xlsx"` ||
			rec.Header().Get("X-Mingfa-Leaf") == "" {
			t.Fatalf("%d %v %v", rec.Code, rec.Header(), err)
		}
		if got := strings.Join(book.GetSheetList(), "|"); got != "Daily report of public legal se|Ratios|Counts|Times" {
			t.Errorf("sheets %s", got)
		}
		if got, _ := book.GetCellValue("Ratios", "C3"); got != "100.00%" {
			t.Errorf("timely answers %s", got)
		}
		if rec := get("/reports/2026-03-02.pdf"); rec.Code != 503 || !strings.Contains(rec.Body.String(), "make web") {
			t.Errorf("without a font: %d %s", rec.Code, rec.Body)
		}
		font, err := paper.NewFont(pages.Font())
		if err == nil {
			h.Font = func() *paper.Font { return font }
			if rec := get("/reports/2026-03-02.pdf"); rec.Code != 200 || rec.Header().Get("Content-Type") != "application/pdf" || !strings.HasPrefix(rec.Body.String(), "%PDF-") {
				t.Errorf("PDF: %d %v", rec.Code, rec.Header())
			}
		} else {
			t.Log("no PDF is tested here: there is no font in web/font/dist; run make web")
		}
		for _, a := range []who.Actor{h.Asker, h.Lawyer, {Person: id.New(), Org: h.Orgs["440106"].ID, Scope: h.Orgs["440106"].Path, Roles: []who.Role{who.Admin}}} {
			as = a
			for _, kind := range []string{"json", "csv", "xlsx", "pdf", "exe"} {
				if rec := get("/reports/2026-03-02." + kind); rec.Code != 404 {
					t.Errorf("%v gets %s: %d", a.Roles, kind, rec.Code)
				}
			}
		}
	})
}
