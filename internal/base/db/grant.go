package db

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"mingfa/internal/base/who"
)

// Grant lets a PostgreSQL role that owns nothing here serve: it reads and writes
// rows and can't change the schema. Each of less takes away from it what not
// even the program does with the tables of a room; it gets the role as it is
// written in SQL. New tables need Grant again.
func (d *DB) Grant(ctx context.Context, role string, less ...func(tx *Tx, role string) error) error {
	if !d.postgres {
		return errors.New("roles are for PostgreSQL; an SQLite file belongs to who can write it")
	}
	return d.Do(ctx, who.System("grant"), func(tx *Tx) error {
		schema, err := grantable(tx, role)
		if err != nil {
			return err
		}
		schema, quoted := pgx.Identifier{schema}.Sanitize(), pgx.Identifier{role}.Sanitize()
		_, err = tx.Exec("GRANT USAGE ON SCHEMA " + schema + " TO " + quoted + "; " +
			"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA " + schema + " TO " + quoted + "; " +
			"REVOKE INSERT, UPDATE, DELETE ON goose_db_version FROM " + quoted)
		if err != nil {
			return fmt.Errorf("grant to role %s: %w", role, err)
		}
		for _, take := range less {
			if err := take(tx, quoted); err != nil {
				return fmt.Errorf("take from role %s what nobody does: %w", role, err)
			}
		}
		return nil
	})
}

// grantable tells the schema of the tables, and refuses a role to which nothing
// could be refused.
func grantable(tx *Tx, role string) (schema string, err error) {
	var owner bool
	err = tx.Row(`SELECT c.relnamespace::regnamespace::text, pg_has_role(r.oid, c.relowner, 'MEMBER') FROM pg_roles r, pg_class c
		WHERE r.rolname = ? AND c.oid = to_regclass('goose_db_version')`, role).Scan(&schema, &owner)
	switch {
	case NotFound(err):
		return "", fmt.Errorf("there is no role %q: make it first, CREATE ROLE ... LOGIN", role)
	case err != nil:
		return "", fmt.Errorf("look for role %s: %w", role, err)
	case owner:
		return "", fmt.Errorf("role %q owns the tables, belongs to their owner or is a superuser: nothing could be refused to it; name another", role)
	}
	return schema, nil
}
