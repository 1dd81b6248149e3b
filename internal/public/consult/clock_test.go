package consult

import (
	"testing"
	"time"
)

var t0 = time.Date(2030, 4, 15, 15, 30, 0, 0, time.UTC) // 23:30 in Shanghai: the clock runs through the night

// req: B6.2.1.1 the limit itself is in time, one millisecond more is not.
func TestBreached(t *testing.T) {
	for after, want := range map[time.Duration]bool{
		0: false, 119*time.Minute + 59*time.Second: false, 120*time.Minute - time.Millisecond: false,
		120 * time.Minute: false, 120*time.Minute + time.Millisecond: true, 24 * time.Hour: true, -time.Hour: false,
	} {
		if got := Breached(t0, t0.Add(after)); got != want {
			t.Errorf("after %s: %v", after, got)
		}
	}
	if Breached(time.Time{}, t0) {
		t.Error("a clock that never started is breached")
	}
	if !Due(t0).Equal(t0.Add(2 * time.Hour)) {
		t.Error("the limit is not 120 minutes")
	}
}

// req: B6.2.1.1b what nobody took is offered again every ten minutes, for ever.
func TestNextOffer(t *testing.T) {
	for after, want := range map[time.Duration]time.Duration{
		0: 130 * time.Minute, 120*time.Minute + time.Millisecond: 130 * time.Minute, 130*time.Minute - time.Millisecond: 130 * time.Minute,
		130 * time.Minute: 140 * time.Minute, 1000*time.Hour + time.Minute: 1000*time.Hour + 10*time.Minute,
	} {
		if got := NextOffer(t0, t0.Add(after)); !got.Equal(t0.Add(want)) {
			t.Errorf("after %s: %s", after, got.Sub(t0))
		}
	}
}

// req: B6.2.1.1 60, 90, 110: warn, pass on, alarm; then the breach.
func TestWalk(t *testing.T) {
	ms := time.Millisecond
	for name, c := range map[string]struct {
		walked Level
		after  time.Duration
		level  Level
		at     time.Duration // of the level
		passOn bool
		breach bool
		next   time.Duration // 0: never
		stale  int
	}{
		"at once":                   {0, 0, 0, 0, false, false, 60 * time.Minute, 0},
		"just before 60":            {0, 60*time.Minute - ms, 0, 0, false, false, 60 * time.Minute, 0},
		"at 60":                     {0, 60 * time.Minute, At60, 60 * time.Minute, false, false, 90 * time.Minute, 0},
		"60 once only":              {At60, 61 * time.Minute, 0, 0, false, false, 90 * time.Minute, 0},
		"at 90":                     {At60, 90 * time.Minute, At90, 90 * time.Minute, true, false, 110 * time.Minute, 0},
		"at 110":                    {At90, 110 * time.Minute, At110, 110 * time.Minute, false, false, 120*time.Minute + ms, 0},
		"at 120 nothing":            {At110, 120 * time.Minute, 0, 0, false, false, 120*time.Minute + ms, 0},
		"past 120":                  {At110, 120*time.Minute + ms, At120, 120*time.Minute + ms, false, true, 0, 0},
		"after the breach":          {At120, 300 * time.Minute, 0, 0, false, false, 0, 0},
		"outage until 95":           {0, 95 * time.Minute, At90, 90 * time.Minute, true, false, 110 * time.Minute, 1},
		"outage until 115":          {At60, 115 * time.Minute, At110, 110 * time.Minute, true, false, 120*time.Minute + ms, 1},
		"outage of a day":           {0, 24 * time.Hour, At120, 120*time.Minute + ms, true, true, 0, 3},
		"outage after the pass on":  {At90, 24 * time.Hour, At120, 120*time.Minute + ms, false, true, 0, 1},
		"a clock that stands later": {0, -time.Hour, 0, 0, false, false, 60 * time.Minute, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := Walk(t0, c.walked, t0.Add(c.after))
			if s.Level != c.level || s.PassOn != c.passOn || s.Breach != c.breach || s.Skipped != c.stale {
				t.Errorf("%+v", s)
			}
			if c.level != 0 && !s.At.Equal(t0.Add(c.at)) {
				t.Errorf("its time is %s", s.At)
			}
			if c.next == 0 != s.NextAt.IsZero() || c.next != 0 && !s.NextAt.Equal(t0.Add(c.next)) {
				t.Errorf("next at %s", s.NextAt)
			}
			if s != Walk(t0, c.walked, t0.Add(c.after)) {
				t.Error("the second look found something else")
			}
		})
	}
}

// However often and late the clock is looked at, each step is taken once at most,
// passing on and breach exactly once by the end, and the breach at its true time.
func TestWalkInAnyRhythm(t *testing.T) {
	for step := time.Minute; step < 300*time.Minute; step += 7 * time.Minute {
		walked, passes, breaches := Level(0), 0, 0
		for now := t0; now.Before(t0.Add(400 * time.Minute)); now = now.Add(step) {
			s := Walk(t0, walked, now)
			if s.Level != 0 && s.Level <= walked {
				t.Fatalf("step %d twice", s.Level)
			}
			walked = max(walked, s.Level)
			if s.PassOn {
				passes++
			}
			if s.Breach {
				breaches++
				if !s.At.Equal(t0.Add(Limit + time.Millisecond)) {
					t.Errorf("breach at %s", s.At)
				}
			}
		}
		if passes != 1 || breaches != 1 {
			t.Errorf("every %s: passed on %d times, breached %d times", step, passes, breaches)
		}
	}
}

func TestReached(t *testing.T) {
	for minutes, want := range map[int]struct {
		level Level
		warn  int
	}{0: {0, 0}, 59: {0, 0}, 60: {At60, 1}, 89: {At60, 1}, 90: {At90, 2}, 110: {At110, 3}, 120: {At110, 3}, 121: {At120, 3}} {
		got := Reached(t0, t0.Add(time.Duration(minutes)*time.Minute))
		if got != want.level || got.Warn() != want.warn {
			t.Errorf("%d minutes: %d, warn %d", minutes, got, got.Warn())
		}
	}
	if Reached(time.Time{}, t0) != 0 || Passed(time.Time{}, t0) != 0 || Passed(t0, t0.Add(-time.Hour)) != 0 {
		t.Error("a clock that does not run has reached something")
	}
	if got := Passed(t0, t0.Add(61*time.Minute+59*time.Second)); got != 61 {
		t.Errorf("passed %d", got)
	}
	if w := Warnings(t0); len(w) != 3 || !w[2].Equal(t0.Add(110*time.Minute)) {
		t.Errorf("warnings %v", w)
	}
}
