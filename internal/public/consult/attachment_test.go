package consult

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mingfa/internal/base/attach"
	"mingfa/internal/base/blob"
	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/who"
	"mingfa/internal/public/lawyer"
)

// picture is a small picture; words are put behind its end, where viewers don't look.
func picture(t testing.TB, kind blob.Kind, words string) []byte {
	t.Helper()
	m := image.NewPaletted(image.Rect(0, 0, 7, 5), color.Palette{color.White, color.Black})
	var b bytes.Buffer
	var err error
	switch kind {
	case blob.PNG:
		err = png.Encode(&b, m)
	case blob.JPEG:
		err = jpeg.Encode(&b, m, nil)
	case blob.GIF:
		err = gif.Encode(&b, m, nil)
	case blob.PDF:
		b.WriteString("%PDF-1.7\n" + words + "\nstartxref\n9\n%%EOF\n")
		return b.Bytes()
	}
	if err != nil {
		t.Fatal(err)
	}
	return append(b.Bytes(), words...)
}

// upload uploads a file that has to be taken, and gives its ID.
func (h *room) upload(a who.Actor, order id.ID, content []byte) id.ID {
	h.T.Helper()
	file := id.New()
	_, err := h.Upload(h.T.Context(), a, order, file, bytes.NewReader(content), int64(len(content)))
	h.Must(err)
	return file
}

// reads gives the content of a file as an actor gets it.
func (h *room) reads(a who.Actor, order, file id.ID) (string, string, error) {
	h.T.Helper()
	f, err := h.Open(h.T.Context(), a, order, file)
	if err != nil {
		return "", "", err
	}
	defer f.Content.Close()
	b, err := io.ReadAll(f.Content)
	return string(b), f.Name, err
}

// askWith asks with files.
func (h *room) askWith(a who.Actor, n id.ID, files ...Attach) *Order {
	h.T.Helper()
	q := question(n)
	q.Attachments = files
	o, err := h.Ask(h.T.Context(), a, q)
	h.Must(err)
	h.Settle()
	return h.order(o.ID)
}

func (h *room) unsentRows() (n, drafts int) {
	h.T.Helper()
	h.View(func(tx *db.Tx) error {
		return errors.Join(tx.Row("SELECT count(*) FROM consult_attachment WHERE place = 'unsent'").Scan(&n), tx.Row("SELECT count(*) FROM consult_draft").Scan(&drafts))
	})
	return n, drafts
}

// stored counts the sealed files that lie in the directory.
func (h *room) stored() (n int) {
	h.T.Helper()
	h.Must(filepath.WalkDir(h.Files, func(_ string, e os.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			n++
		}
		return err
	}))
	return n
}

// A file goes with the question, one with the answer, one with a message each way;
// everybody who may see the order gets the bytes as they were sent.
//
// req: B5.2.1, B5.2.2
func TestAttachmentsAreAPartOfTheOrder(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		citizen, by, n := h.NewCitizen(), h.lawyer("甲", lawyer.Online), id.New()
		jpg, pdf, gif1, png1 := picture(t, blob.JPEG, "gps"), picture(t, blob.PDF, "起诉状"), picture(t, blob.GIF, ""), picture(t, blob.PNG, "")
		first, second := h.upload(citizen, n, jpg), h.upload(citizen, n, pdf)
		o := h.askWith(citizen, n, Attach{first, "../工资条\u202e.png"}, Attach{second, ""})
		answered := h.upload(by, o.ID, gif1)
		_, err := h.Answer(t.Context(), by, o.ID, 0, goodDraft(), Attach{answered, "法条"})
		h.Must(err)
		back, message := h.upload(citizen, o.ID, png1), id.New()
		for range 2 { // the second is a repeat
			_, err = h.Say(t.Context(), citizen, o.ID, message, "还有这个", Attach{back, "a.png"})
			h.Must(err)
		}
		h.Settle()
		h.compare("")
		h.compareFiles("")
		if got := strings.Join(h.facts(o.ID), " "); strings.Count(got, "attached") != 4 {
			t.Errorf("facts %s", got)
		}
		for _, a := range []who.Actor{citizen, by, h.ops} {
			v, err := h.See(t.Context(), a, o.ID, "en")
			h.Must(err)
			w := v.wire("en", a.Person != citizen.Person)
			var got []string
			for _, list := range [][]attachmentJSON{w.Files, w.Answer.Attachments, w.Messages[0].Attachments} {
				for _, f := range list {
					got = append(got, f.Name+" "+f.Kind)
				}
			}
			if want := []string{"工资条.png.jpg jpeg", "2.pdf pdf", "法条.gif gif", "a.png png"}; !slices.Equal(got, want) {
				t.Errorf("the files are %q", got)
			}
			for file, want := range map[id.ID][]byte{first: jpg, second: pdf, answered: gif1, back: png1} {
				if content, _, err := h.reads(a, o.ID, file); err != nil || content != string(want) {
					t.Errorf("%d bytes of %d came, %v", len(content), len(want), err)
				}
			}
		}
		if unsent, drafts := h.unsentRows(); unsent != 0 || drafts != 0 {
			t.Errorf("%d files and %d drafts wait", unsent, drafts)
		}
		kept, _, err := h.Transcript(t.Context(), citizen, o.ID, "txt", "en")
		if h.Must(err); !strings.Contains(string(kept), "File 1: 工资条.png.jpg") {
			t.Errorf("the record: %s", kept)
		}
		h.underOneKey(o)
	})
}

