// Package sheet reads and writes tables of text as CSV, XLSX and JSON, for data
// that is exchanged with other systems.
//
// base/paper writes documents for people; a sheet is for machines and comes back
// unchanged: Read of what a Writer wrote gives the same texts, whatever they
// are (newlines, formulas, apostrophes, characters that XML can't hold).
//
// Whoever sends a file is not trusted. What a caller may trust:
//
//   - Memory and time are bounded by Limits: what is inside a zip is counted
//     while it is unpacked, and never written to a disk. No macro, formula, link
//     or entity of a file is followed; a formula is its last value.
//   - A file is read whole or refused with a fault that says what to do, in
//     three languages, and never with what was submitted. A cell that can't be
//     read is told as such (Cell.Bad), with its row and column, and the rest goes
//     on, so that somebody can mend all of it at once.
//   - Nothing is guessed silently: merged cells are refused, a cell with a
//     spreadsheet's error (#REF!) is no text, a name that occurs twice is
//     refused.
//
// CSV is read as UTF-8, UTF-16 with its mark, or GB18030, with comma, semicolon
// or tab between the cells. It is written as UTF-8 with a byte order mark, which
// is how Excel knows it; a text that a spreadsheet would take for a formula gets
// an apostrophe (paper.Guard), which Read takes away again. XLSX is written with
// texts only, so no program ever sees a formula or rounds a number in it. The
// same rows give the same bytes.
//
// Dates: a number in a cell that is shown as a date is a date, counted from 1900
// or 1904 as the workbook says; any other number is its digits.
//
// Files: sheet.go, read_csv.go, read_xlsx.go (parts: xlsx_parts.go), read_json.go, write.go.
package sheet

import (
	"errors"
	"fmt"
	"slices"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/say"
)

// Format is a format of files.
type Format string

// The formats.
const (
	CSV  Format = "csv"
	XLSX Format = "xlsx"
	JSON Format = "json"
)

// Formats are all of them.
var Formats = []Format{CSV, XLSX, JSON}

// Valid tells whether f is a format.
func (f Format) Valid() bool { return slices.Contains(Formats, f) }

// Type is the media type of the format.
func (f Format) Type() string {
	switch f {
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case JSON:
		return "application/json"
	}
	return "text/csv; charset=utf-8"
}

// Limits bound what is read.
type Limits struct {
	Rows     int   // below the head
	Columns  int   // with something in them
	Cell     int   // bytes of one cell
	Unpacked int64 // bytes inside a zip, all parts together
}

// Full are the limits of an import: more than any export of ours has.
var Full = Limits{Rows: 200_000, Columns: 256, Cell: 64 << 10, Unpacked: 1 << 30}

// maxTexts bounds the texts that a workbook shares between its cells, which must
// be kept in memory.
const maxTexts = 192 << 20

// Row is a row of a table.
type Row struct {
	N     int      // as a spreadsheet counts it, the head included; of JSON from 1
	Names []string // heads of the columns; the same slice for all rows of CSV and XLSX
	Cells []Cell   // by Names; more than Names where the row is too long
}

// Cell is one cell.
type Cell struct {
	Text string
	Bad  string // text key of why it can't be read, or ""
}

// Read gives each row below the head to row, in order. head tells whether a row
// of names is the head that is looked for; of a workbook the first visible sheet
// with such a head among its first rows is read. An error of row ends it.
func Read(f Format, file []byte, l Limits, head func(names []string) bool, row func(Row) error) (err error) {
	defer func() { // a parser that panics on a hostile file must not take the house down
		if p := recover(); p != nil {
			err = fault.Wrap(fault.Invalid, "sheet.broken", fmt.Errorf("read a file: %v", p))
		}
	}()
	if len(file) == 0 {
		return refuse("sheet.empty")
	}
	switch f {
	case CSV:
		err = readCSV(file, l, head, row)
		if own, ok := errors.AsType[callers](err); ok {
			return own.error
		}
		return err
	case XLSX:
		return readXLSX(file, l, head, row)
	case JSON:
		return readJSON(file, l, row)
	}
	return refuse("sheet.format")
}

// headRows is how far down a head is looked for.
const headRows = 20

func refuse(key string) *fault.Fault { return fault.New(fault.Invalid, key) }

// blank tells whether a row has nothing in it.
func blank(cells []Cell) bool {
	return !slices.ContainsFunc(cells, func(c Cell) bool { return c.Text != "" || c.Bad != "" })
}

func texts(cells []Cell) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = c.Text
	}
	return out
}

// table counts rows and finds the head for CSV and XLSX.
type table struct {
	limits Limits
	head   func([]string) bool
	row    func(Row) error
	names  []string
	headAt int // row number of the head
	seen   int // rows that were looked at for it
	rows   int
}

// take is given each row that has something in it.
func (t *table) take(n int, cells []Cell) error {
	if t.names == nil {
		if t.seen++; t.seen > headRows {
			return errNoHead
		}
		if names := texts(cells); t.head(names) {
			t.names, t.headAt = names, n
		}
		return nil
	}
	if t.rows++; t.rows > t.limits.Rows {
		return refuse("sheet.too_many_rows").With("max", t.limits.Rows)
	}
	for i, c := range cells {
		if len(c.Text) > t.limits.Cell {
			cells[i] = Cell{Bad: "sheet.cell_too_long"}
		}
	}
	for len(cells) < len(t.names) {
		cells = append(cells, Cell{})
	}
	if err := t.row(Row{N: n, Names: t.names, Cells: cells}); err != nil {
		return callers{err}
	}
	return nil
}

