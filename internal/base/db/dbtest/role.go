package dbtest

import (
	"database/sql"
	"net/url"
	"testing"

	"mingfa/internal/base/id"
)

// Role makes a PostgreSQL role that owns nothing, with a name that needs quotes,
// and tells it and the URL of the database for it. The test drops it.
func Role(t *testing.T, database string) (role, as string) {
	t.Helper()
	owner, err := sql.Open("pgx", database)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	role, password := "Serve "+id.New().String(), id.New().String()
	quoted := `"` + role + `"`
	if _, err := owner.Exec("CREATE ROLE " + quoted + " LOGIN PASSWORD '" + password + "'"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		defer owner.Close()
		if _, err := owner.Exec("DROP OWNED BY " + quoted + "; DROP ROLE " + quoted); err != nil {
			t.Error(err)
		}
	})
	u.User = url.UserPassword(role, password)
	return role, u.String()
}
