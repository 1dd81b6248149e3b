package web

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/say"
)

// document is the description of the API, made once when somebody first asks.
type document struct {
	once sync.Once
	json []byte
	err  error
}

// OpenAPI is the description of all registered operations (OpenAPI 3.1), the same
// bytes for the same routes. What is registered after the first call is not in it.
func (s *Server) OpenAPI() ([]byte, error) {
	s.doc.once.Do(func() {
		s.describe(s.api.OpenAPI())
		s.doc.json, s.doc.err = json.MarshalIndent(s.api.OpenAPI(), "", " ")
	})
	if s.doc.err != nil {
		return nil, s.doc.err
	}
	return append(slices.Clone(s.doc.json), '\n'), nil
}

func (s *Server) openapi(w http.ResponseWriter, r *http.Request) {
	b, err := s.OpenAPI()
	if err != nil {
		s.Refuse(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/openapi+json")
	_, _ = w.Write(b)
}

// describe tells in the document what huma can't know: what the door refuses,
// who may call, examples. It touches only what is shown, nothing that requests are
// checked by.
func (s *Server) describe(doc *huma.OpenAPI) {
	doc.Info.Description = introduction.markdown()
	doc.Components.Responses = refusals()
	doc.Components.Headers = rateHeaders()
	for _, op := range operations(doc) {
		for _, status := range errorsOf(op) {
			if refused[status] == nil {
				continue // a room's own: huma describes it
			}
			op.Responses[strconv.Itoa(status)] = &huma.Response{Ref: "#/components/responses/" + refusalName(status)}
		}
		delete(op.Responses, "default")
		op.Description = strings.TrimSpace(op.Description + "\n\n" + callers(op))
		illustrate(doc.Components.Schemas, op)
	}
}

// operations are all of them, by path and method.
func operations(doc *huma.OpenAPI) []*huma.Operation {
	var all []*huma.Operation
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		p := doc.Paths[path]
		for _, op := range []*huma.Operation{p.Get, p.Post, p.Put, p.Patch, p.Delete} {
			if op != nil {
				all = append(all, op)
			}
		}
	}
	return all
}

func isPublic(op *huma.Operation) bool { return op.Security != nil && len(op.Security) == 0 }

// errorsOf are the statuses that an operation may refuse with: those that its
// room named (huma.Operation.Errors), and what follows from what it is.
func errorsOf(op *huma.Operation) []int {
	has := map[int]bool{http.StatusTooManyRequests: true, http.StatusInternalServerError: true, http.StatusServiceUnavailable: true}
	for _, status := range op.Errors {
		has[status] = true
	}
	input, writes := op.RequestBody != nil || len(op.Parameters) > 0, op.Method != http.MethodGet
	has[http.StatusBadRequest], has[http.StatusUnprocessableEntity] = input, input
	if op.RequestBody != nil {
		has[http.StatusRequestTimeout], has[http.StatusRequestEntityTooLarge], has[http.StatusUnsupportedMediaType] = true, true, true
	}
	has[http.StatusForbidden] = writes // of a browser, from another site's page
	if !isPublic(op) {
		has[http.StatusUnauthorized], has[http.StatusNotFound] = true, true // forbidden looks like absent, lists too
		has[http.StatusConflict] = writes
	}
	for _, p := range op.Parameters {
		has[http.StatusNotFound] = has[http.StatusNotFound] || p.In == "path"
	}
	maps.DeleteFunc(has, func(_ int, so bool) bool { return !so })
	return slices.Sorted(maps.Keys(has))
}

// callers tells who may call an operation.
func callers(op *huma.Operation) string {
	switch scopes := scopesOf(op); {
	case isPublic(op):
		return "Anybody may call it."
	case len(scopes) > 0:
		return "Sign-in needed. A machine's token needs the scope " + strings.Join(scopes, " or ") + "."
	}
	return "Sign-in needed. Closed to machines' tokens."
}

// scopesOf are the scopes of which a machine's token needs one.
func scopesOf(op *huma.Operation) []string {
	scopes, _ := op.Metadata[forMachines].([]string)
	return scopes
}

// refused are the problems of the door itself, as examples.
var refused = map[int][]error{
	400: {fault.New(fault.Malformed, "fault.malformed"), fault.New(fault.Malformed, "fault.text_refused"), fault.New(fault.Malformed, "web.bad_query"),
		fault.New(fault.Malformed, "web.repeated_field"), fault.New(fault.Malformed, "web.too_deep")},
	401: {fault.New(fault.Unknown, "fault.unknown")},
	403: {&refusal{status: 403, key: "fault.cross_origin"}},
	404: {fault.NotThere()},
	408: {&refusal{status: 408, key: "web.slow"}},
	409: {fault.New(fault.Conflict, "fault.stale"), fault.New(fault.Conflict, "fault.conflict"), fault.New(fault.Conflict, "fault.repeat")},
	413: {fault.New(fault.TooLarge, "fault.too_large")},
	415: {&refusal{status: 415, key: "fault.media_type"}},
	422: {fault.Bad(fault.At("contact.phone", "fault.field_format"), fault.At("name", "fault.field_required"))},
	429: {fault.New(fault.TooMany, "fault.too_many").With("seconds", 20)},
	500: {fault.New(fault.Internal, "fault.internal")},
	503: {fault.New(fault.Unavailable, "fault.unavailable")},
}

// refusalName is how a status is called among the components: "NotFound".
func refusalName(status int) string { return strings.ReplaceAll(http.StatusText(status), " ", "") }

const problemType = "application/problem+json"

// refusals are the answers that operations refer to, each with its real words.
func refusals() map[string]*huma.Response {
	all := map[string]*huma.Response{}
	for status, errs := range refused {
		examples := map[string]*huma.Example{}
		for _, err := range errs {
			p := exampleProblem(err)
			examples[p.Code] = &huma.Example{Summary: p.Detail, Value: p}
		}
		r := &huma.Response{Description: say.Text(say.En, "web.status_"+strconv.Itoa(status), nil),
			Content: map[string]*huma.MediaType{problemType: {Schema: &huma.Schema{Ref: "#/components/schemas/Problem"}, Examples: examples}}}
		if status == http.StatusTooManyRequests {
			r.Headers = map[string]*huma.Header{}
			for name := range rateHeaders() {
				r.Headers[name] = &huma.Header{Ref: "#/components/headers/" + name}
			}
		}
		all[refusalName(status)] = r
	}
	return all
}

// exampleProblem is what an English reader gets for err.
func exampleProblem(err error) *Problem {
	q := &request{id: "AZqrsKwAcACAAAAAAAAAAQ", lang: say.En, log: slog.New(slog.DiscardHandler)}
	return ProblemOf(context.WithValue(context.Background(), requestKey{}, q), err)
}

// rateHeaders are those that rate and ProblemOf send.
func rateHeaders() map[string]*huma.Header {
	header := func(words string) *huma.Header {
		return &huma.Header{Description: words, Schema: &huma.Schema{Type: "integer"}, Example: 20}
	}
	return map[string]*huma.Header{
		"RateLimit-Limit":     header("How many requests a minute you may send"),
		"RateLimit-Remaining": header("How many are left"),
		"RateLimit-Reset":     header("Seconds until all are there again"),
		"Retry-After":         header("Seconds to wait"),
	}
}
