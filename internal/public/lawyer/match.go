package lawyer

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
	"mingfa/internal/base/seal"
)

// Want is what an order needs.
type Want struct {
	Area     string // code of the problem type
	Region   string // six digits of GB/T 2260
	Language string
	Not      []id.ID // lawyers who had it and passed it on, or never answer
	First    bool    // nobody has the order yet: its lawyer is the only one that changes
}

// Candidate is the lawyer found.
type Candidate struct {
	ID  id.ID
	Org id.ID

	card Card
	name seal.Row
}

// Stage says how far the wish was cut down until somebody fitted.
type Stage string

// The stages, in order.
const (
	Whole     Stage = "whole"      // area and region fit
	AnyRegion Stage = "any_region" // only the area fits
	AnyArea   Stage = "any_area"   // neither; he speaks the language
	Chosen    Stage = "chosen"     // operations named him
)

// Reason is why a lawyer was given an order (B5.2.2). It is kept as data.
type Reason struct {
	Stage     Stage  `json:"stage"`
	Status    Status `json:"status"`              // his at that moment
	Load      int    `json:"load"`                // open orders he had before this one
	Rated     int    `json:"rated"`               // ratings he had
	Satisfied int    `json:"satisfied"`           // of them satisfied
	IdleMs    int64  `json:"idle_ms,omitempty"`   // since his last order; 0 for never had one
	PassedBy  int    `json:"passed_by,omitempty"` // lawyers who were left out (Want.Not)
}

// Text tells the reason in a language.
func (r Reason) Text(lang string) string {
	return say.Text(lang, "lawyer.match_"+string(r.Stage), map[string]any{
		"load": r.Load, "passed": r.PassedBy})
}

// ErrNobody says that nobody on duty speaks the language (or all were left
// out): the order waits.
var ErrNobody = errors.New("no lawyer on duty fits")

// stages are the wishes in the order in which they are cut down.
var stages = []struct {
	stage        Stage
	area, region bool
}{{Whole, true, true}, {AnyRegion, true, false}, {AnyArea, false, false}}

// Match finds the lawyer for an order, or ErrNobody. It changes nothing: Taken
// does. The index lawyer_profile_match gives the lawyers best first, so the
// first that fits ends the search.
//
// Orders that come at the same moment see the same best lawyer and would wait in
// a row for his row, so a First order passes over one that is being given
// another at this moment, if there is somebody else. It is not done when an
// order changes hands: that changes two lawyers, whom Handed takes in a fixed
// order.
func Match(tx *db.Tx, w Want) (Candidate, Reason, error) {
	for _, status := range []Status{Online, Busy} {
		for _, s := range stages {
			q := search{where: []string{"status = ?"}, args: []any{string(status)}}
			q.holds("languages", w.Language)
			if s.area {
				q.holds("areas", w.Area, Any)
			}
			if s.region {
				q.holds("regions", levels(w.Region)...)
			}
			q.without(w.Not)
			c, r, err := q.best(tx, w.First)
			if err == nil {
				r.Stage, r.Status, r.PassedBy = s.stage, status, len(w.Not)
			}
			if !errors.Is(err, ErrNobody) {
				return c, r, err
			}
		}
	}
	return Candidate{}, Reason{}, ErrNobody
}

// OnDuty tells whether any lawyer can be given an order now.
func OnDuty(tx *db.Tx) (some bool, err error) {
	err = tx.Row(`SELECT EXISTS (SELECT 1 FROM lawyer_profile WHERE status IN (?, ?))`, string(Online), string(Busy)).Scan(&some)
	return some, err
}

