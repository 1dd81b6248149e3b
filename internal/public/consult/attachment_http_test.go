package consult

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mingfa/internal/base/attach"
	"mingfa/internal/base/blob"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/id"
	"mingfa/internal/base/web"
	"mingfa/internal/base/who"
	"mingfa/internal/core/identity/identitytest"
	"mingfa/internal/public/lawyer"
)

func filePath(order, file id.ID) string {
	return "/orders/" + order.String() + "/attachments/" + file.String()
}

// req: B5.2.1, B5.2.2
func TestAttachmentsOverHTTP(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		a, citizen, by := h.api(), h.NewCitizen(), h.lawyer("甲", lawyer.Online)
		n, pic, doc := id.New(), id.New(), id.New()
		content := string(picture(t, blob.PNG, ""))
		for range 2 { // with and without what the sender says of it
			a.Want(a.Do(citizen, "PUT", filePath(n, pic), content, "Content-Type", "text/html"), 200, `"kind":"png"`, fmt.Sprintf(`"size":%d`, len(content)), `"width":7`)
		}
		a.Want(a.Do(citizen, "PUT", filePath(n, doc), string(picture(t, blob.PDF, "合同")), "Content-Type", "image/png"), 200, `"kind":"pdf"`)
		ask := strings.Replace(askBody(n, "440000"), `{"id"`, `{"attachments":[{"id":"`+pic.String()+`","name":"工资 条.png"},{"id":"`+doc.String()+`","name":"a\"b.pdf"}],"id"`, 1)
		a.Want(a.Do(citizen, "POST", "/orders", ask), 201, `"name":"工资 条.png"`, `"name":"ab.pdf"`)
		a.Want(a.Do(citizen, "POST", "/orders", ask), 201, `"name":"工资 条.png"`) // a repeat
		h.Settle()

		rec := a.Do(by, "GET", filePath(n, pic), "")
		if a.Want(rec, 200); rec.Body.String() != content {
			t.Errorf("%d bytes came of %d", rec.Body.Len(), len(content))
		}
		for name, want := range map[string]string{
			"Content-Type": "image/png", "Content-Length": fmt.Sprint(len(content)), "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
			"Content-Disposition":     `inline; filename="__ _.png"; filename*=UTF-8''%E5%B7%A5%E8%B5%84%20%E6%9D%A1.png`,
			"Content-Security-Policy": web.FileCSP, "Cross-Origin-Resource-Policy": "same-origin", "Content-Encoding": "",
		} {
			if got := rec.Header().Get(name); got != want {
				t.Errorf("%s is %q, wanted %q", name, got, want)
			}
		}
		if !strings.Contains(web.FileCSP, "sandbox") {
			t.Error("a file is not in a sandbox")
		}
		if got := a.Do(by, "GET", filePath(n, doc), "").Header().Get("Content-Disposition"); !strings.HasPrefix(got, `attachment; filename="ab.pdf"`) {
			t.Errorf("a PDF file comes as %q", got)
		}
		h.Settle()
		a.Want(a.Do(h.ops, "GET", "/orders/"+n.String()+"/facts", ""), 200, "File 1 from the citizen (png)", "File 2 from the citizen (pdf)", "File 1 was opened")

		spare := id.New()
		a.Want(a.Do(by, "PUT", filePath(n, spare), content), 200)
		a.Want(a.Do(by, "DELETE", filePath(n, spare), ""), 204)
		a.Want(a.Do(by, "DELETE", filePath(n, spare), ""), 404)
		mine := id.New()
		a.Want(a.Do(by, "PUT", filePath(n, mine), content), 200)
		body := strings.Replace(answerBody(strings.Repeat("法", 51)), `{"advice"`, `{"attachments":[{"id":"`+mine.String()+`"}],"advice"`, 1)
		a.Want(a.Do(by, "POST", "/orders/"+n.String()+"/answer", body), 200, `"attachments":[{"id":"`+mine.String()+`","name":"1.png"`)
	})
}

