package lawyer

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"io"
	"strings"
	"testing"

	"mingfa/internal/base/blob"
	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/element"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/who"
	"mingfa/internal/core/identity"
)

// people is a room whose lawyers are persons.
func people(t *testing.T, d *db.DB) (r *room, org identity.Org, hire func(user string) who.Actor) {
	r = open(t, d)
	store, err := blob.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	r.AreaKnown = func(code string) bool { return code == "labour" || code == "family" }
	r.People = &identity.Service{DB: d, Keys: r.Keys, Rules: r.Rules, Blobs: blob.New(r.Keys, store), FieldKnown: r.AreaKnown}
	if org, err = r.People.MakeOrg(t.Context(), who.System("test"), identity.NewOrg{Level: identity.Operator, Name: "运营中心"}); err != nil {
		t.Fatal(err)
	}
	return r, org, func(user string) who.Actor {
		person, key, err := r.People.MakeStaff(t.Context(), who.System("test"), identity.NewStaff{Org: org.ID, User: user, Name: "李律师",
			Password: "a long password", TOTPSecret: "JBSWY3DPEHPK3PXPJBSWY3DP", Roles: []who.Role{who.DutyLawyer}})
		if err != nil {
			t.Fatal(err)
		}
		err = r.Add(t.Context(), who.System("test"), New{Person: person, Key: key, Org: org.ID, Path: org.Path, Name: "李律师", Phone: "13800138000", Nickname: user,
			Firm: "甲所", Areas: []string{"labour"}, Regions: []string{"440000"}, Languages: []string{"zh-Hans"}, Status: Online})
		if err != nil {
			t.Fatal(err)
		}
		return who.Actor{Person: person, Org: org.ID, Scope: org.Path, Roles: []who.Role{who.DutyLawyer}}
	}
}

// A lawyer says what he does; by it he is found from then on.
//
// req: BB.20206, BB.20207, BB.20209, B5.2.2
func TestPractice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r, _, hire := people(t, d)
		a := hire("li")
		good := Practice{Firm: " 乙所 ", Areas: []string{"labour", "family", "labour"}, Regions: []string{"440000", "*"}, Languages: []string{"zh-Hans", "en"}}
		p, err := r.ChangePractice(t.Context(), a, good)
		if err != nil || p.Firm != "乙所" || strings.Join(p.Areas, " ") != "family labour" || strings.Join(p.Regions, " ") != "*" || p.Rev != 2 {
			t.Fatalf("%+v, %v", p, err)
		}
		if again, err := r.ChangePractice(t.Context(), a, good); err != nil || again.Rev != 2 {
			t.Errorf("the same again: %+v, %v", again, err)
		}
		if mine, err := r.Mine(t.Context(), a); err != nil || mine.Firm != "乙所" || mine.Nickname != "li" {
			t.Errorf("mine: %+v, %v", mine, err)
		}
		r.do(func(tx *db.Tx) error {
			c, _, err := Match(tx, Want{Area: "family", Region: "330000", Language: "en"})
			if err != nil || c.ID != a.Person {
				t.Errorf("he is not found by what he does: %v", err)
			}
			return nil
		})
		for key, change := range map[string]func(*Practice){
			"fault.field_required": func(x *Practice) { x.Firm = " " },
			"fault.too_long":       func(x *Practice) { x.Firm = strings.Repeat("所", MaxFirm+1) },
			"element.field":        func(x *Practice) { x.Areas = []string{"astrology"} },
			"element.region":       func(x *Practice) { x.Regions = []string{"999999"} },
			"fault.field_choice":   func(x *Practice) { x.Languages = []string{"fr"} },
		} {
			x := good
			change(&x)
			if _, err := r.ChangePractice(t.Context(), a, x); !fault.Is(err, fault.Invalid) || !strings.Contains(keys(err), key) {
				t.Errorf("%s: %v", key, err)
			}
		}
		for _, role := range []who.Role{who.Operations, who.Citizen, who.Admin} {
			b := a
			b.Roles = []who.Role{role}
			if _, err := r.ChangePractice(t.Context(), b, good); !fault.Is(err, fault.Absent) {
				t.Errorf("%s: %v", role, err)
			}
		}
	})
}

