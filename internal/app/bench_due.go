package app

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/id"
)

func init() { registerBench("due", benchDue) }

// benchDue measures how late rows fire: many pending, some falling due spread
// over one second, and then as many at one instant. Late is from the row's time
// to its effect being on disk.
func benchDue(ctx context.Context, b *Bench) error {
	var late struct {
		sync.Mutex
		took []time.Duration
	}
	r := due.NewRunner(b.DB, slog.Default())
	r.Handle("bench.wait", func(*db.Tx, due.Fired) error { return nil })
	r.Handle("bench.fire", func(tx *db.Tx, f due.Fired) error {
		if _, err := tx.Exec("UPDATE bench_fired SET n = n + 1 WHERE one = ?", int(f.At.UnixMilli()%64)); err != nil {
			return err
		}
		tx.After(func() {
			late.Lock()
			defer late.Unlock()
			late.took = append(late.took, b.DB.Now().Sub(f.At))
		})
		return nil
	})
	if err := b.pending(ctx); err != nil {
		return err
	}
	r.Start()
	defer r.Stop()
	for _, part := range []struct {
		name   string
		spread time.Duration
	}{{"lateness", time.Second}, {"lateness_at_once", 0}} {
		late.took = nil
		from := b.DB.Now().Add(2 * time.Second)
		err := b.sets(ctx, b.Size.Falling, func(i int) due.Row {
			return due.Row{Name: "x", Kind: "bench.fire", At: from.Add(part.spread * time.Duration(i) / time.Duration(b.Size.Falling)), Interactive: i%2 == 0}
		})
		if err != nil {
			return err
		}
		for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
			late.Lock()
			n := len(late.took)
			late.Unlock()
			if n >= b.Size.Falling {
				break
			}
			if time.Now().After(end) {
				return fmt.Errorf("only %d of %d rows fired in a minute", n, b.Size.Falling)
			}
		}
		b.reportTimes(part.name, late.took)
	}
	return nil
}

// pending sets the rows that wait, over the next day.
func (b *Bench) pending(ctx context.Context) error {
	err := b.DB.Do(ctx, benchActor, func(tx *db.Tx) error {
		if _, err := tx.Exec("CREATE TABLE bench_fired (one INTEGER PRIMARY KEY, n BIGINT NOT NULL)"); err != nil {
			return err
		}
		for i := range 64 {
			if _, err := tx.Exec("INSERT INTO bench_fired (one, n) VALUES (?, 0)", i); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	soon := b.DB.Now().Add(time.Hour)
	start := time.Now()
	err = b.sets(ctx, b.Size.Pending, func(i int) due.Row {
		return due.Row{Name: "wait", Kind: "bench.wait", At: soon.Add(time.Duration(i) * time.Second), Interactive: i%2 == 0}
	})
	b.Report("set_per_second_in_bulk", float64(b.Size.Pending)/time.Since(start).Seconds(), "1/s")
	return err
}

// sets sets n rows, 500 in one closure.
func (b *Bench) sets(ctx context.Context, n int, row func(i int) due.Row) error {
	for from := 0; from < n; from += 500 {
		err := b.DB.Do(ctx, benchActor, func(tx *db.Tx) error {
			for i := from; i < min(from+500, n); i++ {
				r := row(i)
				r.Org, r.Subject = b.Org, id.New()
				if err := due.Set(tx, r); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
