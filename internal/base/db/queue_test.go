package db

import (
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/who"
)

// The writer's queue: whose closures share a batch, and in which order.
func TestQueue(t *testing.T) {
	for _, c := range []struct {
		what, waiting string // p: a person's closure, s: the program's
		worked        time.Duration
		want          string // the batches
	}{
		{"people together", "ppp", 0, "ppp"},
		{"the program's together", "sss", time.Hour, "sss"},
		{"nobody waits for what the program does behind him", "ppss", 0, "pp ss"},
		{"short ones of the program go first in their turn", "sspp", 0, "pp ss"},
		{"people behind a long one, the others of the program later", "spsps", systemWork, "pp sss"},
	} {
		t.Run(c.what, func(t *testing.T) {
			q := newQueue()
			for _, by := range c.waiting {
				q.add(waitingJob(by))
			}
			q.close()
			var batches []string
			for b := nextBatch(q, c.worked); b != ""; b = nextBatch(q, c.worked) {
				batches = append(batches, b)
			}
			if got := strings.Join(batches, " "); got != c.want {
				t.Errorf("%s: got %q, want %q", c.waiting, got, c.want)
			}
		})
	}
}

// However many people come, the program's own are not kept out.
func TestQueueKeepsTurns(t *testing.T) {
	q := newQueue()
	for range 3 {
		q.add(waitingJob('s'))
	}
	var batches []string
	for range 6 {
		q.add(waitingJob('p')) // people come all the time
		q.add(waitingJob('p'))
		batches = append(batches, nextBatch(q, systemWork))
	}
	if got, want := strings.Join(batches, " "), "pp spp pp spp pp spp"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	q.close()
	if q.add(waitingJob('p')) || q.close() || q.first() != nil {
		t.Error("a closed queue takes or gives something")
	}
}

// nextBatch is who shares the next batch, as the writer makes it.
func nextBatch(q *queue, worked time.Duration) string {
	j := q.first()
	if j == nil {
		return ""
	}
	batch, people := name(j), !j.system()
	for j = q.next(people, worked); j != nil; j = q.next(people, worked) {
		batch, people = batch+name(j), people || !j.system()
	}
	return batch
}

func waitingJob(by rune) *job {
	a := who.Actor{Roles: []who.Role{who.Citizen}}
	if by == 's' {
		a = who.System("test")
	}
	return &job{tx: &Tx{actor: a}}
}

func name(j *job) string {
	if j.system() {
		return "s"
	}
	return "p"
}
