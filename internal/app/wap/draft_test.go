package wap_test

import (
	"net/url"
	"strings"
	"testing"
)

func begun(n, rev string, more string) string {
	return `{"id":"` + n + `","rev":` + rev + `,"kept_at":"2026-03-04T06:00:00Z","step":2,"region":"440106","place":[{"code":"440000","name":"广东省"},{"code":"440100","name":"广州市"},{"code":"440106","name":"天河区"}],
		"question":"房东不退押金 <b>","problem_type":{"code":"other","name":"其他"},"contact":{"name":"陈"},"attachments":[{"id":"f1","name":"合同.png","kind":"png","size":9},{"id":"f2","name":"没传完.pdf"}]` + more + `}`
}

const draftID = "0195f000-0000-7000-8000-000000000001"

// req: B5.2.4 what was begun is offered, opened where it was left, and thrown away
func TestBegunIsOffered(t *testing.T) {
	a := &api{drafts: []string{begun(draftID, "3", "")}}
	holds(t, visit(t, a, "GET", "/m/ask", nil, "Cookie", token), 200, "您有没写完的咨询", "2026-03-04 14:00 写到这里", "房东不退押金 &lt;b&gt;", "合同.png", `href="/m/ask/drafts/`+draftID+`"`, "第 1 步", `name="draft"`)
	if page := visit(t, a, "GET", "/m/ask", nil); strings.Contains(page.Body.String(), "房东") || strings.Contains(page.Body.String(), `name="draft"`) {
		t.Error("nobody is offered what somebody began")
	}
	holds(t, visit(t, a, "GET", "/m/ask/drafts/"+draftID, nil, "Cookie", token), 200, "第 2 步", "房东不退押金 &lt;b&gt;</textarea>", `name="rev" value="3"`, `name="type" value="other"`, `name="name" value="陈"`,
		`value="f1 合同.png" checked`, "2026-03-04 14:00 保存的内容", "保存，以后接着写", `href="/m/ask?draft=`+draftID+`"`)
	holds(t, visit(t, a, "GET", "/m/ask/drafts/0195f000-0000-7000-8000-000000000009", nil, "Cookie", token), 404)
	a.drafts = []string{strings.Replace(begun(draftID, "3", ""), `"step":2`, `"step":3`, 1)}
	holds(t, visit(t, a, "GET", "/m/ask/drafts/"+draftID, nil, "Cookie", token), 200, "第 3 步", `<option value="other" selected>`, `name="rev" value="3"`, `value="f1 合同.png" checked`, "请重新选择")
	a.drafts = []string{strings.Replace(begun(draftID, "3", ""), `"region":"440106"`, `"region":"440100"`, 1)}
	w := visit(t, a, "GET", "/m/ask/drafts/"+draftID, nil, "Cookie", token)
	goesTo(t, w, "/m/ask?draft="+draftID+"&in=440100")
	holds(t, visit(t, a, "GET", "/m/ask?draft="+draftID+"&in=440100", nil, "Cookie", token), 200, `name="draft" value="`+draftID+`"`, "天河区")
	holds(t, visit(t, a, "GET", "/m/ask?draft="+draftID+"&in=440106", nil, "Cookie", token), 200, "房东不退押金", `name="rev" value="3"`, `name="region" value="440106"`)

	holds(t, visit(t, a, "GET", "/m/ask/drafts/"+draftID+"/throw-away", nil, "Cookie", token), 200, "扔掉后找不回来", "房东不退押金", `name="rev" value="3"`)
	w = visit(t, a, "POST", "/m/ask/drafts/"+draftID+"/throw-away", url.Values{"rev": {"3"}}, "Cookie", token)
	if goesTo(t, w, "/m/ask"); !a.asked(`DELETE /me/drafts/` + draftID + ` If-Match "3" `) {
		t.Errorf("%v", a.seen)
	}
}

