package consult

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
	"mingfa/internal/public/lawyer"
)

// Seen is an order as an actor sees it: rows joined with what was said.
type Seen struct {
	Order
	Texts      map[id.ID]seal.Text
	RegionName string
	Card       *lawyer.Card
	Answer     *answerRow
	Draft      Draft
	Templates  Templates
	Erased     bool
	Messages   []messageRow
	Files      []attachmentRow
	Call       *Callback
	Attempts   []attemptRow
	Notes      []Noted      // for who may read them
	Handovers  []HandedOver // for staff, the newest first
	Can        []string
	Now        time.Time
}

// plain is a text, or "" when it was erased or never was.
func (v *Seen) plain(i id.ID) string { return v.Texts[i].Plain }

// See shows an order to one who may see it.
func (s *Service) See(ctx context.Context, a who.Actor, order id.ID, language string) (v *Seen, err error) {
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		o, err := load(tx, order)
		if err != nil {
			return err
		}
		if err := s.Rules.Need(a, "order.see", o.object()); err != nil {
			return err
		}
		v, err = s.open(ctx, tx, a, o, language)
		return err
	})
	return v, err
}

// open reads all that belongs to an order.
func (s *Service) open(ctx context.Context, tx *db.Tx, a who.Actor, o *Order, language string) (*Seen, error) {
	v := &Seen{Order: *o, Now: tx.Now()}
	err := s.present(ctx, tx, v, language)
	if err != nil {
		return nil, err
	}
	if !o.AnsweredAt.IsZero() { // nothing is said before
		if v.Answer, err = loadAnswer(tx, o.ID); err != nil {
			return nil, err
		}
		if v.Messages, err = messages(tx, o.ID); err != nil {
			return nil, err
		}
	}
	if !a.Is(who.Machine) { // no machine hears of files
		if v.Files, err = attachments(tx, o.ID); err != nil {
			return nil, err
		}
	}
	if o.Callback != id.Nil {
		if v.Call, err = loadCallback(tx, o.Callback); err != nil {
			return nil, err
		}
	}
	if err := s.openTexts(ctx, tx, v); err != nil {
		return nil, err
	}
	if err := s.openDesk(ctx, tx, a, v); err != nil {
		return nil, err
	}
	v.Can = s.can(a, v)
	return v, nil
}

// present finds the names of the order's region and lawyer.
func (s *Service) present(ctx context.Context, tx *db.Tx, v *Seen, language string) (err error) {
	if v.RegionName, err = s.People.RegionName(tx, v.Region, language); err != nil || v.Lawyer == id.Nil {
		return err
	}
	cards, err := s.Lawyers.Cards(ctx, tx, v.Lawyer)
	if c, ok := cards[v.Lawyer]; ok {
		v.Card = &c
	}
	return err
}

// openTexts reads what was said, and the uniform texts of the answer.
func (s *Service) openTexts(ctx context.Context, tx *db.Tx, v *Seen) (err error) {
	ids := []id.ID{v.Title, v.Question, v.Name, v.Phone}
	for _, i := range []id.ID{v.Email, v.Comment, v.Note} {
		if i != id.Nil {
			ids = append(ids, i)
		}
	}
	for _, m := range v.Messages {
		ids = append(ids, m.Words)
	}
	for _, f := range v.Files {
		ids = append(ids, f.Name)
	}
	if v.Answer != nil {
		ids = append(ids, v.Answer.Draft)
	}
	if v.Texts, err = s.Keys.Read(ctx, tx, ids...); err != nil {
		return fmt.Errorf("open what was said: %w", err)
	}
	v.Erased = v.Texts[v.Question].Erased
	if v.Answer == nil || v.Erased {
		return nil
	}
	if err := json.Unmarshal([]byte(v.plain(v.Answer.Draft)), &v.Draft); err != nil {
		return fmt.Errorf("read the answer of order %s: %w", v.ID, err)
	}
	for name, t := range map[string]struct {
		ref  templateRef
		into *string
	}{"opening": {v.Answer.Opening, &v.Templates.Opening}, "disclaimer": {v.Answer.Disclaimer, &v.Templates.Disclaimer}, "closing": {v.Answer.Closing, &v.Templates.Closing}} {
		if *t.into, err = t.ref.textOf(tx, name, v.Language); err != nil {
			return err
		}
	}
	return nil
}

