package report

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/db"
)

// letterbox is a mail server that fails at first.
type letterbox struct {
	fails int
	tries int
	sent  []string // key, recipients, subject, names of files
	files map[string][]byte
}

func (l *letterbox) Send(_ context.Context, key string, to []string, subject, text string, files map[string][]byte) error {
	l.tries++
	if l.tries <= l.fails {
		return errors.New("the mail server answered 451")
	}
	l.sent = append(l.sent, key+" "+strings.Join(to, ",")+" "+subject)
	l.files = files
	if !strings.Contains(text, "2026-03-02") {
		return errors.New("the text does not name the day")
	}
	return nil
}

// facts counts the facts of a kind.
func (h *room) facts(kind string) (n int) {
	h.T.Helper()
	h.Must(h.DB.View(h.T.Context(), setup, func(tx *db.Tx) error {
		return tx.Row("SELECT count(*) FROM journal_fact WHERE kind = ?", kind).Scan(&n)
	}))
	return n
}

// mailState is how far the mail of a region's newest report has come.
func (h *room) mailState(region string) string {
	h.T.Helper()
	list, _, err := h.List(h.T.Context(), h.operator(region))
	h.Must(err)
	for _, r := range list {
		if r.Day == "2026-03-02" {
			return r.Mail
		}
	}
	return "no report"
}

// A report is mailed to those who are to have it, tried again until the server
// takes it, and then not again; each version is a mail of its own.
//
// req: B7.3.2.1
func TestMailed(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		box := &letterbox{fails: 2}
		h.Mail, h.To = box, func(region string) []string {
			return map[string][]string{"440106": {"a@x.cn", "b@x.cn"}}[region]
		}
		h.Answer(h.Ask("440106"))
		h.to(at(3, 1, 0))
		if box.tries != 1 || h.mailState("440106") != waiting || h.mailState("440100") != "" || h.facts("report.mailed") != 0 {
			t.Fatalf("at 01:00 %d tries, the mail is %q, the city's %q", box.tries, h.mailState("440106"), h.mailState("440100"))
		}
		h.to(at(3, 1, 2).Add(-time.Millisecond))
		if box.tries != 1 {
			t.Errorf("%d tries within two minutes", box.tries)
		}
		h.to(at(3, 2, 0))
		if box.tries != 3 || len(box.sent) != 1 || h.mailState("440106") != sent || h.facts("report.mailed") != 1 {
			t.Errorf("%d tries, sent %q, the mail is %q", box.tries, box.sent, h.mailState("440106"))
		}
		if !strings.HasSuffix(box.sent[0], " a@x.cn,b@x.cn 公共法律服务日报 2026-03-02 司法局440106") || len(box.files["mingfa-2026-03-02.csv"]) == 0 || len(box.files["mingfa-2026-03-02.xlsx"]) == 0 {
			t.Errorf("sent %q with %d files", box.sent, len(box.files))
		}
		_, err := h.Make(t.Context(), h.Orgs["440106"], "2026-03-02", nil)
		h.Must(err)
		h.to(at(3, 5, 0))
		if len(box.sent) != 2 || h.facts("report.mailed") != 2 || strings.Fields(box.sent[0])[0] == strings.Fields(box.sent[1])[0] {
			t.Errorf("after a correction %q", box.sent)
		}
	})
}

// A server that takes nothing is tried ten times, and then that is a fact.
//
// req: B7.3.2.1
func TestMailFailed(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		box := &letterbox{fails: 1000}
		h.Mail, h.To = box, func(region string) []string { return map[string][]string{"440106": {"a@x.cn"}}[region] }
		h.to(at(3, 12, 0))
		if box.tries != maxTries || h.mailState("440106") != failed || h.facts("report.mail_failed") != 1 || h.facts("report.mailed") != 0 {
			t.Errorf("%d tries, the mail is %q", box.tries, h.mailState("440106"))
		}
		h.to(at(3, 20, 0))
		if box.tries != maxTries {
			t.Errorf("%d tries after it was given up", box.tries)
		}
	})
}

// Nobody is written to when nobody is set, or not any more.
//
// req: B7.3.2.1
func TestMailToNobody(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		h.to(at(3, 1, 0))
		if got := h.mailState("440106"); got != "" {
			t.Errorf("without a mail server the mail is %q", got)
		}
		box := &letterbox{fails: 1}
		list := []string{"a@x.cn"}
		h.Mail, h.To = box, func(string) []string { return list }
		_, err := h.Make(t.Context(), h.Orgs["440106"], "2026-03-02", nil)
		h.Must(err)
		h.to(at(3, 1, 1))
		list = nil
		h.to(at(3, 20, 0))
		if box.tries != 1 || h.mailState("440106") != failed {
			t.Errorf("%d tries, the mail is %q", box.tries, h.mailState("440106"))
		}
	})
}
