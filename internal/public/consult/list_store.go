package consult

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"mingfa/internal/base/db"
	"mingfa/internal/base/element"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
	"mingfa/internal/core/identity"
)

// A list of orders among a million, newest first, by pages. What keeps each of them
// quick:
//
//   - what is rare has a partial index in the order of the list (breaches, call-backs,
//     exclusions, running clocks, answered and not closed), its conditions are
//     literally those of the index, and all that it is filtered by stands in it: an
//     order's row is read when the order is on the page;
//   - a day, and the begin of a number, which is its day, is a range of asked_at;
//   - few organisations are read one by one, each from its own index, and merged: a
//     county that asks little doesn't read all others' orders to fill its page.
//
// The statements are not bun's, which binds values: a partial index is found by
// its literal.

// conds are conditions joined by AND, with their arguments.
type conds struct {
	sql  []string
	args []any
}

func (c *conds) and(sql string, args ...any) {
	c.sql, c.args = append(c.sql, sql), append(c.args, args...)
}

// inState is the condition of a state.
var inState = map[State]string{
	Waiting:  "o.awaiting AND o.state = 'waiting'",
	Assigned: "o.awaiting AND o.state = 'assigned'",
	Answered: "o.state = 'answered'",
	Closed:   "o.state = 'closed'",
	Excluded: "o.state = 'excluded'",
}

// maxMerged is how many organisations are read one by one. On SQLite those of a
// province; PostgreSQL reads a page of each. More of them have so many orders that the
// newest of all are soon found.
func maxMerged(tx *db.Tx) int {
	if tx.Postgres() {
		return 40
	}
	return 250
}

// pageOf lists the IDs of a page of orders, newest first.
func (s *Service) pageOf(tx *db.Tx, a who.Actor, f Filter) ([]id.ID, error) {
	query, args, err := s.pageQuery(tx, a, f)
	if err != nil || query == "" {
		return nil, err
	}
	return idsOf(tx, query, args...)
}

// pageQuery is the statement of a page; "" finds nothing.
func (s *Service) pageQuery(tx *db.Tx, a who.Actor, f Filter) (query string, args []any, err error) {
	c := &conds{}
	indexed, err := s.narrow(tx, a, f, c)
	if err != nil {
		return "", nil, err
	}
	if f.Cursor != id.Nil {
		var at db.Time
		err := tx.Row("SELECT asked_at FROM consult_order WHERE id = ?", f.Cursor.String()).Scan(&at)
		if db.NotFound(err) {
			return "", nil, nil
		}
		if err != nil {
			return "", nil, err
		}
		c.and("(o.asked_at, o.id) < (?, ?)", at.UnixMilli(), f.Cursor.String())
	}
	if !indexed && s.Rules.ByOrg(a, "order.list") {
		orgs, err := identity.Orgs(tx, a.Scope)
		if err != nil {
			return "", nil, err
		}
		if len(orgs) > 0 && len(orgs) <= maxMerged(tx) {
			query, args = merged(tx, orgs, c, f.Limit)
			return query, args, nil
		}
	}
	visible, args := s.Rules.Visible(a, "order.list", access.Columns{OrgPath: "o.path", Owner: "o.citizen", Lawyer: "o.lawyer"})
	c.and(visible, args...)
	return "SELECT o.id FROM consult_order o WHERE " + strings.Join(c.sql, " AND ") + " ORDER BY o.asked_at DESC, o.id DESC LIMIT ?", append(c.args, f.Limit), nil
}

// merged reads each organisation's orders in the order of its index, as far as the
// page needs them. SQLite merges as it reads, unless there is a query around an arm: it
// would read all to sort them. PostgreSQL reads all unless each organisation has the
// page's limit.
func merged(tx *db.Tx, orgs []identity.Org, c *conds, limit int64) (query string, args []any) {
	if tx.Postgres() {
		for _, o := range orgs {
			args = append(args, o.ID.String())
		}
		return "SELECT x.id FROM (VALUES (CAST(? AS UUID))" + strings.Repeat(", (CAST(? AS UUID))", len(orgs)-1) + ") g (org) CROSS JOIN LATERAL (SELECT o.id, o.asked_at FROM consult_order o WHERE " +
				strings.Join(append([]string{"o.org = g.org"}, c.sql...), " AND ") + " ORDER BY o.asked_at DESC, o.id DESC LIMIT ?) x ORDER BY x.asked_at DESC, x.id DESC LIMIT ?",
			append(slices.Concat(args, c.args), limit, limit)
	}
	var arms []string
	for _, o := range orgs {
		arms = append(arms, "SELECT o.id AS id, o.asked_at AS asked_at FROM consult_order o WHERE "+strings.Join(append([]string{"o.org = ?"}, c.sql...), " AND "))
		args = append(append(args, o.ID.String()), c.args...)
	}
	return strings.Join(arms, " UNION ALL ") + " ORDER BY 2 DESC, 1 DESC LIMIT ?", append(args, limit)
}

