package consult

import (
	"context"
	"fmt"
	"strings"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/paper"
	"mingfa/internal/base/say"
	"mingfa/internal/base/who"
	"mingfa/internal/public/lawyer"
)

// A transcript is what was said in an order, for whoever may see the order to
// keep: the question, the answer with all its parts, what was said after it,
// the rating. The same order gives the same bytes until something is added.

// Transcript writes it as "txt" (UTF-8) or "pdf", times in the zone of the
// order's organisation. An order whose words were erased has none.
func (s *Service) Transcript(ctx context.Context, a who.Actor, order id.ID, kind, language string) (file []byte, number string, err error) {
	var v *Seen
	var zone *time.Location
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		o, err := load(tx, order)
		if err != nil {
			return err
		}
		if err := s.Rules.Need(a, "order.see", o.object()); err != nil {
			return err
		}
		if v, err = s.open(ctx, tx, a, o, language); err != nil {
			return err
		}
		org, err := s.People.OrgByID(tx, o.Org)
		if err != nil {
			return err
		}
		zone, err = time.LoadLocation(org.Zone)
		return err
	})
	if err != nil {
		return nil, "", err
	}
	if v.Erased || kind != "pdf" && kind != "txt" {
		return nil, "", fault.NotThere()
	}
	d := v.transcript(language, zone)
	if kind == "txt" {
		return []byte(asText(d)), v.Number, nil
	}
	var font *paper.Font
	if s.Font != nil {
		font = s.Font()
	}
	file, err = paper.PDF(d, font)
	return file, v.Number, err
}

// transcript is the document: one table of who said what and when.
func (v *Seen) transcript(language string, zone *time.Location) *paper.Doc {
	t := func(key string) string { return say.Text(language, "consult.transcript_"+key, nil) }
	d := &paper.Doc{Title: say.Text(language, "consult.transcript", map[string]any{"number": v.Number}), Lang: language, At: v.LastAt.Time}
	line := func(key, text string) {
		if text != "" {
			d.Meta = append(d.Meta, paper.Line{Label: t(key), Text: text})
		}
	}
	line("region", v.RegionName)
	line("problem", TypeName(language, v.Problem))
	if v.Card != nil {
		line("lawyer", strings.TrimSpace(lawyerName(v.Card)+" "+v.Card.Firm))
	}
	if v.Rating != "" {
		line("rating", say.Text(language, "rating."+string(v.Rating), nil))
	}
	line("zone", zone.String())
	said := paper.Table{Title: t("said"), Columns: []paper.Column{{Head: t("at"), Type: paper.Moments, Zone: zone}, {Head: t("who"), Type: paper.Texts}, {Head: t("words"), Type: paper.Texts}}}
	add := func(at time.Time, by Role, words string, files ...attachmentJSON) {
		for i, f := range files {
			words += fmt.Sprintf("\n%s %d: %s", t("file"), i+1, f.Name)
		}
		said.Rows = append(said.Rows, []paper.Cell{paper.Moment(at), paper.Text(say.Text(language, "role."+string(by), nil)), paper.Text(words)})
	}
	add(v.AskedAt.Time, ByCitizen, v.plain(v.Question), v.files(InQuestion, id.Nil)...)
	if v.Answer != nil {
		add(v.Answer.At.Time, ByLawyer, v.answerText(t), v.files(InAnswer, id.Nil)...)
	}
	for _, m := range v.Messages {
		add(m.At.Time, m.Role, v.plain(m.Words), v.files(InMessage, m.ID)...)
	}
	if words := v.plain(v.Comment); words != "" {
		add(v.RatedAt.Time, ByCitizen, t("comment")+" "+words)
	}
	d.Tables = []paper.Table{said}
	return d
}

func lawyerName(c *lawyer.Card) string {
	if c.Name != "" {
		return c.Name
	}
	return c.Nickname
}

// answerText is the complete answer in the order in which it is read (B6.2.1.2).
func (v *Seen) answerText(t func(string) string) string {
	d := v.Draft
	parts := []string{v.Templates.Opening, d.Text, t("judgement") + " " + d.Judgement}
	if len(d.Basis) == 0 {
		parts = append(parts, t("basis")+" "+d.NoBasis)
	}
	for _, b := range d.Basis {
		parts = append(parts, t("basis")+" "+b.Law+" "+b.Article)
	}
	for i, advice := range d.Advice {
		parts = append(parts, fmt.Sprintf("%s %d: %s", t("advice"), i+1, advice))
	}
	return strings.Join(append(parts, v.Templates.Disclaimer, v.Templates.Closing), "\n")
}

// asText writes the document of a transcript as plain text: a byte order mark
// and CRLF, since people open it with whatever their computer has.
func asText(d *paper.Doc) string {
	var b strings.Builder
	b.WriteString("\ufeff" + d.Title + "\n")
	for _, m := range d.Meta {
		b.WriteString(m.Label + ": " + m.Text + "\n")
	}
	for _, table := range d.Tables {
		zone := table.Columns[0].Zone
		for _, row := range table.Rows {
			at, by, words := row[0].(paper.Moment), row[1].(paper.Text), row[2].(paper.Text)
			fmt.Fprintf(&b, "\n[%s] %s\n%s\n", time.Time(at).In(zone).Format("2006-01-02 15:04:05"), by, words)
		}
	}
	return strings.ReplaceAll(strings.ReplaceAll(b.String(), "\r\n", "\n"), "\n", "\r\n")
}

func init() {
	say.Register(map[string]say.Texts{
		"consult.transcript":           {Hans: "法律咨询记录 {number}", Hant: "法律諮詢紀錄 {number}", En: "Record of consultation {number}"},
		"consult.transcript_region":    {Hans: "地区", Hant: "地區", En: "Place"},
		"consult.transcript_problem":   {Hans: "问题类型", Hant: "問題類型", En: "Kind of problem"},
		"consult.transcript_lawyer":    {Hans: "律师", Hant: "律師", En: "Lawyer"},
		"consult.transcript_rating":    {Hans: "评价", Hant: "評分", En: "Rating"},
		"consult.transcript_zone":      {Hans: "时区", Hant: "時區", En: "Time zone"},
		"consult.transcript_said":      {Hans: "咨询内容", Hant: "諮詢內容", En: "What was said"},
		"consult.transcript_at":        {Hans: "时间", Hant: "時間", En: "Time"},
		"consult.transcript_who":       {Hans: "谁", Hant: "誰", En: "Who"},
		"consult.transcript_words":     {Hans: "内容", Hant: "內容", En: "Words"},
		"consult.transcript_comment":   {Hans: "评价说明：", Hant: "評分說明：", En: "On the rating:"},
		"consult.transcript_judgement": {Hans: "法律判断：", Hant: "法律判斷：", En: "Legal judgement:"},
		"consult.transcript_basis":     {Hans: "法律依据：", Hant: "法律依據：", En: "Legal basis:"},
		"consult.transcript_file":      {Hans: "附件", Hant: "附件", En: "File"},
		"consult.transcript_advice":    {Hans: "建议", Hant: "建議", En: "Advice"},
	})
}
