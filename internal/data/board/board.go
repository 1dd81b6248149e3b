// Package board is the live board (实时看板): the day at a glance against Table 1
// of the standard, for operations, quality and the bureau.
//
// The promise. A figure lags at most 5 seconds behind its fact, costs the same
// however many orders there are, opens exactly the orders it counted, and the
// parts add up: county + county = city.
//
//	facts of orders --reaction--> board_order (where each order stands)
//	                          \-> board_count (all, day, hour; by organisation)
//	complaints, samples, lawyers: counted when asked, over small indexes
//
// place.go follows one order fact by fact and says what it adds to the counts;
// the reaction (Count) writes the difference of before and after, in the
// transaction that moves its cursor, so that nothing is counted twice or lost. A
// day is that of the order's organisation. Facts (replay.go) makes the same from
// all facts at once: mingfa verify compares, and a test holds both to
// consult.Compute and to the lists of orders.
//
// What an order is counted as follows from its facts, also what time decides: a
// breach and an overdue call-back are facts of their due rows.
//
// Marks (T6, compared unrounded): met, near (met, and nearer to the mark than
// near_points), missed, few (under enough in the denominator), none (report
// only). A rate that runs, like call-backs, is judged by what is decided.
//
// The thresholds of Table 1 may be set higher by an organisation, never lower
// (setting board.limits).
//
// Requirements: B7.T1a-f, B6.2.1.1, B6.2.1.1b, B7.1.3.2, B7.1.2.2a, B7.3.2.1,
// B7.1.4.1, B5.2.5, T5, T6, T9.
package board

import (
	"context"
	"fmt"
	"slices"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/setting"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
	"mingfa/internal/core/identity"
	"mingfa/internal/public/complaint"
	"mingfa/internal/public/consult"
	"mingfa/internal/public/lawyer"
	"mingfa/internal/public/quality"
)

// Reaction is the permanent name of the reaction that counts.
const Reaction = "board.orders"

// Days is how many days the trend goes back, today included.
const Days = 14

// Service has the verbs of the room.
type Service struct {
	DB     *db.DB
	Rules  *access.Rules
	People *identity.Service
}

// Limits are the marks of the board that an organisation may change.
type Limits struct {
	Timely        int64 `json:"timely_percent" minimum:"100" maximum:"100" doc:"Answered within 120 minutes (B6.2.1.1)"`
	Callback      int64 `json:"callback_percent" minimum:"100" maximum:"100" doc:"Called back within a working day (B7.T1a)"`
	Participation int64 `json:"participation_percent" minimum:"40" maximum:"100" doc:"Rated of completed orders (B7.T1b)"`
	Satisfaction  int64 `json:"satisfaction_percent" minimum:"95" maximum:"100" doc:"Satisfied of rated orders (B7.T1d)"`
	WaitMinutes   int64 `json:"wait_minutes" minimum:"1" maximum:"120" doc:"How long an order may wait for a lawyer"`
	NearPoints    int64 `json:"near_points" minimum:"0" maximum:"20" doc:"Percentage points from the mark that are near it"`
	Enough        int64 `json:"enough" minimum:"1" maximum:"1000" doc:"Below so many a rate is not judged"`
}

var limits = setting.Define("board.limits", Limits{Timely: 100, Callback: consult.Table1.Callback, Participation: consult.Table1.Participation,
	Satisfaction: consult.Table1.Satisfaction, WaitMinutes: 10, NearPoints: 1, Enough: 5}, Limits.Check)

// Check refuses marks below those of the standard.
func (l Limits) Check() error {
	var bad []fault.Field
	for _, x := range []struct {
		path         string
		n, low, high int64
	}{{"timely_percent", l.Timely, 100, 100}, {"callback_percent", l.Callback, 100, 100}, {"participation_percent", l.Participation, 40, 100},
		{"satisfaction_percent", l.Satisfaction, 95, 100}, {"wait_minutes", l.WaitMinutes, 1, 120}, {"near_points", l.NearPoints, 0, 20},
		{"enough", l.Enough, 1, 1000}} {
		if x.n < x.low || x.n > x.high {
			bad = append(bad, fault.At(x.path, "fault.field_range").With("min", x.low).With("max", x.high))
		}
	}
	if bad != nil {
		return fault.Bad(bad...)
	}
	return nil
}

// LimitsOf are the marks in force for an organisation.
func LimitsOf(tx *db.Tx, path string) (Limits, error) { return setting.Get(tx, limits, path, tx.Now()) }

