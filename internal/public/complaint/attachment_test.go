package complaint

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/attach"
	"mingfa/internal/base/attach/attachtest"
	"mingfa/internal/base/blob"
	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/who"
)

// shot is a small picture; words stand behind its end, where viewers don't look.
func shot(t testing.TB, words string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewPaletted(image.Rect(0, 0, 7, 5), color.Palette{color.White, color.Black})); err != nil {
		t.Fatal(err)
	}
	return append(b.Bytes(), words...)
}

func letter(words string) []byte {
	return []byte("%PDF-1.7\n" + words + "\nstartxref\n9\n%%EOF\n")
}

// add adds a file that has to be taken.
func (h *room) add(a who.Actor, c *Complaint, name string, content []byte) *attachmentRow {
	h.T.Helper()
	row, err := h.Attach(h.T.Context(), a, c.ID, id.New(), name, bytes.NewReader(content), int64(len(content)))
	h.Must(err)
	return row
}

// reads gives the content and name of a file as an actor gets them.
func (h *room) reads(a who.Actor, complaint, file id.ID) (content, name string, err error) {
	h.T.Helper()
	f, err := h.OpenFile(h.T.Context(), a, complaint, file)
	if err != nil {
		return "", "", err
	}
	defer f.Content.Close()
	b, err := io.ReadAll(f.Content)
	return string(b), f.Name, err
}

// The citizen adds a picture, the staff a letter; who may see the complaint reads
// both, and that he did is a fact; the lawyer and all others find nothing.
//
// req: B7.1.2.3a
func TestFilesAreAPartOfTheComplaint(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		c, picture, pdf := h.complain("截图见附件"), shot(t, "PLANTED"), letter("PLANTED")
		mine := h.add(h.citizen, c, "../聊天 截图.exe", picture)
		theirs := h.add(h.ops, c, "", pdf)
		if mine.N != 1 || !mine.Own || mine.Kind != blob.PNG || mine.Width != 7 || theirs.N != 2 || theirs.Own || theirs.Kind != blob.PDF {
			t.Errorf("kept as %+v and %+v", mine, theirs)
		}
		again, err := h.Attach(t.Context(), h.citizen, c.ID, mine.ID, "another name", strings.NewReader("no picture at all"), -1)
		h.Must(err)
		if again.File != mine.File || again.N != 1 {
			t.Error("a repeat made something else")
		}
		for name, a := range h.everybody() {
			got, called, err := h.reads(a, c.ID, mine.ID)
			_, _, gone := h.reads(a, c.ID, id.New())
			_, listed := h.See(t.Context(), a, c.ID, say.Hans)
			switch name {
			case "citizen", "ops", "quality", "bureau":
				if err != nil || got != string(picture) || !strings.HasSuffix(called, ".png") || strings.ContainsAny(called, "/\\") || listed != nil {
					t.Errorf("%s reads %d bytes of %q: %v", name, len(got), called, err)
				}
				if got, called, err := h.reads(a, c.ID, theirs.ID); err != nil || got != string(pdf) || called != "1.pdf" {
					t.Errorf("%s reads %d bytes of %q: %v", name, len(got), called, err)
				}
			default:
				if err == nil || err.Error() != gone.Error() {
					t.Errorf("%s: %v, and of what is nowhere %v", name, err, gone)
				}
				if _, err := h.Attach(t.Context(), a, c.ID, id.New(), "", bytes.NewReader(picture), -1); err == nil || err.Error() != gone.Error() {
					t.Errorf("%s adds: %v", name, err)
				}
			}
		}
		_, _, err = h.reads(h.citizen, h.complain("another").ID, mine.ID)
		h.Refused(err, fault.Absent, "fault.absent")
		_, err = h.Attach(t.Context(), h.bureau, c.ID, id.New(), "", bytes.NewReader(picture), -1) // sees, and adds nothing
		h.Refused(err, fault.Absent, "fault.absent")
		if n := strings.Count(h.facts(c), "opened"); n != 5 { // ops one, quality and bureau two: nobody his own
			t.Errorf("%d openings are noted: %s", n, h.facts(c))
		}
		if v, err := h.See(t.Context(), h.citizen, c.ID, say.En); err != nil || len(v.wire(say.En).Attachments) != 2 || strings.Count(logOf(v), "was added") != 2 || strings.Contains(logOf(v), "opened") {
			t.Errorf("the citizen sees %+v, %v", v.Log, err)
		}
		h.compareFiles("")
		h.Settle()
	})
}

func logOf(v *Seen) string {
	var out []string
	for _, l := range v.Log {
		out = append(out, l.Sentence)
	}
	return strings.Join(out, "\n")
}

