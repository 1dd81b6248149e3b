package recount

import (
	"cmp"
	"container/heap"
	"fmt"
	"slices"
	"strings"
	"time"
)

// The warnings of operations, as they follow from the log: which are opened, how far
// they rise, who has them, when they are over. The moments at which nobody does
// anything (90 minutes have passed, a day has ended) are timers of the world's own.

// alarm is a warning.
type alarm struct {
	kind, about   string // about: the order, call-back, complaint or office
	office        string // its region; "" is the operator
	number, root  string // of the order or complaint to open; none: orders that wait
	opened        time.Time
	level         int // minutes of an order's clock
	amount, bound int64
	rev           int64
	state, words  string
	owner         string // in the log
	acked         time.Time
	passed        bool // nobody acknowledged in time
	ended         time.Time
	byHand        bool
	result        string
}

// Limits of warnings, as the program has them before anybody changes them.
const (
	ackWithin   = 10 * time.Minute // then the bureau is told
	takeWithin  = 10 * time.Minute // a lawyer has an order
	settleFor   = 2 * time.Second  // after a rating, before satisfaction is looked at
	ratingDays  = 7
	warnPercent = 95
)

// timer is something that happens by itself.
type timer struct {
	at  time.Time
	seq int
	do  func()
}

// timers are a heap, the next first.
type timers []timer

func (t timers) Len() int { return len(t) }
func (t timers) Less(i, j int) bool {
	return cmp.Or(t[i].at.Compare(t[j].at), cmp.Compare(t[i].seq, t[j].seq)) < 0
}
func (t timers) Swap(i, j int) { t[i], t[j] = t[j], t[i] }
func (t *timers) Push(x any)   { *t = append(*t, x.(timer)) }
func (t *timers) Pop() any {
	last := (*t)[len(*t)-1]
	*t = (*t)[:len(*t)-1]
	return last
}

// when plans something.
func (w *world) when(at time.Time, do func()) {
	w.planned++
	heap.Push(&w.timers, timer{at, w.planned, do})
}

// pass lets time go on: what happened together is looked at when it has happened, and
// all that comes by itself until then.
func (w *world) pass(at time.Time) {
	if at.After(w.now) {
		w.settle()
	}
	for len(w.timers) > 0 && !w.timers[0].at.After(at) {
		t := heap.Pop(&w.timers).(timer)
		if t.at.After(w.now) {
			w.now = t.at
		}
		t.do()
		w.settle()
	}
	if at.After(w.now) {
		w.now = at
	}
}

// settle looks at the offices where orders came or went, or lawyers.
func (w *world) settle() {
	for _, office := range sorted(w.touched) {
		w.queue(office)
	}
	clear(w.touched)
}

// touch marks an office for settle.
func (w *world) touch(office string) { w.touched[office] = "" }

// officeOf is the region of the nearest office of a region.
func (w *world) officeOf(region string) string {
	all := strings.Split(strings.Trim(w.path(region), "/"), "/")
	return all[len(all)-1]
}

// running is the warning of a cause that is not over.
func (w *world) running(kind, about string) *alarm {
	for _, a := range w.alarms {
		if a.kind == kind && a.about == about && a.ended.IsZero() {
			return a
		}
	}
	return nil
}

// warn opens the warning of a cause, once; a higher level raises it.
func (w *world) warn(a alarm) {
	if old := w.running(a.kind, a.about); old != nil {
		if a.level > old.level {
			old.level, old.rev = a.level, old.rev+1
		}
		return
	}
	x := &a
	x.opened, x.state, x.rev = w.now, "open", 1
	w.alarms = append(w.alarms, x)
	w.when(w.now.Add(ackWithin), func() {
		if x.state == "open" {
			x.passed, x.rev = true, x.rev+1
		}
	})
}

// over ends the warning of a cause that is gone.
func (w *world) over(kind, about string) {
	if a := w.running(kind, about); a != nil {
		a.state, a.ended, a.rev = "resolved", w.now, a.rev+1
	}
}

// clockOf warns of an order at 90, 110 and past 120 minutes.
func (w *world) clockOf(o *order) {
	start := o.waits
	w.tick(o)
	for _, x := range []struct {
		level int
		after time.Duration
	}{{90, 90 * time.Minute}, {110, 110 * time.Minute}, {120, limit + time.Millisecond}} {
		w.when(start.Add(x.after), func() {
			if o.waits.Equal(start) && o.excluded == "" {
				w.warn(alarm{kind: "order_late", about: o.id, office: w.officeOf(o.sent.Region), number: o.number, root: o.id, level: x.level})
			}
		})
	}
}

