package journal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/seal"
)

// Replay computes a room's rows again from the facts. Kinds says which facts it
// wants; Compare is called after the last one and returns the first row that is
// not what the facts say.
type Replay interface {
	Kinds() []string
	Apply(f Fact) error
	Compare(tx *db.Tx) error
}

// Audit is what Verify is to check, and against what.
type Audit struct {
	DB      *db.DB
	Keys    *seal.Keys    // nil: contents are not checked
	Public  string        // verifier key; "": signatures are not checked
	Signer  *Signer       // nil: the journal's bookkeeping rows are not checked
	Outside []Checkpoint  // checkpoints kept outside, signatures already checked
	Replays []Replay      // rooms whose rows are compared
	Tick    func(n int64) // told now and then how many facts are done; may be nil
}

// Result is what Verify counted.
type Result struct {
	Facts, Unsealed int64
	Root            tlog.Hash // of the present log
	Lost            []Reopened
	Content         map[seal.State]int
}

// verifyPart is how many facts are read in one View, which lasts 30 s at most.
// A long log is read in parts, each of them complete because leaves are never
// changed; the last part and everything that moves are read in one snapshot,
// so that a server may run meanwhile.
const verifyPart = 50_000

// Verify reads the whole journal and returns the first thing that does not hold.
func Verify(ctx context.Context, a Audit) (Result, error) {
	v := &verifier{Audit: a, ctx: ctx, revs: map[id.ID]int64{}, wants: map[string][]Replay{}}
	for _, p := range a.Replays {
		for _, k := range p.Kinds() {
			v.wants[k] = append(v.wants[k], p)
		}
	}
	if a.Public != "" {
		var err error
		if v.key, err = note.NewVerifier(a.Public); err != nil {
			return v.result, fmt.Errorf("the key is not a verifier key: %w", err)
		}
	}
	if err := v.inView(func(tx *db.Tx) (err error) { v.logs, err = readLogs(tx); return err }); err != nil {
		return v.result, err
	}
	for i := range v.logs {
		if err := v.ahead(&v.logs[i]); err != nil {
			return v.result, err
		}
	}
	if err := v.inView(v.snapshot); err != nil {
		return v.result, err
	}
	return v.result, v.contents()
}

type verifier struct {
	Audit
	ctx    context.Context
	key    note.Verifier
	logs   []logState
	revs   map[id.ID]int64
	claims []seal.Claim
	wants  map[string][]Replay
	result Result
	newest time.Time // at of the youngest fact
	row    factRow
	buf    []byte
}

// logState is one log and what was read of it.
type logState struct {
	log       id.ID
	base, end int64
	made      int64
	mac       []byte
	tree      growing
	first     Fact  // the fact that opens a log after a loss
	signed    int64 // size of the newest checkpoint
	signedAt  time.Time
	next      int64 // position of the next fact to read
}

func (v *verifier) inView(fn func(tx *db.Tx) error) error { return v.DB.View(v.ctx, system, fn) }

// ahead reads the facts of a log, but for the last part of the present one.
func (v *verifier) ahead(l *logState) error {
	present := l == &v.logs[len(v.logs)-1]
	l.tree.expect(l.end - l.base)
	for l.next < l.end && !(present && l.end-l.next <= verifyPart) {
		if err := v.inView(func(tx *db.Tx) error { return v.facts(tx, l, min(l.next+verifyPart, l.end)) }); err != nil {
			return err
		}
	}
	return nil
}

// snapshot checks the rest in one snapshot: the newest facts, the stored trees,
// the signatures, the bookkeeping, and the rooms' rows.
func (v *verifier) snapshot(tx *db.Tx) error {
	now, err := readLogs(tx)
	if err != nil {
		return err
	}
	last := len(v.logs) - 1
	if len(now) != last+1 || now[last].log != v.logs[last].log || now[last].end < v.logs[last].next {
		return errors.New("journal_log: the logs changed while they were read; run it again when the restore is done")
	}
	present := &v.logs[last]
	present.end = now[last].end
	for _, check := range []func(*db.Tx) error{
		func(tx *db.Tx) error { return v.facts(tx, present, present.end) },
		v.unnumbered, v.beyond, v.trees, v.head, v.unsigned, v.outside, v.bookkeeping,
	} {
		if err := check(tx); err != nil {
			return err
		}
	}
	for _, p := range v.Replays {
		if err := p.Compare(tx); err != nil {
			return err
		}
	}
	return nil
}

// contents checks what persons said against what the facts committed to.
func (v *verifier) contents() error {
	v.result.Content = map[seal.State]int{}
	if v.Keys == nil {
		return nil
	}
	for len(v.claims) > 0 {
		part := v.claims[:min(len(v.claims), 5000)]
		v.claims = v.claims[len(part):]
		err := v.inView(func(tx *db.Tx) error {
			states, err := v.Keys.Check(v.ctx, tx, part...)
			if err != nil {
				return err
			}
			for i, s := range states {
				v.result.Content[s]++
				if s == seal.Bad && err == nil {
					err = fmt.Errorf("seal_text: content %s is not what its fact committed to", part[i].ID)
				}
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
