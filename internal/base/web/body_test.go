package web_test

import (
	"io"
	"net/http/httptest"
	"strings"
	"testing"

	"mingfa/internal/base/web"
)

func TestBadInput(t *testing.T) {
	with := func(s string) string { return strings.Replace(goodThing, `"name":"a"`, s, 1) }
	for _, c := range []struct {
		name, body string
		status     int
		field      string
		code       string
	}{
		{"good", goodThing, 201, "", ""},
		{"unknown field", with(`"name":"a","` + canary + `":1`), 422, "", "fault.field_unknown"},
		{"unknown field with dots", with(`"name":"a","x.y":1`), 422, "", "fault.field_unknown"},
		{"unknown nested", strings.Replace(goodThing, `"123"`, `"123","fax":"`+canary+`"`, 1), 422, "contact", "fault.field_unknown"},
		{"other case of a field", with(`"Name":"a"`), 422, "", "fault.field_unknown"},
		{"missing", with(`"count":1`), 422, "name", "fault.field_required"},
		{"empty", with(`"name":""`), 422, "name", "fault.field_required"},
		{"too long", with(`"name":"` + canary + canary + `"`), 422, "name", "fault.too_long"},
		{"pattern", strings.Replace(goodThing, `"123"`, `"`+canary+`"`, 1), 422, "contact.phone", "fault.field_format"},
		{"choice", with(`"name":"a","level":"` + canary + `"`), 422, "level", "fault.field_choice"},
		{"mail", with(`"name":"a","mail":"` + canary + `"`), 422, "mail", "fault.field_format"},
		{"type", with(`"name":` + canary), 422, "name", "fault.field_type"},
		{"high", with(`"name":"a","count":` + canary), 422, "count", "web.too_high"},
		{"beyond int", with(`"name":"a","count":1e400`), 400, "", "fault.malformed"},
		{"fraction", with(`"name":"a","count":1.5`), 422, "count", "fault.field_type"},
		{"id", strings.Replace(goodThing, "018f2b6e-0000", canary, 1), 422, "id", "fault.id"},
		{"items", with(`"name":"a","words":["` + canary + `","","",""]`), 422, "words", "fault.too_many_items"},
		{"null list", with(`"name":"a","words":[null]`), 422, "words[0]", "fault.field_type"},
		{"array for object", `["` + canary + `"]`, 422, "", "fault.field_type"},
		{"null", `null`, 422, "", "fault.field_type"},
		{"nothing", ``, 400, "", "fault.malformed"},
		{"broken", goodThing[:len(goodThing)-1] + canary, 400, "", "fault.malformed"},
		{"two documents", goodThing + goodThing, 400, "", "fault.malformed"},
		{"repeated", with(`"name":"a","name":"` + canary + `"`), 400, "", "web.repeated_field"},
		{"repeated in disguise", with(`"name":"a","n\u0061me":"b"`), 400, "", "web.repeated_field"},
		{"deep", strings.Repeat("[", 100) + strings.Repeat("]", 100), 400, "", "web.too_deep"},
		{"very deep", strings.Repeat("[", 60_000), 400, "", "fault.malformed"},
		{"broken UTF-8", with("\"name\":\"\xff\""), 400, "", "fault.text_refused"},
		{"escaped NUL", with(`"name":"\u0000"`), 400, "", "fault.text_refused"},
		{"raw NUL", with("\"name\":\"\x00\""), 400, "", "fault.malformed"},
		{"lone high surrogate", with(`"name":"\ud83d"`), 400, "", "fault.text_refused"},
		{"lone low surrogate", with(`"name":"\ude00"`), 400, "", "fault.text_refused"},
		{"high then high", with(`"name":"\ud83d\ud83d"`), 400, "", "fault.text_refused"},
		{"pair", with(`"name":"\ud83d\ude00"`), 201, "", ""},
		{"backslashes", with(`"name":"\\u0000\\"`), 201, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t, web.Config{})
			w := h.do(t, "POST", "/api/v1/things", c.body, "Content-Type", "application/json")
			if w.Code != c.status {
				t.Fatalf("status %d, want %d: %s", w.Code, c.status, w.Body)
			}
			if c.status == 201 {
				return
			}
			p := problem(t, w)
			if strings.Contains(h.log.String(), canary) {
				t.Errorf("the log has what was submitted: %s", h.log)
			}
			if c.status != 422 {
				if p.Code != c.code {
					t.Errorf("code %s, want %s", p.Code, c.code)
				}
				return
			}
			for _, e := range p.Errors {
				if e.Field == c.field && e.Code == c.code && e.Message != "" {
					return
				}
			}
			t.Errorf("no %s at %q in %+v", c.code, c.field, p.Errors)
		})
	}
}

func TestContentType(t *testing.T) {
	h := newHouse(t, web.Config{})
	for kind, want := range map[string]int{
		"application/json": 201, "application/json; charset=utf-8": 201, "Application/JSON; charset=UTF-8": 201,
		"text/plain": 415, "application/x-www-form-urlencoded": 415, "multipart/form-data; boundary=x": 415,
		"application/json; charset=gbk": 415, "application/vnd.api+json": 415, "": 415, "nonsense;;": 415,
	} {
		if w := h.do(t, "POST", "/api/v1/things", goodThing, "Content-Type", kind); w.Code != want {
			t.Errorf("%q: %d, want %d", kind, w.Code, want)
		} else if want == 415 {
			problem(t, w)
		}
	}
	if w := h.do(t, "POST", "/api/v1/things", goodThing, "Content-Encoding", "gzip"); w.Code != 415 {
		t.Errorf("packed body: %d", w.Code)
	}
}

func TestBodyLimit(t *testing.T) {
	h := newHouse(t, web.Config{Body: 1000})
	pad := func(n int) string { return goodThing + strings.Repeat(" ", n-len(goodThing)) }
	for _, c := range []struct {
		path string
		size int
		want int
	}{{"things", 1000, 201}, {"things", 1001, 413}, {"large", 5000, 200}, {"large", 1<<20 + 1, 413}} {
		if w := h.do(t, "POST", "/api/v1/"+c.path, pad(c.size)); w.Code != c.want {
			t.Errorf("%s with %d bytes: %d, want %d", c.path, c.size, w.Code, c.want)
		} else if c.want == 413 {
			problem(t, w)
		}
	}
	r := httptest.NewRequest("POST", "/api/v1/things", io.MultiReader(strings.NewReader(pad(5000)))) // no Content-Length
	r.ContentLength = -1
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.Handler().ServeHTTP(w, r)
	if w.Code != 413 {
		t.Errorf("chunked: %d", w.Code)
	}
}
