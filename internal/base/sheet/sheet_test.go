package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/paper"
	"mingfa/internal/base/text"
)

var heads = []Head{{"20101", "20101 姓名"}, {"20103", "20103 手机号"}, {"20106", "20106 详细地址"}}

func isHead(names []string) bool { return strings.HasPrefix(names[0], "20101") }

func write(t testing.TB, f Format, rows [][]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := NewWriter(f, &b, "users", heads)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := w.Row(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func read(f Format, file []byte) (out [][]string, bad []string, err error) {
	err = Read(f, file, Full, isHead, func(r Row) error {
		cells := texts(r.Cells)
		out = append(out, cells)
		for _, c := range r.Cells {
			if c.Bad != "" {
				bad = append(bad, fmt.Sprintf("%d %s", r.N, c.Bad))
			}
		}
		return nil
	})
	return out, bad, err
}

func key(err error) string {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f.Key
	}
	return fmt.Sprint(err)
}

// Texts that have broken writers and readers of files.
var hostile = []string{"=1+1", "+86 138", "-2+3", "@SUM(A1)", "\t=1", "\n=1", "＝1+1", "'=1", "''=1", "'", "''", "a,b;c\"d\"", " lead and trail ", "line\nbreak",
	"_x0041_", "_x005F_x0041_", "_x0041_x0042_", "_x005F_x005F_", "<b>&amp;</b>", "]]>", "\ufffe\uffff", "\u200b\ufeff", "😀𠮷", "000123", "1e5", "TRUE", "#N/A", "null", "{", "1900-02-29", strings.Repeat("问", 512)}

// req: BB.20101 what is exported comes back, whatever it is, and is the same
// bytes the second time.
func TestThereAndBack(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	any := func() string {
		if rng.IntN(2) == 0 {
			return hostile[rng.IntN(len(hostile))]
		}
		var b strings.Builder
		for range rng.IntN(12) {
			b.WriteRune([]rune("a中='\"\n\t,;_x0 é-+@😀\ufffe")[rng.IntN(19)])
		}
		s, err := text.Clean(b.String())
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for _, f := range Formats {
		var rows [][]string
		for range 400 {
			if r := []string{any(), any(), any()}; strings.Join(r, "") != "" {
				rows = append(rows, r)
			}
		}
		file := write(t, f, rows)
		if !bytes.Equal(file, write(t, f, rows)) {
			t.Errorf("%s: the same rows are other bytes", f)
		}
		got, bad, err := read(f, file)
		if err != nil || len(bad) > 0 || len(got) != len(rows) {
			t.Fatalf("%s: %d of %d rows, %v %v", f, len(got), len(rows), bad, err)
		}
		for i := range rows {
			if !slices.Equal(got[i], rows[i]) {
				t.Fatalf("%s row %d: %q became %q", f, i, rows[i], got[i])
			}
		}
	}
}

// Another program reads what we write, and sees texts.
func TestAnotherProgramReadsOurs(t *testing.T) {
	var rows [][]string
	for _, s := range hostile {
		if !strings.ContainsAny(s, "\ufffe\uffff") && !strings.Contains(s, "_x") {
			rows = append(rows, []string{s, "x", ""})
		}
	}
	f, err := excelize.OpenReader(bytes.NewReader(write(t, XLSX, rows)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for i, r := range rows {
		ref := fmt.Sprintf("A%d", i+2)
		if got, err := f.GetCellValue("users", ref); err != nil || got != r[0] {
			t.Errorf("%s: %q, want %q (%v)", ref, got, r[0], err)
		}
		if formula, _ := f.GetCellFormula("users", ref); formula != "" {
			t.Errorf("%s is a formula", ref)
		}
	}
}

// And we read what another program writes: numbers, dates of both systems,
// booleans, errors, shared and rich texts, formulas, hidden sheets.
func TestOursReadsAnotherProgram(t *testing.T) {
	for _, y1904 := range []bool{false, true} {
		f := excelize.NewFile()
		f.SetSheetName("Sheet1", "notes")
		f.SetCellValue("notes", "A1", "nothing of ours")
		f.NewSheet("hidden")
		f.SetSheetRow("hidden", "A1", &[]string{"20101", "20103"})
		f.SetSheetRow("hidden", "A2", &[]string{"wrong", "wrong"})
		f.SetSheetVisible("hidden", false)
		f.NewSheet("data")
		f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &y1904})
		f.SetSheetRow("data", "A1", &[]string{"Title"})
		f.SetSheetRow("data", "A3", &[]string{"20101 姓名", "20103", "20106"})
		day, minute := "yyyy\"年\"m\"月\"d\"日\"", 22
		asDay, _ := f.NewStyle(&excelize.Style{CustomNumFmt: &day})
		asTime, _ := f.NewStyle(&excelize.Style{NumFmt: minute})
		at := time.Date(2021, 11, 20, 6, 30, 0, 0, time.UTC)
		f.SetCellValue("data", "A4", 13800138000)
		f.SetCellValue("data", "B4", at.Truncate(24*time.Hour))
		f.SetCellStyle("data", "B4", "B4", asDay)
		f.SetCellValue("data", "C4", at)
		f.SetCellStyle("data", "C4", "C4", asTime)
		f.SetCellValue("data", "A6", true)
		f.SetCellRichText("data", "B6", []excelize.RichTextRun{{Text: "张"}, {Text: "三"}})
		f.SetCellFormula("data", "C6", "1+1")
		var b bytes.Buffer
		if err := f.Write(&b); err != nil {
			t.Fatal(err)
		}
		got, bad, err := read(XLSX, b.Bytes())
		want := [][]string{{"13800138000", "2021-11-20", "2021-11-20 06:30:00"}, {"1", "张三", ""}}
		if err != nil || len(bad) > 0 || len(got) != 2 || !slices.Equal(got[0], want[0]) || !slices.Equal(got[1], want[1]) {
			t.Errorf("1904 %v: %q %v %v", y1904, got, bad, err)
		}
	}
}

// workbook zips parts around a sheet's XML.
func workbook(sheet string, more map[string]string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	parts := map[string]string{"xl/worksheets/sheet1.xml": sheet,
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="x/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="x/styles" Target="/xl/styles.xml"/></Relationships>`}
	for name, body := range more {
		parts[name] = body
	}
	for name, body := range parts {
		w, _ := z.Create(name)
		w.Write([]byte(body))
	}
	z.Close()
	return b.Bytes()
}

const headXML = `<row r="1"><c r="A1" t="inlineStr"><is><t>20101</t></is></c><c r="B1" t="inlineStr"><is><t>20103</t></is></c></row>`

func sheetXML(rows string) string {
	return `<worksheet><sheetData>` + headXML + rows + `</sheetData></worksheet>`
}

func TestHostileWorkbooks(t *testing.T) {
	nested := strings.Repeat("<row>", 50_000)
	cell := `<c r="A2"><v>1</v></c>`
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"not a zip":            {[]byte("PK\x03\x04 nothing"), "sheet.broken"},
		"an old xls":           {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "sheet.old_xls"},
		"another zip":          {workbookWithout(), "sheet.broken"},
		"no sheet":             {workbook("", map[string]string{"xl/workbook.xml": "<workbook/>"}), "sheet.no_head"},
		"no head":              {workbook("<worksheet/>", nil), "sheet.no_head"},
		"cut":                  {workbook("<worksheet><sheetData>"+headXML+`<row r="2">`, nil), "sheet.broken"},
		"broken XML":           {workbook(sheetXML("<row <<<"), nil), "sheet.broken"},
		"entities":             {workbook(`<!DOCTYPE x [<!ENTITY a "aaaa">]>`+sheetXML(`<row r="2"><c r="A2" t="str"><v>&a;</v></c></row>`), nil), "sheet.broken"},
		"deep":                 {workbook(sheetXML(nested), nil), "sheet.broken"},
		"rows backwards":       {workbook(sheetXML(`<row r="9">`+strings.ReplaceAll(cell, "A2", "A9")+`</row><row r="2">`+cell+`</row>`), nil), "sheet.broken"},
		"a cell twice":         {workbook(sheetXML(`<row r="2">`+cell+cell+`</row>`), nil), "sheet.broken"},
		"a column beyond all":  {workbook(sheetXML(`<row r="2"><c r="ZZZZ2"><v>1</v></c></row>`), nil), "sheet.broken"},
		"too wide":             {workbook(sheetXML(`<row r="2"><c r="XFD2"><v>1</v></c></row>`), nil), "sheet.too_wide"},
		"a row beyond all":     {workbook(sheetXML(`<row r="99999999"><c><v>1</v></c></row>`), nil), "sheet.broken"},
		"merged":               {workbook(strings.Replace(sheetXML(`<row r="2">`+cell+`</row>`), "</worksheet>", `<mergeCells><mergeCell ref="A2:A3"/></mergeCells></worksheet>`, 1), nil), "sheet.merged"},
		"a part twice":         {twice(), "sheet.broken"},
		"a text that is not":   {workbook(sheetXML(`<row r="2"><c r="A2" t="s"><v>7</v></c></row>`), nil), "<nil>"},
		"an error value":       {workbook(sheetXML(`<row r="2"><c r="A2" t="e"><v>#REF!</v></c></row>`), nil), "<nil>"},
		"a hole of rows":       {workbook(sheetXML(`<row r="1048576"><c r="A1048576"><v>1</v></c></row>`), nil), "<nil>"},
		"an outside reference": {workbook("", map[string]string{"_rels/.rels": `<Relationships><Relationship Type="x/officeDocument" Target="../../../etc/passwd"/></Relationships>`}), "sheet.broken"},
	} {
		_, bad, err := read(XLSX, c.file)
		if key(err) != c.want {
			t.Errorf("%s: %v, want %s", name, key(err), c.want)
		}
		if (name == "an error value" || name == "a text that is not") && !slices.Equal(bad, []string{"2 sheet.cell_error"}) {
			t.Errorf("%s: %v", name, bad)
		}
	}
}

func workbookWithout() []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, _ := z.Create("word/document.xml")
	w.Write([]byte("<x/>"))
	z.Close()
	return b.Bytes()
}

func twice() []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for range 2 {
		w, _ := z.Create("xl/workbook.xml")
		w.Write([]byte("<workbook/>"))
	}
	z.Close()
	return b.Bytes()
}

