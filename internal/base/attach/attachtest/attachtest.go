// Package attachtest checks a room's files in its tests as mingfa verify does.
package attachtest

import (
	"strings"
	"testing"

	"mingfa/internal/base/attach"
	"mingfa/internal/base/blob"
	"mingfa/internal/base/db"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/who"
)

// Replay is a room's replay of the facts about its files.
type Replay interface {
	journal.Replay
	Told() []attach.Told
}

// Verify follows the facts that are numbered, holds the rows and then the files
// against them, and demands what is said: nothing, where want is "", and else one line
// that holds want. It gives how many files are in which state.
func Verify(t testing.TB, d *db.DB, blobs *blob.Blobs, x Replay, want string) map[seal.State]int {
	t.Helper()
	var compared error
	err := d.View(t.Context(), who.System("verify"), func(tx *db.Tx) error {
		size, err := journal.Size(tx)
		if err != nil {
			return err
		}
		facts, err := journal.Between(tx, x.Kinds(), 0, size)
		if err != nil {
			return err
		}
		for _, f := range facts {
			if err := x.Apply(f); err != nil {
				return err
			}
		}
		compared = x.Compare(tx)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	count := map[seal.State]int{}
	if compared == nil {
		compared = attach.Check(t.Context(), d, blobs, x.Told(), count)
	}
	if want == "" && compared != nil || want != "" && (compared == nil || !strings.Contains(compared.Error(), want)) {
		t.Errorf("said %v, wanted %q", compared, want)
	}
	return count
}
