package exchange

import (
	"context"
	"fmt"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/element"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
)

// The archive (历史工单): the orders that were taken over from another system
// (BB.20501 to 20515). Who may see the orders of an organisation may see its
// archive, to read only. It stands apart: nothing in it has a clock, a lawyer or a
// rating of this platform, so it is in no figure, list or report of ours, whose
// every number can be shown from facts (B8.1.1.4). An export holds it behind our
// own orders.

// ArchiveFilter narrows the archive.
type ArchiveFilter struct {
	From, To time.Time // asked in [From, To), by the other system's clock; zero: any
	Import   id.ID     // of one import; Nil: of all
	Cursor   id.ID     // the last one of the page before
	Limit    int
}

// Archived is an order that was taken over.
type Archived struct {
	ID     id.ID
	Import id.ID
	Org    string      // name of the organisation
	At     time.Time   // when it was asked
	Values element.Row // by code; nil when erased meanwhile
}

// Archive lists imported orders of imports that are done, newest first.
func (s *Service) Archive(ctx context.Context, a who.Actor, f ArchiveFilter) (out []Archived, err error) {
	cond, args, err := s.Rules.List(a, "archive.see", access.Columns{OrgPath: "r.path"})
	if err != nil {
		return nil, err
	}
	c := &condition{}
	c.and(cond, args...)
	c.and(seen)
	c.and("r.kind = 'orders'")
	between(c, f.From, f.To)
	if f.Import != id.Nil {
		c.and("r.import = ?", f.Import.String())
	}
	if f.Cursor != id.Nil {
		c.and("(r.at, r.id) < (SELECT at, id FROM exchange_record WHERE id = ?)", f.Cursor.String())
	}
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		rows, err := archived(tx, c, f.Limit)
		if err != nil {
			return err
		}
		out, err = s.openArchive(ctx, tx, rows)
		return err
	})
	return out, err
}

// SeeArchived shows one.
func (s *Service) SeeArchived(ctx context.Context, a who.Actor, order id.ID) (out Archived, err error) {
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		c := &condition{}
		c.and(seen)
		c.and("r.kind = 'orders' AND r.id = ?", order.String())
		rows, err := archived(tx, c, 1)
		if err == nil && len(rows) == 0 {
			err = fault.NotThere()
		}
		if err != nil {
			return err
		}
		if err := s.Rules.Need(a, "archive.see", access.Object{Org: rows[0].Path}); err != nil {
			return err
		}
		all, err := s.openArchive(ctx, tx, rows)
		if err == nil && all[0].Values == nil { // its key is gone, the row soon
			err = fault.NotThere()
		}
		if err == nil {
			out = all[0]
		}
		return err
	})
	return out, err
}

func (s *Service) openArchive(ctx context.Context, tx *db.Tx, rows []record) ([]Archived, error) {
	out := []Archived{}
	names := map[id.ID]string{}
	for _, r := range rows {
		values, err := s.values(ctx, tx, []record{r})
		if err != nil {
			return nil, err
		}
		if _, ok := names[r.Org]; !ok {
			o, err := s.People.OrgByID(tx, r.Org)
			if err != nil {
				return nil, fmt.Errorf("name the organisation of an imported order: %w", err)
			}
			names[r.Org] = o.Name
		}
		x := Archived{ID: r.ID, Import: r.Import, Org: names[r.Org], At: r.At.Time}
		if len(values) == 1 {
			x.Values = values[0]
		}
		out = append(out, x)
	}
	return out, nil
}
