package db

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Clock tells the time. The wall clock and the database's clock run by
// themselves; a played day steps one by hand (StepClock).
type Clock interface{ Now() time.Time }

type wall struct{}

func (wall) Now() time.Time { return time.Now() }

// Time is an instant as it is stored: whole milliseconds of UTC since 1970 in a
// BIGINT, NULL for the zero Time (rule T1).
type Time struct{ time.Time }

// At makes t storable: UTC, whole milliseconds.
func At(t time.Time) Time {
	if t.IsZero() {
		return Time{}
	}
	return Time{time.UnixMilli(t.UnixMilli()).UTC()}
}

// Value is for the database.
func (t Time) Value() (driver.Value, error) {
	if t.IsZero() {
		return nil, nil
	}
	return t.UnixMilli(), nil
}

// Scan is for the database.
func (t *Time) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*t = Time{}
	case int64:
		*t = Time{time.UnixMilli(v).UTC()}
	default:
		return fmt.Errorf("a time is stored as milliseconds, this is a %T", src)
	}
	return nil
}
