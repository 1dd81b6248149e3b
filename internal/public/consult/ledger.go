package consult

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"mingfa/internal/base/db"
	"mingfa/internal/base/element"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/paper"
	"mingfa/internal/base/say"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
)

// The ledger of call-backs (回访台账, B7.1.3.2): every call-back of a period with
// who was called when, what he said and what was done, as CSV, XLSX and PDF. It is
// made of rows alone, oldest first, so the same state gives the same bytes. That
// somebody took it away is a fact.

// Period narrows a ledger.
type Period struct {
	From, To time.Time // opened in [From, To); zero: from the first, to the last
	Org      id.ID     // this organisation and those below; Nil: all that the actor may see
}

// PeriodOf reads days of China's clock, both included; "" is open.
func PeriodOf(first, last string, org id.ID) (p Period, err error) {
	p.Org = org
	for _, x := range []struct {
		name, day string
		into      *time.Time
		add       int
	}{{"from", first, &p.From, 0}, {"to", last, &p.To, 1}} {
		if x.day == "" {
			continue
		}
		day, err := time.ParseInLocation(time.DateOnly, x.day, element.China)
		if err != nil {
			return p, fault.Bad(fault.At(x.name, "fault.field_format"))
		}
		*x.into = day.AddDate(0, 0, x.add)
	}
	return p, nil
}

// ledgerPage is how many call-backs are read at a time.
const ledgerPage = 200

// ledgerColumns of a ledger: the name for the text key, and what stands in it.
var ledgerColumns = []struct {
	name string
	typ  paper.Type
	cell func(l *ledgerLine) paper.Cell
}{
	{"number", paper.Texts, func(l *ledgerLine) paper.Cell { return paper.Text(l.order.Number) }},
	{"rating", paper.Texts, func(l *ledgerLine) paper.Cell { return l.text("rating." + string(l.Rating)) }},
	{"opened", paper.Moments, func(l *ledgerLine) paper.Cell { return moment(l.OpenedAt) }},
	{"due", paper.Moments, func(l *ledgerLine) paper.Cell { return moment(l.DueAt) }},
	{"state", paper.Texts, func(l *ledgerLine) paper.Cell { return l.text("consult.ledger_state_" + string(l.State)) }},
	{"name", paper.Texts, func(l *ledgerLine) paper.Cell { return l.plain(l.order.Name) }},
	{"phone", paper.Texts, func(l *ledgerLine) paper.Cell { return l.phone() }},
	{"called", paper.Moments, func(l *ledgerLine) paper.Cell { return moment(l.CalledAt) }},
	{"in_time", paper.Texts, func(l *ledgerLine) paper.Cell { return l.yesNo(!l.CalledAt.IsZero(), l.InTime()) }},
	{"reached", paper.Texts, func(l *ledgerLine) paper.Cell { return l.yesNo(!l.CalledAt.IsZero(), !l.ReachedAt.IsZero()) }},
	{"calls", paper.Texts, func(l *ledgerLine) paper.Cell { return l.calls() }},
	{"category", paper.Texts, func(l *ledgerLine) paper.Cell { return l.coded("consult.category_", string(l.Category)) }},
	{"reason", paper.Texts, func(l *ledgerLine) paper.Cell { return l.plain(l.Reason) }},
	{"details", paper.Texts, func(l *ledgerLine) paper.Cell { return l.plain(l.Details) }},
	{"feedback", paper.Texts, func(l *ledgerLine) paper.Cell { return l.plain(l.Feedback) }},
	{"legal", paper.Texts, func(l *ledgerLine) paper.Cell { return l.yesNo(!l.ResultAt.IsZero(), l.Legal) }},
	{"violation", paper.Texts, func(l *ledgerLine) paper.Cell { return l.yesNo(!l.ResultAt.IsZero(), l.Violation) }},
	{"recorded", paper.Moments, func(l *ledgerLine) paper.Cell { return moment(l.ResultAt) }},
	{"recorded_by", paper.Texts, func(l *ledgerLine) paper.Cell { return paper.Text(l.names[l.ResultBy]) }},
	{"lawyer_due", paper.Moments, func(l *ledgerLine) paper.Cell { return moment(l.LawyerDueAt) }},
	{"lawyer_called", paper.Moments, func(l *ledgerLine) paper.Cell { return moment(l.LawyerAt) }},
	{"lawyer", paper.Texts, func(l *ledgerLine) paper.Cell { return paper.Text(l.names[l.Lawyer]) }},
	{"summary", paper.Texts, func(l *ledgerLine) paper.Cell { return l.plain(l.Summary) }},
	{"closed", paper.Moments, func(l *ledgerLine) paper.Cell { return moment(l.ClosedAt) }},
	{"closed_by", paper.Texts, func(l *ledgerLine) paper.Cell { return paper.Text(l.names[l.ClosedBy]) }},
}

