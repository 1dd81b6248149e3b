package identity

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/uptrace/bun"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/text"
	"mingfa/internal/base/who"
)

// Level is where an organisation or region stands.
type Level string

// The levels, from the top. A region is never "operator".
const (
	Operator Level = "operator"
	Province Level = "province" // 省、自治区、直辖市、特别行政区
	City     Level = "city"     // 地级市
	County   Level = "county"   // 县、区、县级市
)

var levels = []Level{Operator, Province, City, County}

// Org is an organisation.
type Org struct {
	bun.BaseModel `bun:"table:identity_org"`

	ID       id.ID `bun:"type:uuid,pk"`
	Org      id.ID `bun:"type:uuid"` // itself
	Parent   id.ID `bun:"type:uuid,nullzero"`
	Level    Level `bun:"type:text"`
	Name     string
	Region   string // GB/T 2260, six digits; "" for the operator
	Path     string // "/", "/440000/", "/440000/440300/"
	Zone     string // IANA name
	Calendar string
	Key      id.ID `bun:"type:uuid"`
	Rev      int64
	MadeAt   db.Time
}

// NewOrg is an organisation to be made.
type NewOrg struct {
	ID       id.ID // made by the caller: a repeat gives the same organisation. Nil: a fresh one
	Parent   id.ID // Nil for the operator only
	Level    Level
	Name     string
	Region   string // six digits; "" for the operator
	Zone     string // "" is Asia/Shanghai
	Calendar string // "" is "CN", or "HK" and "MO" by region
}

// maxOrgName bounds the name of an organisation, in characters.
const maxOrgName = 100

func (n NewOrg) check() (NewOrg, error) {
	var bad []fault.Field
	name, err := text.Clean(n.Name)
	switch {
	case err != nil:
		bad = append(bad, fault.At("name", "fault.text_refused"))
	case text.Blank(name):
		bad = append(bad, fault.At("name", "fault.field_required"))
	case text.Length(name) > maxOrgName:
		bad = append(bad, fault.At("name", "fault.too_long").With("max", maxOrgName))
	}
	if n.Zone == "" {
		n.Zone = "Asia/Shanghai"
	}
	if _, err := time.LoadLocation(n.Zone); err != nil || n.Zone == "Local" {
		bad = append(bad, fault.At("zone", "fault.field_format"))
	}
	if n.Calendar == "" {
		n.Calendar = calendarOf(n.Region)
	}
	if !slices.Contains(levels, n.Level) || (n.Level == Operator) != (n.Parent == id.Nil) {
		bad = append(bad, fault.At("level", "fault.field_choice"))
	}
	if (n.Region == "") != (n.Level == Operator) || n.Region != "" && !isCode(n.Region) {
		bad = append(bad, fault.At("region", "identity.region_unknown"))
	}
	if len(bad) > 0 {
		return n, fault.Bad(bad...)
	}
	if n.Name = name; n.ID == id.Nil {
		n.ID = id.New()
	}
	return n, nil
}

func calendarOf(region string) string {
	switch {
	case strings.HasPrefix(region, "81"):
		return "HK"
	case strings.HasPrefix(region, "82"):
		return "MO"
	}
	return "CN"
}

// MakeOrg makes an organisation with its key. The operator comes first; below a
// parent stand deeper levels only, one organisation a region.
func (s *Service) MakeOrg(ctx context.Context, actor who.Actor, n NewOrg) (Org, error) {
	n, err := n.check()
	if err != nil {
		return Org{}, err
	}
	old, parent, err := s.before(ctx, actor, n)
	if err != nil || old.ID != id.Nil {
		return old, err
	}
	if err := s.need(actor, "identity.manage", parent.Path); err != nil {
		return Org{}, err
	}
	key, err := s.Keys.New(ctx, seal.Org, id.Nil)
	if err != nil {
		return Org{}, err
	}
	o := Org{ID: n.ID, Org: n.ID, Parent: n.Parent, Level: n.Level, Name: n.Name, Region: n.Region,
		Path: "/", Zone: n.Zone, Calendar: n.Calendar, Key: key, Rev: 1}
	if parent.ID != id.Nil {
		o.Path = parent.Path + n.Region + "/"
	}
	err = s.DB.Do(ctx, actor, func(tx *db.Tx) error {
		o.MadeAt = db.At(tx.Now())
		tx.After(s.nearest.forget)
		if _, err := tx.NewInsert().Model(&o).Exec(tx.Ctx()); err != nil {
			return fmt.Errorf("make organisation %s: %w", o.ID, err)
		}
		refs := map[string]id.ID{}
		if o.Parent != id.Nil {
			refs["parent"] = o.Parent
		}
		return journal.Write(tx, journal.Entry{Org: o.ID, Root: o.ID, Subject: o.ID, Rev: 1,
			Event: OrgMade{Level: o.Level, Region: Code(o.Region)}, Refs: refs})
	})
	return o, err
}

