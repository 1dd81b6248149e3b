package wap

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"mingfa/internal/base/web"
)

// client asks the API in the visitor's name, in this process.
type client struct {
	api    http.Handler
	of     *http.Request // the visitor's own request
	lang   string
	cookie string    // his cookies; a sign-in on the way changes them
	set    []string  // Set-Cookie lines that he shall get
	now    time.Time // when the API last answered, by its own clock
}

// refusal is the API's problem+json.
type refusal struct {
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Code   string `json:"code"`
	Errors []struct {
		Field   string `json:"field"`
		Message string `json:"message"`
	} `json:"errors"`
}

func (r *refusal) Error() string { return "the API refused" }

// at gives the messages by field, the names of the form for those of the wire.
func (r *refusal) at(form map[string]string) map[string]string {
	out := map[string]string{}
	for _, e := range r.Errors {
		name := e.Field
		if n, ok := form[name]; ok {
			name = n
		}
		out[name] = e.Message
	}
	return out
}

func refusalOf(err error) *refusal {
	var r *refusal
	if errors.As(err, &r) {
		return r
	}
	return &refusal{Status: http.StatusInternalServerError}
}

func (c *client) get(path string, into any) error { return c.call(http.MethodGet, path, nil, into) }

func (c *client) post(path string, body, into any) error {
	return c.call(http.MethodPost, path, body, into)
}

// put sends a file on as it is read, with the name that its sender gave it.
func (c *client) put(path, name string, file io.Reader) error {
	r, err := http.NewRequestWithContext(c.of.Context(), http.MethodPut, "/api/v1"+path, file)
	if err != nil {
		return err
	}
	r.ContentLength = -1
	r.Header.Set("Content-Disposition", web.Disposition(false, name))
	return c.do(r, nil)
}

// call makes one request of the API and reads its answer into into, which may be
// nil.
func (c *client) call(method, path string, body, into any) error {
	return c.upon(method, path, "", body, into)
}

// upon is call upon a version that was seen, "" for none.
func (c *client) upon(method, path, rev string, body, into any) error {
	var sent io.Reader = http.NoBody
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return err
		}
		sent = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(c.of.Context(), method, "/api/v1"+path, sent)
	if err != nil {
		return err
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if rev != "" {
		r.Header.Set("If-Match", strconv.Quote(rev))
	}
	return c.do(r, into)
}

// do makes a request in the visitor's name.
func (c *client) do(r *http.Request, into any) error {
	r.Host, r.RemoteAddr, r.RequestURI = c.of.Host, c.of.RemoteAddr, r.URL.RequestURI()
	for _, name := range []string{"User-Agent", "X-Forwarded-For", "X-Forwarded-Proto", "X-Real-Ip"} {
		if values := c.of.Header.Values(name); len(values) > 0 {
			r.Header[name] = values
		}
	}
	r.Header.Set("Accept-Language", c.lang)
	if c.cookie != "" {
		r.Header.Set("Cookie", c.cookie)
	}
	answer := &recorder{header: http.Header{}, status: http.StatusOK}
	c.api.ServeHTTP(answer, r)
	c.keepCookies(answer.header)
	if at, err := http.ParseTime(answer.header.Get("Date")); err == nil {
		c.now = at
	}
	if answer.status >= 400 {
		problem := &refusal{}
		_ = json.Unmarshal(answer.body.Bytes(), problem) // without a body the status alone tells
		problem.Status = answer.status
		return problem
	}
	if into == nil || answer.body.Len() == 0 {
		return nil
	}
	return json.Unmarshal(answer.body.Bytes(), into)
}

// keepCookies remembers what the API sets: for the visitor, and for the calls
// that follow in this request.
func (c *client) keepCookies(h http.Header) {
	for _, line := range h.Values("Set-Cookie") {
		c.set = append(c.set, line)
		pair, _, _ := strings.Cut(line, ";")
		name, value, _ := strings.Cut(pair, "=")
		kept := []string{}
		for _, old := range strings.Split(c.cookie, ";") {
			if old = strings.TrimSpace(old); old != "" && !strings.HasPrefix(old, name+"=") {
				kept = append(kept, old)
			}
		}
		if value != "" {
			kept = append(kept, pair)
		}
		c.cookie = strings.Join(kept, "; ")
	}
}

func (c *client) giveCookies(w http.ResponseWriter) {
	for _, line := range c.set {
		w.Header().Add("Set-Cookie", line)
	}
	c.set = nil
}

// recorder takes the API's answer.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *recorder) Header() http.Header         { return w.header }
func (w *recorder) WriteHeader(status int)      { w.status = status }
func (w *recorder) Write(b []byte) (int, error) { return w.body.Write(b) }
