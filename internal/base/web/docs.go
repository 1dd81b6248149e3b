package web

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"html"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/say"
)

// DocsPath is where people read about the API.
const DocsPath = Prefix + "/docs"

// docsCSP: a page with a style of its own, and nothing else.
const docsCSP = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'"

//go:embed docs.html
var docsHTML string

//go:embed docs.css
var docsCSS []byte

// docs keeps the pages, one a language, made from the document when somebody
// first asks. Nothing of a request but its language goes into them.
type docs struct {
	mu    sync.Mutex
	pages map[string]*file
	style *file
}

func (s *Server) docsPage(w http.ResponseWriter, r *http.Request) {
	f, err := s.docsOf(Language(r.Context()))
	if err != nil {
		s.Refuse(w, r, err)
		return
	}
	w.Header().Set("Vary", "Accept-Language, Accept-Encoding")
	docsHead(w)
	f.send(w, r)
}

func (s *Server) docsStyle(w http.ResponseWriter, r *http.Request) {
	s.docs.mu.Lock()
	if s.docs.style == nil {
		s.docs.style = newFile(kinds[".css"], docsCSS)
	}
	f := s.docs.style
	s.docs.mu.Unlock()
	w.Header().Set("Vary", "Accept-Encoding")
	w.Header().Del("Content-Language")
	docsHead(w)
	f.send(w, r)
}

func docsHead(w http.ResponseWriter) {
	w.Header().Set("Content-Security-Policy", docsCSP)
	w.Header().Set("Cache-Control", "no-cache")
}

func (s *Server) docsOf(lang string) (*file, error) {
	if _, err := s.OpenAPI(); err != nil { // describes the operations
		return nil, err
	}
	s.docs.mu.Lock()
	defer s.docs.mu.Unlock()
	if f := s.docs.pages[lang]; f != nil {
		return f, nil
	}
	t, err := template.New("docs").Funcs(template.FuncMap{
		"t":    func(key string) string { return say.Text(lang, "web.docs_"+key, nil) },
		"lang": func() string { return lang },
		"code": codeSpans,
	}).Parse(docsHTML)
	if err != nil {
		return nil, fmt.Errorf("read the page of the API: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, docsView(s.api.OpenAPI(), lang)); err != nil {
		return nil, fmt.Errorf("write the page of the API: %w", err)
	}
	if s.docs.pages == nil {
		s.docs.pages = map[string]*file{}
	}
	f := newFile(kinds[".html"], b.Bytes())
	s.docs.pages[lang] = f
	return f, nil
}

// codeSpans shows `code` of the introduction, everything escaped.
func codeSpans(s string) template.HTML {
	var b strings.Builder
	for i, part := range strings.Split(s, "`") {
		if i%2 == 1 {
			part = "<code>" + html.EscapeString(part) + "</code>"
		} else {
			part = html.EscapeString(part)
		}
		b.WriteString(part)
	}
	return template.HTML(b.String()) //nolint:gosec // escaped above
}

// What the page shows.
type (
	docsFrame struct {
		Lang, Name, Version string
		Languages           []docsLanguage
		Introduction        chapters
		Tags                []docsTag
		Errors              []docsError
		Schemas             []docsSchema
	}
	docsLanguage struct{ Tag, Name string }
	docsTag      struct {
		Name       string
		Operations []docsOperation
	}
	docsOperation struct {
		ID, Method, Path, Summary, Status, Curl string
		Description                             []string
		Parameters, Headers                     []docsField
		Body, Answer                            []docsMedia
		Errors                                  []string
	}
	docsField struct {
		Name, Kind, Link, Doc string
		Required              bool
	}
	docsMedia  struct{ Type, Kind, Link, Example string }
	docsSchema struct {
		Name   string
		Fields []docsField
	}
	docsError struct {
		Status  int
		Title   string
		Codes   []*Problem
		Headers []docsField
		Example string
	}
)

func docsView(doc *huma.OpenAPI, lang string) docsFrame {
	v := docsFrame{Lang: lang, Name: doc.Info.Title, Version: doc.Info.Version, Introduction: introduction,
		Languages: []docsLanguage{{say.Hans, "简体"}, {say.Hant, "繁體"}, {say.En, "English"}}}
	byTag := map[string][]docsOperation{}
	for _, op := range operations(doc) {
		byTag[op.Tags[0]] = append(byTag[op.Tags[0]], docsOp(op))
	}
	for _, tag := range slices.Sorted(maps.Keys(byTag)) {
		v.Tags = append(v.Tags, docsTag{tag, byTag[tag]})
	}
	for _, status := range slices.Sorted(maps.Keys(refused)) {
		e := docsError{Status: status, Title: say.Text(say.En, "web.status_"+strconv.Itoa(status), nil)}
		for _, err := range refused[status] {
			e.Codes = append(e.Codes, exampleProblem(err))
		}
		e.Example = pretty(e.Codes[0])
		if status == http.StatusTooManyRequests {
			e.Headers = docsHeaders(doc.Components.Headers)
		}
		v.Errors = append(v.Errors, e)
	}
	schemas := doc.Components.Schemas.Map()
	for _, name := range slices.Sorted(maps.Keys(schemas)) {
		v.Schemas = append(v.Schemas, docsSchema{name, docsFields(schemas[name])})
	}
	return v
}

func docsOp(op *huma.Operation) docsOperation {
	v := docsOperation{ID: op.OperationID, Method: op.Method, Path: op.Path, Summary: op.Summary,
		Description: strings.Split(op.Description, "\n\n"), Curl: curl(op)}
	for _, p := range op.Parameters {
		v.Parameters = append(v.Parameters, docsField{Name: p.Name, Kind: p.In + ", " + kindWords(p.Schema), Doc: cmp.Or(p.Description, p.Schema.Description), Required: p.Required})
	}
	if op.RequestBody != nil {
		v.Body = docsMedias(op.RequestBody.Content)
	}
	for _, status := range slices.Sorted(maps.Keys(op.Responses)) {
		if res := op.Responses[status]; res.Ref != "" {
			v.Errors = append(v.Errors, status)
		} else {
			v.Status, v.Answer, v.Headers = status, docsMedias(res.Content), docsHeaders(res.Headers)
		}
	}
	return v
}

func docsMedias(content map[string]*huma.MediaType) []docsMedia {
	var all []docsMedia
	for _, kind := range slices.Sorted(maps.Keys(content)) {
		m := content[kind]
		v := docsMedia{Type: kind, Kind: kindWords(m.Schema), Link: linkOf(m.Schema)}
		if m.Example != nil {
			v.Example = pretty(m.Example)
		}
		all = append(all, v)
	}
	return all
}

func docsHeaders(headers map[string]*huma.Param) []docsField {
	var all []docsField
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		all = append(all, docsField{Name: name, Kind: kindWords(headers[name].Schema), Doc: cmp.Or(headers[name].Description, headers[name].Schema.Description)})
	}
	return all
}

