// Package blob keeps files: documents, recordings, pictures.
//
// A file is sealed under a key of base/seal before it leaves the process, and
// stored under a random name that says nothing. The way in is put first, then
// the row; the way out is the row first, then the file:
//
//	b, err := blobs.Put(ctx, org, key, r, max)        sealed, on disk, no row yet
//	db.Do(... blob.Save(tx, b) ...)                   now it exists
//	db.Do(... blobs.Remove(tx, id) ...)               the row goes, then the file
//
// So a crash at any moment leaves at worst a file without a row, never a row
// without its file. Sweep takes such orphans away once they are an hour old; app
// has a due row call it. Save refuses what was put more than half an hour ago,
// so a sweep never takes a file whose row is on its way.
//
// What a caller may trust: when Put returns, the file and its directory are
// synced. Get gives exactly what was put, or an error before its end; it never
// gives a byte that was not checked. Each row holds the SHA-256 of the sealed
// bytes and a commitment SHA-256(salt || plain) for facts, the 32 bytes of salt
// being sealed with the content. Destroying the key makes the file unreadable
// for ever, here and in every backup.
//
// Blobs is safe for concurrent use. The place of the files is a Store; there is
// one in a local directory (dir.go).
//
// Files that strangers send are looked at first (kind.go): what a file is, its
// bytes say. It is kept as it came, never rewritten, for it may be evidence. So a
// picture keeps what its camera wrote into it, often the place where it was
// taken; whoever shows pictures to others tells people so.
//
// Requirements: B8.4.6.4e and B9.3.1 in part.
package blob

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"mingfa/internal/base/db/fail"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/seal"
)

const (
	saltLen   = 32
	saveUntil = 30 * time.Minute // after Put, Save is refused
	orphanAge = time.Hour        // after Put, a file without a row is swept
)

// Store is a place for sealed files. Names are of 32 hexadecimal digits.
type Store interface {
	// Put stores what write writes; it is durable when Put returns nil. A name
	// that exists is an error. After an error a part may be left under the name.
	Put(ctx context.Context, name string, write func(io.Writer) error) error
	// Get opens a file; fs.ErrNotExist where there is none.
	Get(ctx context.Context, name string) (io.ReadCloser, error)
	// Stat tells size and age; fs.ErrNotExist where there is none.
	Stat(ctx context.Context, name string) (Info, error)
	// Delete removes a file for good; none there is no error.
	Delete(ctx context.Context, name string) error
	// List calls fn for each file until it fails.
	List(ctx context.Context, fn func(Info) error) error
	Close() error
}

// Info is what a Store knows of a file.
type Info struct {
	Name string
	Size int64
	At   time.Time // when it was last written, by the store's clock
}

// Blob is a file that was put: what its row holds.
type Blob struct {
	ID, Org, Key id.ID
	Name         string     // in the Store
	Size         int64      // bytes of the content
	Sealed       int64      // bytes in the Store
	Sum          [32]byte   // SHA-256 of the sealed bytes
	Commitment   Commitment // SHA-256(salt || content): what a fact may hold
	put          time.Time
}

// Commitment binds a fact to the content of a file. In a fact it is base64url.
type Commitment [32]byte

// MarshalText is for facts.
func (c Commitment) MarshalText() ([]byte, error) {
	return base64.RawURLEncoding.AppendEncode(nil, c[:]), nil
}

// UnmarshalText is for facts.
func (c *Commitment) UnmarshalText(b []byte) error {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(string(b))
	if err != nil || len(raw) != len(c) {
		return errors.New("this is no commitment to a file")
	}
	copy(c[:], raw)
	return nil
}

// Blobs puts, gives and sweeps files.
type Blobs struct {
	keys  *seal.Keys
	store Store
}

// New keeps files in store under keys.
func New(keys *seal.Keys, store Store) *Blobs { return &Blobs{keys: keys, store: store} }

// Put seals at most max bytes of r under key and stores them. Call it before
// db.Do, and Save inside. More than max is fault.TooLarge.
func (s *Blobs) Put(ctx context.Context, org, key id.ID, r io.Reader, max int64) (Blob, error) {
	b := Blob{ID: id.New(), Org: org, Key: key, Name: randomName(), put: time.Now()}
	err := s.store.Put(ctx, b.Name, func(w io.Writer) error { return s.seal(ctx, &b, r, w, max) })
	if err != nil {
		s.Discard(ctx, b)
		return Blob{}, fmt.Errorf("put a file: %w", err)
	}
	fail.Point("blob.put.synced")
	return b, nil
}

