package app

import (
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/web"
	"mingfa/internal/core/access"
)

var promise = flag.Bool("promise", false, "add what is new in the API to testdata/promised.txt")

// described is a house that nobody serves, and its document.
func described(t *testing.T) (*house, []byte) {
	t.Helper()
	c := config{Data: t.TempDir(), Checkpoints: "-"}
	if err := c.defaults(); err != nil {
		t.Fatal(err)
	}
	h, err := open(t.Context(), c, options{log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.close() }) //nolint:errcheck // a temporary house
	b, err := h.web.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	return h, b
}

func eachOperation(doc *huma.OpenAPI, fn func(name string, op *huma.Operation)) {
	for path, p := range doc.Paths {
		for _, op := range []*huma.Operation{p.Get, p.Post, p.Put, p.Patch, p.Delete} {
			if op != nil {
				fn(op.Method+" "+path, op)
			}
		}
	}
}

// The file that clients are generated from is what the program says, and all it
// says is true of itself.
//
// req: B8.3.1b, B8.3.1c
func TestDocument(t *testing.T) {
	h, now := described(t)
	kept, err := os.ReadFile("../../docs/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if string(kept) != string(now) {
		t.Error("docs/openapi.json is old: run make openapi")
	}
	doc := h.web.API().OpenAPI()
	t.Run("examples", func(t *testing.T) { examplesHold(t, doc) })
	t.Run("page", func(t *testing.T) { pageHasAll(t, h, doc) })
	t.Run("introduction", func(t *testing.T) { introductionHolds(t, doc) })
	t.Run("promises", func(t *testing.T) { promisesHold(t, now) })
}

// examplesHold validates each example as a request would be.
func examplesHold(t *testing.T, doc *huma.OpenAPI) {
	n := 0
	check := func(name string, s *huma.Schema, example any) {
		b, err := json.Marshal(example)
		if err != nil {
			t.Fatal(err)
		}
		var v any
		if err := json.Unmarshal(b, &v); err != nil {
			t.Fatal(err)
		}
		res := &huma.ValidateResult{}
		huma.Validate(doc.Components.Schemas, s, huma.NewPathBuffer([]byte(""), 0), huma.ModeWriteToServer, v, res)
		for _, err := range res.Errors {
			t.Errorf("%s: %s breaks %v; give the field an example of its own", name, b, err)
		}
		n++
	}
	eachOperation(doc, func(name string, op *huma.Operation) {
		if op.RequestBody != nil {
			m := op.RequestBody.Content["application/json"]
			switch {
			case m == nil: // a file
			case m.Example == nil:
				t.Errorf("%s: no example of the body", name)
			default:
				check(name, m.Schema, m.Example)
			}
		}
		for _, p := range op.Parameters {
			if p.Example != nil {
				check(name+" "+p.Name, p.Schema, p.Example)
			} else if p.Required {
				t.Errorf("%s: no example of %s", name, p.Name)
			}
		}
		for status, res := range op.Responses {
			if m := res.Content["application/json"]; m != nil && m.Schema.Format != "binary" {
				if m.Schema.ContentEncoding != "" {
					t.Errorf("%s: a file isn't JSON: Responses: web.Binary(...)", name)
				}
				if m.Example == nil {
					t.Errorf("%s %s: no example of the answer", name, status)
				}
				check(name+" "+status, m.Schema, m.Example)
			}
		}
	})
	for name, res := range doc.Components.Responses {
		for code, e := range res.Content["application/problem+json"].Examples {
			check(name+" "+code, doc.Components.Schemas.Map()["Problem"], e.Value)
		}
	}
	if n < 150 {
		t.Errorf("only %d examples were looked at", n)
	}
}

// pageHasAll looks for each operation with its errors on the page for people.
func pageHasAll(t *testing.T, h *house, doc *huma.OpenAPI) {
	w := httptest.NewRecorder()
	h.web.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, web.DocsPath+"?lang=en", nil))
	page := w.Body.String()
	eachOperation(doc, func(name string, op *huma.Operation) {
		_, after, ok := strings.Cut(page, `<article class="operation" id="`+op.OperationID+`"`)
		block, _, closed := strings.Cut(after, "</article>")
		if !ok || !closed {
			t.Errorf("%s isn't on the page", name)
			return
		}
		wanted := []string{`<span class="verb">` + op.Method + `</span> ` + op.Path + `</code>`, "curl -X " + op.Method}
		for status := range op.Responses {
			if status >= "400" {
				wanted = append(wanted, `href="#error-`+status+`"`)
			}
		}
		for _, want := range wanted {
			if !strings.Contains(block, want) {
				t.Errorf("%s lacks %s", name, want)
			}
		}
		if !strings.Contains(page, `href="#`+op.OperationID+`"`) {
			t.Errorf("%s isn't in the contents", name)
		}
	})
	for _, link := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if !strings.Contains(page, `id="`+link[1]+`"`) {
			t.Errorf("a link to #%s leads nowhere", link[1])
		}
	}
}

// introductionHolds finds each operation that the introduction names, and each
// scope that an operation names.
func introductionHolds(t *testing.T, doc *huma.OpenAPI) {
	have, scopes := map[string]bool{}, map[string]bool{}
	eachOperation(doc, func(name string, op *huma.Operation) {
		have[name] = true
		list, _ := op.Extensions["x-scopes"].([]string)
		for _, s := range list {
			scopes[s] = true
			if !strings.Contains(op.Description, s) {
				t.Errorf("%s doesn't tell of %s", name, s)
			}
		}
	})
	named := regexp.MustCompile("`((?:GET|POST|PUT|PATCH|DELETE) [^`]+)`").FindAllStringSubmatch(doc.Info.Description, -1)
	for _, m := range named {
		if !have[m[1]] {
			t.Errorf("the introduction names %s, which isn't there", m[1])
		}
	}
	if got := slices.Sorted(maps.Keys(scopes)); len(named) == 0 || !slices.Equal(got, access.Scopes()) {
		t.Errorf("operations name the scopes %v, tokens have %v", got, access.Scopes())
	}
}

