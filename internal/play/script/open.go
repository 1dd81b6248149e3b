package script

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// What is looked at one by one: the draws of a lawyer's month, inspected orders with
// their cards, what happened to an order.

// lookAtDraws is an inspector who looks at what was drawn of each lawyer, and by hand,
// after he has read who is drawn.
func (d *day) lookAtDraws(ctx context.Context) error {
	if d.looks == nil {
		return nil
	}
	all, err := d.samples(ctx)
	if err != nil {
		return err
	}
	q, month, drawn := d.quality[0], d.Midnight.Format("2006-01"), map[string]bool{}
	for _, s := range all {
		if s.Drawn {
			drawn[s.Lawyer.ID] = true
		}
	}
	for _, lawyer := range slices.Sorted(maps.Keys(drawn)) {
		if err := d.look(ctx, q, Look{What: "draws", Format: "json", Day: month, Of: lawyer}, "/quality/draws?lawyer="+lawyer+"&month="+month); err != nil {
			return err
		}
	}
	return d.look(ctx, q, Look{What: "hand_draws", Format: "json"}, "/quality/hand-draws?limit=200")
}

// opened is how many inspected orders are opened one by one: as many as each play has,
// so that its looks don't hang on the lot.
const opened = 5

// lookAtSamples is an inspector who looks at the month's list, and opens some of those that
// have a card: one that was added by hand, one that was rated below satisfied, and those of
// which most was done.
func (d *day) lookAtSamples(ctx context.Context) error {
	if d.looks == nil {
		return nil
	}
	all, err := d.samples(ctx)
	if err != nil {
		return err
	}
	q, month := d.quality[0], d.Midnight.Format("2006-01")
	if err := d.look(ctx, q, Look{What: "samples", Format: "json", Day: month}, "/quality/samples?limit=200&month="+month); err != nil {
		return err
	}
	done := slices.DeleteFunc(all, func(s sample) bool { return s.State == "open" })
	slices.SortStableFunc(done, func(a, b sample) int { return -cmp.Compare(steps[a.State], steps[b.State]) })
	first := func(which func(sample) bool) {
		if i := slices.IndexFunc(done, which); i > 0 {
			x := done[i]
			done = slices.Insert(slices.Delete(done, i, i+1), 0, x)
		}
	}
	first(func(s sample) bool { return d.unhappy[s.Order] })
	first(func(s sample) bool { return !s.Drawn })
	for _, s := range done[:min(opened, len(done))] {
		if err := d.look(ctx, q, Look{What: "sample", Format: "json", Of: s.ID}, "/quality/samples/"+s.ID); err != nil {
			return err
		}
	}
	return nil
}

// steps are how much was done in each state of a sample.
var steps = map[string]int{"checked": 1, "disputed": 2, "differing": 3, "final": 4}

// lookAtResults is each lawyer who looks at what inspectors found.
func (d *day) lookAtResults(ctx context.Context) error {
	if d.looks == nil {
		return nil
	}
	month := d.Midnight.Format("2006-01")
	for _, c := range d.lawyers {
		if err := d.look(ctx, c, Look{What: "results", Format: "json", Day: month}, "/quality/results?limit=200&month="+month); err != nil {
			return err
		}
	}
	return nil
}

// lookAtOrders is an operator who opens orders, with what happened to them: the first
// forty, which have one of each thing, and every twentieth of the others.
func (d *day) lookAtOrders(ctx context.Context) error {
	for i, o := range d.asked {
		if i >= 40 && i%20 != 0 {
			continue
		}
		if err := d.lookAtOrder(ctx, o); err != nil {
			return err
		}
	}
	return nil
}

// lookAtOpen is an operator who opens some of those that nobody has answered.
func (d *day) lookAtOpen(ctx context.Context) error {
	all := slices.Sorted(maps.Keys(d.open))
	for _, o := range all[:min(2, len(all))] {
		if err := d.lookAtOrder(ctx, o); err != nil {
			return err
		}
	}
	return nil
}

// lookAtOrder opens an order, and what happened to it.
func (d *day) lookAtOrder(ctx context.Context, o string) error {
	for _, x := range [][2]string{{"order", "/orders/" + o}, {"history", "/orders/" + o + "/facts"}} {
		if err := d.look(ctx, d.operators[0], Look{What: x[0], Format: "json", Of: o}, x[1]); err != nil {
			return err
		}
	}
	return nil
}

// mostByHand is how many orders may be drawn by hand at once.
const mostByHand = 200

// drawByHand is an inspector who has all orders of a lawyer drawn, of the days until
// now, by a seed that he gives: of the one who has the fewest.
func (d *day) drawByHand(ctx context.Context) error {
	if _, err := d.samples(ctx); err != nil { // who is drawn before
		return err
	}
	if len(d.answers) == 0 {
		return nil
	}
	lawyer := slices.MinFunc(slices.Collect(maps.Keys(d.answers)), func(a, b string) int {
		return cmp.Or(cmp.Compare(d.answers[a], d.answers[b]), cmp.Compare(d.staff[a].name, d.staff[b].name))
	})
	if d.answers[lawyer] > mostByHand {
		return nil
	}
	body := map[string]any{"id": clientID(d.rng, d.step.Now()), "lawyer": lawyer, "from": d.Midnight.Format(time.DateOnly),
		"to": d.Midnight.AddDate(0, 0, 1).Format(time.DateOnly), "percent": 100, "seed": "20260304", "reason": "近期评价偏低，集中抽查"}
	_, err := d.send(ctx, d.quality[0], "hand_draw", "", "/quality/hand-draws", body, Entry{}, 201)
	return err
}

// listed reads a list to its end and writes what it tells of each item into the log.
func listed[T any](ctx context.Context, d *day, c *client, act, path string, entry func(T) Entry) (all []T, err error) {
	for cursor := ""; ; {
		var page struct {
			Items []json.RawMessage `json:"items"`
			Next  string            `json:"next_cursor"`
		}
		next := path
		if cursor != "" {
			next += "&cursor=" + cursor
		}
		if err := d.fetch(ctx, c, next, &page); err != nil {
			return nil, err
		}
		for _, raw := range page.Items {
			var x T
			if err := json.Unmarshal(raw, &x); err != nil {
				return nil, err
			}
			e := entry(x)
			e.Told = pick(raw, tells[act])
			if err := d.heard(c, act, e); err != nil {
				return nil, err
			}
			all = append(all, x)
		}
		if cursor = page.Next; cursor == "" {
			return all, nil
		}
	}
}
