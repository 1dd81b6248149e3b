package paper

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/say"

	"os"
)

func ledger(rows int) Ledger {
	l := Ledger{Title: "登记簿", Lang: say.Hans, At: time.Date(2026, 11, 22, 4, 0, 0, 0, time.UTC), Columns: []Column{{Head: "编号"}, {Head: "内容"}, {Head: "时间", Type: Moments}, {Head: "备注"}}}
	for range rows {
		l.Rows = append(l.Rows, []Cell{Text("TS-1"), Text("=1+1 很长的内容"), Moment(l.At), Text("")})
	}
	return l
}

// req: B7.1.2.3c a ledger is never cut: what does not fit is refused
func TestLedgerLimits(t *testing.T) {
	for format, most := range map[string]int{"csv": MaxLedger, "xlsx": MaxLedger, "pdf": MaxCards} {
		if _, _, err := ledger(most+1).File(format, nil); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s of %d rows: %v", format, most+1, err)
		}
	}
	for _, format := range []string{"csv", "xlsx"} {
		a, kind, err := ledger(3).File(format, nil)
		if err != nil || kind == "" {
			t.Fatal(err)
		}
		if b, _, err := ledger(3).File(format, nil); err != nil || !bytes.Equal(a, b) {
			t.Errorf("%s: other bytes, %v", format, err)
		}
	}
	if _, _, err := ledger(1).File("exe", nil); !fault.Is(err, fault.Absent) {
		t.Error(err)
	}
}

// In PDF a row is a card: its first column heads it, what is empty is left out.
func TestLedgerAsCards(t *testing.T) {
	f := font(t)
	a, _, err := ledger(40).File("pdf", f)
	if err != nil {
		t.Fatal(err)
	}
	if b, _, err := ledger(40).File("pdf", f); err != nil || !bytes.Equal(a, b) {
		t.Errorf("other bytes, %v", err)
	}
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext is not here")
	}
	name := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(name, a, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(tool, "-layout", name, "-").Output()
	if err != nil || strings.Count(string(out), "TS-1") != 40 || strings.Count(string(out), "=1+1") != 40 || strings.Contains(string(out), "备注") {
		t.Errorf("%v\n%s", err, out)
	}
}