// Refusals say why, in the reader's language, and nothing of what was sent.
func TestRefusedUploadsSayWhy(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		a, citizen, n := h.api(), h.NewCitizen(), id.New()
		for _, c := range []struct {
			status  int
			content string
			words   map[string]string
		}{
			{415, "<html>" + secretWords, map[string]string{"zh-Hans": "只能上传图片", "zh-Hant-HK": "只可上載圖片", "en": "Only pictures"}},
			{422, "\x89PNG\r\n\x1a\n" + secretWords, map[string]string{"zh-Hans": "打不开", "zh-Hant-HK": "無法開啟", "en": "cannot be opened"}},
			{413, "%PDF-1.7" + strings.Repeat(" ", attach.MaxFile), map[string]string{"zh-Hans": "最大 20 MB", "zh-Hant-HK": "最大 20 MB", "en": "at most 20 MB"}},
		} {
			for language, words := range c.words {
				body := a.Want(a.Do(citizen, "PUT", filePath(n, id.New()), c.content, "Accept-Language", language), c.status, words)
				if strings.Contains(body, secretWords) {
					t.Error("what was sent came back")
				}
			}
		}
		gone := strings.Replace(askBody(n, "440000"), `{"id"`, `{"attachments":[{"id":"`+id.New().String()+`"}],"id"`, 1)
		a.Want(a.Do(citizen, "POST", "/orders", gone), 422, `"field":"attachments[0].id"`, "consult.attachment_gone")
		a.Want(a.Do(citizen, "PUT", "/orders/x/attachments/y", ""), 422)
		if h.stored() != 0 {
			t.Errorf("%d files are stored", h.stored())
		}
	})
}

// Absent and forbidden are the same bytes but for the request's ID.
//
// req: B9.2.1b
func TestFilesAbsentAndForbidden(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		a, citizen, stranger, n, file := h.api(), h.NewCitizen(), h.NewCitizen(), id.New(), id.New()
		h.lawyer("甲", lawyer.Online)
		other := h.lawyer("乙", lawyer.Away)
		content := string(picture(t, blob.PNG, ""))
		a.Want(a.Do(citizen, "PUT", filePath(n, file), content), 200)
		h.askWith(citizen, n, Attach{file, "x.png"})
		far := h.ops
		far.Scope = "/110000/"
		machine := who.Actor{Person: id.New(), Org: h.org.ID, Scope: h.org.Path, Roles: []who.Role{who.Machine}, Scopes: []string{"orders:read"}}
		bytesOf := func(as who.Actor, method, path, body string) string {
			if method != "PUT" {
				body = ""
			}
			rec := a.Do(as, method, path, body)
			return fmt.Sprint(rec.Code) + " " + strings.ReplaceAll(rec.Body.String(), rec.Header().Get("X-Request-Id"), "")
		}
		for _, as := range []who.Actor{stranger, other, far, machine} {
			for _, method := range []string{"GET", "DELETE", "PUT"} {
				if method == "PUT" && as.Is(who.Citizen) {
					continue // he gets a place of his own, whatever the ID
				}
				there, absent, elsewhere := bytesOf(as, method, filePath(n, file), content), bytesOf(as, method, filePath(n, id.New()), content), bytesOf(as, method, filePath(id.New(), id.New()), content)
				if there != absent || there != elsewhere || !strings.HasPrefix(there, "404 ") {
					t.Errorf("%v %s: %s / %s / %s", as.Roles, method, there, absent, elsewhere)
				}
			}
		}
		for _, order := range []id.ID{n, id.New()} {
			if got := bytesOf(stranger, "PUT", filePath(order, id.New()), content); !strings.HasPrefix(got, "200 ") {
				t.Errorf("a citizen's own place: %s", got)
			}
		}
		if got := a.Do(machine, "GET", "/orders/"+n.String(), "").Body.String(); !strings.Contains(got, `"attachments":[]`) || strings.Contains(got, "x.png") {
			t.Errorf("a machine sees %s", got)
		}
		a.Want(a.Do(who.Actor{}, "GET", filePath(n, file), ""), 401)
		a.Want(a.Do(who.Actor{}, "PUT", filePath(n, file), content), 401)
	})
}

