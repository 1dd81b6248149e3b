package app

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mingfa/internal/play/recount"
)

// played is a short day with one of each thing that happens, and what it left: the
// clients' log, and what the program showed (the looks).
type played struct {
	Outcome
	log, looks []written // line by line
}

// written is a line of the log or a look, with what the controls choose it by.
type written struct {
	raw               []byte
	Act               string // of a line of the log
	N                 int    // of a look; its line of the log says it in Sent
	Sent              struct{ N int }
	Who, What, Format string
	At                time.Time
	Status            int
}

// place is where a look was and in which format it came.
func (x written) place() string { return x.What + " " + x.Format }

func readWritten(t *testing.T, path string) (out []written) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for raw := range bytes.Lines(b) {
		x := written{raw: bytes.TrimSpace(raw)}
		if err := json.Unmarshal(raw, &x); err != nil {
			t.Fatal(err)
		}
		out = append(out, x)
	}
	return out
}

// joined is a file of lines again.
func joined(lines []written) io.Reader {
	var b bytes.Buffer
	for _, x := range lines {
		b.Write(x.raw)
		b.WriteByte('\n')
	}
	return &b
}

func playShort(t *testing.T) (p played) {
	t.Helper()
	dir := t.TempDir()
	questions := filepath.Join(dir, "q.jsonl")
	if err := os.WriteFile(questions, []byte(demoQuestions), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errOut bytes.Buffer
	err := play(context.Background(), []string{"--questions", questions, "--orders", "18", "--json", "--data", filepath.Join(dir, "data")}, &out, &errOut)
	if e := json.Unmarshal(out.Bytes(), &p.Outcome); e != nil {
		t.Fatalf("%v %v: %s", err, e, &errOut)
	}
	if err != nil {
		t.Errorf("%v: %s", err, &errOut)
	}
	p.log, p.looks = readWritten(t, p.LogPath), readWritten(t, p.LooksPath)
	return p
}

func compared(t *testing.T, log, looks []written) recount.Result {
	t.Helper()
	r, err := recount.Compare(joined(log), joined(looks))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestEveryFigureIsRecounted is line 2 of the desk's acceptance: every figure on
// board, report and export is computed again from the client side's log. A figure
// that the recount has no rule for is a difference (recount.NoRule): whoever adds
// one adds its rule to package recount. The controls alter the log and what was
// shown, and see the comparison fail.
//
// req: B7.3.2.1, B7.T1a-f, B5.2.2, B5.2.5, B5.3e, B6.2.1.1, B6.2.1.1b, B7.1.3.1b, B7.1.3.2, B7.1.3.2b, B7.1.2.2a, B7.1.2.3c, B7.1.4.2.2a, B7.1.4.2.2b, B7.2.4a, B8.1.1.4, T2, T5, T6, T8, T9
// req: BB.20101, BB.20102, BB.20103, BB.20104, BB.20105, BB.20106, BB.20107, BB.20201, BB.20203, BB.20204, BB.20206, BB.20207, BB.20209, BB.20210
// req: BB.20501, BB.20502, BB.20503, BB.20504, BB.20505, BB.20506, BB.20507, BB.20508, BB.20510, BB.20511, BB.20515
func TestEveryFigureIsRecounted(t *testing.T) {
	p := playShort(t)
	for i, d := range p.Recount.Differences {
		if i < 40 {
			t.Errorf("%s: %s is %q, the log says %q", d.What, d.Path, d.Shown, d.Counted)
		}
	}
	if p.Orders != 18 || p.Answered != 18 || p.Recount.Figures < 40_000 || p.Recount.Looks < 150 {
		t.Fatalf("%d orders, %d answered, %d figures in %d looks", p.Orders, p.Answered, p.Recount.Figures, p.Recount.Looks)
	}
	t.Run("much is unequal to nothing", p.interesting)
	t.Run("table", p.table)
	differed := map[string]bool{} // place and format of each difference that a control saw
	t.Run("log", func(t *testing.T) { p.alterLog(t, differed) })
	t.Run("shown", func(t *testing.T) { p.alterLooks(t, differed) })
	for _, x := range p.looks {
		if place := x.place(); x.Status == 200 && !differed[place] {
			t.Errorf("no control saw the comparison of %s fail", place)
			differed[place] = true
		}
	}
}

// only leaves some looks, and in the log the lines of these alone.
func (p played) only(keep func(look written) bool) (log, looks []written) {
	gone := map[int]bool{}
	looks = slices.DeleteFunc(slices.Clone(p.looks), func(l written) bool {
		gone[l.N] = !keep(l)
		return gone[l.N]
	})
	log = slices.DeleteFunc(slices.Clone(p.log), func(l written) bool { return l.Act == "look" && gone[l.Sent.N] })
	return log, looks
}

// at is only what was looked at in some places.
func (p played) at(places ...string) played {
	p.log, p.looks = p.only(func(l written) bool { return slices.Contains(places, l.place()) })
	return p
}

// table: each rule of the table compared something, and nothing else was compared.
func (p played) table(t *testing.T) {
	used := compared(t, p.log, p.looks).Used
	for _, r := range recount.Table() {
		k := recount.Rule{Where: r.Where, Key: r.Key}
		found := slices.Contains([]string{"users 20103", "lawyers 20201", "orders 20508"}, r.Where+" "+r.Key) // they find the row
		found = found || r.Where == "interventions" && r.Key != "rows"                                        // a lawyer has fewer than 5 ratings: make accept has some, TestCases plants
		if r.Figure() && !used[k] && !found {
			t.Errorf("the rule of %s %s compared nothing", r.Where, r.Key)
		}
		delete(used, k)
	}
	for k := range used {
		t.Errorf("%s %s was compared and is not in the table", k.Where, k.Key)
	}
}

// interesting: each figure of the board was more than nothing at one look at least.
func (p played) interesting(t *testing.T) {
	seen := map[string]bool{}
	for _, l := range p.looks {
		var x struct{ Body []byte }
		var b struct {
			Figures []struct {
				Code string
				Num  int64
			}
		}
		if l.What != "board" {
			continue
		}
		if err := json.Unmarshal(l.raw, &x); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(x.Body, &b); err != nil {
			t.Fatal(err)
		}
		for _, f := range b.Figures {
			seen[f.Code] = seen[f.Code] || f.Num > 0
		}
	}
	for code, more := range seen {
		// nobody says that he is busy, messages have no connection, and what is excluded stands at 0 only before
		if !more && !slices.Contains([]string{"connect_rate", "lawyers_busy"}, code) {
			t.Errorf("%s was 0 at every look", code)
		}
	}
}

// line is a line of the log as a control changes it.
type line map[string]any

func (l line) sent() map[string]any { return l["sent"].(map[string]any) }

// alterLog changes one line of the log, of each kind that the recount reads, and
// wants a difference in the places named.
func (p played) alterLog(t *testing.T, differed map[string]bool) {
	drop := func(line) line { return nil }
	send := func(name string, v any) func(line) line {
		return func(l line) line { l.sent()[name] = v; return l }
	}
	for _, x := range []struct {
		name, act string
		change    func(line) line
		want      []string
	}{
		{"a question is not there", "ask", drop, []string{"board json", "report json", "report csv", "report xlsx", "orders json", "orders csv", "orders xlsx", "users json", "users csv", "users xlsx"}},
		{"asked elsewhere", "ask", send("region", "810000"), []string{"board json", "report json"}},
		{"answered hours later", "answer", func(l line) line { l["at"] = "2026-03-02T23:59:00+08:00"; return l }, []string{"board json", "report json", "own json"}},
		{"another level", "rate", func(l line) line { l["level"] = "dissatisfied"; return l }, []string{"board json", "report json", "figures json", "callbacks csv", "callbacks pdf", "load json"}},
		{"no answer was refused", "answer", func(l line) line {
			if l["status"].(float64) != 422 {
				return l
			}
			return nil
		}, []string{"own json"}},
		{"a citizen asked nothing back", "message", drop, []string{"board json"}},
		{"excluded for another reason", "exclude", send("reason", "test"), []string{"board json", "report json", "report csv", "report pdf"}},
		{"never taken back", "include", drop, []string{"board json", "report json", "orders json"}},
		{"nobody called", "attempt", drop, []string{"board json", "figures json", "callbacks csv", "callbacks xlsx"}},
		{"other words in the ledger", "result", send("details", "别的"), []string{"callbacks csv", "callbacks xlsx"}},
		{"the lawyer did not call", "lawyer_call", drop, []string{"callbacks csv", "calls json", "alarms json"}},
		{"the call-back is open", "close", drop, []string{"board json", "callbacks csv", "orders json"}},
		{"a suggestion and no complaint", "complain", send("kind", "suggestion"), []string{"report json"}},
		{"a complaint is not there", "take_down", drop, []string{"board json", "complaints csv", "complaints xlsx", "report json"}},
		{"not reached", "complaint_call", send("reached", false), []string{"complaints csv"}},
		{"nobody flagged it", "complaint_flag", drop, []string{"complaints csv", "report json"}},
		{"nobody acknowledged", "complaint_acknowledge", drop, []string{"complaints csv"}},
		{"not in the register", "complaint_result", drop, []string{"complaints csv"}},
		{"another number of the filing", "complaint_filing", send("number", "1"), []string{"complaints csv"}},
		{"the complaint is open", "complaint_close", drop, []string{"board json", "complaints pdf", "complaints csv", "report json"}},
		{"drawn by hand", "sample", func(l line) line { l["told"].(map[string]any)["drawn"] = false; return l }, []string{"board json", "report json", "figures json"}},
		{"a card without marks", "check", send("marks", []any{}), []string{"board json", "own json", "rates json"}},
		{"a card with a mark", "check", send("marks", []any{map[string]any{"item": "rude"}}), []string{"board json", "report json", "own json"}},
		{"nobody disputed", "dispute", drop, []string{"board json"}},
		{"a lawyer is away", "status", send("status", "away"), []string{"board json"}},
		{"another address", "describe", send("values", map[string]any{"20104": "x@example.cn"}), []string{"lawyers json", "lawyers csv", "lawyers xlsx", "users json"}},
		{"another lawyer has it", "see", func(l line) line { delete(l["told"].(map[string]any), "lawyer"); return l }, []string{"orders json", "load json"}},
		{"nobody had the warning", "warning_acknowledge", drop, []string{"alarms json", "running json"}},
		{"other words of the owner", "warning_acknowledge", send("words", "别的"), []string{"alarms json", "running json"}},
		{"nobody ended the warning", "warning_resolve", drop, []string{"alarms json"}},
		{"nobody answered", "answer", drop, []string{"alarms json", "running json", "clocks json", "rates json", "list json"}},
		{"another reason of an exclusion", "exclude", send("note", "别的"), []string{"exclusions json"}},
		{"nobody rated", "rate", drop, []string{"calls json", "alarms json", "list json"}},
		{"answered when it was not", "answer", func(l line) line { l["at"] = "2026-03-03T02:30:00+08:00"; return l }, []string{"draws json", "history json", "sample json"}},
		{"another type of problem", "ask", send("problem_type", "labour"), []string{"order json", "samples json", "results json"}},
		{"inspectors were told of another order", "sample", func(l line) line { l["order"] = "019caa20-0000-7000-8000-000000000000"; return l }, []string{"draws json", "samples json"}},
		{"other words of the answer", "answer", send("text", "别的"), []string{"order json", "sample json"}},
		{"a larger file", "upload", send("bytes", 7), []string{"order json"}},
		{"another summary for who came next", "pass", send("summary", "别的"), []string{"order json"}},
		{"read when it was not", "read", func(l line) line { l["at"] = "2026-03-04T23:00:00+08:00"; return l }, []string{"order json"}},
		{"another seed by hand", "hand_draw", send("seed", "1"), []string{"hand_draws json"}},
		{"a smaller share by hand", "hand_draw", send("percent", 1), []string{"hand_draws json"}},
		{"a day less by hand", "hand_draw", send("to", "2026-03-01"), []string{"hand_draws json"}},
		{"nobody was inspected before the draw by hand", "sample", drop, []string{"hand_draws json", "samples json", "results json", "sample json"}},
		{"other items on the card", "check", send("marks", []any{map[string]any{"item": "rude"}}), []string{"samples json", "results json", "sample json"}},
		{"other words of the card", "check", send("summary", "别的"), []string{"sample json"}},
		{"nobody disputed the result", "dispute", drop, []string{"samples json", "results json", "sample json"}},
		{"nobody read the answer", "read", drop, []string{"history json"}},
		{"nobody passed it on", "pass", drop, []string{"history json"}},
		{"other words of who passed it on", "pass", send("reason", "别的"), []string{"history json"}},
		{"no reply was refused", "answer", func(l line) line {
			if l["status"].(float64) != 422 {
				return l
			}
			return nil
		}, []string{"history json"}},
		{"a file of another kind", "ask", send("attachments", []any{map[string]any{"name": "a.gif"}}), []string{"history json"}},
		{"nobody asked back", "message", drop, []string{"history json"}},
		{"a row less was brought in", "import", func(l line) line {
			text := l.sent()["text"].(string)
			l.sent()["text"] = text[:strings.LastIndex(strings.TrimRight(text, "\n]}"), "\n")+1]
			return l
		}, []string{"imports json", "import json", "users csv", "users json"}},
		{"a file that was never run", "import_run", drop, []string{"imports json", "import json", "archive json", "archived json", "orders csv", "orders xlsx", "orders json", "users csv"}},
		{"a file that was not given up", "import_cancel", drop, []string{"imports json", "import json"}},
		{"another file", "import", send("text", "20101,20102,20103,20107\n甲,old.1,+8613700001001,web\n"), []string{"imports json", "import json", "archive json", "archived json"}},
		{"another old order was read", "archived", func(l line) line { l["told"].(map[string]any)["title"] = "别的"; return l }, []string{"archived json"}},
		{"a look is not in the log", "look", drop, []string{"board json", "own json"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			there := p.at(x.want...)
			p.control(t, there.altered(t, x.act, x.change), there.looks, x.want, differed)
		})
	}
	broken := append(slices.Clone(p.log), written{raw: []byte("{")})
	if _, err := recount.Compare(joined(broken), strings.NewReader("")); err == nil {
		t.Error("a broken line of the log is read over")
	}
}

// altered changes all lines of an act.
func (p played) altered(t *testing.T, act string, change func(line) line) (out []written) {
	t.Helper()
	changed := 0
	for _, x := range p.log {
		if x.Act != act {
			out = append(out, x)
			continue
		}
		var l line
		if err := json.Unmarshal(x.raw, &l); err != nil {
			t.Fatal(err)
		}
		changed++
		if l = change(l); l == nil {
			continue
		}
		b, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, written{raw: b})
	}
	if changed == 0 {
		t.Errorf("the log has no %s", act)
	}
	return out
}

// control wants differences in places, and notes where there are any.
func (p played) control(t *testing.T, log, looks []written, want []string, differed map[string]bool) {
	t.Helper()
	places := map[string]bool{}
	for _, d := range compared(t, log, looks).Differences {
		place, _, _ := strings.Cut(d.What, " of ")
		places[place], differed[place] = true, true
	}
	for _, w := range want {
		if !places[w] {
			t.Errorf("no difference in %s", w)
		}
	}
}

// alterLooks changes one figure that was shown, in each place and format, and adds
// one that nobody knows.
func (p played) alterLooks(t *testing.T, differed map[string]bool) {
	for _, x := range []struct{ what, format, old, new string }{
		{"board", "json", `"code":"consultations","group":"day"`, `"code":"consultations","num2":7,"group":"day"`},
		{"board", "json", `"figures":[`, `"figures":[{"code":"new_one","num":3},`},
		{"load", "json", `"load":`, `"load":9`}, {"load", "json", `"load":`, `"new_one":3,"load":`},
		{"alarms", "json", "已过 90 分钟", "已过 110 分钟"}, {"alarms", "json", `"escalated":`, `"new_one":3,"escalated":`}, {"alarms", "json", `"owner":"王敏"`, `"owner":"陈洁"`},
		{"alarms", "json", `"items":[{`, `"items":[{"id":"x"},{`}, {"running", "json", `"state":"open"`, `"state":"acknowledged"`}, {"running", "json", `"items":[`, `"new_one":3,"items":[`},
		{"list", "json", `"awaiting":true`, `"awaiting":false`}, {"list", "json", `"items":[{`, `"items":[{"id":"x"},{`}, {"list", "json", `"rev":`, `"new_one":3,"rev":`},
		{"clocks", "json", `"level":`, `"level":1`}, {"exclusions", "json", `"reason":"test"`, `"reason":"spam"`}, {"calls", "json", `"overdue":false`, `"overdue":true`},
		{"interventions", "json", `"items":[`, `"items":[{"id":"x"}`}, {"rates", "json", `"population":`, `"population":9`},
		{"rates", "json", `"sampled":`, `"sampled":9`}, {"rates", "json", `"sampled":`, `"new_one":3,"sampled":`},
		{"draws", "json", `"population":`, `"population":9`}, {"draws", "json", `"orders":["019`, `"orders":["01a`}, {"draws", "json", `"percent":5`, `"percent":4`},
		{"draws", "json", `"items":[`, `"items":[{"at":"2026-03-02T18:00:01Z","orders":["x"]},`}, {"draws", "json", `"same":true`, `"same":false`},
		{"draws", "json", `"leaf":`, `"new_one":3,"leaf":`}, {"hand_draws", "json", `"fresh":`, `"fresh":9`}, {"hand_draws", "json", `"seed":"`, `"seed":"0`}, {"hand_draws", "json", `"leaf":`, `"new_one":3,"leaf":`},
		{"samples", "json", `"state":"checked"`, `"state":"final"`}, {"samples", "json", `"due_at":"2026-03-10`, `"due_at":"2026-03-11`}, {"samples", "json", `"rev":`, `"new_one":3,"rev":`},
		{"results", "json", `"minor":true`, `"minor":false`}, {"results", "json", `"items":[{`, `"items":[{"id":"x"},{`}, {"results", "json", `"rev":`, `"new_one":3,"rev":`},
		{"sample", "json", `"round":1`, `"round":2`}, {"sample", "json", `"own_length":`, `"own_length":9`}, {"sample", "json", `"fatal":1`, `"fatal":2`}, {"sample", "json", `"round":`, `"new_one":3,"round":`},
		{"order", "json", `"passed_minutes":`, `"passed_minutes":9`}, {"order", "json", `"breach":false`, `"breach":true`}, {"order", "json", `"size":`, `"size":9`}, {"order", "json", `"rev":`, `"new_one":3,"rev":`},
		{"history", "json", "提交了咨询", "工单已结束"}, {"history", "json", "群众已查看答复", "系统发出通知"}, {"history", "json", `"items":[`, `"items":[{"at":"2026-03-02T00:00:00Z","sentence":"律师已答复"},`},
		{"history", "json", `"actor_role":"lawyer"`, `"actor_role":"staff"`}, {"history", "json", `"leaf":`, `"new_one":3,"leaf":`},
		{"imports", "json", `"kept":3`, `"kept":2`}, {"imports", "json", `"wrong":6`, `"wrong":5`}, {"imports", "json", `"rev":`, `"new_one":3,"rev":`},
		{"import", "json", `"rows":6`, `"rows":5`}, {"import", "json", `"key":"element.phone"`, `"key":"element.email"`}, {"import", "json", `"row":3`, `"row":4`}, {"import", "json", `"rev":`, `"new_one":3,"rev":`},
		{"archive", "json", `"state":"answered"`, `"state":"closed"`}, {"archive", "json", `"items":[{`, `"items":[{"id":"x"},{`}, {"archive", "json", `"org":`, `"new_one":3,"org":`},
		{"archived", "json", `"value":"0 CNY"`, `"value":"1 CNY"`}, {"archived", "json", `"at":"2021`, `"at":"2022`}, {"archived", "json", `"org":`, `"new_one":3,"org":`},
		{"orders", "json", `"20503":"劳动"`, `"20503":"债务"`}, {"orders", "csv", "拖欠工资", "拖欠租金"},
		{"report", "json", `"breaches":`, `"breaches":1`}, {"report", "json", `"date":`, `"new_one":3,"date":`},
		{"report", "csv", "\r\nrated,", "\r\nnew_one,X,3,,,,,,\r\nrated,"}, {"report", "csv", "满意率,", "满意率,9"},
		{"report", "xlsx", ">reply_rate<", ">other_rate<"},
		{"figures", "json", `"answered":`, `"answered":9`}, {"own", "json", `"answered":`, `"answered":9`}, {"own", "json", `"today":{`, `"today":{"new_one":1,`},
		{"callbacks", "csv", "已办结", "待办结"}, {"callbacks", "csv", "办结人\r\n", "办结人,新列\r\n"}, {"callbacks", "xlsx", ">已办结<", ">待办结<"},
		{"complaints", "csv", "投诉热线", "来信"}, {"complaints", "xlsx", ">投诉热线<", ">来信<"},
		{"users", "csv", "群众1,", "群众x,"}, {"users", "json", `"20107":"web"`, `"20107":"wap"`}, {"users", "xlsx", ">web<", ">wap<"},
		{"orders", "csv", "PT120M", "PT60M"}, {"orders", "json", "0 CNY", "1 CNY"}, {"orders", "json", `"flags":""`, `"flags":"","20599":"x"`}, {"orders", "xlsx", "PT120M", "PT60M"},
		{"lawyers", "csv", "李律师", "王律师"}, {"lawyers", "json", "李律师", "王律师"}, {"lawyers", "xlsx", "李律师", "王律师"},
		{"lawyers", "json", `"20209.labour":"1"`, `"20209.labour":"0"`},
	} {
		t.Run(x.what+" "+x.format+" "+x.new, func(t *testing.T) {
			there := p.at(x.what + " " + x.format)
			looks := there.looks
			changed := false
			for i := 0; i < len(looks) && !changed; i++ {
				var l map[string]any
				var body struct{ Body []byte }
				if err := errors.Join(json.Unmarshal(looks[i].raw, &l), json.Unmarshal(looks[i].raw, &body)); err != nil {
					t.Fatal(err)
				}
				l["body"] = replaced(t, x.format, body.Body, x.old, x.new)
				changed = !bytes.Equal(l["body"].([]byte), body.Body)
				b, err := json.Marshal(l)
				if err != nil {
					t.Fatal(err)
				}
				looks[i].raw = b
			}
			if !changed {
				t.Fatalf("%q is nowhere", x.old)
			}
			p.control(t, there.log, looks, []string{x.what + " " + x.format}, differed)
		})
	}
}

// replaced is a file with another text in it.
func replaced(t *testing.T, format string, b []byte, old, new string) []byte {
	t.Helper()
	if format != "xlsx" {
		return bytes.Replace(b, []byte(old), []byte(new), 1)
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w, found := zip.NewWriter(&out), false
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		part, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		found = found || bytes.Contains(part, []byte(old))
		to, err := w.Create(f.Name)
		if err == nil {
			_, err = to.Write(bytes.ReplaceAll(part, []byte(old), []byte(new)))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if !found {
		return b
	}
	return out.Bytes()
}
