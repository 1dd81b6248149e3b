package wap

import (
	"cmp"
	"net/http"
	"strings"
)

type signInPage struct {
	frame
	Next     string
	Phone    string
	CodeSent bool
}

func (s *site) signInPage(v *visit) {
	p := &signInPage{Next: inside(v.r.URL.Query().Get("next"), Path+"orders")}
	p.Title = v.t("wap.sign_in")
	s.show(v, http.StatusOK, "signin", p)
}

// signIn sends a code, or takes it.
func (s *site) signIn(v *visit) {
	p := &signInPage{Next: inside(v.field("next"), Path+"orders"), Phone: v.field("phone")}
	p.Title = v.t("wap.sign_in")
	phone := strings.TrimSpace(p.Phone)
	var err error
	if v.field("do") == "code" {
		err = v.api.post("/codes", map[string]string{"phone": phone}, nil)
		p.CodeSent = err == nil
	} else {
		p.CodeSent = true
		err = v.api.post("/sessions", map[string]string{"phone": phone, "code": strings.TrimSpace(v.field("code"))}, nil)
		if err == nil {
			v.to(p.Next)
			return
		}
	}
	status := http.StatusOK
	if err != nil {
		r := refusalOf(err)
		status, p.Errors, p.Problem = r.Status, r.at(nil), cmp.Or(r.Detail, v.t("wap.failed"))
	}
	s.show(v, status, "signin", p)
}

func (s *site) signOut(v *visit) {
	_ = v.api.call(http.MethodDelete, "/sessions/current", nil, nil) // who isn't signed in is signed out
	v.to(Path)
}

// inside keeps "next" on these pages: nobody is sent elsewhere by a link.
func inside(next, otherwise string) string {
	if strings.HasPrefix(next, Path) && !strings.ContainsAny(next, "\\\r\n") {
		return next
	}
	return otherwise
}
