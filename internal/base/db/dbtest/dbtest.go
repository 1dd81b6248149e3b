// Package dbtest gives tests real databases: a fresh migrated SQLite file, and
// a fresh database in a real PostgreSQL that the first test of a package
// starts on a free loopback port and the last one stops. The first of each is
// migrated, the others are copies of it (copy.go).
//
// PostgreSQL is skipped, with the reason, where its programs are not installed.
// MINGFA_TEST_POSTGRES names a running server to use instead.
package dbtest

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver for making databases

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
)

// Each runs fn on a fresh database of each kind.
func Each(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	EachAt(t, nil, fn)
}

// EachAt is Each with a clock; nil is the real one.
func EachAt(t *testing.T, clock db.Clock, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(t, Open(t, SQLiteURL(t), clock)) })
	t.Run("postgres", func(t *testing.T) { fn(t, Open(t, PostgresURL(t), clock)) })
}

// Clock is a clock that the test moves, standing at a Monday noon.
func Clock(*testing.T) *db.StepClock {
	return db.NewStepClock(time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC))
}

// Open opens and migrates the database of url; the test closes it.
func Open(t *testing.T, url string, clock db.Clock) *db.DB {
	t.Helper()
	return open(t, url, db.Options{Clock: clock})
}

// OpenTwice is Open of a database that runs each closure twice, on SQLite: one that
// can't be run again (db.Do) shows in what it leaves.
func OpenTwice(t *testing.T, url string, clock db.Clock) *db.DB {
	t.Helper()
	return open(t, url, db.Options{Clock: clock, Twice: true})
}

func open(t *testing.T, url string, o db.Options) *db.DB {
	t.Helper()
	o.Migrate, o.Strict = true, true
	d, err := db.Open(context.Background(), url, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// SQLiteURL names a fresh SQLite file with our tables.
func SQLiteURL(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "mingfa.db")
	if err := copySQLite(file); err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + file
}

// PostgresURL names a fresh PostgreSQL database with our tables, or skips the
// test.
func PostgresURL(t *testing.T) string {
	t.Helper()
	once.Do(start)
	if server.err != nil {
		t.Skipf("PostgreSQL: %v", server.err)
	}
	from, err := migratedPostgres()
	if err != nil {
		t.Fatal(err)
	}
	name := "t" + strings.ReplaceAll(id.New().String(), "-", "")
	admin(t, "CREATE DATABASE "+name+" TEMPLATE "+from)
	t.Cleanup(func() { admin(t, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") })
	return postgresURL(name)
}

// PostgresDir is the server's data directory, for tests that search its files
// and its log ("log" inside it). Empty when the server is not ours.
func PostgresDir() string { return server.dir }

func admin(t *testing.T, stmt string) {
	t.Helper()
	if err := execute(stmt); err != nil {
		t.Fatal(err)
	}
}

func execute(stmt string) error {
	c, err := sql.Open("pgx", server.url)
	if err != nil {
		return err
	}
	defer c.Close()
	_, err = c.Exec(stmt)
	return err
}

// postgresURL names a database of the server.
func postgresURL(name string) string {
	u, err := url.Parse(server.url)
	if err != nil {
		panic(err) // it served just now
	}
	u.Path = "/" + name
	return u.String()
}

var (
	once   sync.Once
	server struct {
		url, dir string
		err      error
	}
)

// start brings up a PostgreSQL for this process. It stops by itself when the
// process that started it is gone (a watching shell sees to that), so a test
// that is killed leaves nothing behind.
func start() {
	if u := os.Getenv("MINGFA_TEST_POSTGRES"); u != "" {
		server.url = u
		return
	}
	server.url, server.dir, server.err = Start(os.TempDir())
}

// Start initialises and starts a PostgreSQL below parent and returns its URL
// and data directory. The server ends when this process does.
func Start(parent string) (serverURL, dir string, err error) {
	bin, err := programs()
	if err != nil {
		return "", "", err
	}
	dir, err = os.MkdirTemp(parent, "mingfa-pg-")
	if err != nil {
		return "", "", err
	}
	cred, err := unprivileged(dir)
	if err != nil {
		return "", "", err
	}
	data := filepath.Join(dir, "data")
	run := func(name string, args ...string) error {
		c := exec.Command(filepath.Join(bin, name), args...)
		c.SysProcAttr = &syscall.SysProcAttr{Credential: cred}
		c.Dir = dir
		if out, err := c.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w: %s", name, err, bytes.TrimSpace(out))
		}
		return nil
	}
	if err := run("initdb", "-D", data, "-U", "mingfa", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"); err != nil {
		return "", "", err
	}
	port, err := freePort()
	if err != nil {
		return "", "", err
	}
	if err := launch(bin, dir, data, port, cred); err != nil {
		return "", "", err
	}
	serverURL = fmt.Sprintf("postgres://mingfa@127.0.0.1:%d/postgres?sslmode=disable", port)
	return serverURL, data, waitFor(serverURL)
}

// launch starts the server under a shell that stops it when its standard input
// ends, which happens when this process is gone, however it went.
func launch(bin, dir, data string, port int, cred *syscall.Credential) error {
	script := `"$0/postgres" -D "$1" -p "$2" -k "$3" -c listen_addresses=127.0.0.1 -c wal_recycle=off -c min_wal_size=32MB \
 -c max_connections=200 -c log_statement=none -c log_min_error_statement=error >"$1/log" 2>&1 &
p=$!; cat >/dev/null; kill -INT $p; wait $p; rm -rf "$3"`
	c := exec.Command("/bin/sh", "-c", script, bin, data, strconv.Itoa(port), dir)
	c.SysProcAttr = &syscall.SysProcAttr{Credential: cred, Setpgid: true}
	c.Dir = dir
	alive, write, err := os.Pipe() // write stays open as long as this process lives
	if err != nil {
		return err
	}
	keep = append(keep, write)
	c.Stdin = alive
	if err := c.Start(); err != nil {
		return err
	}
	alive.Close()
	go c.Wait() //nolint:errcheck // it ends after us
	return nil
}

// keep holds the pipes that keep servers alive.
var keep []*os.File

func waitFor(u string) error {
	c, err := sql.Open("pgx", u)
	if err != nil {
		return err
	}
	defer c.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	for {
		err := c.PingContext(ctx)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("PostgreSQL did not start: %w", err)
		}
		time.Sleep(20 * time.Millisecond) // asking again, not waiting for a time
	}
}

// programs finds the directory of PostgreSQL's server programs.
func programs() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1]), nil
	}
	if p, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(p), nil
	}
	return "", errors.New("its server programs are not installed (package postgresql)")
}

// unprivileged gives the account the server runs under: PostgreSQL refuses root.
func unprivileged(dir string) (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, os.Chown(dir, uid, gid)
	}
	return nil, errors.New("running as root, and there is no account postgres or nobody to run it under")
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
