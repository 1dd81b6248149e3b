package attach

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mingfa/internal/base/blob"
	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/id"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/seal/sealtest"
	"mingfa/internal/base/who"
)

// A file that is not what its fact told is named by what it belongs to, whatever was
// done to it; one whose key was destroyed is erased.
func TestCheckNamesTheFile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, base *db.DB) {
		d := newDesk(t)
		saved := func(behind string) blob.Blob {
			_, b, err := d.keep(bytes.NewReader(shot(t, blob.PNG, behind)), -1)
			if err == nil {
				err = base.Do(t.Context(), who.System("test"), func(tx *db.Tx) error { return blob.Save(tx, b) })
			}
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		first, second := saved("first"), saved("second one")
		tell := func(b blob.Blob, name string) Told {
			return Told{Name: name, File: b.ID, Content: b.Commitment, Size: b.Size}
		}
		a, b := tell(first, "attachment A of order X"), tell(second, "attachment B of complaint Y")
		check := func(want string, told ...Told) map[seal.State]int {
			t.Helper()
			count := map[seal.State]int{}
			err := Check(t.Context(), base, d.blobs, told, count)
			if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "is missing, or is not")) {
				t.Errorf("said %v, wanted %q", err, want)
			}
			return count
		}
		if count := check("", a, b); count[seal.OK] != 2 || len(count) != 1 {
			t.Errorf("counted %v", count)
		}
		check("")
		larger, free := b, b
		larger.Size++
		check(b.Name, a, larger)
		free.Size = AnySize
		check("", a, free)
		swapped := b
		swapped.Content = a.Content
		check(b.Name, a, swapped)
		check("picture C", a, Told{Name: "picture C of person Z", File: id.New()})
		path := func(x blob.Blob) string { return filepath.Join(d.dir, x.Name[:2], x.Name) }
		bytesOf := func(x blob.Blob) []byte {
			content, err := os.ReadFile(path(x))
			if err != nil {
				t.Fatal(err)
			}
			return content
		}
		put := func(x blob.Blob, content []byte) {
			if err := os.WriteFile(path(x), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		of1, of2 := bytesOf(first), bytesOf(second)
		flipped := bytes.Clone(of1)
		flipped[len(flipped)/2] ^= 1
		for _, wrong := range [][]byte{flipped, of2, of1[:len(of1)-1], append(bytes.Clone(of1), 0), {}} {
			put(first, wrong)
			check(a.Name, a, b)
			check(a.Name, b, a) // whichever comes first
		}
		if err := os.Remove(path(first)); err != nil {
			t.Fatal(err)
		}
		check(a.Name, b, a)
		put(first, of1)
		check("", a, b)
		// Both are wrong: the same one is named each time.
		put(first, nil)
		put(second, nil)
		check(a.Name, a, b)
		check(a.Name, b, a)
		put(first, of1)
		put(second, of2)
		other := sealtest.Key(t, d.keys, seal.Person, sealtest.Key(t, d.keys, seal.Org, id.Nil))
		d.key = other
		third := saved("third")
		if err := d.keys.Destroy(t.Context(), other); err != nil {
			t.Fatal(err)
		}
		c := tell(third, "attachment C of order Z")
		if count := check("", a, b, c); count[seal.Erased] != 1 || count[seal.OK] != 2 {
			t.Errorf("counted %v", count)
		}
		if err := os.Remove(path(third)); err != nil { // as its sweep does
			t.Fatal(err)
		}
		if count := check("", a, b, c); count[seal.Erased] != 1 {
			t.Errorf("counted %v", count)
		}
	})
}
