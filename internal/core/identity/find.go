package identity

import (
	"context"
	"fmt"
	"strings"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
	"mingfa/internal/base/text"
	"mingfa/internal/base/who"
)

// Who may erase a person must first know that it is he. A citizen is found by his
// phone, of which there is a look-up value; names are sealed, so a name is looked for
// among the members of staff only, whose number is small enough to open them all.
// Each that is shown is a fact.

// Found is a person as he is shown before he is erased.
type Found struct {
	ID     id.ID
	Name   string // "" while he gave none
	Phone  string // masked; "" for none
	Roles  []who.Role
	Org    string
	MadeAt db.Time
}

// FoundFact: an administrator looked for a person and was shown him. Its subject is
// random.
type FoundFact struct {
	Person id.ID `json:"person"`
}

// Kind names the fact.
func (FoundFact) Kind() string { return "identity.found" }

func init() {
	journal.Register("identity.read", func() journal.Event { return FoundFact{} })
	say.Register(map[string]say.Texts{
		"fact.identity.found": {Hans: "为删除而查找到此人", Hant: "為刪除而查找到此人", En: "Somebody looked for the person, to erase him"},
	})
}

// The bounds of a search by name: members of staff that are looked at, people shown.
const (
	maxStaff = 5000
	maxFound = 20
)

// Find finds people whom the actor may erase: the citizen of a phone, or the members
// of staff in whose names the letters stand. Nobody is no error.
func (s *Service) Find(ctx context.Context, a who.Actor, phone, name string) ([]Found, error) {
	if err := s.Rules.MayList(a, "person.erase"); err != nil {
		return nil, err
	}
	look := func() ([]person, error) { return s.named(ctx, a, name) }
	if phone != "" {
		look = func() ([]person, error) { return s.ofPhone(ctx, a, phone) }
	}
	all, err := look()
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return s.shown(ctx, a, all)
}

// mayErase asks whether the actor may erase a person.
func (s *Service) mayErase(tx *db.Tx, a who.Actor, p person) error {
	path, err := s.PathOf(tx, p.Org)
	if err != nil {
		return err
	}
	return s.need(a, "person.erase", path)
}

func (s *Service) ofPhone(ctx context.Context, a who.Actor, phone string) (all []person, err error) {
	i, err := s.CitizenByPhone(ctx, phone)
	if err != nil || i == id.Nil {
		return nil, err
	}
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		p, err := loadPerson(tx, i)
		if err == nil {
			err = s.mayErase(tx, a, p)
		}
		if fault.Is(err, fault.Absent) {
			return nil
		}
		all = []person{p}
		return err
	})
	return all, err
}

func (s *Service) named(ctx context.Context, a who.Actor, name string) (all []person, err error) {
	want := folded(name)
	if want == "" {
		return nil, fault.Bad(fault.At("name", "fault.field_required"))
	}
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		var rows []person
		err := tx.NewSelect().Model(&rows).Where("kind = 'staff' AND erased_at IS NULL AND name_text IS NOT NULL").OrderExpr("id").Limit(maxStaff).Scan(tx.Ctx())
		if err != nil {
			return fmt.Errorf("find people: %w", err)
		}
		ids := make([]id.ID, len(rows))
		for i, p := range rows {
			ids[i] = p.ID
		}
		names, err := s.Names(ctx, tx, ids...)
		for _, p := range rows {
			if len(all) < maxFound && strings.Contains(folded(names[p.ID]), want) && err == nil && s.mayErase(tx, a, p) == nil {
				all = append(all, p)
			}
		}
		return err
	})
	return all, err
}

// folded is a name without case, and with traditional characters as simplified.
func folded(name string) string {
	runes, _ := text.Searchable(strings.TrimSpace(name))
	return string(runes)
}

// shown opens what is shown of people, and notes that it was.
func (s *Service) shown(ctx context.Context, a who.Actor, all []person) (out []Found, err error) {
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		for _, p := range all {
			texts, err := s.Keys.Read(ctx, tx, p.NameText, p.PhoneText)
			if err != nil {
				return fmt.Errorf("read who was found: %w", err)
			}
			org, err := orgByID(tx, p.Org)
			if err != nil {
				return err
			}
			f := Found{ID: p.ID, Name: texts[p.NameText].Plain, Roles: p.roles(), Org: org.Name, MadeAt: p.MadeAt}
			if phone := texts[p.PhoneText].Plain; phone != "" {
				f.Phone = text.Mask(phone)
			}
			out = append(out, f)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, s.DB.Do(ctx, a, func(tx *db.Tx) error {
		for _, p := range all {
			if err := journal.Write(tx, journal.Entry{Org: p.Org, Root: p.ID, Subject: id.New(), Rev: 1, Event: FoundFact{Person: p.ID}}); err != nil {
				return err
			}
		}
		return nil
	})
}
