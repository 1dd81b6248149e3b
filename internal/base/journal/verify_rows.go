package journal

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/seal"
)

// maxUnsealed is the longest that facts may have waited for a signature beside
// younger ones. A crash leaves a second of them; more means that checkpoints
// were taken away.
const maxUnsealed = time.Minute

// readLogs reads the logs in order; the last one is the present one and ends at
// the head.
func readLogs(tx *db.Tx) ([]logState, error) {
	h, _, err := readHead(tx, false)
	if err != nil {
		return nil, fmt.Errorf("journal_head: %w", err)
	}
	rows, err := tx.Rows("SELECT log, base, made, mac FROM journal_log ORDER BY base")
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var all []logState
	for rows.Next() {
		var l logState
		if err := rows.Scan(&l.log, &l.base, &l.made, &l.mac); err != nil {
			return nil, fmt.Errorf("journal_log: a row can't be read: %w", err)
		}
		if n := len(all); n > 0 {
			all[n-1].end = l.base
		} else if l.base != 0 {
			return nil, fmt.Errorf("journal_log: the first log begins at %d, not at 0", l.base)
		}
		l.next = l.base
		all = append(all, l)
	}
	if err := rows.Err(); err != nil || len(all) == 0 {
		return nil, errors.Join(err, fmt.Errorf("journal_log: %w", errNoHead))
	}
	last := &all[len(all)-1]
	last.end = h.size
	if last.log != h.log || last.base != h.base || h.size < h.base {
		return nil, fmt.Errorf("journal_head names log %s from %d to %d, the newest row of journal_log is %s from %d", h.log, h.base, h.size, last.log, last.base)
	}
	return all, nil
}

// trees checks of each log its row, why it was opened, its stored hashes and
// its checkpoints.
func (v *verifier) trees(tx *db.Tx) error {
	for i := range v.logs {
		l := &v.logs[i]
		if v.Signer != nil && !seal.Same(l.mac, v.Signer.mac("log", l.log, l.base, l.made)) {
			return fmt.Errorf("journal_log: the row of log %s was changed", l.log)
		}
		if err := storedTree(tx, l); err != nil {
			return err
		}
		if err := v.checkpoints(tx, l); err != nil {
			return err
		}
		if i > 0 {
			if err := v.opened(&v.logs[i-1], l); err != nil {
				return err
			}
		}
	}
	return nil
}

// opened checks that a later log says what was lost of the one before it.
func (v *verifier) opened(before, l *logState) error {
	var r Reopened
	if l.first.Kind != r.Kind() {
		return fmt.Errorf("journal_log: log %s does not begin by saying what was lost", l.log)
	}
	if err := l.first.Decode(&r); err != nil {
		return err
	}
	if r.Log != before.log || r.LostFrom != before.tree.n {
		return fmt.Errorf("journal_log: log %s says that %d facts of log %s are kept, here are %d of log %s", l.log, r.LostFrom, r.Log, before.tree.n, before.log)
	}
	v.result.Lost = append(v.result.Lost, r)
	return nil
}

// checkpoints checks all signed notes of a log.
func (v *verifier) checkpoints(tx *db.Tx, l *logState) error {
	rows, err := tx.Rows("SELECT size, at, note FROM journal_checkpoint WHERE log = ? ORDER BY size", l.log.String())
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		var size, at int64
		var signed string
		if err := rows.Scan(&size, &at, &signed); err != nil {
			return fmt.Errorf("journal_checkpoint: a row can't be read: %w", err)
		}
		c, err := ParseCheckpoint(signed, v.key)
		if err != nil {
			return fmt.Errorf("journal_checkpoint at %d: %w", size, err)
		}
		if c.Size != size || c.At.UnixMilli() != at || c.Log != l.log {
			return fmt.Errorf("journal_checkpoint at %d: its columns are not those of its note", size)
		}
		if err := l.tree.matches(c); err != nil {
			return fmt.Errorf("journal_checkpoint at %d: %w", size, err)
		}
		l.signed, l.signedAt = c.Size, c.At
	}
	return rows.Err()
}

// head checks that the head was made for this tree by the holder of the key.
func (v *verifier) head(tx *db.Tx) error {
	l := &v.logs[len(v.logs)-1]
	root, err := tlog.TreeHash(l.tree.n, &l.tree)
	if err != nil {
		return err
	}
	v.result.Root = root
	v.result.Unsealed += l.tree.n - l.signed
	if v.Signer == nil {
		return nil
	}
	var mac []byte
	if err := tx.Row("SELECT mac FROM journal_head").Scan(&mac); err != nil {
		return fmt.Errorf("journal_head: %w", err)
	}
	if !seal.Same(mac, v.Signer.headMAC(l.log, l.base, l.end, root)) {
		return fmt.Errorf("journal_head: it was not made by the holder of the key for these %d facts", l.tree.n)
	}
	return nil
}

// unsigned refuses facts that should have been signed long ago.
func (v *verifier) unsigned(tx *db.Tx) error {
	l := &v.logs[len(v.logs)-1]
	if l.base+l.signed >= l.end {
		return nil
	}
	var at int64
	if err := tx.Row("SELECT at FROM journal_fact WHERE leaf = ?", l.base+l.signed).Scan(&at); err != nil {
		return err
	}
	if v.newest.Sub(time.UnixMilli(at)) > maxUnsealed {
		return fmt.Errorf("journal_checkpoint: facts from %d on are under no checkpoint, checkpoints were taken away", l.base+l.signed)
	}
	return nil
}

