// Package wap is the plain pages below /m/ (手机简版, WAP): asking, reading,
// asking back and rating for telephones and browsers without JavaScript.
//
// # What it promises
//
//   - Everything a citizen can do on the portal can be done here with forms and
//     links: ask in three steps (place, question, contact), keep what is not finished
//     and go on with it here or on the portal (draft.go), sign in by a code,
//     see the own records and what happened to them, read a reply, ask back, rate
//     it on five levels, complain or suggest from any page, tell of oneself or take
//     it away (me.go).
//   - These pages are a client of the HTTP API like any other: every verb is a
//     request to the API's handler in this process, with the visitor's cookie,
//     address and language. So there is no second road to the verbs, no second
//     rule of who may do what, and a refusal comes with the API's own words.
//   - Pictures and PDF files can be added when asking, when asking back and to a
//     complaint; they go on to the API as they arrive (files.go).
//   - What was refused stands beside its field, in words, tied to it for a screen
//     reader, and all that was typed is still there.
//   - No script, no inline style, no foreign origin. What a person wrote stands in
//     the body of a form, never in an address.
//   - A form holds the ID of what it makes, so sending it twice makes one order.
//
// # Who guards it
//
// Base/web's door stands before these pages: it refuses unsafe requests of other
// sites (http.CrossOriginProtection), so that forms need no tokens. Whoever serves
// Handler without that door must put the same protection before it.
//
// Times are shown in UTC+8, the zone of the mainland and of Hong Kong (T1), and
// the page says so: without a script the visitor's zone is not known.
//
// Requirements: B5.2.1, B5.2.2, B5.2.4, B6.1b, B7.1.2.1a, B7.1.2.3a, B7.1.3.1a, A2.12,
// BB.20101 to 20106, T1, T7.
//
// A Handler holds nothing but parsed templates and is safe for concurrent use.
package wap

import (
	"bytes"
	"cmp"
	"embed"
	"html/template"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
)

// Path is where the pages live.
const Path = "/m/"

// policy lets a page load its style from here and nothing else. There is no script that
// could connect; who inspects the page (Lighthouse) fetches robots.txt in its name.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// bodyLimit is more than the longest question with all its fields, form-encoded.
const bodyLimit = 128 << 10

//go:embed pages/*.html pages/style.css
var files embed.FS

// site is the pages over one API.
type site struct {
	api   http.Handler
	pages map[string]*template.Template // by language
}

// Handler gives the pages below /m/ over api, which answers /api/v1.
func Handler(api http.Handler) http.Handler {
	s := &site{api: api, pages: map[string]*template.Template{}}
	for _, lang := range say.Languages {
		s.pages[lang] = template.Must(template.New("").Funcs(words(lang)).ParseFS(files, "pages/*.html"))
	}
	mux := http.NewServeMux()
	for pattern, fn := range map[string]func(*visit){
		"GET /m/{$}":                         s.home,
		"GET /m/ask":                         s.askPlace,
		"POST /m/ask":                        s.askQuestion,
		"GET /m/ask/contact":                 s.askPlace, // who comes back to it has no form any more
		"GET /m/ask/drafts/{id}":             s.goOn,
		"GET /m/ask/drafts/{id}/throw-away":  s.throwAsked,
		"POST /m/ask/drafts/{id}/throw-away": s.throwAway,
		"GET /m/sign-in":                     s.signInPage,
		"POST /m/sign-in":                    s.signIn,
		"POST /m/sign-out":                   s.signOut,
		"GET /m/orders":                      s.orders,
		"GET /m/orders/{id}":                 s.order,
		"POST /m/orders/{id}/rate":           s.rate,
		"GET /m/inbox":                       s.inbox,
		"GET /m/complain":                    s.complainForm,
		"GET /m/complaints":                  s.complaints,
		"GET /m/complaints/{id}":             s.complaint,
		"GET /m/me":                          s.me,
		"POST /m/me":                         s.changeMe,
		"GET /m/lang/{lang}":                 s.language,
		"POST /m/lang/{lang}":                s.language,
		"GET /m/":                            s.notThere,
	} {
		mux.HandleFunc(pattern, s.visited(fn, false))
	}
	mux.HandleFunc("POST /m/ask/contact", s.visited(s.askContact, true))
	mux.HandleFunc("POST /m/orders/{id}/say", s.visited(s.askBack, true))
	mux.HandleFunc("POST /m/complain", s.visited(s.complain, true))
	mux.HandleFunc("POST /m/complaints/{id}/files", s.visited(s.addFiles, true))
	mux.HandleFunc("GET /m/style.css", style)
	return mux
}

