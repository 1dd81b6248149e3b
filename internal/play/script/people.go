package script

import (
	"context"
	"errors"
	"fmt"
	"net/http"
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
	Region   string // of his office; "" is the operator
}

// signInStaff signs a member of staff in.
func (d *day) signInStaff(ctx context.Context, a Account) (*client, string, error) {
	c := &client{base: d.base, http: d.http, name: a.User, staff: &a}
	person, err := c.enter(ctx, d.step.Now())
	if err == nil {
		err = d.heard(c, "sign_in", Entry{Sent: map[string]string{"region": a.Region}, Told: map[string]any{"person": c.person}})
	}
	return c, person, err
}

// readLists notes what everybody can read before the day begins: the names of the
// types of problems, and the register of lawyers.
func (d *day) readLists(ctx context.Context) error {
	for _, x := range []struct{ act, path string }{{"problem_types", "/problem-types"}, {"lawyers", "/lawyers"}} {
		if _, err := d.do(ctx, d.operators[0], "GET", x.act, "", x.path, nil, Entry{}, 200); err != nil {
			return err
		}
	}
	return nil
}

// heard writes a line of something that was acknowledged.
func (d *day) heard(c *client, act string, e Entry) error {
	if d.log == nil {
		return nil
	}
	return d.note(c, act, e.Order, answer{status: http.StatusOK}, e)
}

// enter signs a member of staff in.
func (c *client) enter(ctx context.Context, now time.Time) (person string, err error) {
	code, err := totp.GenerateCode(c.staff.TOTP, now)
	if err != nil {
		return "", err
	}
	var s session
	c.token = ""
	if err := c.must(ctx, "POST", "/staff-sessions", map[string]any{"user": c.staff.User, "password": c.staff.Password, "totp": code, "bearer": true}, &s); err != nil {
		return "", err
	}
	c.token, c.since, c.person = s.Token, now, s.Person
	return s.Person.ID, nil
}

// shift is how long a member of staff works before he signs in again.
const shift = 11 * time.Hour

// atWork signs a member of staff in again when his shift is over.
func (c *client) atWork(ctx context.Context, now time.Time) error {
	if c.staff == nil || now.Sub(c.since) < shift {
		return nil
	}
	_, err := c.enter(ctx, now)
	return err
}

type session struct {
	Token  string `json:"token"`
	Person person `json:"person"`
}

// person is who signed in, as he is told.
type person struct {
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	Roles []string `json:"roles,omitempty"`
	Org   struct {
		Name string `json:"name,omitempty"`
	} `json:"org,omitzero"`
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
	c.token, c.person = s.Token, s.Person
	return c, d.heard(c, "sign_in", Entry{Sent: map[string]string{"phone": phone(n)}, Told: map[string]any{"person": person{ID: s.Person.ID}}})
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

// Client is a signed-in member of staff, for looking at what was played.
type Client struct{ c *client }

// SignIn signs a member of staff in. His second factor works once a step, so
// time is moved on by one first.
func SignIn(ctx context.Context, base string, step Stepper, a Account) (*Client, error) {
	if err := step.To(ctx, step.Now().Add(time.Minute)); err != nil {
		return nil, err
	}
	d := &day{base: base, step: step, http: &http.Client{Timeout: time.Minute}}
	c, _, err := d.signInStaff(ctx, a)
	return &Client{c}, err
}

// Get reads JSON.
func (x *Client) Get(ctx context.Context, path string, into any) error {
	return x.c.must(ctx, "GET", path, nil, into)
}

// Bytes reads a file.
func (x *Client) Bytes(ctx context.Context, path string) ([]byte, error) {
	a, err := x.c.call(ctx, "GET", path, nil)
	if err == nil && a.status != http.StatusOK {
		err = fmt.Errorf("GET %s was answered %d", path, a.status)
	}
	return a.body, err
}
