package db_test

import (
	"bytes"
	"math"
	"testing"

	"github.com/uptrace/bun"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/id"
)

// thing has a column of each sort that rooms use.
type thing struct {
	bun.BaseModel `bun:"table:thing"`
	ID            id.ID `bun:"type:uuid,pk"`
	Other         id.ID `bun:"type:uuid,nullzero"`
	Rev           int64
	Small         int
	Text          string
	Box           []byte
	At            db.Time
	Yes           bool
	Share         float64
	Note          *string
}

func things(t *testing.T, d *db.DB) {
	t.Helper()
	box := "BLOB"
	if d.Postgres() {
		box = "BYTEA"
	}
	err := d.Do(ctx, test, func(tx *db.Tx) error {
		_, err := tx.Exec("CREATE TABLE thing (id UUID PRIMARY KEY, other UUID, rev BIGINT NOT NULL, small INTEGER NOT NULL, text TEXT NOT NULL, box " + box +
			", at BIGINT, yes BOOLEAN NOT NULL, share DOUBLE PRECISION NOT NULL, note TEXT)")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What bun writes comes back as it was, whatever it is and however often.
func TestBunThroughBoundStatements(t *testing.T) {
	note := "a note"
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		things(t, d)
		for i, want := range []thing{
			{ID: id.New(), Rev: 1, Text: "plain"},
			{ID: id.New(), Other: id.New(), Rev: math.MaxInt64, Small: math.MaxInt32, Text: `it''s '"?$1 :x -- /* 中文 \ `, Box: []byte{0, 1, 255, '\''}, At: db.At(d.Now()), Yes: true, Share: 0.5, Note: &note},
			{ID: id.New(), Rev: math.MinInt64, Small: -7, Text: "", Box: []byte{}, Share: 7},
		} {
			var got, seen thing
			err := d.Do(ctx, test, func(tx *db.Tx) error {
				if _, err := tx.NewInsert().Model(&want).Exec(tx.Ctx()); err != nil {
					return err
				}
				want.Text += "!"
				if res, err := tx.NewUpdate().Model(&want).WherePK().Where("rev = ?", want.Rev).Exec(tx.Ctx()); err != nil {
					return err
				} else if n, err := res.RowsAffected(); n != 1 || err != nil {
					t.Errorf("%d rows updated, %v", n, err)
				}
				return tx.Lock(tx.NewSelect().Model(&got).Where("id = ?", want.ID).Where("text = ?", want.Text).Where("small IN (?)", bun.List([]int{want.Small, 99}))).Scan(tx.Ctx())
			})
			if err != nil {
				t.Fatal(err)
			}
			for range 3 { // the first one prepares for the next
				err = d.View(ctx, test, func(tx *db.Tx) error {
					seen = thing{}
					return tx.NewSelect().Model(&seen).Where("rev = ?", want.Rev).Where("yes = ?", want.Yes).Limit(1).Scan(tx.Ctx())
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			for _, g := range []thing{got, seen} {
				if g.ID != want.ID || g.Other != want.Other || g.Rev != want.Rev || g.Small != want.Small || g.Text != want.Text || !bytes.Equal(g.Box, want.Box) ||
					g.At != want.At || g.Yes != want.Yes || g.Share != want.Share || (g.Note == nil) != (want.Note == nil) {
					t.Errorf("%d: wrote %+v, got %+v", i, want, g)
				}
			}
		}
		counts(t, d)
	})
}

func counts(t *testing.T, d *db.DB) {
	t.Helper()
	err := d.Do(ctx, test, func(tx *db.Tx) error {
		n, err := tx.NewSelect().Model((*thing)(nil)).Where("rev > ?", 0).Count(tx.Ctx())
		if err != nil || n != 2 {
			t.Errorf("%d things, %v", n, err)
		}
		there, err := tx.NewSelect().Model((*thing)(nil)).Where("text = ?", "plain!").Exists(tx.Ctx())
		if err != nil || !there {
			t.Errorf("there: %v %v", there, err)
		}
		var texts []string
		if err := tx.NewRaw("SELECT text FROM thing WHERE rev = ? ORDER BY 1", 1).Scan(tx.Ctx(), &texts); err != nil || len(texts) != 1 {
			t.Errorf("raw: %v %v", texts, err)
		}
		_, err = tx.NewDelete().Model((*thing)(nil)).Where("text = ?", "plain!").Exec(tx.Ctx())
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// Many rows at once are too long to keep; they are written all the same.
func TestBunInBulk(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		things(t, d)
		var all []thing
		for range 200 {
			all = append(all, thing{ID: id.New(), Rev: 1, Text: "x"})
		}
		err := d.Do(ctx, test, func(tx *db.Tx) error {
			if _, err := tx.NewInsert().Model(&all).Exec(tx.Ctx()); err != nil {
				return err
			}
			n, err := tx.NewSelect().Model((*thing)(nil)).Count(tx.Ctx())
			if n != 200 {
				t.Errorf("%d rows", n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
