package script

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// Quality checks, warnings and interventions of a day.

// sample is an order that is inspected, as inspectors see it in their list.
type sample struct {
	ID     string `json:"id"`
	Order  string `json:"order"`
	Number string `json:"number"`
	State  string `json:"state"`
	Lawyer struct {
		ID string `json:"id"`
	} `json:"lawyer"`
	Drawn bool `json:"drawn"`
}

// mark is an item that an inspector found wrong.
type mark struct {
	Item string `json:"item"`
	Note string `json:"note,omitempty"`
}

// marks are what the nth card marks.
func marks(n int) []mark {
	switch {
	case n%9 == 4:
		return []mark{{Item: "judgement_wrong", Note: "结论与现行规定不符"}}
	case n%5 == 2:
		return []mark{{Item: "wording_errors"}}
	}
	return []mark{}
}

// inspect plans the two days after: orders are drawn at night, checked in the
// morning, disputed at noon, checked again in the afternoon.
func (d *day) inspect() {
	d.at(d.Midnight.Add(60*time.Hour+30*time.Minute), d.drawByHand)
	d.at(d.Midnight.Add(61*time.Hour), d.addSample)
	d.at(d.Midnight.Add(34*time.Hour+25*time.Minute), d.lookAtDraws)
	d.at(d.Midnight.Add(41*time.Hour+10*time.Minute), d.lookAtSamples)
	for _, hours := range []time.Duration{36, 42} {
		d.at(d.Midnight.Add(hours*time.Hour+50*time.Minute), d.lookAtResults)
	}
	for _, day := range []time.Duration{24 * time.Hour, 48 * time.Hour} {
		begin := d.Midnight.Add(day)
		d.at(begin.Add(2*time.Hour+30*time.Minute), func(ctx context.Context) error { _, err := d.samples(ctx); return err })
		d.at(begin.Add(10*time.Hour+15*time.Minute), d.check)
		d.at(begin.Add(12*time.Hour+20*time.Minute), d.dispute)
	}
	for _, at := range []time.Duration{34*time.Hour + 20*time.Minute, 36*time.Hour + 40*time.Minute, 40*time.Hour + 20*time.Minute} {
		d.at(d.Midnight.Add(at), d.lookAtRates)
	}
	d.at(d.Midnight.Add(40*time.Hour), d.checkAgain) // those of the last day stay disputed
	d.at(d.Midnight.Add(41*time.Hour), d.decide)
	d.at(d.Midnight.Add(39*time.Hour), d.intervene)
	for _, at := range []time.Duration{3*time.Hour + 22*time.Minute, 12 * time.Hour, 18 * time.Hour, 23 * time.Hour, 36 * time.Hour, 56 * time.Hour, 60 * time.Hour} {
		d.at(d.Midnight.Add(at), d.warnings)
	}
	d.at(d.Midnight.Add(57*time.Hour), d.endWarnings)
}

// addSample is an inspector who adds an order by hand and checks it: the first by
// ID of those of the day that were not drawn. It is done after the last draw, so
// that the number of inspected orders doesn't hang on the lot.
func (d *day) addSample(ctx context.Context) error {
	all, err := d.samples(ctx)
	if err != nil {
		return err
	}
	var answered struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	q, path := d.quality[0], "/orders?figure=answered&limit=200&date="+d.Midnight.Format(time.DateOnly)
	if err := d.fetch(ctx, q, path, &answered); err != nil {
		return err
	}
	first := ""
	for _, o := range answered.Items {
		if drawn := slices.ContainsFunc(all, func(s sample) bool { return s.Order == o.ID }); !drawn && (first == "" || o.ID < first) {
			first = o.ID
		}
	}
	if first == "" {
		return nil
	}
	body := map[string]string{"order": first, "reason": "群众来电反映，抽查一次"}
	if _, err := d.send(ctx, q, "add_sample", first, "/quality/samples", body, Entry{}, 201); err != nil {
		return err
	}
	return d.those(ctx, "open", func(_ int, s sample) error {
		if s.Order != first { // drawn by hand: they stay open
			return nil
		}
		return d.card(ctx, q, s, marks(2))
	})
}

// samples reads the list of the month, and writes what it says into the log: who
// is drawn is the program's to tell. The order of the answer is by lawyer and
// number.
func (d *day) samples(ctx context.Context) (all []sample, err error) {
	month := d.Midnight.Format("2006-01")
	path := "/quality/samples?limit=200&month=" + month
	if all, err = listed(ctx, d, d.quality[0], "sample", path, func(s sample) Entry { return Entry{Order: s.Order, Of: s.ID} }); err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, l := range d.lawyers {
		names[l.person.ID] = l.name
	}
	slices.SortFunc(all, func(a, b sample) int {
		return cmp.Or(cmp.Compare(names[a.Lawyer.ID], names[b.Lawyer.ID]), cmp.Compare(a.Number, b.Number))
	})
	return all, nil
}

