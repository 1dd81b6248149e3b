package exchange

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/element"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/sheet"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
	"mingfa/internal/public/consult"
)

// Want is what an export is to hold.
type Want struct {
	Table    element.Table
	Format   sheet.Format
	From, To time.Time // orders asked in [From, To); zero: all
	Empty    bool      // the heads only: a template to fill in
	Booleans bool      // of lawyers: one more column for each court and field, 1 or 0 (BB.20208, BB.20209)
	Language string
}

// Takeout is an export that was allowed and noted, and is still to be written.
type Takeout struct {
	Want
	Rows  int // how many it will hold, unless somebody is erased meanwhile
	s     *Service
	actor who.Actor
	lists []listed  // the columns of Booleans
	now   time.Time // what this platform comes to know afterwards is not in it
}

// Takeout asks for the right, counts, and writes the fact that personal data leave
// the house: who, what, how many. If it can't be written nothing leaves.
func (s *Service) Takeout(ctx context.Context, a who.Actor, w Want) (*Takeout, error) {
	if err := s.Rules.Need(a, "exchange.export", access.Object{Org: a.Scope}); err != nil {
		return nil, err
	}
	if len(element.Of(w.Table)) == 0 || !w.Format.Valid() {
		return nil, fault.Bad(fault.At("table", "fault.field_choice"))
	}
	t := &Takeout{Want: w, s: s, actor: a}
	if w.Empty {
		return t, nil
	}
	err := s.DB.View(ctx, a, func(tx *db.Tx) (err error) {
		t.now = tx.Now().Add(time.Millisecond)
		t.Rows, err = t.count(tx)
		return err
	})
	if err == nil && w.Booleans && w.Table == element.Lawyers {
		err = t.gather(ctx)
	}
	if err != nil {
		return nil, err
	}
	file := id.New()
	return t, s.DB.Do(ctx, a, func(tx *db.Tx) error {
		return journal.Write(tx, journal.Entry{Org: a.Org, Root: file, Subject: file, Rev: 1,
			Event: ExportedFact{Table: Code(w.Table), Format: Code(w.Format), Rows: int64(t.Rows)}})
	})
}

// WriteTo writes the file, page by page.
func (t *Takeout) WriteTo(ctx context.Context, out io.Writer) error {
	columns := heads(t.Table, t.Language)
	for _, l := range t.lists {
		columns = append(columns, l.head(t.Language))
	}
	w, err := sheet.NewWriter(t.Format, out, string(t.Table), columns)
	if err != nil {
		return err
	}
	if !t.Empty {
		err = t.each(ctx, func(row element.Row) error {
			line := cells(t.Table, row)
			for _, l := range t.lists {
				line = append(line, l.of(row))
			}
			return w.Row(line)
		})
	}
	if err != nil {
		return fmt.Errorf("export %s: %w", t.Table, err)
	}
	return w.Close()
}

// listed is a value of a list as a column of its own.
type listed struct{ code, value string }

// maxLists bounds the columns of Booleans: an import takes no more.
const maxLists = 200

func (l listed) head(language string) sheet.Head {
	name := l.code + "." + l.value
	if l.code == fieldsOf {
		return sheet.Head{Name: name, Title: name + " " + consult.TypeName(language, l.value)}
	}
	return sheet.Head{Name: name, Title: name}
}

func (l listed) of(row element.Row) string {
	if v := row[l.code]; v == "*" || slices.Contains(element.Split(v), l.value) {
		return "1"
	}
	return "0"
}

// courtsOf and fieldsOf are the elements that the standard prints as booleans.
const courtsOf, fieldsOf = "20208", "20209"

