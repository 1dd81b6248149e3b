package consult

import (
	"context"
	"fmt"
	"time"

	"mingfa/internal/base/attach"
	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/who"
)

// What the quality check (质检, public/quality) is given: the answered orders of
// a lawyer as the facts tell them, and one order without the citizen's contact
// data.

// Reply names an answered order for the quality check.
type Reply struct {
	Order, Org, Lawyer, Citizen id.ID
	Key                         id.ID // under which what is said of it is sealed
	Path                        string
	Number                      string
	Problem                     string
	AnsweredAt                  time.Time
	Rated                       Rating // "" while not rated
	Excluded                    bool   // not counted (T9)
}

const selectReply = `SELECT o.id, o.org, a.lawyer, o.citizen, o.key, o.path, o.number, o.problem, a.at, coalesce(o.rating, ''), o.state = 'excluded'
	FROM consult_answer a JOIN consult_order o ON o.id = a.id `

// ReplyOf is an answered order as it is now; absent where nobody answered yet.
func ReplyOf(tx *db.Tx, order id.ID) (Reply, error) {
	return replyOf(tx, selectReply+"WHERE a.id = ?", order)
}

// HoldReply is ReplyOf of an order that nobody changes until the transaction ends.
func HoldReply(tx *db.Tx, order id.ID) (Reply, error) {
	query := selectReply + "WHERE a.id = ?"
	if tx.Postgres() {
		query += " FOR SHARE OF o"
	}
	return replyOf(tx, query, order)
}

func replyOf(tx *db.Tx, query string, order id.ID) (r Reply, err error) {
	list, err := replies(tx, query, order.String())
	if err != nil {
		return r, err
	}
	if len(list) == 0 {
		return r, fault.NotThere()
	}
	return list[0], nil
}

// Replies are the orders that a lawyer answered in [from, to), in the order of
// their IDs, as the facts with leaf < below tell them: rating and exclusion too.
// So whoever asks again with the same leaf gets the same (B7.2.4a).
func Replies(tx *db.Tx, lawyer id.ID, from, to time.Time, below int64) ([]Reply, error) {
	rows, err := replies(tx, selectReply+"WHERE a.lawyer = ? AND a.at >= ? AND a.at < ? ORDER BY a.id", lawyer.String(), from.UnixMilli(), to.UnixMilli())
	if err != nil {
		return nil, err
	}
	byOrg := map[id.ID][]id.ID{}
	for _, r := range rows {
		byOrg[r.Org] = append(byOrg[r.Org], r.Order)
	}
	told := map[id.ID]*Reply{}
	for org, orders := range byOrg {
		facts, err := journal.ByRoots(tx, org, orders, []string{"consult.answered", "consult.rated", "consult.excluded", "consult.included"}, below)
		if err != nil {
			return nil, err
		}
		for _, f := range facts {
			if err := tell(told, f); err != nil {
				return nil, err
			}
		}
	}
	var out []Reply
	for _, r := range rows {
		if t := told[r.Order]; t != nil && !t.AnsweredAt.IsZero() {
			r.Rated, r.Excluded = t.Rated, t.Excluded
			out = append(out, r)
		}
	}
	return out, nil
}

// tell notes what one fact says of an order.
func tell(told map[id.ID]*Reply, f journal.Fact) error {
	if told[f.Root] == nil {
		told[f.Root] = &Reply{}
	}
	switch t := told[f.Root]; f.Kind {
	case "consult.answered":
		t.AnsweredAt = f.At
	case "consult.excluded":
		t.Excluded = true
	case "consult.included":
		t.Excluded = false
	case "consult.rated":
		var e RatedFact
		if err := f.Decode(&e); err != nil {
			return err
		}
		t.Rated = e.Level
	}
	return nil
}

func replies(tx *db.Tx, query string, args ...any) (out []Reply, err error) {
	rows, err := tx.Rows(query, args...)
	if err != nil {
		return nil, fmt.Errorf("list answered orders: %w", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		var r Reply
		var at db.Time
		if err := rows.Scan(&r.Order, &r.Org, &r.Lawyer, &r.Citizen, &r.Key, &r.Path, &r.Number, &r.Problem, &at, &r.Rated, &r.Excluded); err != nil {
			return nil, fmt.Errorf("list answered orders: %w", err)
		}
		r.AnsweredAt = at.Time
		out = append(out, r)
	}
	return out, rows.Err()
}

// Satisfaction counts the ratings that a lawyer got from an instant on, and how
// many of them were satisfied (T7); orders left out (T9) don't count.
func Satisfaction(tx *db.Tx, lawyer id.ID, from time.Time) (rated, satisfied int, err error) {
	err = tx.Row(`SELECT count(*), coalesce(sum(CASE WHEN rating IN ('very_satisfied', 'satisfied') THEN 1 ELSE 0 END), 0) FROM consult_order
		WHERE lawyer = ? AND rated_at >= ? AND state <> 'excluded'`, lawyer.String(), from.UnixMilli()).Scan(&rated, &satisfied)
	return rated, satisfied, err
}

// Line is a message of an inspected order.
type Line struct {
	Role Role      `json:"role"`
	At   time.Time `json:"at"`
	Text string    `json:"text"`

	Attachments []attach.AttachmentJSON `json:"attachments"`
}

// Inspected is an order as the quality check sees it: what was asked and said,
// without name, phone and e-mail of the citizen.
type Inspected struct {
	Number     string
	Problem    string
	Language   string
	RegionName string
	Title      string
	Question   string
	Comment    string // beside the rating
	Draft      Draft
	Own        int    // own characters of the lawyer (B6.2.1.2b)
	Known      []bool // citation by citation: found in the loaded statutes
	Templates  Templates
	Messages   []Line

	QuestionFiles, AnswerFiles []attach.AttachmentJSON // what was sent beside them

	Rated      Rating
	AskedAt    time.Time
	AnsweredAt time.Time
	Breach     bool // answered after more than 120 minutes
	Erased     bool // nothing of it can be read any more
}

// Inspect shows an answered order for a quality check. Who may, is decided by
// the caller.
func (s *Service) Inspect(ctx context.Context, tx *db.Tx, order id.ID, language string) (Inspected, error) {
	o, err := load(tx, order)
	if err != nil {
		return Inspected{}, err
	}
	v, err := s.open(ctx, tx, who.Actor{}, o, language)
	if err != nil {
		return Inspected{}, err
	}
	x := Inspected{Number: o.Number, Problem: o.Problem, Language: o.Language, RegionName: v.RegionName, Title: v.plain(o.Title),
		Question: v.plain(o.Question), Comment: v.plain(o.Comment), Draft: v.Draft, Templates: v.Templates, Rated: o.Rating,
		AskedAt: o.AskedAt.Time, AnsweredAt: o.AnsweredAt.Time, Breach: o.Breach, Erased: v.Erased}
	if v.Answer != nil {
		x.Own, x.Known = v.Answer.Own, v.Answer.Known
	}
	x.QuestionFiles, x.AnswerFiles = shared(v.files(InQuestion, id.Nil)), shared(v.files(InAnswer, id.Nil))
	for _, m := range v.Messages {
		x.Messages = append(x.Messages, Line{m.Role, m.At.Time, v.plain(m.Words), shared(v.files(InMessage, m.ID))})
	}
	return x, nil
}
