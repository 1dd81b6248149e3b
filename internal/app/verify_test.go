package app

import (
	"bytes"
	"image"
	"image/png"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/id"
	"mingfa/internal/base/who"
)

// A data directory that was put back is whole, or verify, the command, says which file
// of what is missing or altered: of an order, a complaint or a lawyer's card.
func TestVerifyNamesTheFile(t *testing.T) {
	for name, url := range map[string]func(*testing.T) string{"sqlite": func(*testing.T) string { return "" }, "postgres": dbtest.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			v := &verified{t: t, config: config{Data: filepath.Join(t.TempDir(), "data"), DB: url(t), SMS: "screen"}}
			v.url = v.config.DB
			v.live()
			v.says(v.back("whole"), "")
			for file, what := range v.files {
				sealed := filepath.Join("blobs", file[:2], file)
				for how, do := range map[string]func(path string) error{
					"missing": os.Remove,
					"altered": func(path string) error {
						b, err := os.ReadFile(path)
						if err == nil {
							b[len(b)-1] ^= 1
							err = os.WriteFile(path, b, 0o600)
						}
						return err
					},
					"empty": func(path string) error { return os.Truncate(path, 0) },
				} {
					dir := v.back(how + file)
					if err := do(filepath.Join(dir, sealed)); err != nil {
						t.Fatal(err)
					}
					v.says(dir, what)
				}
			}
			none := v.back("none")
			if err := os.RemoveAll(filepath.Join(none, "blobs")); err != nil {
				t.Fatal(err)
			}
			v.says(none, "is missing, or is not what its fact committed to")
		})
	}
}

// verified is a house that lived and was stopped, to be put back elsewhere.
type verified struct {
	t      *testing.T
	config config
	url    string            // of PostgreSQL, "" for SQLite
	files  map[string]string // by name in the directory: what verify calls it
}

// live has a citizen send a file with a question and one with a complaint, and a lawyer
// leave a picture of his card.
func (v *verified) live() {
	t := v.t
	h := live(t, &v.config)
	citizen, lawyer := h.citizen("+8613800138000"), h.staff("lawyer1")
	order, complaint, file, proof := id.New().String(), id.New().String(), id.New().String(), id.New().String()
	citizen.puts("/orders/" + order + "/attachments/" + file)
	citizen.must("POST", "/orders", map[string]any{"id": order, "region": "440000", "question": "公司拖欠工资怎么办？", "problem_type": "labour", "language": "zh-Hans",
		"contact": map[string]any{"name": "陈女士"}, "attachments": []map[string]string{{"id": file, "name": "a.png"}}}, nil)
	citizen.must("POST", "/complaints", map[string]any{"id": complaint, "kind": "complaint", "text": "没有人回电话", "language": "zh-Hans", "channel": "web", "order": order}, nil)
	citizen.must("PUT", "/me/drafts/"+id.New().String(), map[string]any{"step": 2, "question": "房东不退"}, nil) // no fact tells of it
	citizen.puts("/complaints/" + complaint + "/attachments/" + proof)
	picture := lawyer.puts("/me/pictures")
	v.files = map[string]string{
		v.stored(h.house, "SELECT b.name FROM consult_attachment a JOIN blob_object b ON b.id = a.file WHERE a.id = ?", file):    "attachment " + file + " of order " + order,
		v.stored(h.house, "SELECT b.name FROM complaint_attachment a JOIN blob_object b ON b.id = a.file WHERE a.id = ?", proof): "attachment " + proof + " of complaint " + complaint,
		v.stored(h.house, "SELECT name FROM blob_object WHERE id = ?", picture):                                                  "picture " + picture + " of person " + lawyer.person,
	}
	if len(v.files) != 3 {
		t.Fatalf("%v", v.files)
	}
	h.stop()
}

// stored is the name under which a file lies in the directory.
func (v *verified) stored(h *house, query, arg string) (name string) {
	v.t.Helper()
	if err := h.db.View(v.t.Context(), who.System("test"), func(tx *db.Tx) error { return tx.Row(query, arg).Scan(&name) }); err != nil {
		v.t.Fatal(err)
	}
	return name
}

// back puts a copy of the data somewhere else. On PostgreSQL the database is the one
// that stands.
func (v *verified) back(name string) string {
	v.t.Helper()
	dir := filepath.Join(v.t.TempDir(), name)
	err := os.CopyFS(dir, os.DirFS(v.config.Data))
	if err == nil {
		err = os.Chmod(filepath.Join(dir, "keys", "master.key"), 0o600) // CopyFS opens files to all, and such a key is refused
	}
	if err != nil {
		v.t.Fatal(err)
	}
	return dir
}

// says runs mingfa verify and demands its answer: ok, or a refusal that holds want.
func (v *verified) says(dir, want string) {
	v.t.Helper()
	args := []string{"verify", "--data", dir, "--checkpoints", v.config.Checkpoints}
	if v.url != "" {
		args = append(args, "--db", v.url)
	}
	var out, errOut bytes.Buffer
	code := Run(v.t.Context(), args, &out, &errOut)
	if want == "" {
		if code != 0 || !strings.Contains(out.String(), "ok facts=") || !strings.Contains(out.String(), " bad=0") {
			v.t.Errorf("%s: %d %s%s", filepath.Base(dir), code, &out, &errOut)
		}
		return
	}
	if code == 0 || !strings.Contains(errOut.String(), want) || strings.Contains(out.String(), "ok facts") {
		v.t.Errorf("%s: exit code %d, and it says %q, not %q", filepath.Base(dir), code, errOut.String()+out.String(), want)
	}
}

var anyID = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// puts uploads a small picture, and gives the ID that it got.
func (v *visitor) puts(path string) string {
	v.t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 9, 9))); err != nil {
		v.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(v.t.Context(), http.MethodPut, v.base+"/api/v1"+path, &b)
	if err != nil {
		v.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+v.token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 300 {
		v.t.Fatalf("%s: %d %s %v", path, res.StatusCode, got, err)
	}
	return anyID.FindString(string(got))
}
