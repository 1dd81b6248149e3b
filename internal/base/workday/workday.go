// Package workday knows which days are worked and when a period of working
// days ends.
//
// Rule T2 of the requirements (工作日 working day): on the mainland Monday to
// Friday, adjusted by the State Council's yearly notice of holidays and make-up
// days (调休); in Hong Kong all days but Sundays and general holidays, and
// whether Saturday is worked is a property of the organisation's calendar. "n
// working days" are full days after the day of the event, and the deadline is
// the end of the n-th: the last millisecond of that day in the organisation's
// zone. Limits of this house are inclusive, so what arrives in that millisecond
// is in time (B7.1.3.2, B7.1.2.2a, B6.2.4.1a-c).
//
// No list of holidays is built in: notices are published late each year and an
// operator imports them as CSV (Import). Until then a calendar knows the weekly
// days of rest only; Covers tells whether a year has been imported, so that a
// screen can ask for it.
//
// A Calendar is a value: With gives a new one and never changes the old. It is
// kept as a setting (setting.go), inherited from the operator down to the
// county and effective-dated. Everything here but that is pure and safe for
// concurrent use.
package workday

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
	_ "time/tzdata" // zones also on machines without a zone database
)

// Date is a day of the civil calendar, without a zone.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// On gives the date that a clock in zone shows at t.
func On(t time.Time, zone *time.Location) Date {
	y, m, d := t.In(zone).Date()
	return Date{y, m, d}
}

// ParseDate reads "2026-10-01" and nothing else.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, errors.New("a date is written YYYY-MM-DD")
	}
	return On(t, time.UTC), nil
}

// String writes the date as "2026-10-01".
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day) }

// MarshalText writes String; JSON keys and values use it.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what ParseDate reads.
func (d *Date) UnmarshalText(b []byte) error {
	got, err := ParseDate(string(b))
	*d = got
	return err
}

// Next gives the following day.
func (d Date) Next() Date { return d.add(1) }

func (d Date) add(n int) Date {
	return On(time.Date(d.Year, d.Month, d.Day+n, 0, 0, 0, 0, time.UTC), time.UTC)
}

// Weekday gives the day of the week.
func (d Date) Weekday() time.Weekday {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Weekday()
}

// Kind says what a notice makes of a day.
type Kind string

// A notice makes a day a holiday, or makes a day of rest a working day.
const (
	Holiday Kind = "holiday"
	Workday Kind = "workday"
)

// Day is what a notice says of one day.
type Day struct {
	Kind Kind   `json:"kind"`
	Name string `json:"name,omitempty"`
}

// Calendar is a rule of working days: weekly days of rest, and the days that
// notices changed.
type Calendar struct {
	Zone string         `json:"zone"` // IANA name, "Asia/Shanghai"
	Rest []time.Weekday `json:"rest"` // weekly days of rest, 0 = Sunday
	Days map[Date]Day   `json:"days,omitempty"`
}

// Mainland is the calendar of a mainland organisation before any notice was
// imported.
func Mainland() Calendar {
	return Calendar{Zone: "Asia/Shanghai", Rest: []time.Weekday{time.Saturday, time.Sunday}}
}

// HongKong is the calendar of a Hong Kong organisation before any list of
// general holidays was imported.
func HongKong(saturdayWorked bool) Calendar {
	c := Calendar{Zone: "Asia/Hong_Kong", Rest: []time.Weekday{time.Sunday}}
	if !saturdayWorked {
		c.Rest = append(c.Rest, time.Saturday)
	}
	return c
}

// Check refuses a calendar by which no deadline could be computed.
func (c Calendar) Check() error {
	if c.Zone == "" || c.Zone == "Local" {
		return errors.New("a calendar needs the name of its zone")
	}
	if _, err := time.LoadLocation(c.Zone); err != nil {
		return errors.New("the zone of the calendar is not known")
	}
	worked := 7
	for i, d := range c.Rest {
		if d < time.Sunday || d > time.Saturday || slices.Contains(c.Rest[:i], d) {
			return errors.New("days of rest are numbers 0 to 6, each once")
		}
		worked--
	}
	if worked == 0 {
		return errors.New("a calendar needs at least one working day a week")
	}
	if len(c.Days) > MaxRows {
		return fmt.Errorf("a calendar holds at most %d special days", MaxRows)
	}
	for _, d := range c.Days {
		if d.Kind != Holiday && d.Kind != Workday {
			return errors.New("a special day is a holiday or a workday")
		}
	}
	return nil
}

// With gives a calendar that also knows days; they win over what was there.
func (c Calendar) With(days map[Date]Day) Calendar {
	all := make(map[Date]Day, len(c.Days)+len(days))
	maps.Copy(all, c.Days)
	maps.Copy(all, days)
	c.Days, c.Rest = all, slices.Clone(c.Rest)
	return c
}

// Covers tells whether any notice of that year was imported.
func (c Calendar) Covers(year int) bool {
	for d := range c.Days {
		if d.Year == year && d.Month != time.December {
			return true
		}
	}
	return false
}

// Worked tells whether a day is a working day.
func (c Calendar) Worked(d Date) bool {
	if day, ok := c.Days[d]; ok {
		return day.Kind == Workday
	}
	return !slices.Contains(c.Rest, d.Weekday())
}

// Location gives the zone of the calendar; UTC+8 where the name is not known.
func (c Calendar) Location() *time.Location {
	if z, ok := zones.Load(c.Zone); ok {
		return z.(*time.Location)
	}
	z, err := time.LoadLocation(c.Zone)
	if err != nil || c.Zone == "" {
		return time.FixedZone("UTC+8", 8*60*60)
	}
	zones.Store(c.Zone, z)
	return z
}

var zones sync.Map // loading a zone reads a file; names that load are few

// AddWorkdays gives the end of the n-th full working day after the day of t in
// the zone of cal: its last millisecond, in UTC (T2). For n below 1 it is the
// end of the day of t itself.
func AddWorkdays(t time.Time, n int, cal Calendar) time.Time {
	zone := cal.Location()
	d := On(t, zone)
	for range n {
		d = cal.nextWorked(d)
	}
	return endOf(d, zone)
}

// nextWorked gives the first working day after d. A calendar that Check would
// refuse gives the next day, so that no deadline is ever lost in a loop.
func (c Calendar) nextWorked(d Date) Date {
	next := d.Next()
	for range 7 + len(c.Days) {
		if c.Worked(next) {
			return next
		}
		next = next.Next()
	}
	return d.Next()
}

func endOf(d Date, zone *time.Location) time.Time {
	n := d.Next()
	return time.Date(n.Year, n.Month, n.Day, 0, 0, 0, 0, zone).Add(-time.Millisecond).UTC()
}
