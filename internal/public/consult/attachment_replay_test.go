package consult

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"mingfa/internal/base/attach/attachtest"
	"mingfa/internal/base/blob"
	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/seal"
	"mingfa/internal/public/lawyer"
)

// compareFiles follows the facts of attachments and demands what verify says of them.
func (h *room) compareFiles(want string) map[seal.State]int {
	h.T.Helper()
	h.Must(h.Journal.Drain(h.T.Context()))
	return attachtest.Verify(h.T, h.DB, h.Blobs, NewFiles(), want)
}

// A row or a file that is not what its fact says is found and named.
func TestAlteredAttachmentsAreFound(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		citizen, n := h.NewCitizen(), id.New()
		file := h.upload(citizen, n, picture(t, blob.PNG, ""))
		other := h.upload(citizen, n, picture(t, blob.PNG, "x"))
		h.askWith(citizen, n, Attach{file, ""}, Attach{other, ""})
		h.upload(citizen, id.New(), picture(t, blob.PNG, "")) // not sent: no fact, no difference
		h.compareFiles("")
		for _, c := range []struct{ set, back string }{
			{"place = 'answer'", "place = 'question'"}, {"size = size + 1", "size = size - 1"}, {"kind = 'pdf'", "kind = 'png'"},
			{"n = 9", "n = 1"}, {"role = 'lawyer'", "role = 'citizen'"}, {"place = 'unsent'", "place = 'question'"},
		} {
			h.exec("UPDATE consult_attachment SET "+c.set+" WHERE id = ?", file.String())
			h.compareFiles(file.String())
			h.exec("UPDATE consult_attachment SET "+c.back+" WHERE id = ?", file.String())
		}
		h.compareFiles("")
		var name string
		h.View(func(tx *db.Tx) error {
			return tx.Row("SELECT name FROM blob_object WHERE id = (SELECT file FROM consult_attachment WHERE id = ?)", file.String()).Scan(&name)
		})
		path := filepath.Join(h.Files, name[:2], name)
		sealed, err := os.ReadFile(path)
		h.Must(err)
		sealed[len(sealed)-1] ^= 1
		h.Must(os.WriteFile(path, sealed, 0o600))
		h.compareFiles("the file of attachment " + file.String())
		h.Must(os.Remove(path))
		h.compareFiles("the file of attachment " + file.String())
		sealed[len(sealed)-1] ^= 1
		h.Must(os.WriteFile(path, sealed, 0o600))
		h.compareFiles("")
		h.exec("DELETE FROM blob_object WHERE name = ?", name)
		h.compareFiles("the file of attachment " + file.String())
	})
}

// Erasing the citizen erases his files and their names, and the lawyer's in his
// order; unsent ones as well.
//
// req: B9.3.1
func TestErasedAttachments(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		citizen, by, n, later := h.NewCitizen(), h.lawyer("甲", lawyer.Online), id.New(), id.New()
		file := h.upload(citizen, n, picture(t, blob.PNG, ""))
		o := h.askWith(citizen, n, Attach{file, "身份证.png"})
		answered := h.upload(by, n, picture(t, blob.PDF, ""))
		_, err := h.Answer(t.Context(), by, n, 0, goodDraft(), Attach{answered, "x.pdf"})
		h.Must(err)
		unsent := h.upload(citizen, later, picture(t, blob.PNG, ""))
		var key id.ID
		h.View(func(tx *db.Tx) (err error) { key, err = h.People.KeyOf(tx, citizen.Person); return err })
		h.Must(h.Keys.Destroy(t.Context(), key))
		for order, files := range map[id.ID][]id.ID{n: {file, answered}, later: {unsent}} {
			for _, f := range files {
				if _, _, err := h.reads(citizen, order, f); !fault.Is(err, fault.Absent) {
					t.Errorf("a file opens: %v", err)
				}
			}
		}
		v, err := h.See(t.Context(), by, o.ID, "en")
		h.Must(err)
		if f := v.wire("en", true).Files; len(f) != 1 || !f[0].Erased || f[0].Name != "" {
			t.Errorf("the lawyer sees %+v", f)
		}
		count := h.compareFiles("")
		if count[seal.Erased] != 2 || len(count) != 1 {
			t.Errorf("counted %v", count)
		}
		h.To(h.Clock.Now().Add(2*keepUnsent + time.Minute))
		if left, drafts := h.unsentRows(); left != 0 || drafts != 0 {
			t.Errorf("%d files, %d drafts are left", left, drafts)
		}
	})
}

// flip alters one byte of the only file that is stored.
func (h *room) flip(at int64) {
	h.T.Helper()
	h.Must(filepath.WalkDir(h.Files, func(path string, e os.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			return err
		}
		b := make([]byte, 1)
		_, err1 := f.ReadAt(b, at)
		_, err2 := f.WriteAt([]byte{b[0] ^ 1}, at)
		return errors.Join(err1, err2, f.Close())
	}))
}
