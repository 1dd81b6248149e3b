package due

import (
	"fmt"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
)

// CatchUp says what a repeating row does after an outage.
type CatchUp string

// Reports are made for every day that was missed; a sweep only once.
const (
	All  CatchUp = "all"
	Last CatchUp = "last"
)

// Daily is a row that repeats every day at a wall-clock time of its zone.
type Daily struct {
	Org     id.ID
	Subject id.ID
	Name    string
	Kind    string
	Hour    int // 0..23
	Minute  int
	Zone    string // IANA name
	CatchUp CatchUp
}

// after is the first planned time after t.
func (d Daily) after(t time.Time) (time.Time, error) {
	zone, err := time.LoadLocation(d.Zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("zone of due %s: %w", d.Name, err)
	}
	l := t.In(zone)
	at := time.Date(l.Year(), l.Month(), l.Day(), d.Hour, d.Minute, 0, 0, zone)
	for !at.After(t) {
		l = l.AddDate(0, 0, 1)
		at = time.Date(l.Year(), l.Month(), l.Day(), d.Hour, d.Minute, 0, 0, zone)
	}
	return at.UTC(), nil
}

func (d Daily) row(at time.Time) Row {
	return Row{Org: d.Org, Subject: d.Subject, Name: d.Name, Kind: d.Kind, At: at, Anchor: at, Zone: d.Zone,
		Rule: fmt.Sprintf("daily %02d:%02d", d.Hour, d.Minute)}
}

// Ensure sets the first row, unless the row is there already.
func (d Daily) Ensure(tx *db.Tx) error {
	open, err := OpenRows(tx, d.Subject)
	if err != nil {
		return err
	}
	for _, o := range open {
		if o.Name == d.Name {
			return nil
		}
	}
	at, err := d.after(tx.Now())
	if err != nil {
		return err
	}
	return Set(tx, d.row(at))
}

// Next sets the row again from a handler: from the planned time, so that it does
// not drift and, with All, nothing is skipped. The anchor is the planned time.
func (d Daily) Next(tx *db.Tx, f Fired) error {
	from := f.Anchor
	if d.CatchUp == Last && tx.Now().After(from) {
		from = tx.Now()
	}
	at, err := d.after(from)
	if err != nil {
		return err
	}
	return Set(tx, d.row(at))
}
