package db

import (
	"bytes"
	"errors"
	"runtime"
	"strconv"
	"sync"
)

// hints tells watchers inside this process that there is something new. A slow
// watcher sees only the newest hint.
type hints struct {
	mu sync.Mutex
	m  map[string]map[chan int64]struct{}
}

// Watch gives a channel that receives the hints of topic, and a func that ends
// it. Hints may be lost: a watcher also looks by itself now and then.
func (d *DB) Watch(topic string) (<-chan int64, func()) {
	c := make(chan int64, 1)
	d.hints.mu.Lock()
	defer d.hints.mu.Unlock()
	if d.hints.m == nil {
		d.hints.m = map[string]map[chan int64]struct{}{}
	}
	if d.hints.m[topic] == nil {
		d.hints.m[topic] = map[chan int64]struct{}{}
	}
	d.hints.m[topic][c] = struct{}{}
	return c, func() {
		d.hints.mu.Lock()
		defer d.hints.mu.Unlock()
		delete(d.hints.m[topic], c)
	}
}

func (h *hints) tell(topic string, n int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.m[topic] {
		select {
		case c <- n:
		default:
		}
	}
}

// busy holds the goroutines that run a closure at this moment, so that a Do
// inside Do is an error and not a standstill.
var busy sync.Map

func enter(g uint64)       { busy.Store(g, true) }
func leave(g uint64)       { busy.Delete(g) }
func inside(g uint64) bool { _, in := busy.Load(g); return in }

var errInside = errors.New("db: Do inside Do; pass the Tx down instead")

// goroutine is the number of the calling goroutine. It takes 2 to 15 µs: the
// runtime walks the whole stack.
func goroutine() uint64 {
	var buf [40]byte
	b := buf[:runtime.Stack(buf[:], false)]
	b = bytes.TrimPrefix(b, []byte("goroutine "))
	if i := bytes.IndexByte(b, ' '); i > 0 {
		b = b[:i]
	}
	n, _ := strconv.ParseUint(string(b), 10, 64)
	return n
}
