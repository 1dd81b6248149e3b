package seal

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"mingfa/internal/base/id"
)

// A sealed stream is a salt of 32 bytes and then segments of at most 64 KiB,
// each sealed by AES-256-GCM under a key derived from salt, key and name, with
// a nonce of its number and of whether it is the last (the STREAM construction
// of Hoang, Reyhanitabar, Rogaway and Vizár). Segments can't be exchanged, and
// a stream that was cut does not open to its end.
const segment = 64 << 10

// SealStream seals what is written and writes it to w. Only Close makes the
// stream whole; it does not close w.
func (k *Keys) SealStream(ctx context.Context, key id.ID, name string, w io.Writer) (io.WriteCloser, error) {
	found, err := k.key(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("seal a file: %w", err)
	}
	salt := random(saltLen)
	if _, err := w.Write(salt); err != nil {
		return nil, err
	}
	return &sealer{w: w, segments: newSegments(found, salt, name), buf: make([]byte, 0, segment)}, nil
}

// OpenStream opens what SealStream sealed under the same key and name. Each
// segment is checked before it is given out; a stream that lacks its end gives
// ErrBox instead of io.EOF.
func (k *Keys) OpenStream(ctx context.Context, key id.ID, name string, r io.Reader) (io.Reader, error) {
	found, err := k.key(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("open a file: %w", err)
	}
	salt := make([]byte, saltLen)
	if _, err := io.ReadFull(r, salt); err != nil {
		return nil, ErrBox
	}
	// One byte more than a segment tells whether another follows.
	return &opener{r: r, segments: newSegments(found, salt, name), ahead: make([]byte, 0, segment+16+1)}, nil
}

// segments counts the segments of one stream and gives each its nonce.
type segments struct {
	aead cipher.AEAD
	n    uint64
}

func newSegments(k *key, salt []byte, name string) segments {
	raw, err := hkdf.Key(sha256.New, k.files, salt, "mingfa stream 1|"+name, keyLen)
	if err != nil {
		panic("seal: a key of 32 bytes can always be derived")
	}
	b, err := aes.NewCipher(raw)
	if err != nil {
		panic("seal: a key has 32 bytes")
	}
	g, err := cipher.NewGCM(b)
	if err != nil {
		panic("seal: AES has blocks of 16 bytes")
	}
	return segments{aead: g}
}

func (s *segments) nonce(last bool) []byte {
	var b [12]byte
	binary.BigEndian.PutUint64(b[3:], s.n)
	if last {
		b[11] = 1
	}
	s.n++
	return b[:]
}

type sealer struct {
	w io.Writer
	segments
	buf    []byte
	closed bool
}

func (s *sealer) Write(b []byte) (int, error) {
	if s.closed {
		return 0, errors.New("the sealed stream is closed")
	}
	n := 0
	for len(b) > 0 {
		if len(s.buf) == segment { // more follows, so this one is not the last
			if err := s.flush(false); err != nil {
				return n, err
			}
		}
		took := min(len(b), segment-len(s.buf))
		s.buf = append(s.buf, b[:took]...)
		b, n = b[took:], n+took
	}
	return n, nil
}

func (s *sealer) flush(last bool) error {
	_, err := s.w.Write(s.aead.Seal(nil, s.nonce(last), s.buf, nil))
	clear(s.buf)
	s.buf = s.buf[:0]
	return err
}

// Close writes the last segment, without which the stream does not open.
func (s *sealer) Close() error {
	if s.closed {
		return nil
	}
	s.closed = true
	return s.flush(true)
}

type opener struct {
	r io.Reader
	segments
	ahead []byte // sealed bytes read and not yet opened
	plain []byte // opened and not yet given out
	err   error
}

func (o *opener) Read(b []byte) (int, error) {
	for len(o.plain) == 0 {
		if o.err != nil {
			return 0, o.err
		}
		o.next()
	}
	n := copy(b, o.plain)
	o.plain = o.plain[n:]
	return n, nil
}

// next opens one segment.
func (o *opener) next() {
	full := segment + o.aead.Overhead()
	have := len(o.ahead)
	n, err := io.ReadFull(o.r, o.ahead[have:full+1])
	o.ahead = o.ahead[:have+n]
	last := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
	if err != nil && !last {
		o.err = err
		return
	}
	sealed := o.ahead[:min(len(o.ahead), full)]
	plain, err := o.aead.Open(nil, o.nonce(last), sealed, nil)
	if err != nil {
		o.err = ErrBox
		return
	}
	o.plain = plain
	o.ahead = append(o.ahead[:0], o.ahead[len(sealed):]...)
	if last {
		o.err = io.EOF
	}
}
