//go:build accept

package accept

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/id"
)

// brought is an import as its reader sees it.
type brought struct {
	ID                string
	State             string
	Rows, Kept, Wrong int64
	Rev               int64
	Problems          []struct{ Text, Key string }
}

// bring uploads a file and gives status and answer.
func (u user) bring(t testing.TB, i, table, format, name string, file []byte) (int, []byte) {
	t.Helper()
	q := url.Values{"table": {table}, "format": {format}, "name": {name}}
	req, err := http.NewRequest("PUT", u.s.base+"/api/v1/imports/"+i+"?"+q.Encode(), bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/octet-stream")
	req.Header.Set("Authorization", "Bearer "+u.token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, b
}

// until waits until an import is in one of some states.
func (u user) until(t testing.TB, i string, states ...string) (x brought) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		u.must(t, "GET", "/imports/"+i, nil, &x)
		for _, s := range states {
			if x.State == s {
				return x
			}
		}
	}
	t.Fatalf("the import is still %s: %s", x.State, u.s.errOut)
	return x
}

// resident is how much memory the server holds, in MiB.
func (s *server) resident(t testing.TB) int {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		t.Skip("no /proc here")
	}
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "VmHWM:" {
			kb, err := strconv.Atoi(f[1])
			if err != nil {
				t.Fatal(err)
			}
			return kb >> 10
		}
	}
	return 0
}

// The hostile files of the public test data, each as what it says it is and as a
// workbook: refused with words about row or file, nothing kept, and the server
// goes on in bounded memory. Then one with our heads around a hostile cell.
//
// req: B8.1.1.4, B8.1.3.1.2b
func TestHostileTables(t *testing.T) {
	dirs := []string{shared(t, "spreadsheets"), shared(t, "malformed/json"), shared(t, "malformed/csv-spectrum/csvs")}
	places(t, func(t *testing.T, p place) {
		s := start(t, p, nil)
		admin := s.staff(t, "admin1")
		formats := map[string]string{".xlsx": "xlsx", ".csv": "csv", ".json": "json"}
		n := 0
		for _, dir := range dirs {
			files, err := filepath.Glob(filepath.Join(dir, "*"))
			if err != nil {
				t.Fatal(err)
			}
			for k, name := range files {
				if p.db != "" && k%10 != 0 { // the parser is the same
					continue
				}
				b, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				format := formats[strings.ToLower(filepath.Ext(name))]
				if format == "" {
					format = "xlsx"
				}
				i := id.New().String()
				status, body := admin.bring(t, i, "users", format, filepath.Base(name), b)
				if status != 200 {
					t.Fatalf("%s: %d %s", name, status, body)
				}
				x := admin.until(t, i, "refused", "checked")
				if x.State != "refused" || x.Wrong == 0 || len(x.Problems) == 0 || x.Problems[0].Text == x.Problems[0].Key {
					t.Errorf("%s: %+v", filepath.Base(name), x)
				}
				n++
			}
		}
		huge := append([]byte("20101,20102,20103,20107\n"), bytes.Repeat([]byte("a"), 70<<20)...)
		if status, body := admin.bring(t, id.New().String(), "users", "csv", "", huge); status != 413 {
			t.Errorf("70 MB: %d %s", status, body)
		}
		if mb := s.resident(t); mb > 700 {
			t.Errorf("%d files took %d MiB", n, mb)
		}
		d := p.database(t)
		if got := countOf(t, d, "SELECT count(*) FROM exchange_record"); got != 0 {
			t.Errorf("%d rows are kept", got)
		}
		s.stop(t)
		if last, err := p.verify(t); err != nil {
			t.Error(last)
		}
		t.Logf("%d files", n)
	})
}

// A power cut in the middle of an import: nothing of it is seen, and the next
// start finishes it, each row once.
func TestKilledImport(t *testing.T) {
	const rows = 4000
	var file bytes.Buffer
	file.WriteString("20501,20502,20503,20505,20506,20507,20508,20511,20515\n")
	for k := range rows {
		fmt.Fprintf(&file, "工资拖欠 %d,2021-11-20,labour,closed,0 CNY,张三,+86138%08d,PT120M,web\n", k, k)
	}
	places(t, func(t *testing.T, p place) {
		s := start(t, p, nil)
		admin := s.staff(t, "admin1")
		i := id.New().String()
		if status, body := admin.bring(t, i, "orders", "csv", "旧系统.csv", file.Bytes()); status != 200 {
			t.Fatalf("%d %s", status, body)
		}
		if x := admin.until(t, i, "checked", "refused"); x.State != "checked" || x.Rows != rows {
			t.Fatalf("%+v", x)
		}
		admin.must(t, "POST", "/imports/"+i+"/run", nil, nil)
		var x brought
		for x.Kept == 0 && x.State != "done" {
			admin.must(t, "GET", "/imports/"+i, nil, &x)
		}
		s.kill()
		if x.State == "done" {
			t.Skip("the machine was faster than the axe")
		}
		s = start(t, p, nil)
		again := user{s: s, token: admin.token, id: admin.id}
		if n := orders(t, again); n != 0 && again.until(t, i, "running", "done").State == "running" {
			t.Errorf("%d rows of a running import are seen", n)
		}
		if x := again.until(t, i, "done"); x.Kept != rows || x.Rows != rows {
			t.Errorf("%+v", x)
		}
		if n := orders(t, again); n != rows {
			t.Errorf("%d rows", n)
		}
		s.stop(t)
		if last, err := p.verify(t); err != nil {
			t.Error(last)
		}
	})
}

// orders counts the imported orders of an export.
func orders(t testing.TB, u user) (n int) {
	t.Helper()
	status, b, err := u.call("GET", "/exports/orders?format=json", nil)
	if err != nil || status != 200 {
		t.Fatalf("%d %v", status, err)
	}
	var x struct{ Rows []map[string]string }
	if err := json.Unmarshal(b, &x); err != nil {
		t.Fatal(err)
	}
	for _, r := range x.Rows {
		if strings.HasPrefix(r["20501"], "工资拖欠") {
			n++
		}
	}
	return n
}
