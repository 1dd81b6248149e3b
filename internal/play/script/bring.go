package script

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Files that an administrator brings in: people and orders of another system, with
// faults and without.

// brought is one of them.
type brought struct {
	table, format, text string
	then                string // run, cancel, or nothing: it is refused
}

// broughtFiles are brought in one after the other.
func broughtFiles() []brought {
	orders := []map[string]string{}
	for n, title := range []string{"拖欠工资", "押金不退", "邻里纠纷"} {
		orders = append(orders, map[string]string{"20501": title, "20502": fmt.Sprintf("2021-11-%02d", 20+n), "20503": "劳动", "20505": []string{"closed", "answered", "closed"}[n], "20506": "0 CNY",
			"20507": fmt.Sprintf("旧客户%d", n), "20508": fmt.Sprintf("+861370000%04d", n), "20511": "PT120M", "20515": "hotline"})
	}
	return []brought{
		{"users", "csv", table("20101,20102,20103,20107", "甲,old.1,+8613700001001,import", "乙,old.2,12,import", ",old.3,+8613700001003,import", "丁,OLD.1,+8613700001004,import",
			"戊,old.5,+8613700001004,post", "己,old.6,+8613700001006,import,9"), ""},
		{"users", "csv", table("20101,20102,20103,20107", "甲,old.1,+8613700001001,import", "乙,old.2,+8613700001002,web"), "run"},
		{"orders", "json", asRows(orders), "run"},
		{"orders", "json", asRows(orders), ""}, // the same once more
		{"orders", "csv", table("20501,20502,20503,20505,20506,20507,20508,20511,20515", "旧案,2021-12-01,债务,closed,0 CNY,庚,+8613700002001,PT120M,import"), "cancel"},
		{"users", "csv", table("20101,20103,20107,20999", "辛,+8613700001008,import,x"), ""},
	}
}

func table(lines ...string) string { return strings.Join(lines, "\n") + "\n" }

func asRows(rows []map[string]string) string {
	b, _ := json.Marshal(map[string]any{"rows": rows}) // texts only
	return string(b)
}

// bringIn plans them, and looks at what became of them.
func (d *day) bringIn() {
	begin := d.Midnight.Add(62 * time.Hour)
	for i, f := range broughtFiles() {
		id := ""
		at := begin.Add(time.Duration(i) * 10 * time.Minute)
		d.at(at, func(ctx context.Context) error {
			id = clientID(d.rng, d.step.Now())
			name := fmt.Sprintf("旧系统%d.%s", i, f.format)
			q := url.Values{"table": {f.table}, "format": {f.format}, "name": {name}}
			sent := map[string]any{"table": f.table, "format": f.format, "name": name, "text": f.text}
			_, err := d.do(ctx, d.admins[0], "PUT", "import", "", "/imports/"+id+"?"+q.Encode(), []byte(f.text), Entry{Of: id, Sent: sent}, 200)
			return err
		})
		if f.then != "" {
			d.at(at.Add(5*time.Minute), func(ctx context.Context) error {
				_, err := d.send(ctx, d.admins[0], "import_"+f.then, "", "/imports/"+id+"/"+f.then, nil, Entry{Of: id}, 200)
				return err
			})
		}
		d.at(at.Add(7*time.Minute), func(ctx context.Context) error { return d.lookAtImport(ctx, id) })
	}
	d.at(begin.Add(10*time.Minute+2*time.Minute), d.lookAtImports) // one is checked
	d.at(begin.Add(2*time.Hour), d.lookAtImports)
}

func (d *day) lookAtImport(ctx context.Context, id string) error {
	if d.looks == nil {
		return nil
	}
	return d.look(ctx, d.admins[0], Look{What: "import", Format: "json", Of: id}, "/imports/"+id)
}

// lookAtImports looks at all imports, and at the orders that came with them.
func (d *day) lookAtImports(ctx context.Context) error {
	if d.looks == nil {
		return nil
	}
	if err := d.look(ctx, d.admins[0], Look{What: "imports", Format: "json"}, "/imports?limit=200"); err != nil {
		return err
	}
	old, err := listed(ctx, d, d.operators[0], "archived", "/archived-orders?limit=200", func(x named) Entry { return Entry{Of: x.ID} })
	if err != nil {
		return err
	}
	if err := d.look(ctx, d.operators[0], Look{What: "archive", Format: "json"}, "/archived-orders?limit=200"); err != nil {
		return err
	}
	for _, x := range old {
		if err := d.look(ctx, d.operators[0], Look{What: "archived", Format: "json", Of: x.ID}, "/archived-orders/"+x.ID); err != nil {
			return err
		}
	}
	return nil
}
