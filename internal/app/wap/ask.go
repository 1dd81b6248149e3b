package wap

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"mingfa/internal/base/id"
)

// choice is a code with its name: a region or a kind of problem.
type choice struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

type choices struct {
	Items []choice `json:"items"`
}

// question is what the forms of the three steps carry on, each hidden in the
// next.
type question struct {
	ID     string // of the order, made with the form
	Rev    string // the version of it in the visitor's account, "" for none
	Region string
	Place  string // its name, for the reader
	Text   string
	Type   string
	Name   string
	Phone  string
	Files  []attachment // uploaded already, in a form that was refused or kept
}

type askPage struct {
	frame
	Q         question
	Regions   []choice // step 1: what to choose from
	Suggested []choice // step 3
	Types     []choice
	CodeSent  bool
	Again     bool // files have to be chosen again

	Drafts []draft   // step 1: what he has begun
	Draft  string    // step 1: the ID of the order for which a place is chosen
	Kept   bool      // it was kept just now
	Opened time.Time // when what is opened was kept
	Other  *draft    // what another device has made of this question
}

// askPlace is step 1: the place, one list after the other until there is none
// below. The code stands in the address, it is nothing personal; for who is signed in so
// does the ID of the order to come: whoever goes back finds what was kept of it.
func (s *site) askPlace(v *visit) {
	query := v.r.URL.Query()
	code := query.Get("in")
	regions, err := s.regions(v, code)
	if err != nil {
		s.fail(v, err)
		return
	}
	p := &askPage{Q: question{ID: id.New().String()}, Regions: regions, Kept: query.Has("kept")}
	drafts := s.drafts(v)
	if d, err := id.Parse(query.Get("draft")); err == nil {
		p.Q.ID = d.String()
		if i := slices.IndexFunc(drafts, func(x draft) bool { return x.ID == p.Q.ID }); i >= 0 {
			p.Q, p.Opened = drafts[i].question(), drafts[i].KeptAt
		}
	} else if code == "" {
		p.Drafts = drafts
	}
	if v.api.cookie != "" {
		p.Draft = p.Q.ID
	}
	p.Q.Region, p.Q.Place = code, s.placeName(v, code)
	if code != "" && len(regions) == 0 {
		s.showQuestion(v, http.StatusOK, p)
		return
	}
	p.Title = v.t("wap.step_1")
	s.show(v, http.StatusOK, "place", p)
}

func (s *site) showQuestion(v *visit, status int, p *askPage) {
	if p.Q.Place == "" {
		p.Q.Place = s.placeName(v, p.Q.Region)
	}
	p.Title = v.t("wap.step_2")
	s.show(v, status, "question", p)
}

// regions gives the regions in one; in "" they are the provinces.
func (s *site) regions(v *visit, in string) ([]choice, error) {
	var list choices
	path := "/regions"
	if in != "" {
		path += "?parent=" + url.QueryEscape(in)
	}
	err := v.api.get(path, &list)
	return list.Items, err
}

// placeName spells a region out: 440106 lies in 440100 lies in 440000 (GB/T
// 2260). A code that is none has no name; asking refuses it.
func (s *site) placeName(v *visit, code string) string {
	if len(code) != 6 {
		return ""
	}
	province, city := code[:2]+"0000", code[:4]+"00"
	var names []string
	for _, level := range [][2]string{{"", province}, {province, city}, {city, code}} {
		list, err := s.regions(v, level[0])
		if err != nil {
			break
		}
		i := slices.IndexFunc(list, func(c choice) bool { return c.Code == level[1] })
		if i >= 0 {
			names = append(names, list[i].Name)
		}
		if level[1] == code {
			break
		}
	}
	return strings.Join(names, " ")
}

func (v *visit) question() question {
	return question{ID: v.field("id"), Rev: v.field("rev"), Region: v.field("region"), Text: v.field("question"), Type: v.field("type"),
		Name: v.field("name"), Phone: v.field("phone"), Files: v.kept()}
}

