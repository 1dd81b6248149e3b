// Package sms sends text messages through an outside provider.
//
// Gateway speaks to an HTTP gateway of the operator's choice: one POST with a
// JSON body {"key", "to", "text"} and a bearer token, answered by 2xx and
// {"ref", "delivered"}. The key is stable, so a gateway that keeps keys sends a
// repeat once. Redirects are not followed: a message would go elsewhere.
//
// Screen is the built-in provider of demonstrations and tests: it shows the
// messages on a page instead of sending them. It exists only when the server is
// started with --demo or --sms=screen.
//
// Neither ever logs a number or a text.
package sms

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

// Gateway sends through an HTTP gateway.
type Gateway struct {
	url, token string
	client     *http.Client
}

// NewGateway is a gateway at a URL with a bearer token.
func NewGateway(url, token string) *Gateway {
	return &Gateway{url, token, &http.Client{
		Timeout:       15 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Send hands one message to the gateway.
func (g *Gateway) Send(ctx context.Context, key, phone, text string) (ref string, delivered bool, err error) {
	body, err := json.Marshal(map[string]string{"key": key, "to": phone, "text": text})
	if err != nil {
		return "", false, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.url, bytes.NewReader(body))
	if err != nil {
		return "", false, errors.New("the gateway's URL can't be used")
	}
	req.Header.Set("Content-Type", "application/json")
	if g.token != "" {
		req.Header.Set("Authorization", "Bearer "+g.token)
	}
	res, err := g.client.Do(req)
	if err != nil {
		return "", false, errors.New("the gateway can't be reached")
	}
	defer res.Body.Close() //nolint:errcheck // read to its end below
	answer, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	if err != nil || res.StatusCode/100 != 2 {
		return "", false, fmt.Errorf("the gateway answered %d", res.StatusCode)
	}
	var a struct {
		Ref       string `json:"ref"`
		Delivered bool   `json:"delivered"`
	}
	_ = json.Unmarshal(answer, &a) // a gateway without an answer has no receipts
	return a.Ref, a.Delivered, nil
}

// Shown is a message on the screen.
type Shown struct {
	Phone string    `json:"phone"`
	Text  string    `json:"text"`
	At    time.Time `json:"at"`
}

// Screen shows messages instead of sending them.
type Screen struct {
	Now  func() time.Time
	mu   sync.Mutex
	seen map[string]bool
	list []Shown
}

// kept is how many messages the screen remembers.
const kept = 5000

// Send shows a message; the same key is shown once.
func (s *Screen) Send(_ context.Context, key, phone, text string) (ref string, delivered bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen[key] {
		return key, true, nil
	}
	if s.seen == nil || len(s.seen) > 20*kept {
		s.seen = map[string]bool{}
	}
	s.seen[key] = true
	now := time.Now
	if s.Now != nil {
		now = s.Now
	}
	s.list = append(s.list, Shown{phone, text, now().UTC()})
	if len(s.list) > kept {
		s.list = append([]Shown(nil), s.list[len(s.list)-kept:]...)
	}
	return key, true, nil
}

// Messages lists what was shown to a phone ("": to all), newest first.
func (s *Screen) Messages(phone string, limit int) []Shown {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []Shown{}
	for i := len(s.list) - 1; i >= 0 && len(out) < limit; i-- {
		if phone == "" || s.list[i].Phone == phone {
			out = append(out, s.list[i])
		}
	}
	return out
}
