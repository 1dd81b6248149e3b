package consult

import "time"

// Limit is the longest a citizen may wait for his answer, inclusive (B6.2.1.1).
const Limit = 120 * time.Minute

// Level is a step of the clock, as minutes; 0 is none.
type Level int

// The steps of B6.2.1.1.
const (
	At60  Level = 60  // warn the lawyer
	At90  Level = 90  // pass on to the next lawyer who fits
	At110 Level = 110 // alarm operations
	At120 Level = 120 // breach: past the limit
)

var levels = []Level{At60, At90, At110, At120}

// Warn is the level as the lists show it: 0 calm, 1 warned, 2 passed on, 3
// alarm or breach.
func (l Level) Warn() int {
	switch {
	case l >= At110:
		return 3
	case l >= At90:
		return 2
	case l >= At60:
		return 1
	}
	return 0
}

// At gives the instant of a step of a clock that started at start. The breach
// is the first millisecond past the limit.
func (l Level) At(start time.Time) time.Time {
	at := start.Add(time.Duration(l) * time.Minute)
	if l >= At120 {
		at = at.Add(time.Millisecond)
	}
	return at
}

// Due gives the last instant at which an answer is in time.
func Due(start time.Time) time.Time { return start.Add(Limit) }

// OfferEvery is how often an order that nobody took is offered again when all
// steps of its clock are taken (B6.2.1.1b: nothing waits forgotten).
const OfferEvery = 10 * time.Minute

// NextOffer gives the first instant after now at which a clock that started at
// start and ran out asks to offer the order again.
func NextOffer(start, now time.Time) time.Time {
	turns := max(now.Sub(Due(start)), 0)/OfferEvery + 1
	return Due(start).Add(turns * OfferEvery)
}

// Breached tells whether something that arrived at t was late for a clock that
// started at start: t - start > 120:00.000. A clock that never started (zero)
// is not breached.
func Breached(start, t time.Time) bool { return !start.IsZero() && t.Sub(start) > Limit }

// Reached gives the last step whose instant has come at now.
func Reached(start, now time.Time) Level {
	reached := Level(0)
	for _, l := range levels {
		if !start.IsZero() && !now.Before(l.At(start)) {
			reached = l
		}
	}
	return reached
}

// Step is what a clock asks for when it is looked at.
type Step struct {
	Level    Level // the last step reached that was not yet taken; 0: nothing to do
	At       time.Time
	PassOn   bool // the 90 minutes are among the steps reached now
	Breach   bool // the limit is among them; its true time is At
	Next     Level
	NextAt   time.Time // when to look again; zero: never
	Skipped  int       // stale warnings that the last one stands for
	Deadline time.Time
}

// Walk gives the step of an unanswered clock at now, when the step walked was
// the last that was taken. After an outage the stale warnings collapse to the
// last one, but passing on is an act and is not lost, and the breach carries its
// true time. Walk is a function of its arguments: who looks twice finds the
// same.
func Walk(start time.Time, walked Level, now time.Time) Step {
	s := Step{Deadline: Due(start)}
	for _, l := range levels {
		at := l.At(start)
		switch {
		case l <= walked:
		case now.Before(at):
			s.Next, s.NextAt = l, at
			return s
		default:
			if s.Level != 0 {
				s.Skipped++
			}
			s.Level, s.At = l, at
			s.PassOn = s.PassOn || l == At90
			s.Breach = l == At120
		}
	}
	return s
}

// Passed gives the whole minutes that a clock has run.
func Passed(start, now time.Time) int {
	if start.IsZero() || now.Before(start) {
		return 0
	}
	return int(now.Sub(start) / time.Minute)
}

// Warnings gives the instants of the steps, for screens.
func Warnings(start time.Time) []time.Time {
	at := make([]time.Time, 0, len(levels)-1)
	for _, l := range levels[:len(levels)-1] {
		at = append(at, l.At(start))
	}
	return at
}
