package consult

import (
	"encoding/json"
	"strings"
	"testing"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/who"
	"mingfa/internal/public/lawyer"
)

// A note is read by who has the order in hand, operations and quality; the citizen
// learns in no way that there is one, and erasing him takes it away.
//
// req: B5.3g
func TestNotes(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		ctx, citizen, a := t.Context(), h.NewCitizen(), h.lawyer("甲", lawyer.Online)
		b := h.lawyer("乙", lawyer.Away)
		check := who.Actor{Person: id.New(), Org: h.org.ID, Scope: h.org.Path, Roles: []who.Role{who.Quality}}
		bureau := who.Actor{Person: id.New(), Org: h.org.ID, Scope: h.org.Path, Roles: []who.Role{who.Bureau}}
		far := h.ops
		far.Scope = "/110000/"
		o, note := h.ask(citizen), id.New()
		const words = "对方当事人是老客户，留意利益冲突"
		h.Must(h.AddNote(ctx, a, o.ID, note, words))
		h.Must(h.AddNote(ctx, a, o.ID, note, words)) // a repeat
		h.Refused(h.AddNote(ctx, h.ops, o.ID, note, "别人的编号"), fault.Conflict, "fault.conflict")
		h.Must(h.AddNote(ctx, h.ops, o.ID, id.New(), "已知悉"))
		for name, as := range map[string]who.Actor{"citizen": citizen, "another lawyer": b, "bureau": bureau, "another city": far, "machine": h.machine("orders:read")} {
			if h.Refused(h.AddNote(ctx, as, o.ID, id.New(), "x"), fault.Absent, "fault.absent"); t.Failed() {
				t.Fatal(name)
			}
		}
		for _, bad := range []string{"", " \n", strings.Repeat("字", MaxNote+1), "a\x00"} {
			if err := h.AddNote(ctx, a, o.ID, id.New(), bad); !fault.Is(err, fault.Invalid) {
				t.Errorf("%d characters: %v", len(bad), err)
			}
		}
		h.Refused(h.AddNote(ctx, a, o.ID, id.Nil, "x"), fault.Invalid, "fault.id")
		h.Settle()
		read := func(as who.Actor) string {
			t.Helper()
			v, err := h.See(ctx, as, o.ID, "zh-Hans")
			h.Must(err)
			out := ""
			for _, n := range v.Notes {
				out += n.Role + ":" + n.Text + ";"
			}
			return out
		}
		want := "lawyer:" + words + ";staff:已知悉;"
		if read(a) != want || read(h.ops) != want || read(check) != want || read(citizen) != "" || read(bureau) != "" {
			t.Errorf("read %q, %q, %q, %q, %q", read(a), read(h.ops), read(check), read(citizen), read(bureau))
		}
		h.hidden(citizen, o.ID, words)
		h.compare("")
		h.exec("UPDATE consult_note SET consult = ? WHERE id = ?", id.New().String(), note.String())
		h.compare("consult_note")
		h.exec("UPDATE consult_note SET consult = ? WHERE id = ?", o.ID.String(), note.String())
		h.Must(h.Keys.Destroy(ctx, citizenKey(h, o)))
		v, err := h.See(ctx, h.ops, o.ID, "zh-Hans")
		if h.Must(err); len(v.Notes) != 2 || !v.Notes[0].Erased || v.Notes[0].Text != "" {
			t.Errorf("after the erasure: %+v", v.Notes)
		}
		h.Refused(h.AddNote(ctx, h.ops, o.ID, id.New(), "x"), fault.Absent, "fault.absent")
		h.compare("")
	})
}

// citizenKey is the key above the order's.
func citizenKey(h *room, o *Order) (key id.ID) {
	h.View(func(tx *db.Tx) (err error) { key, err = h.People.KeyOf(tx, o.Citizen); return err })
	return key
}

