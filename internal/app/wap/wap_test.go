package wap_test

import (
	"cmp"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mingfa/internal/app/wap"
	"mingfa/internal/base/say"
)

// api stands in for the program's own API: it knows one person, one code and one
// order, and notes what it was asked.
type api struct {
	order map[string]any
	me    map[string]any // GET /me
	told  map[string]string
	table string   // of GET /me/elements, users if empty
	seen  []string // "POST /orders {...}"
	langs []string
	names []string // of files, as they were called

	drafts  []string // GET /me/drafts, as JSON
	keeping string   // the code with which PUT /me/drafts/{id} is refused
}

// asked tells whether the API was asked something that begins so.
func (a *api) asked(what string) bool {
	return slices.ContainsFunc(a.seen, func(s string) bool { return strings.HasPrefix(s, what) })
}

const token = "__Host-mingfa=secret"

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	path := strings.TrimPrefix(r.URL.RequestURI(), "/api/v1")
	upon := ""
	if m := r.Header.Get("If-Match"); m != "" {
		upon = "If-Match " + m + " "
	}
	a.seen = append(a.seen, r.Method+" "+path+" "+upon+string(body))
	a.langs = append(a.langs, r.Header.Get("Accept-Language"))
	known := strings.Contains(r.Header.Get("Cookie"), token)
	answer := func(status int, v any) {
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(v)
	}
	refuse := func(status int, detail string, fields ...map[string]string) {
		answer(status, map[string]any{"status": status, "detail": detail, "errors": fields})
	}
	switch r.Method + " " + path {
	case "GET /regions":
		answer(200, list(pair("440000", "广东省")))
		return
	case "GET /regions?parent=440000":
		answer(200, list(pair("440100", "广州市")))
		return
	case "GET /regions?parent=440100":
		answer(200, list(pair("440106", "天河区")))
		return
	case "GET /regions?parent=440106":
		answer(200, list())
		return
	case "GET /service":
		answer(200, map[string]any{"demo": true, "hotline": "12348", "talk_opens": "2099-03-01"})
		return
	case "GET /complaint-numbers":
		answer(200, map[string]any{"hotline": "400-820-12348"})
		return
	case "GET /problem-types":
		answer(200, list(pair("labour", "劳动纠纷"), pair("other", "其他")))
		return
	case "POST /problem-types/suggest":
		answer(200, list(pair("labour", "劳动纠纷")))
		return
	case "POST /codes":
		if !strings.Contains(string(body), "138") {
			refuse(422, "请检查", map[string]string{"field": "phone", "message": "手机号不对"})
			return
		}
		answer(202, map[string]any{})
		return
	case "POST /sessions":
		if !strings.Contains(string(body), "123456") {
			refuse(422, "请检查", map[string]string{"field": "code", "message": "验证码不对"})
			return
		}
		w.Header().Set("Set-Cookie", token+"; Path=/; Secure; HttpOnly; SameSite=Lax")
		answer(201, map[string]any{"person": map[string]any{}})
		return
	}
	if !known {
		refuse(401, "请先登录")
		return
	}
	if strings.HasPrefix(path, "/me/drafts") {
		switch {
		case r.Method == "GET":
			answer(200, map[string]any{"items": json.RawMessage("[" + strings.Join(a.drafts, ",") + "]")})
		case r.Method == "DELETE":
			w.WriteHeader(204)
		case a.keeping != "":
			answer(409, map[string]any{"status": 409, "detail": "409 " + a.keeping, "code": a.keeping})
		default:
			answer(200, map[string]any{"rev": 1})
		}
		return
	}
	if r.Method == "PUT" {
		_, said, _ := mime.ParseMediaType(r.Header.Get("Content-Disposition"))
		a.names = append(a.names, said["filename"])
		if strings.Contains(string(body), "REFUSE") {
			refuse(415, "只能上传图片和 PDF")
			return
		}
		answer(200, map[string]any{})
		return
	}
	switch r.Method + " " + path {
	case "GET /me":
		if a.me == nil {
			a.me = map[string]any{"unread": 2, "name": "王女士"}
		}
		answer(200, a.me)
	case "PATCH /me":
		if strings.Contains(string(body), `"name":""`) {
			refuse(422, "请检查", map[string]string{"field": "name", "message": "不能是空的"})
			return
		}
		answer(200, map[string]any{})
	case "GET /me/elements":
		field := func(code, name, kind string, most int) any {
			return map[string]any{"code": code, "name": name, "kind": kind, "max": most}
		}
		answer(200, map[string]any{"table": cmp.Or(a.table, "users"), "values": a.told, "fields": []any{field("20102", "用户名", "text", 64),
			field("20104", "邮箱", "email", 128), field("20105", "籍贯", "region", 6), field("20106", "地址", "text", 256)}})
	case "PATCH /me/elements":
		if strings.Contains(string(body), "BAD") {
			refuse(422, "请检查", map[string]string{"field": "values.20104", "message": "邮箱不对"})
			return
		}
		answer(200, map[string]any{})
	case "POST /orders":
		if strings.Contains(string(body), `"name":""`) {
			refuse(422, "请检查", map[string]string{"field": "contact.name", "message": "请写称呼"})
			return
		}
		if strings.Contains(string(body), draftID) && strings.Contains(string(body), "TAKEN") {
			answer(409, map[string]any{"status": 409, "detail": "已有", "code": "fault.conflict"})
			return
		}
		answer(201, a.order)
	case "GET /orders?limit=20":
		answer(200, map[string]any{"items": []any{a.order}})
	case "GET /orders/o1":
		answer(200, a.order)
	case "POST /orders/o1/read":
		a.order["read_at"] = "2026-03-04T07:00:00Z"
		w.WriteHeader(204)
	case "POST /orders/o1/messages", "POST /orders/o1/rating":
		answer(201, map[string]any{})
	case "POST /complaints":
		if strings.Contains(string(body), "太长") {
			refuse(422, "请检查", map[string]string{"field": "text", "message": "最多 2000 字"})
			return
		}
		answer(201, complained())
	case "GET /complaints/c1":
		answer(200, complained())
	case "GET /orders/o1/facts":
		answer(200, map[string]any{"items": []any{map[string]any{"at": "2026-03-04T06:00:00Z", "sentence": "已提问"}}, "next_cursor": "7"})
	case "GET /orders/o1/facts?cursor=7":
		answer(200, map[string]any{"items": []any{map[string]any{"at": "2026-03-04T06:30:00Z", "sentence": "已回复 <i>"}}})
	case "GET /complaints?limit=20":
		answer(200, map[string]any{"items": []any{complained()}})
	case "GET /inbox?cursor=n1":
		answer(200, map[string]any{"items": []any{}})
	case "GET /inbox":
		answer(200, map[string]any{"next_cursor": "n1", "items": []any{map[string]any{"id": "n1", "text": "律师已回复", "order": "o1", "at": "2026-03-04T06:00:00Z"}}})
	case "POST /inbox/n1/read":
		w.WriteHeader(204)
	default:
		refuse(404, "找不到")
	}
}

