package recount

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Files that were brought in: how many rows each has, what is wrong with which, what was
// kept of it, and the orders that came so (the archive).

// brought is a file, as it was sent.
type brought struct {
	id, who        string
	at             time.Time
	sent           sent
	rows           []map[string]string
	wrong          []fault
	state          string
	ended          time.Time
	kept           int64
	table, content string
	beyond         []fault // cells without a head
}

// fault is something that can't be taken.
type fault struct {
	row         int // as a spreadsheet counts; 0: the whole file
	column, key string
}

// needed are the elements that must be there, and unique those that no two rows share.
var (
	needed = map[string][]string{"users": {"20101", "20102", "20103", "20107"}, "orders": {"20501", "20502", "20503", "20505", "20506", "20507", "20508", "20511", "20515"}}
	unique = map[string][]string{"users": {"20102", "20103"}}
)

// elementsOf are all of a table, in the order of the standard.
var elementsOf = map[string][]string{"users": {"20101", "20102", "20103", "20104", "20105", "20106", "20107"},
	"orders": {"20501", "20502", "20503", "20504", "20505", "20506", "20507", "20508", "20509", "20510", "20511", "20512", "20513", "20514", "20515"}}

var (
	telephone = regexp.MustCompile(`^\+[1-9][0-9]{7,14}$`)
	sources   = []string{"web", "wap", "app", "sms", "kiosk", "hotline", "import"}
	states    = []string{"waiting", "assigned", "answered", "closed", "excluded"}
)

// wrongWith is the reason for which a value is refused.
func wrongWith(code, v string) string {
	switch {
	case (code == "20103" || code == "20508") && !telephone.MatchString(v):
		return "element.phone"
	case (code == "20107" || code == "20515") && !slices.Contains(sources, v), code == "20505" && !slices.Contains(states, v):
		return "fault.field_choice"
	}
	return ""
}

// takeImport takes a file, or what was done with it.
func (w *world) takeImport(e entry, s sent) {
	if e.Act == "import" {
		x := &brought{id: e.Of, who: e.Who, at: e.At, sent: s, table: s.Table, content: s.Text}
		x.read()
		for _, y := range w.imports {
			if y.state == "done" && y.table == x.table && y.content == x.content {
				x.wrong = []fault{{key: "exchange.same_file"}}
			}
		}
		if x.state = "checked"; len(x.wrong) > 0 {
			x.state, x.ended = "refused", e.At
		}
		w.imports = append(w.imports, x)
		return
	}
	for _, x := range w.imports {
		switch {
		case x.id != e.Of:
		case e.Act == "import_run":
			x.state, x.ended, x.kept = "done", e.At, int64(len(x.rows))
		case e.Act == "import_cancel":
			x.state, x.ended = "cancelled", e.At
		}
	}
}

// read reads the rows, and finds what is wrong.
func (x *brought) read() {
	if x.sent.Format == "json" {
		var file struct {
			Rows []map[string]string `json:"rows"`
		}
		_ = json.Unmarshal([]byte(x.content), &file) // the play writes none that can't be read
		x.rows = file.Rows
	} else if all, err := rows(x.sent.Format, []byte(x.content)); err == nil && len(all) > 0 {
		x.head(all[0])
		for i, cells := range all[1:] {
			row := map[string]string{}
			for k, v := range cells {
				if k >= len(all[0]) {
					x.beyond = append(x.beyond, fault{i + 2, string(rune('A' + k)), "exchange.column_beyond"})
				} else if code := all[0][k]; slices.Contains(elementsOf[x.table], code) {
					row[code] = v
				}
			}
			x.rows = append(x.rows, row)
		}
	}
	first := map[string]bool{}
	for i, row := range x.rows {
		x.check(i+2, row, first)
	}
}

func (x *brought) tell(row int, column, key string) {
	x.wrong = append(x.wrong, fault{row, column, key})
}

// head finds columns that are no elements, and those that are not there.
func (x *brought) head(names []string) {
	for k, name := range names {
		if !slices.Contains(elementsOf[x.table], name) {
			x.tell(0, string(rune('A'+k)), "exchange.column_unknown")
		}
	}
	for _, code := range needed[x.table] {
		if !slices.Contains(names, code) {
			x.tell(0, code, "exchange.column_missing")
		}
	}
}

