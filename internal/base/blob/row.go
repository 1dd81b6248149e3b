package blob

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/who"
)

// sweeper reads which files have rows.
var sweeper = who.System("blob")

// sweepBatch is how many files are compared with the rows at once.
const sweepBatch = 400

// Save writes the row of a file that was put, in the transaction of the verb.
func Save(tx *db.Tx, b Blob) error {
	if b.put.IsZero() || time.Since(b.put) > saveUntil {
		return fault.Wrap(fault.Unavailable, "fault.unavailable", errors.New("the file was put too long ago to be saved"))
	}
	_, err := tx.Exec("INSERT INTO blob_object (id, org, key, name, size, sealed, sum, commitment, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		b.ID.String(), b.Org.String(), b.Key.String(), b.Name, b.Size, b.Sealed, hex.EncodeToString(b.Sum[:]), hex.EncodeToString(b.Commitment[:]), db.At(tx.Now()))
	if err != nil {
		return fmt.Errorf("save file %s: %w", b.ID, err)
	}
	return nil
}

// Find reads the row of a file; a fault.NotThere where there is none.
func Find(tx *db.Tx, file id.ID) (Blob, error) {
	b := Blob{ID: file}
	var sum, commitment string
	err := tx.Row("SELECT org, key, name, size, sealed, sum, commitment FROM blob_object WHERE id = ?", file.String()).
		Scan(&b.Org, &b.Key, &b.Name, &b.Size, &b.Sealed, &sum, &commitment)
	if db.NotFound(err) {
		return Blob{}, fault.NotThere()
	}
	if err != nil {
		return Blob{}, fmt.Errorf("find file %s: %w", file, err)
	}
	_, err1 := hex.Decode(b.Sum[:], []byte(sum[:min(len(sum), 64)]))
	_, err2 := hex.Decode(b.Commitment[:], []byte(commitment[:min(len(commitment), 64)]))
	if err1 != nil || err2 != nil || len(sum) != 64 || len(commitment) != 64 {
		return Blob{}, fmt.Errorf("find file %s: its row was altered", file)
	}
	return b, nil
}

// Remove takes away the row, and once that is on disk the file. No row is no
// error. A file that a crash leaves behind is swept.
func (s *Blobs) Remove(tx *db.Tx, file id.ID) error {
	var name string
	err := tx.Row("SELECT name FROM blob_object WHERE id = ?", file.String()).Scan(&name)
	if db.NotFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("remove file %s: %w", file, err)
	}
	if _, err := tx.Exec("DELETE FROM blob_object WHERE id = ?", file.String()); err != nil {
		return fmt.Errorf("remove file %s: %w", file, err)
	}
	tx.After(func() {
		s.store.Delete(context.Background(), name) //nolint:errcheck // an orphan: Sweep takes it
	})
	return nil
}

// Orphans lists files that have no row and were put more than an hour ago.
func (s *Blobs) Orphans(ctx context.Context, d *db.DB) ([]Info, error) {
	var orphans, batch []Info
	flush := func() error {
		lost, err := withoutRow(ctx, d, batch)
		orphans, batch = append(orphans, lost...), batch[:0]
		return err
	}
	limit := time.Now().Add(-orphanAge)
	err := s.store.List(ctx, func(f Info) error {
		if f.At.After(limit) {
			return nil
		}
		if batch = append(batch, f); len(batch) < sweepBatch {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	if err != nil {
		return nil, fmt.Errorf("look for files without a row: %w", err)
	}
	return orphans, nil
}

// withoutRow keeps those files that no row names.
func withoutRow(ctx context.Context, d *db.DB, files []Info) ([]Info, error) {
	if len(files) == 0 {
		return nil, nil
	}
	var lost []Info
	err := d.View(ctx, sweeper, func(tx *db.Tx) error {
		lost = lost[:0]
		for _, f := range files {
			var n int
			if err := tx.Row("SELECT count(*) FROM blob_object WHERE name = ?", f.Name).Scan(&n); err != nil {
				return err
			}
			if n == 0 {
				lost = append(lost, f)
			}
		}
		return nil
	})
	return lost, err
}

// Sweep deletes the orphans and tells how many there were. It is not for
// closures: app calls it when its due row has fired.
func (s *Blobs) Sweep(ctx context.Context, d *db.DB) (int, error) {
	orphans, err := s.Orphans(ctx, d)
	if err != nil {
		return 0, err
	}
	for n, f := range orphans {
		if err := s.store.Delete(ctx, f.Name); err != nil {
			return n, fmt.Errorf("sweep files without a row: %w", err)
		}
	}
	return len(orphans), nil
}
