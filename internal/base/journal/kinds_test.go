package journal

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
)

// The kinds of this package itself, and the bad examples of its tests.
func TestProblems(t *testing.T) {
	var ours []string
	for _, p := range Problems() {
		if !strings.Contains(p, "test.") {
			ours = append(ours, p)
		}
	}
	if len(ours) > 0 {
		t.Error(strings.Join(ours, "\n"))
	}
	for _, want := range []string{"kind test.said has no sentence fact.test.said", "kind test.nobody has no read permission", "test.nobody.Name could hold"} {
		if !slices.ContainsFunc(Problems(), func(p string) bool { return strings.Contains(p, want) }) {
			t.Errorf("not found: %s", want)
		}
	}
}

type nobody struct{ Name string }

func (nobody) Kind() string { return "test.nobody" }

func init() { Register("", func() Event { return nobody{} }) }

type level int

func TestPersonalFieldsAreFound(t *testing.T) {
	type good struct {
		A id.ID
		B []id.ID
		C role
		D level
		E float64
		F time.Time
		G db.Time
		H map[role]int
		I *struct{ J bool }
		K [2]uint8
	}
	if bad := personal(reflect.TypeOf(good{}), "k"); len(bad) > 0 {
		t.Errorf("refused: %v", bad)
	}
	for what, bad := range map[string]any{
		"string":     struct{ Name string }{},
		"inside":     struct{ A struct{ Name string } }{},
		"pointer":    struct{ A *string }{},
		"slice":      struct{ A []string }{},
		"map value":  struct{ A map[role]string }{},
		"map key":    struct{ A map[string]int }{},
		"any":        struct{ A any }{},
		"unexported": struct{ name string }{},
		"func":       struct{ A func() }{},
		"embedded":   struct{ nobody }{},
	} {
		if found := personal(reflect.TypeOf(bad), "k"); len(found) != 1 || !strings.HasPrefix(found[0], "k.") {
			t.Errorf("%s: found %v", what, found)
		}
	}
}

func TestAKindIsRegisteredOnce(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	Register("test.read", func() Event { return said{} })
}

func TestSpecOf(t *testing.T) {
	s, ok := SpecOf("test.said")
	if !ok || s.Read != "test.read" || s.New().Kind() != "test.said" || !slices.Contains(Kinds(), "test.said") {
		t.Errorf("%+v %v", s, ok)
	}
	if _, ok := SpecOf("test.stranger"); ok {
		t.Error("a stranger is known")
	}
}
