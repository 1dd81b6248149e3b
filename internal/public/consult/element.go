package consult

import (
	"context"
	"encoding/base32"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"mingfa/internal/base/db"
	"mingfa/internal/base/element"
	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
)

// Price is what a public consultation costs (BB.20506): nothing, in minor units
// and currency.
const Price = "0 CNY"

// ServicePeriod is the service period of a message order (BB.20511): the limit of the
// answer as an ISO 8601 duration.
const ServicePeriod = "PT120M"

// Description is what element BB.20504 holds of a question: its first 512
// characters; the message holds all of it.
func Description(question string) string {
	if r := []rune(question); len(r) > 512 {
		return string(r[:512])
	}
	return question
}

// crockford has no I, L, O and U: what is read out on the telephone is not
// mistaken.
var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// ShortID gives the 16 characters by which element BB.20510 names a lawyer: 80
// bits of his ID.
func ShortID(person id.ID) string { return crockford.EncodeToString(person[6:16]) }

// Span narrows the orders of an export.
type Span struct {
	From, To time.Time // asked in [From, To); zero: from the first, to the last
	After    id.ID     // the last order of the page before
	Limit    int
}

// where is the condition of the orders that the actor may take away. Orders of
// erased persons are none: nothing is left of them that could be given.
func (s *Service) where(a who.Actor, verb string, sp Span) (cond string, args []any) {
	cond, args = s.Rules.Visible(a, verb, access.Columns{OrgPath: "o.path"})
	days, more := sp.days()
	return cond + " AND NOT EXISTS (SELECT 1 FROM identity_person_v p WHERE p.id = o.citizen AND p.erased_at IS NOT NULL)" + days, append(args, more...)
}

func (sp Span) days() (cond string, args []any) {
	if !sp.From.IsZero() {
		cond, args = cond+" AND o.asked_at >= ?", append(args, sp.From.UnixMilli())
	}
	if !sp.To.IsZero() {
		cond, args = cond+" AND o.asked_at < ?", append(args, sp.To.UnixMilli())
	}
	return cond, args
}

// CountElements is how many orders Elements gives, all pages together: all, less those
// of erased persons, who are few. To ask of each of a million orders whether its citizen
// is erased takes longer than a look may. Both counts read indexes alone; CROSS JOIN
// tells SQLite where to begin.
func (s *Service) CountElements(tx *db.Tx, a who.Actor, verb string, sp Span) (n int, err error) {
	byOrg, args := s.Rules.Visible(a, verb, access.Columns{OrgPath: "g.path"})
	byOrder, more := s.Rules.Visible(a, verb, access.Columns{OrgPath: "o.path"})
	days, span := sp.days()
	err = tx.Row("SELECT (SELECT count(*) FROM identity_org_v g CROSS JOIN consult_order o WHERE o.org = g.id AND "+byOrg+days+
		") - (SELECT count(*) FROM identity_person_v p CROSS JOIN consult_order o WHERE o.citizen = p.id AND p.erased_at IS NOT NULL AND "+byOrder+days+")",
		slices.Concat(args, span, more, span)...).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count orders for an export: %w", err)
	}
	return n, nil
}

// Elements gives a page of orders as Appendix B.5 describes them, oldest first,
// of those for which the actor may verb, and the last order's ID for the next
// page.
func (s *Service) Elements(ctx context.Context, tx *db.Tx, a who.Actor, verb string, sp Span) (out []element.Row, last id.ID, err error) {
	cond, args := s.where(a, verb, sp)
	var rows []Order
	q := tx.NewSelect().Model(&rows).Where(cond, args...)
	if sp.After != id.Nil {
		q = q.Where("(o.asked_at, o.id) > (SELECT asked_at, id FROM consult_order WHERE id = ?)", sp.After)
	}
	if err := q.OrderExpr("o.asked_at, o.id").Limit(int64(sp.Limit)).Scan(tx.Ctx()); err != nil {
		return nil, id.Nil, fmt.Errorf("list orders for an export: %w", err)
	}
	var words []id.ID
	for _, o := range rows {
		words = append(words, o.Title, o.Question, o.Name, o.Phone, o.Email, o.Relay, o.Remark)
	}
	texts, err := s.Keys.Read(ctx, tx, words...)
	if err != nil {
		return nil, id.Nil, err
	}
	for i := range rows {
		if last = rows[i].ID; !texts[rows[i].Question].Erased {
			out = append(out, rows[i].elements(texts))
		}
	}
	return out, last, nil
}

// elements are BB.20501 to BB.20515 of an order.
func (o *Order) elements(texts map[id.ID]seal.Text) element.Row {
	r := element.Row{
		"20501": texts[o.Title].Plain, "20502": element.At(o.AskedAt.Time), "20503": o.Problem + " " + TypeName(say.Hans, o.Problem),
		"20504": Description(texts[o.Question].Plain), "20505": string(o.State), "20506": Price, "20507": texts[o.Name].Plain,
		"20508": texts[o.Phone].Plain, "20509": texts[o.Relay].Plain, "20511": ServicePeriod, "20513": texts[o.Email].Plain,
		"20514": texts[o.Remark].Plain, "20515": o.Source,
	}
	if o.Lawyer != id.Nil {
		r["20510"] = ShortID(o.Lawyer)
	}
	return r
}

// Contacts are what citizens gave in their newest orders, for the elements of
// users that their accounts don't hold: name, e-mail and where they came from
// first.
func (s *Service) Contacts(ctx context.Context, tx *db.Tx, citizens ...id.ID) (map[id.ID]element.Row, error) {
	out := map[id.ID]element.Row{}
	if len(citizens) == 0 {
		return out, nil
	}
	var rows []Order
	err := tx.NewSelect().Model(&rows).Column("citizen", "name", "email", "source").
		Where("o.citizen IN (?)", bun.List(citizens)).OrderExpr("o.asked_at, o.id").Scan(tx.Ctx())
	if err != nil {
		return nil, fmt.Errorf("find what citizens gave: %w", err)
	}
	newest, first := map[id.ID]Order{}, map[id.ID]string{}
	for _, o := range rows {
		if newest[o.Citizen] = o; first[o.Citizen] == "" {
			first[o.Citizen] = o.Source
		}
	}
	var words []id.ID
	for _, o := range newest {
		words = append(words, o.Name, o.Email)
	}
	texts, err := s.Keys.Read(ctx, tx, words...)
	for citizen, o := range newest {
		out[citizen] = element.Row{"20101": texts[o.Name].Plain, "20104": texts[o.Email].Plain, "20107": first[citizen]}
	}
	return out, err
}
