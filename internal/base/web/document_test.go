package web_test

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/say"
	"mingfa/internal/base/web"
)

// req: B8.3.1c
func TestEveryRefusalIsNamed(t *testing.T) {
	h := newHouse(t, web.Config{})
	web.Register(h.Server, huma.Operation{Method: "POST", Path: "/orders/{id}/x", Errors: []int{http.StatusTeapot}},
		func(context.Context, *oneIn) (*struct{}, error) { return nil, nil })
	if _, err := h.OpenAPI(); err != nil {
		t.Fatal(err)
	}
	doc := h.API().OpenAPI()
	for path, want := range map[string]string{
		"POST /things":        "201 400 403 408 413 415 422 429 500 503",
		"GET /things/{id}":    "200 400 404 422 429 500 503",
		"GET /me":             "200 401 404 429 500 503",
		"POST /orders/{id}/x": "204 400 401 403 404 409 418 422 429 500 503",
	} {
		method, p, _ := strings.Cut(path, " ")
		op := map[string]*huma.Operation{"GET": doc.Paths[p].Get, "POST": doc.Paths[p].Post}[method]
		if op == nil {
			t.Fatalf("no %s", path)
		}
		got := strings.Join(slices.Sorted(maps.Keys(op.Responses)), " ")
		if got != want || strings.Contains(got, "default") {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
		for status, res := range op.Responses {
			if status >= "400" && status != "418" && doc.Components.Responses[strings.TrimPrefix(res.Ref, "#/components/responses/")] == nil {
				t.Errorf("%s %s refers to %q", path, status, res.Ref)
			}
		}
	}
}

// What the examples say is what a reader gets.
func TestProblemsOfTheDocumentAreReal(t *testing.T) {
	h := newHouse(t, web.Config{})
	if _, err := h.OpenAPI(); err != nil {
		t.Fatal(err)
	}
	n := 0
	for name, res := range h.API().OpenAPI().Components.Responses {
		for code, e := range res.Content["application/problem+json"].Examples {
			p := e.Value.(*web.Problem)
			n++
			if !say.Has(code) || p.Code != code || strings.ReplaceAll(http.StatusText(p.Status), " ", "") != name || p.Title == "" ||
				p.Detail == "" || strings.Contains(p.Detail, "{") || p.Type != "urn:mingfa:problem:"+code {
				t.Errorf("%s: %+v", name, p)
			}
		}
	}
	if n < 12 {
		t.Errorf("only %d", n)
	}
	w := h.do(t, "POST", "/api/v1/things", "{", "Content-Type", "application/json", "Accept-Language", "en")
	real, example := problem(t, w), h.API().OpenAPI().Components.Responses["BadRequest"].Content["application/problem+json"].Examples["fault.malformed"].Value.(*web.Problem)
	if real.Detail != example.Detail || real.Title != example.Title || real.Status != example.Status {
		t.Errorf("%+v is shown as %+v", real, example)
	}
	a, _ := h.OpenAPI()
	var doc struct {
		Components struct {
			Responses map[string]struct{ Headers map[string]any }
		}
	}
	if err := json.Unmarshal(a, &doc); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"} {
		if doc.Components.Responses["TooManyRequests"].Headers[name] == nil {
			t.Errorf("429 lacks %s", name)
		}
	}
}

// Each kind of fault becomes a status that the document names.
func TestOutcomesAreNamed(t *testing.T) {
	h := newHouse(t, web.Config{})
	if _, err := h.OpenAPI(); err != nil {
		t.Fatal(err)
	}
	op := h.API().OpenAPI().Paths["/outcomes/{name}"].Get
	for name := range outcomes {
		w := h.do(t, "GET", "/api/v1/outcomes/"+strings.ReplaceAll(name, " ", "%20"), "", "Authorization", "Bearer good")
		if w.Code == 401 || w.Code == 409 || w.Code == 413 { // a public one that reads gives none of these
			continue
		}
		if op.Responses[strconv.Itoa(w.Code)] == nil {
			t.Errorf("%s: %d isn't named", name, w.Code)
		}
	}
}

func TestExamples(t *testing.T) {
	h := newHouse(t, web.Config{})
	if _, err := h.OpenAPI(); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(h.API().OpenAPI().Paths["/things"].Post.RequestBody.Content["application/json"].Example)
	if err != nil {
		t.Fatal(err)
	}
	if w := h.do(t, "POST", "/api/v1/things", string(b), "Content-Type", "application/json"); w.Code != 201 {
		t.Errorf("the example %s is refused: %d %s", b, w.Code, w.Body)
	}
}

func docsOf(t *testing.T, h *house, target string, headers ...string) (string, http.Header) {
	t.Helper()
	w := h.do(t, "GET", target, "", headers...)
	if w.Code != 200 {
		t.Fatalf("%s: %d", target, w.Code)
	}
	return w.Body.String(), w.Header()
}

func TestDocsPage(t *testing.T) {
	h := newHouse(t, web.Config{})
	page, head := docsOf(t, h, web.DocsPath)
	if csp := head.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'; style-src 'self';") || strings.Contains(csp, "unsafe") {
		t.Errorf("policy: %s", csp)
	}
	for _, bad := range []string{"<script", "style=", "onclick", "http://localhost:8080/", "//unpkg", "ZgotmplZ", "%!"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %s", bad)
		}
	}
	titles := map[string]string{"zh-Hans": "接口文档", "zh-Hant-HK": "介面文件", "en": "API documentation"}
	for lang, title := range titles {
		page, head := docsOf(t, h, web.DocsPath, "Accept-Language", lang)
		if !strings.Contains(page, `<html lang="`+lang+`">`) || !strings.Contains(page, "<h1>"+title+"</h1>") || head.Get("Content-Language") != lang {
			t.Errorf("%s: %.300s", lang, page)
		}
	}
	if len(say.Gaps()) > 0 {
		t.Errorf("texts that are missing: %v", say.Gaps())
	}
	packed := h.do(t, "GET", web.DocsPath, "", "Accept-Encoding", "gzip")
	if packed.Header().Get("Content-Encoding") != "gzip" || packed.Body.Len() >= len(page)/2 {
		t.Errorf("not packed: %d of %d", packed.Body.Len(), len(page))
	}
	if w := h.do(t, "GET", web.DocsPath, "", "If-None-Match", head.Get("ETag")); w.Code != 304 {
		t.Errorf("again: %d", w.Code)
	}
	if w := h.do(t, "GET", web.DocsPath+"/style.css", ""); w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/css") {
		t.Errorf("style: %d", w.Code)
	}
}

// Nothing of a request gets into the page, and what stands in the document is escaped.
func TestDocsPageIsTheSameForAll(t *testing.T) {
	h := newHouse(t, web.Config{})
	web.Register(h.Server, huma.Operation{Method: "GET", Path: "/odd", Summary: `<img src=x onerror="alert(1)">`, Security: web.Public()},
		func(context.Context, *nothing) (*struct{}, error) { return nil, nil })
	plain, _ := docsOf(t, h, web.DocsPath, "Accept-Language", "en")
	if strings.Contains(plain, "<img") || !strings.Contains(plain, "&lt;img src=x onerror=&#34;alert(1)&#34;&gt;") {
		t.Error("a summary isn't escaped")
	}
	odd, _ := docsOf(t, h, web.DocsPath+"?lang=en&q=%3Cscript%3E"+canary, "Host", canary+".example", "Cookie", "a="+canary, "Referer", canary, "User-Agent", canary)
	if odd != plain {
		t.Error("two readers of one language get two pages")
	}
}
