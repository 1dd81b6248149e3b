package journal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/fail"
	"mingfa/internal/base/id"
	"mingfa/internal/base/who"
)

// A reaction follows the log with a cursor. The cursor moves in the transaction
// of the effects, so each fact has its effect exactly once, whichever node ran
// it and however often it died. A fact that fails is parked with its error;
// later facts of the same subject wait behind it, others go on. Effects outside
// the database leave by notify with a stable key: at least once.

// From says where a new reaction begins.
type From bool

// Where a new reaction begins. It matters only for the first start under a
// name; names are permanent.
const (
	Start From = false // with the first fact of all time
	Head  From = true  // with what is written from now on
)

// The limits of one batch, and of patience.
const (
	reactBatch  = 100                    // facts of its kinds in one transaction
	reactMany   = 400                    // on PostgreSQL: a batch has six round trips, however large
	reactChunk  = 32                     // facts that are taken together
	reactChunks = 128                    // on PostgreSQL, where a statement costs more than a fact
	reactEvery  = 100 * time.Millisecond // at most so often a hint is followed: a batch costs a commit
	reactWork   = 8 * time.Millisecond   // on SQLite, where all writers wait meanwhile
	reactOwn    = 100 * time.Millisecond // on PostgreSQL, in a transaction of its own
	reactFar    = 1000                   // so far a cursor may stay behind if none of the facts is of its kinds
	reactIdle   = time.Second            // and so long
	alarmAfter  = 3
	retryLonger = 5 * time.Minute
)

type reaction struct {
	name  string
	from  From
	kinds []string
	actor who.Actor
	chunk int // so many facts are given to fn at once
	fn    func(tx *db.Tx, facts []Fact) error
}

// React wires a reaction to facts of some kinds. fn writes only through tx and
// is one call. Call it before Start.
func (j *Journal) React(name string, from From, kinds []string, fn func(tx *db.Tx, f Fact) error) {
	j.react(&reaction{name, from, kinds, who.System(name), 1, func(tx *db.Tx, facts []Fact) error { return fn(tx, facts[0]) }})
}

// ReactTogether is React for an fn that takes several facts at once, in their
// order, because it reads and writes less that way than one by one. Should they
// fail together they come again, each by itself.
func (j *Journal) ReactTogether(name string, from From, kinds []string, fn func(tx *db.Tx, facts []Fact) error) {
	j.react(&reaction{name, from, kinds, who.System(name), reactChunk, fn})
}

func (j *Journal) react(r *reaction) {
	if slices.Contains(j.Reactions(), r.name) {
		panic("journal: reaction " + r.name + " is wired twice")
	}
	for _, k := range r.kinds {
		if !known(k) {
			panic("journal: reaction " + r.name + " to unknown kind " + k)
		}
	}
	j.reactions = append(j.reactions, r)
}

// Reactions are the names of all wired reactions.
func (j *Journal) Reactions() (names []string) {
	for _, r := range j.reactions {
		names = append(names, r.name)
	}
	return names
}

func (j *Journal) reactAll(ctx context.Context) (total int, err error) {
	for _, r := range j.reactions {
		for {
			n, err := j.reactSome(ctx, r, false)
			if err != nil {
				return total, err
			}
			if n == 0 {
				break
			}
			total += n
		}
	}
	return total, nil
}

// reactSome moves one reaction on by at most a batch; 0 means it is at the head
// (or another node has it) and nothing parked is due. A patient one does not move
// over facts that are not its own.
func (j *Journal) reactSome(ctx context.Context, r *reaction, patient bool) (n int, err error) {
	ahead, idle, err := j.lookAhead(ctx, r, patient)
	if idle || err != nil {
		return 0, err
	}
	err = j.db.Do(ctx, r.actor, func(tx *db.Tx) error {
		n = 0
		at, ok, err := j.lock(tx, r)
		if err != nil || !ok {
			return err
		}
		retried := 0
		if at.parked {
			if retried, err = j.retryParked(tx, r); err != nil {
				return err
			}
		}
		next, err := j.follow(tx, r, at, ahead)
		if err != nil {
			return err
		}
		n = retried + int(next-at.leaf)
		if next == at.leaf {
			return nil
		}
		fail.Point("journal.reaction")
		return tx.Later(nil, "UPDATE journal_cursor SET leaf = ?, mac = ? WHERE name = ?", next, j.signer.mac("cursor", r.name, next), r.name)
	})
	if err != nil {
		return 0, fmt.Errorf("reaction %s: %w", r.name, err)
	}
	return n, nil
}

