package complaint

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
)

// Seen is a complaint as an actor sees it: rows joined with what was said.
type Seen struct {
	*Complaint
	Texts   map[id.ID]seal.Text
	Order   orderRef
	Calls   []attemptRow
	Files   []attachmentRow
	Names   map[id.ID]string // of staff
	Log     []Line           // what happened, in one complaint only
	Numbers Numbers          // of help, where they are shown
	Own     bool             // seen by the citizen, who sees less
	Phoned  bool             // the reader may see the whole telephone number
	Can     []string
	Now     time.Time
}

// Line is a fact of a complaint as a sentence, with what was said to it.
type Line struct {
	At       time.Time
	Sentence string
	Words    string
}

// plain is a text, or "" when it was erased or never was.
func (v *Seen) plain(i id.ID) string { return v.Texts[i].Plain }

// See shows a complaint to one who may see it.
func (s *Service) See(ctx context.Context, a who.Actor, complaint id.ID, language string) (v *Seen, err error) {
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		c, err := load(tx, complaint)
		if err != nil {
			return err
		}
		if err := s.Rules.Need(a, "complaint.see", c.object()); err != nil {
			return err
		}
		all, err := s.open(ctx, tx, a, []*Complaint{c})
		if err != nil {
			return err
		}
		v = all[0]
		v.Log, err = s.log(ctx, tx, v, language)
		return err
	})
	return v, err
}

// open reads all that belongs to complaints that the actor may see.
func (s *Service) open(ctx context.Context, tx *db.Tx, a who.Actor, rows []*Complaint) ([]*Seen, error) {
	var all, about, staff, words []id.ID
	for _, c := range rows {
		all = append(all, c.ID)
		if c.Order != id.Nil {
			about = append(about, c.Order)
		}
		staff = append(staff, c.RecordedBy, c.ClosedBy, c.RegisteredBy)
		words = append(words, c.Words, c.Name, c.Phone, c.Reason, c.Measure, c.Result, c.FilingNumber, c.Authority)
	}
	calls, err := attempts(tx, all...)
	if err != nil {
		return nil, fmt.Errorf("read the calls of complaints: %w", err)
	}
	for _, list := range calls {
		for _, t := range list {
			words = append(words, t.Reason)
		}
	}
	files, err := attachments(tx, all...)
	if err != nil {
		return nil, fmt.Errorf("read the files of complaints: %w", err)
	}
	for _, list := range files {
		for _, f := range list {
			words = append(words, f.Name)
		}
	}
	texts, err := s.Keys.Read(ctx, tx, slices.DeleteFunc(words, isNil)...)
	if err != nil {
		return nil, fmt.Errorf("open what was said: %w", err)
	}
	refs, err := orders(tx, about...)
	if err != nil {
		return nil, err
	}
	names, err := s.People.Names(ctx, tx, slices.DeleteFunc(staff, isNil)...)
	if err != nil {
		return nil, err
	}
	var out []*Seen
	for _, c := range rows {
		v := &Seen{Complaint: c, Texts: texts, Order: refs[c.Order], Calls: calls[c.ID], Files: files[c.ID], Names: names, Now: tx.Now(), Own: a.Is(who.Citizen)}
		v.Phoned = s.Rules.May(a, "complaint.call", c.object()) || c.Flag != "" // the authority must reach him at once
		v.Can = s.can(a, c)
		if v.Own && slices.Contains(c.Hints, Suicide) {
			if v.Numbers, err = s.numbersOf(tx, c.Org); err != nil {
				return nil, err
			}
		}
		out = append(out, v)
	}
	return out, nil
}

func isNil(i id.ID) bool { return i == id.Nil }

// can lists the verbs that the actor may do now, for the page.
func (s *Service) can(a who.Actor, c *Complaint) []string {
	out := []string{}
	for _, x := range []struct {
		verb string
		now  bool
	}{
		{"call", c.State == Collected || c.State == Called},
		{"record", c.State == Called || c.State == Registered},
		{"flag", c.State != Closed},
		{"acknowledge", c.Flag != "" && c.AcknowledgedAt.IsZero()},
		{"file", c.Flag != "" && c.State != Closed},
		{"attach", c.State != Closed},
		{"close", c.State == Registered && len(c.Missing()) == 0},
	} {
		if x.now && s.Rules.May(a, "complaint."+x.verb, c.object()) {
			out = append(out, x.verb)
		}
	}
	return out
}

// hidden are the facts that a citizen doesn't see of his own complaint.
var hidden = []string{FlaggedFact{}.Kind(), AcknowledgedFact{}.Kind(), EscalatedFact{}.Kind(), FiledFact{}.Kind(), WarnedFact{}.Kind()}

// maxLog bounds what is shown of a complaint's history.
const maxLog = 500

