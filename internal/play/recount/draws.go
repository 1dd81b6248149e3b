package recount

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// The draws of quality samples, drawn again (B7.2.4a). Each night at two, whatever changed
// in a lawyer's month, the month is drawn from on top of what was drawn before: the
// answers of the month until then that count. A twentieth of those that were rated below
// satisfied by then, and a twentieth of the others, rounded up each; of the others those
// of each problem type, rated and not rated, by their part. Which orders these are is
// decided by a seed that the program publishes with the draw: it is made of the signed
// log, which no client sees whole, so it is read, and nothing else is. The seed of a draw
// by hand follows from what the inspector gave.

// share is how many per cent of the answers are inspected at least.
const share = 5

// candidate is an order that may be drawn.
type candidate struct {
	id, stratum string
	unhappy     bool
}

// candidates are a lawyer's answers in [from, to) that counted at an instant, with their
// ratings of then.
func (v view) candidates(lawyer string, from, to, at time.Time) (out []candidate) {
	for _, o := range v.orders {
		if o.answerer != lawyer || o.answered.IsZero() || !o.answered.Before(at) || o.answered.Before(from) || !o.answered.Before(to) || !o.countedAt(at) {
			continue
		}
		c := candidate{id: o.id, stratum: o.sent.Problem + "/unrated"}
		if o.level != "" && o.rated.Before(at) {
			if c.stratum, c.unhappy = o.sent.Problem+"/satisfied", !satisfied(o.level); c.unhappy {
				c.stratum = "unsatisfied"
			}
		}
		out = append(out, c)
	}
	return out
}

// lot is the place of a thing in a draw.
func lot(seed string, thing []byte) string {
	h := sha256.New()
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(seed))))
	h.Write([]byte(seed))
	h.Write(thing)
	return string(h.Sum(nil))
}

// draw draws the unhappy, then the others, and notes in had what was drawn.
func draw(seed string, from []candidate, had map[string]bool, percent int) (out []string) {
	for _, unhappy := range []bool{true, false} {
		var part []candidate
		for _, c := range from {
			if c.unhappy == unhappy {
				part = append(part, c)
			}
		}
		out = append(out, drawPart(seed, part, had, percent)...)
	}
	return out
}

// drawPart draws one after the other, each from the stratum that is furthest behind its
// part of the quota; the lot decides among equals and within a stratum.
func drawPart(seed string, part []candidate, had map[string]bool, percent int) (out []string) {
	size, taken, left, drawn := map[string]int{}, map[string]int{}, map[string][]string{}, 0
	for _, c := range part {
		size[c.stratum]++
		if had[c.id] {
			taken[c.stratum]++
			drawn++
		} else {
			left[c.stratum] = append(left[c.stratum], c.id)
		}
	}
	strata := make([]string, 0, len(size))
	for s := range size {
		strata = append(strata, s)
		slices.SortFunc(left[s], func(a, b string) int { return strings.Compare(lot(seed, bytesOf(a)), lot(seed, bytesOf(b))) })
	}
	slices.SortFunc(strata, func(a, b string) int { return strings.Compare(lot(seed, []byte(a)), lot(seed, []byte(b))) })
	quota := (len(part)*percent + 99) / 100
	for ; drawn < quota; drawn++ {
		next, most := "", 0
		for _, s := range strata {
			if behind := size[s]*quota - taken[s]*len(part); len(left[s]) > 0 && (next == "" || behind > most) {
				next, most = s, behind
			}
		}
		if next == "" {
			break
		}
		order := left[next][0]
		left[next], had[order] = left[next][1:], true
		taken[next]++
		out = append(out, order)
	}
	return out
}

// night is a draw of a lawyer's month.
type night struct {
	at         time.Time
	population int64
	orders     []string
}

// signing is how long a draw may wait for the log's signature: the program looks again
// each minute.
const signing = 5 * time.Minute

// nights are the draws of a lawyer's month until now in which anything was drawn. shown
// are those that the program published: of each night's its seed is taken, and how many
// minutes it waited for the signature.
func (v view) nights(lawyer string, month time.Time, shown []published) (out []night) {
	had := map[string]bool{}
	for two := month.Add(2 * time.Hour); !two.After(v.at); two = two.AddDate(0, 0, 1) {
		at, seed := two, ""
		for _, x := range shown {
			if waited := x.At.Sub(two); waited >= 0 && waited <= signing && waited%time.Minute == 0 {
				at, seed = x.At, x.Seed
			}
		}
		from := v.candidates(lawyer, month, month.AddDate(0, 1, 0), at)
		if orders := draw(seed, from, had, share); len(orders) > 0 {
			out = append(out, night{at, int64(len(from)), orders})
		}
	}
	return out
}

// published is a draw as it is shown.
type published struct {
	At     time.Time
	Seed   string
	Orders []string
}

