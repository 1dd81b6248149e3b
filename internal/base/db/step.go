package db

import (
	"sync"
	"time"
)

// StepClock is a clock that stands until it is moved: for played days and
// tests. It is injected when the program is put together; no route sets it.
type StepClock struct {
	mu  sync.Mutex
	now time.Time
}

// NewStepClock is a clock standing at t.
func NewStepClock(t time.Time) *StepClock { return &StepClock{now: t} }

// Now is where the clock stands.
func (c *StepClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Set moves the clock to t; it never goes back.
func (c *StepClock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.After(c.now) {
		c.now = t
	}
}

// Add moves the clock on by d.
func (c *StepClock) Add(d time.Duration) { c.Set(c.Now().Add(d)) }
