package identity

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
	"mingfa/internal/base/seal/sealtest"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
)

var setup = who.System("setup")

// sms is one message that left.
type sms struct{ phone, code, language string }

// house is a service with an operator.
type house struct {
	*Service
	t     *testing.T
	clock *db.StepClock
	root  Org
	mu    sync.Mutex
	sent  []sms
}

func each(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Helper()
	clock := dbtest.Clock(t)
	dbtest.EachAt(t, clock, func(t *testing.T, d *db.DB) {
		h := &house{t: t, clock: clock}
		h.Service = &Service{DB: d, Keys: sealtest.New(t), Rules: &access.Rules{}}
		h.Send = func(_ context.Context, phone, code, language string) {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.sent = append(h.sent, sms{phone, code, language})
		}
		h.root = h.org(NewOrg{Level: Operator, Name: "运营中心"})
		fn(t, h)
	})
}

func (h *house) org(n NewOrg) Org {
	h.t.Helper()
	o, err := h.MakeOrg(h.t.Context(), setup, n)
	if err != nil {
		h.t.Fatal(err)
	}
	return o
}

func (h *house) code(phone string) string {
	h.t.Helper()
	if _, err := h.SendCode(h.t.Context(), phone, say.En); err != nil {
		h.t.Fatal(err)
	}
	return h.sent[len(h.sent)-1].code
}

// citizen signs a phone in and gives who he is and his token.
func (h *house) citizen(phone string) (who.Actor, string) {
	h.t.Helper()
	_, token, err := h.SignInCitizen(h.t.Context(), phone, h.code(phone), say.Hans)
	if err != nil {
		h.t.Fatal(err)
	}
	return h.auth(token), token
}

func request(token string) *http.Request {
	r := httptest.NewRequest("GET", "/", nil)
	if token != "" {
		r.AddCookie(&http.Cookie{Name: Cookie, Value: token})
	}
	return r
}

func (h *house) auth(token string) who.Actor {
	h.t.Helper()
	a, err := h.Authenticate(request(token))
	if err != nil {
		h.t.Fatal(err)
	}
	return a
}

// refusedToken demands that a token opens nothing.
func (h *house) refusedToken(token string) {
	h.t.Helper()
	if a, err := h.Authenticate(request(token)); !fault.Is(err, fault.Unknown) || a.Known() {
		h.t.Errorf("token is taken: actor %v, error %v", a, err)
	}
}

func (h *house) count(query string, args ...any) (n int) {
	h.t.Helper()
	err := h.DB.View(h.t.Context(), setup, func(tx *db.Tx) error { return tx.Row(query, args...).Scan(&n) })
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

const (
	phoneA = "13800138000"
	secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
	passwd = "correct horse battery"
)

func (h *house) staff(org id.ID, user string, roles ...who.Role) id.ID {
	h.t.Helper()
	i, _, err := h.MakeStaff(h.t.Context(), setup, NewStaff{Org: org, User: user, Name: "张审核", Phone: "13911112222",
		Password: passwd, TOTPSecret: secret, Roles: roles})
	if err != nil {
		h.t.Fatal(err)
	}
	return i
}

func (h *house) totp() string {
	h.t.Helper()
	c, err := totp.GenerateCode(secret, h.DB.Now())
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

func wrongOf(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

// wantKey demands a fault of a kind with a key, at a field if it names one.
func wantKey(t *testing.T, err error, kind fault.Kind, key string) {
	t.Helper()
	f, ok := err.(*fault.Fault)
	if !ok || f.Kind != kind {
		t.Errorf("error %v, want %s %s", err, kind, key)
		return
	}
	got := f.Key
	if len(f.Fields) > 0 {
		got = f.Fields[0].Key
	}
	if got != key {
		t.Errorf("key %s, want %s", got, key)
	}
}

func TestTextsAndFacts(t *testing.T) {
	for _, p := range append(say.Problems(), journal.Problems()...) {
		t.Error(p)
	}
}

func TestCitizenSignsIn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		a, token := h.citizen(phoneA)
		if !a.Is(who.Citizen) || a.Org != h.root.ID || a.Scope != "" || a.Session == id.Nil {
			t.Errorf("actor %+v", a)
		}
		if len(token) != tokenLen {
			t.Errorf("token of %d characters", len(token))
		}
		phone, lang, err := h.Phone(t.Context(), a.Person)
		if err != nil || phone != "+8613800138000" || lang != say.Hans {
			t.Errorf("reached at %q %q, %v", phone, lang, err)
		}
		h.clock.Add(time.Minute)
		again, _ := h.citizen("+86 138-0013-8000") // the same phone, written another way
		if again.Person != a.Person || again.Session == a.Session {
			t.Error("a second sign-in is not the same person in another session")
		}
		if n := h.count("SELECT count(*) FROM journal_fact WHERE kind = 'identity.joined'"); n != 1 {
			t.Errorf("%d accounts were made", n)
		}
	})
}

