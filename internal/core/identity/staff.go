package identity

import (
	"context"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/text"
	"mingfa/internal/base/who"
)

// The limits of a staff account, in characters.
const (
	maxUser     = 64
	minPassword = 8
	minSecret   = 10 // bytes
)

// NewStaff is a member of staff to be.
type NewStaff struct {
	Org        id.ID
	User       string // upper and lower case are the same
	Name       string
	Phone      string // to be told things; "" for none. It can't sign in
	Password   string
	TOTPSecret string // base32 (RFC 6238: SHA-1, 6 digits, 30 s)
	Roles      []who.Role
	Language   string // one of say.Languages; "" is zh-Hans
}

// staffRoles are the roles that a member of staff can have.
var staffRoles = []who.Role{who.DutyLawyer, who.Operations, who.Quality, who.Bureau, who.Admin}

// StaffRoles names them.
func StaffRoles() (names []string) {
	for _, r := range staffRoles {
		names = append(names, string(r))
	}
	return names
}

// check gives the form that is stored.
func (n NewStaff) check() (NewStaff, error) {
	var bad []fault.Field
	user, err := text.Clean(strings.TrimSpace(n.User))
	switch {
	case err != nil:
		bad = append(bad, fault.At("user", "fault.text_refused"))
	case text.Blank(user):
		bad = append(bad, fault.At("user", "fault.field_required"))
	case text.Length(user) > maxUser:
		bad = append(bad, fault.At("user", "fault.too_long").With("max", maxUser))
	}
	name, err := cleanName("name", n.Name)
	if f, ok := err.(*fault.Fault); ok {
		bad = append(bad, f.Fields...)
	}
	if n.Phone != "" {
		var ok bool
		if n.Phone, ok = text.Phone(n.Phone); !ok {
			bad = append(bad, fault.At("phone", "identity.phone_invalid"))
		}
	}
	if text.Length(n.Password) < minPassword {
		bad = append(bad, fault.At("password", "fault.too_short").With("min", minPassword))
	}
	if text.Length(n.Password) > maxPassword {
		bad = append(bad, fault.At("password", "fault.too_long").With("max", maxPassword))
	}
	n.TOTPSecret = strings.ToUpper(strings.TrimRight(strings.ReplaceAll(n.TOTPSecret, " ", ""), "="))
	if b, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(n.TOTPSecret); err != nil || len(b) < minSecret {
		bad = append(bad, fault.At("totp_secret", "fault.field_format"))
	}
	strange := slices.ContainsFunc(n.Roles, func(r who.Role) bool { return !slices.Contains(staffRoles, r) })
	if len(n.Roles) == 0 || strange {
		bad = append(bad, fault.At("roles", "fault.field_choice"))
	}
	if n.Language != "" && !slices.Contains(say.Languages, n.Language) {
		bad = append(bad, fault.At("language", "fault.field_choice"))
	}
	if len(bad) > 0 {
		return n, fault.Bad(bad...)
	}
	n.User, n.Name = text.Fold(user), name
	return n, nil
}

// MakeStaff makes an account of a member of staff and gives its ID and key. A
// user name that is taken is a conflict.
func (s *Service) MakeStaff(ctx context.Context, actor who.Actor, n NewStaff) (i, key id.ID, err error) {
	n, err = n.check()
	if err != nil {
		return id.Nil, id.Nil, err
	}
	root, err := s.operator(ctx)
	if err != nil {
		return id.Nil, id.Nil, err
	}
	if err := s.mayHire(ctx, actor, n.Org); err != nil {
		return id.Nil, id.Nil, err
	}
	if key, err = s.Keys.New(ctx, seal.Person, root.Key); err != nil {
		return id.Nil, id.Nil, err
	}
	p, sealed, err := s.prepare(ctx, n, key)
	if err != nil {
		return id.Nil, id.Nil, err
	}
	err = s.DB.Do(ctx, actor, func(tx *db.Tx) error {
		// Looked up first: a unique violation would stand in PostgreSQL's log.
		_, err := onePerson(tx.NewSelect().Where("user_index = ?", p.UserIndex), tx)
		if err == nil {
			return fault.New(fault.Conflict, "identity.user_taken")
		}
		if !fault.Is(err, fault.Absent) {
			return err
		}
		p.MadeAt = db.At(tx.Now())
		if _, err := tx.NewInsert().Model(&p).Exec(tx.Ctx()); err != nil {
			return fmt.Errorf("make an account of staff: %w", err)
		}
		return p.write(tx, StaffMade{Roles: n.Roles, Language: p.Language}, sealed)
	})
	if err != nil {
		return id.Nil, id.Nil, err
	}
	return p.ID, key, nil
}

