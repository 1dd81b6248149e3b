package quality

import (
	"time"

	"mingfa/internal/base/attach"
	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
	"mingfa/internal/base/setting"
	"mingfa/internal/public/consult"
	"mingfa/internal/public/lawyer"
)

// The room on the wire.

type cardJSON struct {
	ID       id.ID  `json:"id"`
	Name     string `json:"name"`
	Nickname string `json:"nickname"`
	Firm     string `json:"firm"`
}

func cardOf(c *lawyer.Card) *cardJSON {
	if c == nil {
		return nil
	}
	return &cardJSON{c.ID, c.Name, c.Nickname, c.Firm}
}

// SampleJSON is a sample in a list. Exported, because huma sees no others when
// embedded.
type SampleJSON struct {
	ID          id.ID       `json:"id"`
	Order       id.ID       `json:"order"`
	Rev         int64       `json:"rev"`
	Number      string      `json:"number"`
	ProblemType string      `json:"problem_type"`
	Problem     string      `json:"problem"`
	Month       string      `json:"month"`
	Lawyer      *cardJSON   `json:"lawyer,omitempty"`
	Drawn       bool        `json:"drawn" doc:"At random; otherwise a person added it"`
	State       State       `json:"state" enum:"open,checked,disputed,differing,final,void"`
	SampledAt   time.Time   `json:"sampled_at"`
	DueAt       *time.Time  `json:"due_at,omitempty" doc:"End of the time to dispute, or when the further check is due"`
	Result      *resultJSON `json:"result,omitempty" doc:"Absent while there is none or it is disputed"`
}

type resultJSON struct {
	Fatal bool `json:"fatal" doc:"At least one fatal item"`
	Minor bool `json:"minor" doc:"At least one non-fatal item"`
	Final bool `json:"final"`
}

func (l Listed) wire(language string) SampleJSON {
	out := SampleJSON{ID: l.ID, Order: l.Order, Rev: l.Rev, Number: l.Number, ProblemType: l.Problem, Problem: consult.TypeName(language, l.Problem),
		Month: l.Month, Lawyer: cardOf(l.Card), Drawn: l.Drawn, State: l.State, SampledAt: l.SampledAt.Time}
	if !l.DueAt.IsZero() {
		out.DueAt = &l.DueAt.Time
	}
	if l.Settled() {
		out.Result = &resultJSON{l.Fatal, l.Minor, l.State == Final}
	}
	return out
}

type itemJSON struct {
	Code  Code   `json:"code"`
	Fatal bool   `json:"fatal"`
	Text  string `json:"text"`
}

type hintJSON struct {
	Text string `json:"text"`
	Item Code   `json:"item,omitempty"`
}

type madeJSON struct {
	Round   int       `json:"round"`
	At      time.Time `json:"at"`
	By      id.ID     `json:"by,omitzero"`
	Marks   []Mark    `json:"marks"`
	Fatal   int       `json:"fatal"`
	Minor   int       `json:"minor"`
	Summary string    `json:"summary,omitempty"`
}

type replyJSON struct {
	Question   string         `json:"question"`
	Title      string         `json:"title"`
	Region     string         `json:"region"`
	Language   string         `json:"language"`
	AskedAt    time.Time      `json:"asked_at"`
	AnsweredAt time.Time      `json:"answered_at"`
	Late       bool           `json:"late"`
	Opening    string         `json:"opening"`
	Answer     consult.Draft  `json:"answer"`
	Known      []bool         `json:"basis_known" doc:"Citation by citation: found in the loaded statutes"`
	Own        int            `json:"own_length"`
	Disclaimer string         `json:"disclaimer"`
	Closing    string         `json:"closing"`
	Messages   []consult.Line `json:"messages"`

	QuestionFiles []attach.AttachmentJSON `json:"question_attachments" doc:"Files beside the question; read them below /quality/samples/{id}/attachments"`
	AnswerFiles   []attach.AttachmentJSON `json:"answer_attachments"`

	Rating  *consult.Rating `json:"rating,omitempty"`
	Comment string          `json:"comment,omitempty"`
	Erased  bool            `json:"erased"`
}

