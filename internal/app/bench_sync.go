package app

import (
	"os"
	"slices"
	"syscall"
	"time"
)

// syncP50 measures the disk: the median of 200 appends of 4 KB with fdatasync,
// in ms. Figures of durable writing mean nothing without it.
func syncP50(dir string) (float64, error) {
	f, err := os.CreateTemp(dir, "fdatasync")
	if err != nil {
		return 0, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	page := make([]byte, 4096)
	took := make([]time.Duration, 200)
	for i := range took {
		start := time.Now()
		if _, err := f.Write(page); err != nil {
			return 0, err
		}
		if err := syscall.Fdatasync(int(f.Fd())); err != nil {
			return 0, err
		}
		took[i] = time.Since(start)
	}
	slices.Sort(took)
	return ms(took[len(took)/2]), nil
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