// ledgerLine is a call-back with all that belongs to it.
type ledgerLine struct {
	*Callback
	order    Order
	attempts []attemptRow
	texts    map[id.ID]seal.Text
	names    map[id.ID]string
	whole    bool // the reader may see the telephone number
	language string
}

func moment(t db.Time) paper.Cell {
	if t.IsZero() {
		return paper.None{}
	}
	return paper.Moment(t.Time)
}

func (l *ledgerLine) text(key string) paper.Cell { return paper.Text(say.Text(l.language, key, nil)) }

func (l *ledgerLine) plain(i id.ID) paper.Cell { return paper.Text(l.texts[i].Plain) }

func (l *ledgerLine) phone() paper.Cell {
	phone := l.texts[l.order.Phone].Plain
	if !l.whole {
		phone = mask(phone)
	}
	return paper.Text(phone)
}

func (l *ledgerLine) coded(prefix, code string) paper.Cell {
	if code == "" {
		return paper.Text("")
	}
	return l.text(prefix + code)
}

func (l *ledgerLine) yesNo(known, yes bool) paper.Cell {
	if !known {
		return paper.Text("")
	}
	return l.text("consult.ledger_" + map[bool]string{true: "yes", false: "no"}[yes])
}

func (l *ledgerLine) calls() paper.Cell {
	var lines []string
	for _, t := range l.attempts {
		reached := say.Text(l.language, "consult.ledger_call_"+map[bool]string{true: "reached", false: "missed"}[t.Reached], nil)
		lines = append(lines, strings.TrimSpace(t.At.In(element.China).Format("2006-01-02 15:04:05")+" "+reached+" "+l.texts[t.Note].Plain))
	}
	return paper.Text(strings.Join(lines, "\n"))
}

// Ledger gives the call-backs of a period that the actor may export. More than
// paper.MaxLedger are refused.
func (s *Service) Ledger(ctx context.Context, a who.Actor, p Period, language string) (l paper.Ledger, err error) {
	if err := s.Rules.Need(a, "callback.export", access.Object{Org: a.Scope}); err != nil {
		return l, err
	}
	l = paper.Ledger{Title: say.Text(language, "consult.ledger", nil), Lang: language}
	for _, c := range ledgerColumns {
		l.Columns = append(l.Columns, paper.Column{Head: say.Text(language, "consult.ledger_"+c.name, nil), Type: c.typ, Zone: element.China})
	}
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		if p.Org != id.Nil {
			o, err := s.People.OrgByID(tx, p.Org)
			if err != nil {
				return err
			}
			if err := s.Rules.Need(a, "callback.export", access.Object{Org: o.Path}); err != nil {
				return err
			}
			l.Meta = append(l.Meta, paper.Line{Label: say.Text(language, "consult.ledger_org", nil), Text: o.Name})
		}
		return s.ledgerPages(ctx, tx, a, p, &l)
	})
	if err != nil {
		return l, err
	}
	l.Meta = append(l.Meta, paper.Line{Label: say.Text(language, "consult.ledger_period", nil), Text: p.text()})
	file := id.New()
	return l, s.DB.Do(ctx, a, func(tx *db.Tx) error {
		return journal.Write(tx, journal.Entry{Org: a.Org, Root: file, Subject: file, Rev: 1, Event: LedgerExportedFact{Rows: len(l.Rows)}})
	})
}

// text is the period as people read it.
func (p Period) text() string {
	day := func(t time.Time, back int) string {
		if t.IsZero() {
			return "…"
		}
		return t.In(element.China).AddDate(0, 0, back).Format(time.DateOnly)
	}
	return day(p.From, 0) + " – " + day(p.To, -1) + " (Asia/Shanghai)"
}

