package seal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
)

// Backup writes all wrapped keys into a fresh file at path, in the form of
// keys.db, whichever database they live in, and syncs it. The master key is not
// in it. Keep it apart from backups of the data, and for a short time only: a
// key destroyed later is still in it.
func (k *Keys) Backup(ctx context.Context, path string) error {
	if _, err := os.Stat(path); err == nil {
		return errors.New("back up the keys: the file exists already")
	}
	err := k.store.copyTo(ctx, path)
	if err != nil {
		os.Remove(path) //nolint:errcheck // half a backup is none
		return fmt.Errorf("back up the keys: %w", err)
	}
	return nil
}

// copyTo copies row by row: the copy has no free pages with old bytes.
func (s *store) copyTo(ctx context.Context, path string) error {
	to, err := openSQLite(ctx, path, oneFile)
	if err != nil {
		return err
	}
	err = s.copyRows(ctx, to)
	if err := errors.Join(err, to.Close()); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

func (s *store) copyRows(ctx context.Context, to *store) error {
	box, err := s.probe(ctx)
	if err != nil {
		return err
	}
	if _, err := to.setProbe(ctx, box); err != nil {
		return err
	}
	s.turn.RLock()
	defer s.turn.RUnlock()
	rows, err := s.read.QueryContext(ctx, "SELECT id, parent, kind, wrapped, made, gone FROM key ORDER BY made, id")
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	return to.change(ctx, func(tx *sql.Tx) error {
		for rows.Next() {
			var r row
			if err := rows.Scan(&r.ID, &r.Parent, &r.Kind, &r.Wrapped, &r.Made, &r.Gone); err != nil {
				return err
			}
			if err := to.insert(ctx, tx, r); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}

// Restore puts keys from a backup into the store of c, which must have none
// yet, or only some of the same. What the store knows as destroyed stays
// destroyed. The master key must lie in c.Dir already.
func Restore(ctx context.Context, c Config, path string) error {
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("restore the keys: %w", err)
	}
	r, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?mode=ro&_pragma=query_only(1)")
	if err != nil {
		return fmt.Errorf("restore the keys: %w", err)
	}
	from := &store{read: r, write: r}
	defer from.Close() //nolint:errcheck // it was only read
	to, err := openStore(ctx, c)
	if err != nil {
		return fmt.Errorf("restore the keys: %w", err)
	}
	defer to.Close() //nolint:errcheck // change has synced
	if err := from.restoreRows(ctx, to); err != nil {
		return fmt.Errorf("restore the keys: %w", err)
	}
	return nil
}

func (s *store) restoreRows(ctx context.Context, to *store) error {
	box, err := s.probe(ctx)
	if err != nil {
		return err
	}
	have, err := to.setProbe(ctx, box)
	if err != nil {
		return err
	}
	if !Same(have, box) {
		return errors.New("the store belongs to another master key")
	}
	rows, err := s.read.QueryContext(ctx, "SELECT id, parent, kind, wrapped, made, gone FROM key ORDER BY n")
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	return to.change(ctx, func(tx *sql.Tx) error {
		for rows.Next() {
			var r row
			if err := rows.Scan(&r.ID, &r.Parent, &r.Kind, &r.Wrapped, &r.Made, &r.Gone); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, to.bind("INSERT INTO key (id, parent, kind, made, gone, wrapped) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING"),
				r.ID.String(), orNull(r.Parent), r.Kind, r.Made, r.Gone, r.Wrapped); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}
