package recount

import (
	"path"
	"strconv"
	"strings"
	"time"
)

// One order, as operators open it: what was asked, answered and said, by whom and when.

// spoken is a message after the answer.
type spoken struct {
	at   time.Time
	role string
	sent sent
}

// handover is a lawyer who passed the order on.
type handover struct {
	at   time.Time
	who  string
	sent sent
}

// keep notes what an order shows of an act.
func (o *order) keep(e entry, s sent) {
	switch e.Act {
	case "read":
		if o.read.IsZero() {
			o.read = e.At
		}
	case "message":
		role := "lawyer"
		if e.Who == o.citizen {
			role = "citizen"
		}
		o.talk = append(o.talk, spoken{e.At, role, s})
	case "pass":
		o.handed = append(o.handed, handover{e.At, e.Who, s})
	case "rate", "close":
		if o.waits.IsZero() && o.ended.IsZero() && (e.Act == "close" || satisfied(e.Level)) {
			o.ended = e.At
		}
	}
}

// order is what an operator sees of one.
func (v view) order(id string) doc {
	d, o := doc{}, v.orders[id]
	if o == nil {
		return d
	}
	d.text("number", o.number)
	d.text("title", title(o.sent.Question))
	d.text("state", o.where())
	d.text("region.code", o.sent.Region)
	d.text("problem_type.code", o.sent.Problem)
	d.text("problem_type.name", v.types[o.sent.Problem])
	d.text("language", o.sent.Language)
	d.text("question", o.sent.Question)
	d.text("source", o.sent.Source)
	d.text("contact.name", o.sent.Contact.Name)
	d.text("contact.phone_masked", v.phoneOf(o.citizen, false))
	for name, t := range map[string]time.Time{"asked_at": o.asked, "answer_by": o.asked.Add(limit), "answered_at": o.answered, "read_at": o.read, "closed_at": o.ended} {
		d.moment(name, t)
	}
	if p := v.people[o.lawyer]; p != nil {
		d.text("lawyer.id", p.id)
	}
	late := o.answered.Sub(o.asked) > limit
	if o.answered.IsZero() {
		late = o.excluded == "" && v.at.Sub(o.asked) > limit
	}
	d.truth("breach", late)
	v.attached(d, "attachments", o.sent)
	for i, m := range o.talk {
		at := "messages[" + instantOf(m.at) + "]."
		d.num(at+"n", int64(i+1))
		d.text(at+"role", m.role)
		d.text(at+"text", m.sent.Text)
		d.moment(at+"at", m.at)
		v.attached(d, at+"attachments", m.sent)
	}
	for _, h := range o.handed {
		at := "handovers[" + instantOf(h.at) + "]."
		d.moment(at+"at", h.at)
		d.text(at+"from", v.nameOf(h.who))
		d.text(at+"summary", h.sent.Summary)
	}
	v.answered(d, o)
	v.after(d, o)
	return d
}

// answered writes the answer.
func (v view) answered(d doc, o *order) {
	if o.answered.IsZero() {
		return
	}
	d.moment("answer.at", o.answered)
	d.text("answer.text", o.reply.Text)
	d.text("answer.judgement", o.reply.Judgement)
	d.some("answer.no_basis_reason", o.reply.NoBasis)
	for i, b := range o.reply.Basis {
		at := "answer.basis[" + strconv.Itoa(i) + "]."
		d.text(at+"law", b.Law)
		d.text(at+"article", b.Article)
	}
	for _, s := range o.reply.Advice {
		d.text("answer.advice["+s+"]", s)
	}
	v.attached(d, "answer.attachments", o.reply)
}

// after writes what followed: rating, call-back, exclusion, a clock that runs.
func (v view) after(d doc, o *order) {
	if o.level != "" {
		d.text("rating.level", o.level)
		d.some("rating.comment", o.comment)
		d.moment("rating.at", o.rated)
	}
	if c := o.call; c != nil {
		d.text("callback.state", c.state())
		d.moment("callback.due_at", c.due)
	}
	if o.excluded != "" {
		d.text("exclusion.reason", o.excluded)
		d.text("exclusion.note", o.out.note)
		d.moment("exclusion.at", o.out.at)
		if p := v.people[o.out.who]; p != nil {
			d.text("exclusion.by", p.id)
		}
	}
	if o.waits.IsZero() || o.excluded != "" {
		return
	}
	d.moment("clock.started_at", o.waits)
	d.moment("clock.due_at", o.waits.Add(limit))
	d.num("clock.passed_minutes", int64(v.at.Sub(o.waits)/time.Minute))
	for _, minutes := range []time.Duration{60, 90, 110} {
		at := instantOf(o.waits.Add(minutes * time.Minute))
		d.text("clock.warn_at["+at+"]", at)
	}
}

// attached writes the files that went with something.
func (v view) attached(d doc, list string, s sent) {
	for _, f := range s.Attachments {
		at := list + "[" + f.ID + "]."
		d.text(at+"id", f.ID)
		d.text(at+"name", f.Name)
		d.text(at+"kind", strings.TrimPrefix(path.Ext(f.Name), "."))
		d.num(at+"size", v.bytes[f.ID])
	}
}

var orderFields = [][2]string{{"number", "as it was acknowledged"}, {"title", "the beginning of the question"}, {"state", "by what was acknowledged"}, {"region", "as it was sent"},
	{"problem_type", "as it was sent"}, {"language", "as it was sent"}, {"question", "as it was sent"}, {"source", "as it was sent"}, {"contact", "as it was sent; the telephone number masked"},
	{"asked_at", "when that was acknowledged"}, {"answer_by", "120 minutes later"}, {"answered_at", "when that was acknowledged"}, {"read_at", "when that was acknowledged first"},
	{"closed_at", "rated well while nobody waits, or called back"}, {"lawyer", "whom its citizen was told of last"}, {"breach", "answered late, or not and past the limit"},
	{"attachments", "name, kind and bytes of each file that was sent"}, {"messages", "each as it was sent, in their order"}, {"handovers", "who passed it on, when, with which summary"},
	{"answer", "as it was sent"}, {"rating", "as it was sent"}, {"callback", "its state, and the end of the next working day"}, {"exclusion", "as it was sent"},
	{"clock", "of one who waits: since when, until when, whole minutes"}}