func replyOf(x consult.Inspected) replyJSON {
	out := replyJSON{Question: x.Question, Title: x.Title, Region: x.RegionName, Language: x.Language, AskedAt: x.AskedAt, AnsweredAt: x.AnsweredAt,
		Late: x.Breach, Opening: x.Templates.Opening, Answer: x.Draft, Known: x.Known, Own: x.Own, Disclaimer: x.Templates.Disclaimer,
		Closing: x.Templates.Closing, Messages: x.Messages, QuestionFiles: x.QuestionFiles, AnswerFiles: x.AnswerFiles, Comment: x.Comment, Erased: x.Erased}
	if x.Rated != "" {
		out.Rating = &x.Rated
	}
	if out.Messages == nil {
		out.Messages = []consult.Line{}
	}
	if out.Known == nil {
		out.Known = []bool{}
	}
	return out
}

type detailJSON struct {
	SampleJSON
	Reply   replyJSON  `json:"reply" doc:"What was asked and answered, without contact data"`
	Items   []itemJSON `json:"items" doc:"The catalogue of the check"`
	Hints   []hintJSON `json:"hints" doc:"What rules noticed; only a person marks"`
	Checks  []madeJSON `json:"checks" doc:"The cards that the actor may know"`
	Reason  string     `json:"reason,omitempty" doc:"Why a person added it"`
	Dispute string     `json:"dispute,omitempty" doc:"The lawyer's words"`
	Can     []string   `json:"can"`
}

func (v *Seen) wire(language string) *detailJSON {
	out := &detailJSON{SampleJSON: v.Listed.wire(language), Reply: replyOf(v.Order), Items: []itemJSON{}, Hints: []hintJSON{}, Checks: []madeJSON{},
		Reason: v.Reason, Dispute: v.Dispute, Can: v.Can}
	for _, x := range v.Items {
		out.Items = append(out.Items, itemJSON{x.Code, x.Fatal, x.Text.in(language)})
	}
	for _, h := range v.Hints {
		out.Hints = append(out.Hints, hintJSON{say.Text(language, h.Key, nil), h.Item})
	}
	for _, m := range v.Checks {
		made := madeJSON(m)
		if made.Marks == nil {
			made.Marks = []Mark{}
		}
		out.Checks = append(out.Checks, made)
	}
	return out
}

type countJSON struct {
	Sampled   int64    `json:"sampled"`
	Inspected int64    `json:"inspected" doc:"With an undisputed result: the sample size of the rates"`
	Disputed  int64    `json:"disputed"`
	Fatal     rateJSON `json:"fatal" doc:"Inspected orders with at least one fatal item (B7.T1e)"`
	Minor     rateJSON `json:"minor" doc:"Inspected orders with at least one non-fatal item (B7.T1f)"`
}

type rateJSON struct {
	Num     int64  `json:"num"`
	Den     int64  `json:"den"`
	Text    string `json:"text"`
	Exceeds bool   `json:"exceeds" doc:"Above its mark"`
}

func rateOf(r consult.Rate, percent int64) rateJSON {
	return rateJSON{r.Num, r.Den, r.Text(), Exceeds(r, percent)}
}

func (c Count) wire(l Limits) countJSON {
	return countJSON{c.Sampled, c.Inspected, c.Disputed, rateOf(c.FatalRate(), l.FatalPercent), rateOf(c.MinorRate(), l.MinorPercent)}
}

type ratesJSON struct {
	Lawyer     *cardJSON `json:"lawyer,omitempty"`
	LawyerID   id.ID     `json:"lawyer_id,omitzero"`
	Population int64     `json:"population,omitempty" doc:"Answered orders of the month at the last draw"`
	Drawn      countJSON `json:"drawn" doc:"At random"`
	Added      countJSON `json:"added" doc:"Added by persons, kept apart"`
}

func (r LawyerRates) wire(l Limits) ratesJSON {
	return ratesJSON{cardOf(r.Card), r.Lawyer, r.Population, r.Drawn.wire(l), r.Added.wire(l)}
}

type drawJSON struct {
	At         time.Time `json:"at"`
	Leaf       int64     `json:"leaf" doc:"Drawn from the facts below it"`
	Seed       Seed      `json:"seed"`
	Percent    int       `json:"percent"`
	Population int       `json:"population"`
	Orders     []id.ID   `json:"orders"`
	Same       bool      `json:"same" doc:"Drawing again gave the same"`
}

