package consult

import (
	"fmt"

	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/id"
)

// begunRows reads all of a person's, also those whose time has come.
func begunRows(tx *db.Tx, citizen id.ID) (rows []begunRow, err error) {
	if err = tx.NewSelect().Model(&rows).Where("citizen = ?", citizen).Scan(tx.Ctx()); err != nil {
		err = fmt.Errorf("list begun questions: %w", err)
	}
	return rows, err
}

// openBegunRows reads those of a person that can still be sent: one that was kept in
// the very moment in which it was asked can't.
func openBegunRows(tx *db.Tx, citizen id.ID) (rows []begunRow, err error) {
	err = tx.NewSelect().Model(&rows).Where("citizen = ? AND expires_at > ?", citizen, tx.Now().UnixMilli()).
		Where("NOT EXISTS (SELECT 1 FROM consult_order o WHERE o.id = consult AND o.citizen = ?)", citizen).Scan(tx.Ctx())
	if err != nil {
		err = fmt.Errorf("list begun questions: %w", err)
	}
	return rows, err
}

func countBegun(tx *db.Tx, citizen id.ID) (n int, err error) {
	err = tx.Row("SELECT count(*) FROM consult_begun WHERE citizen = ? AND expires_at > ?", citizen.String(), tx.Now().UnixMilli()).Scan(&n)
	return n, err
}

// unsentFiles reads the files that a person has uploaded for an order and not sent.
func unsentFiles(tx *db.Tx, author, order id.ID) (files []attachmentRow, err error) {
	err = tx.NewSelect().Model(&files).Where("author = ? AND consult = ? AND place = 'unsent'", author, order).Scan(tx.Ctx())
	if err != nil {
		err = fmt.Errorf("list unsent files: %w", err)
	}
	return files, err
}

// endBegun removes the row alone: its files have become the order's.
func endBegun(tx *db.Tx, citizen, order id.ID) error {
	i := begunID(citizen, order)
	wrap := func(err error) error { return fmt.Errorf("end a begun question: %w", err) }
	if err := tx.Later(wrap, "DELETE FROM consult_begun WHERE id = ?", i.String()); err != nil {
		return err
	}
	return due.Cancel(tx, i, "begun")
}