func pair(code, name string) map[string]string { return map[string]string{"code": code, "name": name} }

func list(items ...map[string]string) map[string]any {
	if items == nil {
		items = []map[string]string{}
	}
	return map[string]any{"items": items}
}

func complained() map[string]any {
	return map[string]any{"id": "c1", "number": "20260304-XXXXXXXX", "kind": "complaint", "text": "态度差 <b>", "received_at": "2026-03-04T06:00:00Z",
		"next": map[string]any{"text": "已受理", "by": "2026-03-05T15:59:59.999Z"}, "help": "请拨打 12356", "result": "已致歉",
		"can": []string{"attach"}, "attachments": []any{map[string]any{"id": "f1", "name": "聊天<u>.png", "size": 1 << 20, "kind": "png"}}}
}

func open() map[string]any {
	return map[string]any{
		"id": "o1", "number": "20260304-7KQ4T0XM", "title": "公司不签合同", "state": "assigned", "question": "公司不签合同 <script>alert(1)</script>",
		"region": pair("440106", "天河区"), "problem_type": pair("labour", "劳动纠纷"),
		"asked_at": "2026-03-04T06:00:00Z", "next": map[string]any{"text": "律师正在写回复", "by": "2026-03-04T08:00:00Z"},
		"messages": []any{}, "can": []string{},
	}
}

