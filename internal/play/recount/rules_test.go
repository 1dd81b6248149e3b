package recount

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, china)
	if err != nil {
		panic(err)
	}
	return t
}

// req: B7.1.3.2, B7.1.2.2a, T2
func TestNextWorkdayEnd(t *testing.T) {
	for from, want := range map[string]string{"2026-03-02 00:00": "2026-03-03", "2026-03-02 23:59": "2026-03-03", "2026-03-06 12:00": "2026-03-09", "2026-03-07 12:00": "2026-03-09"} {
		if got := nextWorkdayEnd(at(from)); moment(got) != want+" 23:59:59.999" {
			t.Errorf("after %s: %s", from, got)
		}
	}
}

// req: B7.T1b, B7.T1d, B7.T1e, B7.T1f, T6
func TestMarks(t *testing.T) {
	for _, x := range []struct {
		n, of, percent int64
		least, most    string
	}{{0, 0, 95, "few", "few"}, {4, 4, 95, "few", "few"}, {95, 100, 95, "near", "near"}, {94, 100, 95, "missed", "met"}, {96, 100, 95, "met", "missed"},
		{100, 100, 100, "met", "near"}, {99, 100, 100, "missed", "met"}, {2, 100, 2, "near", "near"}, {3, 100, 2, "met", "missed"}} {
		if a, b := atLeast(x.n, x.of, x.percent), atMost(x.n, x.of, x.percent); a != x.least || b != x.most {
			t.Errorf("%d of %d beside %d: %s and %s", x.n, x.of, x.percent, a, b)
		}
	}
}

// req: T5
func TestSpread(t *testing.T) {
	ask := at("2026-03-02 08:00")
	var list []*order
	for _, m := range []time.Duration{40, 10, 20, 30} {
		list = append(list, &order{asked: ask, answered: ask.Add(m * time.Minute)})
	}
	list = append(list, &order{asked: ask}, &order{asked: ask, answered: ask.Add(time.Hour), excluded: "test"})
	mean, median, p95, most := spread(list)
	if mean != 25*time.Minute || median != 25*time.Minute || p95 != 40*time.Minute || most != 40*time.Minute {
		t.Errorf("%s %s %s %s", mean, median, p95, most)
	}
	if minutes(90_599*time.Millisecond) != 1.5 {
		t.Error("minutes are cut to hundredths")
	}
}

// The clock of one who waits, at its edges.
//
// req: B6.2.1.1
func TestClock(t *testing.T) {
	ask := at("2026-03-02 08:00")
	for after, want := range map[time.Duration]string{0: "clock_0", 60*time.Minute - 1: "clock_0", 60 * time.Minute: "clock_60", 90 * time.Minute: "clock_90",
		110 * time.Minute: "clock_110", 120 * time.Minute: "clock_110", 120*time.Minute + time.Millisecond: "clock_120"} {
		o := &order{asked: ask, waits: ask, state: "assigned"}
		got := o.counts(ask.Add(after))
		if got[want] != 1 || got["in_hand"] != 1 || (got["abandoned"] == 1) != (want == "clock_120") {
			t.Errorf("after %s: %v", after, got)
		}
	}
}

func TestOffices(t *testing.T) {
	w := newWorld()
	for _, r := range []string{"440000", "440100", "440106", "810000"} {
		w.offices[r] = true
	}
	for region, want := range map[string]string{"440106": "/440000/440100/440106/", "440300": "/440000/", "440100": "/440000/440100/", "810000": "/810000/", "110000": "/", "": "/"} {
		if got := w.path(region); got != want {
			t.Errorf("%s is at %s", region, got)
		}
	}
}

func TestInstant(t *testing.T) {
	for s, want := range map[string]string{"2026-03-02T10:35:00+08:00": "2026-03-02 10:35:00.000", "46083.44097222222": "2026-03-02 10:35:00.000",
		"2026-03-03T23:59:59.999+08:00": "2026-03-03 23:59:59.999", "": "", "word": "word"} {
		if got := instant(s); got != want {
			t.Errorf("%s is %s", s, got)
		}
	}
	if column("A1") != 0 || column("Z9") != 25 || column("AB12") != 27 {
		t.Error("columns of a workbook")
	}
}

func TestPDFText(t *testing.T) {
	b := &bytes.Buffer{}
	b.WriteString("%PDF\nstream\n")
	z := zlib.NewWriter(b)
	z.Write([]byte("BT 1 2 Td (\x00a\x00 \x00\\)) Tj ET BT (\x4e\x00) Tj ET")) //nolint:errcheck // into memory
	z.Close()                                                                  //nolint:errcheck // into memory
	b.WriteString("\nendstream")
	if got := pdfText(b.Bytes()); got != "a)一" {
		t.Errorf("%q", got)
	}
}

