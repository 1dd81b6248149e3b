package complaint

import (
	"bytes"
	"context"
	"encoding/csv"
	"strconv"
	"strings"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/paper"
	"mingfa/internal/base/say"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
)

// MaxExport is how many complaints one file holds.
const MaxExport = 5000

// pageSize is how many are read at a time.
const pageSize = 200

// columns of the register (B7.1.2.3c): names for the text keys, and what stands in
// them.
var columns = []struct {
	name string
	cell func(v *Seen, language string) string
}{
	{"number", func(v *Seen, _ string) string { return v.Number }},
	{"kind", func(v *Seen, l string) string { return say.Text(l, "complaint.kind_"+string(v.Kind), nil) }},
	{"state", func(v *Seen, l string) string { return say.Text(l, "complaint.state_"+string(v.State), nil) }},
	{"channel", func(v *Seen, l string) string { return say.Text(l, "complaint.channel_"+string(v.Channel), nil) }},
	{"received_at", func(v *Seen, _ string) string { return clock(v.ReceivedAt) }},
	{"name", func(v *Seen, _ string) string { return v.plain(v.Name) }},
	{"phone", func(v *Seen, _ string) string { return v.phone() }},
	{"order", func(v *Seen, _ string) string { return v.Order.Number }},
	{"text", func(v *Seen, _ string) string { return v.plain(v.Words) }},
	{"call_by", func(v *Seen, _ string) string { return clock(v.DueAt) }},
	{"called_at", func(v *Seen, _ string) string { return clock(v.CalledAt) }},
	{"in_time", func(v *Seen, l string) string { return yesNo(l, !v.CalledAt.IsZero(), v.InTime()) }},
	{"reached", func(v *Seen, l string) string { return yesNo(l, !v.CalledAt.IsZero(), !v.ReachedAt.IsZero()) }},
	{"calls", func(v *Seen, l string) string { return v.callLog(l) }},
	{"category", func(v *Seen, l string) string { return coded(l, "consult.category_", string(v.Category)) }},
	{"reason", func(v *Seen, _ string) string { return v.plain(v.Reason) }},
	{"measure", func(v *Seen, _ string) string { return v.plain(v.Measure) }},
	{"result", func(v *Seen, _ string) string { return v.plain(v.Result) }},
	{"recorded_at", func(v *Seen, _ string) string { return clock(v.RecordedAt) }},
	{"recorded_by", func(v *Seen, _ string) string { return v.Names[v.RecordedBy] }},
	{"sensitive", func(v *Seen, l string) string { return coded(l, "complaint.sensitive_", string(v.Flag)) }},
	{"reported_at", func(v *Seen, _ string) string { return clock(v.FlaggedAt) }},
	{"acknowledged_at", func(v *Seen, _ string) string { return clock(v.AcknowledgedAt) }},
	{"filing_number", func(v *Seen, _ string) string { return v.plain(v.FilingNumber) }},
	{"filed_on", func(v *Seen, _ string) string { return v.FiledOn }},
	{"authority", func(v *Seen, _ string) string { return v.plain(v.Authority) }},
	{"closed_at", func(v *Seen, _ string) string { return clock(v.ClosedAt) }},
	{"closed_by", func(v *Seen, _ string) string { return v.Names[v.ClosedBy] }},
}

// clock writes an instant as a clock in China shows it, the zone of the register.
func clock(t db.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(china).Format("2006-01-02 15:04:05")
}

func yesNo(language string, known, yes bool) string {
	if !known {
		return ""
	}
	return say.Text(language, "complaint."+map[bool]string{true: "yes", false: "no"}[yes], nil)
}

func coded(language, prefix, code string) string {
	if code == "" {
		return ""
	}
	return say.Text(language, prefix+code, nil)
}

// callLog is the log of calls, a line each.
func (v *Seen) callLog(language string) string {
	var lines []string
	for _, t := range v.Calls {
		key := "complaint.not_reached"
		if t.Reached {
			key = "complaint.reached"
		}
		lines = append(lines, strings.TrimSpace(clock(t.At)+" "+say.Text(language, key, nil)+" "+v.plain(t.Reason)))
	}
	return strings.Join(lines, "\n")
}

