package app

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/say"
	"mingfa/internal/base/who"
	"mingfa/internal/core/identity"
	"mingfa/internal/public/lawyer"
)

// How a real service begins: its organisations and its people are made here, by
// whoever may run the program over its data (B5.3e). What they do afterwards, they
// do signed in.

// orgs is "org add": the organisation of a province, city or county.
func orgs(ctx context.Context, args []string, out, errOut io.Writer) error {
	if len(args) == 0 || args[0] != "add" {
		return errors.New("say: mingfa org add --region CODE --name NAME [--data DIR]")
	}
	var c config
	var n identity.NewOrg
	f := flag.NewFlagSet("org", flag.ContinueOnError)
	f.StringVar(&n.Region, "region", "", "code of its province, city or county (GB/T 2260)")
	f.StringVar(&n.Name, "name", "", "what it is called")
	f.StringVar(&n.Zone, "zone", "", "its time zone (default Asia/Shanghai)")
	if err := c.read(f, args[1:], errOut); err != nil {
		return err
	}
	return withHouse(ctx, c, func(h *house) error {
		o, err := h.addOrg(ctx, n)
		if err == nil {
			fmt.Fprintf(out, "%s is made: %s, %s\n", o.Name, o.Level, o.Region)
		}
		return spoken(err)
	})
}

// addOrg makes the organisation of a region below the nearest one above it.
func (h *house) addOrg(ctx context.Context, n identity.NewOrg) (o identity.Org, err error) {
	switch {
	case strings.HasSuffix(n.Region, "0000"):
		n.Level = identity.Province
	case strings.HasSuffix(n.Region, "00"):
		n.Level = identity.City
	default:
		n.Level = identity.County
	}
	err = h.db.View(ctx, system, func(tx *db.Tx) error {
		known, err := h.people.RegionKnown(tx, n.Region)
		if err != nil {
			return err
		}
		if !known {
			return fault.Bad(fault.At("region", "identity.region_unknown"))
		}
		above, err := h.people.OrgForRegion(tx, n.Region)
		if err == nil && above.Region == n.Region {
			err = fmt.Errorf("region %s has an organisation: %s", n.Region, above.Name)
		}
		n.Parent = above.ID
		return err
	})
	if err != nil {
		return o, err
	}
	return h.people.MakeOrg(ctx, system, n)
}

// newStaff is a member of staff as the command line names him.
type newStaff struct {
	identity.NewStaff
	region        string // of his organisation; "" is the operator
	roles         string
	firm          string
	areas, places string // of a duty lawyer
}

// staff is "staff add": an account with a password and a second factor, which are
// made here and told once.
func staff(ctx context.Context, args []string, out, errOut io.Writer) error {
	if len(args) == 0 || args[0] != "add" {
		return errors.New("say: mingfa staff add --user USER --name NAME --roles ROLE,... [--region CODE] [--data DIR]")
	}
	var c config
	var n newStaff
	f := flag.NewFlagSet("staff", flag.ContinueOnError)
	f.StringVar(&n.User, "user", "", "name to sign in with")
	f.StringVar(&n.Name, "name", "", "what he is called")
	f.StringVar(&n.roles, "roles", "", "what he may do, several with commas: "+strings.Join(identity.StaffRoles(), ", "))
	f.StringVar(&n.region, "region", "", "code of the region whose organisation he works for (default: the operator)")
	f.StringVar(&n.Phone, "phone", "", "telephone to which warnings are sent")
	f.StringVar(&n.Language, "language", "zh-Hans", "language of his messages: "+strings.Join(say.Languages, ", "))
	f.StringVar(&n.firm, "firm", "", "law firm of a duty lawyer")
	f.StringVar(&n.areas, "areas", lawyer.Any, "types of problems that a duty lawyer is given, with commas; * for all")
	f.StringVar(&n.places, "regions", lawyer.Any, "regions from which he is given questions, with commas; * for all")
	if err := c.read(f, args[1:], errOut); err != nil {
		return err
	}
	return withHouse(ctx, c, func(h *house) error {
		if err := h.addStaff(ctx, &n); err != nil {
			return spoken(err)
		}
		key := url.URL{Scheme: "otpauth", Host: "totp", Path: "/mingfa:" + n.User, RawQuery: url.Values{"secret": {n.TOTPSecret}, "issuer": {"mingfa"}}.Encode()}
		fmt.Fprintf(out, "%s may sign in at /desk/. This is told once:\n  User:      %s\n  Password:  %s\n  One-time passwords, for an authenticator app:\n    key %s\n    %s\n",
			n.Name, n.User, n.Password, n.TOTPSecret, key.String())
		return nil
	})
}

// addStaff makes the account, and of a duty lawyer his card, which he completes himself.
func (h *house) addStaff(ctx context.Context, n *newStaff) error {
	for role := range strings.SplitSeq(n.roles, ",") {
		n.Roles = append(n.Roles, who.Role(strings.TrimSpace(role)))
	}
	secret := make([]byte, 20)
	rand.Read(secret) //nolint:errcheck // it never fails
	n.Password, n.TOTPSecret = rand.Text()[:16], base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
	var org identity.Org
	err := h.db.View(ctx, system, func(tx *db.Tx) (err error) {
		org, err = h.ownerOf(ctx, tx, n.region)
		return err
	})
	if err != nil {
		return err
	}
	n.Org = org.ID
	card := lawyer.New{Org: org.ID, Path: org.Path, Name: n.Name, Nickname: n.Name, Firm: n.firm, Phone: n.Phone,
		Areas: strings.Split(n.areas, ","), Regions: strings.Split(n.places, ","), Languages: []string{n.Language}}
	answers := slices.Contains(n.Roles, who.DutyLawyer)
	if answers { // looked at first: an account whose card is refused would be left behind
		if err := card.Check(); err != nil {
			return err
		}
	}
	card.Person, card.Key, err = h.people.MakeStaff(ctx, system, n.NewStaff)
	if err != nil || !answers {
		return err
	}
	return h.lawyers.Add(ctx, system, card)
}

// spoken puts a refusal into words for a command line: what is wrong at which flag.
func spoken(err error) error {
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok {
		return err
	}
	if len(f.Fields) == 0 {
		return errors.New(say.Text("en", f.Key, f.Args))
	}
	var words []string
	for _, field := range f.Fields {
		words = append(words, "--"+field.Path+": "+say.Text("en", field.Key, field.Args))
	}
	return errors.New(strings.Join(words, "; "))
}
