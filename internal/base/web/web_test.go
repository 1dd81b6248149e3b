package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
	"mingfa/internal/base/web"
	"mingfa/internal/base/who"
)

// canary stands for a personal value. It may be in no refusal and in no log.
const canary = "13800138000"

// house is a small server with one of each sort of operation.
type house struct {
	*web.Server
	log *bytes.Buffer
}

type thing struct {
	ID      id.ID    `json:"id"`
	Name    string   `json:"name" minLength:"1" maxLength:"20"`
	Level   string   `json:"level,omitempty" enum:"low,high"`
	Count   int      `json:"count,omitempty" minimum:"1" maximum:"9"`
	Mail    string   `json:"mail,omitempty" format:"email"`
	Words   []string `json:"words,omitempty" maxItems:"3"`
	Contact struct {
		Phone string `json:"phone" pattern:"^[0-9]{3}$"`
	} `json:"contact,omitempty"`
}

type thingIn struct{ Body thing }
type thingOut struct{ Body thing }
type oneIn struct {
	ID id.ID `path:"id"`
}
type nothing struct{}

var errInside = errors.New("dial db with password " + canary)

// outcomes are what GET /outcomes/{name} returns.
var outcomes = map[string]error{
	"plain":      errInside,
	"wrapped":    fmt.Errorf("lock order: %w", fault.Bad(fault.At("contact.phone", "fault.field_format"))),
	"absent":     fault.NotThere(),
	"forbidden":  fmt.Errorf("not his: %w", fault.Wrap(fault.Absent, "fault.absent", errInside)),
	"conflict":   fault.Wrap(fault.Conflict, "fault.stale", errInside),
	"internal":   fault.Wrap(fault.Internal, "fault.absent", errInside),
	"unknown":    fault.New(fault.Kind("of another time"), "fault.absent"),
	"huma":       huma.Error404NotFound("seen " + canary),
	"busy":       fault.New(fault.TooMany, "fault.too_many").With("seconds", 7),
	"late":       fmt.Errorf("query: %w", context.DeadlineExceeded),
	"malformed":  fault.New(fault.Malformed, "fault.malformed"),
	"signed out": fault.New(fault.Unknown, "fault.unknown"),
	"away":       fault.Wrap(fault.Unavailable, "fault.unavailable", errInside),
	"large":      fault.New(fault.TooLarge, "fault.too_large"),
}

func newHouse(t *testing.T, c web.Config) *house {
	t.Helper()
	log := &bytes.Buffer{}
	c.Log = slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if c.Authenticate == nil {
		c.Authenticate = func(r *http.Request) (who.Actor, error) {
			switch r.Header.Get("Authorization") {
			case "Bearer good":
				return who.System("test"), nil
			case "":
				return who.Actor{}, nil
			}
			return who.Actor{}, fault.New(fault.Unknown, "fault.unknown")
		}
	}
	h := &house{web.New(c), log}
	echo := func(_ context.Context, in *thingIn) (*thingOut, error) { return &thingOut{in.Body}, nil }
	web.Register(h.Server, huma.Operation{Method: "POST", Path: "/things", DefaultStatus: 201, Security: web.Public()}, echo)
	web.Register(h.Server, huma.Operation{Method: "POST", Path: "/large", MaxBodyBytes: 1 << 20, Security: web.Public()}, echo)
	web.Register(h.Server, huma.Operation{Method: "GET", Path: "/things/{id}", Security: web.Public()},
		func(_ context.Context, in *oneIn) (*thingOut, error) { return &thingOut{thing{ID: in.ID}}, nil })
	web.Register(h.Server, huma.Operation{Method: "GET", Path: "/outcomes/{name}", Security: web.Public()},
		func(_ context.Context, in *struct {
			Name string `path:"name"`
		}) (*nothing, error) {
			return nil, outcomes[in.Name]
		})
	web.Register(h.Server, huma.Operation{Method: "GET", Path: "/me"},
		func(ctx context.Context, _ *nothing) (*struct{ Body string }, error) {
			return &struct{ Body string }{web.Actor(ctx).Name}, nil
		})
	web.Register(h.Server, huma.Operation{Method: "GET", Path: "/panic/{how}", Security: web.Public()},
		func(_ context.Context, in *struct {
			How string `path:"how"`
		}) (*nothing, error) {
			if in.How == "index" {
				var none []int
				_ = none[len(in.How)]
			}
			panic("somebody's " + canary)
		})
	return h
}

