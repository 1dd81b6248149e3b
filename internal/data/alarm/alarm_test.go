package alarm

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
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
	"mingfa/internal/base/seal"
	"mingfa/internal/base/seal/sealtest"
	"mingfa/internal/base/web"
	"mingfa/internal/base/who"
	"mingfa/internal/base/workday"
	"mingfa/internal/core/access"
	"mingfa/internal/core/identity"
	"mingfa/internal/core/notify"
	"mingfa/internal/data/board"
	"mingfa/internal/public/complaint"
	"mingfa/internal/public/consult"
	"mingfa/internal/public/lawyer"
)

var setup = who.System("test")

// room is the alarms over real rooms below them, on a clock that is moved by hand.
type room struct {
	*Service
	t         *testing.T
	clock     *db.StepClock
	journal   *journal.Journal
	runner    *due.Runner
	consult   *consult.Service
	complaint *complaint.Service
	lawyers   *lawyer.Service
	citizen   who.Actor
	lawyer    who.Actor
	orgs      map[string]identity.Org // by region; "" is the operator
	told      []notify.Message
}

func each(t *testing.T, fn func(t *testing.T, h *room)) {
	t.Helper()
	for name, url := range map[string]func(*testing.T) string{"sqlite": dbtest.SQLiteURL, "postgres": dbtest.PostgresURL} {
		t.Run(name, func(t *testing.T) { fn(t, start(t, url(t))) })
	}
}

func start(t *testing.T, url string) *room {
	t.Helper()
	h := &room{t: t, clock: dbtest.Clock(t), orgs: map[string]identity.Org{}}
	d, keys, rules, code := dbtest.Open(t, url, h.clock), sealtest.New(t), &access.Rules{}, ""
	signer, err := journal.LoadSigner(t.TempDir())
	h.must(err)
	h.journal, err = journal.Open(t.Context(), d, journal.Config{Signer: signer})
	h.must(err)
	people := &identity.Service{DB: d, Keys: keys, Rules: rules, Send: func(_ context.Context, _, c, _ string) { code = c }}
	calendar := func(tx *db.Tx, o identity.Org) (workday.Calendar, error) { return workday.Of(tx, o.Path, tx.Now()) }
	h.Service = &Service{DB: d, Keys: keys, Rules: rules, People: people}
	h.lawyers = &lawyer.Service{DB: d, Keys: keys, Rules: rules}
	h.consult = &consult.Service{DB: d, Keys: keys, Rules: rules, People: people, Lawyers: h.lawyers, Journal: h.journal, Calendar: calendar}
	h.complaint = &complaint.Service{DB: d, Keys: keys, Rules: rules, People: people, Calendar: calendar}
	counts := &board.Service{DB: d, Rules: rules, People: people}
	h.runner = due.NewRunner(d, nil)
	h.consult.Wire(h.runner)
	h.complaint.Wire(h.runner)
	h.Wire(h.runner)
	h.journal.ReactTogether(board.Reaction, journal.Start, board.Kinds, counts.Count)
	h.journal.ReactTogether("alarm.watch", journal.Start, WatchKinds, h.Watch)
	h.journal.React("alarm.notices", journal.Start, NoticeKinds, func(tx *db.Tx, f journal.Fact) error {
		list, err := Notices(tx, f, func(role who.Role, path string) ([]id.ID, error) { return []id.ID{roleID(role)}, nil })
		tx.After(func() { h.told = append(h.told, list...) })
		return err
	})
	for _, o := range []struct {
		region, parent string
		level          identity.Level
	}{{"", "", identity.Operator}, {"440000", "", identity.Province}, {"440100", "440000", identity.City}, {"440300", "440000", identity.City}} {
		h.orgs[o.region], err = people.MakeOrg(t.Context(), setup, identity.NewOrg{Parent: h.orgs[o.parent].ID, Level: o.level, Name: "中心" + o.region, Region: o.region})
		h.must(err)
	}
	_, err = people.SendCode(t.Context(), "13800138000", "zh-Hans")
	h.must(err)
	x, _, err := people.SignInCitizen(t.Context(), "13800138000", code, "zh-Hans")
	h.must(err)
	h.citizen = who.Actor{Person: x.Person, Org: x.Org, Roles: []who.Role{who.Citizen}}
	root := h.orgs[""]
	h.lawyer = who.Actor{Person: id.New(), Org: root.ID, Scope: root.Path, Roles: []who.Role{who.DutyLawyer}}
	h.must(h.lawyers.Add(t.Context(), setup, lawyer.New{Person: h.lawyer.Person, Key: sealtest.Key(t, keys, seal.Person, root.Key), Org: root.ID, Path: root.Path,
		Name: "甲", Nickname: "甲", Firm: "明法律师事务所", Areas: []string{lawyer.Any}, Regions: []string{"440300"}, Languages: []string{"zh-Hans"}, Status: lawyer.Away}))
	return h
}

