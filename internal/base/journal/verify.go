package journal

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/seal"
)

// Replay computes a room's rows again from the facts. Kinds says which facts it
// wants; Compare is called after the last one and returns the first row that is
// not what the facts say.
type Replay interface {
	Kinds() []string
	Apply(f Fact) error
	Compare(tx *db.Tx) error
}

// Audit is what Verify is to check, and against what.
type Audit struct {
	DB      *db.DB
	Keys    *seal.Keys    // nil: contents are not checked
	Public  string        // verifier key; "": signatures are not checked
	Signer  *Signer       // nil: the journal's bookkeeping rows are not checked
	Outside []Checkpoint  // checkpoints kept outside, signatures already checked
	Replays []Replay      // rooms whose rows are compared
	Tick    func(n int64) // told now and then how many facts are done; may be nil
}

// Result is what Verify counted.
type Result struct {
	Facts, Unsealed int64
	Root            tlog.Hash // of the present log
	Content         map[seal.State]int
}

// maxUnsealed is the longest that facts may have waited for a signature beside
// younger ones. A crash leaves a second of them; more means that checkpoints
// were taken away.
const maxUnsealed = time.Minute

// Verify reads the whole journal and returns the first thing that does not hold.
func Verify(ctx context.Context, a Audit) (r Result, err error) {
	v := &verifier{Audit: a, ctx: ctx, revs: map[id.ID]int64{}, claims: map[id.ID][32]byte{}, wants: map[string][]Replay{}}
	for _, p := range a.Replays {
		for _, k := range p.Kinds() {
			v.wants[k] = append(v.wants[k], p)
		}
	}
	if a.Public != "" {
		if v.key, err = note.NewVerifier(a.Public); err != nil {
			return r, fmt.Errorf("the key is not a verifier key: %w", err)
		}
	}
	// A snapshot of a View lasts 30 s; a long log is read in parts, each of them
	// complete, because leaves are never changed.
	if err := v.logs(); err != nil {
		return v.result, err
	}
	if err := v.inView(v.bookkeeping); err != nil {
		return v.result, err
	}
	if err := v.contents(); err != nil {
		return v.result, err
	}
	for _, p := range a.Replays {
		if err := v.inView(p.Compare); err != nil {
			return v.result, err
		}
	}
	return v.result, nil
}

type verifier struct {
	Audit
	ctx    context.Context
	key    note.Verifier
	revs   map[id.ID]int64
	claims map[id.ID][32]byte
	wants  map[string][]Replay
	result Result
	newest time.Time // at of the youngest fact
	buf    []byte
}

func (v *verifier) inView(fn func(tx *db.Tx) error) error { return v.DB.View(v.ctx, system, fn) }

// logRow is one log: present is true for the one that grows.
type logRow struct {
	log       id.ID
	base, end int64
	made      int64
	mac       []byte
	present   bool
}

func (v *verifier) logs() error {
	var all []logRow
	if err := v.inView(func(tx *db.Tx) (err error) { all, err = readLogs(tx); return err }); err != nil {
		return err
	}
	for i, l := range all {
		if i == 0 && l.base != 0 {
			return fmt.Errorf("the first log begins at %d, not at 0", l.base)
		}
		if v.Signer != nil && !seal.Same(l.mac, v.Signer.mac("log", l.log, l.base, l.made)) {
			return fmt.Errorf("journal_log: the row of log %s was changed", l.log)
		}
		if err := v.log(l); err != nil {
			return err
		}
	}
	return v.inView(v.unnumbered)
}

func readLogs(tx *db.Tx) ([]logRow, error) {
	h, _, err := readHead(tx, false)
	if err != nil {
		return nil, fmt.Errorf("journal_head: %w", err)
	}
	rows, err := tx.Rows("SELECT log, base, made, mac FROM journal_log ORDER BY base")
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var all []logRow
	for rows.Next() {
		var l logRow
		if err := rows.Scan(&l.log, &l.base, &l.made, &l.mac); err != nil {
			return nil, fmt.Errorf("journal_log: %w", err)
		}
		if n := len(all); n > 0 {
			all[n-1].end = l.base
		}
		all = append(all, l)
	}
	if err := rows.Err(); err != nil || len(all) == 0 {
		return nil, errors.Join(err, errNoHead)
	}
	last := &all[len(all)-1]
	last.end, last.present = h.size, true
	if last.log != h.log || last.base != h.base {
		return nil, fmt.Errorf("journal_head names log %s from %d, the newest log is %s from %d", h.log, h.base, last.log, last.base)
	}
	return all, nil
}

