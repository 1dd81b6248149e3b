package journal

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/fail"
	"mingfa/internal/base/id"
)

// The sequencer gives committed facts their leaf numbers. Whoever holds the row
// journal_head numbers; on PostgreSQL any node may try and one succeeds, on
// SQLite there is one writer anyway. A visible fact of rev n implies a visible
// fact of rev n-1 of the same subject, so ordering by subject and rev within
// what is visible never puts a later rev first.

// sequenceEvery is how often the sequencer looks (SPINES.md); each look is a
// transaction.
const sequenceEvery = 20 * time.Millisecond

// sequenceBatch is how many facts get numbers in one transaction.
const sequenceBatch = 300

type head struct {
	log        id.ID
	base, size int64
}

// readHead reads the head; with lock it is held until the transaction ends, and
// ok is false when another node holds it.
func readHead(tx *db.Tx, lock bool) (h head, ok bool, err error) {
	q := "SELECT log, base, size FROM journal_head WHERE one = 1"
	if lock && tx.Postgres() {
		q += " FOR UPDATE SKIP LOCKED"
	}
	err = tx.Row(q).Scan(&h.log, &h.base, &h.size)
	if err == sql.ErrNoRows {
		if lock && tx.Postgres() {
			return h, false, nil
		}
		return h, false, errNoHead
	}
	return h, err == nil, err
}

// Sequence numbers all facts that have none and tells how many it numbered.
func (j *Journal) Sequence(ctx context.Context) (total int, err error) {
	if idle, err := j.nothingWaits(ctx); idle || err != nil {
		return 0, err
	}
	return j.sequence(ctx)
}

// sequence is Sequence where some fact waits, most likely.
func (j *Journal) sequence(ctx context.Context) (total int, err error) {
	for {
		n, err := j.sequenceSome(ctx)
		total += n
		if err != nil || n < sequenceBatch {
			return total, err
		}
	}
}

func (j *Journal) sequenceSome(ctx context.Context) (n int, err error) {
	j.seqMu.Lock()
	defer j.seqMu.Unlock()
	ran := false
	err = j.db.Do(ctx, system, func(tx *db.Tx) error {
		if ran {
			j.tree = edge{} // it has grown by what was rolled back
		}
		n, ran = 0, true
		h, ok, err := readHead(tx, true)
		if err != nil || !ok {
			return err
		}
		n, err = j.number(tx, h)
		return err
	})
	if err != nil {
		j.tree = edge{}
		return 0, fmt.Errorf("number the facts: %w", err)
	}
	return n, nil
}

// nothingWaits looks before the head is locked: on PostgreSQL a lock alone makes
// a commit that waits for the disk. On SQLite a commit without changes is free.
func (j *Journal) nothingWaits(ctx context.Context) (idle bool, err error) {
	if !j.db.Postgres() {
		return false, nil
	}
	err = j.db.Look(ctx, system, func(tx *db.Tx) error {
		return tx.Row("SELECT NOT EXISTS (SELECT 1 FROM journal_fact WHERE leaf IS NULL)").Scan(&idle)
	})
	return idle, err
}

// waitingFact is a fact without a number.
type waitingFact struct {
	subject string
	rev     int64
	row     int64 // SQLite's rowid
	body    []byte
}

func (j *Journal) number(tx *db.Tx, h head) (int, error) {
	if err := j.tree.load(tx, h); err != nil {
		return 0, err
	}
	facts, err := waiting(tx, j.tree.row)
	if err != nil || len(facts) == 0 {
		return 0, err
	}
	bodies := make([][]byte, len(facts))
	for i, f := range facts {
		bodies[i] = f.body
	}
	if err := setLeaves(tx, facts, h.size); err != nil {
		return 0, err
	}
	fail.Point("journal.sequence")
	changed, err := j.tree.add(tx, bodies)
	if err != nil {
		return 0, err
	}
	if err := saveChunks(tx, h.log, changed); err != nil {
		return 0, err
	}
	fail.Point("journal.seal")
	size := h.size + int64(len(facts))
	root, err := j.tree.root(tx)
	if err != nil {
		return 0, err
	}
	if err := tx.Later(nil, "UPDATE journal_head SET size = ?, mac = ? WHERE one = 1", size, j.signer.headMAC(h.log, h.base, size, root)); err != nil {
		return 0, err
	}
	for _, f := range facts {
		j.tree.row = max(j.tree.row, f.row)
	}
	tx.Hint(topicLeaves, size)
	return len(facts), nil
}