// Discard takes away a file that was put and will not be saved. Where that fails,
// Sweep does it.
func (s *Blobs) Discard(ctx context.Context, b Blob) {
	s.store.Delete(context.WithoutCancel(ctx), b.Name) //nolint:errcheck // an orphan: Sweep takes it
}

// seal writes salt and content, sealed, and fills in what the row holds.
func (s *Blobs) seal(ctx context.Context, b *Blob, r io.Reader, w io.Writer, max int64) error {
	sum := counted{w: w, hash: sha256.New()}
	sealer, err := s.keys.SealStream(ctx, b.Key, b.bound(), &sum)
	if err != nil {
		return err
	}
	salt := make([]byte, saltLen)
	rand.Read(salt) //nolint:errcheck // never fails
	plain := counted{w: sealer, hash: sha256.New()}
	if _, err := plain.Write(salt); err != nil {
		return err
	}
	n, err := io.Copy(&plain, io.LimitReader(canceled{ctx, r}, max+1))
	if err != nil {
		return err
	}
	if n > max {
		return fault.New(fault.TooLarge, "fault.too_large")
	}
	if err := sealer.Close(); err != nil {
		return err
	}
	b.Size, b.Sealed = n, sum.n
	b.Sum, b.Commitment = [32]byte(sum.hash.Sum(nil)), Commitment(plain.hash.Sum(nil))
	return nil
}

// bound is what the sealed file is bound to, beside its key: a file under
// another row's name does not open.
func (b Blob) bound() string { return "blob|" + b.ID.String() + "|" + b.Org.String() + "|" + b.Name }

// Get opens the content of a file. seal.ErrErased says that its key was
// destroyed. The caller closes it; an error before io.EOF means that what was
// read so far is not the whole.
func (s *Blobs) Get(ctx context.Context, b Blob) (io.ReadCloser, error) {
	f, err := s.store.Get(ctx, b.Name)
	if err != nil {
		return nil, fmt.Errorf("open file %s: %w", b.ID, err)
	}
	plain, err := s.keys.OpenStream(ctx, b.Key, b.bound(), f)
	if err == nil {
		_, err = io.CopyN(io.Discard, plain, saltLen)
	}
	if err != nil {
		f.Close() //nolint:errcheck // it was only read
		return nil, fmt.Errorf("open file %s: %w", b.ID, err)
	}
	return content{plain, f}, nil
}

// Check compares a file with its row, for verify: both sums, both sizes.
func (s *Blobs) Check(ctx context.Context, b Blob) (seal.State, error) {
	f, err := s.store.Get(ctx, b.Name)
	if err != nil {
		return s.checkLost(ctx, b, err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	sum, plain := counted{w: io.Discard, hash: sha256.New()}, counted{w: io.Discard, hash: sha256.New()}
	r, err := s.keys.OpenStream(ctx, b.Key, b.bound(), io.TeeReader(f, &sum))
	if errors.Is(err, seal.ErrErased) {
		return seal.Erased, nil
	}
	if err == nil {
		_, err = io.Copy(&plain, r)
	}
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if err != nil || sum.n != b.Sealed || plain.n != b.Size+saltLen ||
		!seal.Same(sum.hash.Sum(nil), b.Sum[:]) || !seal.Same(plain.hash.Sum(nil), b.Commitment[:]) {
		return seal.Bad, nil
	}
	return seal.OK, nil
}

// checkLost judges a row without its file: bad, unless its key is gone anyway.
func (s *Blobs) checkLost(ctx context.Context, b Blob, why error) (seal.State, error) {
	_, err := s.keys.SealBytes(ctx, b.Key, "check", nil)
	switch {
	case errors.Is(err, seal.ErrErased):
		return seal.Erased, nil
	case notThere(why):
		return seal.Bad, nil
	}
	return "", fmt.Errorf("check file %s: %w", b.ID, why)
}

// content is an opened file.
type content struct {
	io.Reader
	io.Closer
}

// counted writes on, counts and sums up.
type counted struct {
	w    io.Writer
	hash hash.Hash
	n    int64
}

func (c *counted) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.hash.Write(b[:n])
	c.n += int64(n)
	return n, err
}

// canceled ends reading with its context.
type canceled struct {
	ctx context.Context
	r   io.Reader
}

func (c canceled) Read(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(b)
}

func randomName() string {
	b := make([]byte, 16)
	rand.Read(b) //nolint:errcheck // never fails
	return hex.EncodeToString(b)
}
