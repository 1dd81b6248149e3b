package recount

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// diary is a log that a test writes, from eight in the morning in China on.
type diary struct{ lines []string }

func (d *diary) note(at time.Duration, who, act, rest string) {
	t := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC).Add(at).Format(time.RFC3339Nano)
	d.lines = append(d.lines, fmt.Sprintf(`{"at":%q,"who":%q,"act":%q,"status":200%s}`, t, who, act, rest))
}

// openedHouse has an operator and a lawyer who serves everybody, on duty.
func openedHouse() *diary {
	d := &diary{}
	d.note(0, "op", "sign_in", `,"sent":{"region":""},"told":{"person":{"id":"p1","name":"王","roles":["operations"],"org":{"name":"总台"}}}`)
	d.note(0, "law", "sign_in", `,"sent":{"region":""},"told":{"person":{"id":"p2","name":"李","roles":["duty_lawyer"],"org":{"name":"总台"}}}`)
	d.note(0, "op", "lawyers", `,"told":{"items":[{"id":"p2","regions":["*"]}]}`)
	d.note(0, "law", "status", `,"sent":{"status":"online"}`)
	return d
}

const has = `,"told":{"number":"N","state":"assigned","lawyer":{"id":"p2"}}`

func (d *diary) ask(at time.Duration, order, told string) {
	d.note(at, "c "+order, "ask", fmt.Sprintf(`,"order":%q,"sent":{"region":"440106","question":"问"}%s`, order, told))
}

func (d *diary) does(at time.Duration, who, act, order, rest string) {
	d.note(at, who, act, fmt.Sprintf(`,"order":%q%s`, order, rest))
}

// shown is the comparison with a list that is shown.
func (d *diary) shown(t *testing.T, at time.Duration, what, body string) []Difference {
	t.Helper()
	x := &diary{slices.Clone(d.lines)}
	x.note(at, "op", "look", fmt.Sprintf(`,"sent":{"n":1,"what":%q}`, what))
	l, err := json.Marshal(look{N: 1, At: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC).Add(at), Who: "op", What: what, Format: "json", Status: 200, Body: []byte(body)})
	if err != nil {
		t.Fatal(err)
	}
	r, err := Compare(strings.NewReader(strings.Join(x.lines, "\n")), strings.NewReader(string(l)))
	if err != nil {
		t.Fatal(err)
	}
	return r.Differences
}

// holds wants no difference, and one for each wrong number in the same list.
func (d *diary) holds(t *testing.T, at time.Duration, what, body string, wrong ...string) {
	t.Helper()
	if got := d.shown(t, at, what, body); len(got) > 0 {
		t.Fatalf("%v", got)
	}
	for i := 0; i < len(wrong); i += 2 {
		if altered := strings.Replace(body, wrong[i], wrong[i+1], 1); altered == body || len(d.shown(t, at, what, altered)) == 0 {
			t.Errorf("%s instead of %s was not seen", wrong[i+1], wrong[i])
		}
	}
}

const minute = time.Minute

// A late order is one warning, which rises; who acknowledges owns it; the answer ends
// it. Nobody in ten minutes passes it up.
//
// req: B5.3e, B6.2.1.1
func TestLateOrder(t *testing.T) {
	d := openedHouse()
	d.ask(0, "a", has)
	d.ask(0, "b", has)
	d.does(90*minute-time.Millisecond, "law", "answer", "b", "")
	late := func(rev int, title, severe, more string) string {
		return fmt.Sprintf(`{"items":[{"id":"w1","kind":"order_late","rev":%d,"title":"咨询已过 %s 分钟未答复","severe":%s,"org":"总台","number":"N","opens":{"kind":"order","id":"a"},"opened_at":"2026-03-02T01:30:00Z",%s}]}`, rev, title, severe, more)
	}
	const open = `"state":"open","escalated":false,"resolved_by_hand":false,"mine":false`
	d.holds(t, 89*minute, "alarms", `{"items":[]}`)
	d.holds(t, 90*minute, "alarms", late(1, "90", "false", open), `"rev":1`, `"rev":2`, "90 分", "110 分", `"severe":false`, `"severe":true`, "01:30:00Z", "01:30:01Z", `"items":[`, `"items":[{"id":"w2"},`, `"open"`, `"resolved"`)
	d.note(95*minute, "op", "warning", `,"of":"w1","told":{"kind":"order_late","opened_at":"2026-03-02T01:30:00Z","opens":{"id":"a"}}`)
	d.note(95*minute, "op", "warning_acknowledge", `,"of":"w1","sent":{"words":"在办"}`)
	const owned = `"escalated":false,"resolved_by_hand":false,"mine":true,"owner":"王","words":{"text":"在办"},"acknowledged_at":"2026-03-02T01:35:00Z"`
	d.holds(t, 115*minute, "running", late(3, "110", "true", `"state":"acknowledged",`+owned), `"owner":"王"`, `"owner":"李"`, "在办", "办", "01:35:00Z", "01:36:00Z", "110 分", "90 分", `"escalated":false`, `"escalated":true`)
	d.does(130*minute, "law", "answer", "a", "")
	d.holds(t, 140*minute, "running", `{"items":[]}`)
	d.holds(t, 140*minute, "alarms", late(5, "120", "true", `"state":"resolved","resolved_at":"2026-03-02T02:10:00Z",`+owned), "02:10:00Z", "02:10:01Z", `"resolved_by_hand":false`, `"resolved_by_hand":true`)
}