func (h *house) do(t *testing.T, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.Handler().ServeHTTP(w, r)
	return w
}

func problem(t *testing.T, w *httptest.ResponseRecorder) web.Problem {
	t.Helper()
	var p web.Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatalf("no problem: %v\n%s", err, w.Body)
	}
	if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("Content-Type %q", got)
	}
	if p.Status != w.Code || p.Title == "" || p.Detail == "" || p.Code == "" || p.RequestID != w.Header().Get("X-Request-Id") {
		t.Errorf("incomplete problem for %d: %s", w.Code, w.Body)
	}
	if strings.Contains(w.Body.String(), canary) {
		t.Errorf("what was inside or submitted came back: %s", w.Body)
	}
	return p
}

const goodThing = `{"id":"018f2b6e-0000-7000-8000-000000000001","name":"a","contact":{"phone":"123"}}`

func TestOutcomes(t *testing.T) {
	for name, want := range map[string]struct {
		status int
		code   string
	}{
		"plain": {500, "fault.internal"}, "internal": {500, "fault.internal"}, "unknown": {500, "fault.internal"},
		"huma": {500, "fault.internal"}, "wrapped": {422, "fault.invalid"}, "absent": {404, "fault.absent"},
		"forbidden": {404, "fault.absent"}, "conflict": {409, "fault.stale"}, "busy": {429, "fault.too_many"},
		"late": {503, "fault.unavailable"}, "malformed": {400, "fault.malformed"},
		"signed out": {401, "fault.unknown"}, "away": {503, "fault.unavailable"}, "large": {413, "fault.too_large"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, web.Config{})
			w := h.do(t, "GET", "/api/v1/outcomes/"+strings.ReplaceAll(name, " ", "%20"), "")
			p := problem(t, w)
			if p.Status != want.status || p.Code != want.code {
				t.Errorf("got %d %s, want %d %s", p.Status, p.Code, want.status, want.code)
			}
			if name == "wrapped" && (len(p.Errors) != 1 || p.Errors[0].Field != "contact.phone" || p.Errors[0].Message == "") {
				t.Errorf("fields: %+v", p.Errors)
			}
			if name == "busy" && w.Header().Get("Retry-After") != "7" {
				t.Errorf("Retry-After %q", w.Header().Get("Retry-After"))
			}
			if name == "plain" && !strings.Contains(h.log.String(), p.RequestID) {
				t.Errorf("the inside error isn't in the log under its request ID")
			}
		})
	}
}

// Absent and forbidden: byte for byte the same but for the request ID.
func TestAbsentAndForbiddenAreTheSame(t *testing.T) {
	h := newHouse(t, web.Config{})
	answer := func(path string) string {
		w := h.do(t, "GET", path, "")
		var head bytes.Buffer
		_ = w.Header().Write(&head)
		all := fmt.Sprint(w.Code) + head.String() + w.Body.String()
		return strings.ReplaceAll(all, w.Header().Get("X-Request-Id"), "ID")
	}
	absent := answer("/api/v1/outcomes/absent")
	for _, path := range []string{"/api/v1/outcomes/forbidden", "/api/v1/nowhere", "/nowhere"} {
		if got := answer(path); got != absent {
			t.Errorf("%s:\n%s\nwant\n%s", path, got, absent)
		}
	}
}

