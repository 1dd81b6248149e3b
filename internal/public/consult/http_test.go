package consult

import (
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/id"
	"mingfa/internal/base/web/webtest"
	"mingfa/internal/base/who"
	"mingfa/internal/public/lawyer"
)

// api is the room behind its HTTP operations.
type api struct {
	*room
	*webtest.API
}

func (h *room) api() *api { return &api{h, webtest.New(h.T, h.DB.Now, h.Routes)} }

const secretWords = "PLANTED-BY-THE-TEST"

func askBody(n id.ID, region string) string {
	return `{"id":"` + n.String() + `","region":"` + region + `","question":"` + secretWords + `","problem_type":"labour","language":"zh-Hans","contact":{"name":"陈女士"}}`
}

func answerBody(text string) string {
	b, _ := json.Marshal(map[string]any{"judgement": "违法", "text": text, "basis": []Basis{{"劳动法", "第五十条"}}, "advice": []string{"投诉"}})
	return string(b)
}

// req: B5.2.1, B6.1b, B7.1.3.1a
func TestConsultationOverHTTP(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		a, citizen, by, n := h.api(), h.NewCitizen(), h.lawyer("甲", lawyer.Online), id.New()
		rec := a.Do(citizen, "POST", "/orders", askBody(n, "440000"))
		a.Want(rec, 201, `"state":"assigned"`, `"answer_by":"2026-03-02T06:00:00Z"`, `"phone_masked"`, secretWords, `"clock":`, `"next":`)
		path := "/orders/" + n.String()
		a.Want(a.Do(citizen, "POST", "/orders", askBody(n, "440000")), 201, n.String())
		stale := rec.Header().Get("ETag")
		h.Settle()
		h.To(h.Clock.Now().Add(61 * time.Minute))
		h.Settle()
		a.Want(a.Do(by, "POST", path+"/answer/check", answerBody("短")), 200, `"rule":"length","ok":false`, `"own_length":1`)
		a.Want(a.Do(by, "POST", path+"/answer", answerBody(strings.Repeat("法", 51)), "If-Match", stale), 409, "fault.stale")
		refused := a.Want(a.Do(by, "POST", path+"/answer", answerBody(strings.Repeat("法", 50))), 422, `"field":"text","code":"consult.too_short"`)
		if strings.Contains(refused, "法法") {
			t.Error("what was submitted came back")
		}
		now := a.Do(by, "GET", path, "").Header().Get("ETag")
		a.Want(a.Do(by, "POST", path+"/answer", answerBody(strings.Repeat("法", 51)), "If-Match", now), 200, `"state":"answered"`)
		a.Want(a.Do(citizen, "POST", path+"/read", "{}"), 204)
		a.Want(a.Do(citizen, "POST", path+"/messages", `{"id":"`+id.New().String()+`","text":"还有"}`), 201)
		a.Want(a.Do(citizen, "POST", path+"/rating", `{"id":"`+id.New().String()+`","level":"superb"}`), 422, "level")
		a.Want(a.Do(citizen, "POST", path+"/rating", `{"id":"`+id.New().String()+`","level":"general"}`), 201, `"callback":`)
		h.Settle()
		a.Want(a.Do(h.ops, "GET", "/callbacks?state=open", ""), 200, `"level":"general"`, `"overdue":false`)
		a.Want(a.Do(citizen, "GET", path+"/facts", ""), 200, `"actor_role":"lawyer"`)
		kept := a.Do(citizen, "GET", path+"/transcript/txt?lang=en", "")
		a.Want(kept, 200, "Legal basis: ", strings.Repeat("法", 51), "还有")
		if again := a.Do(by, "GET", path+"/transcript/txt?lang=en", ""); again.Body.String() != kept.Body.String() {
			t.Error("the lawyer's record differs from the citizen's")
		}
		a.Want(a.Do(citizen, "GET", path+"/transcript/pdf", ""), 503, "paper.no_font")
		a.Want(a.Do(citizen, "GET", path+"/transcript/exe", ""), 422, "kind")
		a.Want(a.Do(citizen, "GET", "/orders", ""), 200, `"number":`)
		a.Want(a.Do(h.ops, "GET", "/warnings", ""), 200, `"items":[`)
	})
}

