package journal

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
)

// prove makes the proof file of a root.
func (h *house) prove(root id.ID) []byte {
	h.Helper()
	var p Proof
	if err := h.d.View(ctx, actor, func(tx *db.Tx) (err error) { p, err = h.j.Prove(tx, h.org, root); return err }); err != nil {
		h.Fatal(err)
	}
	b, err := json.Marshal(p)
	if err != nil {
		h.Fatal(err)
	}
	return b
}

func TestProof(t *testing.T) {
	eachHouse(t, func(h *house) {
		root, other := id.New(), id.New()
		for rev := int64(1); rev <= 5; rev++ {
			h.say(root, rev, rev)
			h.say(other, rev, rev)
			h.drain()
		}
		h.checkpoint()
		h.say(root, 6, 6) // not under the checkpoint yet
		h.drain()
		file := h.prove(root)
		for what, key := range map[string]string{"with the key": h.signer.Public, "without": ""} {
			r, err := CheckProof(file, key)
			if err != nil || len(r.Facts) != 5 || r.Root != root || r.Checkpoint.Size != 10 {
				h.Errorf("%s: %+v %v", what, r, err)
			}
			for i, f := range r.Facts {
				if f.Rev != int64(i+1) || f.Subject != root {
					h.Errorf("fact %d is %+v", i, f)
				}
			}
		}
		if r, err := CheckProof(h.prove(id.New()), h.signer.Public); err != nil || len(r.Facts) != 0 {
			h.Errorf("a root without facts: %+v %v", r, err)
		}
		if _, err := CheckProof(file, signer(h.T).Public); err == nil {
			h.Error("another key was good enough")
		}
		if _, err := CheckProof(file, "no key"); err == nil {
			h.Error("no key was good enough")
		}
	})
}

func TestNoProofBeforeTheFirstCheckpoint(t *testing.T) {
	eachHouse(t, func(h *house) {
		err := h.d.View(ctx, actor, func(tx *db.Tx) error { _, err := h.j.Prove(tx, h.org, h.org); return err })
		if !fault.Is(err, fault.Unavailable) {
			h.Errorf("got %v", err)
		}
	})
}

// Whatever is changed in the file is refused: each kind of part, each byte of
// the bytes of a fact, each left-out, put-in, repeated or reordered fact.
func TestATamperedProofIsRefused(t *testing.T) {
	h := build(t, dbtest.Open(t, dbtest.SQLiteURL(t), nil))
	root, other := id.New(), id.New()
	h.say(root, 1, 4)
	h.say(other, 1, 4)
	h.drain()
	h.checkpoint()
	file := h.prove(root)
	var foreign Proof
	if err := json.Unmarshal(h.prove(other), &foreign); err != nil {
		t.Fatal(err)
	}
	flip := func(s *string, i int) { b := []byte(*s); b[i] ^= 1; *s = string(b) }
	cases := map[string]func(p *Proof){
		"format":               func(p *Proof) { p.Format += "2" },
		"left out, first":      func(p *Proof) { p.Facts = p.Facts[1:] },
		"left out, last":       func(p *Proof) { p.Facts = p.Facts[:3] },
		"left out, all":        func(p *Proof) { p.Facts = nil },
		"put in":               func(p *Proof) { p.Facts = append(p.Facts, foreign.Facts[0]) },
		"exchanged":            func(p *Proof) { p.Facts[2] = foreign.Facts[2] },
		"twice":                func(p *Proof) { p.Facts = append(p.Facts, p.Facts[0]) },
		"one twice, one out":   func(p *Proof) { p.Facts[1] = p.Facts[0] },
		"other order":          func(p *Proof) { p.Facts[0], p.Facts[1] = p.Facts[1], p.Facts[0] },
		"other leaf":           func(p *Proof) { p.Facts[1].Leaf++ },
		"negative leaf":        func(p *Proof) { p.Facts[1].Leaf = -1 },
		"path":                 func(p *Proof) { p.Facts[1].Path[0][5] ^= 1 },
		"path shorter":         func(p *Proof) { p.Facts[1].Path = p.Facts[1].Path[1:] },
		"path longer":          func(p *Proof) { p.Facts[1].Path = append(p.Facts[1].Path, p.Facts[1].Path[0]) },
		"path of another":      func(p *Proof) { p.Facts[1].Path = p.Facts[2].Path },
		"no checkpoint":        func(p *Proof) { p.Checkpoint = "" },
		"no statement":         func(p *Proof) { p.Complete = "" },
		"another's statement":  func(p *Proof) { p.Complete = foreign.Complete },
		"statement as a point": func(p *Proof) { p.Checkpoint = p.Complete },
		"point as a statement": func(p *Proof) { p.Complete = p.Checkpoint },
		"another root whole":   func(p *Proof) { p.Facts = foreign.Facts },
	}
	var whole Proof
	if err := json.Unmarshal(file, &whole); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]func(p *Proof) *string{
		"bytes":      func(p *Proof) *string { return &p.Facts[2].Bytes },
		"checkpoint": func(p *Proof) *string { return &p.Checkpoint },
		"complete":   func(p *Proof) *string { return &p.Complete },
	} {
		for i := range *text(&whole) {
			cases[fmt.Sprintf("%s byte %d", name, i)] = func(p *Proof) { flip(text(p), i) }
		}
	}
	for what, tamper := range cases {
		var p Proof
		if err := json.Unmarshal(file, &p); err != nil {
			t.Fatal(err)
		}
		tamper(&p)
		b, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if r, err := CheckProof(b, h.signer.Public); err == nil {
			t.Errorf("%s: accepted as %+v", what, r)
		}
	}
	for what, bad := range map[string]string{"nothing": "", "no JSON": "{", "other JSON": "[]", "more behind": string(file) + "{}", "unknown member": strings.Replace(string(file), `{"format"`, `{"note":1,"format"`, 1)} {
		if _, err := CheckProof([]byte(bad), ""); err == nil {
			t.Errorf("%s: accepted", what)
		}
	}
}