// underOneKey demands that all files and names of an order are under its key.
func (h *room) underOneKey(o *Order) {
	h.T.Helper()
	h.View(func(tx *db.Tx) error {
		var others int
		err := tx.Row(`SELECT count(*) FROM consult_attachment a JOIN blob_object_v b ON b.id = a.file
			WHERE a.consult = ? AND (a.key <> ? OR b.key <> ?)`, o.ID.String(), o.Key.String(), o.Key.String()).Scan(&others)
		if others != 0 {
			h.T.Errorf("%d files are under another key", others)
		}
		return err
	})
}

// Only who may see the order reads its files; an unsent one is its author's alone.
// Everybody else gets what he would get if it were not there.
//
// req: B9.2.1b
func TestAttachmentsOfOthersAreNotThere(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		citizen, stranger, by, other := h.NewCitizen(), h.NewCitizen(), h.lawyer("甲", lawyer.Online), h.lawyer("乙", lawyer.Away)
		o := h.ask(citizen)
		file := h.upload(citizen, o.ID, picture(t, blob.PNG, ""))
		far := h.ops
		far.Scope = "/110000/"
		machine := who.Actor{Person: id.New(), Org: h.org.ID, Scope: "/", Roles: []who.Role{who.Machine}, Scopes: []string{"orders:read"}}
		none := func(a who.Actor) {
			t.Helper()
			_, _, err := h.reads(a, o.ID, file)
			_, _, absent := h.reads(a, o.ID, id.New())
			if !fault.Is(err, fault.Absent) || err.Error() != absent.Error() {
				t.Errorf("%v: %v, and of no file %v", a.Roles, err, absent)
			}
			if err := h.TakeBack(t.Context(), a, o.ID, file); !fault.Is(err, fault.Absent) {
				t.Errorf("%v took it back: %v", a.Roles, err)
			}
		}
		for _, a := range []who.Actor{stranger, by, other, h.ops, far, machine, {}} {
			none(a) // not sent yet: its author's alone
		}
		h.answer(by, o.ID)
		_, err := h.Say(t.Context(), citizen, o.ID, id.New(), "这个", Attach{file, "x.png"})
		h.Must(err)
		for _, a := range []who.Actor{stranger, other, far, machine} {
			none(a)
		}
		if _, _, err := h.reads(by, o.ID, file); err != nil {
			t.Error(err)
		}
		if _, _, err := h.reads(by, id.New(), file); !fault.Is(err, fault.Absent) {
			t.Errorf("under another order: %v", err)
		}
		if err := h.TakeBack(t.Context(), citizen, o.ID, file); !fault.Is(err, fault.Absent) {
			t.Errorf("a sent file was taken back: %v", err)
		}
		v, err := h.See(t.Context(), machine, o.ID, "en")
		if h.Must(err); len(v.wire("en", true).Messages[0].Attachments) != 0 {
			t.Error("a machine is told of files")
		}
		for _, a := range []who.Actor{other, far, machine} { // no place for files of those who don't hold it
			for _, order := range []id.ID{o.ID, id.New()} {
				_, err := h.Upload(t.Context(), a, order, id.New(), bytes.NewReader(picture(t, blob.PNG, "")), -1)
				if err == nil || err.Error() != fault.NotThere().Error() {
					t.Errorf("%v uploaded: %v", a.Roles, err)
				}
			}
		}
	})
}

// A stranger who names somebody's order gets a draft of his own, as with any ID,
// and can send nothing with it.
func TestAStrangersUploadIsHisOwn(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		citizen, stranger, by := h.NewCitizen(), h.NewCitizen(), h.lawyer("甲", lawyer.Online)
		o := h.answered(citizen, by)
		file := h.upload(stranger, o.ID, picture(t, blob.PNG, ""))
		q := question(o.ID)
		q.Attachments = []Attach{{file, ""}}
		_, err := h.Ask(t.Context(), stranger, q)
		h.Refused(err, fault.Conflict, "fault.conflict")
		_, err = h.Say(t.Context(), citizen, o.ID, id.New(), "x", Attach{file, ""})
		h.Refused(err, fault.Invalid, "consult.attachment_gone")
		_, err = h.Upload(t.Context(), citizen, o.ID, file, bytes.NewReader(nil), -1)
		h.Refused(err, fault.Conflict, "fault.conflict")
	})
}

