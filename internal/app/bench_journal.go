package app

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/uptrace/bun"

	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
	"mingfa/internal/base/seal"
)

func init() { registerBench("journal", benchJournal) }

// registerBenchSaid makes the kind of the benches known, when one is run: their
// databases are thrown away, and a program that serves doesn't know the kind.
var registerBenchSaid = sync.OnceFunc(func() {
	journal.Register("bench.read", func() journal.Event { return benchSaid{} })
	say.Register(map[string]say.Texts{"fact.bench.said": {Hans: "性能测试", Hant: "效能測試", En: "A bench ran"}})
})

// benchSaid is the fact of the benches: as large as that of a message.
type benchSaid struct {
	N    int64     `json:"n"`
	Role benchRole `json:"role"`
}

type benchRole string

func (benchSaid) Kind() string { return "bench.said" }

// benchRow is a versioned row as rooms have them.
type benchRow struct {
	bun.BaseModel `bun:"table:bench_row"`
	ID            id.ID `bun:"type:uuid,pk"`
	Org           id.ID `bun:"type:uuid"`
	Rev           int64
	State         string
	Lawyer        id.ID `bun:"type:uuid"`
	AskedAt       db.Time
	AnswerBy      db.Time
}

// benchJournal measures how many verbs are stored and acknowledged a second
// while the sequencer, the checkpoints and one reaction run, and with them
// keeping up: what they have not done at the end is reported.
func benchJournal(ctx context.Context, b *Bench) error {
	j, err := b.journal(ctx)
	if err != nil {
		return err
	}
	err = b.DB.Do(ctx, benchActor, func(tx *db.Tx) error {
		_, err := tx.Exec("CREATE TABLE bench_seen (role TEXT PRIMARY KEY, n BIGINT NOT NULL)")
		return err
	})
	if err != nil {
		return err
	}
	j.React("bench", journal.Start, []string{"bench.said"}, func(tx *db.Tx, f journal.Fact) error {
		var s benchSaid
		if err := f.Decode(&s); err != nil {
			return err
		}
		return tx.Later(nil, "INSERT INTO bench_seen (role, n) VALUES (?, 1) ON CONFLICT (role) DO UPDATE SET n = bench_seen.n + 1", string(s.Role))
	})
	rows, err := b.rows(ctx)
	if err != nil {
		return err
	}
	j.Start()
	written := 0
	for _, part := range []struct {
		name string
		verb func(ctx context.Context, row id.ID, n int64) error
	}{{"facts", b.fact}, {"verbs", b.verb}, {"sealed_verbs", b.sealedVerb(ctx)}} {
		n, err := b.stretch(ctx, part.name, rows, part.verb)
		if err != nil {
			return errors.Join(err, j.Stop(ctx))
		}
		written += n
		if err := b.backlog(ctx, part.name, written); err != nil {
			return err
		}
	}
	if err := j.Stop(ctx); err != nil {
		return err
	}
	return b.caughtUp(ctx, j, written)
}

func (b *Bench) journal(ctx context.Context) (*journal.Journal, error) {
	return journal.Open(ctx, b.DB, journal.Config{Signer: b.Signer, Outside: b.Dir + "/checkpoints"})
}

// rows makes the rows that verbs change.
func (b *Bench) rows(ctx context.Context) ([]id.ID, error) {
	var rows []id.ID
	err := b.DB.Do(ctx, benchActor, func(tx *db.Tx) error {
		_, err := tx.Exec(`CREATE TABLE bench_row (id UUID PRIMARY KEY, org UUID NOT NULL, rev BIGINT NOT NULL, state TEXT NOT NULL,
			lawyer UUID, asked_at BIGINT NOT NULL, answer_by BIGINT NOT NULL)`)
		return err
	})
	for err == nil && len(rows) < b.Size.Rows {
		var some []benchRow
		for range min(500, b.Size.Rows-len(rows)) {
			some = append(some, benchRow{ID: id.New(), Org: b.Org, State: "assigned", Lawyer: id.New(), AskedAt: db.At(b.DB.Now()), AnswerBy: db.At(b.DB.Now())})
			rows = append(rows, some[len(some)-1].ID)
		}
		err = b.DB.Do(ctx, benchActor, func(tx *db.Tx) error {
			_, err := tx.NewInsert().Model(&some).Exec(tx.Ctx())
			return err
		})
	}
	return rows, err
}

