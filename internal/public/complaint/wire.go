package complaint

import (
	"time"

	"mingfa/internal/base/attach"
	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/text"
	"mingfa/internal/public/consult"
)

// The shapes on the wire.

type orderJSON struct {
	ID     id.ID  `json:"id"`
	Number string `json:"number"`
}

type nextJSON struct {
	Text string     `json:"text"`
	By   *time.Time `json:"by,omitempty"`
}

type lineJSON struct {
	At    time.Time `json:"at"`
	Text  string    `json:"text"`
	Words string    `json:"words,omitempty" doc:"What was said to it; for staff"`
}

type callJSON struct {
	ID      id.ID     `json:"id"`
	N       int       `json:"n"`
	At      time.Time `json:"at"`
	Reached bool      `json:"reached"`
	Counts  bool      `json:"counts" doc:"Reached, or half an hour after the one before that counts"`
	Reason  string    `json:"reason,omitempty"`
}

type registerJSON struct {
	Entry
	At time.Time `json:"at"`
	By string    `json:"by,omitempty"`
}

type sensitiveJSON struct {
	Hints          []Sensitivity `json:"hints" doc:"Kinds that the words point to"`
	Category       Sensitivity   `json:"category,omitempty"`
	Name           string        `json:"name,omitempty"`
	ByWords        bool          `json:"by_words" doc:"Flagged by the words; staff have not looked yet"`
	ReportedAt     *time.Time    `json:"reported_at,omitempty"`
	AcknowledgeBy  *time.Time    `json:"acknowledge_by,omitempty"`
	AcknowledgedAt *time.Time    `json:"acknowledged_at,omitempty"`
	Escalated      bool          `json:"escalated"`
	NeedsFiling    bool          `json:"needs_filing"`
	Filing         *Filing       `json:"filing,omitempty"`
}

// complaintJSON is a complaint for one who may see it. The citizen gets no staff
// part, and the result when it is closed.
type complaintJSON struct {
	ID         id.ID      `json:"id"`
	Rev        int64      `json:"rev"`
	Number     string     `json:"number" example:"20261122-8KQ3ZD2A"`
	Kind       Kind       `json:"kind" enum:"complaint,suggestion"`
	State      State      `json:"state" enum:"collected,called,registered,closed"`
	Channel    Channel    `json:"channel"`
	Text       string     `json:"text"`
	Erased     bool       `json:"erased,omitempty" doc:"The person was erased; what was said can't be read any more"`
	Order      *orderJSON `json:"order,omitempty"`
	ReceivedAt time.Time  `json:"received_at"`
	CallBy     time.Time  `json:"call_by"`
	CalledAt   *time.Time `json:"called_at,omitempty"`
	ClosedAt   *time.Time `json:"closed_at,omitempty"`
	Next       nextJSON   `json:"next"`
	Help       string     `json:"help,omitempty" doc:"Show at once: numbers of help for one who speaks of harming himself"`
	Result     string     `json:"result,omitempty"`
	Log        []lineJSON `json:"log,omitempty"`
	Can        []string   `json:"can"`

	Attachments []attach.AttachmentJSON `json:"attachments" doc:"Pictures and PDF files that were added"`

	Staff *staffJSON `json:"staff,omitempty" doc:"For those who handle it, and the bureau"`
}

// staffJSON is what the citizen doesn't see.
type staffJSON struct {
	Name         string        `json:"name,omitempty"`
	Phone        string        `json:"phone,omitempty" doc:"Masked where the reader needn't call"`
	RegisteredBy string        `json:"registered_by,omitempty"`
	Overdue      bool          `json:"overdue" doc:"Not called, and the working day is over"`
	InTime       *bool         `json:"in_time,omitempty"`
	Calls        []callJSON    `json:"calls"`
	Register     *registerJSON `json:"register,omitempty"`
	Sensitive    sensitiveJSON `json:"sensitive"`
	Missing      []string      `json:"missing" doc:"What is still to do before it can be closed, in the reader's language"`
}