func (s *Service) mayHire(ctx context.Context, actor who.Actor, org id.ID) error {
	return s.DB.View(ctx, actor, func(tx *db.Tx) error {
		path, err := s.PathOf(tx, org)
		if err != nil {
			return err
		}
		return s.need(actor, "identity.manage", path)
	})
}

// prepare hashes and seals, before the transaction.
func (s *Service) prepare(ctx context.Context, n NewStaff, key id.ID) (p person, sealed map[string]seal.Sealed, err error) {
	roles := make([]string, len(n.Roles))
	for i, r := range n.Roles {
		roles[i] = string(r)
	}
	p = person{ID: id.New(), Org: n.Org, Rev: 1, Kind: staff, Key: key, Language: languageOf(n.Language), Roles: strings.Join(roles, ",")}
	if p.UserIndex, err = s.index(ctx, "user", n.User); err != nil {
		return p, nil, err
	}
	if p.Password, err = hashPassword(ctx, n.Password); err != nil {
		return p, nil, err
	}
	box, err := s.Keys.SealBytes(ctx, key, "totp", []byte(n.TOTPSecret))
	if err != nil {
		return p, nil, err
	}
	p.TOTP = hex.EncodeToString(box)
	sealed = map[string]seal.Sealed{}
	if sealed["name"], err = s.Keys.Seal(ctx, n.Org, key, n.Name); err != nil {
		return p, nil, err
	}
	p.NameText = sealed["name"].ID
	if n.Phone != "" {
		if sealed["phone"], err = s.Keys.Seal(ctx, n.Org, key, n.Phone); err != nil {
			return p, nil, err
		}
		p.PhoneText = sealed["phone"].ID
	}
	return p, sealed, nil
}

func (s *Service) openTOTP(ctx context.Context, p person) (string, error) {
	box, err := hex.DecodeString(p.TOTP)
	if err != nil {
		return "", fmt.Errorf("the second factor of %s can't be read", p.ID)
	}
	secret, err := s.Keys.OpenBytes(ctx, p.Key, "totp", box)
	return string(secret), err
}

// StaffByUser finds the account of a user name; ok is false for none.
func (s *Service) StaffByUser(ctx context.Context, user string) (i id.ID, ok bool, err error) {
	index, err := s.index(ctx, "user", text.Fold(strings.TrimSpace(user)))
	if err != nil {
		return id.Nil, false, err
	}
	err = s.DB.View(ctx, system, func(tx *db.Tx) error {
		p, err := onePerson(tx.NewSelect().Where("user_index = ?", index), tx)
		i, ok = p.ID, err == nil
		return unlessAbsent(err)
	})
	return i, ok, err
}

// Watchers are the members of staff with a role who work for the organisation at
// path or for one above it: nearest organisation first, at most 20.
func (s *Service) Watchers(tx *db.Tx, role who.Role, path string) ([]id.ID, error) {
	rows, err := tx.Rows(`SELECT p.id FROM identity_person p JOIN identity_org o ON o.id = p.org
		WHERE p.kind = 'staff' AND p.erased_at IS NULL AND ',' || p.roles || ',' LIKE ? AND substr(?, 1, length(o.path)) = o.path
		ORDER BY length(o.path) DESC, p.id LIMIT 20`, "%,"+string(role)+",%", path)
	if err != nil {
		return nil, fmt.Errorf("find who watches: %w", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var out []id.ID
	for rows.Next() {
		var i id.ID
		if err := rows.Scan(&i); err != nil {
			return nil, err
		}
		out = append(out, i)
	}
	return out, rows.Err()
}