// stretch lets all writers work for a while, each on rows of its own.
func (b *Bench) stretch(ctx context.Context, name string, rows []id.ID, verb func(ctx context.Context, row id.ID, n int64) error) (int, error) {
	var wg sync.WaitGroup
	took := make([][]time.Duration, b.Size.Writers)
	errs := make([]error, b.Size.Writers)
	start, worked := time.Now(), cpu()
	for w := range b.Size.Writers {
		wg.Go(func() {
			for n := 0; time.Since(start) < b.Size.Time && errs[w] == nil; n++ {
				row := rows[(n*b.Size.Writers+w)%len(rows)]
				begun := time.Now()
				errs[w] = verb(ctx, row, int64(n))
				took[w] = append(took[w], time.Since(begun))
			}
		})
	}
	wg.Wait()
	passed := time.Since(start)
	worked = cpu() - worked
	var all []time.Duration
	for _, t := range took {
		all = append(all, t...)
	}
	b.Report(name+"_per_second", float64(len(all))/passed.Seconds(), "1/s")
	b.Report(name+"_cpu_each", float64(worked.Microseconds())/float64(max(len(all), 1)), "us")
	b.reportTimes(name, all)
	return len(all), errors.Join(errs...)
}

// fact writes a fact only: the first of a fresh subject.
func (b *Bench) fact(ctx context.Context, row id.ID, n int64) error {
	return b.DB.Do(ctx, benchActor, func(tx *db.Tx) error {
		return journal.Write(tx, journal.Entry{Org: b.Org, Root: row, Subject: id.New(), Rev: 1, Event: benchSaid{n, "lawyer"}})
	})
}

// verb is a full one: select, versioned update, due, fact.
func (b *Bench) verb(ctx context.Context, row id.ID, n int64) error {
	return b.DB.Do(ctx, benchActor, func(tx *db.Tx) error { return b.change(tx, row, n, nil) })
}

// sealedVerb is a verb with something that a person said.
func (b *Bench) sealedVerb(ctx context.Context) func(context.Context, id.ID, int64) error {
	key, err := b.Keys.New(ctx, seal.Org, id.Nil)
	return func(ctx context.Context, row id.ID, n int64) error {
		if err != nil {
			return err
		}
		text, err := b.Keys.Seal(ctx, b.Org, key, "我在公司上班三年没有签劳动合同，被辞退后可以要求双倍工资吗？需要准备哪些证据？")
		if err != nil {
			return err
		}
		return b.DB.Do(ctx, benchActor, func(tx *db.Tx) error {
			return b.change(tx, row, n, map[string]seal.Sealed{"text": text})
		})
	}
}

func (b *Bench) change(tx *db.Tx, row id.ID, n int64, sealed map[string]seal.Sealed) error {
	var r benchRow
	if err := tx.Lock(tx.NewSelect().Model(&r).Where("id = ?", row)).Scan(tx.Ctx()); err != nil {
		return err
	}
	r.Rev++
	r.State, r.AnswerBy = "answered", db.At(tx.Now().Add(2*time.Hour))
	if err := tx.UpdateLater(nil, tx.NewUpdate().Model(&r).WherePK().Where("rev = ?", r.Rev-1)); err != nil {
		return err
	}
	err := due.Set(tx, due.Row{Org: b.Org, Subject: row, Name: "answer", Kind: "bench", At: r.AnswerBy.Time, Rule: "120min", Anchor: tx.Now(), Zone: "Asia/Shanghai", Interactive: true})
	if err != nil {
		return err
	}
	return journal.Write(tx, journal.Entry{Org: b.Org, Root: row, Subject: row, Rev: r.Rev, Event: benchSaid{n, "lawyer"}, Sealed: sealed})
}

// backlog reports what the sequencer and the reaction have still to do right
// when the writers stop.
func (b *Bench) backlog(ctx context.Context, name string, written int) error {
	return b.DB.View(ctx, benchActor, func(tx *db.Tx) error {
		size, err := journal.Size(tx)
		if err != nil {
			return err
		}
		var seen int64
		if err := tx.Row("SELECT coalesce(sum(n), 0) FROM bench_seen").Scan(&seen); err != nil {
			return err
		}
		b.Report(name+"_not_numbered_at_end", float64(int64(written)-size), "facts")
		b.Report(name+"_not_reacted_at_end", float64(int64(written)-seen), "facts")
		return nil
	})
}

// caughtUp checks that nothing was lost: each fact numbered and reacted to once.
func (b *Bench) caughtUp(ctx context.Context, j *journal.Journal, written int) error {
	if err := j.Drain(ctx); err != nil {
		return err
	}
	return b.DB.View(ctx, benchActor, func(tx *db.Tx) error {
		var seen int64
		if err := tx.Row("SELECT coalesce(sum(n), 0) FROM bench_seen").Scan(&seen); err != nil {
			return err
		}
		if size, err := journal.Size(tx); err != nil || size != int64(written) || seen != size {
			return fmt.Errorf("%d facts were acknowledged, %d have numbers, %d were reacted to: %w", written, size, seen, err)
		}
		return nil
	})
}
