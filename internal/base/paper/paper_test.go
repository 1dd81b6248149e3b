package paper

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/say"
	"mingfa/web"
)

// hostile are texts that have broken writers of files.
var hostile = []string{
	"=1+1", "=cmd|' /C calc'!A0", "+86 138", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＠x", "'=1", "''=1", "'quoted'", "'",
	"a,b;c\"d\"", " lead and trail ", "line\nbreak", "line\r\nbreak", "cr\rcr", "", "_x0041_", "_x005F_x0041_", "_x005F_x005F_x0041_", "_x005F_x005F_x005F_x0041_", "_x0041_x0042_", "<b>&amp;</b>", "]]>", "{page}",
	"张三😀👩‍👩‍👧", "⼀一⼆二\u2126Ω\u00a0 é e\u0301", "אבג\u202eabc\u202c", "مرحبا", "\U0002070e\U00020bb7野家", strings.Repeat("很长的名字", 60), strings.Repeat("W", 400),
}

// broken hold what no file may hold.
var broken = map[string]string{"a\x00b": "a\u2400b", "a\x1b[31m": "a\u241b[31m", "\x7f": "\u2421", "\u0085": "\ufffd", "a\xffb": "a\ufffdb", "\ufffe": "\ufffd"}

var shanghai = time.FixedZone("Asia/Shanghai", 8*3600)

// sample is a document of everything, with rows of hostile texts.
func sample(rows int) *Doc {
	at := time.Date(2026, 3, 2, 17, 0, 0, 123e6, time.UTC)
	d := &Doc{Title: "公共法律服务日报 2026-03-02", Lang: say.Hans, At: at, Meta: []Line{{"机构", "广州市公共法律服务中心"}, {"依据", "=HYPERLINK(\"http://x\")"}}}
	t := Table{Title: "指标", Columns: []Column{{Head: "名称"}, {Head: "数量", Type: Wholes}, {Head: "分钟", Type: Decimals}, {Head: "比率", Type: Percents},
		{Head: "时间", Type: Moments, Zone: shanghai}, {Head: "说明"}}}
	for i := range rows {
		t.Rows = append(t.Rows, []Cell{Text(hostile[i%len(hostile)]), Whole(-5 + i), Hundredths(1250 * i), Percent{int64(i), 20}, Moment(at),
			Text("按受理后一百二十分钟内答复的咨询数除以应当答复的咨询数计算（B7.3.2.1）。")})
	}
	t.Rows = append(t.Rows, []Cell{None{}, None{}, None{}, Percent{}, None{}, None{}})
	d.Tables = []Table{t, {Title: "指标", Columns: []Column{{Head: "空表"}}}}
	return d
}

// font is that of the web build, or the test is skipped.
func font(t testing.TB) *Font {
	t.Helper()
	ttf := web.Font()
	if ttf == nil {
		t.Skip("no PDF is tested here: there is no font in web/font/dist; run make web")
	}
	f, err := NewFont(ttf)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// req: B7.3.2.1
func TestSameFiguresSameBytes(t *testing.T) {
	for name, write := range map[string]func(*Doc) ([]byte, error){"csv": CSV, "xlsx": XLSX, "pdf": nil} {
		t.Run(name, func(t *testing.T) {
			if name == "pdf" {
				f := font(t)
				write = func(d *Doc) ([]byte, error) { return PDF(d, f) }
			}
			first, err := write(sample(60))
			if err != nil {
				t.Fatal(err)
			}
			for range 4 {
				again, err := write(sample(60))
				if err != nil || !bytes.Equal(first, again) {
					t.Fatalf("the same document gives %d bytes, then other %d: %v", len(first), len(again), err)
				}
			}
			if year := fmt.Sprint(time.Now().Year()); year != "2026" && bytes.Contains(first, []byte("D:"+year)) {
				t.Error("the file has a date of now")
			}
		})
	}
}

func TestCSV(t *testing.T) {
	b, err := CSV(sample(len(hostile)))
	if err != nil || !bytes.HasPrefix(b, []byte("\ufeff")) || !bytes.HasSuffix(b, []byte("\r\n")) {
		t.Fatalf("%q %v", b[:min(len(b), 20)], err)
	}
	all, err := csv.NewReader(bytes.NewReader(b[3:])).ReadAll() // all records have the same number of fields
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(all[0], "|"); got != "公共法律服务日报 2026-03-02|||||" {
		t.Errorf("title %s", got)
	}
	for i, want := range hostile {
		row := all[6+i]
		if strings.Contains(want, "\r\n") {
			want = strings.ReplaceAll(want, "\r\n", "\n") // Go's reader makes them so
		}
		if strings.ContainsAny(row[0][:min(1, len(row[0]))], "=+-@\t\r\n") || Unguard(row[0]) != want {
			t.Errorf("%q is written %q", want, row[0])
		}
		if row[1] != fmt.Sprint(i-5) || row[4] != "2026-03-03T01:00:00.123+08:00" {
			t.Errorf("row %q", row)
		}
	}
	if row := all[6+2]; row[2] != "25.00" || row[3] != "10.00%" {
		t.Errorf("row %q", row)
	}
	if row := all[6+len(hostile)]; strings.Join(row, "|") != "|||n/a||" {
		t.Errorf("an empty row is %q", row)
	}
}

func FuzzUnguard(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		g := guard(s)
		if Unguard(g) != s {
			t.Errorf("%q becomes %q and then %q", s, g, Unguard(g))
		}
		if g != "" && strings.ContainsAny(g[:1], "=+-@\t\r\n") {
			t.Errorf("%q is still a formula", g)
		}
	})
}

