package journal

import (
	"bytes"
	"database/sql"
	"fmt"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/seal"
)

const factColumns = "SELECT leaf, org, root, subject, rev, kind, actor, at, body FROM journal_fact "

// factRow is a row as it stands; its body is good until the next one is read.
type factRow struct {
	leaf                      sql.NullInt64
	org, root, subject, actor id.ID
	rev, at                   int64
	kind                      string
	body                      sql.RawBytes
	into                      []any
}

func (r *factRow) scan(rows *sql.Rows) error {
	if r.into == nil {
		r.into = []any{&r.leaf, &r.org, &r.root, &r.subject, &r.rev, &r.kind, &r.actor, &r.at, &r.body}
	}
	if err := rows.Scan(r.into...); err != nil {
		return fmt.Errorf("journal_fact: a row can't be read: %w", err)
	}
	return nil
}

func (r *factRow) name() string {
	if !r.leaf.Valid {
		return fmt.Sprintf("journal_fact: fact without a number yet (%s of %s, rev %d)", r.kind, r.subject, r.rev)
	}
	return fmt.Sprintf("journal_fact: fact %d (%s of %s, rev %d)", r.leaf.Int64, r.kind, r.subject, r.rev)
}

// facts checks the facts of a log from where it stands up to a position.
func (v *verifier) facts(tx *db.Tx, l *logState, to int64) error {
	rows, err := tx.Rows(factColumns+"WHERE leaf >= ? AND leaf < ? ORDER BY leaf", l.next, to)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	from := l.next
	for rows.Next() {
		if err := v.row.scan(rows); err != nil {
			return err
		}
		if v.row.leaf.Int64 != l.next {
			return v.missing(l.next)
		}
		if err := v.fact(); err != nil {
			return err
		}
		if l.next == l.base && l.base > 0 {
			if l.first, err = parse(bytes.Clone(v.row.body)); err != nil {
				return fmt.Errorf("%s: %w", v.row.name(), err)
			}
		}
		if err := l.tree.add(v.row.body); err != nil {
			return err
		}
		l.next++
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if l.next != to {
		return v.missing(l.next)
	}
	v.result.Facts += to - from
	if v.Tick != nil {
		v.Tick(to - from)
	}
	return nil
}

func (v *verifier) missing(leaf int64) error {
	return fmt.Errorf("journal_fact: fact %d is missing (journal_head counts %d)", leaf, v.logs[len(v.logs)-1].end)
}

// fact checks one row: columns against bytes, revisions without a gap, and
// hands it to the replays.
func (v *verifier) fact() error {
	r := &v.row
	v.buf = prefix(v.buf[:0], r.org, r.root, r.subject, r.rev, r.kind, r.actor, r.at)
	if n := len(v.buf); !bytes.HasPrefix(r.body, v.buf) || len(r.body) <= n || r.body[n] != ',' && r.body[n] != '}' {
		return fmt.Errorf("%s: its columns are not those of its bytes", r.name())
	}
	if last := v.revs[r.subject]; r.rev != last+1 {
		return fmt.Errorf("%s: the fact before it has rev %d, one is missing or out of place", r.name(), last)
	}
	v.revs[r.subject] = r.rev
	if when := time.UnixMilli(r.at); when.After(v.newest) {
		v.newest = when
	}
	return v.understand()
}

// understand reads the rest of a fact where somebody wants it. A fact that
// cannot be read is none of ours, unless a newer program wrote it: unknown
// kinds verify.
func (v *verifier) understand() error {
	r := &v.row
	replays := v.wants[r.kind]
	if len(replays) == 0 && (v.Keys == nil || !bytes.Contains(r.body, []byte(`"sealed":{`))) {
		return nil
	}
	f, err := parse(r.body)
	if err != nil {
		return fmt.Errorf("%s: %w", r.name(), err)
	}
	f.Leaf, f.Body = -1, nil
	if r.leaf.Valid {
		f.Leaf = r.leaf.Int64
	}
	for _, c := range f.Sealed {
		v.claims = append(v.claims, seal.Claim{ID: c.ID, Commitment: c.Hash})
	}
	for _, p := range replays {
		if err := p.Apply(f); err != nil {
			return fmt.Errorf("%s: %w", r.name(), err)
		}
	}
	return nil
}

// unnumbered checks the facts that wait for a number.
func (v *verifier) unnumbered(tx *db.Tx) error {
	rows, err := tx.Rows(factColumns + "WHERE leaf IS NULL ORDER BY subject, rev")
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		if err := v.row.scan(rows); err != nil {
			return err
		}
		if err := v.fact(); err != nil {
			return err
		}
		v.result.Facts++
		v.result.Unsealed++
	}
	return rows.Err()
}

// beyond refuses leaves that no log has room for.
func (v *verifier) beyond(tx *db.Tx) error {
	var n int64
	end := v.logs[len(v.logs)-1].end
	if err := tx.Row("SELECT count(*) FROM journal_fact WHERE leaf >= ? OR leaf < 0", end).Scan(&n); err != nil || n == 0 {
		return err
	}
	return fmt.Errorf("journal_head: %d rows of journal_fact stand behind the head at %d", n, end)
}