// named is an item of a list of which only the ID matters.
type named struct {
	ID string `json:"id"`
}

// fetch asks as a member of staff; reading is no act.
func (d *day) fetch(ctx context.Context, c *client, path string, into any) error {
	if err := c.atWork(ctx, d.step.Now()); err != nil {
		return err
	}
	return c.must(ctx, "GET", path, nil, into)
}

// those does something with each sample of the month that is in a state.
func (d *day) those(ctx context.Context, state string, do func(n int, s sample) error) error {
	all, err := d.samples(ctx)
	if err != nil {
		return err
	}
	n := 0
	for _, s := range all {
		if s.State != state {
			continue
		}
		if err := do(n, s); err != nil {
			return err
		}
		n++
	}
	return nil
}

func (d *day) card(ctx context.Context, c *client, s sample, found []mark) error {
	body := map[string]any{"id": clientID(d.rng, d.step.Now()), "marks": found, "summary": "按评分表逐项核对"}
	_, err := d.send(ctx, c, "check", s.Order, "/quality/samples/"+s.ID+"/checks", body, Entry{Of: s.ID}, 201)
	return err
}

func (d *day) check(ctx context.Context) error {
	return d.those(ctx, "open", func(n int, s sample) error { return d.card(ctx, d.quality[0], s, marks(n)) })
}

// dispute is each lawyer who does not accept a result: every other one with a
// fatal item, or a minor one.
func (d *day) dispute(ctx context.Context) error {
	return d.those(ctx, "checked", func(n int, s sample) error {
		if n%6 != 4 {
			return nil
		}
		lawyer := d.staff[s.Lawyer.ID]
		body := map[string]string{"words": "答复时该规定仍然有效，请复核。"}
		_, err := d.send(ctx, lawyer, "dispute", s.Order, "/quality/samples/"+s.ID+"/dispute", body, Entry{Of: s.ID}, 201)
		return err
	})
}

// checkAgain is the second inspector; he does not know the first card.
func (d *day) checkAgain(ctx context.Context) error {
	return d.those(ctx, "disputed", func(n int, s sample) error { return d.card(ctx, d.quality[1], s, marks(4*n)) })
}

// decide is the administrator where the two differ; he leaves the last one open.
func (d *day) decide(ctx context.Context) error {
	all, err := d.samples(ctx)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(s sample) bool { return s.State != "differing" })
	for n, s := range all[:max(0, len(all)-1)] {
		if err := d.card(ctx, d.admins[0], s, marks(4+n)); err != nil {
			return err
		}
	}
	return nil
}

// warnings is an operator who owns what warns.
func (d *day) warnings(ctx context.Context) error {
	return d.warned(ctx, "acknowledge", "/alarms?state=open&limit=200", "已知悉，正在处理")
}

// endWarnings is an operator who ends by hand what warns of complaints.
func (d *day) endWarnings(ctx context.Context) error {
	return d.warned(ctx, "resolve", "/alarms?state=acknowledged&kind=complaint_overdue&limit=200", "已另行联系本人")
}

// warned does something with each warning of a list, and writes what the list says of
// it into the log: its ID is the program's to tell.
func (d *day) warned(ctx context.Context, verb, path, words string) error {
	op := d.operators[0]
	list, err := listed(ctx, d, op, "warning", path, func(w named) Entry { return Entry{Of: w.ID} })
	if err != nil {
		return err
	}
	for _, w := range list {
		if _, err := d.send(ctx, op, "warning_"+verb, "", "/alarms/"+w.ID+"/"+verb, map[string]string{"words": words}, Entry{Of: w.ID}, 200); err != nil {
			return err
		}
	}
	return nil
}

// intervene is an inspector who talks to the lawyers whose ratings are low, and
// leaves the last case open.
func (d *day) intervene(ctx context.Context) error {
	q := d.quality[0]
	open, err := listed(ctx, d, q, "case", "/interventions?state=open&limit=200", func(x named) Entry { return Entry{Of: x.ID} })
	if err != nil {
		return err
	}
	for _, x := range open[:max(0, len(open)-1)] {
		path, of := "/interventions/"+x.ID, Entry{Of: x.ID}
		if _, err := d.do(ctx, q, "PUT", "case_analysis", "", path+"/analysis", map[string]any{"category": "clarity", "cause": "答复偏笼统，缺少下一步"}, of, 200); err != nil {
			return err
		}
		measure := map[string]string{"id": clientID(d.rng, d.step.Now()), "kind": "talk", "words": "逐条复盘近期答复，约定改进要点"}
		if _, err := d.send(ctx, q, "case_measure", "", path+"/measures", measure, of, 201); err != nil {
			return err
		}
		if _, err := d.send(ctx, q, "case_close", "", path+"/close", map[string]string{"conclusion": "已改进，继续观察"}, of, 200); err != nil {
			return err
		}
	}
	return nil
}
