package identity

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/text"
	"mingfa/internal/base/who"
)

// kind is what sort of account a person has.
type kind string

const (
	citizen kind = "citizen"
	staff   kind = "staff"
)

// person is a row. Texts of the person are IDs of sealed texts.
type person struct {
	bun.BaseModel `bun:"table:identity_person"`

	ID         id.ID `bun:"type:uuid,pk"`
	Org        id.ID `bun:"type:uuid"`
	Rev        int64
	Kind       kind     `bun:"type:text"`
	NameText   id.ID    `bun:"type:uuid,nullzero"`
	PhoneText  id.ID    `bun:"type:uuid,nullzero"`
	PhoneIndex string   `bun:",nullzero"` // citizens only: staff don't sign in by SMS
	UserIndex  string   `bun:",nullzero"`
	Key        id.ID    `bun:"type:uuid"`
	Language   Language `bun:"type:text"`
	Roles      string   // separated by commas
	Password   string   `bun:",nullzero"` // argon2id
	TOTP       string   `bun:"totp,nullzero"`
	TOTPStep   int64    `bun:"totp_step"`
	MadeAt     db.Time
	ErasedAt   db.Time `bun:",nullzero"` // the erasure was decided
	GoneAt     db.Time `bun:",nullzero"` // and is finished
}

func (p person) roles() []who.Role { return rolesOf(p.Roles) }

func rolesOf(list string) []who.Role {
	var roles []who.Role
	for r := range strings.SplitSeq(list, ",") {
		if r != "" {
			roles = append(roles, who.Role(r))
		}
	}
	return roles
}

func (p person) write(tx *db.Tx, e journal.Event, sealed map[string]seal.Sealed) error {
	return journal.Write(tx, journal.Entry{Org: p.Org, Root: p.ID, Subject: p.ID, Rev: p.Rev, Event: e, Sealed: sealed})
}

// loadPerson finds a person, or fault.Absent.
func loadPerson(tx *db.Tx, i id.ID) (person, error) {
	return onePerson(tx.NewSelect().Where("id = ?", i), tx)
}

// lockPerson is loadPerson before a change.
func lockPerson(tx *db.Tx, i id.ID) (person, error) {
	return onePerson(tx.Lock(tx.NewSelect().Where("id = ?", i)), tx)
}

func onePerson(q *bun.SelectQuery, tx *db.Tx) (person, error) {
	var p person
	err := q.Model(&p).Scan(tx.Ctx())
	if db.NotFound(err) {
		return p, fault.NotThere()
	}
	if err != nil {
		return p, fmt.Errorf("find a person: %w", err)
	}
	return p, nil
}

// languageOf is one of the house's languages.
func languageOf(lang string) Language {
	if slices.Contains(say.Languages, lang) {
		return Language(lang)
	}
	return say.Hans
}

// Me is what a person sees of himself.
type Me struct {
	ID       id.ID
	Roles    []who.Role
	Name     string // "" while he gave none
	Org      Org
	Language string
	Unread   int
	Status   string // of a duty lawyer, else ""
}

// Me shows the actor to himself.
func (s *Service) Me(ctx context.Context, actor who.Actor) (me Me, err error) {
	err = s.DB.View(ctx, actor, func(tx *db.Tx) error {
		p, err := loadPerson(tx, actor.Person)
		if err != nil {
			return err
		}
		me = Me{ID: p.ID, Roles: p.roles(), Language: string(p.Language)}
		if me.Org, err = orgByID(tx, p.Org); err != nil {
			return err
		}
		names, err := s.Names(ctx, tx, p.ID)
		if err != nil {
			return err
		}
		me.Name = names[p.ID]
		if s.Unread != nil {
			if me.Unread, err = s.Unread(tx, p.ID); err != nil {
				return err
			}
		}
		if s.Status != nil {
			me.Status, err = s.Status(tx, p.ID)
		}
		return err
	})
	return me, err
}

// Change is what a person changes of himself; nil leaves it.
type Change struct{ Language, Name *string }

// maxName is how long a name may be, in characters.
const maxName = 64

func cleanName(path, name string) (string, error) {
	name, err := text.Clean(strings.TrimSpace(name))
	switch {
	case err != nil || strings.ContainsAny(name, "\n\t"):
		return "", fault.Bad(fault.At(path, "fault.text_refused"))
	case text.Blank(name):
		return "", fault.Bad(fault.At(path, "fault.field_required"))
	case text.Length(name) > maxName:
		return "", fault.Bad(fault.At(path, "fault.too_long").With("max", maxName))
	}
	return name, nil
}

