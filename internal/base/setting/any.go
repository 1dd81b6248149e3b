package setting

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/text"
)

// Any is a defined setting whose type is known to its room only: for pages that
// show and change them all. Its values are JSON.
type Any struct {
	Name    string
	Default json.RawMessage
	find    func(tx *db.Tx, path string, at time.Time) (Value[json.RawMessage], error)
	exact   func(tx *db.Tx, org id.ID, version int64) (Value[json.RawMessage], error)
	history func(tx *db.Tx, org id.ID) ([]Value[json.RawMessage], error)
	set     func(tx *db.Tx, owner Owner, value json.RawMessage, from time.Time, said map[string]seal.Sealed) error
	clear   func(tx *db.Tx, owner Owner, from time.Time, said map[string]seal.Sealed) error
}

// Reason names the sealed words in the fact of a change.
const Reason = "reason"

// maxValue bounds a value, in bytes of JSON.
const maxValue = 256 << 10

// All gives all defined settings by name.
func All() []Any {
	var out []Any
	for _, name := range Names() {
		defined.Lock()
		out = append(out, defined.any[name])
		defined.Unlock()
	}
	return out
}

// Named finds a setting; ok is false where there is none of this name.
func Named(name string) (a Any, ok bool) {
	defined.Lock()
	defer defined.Unlock()
	a, ok = defined.any[name]
	return a, ok
}

// Find gives the value in force for an organisation at an instant.
func (a Any) Find(tx *db.Tx, path string, at time.Time) (Value[json.RawMessage], error) {
	return a.find(tx, path, at)
}

// Exact gives version n of what an organisation set.
func (a Any) Exact(tx *db.Tx, org id.ID, version int64) (Value[json.RawMessage], error) {
	return a.exact(tx, org, version)
}

// History gives all versions that an organisation itself set, newest first.
func (a Any) History(tx *db.Tx, org id.ID) ([]Value[json.RawMessage], error) {
	return a.history(tx, org)
}

// Set gives an organisation a new value from an instant on (zero: now), with
// sealed words of why. The value must be of the setting's type, with no field
// more, and pass its check.
func (a Any) Set(tx *db.Tx, owner Owner, value json.RawMessage, from time.Time, said map[string]seal.Sealed) error {
	return a.set(tx, owner, value, from, said)
}

// Clear lets an organisation inherit again from an instant on.
func (a Any) Clear(tx *db.Tx, owner Owner, from time.Time, said map[string]seal.Sealed) error {
	return a.clear(tx, owner, from, said)
}

// erase forgets the type of a key.
func erase[T any](k Key[T]) Any {
	raw := func(v Value[T], err error) (Value[json.RawMessage], error) {
		if err != nil {
			return Value[json.RawMessage]{}, err
		}
		b, err := json.Marshal(v.Value)
		return Value[json.RawMessage]{b, v.Version, v.Org, v.Path, v.From, v.Cleared, v.By, v.At}, err
	}
	fallback, err := json.Marshal(k.fallback)
	if err != nil {
		panic(fmt.Sprintf("setting: the default of %s can't be written: %v", k.name, err))
	}
	return Any{Name: k.name, Default: fallback,
		find: func(tx *db.Tx, path string, at time.Time) (Value[json.RawMessage], error) {
			return raw(Find(tx, k, path, at))
		},
		exact: func(tx *db.Tx, org id.ID, version int64) (Value[json.RawMessage], error) {
			return raw(Exact(tx, k, org, version))
		},
		history: func(tx *db.Tx, org id.ID) (out []Value[json.RawMessage], err error) {
			all, err := History(tx, k, org)
			for _, v := range all {
				one, err := raw(v, nil)
				if err != nil {
					return nil, err
				}
				out = append(out, one)
			}
			return out, err
		},
		set: func(tx *db.Tx, owner Owner, value json.RawMessage, from time.Time, said map[string]seal.Sealed) error {
			v, err := parse[T](value)
			if err == nil {
				err = k.check(v)
			}
			if err != nil {
				return err
			}
			b, err := json.Marshal(v)
			if err != nil {
				return fmt.Errorf("write setting %s: %w", k.name, err)
			}
			_, err = put(tx, k, owner, b, from, said)
			return err
		},
		clear: func(tx *db.Tx, owner Owner, from time.Time, said map[string]seal.Sealed) error {
			_, err := put(tx, k, owner, nil, from, said)
			return err
		},
	}
}

// parse reads a value strictly: its texts cleaned, of its type, nothing more.
func parse[T any](value json.RawMessage) (v T, err error) {
	wrong := fault.Bad(fault.At("value", "setting.value_form"))
	if len(value) == 0 || len(value) > maxValue || bytes.Equal(bytes.TrimSpace(value), []byte("null")) {
		return v, wrong
	}
	var loose any
	d := json.NewDecoder(bytes.NewReader(value))
	d.UseNumber()
	if err := d.Decode(&loose); err != nil {
		return v, wrong
	}
	if loose, err = clean(loose); err != nil {
		return v, fault.Bad(fault.At("value", "fault.text_refused"))
	}
	b, err := json.Marshal(loose)
	if err != nil {
		return v, wrong
	}
	d = json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		return v, wrong
	}
	return v, nil
}

// clean cleans every text of a JSON value.
func clean(v any) (out any, err error) {
	switch v := v.(type) {
	case string:
		return text.Clean(v)
	case []any:
		for i := range v {
			if v[i], err = clean(v[i]); err != nil {
				return nil, err
			}
		}
	case map[string]any:
		for k := range v {
			if v[k], err = clean(v[k]); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}

// Own is an organisation below a path that has a value of its own.
type Own struct {
	Org     id.ID
	Path    string
	Version int64
}

// Below lists the organisations below a path, itself left out, whose own value of
// a setting is in force at an instant.
func Below(tx *db.Tx, name, path string, at time.Time) (out []Own, err error) {
	rows, err := tx.Rows(`SELECT org, path, rev, value IS NULL FROM setting_value WHERE name = ? AND from_at <= ? AND path <> ? AND substr(path, 1, ?) = ?
		ORDER BY path, from_at DESC, rev DESC`, name, at.UnixMilli(), path, len(path), path)
	if err != nil {
		return nil, fmt.Errorf("list who set %s: %w", name, err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	seen := ""
	for rows.Next() {
		var o Own
		var cleared bool
		if err := rows.Scan(&o.Org, &o.Path, &o.Version, &cleared); err != nil {
			return nil, err
		}
		if o.Path != seen && !cleared {
			out = append(out, o)
		}
		seen = o.Path
	}
	return out, rows.Err()
}
