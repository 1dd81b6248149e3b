package complaint

import (
	"fmt"

	"mingfa/internal/base/attach"
	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
)

// Files follows attachments fact by fact. Compare holds the rows against the facts;
// attach.Check holds the bytes against what Told says that they committed to.
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

// Told are the files with what they belong to, for attach.Check.
func (x *Files) Told() []attach.Told {
	var out []attach.Told
	for i, t := range x.told {
		out = append(out, attach.Told{Name: fmt.Sprintf("attachment %s of complaint %s", i, t.complaint), File: t.File, Content: t.Content, Size: t.Size})
	}
	return out
}
