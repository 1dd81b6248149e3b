package consult

import (
	"encoding/json"

	"github.com/uptrace/bun"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
)

// answerRow is the complete answer of an order; what the lawyer wrote is one
// sealed JSON of the draft.
type answerRow struct {
	bun.BaseModel `bun:"table:consult_answer"`

	Order      id.ID   `bun:"id,type:uuid,pk"`
	Org        id.ID   `bun:"type:uuid"`
	Lawyer     id.ID   `bun:"type:uuid"`
	At         db.Time `bun:",nullzero"`
	Draft      id.ID   `bun:"type:uuid"`
	Own        int
	Known      []bool      `bun:"type:text"` // citation by citation: found in the loaded statutes
	Opening    templateRef `bun:"type:text"`
	Disclaimer templateRef `bun:"type:text"`
	Closing    templateRef `bun:"type:text"`
}

// messageRow is something said after the answer.
type messageRow struct {
	bun.BaseModel `bun:"table:consult_message"`

	ID     id.ID `bun:"type:uuid,pk"`
	Org    id.ID `bun:"type:uuid"`
	Order  id.ID `bun:"consult,type:uuid"`
	N      int
	Role   Role
	Author id.ID   `bun:"type:uuid"`
	Words  id.ID   `bun:"type:uuid"`
	At     db.Time `bun:",nullzero"`
}

// attemptRow is one telephone call of a call-back.
type attemptRow struct {
	bun.BaseModel `bun:"table:consult_attempt"`

	ID       id.ID `bun:"type:uuid,pk"`
	Org      id.ID `bun:"type:uuid"`
	Callback id.ID `bun:"type:uuid"`
	N        int
	Reached  bool
	Note     id.ID   `bun:"type:uuid,nullzero"`
	At       db.Time `bun:",nullzero"`
	By       id.ID   `bun:"by_person,type:uuid"`
}

// lock reads an order that is about to change.
func lock(tx *db.Tx, order id.ID) (*Order, error) { return db.LoadLocked[Order](tx, order) }

// load reads an order.
func load(tx *db.Tx, order id.ID) (*Order, error) { return db.Load[Order](tx, order) }

func lockCallback(tx *db.Tx, callback id.ID) (*Callback, error) {
	return db.LoadLocked[Callback](tx, callback)
}

func loadCallback(tx *db.Tx, callback id.ID) (*Callback, error) {
	return db.Load[Callback](tx, callback)
}

func insert(tx *db.Tx, row any) error { return tx.InsertLater(nil, row) }

// save writes an order back, one revision on. A row that somebody else changed
// in between is a conflict. Of a new order only the revision counts: its row is
// written once, when all is decided.
func save(tx *db.Tx, o *Order) error {
	if o.unborn {
		o.Rev++
		return nil
	}
	return tx.Save(o, &o.Rev)
}

func saveCallback(tx *db.Tx, c *Callback) error { return tx.Save(c, &c.Rev) }

func loadAnswer(tx *db.Tx, order id.ID) (*answerRow, error) {
	var a answerRow
	err := tx.NewSelect().Model(&a).Where("id = ?", order).Scan(tx.Ctx())
	if db.NotFound(err) {
		return nil, nil
	}
	return &a, err
}

func messages(tx *db.Tx, order id.ID) (out []messageRow, err error) {
	err = tx.NewSelect().Model(&out).Where("consult = ?", order).Order("n").Scan(tx.Ctx())
	return out, err
}

func attempts(tx *db.Tx, callback id.ID) (out []attemptRow, err error) {
	err = tx.NewSelect().Model(&out).Where("callback = ?", callback).Order("n").Scan(tx.Ctx())
	return out, err
}

// asJSON writes a value that we made ourselves.
func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // a type of ours that JSON can't hold is a mistake of ours
	}
	return string(b)
}