// can lists the verbs that the actor may do now, for the page.
func (s *Service) can(a who.Actor, v *Seen) []string {
	out := []string{}
	for _, x := range []struct {
		verb string
		now  bool
	}{
		{"answer", v.State == Assigned},
		{"message", v.State == Answered && !v.full(v.roleOf(a.Person))},
		{"pass", v.Awaiting && v.Lawyer != id.Nil},
		{"read", !v.AnsweredAt.IsZero() && v.ReadAt.IsZero()},
		{"rate", !v.AnsweredAt.IsZero() && v.Rating == "" && v.State != Excluded},
		{"exclude", v.State != Excluded},
		{"assign", v.Awaiting},
		{"note", !v.Erased && len(v.Notes) < MaxNotes},
	} {
		if x.now && s.Rules.May(a, "order."+x.verb, v.object()) {
			out = append(out, x.verb)
		}
	}
	if v.State == Excluded && s.Rules.May(a, "order.exclude", v.object()) {
		out = append(out, "include")
	}
	return out
}

// Next is the sentence of what happens next and by when (B5.2.2, B6.1b); by is
// zero where there is no clock.
func (v *Seen) Next(language string) (sentence string, by time.Time) {
	key := "consult.next_" + string(v.State)
	switch {
	case v.State == Answered && v.Awaiting:
		key, by = "consult.next_reply", v.DueAt.Time
	case v.State == Waiting || v.State == Assigned:
		by = v.DueAt.Time
		if Breached(v.ClockFrom.Time, v.Now) {
			key = "consult.next_late"
		}
	case v.Call != nil && v.Call.State != CallbackClosed:
		key, by = "consult.next_callback", v.Call.DueAt.Time
	case v.State == Answered && v.Rating == "":
		key = "consult.next_rate"
	}
	return say.Text(language, key, nil), by
}

// Filter narrows a list of orders.
type Filter struct {
	State  State
	From   time.Time // asked at or after; zero: any
	To     time.Time // asked before
	Number string    // begin of the number
	Figure Figure    // what a figure counted; "": any
	SameAs id.ID     // of the same citizen as this order, which the actor must be allowed to see
	Own    Own       // a figure of the actor's own answers in [Since, Until)
	Since  time.Time
	Until  time.Time
	Cursor id.ID
	Limit  int64
}

// Listed is a row of a list.
type Listed struct {
	Order
	Title      string
	RegionName string
	Card       *lawyer.Card
}

// List shows the orders that the actor may see, newest first.
func (s *Service) List(ctx context.Context, a who.Actor, f Filter, language string) (out []Listed, err error) {
	if err := s.Rules.MayList(a, "order.list"); err != nil {
		return nil, err
	}
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		ids, err := s.pageOf(tx, a, f)
		if err != nil {
			return err
		}
		rows, err := inOrder(tx, ids)
		if err != nil {
			return err
		}
		out, err = s.listed(ctx, tx, rows, language)
		return err
	})
	return out, err
}

