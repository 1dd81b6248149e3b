package blob

import (
	"bytes"
	"errors"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/say"
)

// Kind is what a file is.
type Kind string

// The kinds that are taken from strangers.
const (
	JPEG Kind = "jpeg"
	PNG  Kind = "png"
	WebP Kind = "webp"
	GIF  Kind = "gif"
	PDF  Kind = "pdf"
)

// Kinds are all of them, in the order in which people are told.
var Kinds = []Kind{JPEG, PNG, WebP, GIF, PDF}

// Type is the media type of a kind.
func (k Kind) Type() string {
	if k == PDF {
		return "application/pdf"
	}
	return "image/" + string(k)
}

// Picture tells whether browsers show it as a picture.
func (k Kind) Picture() bool { return k != PDF }

// Endings are how names of such files end, the usual one first.
func (k Kind) Endings() []string {
	if k == JPEG {
		return []string{".jpg", ".jpeg", ".jpe", ".jfif"}
	}
	return []string{"." + string(k)}
}

// What a picture may be, so that the screen of whoever opens it is not drowned:
// a few bytes can say that they are a picture of 65,535 by 65,535 points.
const (
	MaxSide   = 30_000
	MaxPoints = 150_000_000 // of all: the largest telephone cameras have 108 million
)

const (
	maxHead = 1 << 20 // bytes before a picture's size is known; cameras write previews there
	pdfTail = 2 << 10 // bytes at the end of a PDF file that tell whether it is whole
)

// Seen is what Look found.
type Seen struct {
	Kind          Kind
	Width, Height int // of a picture, in points
}

// Look finds out what a file is: by its first bytes, and then by reading what
// stands at its head the way a viewer would. It gives what to read instead of r,
// all of it from the first byte on, and holds at most 1 MiB of it. A PDF file
// must also end like one: that shows when what Look gave is read to its end.
//
// A kind that is not taken is a fault.WrongType; a file that is not what its first
// bytes say is fault.Invalid; an error of r stays what it is.
func Look(r io.Reader) (Seen, io.Reader, error) {
	line := &kept{r: r}
	head := make([]byte, 12)
	n, err := io.ReadFull(line, head)
	if line.err != nil {
		return Seen{}, nil, line.err
	}
	if head = head[:n]; err != nil && n == 0 {
		return Seen{}, nil, fault.New(fault.Invalid, "blob.empty")
	}
	for _, f := range formats {
		if !f.magic(head) {
			continue
		}
		all := io.MultiReader(bytes.NewReader(head), line)
		if f.size == nil {
			return Seen{Kind: f.kind}, &pdf{r: all}, nil
		}
		return measure(f, all, line)
	}
	return Seen{}, nil, fault.New(fault.WrongType, "blob.wrong_type")
}

// measure reads the head of a picture.
func measure(f format, all io.Reader, line *kept) (Seen, io.Reader, error) {
	var head bytes.Buffer
	size, err := f.size(io.TeeReader(io.LimitReader(all, maxHead), &head))
	if line.err != nil {
		return Seen{}, nil, line.err
	}
	if err != nil || size.Width < 1 || size.Height < 1 {
		return Seen{}, nil, broken()
	}
	if max(size.Width, size.Height) > MaxSide || int64(size.Width)*int64(size.Height) > MaxPoints {
		return Seen{}, nil, fault.New(fault.Invalid, "blob.too_many_points")
	}
	return Seen{f.kind, size.Width, size.Height}, io.MultiReader(&head, all), nil
}

func broken() error { return fault.New(fault.Invalid, "blob.broken") }

// format is how a kind is known.
type format struct {
	kind  Kind
	magic func(head []byte) bool
	size  func(io.Reader) (image.Config, error) // nil: it is no picture
}

var formats = []format{
	{JPEG, begins("\xff\xd8\xff"), jpeg.DecodeConfig},
	{PNG, begins("\x89PNG\r\n\x1a\n"), png.DecodeConfig},
	{GIF, func(h []byte) bool { return begins("GIF87a")(h) || begins("GIF89a")(h) }, gif.DecodeConfig},
	{WebP, func(h []byte) bool { return begins("RIFF")(h) && len(h) == 12 && string(h[8:]) == "WEBP" }, webp.DecodeConfig},
	{PDF, func(h []byte) bool { return begins("%PDF-1.")(h) || begins("%PDF-2.")(h) }, nil},
}

func begins(s string) func([]byte) bool {
	return func(h []byte) bool { return bytes.HasPrefix(h, []byte(s)) }
}

// kept remembers why a line broke: decoders put words of their own over it.
type kept struct {
	r   io.Reader
	err error
}

func (k *kept) Read(b []byte) (int, error) {
	n, err := k.r.Read(b)
	if err != nil && !errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		k.err = err
	}
	return n, err
}

// pdf gives a PDF file on and looks at its end: the place of the cross-reference
// table, and the mark behind it (ISO 32000-2, 7.5.5). Readers search that mark
// in the last 1024 bytes.
type pdf struct {
	r    io.Reader
	tail []byte
}

func (p *pdf) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	p.tail = append(p.tail, b[max(0, n-pdfTail):n]...)
	p.tail = append(p.tail[:0], p.tail[max(0, len(p.tail)-pdfTail):]...)
	if err == io.EOF && !(bytes.Contains(p.tail, []byte("startxref")) && bytes.Contains(p.tail[max(0, len(p.tail)-1024):], []byte("%%EOF"))) {
		return n, broken()
	}
	return n, err
}

func init() {
	say.Register(map[string]say.Texts{
		"blob.wrong_type": {Hans: "只能上传图片（JPEG、PNG、WebP、GIF）和 PDF。文件改了名字也不行，请先转换格式。", Hant: "只可上載圖片（JPEG、PNG、WebP、GIF）和 PDF。更改檔案名稱並無作用，請先轉換格式。",
			En: "Only pictures (JPEG, PNG, WebP, GIF) and PDF are taken. Renaming a file does not help; convert it first."},
		"blob.broken": {Hans: "这个文件打不开，可能已损坏或不完整。请重新拍照或另存后再上传。", Hant: "此檔案無法開啟，可能已損壞或不完整。請重新拍照或另存後再上載。",
			En: "This file cannot be opened; it may be damaged or incomplete. Take the picture again or save the file anew, then send it."},
		"blob.empty": {Hans: "这个文件是空的。请换一个文件。", Hant: "此檔案是空的。請換一個檔案。", En: "This file is empty. Please choose another."},
		"blob.too_many_points": {Hans: "这张图片太大了（最多 1.5 亿像素，每边最多 30000）。请缩小后再上传。", Hant: "這張圖片太大（最多 1.5 億像素，每邊最多 30000）。請縮小後再上載。",
			En: "This picture is too large (at most 150 million points, 30,000 a side). Make it smaller, then send it."},
	})
}