// HandDrawJSON is a draw by hand.
type HandDrawJSON struct {
	ID         id.ID     `json:"id"`
	Lawyer     id.ID     `json:"lawyer"`
	At         time.Time `json:"at"`
	By         string    `json:"by,omitempty" doc:"Who drew; absent when erased"`
	Reason     string    `json:"reason,omitempty" doc:"Absent when erased"`
	From       time.Time `json:"from"`
	To         time.Time `json:"to" doc:"Answers before this instant"`
	Within     id.ID     `json:"within" doc:"The organisation whose orders were drawn from, with those below"`
	Leaf       int64     `json:"leaf" doc:"Drawn from the facts below it"`
	Given      Code      `json:"given,omitempty" doc:"The seed as it was given; absent: made from the signed log"`
	Seed       Seed      `json:"seed"`
	Percent    int       `json:"percent"`
	Population int       `json:"population"`
	Fresh      int       `json:"fresh" doc:"How many of them were not to be inspected before"`
	Orders     []id.ID   `json:"orders"`
	Same       bool      `json:"same" doc:"Drawing again gave the same"`
}

func (v HandDrawSeen) wire() HandDrawJSON {
	e := v.Fact
	return HandDrawJSON{ID: v.ID, Lawyer: e.Lawyer, At: v.At, By: v.By, Reason: v.Reason, From: e.From.Time, To: e.To.Time, Within: e.Within, Leaf: e.Leaf,
		Given: e.Given, Seed: e.Seed, Percent: e.Percent, Population: e.Population, Fresh: e.Fresh, Orders: e.Orders, Same: v.Same}
}

type catalogueJSON struct {
	Items   []Item    `json:"items"`
	Version int64     `json:"version"`
	From    time.Time `json:"from,omitzero" required:"false"`
}

func catalogueJSONOf(v setting.Value[Catalogue]) catalogueJSON {
	return catalogueJSON{v.Value, v.Version, v.From}
}

type limitsJSON struct {
	Limits
	Version int64     `json:"version"`
	From    time.Time `json:"from,omitzero" required:"false"`
}

// CaseJSON is an intervention in a list. Exported, because huma sees no others
// when embedded.
type CaseJSON struct {
	ID       id.ID      `json:"id"`
	Rev      int64      `json:"rev"`
	Lawyer   *cardJSON  `json:"lawyer,omitempty"`
	State    CaseState  `json:"state" enum:"open,closed,lapsed"`
	OpenedAt time.Time  `json:"opened_at"`
	ClosedAt *time.Time `json:"closed_at,omitempty"`
	Category Category   `json:"category,omitempty"`
	Measures int        `json:"measures" doc:"How many were taken"`
	// Satisfaction is that of the period when it opened (B7.1.4.1).
	Satisfaction struct {
		Num  int64  `json:"num"`
		Den  int64  `json:"den"`
		Text string `json:"text"`
	} `json:"satisfaction"`
}

func (l ListedCase) wire() CaseJSON {
	out := CaseJSON{ID: l.ID, Rev: l.Rev, Lawyer: cardOf(l.Card), State: l.State, OpenedAt: l.OpenedAt.Time, Category: l.Category, Measures: l.Measures}
	r := consult.Rate{Num: int64(l.Satisfied), Den: int64(l.Rated)}
	out.Satisfaction.Num, out.Satisfaction.Den, out.Satisfaction.Text = r.Num, r.Den, r.Text()
	if !l.ClosedAt.IsZero() {
		out.ClosedAt = &l.ClosedAt.Time
	}
	return out
}

type measureJSON struct {
	ID    id.ID       `json:"id"`
	Kind  MeasureKind `json:"kind"`
	Words string      `json:"words"`
	At    time.Time   `json:"at"`
	By    id.ID       `json:"by"`
}

type caseDetailJSON struct {
	CaseJSON
	Cause      string        `json:"cause,omitempty"`
	Checks     []id.ID       `json:"checks" doc:"Samples that show it (B7.1.4.1b)"`
	Taken      []measureJSON `json:"taken" doc:"The measures"`
	Conclusion string        `json:"conclusion,omitempty"`
}
