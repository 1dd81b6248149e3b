package web

import (
	"encoding/json"
	"strconv"
	"unicode/utf8"

	"mingfa/internal/base/fault"
)

// maxDepth is how deep a request may nest. Our deepest needs 4.
const maxDepth = 32

// checkJSON refuses what encoding/json would let pass or silently change:
// deep nesting, broken UTF-8, NUL, lone surrogates, a key that comes twice in one
// object (in any spelling of its escapes).
func checkJSON(b []byte) error {
	if !utf8.Valid(b) {
		return fault.New(fault.Malformed, "fault.text_refused")
	}
	if !json.Valid(b) {
		return fault.New(fault.Malformed, "fault.malformed")
	}
	var stack []level
	for i := 0; i < len(b); {
		switch b[i] {
		case '{', '[':
			if len(stack) == maxDepth {
				return fault.New(fault.Malformed, "web.too_deep")
			}
			stack = append(stack, level{object: b[i] == '{', wantKey: b[i] == '{'})
		case '}', ']':
			stack = stack[:len(stack)-1]
		case ',':
			top := &stack[len(stack)-1]
			top.wantKey = top.object
		case '"':
			end := stringEnd(b, i)
			if err := checkString(b[i+1 : end-1]); err != nil {
				return err
			}
			if len(stack) > 0 && stack[len(stack)-1].wantKey {
				if !stack[len(stack)-1].key(b[i:end]) {
					return fault.New(fault.Malformed, "web.repeated_field")
				}
			}
			i = end
			continue
		}
		i++
	}
	return nil
}

// level is one open object or array.
type level struct {
	object  bool
	wantKey bool // the next string is a key
	keys    map[string]bool
}

// key notes a key and tells whether it is new.
func (l *level) key(quoted []byte) bool {
	var k string
	if json.Unmarshal(quoted, &k) != nil {
		return false
	}
	if l.keys == nil {
		l.keys = map[string]bool{}
	}
	l.wantKey = false
	if l.keys[k] {
		return false
	}
	l.keys[k] = true
	return true
}

// stringEnd is the index after the closing quote of the string at i in valid JSON.
func stringEnd(b []byte, i int) int {
	for i++; b[i] != '"'; i++ {
		if b[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// checkString looks at the escapes within a valid JSON string.
func checkString(s []byte) error {
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			continue
		}
		i++
		if s[i] != 'u' {
			continue
		}
		r := hex(s[i+1:])
		i += 4
		switch {
		case r == 0, r >= 0xdc00 && r < 0xe000:
			return fault.New(fault.Malformed, "fault.text_refused")
		case r >= 0xd800 && r < 0xdc00:
			if !lowFollows(s[i+1:]) {
				return fault.New(fault.Malformed, "fault.text_refused")
			}
			i += 6
		}
	}
	return nil
}

func lowFollows(s []byte) bool {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return false
	}
	r := hex(s[2:])
	return r >= 0xdc00 && r < 0xe000
}

func hex(s []byte) uint64 {
	n, _ := strconv.ParseUint(string(s[:4]), 16, 32) // json.Valid has seen it
	return n
}