func answered() map[string]any {
	o := open()
	o["state"] = "answered"
	o["can"] = []string{"message", "read", "rate"}
	o["lawyer"] = map[string]string{"name": "李律师", "firm": "南方律师事务所"}
	o["answer"] = map[string]any{
		"opening": "您好。", "judgement": "应付双倍工资。", "text": "先协商，再仲裁。", "advice": []string{"保存证据"},
		"basis":      []any{map[string]any{"law": "劳动合同法", "article": "第八十二条", "checked": true}},
		"disclaimer": "仅供参考。", "closing": "请评价。", "at": "2026-03-04T06:30:00Z",
	}
	o["messages"] = []any{
		map[string]any{"id": "m1", "n": 1, "role": "citizen", "text": o["question"], "at": "2026-03-04T06:00:00Z"},
		map[string]any{"id": "m2", "n": 2, "role": "lawyer", "text": "先协商，再仲裁。", "at": "2026-03-04T06:30:00Z"},
		map[string]any{"id": "m3", "n": 3, "role": "citizen", "text": "仲裁收费吗？", "at": "2026-03-04T06:40:00Z"},
	}
	return o
}

// visit sends one request and checks what holds for every page.
func visit(t *testing.T, a *api, method, path string, form url.Values, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	wap.Handler(a).ServeHTTP(w, r)
	for _, bad := range []string{"<script", "style=", "http://", "https://", "wap.", "{{"} {
		if strings.Contains(strings.ReplaceAll(w.Body.String(), "&lt;script", ""), bad) {
			t.Errorf("%s %s: the page holds %q", method, path, bad)
		}
	}
	if csp := w.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") {
		t.Errorf("%s %s: policy %q", method, path, csp)
	}
	return w
}

func holds(t *testing.T, w *httptest.ResponseRecorder, status int, texts ...string) {
	t.Helper()
	if w.Code != status {
		t.Errorf("status %d, want %d: %s", w.Code, status, w.Body)
	}
	for _, text := range texts {
		if !strings.Contains(w.Body.String(), text) {
			t.Errorf("the page lacks %q:\n%s", text, w.Body)
		}
	}
}

func goesTo(t *testing.T, w *httptest.ResponseRecorder, path string) {
	t.Helper()
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != path {
		t.Errorf("%d to %q, want 303 to %q: %s", w.Code, w.Header().Get("Location"), path, w.Body)
	}
}

// req: B5.2.2 B6.1b asking in three steps, without script
func TestAskInThreeSteps(t *testing.T) {
	a := &api{order: open()}
	holds(t, visit(t, a, "GET", "/m/", nil), 200, "我要咨询", `href="/m/ask"`, "2099年3月1日开通", "正在准备", `也可以拨打热线 <a href="tel:12348">12348</a>`, "这是演示", "律师在 120 分钟内回复")
	holds(t, visit(t, a, "GET", "/m/ask", nil), 200, "第 1 步，共 3 步", "广东省")
	holds(t, visit(t, a, "GET", "/m/ask?in=440100", nil), 200, "已选：广东省 广州市", "天河区")
	step2 := visit(t, a, "GET", "/m/ask?in=440106", nil)
	holds(t, step2, 200, "第 2 步，共 3 步", "已选：广东省 广州市 天河区", `name="region" value="440106"`)
	order := regexp.MustCompile(`name="id" value="([^"]+)"`).FindStringSubmatch(step2.Body.String())[1]

	form := url.Values{"id": {order}, "region": {"440106"}, "question": {" "}}
	holds(t, visit(t, a, "POST", "/m/ask", form), 422, "请写下您的问题")
	form.Set("question", "公司不签合同 <b>")
	holds(t, visit(t, a, "POST", "/m/ask", form), 200, "第 3 步，共 3 步", `<option value="labour" selected>`, "公司不签合同 &lt;b&gt;", "发送验证码")

	form.Set("type", "other") // the person decides
	form.Set("name", "王女士")
	form.Set("phone", "99")
	form.Set("do", "code")
	holds(t, visit(t, a, "POST", "/m/ask/contact", form), 422, "手机号不对", `id="phone-error"`, `aria-invalid="true" aria-describedby="phone-error"`, `<option value="other" selected>`, `value="王女士"`)
	form.Set("phone", "13800000000")
	holds(t, visit(t, a, "POST", "/m/ask/contact", form), 200, "验证码已发出", `name="code"`, order)
	form.Set("do", "send")
	form.Set("code", "000000")
	holds(t, visit(t, a, "POST", "/m/ask/contact", form), 422, "验证码不对", "公司不签合同")
	form.Set("code", "123456")
	w := visit(t, a, "POST", "/m/ask/contact", form)
	goesTo(t, w, "/m/orders/o1?sent=1")
	if !strings.HasPrefix(w.Header().Get("Set-Cookie"), token) {
		t.Error("the visitor did not get his session")
	}
	want := `POST /orders {"contact":{"name":"王女士"},"id":"` + order + `","language":"zh-Hans","problem_type":"other","question":"公司不签合同 \u003cb\u003e","region":"440106","source":"wap"}`
	if got := a.seen[len(a.seen)-1]; got != want {
		t.Errorf("asked\n%s\nwant\n%s", got, want)
	}
	holds(t, visit(t, a, "GET", "/m/orders/o1?sent=1", nil, "Cookie", token), 200, "已经收到您的问题", "最晚 2026-03-04 16:00 前", "&lt;script&gt;")
}

