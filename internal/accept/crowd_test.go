//go:build accept

package accept

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mingfa/internal/base/id"
)

// crowd is the world outside: citizens who ask, ask back and rate, and lawyers
// who answer and pass on, all at once. It keeps what was acknowledged to them
// and what they tried without hearing the answer, and nothing else: what the
// service must still know after a crash is computed from that alone.
//
// Its members do not know of crashes: a call without an answer is repeated with
// the same ID, or left, as people do.
type crowd struct {
	t        testing.TB
	nodes    []atomic.Pointer[server] // where calls go; nil while a node is down
	citizens []user
	lawyers  []user
	stopped  atomic.Bool
	wg       sync.WaitGroup

	mu     sync.Mutex
	orders map[string]*kept
	mine   [][]string // order IDs by citizen
	wrong  []string   // answers that nobody should have got
	calls  int
	lost   int // calls without an answer
	took   []time.Duration
}

// kept is what the outside knows of an order. Of each act: whether it was tried,
// and whether it was acknowledged.
type kept struct {
	id, words            string
	citizen              int
	asked                bool
	tried, answered      bool
	level                string // tried
	rated                bool
	saidTried, saidAcked int
}

// gather signs citizens and lawyers in at a node.
func gather(t testing.TB, s *server, nodes, citizens, lawyers int) *crowd {
	t.Helper()
	c := &crowd{t: t, nodes: make([]atomic.Pointer[server], nodes), orders: map[string]*kept{}, mine: make([][]string, citizens)}
	c.nodes[0].Store(s)
	for i := range citizens {
		c.citizens = append(c.citizens, s.citizen(t, fmt.Sprintf("+861390013%04d", i)))
	}
	for i := range lawyers {
		c.lawyers = append(c.lawyers, s.staff(t, fmt.Sprintf("lawyer%d", i+1)))
	}
	return c
}

// at says where a node is now; nil: it is down.
func (c *crowd) at(node int, s *server) { c.nodes[node].Store(s) }

// run lets everybody act until halt.
func (c *crowd) run(seed uint64) {
	for i := range c.citizens {
		c.wg.Go(func() { c.cite(i, rand.New(rand.NewPCG(seed, uint64(i)))) })
	}
	const hands = 4
	for h := range hands {
		c.wg.Go(func() {
			rnd := rand.New(rand.NewPCG(seed, uint64(1000+h)))
			for !c.stopped.Load() {
				for l := h; l < len(c.lawyers) && !c.stopped.Load(); l += hands {
					c.advise(c.lawyers[l], rnd)
				}
				pause(rnd, 20)
			}
		})
	}
}

func (c *crowd) halt() { c.stopped.Store(true); c.wg.Wait() }

// pause is between two acts of one person, so that the checks afterwards stay
// short; nothing waits for it.
func pause(rnd *rand.Rand, most int) {
	time.Sleep(time.Duration(5+rnd.IntN(most)) * time.Millisecond)
}

// call goes to any node that is up. ok is false when nobody knows what became
// of it: no answer, or 5xx.
func (c *crowd) call(rnd *rand.Rand, u user, method, path string, body any) (status int, b []byte, ok bool) {
	s := c.nodes[rnd.IntN(len(c.nodes))].Load()
	defer func() {
		if !ok {
			pause(rnd, 60) // patience with a service that is down
		}
	}()
	if s == nil {
		pause(rnd, 20)
		return 0, nil, false
	}
	u.s = s
	began := time.Now()
	status, b, err := u.call(method, path, body)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls++
	if err == nil {
		c.took = append(c.took, time.Since(began))
	}
	if err != nil || status >= 500 {
		c.lost++
		return status, b, false
	}
	passedOn := status == http.StatusNotFound && method == "POST" && (strings.HasSuffix(path, "/pass") || strings.HasSuffix(path, "/answer"))
	if status >= 400 && status != http.StatusConflict && !passedOn { // what left a lawyer's hands is not there for him
		c.wrong = append(c.wrong, fmt.Sprintf("%s %s: %d %s", method, path, status, b))
	}
	return status, b, true
}

// insist repeats a call until it is answered, or the day is over.
func (c *crowd) insist(rnd *rand.Rand, u user, path string, body any) (status int, ok bool) {
	for !c.stopped.Load() {
		if status, _, ok = c.call(rnd, u, "POST", path, body); ok {
			return status, true
		}
		pause(rnd, 20)
	}
	return 0, false
}

