package paper

import (
	"strconv"
	"time"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/say"
)

// The limits of a ledger: what one file holds. They are told, never cut to.
const (
	MaxLedger = 5000 // rows in CSV and XLSX, which are made in memory
	MaxCards  = 500  // in PDF, where each row is a card of its own
)

// Ledger is a table with more columns than a page is wide: a register, a book of
// call-backs. In CSV and XLSX it is one table; in PDF each row is a card, a column
// a line, so that it can be read and filed on paper.
type Ledger struct {
	Title, Lang string
	At          time.Time // as in Doc
	Meta        []Line
	Columns     []Column // the first names the row
	Rows        [][]Cell
}

// Formats are the formats of a ledger.
var Formats = []string{"csv", "xlsx", "pdf"}

// File writes the ledger in a format and gives its media type. Too many rows are a
// fault that says to choose a shorter period; an unknown format is not there.
func (l Ledger) File(format string, font *Font) (file []byte, kind string, err error) {
	most := MaxLedger
	if format == "pdf" {
		most = MaxCards
	}
	if len(l.Rows) > most {
		return nil, "", fault.Bad(fault.At("from", "paper.ledger_too_long").With("max", most))
	}
	d := &Doc{Title: l.Title, Lang: l.Lang, At: l.At, Meta: append(l.Meta, Line{say.Text(l.Lang, "paper.ledger_rows", nil), strconv.Itoa(len(l.Rows))})}
	switch format {
	case "csv":
		d.Tables = []Table{{Columns: l.Columns, Rows: l.Rows}}
		file, err = CSV(d)
		return file, "text/csv; charset=utf-8", err
	case "xlsx":
		d.Tables = []Table{{Title: l.Title, Columns: l.Columns, Rows: l.Rows}}
		file, err = XLSX(d)
		return file, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", err
	case "pdf":
		for _, row := range l.Rows {
			d.Tables = append(d.Tables, l.card(row))
		}
		file, err = PDF(d, font)
		return file, "application/pdf", err
	}
	return nil, "", fault.NotThere()
}

// card is a row as a table of two columns; what is empty is left out.
func (l Ledger) card(row []Cell) Table {
	t := Table{Title: l.Columns[0].show(row[0], pdfTime), Columns: []Column{{Head: say.Text(l.Lang, "paper.ledger_field", nil)}, {Head: say.Text(l.Lang, "paper.ledger_value", nil)}}}
	for i, c := range row[1:] {
		if s := l.Columns[i+1].show(c, pdfTime); s != "" {
			t.Rows = append(t.Rows, []Cell{Text(l.Columns[i+1].Head), Text(s)})
		}
	}
	return t
}

func init() {
	say.Register(map[string]say.Texts{
		"paper.ledger_rows":  {Hans: "条数", Hant: "項數", En: "Entries"},
		"paper.ledger_field": {Hans: "项目", Hant: "項目", En: "Item"},
		"paper.ledger_value": {Hans: "内容", Hant: "內容", En: "Content"},
		"paper.ledger_too_long": {Hans: "一个文件最多 {max} 条。请缩短时间段。", Hant: "一個檔案最多 {max} 項。請縮短時段。",
			En: "One file holds at most {max} entries. Choose a shorter period."},
	})
}
