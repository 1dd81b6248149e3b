package notify

import (
	"context"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/who"
)

// Item is a message in a person's inbox.
type Item struct {
	ID     id.ID
	Kind   string
	Text   string
	Order  id.ID
	At     db.Time
	ReadAt db.Time
	SMS    State
}

// inboxPage is how many messages a page has.
const inboxPage = 50

// Inbox lists the actor's messages, newest first, those before the message
// named by before (Nil: from the newest), and how many are unread.
func (s *Service) Inbox(ctx context.Context, a who.Actor, before id.ID, language string) (items []Item, unread int, err error) {
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		q := tx.NewSelect().Model((*row)(nil)).Where("person = ?", a.Person)
		if before != id.Nil {
			q = q.Where("(made_at, id) < (SELECT made_at, id FROM notify_message WHERE id = ? AND person = ?)", before, a.Person)
		}
		var rows []row
		if err := q.OrderExpr("made_at DESC, id DESC").Limit(inboxPage).Scan(tx.Ctx(), &rows); err != nil {
			return err
		}
		for _, r := range rows {
			items = append(items, Item{r.ID, r.Kind, s.text(r, language), r.Root, r.MadeAt, r.ReadAt, r.SMS})
		}
		unread, err = Unread(tx, a.Person)
		return err
	})
	return items, unread, err
}

// maxUnread bounds how far unread messages are counted: who never reads is not
// counted through at each page.
const maxUnread = 1000

// Unread counts a person's unread messages, up to 1,000.
func Unread(tx *db.Tx, person id.ID) (n int, err error) {
	err = tx.Row("SELECT count(*) FROM (SELECT 1 FROM notify_message WHERE person = ? AND read_at IS NULL LIMIT ?) u", person.String(), maxUnread).Scan(&n)
	return n, err
}

// MarkRead notes that the actor has seen a message of his.
func (s *Service) MarkRead(ctx context.Context, a who.Actor, message id.ID) error {
	return s.DB.Do(ctx, a, func(tx *db.Tx) error {
		r, err := load(tx, message)
		if err != nil {
			return err
		}
		if r == nil || r.Person != a.Person {
			return fault.NotThere()
		}
		if !r.ReadAt.IsZero() {
			return nil
		}
		r.ReadAt = db.At(tx.Now())
		return save(tx, r, false)
	})
}
