package board

import (
	"fmt"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
)

// Facts counts all orders again from all facts, for mingfa verify.
type Facts struct{ places map[id.ID]*place }

// NewFacts has seen nothing yet.
func NewFacts() *Facts { return &Facts{map[id.ID]*place{}} }

// Kinds are the facts that Apply understands.
func (*Facts) Kinds() []string { return Kinds }

// Apply takes the next fact.
func (x *Facts) Apply(f journal.Fact) error {
	p := x.places[f.Root]
	if p == nil {
		p = &place{ID: f.Root, Org: f.Org}
		x.places[f.Root] = p
	}
	return p.apply(f)
}

// bucket is a row of board_count without its path, which follows from the organisation.
type bucket struct {
	span string
	at   int64
	path string
}

// Compare tells the first count that is not what the facts say. While the
// reaction is behind there is nothing to compare: it will count them yet.
func (x *Facts) Compare(tx *db.Tx) error {
	if behind, _, err := journal.Behind(tx, Reaction); err != nil || behind > 0 {
		return err
	}
	want, err := x.fold(tx)
	if err != nil {
		return err
	}
	return compare(tx, want)
}

// fold counts every order into its rows.
func (x *Facts) fold(tx *db.Tx) (map[bucket]Counts, error) {
	type home struct{ path, zone string }
	homes := map[id.ID]home{}
	rows, err := tx.Rows("SELECT id, path, zone FROM identity_org_v")
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		var org id.ID
		var h home
		if err := rows.Scan(&org, &h.path, &h.zone); err != nil {
			return nil, err
		}
		homes[org] = h
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	want := map[bucket]Counts{}
	for _, p := range x.places {
		h := homes[p.Org]
		day, err := dayOf(time.UnixMilli(p.Asked), h.zone)
		if err != nil {
			return nil, err
		}
		for _, b := range []bucket{{spanAll, 0, h.path}, {spanDay, day, h.path}, {spanHour, hourOf(p.Asked), h.path}} {
			c := want[b]
			c.add(p.counts(), 1)
			want[b] = c
		}
	}
	return want, nil
}

// compare puts the rows beside what they must be; a row of nothing is none.
func compare(tx *db.Tx, want map[bucket]Counts) error {
	rows, err := tx.Rows("SELECT span, at, path, " + columnList + " FROM board_count")
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		var b bucket
		var got Counts
		into := []any{&b.span, &b.at, &b.path}
		for _, n := range got.fields() {
			into = append(into, n)
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if want[b] != got {
			return fmt.Errorf("board_count: %s %d of %s is not what its facts say: %+v, not %+v", b.span, b.at, b.path, got, want[b])
		}
		delete(want, b)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for b, c := range want {
		if c != (Counts{}) {
			return fmt.Errorf("board_count: %s %d of %s is missing", b.span, b.at, b.path)
		}
	}
	return nil
}
