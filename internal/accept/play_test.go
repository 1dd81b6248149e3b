//go:build accept

package accept

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mingfa/internal/base/id"
	"mingfa/internal/play/recount"
)

// outcome is the last line of mingfa play --json.
type outcome struct {
	recount.Figures
	Facts   int64             `json:"facts"`
	Verify  string            `json:"verify"`
	Report  string            `json:"report_path"`
	Log     string            `json:"log_path"`
	Wall    float64           `json:"wall_seconds"`
	Planted map[string]string `json:"planted"`
	Server  dayFigures        `json:"server"`
	Recount recount.Result    `json:"recount"`
	Looks   string            `json:"looks_path"`
}

// dayFigures are the program's own figures: of play's "server", of GET
// /figures and of a report's file.
type dayFigures struct {
	Consultations int `json:"consultations"`
	Answered      int `json:"answered"`
	InTime        int `json:"answered_within_120min"`
	Breaches      int `json:"breaches"`
	Rated         int `json:"rated"`
	NonSatisfied  int `json:"non_satisfied"`
	CallbacksDue  int `json:"callbacks_due"`
	CallbacksDone int `json:"callbacks_done"`
	Participation struct {
		Text string `json:"text"`
	} `json:"participation"`
	Satisfaction struct {
		Text string `json:"text"`
	} `json:"satisfaction"`
}

// same are the recounted figures in the shape of the program's.
func same(f recount.Figures) (d dayFigures) {
	d.Consultations, d.Answered, d.InTime, d.Breaches = f.Orders, f.Answered, f.AnsweredWithin120, f.Breaches
	d.Rated, d.NonSatisfied, d.CallbacksDue, d.CallbacksDone = f.Rated, f.NonSatisfied, f.CallbacksDue, f.CallbacksDone
	d.Participation.Text, d.Satisfaction.Text = f.Participation, f.Satisfaction
	return d
}

// playIn plays in a place; stderr is in the error.
func playIn(t testing.TB, p place, more ...string) (o outcome, err error) {
	t.Helper()
	var out, errOut bytes.Buffer
	c := exec.Command(binary(t), p.args("play", append([]string{"--seed", "1", "--json"}, more...)...)...)
	c.Stdout, c.Stderr = &out, &errOut
	if err := c.Run(); err != nil {
		return o, fmt.Errorf("%w: %s%s", err, &errOut, &out)
	}
	lines := bytes.Split(bytes.TrimSpace(out.Bytes()), []byte("\n"))
	return o, json.Unmarshal(lines[len(lines)-1], &o)
}

// planted are the orders with one of the faults, by ID.
func (o outcome) planted(faults ...string) (out []string) {
	for order, f := range o.Planted {
		if slices.Contains(faults, f) {
			out = append(out, order)
		}
	}
	slices.Sort(out)
	return out
}

// TestPlayOfAllQuestions is line 2 of the acceptance.
//
// req: B6.2.1.1, B6.2.1.2b, B6.2.1.2d, B7.3.2.1, B5.2.5, B5.3e, B7.T1a-f, B7.1.2.3c, B7.1.3.2, B7.1.4.1, B7.1.4.2.2a, B7.1.4.2.2b, B7.2.4a, T9, T1, T2, T5, T6, T7
func TestPlayOfAllQuestions(t *testing.T) {
	questions := shared(t, "consult/consult_open.jsonl.gz")
	places(t, func(t *testing.T, p place) {
		o, err := playIn(t, p, "--questions", questions)
		if err != nil {
			t.Fatal(err)
		}
		if o.Orders != 1558 || o.Answered != o.Orders || o.Verify != "ok" {
			t.Errorf("orders %d, answered %d, verify %q", o.Orders, o.Answered, o.Verify)
		}
		last, err := p.verify(t)
		if err != nil || !strings.HasPrefix(last, fmt.Sprintf("ok facts=%d unsealed=0 ", o.Facts)) || !strings.HasSuffix(last, " erased=1 bad=0") { // the name of an import that was given up
			t.Errorf("verify: %v %s", err, last)
		}
		figuresAgree(t, o)
		shownAgrees(t, o)
		plantedFound(t, p, o)
		t.Logf("%d orders in %.1f s, %d facts; in time %d, late %d, refused %d, rated %d, participation %s, satisfaction %s, call-backs %d of %d",
			o.Orders, o.Wall, o.Facts, o.AnsweredWithin120, o.Breaches, o.RefusedReplies, o.Rated, o.Participation, o.Satisfaction, o.CallbacksDone, o.CallbacksDue)
	})
}

