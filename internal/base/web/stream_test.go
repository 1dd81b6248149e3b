package web_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/web"
	"mingfa/internal/base/who"
)

type filePath struct {
	Name string `path:"name"`
}

// filesHouse takes files up to a limit and gives them back.
func filesHouse(t *testing.T, limit int64) (*web.Server, map[string][]byte) {
	t.Helper()
	kept := map[string][]byte{}
	var mu sync.Mutex
	s := web.New(web.Config{Authenticate: func(r *http.Request) (who.Actor, error) {
		if r.Header.Get("Authorization") == "" {
			return who.Actor{}, nil
		}
		return who.Actor{Person: [16]byte{1}, Session: [16]byte{2}, Roles: []who.Role{who.Citizen}}, nil
	}})
	web.Takes(s, huma.Operation{Method: http.MethodPut, Path: "/files/{name}", DefaultStatus: http.StatusNoContent},
		func(ctx context.Context, in *filePath) (*struct{}, error) {
			r, _ := web.Body(ctx)
			b, err := io.ReadAll(io.LimitReader(r, limit+1))
			if err == nil && int64(len(b)) > limit {
				err = fault.New(fault.TooLarge, "fault.too_large")
			}
			if err == nil {
				mu.Lock()
				kept[in.Name] = b
				mu.Unlock()
			}
			return nil, err
		})
	web.Gives(s, huma.Operation{Method: http.MethodGet, Path: "/files/{name}"},
		func(_ context.Context, in *filePath) (*web.File, error) {
			b, ok := kept[in.Name]
			if !ok {
				return nil, fault.NotThere()
			}
			var r io.Reader = bytes.NewReader(b)
			if in.Name == "half" {
				r = io.MultiReader(bytes.NewReader(b[:len(b)/2]), iotest.ErrReader(errors.New(canary)))
			}
			return &web.File{Content: io.NopCloser(r), Size: int64(len(b)), Type: "image/png", Disposition: web.Disposition(true, "甲\"\r\n\\.png")}, nil
		})
	return s, kept
}

func send(t *testing.T, s *web.Server, method, path string, body io.Reader) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, web.Prefix+path, body)
	r.Header.Set("Authorization", "Bearer x")
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w
}

func TestFilesGoThroughAsTheyAre(t *testing.T) {
	s, kept := filesHouse(t, 1000)
	content := "\x00\xff{not json\r\n" + strings.Repeat("a", 900)
	if w := send(t, s, "PUT", "/files/a", strings.NewReader(content)); w.Code != 204 || string(kept["a"]) != content {
		t.Fatalf("taken: %d %s", w.Code, w.Body)
	}
	w := send(t, s, "GET", "/files/a", nil)
	if w.Code != 200 || w.Body.String() != content || w.Header().Get("Content-Encoding") != "" || w.Header().Get("Content-Security-Policy") != web.FileCSP {
		t.Errorf("given: %d, %d bytes, %v", w.Code, w.Body.Len(), w.Header())
	}
	if got := w.Header().Get("Content-Disposition"); strings.ContainsAny(got, "\r\n\\") || !strings.Contains(got, "filename*=UTF-8''%E7%94%B2") {
		t.Errorf("disposition %q", got)
	}
	if w := send(t, s, "PUT", "/files/b", strings.NewReader(strings.Repeat("a", 1001))); w.Code != 413 || kept["b"] != nil {
		t.Errorf("too large: %d %s", w.Code, w.Body)
	}
	if w := send(t, s, "GET", "/files/none", nil); w.Code != 404 {
		t.Errorf("absent: %d", w.Code)
	}
	r := httptest.NewRequest("PUT", web.Prefix+"/files/c", strings.NewReader("x"))
	n := httptest.NewRecorder()
	s.Handler().ServeHTTP(n, r)
	if n.Code != 401 || kept["c"] != nil {
		t.Errorf("nobody: %d", n.Code)
	}
}

// A line that breaks on the way in is no mistake of ours, and nothing of its words is shown.
func TestABrokenUpload(t *testing.T) {
	s, kept := filesHouse(t, 1000)
	w := send(t, s, "PUT", "/files/a", io.MultiReader(strings.NewReader("half"), iotest.ErrReader(errors.New(canary))))
	if w.Code != 400 || !strings.Contains(w.Body.String(), "web.cut") || strings.Contains(w.Body.String(), canary) || len(kept) != 0 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	w = send(t, s, "PUT", "/files/a", iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader("half"))))
	if w.Code != 400 && w.Code != 408 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := send(t, s, "PUT", "/files/a", iotest.ErrReader(&net.OpError{Op: "read", Err: timeout{}})); w.Code != 408 {
		t.Errorf("too slow: %d %s", w.Code, w.Body)
	}
}

type timeout struct{}

func (timeout) Error() string { return canary }
func (timeout) Timeout() bool { return true }

// Half a file is never an answer: the connection is cut.
func TestAFileThatBreaksIsCut(t *testing.T) {
	s, _ := filesHouse(t, 1<<20)
	server := httptest.NewServer(s.Handler())
	defer server.Close()
	do := func(method, name string, body io.Reader) (*http.Response, error) {
		r, err := http.NewRequest(method, server.URL+web.Prefix+"/files/"+name, body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer x")
		return http.DefaultClient.Do(r)
	}
	for _, name := range []string{"whole", "half"} {
		res, err := do("PUT", name, strings.NewReader(strings.Repeat("a", 1<<20)))
		if err != nil || res.StatusCode != 204 {
			t.Fatal(res, err)
		}
		res.Body.Close()
		res, err = do("GET", name, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = io.Copy(io.Discard, res.Body)
		if res.Body.Close(); (err == nil) != (name == "whole") {
			t.Errorf("%s: %v", name, err)
		}
	}
	// One who still sends hears why he was refused, though the file is longer than what the server takes.
	res, err := do("PUT", "large", io.LimitReader(endless{}, 8<<20))
	if err != nil || res.StatusCode != 413 {
		t.Errorf("a refusal was not heard: %v %v", res, err)
	} else {
		res.Body.Close()
	}
}

// One session moves so many files at a time and no more; the next may come when one is done.
func TestFilesAtTheSameTimeAreBounded(t *testing.T) {
	s, _ := filesHouse(t, 1000)
	var ends []*io.PipeWriter
	codes := make(chan int, 6)
	for range 6 {
		r, w := io.Pipe()
		ends = append(ends, w)
		go func() { codes <- send(t, s, "PUT", "/files/a", r).Code }()
		if _, err := w.Write([]byte("x")); err != nil { // it is being read
			t.Fatal(err)
		}
	}
	if w := send(t, s, "PUT", "/files/b", strings.NewReader("x")); w.Code != 429 || w.Header().Get("Retry-After") == "" {
		t.Errorf("a seventh: %d", w.Code)
	}
	for _, w := range ends {
		w.Close()
	}
	for range ends {
		if got := <-codes; got != 204 {
			t.Errorf("one of six: %d", got)
		}
	}
	if w := send(t, s, "PUT", "/files/b", strings.NewReader("x")); w.Code != 204 {
		t.Errorf("afterwards: %d", w.Code)
	}
}

type endless struct{}

func (endless) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func TestStreamsAreToldInTheAPI(t *testing.T) {
	s, _ := filesHouse(t, 1)
	b, err := s.OpenAPI()
	if err != nil || strings.Count(string(b), `"application/octet-stream": {`) != 2 {
		t.Errorf("%v %s", err, b)
	}
}
