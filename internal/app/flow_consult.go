package app

import (
	"context"
	"encoding/json"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
	"mingfa/internal/base/who"
	"mingfa/internal/core/identity"
	"mingfa/internal/data/report"
	"mingfa/internal/public/complaint"
	"mingfa/internal/public/consult"
)

// flows wires all reactions. Names are permanent: each has a cursor.
func (h *house) flows() {
	h.journal.ReactTogether("consult.notices", journal.Start, consult.NoticeKinds, h.tell)
	h.journal.React("complaint.notices", journal.Start, complaint.NoticeKinds, h.tellOfComplaint)
	h.journal.React("consult.offer", journal.Start, []string{"lawyer.status_changed", "lawyer.practice_changed", "lawyer.added"}, h.offer)
	h.journal.React("report.daily", journal.Start, []string{"identity.org_made"}, h.daily)
	h.journal.React("exchange.joined", journal.Start, []string{"identity.joined"}, h.joined)
	h.qualityFlows()
	h.boardFlows()
}

// joined gives a new account what was imported of its person.
func (h *house) joined(tx *db.Tx, f journal.Fact) error { return h.exchange.Joined(tx, f.Subject) }

// tell tells persons what facts mean for them (B6.1b).
func (h *house) tell(tx *db.Tx, facts []journal.Fact) error {
	list, err := consult.Notices(tx, facts, func(path string) ([]id.ID, error) { return h.people.Watchers(tx, who.Operations, path) })
	if err != nil {
		return err
	}
	return h.notify.Tell(tx, list...)
}

// offer gives waiting orders to a lawyer who has come on duty.
func (h *house) offer(tx *db.Tx, _ journal.Fact) error { return h.consult.OfferWaiting(tx) }

// daily lets a new organisation have its report every day.
func (h *house) daily(tx *db.Tx, f journal.Fact) error {
	o, err := h.people.OrgByID(tx, f.Subject)
	if err != nil {
		return err
	}
	return report.Ensure(tx, o)
}

// sendCode sends a one-time code at once; it may be lost, the person asks again.
func (h *house) sendCode(ctx context.Context, phone, code, language string) {
	if h.notify.Provider == nil {
		return
	}
	text := say.Text(language, "notify.code", map[string]any{"code": code, "minutes": int(identity.CodeFor.Minutes())})
	send := func() {
		if _, _, err := h.notify.Provider.Send(ctx, "code/"+id.New().String(), phone, text); err != nil {
			h.log.Warn("a one-time code could not be sent")
		}
	}
	if h.screen != nil {
		send() // at once, so that a played day has no chance in it
		return
	}
	go send() // a slow gateway must not keep the asker waiting
}

// asJSON writes one line of machine-readable output.
func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return "{}"
	}
	return string(b)
}