// gather finds the courts of all lawyers; the fields of law are known.
func (t *Takeout) gather(ctx context.Context) error {
	courts := map[string]bool{}
	err := t.each(ctx, func(row element.Row) error {
		for _, c := range element.Split(row[courtsOf]) {
			if c != "*" {
				courts[c] = true
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(courts) > maxLists {
		return fault.Bad(fault.At("booleans", "exchange.too_many_courts").With("max", maxLists))
	}
	for _, c := range slices.Sorted(maps.Keys(courts)) {
		t.lists = append(t.lists, listed{courtsOf, c})
	}
	for _, f := range consult.ProblemTypes() {
		t.lists = append(t.lists, listed{fieldsOf, f})
	}
	return nil
}

// each gives every row: first what this platform knows, then what was imported, in
// the order of its files.
func (t *Takeout) each(ctx context.Context, fn func(element.Row) error) error {
	var pages func(tx *db.Tx, after id.ID) ([]element.Row, id.ID, error)
	switch t.Table {
	case element.Users:
		pages = func(tx *db.Tx, after id.ID) ([]element.Row, id.ID, error) { return t.users(ctx, tx, after) }
	case element.Lawyers:
		pages = func(tx *db.Tx, after id.ID) ([]element.Row, id.ID, error) { return t.lawyers(ctx, tx, after) }
	case element.Orders:
		pages = func(tx *db.Tx, after id.ID) ([]element.Row, id.ID, error) {
			return t.s.Consult.Elements(ctx, tx, t.actor, "exchange.export", t.span(after))
		}
	}
	if err := t.all(ctx, pages, fn); err != nil {
		return err
	}
	return t.all(ctx, func(tx *db.Tx, after id.ID) ([]element.Row, id.ID, error) { return t.imported(ctx, tx, after) }, fn)
}

// all reads pages, each in a snapshot of its own, until one is empty.
func (t *Takeout) all(ctx context.Context, pages func(*db.Tx, id.ID) ([]element.Row, id.ID, error), fn func(element.Row) error) error {
	for after := id.Nil; ; {
		var rows []element.Row
		var last id.ID
		err := t.s.DB.View(ctx, t.actor, func(tx *db.Tx) (err error) {
			rows, last, err = pages(tx, after)
			return err
		})
		if err != nil || last == id.Nil {
			return err
		}
		for _, r := range rows {
			if err := fn(r); err != nil {
				return err
			}
		}
		after = last
	}
}

func (t *Takeout) span(after id.ID) consult.Span {
	to := t.To
	if to.IsZero() || to.After(t.now) {
		to = t.now
	}
	return consult.Span{From: t.From, To: to, After: after, Limit: page}
}

// visible is the condition on a citizen of the view p: he belongs to the actor's
// organisations, or asked something there.
func (t *Takeout) visible(c *condition) {
	byOrg, args := t.s.Rules.Visible(t.actor, "exchange.export", access.Columns{OrgPath: "g.path"})
	if len(args) == 0 { // all of them, or none
		c.and(byOrg)
		return
	}
	byOrder, more := t.s.Rules.Visible(t.actor, "exchange.export", access.Columns{OrgPath: "o.path"})
	c.and("EXISTS (SELECT 1 FROM identity_org_v g WHERE g.id = p.org AND "+byOrg+") OR EXISTS (SELECT 1 FROM consult_order_v o WHERE o.citizen = p.id AND "+byOrder+")",
		append(args, more...)...)
}

func (t *Takeout) citizens() *condition {
	c := &condition{}
	c.and("p.kind = 'citizen' AND p.erased_at IS NULL AND p.made_at < ?", t.now.UnixMilli())
	t.visible(c)
	return c
}

// users gives a page of citizens: what they told themselves, over what they gave
// with their questions, over what was imported of them.
func (t *Takeout) users(ctx context.Context, tx *db.Tx, after id.ID) (out []element.Row, last id.ID, err error) {
	c := t.citizens()
	c.and("p.id > ?", after.String())
	ids, err := idsOf(tx, "SELECT p.id FROM identity_person_v p WHERE "+c.sql()+" ORDER BY p.id LIMIT ?", append(c.args, page)...)
	if err != nil || len(ids) == 0 {
		return nil, id.Nil, err
	}
	accounts, err := t.s.People.Accounts(ctx, tx, ids...)
	if err != nil {
		return nil, id.Nil, err
	}
	told, err := t.s.People.Elements(ctx, tx, ids...)
	if err != nil {
		return nil, id.Nil, err
	}
	asked, err := t.s.Consult.Contacts(ctx, tx, ids...)
	if err != nil {
		return nil, id.Nil, err
	}
	before, err := t.linked(ctx, tx, ids)
	if err != nil {
		return nil, id.Nil, err
	}
	for _, i := range ids {
		a, ok := accounts[i]
		if !ok {
			continue
		}
		row := over(element.Row{"20102": a.UserName, "20107": element.Sources[0]}, before[i])
		row = over(row, asked[i])
		out = append(out, over(over(row, element.Row{"20101": a.Name, "20103": a.Phone}), told[i]))
	}
	return out, ids[len(ids)-1], nil
}

// linked are the imported rows of accounts.
func (t *Takeout) linked(ctx context.Context, tx *db.Tx, people []id.ID) (map[id.ID]element.Row, error) {
	out := map[id.ID]element.Row{}
	for _, i := range people {
		var rows []record
		c := t.rows(tx, false)
		c.and("r.person = ?", i.String())
		if err := tx.NewSelect().Model(&rows).Where(c.sql(), c.args...).OrderExpr("r.id DESC").Limit(1).Scan(tx.Ctx()); err != nil {
			return nil, err
		}
		values, err := t.s.values(ctx, tx, rows)
		if err != nil {
			return nil, err
		}
		if len(values) > 0 {
			out[i] = values[0]
		}
	}
	return out, nil
}

// lawyers gives a page of lawyers: what the platform knows, and what they told.
func (t *Takeout) lawyers(ctx context.Context, tx *db.Tx, after id.ID) ([]element.Row, id.ID, error) {
	ids, rows, err := t.s.Lawyers.Elements(ctx, tx, t.actor, "exchange.export", after, page)
	if err != nil || len(ids) == 0 {
		return nil, id.Nil, err
	}
	told, err := t.s.People.Elements(ctx, tx, ids...)
	if err != nil {
		return nil, id.Nil, err
	}
	for k, i := range ids {
		rows[k] = over(rows[k], told[i])
	}
	return rows, ids[len(ids)-1], nil
}

// rows is the condition of imported rows that the actor may take away. Those of
// users whose account he sees are a part of it there.
func (t *Takeout) rows(_ *db.Tx, alone bool) *condition {
	c := &condition{}
	byOrg, args := t.s.Rules.Visible(t.actor, "exchange.export", access.Columns{OrgPath: "r.path"})
	c.and(byOrg, args...)
	c.and(seen)
	c.and("r.kind = ?", string(t.Table))
	if t.Table == element.Orders {
		between(c, t.From, t.To)
	}
	if alone && t.Table == element.Users {
		person := t.citizens()
		c.and("r.person IS NULL OR NOT EXISTS (SELECT 1 FROM identity_person_v p WHERE p.id = r.person AND "+person.sql()+")", person.args...)
	}
	return c
}

// imported gives a page of imported rows, in the order of their files.
func (t *Takeout) imported(ctx context.Context, tx *db.Tx, after id.ID) ([]element.Row, id.ID, error) {
	c := t.rows(tx, true)
	if after != id.Nil {
		c.and("(r.import, r.n) > (SELECT import, n FROM exchange_record WHERE id = ?)", after.String())
	}
	var rows []record
	if err := tx.NewSelect().Model(&rows).Where(c.sql(), c.args...).OrderExpr("r.import, r.n").Limit(page).Scan(tx.Ctx()); err != nil || len(rows) == 0 {
		return nil, id.Nil, err
	}
	out, err := t.s.values(ctx, tx, rows)
	return out, rows[len(rows)-1].ID, err
}

func (t *Takeout) count(tx *db.Tx) (n int, err error) {
	switch t.Table {
	case element.Users:
		c := t.citizens()
		err = tx.Row("SELECT count(*) FROM identity_person_v p WHERE "+c.sql(), c.args...).Scan(&n)
	case element.Lawyers:
		n, err = t.s.Lawyers.CountElements(tx, t.actor, "exchange.export")
	case element.Orders:
		n, err = t.s.Consult.CountElements(tx, t.actor, "exchange.export", t.span(id.Nil))
	}
	if err != nil {
		return 0, err
	}
	c := t.rows(tx, true)
	more := 0
	err = tx.Row("SELECT count(*) FROM exchange_record r WHERE "+c.sql(), c.args...).Scan(&more)
	return n + more, err
}

func idsOf(tx *db.Tx, query string, args ...any) (out []id.ID, err error) {
	rows, err := tx.Rows(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		var i id.ID
		if err := rows.Scan(&i); err != nil {
			return nil, err
		}
		out = append(out, i)
	}
	return out, rows.Err()
}
