package lawyer

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/seal/sealtest"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
)

type room struct {
	*Service
	t      *testing.T
	org    id.ID
	key    id.ID
	people map[string]id.ID
}

func open(t *testing.T, d *db.DB) *room {
	keys := sealtest.New(t)
	s := &Service{DB: d, Keys: keys, Rules: &access.Rules{}}
	r := &room{Service: s, t: t, org: id.New(), people: map[string]id.ID{}}
	r.key = sealtest.Key(t, keys, seal.Org, id.Nil)
	return r
}

// add makes a lawyer by a short line: "online area=labour region=340102 language=en".
func (r *room) add(name, line string) {
	r.t.Helper()
	n := New{Person: id.New(), Org: r.org, Path: "/a/", Name: name, Phone: "13800138000", Nickname: name, Firm: "明法律师事务所",
		Areas: []string{"labour"}, Regions: []string{"340000"}, Languages: []string{"zh-Hans"}}
	n.Key = sealtest.Key(r.t, r.Keys, seal.Person, r.key)
	for i, word := range strings.Fields(line) {
		k, v, _ := strings.Cut(word, "=")
		switch {
		case i == 0:
			n.Status = Status(k)
		case k == "area":
			n.Areas = strings.Split(v, ",")
		case k == "region":
			n.Regions = strings.Split(v, ",")
		case k == "language":
			n.Languages = strings.Split(v, ",")
		case k == "path":
			n.Path = v
		}
	}
	if err := r.Add(r.t.Context(), who.System("test"), n); err != nil {
		r.t.Fatal(err)
	}
	r.people[name] = n.Person
}

func (r *room) name(person id.ID) string {
	for n, p := range r.people {
		if p == person {
			return n
		}
	}
	return ""
}

func (r *room) do(fn func(tx *db.Tx) error) {
	r.t.Helper()
	if err := r.DB.Do(r.t.Context(), who.System("test"), fn); err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) match(w Want) (string, Reason) {
	r.t.Helper()
	var c Candidate
	var why Reason
	err := r.DB.View(r.t.Context(), who.System("test"), func(tx *db.Tx) (err error) {
		c, why, err = Match(tx, w)
		return err
	})
	if errors.Is(err, ErrNobody) {
		return "nobody", why
	}
	if err != nil {
		r.t.Fatal(err)
	}
	if c.Org != r.org {
		r.t.Errorf("organisation %s", c.Org)
	}
	return r.name(c.ID), why
}

type matchCase struct {
	lawyers []string // "name: line"
	before  func(r *room, tx *db.Tx) error
	not     []string
	who     string
	stage   Stage
}