// hidden demands that nothing the citizen gets of the order holds the words, or tells
// that there are any.
func (h *room) hidden(citizen who.Actor, order id.ID, words string) {
	h.T.Helper()
	ctx := h.T.Context()
	a := h.api()
	page := a.Do(citizen, "GET", "/orders/"+order.String(), "").Body.String()
	txt, _, err := h.Transcript(ctx, citizen, order, "txt", "zh-Hans")
	h.Must(err)
	times, err := h.Timeline(ctx, citizen, order, "zh-Hans", 0, 200)
	h.Must(err)
	line, _ := json.Marshal(times)
	out, err := h.Export(ctx, citizen.Person)
	h.Must(err)
	export, _ := json.Marshal(out)
	proof, err := h.Proof(ctx, citizen, order)
	h.Must(err)
	kept, _ := json.Marshal(proof)
	for name, text := range map[string]string{"page": page, "transcript": string(txt), "timeline": string(line), "export": string(export), "proof": string(kept)} {
		for _, w := range []string{words, "consult.noted", `"notes"`, `"handovers"`} {
			if strings.Contains(text, w) {
				h.T.Errorf("the citizen's %s holds %s", name, w)
			}
		}
	}
}

func TestNotesHaveALimit(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		o, a := h.ask(h.NewCitizen()), h.lawyer("甲", lawyer.Online)
		h.Settle()
		h.Must(h.AddNote(t.Context(), a, o.ID, id.New(), "一"))
		h.Must(h.DB.Do(t.Context(), setup, func(tx *db.Tx) error {
			for range MaxNotes - 1 {
				if _, err := tx.Exec("INSERT INTO consult_note SELECT ?, org, consult, author, words, at FROM consult_note LIMIT 1", id.New().String()); err != nil {
					return err
				}
			}
			return nil
		}))
		h.Refused(h.AddNote(t.Context(), a, o.ID, id.New(), "多"), fault.Conflict, "consult.too_many_notes")
	})
}

// Passing on needs a summary; the next lawyer finds it on top, the citizen never.
//
// req: B5.2.2, B6.2.1.1
func TestPassingOnNeedsASummary(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		ctx, citizen, a := t.Context(), h.NewCitizen(), h.lawyer("甲", lawyer.Online)
		o := h.ask(citizen)
		b := h.lawyer("乙", lawyer.Online)
		for _, bad := range []string{"", "  ", strings.Repeat("字", MaxPassSummary+1)} {
			if _, err := h.Pass(ctx, a, o.ID, 0, "专业不符", bad); !fault.Is(err, fault.Invalid) {
				t.Errorf("%d characters: %v", len(bad), err)
			}
		}
		const first, second = "工资拖欠三个月，合同没有签；已告诉他保存流水", "已算出双倍工资差额，还差仲裁时效"
		_, err := h.Pass(ctx, a, o.ID, 0, "", first)
		h.Must(err)
		h.lawyer("丙", lawyer.Online)
		h.Settle()
		_, err = h.Pass(ctx, b, o.ID, h.order(o.ID).Rev, "", second)
		h.Must(err)
		h.Settle()
		v, err := h.See(ctx, h.lawyers["丙"], o.ID, "zh-Hans")
		h.Must(err)
		if len(v.Handovers) != 2 || v.Handovers[0].Text != second || v.Handovers[0].Name != "乙" || v.Handovers[1].Text != first {
			t.Errorf("handovers %+v", v.Handovers)
		}
		h.hidden(citizen, o.ID, first)
		h.compare("")
		h.exec("DELETE FROM consult_handover WHERE from_lawyer = ?", a.Person.String())
		h.compare("consult_handover")
	})
}

// The fact of a note names its order and commits to its words.
func TestNotedFact(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		o, a, note := h.ask(h.NewCitizen()), h.lawyer("甲", lawyer.Online), id.New()
		h.Settle()
		h.Must(h.AddNote(t.Context(), a, o.ID, note, "记一下"))
		h.Must(h.Journal.Drain(t.Context()))
		h.View(func(tx *db.Tx) error {
			facts, err := journal.ByRoot(tx, o.Org, note, 0, 10)
			var e NotedFact
			if err != nil || len(facts) != 1 || facts[0].Decode(&e) != nil || e.Order != o.ID || len(facts[0].Sealed) != 1 {
				t.Errorf("facts %+v %v", facts, err)
			}
			return err
		})
	})
}