func TestXLSX(t *testing.T) {
	d := sample(len(hostile))
	for s := range broken {
		d.Tables[0].Rows = append(d.Tables[0].Rows, []Cell{Text(s), None{}, None{}, None{}, None{}, None{}})
	}
	b, err := XLSX(d)
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // in memory
	if got := strings.Join(f.GetSheetList(), "|"); got != "公共法律服务日报 2026-03-02|指标|指标 2" {
		t.Errorf("sheets %s", got)
	}
	for i, row := range d.Tables[0].Rows {
		want, _ := row[0].(Text)
		ref := fmt.Sprintf("A%d", i+2)
		got, err := f.GetCellValue("指标", ref)
		formula, _ := f.GetCellFormula("指标", ref)
		if err != nil || formula != "" || got != plain(string(want)) {
			t.Errorf("%q is %q, formula %q, %v", want, got, formula, err)
		}
	}
	for ref, want := range map[string]string{"B2": "-5", "C4": "25", "D4": "0.1", "E1": "时间 (Asia/Shanghai)", "E2": "46084.04166809028"} {
		if got, err := f.GetCellValue("指标", ref, excelize.Options{RawCellValue: true}); err != nil || got != want {
			t.Errorf("%s is %s, wanted %s (%v)", ref, got, want, err)
		}
		if kind, _ := f.GetCellType("指标", ref); (kind == excelize.CellTypeSharedString) != (ref == "E1") {
			t.Errorf("%s is of type %v", ref, kind)
		}
	}
	d.Tables[0].Rows[0][0] = Text(strings.Repeat("法", maxCell+1))
	if _, err := XLSX(d); err != ErrTooLong {
		t.Errorf("a text that is too long: %v", err)
	}
}

func TestSheetNames(t *testing.T) {
	b := &book{names: map[string]bool{}}
	for _, x := range [][2]string{{"a/b:c", "a b c"}, {"A B C", "A B C 2"}, {"", "-"}, {"[]'", "- 2"}, {strings.Repeat("名", 40), strings.Repeat("名", 31)},
		{strings.Repeat("名", 40), strings.Repeat("名", 29) + " 2"}, {strings.Repeat("😀", 20), strings.Repeat("😀", 15)}} {
		if got := b.name(x[0]); got != x[1] {
			t.Errorf("%q is the sheet %q, wanted %q", x[0], got, x[1])
		}
	}
}

