package element

import (
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/say"
	"mingfa/internal/base/text"
)

var update = flag.Bool("update", false, "write docs/elements.md")

var now = time.Date(2026, 11, 22, 4, 0, 0, 0, time.UTC)

// right is a value that each kind takes; wrong are some that it refuses.
var right = map[Kind]string{
	Text: "张三", Phone: "+8613800138000", Email: "a@example.com", Date: "2021-11-20", Past: "2021-11-20", Moment: "2021-11-20T08:00:00.123+08:00",
	Region: "440300", Regions: "440300;440100", Fields: "labour;debt", Names: "深圳市中级人民法院;福田区人民法院", Source: "kiosk", Sex: "1",
	Identity: "11010519491231002X", Licence: "14403201810012345", Pictures: "01990000-0000-7000-8000-000000000007;01990000-0000-7000-8000-000000000008",
	Picture: "01990000-0000-7000-8000-000000000007", State: "closed", Price: "0 CNY", ShortID: "0123456789ABCDEF", Period: "PT120M",
}

var wrong = map[Kind][]string{
	Text: {"a\x00b", "\xff", "a\x1bb"}, Phone: {"12", "电话", "#N/A"}, Email: {"a", "a@", "@b", "a b@c.d"},
	Date: {"2021-13-01", "20-11-2021", "44520", "0001-01-01"}, Past: {"2026-11-23", "1899-12-31", "x"}, Moment: {"yesterday", "2021-11-20 25:00:00"},
	Region: {"44030", "044030", "深圳", "999999"}, Regions: {"440300;x", ";"}, Fields: {"labour;nothing", "劳动"}, Names: {";;"},
	Source: {"fax"}, Sex: {"3", "-"}, Identity: {"110105194912310021", "A123456(4)", "110105194913310027", "123456789012345"},
	Licence: {"14403 2018", "=1+1", "a'b"}, Pictures: {"01990000-0000-7000-8000-000000000007", "x;y"}, Picture: {"x", "../../etc/passwd"},
	State: {"open"}, Price: {"0", "1.50 CNY", "-1 CNY"}, ShortID: {"ILOU567890123456"}, Period: {"two hours", "PT1S"},
}

var known = Known{Region: func(c string) bool { return c != "999999" }, Field: func(c string) bool { return c == "labour" || c == "debt" }}

// everything is what an organisation may ask for at most.
var everything = Rules{Standard: true, Fees: true, Strict: true, Now: now}

func TestTheTableIsAppendixB(t *testing.T) {
	want := map[string]int{"201": 7, "202": 13, "203": 7, "204": 3, "205": 15}
	got, last := map[string]int{}, ""
	for _, e := range All {
		got[e.Code[:3]]++
		if e.Code <= last {
			t.Errorf("%s stands after %s", e.Code, last)
		}
		last = e.Code
		if forms[e.Kind] == nil || e.Max == 0 || e.Printed == "" || e.Part != "B."+e.Code[2:3] {
			t.Errorf("%s is not whole", e.Code)
		}
		if !say.Has(e.Key()) {
			t.Errorf("%s has no name", e.Code)
		}
	}
	for part, n := range want {
		if got[part] != n {
			t.Errorf("%s: %d elements, want %d", part, got[part], n)
		}
	}
	if len(All) != 45 || len(Of(Users))+len(Of(Lawyers))+len(Of(Orders)) != 45 {
		t.Errorf("%d elements", len(All))
	}
}

// Each row of the catalogue: the limit is taken, one more is refused; a missing
// mandatory value is refused; a wrong type is refused.
//
// req: BB.20101, BB.20102, BB.20103, BB.20104, BB.20105, BB.20106, BB.20107
// req: BB.20201, BB.20202, BB.20203, BB.20204, BB.20205, BB.20206, BB.20207, BB.20208, BB.20209, BB.20210, BB.20211, BB.20212, BB.20213
// req: BB.20301, BB.20302, BB.20303, BB.20304, BB.20305, BB.20306, BB.20307
// req: BB.20401, BB.20402, BB.20403
// req: BB.20501, BB.20502, BB.20503, BB.20504, BB.20505, BB.20506, BB.20507, BB.20508, BB.20509, BB.20510, BB.20511, BB.20512, BB.20513, BB.20514, BB.20515
// req: B8.2.1
func TestEachElement(t *testing.T) {
	for _, e := range All {
		t.Run(e.Req(), func(t *testing.T) {
			v, bad := e.Check(right[e.Kind], everything, known)
			if bad != "" || v == "" {
				t.Errorf("%q: %s", right[e.Kind], bad)
			}
			if again, bad := e.Check(v, everything, known); again != v || bad != "" {
				t.Errorf("%q becomes %q the second time (%s)", v, again, bad)
			}
			for _, x := range wrong[e.Kind] {
				if v, bad := e.Check(x, everything, known); bad == "" {
					t.Errorf("%q is taken as %q", x, v)
				}
			}
			mandatory := e.Need != IfAny && e.Need != Optional
			for _, empty := range []string{"", " ", "\u3000", "\u200b"} {
				if _, bad := e.Check(empty, everything, known); (bad == "fault.field_required") != mandatory {
					t.Errorf("%q missing: %q", empty, bad)
				}
			}
			if e.Kind == Text {
				for n, want := range map[int]string{e.Max: "", e.Max + 1: "fault.too_long"} {
					if _, bad := e.Check(strings.Repeat("问", n), everything, known); bad != want {
						t.Errorf("%d characters: %q, want %q", n, bad, want)
					}
				}
			} else if _, bad := e.Check(strings.Repeat("1", e.Max+1), everything, known); bad == "" {
				t.Error("takes more than it holds")
			}
			if text.Length(v) > e.Max {
				t.Errorf("stores %d characters, at most %d", text.Length(v), e.Max)
			}
		})
	}
}