// Absent and forbidden are the same answer, for every operation on an order.
func TestAbsentAndForbidden(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		a, citizen, stranger := h.api(), h.NewCitizen(), h.NewCitizen()
		o, nowhere := h.ask(citizen), id.New()
		far := h.ops
		far.Scope = "/110000/"
		for _, as := range []who.Actor{stranger, far} {
			for op, body := range map[string]string{
				"GET /orders/ID": "", "GET /orders/ID/facts": "", "GET /orders/ID/proof": "", "GET /orders/ID/transcript/txt": "", "GET /orders/ID/transcript/pdf": "", "POST /orders/ID/read": "{}",
				"POST /orders/ID/messages":   `{"id":"` + nowhere.String() + `","text":"x"}`,
				"POST /orders/ID/answer":     answerBody(strings.Repeat("法", 51)),
				"POST /orders/ID/rating":     `{"id":"` + nowhere.String() + `","level":"general"}`,
				"POST /orders/ID/exclusion":  `{"reason":"test","note":"x"}`,
				"POST /orders/ID/pass":       `{"reason":"x","summary":"x"}`,
				"POST /orders/ID/notes":      `{"id":"` + nowhere.String() + `","text":"x"}`,
				"GET /orders?same_person=ID": "",
				"POST /orders/ID/assign":     `{"lawyer":"` + nowhere.String() + `"}`,
			} {
				method, path, _ := strings.Cut(op, " ")
				bodies := map[string]bool{}
				for _, i := range []id.ID{o.ID, nowhere} {
					rec := a.Do(as, method, strings.Replace(path, "ID", i.String(), 1), body)
					var p map[string]any
					h.Must(json.Unmarshal(rec.Body.Bytes(), &p))
					delete(p, "request_id")
					b, _ := json.Marshal(p)
					if bodies[string(b)] = true; rec.Code != 404 {
						t.Errorf("%s %s as %v: %d %s", method, path, as.Roles, rec.Code, b)
					}
				}
				if len(bodies) != 1 {
					t.Errorf("%s tells absent from forbidden: %v", op, bodies)
				}
			}
		}
	})
}

// What was submitted never comes back in a refusal.
func TestNoEcho(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		a, citizen := h.api(), h.NewCitizen()
		for name, c := range map[string]struct {
			status int
			body   string
		}{
			"an unknown region": {422, askBody(id.New(), secretWords)},
			"broken JSON":       {400, `{"question":"` + secretWords},
			"an unknown field":  {422, `{"` + secretWords + `":1}`},
			"a wrong ID":        {422, `{"id":"` + secretWords + `"}`},
		} {
			rec := a.Do(citizen, "POST", "/orders", c.body)
			if strings.Contains(rec.Body.String(), secretWords) || rec.Code != c.status {
				t.Errorf("%s: %d %s", name, rec.Code, rec.Body)
			}
		}
	})
}

// machine is an integrator's program of an organisation.
func (h *room) machine(scopes ...string) who.Actor {
	return who.Actor{Person: id.New(), Org: h.org.ID, Scope: h.org.Path, Session: id.New(), Roles: []who.Role{who.Machine}, Scopes: scopes}
}

