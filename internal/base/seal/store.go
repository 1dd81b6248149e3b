package seal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"mingfa/internal/base/id"
)

// row is one key as it is stored. Wrapped holds the key sealed by its parent;
// of a destroyed key (Gone, ms) only zeros of the same length.
type row struct {
	ID, Parent id.ID
	Kind       string
	Wrapped    []byte
	Made, Gone int64
}

// aad binds the wrapped bytes to their row.
func (r row) aad() []byte {
	return []byte("mingfa key 1|" + r.ID.String() + "|" + r.Parent.String() + "|" + r.Kind)
}

// The tables. In SQLite the rows lie in the order of their making (n), so that
// a cell with key bytes is never moved to another page, and a destroyed key is
// overwritten in its place: no stale copy is left in the free space of a page.
// The indexes hold no key bytes.
const (
	tablesSQLite = `
CREATE TABLE IF NOT EXISTS store (name TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS key (
	n INTEGER PRIMARY KEY AUTOINCREMENT,
	id TEXT NOT NULL UNIQUE, parent TEXT, kind TEXT NOT NULL,
	made BIGINT NOT NULL, gone BIGINT NOT NULL DEFAULT 0, wrapped BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS key_parent ON key (parent);`
	tablesPostgres = `
CREATE SCHEMA IF NOT EXISTS mingfa_keys;
CREATE TABLE IF NOT EXISTS mingfa_keys.store (name TEXT PRIMARY KEY, value BYTEA NOT NULL);
CREATE TABLE IF NOT EXISTS mingfa_keys.key (
	id UUID PRIMARY KEY, parent UUID, kind TEXT NOT NULL,
	made BIGINT NOT NULL, gone BIGINT NOT NULL DEFAULT 0, wrapped BYTEA NOT NULL);
CREATE INDEX IF NOT EXISTS key_parent ON mingfa_keys.key (parent);`
)

// store is the place of the keys.
type store struct {
	postgres bool
	write    *sql.DB // SQLite: one connection
	read     *sql.DB
	turn     sync.RWMutex // SQLite: who reads, against the log being cut (clear)
}

func openStore(ctx context.Context, c Config) (*store, error) {
	if c.PostgresURL != "" {
		return openPostgres(ctx, c.PostgresURL)
	}
	return openSQLite(ctx, filepath.Join(c.Dir, "keys.db"), logged)
}

// The two journals of a file of keys. keys.db has a log beside it (WAL), which is cut to
// nothing whenever a key is destroyed (clear): one disk sync for each commit of fresh keys.
// A rollback journal that is cut at each commit needs three, and the two files of a question
// then wait for each other in the file system (p50 of a question 6.4 ms against 3.3). A
// backup is one file, written once and read where nothing can be written.
const (
	logged  = "wal"
	oneFile = "truncate"
)

// openSQLite opens a file of keys with deleted bytes overwritten, a commit on disk before
// it is told.
func openSQLite(ctx context.Context, path, journal string) (*store, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	f.Close() //nolint:errcheck // only made, so that its mode is ours
	base := "file:" + (&url.URL{Path: path}).EscapedPath() + "?_pragma=busy_timeout(10000)&_pragma=temp_store(2)"
	w, err := sql.Open("sqlite", base+"&_txlock=immediate&_pragma=journal_mode("+journal+")&_pragma=secure_delete(1)&_pragma=synchronous(FULL)")
	if err != nil {
		return nil, err
	}
	w.SetMaxOpenConns(1)
	r, err := sql.Open("sqlite", base+"&_pragma=query_only(1)")
	if err != nil {
		return nil, err
	}
	r.SetMaxOpenConns(4)
	r.SetMaxIdleConns(4)
	s := &store{write: w, read: r}
	if err := s.prepareSQLite(ctx, journal); err != nil {
		s.Close() //nolint:errcheck // the first error tells more
		return nil, err
	}
	return s, nil
}

func (s *store) prepareSQLite(ctx context.Context, journal string) error {
	var mode string
	var level, secure int
	if err := errors.Join(
		s.write.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode),
		s.write.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&level),
		s.write.QueryRowContext(ctx, "PRAGMA secure_delete").Scan(&secure)); err != nil {
		return err
	}
	if mode != journal || level != 2 || secure != 1 {
		return fmt.Errorf("keys must be written with journal_mode=%s, synchronous=FULL and secure_delete=on; it is %s, %d, %d", journal, mode, level, secure)
	}
	_, err := s.write.ExecContext(ctx, tablesSQLite)
	return err
}