// req: BB.20105, BB.20106, BB.20205, BB.20513 what an organisation chooses to ask
func TestRules(t *testing.T) {
	for code, r := range map[string]Rules{"20105": {Standard: true}, "20106": {Standard: true}, "20205": {Fees: true}, "20513": {Strict: true}} {
		e, ok := Find(code)
		if !ok || !e.Required(r) || e.Required(Rules{}) {
			t.Errorf("%s follows no rule", code)
		}
	}
}

// req: BB.20507, BB.20513 a value above the smaller printed length is flagged
func TestFlagged(t *testing.T) {
	for _, code := range []string{"20507", "20513"} {
		e, _ := Find(code)
		if e.Flagged(strings.Repeat("问", 32)) || !e.Flagged(strings.Repeat("问", 33)) {
			t.Errorf("%s is flagged above 32", code)
		}
	}
	if e, _ := Find("20101"); e.Flagged(strings.Repeat("问", 64)) {
		t.Error("20101 has one length only")
	}
}

// What people and spreadsheets write, and what is stored.
func TestForms(t *testing.T) {
	for _, c := range []struct {
		kind     Kind
		in, want string
	}{
		{Phone, "138 0013 8000", "+8613800138000"}, {Phone, "1.3800138E+10", "+8613800138000"}, {Phone, "1.3800138000E10", "+8613800138000"}, {Phone, "２３４５ ６７８９", "+85223456789"},
		{Date, "2021/11/20", "2021-11-20"}, {Date, "2021年11月20日", "2021-11-20"}, {Date, "20211120", "2021-11-20"}, {Date, " 2021-1-2 ", "2021-01-02"},
		{Moment, "2021-11-20", "2021-11-20"}, {Moment, "2021-11-20 08:00:00", "2021-11-20T08:00:00.000+08:00"}, {Moment, "2021-11-20T00:00:00Z", "2021-11-20T08:00:00.000+08:00"},
		{Region, "440300 深圳市", "440300"}, {Regions, "440300；440100，440300", "440300;440100"}, {Regions, "*", "*"}, {Fields, "labour 劳动、debt", "labour;debt"},
		{Sex, "男", "0"}, {Sex, "2", "1"}, {Sex, "女", "1"}, {Identity, "a1234563", "A123456(3)"}, {Identity, "A123456(3)", "A123456(3)"}, {Identity, "11010519491231002x", "11010519491231002X"},
		{Identity, "AB987654(3)", "AB987654(3)"}, {Source, "WEB", "web"}, {Text, " é ", " é "}, {Text, "a\r\nb", "a\nb"},
	} {
		e := Element{Kind: c.kind, Max: 500, Need: Always}
		if got, bad := e.Check(c.in, everything, known); got != c.want || bad != "" {
			t.Errorf("%s %q: %q %s, want %q", c.kind, c.in, got, bad, c.want)
		}
	}
	moment, _ := Find("20502")
	for in, want := range map[string]string{"2021-11-20T23:59:59.999+08:00": "2021-11-20", "2021-11-20": "2021-11-20", "2021-11-20T16:00:00.000Z": "2021-11-21"} {
		if got := moment.Shown(in); got != want {
			t.Errorf("%s is shown as %s", in, got)
		}
	}
	if National("0") != "1" || National("1") != "2" {
		t.Error("GB/T 2261.1 has 1 for male and 2 for female")
	}
}

func TestDocs(t *testing.T) {
	const file = "../../../docs/elements.md"
	if *update {
		if err := os.WriteFile(file, []byte(Markdown()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(file)
	if err != nil || string(b) != Markdown() {
		t.Errorf("docs/elements.md is not what the table says; -update writes it (%v)", err)
	}
}

// Whatever is submitted: no panic, and what is taken is a fixed point.
func FuzzCheck(f *testing.F) {
	for _, e := range All {
		f.Add(e.Code, right[e.Kind])
		for _, x := range wrong[e.Kind] {
			f.Add(e.Code, x)
		}
	}
	f.Fuzz(func(t *testing.T, code, value string) {
		e, ok := Find(code)
		if !ok {
			return
		}
		v, bad := e.Check(value, everything, Known{})
		if bad != "" {
			return
		}
		if again, bad := e.Check(v, everything, Known{}); v != "" && (again != v || bad != "") {
			t.Errorf("%s %q becomes %q, then %q (%s)", code, value, v, again, bad)
		}
		if text.Length(v) > e.Max {
			t.Errorf("%s stores %d characters", code, text.Length(v))
		}
	})
}