// log checks one log: its facts, its stored tree, its checkpoints.
func (v *verifier) log(l logRow) error {
	t := &growing{}
	for from := l.base; from < l.end; {
		to := min(from+50_000, l.end)
		if err := v.inView(func(tx *db.Tx) error { return v.facts(tx, t, from, to) }); err != nil {
			return err
		}
		from = to
	}
	n := l.end - l.base
	root, err := tlog.TreeHash(n, t)
	if err != nil {
		return err
	}
	if err := v.inView(func(tx *db.Tx) error { return storedTree(tx, l.log, t) }); err != nil {
		return err
	}
	signed, err := v.checkpoints(l, t)
	if err != nil {
		return err
	}
	v.result.Facts += n
	if l.present {
		v.result.Root, v.result.Unsealed = root, n-signed
		return v.inView(func(tx *db.Tx) error {
			return v.beyond(tx, l.end)
		})
	}
	return nil
}

// facts checks the facts from <= leaf < to.
func (v *verifier) facts(tx *db.Tx, t *growing, from, to int64) error {
	rows, err := tx.Rows("SELECT leaf, org, root, subject, rev, kind, actor, at, body FROM journal_fact WHERE leaf >= ? AND leaf < ? ORDER BY leaf", from, to)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	want := from
	for rows.Next() {
		leaf, body, err := v.fact(rows)
		if err != nil {
			return err
		}
		if leaf != want {
			return fmt.Errorf("fact %d is missing", want)
		}
		if err := t.add(body); err != nil {
			return err
		}
		want++
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if want != to {
		return fmt.Errorf("fact %d is missing", want)
	}
	if v.Tick != nil {
		v.Tick(to - from)
	}
	return nil
}

// fact checks one row: columns against bytes, revisions without a gap, and
// hands it to the replays.
func (v *verifier) fact(rows *sql.Rows) (int64, []byte, error) {
	var leaf sql.NullInt64
	var org, root, subject, actor id.ID
	var rev, at int64
	var kind string
	var body []byte
	if err := rows.Scan(&leaf, &org, &root, &subject, &rev, &kind, &actor, &at, &body); err != nil {
		return 0, nil, fmt.Errorf("a row of journal_fact can't be read: %w", err)
	}
	name := func() string { return fmt.Sprintf("fact %d (%s of %s, rev %d)", leaf.Int64, kind, subject, rev) }
	v.buf = prefix(v.buf[:0], org, root, subject, rev, kind, actor, at)
	if !bytes.HasPrefix(body, v.buf) || len(body) <= len(v.buf) || body[len(v.buf)] != ',' && body[len(v.buf)] != '}' {
		return 0, nil, fmt.Errorf("%s: its columns are not those of its bytes", name())
	}
	if last := v.revs[subject]; rev != last+1 {
		return 0, nil, fmt.Errorf("%s: the fact before it has rev %d, one is missing or out of place", name(), last)
	}
	v.revs[subject] = rev
	if when := time.UnixMilli(at); when.After(v.newest) {
		v.newest = when
	}
	return leaf.Int64, body, v.understand(name, leaf.Int64, kind, body)
}

func (v *verifier) understand(name func() string, leaf int64, kind string, body []byte) error {
	replays := v.wants[kind]
	if len(replays) == 0 && !bytes.Contains(body, []byte(`"sealed":`)) {
		return nil
	}
	f, err := parse(body)
	if err != nil {
		return fmt.Errorf("%s: %w", name(), err)
	}
	f.Leaf = leaf
	for _, c := range f.Sealed {
		v.claims[c.ID] = c.Hash
	}
	for _, p := range replays {
		if err := p.Apply(f); err != nil {
			return fmt.Errorf("%s: %w", name(), err)
		}
	}
	return nil
}

// unnumbered checks the facts that wait for a number.
func (v *verifier) unnumbered(tx *db.Tx) error {
	rows, err := tx.Rows("SELECT leaf, org, root, subject, rev, kind, actor, at, body FROM journal_fact WHERE leaf IS NULL ORDER BY subject, rev")
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		if _, _, err := v.fact(rows); err != nil {
			return fmt.Errorf("not numbered yet: %w", err)
		}
		v.result.Facts++
		v.result.Unsealed++
	}
	return rows.Err()
}

