package exchange

import (
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
)

// The facts of an import. Subject and root are the import, unless said otherwise;
// kinds and field names are permanent.

// Code is a code of ours in a fact: a table, a format.
type Code string

// UploadedFact: a file was taken, to be checked. Its name is sealed.
type UploadedFact struct {
	Table  Code  `json:"table"`
	Format Code  `json:"format"`
	Bytes  int64 `json:"bytes"`
}

// CheckedFact: it was looked through; with faults it is refused.
type CheckedFact struct {
	Rows  int64 `json:"rows"`
	Wrong int64 `json:"wrong"`
}

// StartedFact: somebody had it run.
type StartedFact struct {
	Rows int64 `json:"rows"`
}

// KeptFact: so many rows are kept, from this one on. Each is a sealed text of the
// fact, named by its number.
type KeptFact struct {
	From int64 `json:"from"`
	Rows int64 `json:"rows"`
}

// DoneFact: all rows are kept, and from now on seen.
type DoneFact struct {
	Rows int64 `json:"rows"`
}

// CancelledFact: it was given up; what was kept of it is destroyed.
type CancelledFact struct {
	Kept int64 `json:"kept"`
}

// ExportedFact: somebody took rows away as a file. Its subject is its own.
type ExportedFact struct {
	Table  Code  `json:"table"`
	Format Code  `json:"format"`
	Rows   int64 `json:"rows"`
}

// RecordErasedFact: an imported row was erased; its subject is the row.
type RecordErasedFact struct {
	Import id.ID `json:"import"`
}

// Kind names the fact.
func (UploadedFact) Kind() string { return "exchange.uploaded" }

// Kind names the fact.
func (CheckedFact) Kind() string { return "exchange.checked" }

// Kind names the fact.
func (StartedFact) Kind() string { return "exchange.started" }

// Kind names the fact.
func (KeptFact) Kind() string { return "exchange.kept" }

// Kind names the fact.
func (DoneFact) Kind() string { return "exchange.done" }

// Kind names the fact.
func (CancelledFact) Kind() string { return "exchange.cancelled" }

// Kind names the fact.
func (ExportedFact) Kind() string { return "exchange.exported" }

// Kind names the fact.
func (RecordErasedFact) Kind() string { return "exchange.record_erased" }

