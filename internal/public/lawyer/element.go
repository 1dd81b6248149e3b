package lawyer

import (
	"context"
	"fmt"

	"mingfa/internal/base/db"
	"mingfa/internal/base/element"
	"mingfa/internal/base/id"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
)

// CountElements is how many lawyers Elements gives, all pages together.
func (s *Service) CountElements(tx *db.Tx, a who.Actor, verb string) (n int, err error) {
	cond, args := s.Rules.Visible(a, verb, access.Columns{OrgPath: "path"})
	err = tx.Row("SELECT count(*) FROM lawyer_profile WHERE nickname <> '' AND "+cond, args...).Scan(&n)
	return n, err
}

// Elements gives a page of lawyers, as far as the platform knows them (BB.20201,
// 20202, 20203, 20206, 20207, 20209, 20213), of those for which the actor may
// verb. The rest a lawyer tells of himself (identity.Elements). Who is erased is
// none of them: his nickname is gone.
func (s *Service) Elements(ctx context.Context, tx *db.Tx, a who.Actor, verb string, after id.ID, limit int) (ids []id.ID, rows []element.Row, err error) {
	cond, args := s.Rules.Visible(a, verb, access.Columns{OrgPath: "path"})
	list, err := query(tx, `WHERE nickname <> '' AND `+cond+` AND id > ? ORDER BY id LIMIT ?`, append(args, after.String(), limit)...)
	if err != nil {
		return nil, nil, err
	}
	var words []id.ID
	for _, p := range list {
		words = append(words, p.Name, p.Phone)
	}
	texts, err := s.Keys.Read(ctx, tx, words...)
	if err != nil {
		return nil, nil, fmt.Errorf("read lawyers for an export: %w", err)
	}
	for _, p := range list {
		ids = append(ids, p.ID)
		rows = append(rows, element.Row{"20201": texts[p.Name].Plain, "20202": texts[p.Phone].Plain, "20203": p.Nickname, "20206": p.Firm,
			"20207": element.Join(p.Regions), "20209": element.Join(p.Areas), "20213": element.At(p.CreatedAt)})
	}
	return ids, rows, nil
}