// TestASessionWhoseTokenBeginsAsAMachines: one in 64³ does, and is a citizen's all the
// same, in a cookie and as a bearer.
func TestASessionWhoseTokenBeginsAsAMachines(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		a, _ := h.citizen(phoneA)
		token := tokenMark + strings.Repeat("x", tokenLen-len(tokenMark))
		err := h.DB.Do(t.Context(), setup, func(tx *db.Tx) error {
			_, err := tx.Exec("UPDATE identity_session SET token_hash = ? WHERE id = ?", hashToken(token), a.Session.String())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		bearer := httptest.NewRequest("GET", "/", nil)
		bearer.Header.Set("Authorization", "Bearer "+token)
		for _, r := range []*http.Request{request(token), bearer} {
			if got, err := h.Authenticate(r); err != nil || got.Person != a.Person {
				t.Errorf("%v, %v", got, err)
			}
		}
	})
}

func TestCodeIsGoodForTenMinutes(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		code := h.code(phoneA)
		h.clock.Add(CodeFor)
		if _, _, err := h.SignInCitizen(t.Context(), phoneA, code, ""); err != nil {
			t.Errorf("refused at exactly the limit: %v", err)
		}
		code = h.code(phoneA)
		h.clock.Add(CodeFor + time.Millisecond)
		_, _, err := h.SignInCitizen(t.Context(), phoneA, code, "")
		wantKey(t, err, fault.Invalid, "identity.code_wrong")
	})
}

func TestCodeIsSentOnceAMinute(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		first := h.code(phoneA)
		h.clock.Add(codeBetween - time.Millisecond)
		_, err := h.SendCode(t.Context(), phoneA, "")
		wantKey(t, err, fault.TooMany, "identity.code_too_soon")
		h.clock.Add(time.Millisecond)
		second := h.code(phoneA)
		if first != second {
			_, _, err = h.SignInCitizen(t.Context(), phoneA, first, "")
			wantKey(t, err, fault.Invalid, "identity.code_wrong")
		}
		if _, _, err := h.SignInCitizen(t.Context(), phoneA, second, ""); err != nil {
			t.Error(err)
		}
	})
}

func TestCodeIsUsedOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		code := h.code(phoneA)
		if _, _, err := h.SignInCitizen(t.Context(), phoneA, code, ""); err != nil {
			t.Fatal(err)
		}
		_, _, err := h.SignInCitizen(t.Context(), phoneA, code, "")
		wantKey(t, err, fault.Invalid, "identity.code_wrong")
		_, _, err = h.SignInCitizen(t.Context(), "13900139000", code, "") // nor for another phone
		wantKey(t, err, fault.Invalid, "identity.code_wrong")
	})
}

func TestFiveTriesOfACode(t *testing.T) {
	for tries, good := range map[int]bool{codeTries - 1: true, codeTries: false} {
		each(t, func(t *testing.T, h *house) {
			code := h.code(phoneA)
			for range tries {
				_, _, err := h.SignInCitizen(t.Context(), phoneA, wrongOf(code), "")
				wantKey(t, err, fault.Invalid, "identity.code_wrong")
			}
			if _, _, err := h.SignInCitizen(t.Context(), phoneA, code, ""); (err == nil) != good {
				t.Errorf("after %d wrong tries: %v", tries, err)
			}
		})
	}
}

func TestTenWrongCodesLockThePhone(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.citizen("13900139000") // known; phoneA is not: both must hear the same
		h.clock.Add(time.Hour)
		for _, phone := range []string{phoneA, "13900139000"} {
			for i := range codeStrikes {
				if i%codeTries == 0 {
					h.clock.Add(codeBetween)
					h.code(phone)
				}
				_, _, err := h.SignInCitizen(t.Context(), phone, "not it", "")
				wantKey(t, err, fault.Invalid, "identity.code_wrong")
			}
			_, _, err := h.SignInCitizen(t.Context(), phone, "not it", "")
			wantKey(t, err, fault.TooMany, "fault.too_many")
			h.clock.Add(codeBetween)
			_, err = h.SendCode(t.Context(), phone, "")
			wantKey(t, err, fault.TooMany, "fault.too_many")
		}
		h.clock.Add(time.Hour)
		h.citizen(phoneA)
	})
}

