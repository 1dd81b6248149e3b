package app

import (
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"mingfa/internal/base/id"
	"mingfa/internal/base/who"
	"mingfa/internal/core/identity"
	"mingfa/internal/play/script"
	"mingfa/internal/public/lawyer"
)

// demoAccess is how the people of a demonstration sign in: the same password and
// second factor for all, made at random for each data directory.
type demoAccess struct {
	Password string `json:"password"`
	TOTP     string `json:"totp_secret"`
}

func newDemoAccess() *demoAccess {
	secret := make([]byte, 20)
	rand.Read(secret) //nolint:errcheck // never fails
	return &demoAccess{Password: strings.ToLower(rand.Text()[:14]), TOTP: base32.StdEncoding.EncodeToString(secret)}
}

// staffOf are the members of staff of a demonstration.
var staffOf = []struct {
	user, name string
	role       who.Role
	region     string // of the organisation; "" is the operator
}{
	{"operator1", "王敏", who.Operations, ""}, {"operator2", "陈洁", who.Operations, ""},
	{"quality1", "刘洋", who.Quality, ""}, {"quality2", "沈岚", who.Quality, ""}, {"bureau1", "赵刚", who.Bureau, "440100"}, {"admin1", "周宁", who.Admin, ""},
	{"bureau2", "钱立", who.Bureau, "440000"}, {"bureau3", "吴丹", who.Bureau, "440106"}, {"bureau4", "郑凯", who.Bureau, "440300"},
	{"bureau5", "冯雪", who.Bureau, "440304"}, {"bureau6", "褚文", who.Bureau, "810000"},
}

// orgsOf are the organisations below the operator, parents first.
var orgsOf = []struct {
	region, parent, name string
	level                identity.Level
}{
	{"440000", "", "广东省公共法律服务中心", identity.Province},
	{"440100", "440000", "广州市公共法律服务中心", identity.City},
	{"440106", "440100", "天河区公共法律服务中心", identity.County},
	{"440300", "440000", "深圳市公共法律服务中心", identity.City},
	{"440304", "440300", "福田区公共法律服务中心", identity.County},
	{"810000", "", "香港公共法律服务中心", identity.Province},
}

// demoRegions are where the citizens of a demonstration are.
var demoRegions = []string{"440106", "440304", "440100", "440300", "810000"}

// demoLawyers is how many duty lawyers there are, and lawyersAt the region of their
// office.
const (
	demoLawyers = 12
	lawyersAt   = "440000"
)

var lawyerNames = []string{"李明", "张伟", "黄丽", "林峰", "何静", "郭强", "罗兰", "梁杰", "谢芳", "宋涛", "唐宇", "许文"}

var specialities = [][]string{
	{"marriage_family", "housing"}, {"labour", "contract"}, {"traffic", "personal_injury", "tort"}, {"debt", "guarantee", "contract"},
	{"criminal", "administrative"}, {"consumer", "medical"}, {"company", "intellectual_property"}, {"housing", "demolition", "construction"},
	{lawyer.Any}, {lawyer.Any}, {lawyer.Any}, {lawyer.Any},
}

// seed makes organisations and staff. Doing it again changes nothing.
func (h *house) seed(ctx context.Context, a *demoAccess) error {
	root, _, err := h.people.Root(ctx)
	if err != nil {
		return err
	}
	orgs := map[string]identity.Org{"": root}
	for _, o := range orgsOf {
		made, err := h.people.MakeOrg(ctx, system, identity.NewOrg{ID: seedID("org", o.region), Parent: orgs[o.parent].ID, Level: o.level, Name: o.name, Region: o.region})
		if err != nil {
			return fmt.Errorf("make organisation %s: %w", o.region, err)
		}
		orgs[o.region] = made
	}
	for _, s := range staffOf {
		if _, _, err := h.hire(ctx, a, orgs[s.region].ID, s.user, s.name, s.role); err != nil {
			return err
		}
	}
	for i := range demoLawyers {
		if err := h.hireLawyer(ctx, a, orgs[lawyersAt], i); err != nil {
			return err
		}
	}
	return nil
}

func (h *house) hire(ctx context.Context, a *demoAccess, org id.ID, user, name string, role who.Role) (person, key id.ID, err error) {
	person, key, err = h.people.MakeStaff(ctx, system, identity.NewStaff{Org: org, User: user, Name: name, Phone: "+861360000" + phoneDigits(user),
		Password: a.Password, TOTPSecret: a.TOTP, Roles: []who.Role{role}, Language: "zh-Hans"})
	if err != nil {
		return person, key, fmt.Errorf("make staff %s: %w", user, err)
	}
	return person, key, nil
}