// A machine reads what its scopes name of its organisation. All else is absent:
// with another scope, of another organisation, or to change something.
// req: B8.2.2.9
func TestMachinesOverHTTP(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		a := h.api()
		h.lawyer("甲", lawyer.Online)
		_, err := h.LoadStatutes(t.Context(), setup, strings.NewReader(lookUpFile))
		h.Must(err)
		o := h.ask(h.NewCitizen())
		path := "/orders/" + o.ID.String()
		right := h.machine("orders:read")
		a.Want(a.Do(right, "GET", "/orders", ""), 200, o.ID.String())
		for _, p := range []string{path, path + "/facts"} {
			a.Want(a.Do(right, "GET", p, ""), 200)
		}
		a.Want(a.Do(h.machine("statutes:read"), "GET", "/statutes?q=%E5%B7%A5%E8%B5%84", ""), 200, "工資")
		other := right
		other.Scope, other.Org = "/990000/", id.New()
		a.Want(a.Do(other, "GET", "/orders", ""), 200, `"items":[]`)
		absent := a.Do(right, "GET", "/orders/"+id.New().String(), "")
		a.Want(absent, 404)
		wrong := h.machine("statutes:read", "reports:read", "figures:read", "orders:write", "*", "")
		for _, x := range []struct {
			as           who.Actor
			method, path string
			body         string
		}{
			{other, "GET", path, ""}, {other, "GET", path + "/facts", ""}, {other, "GET", path + "/proof", ""},
			{wrong, "GET", path, ""}, {wrong, "GET", "/orders", ""}, {wrong, "GET", path + "/facts", ""}, {wrong, "GET", path + "/proof", ""},
			{right, "GET", "/statutes?q=x", ""}, {h.machine(), "GET", path, ""},
			{right, "POST", "/orders", askBody(id.New(), "440000")}, {right, "POST", path + "/messages", `{"id":"` + id.New().String() + `","text":"x"}`},
			{right, "POST", path + "/answer", answerBody("x")}, {right, "POST", path + "/pass", "{}"}, {right, "POST", path + "/notes", `{"id":"` + id.New().String() + `","text":"x"}`}, {right, "GET", "/saved-replies", ""}, {right, "POST", path + "/rating", `{"id":"` + id.New().String() + `","level":"satisfied"}`},
			{right, "POST", path + "/exclusion", `{"reason":"test","note":"x"}`}, {right, "GET", "/warnings", ""}, {right, "GET", "/callbacks", ""}, {right, "GET", "/templates", ""},
		} {
			rec := a.Do(x.as, x.method, x.path, x.body)
			if body := withoutID(a.Want(rec, 404)); body != withoutID(absent.Body.String()) {
				t.Errorf("%s %s: %s", x.method, x.path, body)
			}
		}
	})
}

// withoutID cuts a problem before its request ID.
func withoutID(problem string) string {
	head, _, _ := strings.Cut(strings.TrimSpace(problem), `"request_id"`)
	return head
}

// req: B6.2.1.2d
func TestStatutesOverHTTP(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		a, by := h.api(), h.lawyer("甲", lawyer.Online)
		_, err := h.LoadStatutes(t.Context(), setup, strings.NewReader(lookUpFile))
		h.Must(err)
		get := func(query string) *httptest.ResponseRecorder { return a.Do(by, "GET", "/statutes?"+query, "") }
		a.Want(get("q="+url.QueryEscape("勞動合同法 82")), 200, `"article":"第八十二条"`, `"law_marks":[{"from":7,"to":12}]`)
		page := a.Want(get("limit=1&q="+url.QueryEscape("经济补偿")), 200, `"next_cursor":"1"`, `"text_marks":[{"from":0,"to":4},{"from":5,"to":9}]`)
		if strings.Count(page, `"article"`) != 1 {
			t.Errorf("a page of one: %s", page)
		}
		last := a.Want(get("limit=1&cursor=1&q="+url.QueryEscape("经济补偿")), 200, `"article":"第四十六条"`)
		if strings.Contains(last, "next_cursor") {
			t.Errorf("the last page: %s", last)
		}
		a.Want(get("law="+url.QueryEscape("民法典")), 200, `"article":"第一百八十八条"`)
		for _, odd := range []string{"'", "%", `"*`, "😀", "terms:工", "-工", "a AND b", "<->", strings.Repeat("法", 100)} {
			a.Want(get("q="+url.QueryEscape(odd)), 200)
		}
		a.Want(get("q="+strings.Repeat("x", 101)), 422)
		a.Want(get("q=a%00b"), 400)
		a.Want(get("q=%ff"), 400)
		for _, cursor := range []string{"-1", "201", "1e9", "x", "99999999999999999999"} {
			a.Want(get("q=x&cursor="+cursor), 422)
		}
		a.Want(a.Do(h.NewCitizen(), "GET", "/statutes?q=x", ""), 404)
		a.Want(a.Do(who.Actor{}, "GET", "/statutes?q=x", ""), 401)
	})
}
