package db

import (
	"errors"
	"fmt"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
)

// A row with a column rev is changed by "read, decide, write back if nobody else
// did": optimistic locking. Load, LoadLocked and Save are that for every room.

// Load reads the row of an ID. One that is absent is a fault as of what the reader
// may not see.
func Load[T any](tx *Tx, row id.ID) (*T, error) {
	x := new(T)
	return found(x, tx.NewSelect().Model(x).Where("id = ?", row).Scan(tx.ctx))
}

// LoadLocked is Load of a row that is about to change: on PostgreSQL others who
// want to change it wait for this transaction.
func LoadLocked[T any](tx *Tx, row id.ID) (*T, error) {
	x := new(T)
	return found(x, tx.Lock(tx.NewSelect().Model(x).Where("id = ?", row)).Scan(tx.ctx))
}

// found turns what Scan says of one row into that row, or the fault of a row that
// is absent. On any error there is no row.
func found[T any](row *T, err error) (*T, error) {
	switch {
	case NotFound(err):
		return nil, fault.NotThere()
	case err != nil:
		return nil, fmt.Errorf("read a %T: %w", *row, err)
	}
	return row, nil
}

// Save writes a row of bun's back, one revision on; rev is the row's own field and
// still that which was read. If somebody else changed the row since, it is a
// conflict ("fault.stale") and nothing is written. On PostgreSQL the error may come
// from the next statement or the commit, as with Later, so what else is written
// because of the change belongs into the same transaction.
func (tx *Tx) Save(row any, rev *int64) error {
	seen := *rev
	*rev = seen + 1
	return tx.UpdateLater(func(err error) error {
		if errors.Is(err, ErrNotOne) {
			return fault.Wrap(fault.Conflict, "fault.stale", err)
		}
		return fmt.Errorf("write a %T: %w", row, err)
	}, tx.NewUpdate().Model(row).WherePK().Where("rev = ?", seen))
}
