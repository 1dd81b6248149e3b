package consult

import (
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/public/lawyer"
)

// compare follows all facts and demands what Compare says of the rows: "" for
// no difference, else words of it.
func (h *room) compare(want string) {
	h.T.Helper()
	h.Must(h.Journal.Drain(h.T.Context()))
	x := NewFacts()
	h.View(func(tx *db.Tx) error {
		size, err := journal.Size(tx)
		if err != nil {
			return err
		}
		facts, err := journal.Between(tx, x.Kinds(), 0, size)
		h.Must(err)
		for _, f := range facts {
			h.Must(x.Apply(f))
		}
		switch err := x.Compare(tx); {
		case want == "" && err != nil:
			h.T.Error(err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			h.T.Errorf("said %v, wanted %q", err, want)
		}
		return nil
	})
}

// A row that is not what its facts say is found and named.
func TestChangedRowIsFound(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		citizen, a := h.NewCitizen(), h.lawyer("甲", lawyer.Online)
		o, call := h.unhappy(citizen, a)
		_, err := h.Attempt(t.Context(), h.ops, call, id.New(), true, "")
		h.Must(err)
		waiting := h.ask(citizen)
		_, err = h.Exclude(t.Context(), h.ops, waiting.ID, 0, Spam, "广告")
		h.Must(err)
		h.Settle()
		h.compare("")
		for _, c := range []struct{ column, value, back, want string }{
			{"state", "'closed'", "'answered'", "state of order " + o.ID.String()},
			{"rating", "'satisfied'", "'general'", "rating"},
			{"lawyer", "'" + id.New().String() + "'", "'" + a.Person.String() + "'", "lawyer"},
			{"breach", "true", "false", "breach"},
			{"answered_at", "answered_at - 1", "answered_at + 1", "answered_at"},
			{"asked_at", "asked_at - 1", "asked_at + 1", "asked_at"},
			{"exclusion", "'test'", "NULL", "exclusion"},
		} {
			h.exec("UPDATE consult_order SET "+c.column+" = "+c.value+" WHERE id = ?", o.ID.String())
			h.compare(c.want)
			h.exec("UPDATE consult_order SET "+c.column+" = "+c.back+" WHERE id = ?", o.ID.String())
		}
		h.exec("UPDATE consult_callback SET state = 'closed' WHERE id = ?", call.String())
		h.compare("callback state")
		h.exec("UPDATE consult_callback SET state = 'called', called_at = called_at - 60000 WHERE id = ?", call.String())
		h.compare("called_at")
		h.exec("UPDATE consult_callback SET called_at = called_at + 60000 WHERE id = ?", call.String())
		h.compare("")
		h.exec("DELETE FROM consult_order WHERE id = ?", waiting.ID.String())
		h.compare("have rows")
	})
}

// The same facts give the same records, and the parts of a tree add up.
//
// req: B7.3.2.1, B7.T1a, B7.T1b, B7.T1d
func TestRecordsAndFigures(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		citizen, a := h.NewCitizen(), h.lawyer("甲", lawyer.Online)
		from := h.Clock.Now()
		good := h.answered(citizen, a)
		_, err := h.Rate(t.Context(), citizen, good.ID, id.New(), Satisfied, "")
		h.Must(err)
		_, call := h.unhappy(citizen, a)
		spam, abandoned := h.ask(citizen), h.ask(citizen)
		_, err = h.Exclude(t.Context(), h.ops, spam.ID, 0, Spam, "广告")
		h.Must(err)
		h.Settle()
		var below int64
		h.View(func(tx *db.Tx) error { below, err = journal.Size(tx); return err })
		figures := func(path string, limit int64) (f Figures) {
			h.View(func(tx *db.Tx) error {
				r, err := Records(tx, path, from, from.Add(24*time.Hour), limit)
				f = Compute(r, h.Clock.Now())
				return err
			})
			return f
		}
		f := figures("/", below)
		if f.Consultations != 3 || f.Answered != 2 || f.Open != 1 || f.Rated != 2 || f.NonSatisfied != 1 || f.CallbacksDone != 0 || f.Excluded[Spam] != 1 {
			t.Errorf("figures %+v", f)
		}
		if f := figures("/110000/", below); f.Consultations != 0 {
			t.Errorf("somebody else's figures %+v", f)
		}
		h.To(abandoned.AskedAt.Add(3 * time.Hour))
		_, err = h.Attempt(t.Context(), h.ops, call, id.New(), true, "")
		h.Must(err)
		h.Settle()
		h.View(func(tx *db.Tx) error { _, err := journal.Size(tx); return err })
		if f := figures(h.org.Path, below); f.CallbacksDone != 0 || f.Abandoned != 1 {
			t.Errorf("as of leaf %d: %+v", below, f)
		}
		if f := figures(h.org.Path, below+1000); f.CallbacksDone != 1 || f.CallbackRate.Text() != "100.00 %" || f.Breaches != 1 || f.AbandonedWait != 3*time.Hour {
			t.Errorf("now: %+v", f)
		}
	})
}

// Facts that got their numbers together are sorted by subject, so a call-back's
// may come before its order's. Facts of the order itself may not.
func TestFactsInAnyOrderOfSubjects(t *testing.T) {
	order, call, at := id.New(), id.New(), time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	x := NewFacts()
	opened := journal.Fact{Root: order, Subject: call, Kind: "consult.callback_opened", Data: []byte(`{"order":"` + order.String() + `","level":"general","due_at":"2026-03-03T16:00:00Z"}`)}
	if err := x.Apply(opened); err != nil {
		t.Fatal(err)
	}
	if err := x.Apply(journal.Fact{Root: order, Subject: order, Kind: "consult.asked", At: at}); err != nil {
		t.Fatal(err)
	}
	if o := x.Orders[order]; o.Callback != call || !o.Asked.Equal(at) || o.State != Waiting {
		t.Errorf("told %+v", o)
	}
	if err := x.Apply(journal.Fact{Root: id.New(), Subject: order, Kind: "consult.closed"}); err != nil {
		t.Error(err)
	}
	lost := id.New()
	if err := x.Apply(journal.Fact{Root: lost, Subject: lost, Kind: "consult.closed"}); err == nil {
		t.Error("an order is closed that was never asked")
	}
}
