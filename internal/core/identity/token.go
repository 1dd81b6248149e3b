package identity

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/text"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
)

// Tokens of machines (B8.3.1, B8.2.2.9): an administrator makes one for an
// integrator's program, which then acts for an organisation, with the verbs of
// the token's scopes and no others. The token is shown once and kept as a hash;
// it opens nothing as a cookie, signs nobody in, and ends at once when revoked.

// The limits of a token.
const (
	TokenFor     = 400 * 24 * time.Hour // from now to its expiry, at most
	maxTokenName = 64                   // characters
	maxTokens    = 200                  // on a page
	usedEvery    = time.Minute          // at most so often its use is noted
	tokenMark    = "mt_"                // before the secret, so that it is known when it leaks
)

// NewToken is a token to be.
type NewToken struct {
	ID        id.ID     // made by the client: a repeat makes no second one
	Org       id.ID     // for which it acts; Nil is the actor's own
	Name      string    // of the program, for people; not of a person
	Scopes    []string  // of access.Scopes
	ExpiresAt time.Time // at most TokenFor from now
}

// Token is what administrators see of one.
type Token struct {
	ID, Org, MadeBy           id.ID
	Name                      string
	Scopes                    []string
	MadeAt, ExpiresAt         time.Time
	UsedAt, RevokedAt         time.Time // zero for never
	rev                       int64
	usedAt, revokedAt, madeAt db.Time
	expiresAt                 db.Time
}

// check gives the form that is stored.
func (n NewToken) check(now time.Time) (NewToken, error) {
	var bad []fault.Field
	if n.ID == id.Nil {
		bad = append(bad, fault.At("id", "fault.id"))
	}
	name, err := text.Clean(strings.TrimSpace(n.Name))
	switch {
	case err != nil:
		bad = append(bad, fault.At("name", "fault.text_refused"))
	case text.Blank(name):
		bad = append(bad, fault.At("name", "fault.field_required"))
	case text.Length(name) > maxTokenName:
		bad = append(bad, fault.At("name", "fault.too_long").With("max", maxTokenName))
	}
	strange := slices.ContainsFunc(n.Scopes, func(s string) bool { return !slices.Contains(access.Scopes(), s) })
	if len(n.Scopes) == 0 || strange {
		bad = append(bad, fault.At("scopes", "identity.scope_unknown"))
	}
	n.ExpiresAt = n.ExpiresAt.UTC().Truncate(time.Millisecond)
	if !n.ExpiresAt.After(now) || n.ExpiresAt.After(now.Add(TokenFor)) {
		bad = append(bad, fault.At("expires_at", "identity.token_expiry").With("days", int(TokenFor/(24*time.Hour))))
	}
	if len(bad) > 0 {
		return n, fault.Bad(bad...)
	}
	n.Name, n.Scopes = name, slices.Compact(slices.Sorted(slices.Values(n.Scopes)))
	return n, nil
}

// MakeToken makes a token and gives it with its secret, which is never shown
// again: a repeat of the same ID by the same actor gives the token alone. Whoever
// lost the secret revokes it and makes another. The right is token.manage at the
// organisation.
func (s *Service) MakeToken(ctx context.Context, a who.Actor, n NewToken) (t Token, secret string, err error) {
	if n.Org == id.Nil {
		n.Org = a.Org
	}
	if err := s.mayManageTokens(ctx, a, n.Org); err != nil {
		return t, "", err
	}
	if n, err = n.check(s.DB.Now()); err != nil {
		return t, "", err
	}
	token, _ := newToken()
	token = tokenMark + token
	err = s.DB.Do(ctx, a, func(tx *db.Tx) error {
		secret = token
		old, err := loadToken(tx, "", n.ID)
		if err == nil { // a repeat, or somebody else's
			if old.MadeBy != a.Person || old.Org != n.Org {
				return fault.New(fault.Conflict, "fault.conflict")
			}
			t, secret = old, ""
			return nil
		}
		if !fault.Is(err, fault.Absent) {
			return err
		}
		t = Token{ID: n.ID, Org: n.Org, MadeBy: a.Person, Name: n.Name, Scopes: n.Scopes, MadeAt: tx.Now(), ExpiresAt: n.ExpiresAt, rev: 1}
		return insertToken(tx, t, hashToken(token))
	})
	if err != nil {
		return Token{}, "", err
	}
	return t, secret, nil
}