// figuresAgree compares what the program says with what its clients' log says.
func figuresAgree(t *testing.T, o outcome) {
	t.Helper()
	f, err := os.Open(o.Log)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	again, err := recount.Count(f)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := fmt.Sprintf("%+v", again), fmt.Sprintf("%+v", o.Figures); a != b {
		t.Errorf("recounted %s\nprinted   %s", a, b)
	}
	if want := same(again); o.Server != want {
		t.Errorf("the program's figures %+v\nrecounted %+v", o.Server, want)
	}
}

// shownAgrees makes everything that the program showed anew from the log: boards,
// stored reports as they stood at 01:00, lawyers' own figures, ledgers, exports. It
// doesn't take the word of the binary that it agreed.
func shownAgrees(t *testing.T, o outcome) {
	t.Helper()
	var files [2]*os.File
	for i, path := range []string{o.Log, o.Looks} {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		files[i] = f
	}
	r, err := recount.Compare(files[0], files[1])
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range r.Differences {
		if i < 20 {
			t.Errorf("%s: %s is %q, the log says %q", d.What, d.Path, d.Shown, d.Counted)
		}
	}
	if len(r.Differences) > 0 || r.Looks < 100 || r.Figures < 100_000 || r.Figures != o.Recount.Figures {
		t.Errorf("%d differences, %d figures in %d looks; the play compared %d", len(r.Differences), r.Figures, r.Looks, o.Recount.Figures)
	}
	for _, rule := range recount.Table() {
		byHand := slices.Contains([]string{"users 20103", "lawyers 20201", "orders 20508"}, rule.Where+" "+rule.Key) // they find the row
		if rule.Figure() && !byHand && !r.Used[recount.Rule{Where: rule.Where, Key: rule.Key}] {
			t.Errorf("the rule of %s %s compared nothing", rule.Where, rule.Key)
		}
	}
	t.Logf("%d figures in %d looks are what the log says; %d can't be known to clients", r.Figures, r.Looks, r.Unknown)
	reportKept(t, o)
}

// reportKept is the report beside the play: of the day, stored, and one that was
// compared.
func reportKept(t *testing.T, o outcome) {
	t.Helper()
	b, err := os.ReadFile(o.Report)
	if err != nil {
		t.Fatal(err)
	}
	var r struct {
		dayFigures
		Live bool `json:"live"`
	}
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatal(err)
	}
	looks, err := os.Open(o.Looks)
	if err != nil {
		t.Fatal(err)
	}
	defer looks.Close()
	for dec := json.NewDecoder(looks); dec.More(); {
		var l struct {
			What, Format, Region string
			Body                 []byte
		}
		if err := dec.Decode(&l); err != nil {
			t.Fatal(err)
		}
		if l.What == "report" && l.Format == "json" && l.Region == "" && bytes.Equal(l.Body, b) && !r.Live {
			return
		}
	}
	t.Error("the report that was kept was not compared")
}

// plantedFound compares the planted faults with what the clients saw and with
// the facts that the program wrote.
func plantedFound(t *testing.T, p place, o outcome) {
	t.Helper()
	byRule := map[string]map[string]bool{}
	note := func(rule, order string) {
		if byRule[rule] == nil {
			byRule[rule] = map[string]bool{}
		}
		byRule[rule][order] = true
	}
	for _, f := range facts(t, p, "consult.refused", "consult.breached", "consult.assigned") {
		switch {
		case f.kind == "consult.refused":
			for _, r := range f.data.Rules {
				note(r, f.root)
			}
		case f.kind == "consult.breached" && !f.data.Reply:
			note("late", f.root)
		case f.kind == "consult.assigned" && f.data.Cause == "clock":
			note("passed", f.root)
		}
	}
	named := func(rule string) []string { return slices.Sorted(maps.Keys(byRule[rule])) }
	for _, x := range []struct {
		what           string
		planted, found []string
	}{
		{"short, seen by the clients", o.planted("short"), o.Short},
		{"short, in the facts", o.planted("short"), named("length")},
		{"baseless, seen by the clients", o.planted("baseless"), o.Baseless},
		{"baseless, in the facts", o.planted("baseless"), named("basis")},
		{"late, seen by the clients", o.planted("late"), o.Late},
		{"late, in the facts", o.planted("late"), named("late")},
		{"never answered by the first lawyer, in the facts", o.planted("late", "never"), named("passed")},
	} {
		if len(x.planted) == 0 || !slices.Equal(x.planted, x.found) {
			t.Errorf("%s: planted %d, found %d: %v and %v", x.what, len(x.planted), len(x.found), x.planted, x.found)
		}
	}
	t.Logf("planted: %d short, %d baseless, %d late, %d never", len(o.planted("short")), len(o.planted("baseless")), len(o.planted("late")), len(o.planted("never")))
}

