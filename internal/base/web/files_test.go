package web_test

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/web"
)

func withSite(t *testing.T) *house {
	h := newHouse(t, web.Config{})
	h.ServeFiles(web.Files{Path: "/", Assets: "assets/", Routed: true, FS: fstest.MapFS{
		"index.html":       {Data: []byte("<!doctype html><title>明法</title>")},
		"assets/app-1a.js": {Data: []byte(strings.Repeat("console.log(1);\n", 200))},
		".gitkeep":         {},
	}})
	h.ServeFiles(web.Files{Path: "/desk/", FS: fstest.MapFS{}, Missing: "run: make web"})
	h.ServeFiles(web.Files{Path: "/styled/", Nonce: "NONCE", FS: fstest.MapFS{
		"index.html": {Data: []byte(`<meta property="csp-nonce" nonce="NONCE"><script src="a.js" nonce="NONCE"></script>`)},
	}})
	return h
}

func TestFiles(t *testing.T) {
	h := withSite(t)
	for _, c := range []struct {
		method, path string
		want         int
		has          string
	}{
		{"GET", "/", 200, "明法"}, {"GET", "/orders/mine", 200, "明法"}, {"GET", "/assets/app-1a.js", 200, "console"},
		{"GET", "/assets/gone.js", 404, "fault.absent"}, {"GET", "/.gitkeep", 404, "fault.absent"},
		{"GET", "/desk/", 503, "make web"}, {"POST", "/", 405, "fault.method"},
		{"GET", "/api/v1/nowhere", 404, "fault.absent"}, {"DELETE", "/api/v1/things", 405, "fault.method"},
	} {
		w := h.do(t, c.method, c.path, "")
		if w.Code != c.want || !strings.Contains(w.Body.String(), c.has) {
			t.Errorf("%s %s: %d %s", c.method, c.path, w.Code, w.Body)
		}
	}
}

func TestFilesAreKept(t *testing.T) {
	h := withSite(t)
	page, script := h.do(t, "GET", "/", ""), h.do(t, "GET", "/assets/app-1a.js", "", "Accept-Encoding", "gzip")
	if got := page.Header().Get("Cache-Control"); got != "no-cache" {
		t.Errorf("page: %s", got)
	}
	if got := page.Header().Get("Content-Security-Policy"); !strings.Contains(got, "default-src 'self'") {
		t.Errorf("page: %s", got)
	}
	if got := script.Header().Get("Cache-Control"); !strings.Contains(got, "immutable") {
		t.Errorf("script: %s", got)
	}
	if script.Header().Get("Content-Encoding") != "gzip" || script.Body.Len() > 1000 {
		t.Errorf("script isn't packed: %d bytes", script.Body.Len())
	}
	for _, w := range []string{page.Header().Get("ETag"), h.do(t, "GET", "/", "").Header().Get("ETag")} {
		again := h.do(t, "GET", "/", "", "If-None-Match", w)
		if w == "" || again.Code != http.StatusNotModified || again.Body.Len() != 0 {
			t.Errorf("ETag %s: %d", w, again.Code)
		}
	}
}

// What the build packed goes out as it is to who takes it, under an ETag of its own.
func TestFilesPackedByTheBuild(t *testing.T) {
	h := newHouse(t, web.Config{})
	h.ServeFiles(web.Files{Path: "/", Assets: "assets/", FS: fstest.MapFS{
		"index.html": {Data: []byte("明法")}, "assets/a.js": {Data: []byte("let a = 1")}, "assets/a.js.br": {Data: []byte("brotli")},
	}})
	seen := map[string]bool{}
	for _, c := range [][2]string{{"gzip, deflate, br, zstd", "br"}, {"br;q=0, gzip", ""}, {"gzip", ""}, {"", ""}} {
		w := h.do(t, "GET", "/assets/a.js", "", "Accept-Encoding", c[0])
		body := map[string]string{"br": "brotli", "": "let a = 1"}[c[1]]
		if w.Header().Get("Content-Encoding") != c[1] || w.Body.String() != body || w.Header().Get("Content-Type") != "text/javascript; charset=utf-8" {
			t.Errorf("%q: %q %s", c[0], w.Body, w.Header())
		}
		if w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: no Vary", c[0])
		}
		seen[w.Header().Get("ETag")] = true
	}
	if len(seen) != 2 {
		t.Errorf("ETags %v", seen)
	}
}

// Each answer has a nonce of its own, in the page as in the policy, and no ETag
// under which an old one could come back.
func TestFilesWithNonce(t *testing.T) {
	h := withSite(t)
	seen := map[string]bool{}
	for range 3 {
		w := h.do(t, "GET", "/styled/", "")
		_, policy, _ := strings.Cut(w.Header().Get("Content-Security-Policy"), "style-src 'self' 'nonce-")
		nonce, _, _ := strings.Cut(policy, "'")
		if len(nonce) < 20 || seen[nonce] || strings.Count(w.Body.String(), `nonce="`+nonce+`"`) != 2 {
			t.Errorf("nonce %q in %s", nonce, w.Body)
		}
		if !strings.HasPrefix(w.Header().Get("Content-Security-Policy"), web.PageCSP) || w.Header().Get("ETag") != "" {
			t.Errorf("headers %v", w.Header())
		}
		seen[nonce] = true
	}
}

