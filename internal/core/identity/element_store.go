package identity

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"mingfa/internal/base/db"
	"mingfa/internal/base/element"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/text"
	"mingfa/internal/base/who"
)

// What a person told of himself: sealed and written, read and opened.

// elementRow is what a person told of himself.
type elementRow struct {
	bun.BaseModel `bun:"table:identity_element"`

	ID           id.ID  `bun:"type:uuid,pk"` // the person
	Org          id.ID  `bun:"type:uuid"`
	Words        id.ID  `bun:"type:uuid"` // sealed JSON of an element.Row
	NameIndex    string `bun:",nullzero"`
	LicenceIndex string `bun:",nullzero"`
	ChangedAt    db.Time
}

// keepElements seals and writes what a person told.
func (s *Service) keepElements(ctx context.Context, actor who.Actor, p person, values element.Row, codes []string) error {
	b, err := json.Marshal(values)
	if err != nil {
		return err
	}
	words, err := s.Keys.Seal(ctx, p.Org, p.Key, string(b))
	if err != nil {
		return err
	}
	row := elementRow{ID: p.ID, Org: p.Org, Words: words.ID}
	for code, into := range map[string]*string{userName: &row.NameIndex, licence: &row.LicenceIndex} {
		if v := values[code]; v != "" {
			if *into, err = s.index(ctx, "element "+code, text.Fold(v)); err != nil {
				return err
			}
		}
	}
	event := DescribedFact{}
	for _, c := range codes {
		event.Elements = append(event.Elements, Code(c))
	}
	return s.DB.Do(ctx, actor, func(tx *db.Tx) error {
		now, err := lockPerson(tx, p.ID)
		if err != nil {
			return err
		}
		if !now.ErasedAt.IsZero() {
			return fault.NotThere()
		}
		if now.Rev != p.Rev { // what was merged may be old
			return fault.New(fault.Conflict, "fault.stale")
		}
		if err := alone(tx, row); err != nil {
			return err
		}
		row.ChangedAt = db.At(tx.Now())
		_, err = tx.NewInsert().Model(&row).On("CONFLICT (id) DO UPDATE").Set("words = EXCLUDED.words").Set("name_index = EXCLUDED.name_index").
			Set("licence_index = EXCLUDED.licence_index").Set("changed_at = EXCLUDED.changed_at").Exec(tx.Ctx())
		if db.Conflict(err) {
			return fault.Wrap(fault.Conflict, "fault.stale", err)
		}
		if err != nil {
			return fmt.Errorf("keep what a person told: %w", err)
		}
		now.Rev++
		if _, err := tx.NewUpdate().Model(&now).Column("rev").WherePK().Exec(tx.Ctx()); err != nil {
			return fmt.Errorf("keep what a person told: %w", err)
		}
		return now.write(tx, event, map[string]seal.Sealed{"elements": words})
	})
}

// alone refuses a user name or licence that is another person's. It is looked up
// first: a unique violation would stand in PostgreSQL's log.
func alone(tx *db.Tx, row elementRow) error {
	for _, x := range []struct{ column, index, path string }{{"name_index", row.NameIndex, userName}, {"licence_index", row.LicenceIndex, licence}} {
		if x.index == "" {
			continue
		}
		n, err := tx.NewSelect().Model((*elementRow)(nil)).Where("? = ?", bun.Ident(x.column), x.index).Where("id <> ?", row.ID).Count(tx.Ctx())
		if err != nil {
			return fmt.Errorf("look for a name that is taken: %w", err)
		}
		if n > 0 {
			return fault.Bad(fault.At("values."+x.path, "identity.element_taken"))
		}
	}
	return nil
}

// Description gives the actor what he told of himself.
func (s *Service) Description(ctx context.Context, actor who.Actor) (d Described, err error) {
	table := tableOf(actor.Roles)
	if table == "" {
		return d, fault.NotThere()
	}
	err = s.DB.View(ctx, actor, func(tx *db.Tx) error {
		all, err := s.Elements(ctx, tx, actor.Person)
		if d = describe(table, all[actor.Person]); d.Values == nil {
			d.Values = element.Row{}
		}
		return err
	})
	return d, err
}

// Elements opens what persons told of themselves; who told nothing, or is
// erased, is not in the map.
func (s *Service) Elements(ctx context.Context, tx *db.Tx, persons ...id.ID) (map[id.ID]element.Row, error) {
	out := map[id.ID]element.Row{}
	for part := range slices.Chunk(persons, 400) {
		var rows []elementRow
		if err := tx.NewSelect().Model(&rows).Where("id IN (?)", bun.List(part)).Scan(tx.Ctx()); err != nil {
			return nil, fmt.Errorf("find what persons told: %w", err)
		}
		words := make([]id.ID, len(rows))
		for i, r := range rows {
			words[i] = r.Words
		}
		told, err := seal.ReadJSON[element.Row](ctx, s.Keys, tx, words...)
		if err != nil {
			return nil, fmt.Errorf("read what persons told: %w", err)
		}
		for _, r := range rows {
			if row, ok := told[r.Words]; ok {
				out[r.ID] = row
			}
		}
	}
	return out, nil
}
