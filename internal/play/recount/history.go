package recount

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What happened to an order, step by step: each act that was acknowledged, and what
// follows from it by itself. Messages that the program sent to somebody stand between the
// steps; they are no figure of the order, and are left out.

// step is one line of an order's history.
type step struct {
	at             time.Time
	role, sentence string
	words          string
}

// toSomebody are the sentences of messages.
var toSomebody = map[string]bool{"系统发出通知": true, "短信已发送": true}

// hasIt is the sentence of a lawyer who was given an order.
const hasIt = "咨询已交给律师"

// note adds a step.
func (o *order) note(at time.Time, role, sentence string) {
	o.steps = append(o.steps, step{at: at, role: role, sentence: sentence})
}

// remindAfter is how long after the answer somebody is reminded to rate.
const remindAfter = 24 * time.Hour

// tick plans the warnings of a clock that began, as the citizen's history tells them.
func (w *world) tick(o *order) {
	o.clocks++
	start, clock := o.waits, o.clocks
	for _, minutes := range []int{60, 90, 110, 120} {
		at, sentence := start.Add(time.Duration(minutes)*time.Minute), fmt.Sprintf("已过 %d 分钟，尚未答复", minutes)
		if minutes == 120 {
			at, sentence = at.Add(time.Millisecond), "超过 120 分钟未答复"
		}
		w.when(at, func() {
			if o.clocks != clock || !o.waits.Equal(start) || o.excluded != "" {
				return
			}
			o.note(w.now, "system", sentence)
			if minutes == 90 {
				o.late = len(o.steps)
			}
		})
	}
}

// remind plans the reminder to rate; while he waits for a reply it is put off by the
// length of a clock.
func (w *world) remind(o *order, at time.Time) {
	w.when(at, func() {
		switch {
		case o.level != "" || o.excluded != "":
		case !o.waits.IsZero():
			w.remind(o, w.now.Add(limit))
		default:
			o.note(w.now, "system", "提醒群众评价")
		}
	})
}

// given notes a lawyer that the citizen was told of, who was not told of before: since
// when is known by what happened.
func (w *world) given(o *order, t told) {
	lawyer := w.who(t)
	if lawyer == "" || lawyer == o.lawyer || !o.answered.IsZero() {
		return
	}
	switch {
	case o.passed:
		o.passed = false
	case o.lawyer != "" && o.late > 0: // passed on by the clock, right after it warned
		s := step{at: o.steps[o.late-1].at, role: "system", sentence: hasIt}
		o.steps, o.late = append(o.steps[:o.late], append([]step{s}, o.steps[o.late:]...)...), 0
	case o.lawyer == "" && !o.back.IsZero():
		o.note(o.back, "staff", hasIt)
	case o.lawyer == "" && w.came.After(o.asked):
		o.note(w.came, "system", hasIt)
	}
}

// sentFiles notes the files that went with something.
func (o *order) sentFiles(at time.Time, role string, s sent) {
	name := map[string]string{"citizen": "群众", "lawyer": "律师"}[role]
	for _, f := range s.Attachments {
		o.files++
		o.note(at, role, fmt.Sprintf("%s附上了第 %d 个文件（%s）", name, o.files, strings.TrimPrefix(path.Ext(f.Name), ".")))
	}
}

