package sheet

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/fault"
)

// shared finds the public test data; tests skip where they are absent.
func shared(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("MINGFA_TESTDATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	path := filepath.Join(dir, filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		t.Skipf("the public test data are not here: %s is missing (set MINGFA_TESTDATA)", name)
	}
	return path
}

func anyHead(names []string) bool { return len(names) > 0 }

// Workbooks of many programs, read as every format: whole, or refused with a
// fault, in little time.
//
// req: B8.1.3.1.2b
func TestRealWorkbooks(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(shared(t, "spreadsheets"), "*"))
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range Formats {
			begun, rows := time.Now(), 0
			err := Read(f, b, Full, anyHead, func(Row) error { rows++; return nil })
			if x, ok := errors.AsType[*fault.Fault](err); err != nil && (!ok || x.Kind != fault.Invalid || x.Err != nil) {
				t.Errorf("%s as %s: %v", filepath.Base(name), f, err)
			}
			if took := time.Since(begun); took > 5*time.Second {
				t.Errorf("%s as %s took %s", filepath.Base(name), f, took)
			}
			if isXLSX := strings.HasSuffix(name, ".xlsx"); f == XLSX && isXLSX && err == nil {
				read++
			} else if f == XLSX && !isXLSX && err == nil {
				t.Errorf("%s is read as a workbook", filepath.Base(name))
			}
		}
	}
	if read < 15 {
		t.Errorf("only %d workbooks are read", read)
	}
}

func TestCSVSpectrum(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(shared(t, "malformed/csv-spectrum"), "csvs", "*.csv"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		w, err := os.ReadFile(strings.Replace(strings.Replace(name, "csvs", "json", 1), ".csv", ".json", 1))
		if err != nil {
			t.Fatal(err)
		}
		var want []map[string]string
		if err := json.Unmarshal(w, &want); err != nil {
			t.Fatal(err)
		}
		var got []map[string]string
		err = Read(CSV, b, Full, anyHead, func(r Row) error {
			m := map[string]string{}
			for i, n := range r.Names {
				m[n] = r.Cells[i].Text
			}
			got = append(got, m)
			return nil
		})
		if err != nil || len(got) != len(want) {
			t.Errorf("%s: %d rows for %d, %v", filepath.Base(name), len(got), len(want), err)
			continue
		}
		for i := range want {
			for k, v := range want[i] {
				if strings.ReplaceAll(got[i][k], "\r\n", "\n") != strings.ReplaceAll(v, "\r\n", "\n") {
					t.Errorf("%s row %d %s: %q, want %q", filepath.Base(name), i, k, got[i][k], v)
				}
			}
		}
	}
}

// What is no JSON is refused; of what is, an array of objects is taken.
func TestJSONSuite(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(shared(t, "malformed/json"), "*"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 200 {
		t.Fatalf("%d files", len(files))
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		err = Read(JSON, b, Full, anyHead, func(Row) error { return nil })
		if base := filepath.Base(name); strings.HasPrefix(base, "n_") && err == nil {
			t.Errorf("%s is taken", base)
		} else if x, ok := errors.AsType[*fault.Fault](err); err != nil && (!ok || !slices.Contains([]fault.Kind{fault.Invalid}, x.Kind) || x.Err != nil) {
			t.Errorf("%s: %v", base, err)
		}
	}
}
