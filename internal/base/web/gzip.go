package web

import (
	"compress/gzip"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// smallest is the size from which packing is worth it: what goes in one packet
// anyway takes no longer unpacked.
const smallest = 1400

var packers = sync.Pool{New: func() any { return gzip.NewWriter(io.Discard) }}

// packer holds an answer back until it knows whether to pack it: text of at
// least smallest bytes, for a client that takes gzip, and nothing that sets a
// cookie (its length would tell about the secret).
type packer struct {
	http.ResponseWriter
	accepts bool
	status  int
	held    []byte
	zip     *gzip.Writer
	started bool
}

func pack(w http.ResponseWriter, r *http.Request) *packer {
	return &packer{ResponseWriter: w, accepts: r.Method != http.MethodHead && acceptsGzip(r)}
}

func acceptsGzip(r *http.Request) bool { return accepts(r, "gzip") }

// accepts tells whether the client takes a coding, such as "gzip" or "br".
func accepts(r *http.Request, coding string) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, q, _ := strings.Cut(part, ";")
		if strings.TrimSpace(name) == coding {
			return strings.ReplaceAll(q, " ", "") != "q=0"
		}
	}
	return false
}

// packable are types that become smaller.
func packable(contentType string) bool {
	kind, _, _ := mime.ParseMediaType(contentType)
	switch kind {
	case "application/json", "application/problem+json", "application/openapi+json", "application/javascript",
		"application/manifest+json", "image/svg+xml":
		return true
	case "text/event-stream":
		return false
	}
	return strings.HasPrefix(kind, "text/")
}

func (p *packer) WriteHeader(status int) {
	if p.status == 0 {
		p.status = status
	}
	if h := p.Header(); !p.accepts || h.Get("Content-Encoding") != "" || h.Get("Set-Cookie") != "" ||
		!packable(h.Get("Content-Type")) || status < 200 || status == http.StatusNoContent || status == http.StatusNotModified {
		p.start(false)
	}
}

func (p *packer) Write(b []byte) (int, error) {
	if p.status == 0 {
		p.WriteHeader(http.StatusOK)
	}
	if !p.started {
		p.held = append(p.held, b...)
		if len(p.held) >= smallest {
			p.start(true)
		}
		return len(b), nil
	}
	if p.zip != nil {
		return p.zip.Write(b)
	}
	return p.ResponseWriter.Write(b)
}

// start sends the head and what was held.
func (p *packer) start(zip bool) {
	if p.started {
		return
	}
	p.started = true
	if zip {
		p.Header().Set("Content-Encoding", "gzip")
		p.Header().Del("Content-Length")
		p.zip = packers.Get().(*gzip.Writer)
		p.zip.Reset(p.ResponseWriter)
	}
	p.ResponseWriter.WriteHeader(p.status)
	if zip {
		_, _ = p.zip.Write(p.held)
	} else if len(p.held) > 0 {
		_, _ = p.ResponseWriter.Write(p.held)
	}
	p.held = nil
}

// end sends what is still held. It is called when the handler came back.
func (p *packer) end() {
	if p.status != 0 && !p.started {
		p.Header().Set("Content-Length", strconv.Itoa(len(p.held)))
		p.start(false)
	}
	if p.zip != nil {
		_ = p.zip.Close()
		packers.Put(p.zip)
		p.zip = nil
	}
}

// FlushError sends what is there, for streams.
func (p *packer) FlushError() error {
	if p.status == 0 {
		p.WriteHeader(http.StatusOK)
	}
	p.start(false)
	if p.zip != nil {
		if err := p.zip.Flush(); err != nil {
			return err
		}
	}
	return http.NewResponseController(p.ResponseWriter).Flush()
}

// Flush is for libraries that ask for an http.Flusher.
func (p *packer) Flush() { _ = p.FlushError() }

// Unwrap lets http.ResponseController reach the connection.
func (p *packer) Unwrap() http.ResponseWriter { return p.ResponseWriter }
