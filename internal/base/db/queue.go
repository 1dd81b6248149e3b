package db

import (
	"sync"
	"time"

	"mingfa/internal/base/who"
)

const (
	waiting    = 1024                 // closures that can wait for the writer before those who bring more wait too
	systemWork = 2 * time.Millisecond // of the program's own in a batch, when people wait
)

// queue is what waits for the writer of SQLite: what people asked for, and what the
// program does by itself (reactions, the sequencer, due), whose closures take longer
// and for which nobody waits. One behind another in a single file, three reactions made
// each question beside them wait for all three.
type queue struct {
	people, system chan *job
	mu             sync.RWMutex  // guards over against sends
	over           chan struct{} // closed when nothing more may be added
	turn           bool          // the next batch begins with the program's own; the writer's
}

func newQueue() *queue {
	return &queue{people: make(chan *job, waiting), system: make(chan *job, waiting), over: make(chan struct{})}
}

// add is false when the queue is closed.
func (q *queue) add(j *job) bool {
	q.mu.RLock()
	defer q.mu.RUnlock()
	select {
	case <-q.over:
		return false
	default:
	}
	if j.system() {
		q.system <- j
	} else {
		q.people <- j
	}
	return true
}

// close ends the queue; what was added is still given out. It is false if it was closed before.
func (q *queue) close() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	select {
	case <-q.over:
		return false
	default:
		close(q.over)
		return true
	}
}

// first waits for the closure with which a batch begins: in turn one of people's and one
// of the program's, where both wait. It is nil when the queue is closed and empty.
func (q *queue) first() *job {
	j := q.begin()
	if j != nil {
		q.turn = !j.system()
	}
	return j
}

func (q *queue) begin() *job {
	one, other := q.people, q.system
	if q.turn {
		one, other = other, one
	}
	if j := now(one); j != nil {
		return j
	}
	select {
	case j := <-one:
		return j
	case j := <-other:
		return j
	case <-q.over: // nobody sends any more
	}
	if j := now(one); j != nil {
		return j
	}
	return now(other)
}

// next is what else may share a batch that has worked for a while, nil if nothing may.
// The program's own come first in their turn, as long as they are short; behind people's
// none does, for people would wait for it.
func (q *queue) next(people bool, worked time.Duration) *job {
	one, other := q.people, q.system
	if people {
		return now(one)
	}
	if worked < systemWork {
		one, other = other, one
	}
	if j := now(one); j != nil {
		return j
	}
	return now(other)
}

// now takes what waits in c, nil if nothing does.
func now(c chan *job) *job {
	select {
	case j := <-c:
		return j
	default:
		return nil
	}
}

// system tells that the program itself brought the closure.
func (j *job) system() bool { return j.tx.actor.Is(who.SystemRole) }
