// Package attach is what every room does alike with files that people add
// (附件): pictures and PDF files beside a question, an answer, a complaint.
//
// The room says where a file belongs, who may add and see it, and keeps its row
// and its fact; what is alike is here: how large a file may be, what it may be
// (base/blob looks), how its bytes go to the disk sealed as they come, under which
// name it is kept, how it is given to a browser, and whether it is still what
// its fact committed to.
//
//	seen, b, err := attach.Keep(ctx, blobs, org, key, r, size)   sealed, on disk, no row yet
//	db.Do(... blob.Save(tx, b), the room's row and fact ...)     now it exists
//	attach.Open(ctx, blobs, b, kind, name)                       and goes out again as File
//
// What a person calls a file is personal: the room seals Name's answer like words.
// A file is kept as it came, for it may be evidence; the pages say that a picture
// still tells what its camera wrote into it.
//
// No function here decides who may. All are safe for concurrent use.
//
// Requirements: B5.2.1, B7.1.2.3a (attachments).
package attach

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"time"

	"mingfa/internal/base/blob"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/text"
	"mingfa/internal/base/web"
)

// The limits of what people add.
const (
	MaxFile   = 20 << 20 // bytes of one
	MaxAtOnce = 10       // with one text
	maxName   = 100      // characters
)

// Again is how long one reading of a file by one person stands for all (SPINES.md:
// reads of document bytes are facts, one an actor, thing and five minutes).
const Again = 5 * time.Minute

// Attach names a file that was uploaded and is now sent.
type Attach struct {
	ID   id.ID  `json:"id" doc:"Under which it was uploaded"`
	Name string `json:"name,omitempty" maxLength:"1000" doc:"What its sender calls it; sealed, shortened and cleaned"`
}

// AttachmentJSON is a file on the wire.
type AttachmentJSON struct {
	ID     id.ID  `json:"id"`
	Name   string `json:"name"`
	Kind   string `json:"kind" enum:"jpeg,png,webp,gif,pdf"`
	Size   int64  `json:"size" doc:"Bytes"`
	Width  int    `json:"width,omitempty" doc:"Points, of a picture"`
	Height int    `json:"height,omitempty"`
	Erased bool   `json:"erased,omitempty"`
}

// CheckList refuses lists that nobody takes.
func CheckList(files []Attach) []fault.Field {
	if len(files) > MaxAtOnce {
		return []fault.Field{fault.At("attachments", "fault.too_many_items").With("max", MaxAtOnce)}
	}
	seen := map[id.ID]bool{}
	var bad []fault.Field
	for i, f := range files {
		if f.ID == id.Nil || seen[f.ID] {
			bad = append(bad, fault.At(fmt.Sprintf("attachments[%d].id", i), "fault.id"))
		}
		seen[f.ID] = true
	}
	return bad
}

// Keep looks at a file and stores its bytes sealed under key, in memory nowhere;
// size is what its sender says of its length, -1 for nothing. The row is the
// caller's.
func Keep(ctx context.Context, blobs *blob.Blobs, org, key id.ID, r io.Reader, size int64) (blob.Seen, blob.Blob, error) {
	if size > MaxFile {
		return blob.Seen{}, blob.Blob{}, TooLarge()
	}
	seen, r, err := blob.Look(r)
	if err != nil {
		return seen, blob.Blob{}, err
	}
	b, err := blobs.Put(ctx, org, key, r, MaxFile)
	switch {
	case errors.Is(err, seal.ErrErased):
		err = fault.NotThere()
	case fault.Is(err, fault.TooLarge):
		err = TooLarge()
	}
	return seen, b, err
}

// TooLarge refuses a file above MaxFile.
func TooLarge() error {
	return fault.New(fault.TooLarge, "attach.too_large").With("max", MaxFile>>20)
}

// Name is the name under which the n-th file is kept and offered for saving: what
// its sender calls it, cleaned, with the ending of its kind; its number if he
// called it nothing that can be kept.
func Name(kind blob.Kind, said string, n int) string {
	if name := text.FileName(said, maxName, kind.Endings()...); name != "" {
		return name
	}
	return fmt.Sprintf("%d%s", n, kind.Endings()[0])
}

// Said reads a file's name from the Content-Disposition of a request (RFC 6266);
// a name in an address would stand in logs. "" where there is none.
func Said(disposition string) string {
	_, params, err := mime.ParseMediaType(disposition)
	if err != nil {
		return ""
	}
	return params["filename"]
}

// Opened is a file that is being read.
type Opened struct {
	Kind    blob.Kind
	Size    int64
	Name    string // "" until it was sent
	Content io.ReadCloser
}

// Open opens a file for one who may see it; one whose key was destroyed is absent.
func Open(ctx context.Context, blobs *blob.Blobs, b blob.Blob, kind blob.Kind, name string) (*Opened, error) {
	content, err := blobs.Get(ctx, b)
	if errors.Is(err, seal.ErrErased) {
		return nil, fault.NotThere()
	}
	if err != nil {
		return nil, err
	}
	return &Opened{Kind: kind, Size: b.Size, Name: name, Content: content}, nil
}

// File is the file as an answer: with the type that its bytes have, pictures shown
// in their place, all else saved.
func (o *Opened) File() *web.File {
	return &web.File{Content: o.Content, Size: o.Size, Type: o.Kind.Type(), Disposition: web.Disposition(o.Kind.Picture(), o.Name)}
}

func init() {
	say.Register(map[string]say.Texts{
		"attach.too_large": {Hans: "文件太大，最大 {max} MB。请缩小，或分成几个文件。", Hant: "檔案太大，最大 {max} MB。請縮小，或分成幾個檔案。", En: "The file is too large: at most {max} MB. Make it smaller, or split it."},
	})
}
