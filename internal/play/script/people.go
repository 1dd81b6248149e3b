package script

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"time"

	"github.com/pquerna/otp/totp"
)

// Account is how a member of staff signs in.
type Account struct {
	User     string
	Password string
	TOTP     string // secret, base32
}

// signInStaff signs a member of staff in. A one-time password is used once, so
// the time is moved on by a step when it was used already.
func (d *day) signInStaff(ctx context.Context, a Account) (*client, string, error) {
	c := &client{base: d.base, http: d.http, name: a.User}
	code, err := totp.GenerateCode(a.TOTP, d.step.Now())
	if err != nil {
		return nil, "", err
	}
	var s session
	if err := c.must(ctx, "POST", "/staff-sessions", map[string]any{"user": a.User, "password": a.Password, "totp": code, "bearer": true}, &s); err != nil {
		return nil, "", err
	}
	c.token = s.Token
	return c, s.Person.ID, nil
}

type session struct {
	Token  string `json:"token"`
	Person struct {
		ID string `json:"id"`
	} `json:"person"`
}

// phone is the number of the nth citizen: a made-up one.
func phone(n int) string { return fmt.Sprintf("+86139%08d", 10_000_000+n) }

var sixDigits = regexp.MustCompile(`\b[0-9]{6}\b`)

// signInCitizen signs a citizen in with the code from the SMS screen.
func (d *day) signInCitizen(ctx context.Context, n int) (*client, error) {
	c := &client{base: d.base, http: d.http, name: fmt.Sprintf("citizen %d", n)}
	if err := c.must(ctx, "POST", "/codes", map[string]string{"phone": phone(n)}, nil); err != nil {
		return nil, err
	}
	code, err := d.codeFor(ctx, c, phone(n))
	if err != nil {
		return nil, err
	}
	var s session
	if err := c.must(ctx, "POST", "/sessions", map[string]any{"phone": phone(n), "code": code, "bearer": true}, &s); err != nil {
		return nil, err
	}
	c.token = s.Token
	return c, nil
}

// codeFor reads the code that was sent; what is due is run until it is there.
func (d *day) codeFor(ctx context.Context, c *client, phone string) (string, error) {
	for range 20 {
		var screen struct {
			Items []struct {
				Text string `json:"text"`
			} `json:"items"`
		}
		if err := c.must(ctx, "GET", "/screen/sms?phone="+url.QueryEscape(phone), nil, &screen); err != nil {
			return "", err
		}
		for _, m := range screen.Items {
			if code := sixDigits.FindString(m.Text); code != "" {
				return code, nil
			}
		}
		if err := d.step.To(ctx, d.step.Now().Add(50*time.Millisecond)); err != nil {
			return "", err
		}
	}
	return "", errors.New("no code was shown on the SMS screen")
}
