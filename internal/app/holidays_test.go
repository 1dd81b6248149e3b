package app

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/setting"
	"mingfa/internal/base/workday"
)

// office is a data directory with its command line.
type office struct {
	t    *testing.T
	args []string
}

// run loads a file of days; it tells the exit code and all that was printed.
func (o office) run(file string, more ...string) (int, string) {
	var out bytes.Buffer
	code := Run(o.t.Context(), append(append([]string{"holidays", "load", file}, more...), o.args...), &out, &out)
	return code, out.String()
}

func (o office) file(content string) string {
	o.t.Helper()
	name := filepath.Join(o.t.TempDir(), "notice.csv")
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		o.t.Fatal(err)
	}
	return name
}

// calendar is the operator's, with the number of facts that changed it.
func (o office) calendar(url string) (cal workday.Calendar, facts int) {
	o.t.Helper()
	d := dbtest.Open(o.t, url, nil)
	defer d.Close()
	err := d.View(o.t.Context(), system, func(tx *db.Tx) (err error) {
		if cal, err = workday.Of(tx, "/", tx.Now()); err != nil {
			return err
		}
		size, err := journal.Size(tx)
		if err != nil {
			return err
		}
		list, err := journal.Between(tx, []string{setting.Changed{}.Kind()}, 0, size)
		facts = len(list)
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return cal, facts
}

// An administrator loads a notice: all of a good file with one fact, the same
// again changes nothing, and of a bad file nothing.
//
// req: T2
func TestHolidays(t *testing.T) {
	for name, url := range map[string]func(*testing.T) string{"sqlite": dbtest.SQLiteURL, "postgres": dbtest.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			at := url(t)
			o := office{t, []string{"--data", t.TempDir(), "--db", at, "--checkpoints", "-"}}
			good := o.file("\ufeffdate,kind,name\r\n2030-05-01,holiday,劳动节\r\n2030-05-04,workday,劳动节\r\n")
			for i, want := range []string{"a new version", "nothing of it is new"} {
				if code, said := o.run(good); code != 0 || !strings.Contains(said, want) || !strings.Contains(said, "[2030]") {
					t.Errorf("time %d: %d %s", i+1, code, said)
				}
			}
			if code, said := o.run(good, "--region", "440305"); code != 1 || !strings.Contains(said, "no organisation") {
				t.Errorf("a region of nobody: %d %s", code, said)
			}
			for name, c := range hostile {
				if code, said := o.run(o.file(c.content)); code != 1 || !strings.Contains(said, c.want) || !strings.Contains(said, "nothing was loaded") {
					t.Errorf("%s: %d %.300s", name, code, said)
				}
			}
			cal, facts := o.calendar(at)
			may := workday.Date{Year: 2030, Month: 5, Day: 4}
			if len(cal.Days) != 2 || facts != 1 || !cal.Worked(may) || cal.Zone != "Asia/Shanghai" {
				t.Errorf("the calendar %+v, %d facts", cal, facts)
			}
		})
	}
}

// hostile are files of which nothing may be loaded.
var hostile = map[string]struct{ content, want string }{
	"empty":                  {"", "line 1: The first line must be a header"},
	"no rows":                {"date,kind\n", "names no days"},
	"no header":              {"2030-05-01,holiday,x\n", "line 1:"},
	"one bad row of two":     {"date\n2030-06-01\n2030-02-30\n", "line 3: Write the date"},
	"bad kind":               {"date,kind\n2030-06-01,HOLIDAY'; DROP TABLE setting_value;--\n", "line 2: The kind must"},
	"contradiction":          {"date,kind\n2030-06-01,holiday\n2030-06-01,workday\n", "line 3: The same day"},
	"open quote":             {"date,name\n2030-06-01,\"a\n", "line 2: The quotes"},
	"GB 18030":               {"date,name\n2030-06-01,\xc0\xcd\n", "not UTF-8"},
	"UTF-16":                 {"\xff\xfed\x00a\x00t\x00e\x00", "not UTF-8"},
	"gzip":                   {"\x1f\x8b\x08\x00", "not UTF-8"},
	"NUL":                    {"date,name\n2030-06-01,a\x00b\n", "line 2: The name"},
	"a long name":            {"date,name\n2030-06-01," + strings.Repeat("节", 200) + "\n", "line 2: The name"},
	"a huge file":            {"date\n" + strings.Repeat("\n", 2<<20), "too large"},
	"too many days":          {"date\n" + manyDays(5001), "too large"},
	"5000 and those we have": {"date\n" + manyDays(5000), "more than 5000"},
}

// manyDays are the days from 1950 on.
func manyDays(n int) string {
	var b strings.Builder
	for d := (workday.Date{Year: 1950, Month: 1, Day: 1}); n > 0; d, n = d.Next(), n-1 {
		fmt.Fprintln(&b, d)
	}
	return b.String()
}

func TestHolidaysWithoutAFile(t *testing.T) {
	o := office{t, []string{"--data", t.TempDir(), "--checkpoints", "-"}}
	for _, file := range []string{filepath.Join(t.TempDir(), "none.csv"), t.TempDir()} {
		if code, said := o.run(file); code != 1 {
			t.Errorf("%s: %d %s", file, code, said)
		}
	}
}
