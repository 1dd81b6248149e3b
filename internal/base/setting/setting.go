// Package setting keeps what an operator may change: thresholds, templates,
// code lists, calendars.
//
// A setting is a typed value with a name ("consult.templates") and a default,
// defined once by the room that uses it:
//
//	var Limit = setting.Define("consult.answer_limit", 120, check)
//
// An organisation may set it; those below inherit (operator > province > city >
// county: the longest path that is a prefix of the asker's path wins). Each
// value holds from an instant in UTC milliseconds, now or later and never
// earlier, so what was in force yesterday can still be told and a report made
// again says the same. Of several values of one organisation the one with the
// latest start in force counts; of two with the same start the higher version.
//
// Values are versions: nothing is changed or deleted, version n of (org, name)
// is the fact setting.changed of rev n, which holds the SHA-256 of the value.
// Two writers at once: one gets a conflict. Clear sets a version that says
// "inherit again".
//
// Who changes one by hand says why: his words are sealed and stand with the fact.
//
// A value holds no personal data: it is stored and exported in the clear.
//
// Definitions are made while packages initialise; all else is safe for
// concurrent use and takes its place in the caller's transaction.
package setting

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
)

// Key is a defined setting with values of type T.
type Key[T any] struct {
	name     string
	fallback T
	check    func(T) error
}

// Name gives the permanent name of the setting.
func (k Key[T]) Name() string { return k.name }

// Default gives the value that holds where nobody set one.
func (k Key[T]) Default() T { return k.fallback }

var defined = struct {
	sync.Mutex
	names []string
	any   map[string]Any
}{any: map[string]Any{}}

// Define makes a setting. A name used twice, or a default that check refuses,
// panics at start. check may be nil; what it answers must be safe to show (a
// fault).
func Define[T any](name string, fallback T, check func(T) error) Key[T] {
	defined.Lock()
	defer defined.Unlock()
	if slices.Contains(defined.names, name) {
		panic("setting: " + name + " is defined twice")
	}
	if check == nil {
		check = func(T) error { return nil }
	}
	if err := check(fallback); err != nil {
		panic(fmt.Sprintf("setting: the default of %s is refused: %v", name, err))
	}
	k := Key[T]{name, fallback, check}
	defined.names = append(defined.names, name)
	defined.any[name] = erase(k)
	return k
}

// Names gives all defined settings, sorted.
func Names() []string {
	defined.Lock()
	defer defined.Unlock()
	names := slices.Clone(defined.names)
	slices.Sort(names)
	return names
}

// Value is one version of a setting.
type Value[T any] struct {
	Value   T
	Version int64     // within (org, name), from 1; 0 for the default
	Org     id.ID     // who set it; Nil for the default
	Path    string    // his path
	From    time.Time // in force from; zero for the default
	Cleared bool      // this version says "inherit again"
	By      id.ID     // the person who set it
	At      time.Time // when he did
}

// Get gives the value in force for an organisation at an instant.
func Get[T any](tx *db.Tx, k Key[T], orgPath string, at time.Time) (T, error) {
	v, err := Find(tx, k, orgPath, at)
	return v.Value, err
}

// Find is Get with the version, and with who set it.
func Find[T any](tx *db.Tx, k Key[T], orgPath string, at time.Time) (Value[T], error) {
	paths := prefixes(orgPath)
	args := []any{k.name, at.UnixMilli()}
	for _, p := range paths {
		args = append(args, p)
	}
	found, err := read(tx, k, `WHERE name = ? AND from_at <= ? AND path IN (?`+strings.Repeat(", ?", len(paths)-1)+`)
		ORDER BY length(path) DESC, from_at DESC, rev DESC`, args...)
	if err != nil {
		return Value[T]{}, err
	}
	seen := "" // of each path only the first row is in force
	for _, v := range found {
		if v.Path != seen && !v.Cleared {
			return v, nil
		}
		seen = v.Path
	}
	return Value[T]{Value: k.fallback}, nil
}

// Exact gives version n of what an organisation set, for the texts of an old
// answer. Version 0 is the default.
func Exact[T any](tx *db.Tx, k Key[T], org id.ID, version int64) (Value[T], error) {
	if version == 0 {
		return Value[T]{Value: k.fallback}, nil
	}
	found, err := read(tx, k, `WHERE subject = ? AND rev = ?`, Subject(org, k.name).String(), version)
	if err != nil {
		return Value[T]{}, err
	}
	if len(found) == 0 {
		return Value[T]{}, fault.NotThere()
	}
	return found[0], nil
}

// History gives all versions that an organisation itself set, newest first.
func History[T any](tx *db.Tx, k Key[T], org id.ID) ([]Value[T], error) {
	return read(tx, k, `WHERE subject = ? ORDER BY rev DESC`, Subject(org, k.name).String())
}

