package wap_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"mingfa/internal/app/wap"
)

// sendFiles sends a form as a browser does: fields, then files. An input that was left
// empty comes as a part without a name.
func sendFiles(t *testing.T, a *api, path string, form url.Values, files [][2]string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name, values := range form {
		for _, v := range values {
			if err := m.WriteField(name, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, f := range files {
		part, err := m.CreateFormFile("files", f[0])
		if err == nil {
			_, err = part.Write([]byte(f[1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", path, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	wap.Handler(a).ServeHTTP(w, r)
	if left, _ := io.ReadAll(r.Body); len(left) > 0 {
		t.Errorf("%d bytes of the form were not read: its sender does not hear the answer", len(left))
	}
	return w
}

// uploads are the files that the API was sent, without their IDs.
func (a *api) uploads() (out []string) {
	for _, line := range a.seen {
		if at := regexp.MustCompile(`^PUT /(?:orders|complaints)/([^/]+)/attachments/[0-9a-f-]{36} `).FindStringSubmatch(line); at != nil {
			out = append(out, at[1]+" "+line[len(at[0]):])
		}
	}
	return out
}

// Files are sent on as they are and named in the question, whose ID they were given.
//
// req: B5.2.1, B5.2.2
func TestAskWithFiles(t *testing.T) {
	a := &api{order: open()}
	form := url.Values{"id": {"0190"}, "region": {"440106"}, "question": {"很长的问题"}, "type": {"labour"}, "name": {"王女士"}, "phone": {"13800000000"}, "code": {"000000"}}
	files := [][2]string{{"工资条.png", "\x89PNG one"}, {"", ""}, {"b.pdf", "%PDF two"}}
	w := sendFiles(t, a, "/m/ask/contact", form, files)
	holds(t, w, 422, "验证码不对", "很长的问题", "请重新选择", `type="file"`, `formenctype="application/x-www-form-urlencoded"`)
	if got := a.uploads(); len(got) != 0 {
		t.Errorf("a stranger uploaded %q", got)
	}
	form.Set("code", "123456") // signed in by the form, before its first file is read
	goesTo(t, sendFiles(t, a, "/m/ask/contact", form, files), "/m/orders/o1?sent=1")
	if got := strings.Join(a.uploads(), "|"); got != "0190 \x89PNG one|0190 %PDF two" {
		t.Errorf("uploaded %q", got)
	}
	last := a.seen[len(a.seen)-1]
	if !regexp.MustCompile(`"attachments":\[\{"id":"[0-9a-f-]{36}","name":"工资条.png"\},\{"id":"[0-9a-f-]{36}","name":"b.pdf"\}\]`).MatchString(last) {
		t.Error(last)
	}
	holds(t, visit(t, a, "POST", "/m/ask", url.Values{"id": {"0190"}, "question": {"x"}}), 200, "填了验证码以后可以加图片")
}

// What was uploaded is not lost when something else is refused, and can be left out.
func TestRefusedFormsKeepTheirFiles(t *testing.T) {
	a := &api{order: answered()}
	w := sendFiles(t, a, "/m/orders/o1/say", url.Values{"id": {"m4"}, "text": {" "}}, [][2]string{{"a <b>.png", "one"}}, "Cookie", token)
	holds(t, w, 422, "请写下您的问题", "已上传", "a &lt;b&gt;.png")
	kept := regexp.MustCompile(`name="kept" value="([0-9a-f-]{36}) a &lt;b&gt;.png" checked`).FindStringSubmatch(w.Body.String())
	if kept == nil {
		t.Fatal(w.Body)
	}
	goesTo(t, sendFiles(t, a, "/m/orders/o1/say", url.Values{"id": {"m4"}, "text": {"这个"}, "kept": {kept[1] + " a <b>.png"}}, [][2]string{{"", ""}}, "Cookie", token), "/m/orders/o1")
	if last := a.seen[len(a.seen)-1]; !strings.Contains(last, `"attachments":[{"id":"`+kept[1]+`","name":"a \u003cb\u003e.png"}]`) {
		t.Error(last)
	}
	goesTo(t, sendFiles(t, a, "/m/orders/o1/say", url.Values{"id": {"m5"}, "text": {"没有"}}, nil, "Cookie", token), "/m/orders/o1")
	if last := a.seen[len(a.seen)-1]; strings.Contains(last, "attachments") {
		t.Error(last)
	}
}

func TestRefusedFiles(t *testing.T) {
	a := &api{order: answered()}
	form := url.Values{"id": {"m4"}, "text": {"看看"}}
	w := sendFiles(t, a, "/m/orders/o1/say", form, [][2]string{{"a.png", "one"}, {"b.exe", "REFUSE ME"}, {"c.png", "three"}}, "Cookie", token)
	holds(t, w, 415, "b.exe: 只能上传图片", "看看", "a.png", "请重新选择")
	if got := strings.Join(a.uploads(), "|"); got != "o1 one|o1 REFUSE ME" {
		t.Errorf("uploaded %q", got)
	}
	many := make([][2]string, 11)
	for i := range many {
		many[i] = [2]string{"a.png", "x"}
	}
	holds(t, sendFiles(t, a, "/m/orders/o1/say", form, many, "Cookie", token), 422, "最多 10 项")
	goesTo(t, sendFiles(t, a, "/m/orders/o1/say", form, many[:1]), "/m/sign-in?next=%2Fm%2Forders%2Fo1") // where the form stands
	for body, status := range map[string]int{"--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.png\"\r\n\r\nhalf": 400, "not a form": 400} {
		r := httptest.NewRequest("POST", "/m/orders/o1/say", strings.NewReader(body))
		r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		r.Header.Set("Cookie", token)
		w := httptest.NewRecorder()
		wap.Handler(a).ServeHTTP(w, r)
		holds(t, w, status)
	}
}

// The files of an order are links on its page.
func TestFilesOfAnOrder(t *testing.T) {
	a := &api{order: answered()}
	file := func(name string) []any {
		return []any{map[string]any{"id": "f-" + name, "name": name, "size": 3 << 20, "kind": "png"}}
	}
	a.order["attachments"] = file("q<u>.png")
	a.order["answer"].(map[string]any)["attachments"] = file("a.png")
	a.order["messages"].([]any)[2].(map[string]any)["attachments"] = append(file("m.png"), map[string]any{"id": "gone", "erased": true})
	w := visit(t, a, "GET", "/m/orders/o1", nil, "Cookie", token)
	holds(t, w, 200, "附件", "q&lt;u&gt;.png</a> (3.0 MB)", `href="/api/v1/orders/o1/attachments/f-a.png"`, "m.png", "已按要求删除")
}

// A complaint takes files with its form, and later on its own page; each is a part of
// it at once, so what was taken stays when another is refused.
//
// req: B7.1.2.3a
func TestFilesOfAComplaint(t *testing.T) {
	a := &api{order: answered()}
	holds(t, visit(t, a, "GET", "/m/complain", nil, "Cookie", token), 200, `enctype="multipart/form-data"`, `aria-describedby="files-hint"`, "不能撤回")
	form := url.Values{"id": {"c1"}, "kind": {"complaint"}, "text": {"态度差"}}
	goesTo(t, sendFiles(t, a, "/m/complain", form, [][2]string{{"聊天.png", "one"}, {"b.pdf", "two"}}, "Cookie", token), "/m/complaints?sent=20260304-XXXXXXXX")
	if got := strings.Join(a.uploads(), "|"); got != "c1 one|c1 two" {
		t.Errorf("uploaded %q", got)
	}
	if got := strings.Join(a.names, "|"); got != "聊天.png|b.pdf" {
		t.Errorf("called %q", got)
	}
	goesTo(t, sendFiles(t, a, "/m/complain", form, [][2]string{{"", ""}}, "Cookie", token), "/m/complaints?sent=20260304-XXXXXXXX")
	holds(t, sendFiles(t, a, "/m/complain", form, [][2]string{{"b.exe", "REFUSE ME"}}, "Cookie", token), 415,
		"已经收到", "20260304-XXXXXXXX", "b.exe: 只能上传图片", `id="files-error"`, `aria-invalid="true" aria-describedby="files-hint files-error"`, `action="/m/complaints/c1/files"`)
	wrong := url.Values{"id": {"c1"}, "kind": {"complaint"}, "text": {" "}}
	holds(t, sendFiles(t, a, "/m/complain", wrong, [][2]string{{"a.png", "one"}}, "Cookie", token), 422, "请先写下您想说的", `value="c1"`, "请重新选择")
	goesTo(t, sendFiles(t, a, "/m/complain", form, [][2]string{{"a.png", "one"}}), "/m/sign-in?next=%2Fm%2Fcomplain")

	holds(t, visit(t, a, "GET", "/m/complaints", nil, "Cookie", token), 200, `href="/m/complaints/c1"`, `href="/api/v1/complaints/c1/attachments/f1"`, "聊天&lt;u&gt;.png</a> (1.0 MB)")
	holds(t, visit(t, a, "GET", "/m/complaints/c1", nil, "Cookie", token), 200, `action="/m/complaints/c1/files"`, "聊天&lt;u&gt;.png")
	add := func(status int, files [][2]string, texts ...string) {
		t.Helper()
		holds(t, sendFiles(t, a, "/m/complaints/c1/files", nil, files, "Cookie", token), status, texts...)
	}
	add(422, [][2]string{{"", ""}}, "请先选择文件")
	add(415, [][2]string{{"a.png", "one"}, {"b.exe", "REFUSE ME"}}, "b.exe: 只能上传图片")
	many := make([][2]string, 11)
	for i := range many {
		many[i] = [2]string{"a.png", "x"}
	}
	add(422, many, "最多 10 项")
	goesTo(t, sendFiles(t, a, "/m/complaints/c1/files", nil, many[:1], "Cookie", token), "/m/complaints/c1?added=1")
	holds(t, visit(t, a, "GET", "/m/complaints/c1?added=1", nil, "Cookie", token), 200, "已添加")
	goesTo(t, sendFiles(t, a, "/m/complaints/c1/files", nil, many[:1]), "/m/sign-in?next=%2Fm%2Fcomplaints%2Fc1")
	holds(t, visit(t, a, "GET", "/m/complaints/c2", nil, "Cookie", token), 404, "找不到")
	holds(t, sendFiles(t, a, "/m/complaints/c2/files", nil, [][2]string{{"", ""}}, "Cookie", token), 404, "找不到")
}
