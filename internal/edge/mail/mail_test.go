package mail

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/http/httptest"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// post is a real SMTP server that keeps what it takes.
type post struct {
	mu     sync.Mutex
	to     []string
	mails  []string
	user   string // who signed in
	refuse string // a recipient that it refuses
	broken bool   // refuses after the data
}

func (p *post) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{p: p}, nil }

type session struct {
	p  *post
	to []string
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }
func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if password != "secret" {
			return smtp.ErrAuthFailed
		}
		s.p.user = user
		return nil
	}), nil
}
func (s *session) Mail(string, *smtp.MailOptions) error { return nil }
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if to == s.p.refuse {
		return &smtp.SMTPError{Code: 550, Message: "no such user " + to}
	}
	s.to = append(s.to, to)
	return nil
}
func (s *session) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if s.p.broken {
		return &smtp.SMTPError{Code: 451, Message: "later"}
	}
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	s.p.to, s.p.mails = append(s.p.to, s.to...), append(s.p.mails, string(b))
	return nil
}
func (s *session) Reset()        { s.to = nil }
func (s *session) Logout() error { return nil }

// open starts a server: with TLS from the first byte, with STARTTLS, or neither.
func open(t *testing.T, kind string) (*post, *Server) {
	t.Helper()
	web := httptest.NewTLSServer(nil) // for its certificate
	t.Cleanup(web.Close)
	p := &post{}
	s := smtp.NewServer(p)
	s.Domain, s.AllowInsecureAuth = "post", true
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	scheme := "smtp"
	switch kind {
	case "tls":
		scheme = "smtps"
		l = tls.NewListener(l, &tls.Config{Certificates: web.TLS.Certificates})
	case "starttls":
		s.TLSConfig = &tls.Config{Certificates: web.TLS.Certificates}
	}
	go s.Serve(l)                       //nolint:errcheck // ends with Close
	t.Cleanup(func() { _ = s.Close() }) // and closes the listener
	user := "robot@"
	if kind == "plain" {
		scheme, user = "smtp+plain", ""
	}
	server, err := New(scheme+"://"+user+l.Addr().String(), "secret", "明法 <mingfa@example.com>")
	if err != nil {
		t.Fatal(err)
	}
	server.roots = x509.NewCertPool()
	server.roots.AddCert(web.Certificate())
	return p, server
}

var files = map[string][]byte{"mingfa-2026-03-02.pdf": []byte("%PDF-\x00\xff"), "mingfa-2026-03-02.csv": []byte("\ufeffa,b\r\n")}

func send(t *testing.T, s *Server) error {
	return s.Send(t.Context(), "key1", []string{"a@example.com", "b@example.com"}, "日报 2026-03-02", "请见附件。", files)
}

// req: B7.3.2.1
func TestSend(t *testing.T) {
	for _, kind := range []string{"tls", "starttls", "plain"} {
		t.Run(kind, func(t *testing.T) {
			p, s := open(t, kind)
			if err := send(t, s); err != nil {
				t.Fatal(err)
			}
			if strings.Join(p.to, " ") != "a@example.com b@example.com" || len(p.mails) != 1 || (p.user == "robot") != (kind != "plain") {
				t.Fatalf("to %v, %d mails, signed in as %q", p.to, len(p.mails), p.user)
			}
			m, err := netmail.ReadMessage(strings.NewReader(p.mails[0]))
			if err != nil {
				t.Fatal(err)
			}
			subject, _ := (&mime.WordDecoder{}).DecodeHeader(m.Header.Get("Subject"))
			if subject != "日报 2026-03-02" || m.Header.Get("Message-ID") != "<key1@example.com>" {
				t.Errorf("subject %q, ID %q", subject, m.Header.Get("Message-ID"))
			}
			_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for r := multipart.NewReader(m.Body, params["boundary"]); ; {
				part, err := r.NextPart()
				if err != nil {
					break
				}
				names = append(names, part.FileName()+" "+part.Header.Get("Content-Type"))
			}
			if got := strings.Join(names, "|"); !strings.Contains(got, "mingfa-2026-03-02.csv text/csv") || !strings.Contains(got, "mingfa-2026-03-02.pdf application/pdf") {
				t.Errorf("parts %s", got)
			}
		})
	}
}

// All recipients or none; errors tell the code and nothing else.
func TestRefused(t *testing.T) {
	for name, x := range map[string]struct {
		change func(p *post, s *Server)
		want   string
	}{
		"a recipient":    {func(p *post, _ *Server) { p.refuse = "b@example.com" }, "the mail server answered 550"},
		"the mail":       {func(p *post, _ *Server) { p.broken = true }, "the mail server answered 451"},
		"the password":   {func(_ *post, s *Server) { s.password = "wrong" }, "the mail server can't be reached, or refused the encryption or the user"},
		"no certificate": {func(_ *post, s *Server) { s.roots = x509.NewCertPool() }, "the mail server can't be reached, or refused the encryption or the user"},
		"nobody there":   {func(_ *post, s *Server) { s.port = 1 }, "the mail server can't be reached, or refused the encryption or the user"},
	} {
		t.Run(name, func(t *testing.T) {
			p, s := open(t, "starttls")
			x.change(p, s)
			if err := send(t, s); err == nil || err.Error() != x.want || len(p.mails) != 0 {
				t.Errorf("%v; %d mails to %v", err, len(p.mails), p.to)
			}
		})
	}
	p, s := open(t, "plain")
	s.scheme, s.user = "smtp", "robot"
	if err := send(t, s); err == nil || len(p.mails) != 0 || p.user != "" {
		t.Errorf("without STARTTLS a mail was sent: %v", err)
	}
	if err := s.Send(t.Context(), "k", []string{"a@x\r\nBcc: b@x"}, "s", "t", nil); err == nil || errors.Unwrap(err) != nil {
		t.Errorf("a broken address: %v", err)
	}
}

func TestNew(t *testing.T) {
	for address, good := range map[string]bool{
		"smtp://mail.example.com": true, "smtps://u@mail.example.com:4650": true, "smtp+plain://localhost": true, "smtp://u%40x.cn@mail.example.com": true,
		"": false, "mail.example.com": false, "http://mail.example.com": false, "smtp://u:p@mail.example.com": false, "smtp+plain://u@h": false,
		"smtp://h:99999": false, "smtp://": false, "smtp://h/path": false,
	} {
		if _, err := New(address, "", "a@example.com"); (err == nil) != good {
			t.Errorf("%q: %v", address, err)
		}
	}
	for _, from := range []string{"", "nobody", "a@x\r\nBcc: b@x"} {
		if _, err := New("smtp://h", "", from); err == nil {
			t.Errorf("the sender %q is taken", from)
		}
	}
}