// Owner is the organisation that sets a value, and its path.
type Owner struct {
	Org  id.ID
	Path string
}

// Set gives an organisation a new value from an instant on; a zero from is now.
// It answers what the key's check answers, or a Fault when from has passed.
func Set[T any](tx *db.Tx, k Key[T], owner Owner, value T, from time.Time) (Value[T], error) {
	if err := k.check(value); err != nil {
		return Value[T]{}, err
	}
	b, err := json.Marshal(value)
	if err != nil {
		return Value[T]{}, fmt.Errorf("write setting %s: %w", k.name, err)
	}
	v, err := put(tx, k, owner, b, from, nil)
	v.Value = value
	return v, err
}

// Clear ends an organisation's own value from an instant on: it inherits again.
func Clear[T any](tx *db.Tx, k Key[T], owner Owner, from time.Time) (Value[T], error) {
	return put(tx, k, owner, nil, from, nil)
}

func put[T any](tx *db.Tx, k Key[T], owner Owner, value []byte, from time.Time, said map[string]seal.Sealed) (Value[T], error) {
	now := tx.Now()
	if from.IsZero() {
		from = now
	}
	from = db.At(from).Time
	if from.Before(now) {
		return Value[T]{}, fault.Bad(fault.At("from", "setting.from_passed"))
	}
	subject := Subject(owner.Org, k.name)
	var rev int64
	if err := tx.Row(`SELECT coalesce(max(rev), 0) + 1 FROM setting_value WHERE subject = ?`, subject.String()).Scan(&rev); err != nil {
		return Value[T]{}, fmt.Errorf("read setting %s: %w", k.name, err)
	}
	stored := sql.NullString{String: string(value), Valid: value != nil}
	_, err := tx.Exec(`INSERT INTO setting_value (subject, rev, org, path, name, from_at, value, actor, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		subject.String(), rev, owner.Org.String(), owner.Path, k.name, from.UnixMilli(), stored, tx.Actor().Person.String(), now.UnixMilli())
	if db.Conflict(err) {
		return Value[T]{}, fault.Wrap(fault.Conflict, "fault.stale", err)
	}
	if err != nil {
		return Value[T]{}, fmt.Errorf("write setting %s: %w", k.name, err)
	}
	err = journal.Write(tx, journal.Entry{Org: owner.Org, Root: subject, Subject: subject, Rev: rev,
		Event: Changed{Name: Name(k.name), From: from, Digest: digest(value), Cleared: value == nil}, Sealed: said})
	return Value[T]{Version: rev, Org: owner.Org, Path: owner.Path, From: from, Cleared: value == nil, By: tx.Actor().Person, At: now}, err
}

func read[T any](tx *db.Tx, k Key[T], where string, args ...any) (list []Value[T], err error) {
	rows, err := tx.Rows(`SELECT org, path, rev, from_at, value, actor, made_at FROM setting_value `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read setting %s: %w", k.name, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		v := Value[T]{Value: k.fallback}
		var stored sql.NullString
		var from, at db.Time
		if err := rows.Scan(&v.Org, &v.Path, &v.Version, &from, &stored, &v.By, &at); err != nil {
			return nil, fmt.Errorf("read setting %s: %w", k.name, err)
		}
		v.From, v.At, v.Cleared = from.Time, at.Time, !stored.Valid
		if stored.Valid {
			var fresh T
			if err := json.Unmarshal([]byte(stored.String), &fresh); err != nil {
				return nil, fmt.Errorf("read setting %s, version %d: %w", k.name, v.Version, err)
			}
			v.Value = fresh
		}
		list = append(list, v)
	}
	return list, rows.Err()
}

// prefixes gives path and all paths above it, with and without a slash at the
// end, since rooms write them either way: "/", "/a", "/a/".
func prefixes(path string) []string {
	list := []string{"/"}
	for i := 1; i <= len(path); i++ {
		if i == len(path) || path[i] == '/' {
			list = append(list, path[:i], path[:i]+"/")
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Subject is the ID under which the versions of one organisation's setting are
// filed in the journal. It is derived, so that all nodes and times agree.
func Subject(org id.ID, name string) id.ID {
	h := sha256.Sum256(bytes.Join([][]byte{[]byte("mingfa setting"), org[:], []byte(name)}, []byte{0}))
	var s id.ID
	copy(s[:], h[:])
	s[6], s[8] = s[6]&0x0f|0x80, s[8]&0x3f|0x80
	return s
}

func digest(value []byte) Digest {
	if value == nil {
		return ""
	}
	h := sha256.Sum256(value)
	return Digest(hex.EncodeToString(h[:]))
}
