package lawyer

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/web"
	"mingfa/internal/base/who"
)

func TestHTTP(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := open(t, d)
		r.add("甲", "away")
		r.do(func(tx *db.Tx) error { return Rated(tx, r.people["甲"], 4, true) })
		lawyer := who.Actor{Person: r.people["甲"], Org: r.org, Scope: "/a/", Roles: []who.Role{who.DutyLawyer}}
		operator := who.Actor{Person: id.New(), Org: r.org, Scope: "/", Roles: []who.Role{who.Operations}}
		actor := who.Actor{}
		w := web.New(web.Config{Authenticate: func(*http.Request) (who.Actor, error) {
			if !actor.Known() {
				return actor, fault.New(fault.Unknown, "fault.unknown")
			}
			return actor, nil
		}})
		r.Routes(w)
		ask := func(as who.Actor, method, path, body string) (int, string) {
			actor = as
			q := httptest.NewRequest(method, web.Prefix+path, strings.NewReader(body))
			q.Header.Set("Content-Type", "application/json")
			rec := httptest.NewRecorder()
			w.Handler().ServeHTTP(rec, q)
			return rec.Code, strings.TrimSpace(rec.Body.String())
		}
		for _, c := range []struct {
			as           who.Actor
			method, path string
			body         string
			status       int
			want         string // in the answer
		}{
			{lawyer, "PUT", "/lawyers/me/status", `{"status":"online"}`, 200, `{"status":"online"}`},
			{lawyer, "PUT", "/lawyers/me/status", `{"status":"asleep"}`, 422, `"field":"status"`},
			{lawyer, "PUT", "/lawyers/me/status", `{"status":"busy","x":1}`, 422, `fault.field_unknown`},
			{operator, "PUT", "/lawyers/me/status", `{"status":"busy"}`, 404, `fault.absent`},
			{who.Actor{}, "PUT", "/lawyers/me/status", `{"status":"busy"}`, 401, `fault.unknown`},
			{operator, "GET", "/lawyers", "", 200, `{"items":[{"id":"` + lawyer.Person.String() + `","name":"甲","nickname":"甲","firm":"明法律师事务所","status":"online","load":0,"rating":{"rated":1,"satisfied":1,"points":4},"areas":["labour"],"regions":["340000"],"languages":["zh-Hans"]}]}`},
			{lawyer, "GET", "/lawyers", "", 404, `fault.absent`},
			{who.Actor{}, "GET", "/lawyers", "", 401, `fault.unknown`},
		} {
			status, body := ask(c.as, c.method, c.path, c.body)
			if status != c.status || !strings.Contains(body, c.want) {
				t.Errorf("%s %s %s as %v: %d %s", c.method, c.path, c.body, c.as.Roles, status, body)
			}
			if strings.Contains(body, "asleep") {
				t.Errorf("what was submitted came back: %s", body)
			}
		}
	})
}