// beyond refuses leaves behind the head.
func (v *verifier) beyond(tx *db.Tx, end int64) error {
	var n int64
	if err := tx.Row("SELECT count(*) FROM journal_fact WHERE leaf >= ? OR leaf < 0", end).Scan(&n); err != nil || n == 0 {
		return err
	}
	// A running server may have numbered more since the head was read.
	h, _, err := readHead(tx, false)
	if err != nil {
		return err
	}
	if err := tx.Row("SELECT count(*) FROM journal_fact WHERE leaf >= ? OR leaf < 0", h.size).Scan(&n); err != nil || n == 0 {
		return err
	}
	return fmt.Errorf("%d facts stand behind the head at %d", n, h.size)
}

// checkpoints checks all signed notes of a log and returns the newest size.
func (v *verifier) checkpoints(l logRow, t *growing) (signed int64, err error) {
	type row struct {
		size, at int64
		note     string
	}
	var all []row
	err = v.inView(func(tx *db.Tx) error {
		rows, err := tx.Rows("SELECT size, at, note FROM journal_checkpoint WHERE log = ? ORDER BY size", l.log.String())
		if err != nil {
			return err
		}
		defer rows.Close() //nolint:errcheck // rows.Err tells
		for rows.Next() {
			var r row
			if err := rows.Scan(&r.size, &r.at, &r.note); err != nil {
				return err
			}
			all = append(all, r)
		}
		return rows.Err()
	})
	if err != nil {
		return 0, err
	}
	for _, r := range all {
		c, err := ParseCheckpoint(r.note, v.key)
		if err != nil {
			return 0, fmt.Errorf("checkpoint at %d: %w", r.size, err)
		}
		if c.Size != r.size || c.At.UnixMilli() != r.at || c.Log != l.log {
			return 0, fmt.Errorf("checkpoint at %d: its columns are not those of its note", r.size)
		}
		if c.Size > t.n && l.present {
			break // signed after we read the head
		}
		if err := t.matches(c); err != nil {
			return 0, err
		}
		signed = c.Size
	}
	for _, c := range v.Outside {
		if c.Log == l.log {
			if err := t.matches(c); err != nil {
				return 0, fmt.Errorf("outside: %w", err)
			}
		}
	}
	return signed, v.tooLong(l, signed)
}

// tooLong refuses facts that should have been signed long ago.
func (v *verifier) tooLong(l logRow, signed int64) error {
	if !l.present || l.base+signed >= l.end {
		return nil
	}
	return v.inView(func(tx *db.Tx) error {
		var at int64
		if err := tx.Row("SELECT at FROM journal_fact WHERE leaf = ?", l.base+signed).Scan(&at); err != nil {
			return err
		}
		if v.newest.Sub(time.UnixMilli(at)) > maxUnsealed {
			return fmt.Errorf("facts from %d on are under no checkpoint: checkpoints were taken away", l.base+signed)
		}
		return nil
	})
}

