package consult

import (
	"time"

	"mingfa/internal/base/attach"
	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
	"mingfa/internal/public/lawyer"
)

// The shapes on the wire, where they differ from the rows.

type codedJSON struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

type personJSON struct {
	ID   id.ID  `json:"id"`
	Name string `json:"name"`
	Firm string `json:"firm,omitempty"`
}

type attachmentJSON struct {
	ID     id.ID  `json:"id"`
	Name   string `json:"name"`
	Kind   string `json:"kind" enum:"jpeg,png,webp,gif,pdf"`
	Size   int64  `json:"size" doc:"Bytes"`
	Width  int    `json:"width,omitempty" doc:"Points, of a picture"`
	Height int    `json:"height,omitempty"`
	Erased bool   `json:"erased,omitempty"`
}

// shared are files as other rooms show them.
func shared(list []attachmentJSON) []attach.AttachmentJSON {
	out := []attach.AttachmentJSON{}
	for _, x := range list {
		out = append(out, attach.AttachmentJSON(x))
	}
	return out
}

type messageJSON struct {
	ID     id.ID     `json:"id"`
	N      int       `json:"n"`
	Role   string    `json:"role"`
	Text   string    `json:"text"`
	At     time.Time `json:"at"`
	Erased bool      `json:"erased,omitempty"`

	Attachments []attachmentJSON `json:"attachments"`
}

type basisJSON struct {
	Law     string `json:"law"`
	Article string `json:"article"`
	Checked bool   `json:"checked" doc:"Found in the loaded statutes"`
}

type answerJSON struct {
	Opening    string           `json:"opening"`
	Text       string           `json:"text"`
	Judgement  string           `json:"judgement"`
	Basis      []basisJSON      `json:"basis"`
	NoBasis    string           `json:"no_basis_reason,omitempty"`
	Advice     []string         `json:"advice"`
	Disclaimer string           `json:"disclaimer"`
	Closing    string           `json:"closing"`
	At         time.Time        `json:"at"`
	Versions   map[string]int64 `json:"template_versions"`

	Attachments []attachmentJSON `json:"attachments"`
}

type ratingJSON struct {
	Level   Rating    `json:"level"`
	Comment string    `json:"comment,omitempty"`
	At      time.Time `json:"at"`
}

type callbackRefJSON struct {
	ID    id.ID         `json:"id"`
	State CallbackState `json:"state"`
	DueAt time.Time     `json:"due_at"`
}

type exclusionJSON struct {
	Reason Exclusion `json:"reason"`
	Note   string    `json:"note"`
	By     id.ID     `json:"by"`
	At     time.Time `json:"at"`
}

// noteJSON is a private note; staff only.
type noteJSON struct {
	ID     id.ID     `json:"id"`
	Author string    `json:"author,omitempty" doc:"Absent when the person was erased"`
	Role   string    `json:"role" enum:"lawyer,staff"`
	Text   string    `json:"text"`
	At     time.Time `json:"at"`
	Erased bool      `json:"erased,omitempty"`
}

// handoverJSON is a summary with which the order was passed on; staff only.
type handoverJSON struct {
	From    string    `json:"from,omitempty" doc:"Absent when the lawyer was erased"`
	Summary string    `json:"summary"`
	At      time.Time `json:"at"`
	Erased  bool      `json:"erased,omitempty"`
}

type nextJSON struct {
	Text string     `json:"text"`
	By   *time.Time `json:"by,omitempty"`
}

type clockJSON struct {
	StartedAt time.Time   `json:"started_at"`
	WarnAt    []time.Time `json:"warn_at"`
	DueAt     time.Time   `json:"due_at"`
	Passed    int         `json:"passed_minutes"`
}

type contactJSON struct {
	Name  string `json:"name" example:"陈女士"`
	Phone string `json:"phone_masked" example:"+86138****8000"`
}

// orderJSON is an order for one who may see it.
type orderJSON struct {
	ID         id.ID            `json:"id"`
	Rev        int64            `json:"rev"`
	Number     string           `json:"number" example:"20260302-8KQ3ZD2A"`
	Title      string           `json:"title"`
	State      State            `json:"state" enum:"waiting,assigned,answered,closed,excluded"`
	Region     codedJSON        `json:"region"`
	Problem    codedJSON        `json:"problem_type"`
	Language   string           `json:"language" example:"zh-Hans"`
	Question   string           `json:"question" example:"公司拖欠三个月工资，应该怎么办？"`
	Erased     bool             `json:"erased,omitempty" doc:"The person was erased; what was said can't be read any more"`
	Contact    contactJSON      `json:"contact"`
	Source     string           `json:"source" example:"web"`
	AskedAt    time.Time        `json:"asked_at"`
	AnswerBy   time.Time        `json:"answer_by"`
	AnsweredAt *time.Time       `json:"answered_at,omitempty"`
	ReadAt     *time.Time       `json:"read_at,omitempty"`
	ClosedAt   *time.Time       `json:"closed_at,omitempty"`
	Lawyer     *personJSON      `json:"lawyer,omitempty"`
	Why        string           `json:"match_reason,omitempty"`
	Breach     bool             `json:"breach"`
	Files      []attachmentJSON `json:"attachments" doc:"Files beside the question; no machine is told of files"`
	Messages   []messageJSON    `json:"messages"`
	Answer     *answerJSON      `json:"answer,omitempty"`
	Rating     *ratingJSON      `json:"rating,omitempty"`
	Callback   *callbackRefJSON `json:"callback,omitempty"`
	Exclusion  *exclusionJSON   `json:"exclusion,omitempty"`
	Notes      []noteJSON       `json:"notes,omitempty" doc:"What staff wrote to each other"`
	Handovers  []handoverJSON   `json:"handovers,omitempty" doc:"Summaries with which it was passed on, the newest first"`
	Next       nextJSON         `json:"next"`
	Clock      *clockJSON       `json:"clock,omitempty"`
	Can        []string         `json:"can"`
}