func openPostgres(ctx context.Context, dsn string) (*store, error) {
	cfg, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, errors.New("the PostgreSQL URL can't be read") // the cause would print the password
	}
	cfg.RuntimeParams["application_name"] = "mingfa keys"
	cfg.RuntimeParams["search_path"] = "mingfa_keys"
	cfg.RuntimeParams["synchronous_commit"] = "on"
	cfg.RuntimeParams["enable_seqscan"] = "off" // keys are found by their index, however few there were when the plan was made
	cfg.RuntimeParams["plan_cache_mode"] = "force_generic_plan"
	w := stdlib.OpenDB(*cfg)
	w.SetMaxOpenConns(6)
	w.SetMaxIdleConns(6)
	s := &store{postgres: true, write: w, read: w}
	err = s.change(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(7108232811)"); err != nil { // two nodes that start at once
			return err
		}
		return makeTables(ctx, tx)
	})
	if err != nil {
		s.Close() //nolint:errcheck // the first error tells more
		return nil, err
	}
	return s, nil
}

// makeTables looks first: a role that only serves (GrantPostgres) may not even
// say IF NOT EXISTS.
func makeTables(ctx context.Context, tx *sql.Tx) error {
	var there bool
	err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'mingfa_keys' AND tablename = 'key')").Scan(&there)
	if err != nil || there {
		return err
	}
	_, err = tx.ExecContext(ctx, tablesPostgres)
	return err
}

func (s *store) Close() error {
	if s.read == s.write {
		return s.write.Close()
	}
	return errors.Join(s.write.Close(), s.read.Close())
}

// change runs fn in one transaction that is on disk when change returns nil.
func (s *store) change(ctx context.Context, fn func(tx *sql.Tx) error) error {
	tx, err := s.write.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after Commit it does nothing
	if err := fn(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// bind writes ? placeholders as the database wants them.
func (s *store) bind(q string) string {
	if !s.postgres {
		return q
	}
	var b strings.Builder
	n := 0
	for part := range strings.SplitSeq(q, "?") {
		if n > 0 {
			b.WriteString("$" + strconv.Itoa(n))
		}
		n++
		b.WriteString(part)
	}
	return b.String()
}

// marks is the list (?, ?, ...) for n arguments.
func marks(n int) string { return "(?" + strings.Repeat(", ?", n-1) + ")" }

// orNull stores the ID that names nothing as NULL.
func orNull(i id.ID) any {
	if i == id.Nil {
		return nil
	}
	return i.String()
}

// load reads rows by ID, those destroyed too.
func (s *store) load(ctx context.Context, ids ...id.ID) (map[id.ID]row, error) {
	out := make(map[id.ID]row, len(ids))
	for len(ids) > 0 {
		n := min(len(ids), 400)
		if err := s.loadSome(ctx, ids[:n], out); err != nil {
			return nil, fmt.Errorf("read keys: %w", err)
		}
		ids = ids[n:]
	}
	return out, nil
}

func (s *store) loadSome(ctx context.Context, ids []id.ID, out map[id.ID]row) error {
	args := make([]any, len(ids))
	for i, k := range ids {
		args[i] = k.String()
	}
	s.turn.RLock()
	defer s.turn.RUnlock()
	rows, err := s.read.QueryContext(ctx, s.bind("SELECT id, parent, kind, wrapped, made, gone FROM key WHERE id IN "+marks(len(ids))), args...)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.ID, &r.Parent, &r.Kind, &r.Wrapped, &r.Made, &r.Gone); err != nil {
			return err
		}
		out[r.ID] = r
	}
	return rows.Err()
}

const insertKey = "INSERT INTO key (id, parent, kind, made, gone, wrapped) VALUES (?, ?, ?, ?, ?, ?)"

// values are the arguments of insertKey.
func (r row) values() []any {
	return []any{r.ID.String(), orNull(r.Parent), r.Kind, r.Made, r.Gone, r.Wrapped}
}

// insert writes a row of a fresh key.
func (s *store) insert(ctx context.Context, tx *sql.Tx, r row) error {
	_, err := tx.ExecContext(ctx, s.bind(insertKey), r.values()...)
	return err
}

// probe reads the sealed probe of the master key; nil in a fresh store.
func (s *store) probe(ctx context.Context) ([]byte, error) {
	var b []byte
	err := s.read.QueryRowContext(ctx, "SELECT value FROM store WHERE name = 'probe'").Scan(&b)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return b, err
}

// setProbe writes the probe unless there is one, and returns the one there is.
func (s *store) setProbe(ctx context.Context, box []byte) ([]byte, error) {
	err := s.change(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, s.bind("INSERT INTO store (name, value) VALUES ('probe', ?) ON CONFLICT (name) DO NOTHING"), box)
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.probe(ctx)
}
