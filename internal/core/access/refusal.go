package access

import (
	"context"
	"log/slog"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
	"mingfa/internal/base/who"
)

// Verb is a verb in a fact.
type Verb string

// Refused: somebody tried what he may not.
type Refused struct {
	Verb Verb `json:"verb"`
}

// Kind names the fact.
func (Refused) Kind() string { return "access.refused" }

func init() {
	journal.Register("access.read", func() journal.Event { return Refused{} })
	say.Register(map[string]say.Texts{
		"fact.access.refused": {Hans: "一次越权访问被拒绝", Hant: "一次越權存取被拒絕", En: "An attempt without the right to it was refused"},
	})
}

// Recorder writes refusals as facts, off the path of the request. Its queue is
// bounded; what does not fit is dropped, for the same actor is in it already.
type Recorder struct {
	db    *db.DB
	log   *slog.Logger
	queue chan refusal
	done  chan struct{}
}

type refusal struct {
	actor who.Actor
	verb  string
}

// NewRecorder starts a recorder; Close ends it.
func NewRecorder(d *db.DB, log *slog.Logger) *Recorder {
	r := &Recorder{db: d, log: log, queue: make(chan refusal, 256), done: make(chan struct{})}
	go r.loop()
	return r
}

// Note is for Rules.Note.
func (r *Recorder) Note(a who.Actor, verb string) {
	select {
	case r.queue <- refusal{a, verb}:
	default:
	}
}

// Close writes what is queued. Nobody may Note afterwards.
func (r *Recorder) Close() {
	close(r.queue)
	<-r.done
}

func (r *Recorder) loop() {
	defer close(r.done)
	for x := range r.queue {
		if err := r.write(x); err != nil {
			r.log.Error("a refusal could not be noted", "error", err)
		}
	}
}

// write writes one fact per actor, verb and minute: its subject is made of the
// three, so a second one is a conflict, on whatever node.
func (r *Recorder) write(x refusal) error {
	org := x.actor.Org
	if org == id.Nil {
		org = x.actor.Person
	}
	err := r.db.Do(context.Background(), x.actor, func(tx *db.Tx) error {
		subject := journal.Once("refused "+x.verb, x.actor.Person, x.actor.Person, tx.Now())
		return journal.Write(tx, journal.Entry{Org: org, Root: subject, Subject: subject, Rev: 1, Event: Refused{Verb: Verb(x.verb)}})
	})
	if fault.Is(err, fault.Conflict) {
		return nil
	}
	return err
}
