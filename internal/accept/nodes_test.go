//go:build accept

package accept

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/db/dbtest"
)

// raced is how many open orders both nodes race for at each step of the clock.
const raced = 40

// TestNodes lets two processes serve one PostgreSQL. While citizens, lawyers and
// operators work through both, the clocks of open orders come to each of their
// steps at once and each node goes down in turn, told to or killed. In the end
// every effect is there once, and every order is in one hand.
func TestNodes(t *testing.T) {
	n := &nodes{t: t, url: dbtest.PostgresURL(t), shared: t.TempDir(), rnd: rand.New(rand.NewPCG(7, 7))}
	n.begin()
	for i, step := range []int{60, 90, 110, 120} {
		n.bring(step)
		n.restart(i%2, i == 1 || i == 2)
		n.waitStep(step)
	}
	n.end()
}

type nodes struct {
	t      *testing.T
	url    string
	shared string // keys and files of both
	rnd    *rand.Rand
	server [2]*server
	crowd  *crowd
	db     *sql.DB
	hands  []user // two operators
	chosen []string
}

func (n *nodes) place(i int) place {
	return place{filepath.Join(n.shared, fmt.Sprintf("node%d", i)), n.url, "postgres"}
}

func (n *nodes) flags() []string {
	return []string{"--keys", filepath.Join(n.shared, "keys"), "--blobs", filepath.Join(n.shared, "blobs")}
}

func (n *nodes) up(i int) {
	n.server[i] = start(n.t, n.place(i), nil, n.flags()...)
	if n.crowd != nil {
		n.crowd.at(i, n.server[i])
	}
}