// log tells what happened, and to staff what was said to a flag.
func (s *Service) log(ctx context.Context, tx *db.Tx, v *Seen, language string) ([]Line, error) {
	facts, err := journal.ByRoot(tx, v.Org, v.ID, 0, maxLog)
	if err != nil {
		return nil, err
	}
	var notes []id.ID
	for _, f := range facts {
		if n, ok := f.Sealed["note"]; ok && !v.Own {
			notes = append(notes, n.ID)
		}
	}
	words, err := s.Keys.Read(ctx, tx, notes...)
	if err != nil {
		return nil, err
	}
	out := []Line{}
	for _, f := range facts {
		if (f.Subject == v.ID || f.Kind == (AttachedFact{}).Kind()) && !(v.Own && slices.Contains(hidden, f.Kind)) {
			out = append(out, Line{f.At, sentence(f, language), words[f.Sealed["note"].ID].Plain})
		}
	}
	return out, nil
}

// sentence is a fact in words.
func sentence(f journal.Fact, language string) string {
	args := map[string]any{}
	_ = json.Unmarshal(f.Data, &args) // a payload is an object of ours
	if c, ok := args["category"].(string); ok && f.Kind != (RegisteredFact{}).Kind() {
		args["category"] = say.Text(language, sensitivityKey(Sensitivity(c)), nil)
	}
	return say.Text(language, "fact."+f.Kind, args)
}

// sensitivityKey is the text key of a kind; "" has a text too: not sensitive.
func sensitivityKey(s Sensitivity) string {
	if s == "" {
		s = "none"
	}
	return "complaint.sensitive_" + string(s)
}

// Next is the sentence of what happens next and by when; by is zero where there is
// no clock.
func (v *Seen) Next(language string) (sentence string, by time.Time) {
	key := "complaint.next_" + string(v.State)
	if v.State == Collected {
		by = v.DueAt.Time
		if v.Overdue(v.Now) {
			key = "complaint.next_late"
		}
	}
	return say.Text(language, key, nil), by
}

// Help is the text for one who speaks of harming himself (B7.1.2.4), "" for others.
func (v *Seen) Help(language string) string {
	if !slices.Contains(v.Hints, Suicide) {
		return ""
	}
	return v.Numbers.HelpText(language)
}

// Filter narrows a list.
type Filter struct {
	State     string    // a state, "open" (not closed), or "" for all
	From, To  time.Time // received in [From, To); zero: any
	Sensitive bool
	Overdue   bool // not called although its day has ended
	Order     id.ID
	Org       id.ID  // this organisation and those below, in an export
	Path      string // of Org
	Cursor    id.ID  // the last one of the page before
	Limit     int64
}

// DayOf gives the bounds of a day, "2026-11-22", in the zone of the house.
func DayOf(day string) (from, to time.Time, err error) {
	if from, err = time.ParseInLocation(time.DateOnly, day, china); err != nil {
		return from, to, fault.Bad(fault.At("date", "fault.field_format"))
	}
	return from, from.AddDate(0, 0, 1), nil
}

// MonthOf gives the bounds of a month, "2026-11", in the zone of the house.
func MonthOf(month string) (from, to time.Time, err error) {
	if from, err = time.ParseInLocation("2006-01", month, china); err != nil {
		return from, to, fault.Bad(fault.At("month", "fault.field_format"))
	}
	return from, from.AddDate(0, 1, 0), nil
}

// List shows the complaints that the actor may see, newest first.
func (s *Service) List(ctx context.Context, a who.Actor, f Filter) (out []*Seen, err error) {
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		out, err = s.page(ctx, tx, a, "complaint.list", f)
		return err
	})
	return out, err
}

func (s *Service) page(ctx context.Context, tx *db.Tx, a who.Actor, verb string, f Filter) ([]*Seen, error) {
	cond, args, err := s.Rules.List(a, verb, access.Columns{OrgPath: "c.path", Owner: "c.citizen"})
	if err != nil {
		return nil, err
	}
	var rows []*Complaint
	q := tx.NewSelect().Model(&rows).Where(cond, args...)
	switch f.State {
	case "":
	case "open":
		q = q.Where("c.closed_at IS NULL")
	default:
		q = q.Where("c.state = ?", f.State)
	}
	if !f.From.IsZero() {
		q = q.Where("c.received_at >= ?", f.From.UnixMilli())
	}
	if !f.To.IsZero() {
		q = q.Where("c.received_at < ?", f.To.UnixMilli())
	}
	if f.Path != "" {
		q = q.Where("substr(c.path, 1, ?) = ?", len(f.Path), f.Path)
	}
	if f.Sensitive {
		q = q.Where("c.flag <> ''")
	}
	if f.Overdue {
		q = q.Where("c.closed_at IS NULL AND c.called_at IS NULL AND c.due_at < ?", tx.Now().UnixMilli())
	}
	if f.Order != id.Nil {
		q = q.Where("c.order_id = ?", f.Order)
	}
	if f.Cursor != id.Nil {
		q = q.Where("(c.received_at, c.id) < (SELECT received_at, id FROM complaint_case WHERE id = ?)", f.Cursor)
	}
	if err := q.OrderExpr("c.received_at DESC, c.id DESC").Limit(f.Limit).Scan(tx.Ctx()); err != nil {
		return nil, fmt.Errorf("list complaints: %w", err)
	}
	return s.open(ctx, tx, a, rows)
}
