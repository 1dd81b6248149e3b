// Package fault is the one language of errors.
//
// A Fault has a kind, which base/web maps to a status once, and a Key, which
// names the text that base/say gives in the reader's language. A Fault never
// carries a submitted value or an internal text to the outside: what went wrong
// inside is wrapped (Err) and logged, the reader gets the text of the Key.
//
// Absent and forbidden are the same Fault on purpose: a refusal never tells
// more than absence would.
package fault

import (
	"errors"
	"fmt"
)

// Kind says what sort of thing went wrong.
type Kind string

// The kinds. Any error that is no Fault is Internal.
const (
	Invalid     Kind = "invalid"     // the request breaks a rule; Fields say where (422)
	Malformed   Kind = "malformed"   // the request can't be read at all (400)
	Unknown     Kind = "unknown"     // nobody is signed in (401)
	Absent      Kind = "absent"      // not there, or not to be seen (404)
	Conflict    Kind = "conflict"    // somebody else was first, or the state forbids it (409)
	TooLarge    Kind = "too_large"   // (413)
	WrongType   Kind = "wrong_type"  // a file of a kind that is not taken (415)
	TooMany     Kind = "too_many"    // (429)
	Unavailable Kind = "unavailable" // try again (503)
	Internal    Kind = "internal"    // our mistake (500)
)

// Field names a place in the request and the text that says what to do there.
type Field struct {
	Path string         // "contact.phone", in the names of the wire
	Key  string         // text key, as in Fault
	Args map[string]any // numbers and names of ours for the text; never what was submitted
}

// Fault is an error that a reader may see.
type Fault struct {
	Kind   Kind
	Key    string         // text key in base/say: "consult.too_short"
	Args   map[string]any // numbers and names of ours for the text; never what was submitted
	Fields []Field
	Err    error // the inside, for the log only
}

// Error is for the log. It never reaches a reader.
func (f *Fault) Error() string {
	if f.Err != nil {
		return fmt.Sprintf("%s %s: %v", f.Kind, f.Key, f.Err)
	}
	return fmt.Sprintf("%s %s", f.Kind, f.Key)
}

func (f *Fault) Unwrap() error { return f.Err }

// New is a Fault of a kind with the text of key.
func New(k Kind, key string) *Fault { return &Fault{Kind: k, Key: key} }

// Wrap is New with the inside error for the log.
func Wrap(k Kind, key string, err error) *Fault { return &Fault{Kind: k, Key: key, Err: err} }

// NotThere is what everybody gets who asks for something absent or forbidden.
func NotThere() *Fault { return New(Absent, "fault.absent") }

// Bad is an Invalid Fault over the given fields.
func Bad(fields ...Field) *Fault {
	return &Fault{Kind: Invalid, Key: "fault.invalid", Fields: fields}
}

// At names one field with its text.
func At(path, key string) Field { return Field{Path: path, Key: key} }

// With adds an argument for the text.
func (f Field) With(name string, v any) Field {
	args := map[string]any{name: v}
	for k, x := range f.Args {
		args[k] = x
	}
	f.Args = args
	return f
}

// With adds an argument for the text.
func (f *Fault) With(name string, v any) *Fault {
	if f.Args == nil {
		f.Args = map[string]any{}
	}
	f.Args[name] = v
	return f
}

// KindOf tells the kind of any error; nil has none.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	if f, ok := errors.AsType[*Fault](err); ok {
		return f.Kind
	}
	return Internal
}

// Is tells whether err is a Fault of kind k.
func Is(err error, k Kind) bool { return err != nil && KindOf(err) == k }
