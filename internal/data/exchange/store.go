package exchange

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"mingfa/internal/base/db"
	"mingfa/internal/base/element"
	"mingfa/internal/base/id"
)

// record is a row that was imported.
type record struct {
	bun.BaseModel `bun:"table:exchange_record,alias:r"`

	ID       id.ID `bun:"type:uuid,pk"`
	Org      id.ID `bun:"type:uuid"`
	Path     string
	Import   id.ID `bun:"type:uuid"`
	N        int64 // its place among the rows of the file, from 1
	Kind     element.Table
	At       db.Time // see when
	Key      id.ID   `bun:"type:uuid"`
	Words    id.ID   `bun:"type:uuid"`          // sealed JSON of an element.Row
	Person   id.ID   `bun:"type:uuid,nullzero"` // a user's account, once somebody signed in with his phone
	Phone    string  `bun:",nullzero"`
	IndexA   string  `bun:"index_a,nullzero"`
	IndexB   string  `bun:"index_b,nullzero"`
	ErasedAt db.Time `bun:",nullzero"`
}

// seen is the condition under which a record can be seen at all.
const seen = "r.erased_at IS NULL AND EXISTS (SELECT 1 FROM exchange_import i WHERE i.id = r.import AND i.state = 'done')"

func load(tx *db.Tx, i id.ID) (*Import, error) { return db.Load[Import](tx, i) }

func lock(tx *db.Tx, i id.ID) (*Import, error) { return db.LoadLocked[Import](tx, i) }

// save writes an import back, one revision on.
func save(tx *db.Tx, i *Import) error { return tx.Save(i, &i.Rev) }

// beat tells that somebody is at work, and how far: no fact, for it may be lost.
func beat(tx *db.Tx, i id.ID, claim string, total int64) error {
	return tx.LaterOne(func(err error) error {
		if errors.Is(err, db.ErrNotOne) {
			return errLost
		}
		return err
	}, "UPDATE exchange_import SET beat_at = ?, total = ? WHERE id = ? AND claim = ?", tx.Now().UnixMilli(), total, i.String(), claim)
}

// errLost says that somebody else works on the import, or that it is over.
var errLost = errors.New("the import is not ours any more")

// insert keeps a record.
func (r *record) insert(tx *db.Tx) error {
	opt := func(s string) any {
		if s == "" {
			return nil
		}
		return s
	}
	person := any(nil)
	if r.Person != id.Nil {
		person = r.Person.String()
	}
	return tx.Later(func(err error) error { return fmt.Errorf("keep an imported row: %w", err) },
		`INSERT INTO exchange_record (id, org, path, import, n, kind, at, key, words, person, phone, index_a, index_b) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.ID.String(), r.Org.String(), r.Path, r.Import.String(), r.N, string(r.Kind), r.At.UnixMilli(), r.Key.String(), r.Words.String(), person,
		opt(r.Phone), opt(r.IndexA), opt(r.IndexB))
}

// takenBy tells which of some look-up values rows of the organisation have that
// were imported before.
func takenBy(tx *db.Tx, org id.ID, kind element.Table, columnName string, values []string) (map[string]bool, error) {
	out := map[string]bool{}
	if len(values) == 0 {
		return out, nil
	}
	var found []string
	err := tx.NewSelect().Model((*record)(nil)).Column(columnName).Where("r.org = ? AND r.kind = ?", org, kind).Where(seen).
		Where("? IN (?)", bun.Ident("r."+columnName), bun.List(values)).Scan(tx.Ctx(), &found)
	for _, v := range found {
		out[v] = true
	}
	return out, err
}

// sameFile finds an import of the same content that is done or under way.
func sameFile(tx *db.Tx, org id.ID, kind element.Table, sum string, but id.ID) (bool, error) {
	n, err := tx.NewSelect().Model((*Import)(nil)).Where("i.org = ? AND i.kind = ? AND i.sum = ? AND i.id <> ?", org, kind, sum, but).
		Where("i.state IN ('running', 'done')").Count(tx.Ctx())
	return n > 0, err
}

// condition builds the WHERE of a query piece by piece.
type condition struct {
	words []string
	args  []any
}

func (c *condition) and(words string, args ...any) {
	c.words, c.args = append(c.words, "("+words+")"), append(c.args, args...)
}

func (c *condition) sql() string { return strings.Join(c.words, " AND ") }

func between(c *condition, from, to time.Time) {
	if !from.IsZero() {
		c.and("r.at >= ?", from.UnixMilli())
	}
	if !to.IsZero() {
		c.and("r.at < ?", to.UnixMilli())
	}
}

// archived reads imported orders under a condition, newest first.
func archived(tx *db.Tx, c *condition, limit int) (rows []record, err error) {
	err = tx.NewSelect().Model(&rows).Where(c.sql(), c.args...).OrderExpr("r.at DESC, r.id DESC").Limit(int64(limit)).Scan(tx.Ctx())
	return rows, err
}