// Each place has rules, none twice; what clients can't know is little, and has a
// reason.
func TestTable(t *testing.T) {
	places, seen, unknown := []string{}, map[string]bool{}, 0
	for _, r := range Table() {
		if !slices.Contains(places, r.Where) {
			places = append(places, r.Where)
		}
		if k := r.Where + " " + r.Key; seen[k] || r.How == "" {
			t.Errorf("%s: %q", k, r.How)
		}
		seen[r.Where+" "+r.Key] = true
		if strings.HasPrefix(r.How, notKnown) {
			unknown++
		}
	}
	slices.Sort(places)
	if want := []string{"alarms", "archive", "archived", "board", "callbacks", "calls", "clocks", "complaints", "draws", "exclusions", "figures", "hand_draws", "history", "import", "imports", "interventions",
		"lawyers", "list", "load", "order", "orders", "own", "rates", "report", "results", "running", "sample", "samples", "users"}; !slices.Equal(places, want) {
		t.Errorf("rules for %v", places)
	}
	if unknown > 8 {
		t.Errorf("%d things are not known to clients", unknown)
	}
}

// Whatever a look holds, comparing ends with differences or an error.
func FuzzLooks(f *testing.F) {
	f.Add([]byte("BT (x"), "pdf")
	f.Add([]byte("a,b\n\"c"), "csv")
	f.Add([]byte("PK"), "xlsx")
	f.Add([]byte(`{"figures":[{"code":"waiting","num":1}]}`), "json")
	f.Fuzz(func(_ *testing.T, b []byte, format string) {
		_ = pdfText(b)
		_, _ = rows(format, b)
		_, _ = flatten(b)
	})
}

// A draw takes a twentieth of each part at least, from every stratum by its size, on top of
// what was drawn before; the same seed draws the same, another one others.
//
// req: B7.2.4a
func TestDrawn(t *testing.T) {
	var from []candidate
	for i := range 400 {
		c := candidate{id: fmt.Sprintf("019caa20-c400-7000-8000-%012d", i), stratum: []string{"debt/unrated", "debt/satisfied", "labour/unrated", "labour/satisfied"}[i%4]}
		if i < 21 {
			c.stratum, c.unhappy = "unsatisfied", true
		}
		from = append(from, c)
	}
	first := draw("a", from, map[string]bool{}, share)
	if other := draw("b", from, map[string]bool{}, share); len(first) != 2+19 || len(other) != len(first) || slices.Equal(first, other) {
		t.Errorf("drew %v and %v", first, other)
	}
	per := map[string]int{}
	for _, c := range from {
		if slices.Contains(first, c.id) {
			per[c.stratum]++
		}
	}
	for stratum, n := range per {
		if stratum != "unsatisfied" && (n < 4 || n > 5) {
			t.Errorf("%d of %s", n, stratum)
		}
	}
	slices.Reverse(from)
	had := map[string]bool{}
	if again := draw("a", from, had, share); !slices.Equal(again, first) || len(draw("c", from, had, share)) != 0 {
		t.Errorf("in another order it drew %v, and had %d", again, len(had))
	}
	if more := draw("c", from, had, 2*share); len(more) != 3+38-len(first) || slices.ContainsFunc(more, func(id string) bool { return slices.Contains(first, id) }) {
		t.Errorf("on top of it, drew %v", more)
	}
}

// Rows of a file that can't be taken, each with its reason.
//
// req: B8.1.1.4
func TestBrought(t *testing.T) {
	for text, want := range map[string][]fault{
		"20101,20102,20103,20107\n甲,a,+8613700001001,web\n":                                  nil,
		"20101,20102,20103\n甲,a,+8613700001001\n":                                            {{0, "20107", "exchange.column_missing"}, {2, "20107", "fault.field_required"}},
		"20101,20102,20103,20107,x\n甲,a,12,web,y,z\n":                                        {{0, "E", "exchange.column_unknown"}, {2, "F", "exchange.column_beyond"}, {2, "20103", "element.phone"}},
		"20101,20102,20103,20107\n甲,a,+8613700001001,web\n乙,A,+8613700001001,post\n":         {{3, "20107", "fault.field_choice"}, {3, "20102", "exchange.twice"}, {3, "20103", "exchange.twice"}},
		"20101,20102,20103,20107\n甲,a,+8613700001001,web\n,b,+8613700001002,web,\n,c,,web\n": {{3, "E", "exchange.column_beyond"}, {3, "20101", "fault.field_required"}, {4, "20101", "fault.field_required"}, {4, "20103", "fault.field_required"}},
	} {
		x := &brought{table: "users", content: text, sent: sent{Format: "csv"}}
		if x.read(); !slices.Equal(x.wrong, want) {
			t.Errorf("%q: %v", text, x.wrong)
		}
	}
}

// Five working days after a Thursday are a Thursday.
//
// req: T2
func TestWorkdays(t *testing.T) {
	if got := moment(workdays(at("2026-03-05 12:00"), 5)); got != "2026-03-12 23:59:59.999" {
		t.Error(got)
	}
}

// req: T8
func TestOwnLength(t *testing.T) {
	for text, want := range map[string]int64{"": 0, "您好，abc": 3, "第 12 条 and more": 5, "a b": 2, "《法》": 1} {
		if got := ownLength(text); got != want {
			t.Errorf("%q has %d", text, got)
		}
	}
}