// record notes what an act that was acknowledged is in the history.
func (w *world) record(o *order, e entry, s sent, t told) {
	if o.call != nil {
		o.recordCall(e)
	}
	o.keep(e, s)
	switch e.Act {
	case "ask":
		o.note(e.At, "citizen", "提交了咨询")
		if o.lawyer != "" {
			o.note(e.At, "citizen", hasIt)
		}
		o.sentFiles(e.At, "citizen", s)
	case "see":
		w.given(o, t)
	case "pass":
		o.steps = append(o.steps, step{e.At, "lawyer", hasIt, s.Reason})
		o.passed = o.answered.IsZero()
	case "answer":
		o.note(e.At, "lawyer", "律师已答复")
		o.sentFiles(e.At, "lawyer", s)
		w.remind(o, e.At.Add(remindAfter))
	case "message":
		role, sentence := "citizen", "群众发送了消息"
		if e.Who != o.citizen {
			role, sentence = "lawyer", "律师发送了消息"
		}
		o.note(e.At, role, sentence)
		o.sentFiles(e.At, role, s)
	case "read":
		o.note(e.At, "citizen", "群众已查看答复")
	case "rate":
		o.note(e.At, "citizen", "群众评价："+levelWords[e.Level])
		if !satisfied(e.Level) {
			o.note(e.At, "citizen", "评价未达满意，需要回访")
		}
	case "exclude":
		o.note(e.At, "staff", "工单不计入统计")
	case "include":
		o.note(e.At, "staff", "工单重新计入统计")
	}
}

// recordCall is record of a step of a call-back.
func (o *order) recordCall(e entry) {
	switch e.Act {
	case "attempt":
		o.note(e.At, "staff", fmt.Sprintf("第 %d 次电话回访", len(o.call.calls)+1))
	case "result":
		o.note(e.At, "staff", "回访结果已登记")
	case "lawyer_call":
		o.note(e.At, "lawyer", "律师已电话解答")
	case "close":
		if o.waits.IsZero() && !o.closed {
			o.note(e.At, "staff", "工单已结束")
		}
		o.note(e.At, "staff", "回访已完成")
	}
}

// history compares what happened to an order.
func (c *comparison) history(v view, l look) error {
	var page struct {
		Items []map[string]any `json:"items"`
		Next  string           `json:"next_cursor"`
	}
	if err := json.Unmarshal(l.Body, &page); err != nil {
		return err
	}
	text := func(x map[string]any, name string) string { s, _ := x[name].(string); return s }
	shown := slices.DeleteFunc(slices.Clone(page.Items), func(x map[string]any) bool { return toSomebody[text(x, "sentence")] })
	c.out.Unknown += len(page.Items) - len(shown)
	sortRuns(shown, func(x map[string]any) (string, string) { return text(x, "at"), text(x, "sentence") })
	got, want := &listed{doc: doc{}}, &listed{doc: doc{}}
	for i, x := range shown {
		got.walk(got.row(strconv.Itoa(i)), x)
	}
	got.some("next_cursor", page.Next)
	var steps []step
	if o := v.orders[l.Of]; o != nil {
		steps = slices.Clone(o.steps)
	}
	sortRuns(steps, func(s step) (string, string) { return instantOf(s.at), s.sentence })
	for i, s := range steps {
		at := want.row(strconv.Itoa(i))
		want.moment(at+".at", s.at)
		want.text(at+".actor_role", s.role)
		want.text(at+".sentence", s.sentence)
		want.some(at+".words", s.words)
	}
	c.docs(l, want.done(), got.done())
	return nil
}

// sortRuns sorts by their words what follows one another and has the same time: of what
// one request did to several things the log has the order of their names.
func sortRuns[T any](list []T, of func(T) (at, words string)) {
	for i := 0; i < len(list); {
		at, _ := of(list[i])
		j := i + 1
		for ; j < len(list); j++ {
			if next, _ := of(list[j]); next != at {
				break
			}
		}
		slices.SortStableFunc(list[i:j], func(a, b T) int {
			_, x := of(a)
			_, y := of(b)
			return strings.Compare(x, y)
		})
		i = j
	}
}

var historyFields = [][2]string{{"rows", "what was acknowledged, and what came by itself: given to a lawyer, 60, 90, 110 and 120 minutes, the reminder to rate, days and hours in which nobody called"},
	{"at", "when it was acknowledged, or came"}, {"actor_role", "who sent it, or the program"}, {"sentence", "of each act and each thing that comes by itself; those of one instant in any order"}, {"words", "of a lawyer who passed it on, as they were sent"}}
