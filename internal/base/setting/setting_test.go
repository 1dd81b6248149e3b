package setting

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
	"mingfa/internal/base/who"
)

type limits struct {
	Minutes int      `json:"minutes"`
	Words   []string `json:"words,omitempty"`
}

var testKey = Define("setting.test", limits{Minutes: 120}, func(l limits) error {
	if l.Minutes < 1 {
		return fault.Bad(fault.At("minutes", "fault.field_range").With("min", 1).With("max", 999))
	}
	return nil
})

var (
	operator = Owner{id.New(), "/"}
	province = Owner{id.New(), "/340000/"}
	city     = Owner{id.New(), "/340000/340100/"}
	county   = Owner{id.New(), "/340000/340100/340102/"}
	other    = Owner{id.New(), "/340000/3401/"}
	admin    = who.System("test")
)

func do(t *testing.T, d *db.DB, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Do(context.Background(), admin, fn); err != nil {
		t.Fatal(err)
	}
}

func in(t *testing.T, d *db.DB, path string, at time.Time) int {
	t.Helper()
	var l limits
	err := d.View(context.Background(), admin, func(tx *db.Tx) (err error) {
		l, err = Get(tx, testKey, path, at)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return l.Minutes
}

func set(t *testing.T, d *db.DB, o Owner, minutes int, from time.Time) (v Value[limits]) {
	t.Helper()
	do(t, d, func(tx *db.Tx) (err error) {
		v, err = Set(tx, testKey, o, limits{Minutes: minutes}, from)
		return err
	})
	return v
}

// req: B5.2.4 one back office for province, city and county, each with its own
// settings or those of the level above.
func TestInheritance(t *testing.T) {
	clock := dbtest.Clock(t)
	dbtest.EachAt(t, clock, func(t *testing.T, d *db.DB) {
		now := d.Now()
		want := func(o Owner, at time.Time, minutes int) {
			t.Helper()
			if got := in(t, d, o.Path, at); got != minutes {
				t.Errorf("%s at %s: %d, want %d", o.Path, at, got, minutes)
			}
		}
		want(county, now, 120)
		set(t, d, operator, 100, time.Time{})
		set(t, d, city, 80, now.Add(time.Hour))
		now = d.Now()
		want(operator, now, 100)
		want(county, now, 100)
		want(county, now.Add(time.Hour-time.Millisecond), 100)
		want(county, now.Add(time.Hour), 80)
		want(city, now.Add(time.Hour), 80)
		want(other, now.Add(time.Hour), 100) // "/340000/3401/" is no part of "/340000/340100/"
		want(province, now.Add(time.Hour), 100)
		want(Owner{Path: "/340000/340100"}, now.Add(time.Hour), 80) // without the last slash
		want(county, now.Add(-time.Hour), 120)                      // before anybody set anything
		set(t, d, county, 60, now.Add(2*time.Hour))
		want(county, now.Add(2*time.Hour), 60)
		do(t, d, func(tx *db.Tx) error {
			_, err := Clear(tx, testKey, city, now.Add(3*time.Hour))
			return err
		})
		want(city, now.Add(3*time.Hour), 100)
		want(city, now.Add(2*time.Hour), 80)
		want(county, now.Add(3*time.Hour), 60)
	})
}

func TestVersions(t *testing.T) {
	dbtest.EachAt(t, dbtest.Clock(t), func(t *testing.T, d *db.DB) {
		now := d.Now()
		set(t, d, city, 10, now.Add(time.Hour))
		set(t, d, city, 20, now)
		last := set(t, d, city, 30, now.Add(time.Hour))
		if last.Version != 3 {
			t.Errorf("version %d", last.Version)
		}
		if got := in(t, d, county.Path, now); got != 20 {
			t.Errorf("now %d: a later decision for now is hidden", got)
		}
		if got := in(t, d, county.Path, now.Add(time.Hour)); got != 30 {
			t.Errorf("then %d: of two from the same instant the newer counts", got)
		}
		err := d.View(context.Background(), admin, func(tx *db.Tx) error {
			list, err := History(tx, testKey, city.Org)
			if err != nil {
				return err
			}
			if len(list) != 3 || list[0].Value.Minutes != 30 || list[2].Value.Minutes != 10 || list[0].By != admin.Person {
				t.Errorf("history %+v", list)
			}
			one, err := Exact(tx, testKey, city.Org, 1)
			if err != nil || one.Value.Minutes != 10 {
				t.Errorf("version 1: %+v, %v", one, err)
			}
			zero, err := Exact(tx, testKey, city.Org, 0)
			if err != nil || zero.Value.Minutes != 120 {
				t.Errorf("version 0: %+v, %v", zero, err)
			}
			if _, err = Exact(tx, testKey, city.Org, 4); !fault.Is(err, fault.Absent) {
				t.Errorf("version 4: %v", err)
			}
			found, err := Find(tx, testKey, county.Path, now)
			if found.Version != 2 || found.Org != city.Org || found.Path != city.Path || !found.From.Equal(now) {
				t.Errorf("found %+v", found)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestRefusals(t *testing.T) {
	dbtest.EachAt(t, dbtest.Clock(t), func(t *testing.T, d *db.DB) {
		for name, fn := range map[string]func(tx *db.Tx) error{
			"its check": func(tx *db.Tx) error { _, err := Set(tx, testKey, city, limits{}, time.Time{}); return err },
			"the past": func(tx *db.Tx) error {
				_, err := Set(tx, testKey, city, limits{Minutes: 1}, tx.Now().Add(-time.Millisecond))
				return err
			},
			"clearing in the past": func(tx *db.Tx) error {
				_, err := Clear(tx, testKey, city, tx.Now().Add(-time.Hour))
				return err
			},
		} {
			err := d.Do(context.Background(), admin, fn)
			f, ok := errors.AsType[*fault.Fault](err)
			if !ok || f.Kind != fault.Invalid || len(f.Fields) != 1 || !say.Has(f.Fields[0].Key) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if got := in(t, d, city.Path, d.Now()); got != 120 {
			t.Errorf("a refused value is in force: %d", got)
		}
	})
}

// Each change is one fact, of the version's rev, that holds the digest of the
// value and not the value.
func TestFacts(t *testing.T) {
	dbtest.EachAt(t, dbtest.Clock(t), func(t *testing.T, d *db.DB) {
		set(t, d, city, 10, time.Time{})
		set(t, d, city, 20, time.Time{})
		var revs []int64
		err := d.View(context.Background(), admin, func(tx *db.Tx) error {
			rows, err := tx.Rows(`SELECT rev FROM journal_fact WHERE subject = ? AND kind = 'setting.changed' ORDER BY rev`, Subject(city.Org, testKey.Name()).String())
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var r int64
				if err := rows.Scan(&r); err != nil {
					return err
				}
				revs = append(revs, r)
			}
			return rows.Err()
		})
		if err != nil || !slices.Equal(revs, []int64{1, 2}) {
			t.Errorf("facts %v, %v", revs, err)
		}
	})
	for _, line := range journal.Problems() {
		t.Error(line)
	}
}

func TestDefine(t *testing.T) {
	if !slices.Contains(Names(), "setting.test") {
		t.Errorf("names %v", Names())
	}
	for name, fn := range map[string]func(){
		"twice":       func() { Define("setting.test", 1, nil) },
		"bad default": func() { Define("setting.bad", 1, func(int) error { return errors.New("no") }) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			fn()
		}()
	}
}

func TestPrefixes(t *testing.T) {
	for path, want := range map[string][]string{
		"":       {"/"},
		"/":      {"/"},
		"/a":     {"/", "/a", "/a/"},
		"/a/":    {"/", "/a", "/a/"},
		"/ab/c/": {"/", "/ab", "/ab/", "/ab/c", "/ab/c/"},
	} {
		got := prefixes(path)
		got = slices.DeleteFunc(got, func(p string) bool { return p == "//" || p == path+"/" && len(path) > 1 && path[len(path)-1] == '/' })
		if !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", path, got, want)
		}
	}
}
