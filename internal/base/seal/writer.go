package seal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"mingfa/internal/base/db"
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
	write := w.store.addSQLite
	if w.store.postgres {
		write = w.store.addPostgres
	}
	written, err := write(context.Background(), batch)
	errs := make([]error, len(batch))
	if err != nil {
		return errs, fmt.Errorf("write keys: %w", err)
	}
	for i, f := range batch {
		if !written[f.row.ID] {
			errs[i] = ErrErased
		}
	}
	return errs, nil
}

// addSQLite writes the keys whose parents are alive and tells which they were.
func (s *store) addSQLite(ctx context.Context, batch []*fresh) (map[id.ID]bool, error) {
	written := map[id.ID]bool{}
	err := s.change(ctx, func(tx *sql.Tx) error {
		alive, err := s.aliveParents(ctx, tx, batch)
		if err != nil {
			return err
		}
		insert, err := tx.PrepareContext(ctx, insertKey)
		if err != nil {
			return err
		}
		defer insert.Close() //nolint:errcheck // the transaction tells
		for _, f := range batch {
			if f.row.Parent != id.Nil && !alive[f.row.Parent] {
				continue
			}
			if _, err := insert.ExecContext(ctx, f.row.values()...); err != nil {
				return err
			}
			written[f.row.ID] = true
		}
		return nil
	})
	return written, err
}

// addPostgres is addSQLite in one statement, which is a transaction of its own.
// It holds the parents so that none can be destroyed before the keys are there
// to be destroyed with it.
func (s *store) addPostgres(ctx context.Context, batch []*fresh) (map[id.ID]bool, error) {
	n := len(batch)
	ids, kinds, parents := make([]string, n), make([]string, n), make([]*string, n)
	made, wrapped := make([]int64, n), make([][]byte, n)
	for i, f := range batch {
		ids[i], kinds[i], made[i], wrapped[i] = f.row.ID.String(), f.row.Kind, f.row.Made, f.row.Wrapped
		if p := f.row.Parent.String(); f.row.Parent != id.Nil {
			parents[i] = &p
		}
	}
	rows, err := s.write.QueryContext(ctx, `WITH alive AS (SELECT id FROM key WHERE gone = 0 AND id = ANY ($1::uuid[]) ORDER BY id FOR SHARE)
		INSERT INTO key (id, parent, kind, made, wrapped)
		SELECT n.* FROM unnest($2::uuid[], $1::uuid[], $3::text[], $4::bigint[], $5::bytea[]) AS n (id, parent, kind, made, wrapped)
		WHERE n.parent IS NULL OR n.parent IN (SELECT id FROM alive) RETURNING id`, parents, ids, kinds, made, wrapped)
	if err != nil {
		return nil, err
	}
	return idsOf(rows)
}

// put is addPostgres of a key that has a parent, in the transaction of what it seals.
func (r row) put(tx *db.Tx) error {
	if !tx.Postgres() {
		return errors.New("the key is in PostgreSQL, what it seals is not")
	}
	gone := func(err error) error {
		if errors.Is(err, db.ErrNotOne) {
			return fmt.Errorf("put a key of kind %s: %w", r.Kind, ErrErased)
		}
		return err
	}
	return tx.LaterOne(gone, `INSERT INTO mingfa_keys.key (id, parent, kind, made, wrapped)
		SELECT ?::uuid, p.id, ?::text, ?::bigint, ?::bytea FROM mingfa_keys.key p WHERE p.id = ?::uuid AND p.gone = 0 FOR SHARE`,
		r.ID.String(), r.Kind, r.Made, r.Wrapped, r.Parent.String())
}

// idsOf reads rows of one ID.
func idsOf(rows *sql.Rows) (map[id.ID]bool, error) {
	defer rows.Close() //nolint:errcheck // rows.Err tells
	found := map[id.ID]bool{}
	for rows.Next() {
		var k id.ID
		if err := rows.Scan(&k); err != nil {
			return nil, err
		}
		found[k] = true
	}
	return found, rows.Err()
}

// aliveParents finds the parents that are not destroyed.
func (s *store) aliveParents(ctx context.Context, tx *sql.Tx, batch []*fresh) (map[id.ID]bool, error) {
	seen := map[id.ID]bool{}
	var args []any
	for _, f := range batch {
		if p := f.row.Parent; p != id.Nil && !seen[p] {
			seen[p] = true
			args = append(args, p.String())
		}
	}
	if len(args) == 0 {
		return nil, nil
	}
	rows, err := tx.QueryContext(ctx, "SELECT id FROM key WHERE gone = 0 AND id IN "+marks(len(args)), args...)
	if err != nil {
		return nil, err
	}
	return idsOf(rows)
}
