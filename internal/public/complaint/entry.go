package complaint

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
	"mingfa/internal/base/text"
	"mingfa/internal/base/workday"
	"mingfa/internal/public/consult"
)

// Limits of texts, in characters.
const (
	MaxWords     = 2000 // of the complaint
	MaxEntry     = 1000 // of each text of the register
	MaxName      = 64
	MaxFiling    = 64 // of a filing number
	MaxAuthority = 128
)

// OldestCall is how far back a member of staff may date what he registers.
const OldestCall = 31 * 24 * time.Hour

// Intake is a complaint as it is sent: by the citizen, or (the last four fields)
// by the member of staff who takes it down for him.
type Intake struct {
	ID       id.ID   `json:"id" doc:"Client-made UUIDv7; a repeat gives the same complaint"`
	Kind     Kind    `json:"kind" enum:"complaint,suggestion"`
	Text     string  `json:"text" example:"等了很久没有人回电话。"`
	Order    id.ID   `json:"order,omitzero" required:"false" doc:"The consultation it is about, if any"`
	Region   string  `json:"region,omitempty" doc:"GB/T 2260; who handles it where there is no order"`
	Channel  Channel `json:"channel,omitempty" doc:"Citizens: web, wap, app, chat. Staff: hotline, callback, visit, letter, chat"`
	Language string  `json:"language,omitempty"`

	Name       string    `json:"name,omitempty"`
	Phone      string    `json:"phone,omitempty"`
	ReceivedAt time.Time `json:"received_at,omitzero" required:"false" doc:"When he called, for a complaint that staff take down; now if left out"`
}

var regionForm = regexp.MustCompile(`^[1-9][0-9]{5}$`)

// Clean gives the intake as it will be stored, and names every field that can't be
// taken. staff: taken down for somebody.
func (in Intake) Clean(staff bool, now time.Time) (Intake, error) {
	f := &form{}
	channels, name, phone := ownChannels, "", ""
	if staff {
		channels, name, phone = staffChannels, in.Name, in.Phone
	}
	if in.ID == id.Nil {
		f.add("id", "fault.id")
	}
	if in.Kind != Grievance && in.Kind != Suggestion {
		f.add("kind", "fault.field_choice")
	}
	in.Text = f.needed("text", in.Text, MaxWords)
	if in.Region != "" && !regionForm.MatchString(in.Region) {
		f.add("region", "consult.region_unknown")
	}
	if in.Channel == "" {
		in.Channel = channels[0]
	}
	if !slices.Contains(channels, in.Channel) {
		f.add("channel", "fault.field_choice")
	}
	if in.Language == "" {
		in.Language = say.Hans
	}
	if !slices.Contains(say.Languages, in.Language) {
		f.add("language", "fault.field_choice")
	}
	in.Name = f.optional("name", name, MaxName)
	if in.Phone = phone; phone != "" {
		var ok bool
		if in.Phone, ok = text.Phone(phone); !ok {
			f.add("phone", "consult.phone_invalid")
		}
	}
	if staff && phone == "" && in.Order == id.Nil {
		f.add("phone", "fault.field_required") // nobody could call him back
	}
	if in.ReceivedAt.IsZero() || !staff {
		in.ReceivedAt = now
	}
	if in.ReceivedAt.After(now) || now.Sub(in.ReceivedAt) > OldestCall {
		f.add("received_at", "complaint.received_range")
	}
	return in, f.err()
}

// Entry is a complete row of the register (B7.1.2.3c), as it is sent.
type Entry struct {
	Kind     Kind                   `json:"kind" enum:"complaint,suggestion"`
	Category consult.ReasonCategory `json:"reason_category"`
	Reason   string                 `json:"reason" doc:"Why it came to this"`
	Measure  string                 `json:"measure" doc:"What was done"`
	Result   string                 `json:"result" doc:"What the citizen is told; he sees it"`
}

// Clean gives the entry as it will be stored: every field is needed.
func (e Entry) Clean() (Entry, error) {
	f := &form{}
	if e.Kind != Grievance && e.Kind != Suggestion {
		f.add("kind", "fault.field_choice")
	}
	if !slices.Contains(consult.ReasonCategories, e.Category) {
		f.add("reason_category", "fault.field_choice")
	}
	e.Reason = f.needed("reason", e.Reason, MaxEntry)
	e.Measure = f.needed("measure", e.Measure, MaxEntry)
	e.Result = f.needed("result", e.Result, MaxEntry)
	return e, f.err()
}

// Filing is the record of what was filed with the judicial department (B7.1.2.4).
type Filing struct {
	Number    string `json:"number"`
	Date      string `json:"date" example:"2026-11-22"`
	Authority string `json:"authority"`
}

// Clean gives the record as it will be stored; it is not of the future.
func (r Filing) Clean(now time.Time) (Filing, error) {
	f := &form{}
	r.Number = f.needed("number", r.Number, MaxFiling)
	r.Authority = f.needed("authority", r.Authority, MaxAuthority)
	day, err := workday.ParseDate(r.Date)
	if err != nil {
		f.add("date", "fault.field_format")
	} else if day.String() > workday.On(now, china).String() {
		f.add("date", "complaint.date_future")
	}
	return r, f.err()
}

// china is the clock by which numbers, months and dates are told: all
// organisations of the house live in it.
var china = time.FixedZone("UTC+8", 8*60*60)

// form gathers the fields that can't be taken.
type form struct{ bad []fault.Field }

func (f *form) add(path, key string) { f.bad = append(f.bad, fault.At(path, key)) }

func (f *form) err() error {
	if len(f.bad) > 0 {
		return fault.Bad(f.bad...)
	}
	return nil
}

func (f *form) optional(path, s string, limit int) string {
	got, err := text.Clean(strings.TrimSpace(s))
	switch {
	case err != nil:
		f.add(path, "fault.text_refused")
	case text.Length(got) > limit:
		f.bad = append(f.bad, fault.At(path, "fault.too_long").With("max", limit))
	}
	return got
}

func (f *form) needed(path, s string, limit int) string {
	before := len(f.bad)
	got := f.optional(path, s, limit)
	if text.Blank(got) && len(f.bad) == before {
		f.add(path, "fault.field_required")
	}
	return got
}