// req: B5.2.2 matching by area, region, language, load and rating, and the
// reason.
func TestMatch(t *testing.T) {
	cases := map[string]matchCase{
		"area and region fit": {
			lawyers: []string{"A: online area=family", "B: online", "C: online region=110000"}, who: "B", stage: Whole},
		"the county itself": {
			lawyers: []string{"A: online region=340102", "B: online region=340103"}, who: "A", stage: Whole},
		"its city": {
			lawyers: []string{"A: online region=340100", "B: online region=340200"}, who: "A", stage: Whole},
		"any area, any region": {
			lawyers: []string{"A: online area=* region=*"}, who: "A", stage: Whole},
		"the region is given up first": {
			lawyers: []string{"A: online area=family", "B: online region=110000"}, who: "B", stage: AnyRegion},
		"then the area": {
			lawyers: []string{"A: online area=family", "B: away"}, who: "A", stage: AnyArea},
		"the language never": {
			lawyers: []string{"A: online language=en"}, who: "nobody"},
		"away gets none": {
			lawyers: []string{"A: away"}, who: "nobody"},
		"nobody at all": {who: "nobody"},
		"online before busy, even elsewhere": {
			lawyers: []string{"A: busy", "B: online area=family region=110000"}, who: "B", stage: AnyArea},
		"busy if there is nobody else": {
			lawyers: []string{"A: busy", "B: away"}, who: "A", stage: Whole},
		"the lowest load": {
			lawyers: []string{"A: online", "B: online", "C: online"},
			before: func(r *room, tx *db.Tx) error {
				return errors.Join(Taken(tx, r.people["A"]), Taken(tx, r.people["A"]), Freed(tx, r.people["A"]), Taken(tx, r.people["B"]))
			},
			who: "C", stage: Whole},
		"a poor rating comes later": {
			lawyers: []string{"A: online", "B: online"},
			before: func(r *room, tx *db.Tx) error {
				for i := range 5 {
					if err := Rated(tx, r.people["A"], 5-i%2*3, i%2 == 0); err != nil {
						return err
					}
				}
				return errors.Join(Taken(tx, r.people["B"]), Freed(tx, r.people["B"])) // B worked last
			},
			who: "B", stage: Whole},
		"four ratings say nothing yet": {
			lawyers: []string{"A: online", "B: online"},
			before: func(r *room, tx *db.Tx) error {
				for range 4 {
					if err := Rated(tx, r.people["A"], 1, false); err != nil {
						return err
					}
				}
				return errors.Join(Taken(tx, r.people["B"]), Freed(tx, r.people["B"]))
			},
			who: "A", stage: Whole},
		"the longest idle": {
			lawyers: []string{"A: online", "B: online"},
			before: func(r *room, tx *db.Tx) error {
				return errors.Join(Taken(tx, r.people["A"]), Freed(tx, r.people["A"]))
			},
			who: "B", stage: Whole},
		"who passed it on is left out": {
			lawyers: []string{"A: online", "B: online area=family"}, not: []string{"A"}, who: "B", stage: AnyArea},
		"all passed it on": {
			lawyers: []string{"A: online", "B: online"}, not: []string{"A", "B"}, who: "nobody"},
	}
	dbtest.EachAt(t, dbtest.Clock(t), func(t *testing.T, d *db.DB) {
		r := open(t, d)
		for name, c := range cases {
			r.t = t
			t.Run(name, func(t *testing.T) { r.try(t, c) })
		}
	})
}

// try runs one case on a room without lawyers.
func (r *room) try(t *testing.T, c matchCase) {
	r.t, r.people = t, map[string]id.ID{}
	r.do(func(tx *db.Tx) error {
		_, err := tx.Exec(`DELETE FROM lawyer_profile`)
		return err
	})
	for _, l := range c.lawyers {
		n, line, _ := strings.Cut(l, ": ")
		r.add(n, line)
	}
	if c.before != nil {
		r.do(func(tx *db.Tx) error { return c.before(r, tx) })
	}
	w := Want{Area: "labour", Region: "340102", Language: "zh-Hans"}
	for _, n := range c.not {
		w.Not = append(w.Not, r.people[n])
	}
	got, why := r.match(w)
	if got != c.who || why.Stage != c.stage {
		t.Fatalf("%s, %+v; want %s at %s", got, why, c.who, c.stage)
	}
	if again, same := r.match(w); again != got || same != why {
		t.Errorf("asked again: %s, %+v", again, same)
	}
	if got != "nobody" && why.PassedBy != len(c.not) {
		t.Errorf("reason %+v", why)
	}
}

func TestCounters(t *testing.T) {
	clock := dbtest.Clock(t)
	dbtest.EachAt(t, clock, func(t *testing.T, d *db.DB) {
		r := open(t, d)
		r.add("A", "online")
		r.do(func(tx *db.Tx) error { return errors.Join(Taken(tx, r.people["A"]), Rated(tx, r.people["A"], 4, true)) })
		clock.Add(90 * time.Second)
		_, why := r.match(Want{Area: "labour", Region: "340102", Language: "zh-Hans"})
		if why.Load != 1 || why.Rated != 1 || why.Satisfied != 1 || why.IdleMs != 90_000 || why.Status != Online {
			t.Errorf("reason %+v", why)
		}
		for name, fn := range map[string]func(tx *db.Tx) error{
			"below zero": func(tx *db.Tx) error { return errors.Join(Freed(tx, r.people["A"]), Freed(tx, r.people["A"])) },
			"a stranger": func(tx *db.Tx) error { return Taken(tx, id.New()) },
		} {
			if err := d.Do(t.Context(), who.System("test"), fn); !fault.Is(err, fault.Conflict) {
				t.Errorf("%s: %v", name, err)
			}
		}
		r.do(func(tx *db.Tx) error {
			c, why, err := Pick(tx, r.people["A"])
			if c.ID != r.people["A"] || why.Stage != Chosen || why.Load != 1 {
				t.Errorf("%v %+v", c, why)
			}
			if _, _, err := Pick(tx, id.New()); !fault.Is(err, fault.Absent) {
				t.Errorf("a stranger was picked: %v", err)
			}
			return err
		})
	})
}

