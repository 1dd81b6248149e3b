package recount

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// doc is what a look holds, or should hold: a text at each path.
type doc map[string]string

func (d doc) text(path, s string)         { d[path] = s }
func (d doc) num(path string, n int64)    { d[path] = strconv.FormatInt(n, 10) }
func (d doc) real(path string, f float64) { d[path] = strconv.FormatFloat(f, 'f', -1, 64) }
func (d doc) truth(path string, yes bool) { d[path] = strconv.FormatBool(yes) }
func (d doc) rate(path string, n, of int64) {
	d.num(path+".num", n)
	d.num(path+".den", of)
	d.text(path+".text", ratio(n, of))
}

// names are the members by which the parts of a list are told apart.
var names = []string{"code", "what", "reason", "at", "lawyer_id", "id"}

// flatten reads JSON.
func flatten(b []byte) (doc, error) {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	d := doc{}
	d.walk("", v)
	return d, nil
}

func (d doc) walk(path string, v any) {
	switch x := v.(type) {
	case map[string]any:
		for name, y := range x {
			if path != "" {
				name = path + "." + name
			}
			d.walk(name, y)
		}
	case []any:
		for i, y := range x {
			d.walk(path+"["+nameOf(i, y)+"]", y)
		}
	case json.Number:
		if f, err := x.Float64(); err == nil {
			d.real(path, f)
		}
	case nil:
	default:
		d.text(path, fmt.Sprint(x))
	}
}

// nameOf is what the part of a list is called: by one of its members, by itself if
// it is a text, or by its place.
func nameOf(i int, v any) string {
	switch x := v.(type) {
	case string:
		return x
	case map[string]any:
		for _, n := range names {
			if s, ok := x[n].(string); ok {
				return s
			}
		}
	}
	return strconv.Itoa(i)
}

// last is the last name of a path.
func last(path string) string { return path[strings.LastIndexAny(path, ".]")+1:] }
