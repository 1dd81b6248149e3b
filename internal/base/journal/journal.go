// Package journal keeps what happened: the first spine of the house.
//
// A verb changes a row and, in the same transaction, writes at least one fact
// about it (Write). The fact is the audit record, the timeline entry and the
// event that others react to; there is no second audit table and no event bus.
//
//	verb: row rev 3 -> 4, fact (subject, rev 4)      one transaction
//	sequencer: gives committed facts the next leaf   every 10 ms, any node
//	tree: leaf hashes in chunks                      in that same transaction
//	checkpoint: signed note over size and root       at most 1 s later
//	reactions: a cursor each over leaf order         in the transaction of the effect
//
// Order. A fact has no global number when it is written; (subject, rev) is
// unique and rev is the version that the verb has just given its row, so order
// within a subject has no gaps and a lost race is a conflict. Everything that
// reads "what came next" reads leaf order: never at, never an ID.
//
// Bytes. A leaf is the canonical text of the whole envelope (body.go), stored
// verbatim. All other columns are indexes, and verify compares them with it.
//
// Persons. A fact holds IDs, enums, numbers and times. Whatever a person said is
// sealed elsewhere; the fact holds the ID of the sealed text and its commitment.
//
// What is proven: that since a checkpoint you hold (outside this machine, or on
// a receipt) nothing under it was altered, dropped or put elsewhere. What is
// not: that a fact was true when it was written, nor anything about facts
// younger than the newest checkpoint you hold, nor, without an outside
// checkpoint, that the holder of the signing key did not write it all anew.
//
// Files: body.go (bytes), kinds.go (what kinds there are), sequence.go and
// tree.go (numbers and hashes), checkpoint.go (signatures), react.go, read.go,
// proof.go, verify.go, restore.go.
package journal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/who"
)

// Event is the typed payload of a fact. Its fields are IDs, enums (named string
// types), numbers, booleans and times; Problems finds others.
type Event interface{ Kind() string }

// Entry is a fact about to be written.
type Entry struct {
	Org          id.ID // whose it is
	Root         id.ID // the order, matter or room under which it is filed
	Subject      id.ID // the row that changed
	Rev          int64 // the version the verb has just given that row, from 1
	Event        Event
	Reason       string // code of why, where the actor gave one; his words are sealed
	Basis        string // legal basis, as "law#article"
	Jurisdiction string // of the basis: "CN", "HK", ...
	Refs         map[string]id.ID
	Sealed       map[string]seal.Sealed // what persons said: put by Write, committed to by the fact
}

// Fact is a fact as it was written.
type Fact struct {
	Org, Root, Subject id.ID
	Rev                int64
	Kind               string
	Actor              id.ID
	At                 time.Time
	Leaf               int64 // position in the log, -1 while it has none
	Reason             string
	Basis              string
	Jurisdiction       string
	Refs               map[string]id.ID
	Data               json.RawMessage
	Sealed             map[string]Commitment
	Body               []byte
}

// Decode reads the payload into an event of the fact's kind.
func (f Fact) Decode(into any) error {
	if err := json.Unmarshal(f.Data, into); err != nil {
		return fmt.Errorf("read fact %s of %s: %w", f.Kind, f.Subject, err)
	}
	return nil
}

// topicFacts wakes the sequencer, topicLeaves the reactions.
const (
	topicFacts  = "journal.facts"
	topicLeaves = "journal.leaves"
)

