package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/who"
)

// Register adds an operation. Path is without the prefix. The function's error
// becomes a problem, its *O the answer. Defaults: an operation ID and a tag from
// method and path, sign-in needed, Config.Body as the most bytes of a body. Errors
// are only the statuses that the document can't tell from what the operation is
// (errorsOf).
func Register[I, O any](s *Server, op huma.Operation, fn func(context.Context, *I) (*O, error)) {
	s.defaults(&op)
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := fn(ctx, in)
		if err != nil {
			return nil, ProblemOf(ctx, err)
		}
		return out, nil
	})
}

// Public is the Security of an operation that anybody may call.
func Public() []map[string][]string { return []map[string][]string{} }

// Machines is the Metadata of an operation that an integrator's program may call
// with its token, if it has one of the scopes. The scopes are for the reader of the
// API; the room's verb decides. All other operations are closed to machines:
// sessions, tokens, one's own details and inbox can't be opened by forgetting
// something.
func Machines(scope string, more ...string) map[string]any {
	return map[string]any{forMachines: append([]string{scope}, more...)}
}

const forMachines = "mingfa.machines"

// bodyLimit is where an operation's own limit of the body is kept.
const bodyLimit = "mingfa.body"

func (s *Server) defaults(op *huma.Operation) {
	limit := op.MaxBodyBytes
	if limit <= 0 {
		limit = s.config.Body
	}
	if op.Metadata == nil {
		op.Metadata = map[string]any{}
	}
	op.Metadata[bodyLimit] = limit
	if open := op.Metadata[forMachines]; open != nil { // told in the OpenAPI file too
		op.Extensions = map[string]any{"x-machines": true, "x-scopes": open}
	}
	op.MaxBodyBytes, op.BodyReadTimeout = -1, -1 // enter has read it already
	words := strings.FieldsFunc(op.Path, func(r rune) bool { return r == '/' || r == '{' || r == '}' })
	if op.OperationID == "" {
		op.OperationID = strings.ToLower(op.Method) + "-" + strings.Join(words, "-")
	}
	if len(op.Tags) == 0 && len(words) > 0 {
		op.Tags = []string{words[0]}
	}
}

// adapter binds huma to the mux, with the door before every operation.
type adapter struct{ s *Server }

func (a adapter) Handle(op *huma.Operation, handle func(huma.Context)) {
	a.s.mux.HandleFunc(op.Method+" "+Prefix+op.Path, func(w http.ResponseWriter, r *http.Request) {
		limit := a.s.config.Timeout
		if op.Metadata[streamed] == true {
			limit = StreamTimeout
			w, r = Slowly(w, r)
		}
		ctx, cancel := context.WithTimeout(r.Context(), limit)
		defer cancel()
		r = r.WithContext(ctx)
		if err := a.s.enter(op, w, r); err != nil {
			a.s.Refuse(w, r, err)
			return
		}
		if op.Metadata[streamed] == true && op.Method == http.MethodPut {
			end, err := a.s.streams.begin(of(r.Context()).actor.Session)
			defer end()
			if err != nil {
				a.s.Refuse(w, r, err)
				return
			}
		}
		handle(humago.NewContext(op, r, w))
		if b := of(r.Context()).body; b != nil {
			b.drain()
		}
	})
}

func (a adapter) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.s.serve(w, r) }

// enter finds the actor, counts the request, then reads the body. In this order, so that nobody
// learns from validation what he may not call.
func (s *Server) enter(op *huma.Operation, w http.ResponseWriter, r *http.Request) error {
	public := isPublic(op)
	err := s.authenticate(r, public)
	if e := s.rate(w, r, of(r.Context()).actor); e != nil { // also tokens that don't hold
		return e
	}
	if err != nil {
		return err
	}
	if q := of(r.Context()); q.actor.Is(who.Machine) && op.Metadata[forMachines] == nil {
		if q.actor = (who.Actor{}); !public { // absent and forbidden are the same
			return fault.NotThere()
		}
	}
	if op.Metadata[streamed] == true {
		of(r.Context()).body = &body{r.Body, r.ContentLength}
		return nil
	}
	limit, ok := op.Metadata[bodyLimit].(int64)
	if !ok {
		limit = s.config.Body
	}
	return readBody(w, r, limit)
}

func (s *Server) authenticate(r *http.Request, public bool) error {
	actor, err := s.config.Authenticate(r)
	if err != nil && !(public && fault.Is(err, fault.Unknown)) {
		return err
	}
	if err != nil || !actor.Known() {
		if public {
			return nil
		}
		return fault.New(fault.Unknown, "fault.unknown")
	}
	of(r.Context()).actor = actor
	return nil
}

// readBody reads a request's JSON and puts what was read in its place.
func readBody(w http.ResponseWriter, r *http.Request, limit int64) error {
	if r.ContentLength > limit {
		return fault.New(fault.TooLarge, "fault.too_large")
	}
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if ne, ok := errors.AsType[net.Error](err); ok && ne.Timeout() {
		return &refusal{status: http.StatusRequestTimeout, key: "web.slow"}
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return err
	}
	if err != nil {
		return fault.Wrap(fault.Malformed, "fault.malformed", err)
	}
	r.Body = io.NopCloser(bytes.NewReader(b))
	if len(b) == 0 {
		return nil
	}
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if charset := params["charset"]; err != nil || kind != "application/json" ||
		r.Header.Get("Content-Encoding") != "" || charset != "" && !strings.EqualFold(charset, "utf-8") {
		return &refusal{status: http.StatusUnsupportedMediaType, key: "fault.media_type"}
	}
	r.Header.Set("Content-Type", "application/json") // the one spelling that huma knows
	return checkJSON(b)
}

// HandlePage adds a page that is no API: html for browsers without script. The
// actor may be nobody; the body is bounded; an error that fn returns before it
// wrote anything is answered as a problem (use ProblemOf to render it as html).
func (s *Server) HandlePage(pattern string, fn func(http.ResponseWriter, *http.Request) error) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, s.config.Body)
		w.Header().Set("Content-Security-Policy", PageCSP)
		err := s.authenticate(r, true)
		if err == nil {
			err = fn(w, r)
		}
		if err != nil {
			s.Refuse(w, r, err)
		}
	})
}

// ETag writes the version of a row for the ETag header.
func ETag(rev int64) string { return `"` + strconv.FormatInt(rev, 10) + `"` }

// Rev reads an If-Match header: the version that the caller has seen. Empty
// is 0: no condition.
func Rev(ifMatch string) (int64, error) {
	if ifMatch == "" {
		return 0, nil
	}
	inner, ok := strings.CutPrefix(ifMatch, `"`)
	inner, closed := strings.CutSuffix(inner, `"`)
	rev, err := strconv.ParseInt(inner, 10, 64)
	if err != nil || !ok || !closed || rev < 1 {
		return 0, fault.Bad(fault.At("If-Match", "fault.field_format"))
	}
	return rev, nil
}
