package consult

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"mingfa/internal/base/id"
)

// Record is what the figures need to know of one order, from its facts.
type Record struct {
	Order      id.ID
	Asked      time.Time
	Answered   time.Time // first complete answer; zero: none
	Excluded   Exclusion // not counted but shown (T9)
	Rated      Rating
	CallDue    time.Time // deadline of the call-back
	CalledBack time.Time // reached, or tried three times in vain; zero: not yet
}

// Rate is an exact ratio (T6). Its text has two decimals; with nothing in the
// denominator it is "n/a", never 100 %.
type Rate struct{ Num, Den int64 }

// Text writes the rate for people.
func (r Rate) Text() string {
	if r.Den == 0 {
		return "n/a"
	}
	hundredths := (r.Num*100_00*2 + r.Den) / (r.Den * 2) // half up
	return fmt.Sprintf("%d.%02d %%", hundredths/100, hundredths%100)
}

// Compare puts the unrounded rate beside a percentage: -1 below, 0 equal, 1
// above. ok is false where there is no rate.
func (r Rate) Compare(percent int64) (order int, ok bool) {
	if r.Den == 0 {
		return 0, false
	}
	left, right := r.Num*100, r.Den*percent
	switch {
	case left < right:
		return -1, true
	case left > right:
		return 1, true
	}
	return 0, true
}

// MarshalJSON writes {"num":19,"den":20,"text":"95.00 %"}.
func (r Rate) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Num  int64  `json:"num"`
		Den  int64  `json:"den"`
		Text string `json:"text"`
	}{r.Num, r.Den, r.Text()})
}

// Spread tells how long answers took (T5: a mean alone can hide failures). All
// are exact in milliseconds; the mean is cut to whole ones.
type Spread struct {
	Count                  int
	Mean, Median, P95, Max time.Duration
}

// Figures are the figures of a set of orders at an instant. The formulas are
// those of section 2 of the requirements.
type Figures struct {
	Consultations  int64               // asked, less excluded
	Answered       int64               // with a complete answer
	InTime         int64               // of them within 120:00.000 (B6.2.1.1)
	ReplyRate      Rate                // answered / asked (B6.2.1.1b)
	TimelyRate     Rate                // in time / due: answered, or past the limit (B7.3.2.1)
	Open           int64               // not answered, still within the limit
	Abandoned      int64               // not answered and past the limit: nobody came (T5)
	AbandonedWait  time.Duration       // their mean wait so far (T5)
	Breaches       int64               // answered late, or not and past the limit
	Completed      int64               // answered orders
	Rated          int64               //
	Participation  Rate                // rated / completed (B7.T1b)
	Satisfied      int64               //
	Satisfaction   Rate                // satisfied / rated (B7.T1d)
	NonSatisfied   int64               //
	CallbacksDue   int64               // one for each not satisfied
	CallbacksDone  int64               // called back at all
	CallbacksLate  int64               // called back late, or not and past the deadline
	CallbackRate   Rate                // called back in time / not satisfied (B7.T1a)
	Excluded       map[Exclusion]int64 // by reason (T9)
	AnswerDuration Spread              // over answered orders (T5)
}

// Compute gives the figures of records as they stand at an instant. It changes
// nothing and looks at nothing else, so the same records give the same figures.
func Compute(records []Record, at time.Time) Figures {
	f := Figures{Excluded: map[Exclusion]int64{}}
	var took []time.Duration
	var due, inTimeCalls int64
	var waits time.Duration
	for _, r := range records {
		if r.Excluded != "" {
			f.Excluded[r.Excluded]++
			continue
		}
		f.Consultations++
		switch late := Breached(r.Asked, at); {
		case !r.Answered.IsZero():
			due++
			took = append(took, r.Answered.Sub(r.Asked))
			f.Answered++
			if Breached(r.Asked, r.Answered) {
				f.Breaches++
			} else {
				f.InTime++
			}
		case late:
			due++
			f.Breaches++
			f.Abandoned++
			waits += at.Sub(r.Asked)
		default:
			f.Open++
		}
		inTimeCalls += f.addRating(r, at)
	}
	f.Completed = f.Answered
	f.ReplyRate = Rate{f.Answered, f.Consultations}
	f.TimelyRate = Rate{f.InTime, due}
	f.Participation = Rate{f.Rated, f.Completed}
	f.Satisfaction = Rate{f.Satisfied, f.Rated}
	f.CallbackRate = Rate{inTimeCalls, f.NonSatisfied}
	f.AnswerDuration = spread(took)
	if f.Abandoned > 0 {
		f.AbandonedWait = waits / time.Duration(f.Abandoned)
	}
	return f
}