func TestSetStatus(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := open(t, d)
		r.add("A", "away")
		me := who.Actor{Person: r.people["A"], Org: r.org, Scope: "/a/", Roles: []who.Role{who.DutyLawyer}}
		for _, s := range []Status{Online, Online, Busy} {
			if err := r.SetStatus(t.Context(), me, s); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.SetStatus(t.Context(), me, "asleep"); !fault.Is(err, fault.Invalid) {
			t.Errorf("asleep: %v", err)
		}
		if err := r.SetStatus(t.Context(), who.Actor{Person: id.New(), Roles: []who.Role{who.DutyLawyer}}, Online); !fault.Is(err, fault.Absent) {
			t.Errorf("a stranger: %v", err)
		}
		var facts, rev int
		r.do(func(tx *db.Tx) error {
			p, err := load(tx, me.Person)
			rev = int(p.Rev)
			return errors.Join(err, tx.Row(`SELECT count(*) FROM journal_fact WHERE subject = ?`, subject(me.Person).String()).Scan(&facts))
		})
		if facts != 3 || rev != 3 { // added, online, busy
			t.Errorf("%d facts, rev %d", facts, rev)
		}
		r.do(func(tx *db.Tx) error { return Erase(tx, me.Person) })
		r.do(func(tx *db.Tx) error {
			p, err := load(tx, me.Person)
			if p.Status != Away || p.Nickname != "" || p.Rev != 4 {
				t.Errorf("after erasure %+v", p)
			}
			return err
		})
	})
}