// ChangeMe changes the actor's own language and name.
func (s *Service) ChangeMe(ctx context.Context, actor who.Actor, c Change) error {
	if c.Language != nil && !slices.Contains(say.Languages, *c.Language) {
		return fault.Bad(fault.At("language", "fault.field_choice"))
	}
	sealed := map[string]seal.Sealed{}
	if c.Name != nil {
		name, err := cleanName("name", *c.Name)
		if err != nil {
			return err
		}
		if sealed["name"], err = s.sealFor(ctx, actor.Person, name); err != nil {
			return err
		}
	}
	return s.DB.Do(ctx, actor, func(tx *db.Tx) error {
		p, err := lockPerson(tx, actor.Person)
		if err != nil {
			return err
		}
		if !p.ErasedAt.IsZero() {
			return fault.NotThere()
		}
		e := Changed{Name: c.Name != nil}
		if c.Language != nil && Language(*c.Language) != p.Language {
			p.Language = Language(*c.Language)
			e.Language = p.Language
		}
		if e == (Changed{}) {
			return nil
		}
		if e.Name {
			p.NameText = sealed["name"].ID
		}
		p.Rev++
		if _, err := tx.NewUpdate().Model(&p).Column("rev", "language", "name_text").WherePK().Exec(tx.Ctx()); err != nil {
			return fmt.Errorf("change a person: %w", err)
		}
		return p.write(tx, e, sealed)
	})
}

// sealFor seals a text under a person's key.
func (s *Service) sealFor(ctx context.Context, i id.ID, plain string) (seal.Sealed, error) {
	var p person
	err := s.DB.View(ctx, system, func(tx *db.Tx) (err error) {
		p, err = loadPerson(tx, i)
		return err
	})
	if err != nil {
		return seal.Sealed{}, err
	}
	return s.Keys.Seal(ctx, p.Org, p.Key, plain)
}

// Contact is what a verb needs to know of a person who acts or is told.
type Contact struct {
	Key      id.ID // under which the keys of his orders stand
	Phone    string
	Language string
}

// Reach finds a person's key, phone and language in the caller's snapshot:
// ErrGone when he is erased or gave no phone, fault.Absent when he is unknown.
func (s *Service) Reach(ctx context.Context, tx *db.Tx, i id.ID) (c Contact, err error) {
	var phone seal.Row
	var erased db.Time
	err = tx.Row(`SELECT p.key, p.language, p.erased_at, p.phone_text, t.org, t.key, t.box
		FROM identity_person p LEFT JOIN seal_text_v t ON t.id = p.phone_text WHERE p.id = ?`, i.String()).
		Scan(&c.Key, &c.Language, &erased, &phone.ID, &phone.Org, &phone.Key, &phone.Box)
	if db.NotFound(err) {
		return c, fault.NotThere()
	}
	if err != nil {
		return c, err
	}
	if !erased.IsZero() || phone.ID == id.Nil {
		return c, ErrGone
	}
	texts, err := s.Keys.Open(ctx, phone)
	if err == nil && texts[phone.ID].Erased {
		err = ErrGone
	}
	c.Phone = texts[phone.ID].Plain
	return c, err
}

// KeyOf is the key under which what is said of a person is sealed: ErrGone when
// he is erased, fault.Absent when he is unknown.
func (*Service) KeyOf(tx *db.Tx, i id.ID) (key id.ID, err error) {
	p, err := loadPerson(tx, i)
	if err == nil && !p.ErasedAt.IsZero() {
		err = ErrGone
	}
	return p.Key, err
}

// Phone is how a person is reached, and in which language; errors as Reach.
func (s *Service) Phone(ctx context.Context, i id.ID) (phone, language string, err error) {
	err = s.DB.View(ctx, system, func(tx *db.Tx) error {
		c, err := s.Reach(ctx, tx, i)
		phone, language = c.Phone, c.Language
		return err
	})
	if err != nil {
		return "", "", err
	}
	return phone, language, nil
}

// Names opens the names of persons. Who is unknown, erased or gave no name is
// not in the map.
func (s *Service) Names(ctx context.Context, tx *db.Tx, persons ...id.ID) (map[id.ID]string, error) {
	names := map[id.ID]string{}
	for part := range slices.Chunk(persons, 400) {
		var rows []person
		err := tx.NewSelect().Model(&rows).Column("id", "name_text").
			Where("id IN (?) AND erased_at IS NULL AND name_text IS NOT NULL", bun.List(part)).Scan(tx.Ctx())
		if err != nil {
			return nil, fmt.Errorf("find names: %w", err)
		}
		ids := make([]id.ID, len(rows))
		for i, r := range rows {
			ids[i] = r.NameText
		}
		texts, err := s.Keys.Read(ctx, tx, ids...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if t := texts[r.NameText]; !t.Erased {
				names[r.ID] = t.Plain
			}
		}
	}
	return names, nil
}

// CitizenByPhone finds the citizen who has shown that a phone is his, for what
// staff take down for a caller; id.Nil when there is none, or he is erased.
func (s *Service) CitizenByPhone(ctx context.Context, phone string) (i id.ID, err error) {
	_, index, err := s.phoneIndex(ctx, phone)
	if err != nil {
		return id.Nil, err
	}
	err = s.DB.View(ctx, system, func(tx *db.Tx) error {
		err := tx.Row("SELECT id FROM identity_person WHERE phone_index = ? AND kind = 'citizen' AND erased_at IS NULL", index).Scan(&i)
		if db.NotFound(err) {
			return nil
		}
		return err
	})
	return i, err
}