// ledgerPages reads page by page, in one snapshot.
func (s *Service) ledgerPages(ctx context.Context, tx *db.Tx, a who.Actor, p Period, l *paper.Ledger) error {
	for after := id.Nil; ; {
		list, err := s.ledgerRows(tx, a, p, after)
		if err != nil || len(list) == 0 {
			return err
		}
		lines, err := s.ledgerLines(ctx, tx, a, list, l.Lang)
		if err != nil {
			return err
		}
		for _, line := range lines {
			row := make([]paper.Cell, len(ledgerColumns))
			for i, c := range ledgerColumns {
				row[i] = c.cell(line)
			}
			l.Rows = append(l.Rows, row)
			for _, t := range []db.Time{line.OpenedAt, line.CalledAt, line.ResultAt, line.LawyerAt, line.ClosedAt} {
				if t.After(l.At) {
					l.At = t.Time // the date of the file: when anything of it happened last
				}
			}
		}
		if len(l.Rows) > paper.MaxLedger {
			return fault.Bad(fault.At("from", "paper.ledger_too_long").With("max", paper.MaxLedger))
		}
		after = list[len(list)-1].ID
	}
}

func (s *Service) ledgerRows(tx *db.Tx, a who.Actor, p Period, after id.ID) (list []*Callback, err error) {
	cond, args := s.Rules.Visible(a, "callback.export", access.Columns{OrgPath: "c.path"})
	q := tx.NewSelect().Model(&list).Where(cond, args...)
	if p.Org != id.Nil {
		path, err := s.People.PathOf(tx, p.Org)
		if err != nil {
			return nil, err
		}
		q = q.Where("substr(c.path, 1, ?) = ?", len(path), path)
	}
	if !p.From.IsZero() {
		q = q.Where("c.opened_at >= ?", p.From.UnixMilli())
	}
	if !p.To.IsZero() {
		q = q.Where("c.opened_at < ?", p.To.UnixMilli())
	}
	if after != id.Nil {
		q = q.Where("(c.opened_at, c.id) > (SELECT opened_at, id FROM consult_callback WHERE id = ?)", after)
	}
	if err := q.OrderExpr("c.opened_at, c.id").Limit(ledgerPage).Scan(tx.Ctx()); err != nil {
		return nil, fmt.Errorf("list call-backs for a ledger: %w", err)
	}
	return list, nil
}

// ledgerLines reads what belongs to a page of call-backs.
func (s *Service) ledgerLines(ctx context.Context, tx *db.Tx, a who.Actor, list []*Callback, language string) ([]*ledgerLine, error) {
	var calls, about []id.ID
	for _, c := range list {
		calls, about = append(calls, c.ID), append(about, c.Order)
	}
	var orders []Order
	if err := tx.NewSelect().Model(&orders).Where("o.id IN (?)", bun.List(about)).Scan(tx.Ctx()); err != nil {
		return nil, err
	}
	var tries []attemptRow
	if err := tx.NewSelect().Model(&tries).Where("callback IN (?)", bun.List(calls)).Order("callback", "n").Scan(tx.Ctx()); err != nil {
		return nil, err
	}
	byOrder, byCall := map[id.ID]Order{}, map[id.ID][]attemptRow{}
	var words, people []id.ID
	for _, o := range orders {
		byOrder[o.ID] = o
		words = append(words, o.Name, o.Phone)
	}
	for _, t := range tries {
		byCall[t.Callback] = append(byCall[t.Callback], t)
		words = append(words, t.Note)
	}
	for _, c := range list {
		words = append(words, c.Reason, c.Details, c.Feedback, c.Summary)
		people = append(people, c.ResultBy, c.Lawyer, c.ClosedBy)
	}
	texts, err := s.Keys.Read(ctx, tx, words...)
	if err != nil {
		return nil, fmt.Errorf("open what was said in call-backs: %w", err)
	}
	names, err := s.People.Names(ctx, tx, people...)
	if err != nil {
		return nil, err
	}
	var out []*ledgerLine
	for _, c := range list {
		o := byOrder[c.Order]
		out = append(out, &ledgerLine{Callback: c, order: o, attempts: byCall[c.ID], texts: texts, names: names, language: language,
			whole: s.Rules.May(a, "callback.attempt", objectOf(c, &o))})
	}
	return out, nil
}

// LedgerExportedFact: the ledger of call-backs left the house as a file. Its
// subject is its own.
type LedgerExportedFact struct {
	Rows int `json:"rows"`
}

// Kind names the fact.
func (LedgerExportedFact) Kind() string { return "consult.ledger_exported" }

