package identity

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"mingfa/internal/base/attach"
	"mingfa/internal/base/blob"
	"mingfa/internal/base/db"
	"mingfa/internal/base/element"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/who"
)

// Pictures of a lawyer's card and licence (elements 20304 and 20307).

// maxPicture bounds a picture of a card or licence, in bytes.
const maxPicture = 8 << 20

// KeepPicture keeps a picture of a card or licence, sealed under the actor's key,
// and gives its ID for Describe.
func (s *Service) KeepPicture(ctx context.Context, actor who.Actor, r io.Reader) (file id.ID, err error) {
	if tableOf(actor.Roles) != element.Lawyers || s.Blobs == nil {
		return id.Nil, fault.NotThere()
	}
	seen, r, err := blob.Look(r)
	if err != nil {
		return id.Nil, err
	}
	if !seen.Kind.Picture() {
		return id.Nil, fault.New(fault.WrongType, "blob.wrong_type")
	}
	var p person
	err = s.DB.View(ctx, actor, func(tx *db.Tx) (err error) {
		p, err = loadPerson(tx, actor.Person)
		return err
	})
	if err != nil {
		return id.Nil, err
	}
	b, err := s.Blobs.Put(ctx, p.Org, p.Key, r, maxPicture)
	if err != nil {
		return id.Nil, err
	}
	return b.ID, s.DB.Do(ctx, actor, func(tx *db.Tx) error {
		now, err := lockPerson(tx, p.ID)
		if err != nil {
			return err
		}
		if !now.ErasedAt.IsZero() {
			return fault.NotThere()
		}
		if err := blob.Save(tx, b); err != nil {
			return err
		}
		now.Rev++
		if _, err := tx.NewUpdate().Model(&now).Column("rev").WherePK().Exec(tx.Ctx()); err != nil {
			return err
		}
		return now.write(tx, PictureKept{File: b.ID, Commitment: Digest(hex.EncodeToString(b.Commitment[:]))}, nil)
	})
}

// Picture gives the actor a picture of his own.
func (s *Service) Picture(ctx context.Context, actor who.Actor, file id.ID) (*attach.Opened, error) {
	return s.PictureOf(ctx, actor, actor.Person, file)
}

// PictureOf gives a picture of a person. Who may, is decided by the caller. What
// it is, its bytes say.
func (s *Service) PictureOf(ctx context.Context, actor who.Actor, of, file id.ID) (*attach.Opened, error) {
	var b blob.Blob
	err := s.DB.View(ctx, actor, func(tx *db.Tx) error {
		p, err := loadPerson(tx, of)
		if err != nil {
			return err
		}
		if b, err = blob.Find(tx, file); err == nil && (b.Key != p.Key || s.Blobs == nil) {
			err = fault.NotThere()
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	out, err := attach.Open(ctx, s.Blobs, b, blob.JPEG, "")
	if err != nil {
		return nil, err
	}
	seen, all, err := blob.Look(out.Content)
	if err != nil {
		return nil, errors.Join(err, out.Content.Close())
	}
	out.Kind, out.Name, out.Content = seen.Kind, "picture"+seen.Kind.Endings()[0], readCloser{all, out.Content}
	return out, nil
}

// readCloser reads from one and closes the other.
type readCloser struct {
	io.Reader
	io.Closer
}

// ownPictures tells what is wrong with references: each must be a file under the
// person's own key.
func ownPictures(tx *db.Tx, p person, value string) string {
	for _, ref := range element.Split(value) {
		i, err := id.Parse(ref)
		if err != nil {
			return "element.pictures"
		}
		if b, err := blob.Find(tx, i); err != nil || b.Key != p.Key {
			return "element.pictures"
		}
	}
	return ""
}

// PictureKept: a person left a picture of a card or licence.
type PictureKept struct {
	File       id.ID  `json:"file"`
	Commitment Digest `json:"commitment"` // of the content
}

// Digest is a hash in hex in a fact.
type Digest string

// Kind names the fact.
func (PictureKept) Kind() string { return "identity.picture_kept" }

// Pictures follows pictures of cards fact by fact, for verify.
type Pictures struct{ told map[id.ID]toldPicture }

// toldPicture is what a fact says of a picture.
type toldPicture struct {
	person  id.ID
	content blob.Commitment
}

// NewPictures has seen nothing yet.
func NewPictures() *Pictures { return &Pictures{told: map[id.ID]toldPicture{}} }

// Kinds are the facts that Apply understands.
func (*Pictures) Kinds() []string { return []string{"identity.picture_kept"} }

// Apply takes the next fact.
func (x *Pictures) Apply(f journal.Fact) error {
	var e PictureKept
	if err := f.Decode(&e); err != nil {
		return err
	}
	t := toldPicture{person: f.Root}
	if sum, err := hex.DecodeString(string(e.Commitment)); err != nil || copy(t.content[:], sum) != len(t.content) {
		return fmt.Errorf("picture %s: its fact holds no commitment", e.File)
	}
	x.told[e.File] = t
	return nil
}

// Compare has nothing to compare: a picture has no row but that of its file.
func (*Pictures) Compare(*db.Tx) error { return nil }

// Told are the pictures with whose they are, for attach.Check.
func (x *Pictures) Told() []attach.Told {
	var out []attach.Told
	for i, t := range x.told {
		out = append(out, attach.Told{Name: fmt.Sprintf("picture %s of person %s", i, t.person), File: i, Content: t.content, Size: attach.AnySize})
	}
	return out
}
