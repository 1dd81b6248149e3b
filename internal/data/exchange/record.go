package exchange

import (
	"context"

	"github.com/uptrace/bun"

	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/element"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/text"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
)

// Joined links what was imported of a user with the account of his phone, when he
// signs in for the first time. It is the reaction to identity.joined.
func (s *Service) Joined(tx *db.Tx, person id.ID) error {
	phone, err := s.People.PhoneOf(tx, person)
	if err != nil || phone == "" {
		return err
	}
	_, err = tx.Exec("UPDATE exchange_record SET person = ? WHERE phone = ? AND kind = 'users' AND erased_at IS NULL", person.String(), phone)
	return err
}

// EraseByPhone erases every imported row with a phone, of the actor's
// organisations, and tells how many: for persons who have no account here. Those
// who have one are erased with it.
func (s *Service) EraseByPhone(ctx context.Context, a who.Actor, phone string) (n int, err error) {
	if err := s.Rules.Need(a, "exchange.erase", access.Object{Org: a.Scope}); err != nil {
		return 0, err
	}
	if _, ok := text.Phone(phone); !ok {
		return 0, fault.Bad(fault.At("phone", "element.phone"))
	}
	index, err := s.People.PhoneIndex(ctx, phone)
	if err != nil {
		return 0, err
	}
	cond, args := s.Rules.Visible(a, "exchange.erase", access.Columns{OrgPath: "r.path"})
	err = s.DB.Do(ctx, a, func(tx *db.Tx) error {
		n, err = s.erase(tx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("r.phone = ?", index).Where(cond, args...) })
		return err
	})
	return n, err
}

// ErasePhone is what the erasure of an account does to imported rows with its
// phone.
func (s *Service) ErasePhone(tx *db.Tx, index string) error {
	_, err := s.erase(tx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("r.phone = ?", index) })
	return err
}

// Erase does it for rows that are linked with the account.
func (s *Service) Erase(tx *db.Tx, person id.ID) error {
	_, err := s.erase(tx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("r.person = ?", person) })
	return err
}

// erase marks rows, takes out what leads to their persons, and promises that
// their keys are destroyed.
func (s *Service) erase(tx *db.Tx, which func(*bun.SelectQuery) *bun.SelectQuery) (int, error) {
	var rows []record
	if err := which(tx.NewSelect().Model(&rows).Where("r.erased_at IS NULL")).OrderExpr("r.id").Scan(tx.Ctx()); err != nil {
		return 0, err
	}
	for _, r := range rows {
		_, err := tx.Exec("UPDATE exchange_record SET erased_at = ?, person = NULL, phone = NULL, index_a = NULL, index_b = NULL WHERE id = ?", tx.Now().UnixMilli(), r.ID.String())
		if err != nil {
			return 0, err
		}
		err = journal.Write(tx, journal.Entry{Org: r.Org, Root: r.Import, Subject: r.ID, Rev: 1, Event: RecordErasedFact{Import: r.Import}})
		if err != nil {
			return 0, err
		}
		if err := s.shredSoon(tx, r.Org, r.ID, r.Key, false); err != nil {
			return 0, err
		}
	}
	return len(rows), nil
}

// shred is a key that is to be destroyed, and whether with all rows of an import.
type shred struct {
	Key id.ID `json:"key"`
	All bool  `json:"all,omitempty"`
}

// shredSoon promises that a key is destroyed: after the commit, and again after a
// crash until it is.
func (s *Service) shredSoon(tx *db.Tx, org, subject, key id.ID, all bool) error {
	return due.Set(tx, due.Row{Org: org, Subject: subject, Name: "shred", Kind: dueShred, At: tx.Now(), Rule: "erase", Anchor: tx.Now(), Payload: shred{key, all}})
}

func (s *Service) fireShred(tx *db.Tx, f due.Fired) error {
	var x shred
	if err := f.Decode(&x); err != nil {
		return err
	}
	f.Row.At, f.Row.Payload = tx.Now().Add(promised), x
	if err := due.Set(tx, f.Row); err != nil {
		return err
	}
	tx.After(func() {
		do := func() {
			if err := s.shred(context.Background(), f.Subject, x); err != nil {
				s.log().Error("a key of imported rows is not destroyed; it is tried again", "subject", f.Subject, "error", err)
			}
		}
		if s.Wait {
			do()
			return
		}
		go do()
	})
	return nil
}

// shred destroys the key and what of the rows is in the clear, and cancels the
// promise.
func (s *Service) shred(ctx context.Context, subject id.ID, x shred) error {
	if err := s.Keys.Destroy(ctx, x.Key); err != nil {
		return err
	}
	for left := x.All; left; {
		err := s.DB.Do(ctx, system, func(tx *db.Tx) error {
			res, err := tx.Exec("DELETE FROM exchange_record WHERE id IN (SELECT id FROM exchange_record WHERE import = ? LIMIT 500)", subject.String())
			if err != nil {
				return err
			}
			n, err := res.RowsAffected()
			left = n > 0
			return err
		})
		if err != nil {
			return err
		}
	}
	return s.DB.Do(ctx, system, func(tx *db.Tx) error { return due.Cancel(tx, subject, "shred") })
}

// Export gives what was imported of a person: rows with his phone.
func (s *Service) Export(ctx context.Context, person id.ID) (any, error) {
	out := []element.Row{}
	err := s.DB.View(ctx, system, func(tx *db.Tx) error {
		phone, err := s.People.PhoneOf(tx, person)
		if err != nil || phone == "" {
			return err
		}
		var rows []record
		if err := tx.NewSelect().Model(&rows).Where("r.phone = ?", phone).Where(seen).OrderExpr("r.import, r.n").Limit(1000).Scan(tx.Ctx()); err != nil {
			return err
		}
		values, err := s.values(ctx, tx, rows)
		out = append(out, values...)
		return err
	})
	return out, err
}

// values opens rows; those whose key is gone are left out.
func (s *Service) values(ctx context.Context, tx *db.Tx, rows []record) (out []element.Row, err error) {
	words := make([]id.ID, len(rows))
	for i, r := range rows {
		words[i] = r.Words
	}
	opened, err := seal.ReadJSON[element.Row](ctx, s.Keys, tx, words...)
	for _, r := range rows {
		if row, ok := opened[r.Words]; ok {
			out = append(out, row)
		}
	}
	return out, err
}
