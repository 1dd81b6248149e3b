package wap

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"mingfa/internal/base/say"
)

// What somebody who is signed in has begun to ask (B5.2.4): kept in his account by each
// step of the form, so that he goes on with it here or on the portal. The form carries
// the version it was made upon; where another device has gone on, the page shows that
// one beside this form and leaves the choice to him.

// draft is a begun question as the API has it.
type draft struct {
	ID       string       `json:"id"`
	Rev      int64        `json:"rev"`
	KeptAt   time.Time    `json:"kept_at"`
	Step     int          `json:"step"`
	Region   string       `json:"region"`
	Place    []choice     `json:"place"`
	Question string       `json:"question"`
	Type     *choice      `json:"problem_type"`
	Contact  contact      `json:"contact"`
	Files    []attachment `json:"attachments"`
}

type contact struct {
	Name  string `json:"name"`
	Phone string `json:"phone,omitempty"`
}

// Snippet is how it begins.
func (d draft) Snippet() string {
	text := []rune(strings.TrimSpace(d.Question))
	if len(text) > 60 {
		return string(text[:60]) + "…"
	}
	return string(text)
}

// question is the form that goes on with it. What never arrived can't be carried on.
func (d draft) question() question {
	q := question{ID: d.ID, Rev: strconv.FormatInt(d.Rev, 10), Region: d.Region, Text: d.Question, Name: d.Contact.Name, Phone: d.Contact.Phone}
	if d.Type != nil {
		q.Type = d.Type.Code
	}
	var names []string
	for _, p := range d.Place {
		names = append(names, p.Name)
	}
	q.Place = strings.Join(names, " ")
	for _, f := range d.Files {
		if f.Kind != "" {
			q.Files = append(q.Files, f)
		}
	}
	return q
}

// drafts are those of the visitor; none of who isn't signed in.
func (s *site) drafts(v *visit) (list []draft) {
	if v.api.cookie == "" {
		return nil
	}
	var all struct{ Items []draft }
	_ = v.api.get("/me/drafts", &all) // without them one asks anew
	return all.Items
}

func (s *site) draft(v *visit, id string) *draft {
	list := s.drafts(v)
	if i := slices.IndexFunc(list, func(d draft) bool { return d.ID == id }); i >= 0 {
		return &list[i]
	}
	return nil
}

// keep keeps what was typed in the account; the form goes on from the version that the
// API answers.
func (s *site) keep(v *visit, q *question, step int) error {
	body := map[string]any{"step": step, "region": q.Region, "question": q.Text, "problem_type": q.Type,
		"contact": contact{Name: strings.TrimSpace(q.Name)}, "attachments": naming(q.Files)}
	var kept draft
	err := v.api.upon(http.MethodPut, "/me/drafts/"+url.PathEscape(q.ID), q.Rev, body, &kept)
	if err == nil {
		q.Rev = strconv.FormatInt(kept.Rev, 10)
	}
	return err
}

// keptAlong is keep by a step that goes on anyway: it tells whether the visitor has to
// look first, and puts into the page at what. Who isn't signed in, or has too many, goes
// on with the form alone.
func (s *site) keptAlong(v *visit, p *askPage, step int) (stop bool) {
	if v.api.cookie == "" {
		return false
	}
	err := s.keep(v, &p.Q, step)
	if err == nil {
		return false
	}
	switch r := refusalOf(err); {
	case r.Code == "consult.draft_sent":
		p.Problem = r.Detail
		return true
	case r.Status == http.StatusConflict && r.Code == "fault.stale":
		if s.stale(v, p) {
			return true
		}
		_ = s.keep(v, &p.Q, step) // again, or it stays in the form
	}
	return false
}

// stale finds the version of the other device. One that was thrown away there is begun
// anew by this form.
func (s *site) stale(v *visit, p *askPage) (stop bool) {
	d := s.draft(v, p.Q.ID)
	if d == nil {
		p.Q.Rev = ""
		return false
	}
	p.Other, p.Q.Rev = d, strconv.FormatInt(d.Rev, 10)
	return true
}

// keepForLater is the button: it keeps and leads to the list, or says why it can't.
func (s *site) keepForLater(v *visit, p *askPage, step int, again func(status int)) {
	err := s.keep(v, &p.Q, step)
	if err == nil {
		v.to(Path + "ask?kept=1")
		return
	}
	r := refusalOf(err)
	if r.Code == "fault.stale" && !s.stale(v, p) {
		if err = s.keep(v, &p.Q, step); err == nil {
			v.to(Path + "ask?kept=1")
			return
		}
		r = refusalOf(err)
	}
	if p.Other == nil {
		p.Problem, p.Errors = r.Detail, r.at(contactFields)
	}
	again(r.Status)
}

