package app

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
)

func init() { registerBench("verify", benchVerify) }

// benchVerify measures how long it takes to prove a long log, and how large the
// proof of one fact of it is.
func benchVerify(ctx context.Context, b *Bench) error {
	j, err := b.journal(ctx)
	if err != nil {
		return err
	}
	start := time.Now()
	var last id.ID
	for from := 0; from < b.Size.Facts; from += 500 {
		err := b.DB.Do(ctx, benchActor, func(tx *db.Tx) error {
			for i := from; i < min(from+500, b.Size.Facts); i += 10 {
				last = id.New()
				for rev := int64(1); rev <= int64(min(10, b.Size.Facts-i)); rev++ {
					e := journal.Entry{Org: b.Org, Root: last, Subject: last, Rev: rev, Event: benchSaid{rev, "lawyer"}}
					if err := journal.Write(tx, e); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	b.Report("write_in_bulk", time.Since(start).Seconds(), "s")
	start = time.Now()
	if _, err := j.Sequence(ctx); err != nil {
		return err
	}
	b.Report("number_and_hash", time.Since(start).Seconds(), "s")
	if err := j.Checkpoint(ctx); err != nil {
		return err
	}
	start = time.Now()
	r, err := journal.Verify(ctx, journal.Audit{DB: b.DB, Public: b.Signer.Public, Signer: b.Signer, Keys: b.Keys})
	if err != nil {
		return err
	}
	if r.Facts != int64(b.Size.Facts) || r.Unsealed != 0 {
		return fmt.Errorf("verify counts %d facts, %d unsealed", r.Facts, r.Unsealed)
	}
	b.Report("facts", float64(r.Facts), "facts")
	b.Report("verify", time.Since(start).Seconds(), "s")
	return b.proof(ctx, j, last)
}

// proof reports the size of the proof of one fact: a root of ten, less nine.
func (b *Bench) proof(ctx context.Context, j *journal.Journal, root id.ID) error {
	return b.DB.View(ctx, benchActor, func(tx *db.Tx) error {
		start := time.Now()
		p, err := j.Prove(tx, b.Org, root)
		if err != nil {
			return err
		}
		b.Report("make_proof", ms(time.Since(start)), "ms")
		all, err := json.Marshal(p)
		if err != nil {
			return err
		}
		if _, err := journal.CheckProof(all, b.Signer.Public); err != nil {
			return err
		}
		b.Report("proof_of_ten", float64(len(all)), "bytes")
		p.Facts = p.Facts[:1] // as large as one would be
		one, err := json.Marshal(p)
		b.Report("proof", float64(len(one)), "bytes")
		return err
	})
}
