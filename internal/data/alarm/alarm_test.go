package alarm

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
	"mingfa/internal/base/web"
	"mingfa/internal/base/who"
	"mingfa/internal/core/identity/identitytest"
	"mingfa/internal/core/notify"
	"mingfa/internal/data/board"
	"mingfa/internal/public/complaint"
	"mingfa/internal/public/consult"
	"mingfa/internal/public/consult/consulttest"
	"mingfa/internal/public/lawyer"
)

// room is the alarms over real rooms below them, on a clock that is moved by hand.
type room struct {
	*Service
	*consulttest.House
	complaint *complaint.Service
	told      []notify.Message
}

func each(t *testing.T, fn func(t *testing.T, h *room)) {
	t.Helper()
	identitytest.Each(t, func(h *identitytest.House) { fn(h.T, open(h)) })
}

func open(house *identitytest.House) *room {
	h := &room{House: consulttest.Open(house)}
	h.Service = &Service{DB: house.DB, Keys: house.Keys, Rules: house.Rules, People: house.People}
	h.complaint = &complaint.Service{DB: house.DB, Keys: house.Keys, Rules: house.Rules, People: house.People, Calendar: identitytest.Calendar}
	counts := &board.Service{DB: house.DB, Rules: house.Rules, People: house.People}
	h.complaint.Wire(h.Runner)
	h.Wire(h.Runner)
	h.Journal.ReactTogether(board.Reaction, journal.Start, board.Kinds, counts.Count)
	h.Journal.ReactTogether("alarm.watch", journal.Start, WatchKinds, h.Watch)
	h.Journal.React("alarm.notices", journal.Start, NoticeKinds, func(tx *db.Tx, f journal.Fact) error {
		list, err := Notices(tx, f, func(role who.Role, path string) ([]id.ID, error) { return []id.ID{roleID(role)}, nil })
		tx.After(func() { h.told = append(h.told, list...) })
		return err
	})
	h.Tree("440000", "440100", "440300")
	h.Join()
	h.Hire(h.Orgs[""], lawyer.Away, "440300")
	return h
}

// roleID stands for the one person who has a role.
func roleID(r who.Role) (i id.ID) {
	copy(i[:], r+"                ")
	i[6], i[8] = 0x70, 0x80
	return i
}

func (h *room) assign(order id.ID) {
	h.T.Helper()
	_, err := h.Consult.Assign(h.T.Context(), h.staff("", who.Operations), order, h.Lawyer.Person, 0)
	h.Must(err)
}

// answer gives the order to the lawyer and answers it.
func (h *room) answer(order id.ID) {
	h.T.Helper()
	h.assign(order)
	h.Answer(order)
}

func (h *room) staff(region string, role who.Role) who.Actor {
	o := h.Orgs[region]
	return who.Actor{Person: roleID(role), Org: o.ID, Scope: o.Path, Roles: []who.Role{role}}
}

