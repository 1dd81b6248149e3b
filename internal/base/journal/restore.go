package journal

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/note"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
)

// Hex is a hash in a fact.
type Hex string

// Reopened opens a log after a loss: what the old log had outside, and what of
// it is gone. It is leaf 0 of the new log.
type Reopened struct {
	Log      id.ID `json:"log"`       // the log that ends here
	LostFrom int64 `json:"lost_from"` // first leaf of it that is gone: so many are kept
	OldLog   id.ID `json:"old_log"`   // the log of the newest outside checkpoint, mostly the same
	OldSize  int64 `json:"old_size"`  // facts it has seen
	OldRoot  Hex   `json:"old_root"`
	LostTo   int64 `json:"lost_to"` // behind the last leaf of OldLog that is known to be gone
}

// Kind names the fact.
func (Reopened) Kind() string { return "journal.reopened" }

func init() { Register("journal.read", func() Event { return Reopened{} }) }

// Restore accepts that the facts between the database and the newest outside
// checkpoint are lost and opens a new log whose first leaf says so. No server
// runs meanwhile. before, if any, runs in the same transaction: it holds back outside effects, which the lost part
// may already have had. It returns what was lost.
func Restore(ctx context.Context, d *db.DB, c Config, before func(tx *db.Tx) error) (lost Reopened, err error) {
	j := &Journal{db: d, signer: c.Signer, outside: c.Outside, log: c.Log}
	var v note.Verifier
	if c.Signer != nil {
		if v, err = note.NewVerifier(c.Signer.Public); err != nil {
			return lost, err
		}
	}
	all, err := ReadOutside(c.Outside, v)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return lost, err
	}
	if len(all) == 0 {
		return lost, errors.New("there is no outside checkpoint, so nothing says that anything is lost")
	}
	if _, err := j.Sequence(ctx); err != nil {
		return lost, err
	}
	newest := newestOf(all)
	err = d.Do(ctx, system, func(tx *db.Tx) error {
		if err := covers(tx, newest); err == nil {
			return errors.New("the database has all that the newest outside checkpoint has seen; nothing is to be accepted")
		} else if !errors.Is(err, ErrBehind) {
			return err
		}
		h, ok, err := readHead(tx, true)
		if err != nil {
			return err
		}
		if !ok {
			return errors.New("a server is running on this database; stop it first")
		}
		lost = Reopened{Log: h.log, OldLog: newest.Log, OldSize: newest.Size, OldRoot: Hex(hex.EncodeToString(newest.Root[:])), LostFrom: h.size - h.base, LostTo: newest.Size}
		fresh := id.New()
		if err := j.newLog(tx, fresh, h.size); err != nil {
			return err
		}
		if err := Write(tx, Entry{Org: fresh, Root: fresh, Subject: fresh, Rev: 1, Event: lost, Refs: map[string]id.ID{"old_log": newest.Log}}); err != nil {
			return err
		}
		if n, err := j.number(tx, head{fresh, h.size, h.size}); err != nil || n != 1 {
			return fmt.Errorf("open the new log with %d facts, want 1: %w", n, err)
		}
		if before == nil {
			return nil
		}
		return before(tx)
	})
	if err != nil {
		return lost, err
	}
	if _, err := j.Sequence(ctx); err != nil {
		return lost, err
	}
	return lost, j.Checkpoint(ctx)
}
