package journal

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"sync"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
)

// Spec says what a kind is: a fresh event to decode into, and the permission
// (a verb of core/access) that reading such a fact needs.
type Spec struct {
	New  func() Event
	Read string
}

var (
	kindsMu sync.RWMutex
	kinds   = map[string]Spec{}
)

// Register makes a kind known. A kind is permanent: its name is never used for
// anything else, its fields are only added to and optional. Its sentence is the
// text "fact."+kind. Registering a name twice panics at start.
func Register(read string, events ...func() Event) {
	kindsMu.Lock()
	defer kindsMu.Unlock()
	for _, fresh := range events {
		k := fresh().Kind()
		if _, twice := kinds[k]; twice {
			panic("journal: kind " + k + " is registered twice")
		}
		kinds[k] = Spec{New: fresh, Read: read}
	}
}

func known(kind string) bool {
	kindsMu.RLock()
	defer kindsMu.RUnlock()
	_, ok := kinds[kind]
	return ok
}

// Kinds are all registered kinds, in order.
func Kinds() []string {
	kindsMu.RLock()
	defer kindsMu.RUnlock()
	return slices.Sorted(maps.Keys(kinds))
}

// SpecOf is what was registered for a kind.
func SpecOf(kind string) (Spec, bool) {
	kindsMu.RLock()
	defer kindsMu.RUnlock()
	s, ok := kinds[kind]
	return s, ok
}

// Problems tells what is wrong with the registered kinds: a missing sentence, a
// missing read permission, a field that could hold a person's words. The house
// has a test that it is empty.
func Problems() []string {
	var bad []string
	texts := map[string]bool{}
	for _, k := range say.Keys() {
		texts[k] = true
	}
	for _, k := range Kinds() {
		s, _ := SpecOf(k)
		if !texts["fact."+k] {
			bad = append(bad, "kind "+k+" has no sentence fact."+k)
		}
		if s.Read == "" {
			bad = append(bad, "kind "+k+" has no read permission")
		}
		for _, p := range personal(reflect.TypeOf(s.New()), k) {
			bad = append(bad, p+" could hold a person's words: use an ID, an enum, a number or a time, and seal the rest")
		}
	}
	return bad
}

var plain = map[reflect.Type]bool{
	reflect.TypeFor[id.ID]():     true,
	reflect.TypeFor[time.Time](): true,
	reflect.TypeFor[db.Time]():   true,
}

// personal walks a type and names the fields that could hold free text.
func personal(t reflect.Type, path string) []string {
	if plain[t] {
		return nil
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return personal(t.Elem(), path)
	case reflect.Map:
		return append(personal(t.Key(), path+".key"), personal(t.Elem(), path)...)
	case reflect.Struct:
		var bad []string
		for f := range t.Fields() {
			bad = append(bad, personal(f.Type, path+"."+f.Name)...)
		}
		return bad
	case reflect.String:
		if t.Name() == "string" {
			return []string{path}
		}
		return nil
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Float64:
		return nil
	}
	return []string{fmt.Sprintf("%s (%s)", path, t)}
}
