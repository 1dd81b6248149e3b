package complaint

import (
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
)

// attemptRow is one telephone call.
type attemptRow struct {
	bun.BaseModel `bun:"table:complaint_attempt"`

	ID        id.ID `bun:"type:uuid,pk"`
	Org       id.ID `bun:"type:uuid"`
	Complaint id.ID `bun:"type:uuid"`
	N         int
	Reached   bool
	Counts    bool
	Reason    id.ID   `bun:"type:uuid,nullzero"` // sealed
	At        db.Time `bun:",nullzero"`
	By        id.ID   `bun:"by_person,type:uuid"`
}

func load(tx *db.Tx, complaint id.ID) (*Complaint, error) { return db.Load[Complaint](tx, complaint) }

// lock reads a complaint that is about to change.
func lock(tx *db.Tx, complaint id.ID) (*Complaint, error) {
	return db.LoadLocked[Complaint](tx, complaint)
}

// insert writes a new row; one that is there already is a conflict.
func insert(tx *db.Tx, row any) error {
	return tx.InsertLater(func(err error) error {
		if db.Conflict(err) {
			return fault.Wrap(fault.Conflict, "fault.conflict", err)
		}
		return fmt.Errorf("write a row of the complaint: %w", err)
	}, row)
}

// save writes a complaint back, one revision on, with its fact.
func save(tx *db.Tx, c *Complaint, e journal.Event, sealed map[string]seal.Sealed) error {
	if err := tx.Save(c, &c.Rev); err != nil {
		return err
	}
	return c.write(tx, e, sealed)
}

// write writes a fact of the complaint, whose row must just have been saved.
func (c *Complaint) write(tx *db.Tx, e journal.Event, sealed map[string]seal.Sealed) error {
	return journal.Write(tx, journal.Entry{Org: c.Org, Root: c.ID, Subject: c.ID, Rev: c.Rev, Event: e, Sealed: sealed})
}

// madeBefore finds the complaint under a client's ID, nil if there is none.
func madeBefore(tx *db.Tx, complaint id.ID) (*Complaint, error) {
	c, err := load(tx, complaint)
	if fault.Is(err, fault.Absent) {
		return nil, nil
	}
	return c, err
}

func attempts(tx *db.Tx, complaints ...id.ID) (out map[id.ID][]attemptRow, err error) {
	var rows []attemptRow
	out = map[id.ID][]attemptRow{}
	if len(complaints) == 0 {
		return out, nil
	}
	err = tx.NewSelect().Model(&rows).Where("complaint IN (?)", bun.List(complaints)).Order("n").Scan(tx.Ctx())
	for _, r := range rows {
		out[r.Complaint] = append(out[r.Complaint], r)
	}
	return out, err
}

// orderRef is what this room knows of a consultation.
type orderRef struct {
	ID, Org, Citizen id.ID
	Path, Number     string
}

// orders finds consultations by ID; unknown ones are not in the map.
func orders(tx *db.Tx, ids ...id.ID) (map[id.ID]orderRef, error) {
	out := map[id.ID]orderRef{}
	if len(ids) == 0 {
		return out, nil
	}
	args := make([]any, len(ids))
	for i, x := range ids {
		args[i] = x.String()
	}
	rows, err := tx.Rows("SELECT id, org, citizen, path, number FROM consult_order_v WHERE id IN (?"+strings.Repeat(", ?", len(ids)-1)+")", args...)
	if err != nil {
		return nil, fmt.Errorf("find the orders of complaints: %w", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		var o orderRef
		if err := rows.Scan(&o.ID, &o.Org, &o.Citizen, &o.Path, &o.Number); err != nil {
			return nil, err
		}
		out[o.ID] = o
	}
	return out, rows.Err()
}

// attachmentOf reads a file of a complaint; a fault.NotThere where there is none.
func attachmentOf(tx *db.Tx, file id.ID) (*attachmentRow, error) {
	var row attachmentRow
	err := tx.NewSelect().Model(&row).Where("id = ?", file).Scan(tx.Ctx())
	if db.NotFound(err) {
		return nil, fault.NotThere()
	}
	return &row, err
}

// attachments lists the files of complaints, in the order of their numbers.
func attachments(tx *db.Tx, complaints ...id.ID) (map[id.ID][]attachmentRow, error) {
	out := map[id.ID][]attachmentRow{}
	if len(complaints) == 0 {
		return out, nil
	}
	var rows []attachmentRow
	err := tx.NewSelect().Model(&rows).Where("complaint IN (?)", bun.List(complaints)).Order("n").Scan(tx.Ctx())
	for _, r := range rows {
		out[r.Complaint] = append(out[r.Complaint], r)
	}
	return out, err
}

// allAttachments are those of the whole house, for verify.
func allAttachments(tx *db.Tx) (rows []attachmentRow, err error) {
	err = tx.NewSelect().Model(&rows).Scan(tx.Ctx())
	return rows, err
}

// countFiles counts the files of a complaint, and those that a person added to any
// complaint after an instant.
func countFiles(tx *db.Tx, complaint, author id.ID, after time.Time) (of, by int, err error) {
	if err = tx.Row("SELECT count(*) FROM complaint_attachment WHERE complaint = ?", complaint.String()).Scan(&of); err != nil {
		return 0, 0, err
	}
	err = tx.Row("SELECT count(*) FROM complaint_attachment WHERE author = ? AND at > ?", author.String(), after.UnixMilli()).Scan(&by)
	return of, by, err
}