func TestTwoFirstSignInsMakeOneAccount(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		code := h.code(phoneA)
		var wg sync.WaitGroup
		var mu sync.Mutex
		good := 0
		for range 8 {
			wg.Go(func() {
				_, _, err := h.SignInCitizen(t.Context(), phoneA, code, "")
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					good++
				} else if !fault.Is(err, fault.Invalid) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := h.count("SELECT count(*) FROM identity_person"); good != 1 || n != 1 {
			t.Errorf("%d signed in, %d accounts", good, n)
		}
	})
}

func TestWrongCodesAtOnceDontPassTheLimit(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		code := h.code(phoneA)
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() { h.SignInCitizen(t.Context(), phoneA, wrongOf(code), "") }) //nolint:errcheck // all are refused
		}
		wg.Wait()
		if n := h.count("SELECT tries FROM identity_code"); n != codeStrikes {
			t.Errorf("%d tries were compared, want %d", n, codeStrikes)
		}
		if n := h.count("SELECT count(*) FROM journal_fact WHERE kind = 'identity.sign_in_failed'"); n == 0 || n > 3 {
			t.Errorf("%d facts of one minute", n)
		}
	})
}

// req: B9.2.1a
func TestStaffSignIn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		city := h.org(NewOrg{ID: id.New(), Parent: h.root.ID, Level: City, Name: "深圳市司法局", Region: "440300"})
		i := h.staff(city.ID, "Zhang.San", who.Operations, who.Quality)
		for name, c := range map[string][3]string{
			"wrong password": {"zhang.san", "wrong horse battery", h.totp()},
			"wrong factor":   {"zhang.san", passwd, wrongOf(h.totp())},
			"no factor":      {"zhang.san", passwd, ""},
			"unknown user":   {"li.si", passwd, h.totp()},
		} {
			_, _, err := h.SignInStaff(t.Context(), c[0], c[1], c[2])
			if f, ok := err.(*fault.Fault); !ok || f.Kind != fault.Unknown || f.Key != "identity.wrong_credentials" || f.Err != nil || f.Fields != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		_, token, err := h.SignInStaff(t.Context(), "ZHANG.SAN", passwd, h.totp())
		if err != nil {
			t.Fatal(err)
		}
		a := h.auth(token)
		if a.Person != i || a.Org != city.ID || a.Scope != "/440300/" || !a.Is(who.Operations) || !a.Is(who.Quality) || a.Is(who.Citizen) {
			t.Errorf("actor %+v", a)
		}
		_, _, err = h.SignInStaff(t.Context(), "zhang.san", passwd, h.totp())
		wantKey(t, err, fault.Unknown, "identity.wrong_credentials") // the step was used
		h.clock.Add(30 * time.Second)
		if _, _, err := h.SignInStaff(t.Context(), "zhang.san", passwd, h.totp()); err != nil {
			t.Errorf("the next step: %v", err)
		}
	})
}

func TestSecondFactorOpensOneSession(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.staff(h.root.ID, "admin", who.Admin)
		code := h.totp()
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() { h.SignInStaff(t.Context(), "admin", passwd, code) }) //nolint:errcheck // one of them gets in
		}
		wg.Wait()
		if n := h.count("SELECT count(*) FROM identity_session"); n != 1 {
			t.Errorf("one code opened %d sessions", n)
		}
	})
}

func TestSecondFactorWindow(t *testing.T) {
	for steps, good := range map[int]bool{-2: false, -1: true, 0: true, 1: true, 2: false} {
		now := time.Date(2026, 3, 2, 4, 0, 15, 0, time.UTC)
		code, err := totp.GenerateCode(secret, now.Add(time.Duration(steps)*30*time.Second))
		if err != nil {
			t.Fatal(err)
		}
		want := now.Unix()/30 + int64(steps)
		if got := totpStep(secret, code, now); (got == want) != good {
			t.Errorf("%d steps off: step %d, want good %v", steps, got, good)
		}
	}
}

func TestTenFailuresLockAUserName(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.staff(h.root.ID, "admin", who.Admin)
		for _, user := range []string{"admin", "nobody"} {
			for range staffStrikes {
				_, _, err := h.SignInStaff(t.Context(), user, "no", "000000")
				wantKey(t, err, fault.Unknown, "identity.wrong_credentials")
			}
			_, _, err := h.SignInStaff(t.Context(), user, passwd, h.totp())
			wantKey(t, err, fault.TooMany, "fault.too_many")
		}
		if n := h.count("SELECT count(*) FROM journal_fact WHERE kind = 'identity.sign_in_failed'"); n != 2 {
			t.Errorf("%d facts, want one for the account and one for all unknown names", n)
		}
		h.clock.Add(staffWindow)
		if _, _, err := h.SignInStaff(t.Context(), "admin", passwd, h.totp()); err != nil {
			t.Errorf("after the window: %v", err)
		}
	})
}