// bookkeeping checks checkpoints of unknown logs, cursors and parked facts.
func (v *verifier) bookkeeping(tx *db.Tx) error {
	var n int64
	if err := tx.Row("SELECT count(*) FROM journal_checkpoint WHERE log NOT IN (SELECT log FROM journal_log)").Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		return fmt.Errorf("journal_checkpoint: %d checkpoints of a log that is not here", n)
	}
	if err := tx.Row("SELECT count(*) FROM journal_hash WHERE log NOT IN (SELECT log FROM journal_log)").Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		return fmt.Errorf("journal_hash: %d rows of a log that is not here", n)
	}
	for _, c := range v.Outside {
		if err := covers(tx, c); err != nil {
			return fmt.Errorf("outside: %w", err)
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
	for rows.Next() {
		var name string
		var leaf int64
		var mac []byte
		if err := rows.Scan(&name, &leaf, &mac); err != nil {
			return err
		}
		if !seal.Same(mac, v.Signer.mac("cursor", name, leaf)) {
			return fmt.Errorf("journal_cursor: the row of reaction %s was changed", name)
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
			return err
		}
		if !seal.Same(mac, v.Signer.mac("parked", reaction, leaf, subject, tries, next, why)) {
			return fmt.Errorf("journal_parked: the row of fact %d and reaction %s was changed", leaf, reaction)
		}
	}
	return rows.Err()
}

// contents checks what persons said against what the facts committed to.
func (v *verifier) contents() error {
	v.result.Content = map[seal.State]int{}
	if v.Keys == nil {
		return nil
	}
	part := make([]seal.Claim, 0, 5000)
	flush := func() error {
		return v.inView(func(tx *db.Tx) error {
			states, err := v.Keys.Check(v.ctx, tx, part...)
			if err != nil {
				return err
			}
			for i, s := range states {
				v.result.Content[s]++
				if s == seal.Bad && v.result.Content[s] == 1 {
					err = fmt.Errorf("content %s is not what its fact committed to", part[i].ID)
				}
			}
			part = part[:0]
			return err
		})
	}
	for i, h := range v.claims {
		if part = append(part, seal.Claim{ID: i, Commitment: h}); len(part) == cap(part) {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// growing is the tree that verify builds for itself.
type growing struct {
	n int64
	h []tlog.Hash // in storage order
}

// ReadHashes reads from memory.
func (g *growing) ReadHashes(ix []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(ix))
	for i, x := range ix {
		if x >= int64(len(g.h)) {
			return nil, fmt.Errorf("hash %d is missing", x)
		}
		out[i] = g.h[x]
	}
	return out, nil
}

func (g *growing) add(body []byte) error {
	hs, err := tlog.StoredHashes(g.n, body, g)
	if err != nil {
		return err
	}
	g.h = append(g.h, hs...)
	g.n++
	return nil
}

// matches compares a checkpoint with the tree.
func (g *growing) matches(c Checkpoint) error {
	if c.Size > g.n {
		return fmt.Errorf("a checkpoint has seen %d facts, there are only %d: the tail was cut", c.Size, g.n)
	}
	root, err := tlog.TreeHash(c.Size, g)
	if err != nil {
		return err
	}
	if root != c.Root {
		return fmt.Errorf("the first %d facts are not those the checkpoint has seen", c.Size)
	}
	return nil
}

// storedTree compares the stored hashes with those of the facts.
func storedTree(tx *db.Tx, log id.ID, g *growing) error {
	rows, err := tx.Rows("SELECT chunk, data FROM journal_hash WHERE log = ? ORDER BY chunk", log.String())
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	next, seen := int64(0), 0
	for rows.Next() {
		var c int64
		var b []byte
		if err := rows.Scan(&c, &b); err != nil {
			return err
		}
		if c != next {
			return fmt.Errorf("journal_hash: chunk %d is missing", next)
		}
		next++
		for ; len(b) >= tlog.HashSize && seen < len(g.h); seen++ {
			if tlog.Hash(b[:tlog.HashSize]) != g.h[seen] {
				return fmt.Errorf("journal_hash: chunk %d is not the tree of the facts", c)
			}
			b = b[tlog.HashSize:]
		}
		if len(b) > 0 && seen < len(g.h) {
			return fmt.Errorf("journal_hash: chunk %d has a torn hash", c)
		}
		if len(b) > 0 {
			break // written after we read the head, or too much: the next line tells
		}
	}
	if seen != len(g.h) {
		return fmt.Errorf("journal_hash: %d hashes are stored, the facts need %d", seen, len(g.h))
	}
	return rows.Err()
}
