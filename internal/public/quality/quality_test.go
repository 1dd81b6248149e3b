package quality

import (
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
	"mingfa/internal/public/consult"
	"mingfa/internal/public/consult/consulttest"
)

// req: B6.2.1.2c, B7.2.4a
func TestTheStandardCatalogue(t *testing.T) {
	if err := standard.Check(); err != nil {
		t.Fatal(err)
	}
	for code, fatal := range map[Code]bool{"judgement_wrong": true, "basis_wrong": true, "basis_missing": true, "advice_missing": true, "rude": true,
		"promise_of_outcome": true, "private_business": true, "opening_missing": false, "closing_missing": false, "disclaimer_missing": false, "language_unclear": false} {
		if x, ok := standard.item(code); !ok || x.Fatal != fatal {
			t.Errorf("%s: fatal %v, there %v", code, x.Fatal, ok)
		}
	}
}

func TestCatalogueRefuses(t *testing.T) {
	in := Wording{say.Hans: "甲", say.Hant: "甲", say.En: "a"}
	for name, c := range map[string]Catalogue{
		"nothing":       {},
		"a code twice":  {{"rude", true, in}, {"rude", false, in}},
		"a wrong code":  {{"Rude!", true, in}},
		"no text":       {{"rude", true, Wording{say.Hans: "甲", say.Hant: " ", say.En: "a"}}},
		"a long text":   {{"rude", true, Wording{say.Hans: strings.Repeat("甲", 201), say.Hant: "甲", say.En: "a"}}},
		"a strange one": {{"rude", true, Wording{say.Hans: "甲", say.Hant: "甲", say.En: "a", "fr": "x"}}},
		"too many":      make(Catalogue, 101),
	} {
		if err := c.Check(); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCardClean(t *testing.T) {
	n := id.New()
	for name, c := range map[string]struct {
		card Card
		key  string // "" is taken
	}{
		"nothing wrong":               {Card{ID: n}, ""},
		"a fatal item":                {Card{ID: n, Marks: []Mark{{"rude", "第二段"}}}, ""},
		"a fatal item without a note": {Card{ID: n, Marks: []Mark{{"rude", " "}}}, "fault.field_required"},
		"another without a note":      {Card{ID: n, Marks: []Mark{{"opening_missing", ""}}}, ""},
		"unknown":                     {Card{ID: n, Marks: []Mark{{"ugly", "x"}}}, "fault.field_choice"},
		"twice":                       {Card{ID: n, Marks: []Mark{{"rude", "x"}, {"rude", "y"}}}, "fault.field_choice"},
		"no ID":                       {Card{}, "fault.id"},
		"a NUL":                       {Card{ID: n, Summary: "a\x00b"}, "fault.text_refused"},
		"1,000 characters":            {Card{ID: n, Summary: strings.Repeat("法", MaxNote)}, ""},
		"1,001 characters":            {Card{ID: n, Summary: strings.Repeat("法", MaxNote+1)}, "fault.too_long"},
		"too many":                    {Card{ID: n, Marks: make([]Mark, 200)}, "fault.too_many_items"},
	} {
		_, _, _, err := c.card.Clean(standard)
		var key string
		if f, ok := err.(*fault.Fault); ok && len(f.Fields) > 0 {
			key = f.Fields[0].Key
		}
		if key != c.key {
			t.Errorf("%s: %q, wanted %q (%v)", name, key, c.key, err)
		}
	}
	clean, fatal, minor, err := Card{ID: n, Marks: []Mark{{"opening_missing", ""}, {"rude", "x"}, {"judgement_wrong", "y"}}}.Clean(standard)
	if err != nil || fatal != 2 || minor != 1 || clean.Marks[0].Item != "judgement_wrong" || clean.Marks[2].Item != "opening_missing" {
		t.Errorf("%v %d %d %v", clean, fatal, minor, err)
	}
}

// req: B7.2.4a
func TestRounds(t *testing.T) {
	now := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	later := now.Add(time.Hour)
	by := []id.ID{id.New(), id.New(), id.New()}
	type step struct {
		do   string // check, same, dispute, late
		want State
	}
	for name, steps := range map[string][]step{
		"undisputed":         {{"check", Checked}},
		"confirmed":          {{"check", Checked}, {"dispute", Disputed}, {"same", Final}},
		"decided":            {{"check", Checked}, {"dispute", Disputed}, {"check", Differing}, {"check", Final}},
		"disputed too late":  {{"check", Checked}, {"late", Checked}},
		"not before a check": {{"dispute", Open}},
		"only once":          {{"check", Checked}, {"dispute", Disputed}, {"dispute", Disputed}},
		"final is final":     {{"check", Checked}, {"dispute", Disputed}, {"same", Final}, {"check", Final}},
	} {
		q := &Sample{State: Open}
		n := 0
		for i, s := range steps {
			switch s.do {
			case "check", "same":
				if q.check(by[min(n, 2)], true, false, s.do == "same", now, later) == nil {
					n++
				}
			case "dispute":
				_ = q.dispute(later, later) // the last instant
			case "late":
				_ = q.dispute(later.Add(time.Millisecond), later)
			}
			if q.State != s.want {
				t.Errorf("%s, step %d: %s, wanted %s", name, i, q.State, s.want)
			}
		}
	}
}

func TestTheStandingResult(t *testing.T) {
	now := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	q := &Sample{State: Open}
	_ = q.check(id.New(), true, false, false, now, now)
	_ = q.dispute(now, now)
	_ = q.check(id.New(), false, true, false, now, now)
	if !q.Fatal || q.Minor {
		t.Error("the second check alone changed the result")
	}
	_ = q.check(id.New(), false, false, false, now, now)
	if q.Fatal || q.Minor || q.State != Final {
		t.Errorf("the third did not decide: %+v", q)
	}
}

// req: B7.T1e, B7.T1f, B7.1.4.2.2a, B7.1.4.2.2b
func TestMarksOfRates(t *testing.T) {
	for _, c := range []struct {
		bad, of int64
		percent int64
		text    string
		exceeds bool
	}{
		{0, 0, 2, "n/a", false}, {0, 50, 2, "0.00 %", false}, {1, 50, 2, "2.00 %", false}, {1, 49, 2, "2.04 %", true},
		{2, 50, 2, "4.00 %", true}, {5, 50, 10, "10.00 %", false}, {6, 50, 10, "12.00 %", true}, {1, 1, 2, "100.00 %", true},
	} {
		n := Count{Inspected: c.of, Fatal: c.bad, Minor: c.bad}
		for _, r := range []consult.Rate{n.FatalRate(), n.MinorRate()} {
			if r.Text() != c.text || Exceeds(r, c.percent) != c.exceeds {
				t.Errorf("%d of %d: %s, exceeds %v", c.bad, c.of, r.Text(), Exceeds(r, c.percent))
			}
		}
	}
}

func TestHints(t *testing.T) {
	good := consult.Inspected{Draft: consulttest.Draft(), Own: 60, Known: []bool{true}, Templates: consult.Templates{Opening: "您好", Disclaimer: "仅供参考", Closing: "再见"}}
	for name, c := range map[string]struct {
		change func(x *consult.Inspected)
		want   Code
		key    string
	}{
		"good":                 {func(*consult.Inspected) {}, "", ""},
		"50 characters":        {func(x *consult.Inspected) { x.Own = 50 }, "text_short", "quality.hint_short"},
		"unknown citation":     {func(x *consult.Inspected) { x.Known = []bool{false} }, "basis_imprecise", "quality.hint_basis_unknown"},
		"no basis":             {func(x *consult.Inspected) { x.Draft.Basis, x.Known = nil, nil }, "basis_missing", "quality.hint_basis_none"},
		"no opening":           {func(x *consult.Inspected) { x.Templates.Opening = "" }, "opening_missing", "quality.hint_opening"},
		"no closing":           {func(x *consult.Inspected) { x.Templates.Closing = "" }, "closing_missing", "quality.hint_closing"},
		"no disclaimer":        {func(x *consult.Inspected) { x.Templates.Disclaimer = " " }, "disclaimer_missing", "quality.hint_disclaimer"},
		"a promise":            {func(x *consult.Inspected) { x.Draft.Text += "这个官司一定能赢。" }, "promise_of_outcome", "quality.hint_promise"},
		"a promise, Hong Kong": {func(x *consult.Inspected) { x.Draft.Text += "保證勝訴" }, "promise_of_outcome", "quality.hint_promise"},
		"private business":     {func(x *consult.Inspected) { x.Draft.Advice = []string{"加我微信详谈"} }, "private_business", "quality.hint_business"},
		"in a reply": {func(x *consult.Inspected) {
			x.Messages = []consult.Line{{Role: consult.ByLawyer, Text: "请找我代理"}}
		}, "private_business", "quality.hint_business"},
		"by the citizen": {func(x *consult.Inspected) {
			x.Messages = []consult.Line{{Role: consult.ByCitizen, Text: "保证胜诉吗"}}
		}, "", ""},
		"rated neutral": {func(x *consult.Inspected) { x.Rated = consult.General }, "", "quality.hint_rated"},
		"late":          {func(x *consult.Inspected) { x.Breach = true }, "", "quality.hint_late"},
	} {
		x := good
		c.change(&x)
		got := Hints(x)
		switch {
		case c.key == "" && len(got) > 0, c.key != "" && (len(got) != 1 || got[0] != Hint{c.key, c.want}):
			t.Errorf("%s: %v", name, got)
		}
		for _, h := range got {
			if _, ok := standard.item(h.Item); h.Item != "" && !ok {
				t.Errorf("%s: no item %s", name, h.Item)
			}
		}
	}
}

func TestMonthsAndNights(t *testing.T) {
	zone, _ := time.LoadLocation("Asia/Shanghai")
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04:05", s, zone)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for now, want := range map[string]string{"2026-03-02 01:59:59": "2026-03-02 02:00:00", "2026-03-02 02:00:00": "2026-03-03 02:00:00",
		"2026-03-31 23:00:00": "2026-04-01 02:00:00", "2026-12-31 03:00:00": "2027-01-01 02:00:00"} {
		if got := nextAt(at(now).UTC(), zone, drawHour); !got.Equal(at(want)) {
			t.Errorf("after %s: %s", now, got)
		}
	}
	if m := monthIn(at("2026-04-01 00:00:00").UTC(), zone); m != "2026-04" {
		t.Error(m)
	}
	from, to, err := bounds("2026-12", zone)
	if err != nil || !from.Equal(at("2026-12-01 00:00:00")) || !to.Equal(at("2027-01-01 00:00:00")) {
		t.Error(from, to, err)
	}
	if _, _, err := bounds("2026-13", zone); !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
}
