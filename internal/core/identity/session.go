package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/who"
)

// How long sessions last.
const (
	CitizenIdle = 30 * 24 * time.Hour // since it was seen last
	StaffFor    = 12 * time.Hour      // from its beginning
	seenEvery   = 10 * time.Minute    // at most so often a session's use is noted
)

// Cookie is the name of the session's cookie.
const Cookie = "__Host-mingfa"

// Session is one signed-in device.
type Session struct {
	ID, Person, Org id.ID
	Staff           bool
	MadeAt          time.Time
	ExpiresAt       time.Time
}

// newToken makes the secret of a session, 43 characters, and what is stored of
// it.
func newToken() (token, hash string) {
	b := make([]byte, 32)
	rand.Read(b) //nolint:errcheck // never fails
	token = base64.RawURLEncoding.EncodeToString(b)
	return token, hashToken(token)
}

func hashToken(token string) string {
	h := sha256.Sum256([]byte(token))
	return hex.EncodeToString(h[:])
}

const tokenLen = 43

// begin makes a session of a person, who is locked, and drops his old ones.
func begin(tx *db.Tx, p person, i id.ID, hash string, way Way) (Session, error) {
	now := tx.Now()
	x := Session{ID: i, Person: p.ID, Org: p.Org, Staff: p.Kind == staff, MadeAt: now, ExpiresAt: now.Add(CitizenIdle)}
	if x.Staff {
		x.ExpiresAt = now.Add(StaffFor)
	}
	if _, err := tx.Exec("DELETE FROM identity_session WHERE person = ? AND expires_at < ?", p.ID.String(), now.UnixMilli()); err != nil {
		return x, fmt.Errorf("drop old sessions: %w", err)
	}
	_, err := tx.Exec(`INSERT INTO identity_session (id, org, person, kind, token_hash, made_at, seen_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		x.ID.String(), x.Org.String(), x.Person.String(), string(p.Kind), hash, now.UnixMilli(), now.UnixMilli(), x.ExpiresAt.UnixMilli())
	if err != nil {
		return x, fmt.Errorf("begin a session: %w", err)
	}
	return x, journal.Write(tx, journal.Entry{Org: p.Org, Root: p.ID, Subject: x.ID, Rev: 1, Event: SignedIn{Way: way},
		Refs: map[string]id.ID{"person": p.ID}})
}

// Authenticate tells who sends a request: by cookie or as bearer. Nobody is the
// zero Actor; a token that is forged, ended or expired is fault.Unknown.
func (s *Service) Authenticate(r *http.Request) (who.Actor, error) {
	token, given := tokenOf(r)
	if !given {
		return who.Actor{}, nil
	}
	// One session's token in 64³ begins as a machine's does; its length tells them apart.
	if secret, marked := strings.CutPrefix(token, tokenMark); marked && len(secret) == tokenLen && r.Header.Get("Authorization") != "" {
		return s.machine(r.Context(), secret)
	}
	if len(token) != tokenLen {
		return who.Actor{}, fault.New(fault.Unknown, "fault.unknown")
	}
	return s.authenticate(r.Context(), hashToken(token))
}

func tokenOf(r *http.Request) (token string, given bool) {
	if h := r.Header.Get("Authorization"); h != "" {
		scheme, token, _ := strings.Cut(h, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return "", true
		}
		return strings.TrimSpace(token), true
	}
	c, err := r.Cookie(Cookie)
	if err != nil || c.Value == "" {
		return "", false
	}
	return c.Value, true
}

// found is what one look at a session tells.
type found struct {
	session, person, org id.ID
	kind                 kind
	roles, path          string
	seen, expires        db.Time
	ended, erased        db.Time
}

func (s *Service) authenticate(ctx context.Context, hash string) (who.Actor, error) {
	var f found
	var now time.Time
	err := s.DB.Look(ctx, system, func(tx *db.Tx) error {
		now = tx.Now()
		return tx.Row(`SELECT s.id, s.person, p.org, s.kind, p.roles, o.path, s.seen_at, s.expires_at, s.ended_at, p.erased_at
			FROM identity_session s JOIN identity_person p ON p.id = s.person JOIN identity_org o ON o.id = p.org
			WHERE s.token_hash = ?`, hash).
			Scan(&f.session, &f.person, &f.org, &f.kind, &f.roles, &f.path, &f.seen, &f.expires, &f.ended, &f.erased)
	})
	if err != nil && !db.NotFound(err) {
		return who.Actor{}, fmt.Errorf("find a session: %w", err)
	}
	if err != nil || !f.ended.IsZero() || !f.erased.IsZero() || now.After(f.expires.Time) {
		return who.Actor{}, fault.New(fault.Unknown, "fault.unknown")
	}
	a := who.Actor{Person: f.person, Org: f.org, Session: f.session, Roles: rolesOf(f.roles)}
	if f.kind == staff {
		a.Scope = f.path
	}
	if now.Sub(f.seen.Time) >= seenEvery {
		s.touch(ctx, f, now)
	}
	return a, nil
}

// touch notes that a session is used, and lets a citizen's last longer. When it
// can't be noted the request goes on.
func (s *Service) touch(ctx context.Context, f found, now time.Time) {
	expires := f.expires.Time
	if f.kind == citizen {
		expires = now.Add(CitizenIdle)
	}
	err := s.DB.Do(ctx, system, func(tx *db.Tx) error {
		_, err := tx.Exec("UPDATE identity_session SET seen_at = ?, expires_at = ? WHERE id = ? AND ended_at IS NULL AND seen_at < ?",
			now.UnixMilli(), expires.UnixMilli(), f.session.String(), now.UnixMilli())
		return err
	})
	if err != nil {
		s.log().Warn("the use of a session could not be noted", "session", f.session, "error", err)
	}
}

// SignOut ends the actor's own session. It ends at once and on every node.
func (s *Service) SignOut(ctx context.Context, actor who.Actor) error {
	return s.DB.Do(ctx, actor, func(tx *db.Tx) error {
		res, err := tx.Exec("UPDATE identity_session SET ended_at = ? WHERE id = ? AND person = ? AND ended_at IS NULL",
			tx.Now().UnixMilli(), actor.Session.String(), actor.Person.String())
		if err != nil {
			return fmt.Errorf("end a session: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return journal.Write(tx, journal.Entry{Org: actor.Org, Root: actor.Person, Subject: actor.Session, Rev: 2, Event: SignedOut{}})
	})
}

// Revoke ends all sessions of a person: he himself may, and administrators.
func (s *Service) Revoke(ctx context.Context, actor who.Actor, i id.ID) error {
	return s.DB.Do(ctx, actor, func(tx *db.Tx) error {
		p, err := lockPerson(tx, i)
		if err != nil {
			return err
		}
		if actor.Person != p.ID {
			path, err := s.PathOf(tx, p.Org)
			if err != nil {
				return err
			}
			if err := s.need(actor, "identity.manage", path); err != nil {
				return err
			}
		}
		res, err := tx.Exec("UPDATE identity_session SET ended_at = ? WHERE person = ? AND ended_at IS NULL AND expires_at >= ?",
			tx.Now().UnixMilli(), p.ID.String(), tx.Now().UnixMilli())
		if err != nil {
			return fmt.Errorf("end sessions: %w", err)
		}
		n, err := res.RowsAffected()
		if err != nil || n == 0 {
			return err
		}
		p.Rev++
		if _, err := tx.Exec("UPDATE identity_person SET rev = ? WHERE id = ?", p.Rev, p.ID.String()); err != nil {
			return err
		}
		return p.write(tx, Revoked{Sessions: int(n)}, nil)
	})
}