func docsFields(s *huma.Schema) []docsField {
	var all []docsField
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		p := s.Properties[name]
		all = append(all, docsField{Name: name, Kind: kindWords(p), Link: linkOf(p), Doc: p.Description, Required: slices.Contains(s.Required, name)})
	}
	return all
}

// linkOf is the schema that one refers to, itself or by its items; "" for none.
func linkOf(s *huma.Schema) string {
	for s != nil && s.Ref == "" && s.Type == huma.TypeArray {
		s = s.Items
	}
	if s == nil {
		return ""
	}
	return strings.TrimPrefix(s.Ref, "#/components/schemas/")
}

// kindWords says in a few words what a value may be.
func kindWords(s *huma.Schema) string {
	if s == nil {
		return ""
	}
	if s.Ref != "" {
		return linkOf(s)
	}
	words := s.Type
	if s.Type == huma.TypeArray {
		words = "list of " + kindWords(s.Items)
	}
	if of, ok := s.AdditionalProperties.(*huma.Schema); ok {
		words = "map to " + kindWords(of)
	}
	if s.Format != "" && s.Format != "int64" && s.Format != "double" {
		words += " (" + s.Format + ")"
	}
	if len(s.Enum) > 0 {
		var choices []string
		for _, e := range s.Enum {
			choices = append(choices, fmt.Sprint(e))
		}
		words += ": " + strings.Join(choices, " | ")
	}
	limit := func(name string, n *int) {
		if n != nil {
			words += fmt.Sprintf(", %s %d", name, *n)
		}
	}
	limit("min length", s.MinLength)
	limit("max length", s.MaxLength)
	limit("min items", s.MinItems)
	limit("max items", s.MaxItems)
	if s.Minimum != nil {
		words += fmt.Sprintf(", at least %v", *s.Minimum)
	}
	if s.Maximum != nil {
		words += fmt.Sprintf(", at most %v", *s.Maximum)
	}
	if s.Pattern != "" {
		words += ", " + s.Pattern
	}
	if s.Default != nil {
		words += fmt.Sprintf(", default %v", s.Default)
	}
	return words
}

func pretty(v any) string { return encode(v, "  ") }

// encode writes an example as JSON that people read.
func encode(v any, indent string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	if err := e.Encode(v); err != nil {
		return ""
	}
	return strings.TrimSpace(b.String())
}

// curl is a call of the operation for a POSIX shell, with $BASE and $TOKEN.
func curl(op *huma.Operation) string {
	path, query := op.Path, url.Values{}
	var lines []string
	for _, p := range op.Parameters {
		value := fmt.Sprint(p.Example)
		switch {
		case p.In == "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(value))
		case p.In == "query" && p.Required:
			query.Set(p.Name, value)
		case p.In == "header" && p.Example != nil:
			lines = append(lines, "-H "+quoted(p.Name+": "+value))
		}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	if !isPublic(op) {
		lines = append(lines, `-H "Authorization: Bearer $TOKEN"`)
	}
	if op.RequestBody != nil {
		if m := op.RequestBody.Content["application/json"]; m != nil {
			lines = append(lines, "-H 'Content-Type: application/json'", "-d "+quoted(encode(m.Example, "")))
		} else {
			lines = append(lines, "-H 'Content-Type: application/octet-stream'", "--data-binary @FILE")
		}
	}
	call := `curl -X ` + op.Method + ` "$BASE` + Prefix + path + `"`
	return strings.Join(append([]string{call}, lines...), " \\\n  ")
}

// quoted is s as one word of a POSIX shell.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
