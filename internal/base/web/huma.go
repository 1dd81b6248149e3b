package web

import (
	"cmp"
	"context"
	"net/http"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"
	"github.com/google/uuid"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/say"
)

// huma keeps these settings for the whole process; this package is the only
// one that touches them.
func init() {
	huma.DefaultArrayNullable = false
	huma.ValidateStrictCasing = true
	huma.NewError = func(status int, _ string, errs ...error) huma.StatusError {
		return problemOf(context.Background(), status, errs)
	}
	huma.NewErrorWithContext = func(c huma.Context, status int, _ string, errs ...error) huma.StatusError {
		return problemOf(c.Context(), status, errs)
	}
	speakInKeys()
}

// speakInKeys makes the validator say a text key and at most one argument
// instead of an English sentence.
func speakInKeys() {
	for key, messages := range map[string][]*string{
		"fault.field_unknown":  {&validation.MsgUnexpectedProperty},
		"fault.field_required": {&validation.MsgExpectedDependentRequiredProperty},
		"fault.id":             {&validation.MsgExpectedRFC4122UUID},
		"fault.field_choice":   {&validation.MsgExpectedOneOf},
		"fault.field_type": {&validation.MsgExpectedBoolean, &validation.MsgExpectedNumber, &validation.MsgExpectedInteger,
			&validation.MsgExpectedString, &validation.MsgExpectedArray, &validation.MsgExpectedObject},
		"fault.field_format": {&validation.MsgExpectedRFC3339DateTime, &validation.MsgExpectedRFC1123DateTime,
			&validation.MsgExpectedRFC3339Date, &validation.MsgExpectedRFC3339Time, &validation.MsgExpectedRFC5322Email,
			&validation.MsgExpectedRFC5890Hostname, &validation.MsgExpectedRFC2673IPv4, &validation.MsgExpectedRFC2373IPv6,
			&validation.MsgExpectedRFCIPAddr, &validation.MsgExpectedRFC3986URI, &validation.MsgExpectedRFC6570URITemplate,
			&validation.MsgExpectedRFC6901JSONPointer, &validation.MsgExpectedRFC6901RelativeJSONPointer,
			&validation.MsgExpectedRegexp, &validation.MsgExpectedDuration, &validation.MsgExpectedBase64String,
			&validation.MsgExpectedBePattern, &validation.MsgExpectedMatchPattern, &validation.MsgExpectedNumberBeMultipleOf,
			&validation.MsgExpectedMatchAtLeastOneSchema, &validation.MsgExpectedMatchExactlyOneSchema,
			&validation.MsgExpectedNotMatchSchema, &validation.MsgExpectedPropertyNameInObject,
			&validation.MsgExpectedArrayItemsUnique},
	} {
		for _, m := range messages {
			*m = key
		}
	}
	validation.MsgExpectedRequiredProperty = "fault.field_required %s"
	validation.MsgExpectedMinLength = "fault.too_short %d"
	validation.MsgExpectedMaxLength = "fault.too_long %d"
	validation.MsgExpectedMinItems, validation.MsgExpectedMinProperties = "web.too_few_items %d", "web.too_few_items %d"
	validation.MsgExpectedMaxItems, validation.MsgExpectedMaxProperties = "fault.too_many_items %d", "fault.too_many_items %d"
	validation.MsgExpectedMinimumNumber, validation.MsgExpectedExclusiveMinimumNumber = "web.too_low %v", "web.too_low %v"
	validation.MsgExpectedMaximumNumber, validation.MsgExpectedExclusiveMaximumNumber = "web.too_high %v", "web.too_high %v"
}

// problemOf turns what huma has to refuse into one of ours.
func problemOf(ctx context.Context, status int, errs []error) *Problem {
	for _, err := range errs {
		if status == http.StatusInternalServerError && err != nil {
			return ProblemOf(ctx, err) // a handler's own error
		}
	}
	switch status {
	case http.StatusBadRequest:
		return ProblemOf(ctx, fault.New(fault.Malformed, "fault.malformed"))
	case http.StatusUnprocessableEntity:
		fields := problemFields(of(ctx).lang, errs)
		return ProblemOf(ctx, &refusal{status: status, key: "fault.invalid", fields: fields})
	case http.StatusUnsupportedMediaType:
		return ProblemOf(ctx, &refusal{status: status, key: "fault.media_type"})
	case http.StatusNotAcceptable:
		return ProblemOf(ctx, &refusal{status: status, key: "fault.not_acceptable"})
	}
	return ProblemOf(ctx, &refusal{status: http.StatusInternalServerError, key: "fault.internal"})
}

