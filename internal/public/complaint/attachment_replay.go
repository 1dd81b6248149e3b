package complaint

import (
	"context"
	"fmt"

	"mingfa/internal/base/attach"
	"mingfa/internal/base/blob"
	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
)

// Files follows attachments fact by fact. Compare holds the rows against the
// facts, Check the bytes against what the facts committed to.
type Files struct {
	told map[id.ID]toldFile
}

// toldFile is what the facts say of an attachment.
type toldFile struct {
	AttachedFact
	complaint, name id.ID
}

// NewFiles has seen nothing yet.
func NewFiles() *Files { return &Files{told: map[id.ID]toldFile{}} }

// Kinds are the facts that Apply understands.
func (*Files) Kinds() []string { return []string{"complaint.attached"} }

// Apply takes the next fact.
func (x *Files) Apply(f journal.Fact) error {
	t := toldFile{complaint: f.Root, name: f.Sealed["name"].ID}
	if err := f.Decode(&t.AttachedFact); err != nil {
		return err
	}
	x.told[f.Subject] = t
	return nil
}

// Compare tells the first row that is not what the facts say.
func (x *Files) Compare(tx *db.Tx) error {
	rows, err := allAttachments(tx)
	if err != nil {
		return err
	}
	for _, r := range rows {
		t, ok := x.told[r.ID]
		if !ok {
			return fmt.Errorf("complaint_attachment: attachment %s has no fact", r.ID)
		}
		if r.Complaint != t.complaint || r.Name != t.name || r.N != t.N || r.Own != t.Own || r.Kind != t.Type || r.Size != t.Size || r.File != t.File {
			return fmt.Errorf("complaint_attachment: attachment %s of complaint %s is not what its fact says", r.ID, r.Complaint)
		}
	}
	if len(rows) != len(x.told) {
		return fmt.Errorf("complaint_attachment: %d attachments have facts, %d have rows", len(x.told), len(rows))
	}
	return nil
}

// Check reads every file and tells the first that is not the one its fact committed
// to: altered, exchanged or missing. A file whose key was destroyed is erased, and
// counted so. count may be nil.
func (x *Files) Check(ctx context.Context, d *db.DB, blobs *blob.Blobs, count map[seal.State]int) error {
	for i, t := range x.told {
		state, err := attach.Check(ctx, d, blobs, t.File, t.Content, t.Size)
		if err != nil {
			return fmt.Errorf("complaint_attachment: attachment %s of complaint %s: %w", i, t.complaint, err)
		}
		if count != nil {
			count[state]++
		}
		if state == seal.Bad {
			return fmt.Errorf("complaint_attachment: the file of attachment %s of complaint %s is missing, or is not what its fact committed to", i, t.complaint)
		}
	}
	return nil
}
