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

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
)

// Proof is a file that shows, without this database, that facts were written
// and that none of their root is left out: each fact's bytes with its path to
// the root of a signed checkpoint, and a signed statement of how many facts the
// root has as of that checkpoint.
type Proof struct {
	Format     string      `json:"format"`
	Checkpoint string      `json:"checkpoint"`
	Complete   string      `json:"complete"` // signed: log, root, size, number of facts, hash over their leaf hashes
	Facts      []ProofFact `json:"facts"`
}

// ProofFact is one fact with its inclusion proof.
type ProofFact struct {
	Leaf  int64       `json:"leaf"` // in the checkpoint's log
	Bytes string      `json:"bytes"`
	Path  []tlog.Hash `json:"path"`
}

const proofFormat = "mingfa-proof/1"

// Prove makes the proof of all facts filed under root that the newest
// checkpoint covers. Without one yet (the first second of a log) it is
// unavailable: try again.
func (j *Journal) Prove(tx *db.Tx, org, root id.ID) (Proof, error) {
	c, ok, err := Newest(tx)
	if err != nil {
		return Proof{}, err
	}
	if !ok || j.signer == nil {
		return Proof{}, fault.New(fault.Unavailable, "journal.no_checkpoint")
	}
	h, _, err := readHead(tx, false)
	if err != nil {
		return Proof{}, err
	}
	facts, err := query(tx, "WHERE org = ? AND root = ? AND leaf >= ? AND leaf < ? ORDER BY leaf", org.String(), root.String(), h.base, h.base+c.Size)
	if err != nil {
		return Proof{}, err
	}
	p := Proof{Format: proofFormat, Checkpoint: c.Note}
	hashes := reader(chunks(tx, c.Log))
	for _, f := range facts {
		path, err := tlog.ProveRecord(c.Size, f.Leaf-h.base, hashes)
		if err != nil {
			return Proof{}, err
		}
		p.Facts = append(p.Facts, ProofFact{f.Leaf - h.base, string(f.Body), path})
	}
	p.Complete, err = j.complete(p, c.Checkpoint, root)
	return p, err
}

// complete signs how many facts a root has as of a checkpoint.
func (j *Journal) complete(p Proof, c Checkpoint, root id.ID) (string, error) {
	b, err := note.Sign(&note.Note{Text: completeText(p, c, root)}, j.signer.sign)
	return string(b), err
}

func completeText(p Proof, c Checkpoint, root id.ID) string {
	h := sha256.New()
	for _, f := range p.Facts {
		leaf := tlog.RecordHash([]byte(f.Bytes))
		h.Write(leaf[:])
	}
	return fmt.Sprintf("mingfa-root/%s\n%s\n%d\n%d\n%s\n", c.Log, root, c.Size, len(p.Facts), base64.StdEncoding.EncodeToString(h.Sum(nil)))
}

// ProofResult is what a checked proof shows.
type ProofResult struct {
	Checkpoint Checkpoint
	Root       id.ID
	Facts      []Fact
}

// maxProof bounds the file that CheckProof reads.
const maxProof = 64 << 20

// CheckProof checks a proof off line. With an empty public key it is checked
// only against itself.
func CheckProof(file []byte, public string) (r ProofResult, err error) {
	if len(file) > maxProof {
		return r, errors.New("the file is too large for a proof")
	}
	var p Proof
	d := json.NewDecoder(bytes.NewReader(file))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil || p.Format != proofFormat {
		return r, errors.New("this file is not a proof of mingfa")
	}
	if _, err := d.Token(); err != io.EOF {
		return r, errors.New("there is more in the file than a proof of mingfa")
	}
	var v note.Verifier
	if public != "" {
		if v, err = note.NewVerifier(public); err != nil {
			return r, errors.New("the key is not a verifier key")
		}
	}
	if r.Checkpoint, err = ParseCheckpoint(p.Checkpoint, v); err != nil {
		return r, err
	}
	for _, pf := range p.Facts {
		f, err := pf.check(r.Checkpoint)
		if err != nil {
			return r, err
		}
		if len(r.Facts) > 0 && f.Root != r.Facts[0].Root {
			return r, errors.New("the facts are of more than one root")
		}
		r.Facts = append(r.Facts, f)
	}
	return r, checkComplete(p, &r, v)
}

func (pf ProofFact) check(c Checkpoint) (Fact, error) {
	if err := tlog.CheckRecord(pf.Path, c.Size, c.Root, pf.Leaf, tlog.RecordHash([]byte(pf.Bytes))); err != nil {
		return Fact{}, fmt.Errorf("fact %d is not under the checkpoint", pf.Leaf)
	}
	f, err := parse([]byte(pf.Bytes))
	f.Leaf = pf.Leaf
	return f, err
}

// checkComplete checks that no fact was left out or put in.
func checkComplete(p Proof, r *ProofResult, v note.Verifier) error {
	text, _, ok := strings.Cut(p.Complete, "\n\n")
	if !ok {
		return errors.New("the statement of completeness is missing")
	}
	text += "\n"
	if v != nil {
		var err error
		if text, err = openNote(p.Complete, v); err != nil {
			return errors.New("the signature of the statement of completeness does not hold")
		}
	}
	lines := strings.Split(text, "\n")
	if len(lines) < 4 {
		return errors.New("the statement of completeness can't be read")
	}
	root, err := id.Parse(lines[1])
	if err != nil {
		return errors.New("the statement of completeness can't be read")
	}
	if n, err := strconv.Atoi(lines[3]); err != nil || n != len(p.Facts) {
		return fmt.Errorf("the file has %d facts, the statement says %s", len(p.Facts), lines[3])
	}
	r.Root = root
	if text != completeText(p, r.Checkpoint, root) || len(r.Facts) > 0 && r.Facts[0].Root != root {
		return errors.New("the facts are not those of the statement")
	}
	return nil
}
