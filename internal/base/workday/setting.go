package workday

import (
	"maps"
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

// Load adds the days of a notice to the calendar that is in force for an
// organisation, as its own calendar from now on (T2). It tells the calendar, and
// whether that changed anything: what is known already is no new version.
func Load(tx *db.Tx, owner setting.Owner, days map[Date]Day) (cal Calendar, changed bool, err error) {
	old, err := Of(tx, owner.Path, tx.Now())
	if err != nil {
		return Calendar{}, false, err
	}
	cal = old.With(days)
	if maps.Equal(old.Days, cal.Days) {
		return cal, false, nil
	}
	_, err = setting.Set(tx, Setting, owner, cal, time.Time{})
	return cal, err == nil, err
}