// insertToken stores a token with its fact; a repeat that runs beside is a conflict.
func insertToken(tx *db.Tx, t Token, hash string) error {
	res, err := tx.Exec(`INSERT INTO identity_token (id, org, rev, name, scopes, hash, made_by, made_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO NOTHING`, t.ID.String(), t.Org.String(), t.rev, t.Name, strings.Join(t.Scopes, " "), hash,
		t.MadeBy.String(), t.MadeAt.UnixMilli(), t.ExpiresAt.UnixMilli())
	if err != nil {
		return fmt.Errorf("make a token: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return fault.Wrap(fault.Conflict, "fault.conflict", err)
	}
	e := TokenMade{Expires: t.ExpiresAt}
	for _, scope := range t.Scopes {
		e.Scopes = append(e.Scopes, Scope(scope))
	}
	return t.write(tx, e)
}

func (s *Service) mayManageTokens(ctx context.Context, a who.Actor, org id.ID) error {
	path := ""
	err := s.DB.View(ctx, a, func(tx *db.Tx) (err error) { path, err = s.PathOf(tx, org); return err })
	if err != nil && !fault.Is(err, fault.Absent) {
		return err
	}
	return s.need(a, "token.manage", path) // of none: refused like one of others
}

func (t Token) write(tx *db.Tx, e journal.Event) error {
	return journal.Write(tx, journal.Entry{Org: t.Org, Root: t.ID, Subject: t.ID, Rev: t.rev, Event: e})
}

const tokenColumns = "SELECT t.id, t.org, t.rev, t.name, t.scopes, t.made_by, t.made_at, t.expires_at, t.used_at, t.revoked_at FROM identity_token t "

// scan reads a row of tokenColumns.
func (t *Token) scan(row interface{ Scan(...any) error }) error {
	var scopes string
	err := row.Scan(&t.ID, &t.Org, &t.rev, &t.Name, &scopes, &t.MadeBy, &t.madeAt, &t.expiresAt, &t.usedAt, &t.revokedAt)
	t.Scopes, t.MadeAt, t.ExpiresAt, t.UsedAt, t.RevokedAt = strings.Fields(scopes), t.madeAt.Time, t.expiresAt.Time, t.usedAt.Time, t.revokedAt.Time
	return err
}

// loadToken finds a token, or fault.Absent; lock is "" or what locks its row.
func loadToken(tx *db.Tx, lock string, i id.ID) (t Token, err error) {
	err = t.scan(tx.Row(tokenColumns+"WHERE t.id = ?"+lock, i.String()))
	if db.NotFound(err) {
		return t, fault.NotThere()
	}
	return t, err
}

// Tokens lists the tokens of the actor's organisation and those below it, ended
// ones too, newest last; after is the ID of the last one seen, or Nil.
func (s *Service) Tokens(ctx context.Context, a who.Actor, after id.ID, limit int) (out []Token, err error) {
	cond, args, err := s.Rules.List(a, "token.manage", access.Columns{OrgPath: "o.path"})
	if err != nil {
		return nil, err
	}
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		rows, err := tx.Rows(tokenColumns+"JOIN identity_org o ON o.id = t.org WHERE t.id > ? AND "+cond+" ORDER BY t.id LIMIT ?",
			append(append([]any{after.String()}, args...), min(max(limit, 1), maxTokens))...)
		if err != nil {
			return fmt.Errorf("list tokens: %w", err)
		}
		defer rows.Close() //nolint:errcheck // rows.Err tells
		for rows.Next() {
			var t Token
			if err := t.scan(rows); err != nil {
				return err
			}
			out = append(out, t)
		}
		return rows.Err()
	})
	return out, err
}

// RevokeToken ends a token, from the next request on and on every node. Again
// changes nothing.
func (s *Service) RevokeToken(ctx context.Context, a who.Actor, i id.ID) error {
	return s.DB.Do(ctx, a, func(tx *db.Tx) error {
		lock := ""
		if tx.Postgres() {
			lock = " FOR UPDATE"
		}
		t, err := loadToken(tx, lock, i)
		if err != nil {
			return err
		}
		path, err := s.PathOf(tx, t.Org)
		if err != nil {
			return err
		}
		if err := s.need(a, "token.manage", path); err != nil {
			return err
		}
		if !t.RevokedAt.IsZero() {
			return nil
		}
		t.rev++
		if _, err := tx.Exec("UPDATE identity_token SET rev = ?, revoked_at = ? WHERE id = ?", t.rev, tx.Now().UnixMilli(), t.ID.String()); err != nil {
			return fmt.Errorf("revoke a token: %w", err)
		}
		return t.write(tx, TokenRevoked{})
	})
}

// machine tells which machine sends a request. There is no cache: a revoked
// token is refused from the next request on. At exactly its expiry it is good.
func (s *Service) machine(ctx context.Context, secret string) (who.Actor, error) {
	var t Token
	var path string
	var now time.Time
	err := s.DB.Look(ctx, system, func(tx *db.Tx) error {
		now = tx.Now()
		var scopes string
		err := tx.Row("SELECT t.id, t.org, t.scopes, t.expires_at, t.used_at, t.revoked_at, o.path FROM identity_token t JOIN identity_org o ON o.id = t.org WHERE t.hash = ?",
			hashToken(tokenMark+secret)).Scan(&t.ID, &t.Org, &scopes, &t.expiresAt, &t.usedAt, &t.revokedAt, &path)
		t.Scopes = strings.Fields(scopes)
		return err
	})
	if err != nil && !db.NotFound(err) {
		return who.Actor{}, fmt.Errorf("find a token: %w", err)
	}
	if err != nil || !t.revokedAt.IsZero() || now.After(t.expiresAt.Time) {
		return who.Actor{}, fault.New(fault.Unknown, "fault.unknown")
	}
	if now.Sub(t.usedAt.Time) >= usedEvery {
		s.tokenUsed(ctx, t.ID, now)
	}
	return who.Actor{Person: t.ID, Org: t.Org, Scope: path, Session: t.ID, Roles: []who.Role{who.Machine}, Scopes: t.Scopes}, nil
}

// tokenUsed notes the use of a token. When it can't be noted the request goes on.
func (s *Service) tokenUsed(ctx context.Context, i id.ID, now time.Time) {
	err := s.DB.Do(ctx, system, func(tx *db.Tx) error {
		_, err := tx.Exec("UPDATE identity_token SET used_at = ? WHERE id = ? AND (used_at IS NULL OR used_at < ?)", now.UnixMilli(), i.String(), now.UnixMilli())
		return err
	})
	if err != nil {
		s.log().Warn("the use of a token could not be noted", "token", i, "error", err)
	}
}
