//go:build accept

package accept

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// backup copies the data, not the keys; the server stands.
func (e *erasure) backup(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if e.db != "" {
		run(t, pgProgram(t, "pg_dump"), "--format=custom", "--exclude-schema=mingfa_keys", "--file", filepath.Join(dir, "dump"), e.db)
		return dir
	}
	for _, f := range e.files(t) {
		b, err := os.ReadFile(f)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, filepath.Base(f)), b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// files are those of the SQLite database.
func (e *erasure) files(t *testing.T) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(e.data, "mingfa.db*"))
	if err != nil || len(all) == 0 {
		t.Fatalf("no database in %s: %v", e.data, err)
	}
	return all
}

// putBack puts the data of before the erasure back, beside the keys of now.
func (e *erasure) putBack(t *testing.T, dir string) {
	t.Helper()
	if e.db != "" {
		c := e.raw(t)
		if _, err := c.Exec("DROP SCHEMA public CASCADE; CREATE SCHEMA public"); err != nil {
			t.Fatal(err)
		}
		c.Close()
		run(t, pgProgram(t, "pg_restore"), "--no-owner", "--exit-on-error", "--clean", "--if-exists", "--dbname", e.db, filepath.Join(dir, "dump"))
	} else {
		for _, f := range e.files(t) {
			if err := os.Remove(f); err != nil {
				t.Fatal(err)
			}
		}
		copies, _ := filepath.Glob(filepath.Join(dir, "mingfa.db*"))
		for _, f := range copies {
			b, err := os.ReadFile(f)
			if err == nil {
				err = os.WriteFile(filepath.Join(e.data, filepath.Base(f)), b, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := tryStart(t, e.place, nil); err == nil {
		t.Error("a server with an old copy of the data serves")
	}
	run(t, binary(t), e.args("restore", "--accept-loss")...)
	c := e.raw(t)
	defer c.Close()
	if _, err := c.Exec("UPDATE identity_code SET sent_at = 0"); err != nil { // the minute between two codes has passed
		t.Fatal(err)
	}
}

func run(t testing.TB, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", filepath.Base(name), err, out)
	}
}

// pgProgram finds a program of PostgreSQL.
func pgProgram(t testing.TB, name string) string {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(found) > 0 {
		return slices.Max(found)
	}
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	return path
}
