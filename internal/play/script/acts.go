package script

import (
	"context"
	"time"
)

// The acts that are still to come, in the order of their times.

// act is something a person does at a time.
type act struct {
	at  time.Time
	seq int
	do  func(ctx context.Context) error
}

type acts []act

func (a acts) Len() int { return len(a) }
func (a acts) Less(i, j int) bool {
	return a[i].at.Before(a[j].at) || a[i].at.Equal(a[j].at) && a[i].seq < a[j].seq
}
func (a acts) Swap(i, j int) { a[i], a[j] = a[j], a[i] }

// Push is for container/heap.
func (a *acts) Push(x any) { *a = append(*a, x.(act)) }

// Pop is for container/heap.
func (a *acts) Pop() any {
	old := *a
	last := old[len(old)-1]
	*a = old[:len(old)-1]
	return last
}