// before finds the organisation that a repeat asks for, and the parent of a new
// one.
func (s *Service) before(ctx context.Context, actor who.Actor, n NewOrg) (old, parent Org, err error) {
	err = s.DB.View(ctx, actor, func(tx *db.Tx) error {
		o, err := orgByID(tx, n.ID)
		if err == nil {
			if o.Level != n.Level || o.Region != n.Region || o.Parent != n.Parent {
				return fault.New(fault.Conflict, "fault.repeat")
			}
			old = o
			return nil
		}
		if !fault.Is(err, fault.Absent) || n.Parent == id.Nil {
			return unlessAbsent(err)
		}
		parent, err = orgByID(tx, n.Parent)
		if err == nil && slices.Index(levels, parent.Level) >= slices.Index(levels, n.Level) {
			err = fault.Bad(fault.At("level", "fault.field_choice"))
		}
		return err
	})
	return old, parent, err
}

func unlessAbsent(err error) error {
	if fault.Is(err, fault.Absent) {
		return nil
	}
	return err
}

// Root is the operator; ok is false before it is made.
func (s *Service) Root(ctx context.Context) (o Org, ok bool, err error) {
	if o := s.root.Load(); o != nil {
		return *o, true, nil
	}
	err = s.DB.View(ctx, system, func(tx *db.Tx) error {
		return tx.NewSelect().Model(&o).Where("region = ''").Scan(tx.Ctx())
	})
	if db.NotFound(err) {
		return Org{}, false, nil
	}
	if err != nil {
		return Org{}, false, fmt.Errorf("find the operator: %w", err)
	}
	s.root.Store(&o)
	return o, true, nil
}

// Orgs are all organisations within a path, the upper ones first.
func Orgs(tx *db.Tx, within string) ([]Org, error) {
	var all []Org
	err := tx.NewSelect().Model(&all).Where("substr(path, 1, ?) = ?", len(within), within).Scan(tx.Ctx())
	slices.SortFunc(all, func(a, b Org) int { return strings.Compare(a.Path, b.Path) })
	return all, err
}

// OrgByID finds an organisation, or fault.Absent.
func (s *Service) OrgByID(tx *db.Tx, org id.ID) (Org, error) { return orgByID(tx, org) }

// OrgsByID is OrgByID that reads each organisation once; for one transaction.
func (s *Service) OrgsByID(tx *db.Tx) func(org id.ID) (Org, error) {
	known := map[id.ID]Org{}
	return func(org id.ID) (o Org, err error) {
		if o, ok := known[org]; ok {
			return o, nil
		}
		if o, err = orgByID(tx, org); err == nil {
			known[org] = o
		}
		return o, err
	}
}

func orgByID(tx *db.Tx, org id.ID) (Org, error) {
	var o Org
	err := tx.NewSelect().Model(&o).Where("id = ?", org).Scan(tx.Ctx())
	if db.NotFound(err) {
		return o, fault.NotThere()
	}
	return o, err
}

// OrgForRegion is the organisation responsible for a region: the county's own,
// else its city's, else its province's, else the operator.
func (s *Service) OrgForRegion(tx *db.Tx, region string) (Org, error) {
	if !isCode(region) {
		return Org{}, fault.Bad(fault.At("region", "identity.region_unknown"))
	}
	if o, ok := s.nearest.get(region); ok {
		return o, nil
	}
	above := []string{region, region[:4] + "00", region[:2] + "0000", ""}
	var found []Org
	if err := tx.NewSelect().Model(&found).Where("region IN (?)", bun.List(above)).Scan(tx.Ctx()); err != nil {
		return Org{}, fmt.Errorf("find the organisation for a region: %w", err)
	}
	for _, code := range above {
		if n := slices.IndexFunc(found, func(o Org) bool { return o.Region == code }); n >= 0 {
			s.nearest.put(region, found[n])
			return found[n], nil
		}
	}
	return Org{}, fault.New(fault.Unavailable, "identity.no_operator")
}

// nearest remembers for a second which organisation answers for a region: the
// longest that another node goes on sending questions to the one above after a
// new one was made. Here a new one is known at once.
type nearest struct {
	mu   sync.Mutex
	at   time.Time
	orgs map[string]Org
}

func (n *nearest) get(region string) (Org, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	o, ok := n.orgs[region]
	return o, ok && time.Since(n.at) < time.Second
}

func (n *nearest) put(region string, o Org) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.orgs == nil || time.Since(n.at) >= time.Second {
		n.orgs, n.at = map[string]Org{}, time.Now()
	}
	n.orgs[region] = o
}

func (n *nearest) forget() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.orgs = nil
}

// PathOf is the path of an organisation, or fault.Absent.
func (s *Service) PathOf(tx *db.Tx, org id.ID) (string, error) {
	var path string
	err := tx.Row("SELECT path FROM identity_org WHERE id = ?", org.String()).Scan(&path)
	if db.NotFound(err) {
		return "", fault.NotThere()
	}
	return path, err
}
