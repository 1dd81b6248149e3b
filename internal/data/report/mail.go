package report

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
	"mingfa/internal/core/identity"
)

// Mailer hands a mail over to all of its recipients or to none. It may be called
// twice with one key. files are by their names.
type Mailer interface {
	Send(ctx context.Context, key string, to []string, subject, text string, files map[string][]byte) error
}

// Mailed is the receipt: a mail server has taken a report for its recipients.
type Mailed struct {
	Day        Day   `json:"day"`
	Version    int64 `json:"version"`
	Recipients int   `json:"recipients"`
	Tries      int64 `json:"tries"`
	AfterMS    int64 `json:"after_ms"` // since the report was made
}

// Kind names the fact.
func (Mailed) Kind() string { return "report.mailed" }

// MailFailed: no mail server took a report, and it is not tried again.
type MailFailed struct {
	Day     Day   `json:"day"`
	Version int64 `json:"version"`
	Tries   int64 `json:"tries"`
}

// Kind names the fact.
func (MailFailed) Kind() string { return "report.mail_failed" }

func init() {
	journal.Register("report.see", func() journal.Event { return Mailed{} })
	journal.Register("report.see", func() journal.Event { return MailFailed{} })
	say.Register(map[string]say.Texts{
		"fact.report.mailed":      {Hans: "{day} 的日报已由邮件服务器接收", Hant: "{day} 的日報已由郵件伺服器接收", En: "The daily report of {day} was taken by the mail server"},
		"fact.report.mail_failed": {Hans: "{day} 的日报未能以邮件发出", Hant: "{day} 的日報未能以郵件發出", En: "The daily report of {day} could not be mailed"},
		"report.mail_subject":     {Hans: "公共法律服务日报 {day} {org}", Hant: "公共法律服務日報 {day} {org}", En: "Daily report of public legal services {day} {org}"},
		"report.mail_text": {
			Hans: "附件为 {org} {day} 的日报（第 {version} 版）。本邮件由系统自动发出，请勿回复。",
			Hant: "附件為 {org} {day} 的日報（第 {version} 版）。本郵件由系統自動發出，請勿回覆。",
			En:   "The files are the daily report of {org}, {day}, version {version}. This mail was sent by the program; please don't reply."},
	})
}

const (
	dueMail  = "report.mail"
	maxTries = 10 // over some five hours
)

// The states of a mail.
const (
	waiting = "waiting"
	sent    = "sent"
	failed  = "failed"
)

// mailing is a report on its way: waiting -> sent, or failed after maxTries. Its
// recipients stand in the configuration only.
type mailing struct {
	bun.BaseModel `bun:"table:report_mail"`

	ID      id.ID `bun:"type:uuid,pk"`
	Org     id.ID `bun:"type:uuid"`
	Report  id.ID `bun:"type:uuid"`
	Day     string
	Version int64
	State   string
	Tries   int64
	MadeAt  db.Time `bun:",nullzero"`
	DoneAt  db.Time `bun:",nullzero"`
	Rev     int64
}

// recipients of an organisation's reports; none where there is no mail.
func (s *Service) recipients(o identity.Org) []string {
	if s.Mail == nil || s.To == nil {
		return nil
	}
	return s.To(o.Region)
}

// post lets a report be mailed, in the transaction that stores it.
func (s *Service) post(tx *db.Tx, o identity.Org, r stored) error {
	if len(s.recipients(o)) == 0 {
		return nil
	}
	m := mailing{ID: id.New(), Org: o.ID, Report: subject(o.ID, r.Day), Day: r.Day, Version: r.Version, State: waiting, MadeAt: db.At(tx.Now())}
	if _, err := tx.NewInsert().Model(&m).Exec(tx.Ctx()); err != nil {
		return fmt.Errorf("note the mail of a report: %w", err)
	}
	return due.Set(tx, due.Row{Org: o.ID, Subject: m.ID, Name: "mail", Kind: dueMail, At: tx.Now(), Rule: "now", Anchor: tx.Now(), Zone: o.Zone})
}