// place makes the cursors of new reactions, so that "from now on" means from
// this start and not from when their first turn comes.
func (j *Journal) placeCursors(ctx context.Context) error {
	if j.placed.Load() {
		return nil
	}
	for _, r := range j.reactions {
		err := j.db.Do(ctx, r.actor, func(tx *db.Tx) error { _, _, err := j.lock(tx, r); return err })
		if err != nil {
			return fmt.Errorf("reaction %s: %w", r.name, err)
		}
	}
	j.placed.Store(true)
	return nil
}

// ahead are facts of a reaction's kinds that were read before its turn: all there
// are from its cursor to end. What has a number never changes.
type ahead struct {
	from, end int64
	facts     []Fact
}

// lookAhead looks before the cursor is locked, as nothingWaits does: moving it
// costs a commit. On SQLite it also reads the facts, so that the other writers
// don't wait for that; on PostgreSQL it would be one more round trip.
func (j *Journal) lookAhead(ctx context.Context, r *reaction, patient bool) (a ahead, idle bool, err error) {
	var size int64
	var parked, some bool
	err = j.db.Look(ctx, r.actor, func(tx *db.Tx) error {
		now := tx.Now().UnixMilli()
		if tx.Postgres() {
			return tx.Row(`SELECT c.leaf, h.size, EXISTS (SELECT 1 FROM journal_parked p WHERE p.reaction = c.name AND p.next_at <= ?),
				EXISTS (SELECT 1 FROM journal_fact f WHERE f.leaf >= c.leaf AND f.leaf < c.leaf + ? AND f.kind = ANY (?))
				FROM journal_cursor c, journal_head h WHERE c.name = ? AND h.one = 1`, now, reactFar, r.kinds, r.name).Scan(&a.from, &size, &parked, &some)
		}
		err := tx.Row(`SELECT c.leaf, h.size, EXISTS (SELECT 1 FROM journal_parked p WHERE p.reaction = c.name AND p.next_at <= ?)
			FROM journal_cursor c, journal_head h WHERE c.name = ? AND h.one = 1`, now, r.name).Scan(&a.from, &size, &parked)
		if err != nil || a.from >= size {
			return err
		}
		a.end = min(size, a.from+reactFar)
		a.facts, err = between(tx, r.kinds, a.from, a.end, reactBatch)
		if n := len(a.facts); n == reactBatch {
			a.end = a.facts[n-1].Leaf + 1
		}
		some = len(a.facts) > 0
		return err
	})
	if db.NotFound(err) {
		return ahead{}, false, nil // its first time
	}
	behind := size - a.from
	waits := behind > 0 && (!patient || r.kinds == nil) || behind >= reactFar
	return a, !waits && !some && !parked, err
}

// place is where a reaction stands.
type place struct {
	leaf   int64 // the next fact to look at
	size   int64 // the facts there are
	parked bool  // some are parked
}

// lock takes the cursor. What else there is must be looked at behind the lock: a
// statement sees all tables as they were when it began, and another node may
// have parked a fact since.
func (j *Journal) lock(tx *db.Tx, r *reaction) (at place, ok bool, err error) {
	q := "SELECT leaf FROM journal_cursor WHERE name = ?"
	if tx.Postgres() {
		q += " FOR UPDATE SKIP LOCKED"
	}
	found := tx.Row(q, r.name).Scan(&at.leaf)
	if found != nil && found != sql.ErrNoRows {
		return at, false, found
	}
	err = tx.Row(`SELECT h.size, EXISTS (SELECT 1 FROM journal_parked p WHERE p.reaction = ?) FROM journal_head h WHERE h.one = 1`, r.name).Scan(&at.size, &at.parked)
	if err != nil || found == nil {
		return at, err == nil, err
	}
	if r.from == Head {
		at.leaf = at.size
	}
	res, err := tx.Exec("INSERT INTO journal_cursor (name, leaf, mac) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING", r.name, at.leaf, j.signer.mac("cursor", r.name, at.leaf))
	if err != nil {
		return at, false, err
	}
	made, err := res.RowsAffected()
	return at, made == 1, err // not made: another node holds it
}