// Nobody is on duty: one warning at once, another when ten minutes have passed; both are
// over when somebody comes.
//
// req: B5.3e, B6.2.1.1b
func TestNobodyThere(t *testing.T) {
	d := openedHouse()
	d.note(minute, "law", "status", `,"sent":{"status":"away"}`)
	d.ask(2*minute, "a", `,"told":{"number":"N","state":"waiting"}`)
	d.ask(5*minute, "b", `,"told":{"number":"N","state":"waiting"}`)
	const nobody = `"kind":"nobody_online","title":"本地区没有在岗律师，1 件咨询在等候","severe":true,"org":"总台","opens":{"kind":"orders"},"opened_at":"2026-03-02T00:02:00Z","resolved_by_hand":false,"mine":false`
	const long = `"kind":"waiting","title":"2 件咨询等候律师超过 10 分钟","severe":true,"org":"总台","opens":{"kind":"orders"},"opened_at":"2026-03-02T00:12:00.001Z","escalated":false,"resolved_by_hand":false,"mine":false`
	d.holds(t, 12*minute-1, "alarms", `{"items":[{"id":"w1","rev":1,"state":"open","escalated":false,`+nobody+`}]}`, "1 件", "2 件")
	d.holds(t, 13*minute, "alarms", `{"items":[{"id":"w1","rev":2,"state":"open","escalated":true,`+nobody+`},{"id":"w2","rev":1,"state":"open",`+long+`}]}`, "2 件", "1 件", `"escalated":true`, `"escalated":false`, "00:12:00.001Z", "00:12:00Z")
	d.note(15*minute, "law", "status", `,"sent":{"status":"online"}`)
	for _, o := range []string{"a", "b"} {
		d.does(15*minute, "c "+o, "see", o, has)
	}
	d.holds(t, 16*minute, "running", `{"items":[]}`)
	d.holds(t, 16*minute, "alarms", `{"items":[{"id":"w1","rev":3,"state":"resolved","escalated":true,"resolved_at":"2026-03-02T00:15:00Z",`+nobody+`},{"id":"w2","rev":2,"state":"resolved","resolved_at":"2026-03-02T00:15:00Z",`+long+`}]}`, "00:15:00Z", "00:15:01Z")
}

// Five ratings below the mark open a case of the lawyer at once, and two seconds later
// a warning of the office; what follows closes the case, and older ratings open none.
//
// req: B7.1.4.1, B7.T1d
func TestCases(t *testing.T) {
	d := openedHouse()
	for i := range 6 {
		o, at := fmt.Sprint("o", i), time.Duration(i)*minute
		if i == 4 {
			d.holds(t, at, "interventions", `{"items":[]}`)
		}
		d.ask(at, o, has)
		d.does(at+10*time.Second, "law", "answer", o, "")
		level := "satisfied"
		if i > 3 {
			level = "general"
		}
		d.does(at+20*time.Second, "c "+o, "rate", o, `,"level":"`+level+`"`)
	}
	opened := func(rest string) string {
		return `{"items":[{"id":"x1","lawyer":{"id":"p2","name":"李"},"opened_at":"2026-03-02T00:04:20Z","satisfaction":{"num":4,"den":5,"text":"80.00 %"},` + rest + `}]}`
	}
	d.holds(t, 7*minute, "interventions", opened(`"state":"open","measures":0,"rev":1`), `"num":4`, `"num":5`, `"den":5`, `"den":6`, "80.00", "66.67", "00:04:20Z", "00:05:20Z", `"measures":0`, `"measures":1`)
	d.holds(t, 7*minute, "alarms", `{"items":[{"id":"w1","kind":"satisfaction","rev":1,"title":"近 7 天满意率 80%，低于 95%","severe":true,"org":"总台","opened_at":"2026-03-02T00:04:22Z","state":"open","escalated":false,"resolved_by_hand":false,"mine":false}]}`,
		"80%", "66%", "00:04:22Z", "00:04:20Z")
	d.note(8*minute, "q", "case", `,"of":"x1","told":{"opened_at":"2026-03-02T00:04:20Z","lawyer":{"id":"p2"}}`)
	d.note(8*minute, "q", "case_analysis", `,"of":"x1","sent":{"category":"clarity"}`)
	d.note(8*minute, "q", "case_measure", `,"of":"x1"`)
	d.note(9*minute, "q", "case_close", `,"of":"x1"`)
	d.ask(10*minute, "o9", has)
	d.does(11*minute, "law", "answer", "o9", "")
	d.does(12*minute, "c o9", "rate", "o9", `,"level":"general"`)
	d.holds(t, 13*minute, "interventions", opened(`"state":"closed","measures":1,"rev":4,"category":"clarity","closed_at":"2026-03-02T00:09:00Z"`), `"closed"`, `"open"`, `"clarity"`, `"other"`, `"measures":1`, `"measures":0`, "00:09:00Z", "00:09:01Z")
}
