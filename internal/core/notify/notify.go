// Package notify tells persons that something happened (通知): in the program
// (the inbox) and by SMS.
//
// A reaction to a fact calls Tell in its transaction: one row, one fact, and,
// when an SMS goes out too, a due row that fires at once. Nothing leaves from
// inside a transaction: the handler notes the attempt and its own retry, and
// only after that is on disk the provider is called with the message's key. A
// crash in between sends again under the same key: at least once.
//
//	sms: none | queued -> sending -> sent -> delivered
//	                         |         `-> failed (receipt)
//	                         `-> failed (after maxTries) ; held (after a restore)
//
// A message holds a kind and arguments that are IDs, enums and numbers; its text
// is made when it is read or sent, in the reader's language. The phone number is
// looked up at sending and is in no row of this package, so nothing is left here
// when a person is erased.
//
// Requirements: B6.1b (told within 60 s, delivery state stored), B7.1.3.1b.
package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
	"mingfa/internal/base/who"
)

// State is how far an SMS has come.
type State string

// The states of an SMS.
const (
	None      State = "none"
	Queued    State = "queued"
	Sending   State = "sending"
	Sent      State = "sent"
	Delivered State = "delivered"
	Failed    State = "failed"
	Held      State = "held"
)

// Message is something to tell one person.
type Message struct {
	Org    id.ID
	Person id.ID
	Root   id.ID          // the order it is about, or Nil
	Kind   string         // the text is "notify."+Kind
	Args   map[string]any // IDs, enums and numbers for the text
	Key    string         // stable: the same Key is told once
	SMS    bool
}

// Provider sends an SMS. It may be called twice with the same key and then
// sends once if it can. ref is what its receipts will name.
type Provider interface {
	Send(ctx context.Context, key, phone, text string) (ref string, delivered bool, err error)
}

// Contact is where and how a person is reached.
type Contact struct {
	Phone    string
	Language string
}

// ErrGone says that a person can't be reached any more: he was erased.
var ErrGone = errors.New("the person has no address")

// Service tells and remembers.
type Service struct {
	DB       *db.DB
	Provider Provider // nil: no SMS can be sent, and the server is not ready
	// Reach finds a person's phone and language, or ErrGone. It belongs to
	// identity; app sets it.
	Reach func(ctx context.Context, person id.ID) (Contact, error)
	// Link is the address of a page for an order, put into texts as {link}: for who gets
	// messages of this kind.
	Link func(order id.ID, kind string) string
	// Wait makes sending part of the due handler instead of running beside it:
	// for stepped clocks.
	Wait bool
	Log  *slog.Logger

	slots chan struct{}
}

// The limits of sending.
const (
	maxTries    = 6
	sendTimeout = 15 * time.Second
	senders     = 8
	dueSend     = "notify.send"
)

var system = who.System("notify")

type row struct {
	bun.BaseModel `bun:"table:notify_message"`

	ID      id.ID `bun:"type:uuid,pk"`
	Org     id.ID `bun:"type:uuid"`
	Person  id.ID `bun:"type:uuid"`
	Root    id.ID `bun:"type:uuid,nullzero"`
	Kind    string
	Args    string
	SendKey string
	SMS     State `bun:"sms"`
	Tries   int
	Ref     string  `bun:",nullzero"`
	MadeAt  db.Time `bun:",nullzero"`
	SentAt  db.Time `bun:",nullzero"`
	DoneAt  db.Time `bun:",nullzero"`
	ReadAt  db.Time `bun:",nullzero"`
	Rev     int64
}

// Tell notes messages in the caller's transaction. A Key that was told before
// does nothing.
func (s *Service) Tell(tx *db.Tx, list ...Message) error {
	for part := range slices.Chunk(list, 64) {
		told, err := toldBefore(tx, part)
		if err != nil {
			return fmt.Errorf("look what was told before: %w", err)
		}
		for _, m := range part {
			if told[m.Key] {
				continue
			}
			told[m.Key] = true
			if err := s.tell(tx, m); err != nil {
				return err
			}
		}
	}
	return nil
}

