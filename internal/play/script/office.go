package script

import (
	"context"
	"fmt"
)

// How a day begins: who works signs in and says what he is.

// openOffice signs the staff in.
func (d *day) openOffice(ctx context.Context) error {
	for _, a := range d.Lawyers {
		c, person, err := d.signInStaff(ctx, a)
		if err != nil {
			return err
		}
		d.staff[person], d.lawyers = c, append(d.lawyers, c)
		if err := d.status(ctx, c, "online"); err != nil {
			return err
		}
		if err := d.describe(ctx, c, map[string]string{"20204": a.User + "@example.cn", "20210": "值班律师，" + a.User}); err != nil {
			return err
		}
	}
	for _, x := range []struct {
		list []Account
		into *[]*client
	}{{d.Operators, &d.operators}, {d.Quality, &d.quality}, {d.Admins, &d.admins}, {d.Bureaus, &d.bureaus}} {
		for _, a := range x.list {
			c, _, err := d.signInStaff(ctx, a)
			if err != nil {
				return err
			}
			*x.into = append(*x.into, c)
		}
	}
	if len(d.operators) == 0 || len(d.staff) == 0 || !d.Plain && (len(d.quality) < 2 || len(d.admins) == 0) {
		return fmt.Errorf("a play needs lawyers and an operator, and one that is not plain two inspectors and an administrator")
	}
	return nil
}

// describe is a person who tells elements of Appendix B of himself.
func (d *day) describe(ctx context.Context, c *client, values map[string]string) error {
	if d.Plain {
		return nil
	}
	_, err := d.do(ctx, c, "PATCH", "describe", "", "/me/elements", map[string]any{"values": values}, Entry{}, 200)
	return err
}

// status is what a lawyer says of himself: online, busy or away.
func (d *day) status(ctx context.Context, lawyer *client, to string) error {
	_, err := d.do(ctx, lawyer, "PUT", "status", "", "/lawyers/me/status", map[string]string{"status": to}, Entry{}, 200, 204)
	return err
}