// ByStatus counts the lawyers of the organisations below a path.
func ByStatus(tx *db.Tx, path string) (map[Status]int64, error) {
	rows, err := tx.Rows("SELECT status, count(*) FROM lawyer_profile WHERE substr(path, 1, ?) = ? GROUP BY status", len(path), path)
	if err != nil {
		return nil, fmt.Errorf("count lawyers: %w", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	out := map[Status]int64{}
	for rows.Next() {
		var s Status
		var n int64
		if err := rows.Scan(&s, &n); err != nil {
			return nil, err
		}
		out[s] = n
	}
	return out, rows.Err()
}

// Serving tells whether anybody on duty serves a region, or one above it.
func Serving(tx *db.Tx, region string) (some bool, err error) {
	q := search{where: []string{"status IN (?, ?)"}, args: []any{string(Online), string(Busy)}}
	q.holds("regions", levels(region)...)
	err = tx.Row("SELECT EXISTS (SELECT 1 FROM lawyer_profile WHERE "+strings.Join(q.where, " AND ")+")", q.args...).Scan(&some)
	return some, err
}

// search is a query for the best lawyer under conditions.
type search struct {
	where []string
	args  []any
}

// holds asks that a list of codes has one of these.
func (q *search) holds(column string, codes ...string) {
	var any []string
	for _, c := range codes {
		any = append(any, column+` LIKE ? ESCAPE '!'`)
		q.args = append(q.args, "% "+strings.NewReplacer("!", "!!", "_", "!_", "%", "!%").Replace(c)+" %")
	}
	q.where = append(q.where, "("+strings.Join(any, " OR ")+")")
}

func (q *search) without(lawyers []id.ID) {
	for _, l := range lawyers {
		q.where, q.args = append(q.where, "p.id <> ?"), append(q.args, l.String())
	}
}

// crowd is among how many of the best an order is given by chance when all who
// fit are being given others.
const crowd = 8

// best is the lawyer who fits best; with free, if possible one who is not being
// given an order at this moment. If all are, one of the best: at the very best,
// all who come would wait in one row.
func (q *search) best(tx *db.Tx, free bool) (Candidate, Reason, error) {
	if !free || !tx.Postgres() {
		return q.first(tx, "LIMIT 1")
	}
	c, r, err := q.first(tx, "LIMIT 1 FOR NO KEY UPDATE OF p SKIP LOCKED")
	if errors.Is(err, ErrNobody) {
		return q.first(tx, "LIMIT ?", crowd)
	}
	return c, r, err
}

// first is the best lawyer, or one of the best.
func (q *search) first(tx *db.Tx, limit string, args ...any) (c Candidate, r Reason, err error) {
	rows, err := tx.Rows(`SELECT p.id, p.org, load, rated, satisfied, served_at, p.nickname, p.firm, p.name, t.org, t.key, t.box
		FROM lawyer_profile p LEFT JOIN seal_text_v t ON t.id = p.name WHERE `+strings.Join(q.where, " AND ")+
		` ORDER BY load, poor, served_at, p.id `+limit, append(slices.Clone(q.args), args...)...)
	if err != nil {
		return c, r, fmt.Errorf("match a lawyer: %w", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var served db.Time
	n := 0
	for ; rows.Next(); n++ {
		if rand.IntN(n+1) > 0 { // each is taken with the same chance
			continue
		}
		err := rows.Scan(&c.ID, &c.Org, &r.Load, &r.Rated, &r.Satisfied, &served, &c.card.Nickname, &c.card.Firm, &c.name.ID, &c.name.Org, &c.name.Key, &c.name.Box)
		if err != nil {
			return c, r, fmt.Errorf("match a lawyer: %w", err)
		}
	}
	if err := rows.Err(); err != nil {
		return c, r, fmt.Errorf("match a lawyer: %w", err)
	}
	if n == 0 {
		return c, r, ErrNobody
	}
	r.IdleMs = idle(tx.Now(), served.Time)
	return c, r, nil
}

// Pick gives the reason for a lawyer whom operations named. He must be there;
// his status is his own, the decision is theirs.
func Pick(tx *db.Tx, lawyer id.ID) (Candidate, Reason, error) {
	p, err := load(tx, lawyer)
	if err != nil {
		return Candidate{}, Reason{}, err
	}
	return Candidate{ID: p.ID, Org: p.Org}, Reason{Stage: Chosen, Status: p.Status, Load: p.Load,
		Rated: p.Rated, Satisfied: p.Satisfied, IdleMs: idle(tx.Now(), p.ServedAt)}, nil
}

func idle(now, served time.Time) int64 {
	if served.UnixMilli() <= 0 {
		return 0
	}
	return now.Sub(served).Milliseconds()
}

// levels gives the codes that serve a county: its own, its city's, its
// province's, and Any.
func levels(region string) []string {
	if len(region) != 6 {
		return []string{region, Any}
	}
	return []string{region, region[:4] + "00", region[:2] + "0000", Any}
}
