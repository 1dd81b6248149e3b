package workday

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
	"mingfa/internal/base/setting"
	"mingfa/internal/base/who"
)

func day(t *testing.T, s string) Date {
	t.Helper()
	d, err := ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func instant(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02T15:04:05.000Z07:00", s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// A made-up notice: Thursday 2030-05-02 and Friday are off, Saturday 05-04 is
// worked instead.
func notice(t *testing.T) map[Date]Day {
	return map[Date]Day{
		day(t, "2030-05-01"): {Holiday, "劳动节"},
		day(t, "2030-05-02"): {Holiday, "劳动节"},
		day(t, "2030-05-03"): {Holiday, "劳动节"},
		day(t, "2030-05-04"): {Workday, "劳动节"},
	}
}

// req: T2, B7.1.3.2
func TestAddWorkdays(t *testing.T) {
	plain, with := Mainland(), Mainland().With(notice(t))
	for name, c := range map[string]struct {
		cal  Calendar
		from string
		n    int
		want string // local day whose last millisecond is the deadline
	}{
		"Monday to Tuesday":                {plain, "2030-04-15T10:00:00.000+08:00", 1, "2030-04-16"},
		"first ms of a day counts to it":   {plain, "2030-04-15T00:00:00.000+08:00", 1, "2030-04-16"},
		"last ms of a day counts to it":    {plain, "2030-04-15T23:59:59.999+08:00", 1, "2030-04-16"},
		"the zone decides the day":         {plain, "2030-04-14T16:00:00.000Z", 1, "2030-04-16"},
		"one ms earlier is still Sunday":   {plain, "2030-04-14T15:59:59.999Z", 1, "2030-04-15"},
		"Friday to Monday":                 {plain, "2030-04-19T09:00:00.000+08:00", 1, "2030-04-22"},
		"Saturday to Monday":               {plain, "2030-04-20T09:00:00.000+08:00", 1, "2030-04-22"},
		"Sunday to Monday":                 {plain, "2030-04-21T09:00:00.000+08:00", 1, "2030-04-22"},
		"five days over a weekend":         {plain, "2030-04-17T09:00:00.000+08:00", 5, "2030-04-24"},
		"none is the day itself":           {plain, "2030-04-20T09:00:00.000+08:00", 0, "2030-04-20"},
		"below none too":                   {plain, "2030-04-20T09:00:00.000+08:00", -3, "2030-04-20"},
		"over holidays to the make-up day": {with, "2030-04-30T09:00:00.000+08:00", 1, "2030-05-04"},
		"event on a holiday":               {with, "2030-05-02T09:00:00.000+08:00", 1, "2030-05-04"},
		"event on the make-up day":         {with, "2030-05-04T09:00:00.000+08:00", 1, "2030-05-06"},
		"two days":                         {with, "2030-04-30T09:00:00.000+08:00", 2, "2030-05-06"},
		"over New Year":                    {plain, "2030-12-31T09:00:00.000+08:00", 1, "2031-01-01"},
		"29 February":                      {plain, "2028-02-28T09:00:00.000+08:00", 1, "2028-02-29"},
		"Hong Kong, Saturday worked":       {HongKong(true), "2030-04-19T09:00:00.000+08:00", 1, "2030-04-20"},
		"Hong Kong, Saturday off":          {HongKong(false), "2030-04-19T09:00:00.000+08:00", 1, "2030-04-22"},
		"no calendar at all":               {Calendar{}, "2030-04-19T23:00:00.000+08:00", 1, "2030-04-20"},
		"seven days of rest lose nothing":  {Calendar{Rest: []time.Weekday{0, 1, 2, 3, 4, 5, 6}}, "2030-04-19T09:00:00.000+08:00", 1, "2030-04-20"},
	} {
		t.Run(name, func(t *testing.T) {
			got := AddWorkdays(instant(t, c.from), c.n, c.cal)
			if want := instant(t, c.want+"T23:59:59.999+08:00"); !got.Equal(want) {
				t.Errorf("deadline %s, want %s", got, want)
			}
		})
	}
}

// A zone with summer time: the last millisecond is that of the local day.
func TestEndOfDayInSummerTime(t *testing.T) {
	cal := Calendar{Zone: "Europe/Berlin", Rest: []time.Weekday{time.Sunday}}
	got := AddWorkdays(instant(t, "2030-03-29T12:00:00.000Z"), 2, cal) // Friday; Sunday 31 March has 23 hours
	if want := instant(t, "2030-04-01T21:59:59.999Z"); !got.Equal(want) {
		t.Errorf("deadline %s, want %s", got, want)
	}
}

func TestCheck(t *testing.T) {
	for name, c := range map[string]struct {
		cal Calendar
		ok  bool
	}{
		"mainland":         {Mainland(), true},
		"Hong Kong":        {HongKong(false), true},
		"no zone":          {Calendar{}, false},
		"local zone":       {Calendar{Zone: "Local"}, false},
		"unknown zone":     {Calendar{Zone: "Asia/Nowhere"}, false},
		"no rest is legal": {Calendar{Zone: "UTC"}, true},
		"nothing worked":   {Calendar{Zone: "UTC", Rest: []time.Weekday{0, 1, 2, 3, 4, 5, 6}}, false},
		"day 7":            {Calendar{Zone: "UTC", Rest: []time.Weekday{7}}, false},
		"twice":            {Calendar{Zone: "UTC", Rest: []time.Weekday{0, 0}}, false},
		"kind":             {Calendar{Zone: "UTC", Days: map[Date]Day{{2030, 1, 1}: {Kind: "party"}}}, false},
	} {
		if err := c.cal.Check(); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWithLeavesTheOldAlone(t *testing.T) {
	old := Mainland().With(notice(t))
	with := old.With(map[Date]Day{day(t, "2030-05-04"): {Holiday, "x"}})
	if !old.Worked(day(t, "2030-05-04")) || with.Worked(day(t, "2030-05-04")) {
		t.Error("With changed the calendar it started from, or did nothing")
	}
	if !old.Covers(2030) || old.Covers(2031) {
		t.Error("Covers is wrong")
	}
}

func TestCalendarJSON(t *testing.T) {
	cal := Mainland().With(notice(t))
	b, err := json.Marshal(cal)
	if err != nil {
		t.Fatal(err)
	}
	var got Calendar
	if err := json.Unmarshal(b, &got); err != nil || !reflect.DeepEqual(got, cal) {
		t.Errorf("%v: %s", err, b)
	}
}

func TestImport(t *testing.T) {
	for name, c := range map[string]struct {
		in, want string // want: the error, or "" for two days
	}{
		"mainland":             {"date,kind,name\n2030-05-01,holiday,劳动节\n2030-05-04,workday,劳动节\n", ""},
		"Excel's mark and CR":  {"\ufeffDate,Kind,Name\r\n2030-05-01,holiday,a\r\n2030-05-04,workday,b\r\n", ""},
		"other order, columns": {"x,name,date\n1,\"a, b\",2030-05-01\n2,c,2030-05-04", ""},
		"the same twice":       {"date\n2030-05-01\n2030-05-01\n2030-05-04\n", ""},
		"empty":                {"", "line 1: workday.row_header"},
		"no header":            {"2030-05-01,holiday,a\n", "line 1: workday.row_header"},
		"wrong date":           {"date\n2030-05-01\n2030-02-30\n1/5/2030\n", "line 3: workday.row_date; line 4: workday.row_date"},
		"year 0":               {"date\n0000-01-01\n", "line 2: workday.row_date"},
		"wrong kind":           {"date,kind\n2030-05-01,off\n", "line 2: workday.row_kind"},
		"short row":            {"name,date\nx\n", "line 2: workday.row_date"},
		"contradiction":        {"date,kind\n2030-05-01,holiday\n2030-05-01,workday\n", "line 3: workday.row_contradiction"},
		"open quote":           {"date,name\n2030-05-01,\"a\n", "line 2: workday.row_csv"},
		"not UTF-8":            {"date,name\n2030-05-01,\xc0\xcd\n", "line 0: workday.file_encoding"},
		"control character":    {"date,name\n2030-05-01,a\x01\n", "line 2: workday.row_name"},
		"too large":            {"date\n" + strings.Repeat("\n", maxBytes), "line 0: workday.file_too_large"},
		"too many rows":        {"date\n" + strings.Repeat("2030-05-01\n", MaxRows+1), "line 5002: workday.file_too_large"},
		"at most twenty told":  {"date\n" + strings.Repeat("x\n", 500), strings.TrimSuffix(strings.Repeat("%", 20), "%")},
	} {
		t.Run(name, func(t *testing.T) {
			days, err := Import(strings.NewReader(c.in))
			switch {
			case c.want == "":
				if err != nil || len(days) != 2 || days[day(t, "2030-05-01")].Kind != Holiday {
					t.Errorf("%v, %v", days, err)
				}
			case strings.HasPrefix(c.want, "%"):
				if e, ok := err.(RowErrors); !ok || len(e) != 20 {
					t.Errorf("%d errors told", len(e))
				}
			case err == nil || err.Error() != c.want || days != nil:
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
}

func FuzzImport(f *testing.F) {
	for _, s := range []string{"", "date\n", "date,kind,name\n2030-05-01,holiday,x\n", "\ufeffdate\n\"", "date\n2030-05-01\n2030-05-01,\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		days, err := Import(bytes.NewReader(b))
		if err != nil {
			rows, ok := err.(RowErrors)
			if !ok || len(rows) == 0 || days != nil {
				t.Fatalf("%T %v", err, err)
			}
			for _, r := range rows {
				if !say.Has(r.Key) {
					t.Errorf("no text for %s", r.Key)
				}
			}
			return
		}
		if err := Mainland().With(days).Check(); err != nil {
			t.Errorf("an imported calendar is refused: %v", err)
		}
	})
}

// data opens a file of the public test material, or skips with what is missing.
func data(t *testing.T, path string) *os.File {
	t.Helper()
	dir := os.Getenv("MINGFA_TESTDATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	f, err := os.Open(filepath.Join(dir, path))
	if err != nil {
		t.Skipf("test material is absent (set MINGFA_TESTDATA to its folder): %s", path)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func imported(t *testing.T, path string) map[Date]Day {
	t.Helper()
	days, err := Import(data(t, path))
	if err != nil {
		t.Fatal(err)
	}
	return days
}

// req: T2 all notices of the mainland: each day is what the notice says, all
// others follow the week, and deadlines agree with counting day by day.
func TestMainlandNotices(t *testing.T) {
	days := imported(t, "holidays/cn_holidays.csv")
	cal := Mainland().With(days)
	if err := cal.Check(); err != nil {
		t.Fatal(err)
	}
	worked := map[Date]bool{}
	for d := (Date{2006, 12, 1}); d.Year < 2026; d = d.Next() {
		want := d.Weekday() != time.Saturday && d.Weekday() != time.Sunday
		if n, ok := days[d]; ok {
			want = n.Kind == Workday
		}
		if worked[d] = want; cal.Worked(d) != want {
			t.Errorf("%s: worked %v, want %v", d, !want, want)
		}
	}
	for d := (Date{2007, 1, 1}); d.Year < 2025; d = d.Next() {
		for _, n := range []int{1, 3, 5} {
			want, left := d, n
			for left > 0 {
				if want = want.Next(); worked[want] {
					left--
				}
			}
			noon := time.Date(d.Year, d.Month, d.Day, 4, 0, 0, 0, time.UTC)
			if got := AddWorkdays(noon, n, cal); On(got, cal.Location()) != want {
				t.Errorf("%s + %d: %s, want %s", d, n, got, want)
			}
		}
	}
	got := AddWorkdays(instant(t, "2024-02-09T20:00:00.000+08:00"), 1, cal) // Spring Festival, Sunday the 18th worked
	if want := instant(t, "2024-02-18T23:59:59.999+08:00"); !got.Equal(want) {
		t.Errorf("over Spring Festival 2024: %s", got)
	}
}

// req: T2 Hong Kong: the gazetted lists, and the computed ones agree where both
// are there.
func TestHongKongHolidays(t *testing.T) {
	gazetted := imported(t, "holidays/hk_gazetted.csv")
	computed := imported(t, "holidays/hk_holidays.csv")
	cal := HongKong(true).With(gazetted)
	years := map[int]int{}
	for d := range gazetted {
		years[d.Year]++
		if cal.Worked(d) {
			t.Errorf("%s is gazetted but worked", d)
		}
	}
	for year, n := range years {
		if n != 17 || !cal.Covers(year) {
			t.Errorf("%d has %d general holidays", year, n)
		}
		both := HongKong(true).With(computed)
		for d := (Date{year, 1, 1}); d.Year == year; d = d.Next() {
			if _, off := gazetted[d]; cal.Worked(d) != (!off && d.Weekday() != time.Sunday) || cal.Worked(d) != both.Worked(d) {
				t.Errorf("%s: gazetted off %v, worked %v, computed %v", d, off, cal.Worked(d), both.Worked(d))
			}
		}
	}
	got := AddWorkdays(instant(t, "2024-12-24T18:00:00.000+08:00"), 1, cal.With(computed))
	if want := instant(t, "2024-12-27T23:59:59.999+08:00"); !got.Equal(want) {
		t.Errorf("over Christmas 2024: %s", got)
	}
}

// req: T2 the calendar is the organisation's, inherited from the level above.
func TestSetting(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Do(t.Context(), who.System("test"), func(tx *db.Tx) error {
			owner := setting.Owner{Org: id.New(), Path: "/810000/"}
			if _, err := setting.Set(tx, Setting, owner, Calendar{}, time.Time{}); err == nil {
				t.Error("an empty calendar was taken")
			}
			want := HongKong(true).With(notice(t))
			if _, err := setting.Set(tx, Setting, owner, want, time.Time{}); err != nil {
				return err
			}
			got, err := Of(tx, "/810000/x/", tx.Now())
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%+v, %v", got, err)
			}
			if other, _ := Of(tx, "/340000/", tx.Now()); other.Zone != "Asia/Shanghai" {
				t.Errorf("another organisation got %+v", other)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// req: T2 a notice is added to the calendar in force, and once.
func TestLoad(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		owner := setting.Owner{Org: id.New(), Path: "/440000/"}
		next := map[Date]Day{day(t, "2031-01-01"): {Holiday, "元旦"}}
		for i, c := range []struct {
			days    map[Date]Day
			changed bool
			known   int
		}{{notice(t), true, len(notice(t))}, {notice(t), false, len(notice(t))}, {next, true, len(notice(t)) + 1}} {
			err := d.Do(t.Context(), who.System("test"), func(tx *db.Tx) error {
				cal, changed, err := Load(tx, owner, c.days)
				if changed != c.changed || len(cal.Days) != c.known {
					t.Errorf("%d: changed %v, %d days", i, changed, len(cal.Days))
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		err := d.View(t.Context(), who.System("test"), func(tx *db.Tx) error {
			cal, err := Of(tx, "/440000/440300/", tx.Now())
			if y := cal.Years(); len(y) != 2 || y[0] != 2030 || y[1] != 2031 {
				t.Errorf("the years %v", y)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestTexts(t *testing.T) {
	for _, line := range say.Problems() {
		t.Error(line)
	}
}