// Count takes the next facts of orders; the reaction "board.orders". Each order is
// read and written once for all its facts, and each row of counts too. Facts that
// were numbered together are sorted by subject, so a call-back's may come before
// the question: then the order has no day yet and counts nothing.
func (s *Service) Count(tx *db.Tx, facts []journal.Fact) error {
	places, err := load(tx, facts)
	if err != nil {
		return err
	}
	before := make(map[id.ID]place, len(places))
	for i, p := range places {
		before[i] = *p
	}
	orgs := s.People.OrgsByID(tx)
	var order []id.ID // as they came: the same facts give the same statements
	for _, f := range facts {
		p := places[f.Root]
		if p == nil {
			o, err := orgs(f.Org)
			if err != nil {
				return fmt.Errorf("find the organisation of order %s: %w", f.Root, err)
			}
			p = &place{ID: f.Root, Org: f.Org, Path: o.Path}
			places[f.Root] = p
		}
		if !slices.Contains(order, f.Root) {
			order = append(order, f.Root)
		}
		if err := p.apply(f); err != nil {
			return err
		}
		if f.Kind == "consult.asked" {
			o, err := orgs(p.Org)
			if err != nil {
				return err
			}
			if p.Day, err = dayOf(time.UnixMilli(p.Asked), o.Zone); err != nil {
				return err
			}
		}
	}
	var sum tally
	for _, i := range order {
		p := places[i]
		was, there := before[i]
		if there && *p == was {
			continue
		}
		if err := save(tx, p); err != nil {
			return err
		}
		diff := p.counts()
		diff.add(was.counts(), -1)
		sum.add(p, diff)
	}
	return sum.write(tx)
}

// dayOf is when the day of an instant begins in a zone, in milliseconds.
func dayOf(at time.Time, zone string) (int64, error) {
	z, err := time.LoadLocation(zone)
	if err != nil {
		return 0, err
	}
	at = at.In(z)
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, z).UnixMilli(), nil
}

// seen is what the board is made of, read at one instant.
type seen struct {
	org       identity.Org
	now       time.Time
	day       time.Time // when today began
	limits    Limits
	quality   quality.Limits
	all       Counts
	days      map[int64]Counts
	hours     map[int64]Counts
	oldest    int64 // when the oldest waiter asked; 0: nobody waits
	lawyers   map[lawyer.Status]int64
	complaint complaint.Now
	months    []quality.MonthCount // this month last
	behind    int64
	since     time.Time
}

// Live is the board of the actor's organisation and those below, as it stands now.
func (s *Service) Live(ctx context.Context, a who.Actor, language string) (b Board, err error) {
	if err := s.Rules.Need(a, "figures.see", access.Object{Org: a.Scope}); err != nil {
		return b, err
	}
	var x seen
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		x, err = s.look(tx, a)
		return err
	})
	if err != nil {
		return b, fmt.Errorf("read the board: %w", err)
	}
	may := func(verb string) bool { return s.Rules.May(a, verb, access.Object{Org: a.Scope}) }
	return x.board(language, may), nil
}

func (s *Service) look(tx *db.Tx, a who.Actor) (x seen, err error) {
	x.now = tx.Now()
	if x.org, err = s.People.OrgByID(tx, a.Org); err != nil {
		return x, err
	}
	z, err := time.LoadLocation(x.org.Zone)
	if err != nil {
		return x, err
	}
	local := x.now.In(z)
	x.day = time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, z)
	path, from, end := x.org.Path, x.day.AddDate(0, 0, 1-Days), x.day.AddDate(0, 0, 1)
	if x.limits, err = LimitsOf(tx, path); err != nil {
		return x, err
	}
	if x.quality, err = quality.LimitsOf(tx, path); err != nil {
		return x, err
	}
	totals, err := sums(tx, spanAll, path, 0, 1)
	if err != nil {
		return x, err
	}
	x.all = totals[0]
	if x.days, err = sums(tx, spanDay, path, from.UnixMilli(), end.UnixMilli()); err != nil {
		return x, err
	}
	if x.hours, err = sums(tx, spanHour, path, x.day.UnixMilli(), end.UnixMilli()); err != nil {
		return x, err
	}
	if x.oldest, err = oldest(tx, path); err != nil {
		return x, err
	}
	if x.lawyers, err = lawyer.ByStatus(tx, path); err != nil {
		return x, err
	}
	if x.complaint, err = complaint.Look(tx, path, from); err != nil {
		return x, err
	}
	if x.months, err = quality.Months(tx, path, local.Format("2006-01"), 6); err != nil {
		return x, err
	}
	x.behind, x.since, err = journal.Behind(tx, Reaction)
	return x, err
}

// today are the counts of the orders asked today.
func (x *seen) today() Counts { return x.days[x.day.UnixMilli()] }

// Recent are the counts of the orders asked in an organisation, and below, in
// the last n days, today included.
func Recent(tx *db.Tx, o identity.Org, n int) (c Counts, err error) {
	today, err := dayOf(tx.Now(), o.Zone)
	if err != nil {
		return c, err
	}
	z, err := time.LoadLocation(o.Zone)
	if err != nil {
		return c, err
	}
	from := time.UnixMilli(today).In(z).AddDate(0, 0, 1-n)
	all, err := sums(tx, spanDay, o.Path, from.UnixMilli(), today+1)
	for _, one := range all {
		c.add(one, 1)
	}
	return c, err
}
