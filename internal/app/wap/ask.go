package wap

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

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
	Region string
	Place  string // its name, for the reader
	Text   string
	Type   string
	Name   string
	Phone  string
	Files  []attachment // uploaded already, in a form that was refused
}

type askPage struct {
	frame
	Q         question
	Regions   []choice // step 1: what to choose from
	Suggested []choice // step 3
	Types     []choice
	CodeSent  bool
	Again     bool // files have to be chosen again
}

// askPlace is step 1: the place, one list after the other until there is none
// below. The code stands in the address, it is nothing personal.
func (s *site) askPlace(v *visit) {
	code := v.r.URL.Query().Get("in")
	regions, err := s.regions(v, code)
	if err != nil {
		s.fail(v, err)
		return
	}
	p := &askPage{Q: question{ID: id.New().String(), Region: code, Place: s.placeName(v, code)}, Regions: regions}
	if code != "" && len(regions) == 0 {
		p.Title = v.t("wap.step_2")
		s.show(v, http.StatusOK, "question", p)
		return
	}
	p.Title = v.t("wap.step_1")
	s.show(v, http.StatusOK, "place", p)
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
	return question{ID: v.field("id"), Region: v.field("region"), Text: v.field("question"), Type: v.field("type"),
		Name: v.field("name"), Phone: v.field("phone")}
}

// askQuestion takes step 2 and shows step 3: the kind of problem, which the
// person decides, and how to reach him.
func (s *site) askQuestion(v *visit) {
	q := v.question()
	if strings.TrimSpace(q.Text) == "" {
		p := &askPage{Q: q}
		p.Q.Place = s.placeName(v, q.Region)
		p.Title, p.Errors = v.t("wap.step_2"), map[string]string{"question": v.t("wap.question_needed")}
		s.show(v, http.StatusUnprocessableEntity, "question", p)
		return
	}
	s.showContact(v, http.StatusOK, &askPage{Q: q})
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
	p.Q.Place, p.Title = s.placeName(v, p.Q.Region), v.t("wap.step_3")
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
	asked := map[string]any{
		"id": p.Q.ID, "region": p.Q.Region, "question": p.Q.Text, "problem_type": p.Q.Type, "language": v.lang,
		"contact": map[string]string{"name": strings.TrimSpace(p.Q.Name)}, "source": "wap",
	}
	if len(p.Q.Files) > 0 {
		asked["attachments"] = naming(p.Q.Files)
	}
	if err := v.api.post("/orders", asked, &order); err != nil {
		s.contactAgain(v, p, err)
		return
	}
	v.to(Path + "orders/" + url.PathEscape(order.ID) + "?sent=1")
}

var contactFields = map[string]string{"problem_type": "type", "contact.name": "name", "contact.phone": "phone"}

// contactAgain shows step 3 with what was refused; nothing typed is lost.
func (s *site) contactAgain(v *visit, p *askPage, err error) {
	status := http.StatusOK
	if err != nil {
		r := refusalOf(err)
		status, p.Errors = r.Status, atFiles(r.at(contactFields))
		p.Problem = cmp.Or(r.Detail, v.t("wap.failed"))
	}
	s.showContact(v, status, p)
}