// running lists the kinds of the alarms that run, with their levels, oldest first.
func (h *room) running() string {
	h.T.Helper()
	list, err := h.List(h.T.Context(), h.staff("", who.Operations), Filter{State: "running", Limit: 50})
	h.Must(err)
	var out []string
	for _, a := range slices.Backward(list) {
		s := string(a.Kind)
		if a.Level > 0 {
			s += "/" + map[int]string{60: "60", 90: "90", 110: "110", 120: "120"}[a.Level]
		}
		out = append(out, s)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func (h *room) want(when, kinds string) {
	h.T.Helper()
	h.Settle()
	if got := h.running(); got != kinds {
		h.T.Errorf("%s: %q run, wanted %q", when, got, kinds)
	}
	h.compare()
}

// compare is what verify does.
func (h *room) compare() {
	h.T.Helper()
	h.Must(h.DB.View(h.T.Context(), identitytest.Setup, func(tx *db.Tx) error {
		x := NewFacts()
		size, err := journal.Size(tx)
		h.Must(err)
		facts, err := journal.Between(tx, x.Kinds(), 0, size)
		h.Must(err)
		for _, f := range facts {
			h.Must(x.Apply(f))
		}
		return x.Compare(tx)
	}))
}

// An order's clock is one alarm, whose level rises; it ends with the answer.
//
// req: B6.2.1.1
func TestLateOrder(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		o := h.Ask("440300")
		h.assign(o)
		h.After(89 * time.Minute)
		h.want("at 89 minutes", "")
		for _, x := range []struct {
			wait time.Duration
			want string
		}{{time.Minute, "order_late/90"}, {20 * time.Minute, "order_late/110"}, {11 * time.Minute, "order_late/120"}} {
			h.After(x.wait)
			h.want("later", x.want)
		}
		h.answer(o)
		h.want("when it is answered", "")
		all, err := h.List(t.Context(), h.staff("440300", who.Operations), Filter{Kind: OrderLate, Limit: 10})
		h.Must(err)
		if len(all) != 1 || all[0].State != Resolved || all[0].ResolvedBy != id.Nil || all[0].Number == "" || all[0].Root != o {
			t.Errorf("it was opened once and resolved by itself: %+v", all)
		}
	})
}

// An order that nobody takes is an alarm after the organisation's minutes; so is a
// region with waiters and nobody on duty. Both end when they go.
//
// req: B6.2.1.1b
func TestWaiters(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		first, second := h.Ask("440300"), h.Ask("440300")
		h.want("nobody is on duty", "nobody_online")
		h.After(10 * time.Minute)
		h.want("at the limit", "nobody_online")
		h.After(time.Millisecond)
		h.want("past the limit", "nobody_online waiting")
		h.assign(first)
		h.want("one of two is taken", "nobody_online waiting")
		h.Must(h.Lawyers.SetStatus(t.Context(), h.Lawyer, lawyer.Online))
		h.want("somebody is on duty", "waiting")
		_, err := h.Consult.Exclude(t.Context(), h.staff("", who.Operations), second, 0, consult.Spam, "广告")
		h.Must(err)
		h.want("nobody waits", "")
	})
}

// req: B7.T1d, B7.1.4.1
func TestSatisfactionBelowItsMark(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		for i := range 5 {
			h.want("with fewer than five ratings", "")
			o := h.Ask("440300")
			h.answer(o)
			level := consult.Satisfied
			if i == 0 {
				level = consult.General
			}
			h.Rate(o, level)
			h.After(3 * time.Second)
		}
		h.want("four of five", "satisfaction")
		list, err := h.List(t.Context(), h.staff("440300", who.Operations), Filter{Kind: Satisfaction, Limit: 10})
		h.Must(err)
		if len(list) != 1 || list[0].Amount != 80 || list[0].Bound != 95 {
			t.Errorf("80 %% of 95 %%: %+v", list)
		}
		h.After(8 * 24 * time.Hour)
		if got := h.running(); strings.Contains(got, "satisfaction") {
			t.Errorf("a week later there run %s", got)
		}
	})
}

// req: B7.1.3.2, B7.1.2.2a
func TestOverdueCalls(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		o := h.Ask("440300")
		h.answer(o)
		call := h.Rate(o, consult.General)
		c, err := h.complaint.Make(t.Context(), h.Asker, complaint.Intake{ID: id.New(), Kind: complaint.Grievance, Text: "太慢", Region: "440300"})
		h.Must(err)
		h.After(4 * 24 * time.Hour)
		h.want("past their working day", "callback_overdue complaint_overdue")
		ops := h.staff("", who.Operations)
		_, err = h.Consult.Attempt(t.Context(), ops, call, id.New(), true, "")
		h.Must(err)
		_, err = h.complaint.Called(t.Context(), ops, c.ID, 0, complaint.Call{ID: id.New(), Reached: true, Reason: "答复慢"})
		h.Must(err)
		h.want("both called", "")
	})
}

