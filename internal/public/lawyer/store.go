package lawyer

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
)

const profileColumns = `id, org, path, rev, name, phone, nickname, firm, areas, regions, languages, status, status_at, load, rated, satisfied, points, poor, served_at, created_at`

func insert(tx *db.Tx, p Profile) error {
	phone := any(nil)
	if p.Phone != id.Nil {
		phone = p.Phone.String()
	}
	_, err := tx.Exec(`INSERT INTO lawyer_profile (`+profileColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, ?)`,
		p.ID.String(), p.Org.String(), p.Path, p.Rev, p.Name.String(), phone, p.Nickname, p.Firm,
		join(p.Areas), join(p.Regions), join(p.Languages), string(p.Status), p.StatusAt.UnixMilli(), p.CreatedAt.UnixMilli())
	return err
}

// join writes a list of codes with a space around each, so that LIKE finds one.
func join(codes []string) string { return " " + strings.Join(codes, " ") + " " }

func load(tx *db.Tx, lawyer id.ID) (Profile, error) {
	list, err := query(tx, `WHERE id = ?`, lawyer.String())
	if err == nil && len(list) == 0 {
		err = fault.NotThere()
	}
	if err != nil {
		return Profile{}, err
	}
	return list[0], nil
}

func query(tx *db.Tx, where string, args ...any) (list []Profile, err error) {
	rows, err := tx.Rows(`SELECT `+profileColumns+` FROM lawyer_profile `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read lawyers: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var p Profile
		var phone *id.ID
		var areas, regions, languages string
		var poor int
		var statusAt, served, created db.Time
		err := rows.Scan(&p.ID, &p.Org, &p.Path, &p.Rev, &p.Name, &phone, &p.Nickname, &p.Firm, &areas, &regions, &languages,
			&p.Status, &statusAt, &p.Load, &p.Rated, &p.Satisfied, &p.Points, &poor, &served, &created)
		if err != nil {
			return nil, fmt.Errorf("read lawyers: %w", err)
		}
		if phone != nil {
			p.Phone = *phone
		}
		p.Areas, p.Regions, p.Languages = strings.Fields(areas), strings.Fields(regions), strings.Fields(languages)
		p.StatusAt, p.ServedAt, p.CreatedAt = statusAt.Time, served.Time, created.Time
		list = append(list, p)
	}
	return list, rows.Err()
}

// setStatus writes a status if the row is still of version rev.
func setStatus(tx *db.Tx, lawyer id.ID, rev int64, s Status, at time.Time) error {
	return one(tx, "fault.stale", `UPDATE lawyer_profile SET status = ?, status_at = ?, rev = rev + 1 WHERE id = ? AND rev = ?`,
		string(s), at.UnixMilli(), lawyer.String(), rev)
}

// one runs an UPDATE that must hit one row.
func one(tx *db.Tx, conflict, query string, args ...any) error {
	return tx.LaterOne(func(err error) error {
		if errors.Is(err, db.ErrNotOne) {
			return fault.Wrap(fault.Conflict, conflict, err)
		}
		return fmt.Errorf("write a lawyer: %w", err)
	}, query, args...)
}
