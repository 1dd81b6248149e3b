// Package mail hands e-mail to an SMTP server of the operator's choice.
//
// A Server is named by an address: smtps://user@host speaks TLS from the first
// byte (port 465), smtp://user@host demands STARTTLS (port 587) and sends nothing
// without it, smtp+plain://host (port 25) speaks in the clear and takes no user,
// for a relay on the same machine. Certificates are always checked.
//
// A mail goes to all its recipients or to none: one that the server refuses
// stops it, so that a repeat never reaches the others twice. It may still be
// sent twice when the line breaks after the last byte; the Message-ID is made
// of the caller's key, so both have the same.
//
// Errors name no address and no text; they say what the server answered.
//
// Requirements: B7.3.2.1 (the day's report by e-mail).
package mail

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"maps"
	netmail "net/mail"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Server is an SMTP server that takes our mail.
type Server struct {
	host, user, password string
	port                 int
	scheme               string
	from                 *netmail.Address
	roots                *x509.CertPool // nil: those of the machine
}

var errAddress = errors.New("the mail server is smtps://USER@HOST, smtp://USER@HOST or smtp+plain://HOST, each with :PORT if need be")

var ports = map[string]int{"smtps": 465, "smtp": 587, "smtp+plain": 25}

// New is the server at an address, with the password of its user, and the
// sender of all mail.
func New(address, password, from string) (*Server, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || ports[u.Scheme] == 0 || u.Path != "" && u.Path != "/" {
		return nil, errAddress
	}
	s := &Server{host: u.Hostname(), port: ports[u.Scheme], scheme: u.Scheme, user: u.User.Username(), password: password}
	if _, inside := u.User.Password(); inside {
		return nil, errors.New("the password of the mail server is a setting of its own")
	}
	if p := u.Port(); p != "" {
		if s.port, err = strconv.Atoi(p); err != nil || s.port < 1 || s.port > 65535 {
			return nil, errAddress
		}
	}
	if s.scheme == "smtp+plain" && s.user != "" {
		return nil, errors.New("a password is not sent in the clear: use smtp:// or smtps://")
	}
	if s.from, err = netmail.ParseAddress(from); err != nil {
		return nil, errors.New("the sender of mail is no address")
	}
	return s, nil
}

// types are those of the files that are sent.
var types = map[string]gomail.ContentType{".pdf": "application/pdf", ".csv": "text/csv; charset=utf-8",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}

// Send hands over one mail with files by their names (ASCII). nil says that the
// server has taken it for every recipient.
func (s *Server) Send(ctx context.Context, key string, to []string, subject, text string, files map[string][]byte) error {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(s.from)
	if err := m.To(to...); err != nil || len(to) == 0 {
		return errors.New("a recipient is no address")
	}
	_, domain, _ := strings.Cut(s.from.Address, "@")
	m.SetMessageIDWithValue(key + "@" + domain)
	m.SetDate()
	m.Subject(subject)
	m.SetBodyString(gomail.TypeTextPlain, text)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		kind, known := types[path.Ext(name)]
		if !known {
			kind = gomail.TypeAppOctetStream
		}
		m.AttachReadSeeker(name, bytes.NewReader(files[name]), gomail.WithFileContentType(kind))
	}
	c, err := s.client()
	if err != nil {
		return errors.New("the mail server can't be used as it is set")
	}
	return plain(c.DialAndSendWithContext(ctx, m))
}

func (s *Server) client() (*gomail.Client, error) {
	options := []gomail.Option{gomail.WithPort(s.port), gomail.WithTimeout(30 * time.Second), gomail.WithHELO("mingfa"),
		gomail.WithTLSConfig(&tls.Config{ServerName: s.host, RootCAs: s.roots, MinVersion: tls.VersionTLS12})}
	switch s.scheme {
	case "smtps":
		options = append(options, gomail.WithSSL())
	case "smtp":
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if s.user != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.user), gomail.WithPassword(s.password))
	}
	return gomail.NewClient(s.host, options...)
}

// plain is an error that may be logged: without what was sent and to whom.
func plain(err error) error {
	if err == nil {
		return nil
	}
	if sent, ok := errors.AsType[*gomail.SendError](err); ok && sent.ErrorCode() > 0 {
		return fmt.Errorf("the mail server answered %d", sent.ErrorCode())
	}
	return errors.New("the mail server can't be reached, or refused the encryption or the user")
}
