package app

import (
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/who"
	"mingfa/internal/core/notify"
	"mingfa/internal/public/complaint"
)

// A sensitive complaint reaches the bureau of its path at once, and again when
// nobody acknowledged it; the citizen has his number by SMS, and verify agrees.
//
// req: B7.1.2.2b, B7.1.2.3a
func TestSensitiveComplaintReachesTheBureau(t *testing.T) {
	for name, url := range map[string]func(*testing.T) string{"sqlite": func(*testing.T) string { return "" }, "postgres": dbtest.PostgresURL} {
		t.Run(name, func(t *testing.T) { bureauIsTold(t, url(t)) })
	}
}

func bureauIsTold(t *testing.T, url string) {
	c := config{Data: t.TempDir(), DB: url, SMS: "screen", Checkpoints: filepath.Join(t.TempDir(), "checkpoints")}
	if err := c.defaults(); err != nil {
		t.Fatal(err)
	}
	s, err := stage(t.Context(), c, newDemoAccess(), time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	h, phone := s.house, "+8613800138000"
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err = h.people.SendCode(t.Context(), phone, "zh-Hans")
	must(err)
	x, _, err := h.people.SignInCitizen(t.Context(), phone, sixDigits.FindString(h.screen.Messages(phone, 1)[0].Text), "zh-Hans")
	must(err)
	citizen := who.Actor{Person: x.Person, Org: x.Org, Roles: []who.Role{who.Citizen}}
	made, err := h.complain.Make(t.Context(), citizen, complaint.Intake{ID: id.New(), Kind: complaint.Grievance, Text: "明天去门口静坐", Region: "440106"})
	must(err)
	unread := func(user string) (n int) {
		t.Helper()
		person, ok, err := h.people.StaffByUser(t.Context(), user)
		if err != nil || !ok {
			t.Fatalf("%s: %v", user, err)
		}
		must(h.db.View(t.Context(), system, func(tx *db.Tx) (err error) { n, err = notify.Unread(tx, person); return err }))
		return n
	}
	must(s.To(t.Context(), s.Now().Add(time.Second)))
	for user, want := range map[string]int{"bureau1": 1, "operator1": 2, "quality1": 2, "lawyer1": 0, "admin1": 0} {
		if got := unread(user); got != want {
			t.Errorf("%s has %d messages, wanted %d", user, got, want)
		}
	}
	if sms := h.screen.Messages(phone, 1); len(sms) == 0 || !strings.Contains(sms[0].Text, made.Number) {
		t.Errorf("the citizen's SMS: %v", sms)
	}
	must(s.To(t.Context(), s.Now().Add(complaint.AckLimit)))
	if unread("bureau1") != 2 || unread("operator1") != 3 || unread("quality1") != 2 {
		t.Error("nobody was told that nobody acknowledged")
	}
	must(s.close(t.Context()))
	r, err := verifyData(t.Context(), c, journal.Audit{})
	if err != nil || r.Facts == 0 || r.Content[seal.Bad] != 0 {
		t.Errorf("verify: %+v %v", r, err)
	}
}
