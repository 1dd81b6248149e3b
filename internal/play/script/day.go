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
	Log       io.Writer             // takes one JSON line for each act
	Progress  func(done, total int) // may be nil
	Open      bool                  // stop at Until and leave open what is open then
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
	operators []*client
	played    Played
}

// act is something a person does at a time.
type act struct {
	at  time.Time
	seq int
	do  func(ctx context.Context) error
}

type acts []act

func (a acts) Len() int { return len(a) }
func (a acts) Less(i, j int) bool {
	return a[i].at.Before(a[j].at) || a[i].at.Equal(a[j].at) && a[i].seq < a[j].seq
}
func (a acts) Swap(i, j int) { a[i], a[j] = a[j], a[i] }

// Push is for container/heap.
func (a *acts) Push(x any) { *a = append(*a, x.(act)) }

// Pop is for container/heap.
func (a *acts) Pop() any {
	old := *a
	last := old[len(old)-1]
	*a = old[:len(old)-1]
	return last
}

// Play plays the day to its end.
func Play(ctx context.Context, c Config) (Played, error) {
	if c.Orders == 0 {
		c.Orders = len(c.Questions)
	}
	d := &day{Config: c, base: c.Base, step: c.Step, http: &http.Client{Timeout: time.Minute}, log: json.NewEncoder(c.Log),
		rng: rand.New(rand.NewPCG(c.Seed, 0x6d696e676661)), staff: map[string]*client{},
		played: Played{Planted: map[string]Fault{}, Orders: map[string]string{}}}
	if err := d.step.To(ctx, c.Midnight); err != nil {
		return d.played, err
	}
	if err := d.openOffice(ctx); err != nil {
		return d.played, err
	}
	for _, course := range courses(d.rng, c.Questions, c.Orders, c.Midnight, c.Regions) {
		if course.Planted != Clean {
			d.played.Planted[course.Order] = course.Planted
		}
		d.at(course.AskAt, func(ctx context.Context) error { return d.ask(ctx, course) })
	}
	if err := d.run(ctx); err != nil {
		return d.played, err
	}
	return d.played, d.step.To(ctx, c.Until)
}

// openOffice signs the staff in.
func (d *day) openOffice(ctx context.Context) error {
	for _, a := range d.Lawyers {
		c, person, err := d.signInStaff(ctx, a)
		if err != nil {
			return err
		}
		d.staff[person] = c
		if err := c.must(ctx, "PUT", "/lawyers/me/status", map[string]string{"status": "online"}, nil); err != nil {
			return err
		}
	}
	for _, a := range d.Operators {
		c, _, err := d.signInStaff(ctx, a)
		if err != nil {
			return err
		}
		d.operators = append(d.operators, c)
	}
	if len(d.operators) == 0 || len(d.staff) == 0 {
		return fmt.Errorf("a play needs lawyers and an operator")
	}
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
	if a.status/100 != 2 {
		p := a.problem()
		e.Code = p.Code
		for _, f := range p.Errors {
			e.Fields = append(e.Fields, f.Code)
		}
	}
	return d.log.Encode(e)
}

