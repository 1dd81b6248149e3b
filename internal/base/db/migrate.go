package db

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"testing/fstest"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"mingfa/migrations"
)

// migrate brings the schema up to date, or only looks whether this program can
// work with it. On PostgreSQL a lock keeps two nodes from migrating at once.
func (d *DB) migrate(ctx context.Context, up bool) error {
	files, err := forDialect(migrations.Files, d.Name())
	if err != nil {
		return err
	}
	dialect, opts := goose.DialectSQLite3, []goose.ProviderOption{goose.WithLogger(goose.NopLogger())}
	if d.postgres {
		dialect = goose.DialectPostgres
		l, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return err
		}
		opts = append(opts, goose.WithSessionLocker(l))
	}
	pool := d.write.DB
	if !d.postgres {
		// The writer owns the only writing connection; migrating needs one of
		// its own for a moment.
		pool.SetMaxOpenConns(2)
		defer pool.SetMaxOpenConns(1)
	}
	p, err := goose.NewProvider(dialect, pool, files, opts...)
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	known := p.ListSources()
	newest := known[len(known)-1].Version
	if up {
		if _, err := p.Up(ctx); err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
	}
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("read the schema version: %w", err)
	}
	if have > newest {
		return fmt.Errorf("the database has schema %d, this program knows %d: use the newer program", have, newest)
	}
	if have < newest {
		return fmt.Errorf("the database has schema %d, this program needs %d: run mingfa migrate", have, newest)
	}
	return nil
}

// forDialect picks the files of one database: NAME.sql for both, or the one of
// the pair NAME.sqlite.sql and NAME.postgres.sql.
func forDialect(all fs.FS, name string) (fs.FS, error) {
	out := fstest.MapFS{}
	entries, err := fs.ReadDir(all, ".")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		base := strings.TrimSuffix(e.Name(), ".sql")
		plain, dialect, pair := strings.Cut(base, ".")
		if pair && dialect != name {
			continue
		}
		b, err := fs.ReadFile(all, e.Name())
		if err != nil {
			return nil, err
		}
		out[plain+".sql"] = &fstest.MapFile{Data: b}
	}
	return out, nil
}