// cite is one citizen's day.
func (c *crowd) cite(i int, rnd *rand.Rand) {
	for !c.stopped.Load() {
		k := c.pick(i, rnd)
		switch {
		case k == nil || rnd.IntN(10) < 5:
			c.ask(i, rnd)
		case rnd.IntN(4) == 0:
			c.askBack(k, rnd)
		default:
			c.rate(k, rnd)
		}
		pause(rnd, 25)
	}
}

// pick is one of his orders that was answered and not rated, or nil.
func (c *crowd) pick(i int, rnd *rand.Rand) *kept {
	c.mu.Lock()
	defer c.mu.Unlock()
	for range 5 {
		if n := len(c.mine[i]); n > 0 {
			if k := c.orders[c.mine[i][rnd.IntN(n)]]; k.answered && k.level == "" && k.saidTried == 0 {
				return k
			}
		}
	}
	return nil
}

func (c *crowd) ask(i int, rnd *rand.Rand) {
	q := question(fmt.Sprintf("公司拖欠我三个月工资，我应当怎么办？第 %d 问。", rnd.Uint32()))
	k := &kept{id: q["id"].(string), words: q["question"].(string), citizen: i}
	c.mu.Lock()
	c.orders[k.id] = k
	c.mine[i] = append(c.mine[i], k.id)
	c.mu.Unlock()
	status, _, ok := c.call(rnd, c.citizens[i], "POST", "/orders", q)
	if !ok && rnd.IntN(2) == 0 { // some ask again under the same ID, some leave
		status, ok = c.insist(rnd, c.citizens[i], "/orders", q)
	}
	c.note(func() { k.asked = ok && status == http.StatusCreated })
}

func (c *crowd) rate(k *kept, rnd *rand.Rand) {
	levels := []string{"very_satisfied", "satisfied", "satisfied", "general", "dissatisfied"}
	level := levels[rnd.IntN(len(levels))]
	c.note(func() { k.level = level })
	status, ok := c.insist(rnd, c.citizens[k.citizen], "/orders/"+k.id+"/rating", map[string]string{"id": id.New().String(), "level": level})
	c.note(func() { k.rated = ok && status == http.StatusCreated })
}

func (c *crowd) askBack(k *kept, rnd *rand.Rand) {
	c.note(func() { k.saidTried++ })
	status, ok := c.insist(rnd, c.citizens[k.citizen], "/orders/"+k.id+"/messages", map[string]string{"id": id.New().String(), "text": "请问还需要什么材料？"})
	if ok && status == http.StatusCreated {
		c.note(func() { k.saidAcked++ })
	}
}

// stays tells whether nobody answers an order: one in four is still open at the
// end, and its clock is compared then.
func stays(order string) bool { return strings.ContainsAny(order[len(order)-1:], "0123") }

// advise lets a lawyer answer what he has in hand, and now and then pass on.
func (c *crowd) advise(l user, rnd *rand.Rand) {
	_, b, ok := c.call(rnd, l, "GET", "/orders?state=assigned&limit=30", nil)
	if !ok {
		return
	}
	var list struct{ Items []struct{ ID string } }
	if json.Unmarshal(b, &list) != nil {
		return
	}
	for _, o := range list.Items {
		c.mu.Lock()
		k := c.orders[o.ID]
		c.mu.Unlock()
		switch {
		case c.stopped.Load():
			return
		case k == nil:
		case rnd.IntN(12) == 0:
			c.call(rnd, l, "POST", "/orders/"+o.ID+"/pass", map[string]string{"reason": "专业不符", "summary": "已看过问题，需要熟悉该领域的律师"})
		case !stays(o.ID):
			c.answer(k, l, rnd)
		}
	}
}

func (c *crowd) answer(k *kept, l user, rnd *rand.Rand) {
	c.note(func() { k.tried = true })
	a := answer()
	a["judgement"] = replyTo(k.id)
	status, _, ok := c.call(rnd, l, "POST", "/orders/"+k.id+"/answer", a)
	if ok && status/100 == 2 {
		c.note(func() { k.answered = true })
	}
}

// replyTo is the judgement of an order's answer: it tells whose it is.
func replyTo(order string) string {
	return "单位应当支付拖欠的工资，编号 " + order + "。"
}

func (c *crowd) note(fn func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	fn()
}

// figures counts what was acknowledged.
func (c *crowd) figures() (asked, answered, rated, said int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, k := range c.orders {
		if k.asked {
			asked++
		}
		if k.answered {
			answered++
		}
		if k.rated {
			rated++
		}
		said += k.saidAcked
	}
	return
}