func TestARefusedQuestionLosesNothing(t *testing.T) {
	a := &api{order: open()}
	form := url.Values{"id": {"0190"}, "region": {"440106"}, "question": {"很长的问题"}, "type": {"labour"}, "name": {""}, "do": {"send"}}
	holds(t, visit(t, a, "POST", "/m/ask/contact", form, "Cookie", token), 422, "请写称呼", "很长的问题", `value="0190"`, "发送给律师")
}

// req: B6.1b the reply with all its parts; the read mark
func TestReadAskBackAndRate(t *testing.T) {
	a := &api{order: answered()}
	holds(t, visit(t, a, "GET", "/m/orders", nil, "Cookie", token), 200, "公司不签合同", "律师已回复")
	w := visit(t, a, "GET", "/m/orders/o1", nil, "Cookie", token)
	holds(t, w, 200, "您好。", "应付双倍工资。", "先协商，再仲裁。", "劳动合同法 第八十二条 (条文已核对)", "保存证据", "仅供参考。", "请评价。",
		"您在 2026-03-04 15:00 看过回复", "仲裁收费吗？")
	if n := strings.Count(w.Body.String(), "先协商，再仲裁。"); n != 1 {
		t.Errorf("the reply is shown %d times", n)
	}
	// req: B7.1.3.1a T7 five levels
	if n := strings.Count(w.Body.String(), `type="radio"`); n != 5 {
		t.Errorf("%d levels to rate", n)
	}
	holds(t, visit(t, a, "POST", "/m/orders/o1/say", url.Values{"id": {"m4"}, "text": {" "}}, "Cookie", token), 422, "请写下您的问题")
	goesTo(t, visit(t, a, "POST", "/m/orders/o1/say", url.Values{"id": {"m4"}, "text": {"多久？"}}, "Cookie", token), "/m/orders/o1")
	holds(t, visit(t, a, "POST", "/m/orders/o1/rate", url.Values{"id": {"r1"}, "level": {"best"}}, "Cookie", token), 422, "请先选一项")
	goesTo(t, visit(t, a, "POST", "/m/orders/o1/rate", url.Values{"id": {"r1"}, "level": {"general"}, "comment": {"一般"}}, "Cookie", token), "/m/orders/o1")
	if got := a.seen[len(a.seen)-1]; got != `POST /orders/o1/rating {"comment":"一般","id":"r1","level":"general"}` {
		t.Error(got)
	}
	holds(t, visit(t, a, "GET", "/m/inbox", nil, "Cookie", token), 200, "律师已回复", `href="/m/orders/o1"`, `href="/m/inbox?cursor=n1"`)
	holds(t, visit(t, a, "GET", "/m/inbox?cursor=n1", nil, "Cookie", token), 200, "还没有通知")
	holds(t, w, 200, "这件事的经过", "14:00</span> 已提问", "已回复 &lt;i&gt;") // both pages of it
}