// promisesHold keeps the API additive: each line of promised.txt holds still, and
// nothing new is demanded of who calls. A line that goes is a broken promise: take
// it out of the file by hand, in a commit that says why.
func promisesHold(t *testing.T, document []byte) {
	const name = "testdata/promised.txt"
	now, err := promises(document)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(name)
	if err != nil && !*promise {
		t.Fatal(err)
	}
	kept := strings.Split(strings.TrimSpace(string(b)), "\n")
	for _, p := range broken(kept, now) {
		t.Error(p)
	}
	if *promise && !t.Failed() {
		if err := os.WriteFile(name, []byte(strings.Join(now, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !*promise && !t.Failed() && !slices.Equal(kept, now) {
		t.Error("the API has something new: go test ./internal/app -run TestDocument -promise")
	}
}

// broken compares what was promised with what holds now.
func broken(kept, now []string) []string {
	var bad []string
	known := map[string]bool{}
	for _, line := range kept {
		f := strings.Fields(line)
		if len(f) < 2 {
			continue
		}
		known[f[1]] = true
		if f[0] != "needs" && !slices.Contains(now, line) {
			bad = append(bad, "was promised and is gone: "+line)
		}
	}
	for _, line := range now {
		if f := strings.Fields(line); f[0] == "needs" && known[f[1]] && !slices.Contains(kept, line) {
			bad = append(bad, "is newly required of callers: "+line)
		}
	}
	return bad
}

// promises are the lines that callers build upon, in order:
//
//	operation ID METHOD PATH      takes ID place NAME TYPE    body ID SCHEMA
//	answer ID STATUS TYPE SCHEMA  field SCHEMA NAME TYPE      needs SCHEMA|ID NAME
func promises(document []byte) ([]string, error) {
	type schema struct {
		Ref        string `json:"$ref"`
		Type       string
		Items      *schema
		Properties map[string]*schema
		Required   []string
	}
	type media map[string]struct{ Schema *schema }
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string
			Parameters  []struct {
				Name, In string
				Required bool
				Schema   *schema
			}
			RequestBody *struct{ Content media }
			Responses   map[string]struct{ Content media }
		}
		Components struct{ Schemas map[string]*schema }
	}
	if err := json.Unmarshal(document, &doc); err != nil {
		return nil, err
	}
	var kind func(s *schema) string
	kind = func(s *schema) string {
		switch {
		case s == nil:
			return "any"
		case s.Ref != "":
			return s.Ref[strings.LastIndex(s.Ref, "/")+1:]
		case s.Type == "array":
			return "[]" + kind(s.Items)
		}
		return s.Type
	}
	var lines []string
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	for path, methods := range doc.Paths {
		for method, op := range methods {
			add("operation %s %s %s", op.OperationID, strings.ToUpper(method), path)
			for _, p := range op.Parameters {
				add("takes %s %s %s %s", op.OperationID, p.In, p.Name, kind(p.Schema))
				if p.Required {
					add("needs %s %s", op.OperationID, p.Name)
				}
			}
			if op.RequestBody != nil {
				for _, m := range op.RequestBody.Content {
					add("body %s %s", op.OperationID, kind(m.Schema))
				}
			}
			for status, res := range op.Responses {
				for t, m := range res.Content {
					if status < "3" {
						add("answer %s %s %s %s", op.OperationID, status, t, kind(m.Schema))
					}
				}
			}
		}
	}
	for name, s := range doc.Components.Schemas {
		for field, p := range s.Properties {
			add("field %s %s %s", name, field, kind(p))
		}
	}
	for name := range bodies(lines) {
		if s := doc.Components.Schemas[name]; s != nil {
			for _, field := range s.Required {
				add("needs %s %s", name, field)
			}
		}
	}
	slices.Sort(lines)
	return slices.Compact(lines), nil
}

// bodies are the schemas that callers send, with those inside them.
func bodies(lines []string) map[string]bool {
	sent := map[string]bool{}
	for grew := true; grew; {
		grew = false
		for _, line := range lines {
			f := strings.Fields(line)
			name := strings.TrimLeft(f[len(f)-1], "[]")
			if (f[0] == "body" || f[0] == "field" && sent[f[1]]) && !sent[name] {
				sent[name], grew = true, true
			}
		}
	}
	return sent
}

// The check itself finds what breaks a caller, and lets pass what doesn't.
func TestPromisesAreChecked(t *testing.T) {
	kept := []string{"field Ask region string", "needs Ask region", "operation post-orders POST /orders"}
	for name, c := range map[string]struct {
		now  []string
		want int
	}{
		"the same":           {kept, 0},
		"a new field":        {append(slices.Clone(kept), "field Ask note string"), 0},
		"a new operation":    {append(slices.Clone(kept), "operation get-x GET /x", "needs get-x q"), 0},
		"no more required":   {[]string{kept[0], kept[2]}, 0},
		"an operation gone":  {kept[:2], 1},
		"a field gone":       {kept[1:], 1},
		"of another type":    {[]string{"field Ask region integer", kept[1], kept[2]}, 1},
		"now required":       {append(slices.Clone(kept), "field Ask note string", "needs Ask note"), 1},
		"an operation moved": {[]string{kept[0], kept[1], "operation post-orders PUT /orders"}, 1},
	} {
		if got := broken(kept, c.now); len(got) != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