// roleID stands for the one person who has a role.
func roleID(r who.Role) (i id.ID) {
	copy(i[:], r+"                ")
	i[6], i[8] = 0x70, 0x80
	return i
}

func (h *room) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *room) refused(err error, kind fault.Kind) {
	h.t.Helper()
	if !fault.Is(err, kind) {
		h.t.Errorf("got %v, wanted %s", err, kind)
	}
}

func (h *room) settle() {
	h.t.Helper()
	for n := 1; n > 0; {
		h.must(h.journal.Drain(h.t.Context()))
		var err error
		n, err = h.runner.RunDue(h.t.Context())
		h.must(err)
	}
	h.must(h.journal.Drain(h.t.Context()))
}

// after runs everything that is due in a time, in order.
func (h *room) after(d time.Duration) {
	h.t.Helper()
	then := h.clock.Now().Add(d)
	for h.settle(); ; h.settle() {
		next, ok, err := h.runner.Next(h.t.Context())
		h.must(err)
		if !ok || next.After(then) {
			break
		}
		h.clock.Set(next)
	}
	h.clock.Set(then)
	h.settle()
}

func (h *room) ask(region string) id.ID {
	h.t.Helper()
	o, err := h.consult.Ask(h.t.Context(), h.citizen, consult.Ask{ID: id.New(), Region: region, Question: "公司拖欠工资怎么办？", Contact: consult.Contact{Name: "陈女士"}})
	h.must(err)
	return o.ID
}

func (h *room) assign(order id.ID) {
	h.t.Helper()
	_, err := h.consult.Assign(h.t.Context(), h.staff("", who.Operations), order, h.lawyer.Person, 0)
	h.must(err)
}

func (h *room) answer(order id.ID) {
	h.t.Helper()
	h.assign(order)
	_, err := h.consult.Answer(h.t.Context(), h.lawyer, order, 0, consult.Draft{Judgement: "违法", Text: strings.Repeat("法", 51),
		Basis: []consult.Basis{{Law: "劳动法", Article: "第五十条"}}, Advice: []string{"投诉"}})
	h.must(err)
}

func (h *room) rate(order id.ID, level consult.Rating) (call id.ID) {
	h.t.Helper()
	call = id.New()
	_, err := h.consult.Rate(h.t.Context(), h.citizen, order, call, level, "")
	h.must(err)
	return call
}

func (h *room) staff(region string, role who.Role) who.Actor {
	o := h.orgs[region]
	return who.Actor{Person: roleID(role), Org: o.ID, Scope: o.Path, Roles: []who.Role{role}}
}

// running lists the kinds of the alarms that run, with their levels, oldest first.
func (h *room) running() string {
	h.t.Helper()
	list, err := h.List(h.t.Context(), h.staff("", who.Operations), Filter{State: "running", Limit: 50})
	h.must(err)
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
	h.t.Helper()
	h.settle()
	if got := h.running(); got != kinds {
		h.t.Errorf("%s: %q run, wanted %q", when, got, kinds)
	}
	h.compare()
}

// compare is what verify does.
func (h *room) compare() {
	h.t.Helper()
	h.must(h.DB.View(h.t.Context(), setup, func(tx *db.Tx) error {
		x := NewFacts()
		size, err := journal.Size(tx)
		h.must(err)
		facts, err := journal.Between(tx, x.Kinds(), 0, size)
		h.must(err)
		for _, f := range facts {
			h.must(x.Apply(f))
		}
		return x.Compare(tx)
	}))
}

// An order's clock is one alarm, whose level rises; it ends with the answer.
//
// req: B6.2.1.1
func TestLateOrder(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		o := h.ask("440300")
		h.assign(o)
		h.after(89 * time.Minute)
		h.want("at 89 minutes", "")
		for _, x := range []struct {
			wait time.Duration
			want string
		}{{time.Minute, "order_late/90"}, {20 * time.Minute, "order_late/110"}, {11 * time.Minute, "order_late/120"}} {
			h.after(x.wait)
			h.want("later", x.want)
		}
		h.answer(o)
		h.want("when it is answered", "")
		all, err := h.List(t.Context(), h.staff("440300", who.Operations), Filter{Kind: OrderLate, Limit: 10})
		h.must(err)
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
		first, second := h.ask("440300"), h.ask("440300")
		h.want("nobody is on duty", "nobody_online")
		h.after(10 * time.Minute)
		h.want("at the limit", "nobody_online")
		h.after(time.Millisecond)
		h.want("past the limit", "nobody_online waiting")
		h.assign(first)
		h.want("one of two is taken", "nobody_online waiting")
		h.must(h.lawyers.SetStatus(t.Context(), h.lawyer, lawyer.Online))
		h.want("somebody is on duty", "waiting")
		_, err := h.consult.Exclude(t.Context(), h.staff("", who.Operations), second, 0, consult.Spam, "广告")
		h.must(err)
		h.want("nobody waits", "")
	})
}