// req: B6.1b
func TestFailingSMS(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		write := func(e journal.Event) {
			t.Helper()
			h.Must(h.DB.Do(t.Context(), identitytest.Setup, func(tx *db.Tx) error {
				i := id.New()
				return journal.Write(tx, journal.Entry{Org: h.Orgs["440300"].ID, Root: i, Subject: i, Rev: 1, Event: e})
			}))
			h.Settle()
		}
		write(notify.FailedFact{Tries: 6})
		write(notify.FailedFact{Tries: 1, Gone: true})
		write(notify.FailedFact{Tries: 6})
		h.want("two failures", "")
		write(notify.SentFact{Tries: 1})
		write(notify.FailedFact{Tries: 6})
		write(notify.FailedFact{Tries: 6})
		h.want("two after one went well", "")
		write(notify.FailedFact{Tries: 6})
		h.want("three in a row", "sms_failing")
		write(notify.SentFact{Tries: 1})
		h.want("one went well", "")
	})
}

// An alarm is acknowledged with words, taken over, and escalated when nobody does.
//
// req: B5.3e, B6.2.1.1
func TestOwnersAndEscalation(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		ctx, ops := t.Context(), h.staff("440300", who.Operations)
		h.Ask("440300")
		h.Settle()
		list, err := h.List(ctx, ops, Filter{State: "open", Limit: 10})
		h.Must(err)
		a := list[0]
		for _, words := range []string{" ", strings.Repeat("字", 501), "a\x00"} {
			_, err = h.Acknowledge(ctx, ops, a.ID, 0, words)
			h.Refused(err, fault.Invalid, "")
		}
		_, err = h.Acknowledge(ctx, ops, a.ID, a.Rev+1, "我来处理")
		h.Refused(err, fault.Conflict, "")
		for _, x := range []who.Actor{h.staff("440100", who.Operations), h.staff("440300", who.Quality), h.Asker, h.Lawyer} {
			_, err = h.Acknowledge(ctx, x, a.ID, 0, "我来处理")
			h.Refused(err, fault.Absent, "")
			_, err = h.Resolve(ctx, x, a.ID, 0, "好了")
			h.Refused(err, fault.Absent, "")
		}
		if _, _, err = h.See(ctx, h.staff("440100", who.Operations), a.ID, "en"); !fault.Is(err, fault.Absent) {
			t.Errorf("another city sees it: %v", err)
		}
		if other, err := h.List(ctx, h.staff("440100", who.Operations), Filter{Limit: 10}); err != nil || len(other) != 0 {
			t.Errorf("another city lists %d, %v", len(other), err)
		}
		_, err = h.List(ctx, h.Asker, Filter{Limit: 10})
		h.Refused(err, fault.Absent, "")
		h.After(10 * time.Minute)
		h.want("nobody acknowledged", "nobody_online")
		v, _, err := h.See(ctx, ops, a.ID, "en")
		h.Must(err)
		if !v.Escalated {
			t.Error("it was not passed up")
		}
		got := map[string]int{}
		for _, m := range h.told {
			got[m.Kind]++
			if m.Kind == "alarm_escalated" && m.Person != roleID(who.Bureau) || m.Kind == "alarm_nobody_online" && m.Person != roleID(who.Operations) {
				t.Errorf("%s told %s", m.Kind, m.Person)
			}
		}
		if got["alarm_nobody_online"] != 1 || got["alarm_escalated"] != 1 {
			t.Errorf("told %v", got)
		}
		_, err = h.Acknowledge(ctx, ops, a.ID, v.Rev, "我来处理")
		h.Must(err)
		_, err = h.Acknowledge(ctx, ops, a.ID, 0, "再说一次")
		h.Refused(err, fault.Conflict, "")
		boss := h.staff("", who.Operations)
		boss.Person = id.New()
		_, err = h.Acknowledge(ctx, boss, a.ID, 0, "转给我")
		h.Must(err)
		_, err = h.Resolve(ctx, boss, a.ID, 0, "已经联系律师")
		h.Must(err)
		_, err = h.Resolve(ctx, boss, a.ID, 0, "再来")
		h.Refused(err, fault.Conflict, "")
		h.Settle()
		v, history, err := h.See(ctx, ops, a.ID, say.En)
		h.Must(err)
		if v.State != Resolved || v.Owner != boss.Person || v.WordsText.Plain != "转给我" || v.ResultText.Plain != "已经联系律师" || len(history) != 5 || history[2].Words.Plain != "我来处理" {
			t.Errorf("%+v\n%+v", v, history)
		}
		h.compare()
	})
}

