package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/web"
	"mingfa/internal/base/who"
)

// gate is a server with rates, whose clock stands still until it is moved.
type gate struct {
	*web.Server
	now      time.Time
	sessions map[string]who.Actor
}

func newGate(c web.Config) *gate {
	g := &gate{now: time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC), sessions: map[string]who.Actor{}}
	c.Now = func() time.Time { return g.now }
	c.Authenticate = func(r *http.Request) (who.Actor, error) {
		token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		if a, ok := g.sessions[token]; ok || token == "" {
			return a, nil
		}
		return who.Actor{}, fault.New(fault.Unknown, "fault.unknown")
	}
	for _, name := range []string{"a", "b"} {
		g.sessions[name] = who.Actor{Person: id.New(), Session: id.New(), Roles: []who.Role{who.Citizen}}
	}
	g.sessions["machine"] = who.Actor{Person: id.New(), Session: id.New(), Roles: []who.Role{who.Machine}}
	g.Server = web.New(c)
	type in struct{}
	none := func(context.Context, *in) (*struct{}, error) { return nil, nil }
	web.Register(g.Server, huma.Operation{Method: "GET", Path: "/own"}, none)
	web.Register(g.Server, huma.Operation{Method: "POST", Path: "/own"}, none)
	web.Register(g.Server, huma.Operation{Method: "GET", Path: "/read", Metadata: web.Machines("all:read")}, none)
	web.Register(g.Server, huma.Operation{Method: "GET", Path: "/public", Security: web.Public()}, none)
	return g
}

type from struct{ token, address, forwarded, language string }

func (g *gate) call(method, path string, f from) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/api/v1"+path, nil)
	if f.token != "" {
		r.Header.Set("Authorization", "Bearer "+f.token)
	}
	if f.address != "" {
		r.RemoteAddr = f.address
	}
	for _, line := range strings.Split(f.forwarded, "|") {
		if line != "" {
			r.Header.Add("X-Forwarded-For", line)
		}
	}
	r.Header.Set("Accept-Language", f.language)
	w := httptest.NewRecorder()
	g.Handler().ServeHTTP(w, r)
	return w
}

func (g *gate) want(t *testing.T, status int, method, path string, f from) *httptest.ResponseRecorder {
	t.Helper()
	w := g.call(method, path, f)
	if w.Code != status {
		t.Errorf("%s %s %+v: %d, want %d", method, path, f, w.Code, status)
	}
	return w
}

// req: B8.3.1c
func TestRatesOfASession(t *testing.T) {
	g := newGate(web.Config{Rates: web.Rates{Reads: 6, Writes: 2, Public: 1}})
	for i := range 6 {
		h := g.want(t, 204, "GET", "/own", from{token: "a"}).Header()
		got := strings.Join([]string{h.Get("RateLimit-Limit"), h.Get("RateLimit-Remaining"), h.Get("RateLimit-Reset"), h.Get("Retry-After")}, " ")
		if want := fmt.Sprintf("6 %d %d ", 5-i, 10*(i+1)); got != want {
			t.Errorf("after %d: %q, want %q", i+1, got, want)
		}
	}
	for language, word := range map[string]string{"zh-Hans": "频繁", "zh-Hant-HK": "頻繁", "en": "Too many"} {
		w := g.want(t, 429, "GET", "/own", from{token: "a", language: language})
		var p web.Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Code != "fault.too_many" || !strings.Contains(p.Detail, word) {
			t.Errorf("%s: %s", language, w.Body)
		}
		if h := w.Header(); h.Get("Retry-After") != "10" || h.Get("RateLimit-Remaining") != "0" || h.Get("RateLimit-Reset") != "60" ||
			h.Get("Content-Type") != "application/problem+json" {
			t.Errorf("headers %v", h)
		}
	}
	g.want(t, 204, "GET", "/own", from{token: "b"})  // another session
	g.want(t, 204, "POST", "/own", from{token: "a"}) // writes are counted apart
	g.want(t, 204, "POST", "/own", from{token: "a"})
	g.want(t, 429, "POST", "/own", from{token: "a"})
	g.now = g.now.Add(10*time.Second - time.Millisecond)
	g.want(t, 429, "GET", "/own", from{token: "a"})
	g.now = g.now.Add(time.Millisecond)
	g.want(t, 204, "GET", "/own", from{token: "a"})
}

// Who is nobody counts by address; so does a token that doesn't hold.
func TestRatesOfAnAddress(t *testing.T) {
	g := newGate(web.Config{Rates: web.Rates{Public: 2}})
	here := from{address: "192.0.2.1:1000"}
	g.want(t, 204, "GET", "/public", here)
	g.want(t, 401, "GET", "/own", from{address: "192.0.2.1:1001", token: "forged"})
	g.want(t, 429, "GET", "/public", from{address: "192.0.2.1:1002"})
	g.want(t, 429, "GET", "/own", from{address: "192.0.2.1:1003", token: "forged"})
	g.want(t, 204, "GET", "/public", from{address: "192.0.2.2:1000"})
	g.want(t, 429, "GET", "/public", from{address: "192.0.2.1:1000", forwarded: "198.51.100.7"}) // nobody's word
	for range 5 {
		g.want(t, 204, "GET", "/own", from{address: "192.0.2.1:1000", token: "a"}) // no limit for sessions here
		g.want(t, 204, "GET", "/public", from{address: "192.0.2.1:1000", token: "a"})
	}
	for i := range 2 {
		g.want(t, 204, "GET", "/public", from{address: fmt.Sprintf("[2001:db8::%d]:1", i)})
	}
	g.want(t, 429, "GET", "/public", from{address: "[2001:db8::ffff:1]:1"}) // one household
	g.want(t, 204, "GET", "/public", from{address: "[2001:db8:0:1::1]:1"})
}

// Behind our proxy the last address counts, for that one the proxy wrote.
func TestRatesBehindAProxy(t *testing.T) {
	g := newGate(web.Config{ProxyHeader: "X-Forwarded-For", Rates: web.Rates{Public: 1}})
	g.want(t, 204, "GET", "/public", from{forwarded: "198.51.100.1"})
	g.want(t, 204, "GET", "/public", from{forwarded: "198.51.100.2"})
	g.want(t, 429, "GET", "/public", from{forwarded: "203.0.113.9, 198.51.100.1"})
	g.want(t, 429, "GET", "/public", from{forwarded: "203.0.113.9|198.51.100.1"}) // in a header of its own
	g.want(t, 204, "GET", "/public", from{forwarded: "nonsense"})                 // the proxy's own
}

func TestNoRatesNoHeaders(t *testing.T) {
	g := newGate(web.Config{})
	for range 50 {
		if h := g.want(t, 204, "GET", "/public", from{}).Header(); h.Get("RateLimit-Limit") != "" {
			t.Fatalf("headers %v", h)
		}
	}
}

// req: B8.2.2.9
func TestMachinesComeInWhereItIsSaid(t *testing.T) {
	g := newGate(web.Config{Rates: web.Rates{Reads: 3}})
	m := from{token: "machine"}
	g.want(t, 204, "GET", "/read", m)
	closed, absent := g.want(t, 404, "GET", "/own", m), g.call("GET", "/nowhere", m)
	if a, b := closed.Body.String(), absent.Body.String(); a[:strings.Index(a, "request_id")] != b[:strings.Index(b, "request_id")] {
		t.Errorf("%s %s", a, b)
	}
	g.want(t, 204, "GET", "/public", m)
	g.want(t, 429, "GET", "/read", m)
}
