package complaint

import (
	"context"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
	"mingfa/internal/base/who"
)

// Export gives what the room holds about a person: his complaints as he sees them.
func (s *Service) Export(ctx context.Context, person id.ID) (any, error) {
	out := []*complaintJSON{}
	him := who.Actor{Person: person, Roles: []who.Role{who.Citizen}}
	err := s.DB.View(ctx, him, func(tx *db.Tx) error {
		var rows []*Complaint
		if err := tx.NewSelect().Model(&rows).Where("citizen = ?", person).Order("received_at", "id").Scan(tx.Ctx()); err != nil {
			return err
		}
		all, err := s.open(ctx, tx, him, rows)
		for _, v := range all {
			if v.Log, err = s.log(ctx, tx, v, say.Hans); err != nil {
				return err
			}
			out = append(out, v.wire(v.Language))
		}
		return err
	})
	return out, err
}

// Erase has nothing to take away: all that was said in a person's complaints is
// under his own key, and the rows hold codes and times only. The register stands.
func (*Service) Erase(*db.Tx, id.ID) error { return nil }

// KeyOf gives the key under which is sealed what is said of a complaint, and its
// number, for rooms above.
func KeyOf(tx *db.Tx, complaint id.ID) (key id.ID, number string, err error) {
	c, err := load(tx, complaint)
	if err != nil {
		return key, "", err
	}
	return c.Key, c.Number, nil
}
