// Package access is the one door to every verb: who may do what to whose things.
//
// The rights stand in one table (rules.go): verb, role, and the condition under
// which that role may. What is not in the table is denied. A Go table serves
// until rights are written by operators; then a policy engine takes its place
// behind the same two functions.
//
// Need answers for one object, List and Visible give the SQL condition for lists; a
// property test holds them together: for random actors and objects, the rows
// that SQL shows are the rows that Need allows. A list is absent for a role that
// never may see anything of it, as a single object is.
//
// A machine (an integrator's program) has the role of that name in the table and,
// besides, only the verbs of the scopes that its token was made for.
//
// A refusal is fault.NotThere, the same as for something that is not there. It
// is noted (Recorder), at most one fact per actor, verb and minute, so that
// nobody can fill the log by knocking.
//
// Requirements: B9.2.1b in part; acceptance "absent and forbidden answer byte for
// byte the same".
package access

import (
	"slices"
	"strings"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/who"
)

// Object is what a verb is about, as far as rights go. Fields that mean nothing
// for it are zero.
type Object struct {
	Org    string // path of the organisation it belongs to
	Owner  id.ID  // the person it is about: the citizen of an order
	Lawyer id.ID  // the lawyer who has it in hand
}

// When is a condition on actor and object.
type When string

// The conditions.
const (
	Always   When = "always"   // the verb has no object, or it does not matter
	Own      When = "own"      // the actor is the owner
	Assigned When = "assigned" // the actor is the lawyer who has it
	Within   When = "within"   // it belongs to the actor's organisation or one below
)

// holds tells whether the condition is true.
func (w When) holds(a who.Actor, o Object) bool {
	switch w {
	case Always:
		return true
	case Own:
		return o.Owner != id.Nil && o.Owner == a.Person
	case Assigned:
		return o.Lawyer != id.Nil && o.Lawyer == a.Person
	case Within:
		return a.Scope != "" && strings.HasPrefix(o.Org, a.Scope)
	}
	return false
}

// Rules is the door. The zero Rules decides and notes nothing.
type Rules struct {
	// Note hears of each refusal. It must not block and must not write in the
	// refused transaction.
	Note func(a who.Actor, verb string)
}

// right is the condition under which the actor may do verb in this role. A
// machine may only what one of its scopes holds.
func right(a who.Actor, role who.Role, verb string) (When, bool) {
	w, ok := table[verb][role]
	if role == who.Machine {
		ok = ok && slices.ContainsFunc(a.Scopes, func(s string) bool { return slices.Contains(scopes[s], verb) })
	}
	return w, ok
}

// May tells whether the actor may do verb to the object.
func (*Rules) May(a who.Actor, verb string, o Object) bool {
	if !a.Known() {
		return false
	}
	for _, role := range a.Roles {
		if w, ok := right(a, role, verb); ok && w.holds(a, o) {
			return true
		}
	}
	return false
}

// Need refuses an actor who may not: nobody is told to sign in, everybody else
// gets what he would get if it were not there.
func (r *Rules) Need(a who.Actor, verb string, o Object) error {
	if r.May(a, verb, o) {
		return nil
	}
	if !a.Known() {
		return fault.New(fault.Unknown, "fault.unknown")
	}
	if r != nil && r.Note != nil {
		r.Note(a, verb)
	}
	return fault.NotThere()
}

// ByOrg tells whether the rows of a list that the actor may see are exactly those
// of his organisation and the ones below: then a list may ask each of them for its
// own rows instead of using Visible.
func (*Rules) ByOrg(a who.Actor, verb string) bool {
	by := false
	for _, role := range a.Roles {
		w, ok := right(a, role, verb)
		if ok && w != Within {
			return false
		}
		by = by || ok
	}
	return by && a.Known() && a.Scope != ""
}

// Columns names the columns of a list's query that hold what Object holds. An
// empty name means that the list has no such column.
type Columns struct{ OrgPath, Owner, Lawyer string }

// List is Visible for a list that is asked for by itself: one who may see nothing of
// its kind, whatever there were, is refused as if the list did not exist. One who
// may see some, and of whom there is nothing, gets an empty list.
func (r *Rules) List(a who.Actor, verb string, c Columns) (cond string, args []any, err error) {
	if err := r.MayList(a, verb); err != nil {
		return "", nil, err
	}
	cond, args = r.Visible(a, verb, c)
	return cond, args, nil
}

// MayList is List's refusal alone.
func (r *Rules) MayList(a who.Actor, verb string) error {
	ever := slices.ContainsFunc(a.Roles, func(role who.Role) bool { _, ok := right(a, role, verb); return ok })
	if ever && a.Known() {
		return nil
	}
	return r.Need(a, verb, Object{})
}

// Visible is the condition under which rows of a list may be seen by the actor:
// SQL with ? placeholders and its arguments.
func (*Rules) Visible(a who.Actor, verb string, c Columns) (cond string, args []any) {
	var any_ []string
	for _, role := range a.Roles {
		w, ok := right(a, role, verb)
		if !ok || !a.Known() {
			continue
		}
		switch {
		case w == Always, w == Within && c.OrgPath != "" && a.Scope == "/": // every path begins with it
			return "1 = 1", nil
		case w == Own && c.Owner != "":
			any_, args = append(any_, c.Owner+" = ?"), append(args, a.Person.String())
		case w == Assigned && c.Lawyer != "":
			any_, args = append(any_, c.Lawyer+" = ?"), append(args, a.Person.String())
		case w == Within && c.OrgPath != "" && a.Scope != "":
			// not LIKE: a path has no wild cards; not < and >: collations differ
			any_, args = append(any_, "substr("+c.OrgPath+", 1, ?) = ?"), append(args, len(a.Scope), a.Scope)
		}
	}
	if len(any_) == 0 {
		return "1 = 0", nil
	}
	return "(" + strings.Join(any_, " OR ") + ")", args
}
