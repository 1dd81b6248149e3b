package attach

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
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"mingfa/internal/base/blob"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/seal/sealtest"
)

// desk is a place for files, with the key of one thing that takes them.
type desk struct {
	*testing.T
	blobs    *blob.Blobs
	keys     *seal.Keys
	dir      string
	org, key id.ID
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{T: t, keys: sealtest.New(t), dir: t.TempDir(), org: id.New()}
	store, err := blob.OpenDir(d.dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	d.blobs = blob.New(d.keys, store)
	d.key = sealtest.Key(t, d.keys, seal.Person, sealtest.Key(t, d.keys, seal.Org, id.Nil))
	return d
}

func (d *desk) keep(r io.Reader, size int64) (blob.Seen, blob.Blob, error) {
	d.Helper()
	return Keep(d.Context(), d.blobs, d.org, d.key, r, size)
}

// stored is how many files lie in the directory, and their bytes together.
func (d *desk) stored() (files int, size int64) {
	d.Helper()
	err := filepath.WalkDir(d.dir, func(_ string, e os.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil {
			files, size = files+1, size+info.Size()
		}
		return err
	})
	if err != nil {
		d.Fatal(err)
	}
	return files, size
}

// refused demands a fault, and that nothing is left on the disk.
func (d *desk) refused(what string, err error, kind fault.Kind) {
	d.Helper()
	if !fault.Is(err, kind) {
		d.Errorf("%s: %v", what, err)
	}
	if n, _ := d.stored(); n != 0 {
		d.Errorf("%s: %d files are left", what, n)
	}
}

// shot is a picture of 7 by 5 points with bytes behind its end, where no viewer looks.
func shot(t testing.TB, kind blob.Kind, behind string) []byte {
	t.Helper()
	var b bytes.Buffer
	p := image.NewPaletted(image.Rect(0, 0, 7, 5), color.Palette{color.White, color.Black})
	var err error
	switch kind {
	case blob.PNG:
		err = png.Encode(&b, p)
	case blob.JPEG:
		err = jpeg.Encode(&b, p, nil)
	case blob.GIF:
		err = gif.Encode(&b, p, nil)
	default:
		b.WriteString("%PDF-1.7\n" + behind + "\nstartxref\n9\n%%EOF\n")
		return b.Bytes()
	}
	if err != nil {
		t.Fatal(err)
	}
	return append(b.Bytes(), behind...)
}

// sized is a picture of so many bytes, without being held.
func sized(t testing.TB, size int64) io.Reader {
	head := shot(t, blob.PNG, "")
	return io.MultiReader(bytes.NewReader(head), io.LimitReader(zeros{}, size-int64(len(head))))
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// What a file is, its first bytes say, whatever its sender says of it.
func TestKeepLooksAtTheBytes(t *testing.T) {
	d := newDesk(t)
	for _, kind := range []blob.Kind{blob.PNG, blob.JPEG, blob.GIF, blob.PDF} {
		content := shot(t, kind, "PLANTED")
		seen, b, err := d.keep(bytes.NewReader(content), -1)
		if err != nil || seen.Kind != kind || b.Size != int64(len(content)) || kind != blob.PDF && (seen.Width != 7 || seen.Height != 5) {
			t.Fatalf("%s: %+v %+v %v", kind, seen, b, err)
		}
		f, err := Open(t.Context(), d.blobs, b, seen.Kind, Name(seen.Kind, "a", 1))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(f.Content)
		if err = errors.Join(err, f.Content.Close()); err != nil || !bytes.Equal(got, content) {
			t.Errorf("%s came back as %d bytes, %v", kind, len(got), err)
		}
		if w := f.File(); w.Type != kind.Type() || w.Size != b.Size || strings.HasPrefix(w.Disposition, "inline") != (kind != blob.PDF) {
			t.Errorf("%s goes out as %+v", kind, w)
		}
		sealed, err := os.ReadFile(filepath.Join(d.dir, b.Name[:2], b.Name))
		if err != nil || bytes.Contains(sealed, []byte("PLANTED")) {
			t.Errorf("%s lies in the clear, %v", kind, err)
		}
		d.blobs.Discard(t.Context(), b)
	}
	pic := shot(t, blob.PNG, "")
	for what, c := range map[string]struct {
		content string
		kind    fault.Kind
	}{
		"nothing":                {"", fault.Invalid},
		"a program":              {"MZ\x90\x00 this is a program", fault.WrongType},
		"a script":               {"#!/bin/sh\nrm -rf /\n", fault.WrongType},
		"a page":                 {"<html><script>alert(1)</script></html>", fault.WrongType},
		"a drawing with scripts": {`<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`, fault.WrongType},
		"an archive":             {"PK\x03\x04 and so on, and on", fault.WrongType},
		"half a picture's head":  {string(pic[:20]), fault.Invalid},
		"a letter without end":   {"%PDF-1.7\n" + strings.Repeat("x", 4096), fault.Invalid},
	} {
		_, _, err := d.keep(strings.NewReader(c.content), int64(len(c.content)))
		d.refused(what, err, c.kind)
	}
}

// 20 MB are taken, one byte more is not, said or not; what was written of it is taken
// away.
func TestKeepHasALimit(t *testing.T) {
	d := newDesk(t)
	_, _, err := d.keep(sized(t, 100), MaxFile+1)
	d.refused("said to be larger", err, fault.TooLarge)
	for _, said := range []int64{-1, 100, MaxFile} {
		_, _, err := d.keep(sized(t, MaxFile+1), said)
		d.refused("larger than said", err, fault.TooLarge)
	}
	_, b, err := d.keep(sized(t, MaxFile), MaxFile)
	if err != nil || b.Size != 20<<20 {
		t.Fatalf("20 MB: %d, %v", b.Size, err)
	}
	if state, err := d.blobs.Check(t.Context(), b); state != seal.OK || err != nil {
		t.Errorf("20 MB: %s %v", state, err)
	}
}

// A file goes to the disk while it comes: when its last bytes are asked for, all but a
// part of it lies there, sealed.
func TestKeepStreams(t *testing.T) {
	d := newDesk(t)
	const size = 4 << 20
	var onDisk int64
	last := readerFunc(func([]byte) (int, error) { _, onDisk = d.stored(); return 0, io.EOF })
	if _, _, err := d.keep(io.MultiReader(sized(t, size), last), -1); err != nil {
		t.Fatal(err)
	}
	if onDisk < size-(256<<10) {
		t.Errorf("of %d bytes %d were on the disk at the end", size, onDisk)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// A line that breaks, or a sender who goes, leaves nothing; the error stays what it was.
func TestABrokenUploadLeavesNothing(t *testing.T) {
	d := newDesk(t)
	broken := errors.New("the line is broken")
	for _, after := range []int64{1000, 100_000, MaxFile - 1} {
		_, _, err := d.keep(io.MultiReader(sized(t, after), readerFunc(func([]byte) (int, error) { return 0, broken })), MaxFile)
		if !errors.Is(err, broken) {
			t.Errorf("after %d bytes: %v", after, err)
		}
		if n, _ := d.stored(); n != 0 {
			t.Errorf("after %d bytes %d files are left", after, n)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	gone := readerFunc(func(p []byte) (int, error) { cancel(); clear(p); return len(p), nil })
	_, _, err := Keep(ctx, d.blobs, d.org, d.key, io.MultiReader(sized(t, 200_000), gone), -1)
	if n, _ := d.stored(); !errors.Is(err, context.Canceled) || n != 0 {
		t.Errorf("a sender who went: %v, %d files are left", err, n)
	}
}

// With its key a file is gone: it does not open, and nothing is added. Who asks hears
// what he would hear of a file that never was.
//
// req: B9.3.1
func TestErasedFilesAreAbsent(t *testing.T) {
	d := newDesk(t)
	_, b, err := d.keep(bytes.NewReader(shot(t, blob.PNG, "")), -1)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.keys.Destroy(t.Context(), d.key); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), d.blobs, b, blob.PNG, "a.png"); !fault.Is(err, fault.Absent) || errors.Is(err, seal.ErrErased) {
		t.Errorf("it opens: %v", err)
	}
	d.blobs.Discard(t.Context(), b)
	_, _, err = d.keep(bytes.NewReader(shot(t, blob.PNG, "")), -1)
	d.refused("one more", err, fault.Absent)
}

// A name is kept as a person knows it and can't lead anywhere, say it is something
// else, or break a line of a header.
func TestHostileNames(t *testing.T) {
	for said, want := range map[string]string{
		"工资条.png":                  "工资条.png",
		"工资条":                      "工资条.png",
		"../../etc/passwd":         "passwd.png",
		`C:\Users\王\Desktop\a.PNG`: "a.png",
		"a.png\r\nSet-Cookie: x=y": "a.pngSet-Cookie x=y.png",
		"x\u202egpj.exe":           "xgpj.exe.png", // turns the direction of writing
		"a\x00b.png":               "ab.png",
		"run.exe":                  "run.exe.png",
		"":                         "3.png",
		"...":                      "3.png",
		"/":                        "3.png",
		".png":                     "png.png",
		"  \u3000 ":                "3.png",
		"\xff\xfe.png":             "png.png",
		`<img src=x onerror="1">`:  "img src=x onerror=1.png",
		"CON|AUX?*.png":            "CONAUX.png",
		strings.Repeat("长", 500):   strings.Repeat("长", 96) + ".png",
		"a\u0301.png":              "á.png", // NFC
		"family 👨‍👩‍👧 photo.png":   "family 👨👩👧 photo.png",
		"name\u2028with\u2029ends": "namewithends.png",
	} {
		got := Name(blob.PNG, said, 3)
		if got != want {
			t.Errorf("%q is kept as %q, not %q", said, got, want)
		}
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > maxName || strings.ContainsAny(got, "/\\\r\n\x00\"") {
			t.Errorf("%q is kept as %q", said, got)
		}
	}
	for kind, want := range map[blob.Kind]string{blob.PDF: "a.png.pdf", blob.JPEG: "a.png.jpg", blob.PNG: "a.png"} {
		if got := Name(kind, "a.png", 1); got != want {
			t.Errorf("a %s that says a.png is kept as %q", kind, got)
		}
	}
	for disposition, want := range map[string]string{
		`attachment; filename="a.png"`: "a.png", "attachment; filename*=UTF-8''%E5%B7%A5.png": "工.png",
		`attachment; filename="x.png"; filename*=UTF-8''%E5%B7%A5.png`: "工.png",
		"": "", "attachment": "", ";;;=": "", `attachment; filename="a`: "", "attachment; filename*=UTF-8''%FF%00": "\xff\x00",
	} {
		if got := Said(disposition); got != want {
			t.Errorf("%q says %q, not %q", disposition, got, want)
		}
	}
}

// A list names each file once, and not too many.
func TestCheckList(t *testing.T) {
	one := Attach{ID: id.New()}
	many := make([]Attach, MaxAtOnce+1)
	for i := range many {
		many[i].ID = id.New()
	}
	for _, c := range []struct {
		list []Attach
		want []string
	}{
		{nil, nil}, {many[:MaxAtOnce], nil}, {many, []string{"attachments fault.too_many_items"}},
		{[]Attach{one, one}, []string{"attachments[1].id fault.id"}}, {[]Attach{{}, one}, []string{"attachments[0].id fault.id"}},
	} {
		var got []string
		for _, f := range CheckList(c.list) {
			got = append(got, f.Path+" "+f.Key)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%d files: %v, not %v", len(c.list), got, c.want)
		}
	}
}
