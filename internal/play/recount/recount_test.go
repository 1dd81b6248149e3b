package recount

import (
	"reflect"
	"strings"
	"testing"
)

const day = `{"at":"2026-03-02T08:00:00Z","act":"ask","order":"a","status":201}
{"at":"2026-03-02T08:00:00Z","act":"ask","order":"b","status":201}
{"at":"2026-03-02T08:00:00Z","act":"ask","order":"c","status":201}
{"at":"2026-03-02T08:00:00Z","act":"ask","order":"d","status":201}
{"at":"2026-03-02T08:00:00Z","act":"ask","order":"e","status":422}
{"at":"2026-03-02T08:30:00Z","act":"answer","order":"a","status":422,"fields":["consult.too_short"]}
{"at":"2026-03-02T10:00:00Z","act":"answer","order":"a","status":201}
{"at":"2026-03-02T10:00:00Z","act":"answer","order":"b","status":422,"fields":["consult.basis_missing"]}
{"at":"2026-03-02T10:00:00.001Z","act":"answer","order":"b","status":200}
{"at":"2026-03-02T10:30:00Z","act":"answer","order":"a","status":409}
{"at":"2026-03-02T09:00:00Z","act":"answer","order":"d","status":201}
{"at":"2026-03-02T11:00:00Z","act":"rate","order":"a","status":201,"level":"satisfied"}
{"at":"2026-03-02T11:00:00Z","act":"rate","order":"b","status":201,"level":"general"}
{"at":"2026-03-02T11:00:00Z","act":"rate","order":"d","status":500,"level":"general"}
{"at":"2026-03-03T11:00:00Z","act":"attempt","order":"b","status":409,"sent":{"reached":true}}
{"at":"2026-03-03T12:00:00Z","act":"attempt","order":"b","status":201,"sent":{"reached":true}}
{"at":"2026-03-02T08:00:00Z","act":"ask","order":"f","status":201}
{"at":"2026-03-02T08:10:00Z","act":"exclude","order":"f","status":200,"sent":{"reason":"spam"}}
`

// req: B6.2.1.1, B7.T1b, B7.T1d, T6, T7, T9
func TestCount(t *testing.T) {
	got, err := Count(strings.NewReader(day))
	want := Figures{Orders: 4, Answered: 3, AnsweredWithin120: 2, Breaches: 2, RefusedReplies: 2, Rated: 2, Participation: "66.67 %", Satisfaction: "50.00 %",
		NonSatisfied: 1, CallbacksDue: 1, CallbacksDone: 1, Late: []string{"b", "c"}, Short: []string{"a"}, Baseless: []string{"b"}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v %v\nwanted\n%+v", got, err, want)
	}
	// An acknowledgement repeated changes nothing.
	if again, err := Count(strings.NewReader(day + `{"at":"2026-03-02T07:00:00Z","act":"answer","order":"b","status":201}`)); err != nil || again.AnsweredWithin120 != 2 {
		t.Errorf("again %+v %v", again, err)
	}
	if f, err := Count(strings.NewReader("")); err != nil || f.Participation != "n/a" || f.Satisfaction != "n/a" {
		t.Errorf("nothing: %+v %v", f, err)
	}
	if _, err := Count(strings.NewReader(day + "broken")); err == nil || !strings.Contains(err.Error(), "line 19") {
		t.Errorf("a broken line: %v", err)
	}
}