// CSV gives the register of complaints that the actor may export, newest first, as
// RFC 4180 with a byte order mark, so that spreadsheets read UTF-8. More than
// MaxExport are refused. That somebody took the register away is a fact.
func (s *Service) CSV(ctx context.Context, a who.Actor, f Filter, language string) ([]byte, error) {
	l, err := s.Ledger(ctx, a, f, language)
	if err != nil {
		return nil, err
	}
	b := bytes.NewBufferString("\ufeff")
	w := csv.NewWriter(b)
	w.UseCRLF = true
	head := []string{}
	for _, c := range l.Columns {
		head = append(head, defuse(c.Head))
	}
	_ = w.Write(head) // into memory
	for _, row := range l.Rows {
		line := make([]string, len(columns))
		for i, c := range row {
			line[i] = defuse(string(c.(paper.Text)))
		}
		_ = w.Write(line)
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// Ledger gives the register as a document for XLSX and PDF; otherwise as CSV. The
// same state gives the same document.
func (s *Service) Ledger(ctx context.Context, a who.Actor, f Filter, language string) (l paper.Ledger, err error) {
	if err := s.Rules.Need(a, "complaint.export", access.Object{Org: a.Scope}); err != nil {
		return l, err
	}
	all, err := s.all(ctx, a, f)
	if err != nil {
		return l, err
	}
	l = paper.Ledger{Title: say.Text(language, "complaint.ledger", nil), Lang: language}
	for _, c := range columns {
		l.Columns = append(l.Columns, paper.Column{Head: say.Text(language, "complaint.column_"+c.name, nil)})
	}
	for _, v := range all {
		row := make([]paper.Cell, len(columns))
		for i, c := range columns {
			row[i] = paper.Text(c.cell(v, language))
		}
		l.Rows = append(l.Rows, row)
		for _, t := range []db.Time{v.ReceivedAt, v.CalledAt, v.RecordedAt, v.FlaggedAt, v.AcknowledgedAt, v.ClosedAt} {
			if t.After(l.At) {
				l.At = t.Time // the date of the file: when anything of it happened last
			}
		}
	}
	file := id.New()
	return l, s.DB.Do(ctx, a, func(tx *db.Tx) error {
		return journal.Write(tx, journal.Entry{Org: a.Org, Root: file, Subject: file, Rev: 1, Event: ExportedFact{Rows: len(all)}})
	})
}

// all reads every page of a list, in one snapshot.
func (s *Service) all(ctx context.Context, a who.Actor, f Filter) (out []*Seen, err error) {
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		if f.Org != id.Nil {
			if f.Path, err = s.People.PathOf(tx, f.Org); err != nil {
				return err
			}
			if err := s.Rules.Need(a, "complaint.export", access.Object{Org: f.Path}); err != nil {
				return err
			}
		}
		f.Limit, f.Cursor = pageSize, id.Nil
		for {
			page, err := s.page(ctx, tx, a, "complaint.export", f)
			if err != nil {
				return err
			}
			out = append(out, page...)
			if len(out) > MaxExport {
				return fault.Bad(fault.At("month", "complaint.export_too_large").With("max", MaxExport))
			}
			if len(page) < pageSize {
				return nil
			}
			f.Cursor = page[len(page)-1].ID
		}
	})
	return out, err
}

// defuse keeps a spreadsheet from taking what somebody wrote for a formula: what
// begins like one, also after spaces and in full width, gets an apostrophe.
func defuse(cell string) string {
	s := strings.TrimLeft(cell, " \u00a0\u3000\ufeff\u200b")
	if s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(s)[0]) {
		return "'" + cell
	}
	return cell
}

// fileName is what the register is called.
func fileName(month, format string) string {
	if month == "" {
		month = "all"
	}
	return "attachment; filename=" + strconv.Quote("mingfa-complaints-"+month+"."+format)
}