func (v *Seen) wire(language string) *complaintJSON {
	c := v.Complaint
	j := &complaintJSON{ID: c.ID, Rev: c.Rev, Number: c.Number, Kind: c.Kind, State: c.State, Channel: c.Channel, Text: v.plain(c.Words),
		Erased: v.Texts[c.Words].Erased, ReceivedAt: c.ReceivedAt.Time, CallBy: c.DueAt.Time, CalledAt: when(c.CalledAt), ClosedAt: when(c.ClosedAt), Can: v.Can}
	j.Attachments = []attach.AttachmentJSON{}
	for _, f := range v.Files {
		j.Attachments = append(j.Attachments, f.wire(v.Texts[f.Name]))
	}
	if v.Order.ID != id.Nil {
		j.Order = &orderJSON{v.Order.ID, v.Order.Number}
	}
	next, by := v.Next(language)
	if j.Next.Text = next; !by.IsZero() {
		j.Next.By = &by
	}
	for _, l := range v.Log {
		j.Log = append(j.Log, lineJSON{l.At, l.Sentence, l.Words})
	}
	if c.State == Closed {
		j.Result = v.plain(c.Result)
	}
	if v.Own {
		j.Help = v.Help(language)
	} else {
		j.Staff = v.staff(language)
	}
	return j
}

func (r *attachmentRow) wire(name seal.Text) attach.AttachmentJSON {
	return attach.AttachmentJSON{ID: r.ID, Name: name.Plain, Kind: string(r.Kind), Size: r.Size, Width: r.Width, Height: r.Height, Erased: name.Erased}
}

func (v *Seen) staff(language string) *staffJSON {
	c := v.Complaint
	j := &staffJSON{Name: v.plain(c.Name), Phone: v.phone(), RegisteredBy: v.Names[c.RegisteredBy], Overdue: c.Overdue(v.Now),
		Calls: []callJSON{}, Missing: []string{}, Sensitive: v.sensitive(language)}
	if !c.CalledAt.IsZero() {
		yes := c.InTime()
		j.InTime = &yes
	}
	for _, t := range v.Calls {
		j.Calls = append(j.Calls, callJSON{t.ID, t.N, t.At.Time, t.Reached, t.Counts, v.plain(t.Reason)})
	}
	if !c.RecordedAt.IsZero() {
		j.Register = &registerJSON{Entry{c.Kind, c.Category, v.plain(c.Reason), v.plain(c.Measure), v.plain(c.Result)}, c.RecordedAt.Time, v.Names[c.RecordedBy]}
	}
	for _, key := range c.Missing() {
		j.Missing = append(j.Missing, say.Text(language, key, nil))
	}
	return j
}

func (v *Seen) phone() string {
	p := v.plain(v.Phone)
	if v.Phoned || p == "" {
		return p
	}
	return text.Mask(p)
}

func (v *Seen) sensitive(language string) sensitiveJSON {
	c := v.Complaint
	j := sensitiveJSON{Hints: c.Hints, Category: c.Flag, ByWords: c.Flag != "" && c.FlaggedBy == id.Nil, ReportedAt: when(c.FlaggedAt),
		AcknowledgedAt: when(c.AcknowledgedAt), Escalated: c.Escalated, NeedsFiling: c.Flag.NeedsFiling()}
	if c.Flag != "" {
		j.Name = say.Text(language, sensitivityKey(c.Flag), nil)
	}
	if by := c.AckBy(); !by.IsZero() {
		j.AcknowledgeBy = &by
	}
	if c.FiledOn != "" {
		j.Filing = &Filing{v.plain(c.FilingNumber), c.FiledOn, v.plain(c.Authority)}
	}
	return j
}

func when(t db.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t.Time
}

type codedJSON struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// codesJSON are the lists that forms choose from, in the reader's language.
type codesJSON struct {
	Categories    []codedJSON `json:"reason_categories"`
	Sensitivities []codedJSON `json:"sensitivities"`
	Channels      []codedJSON `json:"channels" doc:"Of what staff take down"`
}

func codes(language string) *codesJSON {
	j := &codesJSON{}
	for _, c := range consult.ReasonCategories {
		j.Categories = append(j.Categories, codedJSON{string(c), say.Text(language, "consult.category_"+string(c), nil)})
	}
	for _, c := range Sensitivities {
		j.Sensitivities = append(j.Sensitivities, codedJSON{string(c), say.Text(language, sensitivityKey(c), nil)})
	}
	for _, c := range staffChannels {
		j.Channels = append(j.Channels, codedJSON{string(c), say.Text(language, "complaint.channel_"+string(c), nil)})
	}
	return j
}
