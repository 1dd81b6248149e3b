package seal

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"fmt"

	"mingfa/internal/base/id"
)

const (
	keyLen  = 32
	saltLen = 32
	version = 1 // first byte of every box
)

// Sealed is a text that is ready for the database.
type Sealed struct {
	ID, Org, Key id.ID
	Box          []byte   // version || nonce || AES-256-GCM(salt || plain), bound to ID, Org and Key
	Commitment   [32]byte // SHA-256(salt || plain): what a fact may hold
}

// Seal seals a text under key. It is pure computing but for the look at the
// key; call it before db.Do, and Put inside.
func (k *Keys) Seal(ctx context.Context, org, key id.ID, plain string) (Sealed, error) {
	found, err := k.key(ctx, key)
	if err != nil {
		return Sealed{}, fmt.Errorf("seal a text: %w", err)
	}
	s := Sealed{ID: id.New(), Org: org, Key: key}
	salted := append(random(saltLen), plain...)
	defer clear(salted)
	s.Commitment = sha256.Sum256(salted)
	s.Box = encrypt(found.text, salted, textAAD(s.ID, org, key))
	return s, nil
}

// open opens the box of a row, and gives the text with its commitment.
func (f *key) open(box []byte, text, org id.ID) (string, [32]byte, error) {
	salted, err := decrypt(f.text, box, textAAD(text, org, f.id))
	if err != nil || len(salted) < saltLen {
		return "", [32]byte{}, ErrBox
	}
	return string(salted[saltLen:]), sha256.Sum256(salted), nil
}

func textAAD(text, org, key id.ID) []byte {
	b := []byte("mingfa text 1|")
	b = append(b, text[:]...)
	b = append(b, org[:]...)
	return append(b, key[:]...)
}

// SealBytes seals the bytes of a small file under key and binds them to name.
func (k *Keys) SealBytes(ctx context.Context, key id.ID, name string, b []byte) ([]byte, error) {
	found, err := k.key(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("seal bytes: %w", err)
	}
	return encrypt(found.text, b, bytesAAD(key, name)), nil
}

// OpenBytes opens what SealBytes sealed under the same key and name.
func (k *Keys) OpenBytes(ctx context.Context, key id.ID, name string, b []byte) ([]byte, error) {
	found, err := k.key(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("open bytes: %w", err)
	}
	plain, err := decrypt(found.text, b, bytesAAD(key, name))
	if err != nil {
		return nil, ErrBox
	}
	return plain, nil
}

func bytesAAD(key id.ID, name string) []byte {
	return append(append([]byte("mingfa bytes 1|"), key[:]...), name...)
}

// Index makes the look-up value of a field, such as a phone number, under the
// key of an organisation: the same for the same value, telling nothing without
// the key.
func (k *Keys) Index(ctx context.Context, orgKey id.ID, field, value string) ([]byte, error) {
	found, err := k.key(ctx, orgKey)
	if err != nil {
		return nil, fmt.Errorf("index a field: %w", err)
	}
	m := hmac.New(sha256.New, found.look)
	binary.Write(m, binary.BigEndian, uint32(len(field))) //nolint:errcheck // a hash never fails
	m.Write([]byte(field))
	m.Write([]byte(value))
	return m.Sum(nil), nil
}

// Same compares two commitments or indexes without telling by its time where
// they differ.
func Same(a, b []byte) bool { return subtle.ConstantTimeCompare(a, b) == 1 }

// subkey derives the key for one use.
func subkey(raw []byte, use string) []byte {
	b, err := hkdf.Key(sha256.New, raw, nil, "mingfa "+use+" 1", keyLen)
	if err != nil {
		panic("seal: a key of 32 bytes can always be derived")
	}
	return b
}

func newAEAD(key []byte) cipher.AEAD {
	b, err := aes.NewCipher(key)
	if err != nil {
		panic("seal: a key has 32 bytes")
	}
	g, err := cipher.NewGCMWithRandomNonce(b)
	if err != nil {
		panic("seal: AES has blocks of 16 bytes")
	}
	return g
}

// encrypt gives version || nonce || ciphertext || tag.
func encrypt(a cipher.AEAD, plain, aad []byte) []byte {
	out := make([]byte, 1, 1+len(plain)+a.Overhead())
	out[0] = version
	return a.Seal(out, nil, plain, aad)
}

func decrypt(a cipher.AEAD, box, aad []byte) ([]byte, error) {
	if len(box) == 0 || box[0] != version {
		return nil, ErrBox
	}
	plain, err := a.Open(nil, nil, box[1:], aad)
	if err != nil {
		return nil, ErrBox
	}
	return plain, nil
}

// random never fails: crypto/rand ends the program where the system has none.
func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) //nolint:errcheck // never fails
	return b
}
