// Package webtest lets the tests of a room call its HTTP operations, as whoever
// the test says.
package webtest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/web"
	"mingfa/internal/base/who"
)

// API is a server with the operations of a room.
type API struct {
	T      *testing.T
	Server *web.Server
	As     who.Actor // who sends the next request; Do sets it
	last   string    // method and path of the last request
}

// New makes a server of what routes adds.
func New(t *testing.T, now func() time.Time, routes func(*web.Server)) *API {
	a := &API{T: t}
	a.Server = web.New(web.Config{Now: now, Authenticate: func(*http.Request) (who.Actor, error) { return a.As, nil }})
	routes(a.Server)
	return a
}

// Do sends a request of an actor who reads English; header is names and values by
// turns.
func (a *API) Do(as who.Actor, method, path, body string, header ...string) *httptest.ResponseRecorder {
	a.As, a.last = as, method+" "+path
	q := httptest.NewRequest(method, web.Prefix+path, strings.NewReader(body))
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("Accept-Language", "en")
	for i := 0; i+1 < len(header); i += 2 {
		q.Header.Set(header[i], header[i+1])
	}
	rec := httptest.NewRecorder()
	a.Server.Handler().ServeHTTP(rec, q)
	return rec
}

// Want demands a status and words of the body, which it gives; a word after "!"
// must not be there.
func (a *API) Want(rec *httptest.ResponseRecorder, status int, words ...string) string {
	a.T.Helper()
	body := strings.TrimSpace(rec.Body.String())
	if rec.Code != status {
		a.T.Errorf("%s: status %d, wanted %d: %s", a.last, rec.Code, status, body)
	}
	for _, w := range words {
		if not, ok := strings.CutPrefix(w, "!"); ok == strings.Contains(body, not) {
			a.T.Errorf("%s: %s in %s", a.last, w, body)
		}
	}
	return body
}