// toldBefore is which keys of messages are there.
func toldBefore(tx *db.Tx, list []Message) (map[string]bool, error) {
	keys := make([]any, len(list))
	for i, m := range list {
		keys[i] = m.Key
	}
	keys = db.Padded(keys)
	rows, err := tx.Rows("SELECT send_key FROM notify_message WHERE send_key IN (?"+strings.Repeat(", ?", len(keys)-1)+")", keys...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	told := map[string]bool{}
	for rows.Next() {
		var k string
		if err := rows.Scan(&k); err != nil {
			return nil, err
		}
		told[k] = true
	}
	return told, rows.Err()
}

func (s *Service) tell(tx *db.Tx, m Message) error {
	args, err := json.Marshal(m.Args)
	if err != nil {
		return err
	}
	r := row{ID: id.New(), Org: m.Org, Person: m.Person, Root: m.Root, Kind: m.Kind, Args: string(args),
		SendKey: m.Key, SMS: None, MadeAt: db.At(tx.Now()), Rev: 1}
	if m.SMS {
		r.SMS = Queued
	}
	why := func(err error) error { return fmt.Errorf("note message %s: %w", m.Kind, err) }
	if err := tx.InsertRowLater(why, &r); err != nil {
		return err
	}
	if err := s.write(tx, r, ToldFact{Message: MessageKind(m.Kind), Person: m.Person, SMS: m.SMS}); err != nil {
		return err
	}
	if !m.SMS {
		return nil
	}
	return due.Set(tx, due.Row{Org: r.Org, Subject: r.ID, Name: "send", Kind: dueSend, At: tx.Now(), Rule: "now", Anchor: tx.Now(), Interactive: true})
}

func (s *Service) write(tx *db.Tx, r row, e journal.Event) error {
	root := r.Root
	if root == id.Nil {
		root = r.ID
	}
	return journal.Write(tx, journal.Entry{Org: r.Org, Root: root, Subject: r.ID, Rev: r.Rev, Event: e})
}

// Wire gives the due runner its handler.
func (s *Service) Wire(r *due.Runner) {
	s.slots = make(chan struct{}, senders)
	r.Handle(dueSend, s.attempt)
}

// attempt notes that an SMS is being sent, and when to try again should nothing
// more be heard; the sending itself starts when that is on disk.
func (s *Service) attempt(tx *db.Tx, f due.Fired) error {
	r, err := load(tx, f.Subject)
	if err != nil || r == nil {
		return err
	}
	if r.SMS != Queued && r.SMS != Sending {
		return nil
	}
	if r.Tries >= maxTries {
		return s.settle(tx, r, Failed, FailedFact{Tries: r.Tries})
	}
	r.SMS, r.Tries = Sending, r.Tries+1
	if err := save(tx, r, false); err != nil {
		return err
	}
	again := tx.Now().Add(max(sendTimeout+5*time.Second, time.Minute<<(r.Tries-1)))
	if err := due.Set(tx, due.Row{Org: r.Org, Subject: r.ID, Name: "send", Kind: dueSend, At: again, Rule: "retry", Anchor: r.MadeAt.Time, Interactive: true}); err != nil {
		return err
	}
	copied := *r
	tx.After(func() {
		if s.Wait {
			s.send(copied)
			return
		}
		go func() {
			s.slots <- struct{}{}
			defer func() { <-s.slots }()
			s.send(copied)
		}()
	})
	return nil
}

// send calls the provider and notes what came of it. When that can't be noted
// the retry sends again.
func (s *Service) send(r row) {
	ctx, cancel := context.WithTimeout(context.Background(), sendTimeout)
	defer cancel()
	to, err := s.Reach(ctx, r.Person)
	if errors.Is(err, ErrGone) {
		s.note(r, func(tx *db.Tx, r *row) error { return s.settle(tx, r, Failed, FailedFact{Tries: r.Tries, Gone: true}) })
		return
	}
	if err == nil && s.Provider == nil {
		err = errors.New("no SMS provider is configured")
	}
	var ref string
	var delivered bool
	if err == nil {
		ref, delivered, err = s.Provider.Send(ctx, r.SendKey, to.Phone, s.text(r, to.Language))
	}
	if err != nil {
		s.log().Warn("an SMS could not be sent; it is tried again", "message", r.ID, "tries", r.Tries)
		return
	}
	state := Sent
	if delivered {
		state = Delivered
	}
	s.note(r, func(tx *db.Tx, r *row) error {
		r.Ref, r.SentAt = ref, db.At(tx.Now())
		return s.settle(tx, r, state, SentFact{Tries: r.Tries, Delivered: delivered, AfterMS: tx.Now().Sub(r.MadeAt.Time).Milliseconds()})
	})
}

// note runs a change of one message in a transaction of its own.
func (s *Service) note(r row, fn func(tx *db.Tx, r *row) error) {
	err := s.DB.Do(context.Background(), system, func(tx *db.Tx) error {
		fresh, err := load(tx, r.ID)
		if err != nil || fresh == nil || fresh.SMS != Sending {
			return err
		}
		return fn(tx, fresh)
	})
	if err != nil {
		s.log().Error("what became of an SMS could not be noted; it is sent again", "message", r.ID, "error", err)
	}
}

// settle ends the sending of a message.
func (s *Service) settle(tx *db.Tx, r *row, state State, e journal.Event) error {
	r.SMS, r.DoneAt = state, db.At(tx.Now())
	if err := save(tx, r, true); err != nil {
		return err
	}
	if err := s.write(tx, *r, e); err != nil {
		return err
	}
	return due.Cancel(tx, r.ID, "send")
}

// Receipt notes what the provider says became of a message it took.
func (s *Service) Receipt(ctx context.Context, ref string, delivered bool) error {
	return s.DB.Do(ctx, system, func(tx *db.Tx) error {
		var r row
		err := tx.Lock(tx.NewSelect().Model(&r).Where("ref = ?", ref)).Scan(tx.Ctx())
		if db.NotFound(err) {
			return fault.NotThere()
		}
		if err != nil || r.SMS != Sent {
			return err
		}
		if delivered {
			return s.settle(tx, &r, Delivered, SentFact{Tries: r.Tries, Delivered: true, AfterMS: tx.Now().Sub(r.MadeAt.Time).Milliseconds()})
		}
		return s.settle(tx, &r, Failed, FailedFact{Tries: r.Tries})
	})
}

// HoldAll keeps every SMS that waits from being sent: after a restore nobody
// knows whether it went out already. An operator decides.
func HoldAll(tx *db.Tx) error {
	var rows []row
	if err := tx.NewSelect().Model(&rows).Where("sms IN (?)", bun.List([]State{Queued, Sending})).Scan(tx.Ctx()); err != nil {
		return err
	}
	s := &Service{}
	for i := range rows {
		if err := s.settle(tx, &rows[i], Held, HeldFact{}); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) log() *slog.Logger {
	if s.Log == nil {
		return slog.Default()
	}
	return s.Log
}

// text is the message in a language.
func (s *Service) text(r row, language string) string {
	args := map[string]any{}
	_ = json.Unmarshal([]byte(r.Args), &args) // we wrote it
	if s.Link != nil && r.Root != id.Nil {
		args["link"] = s.Link(r.Root, r.Kind)
	}
	return say.Text(language, "notify."+r.Kind, args)
}

func load(tx *db.Tx, i id.ID) (*row, error) {
	var r row
	err := tx.Lock(tx.NewSelect().Model(&r).Where("id = ?", i)).Scan(tx.Ctx())
	if db.NotFound(err) {
		return nil, nil
	}
	return &r, err
}

// save writes a message back; with fact its revision is raised for the fact
// that follows.
func save(tx *db.Tx, r *row, fact bool) error {
	if fact {
		r.Rev++
	}
	_, err := tx.NewUpdate().Model(r).WherePK().Exec(tx.Ctx())
	return err
}
