package blob

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/say"
)

// a file of each kind, as small as can be
func files(t testing.TB) map[Kind][]byte {
	t.Helper()
	m := image.NewPaletted(image.Rect(0, 0, 3, 2), color.Palette{color.White, color.Black})
	var j, p, g bytes.Buffer
	if err := errors.Join(jpeg.Encode(&j, m, nil), png.Encode(&p, m), gif.Encode(&g, m, nil)); err != nil {
		t.Fatal(err)
	}
	return map[Kind][]byte{JPEG: j.Bytes(), PNG: p.Bytes(), GIF: g.Bytes(), WebP: webpOf(3, 2), PDF: []byte("%PDF-1.4\n1 0 obj\nendobj\nstartxref\n0\n%%EOF\r\n")}
}

// webpOf is the head of an extended WebP picture (RFC 9649, 2.7).
func webpOf(w, h uint32) []byte {
	b := []byte("RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x10\x00\x00\x00")
	for _, n := range []uint32{w - 1, h - 1} {
		b = append(b, byte(n), byte(n>>8), byte(n>>16))
	}
	binary.LittleEndian.PutUint32(b[4:], uint32(len(b)-8))
	return b
}

// pngOf is the head of a PNG picture of any size.
func pngOf(w, h uint32) []byte {
	b := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR")
	b = binary.BigEndian.AppendUint32(b, w)
	b = binary.BigEndian.AppendUint32(b, h)
	b = append(b, 8, 2, 0, 0, 0)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[12:]))
}

func TestAFileIsWhatItsBytesSay(t *testing.T) {
	for kind, content := range files(t) {
		for name, r := range map[string]io.Reader{"whole": bytes.NewReader(content), "byte by byte": iotest.OneByteReader(bytes.NewReader(content)), "with its end": iotest.DataErrReader(bytes.NewReader(content))} {
			seen, all, err := Look(r)
			if err != nil || seen.Kind != kind || kind.Picture() && (seen.Width != 3 || seen.Height != 2) {
				t.Errorf("%s, %s: %+v %v", kind, name, seen, err)
				continue
			}
			if back, err := io.ReadAll(all); err != nil || !bytes.Equal(back, content) {
				t.Errorf("%s, %s: %d bytes came back of %d, %v", kind, name, len(back), len(content), err)
			}
		}
		if got := kind.Type(); !strings.HasSuffix(got, string(kind)) {
			t.Errorf("%s is %s", kind, got)
		}
	}
}

func TestOtherFilesAreRefused(t *testing.T) {
	f := files(t)
	cut := func(k Kind, n int) string { return string(f[k][:n]) }
	for name, c := range map[string]struct {
		content string
		kind    fault.Kind
		key     string
	}{
		"empty":                        {"", fault.Invalid, "blob.empty"},
		"one byte":                     {"\xff", fault.WrongType, "blob.wrong_type"},
		"text":                         {"hello, this is text", fault.WrongType, "blob.wrong_type"},
		"html with a PDF behind":       {"<script></script>" + string(f[PDF]), fault.WrongType, "blob.wrong_type"},
		"PostScript":                   {"%!PS-Adobe-3.0 and so on", fault.WrongType, "blob.wrong_type"},
		"PDF of no version":            {"%PDF-9.9 startxref %%EOF", fault.WrongType, "blob.wrong_type"},
		"BMP":                          {"BM\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", fault.WrongType, "blob.wrong_type"},
		"RIFF, but sound":              {"RIFF\x00\x00\x00\x00WAVEfmt ", fault.WrongType, "blob.wrong_type"},
		"JPEG cut in its head":         {cut(JPEG, 40), fault.Invalid, "blob.broken"},
		"PNG cut in its head":          {cut(PNG, 20), fault.Invalid, "blob.broken"},
		"GIF cut in its head":          {cut(GIF, 8), fault.Invalid, "blob.broken"},
		"WebP cut in its head":         {cut(WebP, 25), fault.Invalid, "blob.broken"},
		"PNG with a wrong checksum":    {strings.Replace(string(pngOf(3, 2)), "\x00\x02\x08", "\x00\x03\x08", 1), fault.Invalid, "blob.broken"},
		"PNG of no width":              {string(pngOf(0, 2)), fault.Invalid, "blob.broken"},
		"PNG as wide as can be":        {string(pngOf(1<<31-1, 1)), fault.Invalid, "blob.too_many_points"},
		"PNG too wide":                 {string(pngOf(MaxSide+1, 1)), fault.Invalid, "blob.too_many_points"},
		"PNG of too many points":       {string(pngOf(20_000, 20_000)), fault.Invalid, "blob.too_many_points"},
		"WebP of too many points":      {string(webpOf(1<<14, 1<<14)), fault.Invalid, "blob.too_many_points"},
		"JPEG with an endless preface": {"\xff\xd8\xff\xe1\xff\xff" + strings.Repeat("\xff\xe1\xff\xff"+strings.Repeat("a", 0xfffd), 40), fault.Invalid, "blob.broken"},
	} {
		_, _, err := Look(strings.NewReader(c.content))
		var got *fault.Fault
		if !errors.As(err, &got) || got.Kind != c.kind || got.Key != c.key {
			t.Errorf("%s: %v", name, err)
		}
		for _, language := range say.Languages {
			if got != nil && say.Text(language, got.Key, nil) == got.Key {
				t.Errorf("%s has no words in %s", got.Key, language)
			}
		}
	}
}