// askQuestion takes step 2 and shows step 3: the kind of problem, which the
// person decides, and how to reach him.
func (s *site) askQuestion(v *visit) {
	p := &askPage{Q: v.question()}
	again := func(status int) { s.showQuestion(v, status, p) }
	switch {
	case strings.TrimSpace(p.Q.Text) == "":
		p.Errors = map[string]string{"question": v.t("wap.question_needed")}
		again(http.StatusUnprocessableEntity)
	case v.field("do") == "keep":
		s.keepForLater(v, p, 2, again)
	case s.keptAlong(v, p, 3):
		again(http.StatusConflict)
	default:
		s.showContact(v, http.StatusOK, p)
	}
}

func (s *site) showContact(v *visit, status int, p *askPage) {
	var suggested, types choices
	_ = v.api.post("/problem-types/suggest", map[string]string{"question": p.Q.Text}, &suggested) // no suggestion is no error
	if err := v.api.get("/problem-types", &types); err != nil {
		s.fail(v, err)
		return
	}
	p.Suggested, p.Types = suggested.Items, types.Items
	if p.Q.Type == "" && len(p.Suggested) > 0 {
		p.Q.Type = p.Suggested[0].Code
	}
	if p.Q.Place == "" {
		p.Q.Place = s.placeName(v, p.Q.Region)
	}
	p.Title = v.t("wap.step_3")
	s.show(v, status, "contact", p)
}

// askContact takes step 3: sends a code, or signs in and asks.
func (s *site) askContact(v *visit) {
	p := &askPage{Q: v.question()}
	var me struct{}
	known := v.api.get("/me", &me) == nil
	if v.field("do") == "code" {
		err := v.api.post("/codes", map[string]string{"phone": strings.TrimSpace(p.Q.Phone)}, nil)
		p.CodeSent = err == nil
		s.contactAgain(v, p, err)
		return
	}
	if !known {
		p.CodeSent, p.Again = true, v.file != nil
		sign := map[string]string{"phone": strings.TrimSpace(p.Q.Phone), "code": strings.TrimSpace(v.field("code"))}
		if err := v.api.post("/sessions", sign, nil); err != nil {
			s.contactAgain(v, p, err)
			return
		}
	}
	var order struct {
		ID string `json:"id"`
	}
	var err error
	if p.Q.Files, err = v.upload(orderFiles(p.Q.ID)); err != nil {
		p.Again = true
		s.contactAgain(v, p, err)
		return
	}
	again := func(status int) { s.showContact(v, status, p) }
	if v.field("do") == "keep" {
		s.keepForLater(v, p, 3, again)
		return
	}
	if known && s.keptAlong(v, p, 3) {
		again(http.StatusConflict)
		return
	}
	asked := map[string]any{
		"id": p.Q.ID, "region": p.Q.Region, "question": p.Q.Text, "problem_type": p.Q.Type, "language": v.lang,
		"contact": map[string]string{"name": strings.TrimSpace(p.Q.Name)}, "source": "wap",
	}
	if len(p.Q.Files) > 0 {
		asked["attachments"] = naming(p.Q.Files)
	}
	if err := v.api.post("/orders", asked, &order); err != nil {
		if refusalOf(err).Code == "fault.conflict" { // somebody else's order: an address was passed on
			p.Q.ID, p.Q.Rev, p.Q.Files, p.Again = id.New().String(), "", nil, len(p.Q.Files) > 0
		}
		s.contactAgain(v, p, err)
		return
	}
	v.to(Path + "orders/" + url.PathEscape(order.ID) + "?sent=1")
}

var contactFields = map[string]string{"problem_type": "type", "contact.name": "name", "contact.phone": "phone"}

// contactAgain shows step 3 with what was refused; nothing typed is lost, and what is
// uploaded already is kept with it.
func (s *site) contactAgain(v *visit, p *askPage, err error) {
	status := http.StatusOK
	if err != nil {
		s.keptAlong(v, p, 3)
		r := refusalOf(err)
		status, p.Errors = r.Status, atFiles(r.at(contactFields))
		p.Problem = cmp.Or(r.Detail, v.t("wap.failed"))
	}
	s.showContact(v, status, p)
}