// Two taps from any page: the foot, and send.
//
// req: B7.1.2.1a, B7.1.2.1b, B7.1.2.4
func TestComplainFromAnyPage(t *testing.T) {
	a := &api{order: answered()}
	for _, path := range []string{"/m/", "/m/ask", "/m/orders", "/m/orders/o1", "/m/inbox", "/m/complaints"} {
		holds(t, visit(t, a, "GET", path, nil, "Cookie", token), 200, `href="/m/complain"`)
	}
	holds(t, visit(t, a, "GET", "/m/orders/o1", nil, "Cookie", token), 200, `href="/m/complain?order=o1"`)
	goesTo(t, visit(t, a, "GET", "/m/complain", nil), "/m/sign-in?next=%2Fm%2Fcomplain")
	goesTo(t, visit(t, a, "GET", "/m/complain?order=o1", nil), "/m/sign-in?next=%2Fm%2Fcomplain%3Forder%3Do1")
	holds(t, visit(t, a, "GET", "/m/complain?order=o1", nil, "Cookie", token), 200, `name="order" value="o1"`, `value="complaint" checked`, "400-820-12348")
	form := url.Values{"id": {"c1"}, "order": {"o1"}, "kind": {"suggestion"}, "text": {" "}}
	holds(t, visit(t, a, "POST", "/m/complain", form, "Cookie", token), 422, "请先写下您想说的", `value="suggestion" checked`, `value="c1"`)
	form.Set("text", "太长了 <b>")
	holds(t, visit(t, a, "POST", "/m/complain", form, "Cookie", token), 422, "最多 2000 字", "太长了 &lt;b&gt;")
	form.Set("kind", "gossip")
	holds(t, visit(t, a, "POST", "/m/complain", form, "Cookie", token), 422, `value="complaint" checked`)
	form.Set("kind", "complaint")
	form.Set("text", "态度差")
	goesTo(t, visit(t, a, "POST", "/m/complain", form), "/m/sign-in?next=%2Fm%2Fcomplain")
	goesTo(t, visit(t, a, "POST", "/m/complain", form, "Cookie", token), "/m/complaints?sent=20260304-XXXXXXXX")
	if got := a.seen[len(a.seen)-1]; got != `POST /complaints {"channel":"wap","id":"c1","kind":"complaint","language":"zh-Hans","order":"o1","text":"态度差"}` {
		t.Error(got)
	}
	holds(t, visit(t, a, "GET", "/m/complaints?sent=1", nil, "Cookie", token), 200, "已经收到", "20260304-XXXXXXXX", "请拨打 12356", "最晚 2026-03-05 23:59 前", "已致歉", "态度差 &lt;b&gt;")
}

func TestStrangersSignInAndComeBack(t *testing.T) {
	a := &api{order: open()}
	goesTo(t, visit(t, a, "GET", "/m/orders/o1", nil), "/m/sign-in?next=%2Fm%2Forders%2Fo1")
	holds(t, visit(t, a, "GET", "/m/sign-in?next=%2Fm%2Forders%2Fo1", nil), 200, `value="/m/orders/o1"`)
	form := url.Values{"next": {"/m/orders/o1"}, "phone": {"13800000000"}, "code": {"123456"}, "do": {"sign-in"}}
	goesTo(t, visit(t, a, "POST", "/m/sign-in", form), "/m/orders/o1")
	for _, next := range []string{"//evil.example", "/desk/", "https://evil.example", "/m/\\evil", ""} {
		form.Set("next", next)
		goesTo(t, visit(t, a, "POST", "/m/sign-in", form), "/m/orders")
	}
	holds(t, visit(t, a, "GET", "/m/orders/o2", nil, "Cookie", token), 404, "找不到")
	holds(t, visit(t, a, "GET", "/m/nothing", nil), 404)
}

func TestLanguages(t *testing.T) {
	for lang, word := range map[string]string{say.Hans: "我要咨询", say.Hant: "我要諮詢", say.En: "Ask a question"} {
		a := &api{order: answered()}
		w := visit(t, a, "GET", "/m/lang/"+lang, nil)
		goesTo(t, w, "/m/")
		cookie, _, _ := strings.Cut(w.Header().Get("Set-Cookie"), ";")
		holds(t, visit(t, a, "GET", "/m/", nil, "Cookie", cookie, "Accept-Language", "fr"), 200, word, `lang="`+lang+`"`)
		for _, path := range []string{"/m/ask", "/m/ask?in=440106", "/m/orders", "/m/orders/o1", "/m/inbox", "/m/complain?order=o1", "/m/complaints", "/m/complaints/c1", "/m/me", "/m/sign-in"} {
			holds(t, visit(t, a, "GET", path, nil, "Cookie", cookie+"; "+token), 200)
		}
		for _, l := range a.langs {
			if l != lang {
				t.Errorf("the API was asked in %q", l)
			}
		}
	}
	if gaps := say.Gaps(); len(gaps) > 0 {
		t.Error("texts that are not there:", gaps)
	}
}

func TestTooMuchIsRefused(t *testing.T) {
	w := visit(t, &api{order: open()}, "POST", "/m/ask", url.Values{"question": {strings.Repeat("字", 100_000)}})
	holds(t, w, http.StatusRequestEntityTooLarge, "内容太长")
}
