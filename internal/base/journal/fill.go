package journal

import (
	"context"
	"fmt"

	"mingfa/internal/base/db"
)

// Filling makes facts that somebody else writes into the table, with their
// numbers, the next leaves of a log: for mingfa bench, which makes millions. Nobody
// else may write facts meanwhile. Until Close the head doesn't know of them.
type Filling struct {
	j    *Journal
	h    head
	tree edge
}

// Fill begins behind the last leaf; all facts must have been numbered.
func (j *Journal) Fill(ctx context.Context) (*Filling, error) {
	f := &Filling{j: j}
	return f, j.db.View(ctx, system, func(tx *db.Tx) (err error) {
		if f.h, _, err = readHead(tx, false); err != nil {
			return err
		}
		return f.tree.load(tx, f.h)
	})
}

// Next is the number of the next leaf.
func (f *Filling) Next() int64 { return f.h.base + f.tree.size }

// Add takes the bytes of the next leaves into the tree.
func (f *Filling) Add(ctx context.Context, bodies [][]byte) error {
	from := f.tree
	from.tail = append([]byte(nil), f.tree.tail...)
	return f.j.db.Do(ctx, system, func(tx *db.Tx) error {
		f.tree = from
		f.tree.tail = append([]byte(nil), from.tail...)
		changed, err := f.tree.add(tx, bodies)
		if err != nil {
			return err
		}
		return saveChunks(tx, f.h.log, changed)
	})
}

// Close lets the head know, and tells each reaction that it has seen them all.
func (f *Filling) Close(ctx context.Context) error {
	if err := f.j.placeCursors(ctx); err != nil {
		return err
	}
	size := f.Next()
	err := f.j.db.Do(ctx, system, func(tx *db.Tx) error {
		root, err := f.tree.root(tx)
		if err != nil {
			return err
		}
		if _, err := tx.Exec("UPDATE journal_head SET size = ?, mac = ? WHERE one = 1", size, f.j.signer.headMAC(f.h.log, f.h.base, size, root)); err != nil {
			return err
		}
		for _, r := range f.j.reactions {
			if _, err := tx.Exec("UPDATE journal_cursor SET leaf = ?, mac = ? WHERE name = ?", size, f.j.signer.mac("cursor", r.name, size), r.name); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("end the filling of the journal: %w", err)
	}
	f.j.tree = edge{}
	return f.j.Checkpoint(ctx)
}
