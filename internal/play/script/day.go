package script

import (
	"container/heap"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"time"
)

// Config says what to play.
type Config struct {
	Base      string // address of the server
	Step      Stepper
	Questions []Question
	Orders    int // 0: as many as there are questions
	Seed      uint64
	Midnight  time.Time // begin of the day, in the operator's zone
	Until     time.Time // the last moment: call-backs are done and the day is reported
	Regions   []string  // where citizens are
	Lawyers   []Account
	Operators []Account
	Quality   []Account             // inspectors, two at least
	Admins    []Account             // one at least: he decides where inspectors differ, and takes data away
	Bureaus   []Account             // who watch over their office and those below
	Log       io.Writer             // takes one JSON line for each act
	Looks     io.Writer             // takes one JSON line for each answer that is to be compared; nil looks at nothing
	Progress  func(done, total int) // may be nil
	Open      bool                  // stop at Until and leave open what is open then
	Plain     bool                  // asking, answering, rating and calling back, and nothing else
}

// Played is what came of it, besides the log.
type Played struct {
	Planted map[string]Fault  // by order ID
	Orders  map[string]string // order ID -> number shown to persons
}

// day is a play that runs.
type day struct {
	Config
	base      string
	step      Stepper
	http      *http.Client
	log       *json.Encoder
	rng       *rand.Rand
	acts      acts
	seq       int
	staff     map[string]*client // by person ID
	lawyers   []*client
	operators []*client
	quality   []*client
	admins    []*client
	bureaus   []*client
	looks     *json.Encoder
	looked    int
	fontless  bool
	open      map[string]*client // citizens whose order was not answered when they looked last, by order
	asked     []string           // orders as they were asked
	answers   map[string]int     // of each lawyer, by person ID
	unhappy   map[string]bool    // orders that were rated below satisfied
	played    Played
}

// Play plays the day to its end.
func Play(ctx context.Context, c Config) (Played, error) {
	if c.Orders == 0 {
		c.Orders = len(c.Questions)
	}
	d := &day{Config: c, base: c.Base, step: c.Step, http: &http.Client{Timeout: time.Minute}, log: json.NewEncoder(c.Log),
		rng: rand.New(rand.NewPCG(c.Seed, 0x6d696e676661)), staff: map[string]*client{}, open: map[string]*client{}, answers: map[string]int{}, unhappy: map[string]bool{},
		played: Played{Planted: map[string]Fault{}, Orders: map[string]string{}}}
	if err := d.step.To(ctx, c.Midnight); err != nil {
		return d.played, err
	}
	if err := d.openOffice(ctx); err != nil {
		return d.played, err
	}
	if err := d.readLists(ctx); err != nil {
		return d.played, err
	}
	all := courses(d.rng, c.Questions, c.Orders, c.Midnight, c.Regions)
	if !c.Plain {
		all = d.enrich(all)
	} else { // it is looked at: who asks in Chinese is not answered with an English opening
		for i := range all {
			all[i].Language = "zh-Hans"
		}
	}
	for _, course := range all {
		if course.Planted != Clean {
			d.played.Planted[course.Order] = course.Planted
		}
		d.at(course.AskAt, func(ctx context.Context) error { return d.ask(ctx, course) })
	}
	if err := d.run(ctx); err != nil {
		return d.played, err
	}
	if err := d.step.To(ctx, c.Until); err != nil {
		return d.played, err
	}
	return d.played, d.lookAtAll(ctx)
}

// later is at, from now on.
func (d *day) later(in time.Duration, do func(ctx context.Context) error) error {
	d.at(d.step.Now().Add(in), do)
	return nil
}

func (d *day) at(t time.Time, do func(ctx context.Context) error) {
	d.seq++
	heap.Push(&d.acts, act{t.Truncate(time.Millisecond), d.seq, do})
}

func (d *day) run(ctx context.Context) error {
	asked := 0
	for d.acts.Len() > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		a := heap.Pop(&d.acts).(act)
		if d.Open && a.at.After(d.Until) {
			return nil
		}
		if err := d.step.To(ctx, a.at); err != nil {
			return err
		}
		if err := a.do(ctx); err != nil {
			return fmt.Errorf("at %s: %w", a.at.UTC().Format(time.RFC3339), err)
		}
		if n := len(d.played.Orders); n != asked && d.Progress != nil {
			asked = n
			d.Progress(n, d.Orders)
		}
	}
	return nil
}

// note writes one act into the log.
func (d *day) note(c *client, actName, order string, a answer, e Entry) error {
	e.At, e.Who, e.Act, e.Order, e.Status = d.step.Now(), c.name, actName, order, a.status
	if e.Told == nil && a.status/100 == 2 {
		e.Told = pick(a.body, tells[actName])
	}
	if a.status/100 != 2 {
		p := a.problem()
		e.Code = p.Code
		for _, f := range p.Errors {
			e.Fields = append(e.Fields, f.Code)
		}
	}
	return d.log.Encode(e)
}

