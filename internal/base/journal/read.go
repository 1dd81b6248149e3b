package journal

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
)

// Size is the number of facts that have a leaf: reports are functions of the
// facts with leaf < Size.
func Size(tx *db.Tx) (int64, error) {
	h, _, err := readHead(tx, false)
	return h.size, err
}

// ByRoot lists the facts filed under root in leaf order, from a leaf on, at
// most limit.
func ByRoot(tx *db.Tx, org, root id.ID, from int64, limit int) ([]Fact, error) {
	return query(tx, "WHERE org = ? AND root = ? AND leaf IS NOT NULL AND leaf >= ? ORDER BY leaf LIMIT ?", org.String(), root.String(), from, limit)
}

// Between lists the facts of some kinds (nil: all) with from <= leaf < to.
func Between(tx *db.Tx, kinds []string, from, to int64) ([]Fact, error) {
	return between(tx, kinds, from, to, unlimited)
}

const unlimited = 0

func between(tx *db.Tx, kinds []string, from, to int64, most int) ([]Fact, error) {
	where := "WHERE leaf >= ? AND leaf < ?"
	args := []any{from, to}
	if len(kinds) > 0 {
		where += " AND kind IN (?" + strings.Repeat(", ?", len(kinds)-1) + ")"
		for _, k := range kinds {
			args = append(args, k)
		}
	}
	where += " ORDER BY leaf"
	if most > 0 {
		where, args = where+" LIMIT ?", append(args, most)
	}
	return query(tx, where, args...)
}

func query(tx *db.Tx, where string, args ...any) ([]Fact, error) {
	rows, err := tx.Rows("SELECT leaf, body FROM journal_fact "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read facts: %w", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var out []Fact
	for rows.Next() {
		var leaf sql.NullInt64
		var body []byte
		if err := rows.Scan(&leaf, &body); err != nil {
			return nil, err
		}
		f, err := parse(body)
		if err != nil {
			return nil, err
		}
		if leaf.Valid {
			f.Leaf = leaf.Int64
		}
		out = append(out, f)
	}
	return out, rows.Err()
}

// ByRoots lists the facts of some kinds filed under some roots of an
// organisation with leaf < below, in leaf order.
func ByRoots(tx *db.Tx, org id.ID, roots []id.ID, kinds []string, below int64) ([]Fact, error) {
	var out []Fact
	for part := range slices.Chunk(roots, 200) {
		args := []any{org.String()}
		for _, r := range part {
			args = append(args, r.String())
		}
		for _, k := range kinds {
			args = append(args, k)
		}
		facts, err := query(tx, "WHERE org = ? AND root IN ("+marks(len(part))+") AND kind IN ("+marks(len(kinds))+
			") AND leaf IS NOT NULL AND leaf < ? ORDER BY leaf", append(args, below)...)
		if err != nil {
			return nil, err
		}
		out = append(out, facts...)
	}
	return out, nil
}

// byActor are the kinds that an index keeps by who wrote them: migration 0071.
// Others would be looked for in the whole log.
var byActor = []string{"consult.refused"}

// ByActor lists the facts of a kind that somebody wrote in [from, to), as far as leaf <
// below, in the order of their time. An error for a kind that is not in byActor. The
// kind is written into the query, for an index of some rows is taken by its own words only.
func ByActor(tx *db.Tx, actor id.ID, kind string, from, to time.Time, below int64) ([]Fact, error) {
	if !slices.Contains(byActor, kind) {
		return nil, fmt.Errorf("facts of kind %q have no index by who wrote them", kind)
	}
	return query(tx, "WHERE kind = '"+kind+"' AND actor = ? AND at >= ? AND at < ? AND leaf IS NOT NULL AND leaf < ? ORDER BY at, leaf",
		actor.String(), from.UnixMilli(), to.UnixMilli(), below)
}

func marks(n int) string { return "?" + strings.Repeat(", ?", n-1) }

// Behind tells how many facts a reaction has not seen yet, parked ones included,
// and when the oldest of them was written; zero where there is none.
func Behind(tx *db.Tx, reaction string) (facts int64, since time.Time, err error) {
	var leaf, size, parked int64
	err = tx.Row(`SELECT coalesce((SELECT leaf FROM journal_cursor WHERE name = ?), 0), h.size,
		(SELECT count(*) FROM journal_parked WHERE reaction = ?) FROM journal_head h WHERE h.one = 1`, reaction, reaction).Scan(&leaf, &size, &parked)
	if facts = size - leaf + parked; err != nil || facts == 0 {
		return facts, since, err
	}
	if parked > 0 {
		if err = tx.Row("SELECT min(leaf) FROM journal_parked WHERE reaction = ?", reaction).Scan(&leaf); err != nil {
			return facts, since, err
		}
	}
	var at db.Time
	err = tx.Row("SELECT at FROM journal_fact WHERE leaf = ?", leaf).Scan(&at)
	return facts, at.Time, err
}
