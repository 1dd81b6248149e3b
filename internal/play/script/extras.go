package script

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"
)

// What a day has beside asking and answering: orders that are passed on, that do
// not count or count again, and a break in which no lawyer is there.

// enrich puts it into courses, by a source of its own, so that a plain day and
// one that is not have the same questions. The first courses have one of each
// thing, so that small plays have it too.
func (d *day) enrich(all []Course) []Course {
	rng := rand.New(rand.NewPCG(d.Seed, 0x65787472617320))
	for i := range all {
		c := &all[i]
		if set := firsts[i]; set != nil {
			set(c, d.Midnight)
		} else if i > 4 {
			c.embellish(rng)
		}
	}
	for i, why := range []string{"test", "spam", "duplicate"} {
		x := Course{N: len(all), Question: d.Questions[i%len(d.Questions)], Order: clientID(rng, d.Midnight), Region: d.Regions[i%len(d.Regions)], Language: "zh-Hans",
			AskAt: d.Midnight.Add(time.Duration(9+5*i)*time.Hour + 30*time.Minute), Extra: true, Excluded: why, ExcludeIn: 5 * time.Minute}
		all = append(all, x)
	}
	d.breakAt(d.Midnight.Add(3*time.Hour + 10*time.Minute))
	d.inspect()
	d.bringIn()
	d.lookOften()
	return all
}

// firsts are the courses that have one thing each.
var firsts = map[int]func(c *Course, midnight time.Time){
	5: func(c *Course, midnight time.Time) { // nobody answers on this day
		c.Planted, c.AskAt = Late, midnight.Add(14*time.Hour)
		c.AnswerIn = 20*time.Hour + 7*time.Minute
	},
	6: func(c *Course, midnight time.Time) { // asked while no lawyer is there
		c.clean(midnight.Add(3*time.Hour+12*time.Minute), 45*time.Minute)
		c.Files, c.AnswerFiles = []string{"png", "pdf"}, []string{"pdf"}
	},
	7: func(c *Course, midnight time.Time) {
		c.clean(midnight.Add(9*time.Hour+5*time.Minute), 15*time.Minute)
		c.Passes = true
		c.ReadIn, c.RateIn, c.Rates, c.AsksBack, c.Level, c.NotReached, c.Legal = 10*time.Minute, 5*time.Minute, true, false, "general", 1, true
		c.LateLawyer = true
	},
	8: func(c *Course, midnight time.Time) { // taken out by mistake before it was answered
		c.clean(midnight.Add(10*time.Hour), 70*time.Minute)
		c.Excluded, c.ExcludeIn, c.TakenBack = "spam", 10*time.Minute, 30*time.Minute
	},
	9: func(c *Course, midnight time.Time) {
		c.clean(midnight.Add(11*time.Hour), 20*time.Minute)
		c.AsksBack, c.PassesBack, c.Rates, c.MessageFiles = true, true, true, []string{"png"}
		c.ReadIn = 30 * time.Minute // at noon his further question is open
	},
	10: grieving(Grievance{Kind: "complaint", Words: "等了很久才有人答复，态度也不好。", Hand: "public_opinion"}),
	11: grieving(Grievance{Kind: "complaint", Words: "电话一直没有人接，没有人回复我。", Late: true}),
	12: grieving(Grievance{Kind: "complaint", Words: "再不解决我就去上访。", Filed: true}),
	13: grieving(Grievance{Kind: "suggestion", Words: "建议增加夜间值班律师。"}),
	14: grieving(Grievance{Kind: "complaint", Words: "电话里反映答复看不懂。", Hotline: true, NotReached: 3}),
	15: func(c *Course, midnight time.Time) { // called back after his day
		c.clean(midnight.Add(10*time.Hour), 20*time.Minute)
		c.ReadIn, c.RateIn, c.Rates, c.AsksBack, c.Level, c.LateCall, c.NotReached = 10*time.Minute, 5*time.Minute, true, false, "dissatisfied", true, 0
	},
	16: func(c *Course, midnight time.Time) { // taken out and back after it was answered
		c.clean(midnight.Add(9*time.Hour), 20*time.Minute)
		c.Excluded, c.ExcludeIn, c.TakenBack, c.ReadIn = "duplicate", time.Hour, 90*time.Minute, 4*time.Hour
	},
}

// clean is a course without a planted fault at a time of its own.
func (c *Course) clean(ask time.Time, in time.Duration) {
	c.Planted, c.AskAt, c.AnswerIn = Clean, ask, in
}

func grieving(g Grievance) func(*Course, time.Time) {
	return func(c *Course, midnight time.Time) {
		c.clean(midnight.Add(8*time.Hour+time.Duration(c.N)*11*time.Minute), 25*time.Minute)
		g.In = 3 * time.Hour
		c.Grieves = &g
	}
}