// The same ID again is the same answer: after an answer that was lost, and of two
// that come at once one is kept.
func TestARepeatedUploadIsTheSameAnswer(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		citizen, n, file := h.NewCitizen(), id.New(), id.New()
		content := picture(t, blob.PNG, "")
		var together sync.WaitGroup
		for range 4 {
			together.Go(func() {
				row, err := h.Upload(context.WithoutCancel(t.Context()), citizen, n, file, bytes.NewReader(content), -1)
				if err != nil || row.ID != file || row.Size != int64(len(content)) || row.Width != 7 || row.Height != 5 {
					t.Errorf("%+v %v", row, err)
				}
			})
		}
		together.Wait()
		row, err := h.Upload(t.Context(), citizen, n, file, brokenLine{}, -1) // the bytes are not read
		if err != nil || row.ID != file {
			t.Error(err)
		}
		if got := h.stored(); got != 1 {
			t.Errorf("%d files are stored", got)
		}
		if unsent, drafts := h.unsentRows(); unsent != 1 || drafts != 1 {
			t.Errorf("%d rows, %d drafts", unsent, drafts)
		}
		h.underOneKey(h.askWith(citizen, n, Attach{file, ""}))
	})
}

// brokenLine can't be read.
type brokenLine struct{}

func (brokenLine) Read([]byte) (int, error) { return 0, errors.New("the line broke") }

// What is not taken leaves nothing: no row, no bytes.
func TestRefusedUploadsLeaveNothing(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		citizen, n := h.NewCitizen(), id.New()
		endless := io.MultiReader(bytes.NewReader(picture(t, blob.JPEG, "")), zeros{})
		whole := picture(t, blob.PDF, "x")
		for _, c := range []struct {
			name string
			r    io.Reader
			size int64
			kind fault.Kind
			key  string
		}{
			{"said to be too large", bytes.NewReader(whole), attach.MaxFile + 1, fault.TooLarge, "attach.too_large"},
			{"too large", endless, -1, fault.TooLarge, "attach.too_large"},
			{"one byte too large", io.LimitReader(io.MultiReader(bytes.NewReader(picture(t, blob.GIF, "")), zeros{}), attach.MaxFile+1), -1, fault.TooLarge, "attach.too_large"},
			{"html", strings.NewReader("<html><script>alert(1)</script>"), -1, fault.WrongType, "blob.wrong_type"},
			{"svg", strings.NewReader(`<svg xmlns="http://www.w3.org/2000/svg"/>`), -1, fault.WrongType, "blob.wrong_type"},
			{"zip", strings.NewReader("PK\x03\x04aaaaaaaaaaaaaaaa"), -1, fault.WrongType, "blob.wrong_type"},
			{"nothing", strings.NewReader(""), 0, fault.Invalid, "blob.empty"},
			{"a picture by its first bytes only", strings.NewReader("\x89PNG\r\n\x1a\nnot at all a picture"), -1, fault.Invalid, "blob.broken"},
			{"half a PDF", bytes.NewReader(whole[:len(whole)-8]), -1, fault.Invalid, "blob.broken"},
		} {
			_, err := h.Upload(t.Context(), citizen, n, id.New(), c.r, c.size)
			if !fault.Is(err, c.kind) {
				t.Errorf("%s: %v", c.name, err)
				continue
			}
			h.Refused(err, c.kind, c.key)
		}
		if _, err := h.Upload(t.Context(), citizen, n, id.New(), io.MultiReader(bytes.NewReader(whole[:20]), brokenLine{}), -1); err == nil {
			t.Error("half a file was taken")
		}
		if unsent, _ := h.unsentRows(); unsent != 0 || h.stored() != 0 {
			t.Errorf("%d rows, %d files are left", unsent, h.stored())
		}
		exactly := io.LimitReader(io.MultiReader(bytes.NewReader(picture(t, blob.GIF, "")), zeros{}), attach.MaxFile)
		if row, err := h.Upload(t.Context(), citizen, n, id.New(), exactly, -1); err != nil || row.Size != attach.MaxFile {
			t.Errorf("20 MB: %v", err)
		}
	})
}

