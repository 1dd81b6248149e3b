package script

import (
	"compress/gzip"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestParseQuestions(t *testing.T) {
	for file, want := range map[string]string{
		"":                              "the file has no questions",
		"\n \n":                         "the file has no questions",
		"nonsense":                      "line 1 of the questions",
		`{"question":"甲"}` + "\n{}":     "line 2 has no question",
		`{"question":"甲","more":1}`:     "",
		`{"question":"甲"}` + "\n\n\r\n": "",
	} {
		q, err := ParseQuestions(strings.NewReader(file))
		if want == "" && (err != nil || len(q) != 1) || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v %v", file, q, err)
		}
		if err != nil && strings.Contains(err.Error(), "nonsense") {
			t.Errorf("the file is repeated: %v", err)
		}
	}
}

func TestReadQuestions(t *testing.T) {
	path := filepath.Join(t.TempDir(), "q.jsonl.gz")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := gzip.NewWriter(f)
	z.Write([]byte(`{"question":"公司拖欠工资怎么办？"}`)) //nolint:errcheck // Close tells
	if z.Close() != nil || f.Close() != nil {
		t.Fatal("not written")
	}
	if q, err := ReadQuestions(path); err != nil || len(q) != 1 {
		t.Errorf("%v %v", q, err)
	}
	if _, err := ReadQuestions(path + "x"); err == nil {
		t.Error("a file that isn't there")
	}
}

// The same seed gives the same day; each kind of planted fault is in it.
func TestCourses(t *testing.T) {
	midnight := time.Date(2026, 3, 2, 0, 0, 0, 0, time.FixedZone("", 8*3600))
	plan := func(seed uint64) []Course {
		return courses(rand.New(rand.NewPCG(seed, 1)), []Question{{Question: "甲"}, {Question: "乙"}}, 500, midnight, []string{"440000"})
	}
	day, again, other := plan(1), plan(1), plan(2)
	if !reflect.DeepEqual(day, again) || reflect.DeepEqual(day, other) {
		t.Error("the seed does not decide the day")
	}
	planted, ids := map[Fault]int{}, map[string]bool{}
	for _, c := range day {
		planted[c.Planted]++
		if ids[c.Order] {
			t.Error("two orders have one ID")
		}
		ids[c.Order] = true
		if c.AskAt.Before(midnight) || !c.AskAt.Before(midnight.Add(24*time.Hour)) {
			t.Errorf("asked at %s", c.AskAt)
		}
		if late := c.AnswerIn > 120*time.Minute; late != (c.Planted == Late) {
			t.Errorf("%q answers in %s", c.Planted, c.AnswerIn)
		}
		if c.AnswerIn%time.Millisecond != 0 {
			t.Errorf("not in milliseconds: %s", c.AnswerIn)
		}
	}
	for _, f := range []Fault{Short, Baseless, Late, Never} {
		if planted[f] == 0 || planted[f] > 50 {
			t.Errorf("%d orders with %s", planted[f], f)
		}
	}
}

// A reply is a good one until a fault is planted in it.
func TestReply(t *testing.T) {
	for _, q := range []Question{
		{Question: "甲"},
		{Question: "乙", Answers: []string{"可以。"}},
		{Question: "丙", Answers: []string{strings.Repeat("法", 5000)}, Statutes: []Statute{{Law: "劳动法", Article: "第五十条"}}},
		{Question: "丁", Statutes: []Statute{{Text: "依《中华人民共和国民法典》第一千零七十九条，调解无效的应当准予离婚。"}}},
	} {
		d := reply(q)
		if own(d.Text) <= 50 || d.Judgement == "" || len(d.Advice) == 0 || len(d.Basis) == 0 && d.NoBasis == "" || len([]rune(d.Text)) > 5000 {
			t.Errorf("%s: %+v", q.Question, d)
		}
		if (len(q.Statutes) > 0) != (len(d.Basis) > 0) {
			t.Errorf("%s has %d citations", q.Question, len(d.Basis))
		}
		if own(d.tooShort().Text) > 50 {
			t.Error("too short is too long")
		}
		if b := d.baseless(); len(b.Basis) > 0 || b.NoBasis != "" {
			t.Error("baseless has a basis")
		}
	}
}
