//go:build accept

package accept

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"
)

// seenOrder is an order as its citizen sees it.
type seenOrder struct {
	ID       string
	State    string
	Question string
	Answer   *struct{ Judgement string }
	Rating   *struct{ Level string }
	Messages []struct{ Text string }
}

// check reads every order back and compares it with what was acknowledged:
// nothing lost, nothing doubled, nothing that nobody sent.
func (c *crowd) check(t *testing.T, s *server) {
	t.Helper()
	for _, w := range c.wrong[:min(len(c.wrong), 10)] {
		t.Error("nobody should have got this answer:", w)
	}
	var wg sync.WaitGroup
	for i, u := range c.citizens {
		u.s = s
		wg.Go(func() {
			for _, problem := range c.checkCitizen(i, u) {
				t.Error(problem)
			}
		})
	}
	wg.Wait()
	asked, answered, rated, said := c.figures()
	slices.Sort(c.took)
	t.Logf("acknowledged: %d asked, %d answered, %d rated, %d asked back; %d calls, %d of them without an answer; half took %s, 99 of 100 at most %s",
		asked, answered, rated, said, c.calls, c.lost, c.took[len(c.took)/2], c.took[len(c.took)*99/100])
	if asked == 0 || answered == 0 || rated == 0 || said == 0 {
		t.Error("the load did nothing: nothing is proved")
	}
}

func (c *crowd) checkCitizen(i int, u user) (bad []string) {
	there, err := u.everyOrder()
	if err != nil {
		return []string{err.Error()}
	}
	for order, n := range there {
		if k := c.orders[order]; k == nil || k.citizen != i || n != 1 {
			bad = append(bad, fmt.Sprintf("order %s of citizen %d is there %d times; tried: %+v", order, i, n, k))
		}
	}
	for _, order := range c.mine[i] {
		k := c.orders[order]
		if there[order] == 0 {
			if k.asked || k.answered {
				bad = append(bad, fmt.Sprintf("acknowledged order %s is lost", order))
			}
			continue
		}
		status, b, err := u.call("GET", "/orders/"+order, nil)
		var o seenOrder
		if err != nil || status != http.StatusOK || json.Unmarshal(b, &o) != nil {
			bad = append(bad, fmt.Sprintf("order %s can't be read: %d %v", order, status, err))
			continue
		}
		if problem := k.differs(o); problem != "" {
			bad = append(bad, fmt.Sprintf("order %s: %s", order, problem))
		}
	}
	answered, problem := u.answeredMessages()
	if problem != nil {
		bad = append(bad, problem.Error())
	}
	for order, n := range answered {
		if n != 1 || there[order] == 0 {
			bad = append(bad, fmt.Sprintf("the inbox of citizen %d says %d times that %s was answered", i, n, order))
		}
	}
	for _, order := range c.mine[i] {
		if c.orders[order].answered && answered[order] != 1 {
			bad = append(bad, fmt.Sprintf("the inbox of citizen %d says %d times that %s was answered", i, answered[order], order))
		}
	}
	return bad
}

// differs tells in what an order is not what was acknowledged.
func (k *kept) differs(o seenOrder) string {
	level := ""
	if o.Rating != nil {
		level = o.Rating.Level
	}
	switch {
	case o.Question != k.words:
		return "the question has changed"
	case k.answered && o.Answer == nil:
		return "the acknowledged answer is lost"
	case o.Answer != nil && (!k.tried || o.Answer.Judgement != replyTo(k.id)):
		return "it has an answer that nobody gave"
	case k.rated && level != k.level:
		return "the acknowledged rating " + k.level + " is now " + level
	case level != "" && level != k.level:
		return "it has a rating that nobody gave"
	case len(o.Messages) < k.saidAcked || len(o.Messages) > k.saidTried:
		return fmt.Sprintf("%d messages; acknowledged %d, tried %d", len(o.Messages), k.saidAcked, k.saidTried)
	}
	return ""
}

// everyOrder counts the actor's orders by ID, page by page.
func (u user) everyOrder() (map[string]int, error) {
	out := map[string]int{}
	err := u.pages("/orders?limit=200", func(b []byte) error {
		var page struct{ Items []struct{ ID string } }
		err := json.Unmarshal(b, &page)
		for _, o := range page.Items {
			out[o.ID]++
		}
		return err
	})
	return out, err
}

// answeredMessages counts in the actor's inbox, by order, that it was answered.
func (u user) answeredMessages() (map[string]int, error) {
	out := map[string]int{}
	err := u.pages("/inbox?", func(b []byte) error {
		var page struct {
			Items []struct{ Kind, Order string }
		}
		err := json.Unmarshal(b, &page)
		for _, m := range page.Items {
			if m.Kind == "answered" {
				out[m.Order]++
			}
		}
		return err
	})
	return out, err
}

func (u user) pages(path string, fn func(b []byte) error) error {
	cursor := ""
	for {
		at := path
		if cursor != "" {
			at += "&cursor=" + cursor
		}
		status, b, err := u.call("GET", at, nil)
		if err != nil || status != http.StatusOK {
			return fmt.Errorf("GET %s: %d %v %s", at, status, err, b)
		}
		var page struct {
			Next string `json:"next_cursor"`
		}
		if err := json.Unmarshal(b, &page); err != nil {
			return err
		}
		if err := fn(b); err != nil || page.Next == "" {
			return err
		}
		cursor = page.Next
	}
}

// waitUntil waits for a condition.
func waitUntil(t testing.TB, what string, most time.Duration, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(most); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("waited %s in vain: %s", most, what)
}