// check looks at a row: its values, what it lacks, and what stood in a row before.
func (x *brought) check(n int, row map[string]string, first map[string]bool) {
	bad := map[string]bool{}
	for _, f := range x.beyond {
		if f.row == n {
			x.wrong = append(x.wrong, f)
		}
	}
	for _, code := range elementsOf[x.table] {
		if why := wrongWith(code, row[code]); row[code] != "" && why != "" {
			x.tell(n, code, why)
			bad[code] = true
		}
	}
	for _, code := range elementsOf[x.table] {
		if slices.Contains(needed[x.table], code) && row[code] == "" {
			x.tell(n, code, "fault.field_required")
		}
		if k := code + " " + strings.ToLower(row[code]); slices.Contains(unique[x.table], code) && row[code] != "" && !bad[code] {
			if first[k] {
				x.tell(n, code, "exchange.twice")
			}
			first[k] = true
		}
	}
}

// imported writes what is shown of a file; one has its faults, a list has none.
func (v view) imported(d doc, at string, x *brought, faults bool) {
	d.text(at+"table", x.table)
	d.text(at+"format", x.sent.Format)
	d.text(at+"state", x.state)
	if x.state != "cancelled" { // its key is destroyed
		d.text(at+"name", x.sent.Name)
	}
	d.num(at+"bytes", int64(len(x.content)))
	d.num(at+"rows", int64(len(x.rows)))
	d.num(at+"kept", x.kept)
	d.num(at+"wrong", int64(len(x.wrong)))
	d.text(at+"by", v.nameOf(x.who))
	d.moment(at+"made_at", x.at)
	d.moment(at+"finished_at", x.ended)
	if !faults {
		return
	}
	for i, f := range x.wrong {
		p := at + "problems[" + strconv.Itoa(i) + "]."
		if f.row > 0 {
			d.num(p+"row", int64(f.row))
		}
		d.some(p+"column", f.column)
		d.text(p+"key", f.key)
	}
}

// files is the list of imports, and file one of them.
func (v view) files() doc {
	l := &listed{doc: doc{}}
	for _, x := range v.imports {
		v.imported(l.doc, l.row(x.id)+".", x, false)
	}
	return l.done()
}

func (v view) file(id string) doc {
	d := doc{}
	for _, x := range v.imports {
		if x.id == id {
			v.imported(d, "", x, true)
		}
	}
	return d
}

// keptRows are the rows of a table that were kept.
func (w *world) keptRows(table string) (out []map[string]string) {
	for _, x := range w.imports {
		if x.state == "done" && x.table == table {
			out = append(out, x.rows...)
		}
	}
	return out
}

// byTitle is the key of an order that was brought in: the play gives each a title of its
// own.
func byTitle(x map[string]any) string { return fmt.Sprint(x["import"], " ", x["title"]) }

// old writes what is shown of such an order.
func (v view) old(d doc, at string, file *brought, row map[string]string) {
	asked, _ := time.ParseInLocation(time.DateOnly, row["20502"], china)
	d.text(at+"import", file.id)
	d.text(at+"org", v.orgs[""])
	d.moment(at+"at", asked)
	for name, code := range map[string]string{"title": "20501", "type": "20503", "state": "20505", "source": "20515"} {
		d.some(at+name, row[code])
	}
}

// archive is the list of orders that were brought in.
func (v view) archive() doc {
	l := &listed{doc: doc{}}
	for _, x := range v.imports {
		for _, row := range x.rows {
			if x.state == "done" && x.table == "orders" {
				v.old(l.doc, l.row(x.id+" "+row["20501"])+".", x, row)
			}
		}
	}
	return l.done()
}

// archived is one of them, with all its elements.
func (v view) archived(key string) doc {
	d := doc{}
	for _, x := range v.imports {
		for _, row := range x.rows {
			if x.state != "done" || x.id+" "+row["20501"] != key {
				continue
			}
			v.old(d, "", x, row)
			for code, s := range row {
				d.some("values["+code+"].value", s)
			}
		}
	}
	return d
}

var importFields = [][2]string{{"table", "as it was sent"}, {"format", "as it was sent"}, {"state", "refused with a fault; else by what was acknowledged"}, {"name", "as it was sent; none once it is cancelled"},
	{"bytes", "of the file that was sent"}, {"rows", "of the file; and how many files"}, {"kept", "all of a file that was run, else none"},
	{"wrong", "columns that are missing or no elements, values out of their form, missing, or there twice; a file that is in already"},
	{"by", "who sent it"}, {"made_at", "when it was acknowledged"}, {"finished_at", "when it was refused, or what was done last was acknowledged"}}

var problemFields = [][2]string{{"row", "as a spreadsheet counts"}, {"column", "the element, or the letter of the column"}, {"key", "the reason, by the rules of Appendix B"}}

var archiveFields = [][2]string{{"import", "the file it came with"}, {"org", "whose administrator sent it"}, {"at", "the begin of its day in China"}, {"title", "as it was sent"}, {"type", "as it was sent"},
	{"state", "as it was sent"}, {"source", "as it was sent"}}
