package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/id"
	"mingfa/internal/base/seal"
)

var update = flag.Bool("update", false, "write the golden files anew")

func numberedID(n byte) id.ID {
	i := must(id.Parse("01990000-0000-7000-8000-000000000000"))
	i[15] = n
	return i
}

func must(i id.ID, err error) id.ID {
	if err != nil {
		panic(err)
	}
	return i
}

var goldenAt = time.Date(2026, 3, 2, 4, 0, 0, 123e6, time.UTC)

func full() Entry {
	return Entry{Org: numberedID(1), Root: numberedID(2), Subject: numberedID(3), Rev: 7, Event: said{5, "lawyer"},
		Reason: "second_try", Basis: "民法典#1085", Jurisdiction: "CN",
		Refs:   map[string]id.ID{"order": numberedID(4), "answer": numberedID(5)},
		Sealed: map[string]seal.Sealed{"text": {ID: numberedID(6), Commitment: sha256.Sum256([]byte("x"))}}}
}

// The bytes of a fact never change: old ones stand in logs that are signed.
func TestCanonicalBytes(t *testing.T) {
	small := Entry{Org: numberedID(1), Root: numberedID(2), Subject: numberedID(3), Rev: 1, Event: moved{}}
	reopened := small
	reopened.Event = Reopened{Log: numberedID(8), LostFrom: 5, OldLog: numberedID(8), OldSize: 9, OldRoot: "ab", LostTo: 9}
	for name, e := range map[string]Entry{"full": full(), "small": small, "journal.reopened": reopened} {
		t.Run(name, func(t *testing.T) {
			got, err := encode(e, numberedID(9), goldenAt)
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", "facts", name+".json")
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("got  %s\nwant %s (%v)", got, want, err)
			}
			f, err := parse(want)
			if err != nil {
				t.Fatal(err)
			}
			spec, ok := SpecOf(f.Kind)
			if !ok {
				t.Fatalf("kind %s is not known any more", f.Kind)
			}
			if err := json.Unmarshal(f.Data, ptr(spec.New())); err != nil {
				t.Error(err)
			}
		})
	}
}

func ptr(e Event) any { return reflect.New(reflect.TypeOf(e)).Interface() }

// What parse reads and encode writes again is the same.
func TestRoundTrip(t *testing.T) {
	b, err := encode(full(), numberedID(9), goldenAt)
	if err != nil {
		t.Fatal(err)
	}
	f, err := parse(b)
	if err != nil {
		t.Fatal(err)
	}
	e := Entry{Org: f.Org, Root: f.Root, Subject: f.Subject, Rev: f.Rev, Reason: f.Reason, Basis: f.Basis, Jurisdiction: f.Jurisdiction, Refs: f.Refs, Sealed: map[string]seal.Sealed{}}
	var s said
	if err := f.Decode(&s); err != nil {
		t.Fatal(err)
	}
	e.Event = s
	for k, c := range f.Sealed {
		e.Sealed[k] = seal.Sealed{ID: c.ID, Commitment: c.Hash}
	}
	again, err := encode(e, f.Actor, f.At)
	if err != nil || !bytes.Equal(b, again) {
		t.Errorf("%v\n%s\n%s", err, b, again)
	}
}

func TestColumnsAreThePrefixOfTheBytes(t *testing.T) {
	for _, e := range []Entry{full(), {Org: id.New(), Root: id.New(), Subject: id.New(), Rev: 1 << 40, Event: moved{}}} {
		b, err := encode(e, numberedID(9), goldenAt)
		if err != nil {
			t.Fatal(err)
		}
		p := prefix(nil, e.Org, e.Root, e.Subject, e.Rev, e.Event.Kind(), numberedID(9), goldenAt.UnixMilli())
		if !bytes.HasPrefix(b, p) || !json.Valid(b) {
			t.Errorf("%s is no prefix of %s", p, b)
		}
	}
}

// A message is a fact of at most 300 bytes: conversation, number, role and one
// commitment.
func TestAMessageIsSmall(t *testing.T) {
	e := Entry{Org: id.New(), Root: id.New(), Subject: id.New(), Rev: 123, Event: said{5, "lawyer"},
		Sealed: map[string]seal.Sealed{"text": {ID: id.New(), Commitment: sha256.Sum256([]byte("x"))}}}
	b, err := encode(e, id.New(), goldenAt)
	if err != nil || len(b) > 300 {
		t.Errorf("%d bytes, want at most 300: %s %v", len(b), b, err)
	}
}

func TestParseRefuses(t *testing.T) {
	good, err := encode(full(), numberedID(9), goldenAt)
	if err != nil {
		t.Fatal(err)
	}
	s := string(good)
	for what, bad := range map[string]string{
		"nothing":             "",
		"no object":           "7",
		"cut":                 s[:len(s)-2],
		"more behind":         s + "{}",
		"unknown member":      strings.Replace(s, `"reason"`, `"raison"`, 1),
		"long id":             strings.Replace(s, `{"org":"`, `{"org":"A`, 1),
		"commitment cut":      strings.Replace(s, `"}}`, `x"}}`, 1),
		"commitment no hash":  strings.Replace(s, "g.L", "gL", 1),
		"commitment of no id": strings.Replace(s, `{"text":"`, `{"text":"*`, 1),
	} {
		if _, err := parse([]byte(bad)); err == nil {
			t.Errorf("%s: it was read", what)
		}
	}
}

func FuzzParse(f *testing.F) {
	good, err := encode(full(), numberedID(9), goldenAt)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"org":"AZkAAAAAcACAAAAAAAAAAQ","refs":{"a":""}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := parse(b)
		if err != nil {
			return
		}
		if !json.Valid(got.Data) || !bytes.Equal(got.Body, b) {
			t.Errorf("read %+v from %q", got, b)
		}
	})
}