func TestList(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := open(t, d)
		r.add("甲", "online area=labour,family language=zh-Hans,en")
		r.add("乙", "busy path=/a/b/")
		r.add("丙", "away path=/c/")
		list, err := r.List(t.Context(), who.Actor{Person: id.New(), Scope: "/a/", Roles: []who.Role{who.Operations}})
		if err != nil || len(list) != 2 {
			t.Fatalf("%+v, %v", list, err)
		}
		for _, l := range list {
			if l.Name != r.name(l.ID) || l.Firm != "明法律师事务所" || len(l.Regions) != 1 {
				t.Errorf("%+v", l)
			}
		}
		if out := listed(list); len(out.Body.Items) != 2 || out.Body.Items[0].Rating != nil {
			t.Errorf("%+v", out.Body)
		}
		for _, stranger := range []who.Actor{
			{Person: id.New(), Scope: "/", Roles: []who.Role{who.Citizen}},
			{Person: r.people["甲"], Scope: "/a/", Roles: []who.Role{who.DutyLawyer}},
		} {
			if _, err := r.List(t.Context(), stranger); !fault.Is(err, fault.Absent) {
				t.Errorf("%v: %v", stranger.Roles, err)
			}
			if err := r.SetStatus(t.Context(), who.Actor{Person: id.New(), Roles: []who.Role{who.Citizen}}, Online); !fault.Is(err, fault.Absent) {
				t.Errorf("a citizen set a status: %v", err)
			}
		}
		err = d.View(t.Context(), who.System("test"), func(tx *db.Tx) error {
			cards, err := r.Cards(t.Context(), tx, r.people["甲"], id.New(), id.Nil)
			if len(cards) != 1 || cards[r.people["甲"]].Name != "甲" {
				t.Errorf("%+v", cards)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// req: BB.20201, BB.20202, BB.20203, BB.20206, BB.20209
func TestNewLawyer(t *testing.T) {
	good := New{Person: id.New(), Name: "张律师", Phone: "91234567", Nickname: "张", Firm: "所", Areas: []string{"labour"}, Regions: []string{"810000"}, Languages: []string{"zh-Hant-HK"}}
	long := func(n int) string { return strings.Repeat("律", n) }
	for name, c := range map[string]struct {
		change func(n *New)
		field  string
	}{
		"good":             {func(*New) {}, ""},
		"name 32":          {func(n *New) { n.Name = long(32) }, ""},
		"name 33":          {func(n *New) { n.Name = long(33) }, "name"},
		"no name":          {func(n *New) { n.Name = " " }, "name"},
		"control in name":  {func(n *New) { n.Name = "a\x00" }, "name"},
		"nickname 32":      {func(n *New) { n.Nickname = long(32) }, ""},
		"nickname 33":      {func(n *New) { n.Nickname = long(33) }, "nickname"},
		"firm 128":         {func(n *New) { n.Firm = long(128) }, ""},
		"firm 129":         {func(n *New) { n.Firm = long(129) }, "firm"},
		"phone 21":         {func(n *New) { n.Phone = "+86 138 - 0013 - 8000" }, "phone"},
		"phone 20":         {func(n *New) { n.Phone = "+86  138  0013  8000" }, ""},
		"no phone number":  {func(n *New) { n.Phone = "123" }, "phone"},
		"area":             {func(n *New) { n.Areas = []string{"Labour!"} }, "areas"},
		"no area":          {func(n *New) { n.Areas = nil }, "areas"},
		"region":           {func(n *New) { n.Regions = []string{"34"} }, "regions"},
		"language":         {func(n *New) { n.Languages = []string{"fr"} }, "languages"},
		"status":           {func(n *New) { n.Status = "asleep" }, "status"},
		"too many regions": {func(n *New) { n.Regions = make([]string, 501) }, "regions"},
	} {
		t.Run(name, func(t *testing.T) {
			n := good
			c.change(&n)
			got, err := n.check()
			f, bad := errors.AsType[*fault.Fault](err)
			switch {
			case c.field == "" && (err != nil || got.Status != Away || got.Phone[0] != '+'):
				t.Errorf("%+v, %v", got, err)
			case c.field != "" && (!bad || len(f.Fields) != 1 || f.Fields[0].Path != c.field || !say.Has(f.Fields[0].Key)):
				t.Errorf("%+v", err)
			}
		})
	}
}

func TestTexts(t *testing.T) {
	for _, line := range append(say.Problems(), journal.Problems()...) {
		t.Error(line)
	}
	for _, s := range []Stage{Whole, AnyRegion, AnyArea, Chosen} {
		for _, lang := range say.Languages {
			if got := (Reason{Stage: s, Load: 2}).Text(lang); strings.Contains(got, "{") || strings.Contains(got, "match_") {
				t.Errorf("%s: %s", lang, got)
			}
		}
	}
}

func BenchmarkMatch(b *testing.B) {
	t := &testing.T{}
	d, err := db.Open(b.Context(), "sqlite:"+b.TempDir()+"/x.db", db.Options{Migrate: true})
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	keys := sealtest.New(b)
	r := &room{Service: &Service{DB: d, Keys: keys}, t: t, org: id.New(), people: map[string]id.ID{}}
	key := sealtest.Key(b, keys, seal.Org, id.Nil)
	for i := range 200 {
		n := New{Person: id.New(), Org: r.org, Path: "/", Key: sealtest.Key(b, keys, seal.Person, key), Name: "a", Nickname: "a", Firm: "f", Status: Online,
			Areas: []string{fmt.Sprintf("area_%c", 'a'+i%20)}, Regions: []string{fmt.Sprint(110000 + i%30*10000)}, Languages: []string{"zh-Hans"}}
		if err := r.Add(b.Context(), who.System("test"), n); err != nil {
			b.Fatal(err)
		}
	}
	err = d.View(b.Context(), who.System("test"), func(tx *db.Tx) error {
		for b.Loop() {
			if _, _, err := Match(tx, Want{Area: "area_c", Region: "130102", Language: "zh-Hans"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}
