package exchange

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/web"
	"mingfa/internal/base/who"
)

// req: BB.20101, B8.1.1.4, B8.2.2.9
func TestHTTP(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		actor := who.Actor{}
		w := web.New(web.Config{Now: h.Clock.Now, Authenticate: func(*http.Request) (who.Actor, error) {
			if !actor.Known() {
				return actor, fault.New(fault.Unknown, "fault.unknown")
			}
			return actor, nil
		}})
		h.Routes(w)
		ask := func(as who.Actor, method, path, body string) (int, string, http.Header) {
			actor = as
			q := httptest.NewRequest(method, web.Prefix+path, strings.NewReader(body))
			if method != "PUT" || strings.HasPrefix(body, "{") {
				q.Header.Set("Content-Type", "application/json")
			} else {
				q.Header.Set("Content-Type", "application/octet-stream")
			}
			q.Header.Set("Accept-Language", "en")
			rec := httptest.NewRecorder()
			w.Handler().ServeHTTP(rec, q)
			return rec.Code, strings.TrimSpace(rec.Body.String()), rec.Header()
		}
		want := func(status int, as who.Actor, method, path, body string) (out importJSON, raw string) {
			t.Helper()
			got, raw, _ := ask(as, method, path, body)
			if got != status {
				t.Fatalf("%s %s: %d %s, want %d", method, path, got, raw, status)
			}
			_ = json.Unmarshal([]byte(raw), &out) // lists have another shape
			return out, raw
		}
		bad := id.New().String()
		want(200, h.admin, "PUT", "/imports/"+bad+"?table=users&format=csv&name=a.csv", "20101,20102,20103,20107\n张三,z3,CANARY,web\n")
		h.Settle()
		i, raw := want(200, h.admin, "GET", "/imports/"+bad, "")
		if i.State != Refused || len(i.Problems) != 1 || i.Problems[0].Row != 2 || i.Problems[0].Name != "Mobile phone" || !strings.Contains(i.Problems[0].Text, "country code") || strings.Contains(raw, "CANARY") || i.Name != "a.csv" {
			t.Errorf("%s", raw)
		}
		good := id.New().String()
		want(200, h.admin, "PUT", "/imports/"+good+"?table=users&format=csv", "20101,20102,20103,20107\n=cmd,z3,13800138000,web\n")
		h.Settle()
		want(409, h.admin, "POST", "/imports/"+bad+"/run", "{}")
		want(200, h.admin, "POST", "/imports/"+good+"/run", "{}")
		h.Settle()
		if i, raw := want(200, h.admin, "GET", "/imports/"+good, ""); i.State != Done || i.Kept != 1 {
			t.Errorf("%s", raw)
		}
		if _, raw := want(200, h.admin, "GET", "/imports?limit=1", ""); !strings.Contains(raw, good) || !strings.Contains(raw, "next_cursor") || strings.Contains(raw, bad) {
			t.Errorf("%s", raw)
		}
		status, file, head := ask(h.admin, "GET", "/exports/users?format=csv", "")
		if status != 200 || !strings.Contains(file, "20101 Name,20102 User name") || !strings.Contains(file, "'=cmd,z3,'+8613800138000") || !strings.HasPrefix(head.Get("Content-Disposition"), `attachment; filename="mingfa-users-`) ||
			head.Get("Content-Type") != "text/csv; charset=utf-8" {
			t.Errorf("%d %v %s", status, head, file)
		}
		if _, raw := want(200, h.admin, "GET", "/exports/users?format=csv&template=true", ""); strings.Contains(raw, "z3") || !strings.Contains(raw, "20107") {
			t.Errorf("the template is %s", raw)
		}
		want(422, h.admin, "GET", "/exports/users?format=docx", "")
		want(422, h.admin, "GET", "/exports/orders?from=yesterday", "")
		want(422, h.admin, "PUT", "/imports/"+id.New().String()+"?table=cats&format=csv", "x")
		want(200, h.admin, "PUT", "/exchange-rules", `{"standard":true,"fees":false,"strict":false}`)
		if _, raw := want(200, h.admin, "GET", "/exchange-rules", ""); raw != `{"standard":true,"fees":false,"strict":false}` {
			t.Error(raw)
		}
		if _, raw := want(200, h.admin, "POST", "/imported-people/erase", `{"phone":"13800138000"}`); raw != `{"rows":1}` {
			t.Error(raw)
		}
		ops := who.Actor{Person: id.New(), Org: h.org.ID, Scope: h.org.Path, Roles: []who.Role{who.Operations}}
		for _, x := range []struct{ method, path, body string }{{"GET", "/imports", ""}, {"GET", "/imports/" + good, ""}, {"GET", "/imports/" + id.New().String(), ""}, {"POST", "/imports/" + good + "/run", "{}"},
			{"POST", "/imports/" + good + "/cancel", "{}"}, {"GET", "/exports/users", ""}, {"GET", "/exchange-rules", ""}, {"PUT", "/imports/" + id.New().String() + "?table=users&format=csv", "x"},
			{"POST", "/imported-people/erase", `{"phone":"13800138000"}`}} {
			for _, a := range []who.Actor{ops, admin(h.elsewhere)} {
				if a.Is(who.Admin) && !strings.Contains(x.path, good) {
					continue // his own house is open to him
				}
				if _, raw := want(404, a, x.method, x.path, x.body); !strings.Contains(raw, "fault.absent") {
					t.Error(raw)
				}
			}
			want(401, who.Actor{}, x.method, x.path, x.body)
		}
	})
}