func (s *Service) listed(ctx context.Context, tx *db.Tx, rows []Order, language string) ([]Listed, error) {
	titles, lawyers := []id.ID{}, []id.ID{}
	for _, o := range rows {
		titles = append(titles, o.Title)
		if o.Lawyer != id.Nil {
			lawyers = append(lawyers, o.Lawyer)
		}
	}
	texts, err := s.Keys.Read(ctx, tx, titles...)
	if err != nil {
		return nil, err
	}
	cards, err := s.Lawyers.Cards(ctx, tx, lawyers...)
	if err != nil {
		return nil, err
	}
	regions := map[string]string{}
	out := make([]Listed, 0, len(rows))
	for _, o := range rows {
		if _, ok := regions[o.Region]; !ok {
			if regions[o.Region], err = s.People.RegionName(tx, o.Region, language); err != nil {
				return nil, err
			}
		}
		l := Listed{Order: o, Title: texts[o.Title].Plain, RegionName: regions[o.Region]}
		if c, ok := cards[o.Lawyer]; ok {
			l.Card = &c
		}
		out = append(out, l)
	}
	return out, nil
}

// SeeCallback shows a call-back with its order, to one who may.
func (s *Service) SeeCallback(ctx context.Context, a who.Actor, callback id.ID, language string) (v *Seen, err error) {
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		c, err := loadCallback(tx, callback)
		if err != nil {
			return err
		}
		o, err := load(tx, c.Order)
		if err != nil {
			return err
		}
		if err := s.Rules.Need(a, "callback.see", objectOf(c, o)); err != nil {
			return err
		}
		if v, err = s.open(ctx, tx, a, o, language); err != nil {
			return err
		}
		if v.Attempts, err = attempts(tx, c.ID); err != nil {
			return err
		}
		return s.openLedger(ctx, tx, v)
	})
	return v, err
}

// openLedger reads what was said in a call-back.
func (s *Service) openLedger(ctx context.Context, tx *db.Tx, v *Seen) error {
	var ids []id.ID
	for _, i := range []id.ID{v.Call.Reason, v.Call.Details, v.Call.Feedback, v.Call.Summary} {
		if i != id.Nil {
			ids = append(ids, i)
		}
	}
	for _, t := range v.Attempts {
		if t.Note != id.Nil {
			ids = append(ids, t.Note)
		}
	}
	texts, err := s.Keys.Read(ctx, tx, ids...)
	for i, t := range texts {
		v.Texts[i] = t
	}
	return err
}

// Warning is an order whose clock has been warned of and still runs.
type Warning struct {
	Order  id.ID
	Number string
	Level  Level
	At     time.Time
	Card   *lawyer.Card
}

// Warnings lists the running clocks that were warned of, latest step first.
func (s *Service) Warnings(ctx context.Context, a who.Actor) (out []Warning, err error) {
	cond, args, err := s.Rules.List(a, "warning.list", access.Columns{OrgPath: "o.path"})
	if err != nil {
		return nil, err
	}
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		ids, err := idsOf(tx, "SELECT o.id FROM consult_order o WHERE o.awaiting AND o.warned > 0 AND "+cond+" ORDER BY o.warned DESC, o.clock_from, o.id LIMIT 200", args...)
		if err != nil {
			return err
		}
		rows, err := inOrder(tx, ids)
		if err != nil {
			return err
		}
		list, err := s.listed(ctx, tx, rows, say.Hans)
		for _, l := range list {
			out = append(out, Warning{l.ID, l.Order.Number, l.Warned, l.Warned.At(l.ClockFrom.Time), l.Card})
		}
		return err
	})
	return out, err
}

// dayOf is a day of a zone: [from, to).
func dayOf(date, zone string) (from, to time.Time, err error) {
	z, err := time.LoadLocation(zone)
	if err != nil {
		return from, to, err
	}
	if from, err = time.ParseInLocation("2006-01-02", date, z); err != nil {
		return from, to, fault.Bad(fault.At("date", "fault.field_format"))
	}
	return from, from.AddDate(0, 0, 1), nil
}

// mask hides the middle of a phone number.
func mask(phone string) string {
	r := []rune(phone)
	if len(r) < 8 {
		return strings.Repeat("*", len(r))
	}
	return string(r[:len(r)-8]) + "****" + string(r[len(r)-4:])
}
