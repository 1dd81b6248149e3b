package recount

import "slices"

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
		for i, name := range []string{"drawn", "added"} {
			d.sampled(at+"."+name, g[i])
		}
	}
	return d
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
