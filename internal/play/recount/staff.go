package recount

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// What is shown of lawyers to those who work with them: how much each has in hand and
// how he was rated (load), and the error rates of a month by lawyer (rates).

// load is the list of lawyers.
func (v view) load() doc {
	d := doc{}
	for name, p := range v.people {
		if p.status == "" || !v.mine(p.region) {
			continue
		}
		at, t := "items["+p.id+"]", tally{}
		for _, o := range v.orders {
			if o.lawyer != name {
				continue
			}
			if o.excluded == "" && o.answered.IsZero() && o.state == "assigned" {
				t["load"]++
			}
			if i := slices.Index(levels, o.level); i >= 0 {
				t["rated"]++
				t["points"] += int64(len(levels) - i)
				if i < 2 {
					t["satisfied"]++
				}
			}
		}
		d.num(at+".load", t["load"])
		if t["rated"] > 0 {
			for _, n := range []string{"rated", "satisfied", "points"} {
				d.num(at+".rating."+n, t[n])
			}
		}
	}
	return d
}

// levels are the five of T7, best first.
var levels = []string{"very_satisfied", "satisfied", "general", "dissatisfied", "very_dissatisfied"}

// rates are the error rates of a month: all together, and of each lawyer of whom an
// order was inspected; drawn ones and added ones apart.
func (v view) rates(month string) doc {
	d, groups := doc{}, map[string][2]tally{"total": {{}, {}}}
	for _, s := range v.samples {
		o, p := v.orders[s.order], v.people[s.lawyer]
		if s.month != month || o == nil || p == nil || !v.mine(o.sent.Region) {
			continue
		}
		for _, at := range []string{"total", "items[" + p.id + "]"} {
			g, ok := groups[at]
			if !ok {
				g = [2]tally{{}, {}}
				groups[at] = g
				d.text(at+".lawyer_id", p.id)
			}
			if s.drawn {
				g[0].add(s.counts())
			} else {
				g[1].add(s.counts())
			}
		}
	}
	for at, g := range groups {
		if p := strings.TrimSuffix(strings.TrimPrefix(at, "items["), "]"); at != "total" {
			d.population(at, v.drawnFrom(v.byID[p], month), g[0]["sampled"], v.office == "")
		}
		for i, name := range []string{"drawn", "added"} {
			d.sampled(at+"."+name, g[i])
		}
	}
	return d
}

// drawnFrom is how many orders a lawyer's month had when the program last drew from it:
// when it did is its to tell.
func (v view) drawnFrom(lawyer, month string) (n int64) {
	var last time.Time
	for _, s := range v.samples {
		if s.lawyer == lawyer && s.month == month && s.drawn && s.at.After(last) {
			last = s.at
		}
	}
	for _, o := range v.orders {
		if o.answerer == lawyer && !o.answered.IsZero() && o.answered.Before(last) && o.answered.In(china).Format("2006-01") == month && o.countedAt(last) {
			n++
		}
	}
	return n
}

// population writes that. Who sees all orders sees how many of them were drawn: 5 % at
// least (B7.1.4.1b).
func (d doc) population(at string, n, drawn int64, all bool) {
	if n > 0 {
		d.num(at+".population", n)
	}
	if all && drawn*20 < n {
		d.text(at+".population", fmt.Sprintf("at most %d, for %d were drawn", drawn*20, drawn))
	}
}

func (d doc) sampled(at string, t tally) {
	for _, n := range []string{"sampled", "inspected", "disputed"} {
		d.num(at+"."+n, t[n])
	}
	for name, mark := range map[string]int64{"fatal": 2, "minor": 10} {
		d.rate(at+"."+name, t[name], t["inspected"])
		d.truth(at+"."+name+".exceeds", t[name]*100 > t["inspected"]*mark)
	}
}
