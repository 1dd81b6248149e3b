package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"mingfa/internal/base/id"
	"mingfa/internal/base/seal"
)

// The canonical bytes of a leaf are one JSON object with its members in this
// order: org, root, subject, rev, kind, actor, at (ms), then, if there are any,
// reason, basis, jurisdiction, refs, data, sealed. IDs are 22 characters of
// base64url. The first seven repeat the indexed columns, so that verify
// compares them without reading JSON. A sealed text is "ID.commitment".

// envelope is the part of the bytes behind the indexed columns.
type envelope struct {
	Reason       string                `json:"reason,omitempty"`
	Basis        string                `json:"basis,omitempty"`
	Jurisdiction string                `json:"jurisdiction,omitempty"`
	Refs         map[string]short      `json:"refs,omitempty"`
	Data         json.RawMessage       `json:"data,omitempty"`
	Sealed       map[string]Commitment `json:"sealed,omitempty"`
}

// Commitment names a sealed text and binds the fact to what it says.
type Commitment struct {
	ID   id.ID
	Hash [32]byte
}

// MarshalText writes "ID.commitment".
func (c Commitment) MarshalText() ([]byte, error) {
	return []byte(id.Short(c.ID) + "." + base64.RawURLEncoding.EncodeToString(c.Hash[:])), nil
}

// UnmarshalText reads it.
func (c *Commitment) UnmarshalText(b []byte) error {
	name, hash, _ := strings.Cut(string(b), ".")
	i, err := id.ParseShort(name)
	if err != nil {
		return err
	}
	h, err := base64.RawURLEncoding.Strict().DecodeString(hash)
	if err != nil || len(h) != 32 {
		return fmt.Errorf("not a commitment")
	}
	c.ID, c.Hash = i, [32]byte(h)
	return nil
}

type short id.ID

func (s short) MarshalText() ([]byte, error) { return []byte(id.Short(id.ID(s))), nil }
func (s *short) UnmarshalText(b []byte) error {
	i, err := id.ParseShort(string(b))
	*s = short(i)
	return err
}

// prefix is the text of the indexed columns, without the closing brace.
func prefix(b []byte, org, root, subject id.ID, rev int64, kind string, actor id.ID, at int64) []byte {
	name := func(b []byte, key string, i id.ID) []byte {
		b = append(b, key...)
		b = base64.RawURLEncoding.AppendEncode(b, i[:])
		return append(b, '"')
	}
	b = name(b, `{"org":"`, org)
	b = name(b, `,"root":"`, root)
	b = name(b, `,"subject":"`, subject)
	b = append(b, `,"rev":`...)
	b = strconv.AppendInt(b, rev, 10)
	b = append(b, `,"kind":"`...)
	b = append(b, kind...)
	b = append(b, '"')
	b = name(b, `,"actor":"`, actor)
	b = append(b, `,"at":`...)
	return strconv.AppendInt(b, at, 10)
}

// maxBody bounds a leaf: a fact names things, it does not hold them.
const maxBody = 16 << 10

func encode(e Entry, actor id.ID, at time.Time) ([]byte, error) {
	if err := e.check(); err != nil {
		return nil, err
	}
	env := envelope{Reason: e.Reason, Basis: e.Basis, Jurisdiction: e.Jurisdiction}
	data, err := json.Marshal(e.Event)
	if err != nil {
		return nil, fmt.Errorf("write the payload of %s: %w", e.Event.Kind(), err)
	}
	if string(data) != "{}" {
		env.Data = data
	}
	if len(e.Refs) > 0 {
		env.Refs = make(map[string]short, len(e.Refs))
		for k, v := range e.Refs {
			env.Refs[k] = short(v)
		}
	}
	if len(e.Sealed) > 0 {
		env.Sealed = commitments(e.Sealed)
	}
	rest, err := json.Marshal(env)
	if err != nil {
		return nil, err
	}
	b := prefix(make([]byte, 0, 512), e.Org, e.Root, e.Subject, e.Rev, e.Event.Kind(), actor, at.UnixMilli())
	if len(rest) > 2 {
		b = append(b, ',')
		b = append(b, rest[1:]...)
	} else {
		b = append(b, '}')
	}
	if len(b) > maxBody {
		return nil, fmt.Errorf("fact %s has %d bytes, at most %d are allowed", e.Event.Kind(), len(b), maxBody)
	}
	return b, nil
}

func commitments(m map[string]seal.Sealed) map[string]Commitment {
	out := make(map[string]Commitment, len(m))
	for k, s := range m {
		out[k] = Commitment{s.ID, s.Commitment}
	}
	return out
}