// What is too large, of another kind, one too many or too late is refused, and leaves
// nothing.
func TestFilesThatAComplaintDoesNotTake(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		c := h.complain("x")
		try := func(r io.Reader, size int64) error {
			_, err := h.Attach(t.Context(), h.citizen, c.ID, id.New(), "x.png", r, size)
			return err
		}
		h.Refused(try(strings.NewReader("MZ this is a program"), -1), fault.WrongType, "blob.wrong_type")
		h.Refused(try(bytes.NewReader(shot(t, "")), attach.MaxFile+1), fault.TooLarge, "attach.too_large")
		h.Refused(try(io.MultiReader(bytes.NewReader(shot(t, "")), io.LimitReader(zeros{}, attach.MaxFile)), -1), fault.TooLarge, "attach.too_large")
		_, err := h.Attach(t.Context(), h.citizen, c.ID, id.Nil, "", bytes.NewReader(shot(t, "")), -1)
		h.Refused(err, fault.Invalid, "fault.id")
		taken := h.add(h.ops, c, "", shot(t, ""))
		_, err = h.Attach(t.Context(), h.citizen, c.ID, taken.ID, "", bytes.NewReader(shot(t, "")), -1)
		h.Refused(err, fault.Conflict, "fault.conflict")
		for range MaxFiles - 1 {
			h.add(h.citizen, c, "", shot(t, ""))
		}
		h.Refused(try(bytes.NewReader(shot(t, "")), -1), fault.Conflict, "complaint.attachments_full")
		for range 2 {
			c := h.complain("more")
			for range MaxFiles {
				h.add(h.citizen, c, "", shot(t, ""))
			}
		}
		c = h.complain("still more")
		h.add(h.citizen, c, "", shot(t, "")) // the 60th
		h.Refused(try(bytes.NewReader(shot(t, "")), -1), fault.TooMany, "fault.too_many")
		h.After(25 * time.Hour)
		h.add(h.citizen, c, "", shot(t, ""))
		h.register(c)
		h.Must(h.close(c))
		h.Refused(try(bytes.NewReader(shot(t, "")), -1), fault.Conflict, "complaint.already_closed")
		if n := h.stored(); n != MaxDailyFiles+2 {
			t.Errorf("%d files are stored", n)
		}
		h.Settle()
	})
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// stored counts the sealed files that lie in the directory.
func (h *room) stored() (n int) {
	h.T.Helper()
	h.Must(filepath.WalkDir(h.files, func(_ string, e os.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			n++
		}
		return err
	}))
	return n
}

// compareFiles follows the facts of attachments and demands what verify says of them.
func (h *room) compareFiles(want string) map[seal.State]int {
	h.T.Helper()
	h.Must(h.Journal.Drain(h.T.Context()))
	return attachtest.Verify(h.T, h.DB, h.Blobs, NewFiles(), want)
}

// A row or a file that is not what its fact says is found and named; no row is
// deleted; and with the person's key his files are gone, and counted as erased.
func TestAlteredFilesOfComplaintsAreFound(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		c := h.complain("x")
		row := h.add(h.citizen, c, "x", shot(t, "PLANTED"))
		exec := func(query string) error {
			return h.DB.Do(t.Context(), setup, func(tx *db.Tx) error { _, err := tx.Exec(query); return err })
		}
		for _, x := range []struct{ set, back string }{{"size = size + 1", "size = size - 1"}, {"kind = 'pdf'", "kind = 'png'"}, {"n = 9", "n = 1"}, {"own = NOT own", "own = NOT own"}} {
			h.Must(exec("UPDATE complaint_attachment SET " + x.set))
			h.compareFiles(row.ID.String())
			h.Must(exec("UPDATE complaint_attachment SET " + x.back))
		}
		if exec("DELETE FROM complaint_attachment") == nil {
			t.Error("a file of a complaint can be deleted")
		}
		if n := h.compareFiles("")[seal.OK]; n != 1 {
			t.Errorf("%d files are right", n)
		}
		var name string
		h.View(func(tx *db.Tx) error {
			return tx.Row("SELECT name FROM blob_object WHERE id = ?", row.File.String()).Scan(&name)
		})
		path := filepath.Join(h.files, name[:2], name)
		sealed, err := os.ReadFile(path)
		h.Must(err)
		if bytes.Contains(sealed, []byte("PLANTED")) {
			t.Error("the file lies in the clear")
		}
		h.Must(os.Remove(path))
		h.compareFiles("the file of attachment " + row.ID.String())
		h.Must(os.WriteFile(path, sealed, 0o600))
		h.compareFiles("")
		h.admin.Scope = h.root.Path
		h.Must(h.People.Erase(t.Context(), h.admin, h.citizen.Person, "request"))
		_, _, err = h.reads(h.ops, c.ID, row.ID)
		h.Refused(err, fault.Absent, "fault.absent")
		if n := h.compareFiles("")[seal.Erased]; n != 1 {
			t.Errorf("%d files are erased", n)
		}
		_, err = h.Attach(t.Context(), h.ops, c.ID, id.New(), "", bytes.NewReader(shot(t, "")), -1)
		if err == nil || errors.Is(err, seal.ErrErased) {
			t.Errorf("a file for an erased person: %v", err)
		}
	})
}
