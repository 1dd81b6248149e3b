package seal

import (
	"database/sql"
	"slices"
	"strings"
	"testing"

	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/id"
)

// asRole opens the keys as a role that may use them, makes one and destroys it.
func asRole(t *testing.T, url string) error {
	t.Helper()
	k, err := Open(t.Context(), Config{Dir: t.TempDir(), PostgresURL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	key, err := k.New(t.Context(), Org, id.Nil)
	if err != nil {
		t.Fatal(err)
	}
	notes, err := k.Caveats(t.Context())
	if err != nil || !slices.ContainsFunc(notes, func(s string) bool { return strings.Contains(s, "pg_read_all_stats") }) {
		t.Errorf("caveats %q, %v", notes, err)
	}
	return k.Destroy(t.Context(), key)
}

// The role that serves destroys keys like an owner.
//
// req: B9.3.1
func TestGrantPostgres(t *testing.T) {
	at := dbtest.PostgresURL(t)
	role, as := dbtest.Role(t, at)
	for range 2 {
		if err := GrantPostgres(t.Context(), at, role); err != nil {
			t.Fatal(err)
		}
	}
	if err := asRole(t, as); err != nil {
		t.Error(err)
	}
}

// A role that may write the rows and not the file anew is told so: PostgreSQL
// only warns, and the destroyed key would stay in the file.
//
// req: B9.3.1
func TestDestroyWithoutTheTable(t *testing.T) {
	at := dbtest.PostgresURL(t)
	role, as := dbtest.Role(t, at)
	s, err := openPostgres(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.change(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.Exec(`GRANT USAGE ON SCHEMA mingfa_keys TO "` + role + `"; GRANT ALL ON ALL TABLES IN SCHEMA mingfa_keys TO "` + role + `"`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if serverVersion(t, s) >= 170000 {
		t.Skip("GRANT ALL holds MAINTAIN here: the role may do it")
	}
	if err := asRole(t, as); err == nil || !strings.Contains(err.Error(), "may not write the table of the keys anew") {
		t.Errorf("destroyed: %v", err)
	}
}

func serverVersion(t *testing.T, s *store) (n int) {
	t.Helper()
	if err := s.read.QueryRow("SELECT current_setting('server_version_num')::int").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