// fireMail notes an attempt and when to try again; the mail leaves when that is
// on disk. A crash in between sends it again, under the same Message-ID.
func (s *Service) fireMail(tx *db.Tx, f due.Fired) error {
	m, err := lockMail(tx, f.Subject)
	if err != nil || m == nil || m.State != waiting {
		return err
	}
	if m.Tries >= maxTries {
		s.Log.Error("a daily report could not be mailed", "org", m.Org, "day", m.Day)
		return settle(tx, m, failed, MailFailed{Day(m.Day), m.Version, m.Tries})
	}
	m.Tries++
	if _, err := tx.NewUpdate().Model(m).WherePK().Exec(tx.Ctx()); err != nil {
		return err
	}
	again := min(time.Minute<<m.Tries, time.Hour)
	if err := due.Set(tx, due.Row{Org: m.Org, Subject: m.ID, Name: "mail", Kind: dueMail, At: tx.Now().Add(again), Rule: "retry", Anchor: m.MadeAt.Time, Zone: f.Zone}); err != nil {
		return err
	}
	copied := *m
	tx.After(func() {
		if s.Wait {
			s.mail(copied)
			return
		}
		go s.mail(copied)
	})
	return nil
}

// mail sends a report and notes the receipt. What fails is tried again by its
// due row.
func (s *Service) mail(m mailing) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	to, err := s.send(ctx, m)
	if err == nil {
		err = s.DB.Do(ctx, system.For(m.Org), func(tx *db.Tx) error {
			fresh, err := lockMail(tx, m.ID)
			if err != nil || fresh == nil || fresh.State != waiting {
				return err
			}
			return settle(tx, fresh, sent, Mailed{Day(m.Day), m.Version, to, fresh.Tries, tx.Now().Sub(m.MadeAt.Time).Milliseconds()})
		})
	}
	if err != nil {
		s.Log.Warn("a daily report could not be mailed yet; it is tried again", "org", m.Org, "day", m.Day, "tries", m.Tries, "error", err)
	}
}

// send hands the files of a report to the mail server and tells to how many.
func (s *Service) send(ctx context.Context, m mailing) (to int, err error) {
	var o identity.Org
	var r stored
	err = s.DB.View(ctx, system.For(m.Org), func(tx *db.Tx) error {
		if o, err = s.People.OrgByID(tx, m.Org); err != nil {
			return err
		}
		all, err := reports(tx, "r.id = ? AND r.version = ?", m.Report.String(), m.Version)
		if err != nil {
			return err
		}
		if len(all) == 0 {
			return fmt.Errorf("the report of %s is not there", m.Day)
		}
		r = all[0]
		r.Zone = o.Zone
		return s.open(ctx, tx, &r)
	})
	if err != nil {
		return 0, err
	}
	list := s.recipients(o)
	if len(list) == 0 {
		return 0, errors.New("nobody is to have the report any more")
	}
	files, err := s.files(r, say.Hans)
	if err != nil {
		return 0, err
	}
	words := map[string]any{"day": r.Day, "version": r.Version, "org": strings.Join(strings.Fields(o.Name), " ")}
	return len(list), s.Mail.Send(ctx, m.ID.String(), list, say.Text(say.Hans, "report.mail_subject", words), say.Text(say.Hans, "report.mail_text", words), files)
}

// files are a report as it is mailed; without a font it goes without PDF.
func (s *Service) files(r stored, lang string) (map[string][]byte, error) {
	kinds := []string{"csv", "xlsx"}
	if s.font() != nil {
		kinds = append(kinds, "pdf")
	}
	out := map[string][]byte{}
	for _, kind := range kinds {
		f, err := s.file(r, kind, lang)
		if err != nil {
			return nil, err
		}
		out["mingfa-"+r.Day+"."+kind] = f.Body
	}
	return out, nil
}

// settle ends a mail with its fact.
func settle(tx *db.Tx, m *mailing, state string, e journal.Event) error {
	m.State, m.DoneAt, m.Rev = state, db.At(tx.Now()), m.Rev+1
	if _, err := tx.NewUpdate().Model(m).WherePK().Exec(tx.Ctx()); err != nil {
		return fmt.Errorf("note what became of a mail: %w", err)
	}
	if err := journal.Write(tx, journal.Entry{Org: m.Org, Root: m.Report, Subject: m.ID, Rev: m.Rev, Event: e}); err != nil {
		return err
	}
	return due.Cancel(tx, m.ID, "mail")
}

func lockMail(tx *db.Tx, i id.ID) (*mailing, error) {
	var m mailing
	err := tx.Lock(tx.NewSelect().Model(&m).Where("id = ?", i)).Scan(tx.Ctx())
	if db.NotFound(err) {
		return nil, nil
	}
	return &m, err
}
