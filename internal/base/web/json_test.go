package web

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"mingfa/internal/base/fault"
)

// What passes the JSON door decodes to what was written, and no deeper than said.
func FuzzJSONDoor(f *testing.F) {
	for _, s := range []string{`{}`, `{"a":[1,{"b":"\ud83d\ude00"}]}`, `"\u0000"`, `{"a":1,"\u0061":2}`, `[[[[`, "\"\xff\"", `"\\u0000"`,
		strings.Repeat(`{"a":`, 40) + `1` + strings.Repeat(`}`, 40), `{"":{"":{}}}`, `[{},{}]`, `"\"`, `{"a\"":1,"a\\":2}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		err := checkJSON(b)
		if err != nil {
			if !fault.Is(err, fault.Malformed) {
				t.Fatalf("refused as %v", err)
			}
			return
		}
		var v any
		if err := json.Unmarshal(b, &v); err != nil && json.Valid(b) {
			if !strings.Contains(err.Error(), "cannot unmarshal number") { // 1e400 is huma's to refuse
				t.Fatal(err)
			}
			return
		}
		look(t, v, 0)
	})
}

func look(t *testing.T, v any, depth int) {
	if depth > maxDepth {
		t.Fatalf("deeper than %d", maxDepth)
	}
	switch v := v.(type) {
	case string:
		if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
			t.Fatalf("%q got in", v)
		}
	case []any:
		for _, x := range v {
			look(t, x, depth+1)
		}
	case map[string]any:
		for k, x := range v {
			look(t, k, depth)
			look(t, x, depth+1)
		}
	}
}
