// Package due keeps what must happen by when: the second spine of the house.
//
// Every clock of the mission is a row: 120 minutes to answer, one working day to
// call back, one hour for a lawyer's call, 01:00 for the day's report. A verb
// sets or cancels rows in its own transaction (Set, Cancel), so a state and its
// clock never disagree. There is no other timer in the house.
//
// Firing is one transaction: the row is read unlocked; on PostgreSQL an
// advisory lock keeps two nodes apart; the handler locks its subject and decides
// again from what it finds; last the row is deleted by its rev, which is another
// one each time the row is set. If that
// deletes nothing, somebody was faster or the row was moved, and all is rolled
// back. So an effect commits exactly once, and there is no lease and no state to
// clean up: a done row vanishes, the fact of what was done stays.
//
// A handler may Set the same (subject, name) again: that walks one row through
// 60, 90, 110 and 120 minutes, and is how a repeating row goes on (Every).
//
// Limits are inclusive: something is late when t > limit. Whether a limit was
// kept is decided from the facts, not from when a row fired, so a late firing
// after an outage still tells the truth.
//
// A row whose handler fails backs off alone: only when it is tried again moves,
// never the time that was promised (At). Interactive rows (a person is
// waiting) never stand behind bulk. This package writes no facts: a breach is
// the handler's business.
package due

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
)

// Row is something that must happen at a time.
type Row struct {
	Org         id.ID
	Subject     id.ID
	Name        string // unique for the subject: Set again moves it
	Kind        string // which handler
	At          time.Time
	Payload     any       // small JSON of IDs, enums and numbers; may be nil
	Rule        string    // how At was computed: "120min", "1wd", "daily 01:00"
	Anchor      time.Time // from when; a changed calendar computes At again from it
	Zone        string    // IANA name
	Calendar    string
	Interactive bool // a person waits for it
}

// Fired is a row whose time has come. A handler that puts it off sets its Row again with
// another time: all else stays, its payload too.
type Fired struct {
	Row
	fire  time.Time // when it is tried: At, or later after a failure
	rev   int64
	tries int
}

// Decode reads the payload.
func (f Fired) Decode(into any) error {
	b, err := json.Marshal(f.Payload)
	if err == nil {
		err = json.Unmarshal(b, into)
	}
	if err != nil {
		return fmt.Errorf("read the payload of due %s: %w", f.Kind, err)
	}
	return nil
}

// touched marks that this transaction has given a row this rev, or cancelled it
// (rev 0), so that firing it can tell the handler's own hand from another's.
type touched struct {
	subject id.ID
	name    string
	rev     int64
}

// newRev is the name of one setting of a row: never 0.
func newRev() int64 { return rand.Int64N(math.MaxInt64) + 1 }

// topic wakes the runner.
const topic = "due.rows"

// The lanes: interactive rows are fired first, by workers of their own.
const (
	laneInteractive = 0
	laneBulk        = 1
)

// Set makes the row, or moves the one of the same subject and name. Lock the
// subject first.
func Set(tx *db.Tx, r Row) error {
	payload := []byte("null")
	if r.Payload != nil {
		var err error
		if payload, err = json.Marshal(r.Payload); err != nil {
			return fmt.Errorf("write the payload of due %s: %w", r.Kind, err)
		}
	}
	if r.Subject == id.Nil || r.Name == "" || r.Kind == "" || r.At.IsZero() {
		return fmt.Errorf("due %s needs a subject, a name, a kind and a time", r.Kind)
	}
	lane := laneBulk
	if r.Interactive {
		lane = laneInteractive
	}
	rev := newRev()
	wrap := func(err error) error { return fmt.Errorf("set due %s: %w", r.Name, err) }
	err := tx.Later(wrap, `INSERT INTO due_row (org, subject, name, kind, at, fire, lane, rule, anchor, zone, calendar, payload, rev, tries)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
		ON CONFLICT (subject, name) DO UPDATE SET org = excluded.org, kind = excluded.kind, at = excluded.at, fire = excluded.fire, lane = excluded.lane,
		rule = excluded.rule, anchor = excluded.anchor, zone = excluded.zone, calendar = excluded.calendar,
		payload = excluded.payload, rev = excluded.rev, tries = 0`,
		r.Org.String(), r.Subject.String(), r.Name, r.Kind, r.At.UnixMilli(), r.At.UnixMilli(), lane, r.Rule, db.At(r.Anchor), r.Zone, r.Calendar, string(payload), rev)
	if err != nil {
		return err
	}
	tx.Mark(touched{r.Subject, r.Name, rev})
	tx.Hint(topic, r.At.UnixMilli())
	return nil
}

// Cancel removes the row of subject and name, if there is one.
func Cancel(tx *db.Tx, subject id.ID, name string) error {
	wrap := func(err error) error { return fmt.Errorf("cancel due %s: %w", name, err) }
	if err := tx.Later(wrap, "DELETE FROM due_row WHERE subject = ? AND name = ?", subject.String(), name); err != nil {
		return err
	}
	tx.Mark(touched{subject, name, 0})
	return nil
}

// Open is a row that waits, for screens, checks and moved calendars.
type Open struct {
	Org, Subject id.ID
	Name, Kind   string
	At           time.Time
	Rule         string
	Anchor       time.Time
	Tries        int
}

// OpenRows lists what waits for a subject.
func OpenRows(tx *db.Tx, subject id.ID) ([]Open, error) {
	return list(tx, "WHERE subject = ? ORDER BY at, name", subject.String())
}

// OfKind lists what waits for a kind of handler.
func OfKind(tx *db.Tx, kind string) ([]Open, error) {
	return list(tx, "WHERE kind = ? ORDER BY at, subject", kind)
}

func list(tx *db.Tx, where string, args ...any) ([]Open, error) {
	rows, err := tx.Rows("SELECT org, subject, name, kind, at, rule, anchor, tries FROM due_row "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("list due rows: %w", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var out []Open
	for rows.Next() {
		var o Open
		var at, anchor db.Time
		if err := rows.Scan(&o.Org, &o.Subject, &o.Name, &o.Kind, &at, &o.Rule, &anchor, &o.Tries); err != nil {
			return nil, err
		}
		o.At, o.Anchor = at.Time, anchor.Time
		out = append(out, o)
	}
	return out, rows.Err()
}

// Move changes the time of a waiting row, when its calendar has changed; its
// rule and anchor stay. It tells whether there was such a row.
func Move(tx *db.Tx, subject id.ID, name string, at time.Time) (bool, error) {
	rev := newRev()
	res, err := tx.Exec("UPDATE due_row SET at = ?, fire = ?, tries = 0, rev = ? WHERE subject = ? AND name = ?", at.UnixMilli(), at.UnixMilli(), rev, subject.String(), name)
	if err != nil {
		return false, fmt.Errorf("move due %s: %w", name, err)
	}
	tx.Mark(touched{subject, name, rev})
	tx.Hint(topic, at.UnixMilli())
	n, err := res.RowsAffected()
	return n == 1, err
}
