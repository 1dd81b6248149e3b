// Package identity knows organisations, regions and persons: who somebody is,
// for whom he acts, and how he proves it (统一身份认证).
//
// Organisations (机构). One operator, and below it provinces, cities and
// counties, each named by its region code (行政区划代码, GB/T 2260). The path
// "/440000/440300/" says who sees whom. A question about a region belongs to the
// nearest organisation: the county's, else its city's, else its province's,
// else the operator (OrgForRegion).
//
// Persons. A citizen (群众) is a phone number that he has shown to be his; the
// account is made at his first sign-in. A member of staff has a user name, a
// password and a second factor. The two never mix: a staff account can't be
// entered by SMS, whatever its phone.
//
//	citizen: SendCode -> SignInCitizen -> session (30 days without use)
//	staff:   MakeStaff -> SignInStaff  -> session (12 hours)
//	both:    Authenticate (each request) ... SignOut, Revoke, Erase
//	machine: MakeToken -> Authenticate (each request) ... RevokeToken
//
// What a caller may trust:
//   - Phone, user name, code and token are stored as HMAC or hash only; name,
//     phone and second factor are sealed under the person's key. None is in SQL,
//     a log, a fact or an error.
//   - Answers are the same, whether an account exists or not.
//   - A code is good for 10 minutes, once, for 5 tries; ten wrong ones in an hour
//     lock the phone until the oldest is an hour old. Ten failed sign-ins in 15
//     minutes lock a user name, known or not. A step of the second factor is
//     taken once.
//   - A session that was ended, revoked or whose person is erased is refused from
//     the next request on: there is no cache.
//   - Erase, once it has returned nil, is finished whatever happens to the
//     process (erase.go). The same phone can join again and finds nothing old.
//
// Limits are inclusive (SPINES.md, Due): at exactly 10 minutes a code is good,
// at exactly 12 hours a session.
//
// Facts: org_made, regions_loaded, code_sent, joined, staff_made, token_made, token_revoked, signed_in,
// signed_out, revoked, changed, erasing, erased; sign_in_failed at most once per
// subject and minute. None is derived from a phone: after an erasure nothing in
// the journal answers to a number.
//
// Concurrency: Service is safe for concurrent use once its fields are set.
// Argon2 runs for at most two sign-ins at a time.
//
// Requirements: B9.2.1a (in part: local accounts, second factor, revocation),
// B9.3.1, B7.4.2.1.5 (erasure), B8.3.1 and B8.2.2.9 in part (tokens of machines).
//
// Files: identity.go, org.go, region.go (names: places.go), person.go, code.go,
// password.go, signin.go, staff.go, session.go, token.go, erase.go, facts.go, texts.go,
// http.go.
package identity

import (
	"context"
	"encoding/hex"
	"errors"
	"log/slog"
	"sync/atomic"

	"mingfa/internal/base/blob"
	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/text"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
)

// Service has the verbs of the room. Set the fields, then use it.
type Service struct {
	DB    *db.DB
	Keys  *seal.Keys
	Rules *access.Rules

	// Send takes a one-time code to a phone, after it is on disk. It may be
	// lost: the citizen asks again. app sets it from edge/sms.
	Send func(ctx context.Context, phone, code, language string)
	// Unread counts a person's unread messages for GET /me; app sets it from
	// notify, which stands to the right of this room.
	Unread func(tx *db.Tx, person id.ID) (int, error)
	// Status is a duty lawyer's status for GET /me, "" for others; app sets it
	// from lawyer.
	Status func(tx *db.Tx, person id.ID) (string, error)
	// Holders are the rooms with personal rows; app lists them.
	Holders []Holder
	// Blobs keeps pictures of cards and licences; without it none are taken.
	Blobs *blob.Blobs
	// FieldKnown tells whether a code is a field of law: a list of a room above.
	FieldKnown func(code string) bool
	Log        *slog.Logger // nil: slog.Default

	root    atomic.Pointer[Org] // the operator never changes once it is there
	nearest nearest             // who answers for a region
}

// Holder is a room that holds rows about persons.
type Holder interface {
	// Export gives all it holds about a person, to be written as JSON.
	Export(ctx context.Context, person id.ID) (any, error)
	// Erase takes out what would point to the person (look-up values, search
	// entries). What he said is under his key, which goes anyway.
	Erase(tx *db.Tx, person id.ID) error
}

// PhoneHolder is a Holder with rows about persons who are known by their phone
// only, such as what was imported from another system.
type PhoneHolder interface {
	// ErasePhone takes out what is known under the look-up value of a phone.
	ErasePhone(tx *db.Tx, index string) error
}

// ErrGone says that a person is erased, or has no phone: nobody can be reached.
var ErrGone = errors.New("identity: the person is erased or has no address")

// system acts where nobody is signed in yet.
var system = who.System("identity")

func (s *Service) log() *slog.Logger {
	if s.Log == nil {
		return slog.Default()
	}
	return s.Log
}

// need refuses who may not do verb to something of the organisation at path.
// The program itself (demonstration, command line, due) may.
func (s *Service) need(a who.Actor, verb, path string) error {
	if a.Is(who.SystemRole) {
		return nil
	}
	return s.Rules.Need(a, verb, access.Object{Org: path})
}

// operator is the operator with its key; without it nothing works yet.
func (s *Service) operator(ctx context.Context) (Org, error) {
	o, ok, err := s.Root(ctx)
	if err == nil && !ok {
		err = fault.New(fault.Unavailable, "identity.no_operator")
	}
	return o, err
}

// index is the look-up value of a phone, user name or code, in hex.
func (s *Service) index(ctx context.Context, field, value string) (string, error) {
	root, err := s.operator(ctx)
	if err != nil {
		return "", err
	}
	b, err := s.Keys.Index(ctx, root.Key, field, value)
	return hex.EncodeToString(b), err
}

// phoneIndex reads a phone as a person writes it, and gives its standard form
// and look-up value.
func (s *Service) phoneIndex(ctx context.Context, phone string) (e164, index string, err error) {
	e164, ok := text.Phone(phone)
	if !ok {
		return "", "", fault.Bad(fault.At("phone", "identity.phone_invalid"))
	}
	index, err = s.index(ctx, "phone", e164)
	return e164, index, err
}

// PhoneIndex is the look-up value of a phone number under the operator's key, in
// hex: for limits and look-ups, never to be shown or logged.
func (s *Service) PhoneIndex(ctx context.Context, phone string) (string, error) {
	_, index, err := s.phoneIndex(ctx, phone)
	return index, err
}