// A small file that unpacks to very much ends at the limit, with little memory.
func TestZipBombs(t *testing.T) {
	zeros := strings.Repeat(" ", 64<<20)
	shared := `<sst>` + strings.Repeat(`<si><t>`+strings.Repeat("a", 1<<20)+`</t></si>`, 64) + `</sst>`
	small := Limits{Rows: 1000, Columns: 64, Cell: 1000, Unpacked: 16 << 20}
	for name, file := range map[string][]byte{
		"sheet":  workbook("<worksheet>"+zeros+"</worksheet>", nil),
		"shared": workbook(sheetXML(""), map[string]string{"xl/sharedStrings.xml": shared}),
		"styles": workbook(sheetXML(""), map[string]string{"xl/styles.xml": "<styleSheet>" + zeros + "</styleSheet>"}),
	} {
		runtime.GC()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := Read(XLSX, file, small, isHead, func(Row) error { return nil })
		runtime.ReadMemStats(&after)
		if key(err) != "sheet.too_large" {
			t.Errorf("%s: %v", name, err)
		}
		if got := after.TotalAlloc - before.TotalAlloc; got > 256<<20 {
			t.Errorf("%s took %d MiB", name, got>>20)
		}
	}
	lying := slices.Clone(workbook(sheetXML(strings.Repeat(`<row><c><v>1</v></c></row>`, 1000)), nil))
	binary.LittleEndian.PutUint32(lying[22:], 3) // the size of the first part, as its head tells it
	if _, _, err := read(XLSX, lying); err != nil && key(err) != "sheet.broken" {
		t.Error(err)
	}
}

