package identity

import (
	"errors"
	"os"
	"strings"
	"testing"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
	"mingfa/internal/base/who"
)

func TestOrgForRegion(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		gd := h.org(NewOrg{Parent: h.root.ID, Level: Province, Name: "广东省司法厅", Region: "440000"})
		sz := h.org(NewOrg{Parent: gd.ID, Level: City, Name: "深圳市司法局", Region: "440300"})
		ns := h.org(NewOrg{Parent: sz.ID, Level: County, Name: "南山区司法局", Region: "440305"})
		hk := h.org(NewOrg{Parent: h.root.ID, Level: Province, Name: "香港", Region: "810000"})
		if ns.Path != "/440000/440300/440305/" || h.root.Path != "/" || hk.Calendar != "HK" || ns.Zone != "Asia/Shanghai" {
			t.Errorf("made %+v %+v", ns, hk)
		}
		err := h.DB.View(t.Context(), setup, func(tx *db.Tx) error {
			for region, want := range map[string]Org{"440305": ns, "440304": sz, "440300": sz, "440103": gd, "440000": gd,
				"810005": hk, "110101": h.root} {
				if o, err := h.OrgForRegion(tx, region); err != nil || o.ID != want.ID {
					t.Errorf("%s goes to %s, %v", region, o.Name, err)
				}
			}
			for _, region := range []string{"", "44", "000000", "44030x", "４４０３０５"} {
				if _, err := h.OrgForRegion(tx, region); !fault.Is(err, fault.Invalid) {
					t.Errorf("%q: %v", region, err)
				}
			}
			path, err := h.PathOf(tx, ns.ID)
			if path != ns.Path {
				t.Errorf("path %q", path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// An organisation that was found is not read again in the transaction; one that is
// absent is absent each time.
func TestOrgsByID(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		gd := h.org(NewOrg{Parent: h.root.ID, Level: Province, Name: "广东省司法厅", Region: "440000"})
		again := errors.New("it is tried, not kept")
		err := h.DB.Do(t.Context(), setup, func(tx *db.Tx) error {
			org := h.OrgsByID(tx)
			for _, want := range []Org{gd, h.root, gd} {
				if o, err := org(want.ID); err != nil || o.ID != want.ID || o.Path != want.Path {
					t.Errorf("%s is %+v, %v", want.Name, o, err)
				}
			}
			if _, err := tx.Exec("UPDATE identity_org SET name = 'new' WHERE id = ?", gd.ID.String()); err != nil {
				return err
			}
			if o, err := org(gd.ID); err != nil || o.Name != gd.Name {
				t.Errorf("it was read again: %+v, %v", o, err)
			}
			for range 2 {
				if _, err := org(id.New()); !fault.Is(err, fault.Absent) {
					t.Errorf("nothing: %v", err)
				}
			}
			return again
		})
		if !errors.Is(err, again) {
			t.Fatal(err)
		}
	})
}

func TestMakeOrgRefuses(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		city := NewOrg{ID: id.New(), Parent: h.root.ID, Level: City, Name: "深圳市司法局", Region: "440300"}
		made := h.org(city)
		if again := h.org(city); again.ID != made.ID || again.Key != made.Key {
			t.Error("a repeat made another")
		}
		for name, c := range map[string]struct {
			actor who.Actor
			n     NewOrg
			kind  fault.Kind
		}{
			"second operator": {setup, NewOrg{Level: Operator, Name: "x"}, fault.Conflict},
			"region taken":    {setup, NewOrg{Parent: h.root.ID, Level: City, Name: "x", Region: "440300"}, fault.Conflict},
			"not deeper":      {setup, NewOrg{Parent: made.ID, Level: City, Name: "x", Region: "440400"}, fault.Invalid},
			"no region":       {setup, NewOrg{Parent: made.ID, Level: County, Name: "x"}, fault.Invalid},
			"no zone":         {setup, NewOrg{Parent: made.ID, Level: County, Name: "x", Region: "440305", Zone: "Mars"}, fault.Invalid},
			"no parent":       {setup, NewOrg{Parent: id.New(), Level: County, Name: "x", Region: "440305"}, fault.Absent},
			"other content":   {setup, NewOrg{ID: made.ID, Parent: h.root.ID, Level: City, Name: "x", Region: "440400"}, fault.Conflict},
			"nobody":          {who.Actor{}, NewOrg{Parent: made.ID, Level: County, Name: "x", Region: "440305"}, fault.Unknown},
		} {
			if _, err := h.MakeOrg(t.Context(), c.actor, c.n); !fault.Is(err, c.kind) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func (h *house) regions(parent, lang string) (all []Region) {
	h.t.Helper()
	err := h.DB.View(h.t.Context(), setup, func(tx *db.Tx) (err error) {
		all, err = h.Regions(tx, parent, lang)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return all
}

func (h *house) name(code, lang string) (name string) {
	h.t.Helper()
	err := h.DB.View(h.t.Context(), setup, func(tx *db.Tx) (err error) {
		name, err = h.RegionName(tx, code, lang)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return name
}

func TestBuiltInRegions(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		if n := len(h.regions("", say.Hans)); n != 34 {
			t.Errorf("%d provinces", n)
		}
		if hk := h.regions("810000", say.Hant); len(hk) != 18 || hk[1].Name != "灣仔區" || hk[1].Level != County {
			t.Errorf("Hong Kong %v", hk)
		}
		if n := len(h.regions("440300", say.En)); n != 9 {
			t.Errorf("%d districts of Shenzhen", n)
		}
		if n := h.name("440305", say.En); n != "Nanshan District" {
			t.Errorf("440305 is %q", n)
		}
		if n := h.name("110101", say.En); n != "" {
			t.Errorf("110101 is %q before it was loaded", n)
		}
	})
	for _, p := range places {
		if up := p.parent(); up != "" && placesByCode[up].code == "" || !isCode(p.code) {
			t.Errorf("%s stands below %q, which is not there", p.code, up)
		}
	}
}

func TestLoadRegions(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for _, file := range []string{
			"code,name\n11,\"北京市\"\n",
			"\ufeffcode,name,provinceCode\n1101,市辖区,11\n4290,省直辖县级行政区划,42\n",
			"code,name,cityCode,provinceCode\n110101,东城区,1101,11\n429004,仙桃市,4290,42\n441900,东莞市,4419,44\n",
			"code,name\n310101,黄浦区\n429005,潜江市\n", // a list without cities
			"id,pid,deep,name,ext_id,ext_name\n12,0,0,天津,120000000000,天津市\n1201,12,1,天津,120100000000,天津城区\n120101,1201,2,和平,120101000000,和平区\n",
		} {
			for range 2 { // again changes nothing
				if _, err := h.LoadRegions(t.Context(), setup, strings.NewReader(file)); err != nil {
					t.Fatal(err)
				}
			}
		}
		for code, want := range map[string]string{"110101": "东城区", "429004": "仙桃市", "120101": "和平区", "310101": "黄浦区", "120100": "天津城区", "441900": "东莞市"} {
			if got := h.name(code, say.Hans); got != want {
				t.Errorf("%s is %q, want %q", code, got, want)
			}
		}
		if r := h.regions("110100", say.Hans); len(r) != 1 || r[0] != (Region{"110101", "110100", "东城区", County}) {
			t.Errorf("below 110100: %v", r)
		}
	})
}

func TestLoadRegionsRefusesTheWholeFile(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for file, want := range map[string]string{
			"":                          "line 1: there is no header",
			"a,b\n1,2\n":                "line 1: the header must name",
			"code,name\n":               "line 2: the file has no rows",
			"code,name\n13,河北省\n1x,x\n": "line 3: the code is not",
			"code,name\n13,河北省\n14,\n":  "line 3: the name is missing",
			"code,name\n13\n":           "line 2: it has 1 columns",
			"code,name\n1301,石家庄\n1301,唐山\n":  "line 3: code 130100 stands on line 2",
			"code,name\n1301,石家庄\n130203,x\n": "line 3: 130203 stands below 130200",
			"code,name,parent\n1301,石家庄,14\n": "line 2: code 130100 can't stand below 140000",
			"code,name\n1301,石家庄\n\"1302,x\n": "no line of CSV",
		} {
			_, err := h.LoadRegions(t.Context(), setup, strings.NewReader(file))
			if le, ok := errors.AsType[*LoadError](err); !ok || !strings.Contains(le.Error(), want) {
				t.Errorf("%q: %v, want %q", file, err, want)
			}
			if n := h.count("SELECT count(*) FROM identity_region"); n != 0 {
				t.Fatalf("%q: %d rows were imported", file, n)
			}
		}
		citizen, _ := h.citizen(phoneA)
		if _, err := h.LoadRegions(t.Context(), citizen, strings.NewReader("code,name\n13,x\n")); !fault.Is(err, fault.Absent) {
			t.Errorf("a citizen may load regions: %v", err)
		}
	})
}

// The real lists, where they lie beside the project.
func TestLoadRealRegions(t *testing.T) {
	dir := os.Getenv("MINGFA_TEST_DIVISIONS")
	if dir == "" {
		t.Skip("MINGFA_TEST_DIVISIONS names no directory with provinces.csv, cities.csv and areas.csv")
	}
	each(t, func(t *testing.T, h *house) {
		for _, name := range []string{"provinces", "cities", "areas"} {
			f, err := os.Open(dir + "/" + name + ".csv")
			if err != nil {
				t.Fatal(err)
			}
			n, err := h.LoadRegions(t.Context(), setup, f)
			f.Close()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			t.Logf("%s: %d rows", name, n)
		}
		if n := h.name("659001", say.Hans); n == "" {
			t.Error("a county right below a province is missing")
		}
	})
}
