package web

import (
	"container/list"
	"math"
	"sync"
	"time"

	"mingfa/internal/base/fault"
)

// limits is a set of token buckets in memory, at most maxBuckets of them: of
// more, those that were used longest ago are forgotten, which makes them full.
// All may be lost at any moment, and each process has its own.
type limits struct {
	now     func() time.Time
	mu      sync.Mutex
	buckets map[bucketName]*list.Element
	used    *list.List // of *bucket, the last used first
}

type bucketName struct{ name, key string }

type bucket struct {
	name   bucketName
	tokens float64
	at     time.Time
}

// maxBuckets is 20 MB at most.
const maxBuckets = 100_000

func newLimits(now func() time.Time) *limits {
	return &limits{now: now, buckets: map[bucketName]*list.Element{}, used: list.New()}
}

// Limit takes one of n tokens that come back over the time per. Without one it
// returns a fault.TooMany with the seconds until the next. name is what is
// limited ("code"), key for whom; the key stays in memory and out of every log.
func (s *Server) Limit(name, key string, n int, per time.Duration) error {
	return tooMany(s.limits.take(bucketName{name, key}, float64(n), per))
}

// tooMany is the refusal of a bucket that had no token; nil if it had.
func tooMany(t taken) error {
	if t.wait <= 0 {
		return nil
	}
	return fault.New(fault.TooMany, "fault.too_many").With("seconds", seconds(t.wait))
}

func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }

// taken is what a bucket says when it is asked for a token.
type taken struct {
	wait time.Duration // until the next token; 0 means that one was taken
	left int           // whole tokens that are left
	full time.Duration // until it is full again
}

func (l *limits) take(name bucketName, n float64, per time.Duration) (t taken) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	b := l.find(name, n, now)
	each := float64(per) / n
	if past := now.Sub(b.at); past > 0 {
		b.tokens = min(n, b.tokens+float64(past)/each)
		b.at = now
	}
	if b.tokens < 1 {
		t.wait = time.Duration(math.Ceil((1 - b.tokens) * each))
	} else {
		b.tokens--
	}
	t.left, t.full = int(b.tokens), time.Duration((n-b.tokens)*each)
	return t
}

// find gives the bucket of a name, a full one where there is none.
func (l *limits) find(name bucketName, n float64, now time.Time) *bucket {
	if e := l.buckets[name]; e != nil {
		l.used.MoveToFront(e)
		return e.Value.(*bucket)
	}
	if l.used.Len() >= maxBuckets {
		last := l.used.Back()
		delete(l.buckets, last.Value.(*bucket).name)
		l.used.Remove(last)
	}
	b := &bucket{name: name, tokens: n, at: now}
	l.buckets[name] = l.used.PushFront(b)
	return b
}
