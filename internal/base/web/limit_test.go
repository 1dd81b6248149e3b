package web

import (
	"strconv"
	"testing"
	"time"
)

// Memory is bounded, and who is active stays limited under a flood of others.
func TestLimitsForgetTheLeastUsed(t *testing.T) {
	now := time.Now()
	l := newLimits(func() time.Time { return now })
	take := func(key string) taken { return l.take(bucketName{"x", key}, 2, time.Minute) }
	take("old")
	for i := range maxBuckets + 1000 {
		take(strconv.Itoa(i))
		if i%1000 == 0 {
			take("busy")
		}
	}
	if len(l.buckets) != maxBuckets || l.used.Len() != maxBuckets {
		t.Errorf("%d buckets, %d in order", len(l.buckets), l.used.Len())
	}
	if x := take("busy"); x.wait != 30*time.Second {
		t.Errorf("who asks all the time: %+v", x)
	}
	if x := take("old"); x.left != 1 {
		t.Errorf("who was forgotten: %+v", x)
	}
}

func TestTokensComeBack(t *testing.T) {
	now := time.Now()
	l := newLimits(func() time.Time { return now })
	name := bucketName{"x", "y"}
	for i, want := range []taken{{0, 1, 30 * time.Second}, {0, 0, time.Minute}, {30 * time.Second, 0, time.Minute}} {
		if got := l.take(name, 2, time.Minute); got != want {
			t.Errorf("%d: %+v, want %+v", i, got, want)
		}
	}
	now = now.Add(-time.Hour) // a clock that goes back gives nothing
	if l.take(name, 2, time.Minute).wait == 0 {
		t.Error("a token from the past")
	}
	now = now.Add(time.Hour + 30*time.Second)
	if l.take(name, 2, time.Minute).wait != 0 {
		t.Error("no token after its time")
	}
}
