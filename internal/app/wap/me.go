package wap

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"

	"mingfa/internal/base/say"
)

// What a person tells of himself (我的资料, Appendix B.1), as the portal's #/me: his
// name and the elements that the API says he may tell. All of it is his to give or
// to leave out.

// detail is an element that he may tell, with what he told or typed.
type detail struct {
	Code  string `json:"code"`
	Name  string `json:"name"`
	Kind  string `json:"kind"`
	Max   int    `json:"max"` // characters
	Value string `json:"-"`
}

// Field is its name in the form.
func (d detail) Field() string { return "e" + d.Code }

// Long tells whether it wants several lines.
func (d detail) Long() bool { return d.Max > 128 }

// Hint is the key of what stands under its name.
func (d detail) Hint() string {
	if d.Code == "20102" {
		return "me_user_name"
	}
	return "me_optional"
}

// Province is the one in which a region lies, or it itself (GB/T 2260).
func (d detail) Province() string { return provinceOf(d.Value) }

func provinceOf(code string) string {
	if len(code) != 6 {
		return ""
	}
	return code[:2] + "0000"
}

type mePage struct {
	frame
	Name      string
	Details   []detail
	Provinces []choice
	Cities    []choice // of the province that is chosen
	Saved     bool
}

// known is what the API knows of the visitor.
type known struct {
	Name   string
	Fields []detail
	Values map[string]string
}

func (s *site) known(v *visit) (k known, err error) {
	var me struct {
		Name string `json:"name"`
	}
	var told struct {
		Table  string            `json:"table"`
		Fields []detail          `json:"fields"`
		Values map[string]string `json:"values"`
	}
	if err := v.api.get("/me", &me); err != nil {
		return k, err
	}
	if err := v.api.get("/me/elements", &told); err != nil {
		return k, err
	}
	if told.Table != "users" { // a lawyer's file is at the desk
		return k, &refusal{Status: http.StatusNotFound, Detail: say.Text(v.lang, "fault.absent", nil)}
	}
	return known{me.Name, told.Fields, told.Values}, nil
}

func (s *site) me(v *visit) {
	k, err := s.known(v)
	if err != nil {
		s.fail(v, err)
		return
	}
	p := &mePage{Name: k.Name, Details: k.Fields, Saved: v.r.URL.Query().Has("saved")}
	for i, d := range p.Details {
		p.Details[i].Value = k.Values[d.Code]
	}
	s.showMe(v, http.StatusOK, p)
}

// showMe shows the form. A region is a province and then a city of it; the cities
// come with the page after that on which the province was chosen.
func (s *site) showMe(v *visit, status int, p *mePage) {
	p.Title = v.t("wap.me")
	for _, d := range p.Details {
		if d.Kind != "region" {
			continue
		}
		var err error
		if p.Provinces, err = s.regions(v, ""); err == nil && d.Province() != "" {
			p.Cities, err = s.regions(v, d.Province())
		}
		if err != nil {
			s.fail(v, err)
			return
		}
		// A place that no list has, an imported district, is kept and named.
		has := func(c choice) bool { return c.Code == d.Value }
		if d.Value != d.Province() && !slices.ContainsFunc(p.Cities, has) {
			p.Cities = append(p.Cities, choice{Code: d.Value, Name: cmp.Or(s.placeName(v, d.Value), d.Value)})
		}
	}
	s.show(v, status, "me", p)
}

// typed is what a form holds of an element.
func (v *visit) typed(d detail) string {
	value := strings.ReplaceAll(v.field(d.Field()), "\r\n", "\n")
	if d.Kind != "region" {
		return value
	}
	if city := v.field(d.Field() + "-city"); value != "" && provinceOf(city) == value {
		return city
	}
	return value
}

// changeMe keeps what was changed. What was refused is shown again as it was typed, with words beside it.
func (s *site) changeMe(v *visit) {
	k, err := s.known(v)
	if err != nil {
		s.fail(v, err)
		return
	}
	p := &mePage{Name: v.field("name"), Details: k.Fields}
	changed, form := map[string]string{}, map[string]string{}
	for i, d := range p.Details {
		p.Details[i].Value = v.typed(d)
		form["values."+d.Code] = d.Field()
		if p.Details[i].Value != k.Values[d.Code] {
			changed[d.Code] = p.Details[i].Value
		}
	}
	status, errs := http.StatusOK, map[string]string{}
	patch := func(path string, body any) {
		if err := v.api.call(http.MethodPatch, path, body, nil); err != nil {
			r := refusalOf(err)
			maps.Copy(errs, r.at(form))
			status, p.Problem = r.Status, cmp.Or(r.Detail, v.t("wap.failed"))
		}
	}
	if name := strings.TrimSpace(p.Name); name != k.Name {
		patch("/me", map[string]string{"name": name})
	}
	if len(changed) > 0 {
		patch("/me/elements", map[string]any{"values": changed})
	}
	if status == http.StatusOK {
		v.to(Path + "me?saved=1")
		return
	}
	p.Errors = errs
	s.showMe(v, status, p)
}
