package app

import (
	"bytes"
	"database/sql"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"mingfa/internal/base/db/dbtest"
)

// migrated runs mingfa migrate and tells the exit code and what was printed.
func migrated(t *testing.T, args ...string) (int, string) {
	t.Helper()
	var out bytes.Buffer
	code := Run(t.Context(), append([]string{"migrate", "--data", t.TempDir()}, args...), &out, &out)
	return code, out.String()
}

// refusedBy demands that a statement is refused with one of PostgreSQL's codes.
func refusedBy(t *testing.T, d *sql.DB, code, stmt string) {
	t.Helper()
	_, err := d.Exec(stmt)
	if e, ok := errors.AsType[*pgconn.PgError](err); !ok || e.Code != code {
		t.Errorf("%s: %v, wanted %s", stmt, err, code)
	}
}

// A role that owns nothing serves the whole house, and facts are closed to it by
// grant, also where a trigger would not fire.
func TestGrant(t *testing.T) {
	at := dbtest.PostgresURL(t)
	owner, err := sql.Open("pgx", at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { owner.Close() })
	role, as := dbtest.Role(t, at)
	for range 2 { // again after an upgrade
		if code, said := migrated(t, "--db", at, "--grant", role); code != 0 || !strings.Contains(said, "may serve") {
			t.Fatalf("%d %s", code, said)
		}
	}
	houseLives(t, as)

	const denied, raised = "42501", "P0001"
	served, err := sql.Open("pgx", as)
	if err != nil {
		t.Fatal(err)
	}
	defer served.Close()
	for _, stmt := range []string{"DELETE FROM journal_fact WHERE false", "TRUNCATE journal_fact", "UPDATE journal_fact SET body = body WHERE false",
		"ALTER TABLE journal_fact DISABLE TRIGGER ALL", "SET session_replication_role = replica",
		"UPDATE goose_db_version SET version_id = 1", "DROP TABLE consult_order"} {
		refusedBy(t, served, denied, stmt)
	}
	refusedBy(t, served, raised, "UPDATE journal_fact SET leaf = leaf + 1")
	refusedBy(t, owner, raised, "DELETE FROM journal_fact")
}

// A role to which nothing could be refused, or that isn't there, is no such role.
func TestGrantRefuses(t *testing.T) {
	at := dbtest.PostgresURL(t)
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	for role, want := range map[string]string{u.User.Username(): "superuser", `nobody"; DROP TABLE journal_fact; --`: "there is no role"} {
		if code, said := migrated(t, "--db", at, "--grant", role); code != 1 || !strings.Contains(said, want) {
			t.Errorf("%s: %d %s", role, code, said)
		}
	}
	if code, said := migrated(t, "--grant", "x"); code != 1 || !strings.Contains(said, "PostgreSQL") {
		t.Errorf("SQLite: %d %s", code, said)
	}
}
