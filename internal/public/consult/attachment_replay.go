package consult

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
	order, name id.ID
}

// NewFiles has seen nothing yet.
func NewFiles() *Files { return &Files{told: map[id.ID]toldFile{}} }

// Kinds are the facts that Apply understands.
func (*Files) Kinds() []string { return []string{"consult.attached"} }

// Apply takes the next fact.
func (x *Files) Apply(f journal.Fact) error {
	t := toldFile{order: f.Root, name: f.Sealed["name"].ID}
	if err := f.Decode(&t.AttachedFact); err != nil {
		return err
	}
	x.told[f.Subject] = t
	return nil
}

// Compare tells the first row that is not what the facts say. Files that were not
// sent have no fact yet.
func (x *Files) Compare(tx *db.Tx) error {
	var rows []attachmentRow
	if err := tx.NewSelect().Model(&rows).Where("place <> ?", Unsent).Scan(tx.Ctx()); err != nil {
		return err
	}
	seen := map[id.ID]bool{}
	for _, r := range rows {
		t, ok := x.told[r.ID]
		if !ok {
			return fmt.Errorf("consult_attachment: attachment %s has no fact", r.ID)
		}
		if r.Order != t.order || r.Name != t.name || r.N != t.N || r.Role != t.Role || r.Place != t.Place || r.Message != t.Message ||
			r.Kind != t.Type || r.Size != t.Size || r.File != t.File {
			return fmt.Errorf("consult_attachment: attachment %s of order %s is not what its fact says", r.ID, r.Order)
		}
		seen[r.ID] = true
	}
	for i, t := range x.told {
		if !seen[i] {
			return fmt.Errorf("consult_attachment: attachment %s of order %s has a fact and no row", i, t.order)
		}
	}
	return nil
}

// Told are the files with what they belong to, for attach.Check.
func (x *Files) Told() []attach.Told {
	var out []attach.Told
	for i, t := range x.told {
		out = append(out, attach.Told{Name: fmt.Sprintf("attachment %s of order %s", i, t.order), File: t.File, Content: t.Content, Size: t.Size})
	}
	return out
}
