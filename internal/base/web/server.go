// Package web is the door of the house: HTTP on the outside, verbs on the inside.
//
// # What it promises
//
//   - One API under /api/v1, described by an OpenAPI file that is generated
//     from the Go types of the rooms' http.go files. huma does the typing;
//     nothing but this package, app and the http.go files imports it.
//   - One language of refusals. A handler returns an error; this package turns
//     it into application/problem+json in the reader's language, once. Only the
//     Key of a fault.Fault decides what a reader sees. The text of any other
//     error goes to the log under the request's ID, the reader gets a plain 500.
//   - Nothing that was submitted comes back in a refusal: no value, no unknown
//     field name, no parser message.
//   - Absent and forbidden are the same bytes but for the request ID.
//   - Nobody is let in by forgetting something: an operation needs a signed-in
//     actor unless it says Security: web.Public().
//   - The body of an API request is read here, whole, at most Config.Body bytes
//     (or the operation's MaxBodyBytes), and is well-formed JSON of bounded
//     depth, without NUL, broken UTF-8, lone surrogates or repeated keys,
//     before a room sees it. Unknown fields are refused. Files are streams
//     (stream.go): never held as a whole, never spilled to a disk in plain.
//   - A cookie works for the site's own pages only (http.CrossOriginProtection).
//     A request with an Authorization header loses its cookies, so the two ways
//     of signing in are never mixed.
//
// # The way of a request
//
//	ServeHTTP: request ID, language, headers, log, recover
//	  -> cross-origin check -> query check -> gzip -> mux (404 and 405 as problems)
//	    -> adapter.enter: Authenticate -> rate -> sign-in needed? -> JSON door
//	      -> huma: types and schema -> the room's function -> problem or answer
//
// # What a room writes
//
//	func (s *Service) Routes(w *web.Server) {
//		web.Register(w, huma.Operation{Method: "POST", Path: "/orders", DefaultStatus: 201},
//			func(ctx context.Context, in *askInput) (*orderOutput, error) {
//				o, err := s.Ask(ctx, web.Actor(ctx), in.Body)
//				return output(o), err
//			})
//	}
//
// # Concurrency
//
// Register routes first, serve afterwards. After that a Server is safe for
// concurrent use and holds nothing that may not be lost (limits start anew on a
// restart, and each of several processes counts for itself).
//
// # Logs
//
// One line a request: ID, method, route pattern (never the path), status,
// bytes, duration. No query, no address, no name, no header, no body.
package web

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/who"
)

// Prefix is where the API lives.
const Prefix = "/api/v1"

// The defaults of Config.
const (
	DefaultBody    = 256 << 10        // bytes of a request body
	DefaultTimeout = 30 * time.Second // of one API request, on its context
	stopTimeout    = 10 * time.Second // for requests under way when the server stops
)

// Config says how the door is set up. The zero value works: nobody can sign in.
type Config struct {
	Title   string // of the API, in the OpenAPI file
	Version string

	// Authenticate tells who sends the request. Nobody is the zero Actor and no
	// error. Credentials that don't hold are a fault.Unknown: the request goes on
	// as nobody's where the operation is public.
	Authenticate func(*http.Request) (who.Actor, error)

	// Ready is asked by /readyz. An error means "not ready"; its text is logged,
	// not shown. nil is always ready.
	Ready func(context.Context) error

	Log     *slog.Logger     // nil discards
	Now     func() time.Time // clock of the limits; nil is time.Now
	Body    int64            // most bytes of a body; 0 is DefaultBody
	Timeout time.Duration    // of one API request; 0 is DefaultTimeout

	TrustedOrigins []string // other origins whose pages may use the cookie: "https://desk.example"
	ProxyHeader    string   // the header in which our proxy tells the client's address (its last entry); "" for none
	Rates          Rates    // how many requests a minute
	HSTS           bool     // say that this host is reached by https only
}

// Server is the door. Make it with New, register routes, then serve Handler.
type Server struct {
	config  Config
	api     huma.API
	mux     *http.ServeMux
	origin  *http.CrossOriginProtection
	limits  *limits // of rooms
	rates   *limits // of all requests; apart, so that a flood pushes no other limit out
	streams streams
	log     *slog.Logger
	doc     document
	docs    docs
}

// New makes a server with /healthz, /readyz and the OpenAPI file.
// It panics on a trusted origin that is no origin: that is a wrong configuration.
func New(c Config) *Server {
	s := &Server{config: withDefaults(c), mux: http.NewServeMux(), origin: http.NewCrossOriginProtection()}
	s.log, s.streams.n = s.config.Log, map[id.ID]int{}
	s.limits, s.rates = newLimits(s.config.Now), newLimits(s.config.Now)
	for _, o := range c.TrustedOrigins {
		if err := s.origin.AddTrustedOrigin(o); err != nil {
			panic("web: " + err.Error())
		}
	}
	s.api = newAPI(s)
	s.mux.HandleFunc("GET /healthz", s.healthz)
	s.mux.HandleFunc("GET /readyz", s.readyz)
	s.mux.HandleFunc("GET "+Prefix+"/openapi.json", s.openapi)
	s.mux.HandleFunc("GET "+DocsPath, s.docsPage)
	s.mux.HandleFunc("GET "+DocsPath+"/style.css", s.docsStyle)
	s.mux.HandleFunc(Prefix+"/", s.notThere)
	return s
}

func withDefaults(c Config) Config {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Body == 0 {
		c.Body = DefaultBody
	}
	if c.Timeout == 0 {
		c.Timeout = DefaultTimeout
	}
	if c.Authenticate == nil {
		c.Authenticate = func(*http.Request) (who.Actor, error) { return who.Actor{}, nil }
	}
	if c.Title == "" {
		c.Title, c.Version = "mingfa", "1"
	}
	return c
}

// API is huma's side of the server. Rooms use Register instead.
func (s *Server) API() huma.API { return s.api }

// Mux takes what is neither API nor page nor file (see Register, HandlePage,
// ServeFiles). Everything on it passes the same headers, log, limits of origin
// and recovery; its Content-Security-Policy allows nothing until it sets its own.
func (s *Server) Mux() *http.ServeMux { return s.mux }

// Handler is the whole door.
func (s *Server) Handler() http.Handler { return http.HandlerFunc(s.serve) }

// Serve answers on l until ctx ends, then lets requests under way finish for at
// most 10 seconds. It returns nil after an orderly stop.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      90 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(dropText{s.log.Handler()}, slog.LevelDebug),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	if err := server.Shutdown(end); err != nil {
		return errors.Join(err, server.Close())
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func (s *Server) healthz(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte(`{"status":"ok"}` + "\n"))
}

func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	if s.config.Ready != nil {
		if err := s.config.Ready(r.Context()); err != nil {
			s.Refuse(w, r, fault.Wrap(fault.Unavailable, "web.not_ready", err))
			return
		}
	}
	s.healthz(w, r)
}