func TestRouting(t *testing.T) {
	h := newHouse(t, web.Config{})
	for _, c := range []struct {
		method, path string
		want         int
		allow        string
	}{
		{"GET", "/api/v1/nowhere", 404, ""},
		{"GET", "/nowhere/" + canary, 404, ""},
		{"DELETE", "/api/v1/things", 405, "POST"},
		{"BREW", "/api/v1/things", 405, "POST"},
		{"POST", "/healthz", 405, "GET, HEAD"},
		{"GET", "/docs", 404, ""}, {"GET", "/api/v1/docs/nothing", 404, ""}, {"GET", "/schemas/Thing.json", 404, ""},
		{"GET", "/api/v1/things/" + canary, 422, ""},
		{"GET", "/api/v1/things/x%00y", 400, ""},
		{"GET", "/api/v1/me?q=%ff", 400, ""},
		{"GET", "/api/v1/me?q=%zz", 400, ""},
		{"GET", "/api/v1/me?%00=1", 400, ""},
	} {
		w := h.do(t, c.method, c.path, "")
		if w.Code != c.want || w.Header().Get("Allow") != c.allow {
			t.Errorf("%s %s: %d Allow %q, want %d %q", c.method, c.path, w.Code, w.Header().Get("Allow"), c.want, c.allow)
		}
		problem(t, w)
	}
	if strings.Contains(h.log.String(), canary) {
		t.Errorf("the log has a path: %s", h.log)
	}
}

func TestSignIn(t *testing.T) {
	h := newHouse(t, web.Config{})
	for _, c := range []struct {
		path, authorization string
		want                int
	}{
		{"/api/v1/me", "Bearer good", 200}, {"/api/v1/me", "", 401}, {"/api/v1/me", "Bearer forged", 401},
		{"/api/v1/things/018f2b6e-0000-7000-8000-000000000001", "Bearer forged", 200},
	} {
		if w := h.do(t, "GET", c.path, "", "Authorization", c.authorization); w.Code != c.want {
			t.Errorf("%s as %q: %d, want %d", c.path, c.authorization, w.Code, c.want)
		}
	}
	down := newHouse(t, web.Config{Authenticate: func(*http.Request) (who.Actor, error) { return who.Actor{}, errInside }})
	if w := down.do(t, "POST", "/api/v1/things", goodThing); w.Code != 500 {
		t.Errorf("when sessions can't be read nobody gets in: %d", w.Code)
	}
}

func TestOtherSites(t *testing.T) {
	cookies := 0
	h := newHouse(t, web.Config{TrustedOrigins: []string{"https://desk.example"}, Authenticate: func(r *http.Request) (who.Actor, error) {
		cookies += len(r.Cookies())
		return who.System("test"), nil
	}})
	for _, c := range []struct {
		want    int
		headers []string
	}{
		{201, nil},
		{201, []string{"Sec-Fetch-Site", "same-origin"}},
		{403, []string{"Sec-Fetch-Site", "cross-site"}},
		{403, []string{"Origin", "https://evil.example"}},
		{201, []string{"Origin", "https://desk.example", "Sec-Fetch-Site", "cross-site"}},
		{201, []string{"Authorization", "Bearer good", "Origin", "https://evil.example", "Cookie", "__Host-mingfa=x"}},
	} {
		w := h.do(t, "POST", "/api/v1/things", goodThing, c.headers...)
		if w.Code != c.want {
			t.Errorf("%v: %d, want %d", c.headers, w.Code, c.want)
		}
		if c.want == 403 {
			problem(t, w)
		}
	}
	if cookies != 0 {
		t.Errorf("a request with Authorization kept its cookie")
	}
}

func TestPanics(t *testing.T) {
	for how, logged := range map[string]string{"index": "index out of range", "value": "string"} {
		h := newHouse(t, web.Config{})
		w := h.do(t, "GET", "/api/v1/panic/"+how, "", "Accept-Encoding", "gzip")
		if p := problem(t, w); p.Code != "fault.internal" {
			t.Errorf("%s: %+v", how, p)
		}
		if !strings.Contains(h.log.String(), logged) || strings.Contains(h.log.String(), canary) {
			t.Errorf("%s: log %s", how, h.log)
		}
	}
}