// begin starts the first node, which makes the people, and the second, which
// finds them.
func (n *nodes) begin() {
	t := n.t
	n.up(0)
	b, err := os.ReadFile(filepath.Join(n.place(0).data, "demo.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(n.place(1).data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(n.place(1).data, "demo.json"), b, 0o600); err != nil {
		t.Fatal(err)
	}
	n.up(1)
	n.db = n.place(0).database(t)
	n.crowd = gather(t, n.server[0], 2, 6, 12)
	n.hands = []user{n.server[0].staff(t, "operator1"), n.server[0].staff(t, "operator2")}
	n.crowd.at(1, n.server[1])
	n.crowd.run(7)
	waitUntil(t, "there are enough open orders", time.Minute, func() bool { n.choose(); return len(n.chosen) == raced })
	n.crowd.wg.Go(n.assign)
}

// choose takes open orders that no lawyer of the crowd will answer.
func (n *nodes) choose() {
	n.crowd.mu.Lock()
	defer n.crowd.mu.Unlock()
	n.chosen = n.chosen[:0]
	for _, k := range n.crowd.orders {
		if k.asked && stays(k.id) && len(n.chosen) < raced {
			n.chosen = append(n.chosen, k.id)
		}
	}
}

// list is the chosen orders, for SQL.
func (n *nodes) list() string { return "('" + strings.Join(n.chosen, "','") + "')" }

// bring sets the clocks of the chosen orders back, so that the step is two
// seconds away for all of them, as if they had been asked so long ago.
func (n *nodes) bring(step int) {
	t := n.t
	from := time.Now().Add(2*time.Second - time.Duration(step)*time.Minute).UnixMilli()
	at := from + int64(step)*60_000
	if step == 120 {
		at++
	}
	tx, err := n.db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback() //nolint:errcheck // after Commit it does nothing
	for _, q := range []string{
		fmt.Sprintf("SELECT id FROM consult_order WHERE id IN %s ORDER BY id FOR UPDATE", n.list()),
		fmt.Sprintf("UPDATE consult_order SET clock_from = %d, due_at = %d WHERE id IN %s", from, from+120*60_000, n.list()),
		fmt.Sprintf("UPDATE due_row SET at = %d, fire = %d, anchor = %d, tries = 0, rev = rev + 1 WHERE name = 'clock' AND subject IN %s", at, at, from, n.list()),
	} {
		res, err := tx.Exec(q)
		if err != nil {
			t.Fatal(err)
		}
		if hit, _ := res.RowsAffected(); hit != raced {
			t.Fatalf("%d of %d rows: %s", hit, raced, q)
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

// waitStep waits until the step was taken for all.
func (n *nodes) waitStep(step int) {
	waitUntil(n.t, fmt.Sprintf("all clocks have taken the step of %d minutes", step), time.Minute, func() bool {
		return countOf(n.t, n.db, fmt.Sprintf("SELECT count(*) FROM consult_order WHERE warned = %d AND id IN %s", step, n.list())) == raced
	})
}

// restart takes a node down when half of the clocks have come, and up again.
func (n *nodes) restart(i int, kill bool) {
	began := countOf(n.t, n.db, "SELECT count(*) FROM journal_fact WHERE kind IN ('consult.warned', 'consult.breached')")
	waitUntil(n.t, "the clocks begin to come", time.Minute, func() bool {
		return countOf(n.t, n.db, "SELECT count(*) FROM journal_fact WHERE kind IN ('consult.warned', 'consult.breached')") > began
	})
	if kill {
		n.server[i].kill()
	} else {
		n.server[i].stop(n.t)
	}
	n.crowd.at(i, nil)
	n.up(i)
}

// assign lets two operators reach for the same order through two nodes at once,
// again and again.
func (n *nodes) assign() {
	rnds := []*rand.Rand{rand.New(rand.NewPCG(7, 8)), rand.New(rand.NewPCG(7, 9))}
	for !n.crowd.stopped.Load() {
		order := n.chosen[rnds[0].IntN(len(n.chosen))]
		both := make(chan struct{})
		for i, u := range n.hands {
			go func() {
				to := n.crowd.lawyers[rnds[i].IntN(len(n.crowd.lawyers))].id
				n.crowd.call(rnds[i], u, "POST", "/orders/"+order+"/assign", map[string]string{"lawyer": to})
				both <- struct{}{}
			}()
		}
		<-both
		<-both
		pause(rnds[0], 40)
	}
}

func (n *nodes) end() {
	t := n.t
	n.crowd.halt()
	waitUntil(t, "reactions have seen all facts", time.Minute, func() bool { return atRest(t, n.db) })
	n.crowd.check(t, n.server[1])
	n.steps()
	t.Logf("PostgreSQL broke %d deadlocks", countOf(t, n.db, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"))
	for i := range n.server {
		n.server[i].stop(t)
	}
	last, err := n.place(0).verify(t, n.flags()...)
	if err != nil || !strings.HasPrefix(last, "ok facts=") || !strings.Contains(last, " bad=0") {
		t.Errorf("verify: %v %s", err, last)
	}
	t.Log(last)
	checkRows(t, n.db)
	n.tellOnce()
}

// steps counts the facts of the chosen orders' clocks: each step once.
func (n *nodes) steps() {
	t := n.t
	taken := map[string]map[int]int{}
	eachRow(t, n.db, "SELECT root, kind, body FROM journal_fact WHERE kind IN ('consult.warned', 'consult.breached') AND root IN "+n.list(), func(scan func(...any)) {
		var order, kind string
		var body []byte
		scan(&order, &kind, &body)
		var f struct{ Data struct{ Minutes int } }
		if err := json.Unmarshal(body, &f); err != nil {
			t.Fatal(err)
		}
		if kind == "consult.breached" {
			f.Data.Minutes = 120
		}
		if taken[order] == nil {
			taken[order] = map[int]int{}
		}
		taken[order][f.Data.Minutes]++
	})
	byClock, byOperations := 0, 0
	for _, order := range n.chosen {
		for _, step := range []int{60, 90, 110, 120} {
			if taken[order][step] != 1 {
				t.Errorf("order %s took the step of %d minutes %d times", order, step, taken[order][step])
			}
		}
	}
	eachRow(t, n.db, "SELECT body FROM journal_fact WHERE kind = 'consult.assigned' AND root IN "+n.list(), func(scan func(...any)) {
		var body []byte
		scan(&body)
		switch {
		case strings.Contains(string(body), `"cause":"clock"`):
			byClock++
		case strings.Contains(string(body), `"cause":"operations"`):
			byOperations++
		}
	})
	t.Logf("%d orders took 4 steps once each; %d times the clock passed one on, %d times operations did", len(n.chosen), byClock, byOperations)
}

// tellOnce compares what persons were told with what happened, fact by fact.
func (n *nodes) tellOnce() {
	t := n.t
	if d := countOf(t, n.db, "SELECT count(*) FROM (SELECT person, send_key FROM notify_message GROUP BY person, send_key HAVING count(*) > 1) x"); d != 0 {
		t.Errorf("%d messages are doubled", d)
	}
	facts := countOf(t, n.db, "SELECT count(*) FROM journal_fact WHERE kind = 'consult.breached' AND root IN "+n.list())
	lawyers := countOf(t, n.db, "SELECT count(*) FROM notify_message m JOIN lawyer_profile l ON l.id = m.person WHERE m.kind = 'breached' AND m.root IN "+n.list())
	if facts != lawyers {
		t.Errorf("%d breaches, and lawyers were told %d times", facts, lawyers)
	}
}