// visit is one request of a visitor: what he asks of us, and our client to the
// API in his name.
type visit struct {
	w    http.ResponseWriter
	r    *http.Request
	api  *client
	lang string

	parts *multipart.Reader // of a form with files
	file  *multipart.Part   // the next one, where there is one
}

// visited makes a page of fn; files: its form may come with some.
func (s *site) visited(fn func(*visit), files bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("Cache-Control", "no-store")
		lang := languageOf(r)
		v := &visit{w: w, r: r, lang: lang, api: &client{api: s.api, of: r, lang: lang, cookie: r.Header.Get("Cookie")}}
		if err := v.parse(files); err != nil {
			r := &refusal{Status: http.StatusRequestEntityTooLarge, Detail: v.t("wap.too_much")}
			if v.parts != nil {
				r = refusalOf(v.told(err))
			}
			s.show(v, r.Status, "problem", frame{Title: v.t("wap.title"), Problem: r.Detail})
			return
		}
		fn(v)
	}
}

// field is a form's value; the browser's line ends become ours at the API's door.
func (v *visit) field(name string) string { return v.r.PostForm.Get(name) }

func (v *visit) t(key string) string { return say.Text(v.lang, key, nil) }

// to sends the visitor on with a GET.
func (v *visit) to(path string) {
	v.rest()
	v.api.giveCookies(v.w)
	http.Redirect(v.w, v.r, path, http.StatusSeeOther)
}

// page is where the visitor is: the address he asked for, or the page on which the
// form stands that he sent.
func (v *visit) page() string {
	path := v.r.URL.Path
	switch {
	case v.r.Method == http.MethodGet:
		return v.r.URL.RequestURI()
	case v.r.PathValue("id") != "":
		return path[:strings.LastIndexByte(path, '/')]
	}
	return path
}

// frame is what every page has.
type frame struct {
	Title   string
	Lang    string
	Here    string    // the page, to come back to
	Known   bool      // somebody is signed in
	Unread  int       // messages
	Now     time.Time // by the API's clock; zero where it did not say
	Service service   // what the API says of itself
	Problem string    // what went wrong, over the page
	Errors  map[string]string
}

// service is GET /service, as far as pages tell of it.
type service struct {
	Demo    bool   `json:"demo"`
	Hotline string `json:"hotline"`
	Talk    string `json:"talk_opens"` // YYYY-MM-DD, or empty
	Video   string `json:"video_opens"`
}

// refused is what is wrong with a field of a form.
type refused struct{ Field, Text string }

// At is what is wrong with a field, for the template "error".
func (f *frame) At(field string) refused { return refused{field, f.Errors[field]} }

// Aria ties a control to its hints, IDs of elements of the page, and to what is
// wrong with it. field is a name of ours, or a code of the API.
func (f *frame) Aria(field string, hints ...string) template.HTMLAttr {
	out := ""
	if f.Errors[field] != "" {
		hints, out = append(hints, field+"-error"), ` aria-invalid="true"`
	}
	if len(hints) > 0 {
		out += ` aria-describedby="` + template.HTMLEscapeString(strings.Join(hints, " ")) + `"`
	}
	return template.HTMLAttr(out)
}

// dress fills in what every page shows of the visitor.
func (s *site) dress(v *visit, f *frame) {
	f.Lang, f.Here = v.lang, v.page()
	_ = v.api.get("/service", &f.Service) // without it a page says less
	var me struct {
		Unread int `json:"unread"`
	}
	if v.api.cookie != "" {
		f.Known = v.api.get("/me", &me) == nil
	}
	f.Unread, f.Now = me.Unread, v.api.now
}

// framed is a page's data: it holds a frame.
type framed interface{ frameOf() *frame }

func (f *frame) frameOf() *frame { return f }

// show writes a page.
func (s *site) show(v *visit, status int, name string, data any) {
	if f, ok := data.(frame); ok {
		data = &f
	}
	if d, ok := data.(framed); ok {
		s.dress(v, d.frameOf())
	}
	var page bytes.Buffer
	if err := s.pages[v.lang].ExecuteTemplate(&page, name+".html", data); err != nil {
		panic(err) // a mistake of ours in a template: base/web logs it and answers 500
	}
	v.rest()
	v.api.giveCookies(v.w)
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.WriteHeader(status)
	_, _ = v.w.Write(page.Bytes())
}

