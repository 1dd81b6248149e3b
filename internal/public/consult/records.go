package consult

import (
	"context"
	"fmt"
	"strings"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
	"mingfa/internal/base/who"
)

// Records are the orders asked in [from, to) below a path, as the facts with
// leaf < below tell them: the same facts give the same records, whenever they
// are asked for.
func Records(tx *db.Tx, path string, from, to time.Time, below int64) ([]Record, error) {
	byOrg, err := askedIn(tx, path, from, to)
	if err != nil {
		return nil, err
	}
	var out []Record
	for org, orders := range byOrg {
		told := NewFacts()
		facts, err := journal.ByRoots(tx, org, orders, told.Kinds(), below)
		if err != nil {
			return nil, err
		}
		for _, f := range facts {
			if err := told.Apply(f); err != nil {
				return nil, err
			}
		}
		for _, o := range told.Orders {
			out = append(out, o.Record)
		}
	}
	return out, nil
}

// RecordsNow is Records as the rows tell it at this moment, facts without a number
// included: a day's orders in one statement instead of all their facts. mingfa verify
// holds the rows to the facts.
func RecordsNow(tx *db.Tx, path string, from, to time.Time) (out []Record, err error) {
	rows, err := tx.Rows(`SELECT o.id, o.asked_at, o.answered_at, coalesce(o.exclusion, ''), coalesce(o.rating, ''), c.due_at, c.called_at
		FROM consult_order o LEFT JOIN consult_callback c ON c.id = o.callback
		WHERE o.asked_at >= ? AND o.asked_at < ? AND substr(o.path, 1, ?) = ?`, from.UnixMilli(), to.UnixMilli(), len(path), path)
	if err != nil {
		return nil, fmt.Errorf("read the day's orders: %w", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		var r Record
		var asked, answered, due, called db.Time
		if err := rows.Scan(&r.Order, &asked, &answered, &r.Excluded, &r.Rated, &due, &called); err != nil {
			return nil, fmt.Errorf("read the day's orders: %w", err)
		}
		r.Asked, r.Answered, r.CallDue, r.CalledBack = asked.Time, answered.Time, due.Time, called.Time
		out = append(out, r)
	}
	return out, rows.Err()
}

// askedIn lists the orders asked in a time by organisation.
func askedIn(tx *db.Tx, path string, from, to time.Time) (map[id.ID][]id.ID, error) {
	rows, err := tx.Rows("SELECT org, path, id FROM consult_order WHERE asked_at >= ? AND asked_at < ? ORDER BY asked_at, id", from.UnixMilli(), to.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("list the day's orders: %w", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	out := map[id.ID][]id.ID{}
	for rows.Next() {
		var org, order id.ID
		var p string
		if err := rows.Scan(&org, &p, &order); err != nil {
			return nil, err
		}
		if strings.HasPrefix(p, path) {
			out[org] = append(out[org], order)
		}
	}
	return out, rows.Err()
}

// Exported is what the room holds about a person: a citizen's orders with all that
// was said in them between him and the lawyers (staff's notes are not his), and the
// saved replies that a lawyer wrote for himself.
type Exported struct {
	Orders []*orderJSON `json:"orders"`
	Saved  []SavedText  `json:"saved_replies,omitempty"`
	Begun  []begunJSON  `json:"drafts,omitempty"` // questions he has begun and not sent
}

// Export gives it.
func (s *Service) Export(ctx context.Context, person id.ID) (any, error) {
	out := Exported{Orders: []*orderJSON{}}
	err := s.DB.View(ctx, who.Actor{Person: person}, func(tx *db.Tx) error {
		var orders []Order
		if err := tx.NewSelect().Model(&orders).Where("citizen = ?", person).Order("asked_at").Scan(tx.Ctx()); err != nil {
			return err
		}
		for i := range orders {
			v, err := s.open(ctx, tx, who.Actor{Person: person, Roles: []who.Role{who.Citizen}}, &orders[i], orders[i].Language)
			if err != nil {
				return err
			}
			out.Orders = append(out.Orders, v.wire(orders[i].Language, false))
		}
		var saved []Saved
		if err := tx.NewSelect().Model(&saved).Where("owner = ? AND NOT removed", person).Order("id").Scan(tx.Ctx()); err != nil {
			return err
		}
		list, err := s.openSaved(ctx, tx, who.Actor{}, saved)
		for _, r := range list {
			out.Saved = append(out.Saved, r.SavedText)
		}
		if err != nil {
			return err
		}
		begun, err := s.begunOf(ctx, tx, who.Actor{Person: person}, say.Hans)
		for _, x := range begun {
			out.Begun = append(out.Begun, x.wire(say.Hans))
		}
		return err
	})
	return out, err
}

// Erase takes the questions away that he has begun, with their files: nothing else
// needs them. All that anybody said in a person's orders, also staff to each other, is
// under keys below his own; a lawyer's saved replies are under his; the rows hold codes
// and times only.
func (s *Service) Erase(tx *db.Tx, person id.ID) error { return s.eraseBegun(tx, person) }

// KeyOf gives the key under which is sealed what is said of an order, and its
// number, for rooms above.
func KeyOf(tx *db.Tx, order id.ID) (key id.ID, number string, err error) {
	o, err := load(tx, order)
	if err != nil {
		return key, "", err
	}
	return o.Key, o.Number, nil
}

// NameOf gives the sealed text with the name under which an order was asked, for
// rooms above.
func NameOf(tx *db.Tx, order id.ID) (words id.ID, err error) {
	o, err := load(tx, order)
	if err != nil {
		return words, err
	}
	return o.Name, nil
}
