package consult

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// req: T6
func TestRate(t *testing.T) {
	for _, c := range []struct {
		rate Rate
		text string
	}{
		{Rate{0, 0}, "n/a"}, {Rate{0, 5}, "0.00 %"}, {Rate{5, 5}, "100.00 %"}, {Rate{19, 20}, "95.00 %"}, {Rate{1, 3}, "33.33 %"},
		{Rate{2, 3}, "66.67 %"}, {Rate{1, 8}, "12.50 %"}, {Rate{1, 16000}, "0.01 %"}, {Rate{1, 100000}, "0.00 %"},
	} {
		if got := c.rate.Text(); got != c.text {
			t.Errorf("%v: %s, want %s", c.rate, got, c.text)
		}
	}
	b, err := json.Marshal(Rate{19, 20})
	if err != nil || string(b) != `{"num":19,"den":20,"text":"95.00 %"}` {
		t.Errorf("%s, %v", b, err)
	}
}

// req: T6, B7.T1d compared unrounded: 94.996 % shows as 95.00 % and is below.
func TestRateCompare(t *testing.T) {
	for _, c := range []struct {
		rate    Rate
		percent int64
		order   int
		ok      bool
	}{
		{Rate{95, 100}, 95, 0, true}, {Rate{94996, 100000}, 95, -1, true}, {Rate{95001, 100000}, 95, 1, true}, {Rate{0, 0}, 95, 0, false}, {Rate{0, 1}, 0, 0, true},
	} {
		if order, ok := c.rate.Compare(c.percent); order != c.order || ok != c.ok {
			t.Errorf("%v beside %d: %d, %v", c.rate, c.percent, order, ok)
		}
	}
	if got := (Rate{94996, 100000}).Text(); got != "95.00 %" {
		t.Error(got)
	}
}

// A made-up day, worked out by hand. Minutes after t0.
func day() []Record {
	rec := func(asked, answered int) Record {
		r := Record{Asked: t0.Add(time.Duration(asked) * time.Minute)}
		if answered >= 0 {
			r.Answered = r.Asked.Add(time.Duration(answered) * time.Minute)
		}
		return r
	}
	due := t0.Add(24 * time.Hour)
	list := []Record{
		rec(0, 10), rec(10, 20), rec(20, 120), rec(30, 121), // the last one late
		rec(40, -1),  // nobody came
		rec(390, -1), // 10 minutes old at 400
		rec(50, 30), rec(60, 40),
		rec(70, 5),
	}
	list[3].Answered = list[3].Asked.Add(Limit + time.Millisecond)
	list[0].Rated = VerySatisfied
	list[1].Rated = Satisfied
	list[2].Rated, list[2].CallDue, list[2].CalledBack = General, due, due
	list[6].Rated, list[6].CallDue, list[6].CalledBack = Dissatisfied, due, due.Add(time.Millisecond)
	list[7].Rated, list[7].CallDue = VeryDissatisfied, due
	list[8].Excluded, list[8].Rated = Spam, VerySatisfied
	return list
}