type fact struct {
	kind, root string
	data       struct {
		Rules []string `json:"rules"`
		Reply bool     `json:"reply"`
		Cause string   `json:"cause"`
	}
}

// facts reads facts as they lie in the database.
func facts(t testing.TB, p place, kinds ...string) (out []fact) {
	t.Helper()
	c := p.raw(t)
	defer c.Close()
	rows, err := c.QueryContext(context.Background(), "SELECT kind, root, body FROM journal_fact WHERE kind IN ('"+strings.Join(kinds, "','")+"')")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var f fact
		var root id.ID
		var body []byte
		if err := rows.Scan(&f.kind, &root, &body); err != nil {
			t.Fatal(err)
		}
		var x struct{ Data json.RawMessage }
		if err := json.Unmarshal(body, &x); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(x.Data, &f.data); err != nil {
			t.Fatal(err)
		}
		f.root = root.String()
		out = append(out, f)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestPlayAgain: equal seeds, equal figures, whatever the database.
func TestPlayAgain(t *testing.T) {
	questions := shared(t, "consult/consult_open.jsonl.gz")
	var first string
	once := func(t *testing.T, p place) {
		o, err := playIn(t, p, "--questions", questions, "--orders", "200")
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%.1f s, %d facts", o.Wall, o.Facts)
		o.Wall, o.Report, o.Log, o.Looks = 0, "", "", ""
		o.Recount.Figures = 0 // an office without an inspected order has a denominator less, and the lot comes from the journal's root
		b, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		if first == "" {
			first = string(b)
		}
		if string(b) != first {
			t.Errorf("the same seed gave\n%s\nand\n%s", first, b)
		}
	}
	t.Run("again", func(t *testing.T) {
		once(t, place{filepath.Join(t.TempDir(), "data"), "", "sqlite"})
	})
	places(t, once)
}

// TestPlayInput: rows with only a question are enough; a row that can't be used
// is named by its line.
func TestPlayInput(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := file("good.jsonl", "{\"question\":\"老板拖欠工资三个月怎么办？\"}\n\n{\"question\":\"My landlord keeps the deposit.\"}\n{\"question\":\"離婚後孩子由誰撫養？\",\"colour\":\"red\"}\n")
	o, err := playIn(t, place{data: filepath.Join(dir, "data")}, "--questions", good, "--orders", "7")
	if err != nil || o.Orders != 7 || o.Answered != 7 || o.Verify != "ok" {
		t.Errorf("only questions: %v, %d orders, %d answered, verify %s", err, o.Orders, o.Answered, o.Verify)
	}
	for name, x := range map[string]struct{ text, want string }{
		"broken":   {"{\"question\":\"a\"}\n{\"question\":\n", "line 2"},
		"kind":     {"{\"question\":\"a\"}\n\n{\"question\":5}\n", "line 3"},
		"list":     {"[1]\n", "line 1"},
		"blank":    {"{\"question\":\"a\"}\n{\"question\":\" \"}\n", "line 2"},
		"missing":  {"{\"answers\":[]}\n", "line 1"},
		"empty":    {"", "no questions"},
		"unzipped": {"{\"question\":\"a\"}\n", "gzip"},
	} {
		path := file(name+".jsonl", x.text)
		if name == "unzipped" {
			path = file(name+".jsonl.gz", x.text)
		}
		if _, err := playIn(t, place{data: filepath.Join(dir, "bad-"+name)}, "--questions", path); err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s: %v, want an error that says %q", name, err, x.want)
		}
	}
	if _, err := playIn(t, place{data: filepath.Join(dir, "data")}, "--questions", good); err == nil || !strings.Contains(err.Error(), "fresh") {
		t.Errorf("a used data directory: %v", err)
	}
}