// send is do with POST.
func (d *day) send(ctx context.Context, c *client, actName, order, path string, body any, e Entry, want ...int) (answer, error) {
	return d.do(ctx, c, "POST", actName, order, path, body, e, want...)
}

// do is an act: a request, its line in the log, and an error when it was not
// answered with one of the statuses.
func (d *day) do(ctx context.Context, c *client, method, actName, order, path string, body any, e Entry, want ...int) (answer, error) {
	if err := c.atWork(ctx, d.step.Now()); err != nil {
		return answer{}, err
	}
	a, err := c.call(ctx, method, path, body)
	if err != nil {
		return a, err
	}
	if file, ok := body.([]byte); ok && e.Sent == nil {
		e.Sent = map[string]int{"bytes": len(file)}
	} else if !ok {
		e.Sent = body
	}
	if err := d.note(c, actName, order, a, e); err != nil {
		return a, err
	}
	for _, w := range want {
		if a.status == w {
			return a, nil
		}
	}
	return a, fmt.Errorf("%s could not %s order %s: %d %s", c.name, actName, order, a.status, a.body)
}

// order is what a citizen sees of his order.
type order struct {
	Number   string `json:"number"`
	State    string `json:"state"`
	Lawyer   *struct{ ID string }
	Callback *struct {
		ID    string    `json:"id"`
		DueAt time.Time `json:"due_at"`
	} `json:"callback"`
}

func (d *day) ask(ctx context.Context, c Course) error {
	citizen, err := d.signInCitizen(ctx, c.N)
	if err != nil {
		return err
	}
	var types struct {
		Items []struct {
			Code string `json:"code"`
		} `json:"items"`
	}
	if err := citizen.must(ctx, "POST", "/problem-types/suggest", map[string]string{"question": c.Question.Question}, &types); err != nil {
		return err
	}
	kind := "general"
	if len(types.Items) > 0 {
		kind = types.Items[0].Code
	}
	if c.N%10 == 3 {
		if err := d.describe(ctx, citizen, map[string]string{"20104": fmt.Sprintf("c%d@example.cn", c.N), "20105": "440100", "20106": "天河路1号"}); err != nil {
			return err
		}
	}
	body := map[string]any{"id": c.Order, "region": c.Region, "question": c.Question.Question, "problem_type": kind,
		"language": c.Language, "contact": map[string]string{"name": fmt.Sprintf("群众%d", c.N)}, "source": "web"}
	if err := d.attach(ctx, citizen, c.Order, body, c.Files); err != nil {
		return err
	}
	a, err := d.send(ctx, citizen, "ask", c.Order, "/orders", body, Entry{}, 201)
	if err != nil {
		return err
	}
	var o order
	if err := json.Unmarshal(a.body, &o); err != nil {
		return err
	}
	d.open[c.Order], d.asked = citizen, append(d.asked, c.Order)
	if c.Extra {
		return d.later(c.ExcludeIn, func(ctx context.Context) error { return d.exclude(ctx, c) })
	}
	d.played.Orders[c.Order] = o.Number
	if err := d.beside(c, citizen); err != nil {
		return err
	}
	d.at(c.AskAt.Add(c.AnswerIn), func(ctx context.Context) error { return d.answer(ctx, c, citizen, 0) })
	return nil
}

// answer is the lawyer who has the order then. One who is planted to be wrong
// is refused first and mends it a minute later.
func (d *day) answer(ctx context.Context, c Course, citizen *client, try int) error {
	lawyer, err := d.holder(ctx, c, citizen)
	if err != nil {
		return err
	}
	if lawyer == nil { // nobody has it: look again soon
		d.at(d.step.Now().Add(time.Minute), func(ctx context.Context) error { return d.answer(ctx, c, citizen, try) })
		return nil
	}
	if c.Passes && try == 0 {
		c.Passes = false
		if err := d.pass(ctx, c, lawyer); err != nil {
			return err
		}
		return d.later(time.Minute, func(ctx context.Context) error { return d.answer(ctx, c, citizen, try) })
	}
	body := reply(c.Question)
	if wrong := c.wrong(body, try); wrong != nil {
		if _, err := d.send(ctx, lawyer, "answer", c.Order, "/orders/"+c.Order+"/answer", *wrong, Entry{}, 422); err != nil {
			return err
		}
		d.at(d.step.Now().Add(time.Minute), func(ctx context.Context) error { return d.answer(ctx, c, citizen, try+1) })
		return nil
	}
	sent := body.fields()
	if err := d.attach(ctx, lawyer, c.Order, sent, c.AnswerFiles); err != nil {
		return err
	}
	if _, err := d.send(ctx, lawyer, "answer", c.Order, "/orders/"+c.Order+"/answer", sent, Entry{}, 200, 201); err != nil {
		return err
	}
	d.answers[lawyer.person.ID]++
	d.at(d.step.Now().Add(c.ReadIn), func(ctx context.Context) error { return d.read(ctx, c, citizen) })
	return nil
}