// A proof of one fact of a log of some thousand is at most 4 KB; each further
// fact costs its bytes and its path.
func TestAProofIsSmall(t *testing.T) {
	h := build(t, dbtest.Open(t, dbtest.SQLiteURL(t), nil))
	one, many := id.New(), id.New()
	for from := int64(1); from < 3000; from += 500 {
		h.say(many, from, from+499)
		if from == 1001 {
			h.say(one, 1, 1)
		}
	}
	h.drain()
	h.checkpoint()
	file := h.prove(one)
	if r, err := CheckProof(file, h.signer.Public); err != nil || len(r.Facts) != 1 || r.Checkpoint.Size != 3001 {
		t.Errorf("%+v %v", r, err)
	}
	if len(file) > 4<<10 {
		t.Errorf("a proof of one fact has %d bytes", len(file))
	}
	all := h.prove(many)
	if per := len(all) / 3000; per > 4<<10 {
		t.Errorf("a proof has %d bytes a fact", per)
	}
	t.Logf("one fact: %d bytes; 3000 facts: %d bytes a fact", len(file), len(all)/3000)
}

// Whatever is accepted under the key says what was signed.
func FuzzCheckProof(f *testing.F) {
	good, key := sampleProof(f)
	want, err := CheckProof(good, key)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"format":"mingfa-proof/1"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, _ = CheckProof(b, "")
		got, err := CheckProof(b, key)
		if err == nil && !reflect.DeepEqual(got, want) {
			t.Errorf("accepted %s as %+v", b, got)
		}
	})
}

// sampleProof makes a proof of three facts without a database.
func sampleProof(t testing.TB) ([]byte, string) {
	t.Helper()
	j := &Journal{signer: signer(t)}
	var tree growing
	p := Proof{Format: proofFormat}
	for rev := int64(1); rev <= 3; rev++ {
		e := full()
		e.Rev = rev
		b, err := encode(e, numberedID(9), goldenAt)
		if err != nil {
			t.Fatal(err)
		}
		if err := tree.add(b); err != nil {
			t.Fatal(err)
		}
		p.Facts = append(p.Facts, ProofFact{Leaf: rev - 1, Bytes: string(b)})
	}
	root, err := tlog.TreeHash(3, &tree)
	if err != nil {
		t.Fatal(err)
	}
	c := Checkpoint{Log: numberedID(8), Size: 3, Root: root, At: goldenAt}
	signed, err := note.Sign(&note.Note{Text: c.text()}, j.signer.sign)
	if err != nil {
		t.Fatal(err)
	}
	p.Checkpoint = string(signed)
	for i := range p.Facts {
		if p.Facts[i].Path, err = tlog.ProveRecord(3, int64(i), &tree); err != nil {
			t.Fatal(err)
		}
		p.Facts[i].Path = slices.Clone(p.Facts[i].Path)
	}
	if p.Complete, err = j.complete(p, c, numberedID(2)); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return b, j.signer.Public
}