// follow runs the facts behind the cursor and returns the new cursor.
func (j *Journal) follow(tx *db.Tx, r *reaction, at place, read ahead) (int64, error) {
	cursor, end, facts := at.leaf, read.end, read.facts
	if read.from != cursor || end <= cursor {
		most, _ := patience(tx)
		if end = min(at.size, cursor+most); end <= cursor {
			return cursor, nil
		}
		var err error
		if facts, err = between(tx, r.kinds, cursor, end, unlimited); err != nil {
			return cursor, err
		}
	}
	blocked, err := map[id.ID]bool{}, error(nil)
	if at.parked {
		if blocked, err = r.blocked(tx); err != nil {
			return cursor, err
		}
	}
	next, failed := r.together(tx, facts, blocked, end)
	if failed == nil || db.Again(failed) {
		return next, failed
	}
	start := time.Now()
	for i, f := range facts {
		if i > 0 && tired(tx, start) {
			return f.Leaf, nil
		}
		if blocked[f.Subject] {
			if err := j.park(tx, r, f, 0, "waits behind an earlier fact"); err != nil {
				return cursor, err
			}
			continue
		}
		parked, err := j.once(tx, r, f, 0)
		if err != nil {
			return cursor, err
		}
		if parked {
			blocked[f.Subject] = true
		}
	}
	return end, nil
}

// errBlocked says that a batch holds a fact that must wait.
var errBlocked = errors.New("a fact waits behind an earlier one")

// together runs facts in one savepoint, which is quicker than one each. If any
// fails nothing is done, and they are run one by one.
func (r *reaction) together(tx *db.Tx, facts []Fact, blocked map[id.ID]bool, end int64) (next int64, err error) {
	if slices.ContainsFunc(facts, func(f Fact) bool { return blocked[f.Subject] }) {
		return 0, errBlocked
	}
	err = tx.Savepoint(func() error {
		start := time.Now()
		for part := range slices.Chunk(facts, r.size(tx)) {
			if part[0].Leaf != facts[0].Leaf && tired(tx, start) {
				next = part[0].Leaf
				return nil
			}
			if err := r.fn(tx, part); err != nil {
				return err
			}
		}
		next = end
		return nil
	})
	return next, err
}

// size is how many facts fn is given at once.
func (r *reaction) size(tx *db.Tx) int {
	if r.chunk > 1 && tx.Postgres() {
		return reactChunks
	}
	return r.chunk
}

// patience is how many facts, and how long, a batch may take.
func patience(tx *db.Tx) (facts int64, work time.Duration) {
	if tx.Postgres() {
		return reactMany, reactOwn
	}
	return reactBatch, reactWork
}

// tired tells whether a batch that began at start has worked long enough.
func tired(tx *db.Tx, start time.Time) bool {
	_, most := patience(tx)
	return time.Since(start) > most
}

// once runs one fact; a failure parks it and is no error of the batch, unless
// the database wants the whole transaction again.
func (j *Journal) once(tx *db.Tx, r *reaction, f Fact, tries int) (parked bool, err error) {
	failed := tx.Savepoint(func() error { return r.fn(tx, []Fact{f}) })
	if failed == nil {
		return false, nil
	}
	if db.Again(failed) {
		return false, failed
	}
	tries++
	if tries >= alarmAfter {
		j.log.Error("a reaction keeps failing on a fact", "reaction", r.name, "kind", f.Kind, "leaf", f.Leaf, "tries", tries, "error", failed)
	}
	return true, j.park(tx, r, f, tries, failed.Error())
}

func (j *Journal) park(tx *db.Tx, r *reaction, f Fact, tries int, why string) error {
	next := tx.Now().Add(min(time.Second<<min(tries, 10), retryLonger)).UnixMilli()
	why = strings.ToValidUTF8(why[:min(len(why), 500)], "")
	return j.saveParked(tx, r.name, f.Leaf, f.Subject, tries, next, why)
}

func (j *Journal) saveParked(tx *db.Tx, reaction string, leaf int64, subject id.ID, tries int, next int64, why string) error {
	return tx.Later(nil, `INSERT INTO journal_parked (reaction, leaf, subject, tries, next_at, error, mac) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (reaction, leaf) DO UPDATE SET tries = excluded.tries, next_at = excluded.next_at, error = excluded.error, mac = excluded.mac`,
		reaction, leaf, subject.String(), tries, next, why, j.signer.mac("parked", reaction, leaf, subject, tries, next, why))
}

