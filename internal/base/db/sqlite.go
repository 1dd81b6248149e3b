package db

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"
)

// readers is how many SQLite connections read side by side.
const readers = 8

func (d *DB) openSQLite(ctx context.Context, path string) error {
	base := "file:" + (&url.URL{Path: path}).EscapedPath() + "?_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=cache_size(-32000)"
	w, err := sql.Open("sqlite", base+"&_txlock=immediate&_pragma=temp_store(MEMORY)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=wal_autocheckpoint(4000)")
	if err != nil {
		return err
	}
	w.SetMaxOpenConns(1)
	d.write = bun.NewDB(w, sqlitedialect.New(), bun.WithDiscardUnknownColumns())
	d.writer, err = startWriter(ctx, d)
	if err != nil {
		w.Close()
		return err
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
