package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/say"
	"mingfa/internal/base/setting"
	"mingfa/internal/base/workday"
	"mingfa/internal/core/identity"
)

// holidays loads the days of a notice into a calendar of working days (T2): that
// of the operator, from whom all inherit, or of the organisation of a region.
func holidays(ctx context.Context, args []string, out, errOut io.Writer) error {
	var region string
	flags := func(f *flag.FlagSet) {
		f.StringVar(&region, "region", "", "code of the organisation whose calendar it is; without it the operator's, which all inherit")
	}
	return loader(ctx, "holidays", args, errOut, flags, func(h *house, r io.Reader) error {
		days, err := readHolidays(r)
		if err != nil {
			return err
		}
		org, cal, changed, err := h.loadHolidays(ctx, region, days)
		if err != nil {
			return err
		}
		news := "nothing of it is new"
		if changed {
			news = "the calendar has a new version"
		}
		fmt.Fprintf(out, "%d days are read for %s; %s; it covers the years %v\n", len(days), org.Name, news, cal.Years())
		return nil
	})
}

// readHolidays reads a file, all of it or nothing; an error names each line.
func readHolidays(r io.Reader) (map[workday.Date]workday.Day, error) {
	days, err := workday.Import(r)
	if rows, ok := errors.AsType[workday.RowErrors](err); ok {
		return nil, fmt.Errorf("nothing was loaded:\n%s", rows.Text(say.En))
	}
	if err == nil && len(days) == 0 {
		err = errors.New("nothing was loaded: the file names no days")
	}
	return days, err
}

// loadHolidays puts days into a calendar, in one transaction with its fact.
func (h *house) loadHolidays(ctx context.Context, region string, days map[workday.Date]workday.Day) (org identity.Org, cal workday.Calendar, changed bool, err error) {
	err = h.db.Do(ctx, system, func(tx *db.Tx) error {
		if org, err = h.ownerOf(ctx, tx, region); err != nil {
			return err
		}
		cal, changed, err = workday.Load(tx, setting.Owner{Org: org.ID, Path: org.Path}, days)
		if len(cal.Days) > workday.MaxRows {
			return fmt.Errorf("nothing was loaded: the calendar would hold more than %d days", workday.MaxRows)
		}
		return err
	})
	return org, cal, changed, err
}

// ownerOf is the organisation of exactly this region, or the operator.
func (h *house) ownerOf(ctx context.Context, tx *db.Tx, region string) (identity.Org, error) {
	if region == "" {
		org, _, err := h.people.Root(ctx)
		return org, err
	}
	org, err := h.people.OrgForRegion(tx, region)
	if fault.Is(err, fault.Invalid) || err == nil && org.Region != region {
		err = fmt.Errorf("nothing was done: no organisation has the region %q", region)
	}
	return org, err
}
