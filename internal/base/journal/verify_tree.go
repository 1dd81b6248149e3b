package journal

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// growing is the tree that verify builds for itself: all hashes in storage
// order, one behind the other.
type growing struct {
	n int64
	h []byte
	// one is where add reads hashes into.
	one []tlog.Hash
}

// expect makes room for n leaves.
func (g *growing) expect(n int64) { g.h = make([]byte, 0, tlog.StoredHashCount(n)*tlog.HashSize) }

// ReadHashes reads from memory. Its answer is good until the next call.
func (g *growing) ReadHashes(ix []int64) ([]tlog.Hash, error) {
	g.one = g.one[:0]
	for _, x := range ix {
		at := x * tlog.HashSize
		if at+tlog.HashSize > int64(len(g.h)) {
			return nil, fmt.Errorf("hash %d is missing", x)
		}
		g.one = append(g.one, tlog.Hash(g.h[at:at+tlog.HashSize]))
	}
	return g.one, nil
}

func (g *growing) add(body []byte) error {
	hs, err := tlog.StoredHashes(g.n, body, g)
	if err != nil {
		return err
	}
	for _, h := range hs {
		g.h = append(g.h, h[:]...)
	}
	g.n++
	return nil
}

// chunk is what row c of journal_hash must hold.
func (g *growing) chunk(c int64) []byte {
	const size = chunkHashes * tlog.HashSize
	from := min(c*size, int64(len(g.h)))
	return g.h[from:min(from+size, int64(len(g.h)))]
}

// matches compares a checkpoint with the tree.
func (g *growing) matches(c Checkpoint) error {
	if c.Size > g.n {
		return fmt.Errorf("a checkpoint has seen %d facts, there are only %d: the tail was cut", c.Size, g.n)
	}
	root, err := tlog.TreeHash(c.Size, g)
	if err != nil {
		return err
	}
	if root != c.Root {
		return fmt.Errorf("the first %d facts are not those the checkpoint has seen", c.Size)
	}
	return nil
}
