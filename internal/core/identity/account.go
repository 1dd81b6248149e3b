package identity

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/text"
)

// What rooms and imports ask of accounts: names and phones by ID, and the look-up
// values by which two rows are found to be the same.

// Account is what an account itself knows of the elements of its person.
type Account struct {
	Name, Phone string
	UserName    string // made from his ID
}

// Accounts opens names and phones; who is erased is not in the map.
func (s *Service) Accounts(ctx context.Context, tx *db.Tx, persons ...id.ID) (map[id.ID]Account, error) {
	out := map[id.ID]Account{}
	for part := range slices.Chunk(persons, 400) {
		var rows []person
		err := tx.NewSelect().Model(&rows).Column("id", "name_text", "phone_text").Where("id IN (?) AND erased_at IS NULL", bun.List(part)).Scan(tx.Ctx())
		if err != nil {
			return nil, fmt.Errorf("find accounts: %w", err)
		}
		var words []id.ID
		for _, r := range rows {
			words = append(words, r.NameText, r.PhoneText)
		}
		texts, err := s.Keys.Read(ctx, tx, words...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if !texts[r.PhoneText].Erased && !texts[r.NameText].Erased {
				out[r.ID] = Account{Name: texts[r.NameText].Plain, Phone: texts[r.PhoneText].Plain, UserName: "u" + hex.EncodeToString(r.ID[6:])}
			}
		}
	}
	return out, nil
}

// PhoneOf is the look-up value of a citizen's phone, "" for who has none or is
// erased: never to be shown or logged.
func (*Service) PhoneOf(tx *db.Tx, i id.ID) (string, error) {
	p, err := loadPerson(tx, i)
	if !p.ErasedAt.IsZero() {
		return "", unlessAbsent(err)
	}
	return p.PhoneIndex, unlessAbsent(err)
}

// CitizensByPhone finds the citizens whose phones have these look-up values.
func (*Service) CitizensByPhone(tx *db.Tx, indexes ...string) (map[string]id.ID, error) {
	var rows []person
	out := map[string]id.ID{}
	if len(indexes) == 0 {
		return out, nil
	}
	err := tx.NewSelect().Model(&rows).Column("id", "phone_index").Where("kind = 'citizen' AND erased_at IS NULL AND phone_index IN (?)", bun.List(indexes)).Scan(tx.Ctx())
	for _, p := range rows {
		out[p.PhoneIndex] = p.ID
	}
	return out, err
}

// Index is the look-up value of an element under the operator's key, in hex, as
// rooms keep it to find that two rows are the same: never to be shown or logged.
func (s *Service) Index(ctx context.Context, code, value string) (string, error) {
	return s.index(ctx, "element "+code, text.Fold(value))
}
