// Package who says who acts.
//
// An Actor is passed as an argument to every verb, never fished out of a
// context. The system itself acts too, under names with the least rights that
// do the work (System); a fact always tells which.
package who

import (
	"crypto/sha256"
	"slices"

	"mingfa/internal/base/id"
)

// Role is what a person is to an organisation. The rights of a role stand in
// core/access and nowhere else.
type Role string

// The roles of the public legal service.
const (
	Citizen    Role = "citizen"       // 群众: asks, reads, rates
	DutyLawyer Role = "lawyer"        // 值班律师: answers
	Operations Role = "operations"    // 运营: watches, assigns, calls back
	Quality    Role = "quality"       // 质检: calls back, inspects
	Bureau     Role = "bureau"        // 司法局: supervises, changes nothing
	Admin      Role = "administrator" // 管理员: people, settings, erasure
	SystemRole Role = "system"        // the program itself
	Machine    Role = "machine"       // 对接系统: an integrator's program, by a token
)

// Actor is the one who acts: a person in a session, a machine with its token
// (Person and Session are then the token), or a named part of the system. The zero Actor is nobody and may do nothing but what is public.
type Actor struct {
	Person  id.ID  // random, the same in every fact of this person
	Org     id.ID  // the organisation for which he acts
	Scope   string // path of Org: he sees this organisation and those below it
	Session id.ID  // the session, Nil for the system
	Roles   []Role // what he is to Org
	Name    string // set for the system only: "due", "journal", "play"

	// Scopes are what a machine's token was made for, as "reports:read"; nobody
	// else has any. core/access says which verbs that are.
	Scopes []string
}

// Is tells whether the actor has the role.
func (a Actor) Is(r Role) bool { return slices.Contains(a.Roles, r) }

// Known tells whether anybody acts at all.
func (a Actor) Known() bool { return a.Person != id.Nil }

// System is the actor for a named part of the program. Its ID is derived from
// the name, so facts of all nodes and all times name the same actor.
func System(name string) Actor {
	h := sha256.Sum256([]byte("mingfa system actor " + name))
	var p id.ID
	copy(p[:], h[:])
	p[6], p[8] = p[6]&0x0f|0x80, p[8]&0x3f|0x80 // version 8: made by us
	return Actor{Person: p, Roles: []Role{SystemRole}, Name: name}
}

// For is the same actor working for another organisation.
func (a Actor) For(org id.ID) Actor { a.Org = org; return a }
