package recount

import "time"

// own is what a lawyer sees of himself, of today and of thirty days.
func (v view) own(lawyer string) doc {
	d, today := doc{}, dayOf(v.at)
	v.ownPeriod(d, "today", lawyer, today, today.AddDate(0, 0, 1))
	v.ownPeriod(d, "days", lawyer, today.AddDate(0, 0, -29), today.AddDate(0, 0, 1))
	for name, percent := range map[string]int64{"reply": 100, "callback": 100, "participation": 40, "satisfaction": 95} {
		d.num("thresholds."+name, percent)
	}
	return d
}

func (v view) ownPeriod(d doc, p, lawyer string, from, to time.Time) {
	d.text(p+".since", from.Format(time.DateOnly))
	d.text(p+".until", to.AddDate(0, 0, -1).Format(time.DateOnly))
	in := func(t time.Time) bool { return !t.Before(from) && t.Before(to) }
	var list []*order
	elsewhere, refused := int64(0), map[string]bool{}
	for _, o := range v.orders {
		if o.answerer == lawyer && in(o.answered) {
			list = append(list, o)
			if o.lawyer != lawyer && o.excluded == "" {
				elsewhere++
			}
		}
		for _, r := range o.refused { // one a minute is noted; of the orders that he has
			if r.who == lawyer && o.lawyer == lawyer && in(r.at) {
				refused[o.id+r.at.UTC().Truncate(time.Minute).String()] = true
			}
		}
	}
	t := sum(list, v.at)
	d.num(p+".answered", t["answered"])
	d.num(p+".in_time", t["in_time"])
	d.num(p+".late", t["answered"]-t["in_time"])
	d.rate(p+".timely_answer_rate", t["in_time"], t["settled"])
	d.num(p+".rated", t["rated"])
	d.rate(p+".participation", t["rated"], t["answered"])
	d.num(p+".satisfied", t["satisfied"])
	d.rate(p+".satisfaction", t["satisfied"], t["rated"])
	d.num(p+".non_satisfied", t["non_satisfied"])
	d.num(p+".callbacks_done", t["calls_done"])
	d.rate(p+".callback_rate", t["calls_in_time"], t["non_satisfied"])
	d.num(p+".refused", int64(len(refused)))
	d.num(p+".elsewhere", elsewhere)
	_, median, _, _ := spread(list)
	d.real(p+".median_minutes", minutes(median))
	q := tally{}
	for _, s := range v.samples { // drawn and added, by the time of the last card
		if s.lawyer == lawyer && !s.card.IsZero() && in(s.card) {
			q.add(s.counts())
		}
	}
	d.num(p+".quality.inspected", q["inspected"])
	d.num(p+".quality.disputed", q["disputed"])
	d.num(p+".quality.fatal", q["fatal"])
	d.rate(p+".quality.fatal_rate", q["fatal"], q["inspected"])
	d.num(p+".quality.minor", q["minor"])
	d.rate(p+".quality.minor_rate", q["minor"], q["inspected"])
}
