package journal

import "mingfa/internal/base/db"

// Grant leaves to a PostgreSQL role that serves only what is done with facts:
// they are written, read and numbered. So not only a trigger refuses to change
// or delete them, which an owner could switch off. Use it with db.Grant.
func Grant(tx *db.Tx, role string) error {
	_, err := tx.Exec("REVOKE UPDATE, DELETE, TRUNCATE ON journal_fact FROM " + role + "; GRANT UPDATE (leaf) ON journal_fact TO " + role)
	return err
}