// callers marks an error that the caller's own function gave.
type callers struct{ error }

// errNoHead says that a sheet has no head of the kind looked for.
var errNoHead = refuse("sheet.no_head")

func init() {
	say.Register(map[string]say.Texts{
		"sheet.empty":         {Hans: "文件是空的。请选择有内容的文件。", Hant: "檔案是空的。請選擇有內容的檔案。", En: "The file is empty. Choose one with something in it."},
		"sheet.format":        {Hans: "只能导入 CSV、XLSX 或 JSON 文件。", Hant: "只能匯入 CSV、XLSX 或 JSON 檔案。", En: "Only CSV, XLSX and JSON files can be imported."},
		"sheet.broken":        {Hans: "文件已损坏或不是所选格式，无法读取。请在表格软件中打开，另存为 XLSX 后再试。", Hant: "檔案已損壞或不是所選格式，無法讀取。請在試算表軟件中開啟，另存為 XLSX 後再試。", En: "The file is damaged or of another format and can't be read. Open it in a spreadsheet, save it as XLSX and try again."},
		"sheet.old_xls":       {Hans: "这是旧版 XLS 文件，或是加了密码的文件。请在表格软件中打开，去掉密码，另存为 XLSX 后再试。", Hant: "這是舊版 XLS 檔案，或是加了密碼的檔案。請在試算表軟件中開啟，移除密碼，另存為 XLSX 後再試。", En: "This is an old XLS file, or one with a password. Open it in a spreadsheet, take the password off, save it as XLSX and try again."},
		"sheet.no_head":       {Hans: "找不到表头。表头每格应以数据元编号开头，例如“20101 姓名”。请下载模板对照。", Hant: "找不到表頭。表頭每格應以數據元編號開頭，例如「20101 姓名」。請下載範本對照。", En: "No head was found. Each head begins with the number of its element, as in \"20101 Name\". Compare with the template."},
		"sheet.too_wide":      {Hans: "列数超过 {max} 列。请删去多余的列。", Hant: "欄數超過 {max} 欄。請刪去多餘的欄。", En: "There are more than {max} columns. Take out those that aren't needed."},
		"sheet.too_many_rows": {Hans: "行数超过 {max} 行。请分成几个文件导入。", Hant: "列數超過 {max} 列。請分成幾個檔案匯入。", En: "There are more than {max} rows. Import them in several files."},
		"sheet.too_large":     {Hans: "文件展开后过大，无法导入。请删去图片和多余的内容，或分成几个文件。", Hant: "檔案展開後過大，無法匯入。請刪去圖片和多餘的內容，或分成幾個檔案。", En: "Unpacked, the file is too large. Take out pictures and what isn't needed, or make several files of it."},
		"sheet.merged":        {Hans: "第 {row} 行有合并单元格，无法确定各行的值。请取消合并后再导入。", Hant: "第 {row} 列有合併儲存格，無法確定各列的值。請取消合併後再匯入。", En: "Row {row} has merged cells, so it is not certain what each row holds. Unmerge them and import again."},
		"sheet.encoding":      {Hans: "文字编码无法识别。请将文件另存为“CSV UTF-8”后再试。", Hant: "文字編碼無法識別。請將檔案另存為「CSV UTF-8」後再試。", En: "The encoding of the text is not recognised. Save the file as \"CSV UTF-8\" and try again."},
		"sheet.csv_line":      {Hans: "第 {line} 行的引号不成对。请改正后再试。", Hant: "第 {line} 行的引號不成對。請改正後再試。", En: "The quotation marks of line {line} don't match. Correct them and try again."},
		"sheet.json_rows":     {Hans: "JSON 应为对象的数组，或含有 rows 数组的对象。", Hant: "JSON 應為物件的陣列，或含有 rows 陣列的物件。", En: "The JSON must be an array of objects, or an object with an array rows."},
		"sheet.json_twice":    {Hans: "JSON 的第 {row} 个对象中有重复的名称。请改正后再试。", Hant: "JSON 的第 {row} 個物件中有重複的名稱。請改正後再試。", En: "Object {row} of the JSON has a name twice. Correct it and try again."},
		"sheet.cell_error":    {Hans: "这一格是表格软件的错误值（如 #REF!）。请改正公式或直接填写值。", Hant: "這一格是試算表軟件的錯誤值（如 #REF!）。請改正公式或直接填寫值。", En: "This cell holds a spreadsheet's error (like #REF!). Mend the formula or write the value."},
		"sheet.cell_type":     {Hans: "这里应为文字，不能是列表或对象。", Hant: "這裏應為文字，不能是清單或物件。", En: "A text belongs here, not a list or an object."},
		"sheet.cell_too_long": {Hans: "这一格的内容过长。请缩短。", Hant: "這一格的內容過長。請縮短。", En: "This cell holds too much. Shorten it."},
	})
}