// req: B7.T1d, B7.1.4.1
func TestSatisfactionBelowItsMark(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		for i := range 5 {
			h.want("with fewer than five ratings", "")
			o := h.ask("440300")
			h.answer(o)
			level := consult.Satisfied
			if i == 0 {
				level = consult.General
			}
			h.rate(o, level)
			h.after(3 * time.Second)
		}
		h.want("four of five", "satisfaction")
		list, err := h.List(t.Context(), h.staff("440300", who.Operations), Filter{Kind: Satisfaction, Limit: 10})
		h.must(err)
		if len(list) != 1 || list[0].Amount != 80 || list[0].Bound != 95 {
			t.Errorf("80 %% of 95 %%: %+v", list)
		}
		h.after(8 * 24 * time.Hour)
		if got := h.running(); strings.Contains(got, "satisfaction") {
			t.Errorf("a week later there run %s", got)
		}
	})
}

// req: B7.1.3.2, B7.1.2.2a
func TestOverdueCalls(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		o := h.ask("440300")
		h.answer(o)
		call := h.rate(o, consult.General)
		c, err := h.complaint.Make(t.Context(), h.citizen, complaint.Intake{ID: id.New(), Kind: complaint.Grievance, Text: "太慢", Region: "440300"})
		h.must(err)
		h.after(4 * 24 * time.Hour)
		h.want("past their working day", "callback_overdue complaint_overdue")
		ops := h.staff("", who.Operations)
		_, err = h.consult.Attempt(t.Context(), ops, call, id.New(), true, "")
		h.must(err)
		_, err = h.complaint.Called(t.Context(), ops, c.ID, 0, complaint.Call{ID: id.New(), Reached: true, Reason: "答复慢"})
		h.must(err)
		h.want("both called", "")
	})
}

// req: B6.1b
func TestFailingSMS(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		write := func(e journal.Event) {
			t.Helper()
			h.must(h.DB.Do(t.Context(), setup, func(tx *db.Tx) error {
				i := id.New()
				return journal.Write(tx, journal.Entry{Org: h.orgs["440300"].ID, Root: i, Subject: i, Rev: 1, Event: e})
			}))
			h.settle()
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
		h.ask("440300")
		h.settle()
		list, err := h.List(ctx, ops, Filter{State: "open", Limit: 10})
		h.must(err)
		a := list[0]
		for _, words := range []string{" ", strings.Repeat("字", 501), "a\x00"} {
			_, err = h.Acknowledge(ctx, ops, a.ID, 0, words)
			h.refused(err, fault.Invalid)
		}
		_, err = h.Acknowledge(ctx, ops, a.ID, a.Rev+1, "我来处理")
		h.refused(err, fault.Conflict)
		for _, x := range []who.Actor{h.staff("440100", who.Operations), h.staff("440300", who.Quality), h.citizen, h.lawyer} {
			_, err = h.Acknowledge(ctx, x, a.ID, 0, "我来处理")
			h.refused(err, fault.Absent)
			_, err = h.Resolve(ctx, x, a.ID, 0, "好了")
			h.refused(err, fault.Absent)
		}
		if _, _, err = h.See(ctx, h.staff("440100", who.Operations), a.ID, "en"); !fault.Is(err, fault.Absent) {
			t.Errorf("another city sees it: %v", err)
		}
		if other, err := h.List(ctx, h.staff("440100", who.Operations), Filter{Limit: 10}); err != nil || len(other) != 0 {
			t.Errorf("another city lists %d, %v", len(other), err)
		}
		_, err = h.List(ctx, h.citizen, Filter{Limit: 10})
		h.refused(err, fault.Absent)
		h.after(10 * time.Minute)
		h.want("nobody acknowledged", "nobody_online")
		v, _, err := h.See(ctx, ops, a.ID, "en")
		h.must(err)
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
		h.must(err)
		_, err = h.Acknowledge(ctx, ops, a.ID, 0, "再说一次")
		h.refused(err, fault.Conflict)
		boss := h.staff("", who.Operations)
		boss.Person = id.New()
		_, err = h.Acknowledge(ctx, boss, a.ID, 0, "转给我")
		h.must(err)
		_, err = h.Resolve(ctx, boss, a.ID, 0, "已经联系律师")
		h.must(err)
		_, err = h.Resolve(ctx, boss, a.ID, 0, "再来")
		h.refused(err, fault.Conflict)
		h.settle()
		v, history, err := h.See(ctx, ops, a.ID, say.En)
		h.must(err)
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
			asked = append(asked, h.ask("440300"))
			h.clock.Set(h.clock.Now().Add(time.Second))
		}
		for _, o := range asked {
			h.assign(o)
		}
		h.after(2 * time.Hour)
		ops, seen := h.staff("440300", who.Operations), map[id.ID]bool{}
		for cursor := id.Nil; ; {
			page, err := h.List(t.Context(), ops, Filter{Cursor: cursor, Kind: OrderLate, Limit: 2})
			h.must(err)
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