// callOf warns of a call-back that is not made in its day, or of a lawyer who doesn't
// call within his hour.
func (w *world) callOf(o *order, kind string, due time.Time, open func() bool) {
	w.when(due.Add(time.Millisecond), func() {
		if open() {
			o.note(w.now, "system", "回访超过时限")
			w.warn(alarm{kind: kind, about: o.id, office: w.officeOf(o.sent.Region), number: o.number, root: o.id})
		}
	})
}

// complaintOf warns of a complaint whose day has ended.
func (w *world) complaintOf(c *complaint) {
	w.when(c.due.Add(time.Millisecond), func() {
		if o := w.orders[c.order]; o != nil && c.called.IsZero() && c.closed.IsZero() {
			w.warn(alarm{kind: "complaint_overdue", about: c.id, office: w.officeOf(o.sent.Region), number: c.number, root: c.id})
		}
	})
}

// queue looks at the orders of an office that nobody has: nobody is on duty, or they
// have waited too long.
func (w *world) queue(office string) {
	n, oldest := int64(0), time.Time{}
	for _, o := range w.waiting {
		if w.officeOf(o.sent.Region) != office {
			continue
		}
		n++
		if oldest.IsZero() || o.asked.Before(oldest) {
			oldest = o.asked
		}
	}
	if n == 0 || w.onDuty(office) {
		w.over("nobody_online", office)
	} else {
		w.warn(alarm{kind: "nobody_online", about: office, office: office, amount: n})
	}
	until := oldest.Add(takeWithin)
	switch {
	case n == 0:
		w.over("waiting", office)
	case w.now.After(until):
		w.warn(alarm{kind: "waiting", about: office, office: office, amount: n, bound: int64(takeWithin / time.Minute)})
	default:
		w.over("waiting", office)
		w.when(until.Add(time.Millisecond), func() { w.queue(office) })
	}
}

// place notes whether anybody has an order, after something happened to it.
func (w *world) place(o *order) {
	_, was := w.waiting[o.id]
	waits := o.excluded == "" && o.answered.IsZero() && o.state == "waiting"
	switch {
	case waits:
		w.waiting[o.id] = o
	case was:
		delete(w.waiting, o.id)
	default:
		return
	}
	w.touch(w.officeOf(o.sent.Region))
}

// duty looks at the offices where orders wait, or a warning runs, after a lawyer came
// or left.
func (w *world) duty() {
	for _, o := range w.waiting {
		w.touch(w.officeOf(o.sent.Region))
	}
	for _, a := range w.alarms {
		if a.kind == "nobody_online" && a.ended.IsZero() {
			w.touch(a.office)
		}
	}
}

// onDuty tells whether anybody is there who serves an office's region.
func (w *world) onDuty(office string) bool {
	serves := []string{office, "*"}
	if len(office) == 6 {
		serves = append(serves, office[:4]+"00", office[:2]+"0000")
	}
	for _, p := range w.people {
		if (p.status == "online" || p.status == "busy") && slices.ContainsFunc(p.regions, func(r string) bool { return slices.Contains(serves, r) }) {
			return true
		}
	}
	return false
}

// ratedAt looks at an office's satisfaction two seconds after the last rating.
func (w *world) ratedAt(office string) {
	at := w.now.Add(settleFor)
	w.judged[office] = at
	w.when(at, func() { w.judge(office, at) })
}

// judge is that look: the ratings of the orders of the last seven days, and again each
// hour while they are too low.
func (w *world) judge(office string, at time.Time) {
	if !w.judged[office].Equal(at) {
		return // somebody else rated meanwhile
	}
	v := view{w, office, at}
	first := dayOf(at).AddDate(0, 0, 1-ratingDays)
	var rated, good int64
	for _, o := range w.orders {
		if o.level != "" && o.excluded == "" && !o.asked.Before(first) && v.mine(o.sent.Region) {
			rated++
			if satisfied(o.level) {
				good++
			}
		}
	}
	if rated < enough || good*100 >= rated*warnPercent {
		w.over("satisfaction", office)
		return
	}
	w.warn(alarm{kind: "satisfaction", about: office, office: office, amount: good * 100 / rated, bound: warnPercent})
	next := at.Add(time.Hour)
	w.judged[office] = next
	w.when(next, func() { w.judge(office, next) })
}

