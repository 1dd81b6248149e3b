package identity

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/web"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
)

// door is the room behind HTTP.
type door struct {
	*house
	http.Handler
}

func eachDoor(t *testing.T, fn func(t *testing.T, d door)) {
	t.Helper()
	each(t, func(t *testing.T, h *house) {
		h.Unread = func(*db.Tx, id.ID) (int, error) { return 3, nil }
		w := web.New(web.Config{Authenticate: h.Authenticate, Now: h.clock.Now})
		h.Routes(w)
		fn(t, door{h, w.Handler()})
	})
}

type answer struct {
	status int
	cookie *http.Cookie
	body   map[string]any
	raw    string
}

func (d door) call(method, path, token, body string) answer {
	d.t.Helper()
	r := httptest.NewRequest(method, "/api/v1"+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Accept-Language", "en")
	if token != "" {
		r.AddCookie(&http.Cookie{Name: Cookie, Value: token})
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	a := answer{status: w.Code, raw: w.Body.String()}
	if c := w.Result().Cookies(); len(c) > 0 {
		a.cookie = c[0]
	}
	_ = json.Unmarshal(w.Body.Bytes(), &a.body) // 204 has none
	return a
}

func (d door) want(a answer, status int) answer {
	d.t.Helper()
	if a.status != status {
		d.t.Fatalf("status %d, want %d: %s", a.status, status, a.raw)
	}
	return a
}

func TestHTTPCitizen(t *testing.T) {
	eachDoor(t, func(t *testing.T, d door) {
		a := d.want(d.call("POST", "/codes", "", `{"phone":"138 0013 8000"}`), 202)
		if a.body["expires_at"] != "2026-03-02T04:10:00Z" {
			t.Errorf("expires at %v", a.body["expires_at"])
		}
		if d.sent[0].language != "en" || d.sent[0].phone != "+8613800138000" {
			t.Errorf("sent %v", d.sent)
		}
		code := d.sent[0].code
		d.want(d.call("POST", "/codes", "", `{"phone":"13800138000"}`), 429)
		wrong := d.want(d.call("POST", "/sessions", "", `{"phone":"13800138000","code":"`+wrongOf(code)+`"}`), 422)
		if strings.Contains(wrong.raw, "138") || !strings.Contains(wrong.raw, "identity.code_wrong") {
			t.Errorf("refusal %s", wrong.raw)
		}
		in := d.want(d.call("POST", "/sessions", "", `{"phone":"13800138000","code":"`+code+`"}`), 201)
		c := in.cookie
		if c == nil || c.Name != "__Host-mingfa" || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			t.Fatalf("cookie %v", c)
		}
		if in.body["token"] != nil {
			t.Error("the token is in the body too")
		}
		me := d.want(d.call("GET", "/me", c.Value, ""), 200)
		if me.body["unread"] != 3.0 || me.body["language"] != "en" || me.body["name"] != nil || me.body["roles"].([]any)[0] != "citizen" ||
			me.body["org"].(map[string]any)["level"] != "operator" {
			t.Errorf("me %v", me.body)
		}
		me = d.want(d.call("PATCH", "/me", c.Value, `{"name":"Ann 王","language":"zh-Hans"}`), 200)
		if me.body["name"] != "Ann 王" || me.body["language"] != "zh-Hans" {
			t.Errorf("me %v", me.body)
		}
		d.want(d.call("PATCH", "/me", c.Value, `{"language":"fr"}`), 422)
		d.want(d.call("PATCH", "/me", c.Value, `{"name":"`+strings.Repeat("字", maxName+1)+`"}`), 422)
		out := d.want(d.call("DELETE", "/sessions/current", c.Value, ""), 204)
		if out.cookie == nil || out.cookie.MaxAge >= 0 || out.cookie.Value != "" || !out.cookie.Secure {
			t.Errorf("cookie after signing out %v", out.cookie)
		}
		d.want(d.call("GET", "/me", c.Value, ""), 401)
		d.want(d.call("GET", "/me", "", ""), 401)
		d.want(d.call("POST", "/codes", "", `{"phone":"12345"}`), 422)
	})
}

func TestHTTPStaff(t *testing.T) {
	eachDoor(t, func(t *testing.T, d door) {
		d.staff(d.root.ID, "admin", who.Admin)
		body := `{"user":"admin","password":"` + passwd + `","totp":"` + d.totp() + `","bearer":true}`
		in := d.want(d.call("POST", "/staff-sessions", "", body), 201)
		token, _ := in.body["token"].(string)
		if token == "" || in.cookie != nil {
			t.Fatalf("token %q, cookie %v", token, in.cookie)
		}
		known := d.want(d.call("POST", "/staff-sessions", "", body), 401) // used
		unknown := d.want(d.call("POST", "/staff-sessions", "", strings.Replace(body, "admin", "nobody", 1)), 401)
		known.body["request_id"], unknown.body["request_id"] = nil, nil
		if a, b := mustJSON(t, known.body), mustJSON(t, unknown.body); a != b {
			t.Errorf("known and unknown users hear different things: %s %s", a, b)
		}
		citizen, citizenToken := d.citizen(phoneA)
		path := "/people/" + citizen.Person.String()
		forbidden := d.want(d.call("DELETE", path, citizenToken, `{"reason":"request"}`), 404)
		absent := d.want(d.call("DELETE", "/people/"+id.New().String(), token, `{"reason":"request"}`), 404)
		forbidden.body["request_id"], absent.body["request_id"] = nil, nil
		if a, b := mustJSON(t, forbidden.body), mustJSON(t, absent.body); a != b {
			t.Errorf("forbidden and absent differ: %s %s", a, b)
		}
		d.want(d.call("DELETE", path, token, `{"reason":"because"}`), 422)
		d.want(d.call("DELETE", path, token, `{"reason":"request"}`), 202)
		d.want(d.call("GET", "/me", citizenToken, ""), 401)
	})
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestHTTPRegions(t *testing.T) {
	eachDoor(t, func(t *testing.T, d door) {
		all := d.want(d.call("GET", "/regions", "", ""), 200)
		if items := all.body["items"].([]any); len(items) != 34 || mustJSON(t, items[0]) != `{"code":"110000","level":"province","name":"Beijing"}` {
			t.Errorf("regions %v", items)
		}
		none := d.want(d.call("GET", "/regions?parent=999999", "", ""), 200)
		if items, ok := none.body["items"].([]any); !ok || len(items) != 0 {
			t.Errorf("regions %s", none.raw)
		}
	})
}

// Over HTTP a machine reaches what is opened to machines, and nothing else.
// req: B8.2.2.9
func TestHTTPTokens(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		w := web.New(web.Config{Authenticate: h.Authenticate, Now: h.clock.Now})
		h.Routes(w)
		web.Register(w, huma.Operation{Method: "GET", Path: "/open", DefaultStatus: http.StatusNoContent, Metadata: web.Machines("open:read")},
			func(ctx context.Context, _ *struct{}) (*struct{ Body struct{} }, error) {
				return nil, h.Rules.Need(web.Actor(ctx), "statute.see", access.Object{})
			})
		d := door{h, w.Handler()}
		d.staff(d.root.ID, "admin", who.Admin)
		in := d.want(d.call("POST", "/staff-sessions", "", `{"user":"admin","password":"`+passwd+`","totp":"`+d.totp()+`","bearer":true}`), 201)
		boss := in.body["token"].(string)
		make := func(scope string) (string, string) {
			a := d.want(d.call("POST", "/tokens", boss, `{"id":"`+id.New().String()+`","name":"平台","scopes":["`+scope+`"],"expires_at":"2026-04-01T00:00:00Z"}`), 201)
			return a.body["id"].(string), a.body["token"].(string)
		}
		i, right := make("statutes:read")
		d.want(d.machine("GET", "/open", right, ""), 204)
		for _, scope := range access.Scopes() {
			if scope == "statutes:read" {
				continue
			}
			_, wrong := make(scope)
			d.want(d.machine("GET", "/open", wrong, ""), 404)
		}
		absent := d.want(d.machine("DELETE", "/tokens/"+id.New().String(), boss, ""), 404)
		for _, closed := range []struct{ method, path, body string }{
			{"GET", "/me", ""}, {"PATCH", "/me", `{"name":"x"}`}, {"DELETE", "/sessions/current", ""}, {"GET", "/tokens", ""},
			{"POST", "/tokens", `{"id":"` + id.New().String() + `","name":"x","scopes":["reports:read"],"expires_at":"2026-04-01T00:00:00Z"}`},
			{"DELETE", "/tokens/" + i, ""}, {"DELETE", "/people/" + id.New().String(), "{}"},
		} {
			got := d.want(d.machine(closed.method, closed.path, right, closed.body), 404)
			got.body["request_id"], absent.body["request_id"] = nil, nil
			if a, b := mustJSON(t, got.body), mustJSON(t, absent.body); a != b {
				t.Errorf("%s %s: %s", closed.method, closed.path, a)
			}
		}
		d.want(d.machine("GET", "/regions", right, ""), 200) // public
		list := d.want(d.call("GET", "/tokens?limit=1", boss, ""), 200)
		if list.body["next_cursor"] != i || strings.Contains(list.raw, right) {
			t.Errorf("tokens %s", list.raw)
		}
		d.want(d.call("GET", "/tokens?cursor="+i, boss, ""), 200)
		d.want(d.call("DELETE", "/tokens/"+i, boss, ""), 204)
		d.want(d.machine("GET", "/open", right, ""), 401)
	})
}

// machine calls with a bearer token.
func (d door) machine(method, path, token, body string) answer {
	d.t.Helper()
	r := httptest.NewRequest(method, "/api/v1"+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Accept-Language", "en")
	r.Header.Set("Authorization", "Bearer "+token)
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	a := answer{status: w.Code, raw: w.Body.String()}
	_ = json.Unmarshal(w.Body.Bytes(), &a.body) // 204 has none
	return a
}
