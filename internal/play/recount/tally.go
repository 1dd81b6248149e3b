package recount

import (
	"fmt"
	"sort"
	"strings"
	"time"
)

// tally is numbers by name.
type tally map[string]int64

func (t tally) add(more tally) {
	for name, n := range more {
		t[name] += n
	}
}

// view is the world as an office sees it at a moment.
type view struct {
	*world
	office string // its region; "" is the operator
	at     time.Time
}

// path is a region with the offices above it, so that a prefix is an office above.
func (w *world) path(region string) string {
	p := "/"
	if len(region) != 6 {
		return p
	}
	for _, r := range []string{region[:2] + "0000", region[:4] + "00", region} {
		if w.offices[r] && !strings.HasSuffix(p, r+"/") {
			p += r + "/"
		}
	}
	return p
}

// mine tells whether a region belongs to the office or one below it.
func (v view) mine(region string) bool { return strings.HasPrefix(v.path(region), v.path(v.office)) }

// visible are the office's orders asked in [from, to); zero times are open.
func (v view) visible(from, to time.Time) (out []*order) {
	for _, o := range v.orders {
		if v.mine(o.sent.Region) && !o.asked.Before(from) && (to.IsZero() || o.asked.Before(to)) {
			out = append(out, o)
		}
	}
	return out
}

// counts is what an order adds at a moment (section 2 of the requirements).
func (o *order) counts(at time.Time) tally {
	if o.excluded != "" {
		return tally{"excluded_" + o.excluded: 1}
	}
	t := tally{"consultations": 1}
	one := func(name string, yes bool) {
		if yes {
			t[name] = 1
		}
	}
	answered := !o.answered.IsZero()
	one("answered", answered)
	one("in_time", answered && o.answered.Sub(o.asked) <= limit)
	one("abandoned", !answered && at.Sub(o.asked) > limit)
	t["settled"] = t["answered"] + t["abandoned"]
	t["breaches"] = t["answered"] - t["in_time"] + t["abandoned"]
	one("rated", o.level != "")
	one("satisfied", satisfied(o.level))
	t["non_satisfied"] = t["rated"] - t["satisfied"]
	if c := o.call; c != nil {
		called := !c.called.IsZero()
		one("calls_done", called)
		one("calls_in_time", called && !c.called.After(c.due))
		one("calls_late", called && c.called.After(c.due) || !called && at.After(c.due))
		one("calls_open", c.closed.IsZero())
		one("calls_overdue", !called && at.After(c.due))
	}
	if !o.waits.IsZero() {
		t.add(o.clock(at))
	}
	return t
}

// clock is where an order stands whose citizen waits (B6.2.1.1).
func (o *order) clock(at time.Time) tally {
	t := tally{}
	switch {
	case !o.answered.IsZero():
		t["asked_back"] = 1
	case o.state == "waiting":
		t["waiting"] = 1
	default:
		t["in_hand"] = 1
	}
	t[o.step(at)] = 1
	return t
}

// step is the last step of a running clock that came.
func (o *order) step(at time.Time) string {
	step := 0
	for _, minutes := range []int{60, 90, 110} {
		if at.Sub(o.waits) >= time.Duration(minutes)*time.Minute {
			step = minutes
		}
	}
	if at.Sub(o.waits) > limit {
		step = 120
	}
	return fmt.Sprintf("clock_%d", step)
}

// sum adds the counts of orders.
func sum(list []*order, at time.Time) tally {
	t := tally{}
	for _, o := range list {
		t.add(o.counts(at))
	}
	return t
}

// dayOf is when a day of China begins.
func dayOf(t time.Time) time.Time {
	t = t.In(china)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, china)
}

// complained are the office's complaints.
func (v view) complained() (out []*complaint) {
	for _, c := range v.complaints {
		if o := v.orders[c.order]; o != nil && v.mine(o.sent.Region) {
			out = append(out, c)
		}
	}
	return out
}

// grievances counts complaints as they stood at the end of a period [from, to).
func (v view) grievances(from, to time.Time) tally {
	t := tally{}
	in := func(at time.Time) bool { return !at.IsZero() && !at.Before(from) && at.Before(to) }
	for _, c := range v.complained() {
		if !c.received.Before(to) {
			continue
		}
		one := func(name string, yes bool) {
			if yes {
				t[name]++
			}
		}
		kind := c.sent.Kind
		if !c.recorded.IsZero() {
			kind = c.entry.Kind
		}
		open := c.closed.IsZero() || !c.closed.Before(to)
		one("received", in(c.received))
		one("suggestions", in(c.received) && kind == "suggestion")
		one("sensitive", in(c.received) && c.flag != "")
		one("due", in(c.due))
		one("in_time", in(c.due) && !c.called.IsZero() && !c.called.After(c.due))
		one("closed", in(c.closed))
		one("open", open)
		one("overdue", open && c.due.Before(to) && (c.called.IsZero() || !c.called.Before(to)))
	}
	return t
}

// inspected counts the drawn orders of a month that have a result.
func (v view) inspected(month string) tally {
	t := tally{}
	for _, s := range v.samples {
		if o := v.orders[s.order]; s.month == month && s.drawn && o != nil && v.mine(o.sent.Region) {
			t.add(s.counts())
		}
	}
	return t
}

// counts is what a sample adds: while it is disputed it stands in no rate.
func (s *sample) counts() tally {
	if s.void {
		return tally{}
	}
	t := tally{"sampled": 1}
	switch s.state {
	case "checked", "final":
		t["inspected"] = 1
		if s.fatal {
			t["fatal"] = 1
		}
		if s.minor {
			t["minor"] = 1
		}
	case "disputed", "differing":
		t["disputed"] = 1
	}
	return t
}

// spread tells how long answers took: mean cut to milliseconds, median, 95th
// percentile by the nearest rank, and the longest (T5).
func spread(list []*order) (mean, median, p95, longest time.Duration) {
	var took []time.Duration
	var all time.Duration
	for _, o := range list {
		if o.excluded == "" && !o.answered.IsZero() {
			d := o.answered.Sub(o.asked)
			took, all = append(took, d), all+d
		}
	}
	n := len(took)
	if n == 0 {
		return 0, 0, 0, 0
	}
	sort.Slice(took, func(i, j int) bool { return took[i] < took[j] })
	rank := (n*95 + 99) / 100
	return (all / time.Duration(n)).Truncate(time.Millisecond), (took[(n-1)/2] + took[n/2]) / 2, took[rank-1], took[n-1]
}

// minutes is a time in minutes, cut to two decimals.
func minutes(d time.Duration) float64 { return float64(d.Milliseconds()/600) / 100 }
