package quality

import (
	"encoding/json"
	"strings"
	"testing"

	"mingfa/internal/base/id"
	"mingfa/internal/base/web/webtest"
	"mingfa/internal/base/who"
)

// api is the room behind its HTTP operations.
type api struct {
	*room
	*webtest.API
}

func (h *room) api() *api { return &api{h, webtest.New(h.T, h.DB.Now, h.Routes)} }

// want sends a request and demands a status and words of the body.
func (a *api) want(as who.Actor, method, path, body string, status int, words ...string) string {
	a.T.Helper()
	return a.Want(a.Do(as, method, path, body), status, words...)
}

func cardBody(n id.ID, items ...Code) string {
	c := card(items...)
	c.ID = n
	b, _ := json.Marshal(c)
	return string(b)
}

// req: B7.2.4a, B7.T1e, B7.T1f
func TestInspectionOverHTTP(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		a, by, citizen := h.api(), h.lawyer("甲"), h.NewCitizen()
		order := h.answered(citizen, by)
		h.night()
		q := h.sample(order)
		path := "/quality/samples/" + q.ID.String()
		body := a.want(h.qc[0], "GET", "/quality/samples?mine=true&month=2026-03", "", 200, `"state":"open"`, `"drawn":true`, q.ID.String())
		if strings.Contains(body, "next_cursor") {
			t.Error("a page after the last")
		}
		body = a.want(h.qc[0], "GET", path, "", 200, asked, "judgement_wrong", `"can":["check"]`, "The legal judgement is wrong", `"hints":[{"text":"A citation was not found`)
		if strings.Contains(body, secret) || strings.Contains(body, "13800") {
			t.Error("the card tells how to reach the citizen")
		}
		stale := a.Do(h.qc[0], "GET", path, "").Header().Get("ETag")
		n := id.New()
		a.want(h.qc[0], "POST", path+"/checks", `{"id":"`+n.String()+`"}`, 422)
		a.want(h.qc[0], "POST", path+"/checks", cardBody(n, "no_such"), 422, "marks[0].item")
		a.want(h.qc[0], "POST", path+"/checks", cardBody(n, "basis_wrong"), 201, `"fatal":true`)
		a.want(h.qc[0], "POST", path+"/checks", cardBody(n, "basis_wrong"), 201, `"fatal":true`)
		if rec := a.Do(by, "POST", path+"/dispute", `{"words":"我不同意"}`, "If-Match", stale); rec.Code != 409 {
			t.Errorf("a stale dispute: %d %s", rec.Code, rec.Body)
		}
		a.want(by, "GET", "/quality/results", "", 200, `"fatal":true`)
		a.want(h.qc[1], "GET", "/quality/rates?month=2026-03", "", 200, `"fatal":{"num":1,"den":1,"text":"100.00 %","exceeds":true}`, `"minor":{"num":0,"den":1,"text":"0.00 %","exceeds":false}`, `"inspected":1`)
		a.want(by, "POST", path+"/dispute", `{"words":"我不同意"}`, 201, `"state":"disputed"`, "我不同意")
		a.want(h.qc[1], "GET", "/quality/rates?month=2026-03", "", 200, `"disputed":1`, `"text":"n/a"`)
		a.want(h.qc[1], "GET", "/quality/draws?month=2026-03&lawyer="+by.Person.String(), "", 200, `"same":true`, order.String())
		a.want(h.qc[1], "GET", "/quality/catalogue", "", 200, `"version":0`, "judgement_wrong")
		a.want(h.qc[1], "GET", "/quality/limits", "", 200, `"sample_percent":5`, `"dispute_days":5`)
		a.want(h.admin, "PUT", "/quality/limits", `{"sample_percent":10,"dispute_days":5,"recheck_days":5,"fatal_percent":2,"minor_percent":10,"warn_percent":95,"warn_days":30,"warn_ratings":5}`, 200, `"version":1`)
		second := h.answered(citizen, by)
		a.want(h.qc[1], "POST", "/quality/samples", `{"order":"`+second.String()+`","reason":"抽查"}`, 201, `"drawn":false`, "抽查")
		first := a.want(h.qc[1], "GET", "/quality/samples?limit=1", "", 200, second.String(), "next_cursor")
		var page struct {
			Next string `json:"next_cursor"`
		}
		h.Must(json.Unmarshal([]byte(first), &page))
		a.want(h.qc[1], "GET", "/quality/samples?limit=1&cursor="+page.Next, "", 200, order.String())
	})
}

// Absent and forbidden answer the same, byte for byte.
func TestForbiddenIsAbsent(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		a, by, citizen := h.api(), h.lawyer("甲"), h.NewCitizen()
		order := h.answered(citizen, by)
		h.night()
		there, nowhere := h.sample(order).ID.String(), id.New().String()
		for _, c := range []struct{ method, path, body string }{
			{"GET", "/quality/samples/ID", ""},
			{"POST", "/quality/samples/ID/checks", cardBody(id.New())},
			{"POST", "/quality/samples/ID/dispute", `{"words":"不"}`},
		} {
			for name, as := range map[string]who.Actor{"citizen": citizen, "its lawyer": by, "operations": h.staff(who.Operations)} {
				x := a.Do(as, c.method, strings.Replace(c.path, "ID", there, 1), c.body)
				y := a.Do(as, c.method, strings.Replace(c.path, "ID", nowhere, 1), c.body)
				if x.Code != 404 || sansRequest(x.Body.String()) != sansRequest(y.Body.String()) {
					t.Errorf("%s, %s %s: %d %s\n%d %s", name, c.method, c.path, x.Code, x.Body, y.Code, y.Body)
				}
			}
		}
		a.want(by, "POST", "/quality/samples", `{"order":"`+order.String()+`","reason":"x"}`, 404)
		a.want(citizen, "GET", "/quality/rates?month=2026-03", "", 404)
		a.want(h.qc[0], "GET", "/quality/rates?month=2026-3", "", 422)
		a.want(h.qc[0], "GET", "/quality/draws?month=2026-03&lawyer="+nowhere, "", 404)
		a.want(h.qc[0], "PUT", "/quality/limits", `{"sample_percent":10,"dispute_days":5,"recheck_days":5,"fatal_percent":2,"minor_percent":10,"warn_percent":95,"warn_days":30,"warn_ratings":5}`, 404)
		a.want(who.Actor{}, "GET", "/quality/samples/"+there, "", 401)
	})
}

// sansRequest takes out what differs from request to request.
func sansRequest(body string) string {
	var m map[string]any
	if json.Unmarshal([]byte(body), &m) != nil {
		return body
	}
	delete(m, "request_id")
	delete(m, "request")
	delete(m, "instance")
	b, _ := json.Marshal(m)
	return string(b)
}