// A PDF file shows at its end whether it is whole; junk behind it is common.
func TestThePDFsEnd(t *testing.T) {
	whole := string(files(t)[PDF])
	for name, c := range map[string]struct {
		content string
		ok      bool
	}{
		"whole":             {whole, true},
		"long":              {strings.Replace(whole, "endobj", strings.Repeat("endobj ", 5000), 1), true},
		"with some junk":    {whole + strings.Repeat("\x00", 900), true},
		"with much junk":    {whole + strings.Repeat("\x00", 3000), false},
		"cut":               {whole[:len(whole)-5], false},
		"without its table": {strings.Replace(whole, "startxref", "startxxxx", 1), false},
		"a head alone":      {"%PDF-1.7", false},
	} {
		_, all, err := Look(iotest.HalfReader(strings.NewReader(c.content)))
		if err != nil {
			t.Fatal(name, err)
		}
		back, err := io.ReadAll(all)
		if ok := err == nil; ok != c.ok || !ok && !fault.Is(err, fault.Invalid) || string(back) != c.content {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Why a line broke is not hidden by what a decoder makes of it.
func TestABrokenLineStaysOne(t *testing.T) {
	broke := errors.New("the line broke")
	for kind, content := range files(t) {
		for _, n := range []int{0, 5, 20} {
			_, all, err := Look(io.MultiReader(bytes.NewReader(content[:n]), iotest.ErrReader(broke)))
			if err == nil {
				_, err = io.ReadAll(all)
			}
			if !errors.Is(err, broke) {
				t.Errorf("%s after %d bytes: %v", kind, n, err)
			}
		}
	}
}

// Whatever comes: no panic, no more held than the head, and what is taken is taken
// unchanged.
func FuzzLook(f *testing.F) {
	for _, content := range files(f) {
		f.Add(content)
	}
	f.Add(pngOf(1, 1))
	f.Add([]byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01"))
	f.Fuzz(func(t *testing.T, content []byte) {
		seen, all, err := Look(bytes.NewReader(content))
		if err != nil {
			if fault.KindOf(err) == fault.Internal {
				t.Errorf("%v is no refusal", err)
			}
			return
		}
		back, err := io.ReadAll(all)
		if err == nil && !bytes.Equal(back, content) || err != nil && seen.Kind != PDF {
			t.Errorf("%+v: %d bytes of %d, %v", seen, len(back), len(content), err)
		}
		if seen.Kind.Picture() && (seen.Width < 1 || seen.Height < 1 || seen.Width > MaxSide || seen.Height > MaxSide) {
			t.Errorf("%+v", seen)
		}
	})
}