// wrong is the planted wrong reply of the first try, or nil.
func (c Course) wrong(good draft, try int) *draft {
	var bad draft
	switch {
	case try > 0:
		return nil
	case c.Planted == Short:
		bad = good.tooShort()
	case c.Planted == Baseless:
		bad = good.baseless()
	default:
		return nil
	}
	return &bad
}

// holder is the lawyer who has the order now, or nil.
func (d *day) holder(ctx context.Context, c Course, citizen *client) (*client, error) {
	o, err := d.see(ctx, c.Order, citizen)
	if err != nil || o.Lawyer == nil {
		return nil, err
	}
	return d.staff[o.Lawyer.ID], nil
}

// see is a citizen who looks at his order.
func (d *day) see(ctx context.Context, id string, citizen *client) (o order, err error) {
	a, err := d.do(ctx, citizen, "GET", "see", id, "/orders/"+id, nil, Entry{}, 200)
	if err != nil {
		return o, err
	}
	if err = json.Unmarshal(a.body, &o); err == nil && (o.State == "answered" || o.State == "closed") {
		delete(d.open, id)
	}
	return o, err
}

func (d *day) read(ctx context.Context, c Course, citizen *client) error {
	if _, err := d.send(ctx, citizen, "read", c.Order, "/orders/"+c.Order+"/read", struct{}{}, Entry{}, 200, 204); err != nil {
		return err
	}
	if c.AsksBack {
		d.at(d.step.Now().Add(2*time.Minute), func(ctx context.Context) error { return d.askBack(ctx, c, citizen) })
	} else if c.Rates {
		d.at(d.step.Now().Add(c.RateIn), func(ctx context.Context) error { return d.rate(ctx, c, citizen) })
	}
	return nil
}

func (d *day) askBack(ctx context.Context, c Course, citizen *client) error {
	body := map[string]any{"id": clientID(d.rng, d.step.Now()), "text": "谢谢律师。如果对方一直不理，我多久之内要去起诉？"}
	if err := d.attach(ctx, citizen, c.Order, body, c.MessageFiles); err != nil {
		return err
	}
	if _, err := d.send(ctx, citizen, "message", c.Order, "/orders/"+c.Order+"/messages", body, Entry{}, 201); err != nil {
		return err
	}
	d.at(d.step.Now().Add(25*time.Minute), func(ctx context.Context) error {
		lawyer, err := d.holder(ctx, c, citizen)
		if err == nil && lawyer != nil && c.PassesBack {
			if err = d.pass(ctx, c, lawyer); err == nil {
				lawyer, err = d.holder(ctx, c, citizen)
			}
		}
		if err != nil || lawyer == nil {
			return err
		}
		body := map[string]string{"id": clientID(d.rng, d.step.Now()), "text": "一般的民事请求，自知道权利受损之日起三年内提出；有书面催告的，期间重新计算。建议尽早准备材料。"}
		if _, err := d.send(ctx, lawyer, "message", c.Order, "/orders/"+c.Order+"/messages", body, Entry{}, 201); err != nil {
			return err
		}
		if c.Rates {
			d.at(d.step.Now().Add(c.RateIn), func(ctx context.Context) error { return d.rate(ctx, c, citizen) })
		}
		return nil
	})
	return nil
}

func (d *day) rate(ctx context.Context, c Course, citizen *client) error {
	body := map[string]string{"id": clientID(d.rng, d.step.Now()), "level": c.Level}
	if unsatisfied(c.Level) {
		body["comment"] = "答复有些笼统，没有说清楚下一步怎么办"
	}
	if _, err := d.send(ctx, citizen, "rate", c.Order, "/orders/"+c.Order+"/rating", body, Entry{Level: c.Level}, 200, 201); err != nil {
		return err
	}
	if !unsatisfied(c.Level) {
		return nil
	}
	d.unhappy[c.Order] = true
	at := d.nextOfficeHour(d.step.Now())
	if c.LateCall {
		at = d.dayAfterNext(d.step.Now())
	}
	d.at(at, func(ctx context.Context) error { return d.callBack(ctx, c, citizen, 0) })
	return nil
}

// unsatisfied are the last three levels (T7).
func unsatisfied(level string) bool {
	return level == "general" || level == "dissatisfied" || level == "very_dissatisfied"
}
