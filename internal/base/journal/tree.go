package journal

import (
	"database/sql"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
)

// The hashes of the tree are stored in the order of tlog's storage (a growing
// list: the hash of each leaf, and behind it the inner nodes that it
// completes), chunkHashes at a time in a row.
const chunkHashes = 256

// edge is the growing end of the tree in memory: valid only for the log and
// size it was made for, thrown away whenever the head says otherwise.
type edge struct {
	log   id.ID
	size  int64 // leaves
	chunk int64 // number of the last chunk, which is tail
	tail  []byte
	seen  map[int64]tlog.Hash // inner hashes read or made lately
	row   int64               // last row with a number, on SQLite
}

// row is what *sql.Row and chunk readers give.
type chunkReader func(chunk int64) ([]byte, error)

// reader reads stored hashes from chunks.
func reader(read chunkReader) tlog.HashReaderFunc {
	have := map[int64][]byte{}
	return func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			c := x / chunkHashes
			b, ok := have[c]
			if !ok {
				var err error
				if b, err = read(c); err != nil {
					return nil, err
				}
				have[c] = b
			}
			at := int(x%chunkHashes) * tlog.HashSize
			if at+tlog.HashSize > len(b) {
				return nil, fmt.Errorf("hash %d is missing", x)
			}
			out[i] = tlog.Hash(b[at : at+tlog.HashSize])
		}
		return out, nil
	}
}

// chunks reads the chunks of a log.
func chunks(tx *db.Tx, log id.ID) chunkReader {
	return func(c int64) ([]byte, error) {
		var b []byte
		err := tx.Row("SELECT data FROM journal_hash WHERE log = ? AND chunk = ?", log.String(), c).Scan(&b)
		if err == sql.ErrNoRows {
			return nil, nil
		}
		return b, err
	}
}

// load makes e the edge of the log at the head.
func (e *edge) load(tx *db.Tx, h head) error {
	log, size := h.log, h.size-h.base
	if e.log == log && e.size == size && e.seen != nil {
		return nil
	}
	row, err := lastNumbered(tx, h.size)
	if err != nil {
		return err
	}
	*e = edge{log: log, size: size, seen: map[int64]tlog.Hash{}, row: row}
	n := tlog.StoredHashCount(size)
	e.chunk = n / chunkHashes
	b, err := chunks(tx, log)(e.chunk)
	if err != nil {
		return err
	}
	if want := int(n%chunkHashes) * tlog.HashSize; len(b) != want {
		return fmt.Errorf("chunk %d of the journal's tree has %d bytes, want %d", e.chunk, len(b), want)
	}
	e.tail = b
	return nil
}

// add appends leaves and returns the chunks that changed. On an error, or when
// the transaction is not committed, the edge must be dropped.
func (e *edge) add(tx *db.Tx, bodies [][]byte) (map[int64][]byte, error) {
	if len(e.seen) > 1<<16 {
		e.seen = map[int64]tlog.Hash{} // read again what is needed
	}
	read := e.reader(tx)
	changed := map[int64][]byte{}
	for _, body := range bodies {
		hs, err := tlog.StoredHashes(e.size, body, read)
		if err != nil {
			return nil, err
		}
		at := tlog.StoredHashIndex(0, e.size)
		for i, h := range hs {
			e.seen[at+int64(i)] = h
			e.tail = append(e.tail, h[:]...)
			changed[e.chunk] = e.tail
			if len(e.tail) == chunkHashes*tlog.HashSize {
				e.chunk, e.tail = e.chunk+1, nil
			}
		}
		e.size++
	}
	return changed, nil
}

// root is the root of the tree as it stands, stored or not.
func (e *edge) root(tx *db.Tx) (tlog.Hash, error) { return tlog.TreeHash(e.size, e.reader(tx)) }

// reader reads from what was seen lately, else from the stored chunks.
func (e *edge) reader(tx *db.Tx) tlog.HashReaderFunc {
	stored := reader(chunks(tx, e.log))
	return func(ix []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(ix))
		for i, x := range ix {
			h, ok := e.seen[x]
			if !ok {
				hs, err := stored([]int64{x})
				if err != nil {
					return nil, err
				}
				h, e.seen[x] = hs[0], hs[0]
			}
			out[i] = h
		}
		return out, nil
	}
}

func saveChunks(tx *db.Tx, log id.ID, changed map[int64][]byte) error {
	for c, b := range changed {
		if err := tx.Later(nil, `INSERT INTO journal_hash (log, chunk, data) VALUES (?, ?, ?)
			ON CONFLICT (log, chunk) DO UPDATE SET data = excluded.data`, log.String(), c, b); err != nil {
			return fmt.Errorf("store the journal's tree: %w", err)
		}
	}
	return nil
}
