package notify

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/due"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
	"mingfa/internal/base/web"
	"mingfa/internal/base/who"
)

func init() {
	say.Register(map[string]say.Texts{"notify.test": {Hans: "第{n}号 {link}", Hant: "第{n}號 {link}", En: "No. {n} {link}"}})
}

// gate is a provider whose answers are written by the test.
type gate struct {
	keys      []string
	texts     []string
	err       error
	delivered bool
}

func (g *gate) Send(_ context.Context, key, phone, text string) (string, bool, error) {
	g.keys, g.texts = append(g.keys, key), append(g.texts, phone+" "+text)
	return "ref-" + key, g.delivered, g.err
}

type room struct {
	*Service
	t      *testing.T
	clock  *db.StepClock
	runner *due.Runner
	gate   *gate
	org    id.ID
	person id.ID
	gone   bool
}

func each(t *testing.T, fn func(t *testing.T, h *room)) {
	t.Helper()
	for name, url := range map[string]func(*testing.T) string{"sqlite": dbtest.SQLiteURL, "postgres": dbtest.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			h := &room{t: t, clock: dbtest.Clock(t), gate: &gate{}, org: id.New(), person: id.New()}
			d := dbtest.Open(t, url(t), h.clock)
			h.Service = &Service{DB: d, Provider: h.gate, Wait: true, Log: slog.New(slog.DiscardHandler), Link: func(o id.ID, _ string) string { return "https://x/" + o.String()[:8] },
				Reach: func(context.Context, id.ID) (Contact, error) {
					if h.gone {
						return Contact{}, ErrGone
					}
					return Contact{"+8613800138000", "en"}, nil
				}}
			h.runner = due.NewRunner(d, nil)
			h.Wire(h.runner)
			fn(t, h)
		})
	}
}

func (h *room) do(fn func(tx *db.Tx) error) {
	h.t.Helper()
	if err := h.DB.Do(h.t.Context(), who.System("test"), fn); err != nil {
		h.t.Fatal(err)
	}
}

func (h *room) tell(key string, sms bool) {
	h.t.Helper()
	h.do(func(tx *db.Tx) error {
		return h.Tell(tx, Message{Org: h.org, Person: h.person, Root: h.org, Kind: "test", Args: map[string]any{"n": 7}, Key: key, SMS: sms})
	})
}

// to runs what is due until then.
func (h *room) to(then time.Time) {
	h.t.Helper()
	for {
		if _, err := h.runner.RunDue(h.t.Context()); err != nil {
			h.t.Fatal(err)
		}
		next, ok, err := h.runner.Next(h.t.Context())
		if err != nil {
			h.t.Fatal(err)
		}
		if !ok || next.After(then) {
			break
		}
		h.clock.Set(next)
	}
	h.clock.Set(then)
}

// want demands the newest message's state, its facts, and whether a due row waits.
func (h *room) want(state State, facts string, waits bool) {
	h.t.Helper()
	err := h.DB.View(h.t.Context(), who.System("test"), func(tx *db.Tx) error {
		var i id.ID
		var got State
		if err := tx.Row("SELECT id, sms FROM notify_message ORDER BY made_at DESC, id DESC LIMIT 1").Scan(&i, &got); err != nil {
			return err
		}
		rows, err := tx.Rows("SELECT kind FROM journal_fact WHERE subject = ? ORDER BY rev", i.String())
		if err != nil {
			return err
		}
		defer rows.Close()
		var kinds []string
		for rows.Next() {
			var k string
			if err := rows.Scan(&k); err != nil {
				return err
			}
			kinds = append(kinds, strings.TrimPrefix(k, "notify."))
		}
		open, err := due.OpenRows(tx, i)
		if got != state || strings.Join(kinds, " ") != facts || (len(open) == 1) != waits {
			h.t.Errorf("state %s, facts %v, due rows %d; wanted %s, %s, %v", got, kinds, len(open), state, facts, waits)
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// req: B6.1b
func TestToldOnceAndAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		h.tell("k1", true)
		h.tell("k1", true)
		h.want(Queued, "told", true)
		h.to(h.clock.Now()) // no time passes
		h.want(Sent, "told sent", false)
		if len(h.gate.keys) != 1 || h.gate.keys[0] != "k1" || h.gate.texts[0] != "+8613800138000 No. 7 https://x/"+h.org.String()[:8] {
			t.Errorf("sent %v %v", h.gate.keys, h.gate.texts)
		}
		h.tell("k2", false)
		h.to(h.clock.Now().Add(time.Hour))
		h.want(None, "told", false)
		if len(h.gate.keys) != 1 {
			t.Error("what is for the inbox went out")
		}
	})
}

// req: B6.1b
func TestReceipt(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		h.tell("k1", true)
		h.to(h.clock.Now())
		for range 2 { // a repeated receipt changes nothing
			if err := h.Receipt(t.Context(), "ref-k1", true); err != nil {
				t.Fatal(err)
			}
		}
		h.want(Delivered, "told sent sent", false)
		h.clock.Add(time.Second)
		h.tell("k2", true)
		h.to(h.clock.Now())
		if err := h.Receipt(t.Context(), "ref-k2", false); err != nil {
			t.Fatal(err)
		}
		h.want(Failed, "told sent failed", false)
		if err := h.Receipt(t.Context(), "nobody's", true); !fault.Is(err, fault.Absent) {
			t.Errorf("an unknown receipt: %v", err)
		}
		h.clock.Add(time.Second)
		h.gate.delivered = true
		h.tell("k3", true)
		h.to(h.clock.Now())
		h.want(Delivered, "told sent", false)
	})
}