func TestHeadersAndLanguage(t *testing.T) {
	h := newHouse(t, web.Config{HSTS: true})
	for _, c := range []struct{ query, header, want string }{
		{"", "", say.Hans}, {"", "en-GB,zh;q=0.5", say.En}, {"?lang=en", "zh", say.En}, {"?lang=zh-Hant-HK", "", say.Hant},
		{"?lang=" + canary, "", say.Hans},
	} {
		w := h.do(t, "GET", "/api/v1/me"+c.query, "", "Accept-Language", c.header)
		if got := w.Header().Get("Content-Language"); got != c.want {
			t.Errorf("%q %q: %s, want %s", c.query, c.header, got, c.want)
		}
		if got := problem(t, w).Detail; got != say.Text(c.want, "fault.unknown", nil) {
			t.Errorf("%s: %s", c.want, got)
		}
		for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy",
			"Cross-Origin-Opener-Policy", "Permissions-Policy", "Strict-Transport-Security"} {
			if w.Header().Get(name) == "" {
				t.Errorf("no %s", name)
			}
		}
		if w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("an answer may be kept")
		}
	}
}

func TestAccessLog(t *testing.T) {
	h := newHouse(t, web.Config{})
	h.do(t, "GET", "/api/v1/things/018f2b6e-0000-7000-8000-000000000001?phone="+canary, "",
		"Authorization", "Bearer "+canary, "Cookie", "x="+canary, "User-Agent", canary, "X-Forwarded-For", canary)
	var line map[string]any
	if err := json.Unmarshal(h.log.Bytes(), &line); err != nil {
		t.Fatalf("%v: %s", err, h.log)
	}
	if line["route"] != "GET /api/v1/things/{id}" || line["status"] != 200.0 || line["request_id"] == "" {
		t.Errorf("line: %v", line)
	}
	if s := h.log.String(); strings.Contains(s, canary) || strings.Contains(s, "018f2b6e") || strings.Contains(s, "192.0.2.1") {
		t.Errorf("personal data in the log: %s", s)
	}
}

func TestOpenAPI(t *testing.T) {
	a, err := newHouse(t, web.Config{}).OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	h := newHouse(t, web.Config{})
	w := h.do(t, "GET", "/api/v1/openapi.json", "")
	if !bytes.Equal(a, w.Body.Bytes()) {
		t.Error("the same routes give another file")
	}
	s := string(a)
	for _, bad := range []string{"$schema", `"null"`, "unpkg", "ErrorModel"} {
		if strings.Contains(s, bad) {
			t.Errorf("the file has %s", bad)
		}
	}
	for _, good := range []string{`"additionalProperties": false`, `"format": "uuid"`, "/outcomes/{name}", "post-things", `"Problem"`} {
		if !strings.Contains(s, good) {
			t.Errorf("the file lacks %s", good)
		}
	}
	if body := h.do(t, "POST", "/api/v1/things", goodThing).Body.String(); strings.Contains(body, "$schema") {
		t.Errorf("answer: %s", body)
	}
}

func TestRev(t *testing.T) {
	for in, want := range map[string]int64{"": 0, `"1"`: 1, `"42"`: 42, "7": -1, `"`: -1, `""`: -1, `"x"`: -1, `W/"1"`: -1, "*": -1, `"0"`: -1} {
		got, err := web.Rev(in)
		if want < 0 && !fault.Is(err, fault.Invalid) || want >= 0 && (err != nil || got != want) {
			t.Errorf("%s: %d %v", in, got, err)
		}
	}
	if web.ETag(3) != `"3"` {
		t.Error(web.ETag(3))
	}
}