func TestPacking(t *testing.T) {
	h := newHouse(t, web.Config{})
	web.Register(h.Server, huma.Operation{Method: "GET", Path: "/list", Security: web.Public()},
		func(context.Context, *nothing) (*struct{ Body []string }, error) {
			return &struct{ Body []string }{make([]string, 1000)}, nil
		})
	web.Register(h.Server, huma.Operation{Method: "GET", Path: "/cookie", Security: web.Public()},
		func(context.Context, *nothing) (*struct {
			Set  http.Cookie `header:"Set-Cookie"`
			Body []string
		}, error) {
			return &struct {
				Set  http.Cookie `header:"Set-Cookie"`
				Body []string
			}{http.Cookie{Name: "a", Value: "b"}, make([]string, 1000)}, nil
		})
	w := h.do(t, "GET", "/api/v1/list", "", "Accept-Encoding", "br, gzip")
	if w.Header().Get("Content-Encoding") != "gzip" {
		t.Fatalf("not packed: %v", w.Header())
	}
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(z); err != nil || len(b) != 3002 {
		t.Errorf("%d bytes, %v", len(b), err)
	}
	for _, c := range [][2]string{{"/api/v1/list", "gzip;q=0"}, {"/api/v1/list", ""}, {"/api/v1/cookie", "gzip"}, {"/healthz", "gzip"}} {
		w := h.do(t, "GET", c[0], "", "Accept-Encoding", c[1])
		if w.Code != 200 || w.Header().Get("Content-Encoding") != "" || w.Body.Len() == 0 {
			t.Errorf("%v: %d %v", c, w.Code, w.Header())
		}
	}
}

func TestLimit(t *testing.T) {
	now := time.Unix(0, 0)
	s := web.New(web.Config{Now: func() time.Time { return now }})
	take := func() error { return s.Limit("code", canary, 3, time.Minute) }
	for range 3 {
		if err := take(); err != nil {
			t.Fatal(err)
		}
	}
	err := take()
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok || f.Kind != fault.TooMany || f.Args["seconds"] != 20 || strings.Contains(err.Error(), canary) {
		t.Fatalf("fourth: %v", err)
	}
	if err := s.Limit("code", "another", 3, time.Minute); err != nil {
		t.Errorf("somebody else waits too: %v", err)
	}
	now = now.Add(20 * time.Second)
	if take() != nil || take() == nil {
		t.Error("one token comes back in 20 s")
	}
	now = now.Add(-time.Hour) // a clock that goes back gives nothing
	if take() == nil {
		t.Error("a token from the past")
	}
	for i := range 30_000 { // old buckets go
		now = now.Add(time.Second)
		if err := s.Limit("code", fmt.Sprint(i), 3, time.Minute); err != nil {
			t.Fatal(err)
		}
	}
}

func TestReady(t *testing.T) {
	var down error
	h := newHouse(t, web.Config{Ready: func(context.Context) error { return down }})
	if w := h.do(t, "GET", "/readyz", ""); w.Code != 200 {
		t.Errorf("%d", w.Code)
	}
	down = errInside
	if w := h.do(t, "GET", "/readyz", ""); w.Code != 503 || problem(t, w).Code != "web.not_ready" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestPages(t *testing.T) {
	h := newHouse(t, web.Config{Body: 100})
	h.HandlePage("POST /m/ask", func(w http.ResponseWriter, r *http.Request) error {
		if err := r.ParseForm(); err != nil {
			return err
		}
		_, err := fmt.Fprint(w, r.PostForm.Get("q"), web.Actor(r.Context()).Known())
		return err
	})
	form := []string{"Content-Type", "application/x-www-form-urlencoded"}
	if w := h.do(t, "POST", "/m/ask", "q=yes", form...); w.Code != 200 || w.Body.String() != "yesfalse" ||
		!strings.Contains(w.Header().Get("Content-Security-Policy"), "form-action 'self'") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := h.do(t, "POST", "/m/ask", "q="+strings.Repeat("x", 200), form...); w.Code != 413 {
		t.Errorf("%d", w.Code)
	}
}

// A server that is told to stop finishes what is under way.
func TestStop(t *testing.T) {
	h := newHouse(t, web.Config{})
	began, finish := make(chan bool), make(chan bool)
	h.HandlePage("GET /slow", func(w http.ResponseWriter, _ *http.Request) error {
		began <- true
		<-finish
		_, err := io.WriteString(w, "done")
		return err
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stopped := make(chan error, 1)
	go func() { stopped <- h.Serve(ctx, l) }()
	answer := make(chan string, 1)
	go func() {
		res, err := http.Get("http://" + l.Addr().String() + "/slow")
		if err != nil {
			answer <- err.Error()
			return
		}
		b, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		answer <- string(b)
	}()
	<-began
	stop()
	for { // until no new connection is taken
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			break
		}
		_ = c.Close()
	}
	close(finish)
	if got := <-answer; got != "done" {
		t.Errorf("answer %q", got)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}