// embellish gives a course some of it by chance.
func (c *Course) embellish(rng *rand.Rand) {
	if rng.Float64() < 0.05 {
		c.Files = []string{[]string{"png", "pdf"}[rng.IntN(2)]}
	}
	if rng.Float64() < 0.02 {
		c.AnswerFiles = []string{"pdf"}
	}
	if c.AsksBack {
		c.PassesBack = rng.Float64() < 0.1
		if rng.Float64() < 0.2 {
			c.MessageFiles = []string{"png"}
		}
	}
	switch p := rng.Float64(); {
	case c.Planted != Clean || c.AnswerIn > 80*time.Minute:
	case p < 0.01:
		c.Passes = true
	case p < 0.015:
		c.Excluded, c.ExcludeIn, c.TakenBack = "test", time.Minute, 10*time.Minute
		c.AnswerIn += 15 * time.Minute
	}
	if rng.Float64() < 0.015 {
		g := []Grievance{{Kind: "complaint", Words: "答复太慢，内容也看不明白。"}, {Kind: "suggestion", Words: "希望能看到办理进度。"},
			{Kind: "complaint", Words: "没有人理我，我要去信访。", Filed: true}, {Kind: "complaint", Words: "来电反映律师没有回电。", Hotline: true, NotReached: 1}}[rng.IntN(4)]
		g.In = time.Duration(60+rng.IntN(300)) * time.Minute
		c.Grieves = &g
	}
}

// beside begins what happens to an order beside its course.
func (d *day) beside(c Course, citizen *client) error {
	if c.Excluded != "" {
		err := d.later(c.ExcludeIn, func(ctx context.Context) error {
			if err := d.exclude(ctx, c); err != nil {
				return err
			}
			return d.later(c.TakenBack, func(ctx context.Context) error { return d.takeBack(ctx, c, citizen) })
		})
		if err != nil {
			return err
		}
	}
	if g := c.Grieves; g != nil {
		return d.later(g.In, func(ctx context.Context) error { return d.complain(ctx, c, *g, citizen) })
	}
	return nil
}

// operator is the one who works at an order.
func (d *day) operator(c Course) *client { return d.operators[c.N%len(d.operators)] }

func (d *day) exclude(ctx context.Context, c Course) error {
	body := map[string]string{"reason": c.Excluded, "note": "核对后认定不计入统计"}
	_, err := d.send(ctx, d.operator(c), "exclude", c.Order, "/orders/"+c.Order+"/exclusion", body, Entry{}, 200)
	return err
}

// takeBack makes an order count again; its citizen looks where it is now.
func (d *day) takeBack(ctx context.Context, c Course, citizen *client) error {
	body := map[string]string{"note": "误判，恢复统计"}
	if _, err := d.send(ctx, d.operator(c), "include", c.Order, "/orders/"+c.Order+"/inclusion", body, Entry{}, 200); err != nil {
		return err
	}
	_, err := d.see(ctx, c.Order, citizen)
	return err
}

// pass is a lawyer who gives an order on, with a summary.
func (d *day) pass(ctx context.Context, c Course, lawyer *client) error {
	body := map[string]string{"reason": "不熟悉这个领域", "summary": "当事人已说明经过，需要熟悉该领域的律师答复期限和程序。"}
	_, err := d.send(ctx, lawyer, "pass", c.Order, "/orders/"+c.Order+"/pass", body, Entry{}, 200)
	return err
}

// breakAt is a quarter of an hour in which no lawyer is there.
func (d *day) breakAt(at time.Time) {
	all := func(to string) func(context.Context) error {
		return func(ctx context.Context) error {
			for _, l := range d.lawyers {
				if err := d.status(ctx, l, to); err != nil {
					return err
				}
			}
			return nil
		}
	}
	d.at(at, all("away"))
	d.at(at.Add(15*time.Minute), all("online"))
	d.at(at.Add(15*time.Minute), d.seeOpen)
}

// dayAfterNext is ten o'clock on the second day after now: too late for a
// call-back that is due by the end of the next.
func (d *day) dayAfterNext(now time.Time) time.Time {
	local := now.In(d.Midnight.Location())
	return time.Date(local.Year(), local.Month(), local.Day()+2, 10, d.rng.IntN(60), 0, 0, local.Location())
}

// bureau is who watches over a region: of its own office, or one above it.
func (d *day) bureau(region string) (*client, error) {
	for _, office := range []string{region, region[:4] + "00", region[:2] + "0000", ""} {
		for _, b := range d.bureaus {
			if b.staff.Region == office {
				return b, nil
			}
		}
	}
	return nil, fmt.Errorf("nobody watches over %s", region)
}