// addRating counts the rating of a record and gives 1 if its call-back was in
// time.
func (f *Figures) addRating(r Record, at time.Time) int64 {
	if !r.Rated.Valid() || r.Answered.IsZero() {
		return 0
	}
	f.Rated++
	if r.Rated.Satisfied() {
		f.Satisfied++
		return 0
	}
	f.NonSatisfied++
	f.CallbacksDue++
	called := r.CalledBack
	if !called.IsZero() {
		f.CallbacksDone++
	} else {
		called = at
	}
	if called.After(r.CallDue) {
		f.CallbacksLate++
		return 0
	}
	if r.CalledBack.IsZero() {
		return 0
	}
	return 1
}

// spread sorts took. The median of an even number is the mean of the middle
// two; the 95th percentile is the nearest rank.
func spread(took []time.Duration) Spread {
	n := len(took)
	if n == 0 {
		return Spread{}
	}
	slices.Sort(took)
	sum := int64(0)
	for _, t := range took {
		sum += t.Milliseconds()
	}
	return Spread{
		Count:  n,
		Mean:   time.Duration(sum/int64(n)) * time.Millisecond,
		Median: (took[(n-1)/2] + took[n/2]) / 2,
		P95:    took[(n*95+99)/100-1],
		Max:    took[n-1],
	}
}

// Minutes writes a duration as minutes with two decimals, cut, for JSON and CSV.
func Minutes(d time.Duration) float64 { return float64(d.Milliseconds()/600) / 100 }

// Thresholds are the targets of Table 1 that apply to message consultation, in
// per cent (B7.T1a, b, d), and of B6.2.1.1b.
type Thresholds struct {
	Reply         int64 `json:"reply"`
	Callback      int64 `json:"callback"`
	Participation int64 `json:"participation"`
	Satisfaction  int64 `json:"satisfaction"`
}

// Table1 are the numbers of the standard.
var Table1 = Thresholds{Reply: 100, Callback: 100, Participation: 40, Satisfaction: 95}

// Alarms names the targets that the figures miss, compared unrounded (T6,
// AMB-B14). A rate without denominator misses nothing.
func (t Thresholds) Alarms(f Figures) []string {
	var missed []string
	for _, x := range []struct {
		name    string
		rate    Rate
		percent int64
	}{{"reply", f.ReplyRate, t.Reply}, {"callback", f.CallbackRate, t.Callback},
		{"participation", f.Participation, t.Participation}, {"satisfaction", f.Satisfaction, t.Satisfaction}} {
		if order, ok := x.rate.Compare(x.percent); ok && order < 0 {
			missed = append(missed, x.name)
		}
	}
	return missed
}

// Formulas tell how each figure is made, with the requirement.
var Formulas = map[string]string{
	"reply_rate":         "answered / consultations (B6.2.1.1b)",
	"timely_answer_rate": "answered within 120:00.000 / (answered + not answered past the limit) (B7.3.2.1)",
	"participation":      "rated / completed (B7.T1b, B7.1.4.2.1b)",
	"satisfaction":       "satisfied ratings / ratings (B7.T1d, B7.1.4.2.1a)",
	"callback_rate":      "called back by the end of the next working day / non-satisfied (B7.T1a, B7.1.3.2)",
	"abandoned":          "not answered past the limit (T5)",
	"answer_minutes":     "t(first complete answer) - t(submit) over answered orders (B6.2.1.1, T5)",
	"excluded":           "test, spam, duplicate, by recorded reason and person (T9)",
}