func TestLimits(t *testing.T) {
	rows := [][]string{{"a", "b", "c"}, {"d", "e", "f"}, {"g", "h", "i"}}
	for _, f := range Formats {
		file := write(t, f, rows)
		for _, c := range []struct {
			l    Limits
			want string
		}{
			{Limits{3, 3, 100, 1 << 20}, "<nil>"}, {Limits{2, 3, 100, 1 << 20}, "sheet.too_many_rows"}, {Limits{3, 2, 100, 1 << 20}, "sheet.too_wide"},
		} {
			if err := Read(f, file, c.l, isHead, func(Row) error { return nil }); key(err) != c.want {
				t.Errorf("%s %v: %v, want %s", f, c.l, key(err), c.want)
			}
		}
		stop := errors.New("stop")
		if err := Read(f, file, Full, isHead, func(Row) error { return stop }); err != stop {
			t.Errorf("%s: the caller's error became %v", f, err)
		}
	}
}

func TestCSV(t *testing.T) {
	gb, _ := simplifiedchinese.GB18030.NewEncoder().String("20101 姓名,20103\n张三𠮷,138\n")
	utf16le := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune("20101\t20103\n张三𠮷\t138\n")) {
		utf16le = append(utf16le, byte(u), byte(u>>8))
	}
	for name, c := range map[string]struct {
		file, want string
	}{
		"GB18030":         {gb, "[[张三𠮷 138]] <nil>"},
		"UTF-16":          {string(utf16le), "[[张三𠮷 138]] <nil>"},
		"semicolons":      {"20101;20103\r\n张三𠮷;138\r\n", "[[张三𠮷 138]] <nil>"},
		"a title first":   {"名单\n\n20101,20103\n张三𠮷,138\n", "[[张三𠮷 138]] <nil>"},
		"empty rows":      {"20101,20103\n,\n\n张三𠮷,138\n,,\n", "[[张三𠮷 138]] <nil>"},
		"a short row":     {"20101,20103\n张三𠮷\n", "[[张三𠮷 ]] <nil>"},
		"a long row":      {"20101,20103\n张三𠮷,138,x\n", "[[张三𠮷 138 x]] <nil>"},
		"an open quote":   {"20101,20103\n\"张三𠮷,138\n", "[] sheet.csv_line"},
		"a quote inside":  {"20101,20103\n张\"三,138\n", "[] sheet.csv_line"},
		"no head":         {"name,phone\na,b\n", "[] sheet.no_head"},
		"nothing":         {"", "[] sheet.empty"},
		"NUL":             {"20101\na\x00b\n", "[] sheet.encoding"},
		"neither":         {"20101\n\xff\xff\xff\n", "[] sheet.encoding"},
		"half a UTF-16":   {"\xff\xfe2", "[] sheet.encoding"},
		"an apostrophe":   {"20101,20103\n'=1,'x\n", "[[=1 'x]] <nil>"},
		"a newline in it": {"20101,20103\n\"a\nb\",1\n", "[[a\nb 1]] <nil>"},
	} {
		got, _, err := read(CSV, []byte(c.file))
		if s := fmt.Sprintf("%v %v", got, key(err)); s != c.want {
			t.Errorf("%s: %s, want %s", name, s, c.want)
		}
	}
}