// fail shows a refusal of the API as a page of its own; who isn't signed in goes
// to sign in and comes back.
func (s *site) fail(v *visit, err error) {
	r := refusalOf(err)
	if r.Status == http.StatusUnauthorized {
		v.to(Path + "sign-in?next=" + template.URLQueryEscaper(v.page()))
		return
	}
	s.show(v, r.Status, "problem", frame{Title: v.t("wap.title"), Problem: cmp.Or(r.Detail, v.t("wap.failed"))})
}

// home has the four entries; two are not open yet.
func (s *site) home(v *visit) {
	s.show(v, http.StatusOK, "home", frame{Title: v.t("wap.title")})
}

// opens says when an entry opens; day is YYYY-MM-DD, or empty.
func opens(lang, day string) string {
	if day == "" {
		return say.Text(lang, "wap.opens_later", nil)
	}
	if at, err := time.Parse(time.DateOnly, day); err == nil {
		form := "2006年1月2日"
		if lang == say.En {
			form = "2 January 2006"
		}
		day = at.Format(form)
	}
	return say.Text(lang, "wap.opens", map[string]any{"day": day})
}

// left says how long there is until then, to the minute; "" where that is over.
func left(lang string, span time.Duration) string {
	if span <= 0 {
		return ""
	}
	minutes := int((span + time.Minute - 1) / time.Minute)
	days, hours := minutes/(24*60), minutes/60%24
	switch {
	case days > 0:
		return say.Text(lang, "wap.left_days", map[string]any{"d": days, "h": hours})
	case hours > 0:
		return say.Text(lang, "wap.left_hours", map[string]any{"h": hours, "m": minutes % 60})
	}
	return say.Text(lang, "wap.left_minutes", map[string]any{"m": minutes})
}

// weight is the size of a file: "2.4 MB" or "310 KB".
func weight(size int64) string {
	if size >= 1<<20 {
		return strconv.FormatFloat(float64(size)/(1<<20), 'f', 1, 64) + " MB"
	}
	return strconv.FormatInt(max(1, (size+512)>>10), 10) + " KB"
}

// small tells whether a picture is light enough to be shown in a list on a slow line.
func small(a attachment) bool { return a.Kind != "" && a.Kind != "pdf" && a.Size <= 300<<10 }

func (s *site) notThere(v *visit) {
	s.show(v, http.StatusNotFound, "problem", frame{Title: v.t("wap.title"), Problem: say.Text(v.lang, "fault.absent", nil)})
}

const languageCookie = "mingfa_lang"

// languageOf is what the visitor chose here, or else what his browser prefers.
func languageOf(r *http.Request) string {
	if c, err := r.Cookie(languageCookie); err == nil && slices.Contains(say.Languages, c.Value) {
		return c.Value
	}
	return say.Language(r.Header.Get("Accept-Language"))
}

// language keeps what the visitor chose. A link does so for these pages; the form on
// each page also for the messages that he is sent, and leads back.
func (s *site) language(v *visit) {
	if lang := v.r.PathValue("lang"); slices.Contains(say.Languages, lang) {
		http.SetCookie(v.w, &http.Cookie{Name: languageCookie, Value: lang, Path: Path, MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode})
		if v.r.Method == http.MethodPost && v.api.cookie != "" {
			_ = v.api.call(http.MethodPatch, "/me", map[string]string{"language": lang}, nil) // who isn't signed in has no messages
		}
	}
	v.to(inside(v.field("next"), Path))
}

func style(w http.ResponseWriter, _ *http.Request) {
	css, err := files.ReadFile("pages/style.css")
	if err != nil {
		panic(err) // it is embedded
	}
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	_, _ = w.Write(css)
}

// zone is that of the mainland and of Hong Kong, without summer time (T1).
var zone = time.FixedZone("UTC+8", 8*3600)

// words are the functions of the templates.
func words(lang string) template.FuncMap {
	return template.FuncMap{
		"t": func(key string) string { return say.Text(lang, "wap."+key, nil) },
		"say": func(key, name string, value any) string {
			return say.Text(lang, "wap."+key, map[string]any{name: value})
		},
		"weight":    weight,
		"small":     small,
		"left":      func(now, by time.Time) string { return left(lang, by.Sub(now)) },
		"when":      func(at time.Time) string { return at.In(zone).Format("2006-01-02 15:04") },
		"newID":     func() string { return id.New().String() },
		"languages": func() []string { return say.Languages },
		"opens":     func(day string) string { return opens(lang, day) },
		"count":     count,
	}
}

// count writes a number of messages: the API counts to 1,000 and no further.
func count(n int) string {
	if n > 999 {
		return "999+"
	}
	return strconv.Itoa(n)
}
