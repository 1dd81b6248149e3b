// Package seal keeps what persons say under keys that can be destroyed.
//
// Every text or file of a person is sealed (AES-256-GCM) before it comes near a
// database. Its key stands in a hierarchy: the master key wraps the key of an
// organisation, that wraps the key of a person, and that wraps the key of each
// order (or matter, or conversation). Wrapped keys live in a store of their
// own, apart from the data: the file keys.db (SQLite) or the schema mingfa_keys
// (PostgreSQL). To erase a person is to destroy his key and all below it: the
// bytes of the wrapped keys are then in no file, and no copy of the data, old
// or new, can be read again. The master key is a file beside, never in a
// database; whoever has a backup of the data has nothing.
//
// What a caller may trust:
//   - New returns when the key is on disk. It is called before db.Do; a key that
//     nobody comes to use is harmless. A key of NewWith is on disk when the rows are.
//   - A key that Destroy has taken is never used again in this process, and in
//     another process on the same store after at most Recheck (5 s).
//   - A destroyed key leaves a gravestone (its ID, kind, parent and time, the
//     wrapped bytes overwritten), so "erased" and "never was" are not the same.
//   - A box is bound to its ID, organisation and key: boxes swapped between rows
//     do not open. Its commitment SHA-256(salt || plain), with 32 random bytes
//     of salt sealed beside the text, is what a fact may hold.
//   - No error of this package holds plain text or key bytes.
//
// The bytes leave the log beside the file too (SQLite: clear); on PostgreSQL the
// write-ahead log, where the server lets us (Caveats says what it does not).
//
// Keys is safe for concurrent use. The files, in the order of the story:
// master.go (the master key), store.go (the rows of keys), writer.go (group
// commit), ring.go (unwrapping and the cache), box.go (sealing), stream.go
// (files), text.go (rows of sealed texts), destroy.go, backup.go.
//
// Requirements: B9.3.1, B7.4.2.1.5, B9.2.1a (in part).
package seal

import (
	"context"
	"crypto/cipher"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/fail"
	"mingfa/internal/base/id"
)

// Recheck is the longest that a process goes on using a key which another
// process has destroyed.
const Recheck = 5 * time.Second

// The kinds of keys. Each stands under its parent kind; the key of an
// organisation stands under the master key (parent id.Nil).
const (
	Org          = "org"
	Person       = "person"
	Order        = "order"
	Matter       = "matter"
	Conversation = "conversation"
)

// under tells which kind of key wraps which.
var under = map[string]string{Org: "", Person: Org, Order: Person, Matter: Person, Conversation: Person}

// What can be wrong with a key or a box.
var (
	ErrErased = errors.New("the key has been destroyed")
	ErrNoKey  = errors.New("there is no such key")
	ErrBox    = errors.New("the box does not open: it was altered, or belongs elsewhere")
	ErrClosed = errors.New("the key store is closed")
)

// Config says where the keys are.
type Config struct {
	Dir         string // holds the file master.key and, without PostgresURL, keys.db
	PostgresURL string // keys in the schema mingfa_keys of this database instead
	Cache       int    // unwrapped keys held in memory; 20,000 if zero
}

// Keys is an open key store.
type Keys struct {
	store  *store
	master cipher.AEAD // wraps the keys of organisations
	ring   *ring
	writer *writer
	close  sync.Once
}

// Open opens the key store, and makes it with a fresh master key the first
// time. A store without its master key, or with another's, is refused.
func Open(ctx context.Context, c Config) (*Keys, error) {
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the key directory: %w", err)
	}
	s, err := openStore(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("open the key store: %w", err)
	}
	master, err := openMaster(ctx, s, filepath.Join(c.Dir, "master.key"))
	if err != nil {
		s.Close() //nolint:errcheck // the first error tells more
		return nil, err
	}
	if c.Cache <= 0 {
		c.Cache = 20_000
	}
	return &Keys{store: s, master: master, ring: newRing(c.Cache), writer: startWriter(s)}, nil
}

// Close answers those who wait and closes the store.
func (k *Keys) Close() error {
	var err error
	k.close.Do(func() {
		k.writer.stop()
		k.ring.drop()
		err = k.store.Close()
	})
	return err
}

// New makes a key under parent and returns when it is on disk. A key of an
// organisation has the parent id.Nil: it stands under the master key.
func (k *Keys) New(ctx context.Context, kind string, parent id.ID) (id.ID, error) {
	r, fresh, err := k.make(ctx, kind, parent)
	if err != nil {
		return id.Nil, fmt.Errorf("make a key of kind %s: %w", kind, err)
	}
	era := k.ring.era()
	if err := k.writer.add(ctx, r); err != nil {
		return id.Nil, fmt.Errorf("make a key of kind %s: %w", kind, err)
	}
	k.ring.put(era, fresh)
	fail.Point("seal.key.made")
	return r.ID, nil
}

// NewWith makes a key that comes to disk with the rows that it seals. Where both lie in
// one database (PostgreSQL) put writes it in their transaction, which saves them a commit
// before it; put fails with ErrErased if the parent has been destroyed. On SQLite the key
// is on disk at once, and put does nothing.
func (k *Keys) NewWith(ctx context.Context, kind string, parent id.ID) (key id.ID, put func(tx *db.Tx) error, err error) {
	if !k.store.postgres {
		key, err = k.New(ctx, kind, parent)
		return key, func(*db.Tx) error { return nil }, err
	}
	r, fresh, err := k.make(ctx, kind, parent)
	if err != nil {
		return id.Nil, nil, fmt.Errorf("make a key of kind %s: %w", kind, err)
	}
	k.ring.put(k.ring.era(), fresh)
	fail.Point("seal.key.made")
	return r.ID, r.put, nil
}

// make wraps a fresh key under its parent.
func (k *Keys) make(ctx context.Context, kind string, parent id.ID) (row, *key, error) {
	want, ok := under[kind]
	if !ok {
		return row{}, nil, errors.New("there is no such kind")
	}
	wrap := k.master
	if parent != id.Nil {
		p, err := k.key(ctx, parent)
		if err != nil {
			return row{}, nil, fmt.Errorf("parent: %w", err)
		}
		if p.kind != want {
			return row{}, nil, fmt.Errorf("it stands under %q, not under %q", want, p.kind)
		}
		wrap = p.wrap
	} else if want != "" {
		return row{}, nil, fmt.Errorf("it needs a parent of kind %s", want)
	}
	raw := random(keyLen)
	defer clear(raw)
	r := row{ID: id.New(), Parent: parent, Kind: kind, Made: time.Now().UnixMilli()}
	r.Wrapped = encrypt(wrap, raw, r.aad())
	return r, derive(r, raw), nil
}

// Exists tells whether the key is there and not destroyed.
func (k *Keys) Exists(ctx context.Context, key id.ID) (bool, error) {
	rows, err := k.store.load(ctx, key)
	if err != nil {
		return false, err
	}
	r, ok := rows[key]
	return ok && r.Gone == 0, nil
}