// wire writes an order; staff see why the lawyer was chosen and the whole
// exclusion, citizens do not.
func (v *Seen) wire(language string, staff bool) *orderJSON {
	o := &orderJSON{ID: v.ID, Rev: v.Rev, Number: v.Number, Title: v.plain(v.Title), State: v.State, Region: codedJSON{v.Region, v.RegionName},
		Problem: codedJSON{v.Problem, TypeName(language, v.Problem)}, Language: v.Language, Question: v.plain(v.Question), Erased: v.Erased,
		Contact: contactJSON{v.plain(v.Name), mask(v.plain(v.Phone))}, Source: v.Source, AskedAt: v.AskedAt.Time, AnswerBy: Due(v.AskedAt.Time),
		AnsweredAt: when(v.AnsweredAt), ReadAt: when(v.ReadAt), ClosedAt: when(v.ClosedAt), Lawyer: card(v.Card), Breach: v.Breach,
		Files: v.files(InQuestion, id.Nil), Messages: []messageJSON{}, Answer: v.answerWire(), Can: v.Can}
	for _, m := range v.Messages {
		o.Messages = append(o.Messages, messageJSON{m.ID, m.N, string(m.Role), v.plain(m.Words), m.At.Time, v.Texts[m.Words].Erased, v.files(InMessage, m.ID)})
	}
	if v.Rating != "" {
		o.Rating = &ratingJSON{v.Rating, v.plain(v.Comment), v.RatedAt.Time}
	}
	if v.Call != nil {
		o.Callback = &callbackRefJSON{v.Call.ID, v.Call.State, v.Call.DueAt.Time}
	}
	if staff && v.Card != nil {
		o.Why = v.Why.Text(language)
	}
	if staff && v.State == Excluded {
		o.Exclusion = &exclusionJSON{v.Exclusion, v.plain(v.Note), v.ExcludedBy, v.ExcludedAt.Time}
	}
	for _, n := range v.Notes {
		o.Notes = append(o.Notes, noteJSON{n.ID, n.Name, n.Role, n.Text, n.At.Time, n.Erased})
	}
	for _, h := range v.Handovers {
		o.Handovers = append(o.Handovers, handoverJSON{h.Name, h.Text, h.At.Time, h.Erased})
	}
	if v.Awaiting {
		o.Clock = &clockJSON{v.ClockFrom.Time, Warnings(v.ClockFrom.Time), v.DueAt.Time, Passed(v.ClockFrom.Time, v.Now)}
	}
	next, by := v.Next(language)
	o.Next = nextJSON{Text: next}
	if !by.IsZero() {
		o.Next.By = &by
	}
	return o
}

// files are those of a place in the order.
func (v *Seen) files(place Place, message id.ID) []attachmentJSON {
	out := []attachmentJSON{}
	for _, f := range v.Files {
		if f.Place == place && f.Message == message {
			out = append(out, f.wire(v.plain(f.Name), v.Texts[f.Name].Erased))
		}
	}
	return out
}

func (a *attachmentRow) wire(name string, erased bool) attachmentJSON {
	return attachmentJSON{ID: a.ID, Name: name, Kind: string(a.Kind), Size: a.Size, Width: a.Width, Height: a.Height, Erased: erased}
}

func (v *Seen) answerWire() *answerJSON {
	if v.Answer == nil {
		return nil
	}
	a := &answerJSON{Opening: v.Templates.Opening, Text: v.Draft.Text, Judgement: v.Draft.Judgement, Basis: []basisJSON{}, NoBasis: v.Draft.NoBasis,
		Advice: v.Draft.Advice, Disclaimer: v.Templates.Disclaimer, Closing: v.Templates.Closing, At: v.Answer.At.Time,
		Versions:    map[string]int64{"opening": v.Answer.Opening.version(), "disclaimer": v.Answer.Disclaimer.version(), "closing": v.Answer.Closing.version()},
		Attachments: v.files(InAnswer, id.Nil)}
	if a.Advice == nil {
		a.Advice = []string{}
	}
	for i, b := range v.Draft.Basis {
		a.Basis = append(a.Basis, basisJSON{b.Law, b.Article, i < len(v.Answer.Known) && v.Answer.Known[i]})
	}
	return a
}

func when(t db.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t.Time
}

