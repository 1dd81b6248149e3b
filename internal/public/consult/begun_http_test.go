package consult

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/blob"
	"mingfa/internal/base/id"
	"mingfa/internal/base/who"
	"mingfa/internal/public/lawyer"
)

// req: B5.2.4
func TestDraftsOverHTTP(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		a, citizen, n, file := h.api(), h.NewCitizen(), id.New(), id.New()
		path := "/me/drafts/" + n.String()
		a.Want(a.Do(citizen, "GET", "/me/drafts", ""), 200, `{"items":[]`)
		a.Want(a.Do(citizen, "PUT", filePath(n, file), string(picture(t, blob.PNG, ""))), 200)
		body := `{"step":2,"region":"440000","question":"` + secretWords + `","problem_type":"labour","contact":{"name":"陈女士"},"attachments":[{"id":"` + file.String() + `","name":"a.png"},{"id":"` + id.New().String() + `","name":"b.pdf"}]}`
		first := a.Do(citizen, "PUT", path, body)
		if got := a.Want(first, 200, `"id":"`+n.String()+`"`, `"rev":1`, `"expires_at":"2026-04-01T`); strings.Contains(got, secretWords) || first.Header().Get("ETag") != `"1"` {
			t.Errorf("%s %s", first.Header().Get("ETag"), got)
		}
		a.Want(a.Do(citizen, "PUT", path, body), 200, `"rev":1`)
		a.Want(a.Do(citizen, "GET", "/me/drafts", "", "Accept-Language", "en"), 200, `"question":"`+secretWords+`"`, `"place":[{"code":"440000","name":"Guangdong"`,
			`"problem_type":{"code":"labour","name":"Work`, `"kind":"png"`, `"name":"b.pdf"}`, `"rev":1`)
		changed := strings.Replace(body, `"step":2`, `"step":3`, 1)
		a.Want(a.Do(citizen, "PUT", path, changed), 409, "fault.stale")
		a.Want(a.Do(citizen, "PUT", path, changed, "If-Match", `"1"`), 200, `"rev":2`)
		a.Want(a.Do(citizen, "PUT", path, body, "If-Match", `"1"`), 409, "fault.stale")
		a.Want(a.Do(citizen, "PUT", path, body, "If-Match", `x`), 422, "If-Match")
		a.Want(a.Do(citizen, "DELETE", path, "", "If-Match", `"1"`), 409, "fault.stale")

		for _, wrong := range []string{`{"step":2,"more":1}`, `{"step":0}`, `{}`, `{"step":2,"contact":{"name":"x","age":"3"}}`, `{"step":"2"}`, `{"step":2,"question":` + strings.Repeat("[", 2000) + `}`, `[]`, ``, `{"step":2,"question":"a\u0000"}`} {
			if rec := a.Do(citizen, "PUT", "/me/drafts/"+id.New().String(), wrong); rec.Code != 422 && rec.Code != 400 {
				t.Errorf("%.60q: %d %s", wrong, rec.Code, rec.Body)
			}
		}
		long := a.Want(a.Do(citizen, "PUT", "/me/drafts/"+id.New().String(), `{"step":2,"question":"`+strings.Repeat(secretWords, 400)+`"}`), 422, `"field":"question"`)
		if strings.Contains(long, secretWords) {
			t.Error("what was submitted came back")
		}
		a.Want(a.Do(citizen, "PUT", "/me/drafts/"+id.New().String(), `{"step":2,"question":"`+strings.Repeat("x", 2<<20)+`"}`), 413)
		a.Want(a.Do(citizen, "PUT", "/me/drafts/x", body), 422)

		ask := strings.Replace(askBody(n, "440000"), `{"id"`, `{"attachments":[{"id":"`+file.String()+`","name":"a.png"}],"id"`, 1)
		a.Want(a.Do(citizen, "POST", "/orders", ask), 201)
		a.Want(a.Do(citizen, "GET", "/me/drafts", ""), 200, `{"items":[]`)
		for language, words := range map[string]string{"zh-Hans": "已经发送过", "zh-Hant-HK": "已傳送", "en": "sent already"} {
			a.Want(a.Do(citizen, "PUT", path, body, "If-Match", `"2"`, "Accept-Language", language), 409, "consult.draft_sent", words)
		}
		a.Want(a.Do(citizen, "DELETE", path, ""), 404)
	})
}

// Absent and forbidden are the same bytes but for the request's ID.
//
// req: B9.2.1b
func TestDraftsAbsentAndForbidden(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		a, citizen, n := h.api(), h.NewCitizen(), id.New()
		h.keep(citizen, n, 0, half())
		strip := func(rec *httptest.ResponseRecorder) string {
			s := rec.Body.String()
			if i := strings.Index(s, `"request_id"`); i >= 0 {
				s = s[:i]
			}
			return s
		}
		want := strip(a.Do(citizen, "DELETE", "/me/drafts/"+id.New().String(), ""))
		for _, other := range []who.Actor{h.NewCitizen(), h.ops, h.lawyer("甲", lawyer.Online)} {
			if rec := a.Do(other, "DELETE", "/me/drafts/"+n.String(), ""); rec.Code != 404 || strip(rec) != want {
				t.Errorf("%d %s, wanted %s", rec.Code, rec.Body, want)
			}
		}
		if rec := a.Do(h.ops, "GET", "/me/drafts", ""); rec.Code != 404 || strip(rec) != want {
			t.Errorf("%d %s", rec.Code, rec.Body)
		}
		h.To(h.Clock.Now().Add(time.Hour))
		a.Want(a.Do(citizen, "DELETE", "/me/drafts/"+n.String(), ""), 204)
	})
}
