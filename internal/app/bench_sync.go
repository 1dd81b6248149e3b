package app

import (
	"errors"
	"os"
	"slices"
	"syscall"
	"time"
)

// syncP50 measures the disk: the median of 200 appends of 4 KB with fdatasync,
// in ms. Figures of durable writing mean nothing without it.
func syncP50(dir string) (float64, error) {
	took := make([]time.Duration, 0, 200)
	err := syncing(dir, func(once func() error) error {
		for len(took) < cap(took) {
			start := time.Now()
			if err := once(); err != nil {
				return err
			}
			took = append(took, time.Since(start))
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	slices.Sort(took)
	return ms(took[len(took)/2]), nil
}

// besideEvery is how often the disk is tried while a load runs: seldom enough to
// be no load itself.
const besideEvery = 50 * time.Millisecond

// disk reports how long the disk took for a page while fn ran. What waits for the
// disk can't be quicker than it: where its p99 is bad, so is everybody's.
func (b *Bench) disk(fn func() error) error {
	var took []time.Duration
	over, tried := make(chan struct{}), make(chan error, 1)
	go func() {
		tried <- syncing(b.Dir, func(once func() error) error {
			for {
				select {
				case <-over:
					return nil
				default:
				}
				time.Sleep(besideEvery)
				start := time.Now()
				if err := once(); err != nil {
					return err
				}
				took = append(took, time.Since(start))
			}
		})
	}()
	err := fn()
	close(over)
	if err = errors.Join(err, <-tried); err == nil {
		b.reportTimes("disk", took)
	}
	return err
}

// syncing gives fn a page that is appended to a file and synced, each time it asks.
func syncing(dir string, fn func(once func() error) error) error {
	f, err := os.CreateTemp(dir, "fdatasync")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	page := make([]byte, 4096)
	return fn(func() error {
		if _, err := f.Write(page); err != nil {
			return err
		}
		return syscall.Fdatasync(int(f.Fd()))
	})
}

// cpu is the processor time that this program has taken.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// reportTimes reports the median, the 99th of a hundred, and the worst.
func (b *Bench) reportTimes(prefix string, took []time.Duration) {
	if len(took) == 0 {
		return
	}
	slices.Sort(took)
	b.Report(prefix+"_p50", ms(took[len(took)/2]), "ms")
	b.Report(prefix+"_p99", ms(took[len(took)*99/100]), "ms")
	b.Report(prefix+"_max", ms(took[len(took)-1]), "ms")
}