// blocked are the subjects with a parked fact.
func (r *reaction) blocked(tx *db.Tx) (map[id.ID]bool, error) {
	rows, err := tx.Rows("SELECT DISTINCT subject FROM journal_parked WHERE reaction = ?", r.name)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	out := map[id.ID]bool{}
	for rows.Next() {
		var s id.ID
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out[s] = true
	}
	return out, rows.Err()
}

// retryParked tries the oldest parked fact whose time has come and that is the
// first of its subject. One at a time: a poison fact must not hold the others.
func (j *Journal) retryParked(tx *db.Tx, r *reaction) (int, error) {
	var leaf int64
	var tries int
	err := tx.Row(`SELECT p.leaf, p.tries FROM journal_parked p WHERE p.reaction = ? AND p.next_at <= ?
		AND NOT EXISTS (SELECT 1 FROM journal_parked q WHERE q.reaction = p.reaction AND q.subject = p.subject AND q.leaf < p.leaf)
		ORDER BY p.next_at LIMIT 1`, r.name, tx.Now().UnixMilli()).Scan(&leaf, &tries)
	if err == sql.ErrNoRows {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	facts, err := between(tx, nil, leaf, leaf+1, unlimited)
	if err != nil || len(facts) != 1 {
		return 0, fmt.Errorf("read parked fact %d: %w", leaf, err)
	}
	parked, err := j.once(tx, r, facts[0], tries)
	if err != nil {
		return 0, err
	}
	if parked {
		return 1, nil // its time has moved on: others may be due
	}
	if _, err := tx.Exec("DELETE FROM journal_parked WHERE reaction = ? AND leaf = ?", r.name, leaf); err != nil {
		return 0, err
	}
	return 1, j.hurry(tx, r, facts[0].Subject)
}

// hurry lets the next parked fact of a subject be tried at once.
func (j *Journal) hurry(tx *db.Tx, r *reaction, subject id.ID) error {
	var leaf int64
	var tries int
	var why string
	err := tx.Row("SELECT leaf, tries, error FROM journal_parked WHERE reaction = ? AND subject = ? ORDER BY leaf LIMIT 1", r.name, subject.String()).Scan(&leaf, &tries, &why)
	if err == sql.ErrNoRows {
		return nil
	}
	if err != nil {
		return err
	}
	return j.saveParked(tx, r.name, leaf, subject, tries, tx.Now().UnixMilli(), why)
}

// Parked is one fact that a reaction could not take yet.
type Parked struct {
	Reaction string
	Leaf     int64
	Tries    int
	Error    string
}

// Stuck lists what reactions could not take after three tries, for operators.
func Stuck(tx *db.Tx) ([]Parked, error) {
	rows, err := tx.Rows("SELECT reaction, leaf, tries, error FROM journal_parked WHERE tries >= ? ORDER BY reaction, leaf LIMIT 200", alarmAfter)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var out []Parked
	for rows.Next() {
		var p Parked
		if err := rows.Scan(&p.Reaction, &p.Leaf, &p.Tries, &p.Error); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, rows.Err()
}

// reactLoop runs a reaction whenever facts have got their numbers. All hear of them at
// the same moment: each keeps to its own turn within reactEvery, so that they don't all
// stand before the other writers together.
func (j *Journal) reactLoop(ctx context.Context, r *reaction, turn time.Duration) {
	select {
	case <-ctx.Done():
		return
	case <-time.After(turn):
	}
	wake, stop := j.db.Watch(topicLeaves)
	defer stop()
	every := time.Second
	if j.db.Postgres() {
		every = 200 * time.Millisecond // another node may have numbered
	}
	look := time.NewTicker(every)
	defer look.Stop()
	pace := time.NewTicker(reactEvery)
	defer pace.Stop()
	var moved time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-wake:
		case <-look.C:
		}
		for ctx.Err() == nil {
			n, err := j.reactSome(ctx, r, time.Since(moved) < reactIdle)
			if n > 0 {
				moved = time.Now()
			}
			if err != nil && ctx.Err() == nil {
				j.log.Error("a reaction could not go on; it tries again", "reaction", r.name, "error", err)
			}
			if n == 0 || err != nil {
				break
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-pace.C:
		}
	}
}