// The PDF is read back by pdftotext where it is there, and drawn into
// MINGFA_TESTDATA for whoever wants to look.
func TestPDF(t *testing.T) {
	d := sample(3 * len(hostile))
	b, err := PDF(d, font(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(b) > 400<<10 {
		t.Errorf("%d pages or so have %d bytes: is the font subset?", 10, len(b))
	}
	if !bytes.Contains(b, []byte("/CreationDate (D:20260302170000")) {
		t.Error("the date is not that of the document")
	}
	file := filepath.Join(t.TempDir(), "sample.pdf")
	if dir := os.Getenv("MINGFA_TESTDATA"); dir != "" {
		file = filepath.Join(dir, "sample.pdf")
	}
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("what the PDF says is not read back: there is no pdftotext here (poppler-utils)")
	}
	out, err := exec.Command("pdftotext", "-layout", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	text := string(out)
	pages := strings.Split(strings.TrimSuffix(text, "\f"), "\f")
	for i, page := range pages {
		if want := fmt.Sprintf("第 %d 页，共 %d 页", i+1, len(pages)); !strings.Contains(page, want) || !strings.Contains(page, "名称") {
			t.Errorf("page %d has no number %q or no head:\n%s", i+1, want, page)
		}
	}
	solid := regexp.MustCompile(`\s+`).ReplaceAllString(text, "")
	for word, n := range map[string]int{"n/a": 1, "[U+1F600]": 3, "[U+2070E]": 3, "2026-03-0301:00:00+08:00": 3 * len(hostile), "=1+1": 3, "很长的名字": 3, "空表": 1} {
		if got := strings.Count(solid, word); got < n {
			t.Errorf("%q stands %d times, wanted %d", word, got, n)
		}
	}
	if n := strings.Count(text, "W"); n != 3*400 {
		t.Errorf("of a long word %d letters are there", n)
	}
}

func TestPDFWithoutFont(t *testing.T) {
	if _, err := PDF(sample(1), nil); !fault.Is(err, fault.Unavailable) {
		t.Errorf("without a font: %v", err)
	}
	for _, bad := range [][]byte{nil, []byte("OTTO00000000"), bytes.Repeat([]byte{0, 1, 0, 0}, 30), append([]byte{0, 1, 0, 0, 255, 255}, make([]byte, 50)...)} {
		if _, err := NewFont(bad); err == nil {
			t.Errorf("%q is taken for a font", bad)
		}
	}
}

// A row that is higher than a page goes on on the next.
func TestRowHigherThanAPage(t *testing.T) {
	long := strings.Repeat("甲乙丙丁戊己庚辛壬癸", 600)
	d := &Doc{Title: "长", Lang: say.En, Tables: []Table{{Columns: []Column{{Head: "a"}, {Head: "b", Type: Wholes}}, Rows: [][]Cell{{Text(long), Whole(1)}}}}}
	b, err := PDF(d, font(t))
	if err != nil || bytes.Count(b, []byte("/Type /Page\n")) < 2 {
		t.Errorf("%d bytes on one page, %v", len(b), err)
	}
}

// Twenty columns of long words fit, more are refused, and a head that is higher
// than a page comes to an end.
func TestManyColumns(t *testing.T) {
	f := font(t)
	for _, n := range []int{1, 2, maxCols, maxCols + 1} {
		table := Table{Rows: [][]Cell{nil}}
		for i := range n {
			table.Columns = append(table.Columns, Column{Head: strings.Repeat("头", 40*i)})
			table.Rows[0] = append(table.Rows[0], Text(strings.Repeat("W", 20*i)))
		}
		_, err := PDF(&Doc{Tables: []Table{table}}, f)
		if (err != nil) != (n > maxCols) {
			t.Errorf("%d columns: %v", n, err)
		}
	}
	if _, err := PDF(&Doc{Tables: []Table{{Columns: []Column{{Head: strings.Repeat("头", 9000)}}, Rows: [][]Cell{{Text(strings.Repeat("法", 9000))}}}}}, f); err != nil {
		t.Error(err)
	}
	for _, x := range [][3][]float64{
		{{10, 20}, {5, 5}, {100.0 / 3, 200.0 / 3}}, {{10, 200}, {10, 20}, {10, 90}}, {{100, 100}, {90, 90}, {50, 50}}, {{4, 400}, {4, 300}, {4, 96}},
	} {
		got := widths(x[0], x[1], 100)
		for i := range got {
			if d := got[i] - x[2][i]; d < -1e-9 || d > 1e-9 {
				t.Errorf("widths of %v, at least %v: %v, wanted %v", x[0], x[1], got, x[2])
			}
		}
	}
}

func TestRowsFitColumns(t *testing.T) {
	for name, d := range map[string]*Doc{
		"too few":    {Tables: []Table{{Columns: []Column{{}, {}}, Rows: [][]Cell{{Text("")}}}}},
		"nil":        {Tables: []Table{{Columns: []Column{{}}, Rows: [][]Cell{{nil}}}}},
		"wrong type": {Tables: []Table{{Columns: []Column{{Type: Wholes}}, Rows: [][]Cell{{Text("1")}}}}},
	} {
		for _, write := range []func(*Doc) ([]byte, error){CSV, XLSX, func(d *Doc) ([]byte, error) { return PDF(d, nil) }} {
			if b, err := write(d); err == nil || b != nil || fault.Is(err, fault.Unavailable) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestPlain(t *testing.T) {
	for s, want := range broken {
		if got := plain(s); got != want {
			t.Errorf("%q is %q, wanted %q", s, got, want)
		}
	}
}

// req: T6
func TestPercent(t *testing.T) {
	for want, p := range map[string]Percent{"n/a": {1, 0}, "95.00%": {19, 20}, "33.33%": {1, 3}, "66.67%": {2, 3}, "0.01%": {1, 20000}, "0.00%": {1, 20001}, "100.00%": {7, 7}} {
		if p.String() != want {
			t.Errorf("%v is %s, wanted %s", p, p, want)
		}
	}
	if got := Hundredths(-1205).String(); got != "-12.05" {
		t.Error(got)
	}
}

func TestWrap(t *testing.T) {
	one := metric(func(r rune) float64 {
		if wide(r) {
			return 2
		}
		return 1
	})
	for _, x := range []struct {
		s     string
		width float64
		want  string
	}{
		{"", 5, ""}, {"a\n\nb", 5, "a||b"}, {"aa bb cc", 5, "aa bb|cc"}, {"aaaaaaa", 3, "aaa|aaa|a"}, {"法律服务", 5, "法律|服务"},
		{"法律，服务", 5, "法|律，|服务"}, {"甲（乙）丙", 8, "甲（乙）|丙"}, {"reply_rate", 6, "reply_|rate"}, {"x   y", 2, "x|y"}, {"法", 1, "法"},
	} {
		if got := strings.Join(wrap(x.s, x.width, one), "|"); got != x.want {
			t.Errorf("%q in %v is %q, wanted %q", x.s, x.width, got, x.want)
		}
	}
}