// A row has the number under which a spreadsheet shows it.
func TestRowNumbers(t *testing.T) {
	var ns []int
	err := Read(CSV, []byte("20101\n\"a\nb\nc\"\n\nd\n\"e\nf\"\ng\n"), Full, isHead, func(r Row) error { ns = append(ns, r.N); return nil })
	if err != nil || !slices.Equal(ns, []int{2, 4, 5, 6}) {
		t.Errorf("%v %v", ns, err)
	}
}

func TestJSON(t *testing.T) {
	for in, want := range map[string]string{
		`[{"20101":"a"}]`: "[[a]] <nil>", `{"rows":[{"20101":"a"}]}`: "[[a]] <nil>", `{"x":{"y":[1]},"rows":[{"20101":1.50,"b":true,"c":null}],"z":0}`: "[[1.50 1 ]] <nil>",
		"\ufeff[{\"20101\":\"a\"}]": "[[a]] <nil>", `[]`: "[] <nil>", `[{}]`: "[] <nil>",
		`{}`: "[] sheet.json_rows", `{"rows":{}}`: "[] sheet.json_rows", `{"rows":[],"rows":[]}`: "[] sheet.json_rows", `"x"`: "[] sheet.json_rows", `[1]`: "[] sheet.json_rows", `[[]]`: "[] sheet.json_rows",
		`[{"a":"1","a":"2"}]`: "[] sheet.json_twice", `[{"a":`: "[] sheet.broken", `[{"a":"b"}`: "[[b]] sheet.broken", `[{"a":"b"}]x`: "[[b]] sheet.broken", `[{"a":"b"}][]`: "[[b]] sheet.broken",
		`[{"a":"\ud800"}]`: "[] sheet.encoding", `[{"a":"\ude00\ud83d"}]`: "[] sheet.encoding", `[{"a":"\ud83d\ude00 \\ud800"}]`: `[[😀 \ud800]] <nil>`, "[{\"a\":\"\xff\"}]": "[] sheet.encoding",
		strings.Repeat("[", 100_000): "[] sheet.json_rows", `{"x":` + strings.Repeat("[", 100_000): "[] sheet.broken", `[{"a":` + strings.Repeat("[", 100_000): "[] sheet.broken",
		`[{"a":{"b":["c"]},"d":"e"}]`: "[[ e]] <nil>", `[{"a":"b",}]`: "[] sheet.broken", `[{"a":"b"},]`: "[[b]] sheet.broken",
	} {
		got, _, err := read(JSON, []byte(in))
		if s := fmt.Sprintf("%v %v", got, key(err)); s != want {
			t.Errorf("%.60q: %s, want %s", in, s, want)
		}
	}
}