func init() {
	journal.Register("exchange.see",
		func() journal.Event { return UploadedFact{} }, func() journal.Event { return CheckedFact{} }, func() journal.Event { return StartedFact{} },
		func() journal.Event { return KeptFact{} }, func() journal.Event { return DoneFact{} }, func() journal.Event { return CancelledFact{} },
		func() journal.Event { return ExportedFact{} }, func() journal.Event { return RecordErasedFact{} })
	say.Register(map[string]say.Texts{
		"fact.exchange.uploaded":      {Hans: "上传了待导入的文件（{bytes} 字节）", Hant: "上載了待匯入的檔案（{bytes} 位元組）", En: "A file to be imported was uploaded ({bytes} bytes)"},
		"fact.exchange.checked":       {Hans: "文件已检查：{rows} 行，{wrong} 处有误", Hant: "檔案已檢查：{rows} 列，{wrong} 處有誤", En: "The file was checked: {rows} rows, {wrong} faults"},
		"fact.exchange.started":       {Hans: "开始导入 {rows} 行", Hant: "開始匯入 {rows} 列", En: "The import of {rows} rows was started"},
		"fact.exchange.kept":          {Hans: "自第 {from} 行起已保存 {rows} 行", Hant: "自第 {from} 列起已儲存 {rows} 列", En: "{rows} rows were kept, from row {from} on"},
		"fact.exchange.done":          {Hans: "导入完成，共 {rows} 行", Hant: "匯入完成，共 {rows} 列", En: "The import is done: {rows} rows"},
		"fact.exchange.cancelled":     {Hans: "导入已取消，已保存的 {kept} 行已销毁", Hant: "匯入已取消，已儲存的 {kept} 列已銷毀", En: "The import was cancelled; the {kept} rows kept so far were destroyed"},
		"fact.exchange.exported":      {Hans: "导出了 {rows} 行（{table}，{format}）", Hant: "匯出了 {rows} 列（{table}，{format}）", En: "{rows} rows were exported ({table}, {format})"},
		"fact.exchange.record_erased": {Hans: "一行导入的数据已删除", Hant: "一列匯入的資料已刪除", En: "An imported row was erased"},

		"exchange.flags":           {Hans: "超出较短的标准长度", Hant: "超出較短的標準長度", En: "longer than the smaller length of the standard"},
		"exchange.state":           {Hans: "此导入当前的状态不允许这样做。请刷新后查看。", Hant: "此匯入目前的狀態不允許這樣做。請重新整理後查看。", En: "The state of this import does not allow that. Reload to see it."},
		"exchange.count":           {Hans: "写入的行数与读取的不一致，导入未完成。", Hant: "寫入的列數與讀取的不一致，匯入未完成。", En: "Not as many rows were written as were read; the import is not done."},
		"exchange.same_file":       {Hans: "内容相同的文件已经导入或正在导入。无需再次导入。", Hant: "內容相同的檔案已經匯入或正在匯入。無需再次匯入。", En: "A file with the same content is in already, or on its way. There is no need to import it again."},
		"exchange.trouble":         {Hans: "处理时遇到问题，系统会自动再试。", Hant: "處理時遇到問題，系統會自動再試。", En: "There was trouble; it is tried again by itself."},
		"exchange.no_rows":         {Hans: "表头下面没有数据。请填写至少一行。", Hant: "表頭下面沒有資料。請填寫至少一列。", En: "There is nothing below the head. Fill in at least one row."},
		"exchange.too_many_courts": {Hans: "法院超过 {max} 个，无法各占一列。请不选“逐项列出”。", Hant: "法院超過 {max} 個，無法各佔一欄。請不選「逐項列出」。", En: "There are more than {max} courts, too many for a column each. Leave the columns out."},
		"exchange.column_unknown":  {Hans: "这一列不是此表的数据元。请改成带编号的列名，或删去此列。", Hant: "這一欄不是此表的數據元。請改成帶編號的欄名，或刪去此欄。", En: "This column is no element of this table. Give its head the element's number, or take the column out."},
		"exchange.column_twice":    {Hans: "这一列出现了两次。请只保留一列。", Hant: "這一欄出現了兩次。請只保留一欄。", En: "This column is there twice. Keep one of them."},
		"exchange.column_missing":  {Hans: "缺少这一列，而它是必填的。请按模板补上。", Hant: "缺少這一欄，而它是必填的。請按範本補上。", En: "This column is missing and must be there. Add it as in the template."},
		"exchange.column_beyond":   {Hans: "这一格在表头之外。请删去，或为它加上列名。", Hant: "這一格在表頭之外。請刪去，或為它加上欄名。", En: "This cell lies beyond the head. Take it out, or give its column a head."},
		"exchange.twice":           {Hans: "与第 {row} 行重复，而此项不能相同。请改正其中一行。", Hant: "與第 {row} 列重複，而此項不能相同。請改正其中一列。", En: "The same as in row {row}, and no two may share it. Correct one of them."},
		"exchange.taken":           {Hans: "已在之前导入的数据中，不能重复。请删去此行，或改正此项。", Hant: "已在之前匯入的資料中，不能重複。請刪去此列，或改正此項。", En: "This was imported before and can't be there twice. Take the row out, or correct the value."},
	})
	tables := map[string]say.Texts{
		"users":   {Hans: "用户", Hant: "用戶", En: "users"},
		"lawyers": {Hans: "律师", Hant: "律師", En: "lawyers"},
		"orders":  {Hans: "订单", Hant: "訂單", En: "orders"},
	}
	for name, t := range tables {
		say.Register(map[string]say.Texts{"exchange.table_" + name: t})
	}
}
