package seal

import (
	"container/list"
	"context"
	"crypto/cipher"
	"fmt"
	"sync"
	"time"

	"mingfa/internal/base/id"
)

// key is an unwrapped key: never the key itself, only what is derived from it,
// each part for one use.
type key struct {
	id    id.ID
	kind  string
	wrap  cipher.AEAD // wraps the keys below
	text  cipher.AEAD // seals texts and small files
	files []byte      // seals streams
	look  []byte      // makes look-up indexes
	seen  time.Time   // when the store last said that it is there
}

// derive makes the parts of a key from its raw bytes.
func derive(r row, raw []byte) *key {
	return &key{
		id: r.ID, kind: r.Kind, seen: time.Now(),
		wrap:  newAEAD(subkey(raw, "wrap")),
		text:  newAEAD(subkey(raw, "text")),
		files: subkey(raw, "files"),
		look:  subkey(raw, "look"),
	}
}

// ring holds the keys used last. Every destruction begins a new era: what was
// read from the store before it is not put into the ring after it.
type ring struct {
	mu   sync.Mutex
	max  int
	now  uint64
	keys map[id.ID]*list.Element
	age  *list.List // of *key, the one used last in front
}

func newRing(max int) *ring {
	return &ring{max: max, keys: map[id.ID]*list.Element{}, age: list.New()}
}

// era is taken before the store is read, and given to put.
func (r *ring) era() uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

// get finds a key that the store has confirmed lately.
func (r *ring) get(k id.ID) *key {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, ok := r.keys[k]
	if !ok {
		return nil
	}
	found := e.Value.(*key)
	if time.Since(found.seen) >= Recheck*4/5 {
		r.age.Remove(e)
		delete(r.keys, k)
		return nil
	}
	r.age.MoveToFront(e)
	return found
}

func (r *ring) put(era uint64, k *key) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if era != r.now {
		return
	}
	if e, ok := r.keys[k.id]; ok {
		e.Value = k
		r.age.MoveToFront(e)
		return
	}
	r.keys[k.id] = r.age.PushFront(k)
	if r.age.Len() > r.max {
		last := r.age.Back()
		delete(r.keys, r.age.Remove(last).(*key).id)
	}
}

// forget begins a new era without the given keys.
func (r *ring) forget(ids []id.ID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now++
	for _, k := range ids {
		if e, ok := r.keys[k]; ok {
			r.age.Remove(e)
			delete(r.keys, k)
		}
	}
}

// drop forgets everything.
func (r *ring) drop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now++
	clear(r.keys)
	r.age.Init()
}

// key finds one key, ErrErased or ErrNoKey.
func (k *Keys) key(ctx context.Context, want id.ID) (*key, error) {
	if found := k.ring.get(want); found != nil {
		return found, nil
	}
	found, bad, err := k.some(ctx, []id.ID{want})
	if err != nil {
		return nil, err
	}
	if found[want] == nil {
		return nil, bad[want]
	}
	return found[want], nil
}

// some finds many keys at once, and for each that it can't give the reason:
// ErrErased, ErrNoKey or ErrBox (the row was altered).
func (k *Keys) some(ctx context.Context, want []id.ID) (map[id.ID]*key, map[id.ID]error, error) {
	found, bad := map[id.ID]*key{}, map[id.ID]error{}
	era := k.ring.era()
	rows := map[id.ID]row{}
	next := map[id.ID]bool{}
	for _, w := range want {
		if have := k.ring.get(w); have != nil {
			found[w] = have
		} else {
			next[w] = true
		}
	}
	for len(next) > 0 { // one round for each storey of the hierarchy
		ids := make([]id.ID, 0, len(next))
		for w := range next {
			ids = append(ids, w)
		}
		got, err := k.store.load(ctx, ids...)
		if err != nil {
			return nil, nil, err
		}
		clear(next)
		for _, w := range ids {
			r, ok := got[w]
			switch {
			case !ok:
				bad[w] = ErrNoKey
			case r.Gone != 0:
				bad[w] = ErrErased
			default:
				rows[w] = r
				if p := r.Parent; p != id.Nil && found[p] == nil && bad[p] == nil {
					if have := k.ring.get(p); have != nil {
						found[p] = have
					} else if _, known := rows[p]; !known {
						next[p] = true
					}
				}
			}
		}
	}
	for w := range rows {
		k.unwrap(w, rows, found, bad, era, 0)
	}
	return found, bad, nil
}

// unwrap opens rows[w] with its parent, and the parent before that.
func (k *Keys) unwrap(w id.ID, rows map[id.ID]row, found map[id.ID]*key, bad map[id.ID]error, era uint64, depth int) {
	if found[w] != nil || bad[w] != nil {
		return
	}
	r, ok := rows[w]
	if !ok || depth > len(under) {
		bad[w] = fmt.Errorf("key %s: its ancestors lead nowhere: %w", w, ErrBox)
		return
	}
	wrap := k.master
	if r.Parent != id.Nil {
		k.unwrap(r.Parent, rows, found, bad, era, depth+1)
		if found[r.Parent] == nil {
			bad[w] = bad[r.Parent]
			return
		}
		wrap = found[r.Parent].wrap
	}
	raw, err := decrypt(wrap, r.Wrapped, r.aad())
	if err != nil || len(raw) != keyLen {
		bad[w] = fmt.Errorf("key %s: %w", w, ErrBox)
		return
	}
	defer clear(raw)
	found[w] = derive(r, raw)
	k.ring.put(era, found[w])
}
