package db

import (
	"context"
	"database/sql"
	"log/slog"
	"sync"
)

// When the log of SQLite (the WAL) is copied into its file: beside the writer, on a
// connection of its own, each time that checkpointAfter closures were committed. As
// the writer goes on meanwhile, the log never ends under load; at longLog pages of
// 4 KiB the writer's own connection copies the few that are left, and the log begins
// anew. Without this every 4,000th page made all writers wait for the copy of all.
const (
	checkpointAfter = 1000
	longLog         = 16_000
)

// checkpointer copies the log into the file when it is woken.
type checkpointer struct {
	pool *sql.DB
	wake chan struct{}
	done sync.WaitGroup
	kept int // closures since it was woken; the writer's
}

func startCheckpointer(ctx context.Context, dsn string, log *slog.Logger) (*checkpointer, error) {
	pool, err := sql.Open("sqlite", dsn+"&_pragma=wal_autocheckpoint(0)")
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(1)
	conn, err := pool.Conn(ctx)
	if err != nil {
		pool.Close() //nolint:errcheck // the first error tells more
		return nil, err
	}
	if err := assertSQLite(ctx, conn); err != nil {
		pool.Close() //nolint:errcheck // the first error tells more
		return nil, err
	}
	c := &checkpointer{pool: pool, wake: make(chan struct{}, 1)}
	c.done.Go(func() {
		defer conn.Close()
		for range c.wake {
			// Whatever is left (others read it), the writer's connection copies at longLog.
			if _, err := conn.ExecContext(context.Background(), "PRAGMA wal_checkpoint(PASSIVE)"); err != nil {
				log.Warn("SQLite's log was not copied into its file; the writer will try", "error", err)
			}
		}
	})
	return c, nil
}

// committed tells of closures that are in the log now. For the writer alone.
func (c *checkpointer) committed(closures int) {
	if c.kept += closures; c.kept < checkpointAfter {
		return
	}
	c.kept = 0
	select {
	case c.wake <- struct{}{}:
	default: // it runs, and is woken again
	}
}

// close waits for a copy that is being made. Nobody may call committed any more.
func (c *checkpointer) close() error {
	close(c.wake)
	c.done.Wait()
	return closed(c.pool)
}
