package recount

import (
	"encoding/base32"
	"encoding/hex"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// The elements of Appendix B, as their clients told them.

// ids are the columns by which the rows of an export are told apart: a lawyer's
// name, and telephone numbers.
var ids = map[string]string{"users": "20103", "lawyers": "20201", "orders": "20508"}

// bytesOf are the 16 bytes of an ID.
func bytesOf(id string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(id, "-", ""))
	if err != nil || len(b) != 16 {
		return make([]byte, 16)
	}
	return b
}

var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// row writes a row of an export.
func (d doc) row(key string, cells map[string]string) {
	for code, s := range cells {
		d.text(key+"."+code, s)
	}
}

// elements is an export of Appendix B; of orders those that were asked on the days
// "from/to", both included, or all.
func (v view) elements(table, days string) doc {
	d := doc{}
	switch table {
	case "users":
		for _, o := range v.orders { // each citizen of a play asks once
			if p := v.people[o.citizen]; p != nil {
				d.row(p.phone, map[string]string{"20101": o.sent.Contact.Name, "20102": "u" + hex.EncodeToString(bytesOf(p.id)[6:]), "20104": p.values["20104"],
					"20105": p.values["20105"], "20106": p.values["20106"], "20107": o.sent.Source})
			}
		}
		for _, row := range v.keptRows(table) {
			v.keptElements(d, table, row)
		}
	case "lawyers":
		for _, p := range v.people {
			if p.status != "" {
				cells := map[string]string{"20202": "", "20203": p.nickname, "20206": p.firm, "20207": strings.Join(p.regions, ";"), "20209": strings.Join(p.areas, ";")}
				for _, code := range []string{"20204", "20205", "20208", "20210", "20211", "20212", "20301", "20302", "20303", "20304", "20305", "20306", "20307", "20401", "20402", "20403"} {
					cells[code] = p.values[code]
				}
				if days == booleans {
					v.split(cells)
				}
				d.row(p.name, cells)
			}
		}
	case "orders":
		from, to, some := strings.Cut(days, "/")
		out := func(day string) bool { return some && (day < from || day > to) }
		for _, o := range v.orders {
			if !out(o.asked.In(china).Format(time.DateOnly)) {
				v.orderElements(d, o)
			}
		}
		for _, row := range v.keptRows(table) {
			if !out(row["20502"]) {
				v.keptElements(d, table, row)
				d.text(row[ids[table]]+".flags", "")
			}
		}
	}
	return d
}

// booleans is how a look says that it asked for the lists of lawyers as columns of
// their own.
const booleans = "booleans"

// split adds a column for each court that a lawyer of the play named, and for each type of
// problem: 1 where it is in his list, or all are.
func (v view) split(cells map[string]string) {
	columns := map[string]bool{}
	for _, p := range v.people {
		for court := range strings.SplitSeq(p.values["20208"], ";") {
			if court != "" && court != "*" {
				columns["20208."+court] = true
			}
		}
	}
	for code := range v.types {
		columns["20209."+code] = true
	}
	for column := range columns {
		list, value, _ := strings.Cut(column, ".")
		cells[column] = "0"
		if cells[list] == "*" || slices.Contains(strings.Split(cells[list], ";"), value) {
			cells[column] = "1"
		}
	}
}

// keptElements are those of a row that was brought in: as they came.
func (v view) keptElements(d doc, table string, row map[string]string) {
	for _, code := range elementsOf[table] {
		if code != ids[table] {
			d.text(row[ids[table]]+"."+code, row[code])
		}
	}
}

func (v view) orderElements(d doc, o *order) {
	lawyer := ""
	if p := v.people[o.lawyer]; p != nil {
		lawyer = crockford.EncodeToString(bytesOf(p.id)[6:])
	}
	long := ""
	if utf8.RuneCountInString(o.sent.Contact.Name) > 32 {
		long = "20507"
	}
	d.row(v.phoneOf(o.citizen, true), map[string]string{"20501": title(o.sent.Question), "20502": o.asked.In(china).Format(time.DateOnly),
		"20503": o.sent.Problem + " " + v.types[o.sent.Problem], "20504": head(o.sent.Question, 512), "20505": o.where(), "20506": "0 CNY", "20507": o.sent.Contact.Name,
		"20509": "", "20510": lawyer, "20511": "PT120M", "20512": "", "20513": "", "20514": "", "20515": o.sent.Source, "flags": long})
}

// where is the state of an order (20505).
func (o *order) where() string {
	switch {
	case o.excluded != "":
		return "excluded"
	case o.answered.IsZero() && o.state == "waiting":
		return "waiting"
	case o.answered.IsZero():
		return "assigned"
	case o.closed:
		return "closed"
	}
	return "answered"
}

// head are the first n characters.
func head(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

// title is the first line of a question: 30 Han characters or 60 letters of it, whole words.
func title(question string) string {
	for line := range strings.Lines(question) {
		if line = strings.TrimSpace(line); line != "" {
			return beginning(line, 60)
		}
	}
	return ""
}

// beginning keeps what fits into so many columns, two for a Han character.
func beginning(line string, columns int) string {
	rs := []rune(line)
	n := 0
	for n < len(rs) && columns > 0 {
		columns--
		if rs[n] >= 0x1100 {
			columns--
		}
		n++
	}
	if columns < 0 {
		n-- // half a Han character is none
	} else if n == len(rs) {
		return line
	}
	kept := string(rs[:n])
	if last := strings.LastIndexByte(string(rs[:n+1]), ' '); last > 0 && len(kept)-last < 20 {
		kept = kept[:last]
	}
	return kept + "…"
}
