// Package recount computes a played day's figures from the log of the client
// side alone: what was sent, when, and what was acknowledged. It imports nothing
// of the house, so that a mistake there can't hide here.
//
// The formulas are those of the requirements' section 2, written again:
// participation = rated / completed, where a completed order is an answered one;
// satisfaction = satisfied / rated, satisfied being the two best levels (T7); an
// answer is in time when it came at most 120 minutes after the question arrived
// (B6.2.1.1); what is excluded is counted by its reason and nowhere else (T9).
//
// Count gives the day's main figures. Compare goes further: it takes every answer
// in which the program showed figures while it was played (the looks), makes each
// of them anew from the part of the log before it, and names what differs: the live
// board (board.go), the daily report of each office in each format and the day's
// live figures (report.go), what lawyers see of themselves (own.go), their load and
// error rates (staff.go), the warnings (alarms.go), the lists that figures open and that
// people work from (lists.go), the ledgers of call-backs and complaints (ledger.go),
// the exports of Appendix B (element.go), draws, drawn again (draws.go), inspected orders
// (samples.go), orders and what happened to them (opened.go, history.go), files that were
// brought in and the archive (imports.go).
// What a look holds and the recount has no rule for is a difference too, so that no
// new figure is forgotten. Table tells the rules in words, and the few things that
// no client can know, with the reason.
//
// Files: world.go and acts.go (what the log tells), tally.go (counting), doc.go and
// sheet.go and pdf.go (reading looks), compare.go and places.go, table.go.
package recount

import (
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

// Count reads a log. A line that can't be read is an error: a log with holes
// proves nothing. Orders that stay excluded are none; who was never answered is
// late in the end.
func Count(r io.Reader) (f Figures, err error) {
	lines, err := readLog(r)
	if err != nil {
		return f, err
	}
	w := newWorld()
	for _, e := range lines {
		if err := w.take(e); err != nil {
			return f, err
		}
	}
	var list []*order
	short, baseless := map[string]bool{}, map[string]bool{}
	for _, o := range w.orders {
		list = append(list, o)
	}
	for _, e := range lines {
		if o := w.orders[e.Order]; o == nil || e.Act != "answer" || e.Status != 422 {
			continue
		}
		f.RefusedReplies++
		for _, code := range e.Fields {
			short[e.Order] = short[e.Order] || code == "consult.too_short"
			baseless[e.Order] = baseless[e.Order] || code == "consult.basis_missing"
		}
	}
	f.total(list, short, baseless)
	return f, nil
}

// end is after everything: whoever was not answered by then never is.
var end = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

func (f *Figures) total(list []*order, short, baseless map[string]bool) {
	t := sum(list, end)
	n := func(name string) int { return int(t[name]) }
	f.Orders, f.Answered, f.AnsweredWithin120, f.Breaches = n("consultations"), n("answered"), n("in_time"), n("breaches")
	f.Rated, f.NonSatisfied, f.CallbacksDue, f.CallbacksDone = n("rated"), n("non_satisfied"), n("non_satisfied"), n("calls_done")
	f.Participation, f.Satisfaction = ratio(t["rated"], t["answered"]), ratio(t["satisfied"], t["rated"])
	for _, o := range list {
		for _, x := range []struct {
			yes  bool
			into *[]string
		}{{o.counts(end)["breaches"] > 0, &f.Late}, {short[o.id], &f.Short}, {baseless[o.id], &f.Baseless}} {
			if x.yes {
				*x.into = append(*x.into, o.id)
			}
		}
	}
	for _, l := range [][]string{f.Late, f.Short, f.Baseless} {
		sort.Strings(l)
	}
}

// ratio is an exact ratio with two decimals; nothing of nothing is n/a (T6).
// Half a hundredth is rounded up.
func ratio(num, den int64) string {
	if den == 0 {
		return "n/a"
	}
	hundredths := (num*20000 + den) / (2 * den)
	return fmt.Sprintf("%d.%02d %%", hundredths/100, hundredths%100)
}