func (h *house) hireLawyer(ctx context.Context, a *demoAccess, org identity.Org, i int) error {
	user := fmt.Sprintf("lawyer%d", i+1)
	person, key, err := h.hire(ctx, a, org.ID, user, lawyerNames[i], who.DutyLawyer)
	if err != nil {
		return err
	}
	return h.lawyers.Add(ctx, system, lawyer.New{Person: person, Key: key, Org: org.ID, Path: org.Path, Name: lawyerNames[i], Nickname: lawyerNames[i][:3] + "律师",
		Firm: "明法律师事务所", Areas: specialities[i], Regions: []string{lawyer.Any}, Languages: []string{"zh-Hans", "zh-Hant-HK", "en"}, Status: lawyer.Online})
}

// phoneDigits makes four digits of a user name, for made-up numbers.
func phoneDigits(user string) string {
	n := 0
	for _, r := range user {
		n = (n*31 + int(r)) % 10000
	}
	return fmt.Sprintf("%04d", n)
}

// seedID is the ID of a seeded thing, the same each time.
func seedID(what, name string) id.ID {
	p := who.System("seed " + what + " " + name).Person
	return p
}

// accounts are the members of staff with a role, as the play's outside world knows
// them.
func (a *demoAccess) accounts(role who.Role) (out []script.Account) {
	if role == who.DutyLawyer {
		for i := range demoLawyers {
			out = append(out, script.Account{User: fmt.Sprintf("lawyer%d", i+1), Password: a.Password, TOTP: a.TOTP, Region: lawyersAt})
		}
	}
	for _, s := range staffOf {
		if s.role == role {
			out = append(out, script.Account{User: s.user, Password: a.Password, TOTP: a.TOTP, Region: s.region})
		}
	}
	return out
}

//go:embed demo_questions.jsonl
var demoQuestions string

// prepareDemo makes the demonstration's people and plays a day, the first time.
func prepareDemo(ctx context.Context, c config, out io.Writer) (*demoAccess, error) {
	path := filepath.Join(c.Data, "demo.json")
	b, err := os.ReadFile(path)
	if err == nil {
		a := &demoAccess{}
		return a, json.Unmarshal(b, a)
	}
	if !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	fmt.Fprintln(out, "Making the demonstration: organisations, people, and a played day of questions ...")
	a := newDemoAccess()
	if err := playDemoDay(ctx, c, a); err != nil {
		return nil, fmt.Errorf("play the demonstration's day: %w", err)
	}
	return a, os.WriteFile(path, []byte(asJSON(a)+"\n"), 0o600)
}

// playDemoDay plays yesterday with the built-in questions, on a stepped clock.
func playDemoDay(ctx context.Context, c config, a *demoAccess) error {
	questions, err := script.ParseQuestions(strings.NewReader(demoQuestions))
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		return err
	}
	now := time.Now().In(zone)
	midnight := time.Date(now.Year(), now.Month(), now.Day()-2, 0, 0, 0, 0, zone)
	c.SMS = "screen"
	c.Listen = "" // of its own: serve holds the other already
	s, err := stage(ctx, c, a, midnight.Add(-time.Hour), slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	_, err = script.Play(ctx, script.Config{Base: s.base, Step: s, Questions: questions, Orders: len(questions), Seed: 7, Midnight: midnight,
		Until: midnight.Add(33*time.Hour + 30*time.Minute), Regions: demoRegions, Lawyers: a.accounts(who.DutyLawyer), Operators: a.accounts(who.Operations),
		Log: io.Discard, Open: true, Plain: true})
	return errors.Join(err, s.close(ctx))
}

// print tells how to sign in, for persons and for programs.
func (a *demoAccess) print(out io.Writer, url string) {
	fmt.Fprintln(out, asJSON(map[string]*demoAccess{"demo": a}))
	fmt.Fprintf(out, `
This is a demonstration with made-up people. Nothing in it is real.
  Citizens:  %s/            (any mobile number, such as 138 0013 8000; the code appears on %s/sms-screen)
  Staff:     %s/desk/       users lawyer1 ... lawyer%d, operator1, quality1, quality2, bureau1, admin1
  Password:  %s
  One-time password: add the key %s to an authenticator app,
             or run: mingfa totp %s
  Without script: %s/m/
`, url, url, url, demoLawyers, a.Password, a.TOTP, a.TOTP, url)
}
