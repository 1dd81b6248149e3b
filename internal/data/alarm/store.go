package alarm

import (
	"database/sql"
	"strings"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
)

func lock(tx *db.Tx, alarm id.ID) (*Alarm, error) { return db.LoadLocked[Alarm](tx, alarm) }

func load(tx *db.Tx, alarm id.ID) (*Alarm, error) { return db.Load[Alarm](tx, alarm) }

// running locks the alarm of a cause that is not resolved; nil is none.
func running(tx *db.Tx, kind Kind, about id.ID) (*Alarm, error) {
	var a Alarm
	err := tx.Lock(tx.NewSelect().Model(&a).Where("kind = ? AND about = ? AND resolved_at IS NULL", kind, about)).Scan(tx.Ctx())
	if db.NotFound(err) {
		return nil, nil
	}
	return &a, err
}

// save writes an alarm back, one revision on, with its fact.
func save(tx *db.Tx, a *Alarm, e journal.Event, sealed map[string]seal.Sealed) error {
	if err := tx.Save(a, &a.Rev); err != nil {
		return err
	}
	return a.write(tx, e, sealed)
}

func (a *Alarm) write(tx *db.Tx, e journal.Event, sealed map[string]seal.Sealed) error {
	return journal.Write(tx, journal.Entry{Org: a.Org, Root: a.ID, Subject: a.ID, Rev: a.Rev, Event: e, Sealed: sealed})
}

// failed counts a failure and gives how many there were since all went well.
func failed(tx *db.Tx, name string) (n int64, err error) {
	_, err = tx.Exec("INSERT INTO alarm_failures (name, n) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET n = alarm_failures.n + 1", name)
	if err != nil {
		return 0, err
	}
	err = tx.Row("SELECT n FROM alarm_failures WHERE name = ?", name).Scan(&n)
	return n, err
}

// wentWell begins to count failures anew, and tells whether there were any.
func wentWell(tx *db.Tx, name string) (some bool, err error) {
	if err = tx.Row("SELECT EXISTS (SELECT 1 FROM alarm_failures WHERE name = ? AND n > 0)", name).Scan(&some); err != nil || !some {
		return false, err
	}
	_, err = tx.Exec("UPDATE alarm_failures SET n = 0 WHERE name = ?", name)
	return true, err
}

// waiters counts the orders of an organisation that nobody has in hand, and when
// the first of them was asked.
func waiters(tx *db.Tx, org id.ID) (n int64, oldest db.Time, err error) {
	err = tx.Row("SELECT count(*), min(asked_at) FROM consult_order_v WHERE state = 'waiting' AND org = ?", org.String()).Scan(&n, &oldest)
	return n, oldest, err
}

// orgsThatWait lists the organisations with such orders.
func orgsThatWait(tx *db.Tx) ([]id.ID, error) {
	return idsOf(tx.Rows("SELECT DISTINCT org FROM consult_order_v WHERE state = 'waiting'"))
}

// orgsOfWaiting lists the organisations of those of the orders that nobody has in hand.
func orgsOfWaiting(tx *db.Tx, orders []id.ID) ([]id.ID, error) {
	if len(orders) == 0 {
		return nil, nil
	}
	args := make([]any, len(orders))
	for i, o := range orders {
		args[i] = o.String()
	}
	args = db.Padded(args)
	return idsOf(tx.Rows("SELECT DISTINCT org FROM consult_order_v WHERE state = 'waiting' AND id IN (?"+strings.Repeat(", ?", len(args)-1)+")", args...))
}

func idsOf(rows *sql.Rows, err error) (out []id.ID, _ error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		var i id.ID
		if err := rows.Scan(&i); err != nil {
			return nil, err
		}
		out = append(out, i)
	}
	return out, rows.Err()
}

// orgsOf lists the organisations with a running alarm of a kind.
func orgsOf(tx *db.Tx, kind Kind) (out []id.ID, err error) {
	err = tx.NewSelect().Model((*Alarm)(nil)).Column("about").Where("kind = ? AND resolved_at IS NULL", kind).Scan(tx.Ctx(), &out)
	return out, err
}
