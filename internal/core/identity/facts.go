package identity

import (
	"crypto/sha256"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/who"
)

// Code is a region's code in a fact.
type Code string

// Way is how somebody signs in.
type Way string

// The ways.
const (
	ByCode     Way = "code"
	ByPassword Way = "password"
)

// OrgMade: an organisation began.
type OrgMade struct {
	Level  Level `json:"level"`
	Region Code  `json:"region,omitempty"`
}

// RegionsLoaded: region codes were imported.
type RegionsLoaded struct {
	Rows      int `json:"rows"`
	Provinces int `json:"provinces"`
	Cities    int `json:"cities"`
	Counties  int `json:"counties"`
}

// CodeSent: a one-time code left for a phone. Its subject is random, no phone
// leads to it.
type CodeSent struct{}

// Joined: a citizen's account was made at his first sign-in.
type Joined struct {
	Language Language `json:"language"`
}

// StaffMade: an account of a member of staff was made.
type StaffMade struct {
	Roles    []who.Role `json:"roles"`
	Language Language   `json:"language"`
}

// SignedIn: a session began; its subject is the session.
type SignedIn struct {
	Way Way `json:"way"`
}

// SignedOut: its person ended a session.
type SignedOut struct{}

// Revoked: all sessions of a person were ended.
type Revoked struct {
	Sessions int `json:"sessions"`
}

// SignInFailed: somebody could not prove who he is; one per subject and minute.
type SignInFailed struct {
	Way    Way  `json:"way"`
	Locked bool `json:"locked"`
}

// Changed: a person changed his own details; what he said is sealed.
type Changed struct {
	Language Language `json:"language,omitempty"`
	Name     bool     `json:"name,omitempty"`
}

// Erasing: the erasure of a person was decided.
type Erasing struct{}

// Erased: the keys of a person are destroyed.
type Erased struct{}

// TokenMade: an administrator made a token for a machine; its subject is the
// token.
type TokenMade struct {
	Scopes  []Scope   `json:"scopes"`
	Expires time.Time `json:"expires"`
}

// TokenRevoked: a machine's token was ended.
type TokenRevoked struct{}

// Scope is a name of verbs that a machine may (core/access).
type Scope string

// Language is a language in a fact and in a row.
type Language string

// Kind names the fact.
func (OrgMade) Kind() string { return "identity.org_made" }

// Kind names the fact.
func (RegionsLoaded) Kind() string { return "identity.regions_loaded" }

// Kind names the fact.
func (CodeSent) Kind() string { return "identity.code_sent" }

// Kind names the fact.
func (Joined) Kind() string { return "identity.joined" }

// Kind names the fact.
func (StaffMade) Kind() string { return "identity.staff_made" }

// Kind names the fact.
func (SignedIn) Kind() string { return "identity.signed_in" }

// Kind names the fact.
func (SignedOut) Kind() string { return "identity.signed_out" }

// Kind names the fact.
func (Revoked) Kind() string { return "identity.revoked" }

// Kind names the fact.
func (SignInFailed) Kind() string { return "identity.sign_in_failed" }

// Kind names the fact.
func (Changed) Kind() string { return "identity.changed" }

// Kind names the fact.
func (Erasing) Kind() string { return "identity.erasing" }

// Kind names the fact.
func (Erased) Kind() string { return "identity.erased" }

// Kind names the fact.
func (TokenMade) Kind() string { return "identity.token_made" }

// Kind names the fact.
func (TokenRevoked) Kind() string { return "identity.token_revoked" }

func init() {
	journal.Register("identity.read",
		func() journal.Event { return OrgMade{} },
		func() journal.Event { return RegionsLoaded{} },
		func() journal.Event { return CodeSent{} },
		func() journal.Event { return Joined{} },
		func() journal.Event { return StaffMade{} },
		func() journal.Event { return SignedIn{} },
		func() journal.Event { return SignedOut{} },
		func() journal.Event { return Revoked{} },
		func() journal.Event { return SignInFailed{} },
		func() journal.Event { return Changed{} },
		func() journal.Event { return Erasing{} },
		func() journal.Event { return Erased{} },
		func() journal.Event { return TokenMade{} },
		func() journal.Event { return TokenRevoked{} },
	)
}

// noteFailed writes that a sign-in failed: one fact per subject and minute, on
// whatever node, so that nobody can fill the log by guessing.
func noteFailed(tx *db.Tx, org, about id.ID, e SignInFailed) error {
	subject := minuteSubject(about, e, tx.Now())
	err := tx.Savepoint(func() error {
		return journal.Write(tx, journal.Entry{Org: org, Root: about, Subject: subject, Rev: 1, Event: e})
	})
	if fault.Is(err, fault.Conflict) {
		return nil
	}
	return err
}

func minuteSubject(about id.ID, e SignInFailed, at time.Time) id.ID {
	h := sha256.New()
	h.Write(about[:])
	h.Write([]byte(e.Kind() + string(e.Way)))
	if e.Locked {
		h.Write([]byte("locked"))
	}
	h.Write([]byte(at.UTC().Format("2006-01-02T15:04")))
	var s id.ID
	copy(s[:], h.Sum(nil))
	s[6], s[8] = s[6]&0x0f|0x80, s[8]&0x3f|0x80 // version 8: made by us
	return s
}
