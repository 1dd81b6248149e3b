package wap

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// row is an order in the list of the own records.
type row struct {
	ID         string    `json:"id"`
	Number     string    `json:"number"`
	Title      string    `json:"title"`
	State      string    `json:"state"`
	Problem    choice    `json:"problem_type"`
	AskedAt    time.Time `json:"asked_at"`
	AnswerBy   time.Time `json:"answer_by"`
	AnsweredAt time.Time `json:"answered_at"`
	Rating     string    `json:"rating_level"`
	Awaiting   bool      `json:"awaiting"`
}

// order is an order as its owner sees it.
type order struct {
	row
	Region   choice    `json:"region"`
	Question string    `json:"question"`
	ReadAt   time.Time `json:"read_at"`
	Lawyer   *struct {
		Name string `json:"name"`
		Firm string `json:"firm"`
	} `json:"lawyer"`
	Messages []message `json:"messages"`
	Answer   *answer   `json:"answer"`
	Rated    *struct {
		Level   string `json:"level"`
		Comment string `json:"comment"`
	} `json:"rating"`
	Files    []attachment `json:"attachments"`
	Callback *struct {
		State string    `json:"state"`
		DueAt time.Time `json:"due_at"`
	} `json:"callback"`
	Next struct {
		Text string    `json:"text"`
		By   time.Time `json:"by"`
	} `json:"next"`
	Can    []string `json:"can"`
	Erased bool     `json:"erased"`
}

type message struct {
	ID     string    `json:"id"`
	N      int       `json:"n"`
	Role   string    `json:"role"`
	Text   string    `json:"text"`
	At     time.Time `json:"at"`
	Erased bool      `json:"erased"`

	Files []attachment `json:"attachments"`
}

type answer struct {
	Opening    string    `json:"opening"`
	Judgement  string    `json:"judgement"`
	Text       string    `json:"text"`
	Basis      []basis   `json:"basis"`
	NoBasis    string    `json:"no_basis_reason"`
	Advice     []string  `json:"advice"`
	Disclaimer string    `json:"disclaimer"`
	Closing    string    `json:"closing"`
	At         time.Time `json:"at"`

	Files []attachment `json:"attachments"`
}

type basis struct {
	Law     string `json:"law"`
	Article string `json:"article"`
	Checked bool   `json:"checked"`
}

// May tells whether the viewer may do a verb now.
func (o *order) May(verb string) bool { return slices.Contains(o.Can, verb) }

// With is a list of files with their order, for the template that shows them.
func (o *order) With(files []attachment) fileLinks {
	return fileLinks{"/api/v1" + orderFiles(o.ID), files}
}

// FollowUp is what was said besides the question and the first reply, which have
// their own places on the page.
func (o *order) FollowUp() []message {
	list := slices.SortedFunc(slices.Values(o.Messages), func(a, b message) int { return cmp.Compare(a.N, b.N) })
	drop := func(role, text string) {
		if i := slices.IndexFunc(list, func(m message) bool { return m.Role == role && m.Text == text }); i >= 0 {
			list = slices.Delete(list, i, i+1)
		}
	}
	drop("citizen", o.Question)
	if o.Answer != nil {
		drop("lawyer", o.Answer.Text)
	}
	return list
}

type ordersPage struct {
	frame
	Items []row
	Next  string
}

func (s *site) orders(v *visit) {
	var list struct {
		Items []row  `json:"items"`
		Next  string `json:"next_cursor"`
	}
	path := "/orders?limit=20"
	if c := v.r.URL.Query().Get("cursor"); c != "" {
		path += "&cursor=" + url.QueryEscape(c)
	}
	if err := v.api.get(path, &list); err != nil {
		s.fail(v, err)
		return
	}
	p := &ordersPage{Items: list.Items, Next: list.Next}
	p.Title = v.t("wap.records")
	s.show(v, http.StatusOK, "orders", p)
}

type orderPage struct {
	frame
	O       *order
	Sent    bool   // he has just asked
	Said    string // what he typed and was refused
	Comment string
	Level   string
	Levels  []string
	Files   []attachment // uploaded already, in a form that was refused
	Again   bool         // files have to be chosen again
	Facts   []fact       // what happened so far
	SayID   string       // IDs of what the forms make, kept when one was refused
	RateID  string
}

// levels are the five of T7, best first.
var levels = []string{"very_satisfied", "satisfied", "general", "dissatisfied", "very_dissatisfied"}

func (s *site) order(v *visit) {
	s.showOrder(v, http.StatusOK, &orderPage{Sent: v.r.URL.Query().Has("sent")})
}

