package complaint

import "time"

// The steps of the clock (B7.1.2.2a).
const (
	stepBreach = 3 // after warnings 1 and 2
)

// AckLimit is how long the bureau's watchers have before a sensitive complaint is
// escalated, inclusive (B7.1.2.2b).
const AckLimit = 5 * time.Minute

// steps are the instants of the clock: 09:00 and 15:00 of the last day, for at
// night nobody calls, and the first millisecond too late. due is the last
// millisecond of a day; the zones of our calendars have no summer time.
func steps(due time.Time) [stepBreach]time.Time {
	end := due.Add(time.Millisecond)
	return [...]time.Time{end.Add(-15 * time.Hour), end.Add(-9 * time.Hour), end}
}

// Walk tells the last step that was reached by now, and when the next one comes;
// zero: none. Steps that nobody could take in time collapse to the last.
func Walk(due, now time.Time) (step int, next time.Time) {
	for i, at := range steps(due) {
		if now.Before(at) {
			return i, at
		}
	}
	return stepBreach, time.Time{}
}

// Late tells whether the limit has passed: it is inclusive.
func (c *Complaint) Late(now time.Time) bool { return now.After(c.DueAt.Time) }

// InTime tells whether he was called back within one working day.
func (c *Complaint) InTime() bool { return !c.CalledAt.IsZero() && !c.Late(c.CalledAt.Time) }

// Overdue tells whether the day has passed without a call.
func (c *Complaint) Overdue(now time.Time) bool { return c.CalledAt.IsZero() && c.Late(now) }