// outside compares the checkpoints kept outside. One that has seen more than
// there is must be older than an accepted loss that says so, signed.
func (v *verifier) outside(*db.Tx) error {
	for _, c := range v.Outside {
		l := v.find(c.Log)
		if l != nil && c.Size <= l.tree.n {
			if err := l.tree.matches(c); err != nil {
				return fmt.Errorf("journal_fact, by a checkpoint kept outside: %w", err)
			}
			continue
		}
		if v.excused(c, l != nil) {
			continue
		}
		if l == nil {
			return fmt.Errorf("journal_log: a checkpoint kept outside is of log %s, which is not here", c.Log)
		}
		return fmt.Errorf("journal_fact, by a checkpoint kept outside: %w", l.tree.matches(c))
	}
	return nil
}

func (v *verifier) find(log id.ID) *logState {
	for i := range v.logs {
		if v.logs[i].log == log {
			return &v.logs[i]
		}
	}
	return nil
}

// excused tells whether a later log owns up to what the checkpoint has seen.
func (v *verifier) excused(c Checkpoint, here bool) bool {
	for i, r := range v.result.Lost { // Lost[i] opened logs[i+1]
		l := &v.logs[i+1]
		if l.signed > 0 && !c.At.After(l.first.At) && (!here || r.Log == c.Log) {
			return true
		}
	}
	return false
}

// bookkeeping checks rows of unknown logs, cursors and parked facts.
func (v *verifier) bookkeeping(tx *db.Tx) error {
	for table, query := range map[string]string{
		"journal_checkpoint": "SELECT count(*) FROM journal_checkpoint WHERE log NOT IN (SELECT log FROM journal_log)",
		"journal_hash":       "SELECT count(*) FROM journal_hash WHERE log NOT IN (SELECT log FROM journal_log)",
		"journal_head":       "SELECT count(*) - 1 FROM journal_head",
	} {
		var n int64
		if err := tx.Row(query).Scan(&n); err != nil {
			return err
		}
		if n != 0 {
			return fmt.Errorf("%s: %d rows of a log that is not here", table, n)
		}
	}
	if v.Signer == nil {
		return nil
	}
	if err := v.cursors(tx); err != nil {
		return err
	}
	return v.parked(tx)
}

func (v *verifier) cursors(tx *db.Tx) error {
	rows, err := tx.Rows("SELECT name, leaf, mac FROM journal_cursor")
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	end := v.logs[len(v.logs)-1].end
	for rows.Next() {
		var name string
		var leaf int64
		var mac []byte
		if err := rows.Scan(&name, &leaf, &mac); err != nil {
			return fmt.Errorf("journal_cursor: a row can't be read: %w", err)
		}
		if !seal.Same(mac, v.Signer.mac("cursor", name, leaf)) {
			return fmt.Errorf("journal_cursor: the row of reaction %s was changed", name)
		}
		if leaf > end {
			return fmt.Errorf("journal_cursor: reaction %s has seen %d facts, there are only %d", name, leaf, end)
		}
	}
	return rows.Err()
}

func (v *verifier) parked(tx *db.Tx) error {
	rows, err := tx.Rows("SELECT reaction, leaf, subject, tries, next_at, error, mac FROM journal_parked")
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		var reaction, why string
		var leaf, next int64
		var tries int
		var subject id.ID
		var mac []byte
		if err := rows.Scan(&reaction, &leaf, &subject, &tries, &next, &why, &mac); err != nil {
			return fmt.Errorf("journal_parked: a row can't be read: %w", err)
		}
		if !seal.Same(mac, v.Signer.mac("parked", reaction, leaf, subject, tries, next, why)) {
			return fmt.Errorf("journal_parked: the row of fact %d and reaction %s was changed", leaf, reaction)
		}
	}
	return rows.Err()
}

// storedTree compares the stored hashes with those of the facts, no more and no
// less.
func storedTree(tx *db.Tx, l *logState) error {
	rows, err := tx.Rows("SELECT chunk, data FROM journal_hash WHERE log = ? ORDER BY chunk", l.log.String())
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	next := int64(0)
	for rows.Next() {
		var c int64
		var b sql.RawBytes
		if err := rows.Scan(&c, &b); err != nil {
			return fmt.Errorf("journal_hash: a row can't be read: %w", err)
		}
		if c != next {
			return fmt.Errorf("journal_hash: chunk %d is missing", next)
		}
		want := l.tree.chunk(c)
		for i := 0; i+tlog.HashSize <= min(len(b), len(want)); i += tlog.HashSize {
			if !bytes.Equal(b[i:i+tlog.HashSize], want[i:i+tlog.HashSize]) {
				return l.differs(c, c*chunkHashes+int64(i/tlog.HashSize))
			}
		}
		if len(b) != len(want) || len(want) == 0 {
			return fmt.Errorf("journal_hash: chunk %d has %d bytes, the facts need %d", c, len(b), len(want))
		}
		next++
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if len(l.tree.chunk(next)) > 0 {
		return fmt.Errorf("journal_hash: chunk %d is missing", next)
	}
	return nil
}

// differs names what belongs to a stored hash that is not that of the facts.
func (l *logState) differs(chunk, index int64) error {
	if level, n := tlog.SplitStoredHashIndex(index); level == 0 {
		return fmt.Errorf("journal_fact: fact %d: its bytes are not those that were hashed (or its hash in chunk %d of journal_hash was changed)", l.base+n, chunk)
	}
	return fmt.Errorf("journal_hash: chunk %d is not the tree of the facts", chunk)
}
