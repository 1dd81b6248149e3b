package main

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// The file in the repository is what the tests say now.
func TestCurrent(t *testing.T) {
	want, err := document(os.DirFS("../../.."))
	if err != nil {
		t.Fatal(err)
	}
	have, err := os.ReadFile("../../../" + target)
	if err != nil || string(have) != string(want) {
		t.Errorf("%s is old or missing: run make conformity", target)
	}
}

func project(test string) fstest.MapFS {
	return fstest.MapFS{
		"docs/requirements.tsv": {Data: []byte("id\tkind\tscope\ttext\nB6.2.1.1\tM\tnow\tfast\nB6.2.1.1b\tM\tnow\tall\nT7\tR\tpart\tfive\nT3\tR\tlater\tn\nO\tO\trecord\to\n")},
		"a/a_test.go":           {Data: []byte("package a\n\nimport \"testing\"\n\n" + test)},
		"web/e2e/ask.mjs":       {Data: []byte("// the flow\n")},
		"web/node_modules/x.go": {Data: []byte("not Go")},
	}
}

func TestWaysOfSaying(t *testing.T) {
	for _, c := range []struct{ name, test, want string }{
		{"none", "", "| B6.2.1.1 | M | fast | open |  |"},
		{"record", "", "| O | O | o | record |  |"},
		{"later", "", "| T3 | R | n | later |  |"},
		{"line above", "// req: B6.2.1.1, T7\nfunc TestX(t *testing.T) {}", "| B6.2.1.1 | M | fast | tested | [a/a_test.go](../a/a_test.go) TestX |"},
		{"two in a line", "// req: B6.2.1.1, T7\nfunc TestX(t *testing.T) {}", "| T7 | R | five | in part | [a/a_test.go](../a/a_test.go) TestX |"},
		{"line within", "func TestX(t *testing.T) {\n\t// req: B6.2.1.1\n}", "tested | [a/a_test.go](../a/a_test.go) TestX |"},
		{"line of its own", "// req: B6.2.1.1\n\nvar x = 1", "| B6.2.1.1 | M | fast | tested | [a/a_test.go](../a/a_test.go) |"},
		{"name", "func TestX_B6_2_1_1(t *testing.T) {}", "| B6.2.1.1 | M | fast | tested |"},
		{"name isn't another's", "func TestX_B6_2_1_1b(t *testing.T) {}", "| B6.2.1.1 | M | fast | open |"},
		{"part", "func TestX(t *testing.T) { t.Run(\"B6.2.1.1b all\", nil) }", "| B6.2.1.1b | M | all | tested |"},
		{"no ID", "func TestX(t *testing.T) { t.Run(\"README.md\", nil); t.Run(\"A.\", nil) }", "| B6.2.1.1b | M | all | open |"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, err := document(project(c.test))
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(b), c.want) {
				t.Errorf("no %q in\n%s", c.want, b)
			}
		})
	}
}

func TestUnknownIDs(t *testing.T) {
	if _, err := document(project("// req: B6.2.1.9\nfunc TestX(t *testing.T) {}")); err == nil || !strings.Contains(err.Error(), "B6.2.1.9") {
		t.Errorf("an ID that no row has: %v", err)
	}
	p := project("")
	p["docs/requirements.tsv"].Data = []byte("id\tkind\tscope\ttext\nB1\tF\tsoon\tx\n")
	if _, err := document(p); err == nil {
		t.Error("an unknown scope")
	}
}

// A run of letters is as many IDs, and does not end the line.
func TestRuns(t *testing.T) {
	if got := strings.Join(split("B7.T1a-c, T6 — and the rest: T7"), " "); got != "B7.T1a B7.T1b B7.T1c T6" {
		t.Error(got)
	}
	for _, none := range []string{"x-y", "B7.T1c-a", "b-", "B7.T1a-"} {
		if got := split(none); len(got) > 0 {
			t.Errorf("%s is %v", none, got)
		}
	}
}

func TestWebTests(t *testing.T) {
	p := project("")
	p["web/e2e/ask.mjs"].Data = []byte("/** Somebody asks. req: T7 */\nawait step('B6.2.1.1 answered', f)\n/**\n * req: B6.2.1.1b-b — all\n */\n")
	b, err := document(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"| all | tested |", "| fast | tested | [e2e/ask.mjs](../web/e2e/ask.mjs) |", "| five | in part |"} {
		if !strings.Contains(string(b), want) {
			t.Errorf("no %q in\n%s", want, b)
		}
	}
}