func card(c *lawyer.Card) *personJSON {
	if c == nil {
		return nil
	}
	return &personJSON{c.ID, c.Name, c.Firm}
}

// rowJSON is an order in a list.
type rowJSON struct {
	ID         id.ID       `json:"id"`
	Rev        int64       `json:"rev"`
	Number     string      `json:"number"`
	Title      string      `json:"title"`
	State      State       `json:"state"`
	Region     codedJSON   `json:"region"`
	Problem    codedJSON   `json:"problem_type"`
	AskedAt    time.Time   `json:"asked_at"`
	AnswerBy   time.Time   `json:"answer_by" doc:"End of the running clock, or of the first one"`
	AnsweredAt *time.Time  `json:"answered_at,omitempty"`
	Lawyer     *personJSON `json:"lawyer,omitempty"`
	Breach     bool        `json:"breach"`
	Rating     Rating      `json:"rating_level,omitempty"`
	Warn       int         `json:"warn_level" minimum:"0" maximum:"3"`
	Awaiting   bool        `json:"awaiting"`
	LastAt     time.Time   `json:"last_at"`
}

func (l Listed) wire(language string) rowJSON {
	r := rowJSON{ID: l.ID, Rev: l.Rev, Number: l.Number, Title: l.Title, State: l.State, Region: codedJSON{l.Region, l.RegionName},
		Problem: codedJSON{l.Problem, TypeName(language, l.Problem)}, AskedAt: l.AskedAt.Time, AnswerBy: l.DueAt.Time, AnsweredAt: when(l.AnsweredAt),
		Lawyer: card(l.Card), Breach: l.Breach, Rating: l.Rating, Awaiting: l.Awaiting, LastAt: l.LastAt.Time}
	if l.Awaiting {
		r.Warn = l.Warned.Warn()
	}
	return r
}

// callbackJSON is a call-back in a list.
type callbackJSON struct {
	ID    id.ID `json:"id"`
	Order struct {
		ID     id.ID  `json:"id"`
		Number string `json:"number"`
		Title  string `json:"title"`
	} `json:"order"`
	Level       Rating        `json:"level"`
	DueAt       time.Time     `json:"due_at"`
	State       CallbackState `json:"state"`
	LawyerDueAt *time.Time    `json:"lawyer_due_at,omitempty"`
	LawyerAt    *time.Time    `json:"lawyer_called_at,omitempty"`
	Overdue     bool          `json:"overdue"`
}

func (c *Callback) wire(number, title string, now time.Time) callbackJSON {
	j := callbackJSON{ID: c.ID, Level: c.Rating, DueAt: c.DueAt.Time, State: c.State, LawyerDueAt: when(c.LawyerDueAt), LawyerAt: when(c.LawyerAt),
		Overdue: c.Overdue(now) || c.LawyerAt.IsZero() && c.LawyerLate(now)} // somebody still owes a call
	j.Order.ID, j.Order.Number, j.Order.Title = c.Order, number, title
	return j
}

type attemptJSON struct {
	ID      id.ID     `json:"id"`
	Reached bool      `json:"reached"`
	Note    string    `json:"note"`
	At      time.Time `json:"at"`
}

type ledgerJSON struct {
	callbackJSON
	Contact struct {
		Name  string `json:"name"`
		Phone string `json:"phone"`
	} `json:"contact"`
	Question string        `json:"question"`
	Answer   *answerJSON   `json:"answer,omitempty"`
	Comment  string        `json:"comment,omitempty"`
	Attempts []attemptJSON `json:"attempts"`
	Result   *Result       `json:"result,omitempty"`
	Call     *struct {
		Summary string    `json:"summary"`
		At      time.Time `json:"at"`
	} `json:"lawyer_call,omitempty"`
	Missing []string `json:"missing" doc:"What is still to do before it can be closed, in the reader's language"`
}

// ledger writes a call-back with all that is known of it.
func (v *Seen) ledger(language string) *ledgerJSON {
	c := v.Call
	j := &ledgerJSON{callbackJSON: c.wire(v.Number, v.plain(v.Title), v.Now), Question: v.plain(v.Question), Answer: v.answerWire(),
		Comment: v.plain(v.Comment), Attempts: []attemptJSON{}, Missing: []string{}}
	j.Contact.Name, j.Contact.Phone = v.plain(v.Name), v.plain(v.Phone)
	for _, t := range v.Attempts {
		j.Attempts = append(j.Attempts, attemptJSON{t.ID, t.Reached, v.plain(t.Note), t.At.Time})
	}
	if !c.ResultAt.IsZero() {
		j.Result = &Result{Category: c.Category, Reason: v.plain(c.Reason), Details: v.plain(c.Details), Legal: c.Legal, Violation: c.Violation, Feedback: v.plain(c.Feedback)}
	}
	if !c.LawyerAt.IsZero() {
		j.Call = &struct {
			Summary string    `json:"summary"`
			At      time.Time `json:"at"`
		}{v.plain(c.Summary), c.LawyerAt.Time}
	}
	for _, key := range c.Missing() {
		j.Missing = append(j.Missing, say.Text(language, key, nil))
	}
	return j
}
