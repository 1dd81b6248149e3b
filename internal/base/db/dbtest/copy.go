package dbtest

import (
	"context"
	"os"
	"path/filepath"
	"sync"

	"mingfa/internal/base/db"
)

// Sixty migrations take longer than most tests, so they run once in a process:
// every database of a test is a copy of the first.

// migratedSQLite is the bytes of a migrated file.
var migratedSQLite = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "mingfa-sqlite-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // only disk space
	file := filepath.Join(dir, "mingfa.db")
	if err := migrated("sqlite:" + file); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
})

func copySQLite(file string) error {
	all, err := migratedSQLite()
	if err != nil {
		return err
	}
	return os.WriteFile(file, all, 0o600)
}

// migratedPostgres is the name of a migrated database. A server that is not ours
// gets none of ours that would stay: its databases are migrated one by one.
var migratedPostgres = sync.OnceValues(func() (string, error) {
	if server.dir == "" {
		return "template1", nil
	}
	const name = "migrated"
	if err := execute("CREATE DATABASE " + name); err != nil {
		return "", err
	}
	return name, migrated(postgresURL(name))
})

// migrated makes our tables in a database and leaves it.
func migrated(url string) error {
	d, err := db.Open(context.Background(), url, db.Options{Migrate: true})
	if err != nil {
		return err
	}
	return d.Close()
}