// draws compares the draws of a lawyer's month, and that inspectors were told of these
// orders and of no others.
func (c *comparison) draws(v view, l look) error {
	month, err := time.ParseInLocation("2006-01", l.Day, china)
	if err != nil {
		return err
	}
	var shown struct {
		Items []published
	}
	if err := json.Unmarshal(l.Body, &shown); err != nil {
		return err
	}
	want := &listed{doc: doc{}}
	var orders, told []string
	for _, x := range shown.Items {
		orders = append(orders, x.Orders...)
	}
	lawyer := v.byID[l.Of]
	for _, n := range v.nights(lawyer, month, shown.Items) {
		at := want.row(instantOf(n.at))
		want.moment(at+".at", n.at)
		want.num(at+".percent", share)
		want.num(at+".population", n.population)
		want.text(at+".orders", strings.Join(n.orders, " "))
		want.truth(at+".same", true)
	}
	for _, s := range v.samples {
		if s.lawyer == lawyer && s.month == l.Day && s.drawn {
			told = append(told, s.order)
		}
	}
	slices.Sort(orders)
	slices.Sort(told)
	want.text("listed", strings.Join(told, " "))
	return c.list(l, want.done(), func(x map[string]any) string {
		at, _ := x["at"].(string)
		return at
	}, inOrder, func(page map[string]any) {
		if page["items"] != nil {
			page["listed"] = strings.Join(orders, " ")
		}
	})
}

// inOrder makes one text of the orders of a draw, so that their order is compared too.
func inOrder(x map[string]any) {
	all, ok := x["orders"].([]any)
	if !ok {
		return
	}
	var out []string
	for _, o := range all {
		s, _ := o.(string)
		out = append(out, s)
	}
	x["orders"] = strings.Join(out, " ")
}

// handDraw is a draw by hand, as it was sent.
type handDraw struct {
	id, who string
	at      time.Time
	sent    sent
	fresh   map[string]bool // orders that were not to be inspected before
}

// takeHandDraw notes a draw, and who was to be inspected before it.
func (w *world) takeHandDraw(e entry, s sent) {
	x := &handDraw{id: s.ID, who: e.Who, at: e.At, sent: s, fresh: map[string]bool{}}
	for id := range w.orders {
		x.fresh[id] = true
	}
	for _, q := range w.samples {
		delete(x.fresh, q.order)
	}
	w.handDraws = append(w.handDraws, x)
}

// byHandDraw finds why an order that nobody added is to be inspected.
func (w *world) byHandDraw(x *sample) {
	for _, h := range w.handDraws {
		if x.reason == "" && h.fresh[x.order] && x.at.Equal(h.at) {
			x.reason = h.sent.Reason
		}
	}
}

// byHand are the draws by hand.
func (v view) byHand() doc {
	l := &listed{doc: doc{}}
	for _, x := range v.handDraws {
		from, _ := time.ParseInLocation(time.DateOnly, x.sent.From, china)
		to, _ := time.ParseInLocation(time.DateOnly, x.sent.To, china)
		to = to.AddDate(0, 0, 1)
		sum := sha256.Sum256([]byte("mingfa quality draw by hand\n" + x.sent.Seed))
		seed := hex.EncodeToString(sum[:])
		all := v.candidates(v.byID[x.sent.Lawyer], from, to, x.at)
		orders, fresh := draw(seed, all, map[string]bool{}, x.sent.Percent), int64(0)
		for _, o := range orders {
			if x.fresh[o] {
				fresh++
			}
		}
		at := l.row(x.id)
		l.text(at+".lawyer", x.sent.Lawyer)
		l.moment(at+".at", x.at)
		l.text(at+".by", v.nameOf(x.who))
		l.text(at+".reason", x.sent.Reason)
		l.moment(at+".from", from)
		l.moment(at+".to", to)
		l.text(at+".given", x.sent.Seed)
		l.text(at+".seed", seed)
		l.num(at+".percent", int64(x.sent.Percent))
		l.num(at+".population", int64(len(all)))
		l.num(at+".fresh", fresh)
		l.text(at+".orders", strings.Join(orders, " "))
		l.truth(at+".same", true)
	}
	return l.done()
}

var drawFields = map[string][][2]string{
	"draws": {{"rows", "nights at two in which the month lacked a twentieth"}, {"at", "two o'clock, or a whole minute up to five later: it waits until the log is signed"}, {"percent", "a twentieth"},
		{"population", "answers of the month until then that counted then"},
		{"orders", "drawn again from these by the published seed: those below satisfied and the others by themselves, these by problem type and whether they were rated; in the order of the lot"},
		{"same", "drawn again: the same"}, {"listed", "the drawn orders that inspectors were told of, no more and no fewer"}},
	"hand_draws": {{"rows", "that were sent"}, {"at", "when that was acknowledged"}, {"by", "who sent it"}, {"reason", "as it was sent"}, {"lawyer", "as it was sent"},
		{"from", "the begin of the first day"}, {"to", "the end of the last"}, {"given", "as it was sent"}, {"seed", "SHA-256 of a line and the given one"}, {"percent", "as it was sent"},
		{"population", "his answers of the period until then that counted then"}, {"fresh", "of the drawn those that were not to be inspected before"},
		{"orders", "drawn again from these, in the order of the lot"}, {"same", "drawn again: the same"}},
}
