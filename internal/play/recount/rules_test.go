package recount

import (
	"bytes"
	"compress/zlib"
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
	if want := []string{"alarms", "board", "callbacks", "calls", "clocks", "complaints", "exclusions", "figures", "interventions", "lawyers", "list", "load", "orders", "own", "rates", "report", "running", "users"}; !slices.Equal(places, want) {
		t.Errorf("rules for %v", places)
	}
	if unknown > 3 {
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