// send is an act: a request, its line in the log, and an error when it was not
// answered with one of the statuses.
func (d *day) send(ctx context.Context, c *client, actName, order, path string, body any, e Entry, want ...int) (answer, error) {
	if err := c.atWork(ctx, d.step.Now()); err != nil {
		return answer{}, err
	}
	a, err := c.call(ctx, "POST", path, body)
	if err != nil {
		return a, err
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
	body := map[string]any{"id": c.Order, "region": c.Region, "question": c.Question.Question, "problem_type": kind,
		"language": c.Language, "contact": map[string]string{"name": fmt.Sprintf("群众%d", c.N)}, "source": "web"}
	a, err := d.send(ctx, citizen, "ask", c.Order, "/orders", body, Entry{}, 201)
	if err != nil {
		return err
	}
	var o order
	if err := json.Unmarshal(a.body, &o); err != nil {
		return err
	}
	d.played.Orders[c.Order] = o.Number
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
	body := reply(c.Question)
	if wrong := c.wrong(body, try); wrong != nil {
		if _, err := d.send(ctx, lawyer, "answer", c.Order, "/orders/"+c.Order+"/answer", *wrong, Entry{}, 422); err != nil {
			return err
		}
		d.at(d.step.Now().Add(time.Minute), func(ctx context.Context) error { return d.answer(ctx, c, citizen, try+1) })
		return nil
	}
	if _, err := d.send(ctx, lawyer, "answer", c.Order, "/orders/"+c.Order+"/answer", body, Entry{}, 200, 201); err != nil {
		return err
	}
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
	var o order
	if err := citizen.must(ctx, "GET", "/orders/"+c.Order, nil, &o); err != nil {
		return nil, err
	}
	if o.Lawyer == nil {
		return nil, nil
	}
	return d.staff[o.Lawyer.ID], nil
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
	body := map[string]string{"id": clientID(d.rng, d.step.Now()), "text": "谢谢律师。如果对方一直不理，我多久之内要去起诉？"}
	if _, err := d.send(ctx, citizen, "message", c.Order, "/orders/"+c.Order+"/messages", body, Entry{}, 201); err != nil {
		return err
	}
	d.at(d.step.Now().Add(25*time.Minute), func(ctx context.Context) error {
		lawyer, err := d.holder(ctx, c, citizen)
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
	d.at(d.nextOfficeHour(d.step.Now()), func(ctx context.Context) error { return d.callBack(ctx, c, citizen, 0) })
	return nil
}

// unsatisfied are the last three levels (T7).
func unsatisfied(level string) bool {
	return level == "general" || level == "dissatisfied" || level == "very_dissatisfied"
}

// nextOfficeHour is when somebody telephones: within two hours by day, else the
// next morning.
func (d *day) nextOfficeHour(now time.Time) time.Time {
	local := now.In(d.Midnight.Location())
	if h := local.Hour(); h >= 9 && h < 16 {
		return now.Add(time.Duration(20+d.rng.IntN(90)) * time.Minute)
	}
	morning := time.Date(local.Year(), local.Month(), local.Day(), 9, 30+d.rng.IntN(30), d.rng.IntN(60), 0, local.Location())
	if local.Hour() >= 9 {
		morning = morning.AddDate(0, 0, 1)
	}
	return morning
}

// callBack is an operator who telephones, up to three times.
func (d *day) callBack(ctx context.Context, c Course, citizen *client, attempt int) error {
	op := d.operators[c.N%len(d.operators)]
	var o order
	if err := citizen.must(ctx, "GET", "/orders/"+c.Order, nil, &o); err != nil {
		return err
	}
	if o.Callback == nil {
		return fmt.Errorf("order %s was rated %s and has no call-back", c.Order, c.Level)
	}
	path := "/callbacks/" + o.Callback.ID
	reached := attempt >= c.NotReached
	body := map[string]any{"id": clientID(d.rng, d.step.Now()), "reached": reached, "note": "按登记的电话联系"}
	if _, err := d.send(ctx, op, "attempt", c.Order, path+"/attempts", body, Entry{}, 200, 201); err != nil {
		return err
	}
	if !reached && attempt < 2 {
		d.at(d.step.Now().Add(40*time.Minute), func(ctx context.Context) error { return d.callBack(ctx, c, citizen, attempt+1) })
		return nil
	}
	return d.concludeCallback(ctx, c, citizen, op, path, reached)
}

// concludeCallback fills in the result; where a legal question remains, the
// lawyer calls within the hour before it is closed.
func (d *day) concludeCallback(ctx context.Context, c Course, citizen *client, op *client, path string, reached bool) error {
	legal := reached && c.Legal
	result := map[string]any{"reason_category": "unclear", "reason": "认为答复不够具体", "details": "希望说明下一步的步骤和时间",
		"legal_question": legal, "service_violation": false, "feedback": "已说明并致歉，转告律师改进"}
	if !reached {
		result["reason_category"], result["reason"], result["details"] = "not_reached", "三次未能接通", "三次拨打均无人接听"
	}
	if _, err := d.send(ctx, op, "result", c.Order, path+"/result", result, Entry{}, 200, 201); err != nil {
		return err
	}
	closeIt := func(ctx context.Context) error {
		_, err := d.send(ctx, op, "close", c.Order, path+"/close", struct{}{}, Entry{}, 200, 204)
		return err
	}
	if !legal {
		d.at(d.step.Now().Add(time.Minute), closeIt)
		return nil
	}
	d.at(d.step.Now().Add(30*time.Minute), func(ctx context.Context) error {
		lawyer, err := d.holder(ctx, c, citizen)
		if err != nil || lawyer == nil {
			return fmt.Errorf("order %s has no lawyer to call back: %w", c.Order, err)
		}
		call := map[string]string{"id": clientID(d.rng, d.step.Now()), "summary": "已电话说明起诉的条件、期限和需要准备的材料"}
		if _, err := d.send(ctx, lawyer, "lawyer_call", c.Order, path+"/lawyer-call", call, Entry{}, 200, 201); err != nil {
			return err
		}
		d.at(d.step.Now().Add(time.Minute), closeIt)
		return nil
	})
	return nil
}