// What we take out of a guarded cell is what was put in.
func TestGuard(t *testing.T) {
	for _, s := range hostile {
		if g := paper.Guard(s); paper.Unguard(g) != s {
			t.Errorf("%q becomes %q", s, paper.Unguard(g))
		}
	}
}

// Whatever a file holds: no panic, and each cell is told as a text or as bad.
func FuzzRead(f *testing.F) {
	rows := [][]string{{"a", "=1", "\n"}, {"张三", "138", ""}}
	for i, format := range Formats {
		f.Add(i, write(f, format, rows))
	}
	f.Add(1, workbook(sheetXML(`<row r="2"><c r="A2" t="s"><v>0</v></c></row>`), map[string]string{"xl/sharedStrings.xml": `<sst><si><r><t>a</t></r><rPh><t>b</t></rPh></si></sst>`}))
	f.Add(0, []byte("20101;20103\r\n\"a\nb\";'=1\r\n"))
	f.Fuzz(func(t *testing.T, format int, file []byte) {
		if format < 0 || format >= len(Formats) {
			return
		}
		small := Limits{Rows: 1000, Columns: 64, Cell: 4096, Unpacked: 4 << 20}
		err := Read(Formats[format], file, small, func(names []string) bool { return len(names) > 0 }, func(r Row) error {
			if r.N < 1 || len(r.Cells) < len(r.Names) || len(r.Cells) > 1<<14 {
				t.Errorf("row %d has %d cells for %d names", r.N, len(r.Cells), len(r.Names))
			}
			return nil
		})
		if f, ok := errors.AsType[*fault.Fault](err); err != nil && (!ok || f.Kind != fault.Invalid || f.Err != nil) {
			t.Errorf("%v", err)
		}
	})
}

// FuzzSheet changes the XML inside a workbook, which fuzzing the zip hardly reaches.
func FuzzSheet(f *testing.F) {
	f.Add(sheetXML(`<row r="2"><c r="A2" t="str"><f>1+1</f><v>_x000D_</v></c><c t="b"><v>1</v></c></row>`), `<sst><si><t>a</t></si></sst>`, `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="yyyy"/></numFmts><cellXfs><xf numFmtId="170"/></cellXfs></styleSheet>`)
	f.Fuzz(func(t *testing.T, sheet, shared, styles string) {
		err := Read(XLSX, workbook(sheet, map[string]string{"xl/sharedStrings.xml": shared, "xl/styles.xml": styles}), Full, isHead, func(Row) error { return nil })
		if f, ok := errors.AsType[*fault.Fault](err); err != nil && (!ok || f.Err != nil) {
			t.Errorf("%v", err)
		}
	})
}
