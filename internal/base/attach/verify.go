package attach

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"mingfa/internal/base/blob"
	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/who"
)

// AnySize is for a file whose fact does not tell its size.
const AnySize = -1

// Told is a file that a fact tells of, as a room's replay gives it to verify.
type Told struct {
	Name    string // what it is and belongs to, by IDs: "attachment X of order Y"
	File    id.ID  // the blob
	Content blob.Commitment
	Size    int64 // bytes, or AnySize
}

// Check reads files and names one that is not what its fact committed to: altered,
// exchanged or missing; the first by ID, so that two runs name the same. A file whose
// key was destroyed is erased, and counted so. count may be nil.
func Check(ctx context.Context, d *db.DB, blobs *blob.Blobs, files []Told, count map[seal.State]int) error {
	files = slices.SortedFunc(slices.Values(files), func(a, b Told) int { return bytes.Compare(a.File[:], b.File[:]) })
	for _, f := range files {
		state, err := f.state(ctx, d, blobs)
		if err != nil {
			return fmt.Errorf("the file of %s: %w", f.Name, err)
		}
		if count != nil {
			count[state]++
		}
		if state == seal.Bad {
			return fmt.Errorf("the file of %s is missing, or is not what its fact committed to", f.Name)
		}
	}
	return nil
}

func (f Told) state(ctx context.Context, d *db.DB, blobs *blob.Blobs) (seal.State, error) {
	var b blob.Blob
	err := d.View(ctx, who.System("verify"), func(tx *db.Tx) (err error) { b, err = blob.Find(tx, f.File); return err })
	switch {
	case fault.Is(err, fault.Absent):
		return seal.Bad, nil
	case err != nil:
		return "", err
	case b.Commitment != f.Content || f.Size != AnySize && b.Size != f.Size:
		return seal.Bad, nil
	}
	return blobs.Check(ctx, b)
}
