package access

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"testing"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/who"
)

var roles = []who.Role{who.Citizen, who.DutyLawyer, who.Operations, who.Quality, who.Bureau, who.Admin, who.Machine}

func TestTheTableDeniesByDefault(t *testing.T) {
	r := &Rules{}
	for _, role := range roles {
		a := who.Actor{Person: id.New(), Scope: "/", Roles: []who.Role{role}}
		if r.May(a, "order.burn", Object{Org: "/", Owner: a.Person, Lawyer: a.Person}) {
			t.Errorf("%s may do a verb that nobody wrote down", role)
		}
	}
	for _, verb := range Verbs() {
		if r.May(who.Actor{}, verb, Object{Org: "/"}) {
			t.Errorf("nobody may %s", verb)
		}
	}
}

func TestNeedAnswersForbiddenLikeAbsent(t *testing.T) {
	noted := 0
	r := &Rules{Note: func(who.Actor, string) { noted++ }}
	citizen := who.Actor{Person: id.New(), Roles: []who.Role{who.Citizen}}
	err := r.Need(citizen, "order.see", Object{Org: "/a/", Owner: id.New()})
	if fmt.Sprint(err) != fmt.Sprint(fault.NotThere()) || noted != 1 {
		t.Errorf("got %v, noted %d", err, noted)
	}
	if err := r.Need(who.Actor{}, "order.see", Object{}); !fault.Is(err, fault.Unknown) {
		t.Errorf("nobody got %v", err)
	}
	if err := r.Need(citizen, "order.see", Object{Owner: citizen.Person}); err != nil {
		t.Error(err)
	}
}

// Each verb with each scope: a machine may what its scope names, and nothing else.
// req: B8.2.2.9
func TestMachinesHaveTheirScopesOnly(t *testing.T) {
	r := &Rules{}
	granted := map[string]bool{}
	for _, scope := range Scopes() {
		a := who.Actor{Person: id.New(), Scope: "/a/", Roles: []who.Role{who.Machine}, Scopes: []string{scope}}
		for _, verb := range Verbs() {
			want := slices.Contains(scopes[scope], verb)
			granted[verb] = granted[verb] || want
			if got := r.May(a, verb, Object{Org: "/a/b/"}); got != want {
				t.Errorf("%s with %s: %v", verb, scope, got)
			}
			if w := table[verb][who.Machine]; w != Always && r.May(a, verb, Object{Org: "/b/", Owner: a.Person, Lawyer: a.Person}) {
				t.Errorf("%s with %s reaches another organisation", verb, scope)
			}
		}
	}
	for _, verb := range Verbs() {
		if _, may := table[verb][who.Machine]; may != granted[verb] {
			t.Errorf("%s is for machines, but in no scope, or the other way round", verb)
		}
		if r.May(who.Actor{Person: id.New(), Scope: "/", Roles: []who.Role{who.Machine}}, verb, Object{Org: "/a/"}) {
			t.Errorf("a machine without scopes may %s", verb)
		}
		if r.May(who.Actor{Person: id.New(), Scope: "/", Roles: []who.Role{who.Citizen}, Scopes: Scopes()}, verb, Object{Org: "/a/"}) && table[verb][who.Citizen] != Always {
			t.Errorf("scopes help a citizen to %s", verb)
		}
	}
}

// A list is absent for a role that never may see anything of it, and empty for one
// that may, when there is nothing.
func TestAListIsAbsentForWhoNeverMay(t *testing.T) {
	r := &Rules{}
	c := Columns{"path", "owner", "lawyer"}
	for _, verb := range Verbs() {
		for _, role := range roles {
			a := who.Actor{Person: id.New(), Scope: "/a/", Roles: []who.Role{role}, Scopes: Scopes()}
			_, may := table[verb][role]
			cond, _, err := r.List(a, verb, c)
			if may && (err != nil || cond == "1 = 0") || !may && (cond != "" || !fault.Is(err, fault.Absent)) {
				t.Errorf("%s of %s: %q, %v", verb, role, cond, err)
			}
		}
		if _, _, err := r.List(who.Actor{}, verb, c); !fault.Is(err, fault.Unknown) {
			t.Errorf("%s of nobody: %v", verb, err)
		}
	}
}