// req: B7.3.2.1, B6.2.1.1b, B7.T1a, B7.T1b, B7.T1d, T5, T6, T7, T9
func TestCompute(t *testing.T) {
	at := t0.Add(400 * time.Minute)
	f := Compute(day(), at)
	want := Figures{
		Consultations: 8, Answered: 6, InTime: 5, ReplyRate: Rate{6, 8}, TimelyRate: Rate{5, 7}, Open: 1, Abandoned: 1,
		AbandonedWait: 360 * time.Minute, Breaches: 2, Completed: 6, Rated: 5, Participation: Rate{5, 6}, Satisfied: 2,
		Satisfaction: Rate{2, 5}, NonSatisfied: 3, CallbacksDue: 3, CallbacksDone: 2, CallbacksLate: 1, CallbackRate: Rate{1, 3},
		AnswerDuration: Spread{Count: 6, Mean: 56*time.Minute + 40*time.Second, Median: 35 * time.Minute, P95: Limit + time.Millisecond, Max: Limit + time.Millisecond},
	}
	excluded := f.Excluded
	f.Excluded = nil
	// by hand: 10+20+120+120:00.001+30+40 = 340 min + 1 ms, over 6, cut to ms
	if f.AnswerDuration != want.AnswerDuration {
		t.Errorf("%+v, want %+v", f.AnswerDuration, want.AnswerDuration)
	}
	got, _ := json.Marshal(f)
	wanted, _ := json.Marshal(want)
	if string(got) != string(wanted) {
		t.Errorf("%s\nwant %s", got, wanted)
	}
	if len(excluded) != 1 || excluded[Spam] != 1 {
		t.Errorf("excluded %v", excluded)
	}
	if got := Table1.Alarms(f); !slices.Equal(got, []string{"reply", "callback", "satisfaction"}) {
		t.Errorf("alarms %v", got)
	}
	later := Compute(day(), t0.Add(48*time.Hour)) // the open order and the open call-back have run over
	if later.Open != 0 || later.Abandoned != 2 || later.Breaches != 3 || later.CallbacksLate != 2 || later.TimelyRate != (Rate{5, 8}) {
		t.Errorf("%+v", later)
	}
}

// req: T6 nothing is n/a, never 100 %.
func TestComputeNothing(t *testing.T) {
	for name, records := range map[string][]Record{"no order": nil, "only excluded": {{Asked: t0, Excluded: Test}}} {
		f := Compute(records, t0)
		for _, r := range []Rate{f.ReplyRate, f.TimelyRate, f.Participation, f.Satisfaction, f.CallbackRate} {
			if r.Text() != "n/a" {
				t.Errorf("%s: %s", name, r.Text())
			}
		}
		if f.AnswerDuration != (Spread{}) || Table1.Alarms(f) != nil {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

// The order of the records does not matter, and the parts of a day add up
// (B5.2.4: the roll-up equals the sum of its parts).
func TestComputeAddsUp(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	at := t0.Add(400 * time.Minute)
	all := day()
	whole, _ := json.Marshal(Compute(all, at))
	for range 50 {
		rnd.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		if again, _ := json.Marshal(Compute(all, at)); string(again) != string(whole) {
			t.Fatalf("%s\n%s", whole, again)
		}
		cut := rnd.IntN(len(all))
		a, b, sum := Compute(all[:cut], at), Compute(all[cut:], at), Compute(all, at)
		if a.Consultations+b.Consultations != sum.Consultations || a.Breaches+b.Breaches != sum.Breaches || a.Rated+b.Rated != sum.Rated ||
			a.CallbackRate.Num+b.CallbackRate.Num != sum.CallbackRate.Num || a.TimelyRate.Den+b.TimelyRate.Den != sum.TimelyRate.Den {
			t.Fatal("the parts do not add up")
		}
	}
}

func TestSpread(t *testing.T) {
	hundred := make([]time.Duration, 100)
	for i := range hundred {
		hundred[99-i] = time.Duration(i+1) * time.Minute
	}
	for _, c := range []struct {
		took []time.Duration
		want Spread
	}{
		{nil, Spread{}},
		{[]time.Duration{7 * time.Minute}, Spread{1, 7 * time.Minute, 7 * time.Minute, 7 * time.Minute, 7 * time.Minute}},
		{[]time.Duration{3 * time.Minute, time.Minute}, Spread{2, 2 * time.Minute, 2 * time.Minute, 3 * time.Minute, 3 * time.Minute}},
		{hundred, Spread{100, 50*time.Minute + 30*time.Second, 50*time.Minute + 30*time.Second, 95 * time.Minute, 100 * time.Minute}},
	} {
		if got := spread(c.took); got != c.want {
			t.Errorf("%+v, want %+v", got, c.want)
		}
	}
	if Minutes(90*time.Second) != 1.5 || Minutes(Limit+time.Millisecond) != 120 {
		t.Error("minutes")
	}
}
