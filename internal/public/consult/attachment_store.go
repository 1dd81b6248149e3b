package consult

import (
	"github.com/uptrace/bun"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
)

// attachmentOf reads a file of an order; a fault.NotThere where there is none.
func attachmentOf(tx *db.Tx, order, file id.ID) (*attachmentRow, error) {
	a, err := db.LoadLocked[attachmentRow](tx, file)
	if err == nil && order != id.Nil && a.Order != order {
		return nil, fault.NotThere()
	}
	return a, err
}

// peekAttachment is attachmentOf for a View.
func peekAttachment(tx *db.Tx, file id.ID) (*attachmentRow, error) {
	return db.Load[attachmentRow](tx, file)
}

// attachments lists what was sent with an order, in the order of its numbers.
func attachments(tx *db.Tx, order id.ID) (out []attachmentRow, err error) {
	err = tx.NewSelect().Model(&out).Where("consult = ? AND place <> ?", order, Unsent).Order("n").Scan(tx.Ctx())
	return out, err
}

// attachmentsByID reads files in no order.
func attachmentsByID(tx *db.Tx, files []id.ID) (map[id.ID]*attachmentRow, error) {
	var rows []attachmentRow
	if err := tx.NewSelect().Model(&rows).Where("id IN (?)", bun.List(db.Padded(files))).Scan(tx.Ctx()); err != nil {
		return nil, err
	}
	out := make(map[id.ID]*attachmentRow, len(rows))
	for i := range rows {
		out[rows[i].ID] = &rows[i]
	}
	return out, nil
}

func countFiles(tx *db.Tx, order, author id.ID) (c fileCounts, err error) {
	err = tx.Row(`SELECT count(*), coalesce(sum(CASE WHEN role = ? THEN 1 ELSE 0 END), 0) FROM consult_attachment
		WHERE consult = ? AND (place <> ? OR author = ?)`, ByCitizen, order.String(), Unsent, author.String()).Scan(&c.all, &c.citizen)
	if err != nil {
		return c, err
	}
	err = tx.Row("SELECT count(*) FROM consult_attachment WHERE author = ? AND place = 'unsent'", author.String()).Scan(&c.unsent)
	return c, err
}

// draftOf finds the draft of an order that is still to come; nil where there is none.
func draftOf(tx *db.Tx, citizen, order id.ID) (*draftRow, error) {
	var d draftRow
	err := tx.NewSelect().Model(&d).Where("citizen = ? AND consult = ?", citizen, order).Scan(tx.Ctx())
	if db.NotFound(err) {
		return nil, nil
	}
	return &d, err
}