// keys is a fault with its fields.
func keys(err error) string {
	var out strings.Builder
	var x *fault.Fault
	if !errors.As(err, &x) {
		return ""
	}
	for _, f := range x.Fields {
		out.WriteString(f.Key + " ")
	}
	return out.String()
}

// Operations see the whole card, numbers masked, and its pictures; that they looked
// is a fact. Others find nothing.
//
// req: BB.20201, BB.20202, BB.20205, BB.20303, BB.20304, BB.20305, BB.20307
func TestOperationsSeeTheCard(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r, org, hire := people(t, d)
		a := hire("li")
		var shot bytes.Buffer
		if err := png.Encode(&shot, image.NewGray(image.Rect(0, 0, 9, 9))); err != nil {
			t.Fatal(err)
		}
		keep := func() id.ID {
			i, err := r.People.KeepPicture(t.Context(), a, bytes.NewReader(shot.Bytes()))
			if err != nil {
				t.Fatal(err)
			}
			return i
		}
		shown, unused := keep(), keep()
		_, err := r.People.Describe(t.Context(), a, element.Row{"20303": "11010519491231002x", "20305": "14403201810012345", "20205": "li@example.com", "20307": shown.String()})
		if err != nil {
			t.Fatal(err)
		}
		ops := who.Actor{Person: id.New(), Org: org.ID, Scope: org.Path, Roles: []who.Role{who.Operations}}
		w, err := r.SeeCard(t.Context(), ops, a.Person)
		if err != nil || w.Name != "李律师" || w.Phone == "" || w.Described.Values["20305"] != "14403201810012345" || len(w.Described.Missing) == 0 {
			t.Fatalf("%+v, %v", w, err)
		}
		for _, c := range []string{"20303", "20205"} {
			if v := w.Described.Values[c]; !strings.Contains(v, "****") || strings.Contains(v, "19491231") || strings.Contains(v, "example") {
				t.Errorf("%s is shown as %s", c, v)
			}
		}
		f, err := r.SeePicture(t.Context(), ops, a.Person, shown)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(f.Content)
		f.Content.Close()
		if err != nil || !bytes.Equal(got, shot.Bytes()) || f.Kind != blob.PNG {
			t.Errorf("the picture is another: %v", err)
		}
		absent := func(what string, err error) {
			if !fault.Is(err, fault.Absent) {
				t.Errorf("%s: %v", what, err)
			}
		}
		_, err = r.SeePicture(t.Context(), ops, a.Person, unused)
		absent("a picture that is not on the card", err)
		_, err = r.SeeCard(t.Context(), ops, id.New())
		absent("nobody's card", err)
		elsewhere := ops
		elsewhere.Scope = "/elsewhere/"
		for name, b := range map[string]who.Actor{"himself": a, "elsewhere": elsewhere, "bureau": {Person: id.New(), Scope: org.Path, Roles: []who.Role{who.Bureau}},
			"admin": {Person: id.New(), Scope: org.Path, Roles: []who.Role{who.Admin}}, "citizen": {Person: id.New(), Roles: []who.Role{who.Citizen}}} {
			_, err := r.SeeCard(t.Context(), b, a.Person)
			absent(name, err)
			_, err = r.SeePicture(t.Context(), b, a.Person, shown)
			absent(name, err)
		}
		if _, err := r.SeeCard(t.Context(), ops, a.Person); err != nil { // within five minutes: no second fact
			t.Error(err)
		}
		var n int
		r.do(func(tx *db.Tx) error {
			return tx.Row("SELECT count(*) FROM journal_fact WHERE kind = 'lawyer.card_opened'").Scan(&n)
		})
		if n != 2 {
			t.Errorf("%d openings are noted", n)
		}
		for _, p := range journal.Problems() {
			t.Error(p)
		}
		r.do(func(tx *db.Tx) error { return Erase(tx, a.Person) })
		_, err = r.SeeCard(t.Context(), ops, a.Person)
		absent("an erased lawyer", err)
	})
}
