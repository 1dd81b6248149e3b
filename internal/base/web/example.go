package web

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
)

// illustrate gives an operation examples, made from its schemas, the same for
// the same schemas: the field's own `example` first, then its default, its first
// choice, a value of its format.
func illustrate(r huma.Registry, op *huma.Operation) {
	for _, p := range op.Parameters {
		if p.Example == nil && (p.Required || p.In == "path") {
			p.Example = sampler{r: r}.of(p.Schema, p.Name)
		}
		if p.In == "header" && p.Name == "If-Match" {
			p.Example = ETag(1)
		}
	}
	if op.RequestBody != nil {
		if m := op.RequestBody.Content["application/json"]; m != nil {
			m.Example = sampler{r: r, short: true}.of(m.Schema, "")
		}
	}
	for status, res := range op.Responses {
		if status >= "3" || res.Ref != "" {
			continue
		}
		if m := res.Content["application/json"]; m != nil && m.Schema.Format != "binary" {
			m.Example = sampler{r: r}.of(m.Schema, "")
		}
	}
}

// sampler makes an example of a schema.
type sampler struct {
	r     huma.Registry
	short bool     // only what is required or has an example of its own
	open  []string // schemas that we are in, against circles
}

// The values of formats.
var formats = map[string]string{
	"uuid": "019aab30-ac00-7000-8000-000000000001", "date-time": "2026-11-22T06:00:00Z", "date": "2026-11-22",
	"email": "name@example.org", "uri": "https://example.org/", "time": "06:00:00Z",
}

func (x sampler) of(s *huma.Schema, name string) any {
	if s == nil {
		return nil
	}
	if s.Ref != "" {
		if slices.Contains(x.open, s.Ref) {
			return nil // a circle: whoever asked leaves it out
		}
		x.open = append(slices.Clone(x.open), s.Ref)
		return x.of(x.r.SchemaFromRef(s.Ref), name)
	}
	switch {
	case len(s.Examples) > 0:
		return s.Examples[0]
	case s.Default != nil:
		return s.Default
	case len(s.Enum) > 0:
		return s.Enum[0]
	}
	switch s.Type {
	case huma.TypeObject:
		return x.object(s)
	case huma.TypeArray:
		return x.array(s, name)
	case huma.TypeBoolean:
		return true
	case huma.TypeInteger, huma.TypeNumber:
		return number(s)
	}
	return text(s, name)
}

func (x sampler) object(s *huma.Schema) map[string]any {
	out := map[string]any{}
	for name, p := range s.Properties {
		if x.short && !slices.Contains(s.Required, name) && len(p.Examples) == 0 {
			continue
		}
		if v := x.of(p, name); v != nil {
			out[name] = v
		}
	}
	if len(out) == 0 && x.short && len(s.Properties) > 0 {
		x.short = false
		return x.object(s)
	}
	if of, ok := s.AdditionalProperties.(*huma.Schema); ok {
		out["name"] = x.of(of, "value")
	}
	return out
}

func (x sampler) array(s *huma.Schema, name string) []any {
	n := 1
	if s.MinItems != nil {
		n = max(n, *s.MinItems)
	}
	out := []any{}
	if v := x.of(s.Items, strings.TrimSuffix(name, "s")); v != nil {
		for range n {
			out = append(out, v)
		}
	}
	return out
}

// number is 1, or the nearest that is allowed.
func number(s *huma.Schema) any {
	n := 1.0
	if s.Minimum != nil {
		n = max(n, *s.Minimum)
	}
	if s.Maximum != nil {
		n = min(n, *s.Maximum)
	}
	if s.Type == huma.TypeInteger {
		return int64(n)
	}
	return n
}

// text is a value of the format, else the field's name, as long as it must be.
func text(s *huma.Schema, name string) string {
	if v := formats[s.Format]; v != "" {
		return v
	}
	if s.ContentEncoding == "base64" {
		return "bWluZ2Zh"
	}
	v := strings.ReplaceAll(name, "_", " ")
	if s.Pattern != "" {
		re := regexp.MustCompile(s.Pattern)
		for _, try := range []string{name, "code", "123", "2026-11", "440000"} {
			if re.MatchString(try) {
				return try // where none fits, a test asks for an `example`
			}
		}
	}
	if s.MinLength != nil {
		for utf8.RuneCountInString(v) < *s.MinLength {
			v = strings.TrimSpace(v + " text")
		}
	}
	if s.MaxLength != nil && utf8.RuneCountInString(v) > *s.MaxLength {
		v = string([]rune(v)[:*s.MaxLength])
	}
	return v
}

// fileTypes are the types of the formats that rooms write.
var fileTypes = map[string]string{
	"csv": "text/csv", "txt": "text/plain", "json": "application/json", "pdf": "application/pdf",
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// Binary is the Responses of an operation whose answer is a file in one of these
// formats ("csv", "xlsx") and no JSON of ours.
func Binary(formats ...string) map[string]*huma.Response {
	content := map[string]*huma.MediaType{}
	for _, f := range formats {
		content[fileTypes[f]] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	}
	return map[string]*huma.Response{"200": {Description: http.StatusText(http.StatusOK), Content: content}}
}
