package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"sync"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"
)

// readers is how many SQLite connections read side by side.
const readers = 8

func (d *DB) openSQLite(ctx context.Context, path string) error {
	base := "file:" + (&url.URL{Path: path}).EscapedPath() + "?_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=cache_size(-32000)"
	durable := base + "&_txlock=immediate&_pragma=temp_store(MEMORY)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"
	w, err := sql.Open("sqlite", fmt.Sprintf("%s&_pragma=wal_autocheckpoint(%d)", durable, longLog))
	if err != nil {
		return err
	}
	w.SetMaxOpenConns(1)
	d.write = bun.NewDB(w, sqlitedialect.New(), bun.WithDiscardUnknownColumns())
	log, err := startCheckpointer(ctx, durable, d.log)
	if err != nil {
		w.Close()
		return err
	}
	d.writer, err = startWriter(ctx, d, log)
	if err != nil {
		w.Close()
		return errors.Join(err, log.close())
	}
	r, err := sql.Open("sqlite", base+"&_pragma=query_only(1)")
	if err != nil {
		return err
	}
	r.SetMaxOpenConns(readers)
	r.SetMaxIdleConns(readers)
	d.read = bun.NewDB(r, sqlitedialect.New(), bun.WithDiscardUnknownColumns())
	return nil
}

// assertSQLite refuses a connection that might forget what it acknowledged.
func assertSQLite(ctx context.Context, c rawConn) error {
	var mode string
	var level, keys int
	if err := c.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil {
		return err
	}
	if err := c.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&level); err != nil {
		return err
	}
	if err := c.QueryRowContext(ctx, "PRAGMA foreign_keys").Scan(&keys); err != nil {
		return err
	}
	if mode != "wal" || level != 2 || keys != 1 {
		return fmt.Errorf("SQLite must write with journal_mode=wal, synchronous=FULL and foreign_keys=on; it has %s, %d, %d", mode, level, keys)
	}
	return nil
}

// readCache keeps prepared statements for all reading connections: parsing a
// query costs SQLite more than most queries do.
type readCache struct {
	mu sync.RWMutex
	m  map[string]*sql.Stmt // nil while it is being prepared
}

// get finds the statement for tx's connection. The first time it only begins to
// prepare, beside: preparing takes a connection, and whoever asks holds one.
func (c *readCache) get(tx *Tx, query string) (*sql.Stmt, error) {
	b, ok := tx.idb.(bun.Tx)
	if !ok {
		return nil, nil
	}
	c.mu.RLock()
	s, begun := c.m[query]
	full := len(c.m) >= maxStatements
	c.mu.RUnlock()
	if s != nil {
		return b.Tx.StmtContext(tx.ctx, s), nil
	}
	if !begun && !full {
		c.begin(tx.db, query)
	}
	return nil, nil
}

func (c *readCache) begin(d *DB, query string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, begun := c.m[query]; begun {
		return
	}
	if c.m == nil {
		c.m = map[string]*sql.Stmt{}
	}
	c.m[query] = nil
	go func() {
		s, err := d.read.DB.Prepare(query)
		if err != nil {
			return // a query that can't be prepared tells so when it is run
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.m[query] = s
	}()
}
