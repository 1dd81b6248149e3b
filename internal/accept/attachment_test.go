//go:build accept

package accept

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/blob"
	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/who"
)

// pdfOf is a PDF file, as far as its head and end tell, that holds words.
func pdfOf(words string) []byte {
	return []byte("%PDF-1.7\n" + words + "\nstartxref\n9\n%%EOF\n")
}

func attachmentPath(order, file string) string { return "/orders/" + order + "/attachments/" + file }

// upload sends a file that has to be taken, and gives its ID.
func (u user) upload(t testing.TB, order string, content []byte) string {
	t.Helper()
	file := id.New().String()
	if status, body := u.put(t, order, file, content); status != http.StatusOK {
		t.Fatalf("upload: %d %s", status, body)
	}
	return file
}

func (u user) put(t testing.TB, order, file string, content []byte) (int, []byte) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, u.s.base+"/api/v1"+attachmentPath(order, file), bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+u.token)
	req.Header.Set("Content-Type", "image/png") // whatever its sender says
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, body
}

// filesUnder opens the files under keys as a program with the whole place and its
// keys could; an erased one is "".
func (p place) filesUnder(t testing.TB, under []id.ID) map[id.ID]string {
	t.Helper()
	ctx := context.Background()
	keys, err := seal.Open(ctx, seal.Config{Dir: filepath.Join(p.data, "keys"), PostgresURL: p.db})
	if err != nil {
		t.Fatal(err)
	}
	defer keys.Close()
	url := p.db
	if url == "" {
		url = "sqlite:" + filepath.Join(p.data, "mingfa.db")
	}
	d, err := db.Open(ctx, url, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	dir, err := blob.OpenDir(filepath.Join(p.data, "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	blobs, out := blob.New(keys, dir), map[id.ID]string{}
	err = d.View(ctx, who.System("accept"), func(tx *db.Tx) error {
		for _, k := range under {
			rows, err := tx.Rows("SELECT id FROM blob_object_v WHERE key = ?", k.String())
			if err != nil {
				return err
			}
			var all []id.ID
			for rows.Next() {
				var i id.ID
				if err := rows.Scan(&i); err != nil {
					return err
				}
				all = append(all, i)
			}
			if err := errors.Join(rows.Err(), rows.Close()); err != nil {
				return err
			}
			for _, i := range all {
				if out[i], err = contentOf(ctx, tx, blobs, i); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func contentOf(ctx context.Context, tx *db.Tx, blobs *blob.Blobs, file id.ID) (string, error) {
	b, err := blob.Find(tx, file)
	if err != nil {
		return "", err
	}
	r, err := blobs.Get(ctx, b)
	if errors.Is(err, seal.ErrErased) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	defer r.Close()
	plain, err := io.ReadAll(r)
	return string(plain), err
}

// TestHostileFiles uploads whatever other programs made, broken and hostile files
// among them: each is kept as it is, or refused with words; time and memory are
// bounded.
//
// req: B5.2.1, B9.2.1b
func TestHostileFiles(t *testing.T) {
	var files []string
	for _, dir := range []string{"pdf", "malformed", "spreadsheets"} {
		err := filepath.WalkDir(shared(t, dir), func(path string, e fs.DirEntry, err error) error {
			if err == nil && e.Type().IsRegular() {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	places(t, func(t *testing.T, p place) {
		s := start(t, p, nil)
		citizen := s.citizen(t, "+8613971828471")
		before := s.memory(t)
		statuses, slowest := map[int]int{}, time.Duration(0)
		for _, path := range files {
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			begun := time.Now()
			statuses[citizen.hostile(t, filepath.Base(path), content)]++
			slowest = max(slowest, time.Since(begun))
		}
		for range 8 { // what a camera gives, as large as may be
			if got := citizen.hostile(t, "large", append(pdfOf(""), append(make([]byte, 20<<20-200), pdfOf("")...)...)); got != 200 {
				t.Errorf("a large file: %d", got)
			}
		}
		grown := s.memory(t) - before
		t.Logf("%d files: %v; slowest %v; %d MB more at the most", len(files), statuses, slowest, grown>>10)
		if statuses[200] < 80 || statuses[415] < 200 || slowest > 10*time.Second || grown > 120<<10 {
			t.Errorf("statuses %v, slowest %v, %d KB more", statuses, slowest, grown)
		}
		s.stop(t)
		if last, err := p.verify(t); err != nil {
			t.Errorf("verify: %v %s", err, last)
		}
	})
}

// hostile uploads a file; what is taken comes back unchanged and is taken back.
func (u user) hostile(t testing.TB, name string, content []byte) int {
	t.Helper()
	order, file := id.New().String(), id.New().String()
	status, body := u.put(t, order, file, content)
	switch status {
	case 200:
		got, back, err := u.call("GET", attachmentPath(order, file), nil)
		if err != nil || got != 200 || !bytes.Equal(back, content) {
			t.Errorf("%s: came back with %d, %d bytes of %d, %v", name, got, len(back), len(content), err)
		}
		u.must(t, "DELETE", attachmentPath(order, file), nil, nil)
	case 415, 422:
		var p struct{ Detail, Code string }
		if err := json.Unmarshal(body, &p); err != nil || p.Detail == "" || !strings.HasPrefix(p.Code, "blob.") {
			t.Errorf("%s: refused with %d %s", name, status, body)
		}
		if len(content) > 20 && bytes.Contains(body, content[:20]) {
			t.Errorf("%s: what was sent came back", name)
		}
	default:
		t.Errorf("%s: %d %s", name, status, body)
	}
	return status
}

var resident = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// memory is the most that the server ever had resident, in KB.
func (s *server) memory(t testing.TB) int {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	m := resident.FindSubmatch(b)
	if err != nil || m == nil {
		t.Fatalf("the server's memory: %v", err)
	}
	n, err := strconv.Atoi(string(m[1]))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestAttachmentsAreProven: no word of a file lies open on disk, and verify names
// the file that was altered or is missing.
//
// req: B9.3.1
func TestAttachmentsAreProven(t *testing.T) {
	places(t, func(t *testing.T, p place) {
		s := start(t, p, nil)
		citizen := s.citizen(t, "+8613971828472")
		const words, name = "玳瑁金丝雀之契约", "金丝雀契约"
		q := question("合同怎么办？")
		order := q["id"].(string)
		sent, unsent := citizen.upload(t, order, pdfOf(strings.Repeat(words, 20_000))), citizen.upload(t, id.New().String(), pdfOf(words))
		q["attachments"] = []map[string]string{{"id": sent, "name": name}}
		citizen.must(t, "POST", "/orders", q, nil)
		var o struct{ Attachments []struct{ Name string } }
		citizen.must(t, "GET", "/orders/"+order, nil, &o)
		if len(o.Attachments) != 1 || o.Attachments[0].Name != name+".pdf" {
			t.Errorf("the order: %+v", o)
		}
		citizen.must(t, "GET", attachmentPath(order, sent), nil, nil)
		if status, _, err := citizen.call("GET", attachmentPath(order, unsent), nil); err != nil || status != 404 {
			t.Errorf("an unsent file under another order: %d %v", status, err)
		}
		s.stop(t)
		p.checkpoint(t)
		for what, where := range p.found(t, spellings([]string{words, name, words[:18]})) {
			t.Errorf("%q lies open in %s", what, where)
		}
		if bytes.Contains(s.errOut.Bytes(), []byte("金丝雀")) {
			t.Error("a file's words are in the log")
		}
		if last, err := p.verify(t); err != nil {
			t.Fatalf("verify: %v %s", err, last)
		}
		p.tampered(t, sent)
	})
}

// tampered alters the sealed file of an attachment, exchanges it, takes it away, and
// puts it back.
func (p place) tampered(t *testing.T, attachment string) {
	t.Helper()
	d := p.database(t)
	var name, other string
	if err := d.QueryRow("SELECT b.name FROM consult_attachment a JOIN blob_object b ON b.id = a.file WHERE a.id = '" + attachment + "'").Scan(&name); err != nil {
		t.Fatal(err)
	}
	if err := d.QueryRow("SELECT b.name FROM consult_attachment a JOIN blob_object b ON b.id = a.file WHERE a.id <> '" + attachment + "'").Scan(&other); err != nil {
		t.Fatal(err)
	}
	at := func(name string) string { return filepath.Join(p.data, "blobs", name[:2], name) }
	whole, err := os.ReadFile(at(name))
	if err != nil {
		t.Fatal(err)
	}
	another, err := os.ReadFile(at(other))
	if err != nil {
		t.Fatal(err)
	}
	altered := bytes.Clone(whole)
	altered[len(altered)/2] ^= 1
	for what, content := range map[string][]byte{"altered": altered, "cut": whole[:len(whole)-1], "another's": another, "gone": nil} {
		err := os.WriteFile(at(name), content, 0o600)
		if content == nil {
			err = os.Remove(at(name))
		}
		if err != nil {
			t.Fatal(err)
		}
		if last, err := p.verify(t); err == nil || !strings.Contains(last, attachment) {
			t.Errorf("%s: verify says %v %s", what, err, last)
		}
		if err := os.WriteFile(at(name), whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	last, err := p.verify(t)
	if err != nil {
		t.Errorf("put back: %v %s", err, last)
	}
	t.Log(last)
}

// TestKilledUpload kills the service between a file's bytes and its row. The same
// upload again is taken; nothing names bytes that are not there.
func TestKilledUpload(t *testing.T) {
	places(t, func(t *testing.T, p place) {
		s := start(t, p, nil)
		citizen := s.citizen(t, "+8613971828473")
		s.stop(t)
		order, file := id.New().String(), id.New().String()
		s = start(t, p, []string{"MINGFA_FAIL=blob.put.synced"})
		req, err := http.NewRequest(http.MethodPut, s.base+"/api/v1"+attachmentPath(order, file), bytes.NewReader(pdfOf("x")))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+citizen.token)
		if res, err := http.DefaultClient.Do(req); err == nil {
			res.Body.Close()
			t.Fatalf("the upload was answered: %d", res.StatusCode)
		}
		for range s.gone { // it has died
		}
		citizen.s = start(t, p, nil)
		for range 2 { // and a repeat
			if status, body := citizen.put(t, order, file, pdfOf("x")); status != 200 {
				t.Errorf("again: %d %s", status, body)
			}
		}
		q := question("传了两次的合同")
		q["id"], q["attachments"] = order, []map[string]string{{"id": file}}
		citizen.must(t, "POST", "/orders", q, nil)
		citizen.must(t, "POST", "/orders", q, nil)
		if status, body, err := citizen.call("GET", attachmentPath(order, file), nil); err != nil || status != 200 || !bytes.Equal(body, pdfOf("x")) {
			t.Errorf("the file: %d %v", status, err)
		}
		citizen.s.stop(t)
		if last, err := p.verify(t); err != nil {
			t.Errorf("verify: %v %s", err, last)
		}
		d := p.database(t)
		if rows := countOf(t, d, "SELECT count(*) FROM consult_attachment"); rows != 1 {
			t.Errorf("%d rows", rows)
		}
		if n := countOf(t, d, "SELECT count(*) FROM consult_attachment a WHERE NOT EXISTS (SELECT 1 FROM blob_object b WHERE b.id = a.file)"); n != 0 {
			t.Errorf("%d files have no bytes", n)
		}
	})
}
