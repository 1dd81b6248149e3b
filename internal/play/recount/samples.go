package recount

import (
	"slices"
	"time"
	"unicode"
)

// Inspected orders one by one: the inspectors' list, what a lawyer sees of his own, and
// one of them with its cards.

// disputeDays is how many working days a lawyer has to dispute, and a further check.
const disputeDays = 5

// workdays is the end of the nth working day after a moment (T2).
func workdays(t time.Time, n int) time.Time {
	for range n {
		t = nextWorkdayEnd(t)
	}
	return t
}

// card is a score card that was sent.
type card struct {
	who  string
	at   time.Time
	sent sent
}

// stands tells where a sample stands.
func (s *sample) stands() string {
	if s.void {
		return "void"
	}
	return s.state
}

// sample writes what a list says of one. at is its path, with the point.
func (v view) sample(d doc, at string, s *sample) {
	o, state := v.orders[s.order], s.stands()
	d.text(at+"order", s.order)
	d.num(at+"rev", s.rev)
	d.text(at+"number", o.number)
	d.text(at+"problem_type", o.sent.Problem)
	d.text(at+"problem", v.types[o.sent.Problem])
	d.text(at+"month", o.answered.In(china).Format("2006-01"))
	if p := v.people[o.answerer]; p != nil {
		d.text(at+"lawyer.id", p.id)
	}
	d.truth(at+"drawn", s.drawn)
	d.text(at+"state", state)
	d.moment(at+"sampled_at", s.at)
	d.moment(at+"due_at", s.due)
	if state == "checked" || state == "final" {
		d.truth(at+"result.fatal", s.fatal)
		d.truth(at+"result.minor", s.minor)
		d.truth(at+"result.final", state == "final")
	}
}

// sampled is the list of a month: of an inspector, or of a lawyer's own that have a
// result or had one.
func (v view) sampled(month, lawyer string) doc {
	l := &listed{doc: doc{}}
	for id, s := range v.samples {
		o := v.orders[s.order]
		if s.month != month || o == nil || lawyer == "" && !v.mine(o.sent.Region) {
			continue
		}
		if lawyer != "" && (s.lawyer != lawyer || s.void || s.state == "open") {
			continue
		}
		v.sample(l.doc, l.row(id)+".", s)
	}
	return l.done()
}

// inspectedOrder is one with its cards, as an inspector sees it: others' cards, and the
// words of a dispute, only when the result is final.
func (v view) inspectedOrder(id, reader string) doc {
	d, s := doc{}, v.samples[id]
	if s == nil || v.orders[s.order] == nil {
		return d
	}
	o := v.orders[s.order]
	v.sample(d, "", s)
	d.moment("reply.asked_at", o.asked)
	d.moment("reply.answered_at", o.answered)
	d.truth("reply.late", o.answered.Sub(o.asked) > limit)
	d.text("reply.question", o.sent.Question)
	d.text("reply.title", title(o.sent.Question))
	d.text("reply.answer.text", o.reply.Text)
	d.text("reply.answer.judgement", o.reply.Judgement)
	d.num("reply.own_length", ownLength(o.reply.Text))
	d.some("reply.rating", o.level)
	d.some("reply.comment", o.comment)
	known := s.stands() == "final"
	for i, c := range s.cards {
		if c.who != reader && !known {
			continue
		}
		at := "checks[" + instantOf(c.at) + "]."
		d.num(at+"round", int64(i+1))
		d.moment(at+"at", c.at)
		d.text(at+"by", v.people[c.who].id)
		d.text(at+"summary", c.sent.Summary)
		n := [2]int64{}
		for k, m := range c.sent.Marks {
			d.text(at+"marks["+string(rune('0'+k))+"].item", m.Item)
			d.some(at+"marks["+string(rune('0'+k))+"].note", m.Note)
			if slices.Contains(fatal, m.Item) {
				n[0]++
			} else {
				n[1]++
			}
		}
		d.num(at+"fatal", n[0])
		d.num(at+"minor", n[1])
	}
	d.some("reason", s.reason)
	if known {
		d.some("dispute", s.words)
	}
	return d
}

// ownLength counts a lawyer's own words (T8): Han characters, and words of other letters
// and digits. The play pastes no uniform text into an answer.
func ownLength(text string) (n int64) {
	word := false
	for _, r := range text {
		han := unicode.Is(unicode.Han, r)
		in := !han && (unicode.IsLetter(r) || unicode.IsDigit(r))
		if han || in && !word {
			n++
		}
		word = in
	}
	return n
}

var sampleFields = [][2]string{{"order", "as inspectors were told"}, {"rev", "drawn or added, checked, disputed: one each"}, {"number", "of the order"}, {"problem_type", "as it was sent"},
	{"problem", "its name"}, {"month", "of the answer, in China"}, {"lawyer", "who answered"}, {"drawn", "as inspectors were told; the draws are drawn again"}, {"state", "by what was acknowledged"},
	{"sampled_at", "as inspectors were told"}, {"due_at", "the end of the fifth working day after the card or the dispute"}, {"result", "of the standing card, by the items it marks"}}

var cardFields = [][2]string{{"asked_at", "when that was acknowledged"}, {"answered_at", "when that was acknowledged"}, {"late", "more than 120:00.000 after the question"},
	{"question", "as it was sent"}, {"title", "the beginning of the question"}, {"answer", "as it was sent"}, {"rating", "as it was sent"}, {"comment", "as it was sent"}, {"own_length", "Han characters and words of the answer"},
	{"round", "in the order in which they were acknowledged"}, {"at", "when it was acknowledged"}, {"by", "who sent it"}, {"item", "as it was sent"}, {"note", "as it was sent"},
	{"summary", "as it was sent"}, {"fatal", "items of the card that are fatal"}, {"minor", "the others"}, {"reason", "as it was sent"}, {"dispute", "as it was sent; when the result is final"}}