const maxFields = 20 // that one refusal names

func problemFields(lang string, errs []error) []ProblemField {
	var fields []ProblemField
	for _, err := range errs {
		if f, ok := fieldOf(lang, err); ok {
			fields = append(fields, f)
		}
	}
	slices.SortFunc(fields, func(a, b ProblemField) int {
		return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.Code, b.Code))
	})
	fields = slices.Compact(fields) // two unknown fields of one object look the same
	return fields[:min(len(fields), maxFields)]
}

func fieldOf(lang string, err error) (ProblemField, bool) {
	d, ok := err.(huma.ErrorDetailer)
	if !ok {
		return ProblemField{}, false
	}
	detail := d.ErrorDetail()
	key, arg, _ := strings.Cut(detail.Message, " ")
	key, _, _ = strings.Cut(key, "%") // fmt's complaint about arguments we don't want
	if !say.Has(key) {                // a message of huma's that speakInKeys doesn't know, or a parser's
		key, arg = "fault.field_format", ""
		if strings.HasPrefix(detail.Message, "required ") {
			key = "fault.field_required"
		}
	}
	place := detail.Location
	args := map[string]any{}
	switch key {
	case "fault.field_unknown":
		place = withoutLast(place, detail.Value)
	case "fault.field_required":
		if arg != "" {
			place += "." + arg
		}
	case "fault.too_short":
		args["min"] = arg
		if arg == "1" {
			key = "fault.field_required"
		}
	case "web.too_few_items", "web.too_low":
		args["min"] = arg
	case "fault.too_long", "fault.too_many_items", "web.too_high":
		args["max"] = arg
	}
	return ProblemField{Field: known(place), Code: key, Message: say.Text(lang, key, args)}, true
}

// withoutLast cuts the name of an unknown field: it was submitted, so it isn't
// shown. object is the one that holds it; the name itself may have dots.
func withoutLast(place string, object any) string {
	longest := ""
	if m, ok := object.(map[string]any); ok {
		for name := range m {
			if strings.HasSuffix(place, "."+name) && len(name) > len(longest) {
				longest = name
			}
		}
	}
	return strings.TrimSuffix(place, "."+longest)
}

var segment = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]{0,39}(\[[0-9]{1,6}\])*$`)

// known makes a field path of the wire from huma's location, and cuts it where
// a segment can be no name of ours (keys of maps are submitted).
func known(place string) string {
	parts := strings.Split(place, ".")
	switch parts[0] {
	case "body", "query", "path", "header", "cookie":
		parts = parts[1:]
	}
	for i, p := range parts {
		if !segment.MatchString(p) {
			parts = parts[:i]
			break
		}
	}
	return strings.Join(parts, ".")
}

// newAPI sets huma up: no docs page (it loads from elsewhere), no $schema, no
// schema routes.
func newAPI(s *Server) huma.API {
	c := huma.DefaultConfig(s.config.Title, s.config.Version)
	c.DocsPath, c.SchemasPath, c.OpenAPIPath = "", "", ""
	c.CreateHooks = nil
	c.Components.Schemas = newRegistry()
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: "__Host-mingfa"},
		"bearer":  {Type: "http", Scheme: "bearer"},
	}
	c.Security = []map[string][]string{{"session": {}}, {"bearer": {}}}
	c.Servers = []*huma.Server{{URL: Prefix}}
	return huma.NewAPI(c, adapter{s})
}

// idText is how an ID looks on the wire.
type idText string

// Schema is for huma.
func (idText) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: "string", Format: "uuid"}
}

// newRegistry names a schema after its room and type ("ConsultOrder"), so that two
// rooms may both have an Order. Types without a name get huma's hint, with a
// number where two share it.
func newRegistry() huma.Registry {
	taken := map[string]reflect.Type{}
	r := huma.NewMapRegistry("#/components/schemas/", func(t reflect.Type, hint string) string {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		base := huma.DefaultSchemaNamer(t, hint)
		if t.Kind() != reflect.Struct {
			return base
		}
		if room := path.Base(t.PkgPath()); t.Name() != "" && room != "web" {
			room = strings.ToUpper(room[:1]) + room[1:]
			base = room + strings.TrimPrefix(base, room)
		}
		name := base
		for n := 2; taken[name] != nil && taken[name] != t; n++ {
			name = base + strconv.Itoa(n)
		}
		taken[name] = t
		return name
	})
	r.RegisterTypeAlias(reflect.TypeFor[uuid.UUID](), reflect.TypeFor[idText]())
	return r
}
