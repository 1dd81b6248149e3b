//go:build accept

package accept

import (
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"mingfa/internal/base/db/fail"
)

// kills is how often the service dies at a random moment, beside once at each
// named point.
const kills = 20

// TestCrash kills the service under load and compares what is left with what was
// acknowledged: nothing lost, nothing doubled, every clock as the states want it.
func TestCrash(t *testing.T) {
	places(t, func(t *testing.T, p place) {
		x := &crash{t: t, p: p, rnd: rand.New(rand.NewPCG(20, uint64(len(p.name))))}
		x.begin()
		for i := range kills {
			x.killAnywhere(i)
		}
		for _, point := range fail.Points {
			x.killAt(point)
		}
		x.end()
	})
}

type crash struct {
	t     *testing.T
	p     place
	rnd   *rand.Rand
	s     *server
	crowd *crowd
	// One citizen is erased on the way.
	admin, operator, leaver user
	left                    string // his order
}

func (x *crash) begin() {
	x.s = start(x.t, x.p, nil)
	x.crowd = gather(x.t, x.s, 1, 6, 12)
	x.admin, x.operator = x.s.staff(x.t, "admin1"), x.s.staff(x.t, "operator1")
	x.leaver = x.s.citizen(x.t, "+8613900139999")
	q := question("请问离职后多久能拿到最后一个月的工资？")
	x.left = q["id"].(string)
	x.leaver.must(x.t, "POST", "/orders", q, nil)
	x.crowd.run(20)
}

// up starts the service again. The crowd is told of it, never of its death: then
// its calls simply fail.
func (x *crash) up(env ...string) {
	x.s = start(x.t, x.p, env)
	x.crowd.at(0, x.s)
}

// killAnywhere lets the load run for a random time and kills; each fourth time
// the next start is killed as well, before or after it is ready.
func (x *crash) killAnywhere(i int) {
	time.Sleep(time.Duration(20+x.rnd.IntN(1500)) * time.Millisecond) // the random moment itself
	x.s.kill()
	if i%4 == 3 {
		c := exec.Command(binary(x.t), x.p.args("serve", "--listen", "127.0.0.1:0", "--demo")...)
		c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		if err := c.Start(); err != nil {
			x.t.Fatal(err)
		}
		time.Sleep(time.Duration(x.rnd.IntN(700)) * time.Millisecond) // and again
		c.Process.Kill()                                              //nolint:errcheck // it may be gone
		c.Wait()                                                      //nolint:errcheck // it was killed
	}
	x.up()
}

// passings is within how many passings of a point the service dies.
var passings = map[string]int{
	"db.commit.before": 60, "db.commit.after": 60, "journal.sequence": 20, "journal.seal": 20, "journal.checkpoint": 2,
	"journal.reaction": 12, "blob.put.synced": 3, "seal.key.made": 20, "identity.erase.middle": 1,
}

// killAt lets the service kill itself at a point.
func (x *crash) killAt(point string) {
	most, ok := passings[point]
	if !ok {
		x.t.Errorf("point %s is not in this test: say how it is passed", point)
		return
	}
	x.s.kill()
	if point == "blob.put.synced" {
		x.anotherReport()
	}
	env := fmt.Sprintf("MINGFA_FAIL=%s:%d", point, 1+x.rnd.IntN(most))
	s, err := tryStart(x.t, x.p, []string{env})
	switch {
	case err == nil:
		x.crowd.at(0, s)
		x.s = s
		if point == "identity.erase.middle" {
			x.admin.s = s
			if status, b, err := x.admin.call("DELETE", "/people/"+x.leaver.id, map[string]string{"reason": "request"}); err == nil {
				x.t.Errorf("%s: the erasure was answered: %d %s", env, status, b)
			}
		}
		x.waitDeath(env)
	case !strings.Contains(err.Error(), "signal: killed"):
		x.t.Fatalf("%s: %v", env, err)
	}
	x.t.Logf("%s: died before it was up: %v", env, err != nil)
	if point == "identity.erase.middle" { // its promise is for a minute later
		alter(x.t, x.p.database(x.t), "UPDATE due_row SET at = 1, fire = 1 WHERE name = 'erase'")
	}
	x.up()
}

func (x *crash) waitDeath(env string) {
	select {
	case <-x.s.gone:
	case <-time.After(60 * time.Second):
		x.t.Errorf("%s: the point was not passed in a minute of load", env)
		x.s.kill()
		return
	}
	for range x.s.gone {
	}
	if w, ok := x.s.cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || w.Signal() != syscall.SIGKILL {
		x.t.Errorf("%s: it ended by %v: %s", env, x.s.cmd.ProcessState, x.s.errOut)
	}
}

// anotherReport lets yesterday's reports be made again: the running service puts
// files for those only.
func (x *crash) anotherReport() {
	alter(x.t, x.p.database(x.t), "UPDATE due_row SET at = anchor - 86400000, fire = anchor - 86400000, anchor = anchor - 86400000 WHERE kind = 'report.daily' AND rule LIKE 'daily%'")
}

// end brings the house to rest and compares.
func (x *crash) end() {
	t := x.t
	x.crowd.halt()
	x.operator.s = x.s
	waitUntil(t, "the erasure that was cut off in the middle is finished", 30*time.Second, func() bool {
		var o struct{ Erased bool }
		x.operator.must(t, "GET", "/orders/"+x.left, nil, &o)
		return o.Erased
	})
	d := x.p.database(t)
	waitUntil(t, "reactions have seen all facts", 60*time.Second, func() bool { return atRest(t, d) })
	x.s.stop(t)
	x.up() // the last time
	x.crowd.check(t, x.s)
	x.s.stop(t)
	last, err := x.p.verify(t)
	if err != nil || !strings.HasPrefix(last, "ok facts=") || !strings.Contains(last, " bad=0") {
		t.Errorf("verify: %v %s", err, last)
	}
	t.Log(last)
	checkRows(t, d)
	if n := countOf(t, d, "SELECT count(*) FROM identity_person WHERE erased_at IS NOT NULL AND gone_at IS NOT NULL"); n != 1 {
		t.Errorf("%d persons were erased to the end; it should be one", n)
	}
}
