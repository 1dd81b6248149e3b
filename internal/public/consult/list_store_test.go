package consult

import (
	"testing"
	"time"
)

// A number begins with its day: what was typed of it says between which days to look.
func TestNumbersTellTheirDay(t *testing.T) {
	day := func(s string) time.Time {
		at, err := time.ParseInLocation(time.DateOnly, s, time.FixedZone("", 8*3600))
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for prefix, want := range map[string][2]string{
		"20260302-AB": {"2026-03-02", "2026-03-03"}, "20260302": {"2026-03-02", "2026-03-03"}, "2026030": {"2026-03-01", "2026-03-10"},
		"2026031": {"2026-03-10", "2026-03-20"}, "2026033": {"2026-03-30", "2026-04-01"}, "202602": {"2026-02-01", "2026-03-01"},
		"20260": {"2026-01-01", "2026-10-01"}, "20261": {"2026-10-01", "2027-01-01"}, "2026": {"2026-01-01", "2027-01-01"}, "202": {"2020-01-01", "2030-01-01"}, "2": {"2000-01-01", "3000-01-01"},
	} {
		from, to, ok := daysOf(prefix)
		if !ok || !from.Equal(day(want[0])) || !to.Equal(day(want[1])) {
			t.Errorf("%s: %v to %v, %v", prefix, from, to, ok)
		}
	}
	for _, prefix := range []string{"x", "20260302x", "2026-03", "20261301", "2026023", "20260230", "20262"} {
		if _, _, ok := daysOf(prefix); ok {
			t.Errorf("%s is the begin of a number", prefix)
		}
	}
}
