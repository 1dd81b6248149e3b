package quality

import (
	"github.com/uptrace/bun"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
)

// drawRow is how far the draws of a lawyer's month have come.
type drawRow struct {
	bun.BaseModel `bun:"table:quality_draw"`

	ID         id.ID `bun:"type:uuid,pk"` // monthID
	Org        id.ID `bun:"type:uuid"`
	Path       string
	Rev        int64 // number of draws
	Lawyer     id.ID `bun:"type:uuid"`
	Month      string
	Leaf       int64   // of the last draw
	DrawnAt    db.Time `bun:",nullzero"`
	Population int
	Drawn      int // orders that all draws together drew
}

// checkRow is one card. What the person wrote is one sealed JSON of the card.
type checkRow struct {
	bun.BaseModel `bun:"table:quality_check"`

	ID        id.ID `bun:"type:uuid,pk"`
	Org       id.ID `bun:"type:uuid"`
	Sample    id.ID `bun:"type:uuid"`
	Round     int
	By        id.ID   `bun:"by_person,type:uuid"`
	At        db.Time `bun:",nullzero"`
	Catalogue catalogueRef
	Marks     []Code `bun:"type:text"`
	Fatal     int
	Minor     int
	Notes     id.ID `bun:"type:uuid,nullzero"`
}

// lock reads a sample that is about to change.
func lock(tx *db.Tx, sample id.ID) (*Sample, error) { return db.LoadLocked[Sample](tx, sample) }

func load(tx *db.Tx, sample id.ID) (*Sample, error) { return db.Load[Sample](tx, sample) }

// save writes a sample back, one revision on.
func save(tx *db.Tx, q *Sample) error { return tx.Save(q, &q.Rev) }

// checks are the cards of a sample, in the order of their rounds.
func checks(tx *db.Tx, sample id.ID) (out []checkRow, err error) {
	err = tx.NewSelect().Model(&out).Where("sample = ?", sample).Order("round").Scan(tx.Ctx())
	return out, err
}

// checkBy is the card of an ID; nil where there is none.
func checkBy(tx *db.Tx, check id.ID) (*checkRow, error) {
	var c checkRow
	err := tx.NewSelect().Model(&c).Where("id = ?", check).Scan(tx.Ctx())
	if db.NotFound(err) {
		return nil, nil
	}
	return &c, err
}

// lockDraw reads the row of a lawyer's month; nil before its first draw.
func lockDraw(tx *db.Tx, month id.ID) (*drawRow, error) {
	var d drawRow
	err := tx.Lock(tx.NewSelect().Model(&d).Where("id = ?", month)).Scan(tx.Ctx())
	if db.NotFound(err) {
		return nil, nil
	}
	return &d, err
}

// drawnOf are the orders that were drawn of a lawyer's month.
func drawnOf(tx *db.Tx, lawyer id.ID, month string) (map[id.ID]bool, error) {
	var list []Sample
	err := tx.NewSelect().Model(&list).Column("order_id").Where("month = ? AND lawyer = ? AND drawn", month, lawyer).Scan(tx.Ctx())
	had := map[id.ID]bool{}
	for _, q := range list {
		had[q.Order] = true
	}
	return had, err
}

func loadHandDraw(tx *db.Tx, draw id.ID) (*handDrawRow, error) { return db.Load[handDrawRow](tx, draw) }

// handDraws lists draws by hand under a condition, newest first.
func handDraws(tx *db.Tx, cond string, args []any, of, cursor id.ID, limit int64) (rows []handDrawRow, err error) {
	q := tx.NewSelect().Model(&rows).Where(cond, args...)
	if of != id.Nil {
		q = q.Where("h.lawyer = ?", of)
	}
	if cursor != id.Nil {
		q = q.Where("(h.at, h.id) < (SELECT at, id FROM quality_hand_draw WHERE id = ?)", cursor)
	}
	err = q.OrderExpr("h.at DESC, h.id DESC").Limit(limit).Scan(tx.Ctx())
	return rows, err
}
