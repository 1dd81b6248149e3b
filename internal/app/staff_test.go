package app

import (
	"bytes"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/pquerna/otp/totp"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/who"
	"mingfa/internal/public/lawyer"
)

var (
	toldPassword = regexp.MustCompile(`Password: +(\S+)`)
	toldKey      = regexp.MustCompile(`key (\S+)`)
)

// A real service begins with nothing: its organisations and people are made by
// commands, and can work. What is refused leaves nothing behind.
//
// req: B5.3e
func TestAServiceBegins(t *testing.T) {
	for name, url := range map[string]func(*testing.T) string{"sqlite": dbtest.SQLiteURL, "postgres": dbtest.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			c := config{Data: t.TempDir(), DB: url(t), SMS: "screen"}
			c.Keys, c.Blobs, c.Checkpoints = filepath.Join(c.Data, "keys"), filepath.Join(c.Data, "blobs"), filepath.Join(t.TempDir(), "checkpoints")
			run := func(line string) (int, string) {
				var out bytes.Buffer
				code := Run(t.Context(), append(strings.Split(line, " "), "--data", c.Data, "--db", c.DB, "--keys", c.Keys, "--blobs", c.Blobs, "--checkpoints", c.Checkpoints), &out, &out)
				return code, out.String()
			}
			made := func(line string) string {
				t.Helper()
				code, said := run(line)
				if code != 0 {
					t.Fatalf("%s: %s", line, said)
				}
				return said
			}
			made("org add --region 440000 --name 广东省公共法律服务中心")
			made("org add --region 440106 --name 天河区公共法律服务中心")
			admin := made("staff add --user admin --name 张三 --roles administrator,operations")
			duty := made("staff add --user LAWYER --name 李明 --roles lawyer --region 440106 --firm 明法所 --areas labour,debt")

			for line, want := range map[string]string{
				"org add --region 440106 --name 再来":                                          "has an organisation",
				"org add --region 999999 --name 无":                                           "--region",
				"org add --region x'y --name 无":                                              "--region",
				"org add --region 440300 --name \u3000":                                      "--name: Please fill this in",
				"org remove":                                                                 "say: mingfa org add",
				"staff":                                                                      "say: mingfa staff add",
				"staff add --user admin --name 李四 --roles quality":                           "user name is taken",
				"staff add --user ADMIN --name 李四 --roles quality":                           "user name is taken",
				"staff add --user b --name 李四 --roles boss":                                  "--roles",
				"staff add --user b --name 李四 --roles citizen":                               "--roles",
				"staff add --user b --name 李四":                                               "--roles",
				"staff add --name 李四 --roles quality":                                        "--user",
				"staff add --user b --name 李四 --roles quality --region 440300":               "no organisation has",
				"staff add --user b --name 李四 --roles quality --phone 12":                    "--phone",
				"staff add --user b --name 李四 --roles lawyer":                                "--firm",
				"staff add --user b --name 李四 --roles lawyer --firm 明法所 --areas ;DROP":       "--areas",
				"staff add --user b --name 李四 --roles lawyer --firm 明法所 --language klingon":  "--language",
				"staff add --user b --name 李四 --roles quality --language klingon":            "--language",
				"staff add --user " + strings.Repeat("长", 65) + " --name 李四 --roles quality": "--user",
			} {
				if code, said := run(line); code == 0 || !strings.Contains(said, want) || strings.Contains(said, "Password") {
					t.Errorf("%s: %d %s", line, code, said)
				}
			}

			h, err := open(t.Context(), c, options{})
			if err != nil {
				t.Fatal(err)
			}
			defer h.stop(t.Context()) //nolint:errcheck // the test is over
			if code, said := run("staff add --user late --name 王五 --roles quality"); code != 1 || !strings.Contains(said, "another mingfa is working") {
				t.Errorf("while the server runs: %d %s", code, said)
			}
			for user, said := range map[string]string{"admin": admin, "lawyer": duty} {
				code, err := totp.GenerateCode(toldKey.FindStringSubmatch(said)[1], h.db.Now())
				if err != nil {
					t.Fatal(err)
				}
				if _, _, err := h.people.SignInStaff(t.Context(), user, toldPassword.FindStringSubmatch(said)[1], code); err != nil {
					t.Errorf("%s can't sign in with what was told: %v", user, err)
				}
			}
			person, ok, err := h.people.StaffByUser(t.Context(), "lawyer")
			if err != nil || !ok {
				t.Fatal(ok, err)
			}
			var people, orgs int
			err = h.db.View(t.Context(), who.Actor{}, func(tx *db.Tx) error {
				if card, _, err := lawyer.Pick(tx, person); err != nil {
					t.Errorf("his card: %+v, %v", card, err)
				}
				return tx.Row("SELECT (SELECT count(*) FROM identity_person), (SELECT count(*) FROM identity_org)").Scan(&people, &orgs)
			})
			if err != nil || people != 2 || orgs != 3 {
				t.Errorf("%d people, %d organisations, %v", people, orgs, err)
			}
		})
	}
}