// takeAlarm takes what a list of warnings said, which gives a warning its name, and
// what somebody did with one.
func (w *world) takeAlarm(e entry, s sent, t told) {
	if e.Act == "warning" {
		if w.named[e.Of] == nil {
			for _, a := range w.alarms {
				if a.kind == t.Kind && a.opened.Equal(t.Opened) && a.root == t.Opens.ID {
					w.named[e.Of] = a
				}
			}
		}
		return
	}
	a := w.named[e.Of]
	if a == nil {
		return
	}
	a.rev++
	if e.Act == "warning_acknowledge" {
		a.state, a.acked, a.owner, a.words = "acknowledged", e.At, e.Who, s.Words
		return
	}
	a.state, a.ended, a.byHand, a.result = "resolved", e.At, true, s.Words
}

// titles say what is wrong; the numbers in them are the warning's value.
func (a *alarm) title() string {
	switch a.kind {
	case "order_late":
		return fmt.Sprintf("咨询已过 %d 分钟未答复", a.level)
	case "waiting":
		return fmt.Sprintf("%d 件咨询等候律师超过 %d 分钟", a.amount, a.bound)
	case "nobody_online":
		return fmt.Sprintf("本地区没有在岗律师，%d 件咨询在等候", a.amount)
	case "satisfaction":
		return fmt.Sprintf("近 7 天满意率 %d%%，低于 %d%%", a.amount, a.bound)
	}
	return map[string]string{"callback_overdue": "不满意回访已逾期", "lawyer_call_late": "律师未在 1 小时内致电当事人", "complaint_overdue": "投诉建议回访已逾期"}[a.kind]
}

// opening is where a warning leads.
func (a *alarm) opening() string {
	switch a.kind {
	case "order_late", "callback_overdue", "lawyer_call_late":
		return "order"
	case "complaint_overdue":
		return "complaint"
	case "waiting", "nobody_online":
		return "orders"
	}
	return ""
}

// key tells warnings apart that have no name in the log.
func (a *alarm) key() string {
	return a.kind + " " + a.root + " " + instantOf(a.opened)
}

// keyOfAlarm is the key of a warning in a list.
func keyOfAlarm(x map[string]any) string {
	opens, _ := x["opens"].(map[string]any)
	root, _ := opens["id"].(string)
	return fmt.Sprint(x["kind"], " ", root, " ", x["opened_at"])
}

func instantOf(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.999Z") }

// warnings is a list of warnings, for a reader; all, or those that run.
func (v view) warnings(who string, all bool) doc {
	d, rows := doc{}, int64(0)
	for _, a := range v.alarms {
		if !v.mine(a.office) || !all && !a.ended.IsZero() {
			continue
		}
		at := "items[" + a.key() + "]"
		rows++
		d.text(at+".kind", a.kind)
		d.num(at+".rev", a.rev)
		d.text(at+".title", a.title())
		d.truth(at+".severe", a.kind != "order_late" || a.level >= 110)
		d.text(at+".state", a.state)
		d.text(at+".org", v.orgs[a.office])
		d.truth(at+".escalated", a.passed)
		d.truth(at+".resolved_by_hand", a.byHand)
		d.truth(at+".mine", a.owner == who)
		for name, s := range map[string]string{"number": a.number, "opens.kind": a.opening(), "opens.id": a.root, "owner": v.nameOf(a.owner), "words.text": a.words, "result.text": a.result} {
			if s != "" {
				d.text(at+"."+name, s)
			}
		}
		for name, t := range map[string]time.Time{"opened_at": a.opened, "acknowledged_at": a.acked, "resolved_at": a.ended} {
			if !t.IsZero() {
				d.text(at+"."+name, instantOf(t))
			}
		}
	}
	d.num("rows", rows)
	return d
}

// alarmFields are what a warning shows, and how the log gives it.
var alarmFields = [][2]string{{"rows", "causes that came: 90 minutes without an answer; 10 without a lawyer; nobody on duty; satisfaction; days and hours in which nobody called"},
	{"kind", "the cause"}, {"title", "with its value: minutes of the clock, who waits, the rate of the ratings of seven days, cut to whole per cent"},
	{"severe", "all but an order's 90 minutes"}, {"state", "by what was acknowledged and whether the cause is gone"}, {"rev", "opened, raised, acknowledged, passed up, over: one each"},
	{"org", "the nearest office of the order's region"}, {"number", "of the order or complaint"}, {"opens", "the order or complaint"}, {"opened_at", "when the cause came"},
	{"owner", "who acknowledged it last"}, {"mine", "whether that is the reader"}, {"acknowledged_at", "when that was acknowledged"}, {"words", "as they were sent"},
	{"escalated", "nobody acknowledged it for 10 minutes"}, {"resolved_at", "when its cause went, or somebody ended it"}, {"resolved_by_hand", "somebody did"}, {"result", "as it was sent"}}