func TestScopeIsByPathNotByPrefixOfAName(t *testing.T) {
	r := &Rules{}
	op := who.Actor{Person: id.New(), Scope: "/gd/sz/", Roles: []who.Role{who.Operations}}
	for path, want := range map[string]bool{"/gd/sz/": true, "/gd/sz/ft/": true, "/gd/": false, "/gd/szx/": false, "/": false, "": false} {
		if r.May(op, "order.see", Object{Org: path}) != want {
			t.Errorf("path %q: want %v", path, want)
		}
	}
}

// For random actors and objects, what SQL shows is what Need allows.
func TestListsShowWhatNeedAllows(t *testing.T) {
	paths := []string{"/", "/a/", "/a/b/", "/a/bc/", "/a/b/c/", "/b/", "/ab/"}
	rng := rand.New(rand.NewPCG(1, 2))
	people := []id.ID{id.New(), id.New(), id.New()}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		type row struct {
			n int
			o Object
		}
		var all []row
		err := d.Do(context.Background(), who.System("test"), func(tx *db.Tx) error {
			if _, err := tx.Exec("CREATE TABLE thing (n BIGINT, path TEXT, owner UUID, lawyer UUID)"); err != nil {
				return err
			}
			for n := range 200 {
				o := Object{paths[rng.IntN(len(paths))], people[rng.IntN(3)], people[rng.IntN(3)]}
				all = append(all, row{n, o})
				if _, err := tx.Exec("INSERT INTO thing VALUES (?, ?, ?, ?)", n, o.Org, o.Owner.String(), o.Lawyer.String()); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		r := &Rules{}
		for range 300 {
			a := who.Actor{Person: people[rng.IntN(3)], Scope: paths[rng.IntN(len(paths))]}
			for _, role := range roles {
				if rng.IntN(3) == 0 {
					a.Roles = append(a.Roles, role)
				}
			}
			for _, scope := range Scopes() {
				if rng.IntN(2) == 0 {
					a.Scopes = append(a.Scopes, scope)
				}
			}
			verb := Verbs()[rng.IntN(len(Verbs()))]
			shown := map[int]bool{}
			cond, args, err := r.List(a, verb, Columns{"path", "owner", "lawyer"})
			if never := !slices.ContainsFunc(all, func(x row) bool { return r.May(a, verb, x.o) }); err != nil {
				if !never || fmt.Sprint(err) != fmt.Sprint(fault.NotThere()) {
					t.Fatalf("%v %s: %v, and some may be seen", a.Roles, verb, err)
				}
				continue
			}
			err = d.View(context.Background(), a, func(tx *db.Tx) error {
				rows, err := tx.Rows("SELECT n FROM thing WHERE "+cond, args...)
				if err != nil {
					return err
				}
				defer rows.Close()
				for rows.Next() {
					var n int
					if err := rows.Scan(&n); err != nil {
						return err
					}
					shown[n] = true
				}
				return rows.Err()
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range all {
				if want := r.May(a, verb, x.o); shown[x.n] != want {
					t.Fatalf("%v %s %v: SQL shows %v, Need allows %v", a.Roles, verb, x.o, shown[x.n], want)
				}
			}
		}
	})
}

func TestRefusalsAreOneFactAMinute(t *testing.T) {
	clock := dbtest.Clock(t)
	dbtest.EachAt(t, clock, func(t *testing.T, d *db.DB) {
		rec := NewRecorder(d, slog.Default())
		a := who.Actor{Person: id.New(), Org: id.New(), Roles: []who.Role{who.Citizen}}
		for range 50 {
			rec.Note(a, "order.see")
		}
		rec.Note(a, "order.answer")
		rec.Close()
		n := 0
		err := d.View(context.Background(), a, func(tx *db.Tx) error {
			return tx.Row("SELECT count(*) FROM journal_fact WHERE kind = 'access.refused'").Scan(&n)
		})
		if err != nil || n != 2 {
			t.Errorf("%d facts, %v; want one for each verb", n, err)
		}
		for _, p := range journal.Problems() {
			t.Error(p)
		}
	})
}
