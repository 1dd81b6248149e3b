package db_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"mingfa/internal/base/db"
)

// The log is copied into the file while writers go on, and does not grow without end.
func TestLogIsCopiedBesideTheWriter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log.db")
	d, err := db.Open(ctx, "sqlite:"+path, db.Options{Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	table(t, d)
	text := strings.Repeat("x", 3000) // a page each
	write := func(from, n int) {
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() {
				err := d.Do(ctx, test, func(tx *db.Tx) error {
					_, err := tx.Exec("INSERT INTO t (k, v) VALUES (?, ?)", from+i, text)
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	// Fewer pages than the log may have before the writer itself would copy it.
	write(0, 4000)
	for end := time.Now().Add(10 * time.Second); size(t, path) < 1000*4096; {
		if time.Now().After(end) {
			t.Fatalf("the file has %d bytes: nobody copied the log beside the writer", size(t, path))
		}
		time.Sleep(time.Millisecond)
	}
	for from := 10_000; from < 50_000; from += 4000 {
		write(from, 4000)
	}
	if most := int64(2 * 16_000 * 4096); size(t, path+"-wal") > most {
		t.Errorf("the log grew to %d bytes, more than %d", size(t, path+"-wal"), most)
	}
	if got, want := count(t, d), 44_000; got != want {
		t.Errorf("%d rows, wanted %d", got, want)
	}
}

func size(t *testing.T, path string) int64 {
	t.Helper()
	s, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return s.Size()
}
