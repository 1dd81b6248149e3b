// Package recount computes a played day's figures from the log of the client
// side alone: what was sent, when, and what was acknowledged. It imports nothing
// of the house, so that a mistake there can't hide here.
//
// The formulas are those of the requirements' section 2, written again:
// participation = rated / completed, where a completed order is an answered one
// (no order of a play is excluded); satisfaction = satisfied / rated, satisfied
// being the two best levels (T7); an answer is in time when it came at most 120
// minutes after the question arrived (B6.2.1.1).
package recount

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"sort"
	"time"
)

// Figures of a day.
type Figures struct {
	Orders            int      `json:"orders"`
	Answered          int      `json:"answered"`
	AnsweredWithin120 int      `json:"answered_within_120min"`
	Breaches          int      `json:"breaches"`
	RefusedReplies    int      `json:"refused_replies"`
	Rated             int      `json:"rated"`
	Participation     string   `json:"participation"`
	Satisfaction      string   `json:"satisfaction"`
	NonSatisfied      int      `json:"non_satisfied"`
	CallbacksDue      int      `json:"callbacks_due"`
	CallbacksDone     int      `json:"callbacks_done"`
	Late              []string `json:"late"`     // orders answered after the limit, by ID
	Short             []string `json:"short"`    // orders with a reply refused as too short
	Baseless          []string `json:"baseless"` // orders with a reply refused for want of a basis
}

// limit is the longest an answer may take.
const limit = 120 * time.Minute

type entry struct {
	At     time.Time `json:"at"`
	Act    string    `json:"act"`
	Order  string    `json:"order"`
	Status int       `json:"status"`
	Fields []string  `json:"fields"`
	Level  string    `json:"level"`
}

type story struct {
	asked, answered time.Time
	level           string
	closed          bool
	short, baseless bool
}

// Count reads a log. A line that can't be read is an error: a log with holes
// proves nothing.
func Count(r io.Reader) (Figures, error) {
	orders := map[string]*story{}
	var f Figures
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 1<<20)
	for line := 1; sc.Scan(); line++ {
		var e entry
		if err := json.Unmarshal(sc.Bytes(), &e); err != nil {
			return f, fmt.Errorf("line %d of the log: %w", line, err)
		}
		s := orders[e.Order]
		if s == nil {
			s = &story{}
			orders[e.Order] = s
		}
		f.RefusedReplies += s.take(e)
	}
	if err := sc.Err(); err != nil {
		return f, err
	}
	for name, s := range orders {
		f.add(name, s)
	}
	for _, list := range [][]string{f.Late, f.Short, f.Baseless} {
		sort.Strings(list)
	}
	f.Participation, f.Satisfaction = rate(f.Rated, f.Answered), rate(f.Rated-f.NonSatisfied, f.Rated)
	return f, nil
}

// take adds an act to an order's story and tells how many replies it refused.
func (s *story) take(e entry) (refused int) {
	ok := e.Status/100 == 2
	switch {
	case e.Act == "ask" && ok && s.asked.IsZero():
		s.asked = e.At
	case e.Act == "answer" && ok && s.answered.IsZero():
		s.answered = e.At
	case e.Act == "answer" && e.Status == 422:
		refused = 1
		for _, code := range e.Fields {
			s.short = s.short || code == "consult.too_short"
			s.baseless = s.baseless || code == "consult.basis_missing"
		}
	case e.Act == "rate" && ok:
		s.level = e.Level
	case e.Act == "close" && ok:
		s.closed = true
	}
	return refused
}

func (f *Figures) add(name string, s *story) {
	if s.asked.IsZero() {
		return
	}
	f.Orders++
	late := true
	if !s.answered.IsZero() {
		f.Answered++
		late = s.answered.Sub(s.asked) > limit
	}
	if late {
		f.Breaches++
		f.Late = append(f.Late, name)
	} else {
		f.AnsweredWithin120++
	}
	if s.short {
		f.Short = append(f.Short, name)
	}
	if s.baseless {
		f.Baseless = append(f.Baseless, name)
	}
	f.rating(s)
}

func (f *Figures) rating(s *story) {
	if s.level == "" {
		return
	}
	f.Rated++
	if s.level == "very_satisfied" || s.level == "satisfied" {
		return
	}
	f.NonSatisfied++
	f.CallbacksDue++
	if s.closed {
		f.CallbacksDone++
	}
}

// rate is an exact ratio with two decimals; nothing of nothing is n/a (T6).
// Half a hundredth is rounded up.
func rate(num, den int) string {
	if den == 0 {
		return "n/a"
	}
	hundredths := (num*20000 + den) / (2 * den)
	return fmt.Sprintf("%d.%02d %%", hundredths/100, hundredths%100)
}