// goOn opens the form where it was left; a place that was not chosen to the end first.
func (s *site) goOn(v *visit) {
	d := s.draft(v, v.r.PathValue("id"))
	if d == nil {
		s.notThere(v)
		return
	}
	below, err := s.regions(v, d.Region)
	if err != nil {
		s.fail(v, err)
		return
	}
	if d.Region == "" || len(below) > 0 {
		v.to(Path + "ask?draft=" + url.QueryEscape(d.ID) + "&in=" + url.QueryEscape(d.Region))
		return
	}
	p := &askPage{Q: d.question(), Opened: d.KeptAt}
	p.Again = len(p.Q.Files) < len(d.Files)
	if d.Step == 3 {
		s.showContact(v, http.StatusOK, p)
		return
	}
	s.showQuestion(v, http.StatusOK, p)
}

type throwPage struct {
	frame
	Draft draft
}

// throwAsked asks once more.
func (s *site) throwAsked(v *visit) {
	d := s.draft(v, v.r.PathValue("id"))
	if d == nil {
		s.notThere(v)
		return
	}
	p := &throwPage{Draft: *d}
	p.Title = v.t("wap.throw_title")
	s.show(v, http.StatusOK, "throw", p)
}

// throwAway throws a begun question away: the version that was seen. One that is gone
// already is gone.
func (s *site) throwAway(v *visit) {
	path := "/me/drafts/" + url.PathEscape(v.r.PathValue("id"))
	if err := v.api.upon(http.MethodDelete, path, v.field("rev"), nil, nil); err != nil && refusalOf(err).Status != http.StatusNotFound {
		s.fail(v, err)
		return
	}
	v.to(Path + "ask")
}

// draftTexts are of begun questions.
var draftTexts = map[string]say.Texts{
	"wap.begun":        {Hans: "您有没写完的咨询", Hant: "您有未寫完的諮詢", En: "You began a question"},
	"wap.begun_at":     {Hans: "{when} 写到这里", Hant: "{when} 寫到這裏", En: "Written up to here {when}"},
	"wap.go_on":        {Hans: "接着写", Hant: "繼續寫", En: "Go on with it"},
	"wap.throw_away":   {Hans: "扔掉", Hant: "捨棄", En: "Throw it away"},
	"wap.throw_title":  {Hans: "扔掉这份咨询？", Hant: "捨棄這份諮詢？", En: "Throw this question away?"},
	"wap.throw_sure":   {Hans: "扔掉后找不回来。", Hant: "捨棄後無法找回。", En: "It can’t be brought back."},
	"wap.throw_yes":    {Hans: "确定扔掉", Hant: "確定捨棄", En: "Yes, throw it away"},
	"wap.throw_no":     {Hans: "不，留着", Hant: "不，保留", En: "No, keep it"},
	"wap.or_new":       {Hans: "也可以在下面问一个新的问题。", Hant: "亦可在下面問一個新的問題。", En: "Or ask something new below."},
	"wap.keep_later":   {Hans: "保存，以后接着写", Hant: "保存，稍後繼續寫", En: "Keep it and go on later"},
	"wap.kept_note":    {Hans: "已保存到您的账号。换一台手机或电脑，登录后也能接着写。", Hant: "已保存到您的帳戶。換一部手機或電腦，登入後亦可繼續寫。", En: "Kept in your account. You can go on with it on another device when you sign in there."},
	"wap.opened":       {Hans: "这是您 {when} 保存的内容，请接着写。", Hant: "這是您 {when} 保存的內容，請繼續寫。", En: "This is what you kept {when}. Please go on."},
	"wap.stale":        {Hans: "您在另一台设备上改过这份咨询", Hant: "您在另一部裝置上改過這份諮詢", En: "You changed this question on another device"},
	"wap.stale_at":     {Hans: "另一台设备 {when} 保存的是：", Hant: "另一部裝置 {when} 保存的是：", En: "On the other device, kept {when}:"},
	"wap.stale_theirs": {Hans: "用另一台设备的", Hant: "用另一部裝置的", En: "Take that one"},
	"wap.stale_mine":   {Hans: "要用您在这里写的，请在下面继续。", Hant: "如要用您在這裏寫的，請在下面繼續。", En: "To keep what you wrote here, go on below."},
}