// showOrder shows an order. A reply that is on the page is read: that is noted.
func (s *site) showOrder(v *visit, status int, p *orderPage) {
	p.O, p.Levels = &order{}, levels
	path := "/orders/" + url.PathEscape(v.r.PathValue("id"))
	if err := v.api.get(path, p.O); err != nil {
		s.fail(v, err)
		return
	}
	if p.O.Answer != nil && p.O.ReadAt.IsZero() && p.O.May("read") {
		if v.api.post(path+"/read", struct{}{}, nil) == nil {
			_ = v.api.get(path, p.O) // with its mark; else as it was
		}
	}
	p.Facts = s.timeline(v, path)
	p.Title = cmp.Or(p.O.Title, p.O.Number)
	s.show(v, status, "order", p)
}

// fact is a line of what happened to an order, in the visitor's language.
type fact struct {
	At       time.Time `json:"at"`
	Sentence string    `json:"sentence"`
}

// maxFacts bounds what a page tells of what happened; an order has some dozens.
const maxFacts = 1000

// timeline reads what happened to an order. An order is shown without it, should it
// not be given.
func (*site) timeline(v *visit, order string) (all []fact) {
	for cursor := ""; len(all) < maxFacts; {
		var page struct {
			Items []fact `json:"items"`
			Next  string `json:"next_cursor"`
		}
		path := order + "/facts"
		if cursor != "" {
			path += "?cursor=" + url.QueryEscape(cursor)
		}
		if v.api.get(path, &page) != nil {
			return all
		}
		all = append(all, page.Items...)
		if cursor = page.Next; cursor == "" {
			return all
		}
	}
	return all
}

func (s *site) askBack(v *visit) {
	text := v.field("text")
	p := &orderPage{Said: text, SayID: v.field("id")}
	var err error
	if p.Files, err = v.upload(orderFiles(v.r.PathValue("id"))); err != nil {
		p.Again = true
		s.refused(v, p, err)
		return
	}
	if strings.TrimSpace(text) == "" {
		p.Errors = map[string]string{"text": v.t("wap.question_needed")}
		s.showOrder(v, http.StatusUnprocessableEntity, p)
		return
	}
	said := map[string]any{"id": p.SayID, "text": text}
	if len(p.Files) > 0 {
		said["attachments"] = naming(p.Files)
	}
	s.sent(v, p, "/messages", said)
}

func (s *site) rate(v *visit) {
	p := &orderPage{Level: v.field("level"), Comment: v.field("comment"), RateID: v.field("id")}
	if !slices.Contains(levels, p.Level) {
		p.Errors = map[string]string{"level": v.t("wap.rate_needed")}
		s.showOrder(v, http.StatusUnprocessableEntity, p)
		return
	}
	body := map[string]string{"id": p.RateID, "level": p.Level}
	if c := strings.TrimSpace(p.Comment); c != "" {
		body["comment"] = c
	}
	s.sent(v, p, "/rating", body)
}

// sent posts to the order and shows it again: by a GET, or with the refusal.
func (s *site) sent(v *visit, p *orderPage, verb string, body any) {
	order := url.PathEscape(v.r.PathValue("id"))
	err := v.api.post("/orders/"+order+verb, body, nil)
	if err == nil {
		v.to(Path + "orders/" + order)
		return
	}
	s.refused(v, p, err)
}

// refused shows the order again with what was refused.
func (s *site) refused(v *visit, p *orderPage, err error) {
	r := refusalOf(err)
	if r.Status == http.StatusUnauthorized {
		s.fail(v, err)
		return
	}
	p.Errors, p.Problem = atFiles(r.at(nil)), cmp.Or(r.Detail, v.t("wap.failed"))
	s.showOrder(v, r.Status, p)
}

type inboxPage struct {
	frame
	Items []note
	Next  string
}

type note struct {
	ID     string    `json:"id"`
	Text   string    `json:"text"`
	Order  string    `json:"order"`
	At     time.Time `json:"at"`
	ReadAt time.Time `json:"read_at"`
}

// inbox shows the messages; those shown are read.
func (s *site) inbox(v *visit) {
	p := &inboxPage{}
	var list struct {
		Items []note `json:"items"`
		Next  string `json:"next_cursor"`
	}
	path := "/inbox"
	if c := v.r.URL.Query().Get("cursor"); c != "" {
		path += "?cursor=" + url.QueryEscape(c)
	}
	if err := v.api.get(path, &list); err != nil {
		s.fail(v, err)
		return
	}
	for _, n := range list.Items {
		if n.ReadAt.IsZero() {
			_ = v.api.post("/inbox/"+url.PathEscape(n.ID)+"/read", nil, nil) // stays unread, no more
		}
	}
	p.Items, p.Next, p.Title = list.Items, list.Next, v.t("wap.inbox")
	s.show(v, http.StatusOK, "inbox", p)
}
