package quality

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/setting"
	"mingfa/internal/base/text"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
)

// Limits are the numbers of the quality check that an operator may change.
type Limits struct {
	SamplePercent int   `json:"sample_percent" minimum:"5" maximum:"100" doc:"Of each lawyer's answered orders of a month (B7.2.4a)"`
	DisputeDays   int   `json:"dispute_days" minimum:"1" maximum:"30" doc:"Working days in which a lawyer may dispute a result"`
	RecheckDays   int   `json:"recheck_days" minimum:"1" maximum:"30" doc:"Working days for a further check"`
	FatalPercent  int64 `json:"fatal_percent" minimum:"0" maximum:"100" doc:"Mark of the fatal error rate (B7.T1e)"`
	MinorPercent  int64 `json:"minor_percent" minimum:"0" maximum:"100" doc:"Mark of the non-fatal error rate (B7.T1f)"`
	WarnPercent   int64 `json:"warn_percent" minimum:"0" maximum:"100" doc:"Satisfaction below which an intervention opens (B7.1.4.1)"`
	WarnDays      int   `json:"warn_days" minimum:"1" maximum:"366" doc:"Ratings of so many days count"`
	WarnRatings   int   `json:"warn_ratings" minimum:"1" maximum:"1000" doc:"With fewer ratings none opens by itself (AMB-B38)"`
}

var limits = setting.Define("quality.limits", Limits{SamplePercent: 5, DisputeDays: 5, RecheckDays: 5, FatalPercent: 2, MinorPercent: 10,
	WarnPercent: 95, WarnDays: 30, WarnRatings: 5}, Limits.Check)

// Check refuses numbers that the standard does not allow.
func (r Limits) Check() error {
	var bad []fault.Field
	within := func(path string, n, low, high int64) {
		if n < low || n > high {
			bad = append(bad, fault.At(path, "fault.field_range").With("min", low).With("max", high))
		}
	}
	within("sample_percent", int64(r.SamplePercent), 5, 100)
	within("dispute_days", int64(r.DisputeDays), 1, 30)
	within("recheck_days", int64(r.RecheckDays), 1, 30)
	within("fatal_percent", r.FatalPercent, 0, 100)
	within("minor_percent", r.MinorPercent, 0, 100)
	within("warn_percent", r.WarnPercent, 0, 100)
	within("warn_days", int64(r.WarnDays), 1, 366)
	within("warn_ratings", int64(r.WarnRatings), 1, 1000)
	if bad != nil {
		return fault.Bad(bad...)
	}
	return nil
}

// Limits tells the numbers in force for the actor's organisation.
func (s *Service) Limits(ctx context.Context, a who.Actor) (setting.Value[Limits], error) {
	return inForce(ctx, s, a, limits)
}

// LimitsOf are the numbers in force for an organisation.
func LimitsOf(tx *db.Tx, path string) (Limits, error) { return setting.Get(tx, limits, path, tx.Now()) }

// SetLimits gives the actor's organisation new numbers, from now on.
func (s *Service) SetLimits(ctx context.Context, a who.Actor, r Limits) (setting.Value[Limits], error) {
	return set(ctx, s, a, limits, r)
}

// Catalogue tells the items in force for the actor's organisation.
func (s *Service) Catalogue(ctx context.Context, a who.Actor) (setting.Value[Catalogue], error) {
	return inForce(ctx, s, a, catalogue)
}

// SetCatalogue gives the actor's organisation a new version of the items, for
// checks that begin from now on.
func (s *Service) SetCatalogue(ctx context.Context, a who.Actor, c Catalogue) (setting.Value[Catalogue], error) {
	for i := range c {
		for l, t := range c[i].Text {
			clean, err := text.Clean(t)
			if err != nil {
				return setting.Value[Catalogue]{}, fault.Bad(fault.At("items", "fault.text_refused"))
			}
			c[i].Text[l] = clean
		}
	}
	return set(ctx, s, a, catalogue, c)
}

func inForce[T any](ctx context.Context, s *Service, a who.Actor, k setting.Key[T]) (v setting.Value[T], err error) {
	if err := s.Rules.Need(a, "quality.rules", access.Object{Org: a.Scope}); err != nil {
		return v, err
	}
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		v, err = setting.Find(tx, k, a.Scope, tx.Now())
		return err
	})
	return v, err
}

func set[T any](ctx context.Context, s *Service, a who.Actor, k setting.Key[T], value T) (v setting.Value[T], err error) {
	if err := s.Rules.Need(a, "quality.set", access.Object{Org: a.Scope}); err != nil {
		return v, err
	}
	err = s.DB.Do(ctx, a, func(tx *db.Tx) error {
		org, err := s.People.OrgByID(tx, a.Org)
		if err != nil {
			return err
		}
		v, err = setting.Set(tx, k, setting.Owner{Org: org.ID, Path: org.Path}, value, time.Time{})
		return err
	})
	return v, err
}

// catalogueOf reads the catalogue of a version again, for a card made with it.
func catalogueOf(tx *db.Tx, ref catalogueRef) (Catalogue, error) {
	org, n, _ := strings.Cut(string(ref), "/")
	owner, err := id.Parse(org)
	if err != nil {
		return nil, fmt.Errorf("version of the catalogue: %w", err)
	}
	number, err := strconv.ParseInt(n, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("version of the catalogue: %w", err)
	}
	v, err := setting.Exact(tx, catalogue, owner, number)
	return v.Value, err
}

// catalogueRef names a version of the catalogue: who set it, and which.
type catalogueRef string

// catalogueNow finds the catalogue in force for an organisation.
func catalogueNow(tx *db.Tx, path string) (Catalogue, catalogueRef, error) {
	v, err := setting.Find(tx, catalogue, path, tx.Now())
	return v.Value, catalogueRef(v.Org.String() + "/" + strconv.FormatInt(v.Version, 10)), err
}