func idsOf(tx *db.Tx, query string, args ...any) (out []id.ID, err error) {
	rows, err := tx.Rows(query, args...)
	if err != nil {
		return nil, fmt.Errorf("list orders: %w", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var i id.ID
		into := make([]any, len(columns)) // the ID first
		for n := range into {
			into[n] = new(any)
		}
		into[0] = &i
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		out = append(out, i)
	}
	return out, rows.Err()
}

// inOrder reads orders in the order of their IDs in the list.
func inOrder(tx *db.Tx, ids []id.ID) ([]Order, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []Order
	if err := tx.NewSelect().Model(&rows).Where("o.id IN (?)", bun.List(ids)).Scan(tx.Ctx()); err != nil {
		return nil, fmt.Errorf("read a page of orders: %w", err)
	}
	at := make(map[id.ID]int, len(ids))
	for n, i := range ids {
		at[i] = n
	}
	slices.SortFunc(rows, func(a, b Order) int { return at[a.ID] - at[b.ID] })
	return rows, nil
}

// narrow adds the conditions of a filter. indexed tells that one of them has an
// index of its own, which finds few orders.
func (s *Service) narrow(tx *db.Tx, a who.Actor, f Filter, c *conds) (indexed bool, err error) {
	if f.State != "" {
		cond, ok := inState[f.State]
		if !ok {
			return false, fault.Bad(fault.At("state", "fault.field_choice"))
		}
		c.and(cond)
		indexed = f.State != Closed
	}
	if !f.From.IsZero() {
		c.and("o.asked_at >= ? AND o.asked_at < ?", f.From.UnixMilli(), f.To.UnixMilli())
		indexed = true
	}
	if f.Figure != "" {
		cond, err := f.Figure.where(tx.Now().UnixMilli())
		if err != nil {
			return false, err
		}
		c.and(cond)
		indexed = indexed || f.Figure.rare()
	}
	if f.Number != "" {
		from, to, ok := daysOf(f.Number)
		if !ok {
			c.and("1 = 0")
			return true, nil
		}
		c.and("o.asked_at >= ? AND o.asked_at < ? AND o.number LIKE ? ESCAPE '!'", from.UnixMilli(), to.UnixMilli(), like(strings.ToUpper(f.Number))+"%")
		indexed = indexed || to.Sub(from) <= 24*time.Hour
	}
	more, err := s.narrowTo(tx, a, f, c)
	return indexed || more, err
}

// narrowTo adds the conditions that look at more than the order itself.
func (s *Service) narrowTo(tx *db.Tx, a who.Actor, f Filter, c *conds) (indexed bool, err error) {
	if f.SameAs != id.Nil {
		o, err := load(tx, f.SameAs)
		if err != nil {
			return false, err
		}
		if err := s.Rules.Need(a, "order.see", o.object()); err != nil {
			return false, err
		}
		c.and("o.citizen = ? AND o.id <> ?", o.Citizen.String(), o.ID.String())
		indexed = true
	}
	switch cond, answered := where[f.Own]; {
	case answered:
		c.and("o.id IN (SELECT id FROM consult_answer WHERE lawyer = ? AND at >= ? AND at < ?)", a.Person.String(), f.Since.UnixMilli(), f.Until.UnixMilli())
		c.and("o.state <> 'excluded'")
		c.and(cond)
		indexed = true
	case f.Own == OwnRefused:
		orders, _, err := refusedOf(tx, a.Person, f.Since, f.Until)
		if err != nil {
			return false, err
		}
		if len(orders) == 0 {
			c.and("1 = 0")
			return true, nil
		}
		args := make([]any, len(orders))
		for i, o := range orders {
			args[i] = o.String()
		}
		c.and("o.id IN (?"+strings.Repeat(", ?", len(args)-1)+")", args...)
		indexed = true
	}
	return indexed, nil
}

// daysOf is when orders were asked whose number begins so; false: there is none.
// A number is its day in China, a dash and 8 letters.
func daysOf(prefix string) (from, to time.Time, ok bool) {
	if len(prefix) > len("20060102") && prefix[len("20060102")] != '-' {
		return from, to, false
	}
	digits := prefix[:min(len(prefix), len("20060102"))]
	if strings.Trim(digits, "0123456789") != "" {
		return from, to, false
	}
	first, last := digits+"00000101"[len(digits):], digits+"99991231"[len(digits):]
	switch {
	case len(digits) == 5 && digits[4] == '0': // January to September
		first, last = digits+"101", digits+"930"
	case len(digits) == 5:
		first = digits + "001"
	case len(digits) == 7 && digits[6] == '0':
		first, last = digits+"1", digits+"9"
	case len(digits) == 7:
		first, last = digits+"0", digits+"9"
	}
	if from, ok = dateIn(first, 1); !ok {
		return from, to, false
	}
	to, ok = dateIn(last, -1)
	return from, to.AddDate(0, 0, 1), ok
}

// dateIn reads a date; a day that its month doesn't have is brought to one that it has.
func dateIn(date string, back int) (time.Time, bool) {
	for day := int(date[6]-'0')*10 + int(date[7]-'0'); day >= 0 && day < 40; day-- {
		if t, err := time.ParseInLocation("20060102", fmt.Sprintf("%s%02d", date[:6], day), element.China); err == nil {
			return t, true
		}
		if back > 0 {
			break
		}
	}
	return time.Time{}, false
}

// excludedPage lists the IDs of orders that are not counted, newest exclusion first.
func (s *Service) excludedPage(tx *db.Tx, a who.Actor, why Exclusion, cursor id.ID, limit int64) ([]id.ID, error) {
	visible, args := s.Rules.Visible(a, "exclusion.list", access.Columns{OrgPath: "o.path"})
	c := &conds{}
	c.and("o.state = 'excluded'")
	c.and(visible, args...)
	if why != "" {
		c.and("o.exclusion = ?", string(why))
	}
	if cursor != id.Nil {
		c.and("(o.excluded_at, o.id) < (SELECT excluded_at, id FROM consult_order WHERE id = ?)", cursor.String())
	}
	return idsOf(tx, "SELECT o.id FROM consult_order o WHERE "+strings.Join(c.sql, " AND ")+" ORDER BY o.excluded_at DESC, o.id DESC LIMIT ?", append(c.args, limit)...)
}

// callbackPage lists the IDs of call-backs, most urgent first: of those that run, or
// of those that are closed.
func (s *Service) callbackPage(tx *db.Tx, a who.Actor, done bool, cursor id.ID, limit int64) ([]id.ID, error) {
	c := &conds{}
	if done {
		c.and("c.state = 'closed'")
	} else {
		c.and("c.state <> 'closed'")
	}
	from := "consult_callback c"
	columns := access.Columns{OrgPath: "c.path"}
	if !s.Rules.ByOrg(a, "callback.list") {
		from, columns.Lawyer = from+" JOIN consult_order o ON o.id = c.order_id", "o.lawyer"
	}
	if len(a.Roles) == 1 && a.Is(who.DutyLawyer) { // found by his orders, not among all
		c.and("c.order_id IN (SELECT id FROM consult_order WHERE lawyer = ? AND callback IS NOT NULL)", a.Person.String())
	}
	visible, args := s.Rules.Visible(a, "callback.list", columns)
	c.and(visible, args...)
	if cursor != id.Nil {
		c.and("(c.due_at, c.id) > (SELECT due_at, id FROM consult_callback WHERE id = ?)", cursor.String())
	}
	return idsOf(tx, "SELECT c.id FROM "+from+" WHERE "+strings.Join(c.sql, " AND ")+" ORDER BY c.due_at, c.id LIMIT ?", append(c.args, limit)...)
}