// At least once: it is tried again under the same key, and given up in the end.
func TestRetries(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		h.gate.err = errors.New("no line")
		h.tell("k1", true)
		h.to(h.clock.Now())
		h.want(Sending, "told", true)
		h.to(h.clock.Now().Add(time.Minute))
		h.gate.err = nil
		h.to(h.clock.Now().Add(2 * time.Minute))
		h.want(Sent, "told sent", false)
		if strings.Join(h.gate.keys, " ") != "k1 k1 k1" {
			t.Errorf("sent %v", h.gate.keys)
		}
		h.gate.err, h.gate.keys = errors.New("no line"), nil
		h.tell("k2", true)
		h.to(h.clock.Now().Add(24 * time.Hour))
		h.want(Failed, "told failed", false)
		if len(h.gate.keys) != maxTries {
			t.Errorf("tried %d times", len(h.gate.keys))
		}
		h.clock.Add(time.Second)
		h.Provider = nil
		h.tell("k3", true)
		h.to(h.clock.Now())
		h.want(Sending, "told", true)
	})
}

func TestErasedPersonIsNotTold(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		h.gone = true
		h.tell("k1", true)
		h.to(h.clock.Now())
		h.want(Failed, "told failed", false)
		if len(h.gate.keys) > 0 {
			t.Error("an erased person was written to")
		}
	})
}

// After a restore nothing that waits goes out by itself.
func TestHoldAll(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		h.tell("k1", true)
		h.do(HoldAll)
		h.do(HoldAll)
		h.to(h.clock.Now().Add(24 * time.Hour))
		h.want(Held, "told held", false)
		if len(h.gate.keys) > 0 {
			t.Error("a held message went out")
		}
	})
}

func TestInbox(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		for i := range inboxPage + 3 {
			h.tell(strings.Repeat("k", i+1), false)
			h.clock.Add(time.Second)
		}
		me, other := who.Actor{Person: h.person, Roles: []who.Role{who.Citizen}}, who.Actor{Person: id.New()}
		page, unread, err := h.Inbox(t.Context(), me, id.Nil, "en")
		if err != nil || len(page) != inboxPage || unread != inboxPage+3 || !strings.HasPrefix(page[0].Text, "No. 7") {
			t.Fatalf("%d messages, %d unread, %v", len(page), unread, err)
		}
		rest, _, err := h.Inbox(t.Context(), me, page[inboxPage-1].ID, "zh-Hans")
		if err != nil || len(rest) != 3 || !strings.HasPrefix(rest[0].Text, "第7号") {
			t.Errorf("the second page: %v %v", rest, err)
		}
		if err := h.MarkRead(t.Context(), other, page[0].ID); !fault.Is(err, fault.Absent) {
			t.Errorf("somebody else's message: %v", err)
		}
		as := me
		w := web.New(web.Config{Authenticate: func(*http.Request) (who.Actor, error) { return as, nil }})
		h.Routes(w)
		ask := func(method, path string) *httptest.ResponseRecorder {
			rec := httptest.NewRecorder()
			w.Handler().ServeHTTP(rec, httptest.NewRequest(method, web.Prefix+path, nil))
			return rec
		}
		for range 2 {
			if rec := ask("POST", "/inbox/"+page[0].ID.String()+"/read"); rec.Code != 204 {
				t.Errorf("read: %d %s", rec.Code, rec.Body)
			}
		}
		if rec := ask("GET", "/inbox"); rec.Code != 200 || !strings.Contains(rec.Body.String(), `"unread":52`) {
			t.Errorf("inbox: %d %s", rec.Code, rec.Body)
		}
	})
}

func TestNotifyProblems(t *testing.T) {
	for _, p := range journal.Problems() {
		if strings.Contains(p, "notify.") {
			t.Error(p)
		}
	}
}