// req: B5.2.4 each step keeps what was typed, of who is signed in
func TestStepsKeepWhatWasTyped(t *testing.T) {
	a := &api{order: open()}
	form := url.Values{"id": {draftID}, "region": {"440106"}, "question": {"房东不退押金"}, "rev": {""}}
	holds(t, visit(t, a, "POST", "/m/ask", form), 200, "第 3 步")
	if a.asked("PUT /me/drafts") {
		t.Error("what nobody typed is kept")
	}
	holds(t, visit(t, a, "POST", "/m/ask", form, "Cookie", token), 200, "第 3 步", `name="rev" value="1"`)
	if !a.asked(`PUT /me/drafts/` + draftID + ` {"attachments":[],"contact":{"name":""},"problem_type":"","question":"房东不退押金","region":"440106","step":3}`) {
		t.Errorf("%v", a.seen)
	}
	form.Set("rev", "1")
	form.Set("do", "keep")
	w := visit(t, a, "POST", "/m/ask", form, "Cookie", token)
	if goesTo(t, w, "/m/ask?kept=1"); !a.asked(`PUT /me/drafts/` + draftID + ` If-Match "1" `) {
		t.Errorf("%v", a.seen)
	}
	holds(t, visit(t, a, "GET", "/m/ask?kept=1", nil, "Cookie", token), 200, "已保存到您的账号")

	// On step 3, with files: what was uploaded is kept with it, also when another is refused.
	form.Set("name", "陈")
	form.Set("type", "other")
	form.Del("do")
	a.seen = nil
	w = sendFiles(t, a, "/m/ask/contact", form, [][2]string{{"a.png", "A"}, {"b.txt", "REFUSE"}}, "Cookie", token)
	holds(t, w, 415, "b.txt: 只能上传", "a.png\" checked")
	if !a.asked(`PUT /me/drafts/`+draftID+` If-Match "1" `) || !strings.Contains(strings.Join(a.seen, "\n"), `"name":"a.png"}],"contact"`) {
		t.Errorf("%v", a.seen)
	}
	form.Set("do", "keep")
	if w = sendFiles(t, a, "/m/ask/contact", form, nil, "Cookie", token); w.Header().Get("Location") != "/m/ask?kept=1" || a.asked("POST /orders") {
		t.Errorf("%d %v", w.Code, a.seen)
	}
}

// req: B5.2.4 of two devices the later one is told and has the choice
func TestAnotherDeviceHasGoneOn(t *testing.T) {
	a := &api{order: open(), drafts: []string{begun(draftID, "7", "")}, keeping: "fault.stale"}
	form := url.Values{"id": {draftID}, "region": {"440106"}, "question": {"我在这里写的"}, "rev": {"3"}, "name": {"陈"}, "type": {"other"}}
	for _, path := range []string{"/m/ask", "/m/ask/contact"} {
		holds(t, visit(t, a, "POST", path, form, "Cookie", token), 409, "另一台设备", "房东不退押金", "我在这里写的</textarea>", `name="rev" value="7"`, `href="/m/ask/drafts/`+draftID+`"`)
	}
	form.Set("do", "keep")
	holds(t, visit(t, a, "POST", "/m/ask", form, "Cookie", token), 409, "另一台设备", "我在这里写的</textarea>")
	if a.asked("POST /orders") {
		t.Error("it was asked over the other device's words")
	}
	a.drafts = nil // thrown away there: begun anew here
	form.Del("do")
	holds(t, visit(t, a, "POST", "/m/ask", form, "Cookie", token), 200, "第 3 步", `name="rev" value=""`)
	if got := strings.Count(strings.Join(a.seen, "\n"), "PUT /me/drafts/"); got < 5 {
		t.Errorf("kept %d times: %v", got, a.seen)
	}

	a.keeping = "consult.draft_sent"
	holds(t, visit(t, a, "POST", "/m/ask/contact", form, "Cookie", token), 409, "consult.draft_sent", "我在这里写的</textarea>")
	a.keeping = "consult.drafts_full"
	holds(t, visit(t, a, "POST", "/m/ask", form, "Cookie", token), 200, "第 3 步") // one goes on without
	form.Set("do", "keep")
	holds(t, visit(t, a, "POST", "/m/ask", form, "Cookie", token), 409, "consult.drafts_full", "我在这里写的</textarea>")
}

// An address that was passed on holds the ID of somebody else's order: the form gets
// another one, and what was typed stays.
func TestAnotherPersonsID(t *testing.T) {
	a := &api{order: open()}
	form := url.Values{"id": {draftID}, "region": {"440106"}, "question": {"TAKEN"}, "rev": {""}, "name": {"陈"}, "type": {"other"}}
	w := visit(t, a, "POST", "/m/ask/contact", form, "Cookie", token)
	holds(t, w, 409, "TAKEN</textarea>", `name="id" value="`)
	if strings.Contains(w.Body.String(), draftID) {
		t.Error("the form holds the ID still")
	}
}
