package lawyer

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/seal"
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

// cards reads what everybody may know of lawyers, each with his sealed name.
func cards(tx *db.Tx, lawyers []id.ID) (list []Card, names []seal.Row, err error) {
	var args []any
	for _, l := range lawyers {
		if a := l.String(); l != id.Nil && !slices.Contains(args, any(a)) {
			args = append(args, a)
		}
	}
	for part := range slices.Chunk(args, 400) {
		rows, err := tx.Rows(`SELECT p.id, p.nickname, p.firm, p.name, t.org, t.key, t.box
			FROM lawyer_profile p LEFT JOIN seal_text_v t ON t.id = p.name WHERE p.id IN (?`+strings.Repeat(", ?", len(part)-1)+`)`, part...)
		if err != nil {
			return nil, nil, err
		}
		for rows.Next() {
			var c Card
			var n seal.Row
			if err := rows.Scan(&c.ID, &c.Nickname, &c.Firm, &n.ID, &n.Org, &n.Key, &n.Box); err != nil {
				return nil, nil, errors.Join(err, rows.Close())
			}
			list, names = append(list, c), append(names, n)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return nil, nil, err
		}
	}
	return list, names, nil
}

// setStatus writes a status if the row is still of version rev.
func setStatus(tx *db.Tx, lawyer id.ID, rev int64, s Status, at time.Time) error {
	return one(tx, "fault.stale", `UPDATE lawyer_profile SET status = ?, status_at = ?, rev = rev + 1 WHERE id = ? AND rev = ?`,
		string(s), at.UnixMilli(), lawyer.String(), rev)
}

// setPractice writes what a lawyer does if the row is still of version rev.
func setPractice(tx *db.Tx, lawyer id.ID, rev int64, x Practice) error {
	return one(tx, "fault.stale", `UPDATE lawyer_profile SET firm = ?, areas = ?, regions = ?, languages = ?, rev = rev + 1 WHERE id = ? AND rev = ?`,
		x.Firm, join(x.Areas), join(x.Regions), join(x.Languages), lawyer.String(), rev)
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