// Pages are by the last one of the page before.
//
// req: B5.3e
func TestPagesAndWire(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		var asked []id.ID
		for range 5 {
			asked = append(asked, h.Ask("440300"))
			h.Clock.Set(h.Clock.Now().Add(time.Second))
		}
		for _, o := range asked {
			h.assign(o)
		}
		h.After(2 * time.Hour)
		ops, seen := h.staff("440300", who.Operations), map[id.ID]bool{}
		for cursor := id.Nil; ; {
			page, err := h.List(t.Context(), ops, Filter{Cursor: cursor, Kind: OrderLate, Limit: 2})
			h.Must(err)
			for _, a := range page {
				seen[a.ID] = true
			}
			if len(page) < 2 {
				break
			}
			cursor = page[1].ID
		}
		if len(seen) != 5 {
			t.Errorf("the pages have %d alarms of 5", len(seen))
		}
		server := web.New(web.Config{Title: "t", Authenticate: func(*http.Request) (who.Actor, error) { return ops, nil }, Now: h.DB.Now})
		h.Routes(server)
		do := func(method, path, body, match string) *httptest.ResponseRecorder {
			r := httptest.NewRequest(method, "/api/v1"+path, strings.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Authorization", "Bearer x")
			r.Header.Set("Accept-Language", "en")
			if match != "" {
				r.Header.Set("If-Match", match)
			}
			w := httptest.NewRecorder()
			server.Handler().ServeHTTP(w, r)
			return w
		}
		w := do("GET", "/alarms?state=running&limit=2", "", "")
		if w.Code != 200 || !strings.Contains(w.Body.String(), `"title":"Not answered after 120 minutes"`) || !strings.Contains(w.Body.String(), `"next_cursor"`) {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		for a := range seen {
			path := "/alarms/" + a.String() + "/acknowledge"
			if w := do("POST", path, `{"words":"我来"}`, `"1"`); w.Code != http.StatusConflict {
				t.Errorf("an old version: %d %s", w.Code, w.Body)
			}
			if w := do("POST", path, `{"words":"我来"}`, do("GET", "/alarms/"+a.String(), "", "").Header().Get("ETag")); w.Code != 200 || !strings.Contains(w.Body.String(), `"mine":true`) {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			if w := do("POST", path, `{}`, `"1"`); w.Code != http.StatusUnprocessableEntity {
				t.Errorf("without words: %d %s", w.Code, w.Body)
			}
			break
		}
		if w := do("GET", "/alarms/"+id.New().String(), "", ""); w.Code != http.StatusNotFound {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		for key := range say.Gaps() {
			if strings.HasPrefix(key, "alarm.") {
				t.Errorf("the text %s is missing", key)
			}
		}
	})
}

// req: B5.3e
func TestLimitsAreChecked(t *testing.T) {
	for _, l := range []Limits{{}, {0, 90, 5, 3}, {10, 91, 5, 3}, {10, 90, 4, 3}, {10, 90, 5, 0}, {241, 90, 5, 3}} {
		if !fault.Is(l.Check(), fault.Invalid) {
			t.Errorf("%+v is taken", l)
		}
	}
	for _, l := range []Limits{{1, 60, 5, 1}, {240, 110, 1000, 100}} {
		if err := l.Check(); err != nil {
			t.Errorf("%+v: %v", l, err)
		}
	}
}
