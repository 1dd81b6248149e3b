package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/say"
)

// Problem is a refusal as the reader gets it (RFC 9457).
type Problem struct {
	Type      string         `json:"type" doc:"Names the sort of problem; the code as a URN"`
	Title     string         `json:"title" doc:"The status in the reader's language"`
	Status    int            `json:"status"`
	Detail    string         `json:"detail" doc:"What went wrong, in the reader's language"`
	Code      string         `json:"code" doc:"Permanent name of this problem, for programs"`
	RequestID string         `json:"request_id" doc:"Quote it when you ask for help"`
	Errors    []ProblemField `json:"errors,omitempty" doc:"Where the request breaks a rule"`

	retry string // seconds for Retry-After
}

// ProblemField is one place in a request that breaks a rule. It never holds
// what was submitted there.
type ProblemField struct {
	Field   string `json:"field" doc:"Path in the request, as in contact.phone or advice[0]"`
	Code    string `json:"code"`
	Message string `json:"message" doc:"What to do, in the reader's language"`
}

func (p *Problem) Error() string { return p.Code }

// GetStatus is for huma.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is for huma.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders is for huma.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.retry != "" {
		h.Set("Retry-After", p.retry)
	}
	return h
}

// refusal is one of the door's own, with a status that no fault kind has.
type refusal struct {
	status int
	key    string
	fields []ProblemField
	err    error
}

func (r *refusal) Error() string {
	if r.err != nil {
		return r.key + ": " + r.err.Error()
	}
	return r.key
}

func (r *refusal) Unwrap() error { return r.err }

// statuses is the only place where kinds become numbers.
var statuses = map[fault.Kind]int{
	fault.Malformed:   http.StatusBadRequest,
	fault.Unknown:     http.StatusUnauthorized,
	fault.Absent:      http.StatusNotFound,
	fault.Conflict:    http.StatusConflict,
	fault.TooLarge:    http.StatusRequestEntityTooLarge,
	fault.WrongType:   http.StatusUnsupportedMediaType,
	fault.Invalid:     http.StatusUnprocessableEntity,
	fault.TooMany:     http.StatusTooManyRequests,
	fault.Unavailable: http.StatusServiceUnavailable,
	fault.Internal:    http.StatusInternalServerError,
}

// ProblemOf is what the reader of this request gets for err. What is our own
// mistake is logged here, once, with its inside text.
func ProblemOf(ctx context.Context, err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok && p.RequestID != "" {
		return p
	}
	q := of(ctx)
	status, key, args, fields := read(err, q.lang)
	if status >= http.StatusInternalServerError {
		q.log.Error("refused", "request_id", q.id, "status", status, "error", err.Error())
	}
	p := &Problem{
		Type: "urn:mingfa:problem:" + key, Status: status, Code: key, RequestID: q.id, Errors: fields,
		Title:  say.Text(q.lang, "web.status_"+strconv.Itoa(status), nil),
		Detail: say.Text(q.lang, key, args),
	}
	if n, ok := args["seconds"].(int); ok && (status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable) {
		p.retry = strconv.Itoa(n)
	}
	return p
}

// read takes an error apart into what may be shown.
func read(err error, lang string) (status int, key string, args map[string]any, fields []ProblemField) {
	if r, ok := errors.AsType[*refusal](err); ok {
		return r.status, r.key, nil, r.fields
	}
	if f, ok := errors.AsType[*fault.Fault](err); ok && f.Kind != fault.Internal && statuses[f.Kind] != 0 {
		for _, x := range f.Fields {
			fields = append(fields, ProblemField{Field: x.Path, Code: x.Key, Message: say.Text(lang, x.Key, x.Args)})
		}
		return statuses[f.Kind], f.Key, f.Args, fields
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return http.StatusRequestEntityTooLarge, "fault.too_large", nil, nil
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return http.StatusServiceUnavailable, "fault.unavailable", nil, nil
	}
	return http.StatusInternalServerError, "fault.internal", nil, nil
}

// Refuse answers a plain net/http request with the problem for err.
func (s *Server) Refuse(w http.ResponseWriter, r *http.Request, err error) {
	p := ProblemOf(r.Context(), err)
	h := w.Header()
	h.Set("Content-Type", p.ContentType(""))
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", apiCSP)
	h.Del("ETag")
	for name, values := range p.GetHeaders() {
		h[name] = values
	}
	w.WriteHeader(p.Status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(p) // the reader is gone: nothing to do about it
}
