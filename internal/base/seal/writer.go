package seal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"mingfa/internal/base/id"
)

// batchKeys is how many fresh keys share one disk sync at most.
const batchKeys = 256

// writer puts fresh keys on disk, those that wait together in one transaction.
type writer struct {
	store *store
	in    chan *fresh
	mu    sync.RWMutex // guards closed against sends on in
	done  sync.WaitGroup
	over  bool
}

type fresh struct {
	row  row
	done chan error
}

func startWriter(s *store) *writer {
	w := &writer{store: s, in: make(chan *fresh, batchKeys)}
	w.done.Go(w.loop)
	return w
}

// add returns when the row is on disk. When ctx ends first the key may still
// come to be: an orphan, harmless.
func (w *writer) add(ctx context.Context, r row) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	f := &fresh{row: r, done: make(chan error, 1)}
	w.mu.RLock()
	if w.over {
		w.mu.RUnlock()
		return ErrClosed
	}
	w.in <- f
	w.mu.RUnlock()
	select {
	case err := <-f.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *writer) stop() {
	w.mu.Lock()
	over := w.over
	w.over = true
	w.mu.Unlock()
	if !over {
		close(w.in)
		w.done.Wait()
	}
}

func (w *writer) loop() {
	for f := range w.in {
		batch := w.gather(f)
		errs, err := w.write(batch)
		for i, f := range batch {
			f.done <- errors.Join(err, errs[i])
		}
	}
}

// gather takes what waits already; it never waits itself.
func (w *writer) gather(first *fresh) []*fresh {
	batch := []*fresh{first}
	for len(batch) < batchKeys {
		select {
		case f, ok := <-w.in:
			if !ok {
				return batch
			}
			batch = append(batch, f)
		default:
			return batch
		}
	}
	return batch
}

// write puts a batch on disk. A key whose parent was destroyed in between is
// left out and told so.
func (w *writer) write(batch []*fresh) ([]error, error) {
	ctx := context.Background()
	errs := make([]error, len(batch))
	err := w.store.change(ctx, func(tx *sql.Tx) error {
		alive, err := w.store.aliveParents(ctx, tx, batch)
		if err != nil {
			return err
		}
		for i, f := range batch {
			if f.row.Parent != id.Nil && !alive[f.row.Parent] {
				errs[i] = ErrErased
				continue
			}
			if err := w.store.insert(ctx, tx, f.row); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return errs, fmt.Errorf("write keys: %w", err)
	}
	return errs, nil
}

// aliveParents finds the parents that are not destroyed, and on PostgreSQL
// holds them so until the commit.
func (s *store) aliveParents(ctx context.Context, tx *sql.Tx, batch []*fresh) (map[id.ID]bool, error) {
	alive := map[id.ID]bool{}
	var args []any
	for _, f := range batch {
		if p := f.row.Parent; p != id.Nil && !alive[p] {
			alive[p] = true
			args = append(args, p.String())
		}
	}
	clear(alive)
	if len(args) == 0 {
		return alive, nil
	}
	q := "SELECT id FROM key WHERE gone = 0 AND id IN " + marks(len(args)) + " ORDER BY id"
	if s.postgres {
		q += " FOR SHARE"
	}
	rows, err := tx.QueryContext(ctx, s.bind(q), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		var k id.ID
		if err := rows.Scan(&k); err != nil {
			return nil, err
		}
		alive[k] = true
	}
	return alive, rows.Err()
}
