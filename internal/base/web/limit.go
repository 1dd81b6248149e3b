package web

import (
	"math"
	"sync"
	"time"

	"mingfa/internal/base/fault"
)

// limits is a set of token buckets in memory. A bucket that is full again says
// nothing and is dropped, so the set stays as small as the traffic of one period.
type limits struct {
	now     func() time.Time
	mu      sync.Mutex
	buckets map[bucketName]*bucket
	sweepAt int // size at which full buckets are looked for
}

type bucketName struct{ name, key string }

type bucket struct {
	tokens float64
	at     time.Time
	full   time.Time // when it is full again
}

const firstSweep = 10_000

func newLimits(now func() time.Time) *limits {
	return &limits{now: now, buckets: map[bucketName]*bucket{}, sweepAt: firstSweep}
}

// Limit takes one of n tokens that come back over the time per. Without one it
// returns a fault.TooMany with the seconds until the next. name is what is
// limited ("code"), key for whom; the key stays in memory and out of every log.
func (s *Server) Limit(name, key string, n int, per time.Duration) error {
	wait := s.limits.take(bucketName{name, key}, float64(n), per)
	if wait <= 0 {
		return nil
	}
	return fault.New(fault.TooMany, "fault.too_many").With("seconds", int(math.Ceil(wait.Seconds())))
}

// take returns how long to wait for a token; 0 means that one was taken.
func (l *limits) take(name bucketName, n float64, per time.Duration) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	b := l.buckets[name]
	if b == nil {
		l.sweep(now)
		b = &bucket{tokens: n, at: now}
		l.buckets[name] = b
	}
	each := float64(per) / n
	if past := now.Sub(b.at); past > 0 {
		b.tokens = min(n, b.tokens+float64(past)/each)
		b.at = now
	}
	if b.tokens < 1 {
		return time.Duration(math.Ceil((1 - b.tokens) * each))
	}
	b.tokens--
	b.full = now.Add(time.Duration((n - b.tokens) * each))
	return 0
}

func (l *limits) sweep(now time.Time) {
	if len(l.buckets) < l.sweepAt {
		return
	}
	for name, b := range l.buckets {
		if !b.full.After(now) {
			delete(l.buckets, name)
		}
	}
	l.sweepAt = max(firstSweep, 2*len(l.buckets))
}
