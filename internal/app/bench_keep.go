package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"mingfa/internal/base/id"
	"mingfa/internal/core/identity"
)

// What bench lists made can be kept (--keep DIR) and asked again: making a million
// orders takes minutes, asking for them is what is measured. The keys and the tokens of
// a bench's readers lie there too; nothing in it is of anybody.

// keptWorld is a listWorld on disk, as lists.json.
type keptWorld struct {
	Orders, Days, Lawyers int
	Day                   time.Time
	Orgs                  map[string]identity.Org
	Cast                  []identity.Org
	By                    map[id.ID][]id.ID // lawyers by organisation
	Readers               map[string]string // tokens, good for the hour of the bench's clock
}

func (w *listWorld) keptFile() string { return filepath.Join(w.b.Dir, "lists.json") }

// readKept takes up what an earlier run kept; false: there is nothing.
func (w *listWorld) readKept() (bool, error) {
	b, err := os.ReadFile(w.keptFile())
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(filepath.Join(w.b.Dir, "house")); err == nil {
			return false, fmt.Errorf("%s holds what a run began and didn't finish: delete it", w.b.Dir)
		}
		return false, nil
	}
	if err != nil {
		return false, err
	}
	var k keptWorld
	if err := json.Unmarshal(b, &k); err != nil {
		return false, fmt.Errorf("read %s: %w", w.keptFile(), err)
	}
	w.b.Size.Listed, w.b.Size.Days, w.b.Size.Lawyers = k.Orders, k.Days, k.Lawyers
	w.p, w.orgs, w.readers = &pattern{day: k.Day}, k.Orgs, k.Readers
	w.cast.orgs, w.cast.lawyers = k.Cast, k.By
	w.b.Report("orders kept", float64(k.Orders), "")
	return true, nil
}

// keep writes down what a later run must know.
func (w *listWorld) keep() error {
	s := w.b.Size
	b, err := json.Marshal(keptWorld{s.Listed, s.Days, s.Lawyers, w.p.day, w.orgs, w.cast.orgs, w.cast.lawyers, w.readers})
	if err != nil {
		return err
	}
	return os.WriteFile(w.keptFile(), b, 0o600)
}

// benchDir is an empty directory that goes when clear is called, or the one to keep.
func benchDir(keep string) (dir string, clear func(), err error) {
	if keep != "" {
		return keep, func() {}, os.MkdirAll(keep, 0o700)
	}
	dir, err = os.MkdirTemp("", "mingfa-bench-")
	return dir, func() { os.RemoveAll(dir) }, err //nolint:errcheck // the system clears what is left
}

// keptName is the name of the database that was kept on a server, or the fresh one
// that is from now on.
func (b *Bench) keptName(fresh string) (name string, there bool, err error) {
	file := filepath.Join(b.Dir, "database")
	known, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return fresh, false, os.WriteFile(file, []byte(fresh), 0o600)
	}
	return string(known), true, err
}