// check refuses a fact that could not be filed or could not be a code.
func (e Entry) check() error {
	switch {
	case e.Event == nil:
		return fmt.Errorf("a fact needs an event")
	case e.Org == id.Nil || e.Root == id.Nil || e.Subject == id.Nil || e.Rev < 1:
		return fmt.Errorf("fact %s needs org, root, subject and a rev from 1", e.Event.Kind())
	case !known(e.Event.Kind()):
		return fmt.Errorf("fact kind %q is not registered", e.Event.Kind())
	case len(e.Reason) > 64 || strings.ContainsAny(e.Reason, " \n"):
		return fmt.Errorf("the reason in fact %s must be a code; words of persons are sealed", e.Event.Kind())
	}
	return nil
}

// parse reads the bytes of a leaf, which must be written the canonical way.
// Unknown members are refused: an old program must not believe it understood a
// newer fact. Numbers in Data stay as written.
func parse(body []byte) (Fact, error) {
	f := Fact{Leaf: -1, Body: body}
	rest, ok := f.readPrefix(body)
	if !ok || len(rest) == 0 || rest[0] != ',' && string(rest) != "}" {
		return Fact{}, errors.New("read the bytes of a fact: they do not begin as they should")
	}
	f.Data = json.RawMessage("{}")
	if rest[0] == '}' {
		return f, nil
	}
	var e envelope
	d := json.NewDecoder(bytes.NewReader(append([]byte{'{'}, rest[1:]...)))
	d.DisallowUnknownFields()
	if err := d.Decode(&e); err != nil {
		return Fact{}, fmt.Errorf("read the bytes of a fact: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return Fact{}, errors.New("read the bytes of a fact: there is more behind them")
	}
	f.Reason, f.Basis, f.Jurisdiction, f.Sealed = e.Reason, e.Basis, e.Jurisdiction, e.Sealed
	if len(e.Refs) > 0 {
		f.Refs = make(map[string]id.ID, len(e.Refs))
		for k, v := range e.Refs {
			f.Refs[k] = id.ID(v)
		}
	}
	if e.Data != nil {
		f.Data = e.Data
	}
	return f, nil
}

// readPrefix reads what prefix wrote and gives the rest.
func (f *Fact) readPrefix(b []byte) (rest []byte, ok bool) {
	r := prefixReader{b: b, ok: true}
	r.id(`{"org":"`, &f.Org)
	r.id(`,"root":"`, &f.Root)
	r.id(`,"subject":"`, &f.Subject)
	f.Rev = r.number(`,"rev":`)
	f.Kind = r.kind(`,"kind":"`)
	r.id(`,"actor":"`, &f.Actor)
	f.At = time.UnixMilli(r.number(`,"at":`)).UTC()
	return r.b, r.ok
}

// prefixReader reads one part after another; ok is false from the first that is
// not as it should be.
type prefixReader struct {
	b  []byte
	ok bool
}

func (r *prefixReader) skip(s string) {
	if r.ok = r.ok && len(r.b) >= len(s) && string(r.b[:len(s)]) == s; r.ok {
		r.b = r.b[len(s):]
	}
}

var strict64 = base64.RawURLEncoding.Strict()

func (r *prefixReader) id(name string, into *id.ID) {
	r.skip(name)
	if n := strict64.EncodedLen(len(into)); r.ok && len(r.b) > n {
		_, err := strict64.Decode(into[:], r.b[:n])
		r.ok, r.b = err == nil, r.b[n:]
	}
	r.skip(`"`)
}

func (r *prefixReader) kind(name string) (kind string) {
	r.skip(name)
	if n := bytes.IndexByte(r.b, '"'); r.ok && n > 0 {
		kind, r.b = string(r.b[:n]), r.b[n:]
		r.ok = !strings.ContainsFunc(kind, func(c rune) bool { return c < '!' || c > '~' || c == '\\' })
	}
	r.skip(`"`)
	return kind
}

func (r *prefixReader) number(name string) int64 {
	r.skip(name)
	n := 0
	for n < len(r.b) && (r.b[n] >= '0' && r.b[n] <= '9' || n == 0 && r.b[n] == '-') {
		n++
	}
	v, err := strconv.ParseInt(string(r.b[:n]), 10, 64)
	r.ok = r.ok && err == nil && len(strconv.AppendInt(nil, v, 10)) == n
	r.b = r.b[n:]
	return v
}

// Once is the subject of facts that are to be written at most once a minute for
// a thing and an actor (refusals): a second one is a conflict.
func Once(what string, thing, actor id.ID, at time.Time) id.ID {
	h := sha256.New()
	fmt.Fprintf(h, "%q %s %s %s", what, thing, actor, at.UTC().Format("2006-01-02T15:04"))
	var s id.ID
	copy(s[:], h.Sum(nil))
	s[6], s[8] = s[6]&0x0f|0x80, s[8]&0x3f|0x80 // version 8: made by us
	return s
}
