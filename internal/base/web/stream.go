package web

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
)

// Files go through the door as streams: an operation that takes one (Takes) or
// gives one (Gives) has no JSON in that direction, is never held in memory as a
// whole, and may take as long as bytes keep moving, StreamTimeout at most.
const (
	StreamTimeout = 10 * time.Minute
	streamIdle    = 30 * time.Second // without a byte, then the line is dead
	maxStreams    = 6                // files that one session sends at the same time
	maxDrained    = 64 << 20         // bytes of a refused file that are still read, so that its sender hears why
)

// streamed is where an operation keeps that it is one of these.
const streamed = "mingfa.stream"

// Takes registers a PUT operation whose request is a file; its function reads it
// with Body. Whoever reads bounds it: the door does not.
func Takes[I, O any](s *Server, op huma.Operation, fn func(context.Context, *I) (*O, error)) {
	markStream(&op)
	Register(s, op, fn)
	// Told to readers of the API only now, or huma would read the file itself.
	s.api.OpenAPI().Paths[op.Path].Put.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}
}

// Gives registers an operation whose answer is a file; its function returns a
// File.
func Gives[I any](s *Server, op huma.Operation, fn func(context.Context, *I) (*File, error)) {
	markStream(&op)
	op.Responses = map[string]*huma.Response{"200": {Description: "The file", Content: map[string]*huma.MediaType{
		"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}}
	Register(s, op, func(ctx context.Context, in *I) (*fileReply, error) {
		f, err := fn(ctx, in)
		if err != nil {
			return nil, err
		}
		return &fileReply{f.send}, nil
	})
}

func markStream(op *huma.Operation) {
	if op.Metadata == nil {
		op.Metadata = map[string]any{}
	}
	op.Metadata[streamed] = true
}

// File is a file on its way out; it is closed when it was sent.
type File struct {
	Content     io.ReadCloser
	Size        int64  // -1: not known before its end
	Type        string // of the bytes, as the server found it, never as somebody said
	Disposition string // Content-Disposition
}

// FileCSP is for what somebody uploaded: shown alone it may load nothing and run
// nothing, and it has no origin.
const FileCSP = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"

// Disposition is a Content-Disposition: shown in its place where inline, else saved;
// the name in UTF-8, and in ASCII for who can't read that (RFC 6266).
func Disposition(inline bool, name string) string {
	kind := "attachment"
	if inline {
		kind = "inline"
	}
	if name == "" {
		return kind
	}
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\%;/`, r) {
			return '_'
		}
		return r
	}, name)
	return kind + `; filename="` + plain + `"; filename*=UTF-8''` + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
}

type fileReply struct {
	Body func(huma.Context)
}

// send writes the file. Once it has begun, an error can only be told by cutting
// the line: half a file is never mistaken for a whole one.
func (f *File) send(c huma.Context) {
	defer f.Content.Close() //nolint:errcheck // it was only read
	c.SetHeader("Content-Type", f.Type)
	if f.Size >= 0 {
		c.SetHeader("Content-Length", strconv.FormatInt(f.Size, 10))
	}
	c.SetHeader("Content-Disposition", f.Disposition)
	c.SetHeader("Content-Security-Policy", FileCSP)
	c.SetStatus(http.StatusOK)
	if n, err := io.Copy(c.BodyWriter(), f.Content); err != nil || f.Size >= 0 && n != f.Size {
		of(c.Context()).log.Warn("a file was not sent whole", "request_id", RequestID(c.Context()))
		panic(http.ErrAbortHandler)
	}
}

// streams counts the files on their way in by session: each takes room on the disk before
// a room can say that it is one too many. What one process forgets, a
// restart has ended.
type streams struct {
	mu sync.Mutex
	n  map[id.ID]int
}

// begin counts one more, and gives what counts it down again.
func (s *streams) begin(session id.ID) (end func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.n[session] >= maxStreams {
		return func() {}, fault.New(fault.TooMany, "fault.too_many").With("seconds", int(streamIdle.Seconds()))
	}
	s.n[session]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.n[session]--; s.n[session] == 0 {
			delete(s.n, session)
		}
	}, nil
}

// Body is the file of a request to an operation that Takes one, and its length as the
// sender told it (-1: he didn't). A line that breaks is a fault.Malformed.
func Body(ctx context.Context) (io.Reader, int64) {
	if b := of(ctx).body; b != nil {
		return b, b.size
	}
	return http.NoBody, 0
}

// body reads a file from its line.
type body struct {
	r    io.Reader
	size int64
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	switch ne, timeout := errors.AsType[net.Error](err); {
	case err == nil || errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return n, err
	case timeout && ne.Timeout():
		return n, &refusal{status: http.StatusRequestTimeout, key: "web.slow"}
	default:
		return n, fault.Wrap(fault.Malformed, "web.cut", err)
	}
}

// drain reads on where a file was refused before its end: a browser that still
// sends does not hear the refusal.
func (b *body) drain() { _, _ = io.CopyN(io.Discard, b.r, maxDrained) }

// Slowly lets a request take as long as bytes move, in either direction. It is for
// handlers of streams outside the API; operations that Take or Give have it.
func Slowly(w http.ResponseWriter, r *http.Request) (http.ResponseWriter, *http.Request) {
	line := &line{c: http.NewResponseController(w), end: time.Now().Add(StreamTimeout)}
	line.move()
	slow := r.WithContext(r.Context())
	slow.Body = &slowBody{r.Body, line}
	return &slowWriter{w, line}, slow
}

// line moves the deadlines of a connection; where there is none (in a test, or
// when a page asks the API in this process) there is nothing to move.
type line struct {
	c    *http.ResponseController
	next time.Time // when to move them again
	end  time.Time // behind which they are not moved
}

func (l *line) move() {
	now := time.Now()
	if now.Before(l.next) {
		return
	}
	l.next = now.Add(time.Second)
	read, write := now.Add(streamIdle), now.Add(2*streamIdle) // the answer comes after the last byte was read
	if read.After(l.end) {
		read, write = l.end, l.end.Add(streamIdle)
	}
	_ = l.c.SetReadDeadline(read)
	_ = l.c.SetWriteDeadline(write)
}

type slowBody struct {
	io.ReadCloser
	line *line
}

func (b *slowBody) Read(p []byte) (int, error) {
	b.line.move()
	return b.ReadCloser.Read(p)
}

type slowWriter struct {
	http.ResponseWriter
	line *line
}

func (w *slowWriter) Write(p []byte) (int, error) {
	w.line.move()
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *slowWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