func init() {
	journal.Register("callback.export", func() journal.Event { return LedgerExportedFact{} })
	say.Register(map[string]say.Texts{
		"fact.consult.ledger_exported":  {Hans: "导出了回访台账（{rows} 条）", Hant: "匯出了回訪台帳（{rows} 項）", En: "The ledger of call-backs was exported ({rows} entries)"},
		"consult.ledger":                {Hans: "回访台账", Hant: "回訪台帳", En: "Ledger of call-backs"},
		"consult.ledger_org":            {Hans: "机构", Hant: "機構", En: "Organisation"},
		"consult.ledger_period":         {Hans: "时间段", Hant: "時段", En: "Period"},
		"consult.ledger_yes":            {Hans: "是", Hant: "是", En: "yes"},
		"consult.ledger_no":             {Hans: "否", Hant: "否", En: "no"},
		"consult.ledger_call_reached":   {Hans: "已接通", Hant: "已接通", En: "reached"},
		"consult.ledger_call_missed":    {Hans: "未接通", Hant: "未接通", En: "not reached"},
		"consult.ledger_state_open":     {Hans: "待回访", Hant: "待回訪", En: "to be called"},
		"consult.ledger_state_called":   {Hans: "待记录", Hant: "待記錄", En: "to be recorded"},
		"consult.ledger_state_recorded": {Hans: "待办结", Hant: "待完結", En: "to be closed"},
		"consult.ledger_state_closed":   {Hans: "已办结", Hant: "已完結", En: "closed"},
		"consult.ledger_number":         {Hans: "工单编号", Hant: "工單編號", En: "Order"},
		"consult.ledger_rating":         {Hans: "评价", Hant: "評分", En: "Rating"},
		"consult.ledger_opened":         {Hans: "评价时间", Hant: "評分時間", En: "Rated"},
		"consult.ledger_due":            {Hans: "回访时限", Hant: "回訪時限", En: "Call by"},
		"consult.ledger_state":          {Hans: "状态", Hant: "狀態", En: "State"},
		"consult.ledger_name":           {Hans: "联系人", Hant: "聯絡人", En: "Name"},
		"consult.ledger_phone":          {Hans: "联系电话", Hant: "聯絡電話", En: "Phone"},
		"consult.ledger_called":         {Hans: "回访时间", Hant: "回訪時間", En: "Called"},
		"consult.ledger_in_time":        {Hans: "按时回访", Hant: "按時回訪", En: "In time"},
		"consult.ledger_reached":        {Hans: "是否接通", Hant: "是否接通", En: "Reached"},
		"consult.ledger_calls":          {Hans: "通话记录", Hant: "通話記錄", En: "Calls (UTC+8)"},
		"consult.ledger_category":       {Hans: "原因类别", Hant: "原因類別", En: "Category of reason"},
		"consult.ledger_reason":         {Hans: "不满意原因", Hant: "不滿意原因", En: "Reason"},
		"consult.ledger_details":        {Hans: "详细情况", Hant: "詳細情況", En: "Details"},
		"consult.ledger_feedback":       {Hans: "投诉与建议", Hant: "投訴與建議", En: "Complaints and suggestions"},
		"consult.ledger_legal":          {Hans: "仍有法律问题", Hant: "仍有法律問題", En: "Legal question remains"},
		"consult.ledger_violation":      {Hans: "服务违规", Hant: "服務違規", En: "Service broke a rule"},
		"consult.ledger_recorded":       {Hans: "记录时间", Hant: "記錄時間", En: "Recorded"},
		"consult.ledger_recorded_by":    {Hans: "记录人", Hant: "記錄人", En: "Recorded by"},
		"consult.ledger_lawyer_due":     {Hans: "律师回电时限", Hant: "律師回電時限", En: "Lawyer calls by"},
		"consult.ledger_lawyer_called":  {Hans: "律师回电时间", Hant: "律師回電時間", En: "Lawyer called"},
		"consult.ledger_lawyer":         {Hans: "回电律师", Hant: "回電律師", En: "Lawyer who called"},
		"consult.ledger_summary":        {Hans: "回电摘要", Hant: "回電摘要", En: "Summary of his call"},
		"consult.ledger_closed":         {Hans: "办结时间", Hant: "完結時間", En: "Closed at"},
		"consult.ledger_closed_by":      {Hans: "办结人", Hant: "完結人", En: "Closed by"},
	})
}
