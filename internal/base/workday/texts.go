package workday

import "mingfa/internal/base/say"

func init() {
	say.Register(map[string]say.Texts{
		"workday.file_too_large":    {"日历文件太大。请按年度分开导入。", "日曆檔案太大。請按年度分開匯入。", "The calendar file is too large. Import it year by year."},
		"workday.file_encoding":     {"文件不是 UTF-8 编码。请另存为 UTF-8 格式的 CSV 后再导入。", "檔案不是 UTF-8 編碼。請另存為 UTF-8 格式的 CSV 後再匯入。", "The file is not UTF-8. Save it as CSV in UTF-8 and import it again."},
		"workday.calendar_invalid":  {"日历不完整：须有时区，每周至少有一个工作日，特殊日期须为放假或上班。请更正。", "日曆不完整：須有時區，每週至少有一個工作天，特殊日期須為放假或上班。請更正。", "The calendar is not complete: it needs a zone, at least one working day a week, and special days that are holidays or workdays. Correct it."},
		"workday.line":              {"第 {line} 行：{text}", "第 {line} 行：{text}", "line {line}: {text}"},
		"workday.row_header":        {"第一行须为表头，并包含 date 列（另可有 kind、name）。请补上表头。", "第一行須為表頭，並包含 date 欄（另可有 kind、name）。請補上表頭。", "The first line must be a header with the column date (kind and name may follow). Add it."},
		"workday.row_csv":           {"这一行的引号不成对。请检查 CSV 格式。", "這一行的引號不成對。請檢查 CSV 格式。", "The quotes of this line do not match. Check the CSV format."},
		"workday.row_date":          {"日期须写成 YYYY-MM-DD，例如 2026-10-01。", "日期須寫成 YYYY-MM-DD，例如 2026-10-01。", "Write the date as YYYY-MM-DD, for example 2026-10-01."},
		"workday.row_kind":          {"类别须为 holiday（放假）或 workday（调休上班）。", "類別須為 holiday（放假）或 workday（調休上班）。", "The kind must be holiday or workday (a make-up day)."},
		"workday.row_name":          {"名称太长或含控制字符。请缩短或更正。", "名稱太長或含控制字元。請縮短或更正。", "The name is too long or holds control characters. Shorten or correct it."},
		"workday.row_contradiction": {"同一天既是放假又是上班。请删除其中一行。", "同一天既是放假又是上班。請刪除其中一行。", "The same day is both a holiday and a workday. Remove one of the lines."},
	})
}
