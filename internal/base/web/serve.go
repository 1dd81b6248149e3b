package web

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
	"unicode/utf8"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
	"mingfa/internal/base/who"
)

// request is what the door knows about one request, kept on its context.
type request struct {
	id     string
	lang   string
	client Client
	actor  who.Actor
	log    *slog.Logger
	body   *body // of an operation that Takes a file
}

type requestKey struct{}

// Client is where a request comes from. Both are personal: seal them before
// they are stored, never log them.
type Client struct {
	Address string // IP address without port
	Device  string // the User-Agent, at most 200 bytes
}

func of(ctx context.Context) *request {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r
	}
	return &request{lang: say.Language(""), log: slog.New(slog.DiscardHandler)}
}

// Actor is who sends the request; the zero Actor is nobody. Call it in http.go
// and pass it on as an argument.
func Actor(ctx context.Context) who.Actor { return of(ctx).actor }

// Language is the reader's: "zh-Hans", "zh-Hant-HK" or "en".
func Language(ctx context.Context) string { return of(ctx).lang }

// RequestID is the ID under which the request stands in the log.
func RequestID(ctx context.Context) string { return of(ctx).id }

// From is where the request comes from.
func From(ctx context.Context) Client { return of(ctx).client }

// serve is the outermost handler; see the package comment for the way.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	q := &request{id: id.Short(id.New()), lang: language(r), client: s.client(r), log: s.log}
	r = r.WithContext(context.WithValue(r.Context(), requestKey{}, q))
	if r.Header.Get("Authorization") != "" {
		r.Header.Del("Cookie")
	}
	out := &recorder{ResponseWriter: w}
	s.baseHeaders(out.Header(), q)
	handler, pattern := s.mux.Handler(r)
	defer func() { s.logged(q, r, pattern, out, start) }()
	defer func() { s.recovered(out, r, recover()) }()
	if err := s.check(r); err != nil {
		s.Refuse(out, r, err)
		return
	}
	if pattern == "" {
		s.unrouted(out, r, handler)
		return
	}
	packed := pack(out, r)
	s.mux.ServeHTTP(packed, r)
	packed.end() // not deferred: after a panic nothing half-made goes out
}

// check refuses what no route wants to see.
func (s *Server) check(r *http.Request) error {
	if r.Header.Get("Authorization") == "" {
		if err := s.origin.Check(r); err != nil {
			return &refusal{status: http.StatusForbidden, key: "fault.cross_origin", err: err}
		}
	}
	if !clean(r.URL.Path) {
		return fault.New(fault.Malformed, "fault.text_refused")
	}
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return fault.New(fault.Malformed, "web.bad_query")
	}
	for name, list := range values {
		if !clean(name) || !clean(strings.Join(list, "")) {
			return fault.New(fault.Malformed, "fault.text_refused")
		}
	}
	return nil
}

// clean tells whether s may go further into the house at all.
func clean(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// unrouted gives the mux's own 404 and 405 in our words.
func (s *Server) unrouted(w http.ResponseWriter, r *http.Request, plain http.Handler) {
	probe := &probe{header: http.Header{}}
	plain.ServeHTTP(probe, r)
	if probe.status != http.StatusMethodNotAllowed {
		s.Refuse(w, r, fault.NotThere())
		return
	}
	w.Header().Set("Allow", probe.header.Get("Allow"))
	s.Refuse(w, r, &refusal{status: http.StatusMethodNotAllowed, key: "fault.method"})
}

// notThere answers for the API's whole tree, so that a page for "/" never
// catches it: 405 where another method would be known, else 404.
func (s *Server) notThere(w http.ResponseWriter, r *http.Request) {
	var allow []string
	for _, m := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} {
		other := &http.Request{Method: m, URL: r.URL, Host: r.Host}
		if _, pattern := s.mux.Handler(other); strings.Contains(pattern, " ") {
			allow = append(allow, m)
		}
	}
	if len(allow) == 0 {
		s.Refuse(w, r, fault.NotThere())
		return
	}
	w.Header().Set("Allow", strings.Join(allow, ", "))
	s.Refuse(w, r, &refusal{status: http.StatusMethodNotAllowed, key: "fault.method"})
}

func (s *Server) baseHeaders(h http.Header, q *request) {
	h.Set("X-Request-Id", q.id)
	h.Set("Content-Language", q.lang)
	h.Set("Vary", "Accept-Language, Accept-Encoding, Cookie, Authorization")
	h.Set("Cache-Control", "no-store")
	h.Set("Date", s.config.Now().UTC().Format(http.TimeFormat)) // of the house's clock: pages count down by it
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
	h.Set("Content-Security-Policy", apiCSP)
	if s.config.HSTS {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
}

// apiCSP is for answers that are no pages.
const apiCSP = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

// language is the one asked for in the address, else the browser's.
func language(r *http.Request) string {
	if lang := r.URL.Query().Get("lang"); lang != "" {
		return say.Language(lang)
	}
	return say.Language(r.Header.Get("Accept-Language"))
}

func (s *Server) client(r *http.Request) Client {
	c := Client{Device: strings.ToValidUTF8(r.UserAgent(), "")}
	if len(c.Device) > 200 {
		c.Device = strings.ToValidUTF8(c.Device[:200], "")
	}
	c.Address, _, _ = net.SplitHostPort(r.RemoteAddr)
	if s.config.ProxyHeader != "" {
		// Our proxy writes last; what stands before, anybody may have written.
		list := strings.Split(strings.Join(r.Header.Values(s.config.ProxyHeader), ","), ",")
		if ip := net.ParseIP(strings.TrimSpace(list[len(list)-1])); ip != nil {
			c.Address = ip.String()
		}
	}
	return c
}

// recovered turns a panic into a 500. The value of a panic may hold what was
// submitted, so only the runtime's own words are logged.
func (s *Server) recovered(w *recorder, r *http.Request, v any) {
	if v == nil {
		return
	}
	what := fmt.Sprintf("%T", v)
	if re, ok := v.(runtime.Error); ok {
		what = re.Error()
	}
	if v == http.ErrAbortHandler {
		panic(v)
	}
	s.log.Error("panic", "request_id", RequestID(r.Context()), "what", what, "stack", string(debug.Stack()))
	if w.status != 0 {
		panic(http.ErrAbortHandler) // half an answer is out: cut the connection
	}
	s.Refuse(w, r, &refusal{status: http.StatusInternalServerError, key: "fault.internal"})
}

func (s *Server) logged(q *request, r *http.Request, pattern string, w *recorder, start time.Time) {
	if pattern == "" {
		pattern = "none"
	}
	s.log.Info("http", "request_id", q.id, "method", method(r), "route", pattern,
		"status", w.status, "bytes", w.bytes, "ms", time.Since(start).Milliseconds())
}

// method keeps the log free of invented methods.
func method(r *http.Request) string {
	switch r.Method {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS":
		return r.Method
	}
	return "other"
}