func TestStaffDontSignInBySMS(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		i := h.staff(h.root.ID, "admin", who.Admin)
		a, _ := h.citizen("13911112222")
		if a.Person == i || a.Is(who.Admin) {
			t.Error("an SMS opened a staff account")
		}
	})
}

func TestMakeStaffRefuses(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.staff(h.root.ID, "admin", who.Admin)
		good := NewStaff{Org: h.root.ID, User: "b", Name: "李四", Password: passwd, TOTPSecret: secret, Roles: []who.Role{who.Bureau}}
		for name, c := range map[string]struct {
			change func(*NewStaff)
			kind   fault.Kind
			key    string
		}{
			"taken":         {func(n *NewStaff) { n.User = "ADMIN" }, fault.Conflict, "identity.user_taken"},
			"no name":       {func(n *NewStaff) { n.Name = " " }, fault.Invalid, "fault.field_required"},
			"password":      {func(n *NewStaff) { n.Password = "short" }, fault.Invalid, "fault.too_short"},
			"secret":        {func(n *NewStaff) { n.TOTPSecret = "1" }, fault.Invalid, "fault.field_format"},
			"citizen":       {func(n *NewStaff) { n.Roles = []who.Role{who.Citizen} }, fault.Invalid, "fault.field_choice"},
			"system":        {func(n *NewStaff) { n.Roles = []who.Role{who.SystemRole} }, fault.Invalid, "fault.field_choice"},
			"comma in role": {func(n *NewStaff) { n.Roles = []who.Role{"bureau,administrator"} }, fault.Invalid, "fault.field_choice"},
			"no org":        {func(n *NewStaff) { n.Org = id.New() }, fault.Absent, "fault.absent"},
		} {
			n := good
			c.change(&n)
			_, _, err := h.MakeStaff(t.Context(), setup, n)
			t.Run(name, func(t *testing.T) { wantKey(t, err, c.kind, c.key) })
		}
		citizen, _ := h.citizen(phoneA)
		_, _, err := h.MakeStaff(t.Context(), citizen, good)
		wantKey(t, err, fault.Absent, "fault.absent")
	})
}

func TestSessionsEnd(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		a, token := h.citizen(phoneA)
		h.clock.Add(time.Minute)
		_, other := h.citizen(phoneA)
		if err := h.SignOut(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		h.refusedToken(token)
		b := h.auth(other)
		if err := h.SignOut(t.Context(), a); err != nil { // once more does no harm
			t.Error(err)
		}
		if err := h.Revoke(t.Context(), b, b.Person); err != nil {
			t.Fatal(err)
		}
		h.refusedToken(other)
		stranger, _ := h.citizen("13900139000")
		wantKey(t, h.Revoke(t.Context(), stranger, b.Person), fault.Absent, "fault.absent")
	})
}

func TestSessionsExpire(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.staff(h.root.ID, "admin", who.Admin)
		_, staffToken, err := h.SignInStaff(t.Context(), "admin", passwd, h.totp())
		if err != nil {
			t.Fatal(err)
		}
		_, token := h.citizen(phoneA)
		h.clock.Add(StaffFor / 2)
		h.auth(staffToken) // using it doesn't make it last longer
		h.clock.Add(StaffFor / 2)
		h.auth(staffToken)
		h.clock.Add(time.Millisecond)
		h.refusedToken(staffToken)

		h.auth(token) // a citizen's lasts from its last use
		h.clock.Add(CitizenIdle)
		h.auth(token)
		h.clock.Add(CitizenIdle)
		h.auth(token)
		h.clock.Add(CitizenIdle + time.Millisecond)
		h.refusedToken(token)
	})
}

func TestForgedTokens(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		_, token := h.citizen(phoneA)
		other, _ := newToken()
		for _, forged := range []string{other, token[:42], token + "A", strings.ToUpper(token), "x", hashToken(token)} {
			if forged != token {
				h.refusedToken(forged)
			}
		}
		if a := h.auth(""); a.Known() {
			t.Error("nobody is somebody")
		}
		for header, known := range map[string]bool{"Bearer " + token: true, "bearer " + token: true, "Basic " + token: false, "Bearer": false, token: false} {
			r := request("")
			r.Header.Set("Authorization", header)
			a, err := h.Authenticate(r)
			if a.Known() != known || (err == nil) != known {
				t.Errorf("header of %d characters: known %v, error %v", len(header), a.Known(), err)
			}
		}
	})
}
