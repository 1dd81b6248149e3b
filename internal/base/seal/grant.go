package seal

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// GrantPostgres makes the tables of the keys, if they aren't there, and gives
// them to the role that serves: only who owns a table may write it anew, and
// nothing less takes a destroyed key out of its file. It needs no master key.
func GrantPostgres(ctx context.Context, url, role string) error {
	s, err := openPostgres(ctx, url)
	if err != nil {
		return fmt.Errorf("open the key store: %w", err)
	}
	defer s.Close() //nolint:errcheck // everything is committed
	quoted := pgx.Identifier{role}.Sanitize()
	err = s.change(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "GRANT USAGE, CREATE ON SCHEMA mingfa_keys TO "+quoted+"; "+
			"ALTER TABLE mingfa_keys.store OWNER TO "+quoted+"; ALTER TABLE mingfa_keys.key OWNER TO "+quoted)
		return err
	})
	if err != nil {
		return fmt.Errorf("give the tables of the keys to role %s (as a superuser, or as an owner who is a member of it): %w", role, err)
	}
	return nil
}
