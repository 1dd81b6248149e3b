package wap

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// complaint is a complaint or suggestion as its citizen sees it.
type complaint struct {
	ID         string    `json:"id"`
	Number     string    `json:"number"`
	Kind       string    `json:"kind"`
	Text       string    `json:"text"`
	Erased     bool      `json:"erased"`
	ReceivedAt time.Time `json:"received_at"`
	Next       struct {
		Text string    `json:"text"`
		By   time.Time `json:"by"`
	} `json:"next"`
	Help   string       `json:"help"` // numbers of help: shown first
	Result string       `json:"result"`
	Files  []attachment `json:"attachments"`
	Can    []string     `json:"can"`
}

// May tells whether the viewer may do a verb now.
func (c complaint) May(verb string) bool { return slices.Contains(c.Can, verb) }

// Links are its files, for the template that shows them.
func (c complaint) Links() fileLinks { return fileLinks{"/api/v1" + complaintFiles(c.ID), c.Files} }

// complaintFiles is where the API takes and gives the files of a complaint.
func complaintFiles(complaint string) string {
	return "/complaints/" + url.PathEscape(complaint) + "/attachments/"
}

type complainPage struct {
	frame
	ID    string // of what the form makes, kept when it was refused
	Order string
	Line  struct {
		Hotline string `json:"hotline"`
	}
	Kind  string
	Kinds []string
	Said  string
	Again bool // files have to be chosen again
}

// kinds are what the form offers.
var kinds = []string{"complaint", "suggestion"}

// complainForm is one tap from the foot of every page (B7.1.2.1a). Who isn't signed
// in does so first, so that nothing he wrote is lost on the way.
func (s *site) complainForm(v *visit) {
	p := &complainPage{Order: v.r.URL.Query().Get("order")}
	if err := v.api.get("/me", &struct{}{}); err != nil {
		s.fail(v, err)
		return
	}
	s.showComplain(v, http.StatusOK, p)
}

func (s *site) showComplain(v *visit, status int, p *complainPage) {
	p.Title, p.Kinds, p.Kind = v.t("wap.complain"), kinds, cmp.Or(p.Kind, kinds[0])
	_ = v.api.get("/complaint-numbers", &p.Line) // without it the form is as good
	s.show(v, status, "complain", p)
}

func (s *site) complain(v *visit) {
	p := &complainPage{ID: v.field("id"), Order: v.field("order"), Kind: v.field("kind"), Said: v.field("text"), Again: v.file != nil}
	switch {
	case !slices.Contains(kinds, p.Kind):
		p.Kind, p.Errors = "", map[string]string{"kind": v.t("wap.choose")}
	case strings.TrimSpace(p.Said) == "":
		p.Errors = map[string]string{"text": v.t("wap.complain_needed")}
	}
	if p.Errors != nil {
		s.showComplain(v, http.StatusUnprocessableEntity, p)
		return
	}
	body := map[string]string{"id": p.ID, "kind": p.Kind, "text": p.Said, "language": v.lang, "channel": "wap"}
	if p.Order != "" {
		body["order"] = p.Order
	}
	var made complaint
	err := v.api.post("/complaints", body, &made)
	if err == nil {
		// It is there, whatever becomes of its files.
		if _, err := v.upload(complaintFiles(made.ID)); err != nil {
			s.showComplaint(v, made.ID, &complaintsPage{Sent: true}, err)
			return
		}
		v.to(Path + "complaints?sent=" + url.QueryEscape(made.Number))
		return
	}
	r := refusalOf(err)
	if r.Status == http.StatusUnauthorized {
		s.fail(v, err)
		return
	}
	p.Errors, p.Problem = r.at(nil), cmp.Or(r.Detail, v.t("wap.failed"))
	s.showComplain(v, r.Status, p)
}

type complaintsPage struct {
	frame
	Items []complaint
	Next  string
	One   bool // it is the page of one complaint
	Sent  bool // he has just sent the first one
	Added bool // he has just added files to it
	Again bool // files have to be chosen again
}

func (s *site) complaints(v *visit) {
	var list struct {
		Items []complaint `json:"items"`
		Next  string      `json:"next_cursor"`
	}
	q := v.r.URL.Query()
	path := "/complaints?limit=20"
	if c := q.Get("cursor"); c != "" {
		path += "&cursor=" + url.QueryEscape(c)
	}
	if err := v.api.get(path, &list); err != nil {
		s.fail(v, err)
		return
	}
	p := &complaintsPage{Items: list.Items, Next: list.Next, Sent: q.Has("sent")}
	p.Title = v.t("wap.complaints")
	s.show(v, http.StatusOK, "complaints", p)
}

// complaint is the page of one: files are added there.
func (s *site) complaint(v *visit) {
	s.showComplaint(v, v.r.PathValue("id"), &complaintsPage{Added: v.r.URL.Query().Has("added")}, nil)
}

// showComplaint shows one complaint, with what was refused of its files.
func (s *site) showComplaint(v *visit, which string, p *complaintsPage, refused error) {
	p.One, p.Items, p.Title = true, make([]complaint, 1), v.t("wap.complain_one")
	if err := v.api.get("/complaints/"+url.PathEscape(which), &p.Items[0]); err != nil {
		s.fail(v, err)
		return
	}
	status := http.StatusOK
	if refused != nil {
		r := refusalOf(refused)
		p.Again, status, p.Errors = true, r.Status, map[string]string{"files": cmp.Or(r.Detail, v.t("wap.failed"))}
	}
	s.show(v, status, "complaints", p)
}

// addFiles adds files to a complaint that is there: each belongs to it as soon as it
// was taken, also where a later one is refused (B7.1.2.3a).
func (s *site) addFiles(v *visit) {
	which := v.r.PathValue("id")
	none := v.file == nil
	_, err := v.upload(complaintFiles(which))
	switch {
	case err != nil && refusalOf(err).Status == http.StatusUnauthorized:
		s.fail(v, err)
	case err != nil:
		s.showComplaint(v, which, &complaintsPage{}, err)
	case none:
		s.showComplaint(v, which, &complaintsPage{}, &refusal{Status: http.StatusUnprocessableEntity, Detail: v.t("wap.files_needed")})
	default:
		v.to(Path + "complaints/" + url.PathEscape(which) + "?added=1")
	}
}