// large is a picture of attach.MaxFile bytes that is made as it is read.
func large(t testing.TB) io.Reader {
	return io.LimitReader(io.MultiReader(bytes.NewReader(picture(t, blob.GIF, "")), zeros{}), attach.MaxFile)
}

// Many files of 20 MB at once, up and down over a real line: none is held as a whole.
func TestFilesAreStreamed(t *testing.T) {
	h := open(identitytest.Open(t, dbtest.SQLiteURL(t), dbtest.Clock(t)))
	a, citizen := h.api(), h.NewCitizen()
	a.As = citizen
	server := httptest.NewServer(a.Server.Handler())
	defer server.Close()
	const many, allowed = 6, 40 << 20 // bytes: a third of what they are together
	n, files := id.New(), make([]id.ID, many)
	for i := range files {
		files[i] = id.New()
	}
	path := func(f id.ID) string { return server.URL + web.Prefix + filePath(n, f) }
	peak := peakOf(t, func() {
		atOnce(t, files, func(f id.ID) error {
			req, err := http.NewRequest(http.MethodPut, path(f), large(t))
			if err != nil {
				return err
			}
			return answered(req, io.Discard)
		})
	})
	t.Logf("up: %d MB more than before", peak>>20)
	if peak > allowed {
		t.Errorf("%d MB were held for %d files on their way in", peak>>20, many)
	}
	peak = peakOf(t, func() {
		atOnce(t, files, func(f id.ID) error {
			req, err := http.NewRequest(http.MethodGet, path(f), nil)
			if err != nil {
				return err
			}
			var got counter
			if err := answered(req, &got); err != nil || got != attach.MaxFile {
				return fmt.Errorf("%d bytes came, %w", got, err)
			}
			return nil
		})
	})
	t.Logf("down: %d MB more than before", peak>>20)
	if peak > allowed {
		t.Errorf("%d MB were held for %d files on their way out", peak>>20, many)
	}
}

// answered sends a request that has to be answered 200.
func answered(req *http.Request, into io.Writer) error {
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		b, _ := io.ReadAll(res.Body)
		return fmt.Errorf("%d %s", res.StatusCode, b)
	}
	_, err = io.Copy(into, res.Body)
	return err
}

type counter int64

func (c *counter) Write(b []byte) (int, error) { *c += counter(len(b)); return len(b), nil }

func atOnce(t *testing.T, files []id.ID, fn func(id.ID) error) {
	t.Helper()
	var all sync.WaitGroup
	errs := make([]error, len(files))
	for i, f := range files {
		all.Go(func() { errs[i] = fn(f) })
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// peakOf is how many bytes of heap were in use at the most while fn ran, more than
// before; garbage counts.
func peakOf(t *testing.T, fn func()) int64 {
	t.Helper()
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	var peak atomic.Int64
	done, watched := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
		for {
			select {
			case <-done:
				return
			case <-time.After(5 * time.Millisecond): // a look now and then; nothing waits for it
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				if n := int64(m.HeapInuse); n > peak.Load() {
					peak.Store(n)
				}
			}
		}
	}()
	fn()
	close(done)
	<-watched
	return peak.Load() - int64(before.HeapInuse)
}

// A file that is altered on disk is never given as a whole: the line is cut.
func TestAnAlteredFileIsCut(t *testing.T) {
	h := open(identitytest.Open(t, dbtest.SQLiteURL(t), dbtest.Clock(t)))
	a, citizen, n, file := h.api(), h.NewCitizen(), id.New(), id.New()
	a.As = citizen
	server := httptest.NewServer(a.Server.Handler())
	defer server.Close()
	url := server.URL + web.Prefix + filePath(n, file)
	req, err := http.NewRequest(http.MethodPut, url, large(t))
	h.Must(err)
	h.Must(answered(req, io.Discard))
	h.flip(attach.MaxFile / 2)
	req, err = http.NewRequest(http.MethodGet, url, nil)
	h.Must(err)
	var got counter
	if err := answered(req, &got); err == nil || got >= attach.MaxFile {
		t.Errorf("%d bytes came, %v", got, err)
	}
}
