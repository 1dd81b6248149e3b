package workday

import (
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/setting"
)

// Setting is the calendar of an organisation and those below it. Where nobody
// set one, the mainland's week holds.
var Setting = setting.Define("workday.calendar", Mainland(), func(c Calendar) error {
	if err := c.Check(); err != nil {
		return fault.Bad(fault.At("calendar", "workday.calendar_invalid"))
	}
	return nil
})

// Of gives the calendar in force for an organisation at an instant.
func Of(tx *db.Tx, orgPath string, at time.Time) (Calendar, error) {
	return setting.Get(tx, Setting, orgPath, at)
}