// zeros never end.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// A file that is not sent is gone after a day, its bytes too; so is the draft. A
// file that was sent stays.
func TestUnsentFilesGo(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		citizen, never, asked := h.NewCitizen(), id.New(), id.New()
		sent := h.upload(citizen, asked, picture(t, blob.PNG, ""))
		o := h.askWith(citizen, asked, Attach{sent, ""})
		back := h.upload(citizen, never, picture(t, blob.PNG, ""))
		h.Must(h.TakeBack(t.Context(), citizen, never, back))
		lostFile := h.upload(citizen, never, picture(t, blob.PDF, ""))
		if got := h.stored(); got != 2 {
			t.Errorf("%d files are stored", got)
		}
		h.To(h.Clock.Now().Add(keepUnsent - time.Minute))
		if _, _, err := h.reads(citizen, never, lostFile); err != nil {
			t.Error(err)
		}
		h.To(h.Clock.Now().Add(2 * time.Minute))
		if _, _, err := h.reads(citizen, never, lostFile); !fault.Is(err, fault.Absent) {
			t.Errorf("after a day: %v", err)
		}
		q := question(never)
		q.Attachments = []Attach{{lostFile, ""}}
		_, err := h.Ask(t.Context(), citizen, q)
		h.Refused(err, fault.Invalid, "consult.attachment_gone")
		h.To(h.Clock.Now().Add(keepUnsent))
		if unsent, drafts := h.unsentRows(); unsent != 0 || drafts != 0 || h.stored() != 1 {
			t.Errorf("%d files, %d drafts and %d stored are left", unsent, drafts, h.stored())
		}
		if _, _, err := h.reads(citizen, o.ID, sent); err != nil {
			t.Error(err)
		}
		h.View(func(tx *db.Tx) error {
			for _, kind := range []string{dueUnsent, dueDraft} {
				if rows, err := due.OfKind(tx, kind); err != nil || len(rows) != 0 {
					t.Errorf("%s: %v %v", kind, rows, err)
				}
			}
			return nil
		})
	})
}

// There is a bound to files at once, of an order, of the citizen in it, and of
// those nobody has sent.
func TestNumbersOfFilesAreBounded(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		citizen, by := h.NewCitizen(), h.lawyer("甲", lawyer.Online)
		o := h.answered(citizen, by)
		fill := func(a who.Actor, n int) (files []Attach) {
			for range n {
				files = append(files, Attach{h.upload(a, o.ID, picture(t, blob.GIF, "")), ""})
			}
			return files
		}
		over := func(a who.Actor, order id.ID, key string) {
			t.Helper()
			_, err := h.Upload(t.Context(), a, order, id.New(), bytes.NewReader(picture(t, blob.GIF, "")), -1)
			h.Refused(err, fault.Conflict, key)
		}
		all := fill(citizen, MaxCitizenFiles)
		over(citizen, o.ID, "consult.attachments_full")
		_, err := h.Say(t.Context(), citizen, o.ID, id.New(), "x", all[:attach.MaxAtOnce+1]...)
		h.Refused(err, fault.Invalid, "fault.too_many_items")
		_, err = h.Say(t.Context(), citizen, o.ID, id.New(), "x", all[0], all[0])
		h.Refused(err, fault.Invalid, "fault.id")
		for i := range 2 {
			_, err = h.Say(t.Context(), citizen, o.ID, id.New(), "x", all[i*10:i*10+10]...)
			h.Must(err)
		}
		_, err = h.Say(t.Context(), citizen, o.ID, id.New(), "again", all[0])
		h.Refused(err, fault.Invalid, "consult.attachment_gone")
		_, err = h.Say(t.Context(), by, o.ID, id.New(), "x", fill(by, MaxFiles-MaxCitizenFiles)...)
		h.Must(err)
		over(by, o.ID, "consult.attachments_full")
		for range MaxUnsent { // each for an order of its own
			h.upload(citizen, id.New(), picture(t, blob.GIF, ""))
		}
		over(citizen, id.New(), "consult.attachments_unsent")
	})
}

// That staff read a file is a fact, one in five minutes; that its citizen or its author
// did is none.
func TestReadingAFileIsAFact(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		citizen, by, n := h.NewCitizen(), h.lawyer("甲", lawyer.Online), id.New()
		file := h.upload(citizen, n, picture(t, blob.PNG, ""))
		o := h.askWith(citizen, n, Attach{file, ""})
		count := func() int { return strings.Count(strings.Join(h.facts(o.ID), " "), "opened") }
		read := func(a who.Actor, want int) {
			t.Helper()
			if _, _, err := h.reads(a, o.ID, file); err != nil {
				t.Error(err)
			}
			if got := count(); got != want {
				t.Errorf("%d facts, wanted %d", got, want)
			}
		}
		h.Clock.Set(h.Clock.Now().Truncate(attach.Again))
		h.Settle()
		read(citizen, 0)
		read(by, 1)
		read(by, 1)
		read(h.ops, 2)
		h.To(h.Clock.Now().Add(attach.Again))
		read(by, 3)
		h.exec("DELETE FROM blob_object")
		if _, _, err := h.reads(by, o.ID, file); err == nil {
			t.Error("a file without its row was given")
		}
	})
}