// waiting reads facts without a number, sorted by subject and rev. On SQLite
// rows are committed in the order in which they are inserted, so those behind
// the last one that was numbered (row) are all; on PostgreSQL an index keeps
// them.
func waiting(tx *db.Tx, row int64) ([]waitingFact, error) {
	query, args := "SELECT subject, rev, rowid, body FROM journal_fact WHERE rowid > ? ORDER BY rowid LIMIT ?", []any{row, sequenceBatch}
	if tx.Postgres() {
		query, args = "SELECT subject, rev, 0, body FROM journal_fact WHERE leaf IS NULL ORDER BY subject, rev LIMIT ?", []any{sequenceBatch}
	}
	rows, err := tx.Rows(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var out []waitingFact
	for rows.Next() {
		var f waitingFact
		if err := rows.Scan(&f.subject, &f.rev, &f.row, &f.body); err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	slices.SortFunc(out, func(a, b waitingFact) int {
		return cmp.Or(cmp.Compare(a.subject, b.subject), cmp.Compare(a.rev, b.rev))
	})
	return out, rows.Err()
}

// lastNumbered is the last row that has a number, on SQLite. Batches are
// numbered whole, in the order of rows: it is among the newest leaves.
func lastNumbered(tx *db.Tx, size int64) (row int64, err error) {
	if tx.Postgres() {
		return 0, nil
	}
	err = tx.Row("SELECT coalesce(max(rowid), 0) FROM journal_fact WHERE leaf >= ?", size-20*sequenceBatch).Scan(&row)
	return row, err
}

// setLeaves numbers the facts from a leaf on.
func setLeaves(tx *db.Tx, facts []waitingFact, from int64) error {
	if tx.Postgres() {
		return setLeavesPostgres(tx, facts, from)
	}
	for i, f := range facts {
		// OR FAIL as in the table's trigger: no journal for each statement
		if _, err := tx.Exec("UPDATE OR FAIL journal_fact SET leaf = ? WHERE rowid = ?", from+int64(i), f.row); err != nil {
			return err
		}
	}
	return nil
}

// setLeavesPostgres numbers all in one statement. Its plan is made once and kept,
// perhaps while the table is small: only row by row through the primary key
// stays right when it has grown.
func setLeavesPostgres(tx *db.Tx, facts []waitingFact, from int64) error {
	subjects, revs := make([]string, len(facts)), make([]int64, len(facts))
	for i, f := range facts {
		subjects[i], revs[i] = f.subject, f.rev
	}
	for _, join := range []string{"hashjoin", "mergejoin"} {
		if err := tx.Later(nil, "SET LOCAL enable_"+join+" = off"); err != nil {
			return err
		}
	}
	return tx.Later(nil, `UPDATE journal_fact f SET leaf = ? + t.n - 1
		FROM unnest(?::uuid[], ?::bigint[]) WITH ORDINALITY AS t (subject, rev, n)
		WHERE f.subject = t.subject AND f.rev = t.rev`, from, subjects, revs)
}

// sequenceLoop numbers whenever this process wrote facts, at most every
// sequenceEvery, and looks by itself now and then for a node that died between
// its commit and its numbering.
func (j *Journal) sequenceLoop(ctx context.Context) {
	wake, stop := j.db.Watch(topicFacts)
	defer stop()
	pace := time.NewTicker(sequenceEvery)
	defer pace.Stop()
	look := time.NewTicker(500 * time.Millisecond)
	defer look.Stop()
	for {
		run := j.sequence
		select {
		case <-ctx.Done():
			return
		case <-look.C:
			run = j.Sequence
		case <-wake:
		}
		if _, err := run(ctx); err != nil && ctx.Err() == nil {
			j.log.Error("the sequencer could not number facts; it tries again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-pace.C:
		}
	}
}
