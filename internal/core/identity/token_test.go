package identity

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
)

func bearer(token string) *http.Request {
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	return r
}

// admin is an administrator of an organisation.
func admin(o Org) who.Actor {
	return who.Actor{Person: id.New(), Org: o.ID, Scope: o.Path, Roles: []who.Role{who.Admin}}
}

func (h *house) newToken(scopes ...string) NewToken {
	return NewToken{ID: id.New(), Name: "市数据平台", Scopes: scopes, ExpiresAt: h.clock.Now().Add(24 * time.Hour)}
}

func (h *house) token(a who.Actor, n NewToken) (Token, string) {
	h.t.Helper()
	t, secret, err := h.MakeToken(h.t.Context(), a, n)
	if err != nil {
		h.t.Fatal(err)
	}
	return t, secret
}

func (h *house) refusedBearer(token string) {
	h.t.Helper()
	if a, err := h.Authenticate(bearer(token)); !fault.Is(err, fault.Unknown) || a.Known() {
		h.t.Errorf("token is taken: actor %v, error %v", a, err)
	}
}

// req: B8.2.2.9
func TestTokenActsForItsOrganisation(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		province := h.org(NewOrg{Parent: h.root.ID, Level: Province, Name: "省", Region: "440000"})
		boss := admin(h.root)
		n := h.newToken("statutes:read", "orders:read", "orders:read")
		n.Org = province.ID
		made, secret := h.token(boss, n)
		if !strings.HasPrefix(secret, tokenMark) || len(secret) != len(tokenMark)+tokenLen || !slices.Equal(made.Scopes, []string{"orders:read", "statutes:read"}) {
			t.Fatalf("token %+v", made)
		}
		a, err := h.Authenticate(bearer(secret))
		if err != nil || a.Person != made.ID || a.Org != province.ID || a.Scope != province.Path || !slices.Equal(a.Roles, []who.Role{who.Machine}) || !slices.Equal(a.Scopes, made.Scopes) {
			t.Errorf("actor %+v, %v", a, err)
		}
		if h.count("SELECT count(*) FROM identity_token WHERE hash LIKE ?", "%"+secret+"%") != 0 || h.count("SELECT count(*) FROM identity_token WHERE hash = ?", hashToken(secret)) != 1 {
			t.Error("the token is not kept as its hash")
		}
		again, shown := h.token(boss, n) // a repeat
		if again.ID != made.ID || shown != "" {
			t.Errorf("a repeat gives %+v, %q", again, shown)
		}
		_, _, err = h.MakeToken(t.Context(), admin(h.root), n)
		wantKey(t, err, fault.Conflict, "fault.conflict")
		h.refusedToken(secret) // as a cookie it opens nothing
		for _, forged := range []string{tokenMark, secret[:len(secret)-1], secret + "a", secret[:len(secret)-1] + "!", secret[len(tokenMark):], strings.ToUpper(secret)} {
			h.refusedBearer(forged)
		}
		if n := h.count("SELECT count(*) FROM journal_fact WHERE kind = 'identity.token_made'"); n != 1 {
			t.Errorf("%d facts", n)
		}
	})
}

func TestTokenEnds(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		boss := admin(h.root)
		n := h.newToken("reports:read")
		n.ExpiresAt = h.clock.Now().Add(TokenFor)
		made, secret := h.token(boss, n)
		h.clock.Set(made.ExpiresAt)
		if _, err := h.Authenticate(bearer(secret)); err != nil {
			t.Errorf("refused at exactly its expiry: %v", err)
		}
		list, err := h.Tokens(t.Context(), boss, id.Nil, 50)
		if err != nil || len(list) != 1 || !list[0].UsedAt.Equal(made.ExpiresAt) {
			t.Errorf("tokens %+v, %v", list, err)
		}
		h.clock.Add(time.Millisecond)
		h.refusedBearer(secret)

		made, secret = h.token(boss, h.newToken("reports:read"))
		for range 2 { // again changes nothing
			if err := h.RevokeToken(t.Context(), boss, made.ID); err != nil {
				t.Fatal(err)
			}
			h.refusedBearer(secret)
		}
		if n := h.count("SELECT count(*) FROM journal_fact WHERE kind = 'identity.token_revoked'"); n != 1 {
			t.Errorf("%d facts of a revocation", n)
		}
	})
}

func TestTokenIsChecked(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		now := h.clock.Now()
		for key, change := range map[string]func(n *NewToken){
			"fault.id":               func(n *NewToken) { n.ID = id.Nil },
			"fault.field_required":   func(n *NewToken) { n.Name = " \u200b" },
			"fault.too_long":         func(n *NewToken) { n.Name = strings.Repeat("名", maxTokenName+1) },
			"fault.text_refused":     func(n *NewToken) { n.Name = "a\x00b" },
			"identity.scope_unknown": func(n *NewToken) { n.Scopes = []string{"reports:read", "token.manage"} },
			"identity.token_expiry":  func(n *NewToken) { n.ExpiresAt = now.Add(TokenFor + time.Millisecond) },
		} {
			n := h.newToken("reports:read")
			change(&n)
			_, _, err := h.MakeToken(t.Context(), admin(h.root), n)
			wantKey(t, err, fault.Invalid, key)
		}
		n := h.newToken()
		_, _, err := h.MakeToken(t.Context(), admin(h.root), n)
		wantKey(t, err, fault.Invalid, "identity.scope_unknown")
		n = h.newToken("reports:read")
		n.ExpiresAt = now
		_, _, err = h.MakeToken(t.Context(), admin(h.root), n)
		wantKey(t, err, fault.Invalid, "identity.token_expiry")
	})
}

// Who may not manage tokens hears the same as for one that isn't there.
func TestTokensAreForAdministratorsOfTheOrganisation(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		a := h.org(NewOrg{Parent: h.root.ID, Level: Province, Name: "甲", Region: "440000"})
		b := h.org(NewOrg{Parent: h.root.ID, Level: Province, Name: "乙", Region: "110000"})
		made, secret := h.token(admin(a), h.newToken(access.Scopes()...))
		machine, err := h.Authenticate(bearer(secret))
		if err != nil {
			t.Fatal(err)
		}
		citizen, _ := h.citizen(phoneA)
		ops := admin(a)
		ops.Roles = []who.Role{who.Operations, who.Quality, who.Bureau, who.DutyLawyer}
		for name, actor := range map[string]who.Actor{"of another": admin(b), "operations": ops, "citizen": citizen, "machine": machine} {
			n := h.newToken("reports:read")
			n.Org = a.ID
			_, _, err := h.MakeToken(t.Context(), actor, n)
			wantKey(t, err, fault.Absent, "fault.absent")
			wantKey(t, h.RevokeToken(t.Context(), actor, made.ID), fault.Absent, "fault.absent")
			list, err := h.Tokens(t.Context(), actor, id.Nil, 50)
			if name == "of another" {
				if err != nil || len(list) != 0 {
					t.Errorf("another organisation sees %v, %v", list, err)
				}
				continue
			}
			wantKey(t, err, fault.Absent, "fault.absent")
		}
		wantKey(t, h.RevokeToken(t.Context(), admin(a), id.New()), fault.Absent, "fault.absent")
		n := h.newToken("reports:read")
		n.Org = id.New() // an organisation that isn't there
		_, _, err = h.MakeToken(t.Context(), admin(a), n)
		wantKey(t, err, fault.Absent, "fault.absent")
		if list, err := h.Tokens(t.Context(), admin(h.root), id.Nil, 50); err != nil || len(list) != 1 {
			t.Errorf("the operator sees %v, %v", list, err)
		}
	})
}
