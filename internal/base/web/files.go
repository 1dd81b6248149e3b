package web

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"mingfa/internal/base/fault"
)

// Files says how a built web page is served.
type Files struct {
	// Path is where it is served, with a slash at both ends: "/" or "/desk/".
	Path string
	FS   fs.FS // an embedded one: files are read once and kept
	// Assets is the folder whose file names change with their content ("assets/"):
	// browsers may keep these for ever.
	Assets string
	// Routed answers every path without a dot with index.html, for pages that
	// have their own routes.
	Routed bool
	// CSP replaces PageCSP. Loosen it with a reason only.
	CSP string
	// Nonce is the word that stands in index.html wherever a fresh nonce shall
	// stand, for pages that make their own stylesheets. Each answer gets another
	// nonce, and the policy lets stylesheets with it in, no others.
	Nonce string
	// Missing is said, with 503, as long as there is no index.html: the command
	// that builds it.
	Missing string
}

// PageCSP lets a page load from its own host only.
const PageCSP = "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; " +
	"frame-ancestors 'none'; form-action 'self'"

// ServeFiles adds static files. The API's paths stay the API's.
func (s *Server) ServeFiles(f Files) {
	if f.CSP == "" {
		f.CSP = PageCSP
	}
	site := &site{server: s, Files: f, kept: map[string]*file{}}
	s.mux.HandleFunc(f.Path, site.serve)
}

// noTime: an embedded file has no date; its ETag tells all.
var noTime time.Time

type site struct {
	server *Server
	Files
	mu   sync.Mutex
	kept map[string]*file
}

// file is a file as it goes out.
type file struct {
	plain, packed []byte
	brotli        []byte // packed by the build (web/pack.mjs), where it was
	etag, kind    string
}

func (s *site) serve(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		s.server.Refuse(w, r, &refusal{status: http.StatusMethodNotAllowed, key: "fault.method"})
		return
	}
	name := strings.TrimPrefix(r.URL.Path, s.Path)
	if name == "" || s.Routed && path.Ext(name) == "" {
		name = "index.html"
	}
	f, err := s.file(name)
	if err != nil && name == "index.html" {
		http.Error(w, s.Missing, http.StatusServiceUnavailable)
		return
	}
	if err != nil {
		s.server.Refuse(w, r, fault.NotThere())
		return
	}
	if s.Nonce != "" && name == "index.html" {
		s.fresh(w, r, f)
		return
	}
	s.send(w, r, name, f)
}

// fresh sends the page with a nonce of its own: no ETag, for no two are the same.
func (s *site) fresh(w http.ResponseWriter, r *http.Request, f *file) {
	nonce := rand.Text()
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Content-Security-Policy", s.CSP+"; style-src 'self' 'nonce-"+nonce+"'")
	h.Del("Content-Language")
	h.Set("Cache-Control", "no-cache")
	http.ServeContent(w, r, "", noTime, bytes.NewReader(bytes.ReplaceAll(f.plain, []byte(s.Nonce), []byte(nonce))))
}

func (s *site) send(w http.ResponseWriter, r *http.Request, name string, f *file) {
	h := w.Header()
	h.Set("Content-Security-Policy", s.CSP)
	h.Set("Vary", "Accept-Encoding")
	h.Del("Content-Language")
	h.Set("Cache-Control", "no-cache")
	if s.Assets != "" && strings.HasPrefix(name, s.Assets) {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	f.send(w, r)
}

// send answers with the file, packed where the browser takes that, or with 304.
func (f *file) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	body, etag := f.plain, f.etag
	switch {
	case len(f.brotli) > 0 && accepts(r, "br"):
		h.Set("Content-Encoding", "br")
		body, etag = f.brotli, strings.TrimSuffix(f.etag, `"`)+`-br"`
	case len(f.packed) > 0 && acceptsGzip(r):
		h.Set("Content-Encoding", "gzip")
		body, etag = f.packed, strings.TrimSuffix(f.etag, `"`)+`-gzip"`
	}
	h.Set("ETag", etag)
	http.ServeContent(w, r, "", noTime, bytes.NewReader(body))
}

// file reads and packs a file the first time it is asked for.
func (s *site) file(name string) (*file, error) {
	if !fs.ValidPath(name) || strings.HasPrefix(path.Base(name), ".") {
		return nil, fs.ErrNotExist
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.kept[name]; f != nil {
		return f, nil
	}
	b, err := fs.ReadFile(s.FS, name)
	if err != nil {
		return nil, errors.Join(fs.ErrNotExist, err)
	}
	f := newFile(kindOf(name, b), b)
	if packed, err := fs.ReadFile(s.FS, name+".br"); err == nil {
		f.brotli = packed
	}
	s.kept[name] = f
	return f, nil
}

// newFile packs what gets smaller by it.
func newFile(kind string, b []byte) *file {
	sum := sha256.Sum256(b)
	f := &file{plain: b, kind: kind, etag: `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`}
	if len(b) >= smallest && packable(f.kind) {
		var z bytes.Buffer
		g, _ := gzip.NewWriterLevel(&z, gzip.BestCompression)
		_, _ = g.Write(b)
		_ = g.Close()
		f.packed = z.Bytes()
	}
	return f
}

// kinds are fixed here, so that the answer doesn't depend on the machine's table.
var kinds = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon",
	".woff2": "font/woff2", ".webmanifest": "application/manifest+json", ".txt": "text/plain; charset=utf-8",
}

func kindOf(name string, b []byte) string {
	ext := path.Ext(name)
	if k := kinds[ext]; k != "" {
		return k
	}
	if k := mime.TypeByExtension(ext); k != "" {
		return k
	}
	return http.DetectContentType(b)
}
