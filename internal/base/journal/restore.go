package journal

import (
	"context"
	"encoding/hex"
	"errors"
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
	OldLog   id.ID `json:"old_log"`
	OldSize  int64 `json:"old_size"` // facts the newest outside checkpoint has seen
	OldRoot  Hex   `json:"old_root"`
	LostFrom int64 `json:"lost_from"` // first leaf of the old log that is gone
	LostTo   int64 `json:"lost_to"`   // behind the last
}

// Kind names the fact.
func (Reopened) Kind() string { return "journal.reopened" }

func init() { Register("journal.read", func() Event { return Reopened{} }) }

// Restore accepts that the facts between the database and the newest outside
// checkpoint are lost and opens a new log whose first leaf says so. before runs
// in the same transaction: it holds back outside effects, which the lost part
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
	newest := all[len(all)-1]
	err = d.Do(ctx, system, func(tx *db.Tx) error {
		if err := covers(tx, newest); err == nil {
			return errors.New("the database has all that the newest outside checkpoint has seen; nothing is to be accepted")
		} else if !errors.Is(err, ErrBehind) {
			return err
		}
		if before != nil {
			if err := before(tx); err != nil {
				return err
			}
		}
		h, _, err := readHead(tx, true)
		if err != nil {
			return err
		}
		lost = Reopened{OldLog: newest.Log, OldSize: newest.Size, OldRoot: Hex(hex.EncodeToString(newest.Root[:])), LostFrom: h.size - h.base, LostTo: newest.Size}
		fresh := id.New()
		if err := j.newLog(tx, fresh, h.size); err != nil {
			return err
		}
		return Write(tx, Entry{Org: fresh, Root: fresh, Subject: fresh, Rev: 1, Event: lost, Refs: map[string]id.ID{"old_log": newest.Log}})
	})
	if err != nil {
		return lost, err
	}
	if _, err := j.Sequence(ctx); err != nil {
		return lost, err
	}
	return lost, j.Checkpoint(ctx)
}
