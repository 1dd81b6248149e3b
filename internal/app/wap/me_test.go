package wap_test

import (
	"net/url"
	"strings"
	"testing"
)

// asked gives the requests of the API that change something.
func (a *api) changes() (out []string) {
	for _, line := range a.seen {
		if strings.HasPrefix(line, "PATCH") {
			out = append(out, line)
		}
	}
	a.seen = nil
	return out
}

// A person sees, tells, changes and takes away what he wants, and only what he changed
// is sent; a province first, then a city of it.
//
// req: BB.20101, BB.20102, BB.20104, BB.20105, BB.20106
func TestMyDetails(t *testing.T) {
	a := &api{order: open(), told: map[string]string{"20104": "a@example.com", "20105": "440100", "20106": "一号\n二楼 <b>"}}
	goesTo(t, visit(t, a, "GET", "/m/me", nil), "/m/sign-in?next=%2Fm%2Fme")
	holds(t, visit(t, a, "GET", "/m/orders", nil, "Cookie", token), 200, `href="/m/me"`)
	holds(t, visit(t, a, "GET", "/m/me", nil, "Cookie", token), 200, "我的资料", `id="name" name="name" autocomplete="name" value="王女士"`, "<label for=\"e20104\">邮箱</label>",
		`inputmode="email" autocomplete="email" value="a@example.com" aria-describedby="e20104-hint"`, `<option value="440000" selected>`, `<option value="440100" selected>广州市`,
		"一号\n二楼 &lt;b&gt;</textarea>", "不填时由系统生成")
	a.changes()
	same := url.Values{"name": {"王女士"}, "e20102": {""}, "e20104": {"a@example.com"}, "e20105": {"440000"}, "e20105-city": {"440100"}, "e20106": {"一号\r\n二楼 <b>"}}
	goesTo(t, visit(t, a, "POST", "/m/me", same, "Cookie", token), "/m/me?saved=1")
	if got := a.changes(); len(got) != 0 {
		t.Errorf("nothing was changed, and yet %q", got)
	}
	holds(t, visit(t, a, "GET", "/m/me?saved=1", nil, "Cookie", token), 200, "已保存", `role="status"`)
	for _, c := range []struct {
		set  [2]string
		want string
	}{
		{[2]string{"name", "李先生"}, `PATCH /me {"name":"李先生"}`},
		{[2]string{"e20104", ""}, `PATCH /me/elements {"values":{"20104":""}}`},
		{[2]string{"e20105", "110000"}, `PATCH /me/elements {"values":{"20105":"110000"}}`}, // the city is another province's
		{[2]string{"e20105-city", ""}, `PATCH /me/elements {"values":{"20105":"440000"}}`},
		{[2]string{"e20105", ""}, `PATCH /me/elements {"values":{"20105":""}}`},
		{[2]string{"e20106", "三号"}, `PATCH /me/elements {"values":{"20106":"三号"}}`},
	} {
		form := url.Values{}
		for k, v := range same {
			form[k] = v
		}
		form.Set(c.set[0], c.set[1])
		goesTo(t, visit(t, a, "POST", "/m/me", form, "Cookie", token), "/m/me?saved=1")
		if got := strings.Join(a.changes(), "|"); got != c.want {
			t.Errorf("%s=%s sends %s, not %s", c.set[0], c.set[1], got, c.want)
		}
	}
	a.told["20105"] = "440999" // of an import, in no list: shown, and kept
	holds(t, visit(t, a, "GET", "/m/me", nil, "Cookie", token), 200, `<option value="440999" selected>`)
}

// What was refused stands as it was typed, with words at its field; the rest is kept.
func TestRefusedDetails(t *testing.T) {
	a := &api{order: open(), told: map[string]string{"20105": "440100"}}
	form := url.Values{"name": {" "}, "e20102": {"w<1>"}, "e20104": {"BAD<x>"}, "e20105": {"440000"}, "e20105-city": {"440100"}, "e20106": {"新地址"}}
	w := visit(t, a, "POST", "/m/me", form, "Cookie", token)
	holds(t, w, 422, "不能是空的", "邮箱不对", `id="name-error"`, `id="e20104-error"`, `value="BAD&lt;x&gt;" aria-invalid="true" aria-describedby="e20104-hint e20104-error"`,
		`value="w&lt;1&gt;"`, "新地址</textarea>", `<option value="440100" selected>`, `role="alert"`)
	if strings.Contains(w.Body.String(), "已保存") {
		t.Error("it says that it was saved")
	}
	goesTo(t, visit(t, a, "POST", "/m/me", form), "/m/sign-in?next=%2Fm%2Fme")
	a.table = "lawyers"
	holds(t, visit(t, a, "GET", "/m/me", nil, "Cookie", token), 404)
}

// A form on each page changes the language, also of messages, and leads back; a
// stranger's choice is his browser's alone.
func TestLanguageOfMessages(t *testing.T) {
	a := &api{order: open()}
	holds(t, visit(t, a, "GET", "/m/orders/o1?sent=1", nil, "Cookie", token), 200, `action="/m/lang/en"`, `name="next" value="/m/orders/o1?sent=1"`)
	a.changes()
	goesTo(t, visit(t, a, "POST", "/m/lang/en", url.Values{"next": {"/m/orders/o1"}}, "Cookie", token), "/m/orders/o1")
	if got := strings.Join(a.changes(), "|"); got != `PATCH /me {"language":"en"}` {
		t.Error(got)
	}
	goesTo(t, visit(t, a, "POST", "/m/lang/en", url.Values{"next": {"//evil.example"}}), "/m/")
	goesTo(t, visit(t, a, "GET", "/m/lang/en", nil, "Cookie", token), "/m/") // a link of another site changes no messages
	goesTo(t, visit(t, a, "POST", "/m/lang/fr", nil, "Cookie", token), "/m/")
	if got := a.changes(); len(got) != 0 {
		t.Error(got)
	}
}

// The API counts to 1,000 and no further.
func TestManyUnread(t *testing.T) {
	for n, want := range map[int]string{0: "通知</a>", 1: "通知 (1)</a>", 999: "通知 (999)</a>", 1000: "通知 (999&#43;)</a>"} {
		a := &api{order: open(), me: map[string]any{"unread": n}}
		holds(t, visit(t, a, "GET", "/m/", nil, "Cookie", token), 200, want)
	}
}