// Write writes one fact into the transaction of its verb, and the sealed texts
// it commits to. A subject that already has a fact of this rev is a conflict; on
// PostgreSQL it may show only when the transaction, or its Savepoint, ends.
func Write(tx *db.Tx, e Entry) error {
	body, err := encode(e, tx.Actor().Person, tx.Now())
	if err != nil {
		return err
	}
	if err := seal.Put(tx, slices.Collect(maps.Values(e.Sealed))...); err != nil {
		return err
	}
	kind := e.Event.Kind()
	stale := func(err error) error {
		if db.Conflict(err) {
			return fault.Wrap(fault.Conflict, "fault.stale", err)
		}
		return fmt.Errorf("write fact %s: %w", kind, err)
	}
	err = tx.LaterRow(stale, `INSERT INTO journal_fact (org, root, subject, rev, kind, actor, at, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		e.Org.String(), e.Root.String(), e.Subject.String(), e.Rev, kind, tx.Actor().Person.String(), tx.Now().UnixMilli(), body)
	if err != nil {
		return err
	}
	tx.Hint(topicFacts, 1)
	return nil
}

// Config says how the journal runs.
type Config struct {
	Signer  *Signer // nil: leaves get numbers and hashes, but nobody signs
	Outside string  // file outside the data directory that takes each checkpoint; "" for none
	Log     *slog.Logger
}

// Journal numbers facts, seals them and runs the reactions to them.
type Journal struct {
	db        *db.DB
	signer    *Signer
	outside   string
	log       *slog.Logger
	tree      edge
	seqMu     sync.Mutex // one sequencing at a time in this process
	reactions []*reaction
	placed    atomic.Bool // all reactions have cursors
	signed    struct {
		sync.Mutex
		size int64
		at   time.Time
	}
	stop context.CancelFunc
	done sync.WaitGroup
}

// system is the actor of the sequencer and of checkpoints.
var system = who.System("journal")

// Open prepares the journal of a database: a fresh one gets its log; one whose
// head is behind the newest outside checkpoint is refused (ErrBehind).
func Open(ctx context.Context, d *db.DB, c Config) (*Journal, error) {
	j := &Journal{db: d, signer: c.Signer, outside: c.Outside, log: c.Log}
	if j.log == nil {
		j.log = slog.Default()
	}
	if err := j.begin(ctx); err != nil {
		return nil, err
	}
	if err := j.refuseFork(ctx); err != nil {
		return nil, err
	}
	return j, nil
}

// begin makes the log of a fresh database.
func (j *Journal) begin(ctx context.Context) error {
	err := j.db.Do(ctx, system, func(tx *db.Tx) error {
		var n int
		if err := tx.Row("SELECT count(*) FROM journal_head").Scan(&n); err != nil || n > 0 {
			return err
		}
		return j.newLog(tx, id.New(), 0)
	})
	if fault.Is(err, fault.Conflict) { // another node was first
		return nil
	}
	return err
}

func (j *Journal) newLog(tx *db.Tx, log id.ID, base int64) error {
	made := tx.Now().UnixMilli()
	if _, err := tx.Exec("INSERT INTO journal_log (log, base, made, mac) VALUES (?, ?, ?, ?)", log.String(), base, made, j.signer.mac("log", log, base, made)); err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM journal_head"); err != nil {
		return err
	}
	empty, err := tlog.TreeHash(0, nil)
	if err != nil {
		return err
	}
	_, err = tx.Exec("INSERT INTO journal_head (one, log, base, size, mac) VALUES (1, ?, ?, ?, ?)", log.String(), base, base, j.signer.headMAC(log, base, base, empty))
	return err
}

// Start runs the sequencer, the checkpoints and the reactions until Stop.
func (j *Journal) Start() {
	ctx, cancel := context.WithCancel(context.Background())
	j.stop = cancel
	if err := j.placeCursors(ctx); err != nil {
		j.log.Error("new reactions have no place yet; they take it with their first turn", "error", err)
	}
	j.done.Go(func() { j.sequenceLoop(ctx) })
	j.done.Go(func() { j.checkpointLoop(ctx) })
	for i, r := range j.reactions {
		turn := reactEvery * time.Duration(i) / time.Duration(len(j.reactions))
		j.done.Go(func() { j.reactLoop(ctx, r, turn) })
	}
}

// Stop ends the loops, numbers what is left and signs it.
func (j *Journal) Stop(ctx context.Context) error {
	if j.stop != nil {
		j.stop()
		j.done.Wait()
	}
	if _, err := j.Sequence(ctx); err != nil {
		return err
	}
	return j.Checkpoint(ctx)
}

// Drain numbers all facts and runs all reactions, until there is nothing left
// to do at this moment, and signs a checkpoint if the newest is a second old.
// For stepped clocks and tests, instead of Start.
func (j *Journal) Drain(ctx context.Context) error {
	if err := j.placeCursors(ctx); err != nil {
		return err
	}
	for {
		n, err := j.Sequence(ctx)
		if err != nil {
			return err
		}
		m, err := j.reactAll(ctx)
		if err != nil {
			return err
		}
		if n+m == 0 {
			break
		}
	}
	if j.db.Now().Sub(j.lastSigned()) < time.Second {
		return nil
	}
	return j.Checkpoint(ctx)
}

var errNoHead = errors.New("the journal has no head: the database was not made by mingfa")
