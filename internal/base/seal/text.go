package seal

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
)

// Text is what Read finds.
type Text struct {
	Plain  string
	Erased bool // the key has been destroyed; Plain is empty
}

// Put writes sealed texts as rows, in the transaction of the verb.
func Put(tx *db.Tx, sealed ...Sealed) error {
	for part := range slices.Chunk(sealed, 16) {
		why := func(err error) error { return fmt.Errorf("put sealed texts, %s the first: %w", part[0].ID, err) }
		args := make([]any, 0, 4*len(part))
		for _, s := range part {
			args = append(args, s.ID.String(), s.Org.String(), s.Key.String(), s.Box)
		}
		query := "INSERT INTO seal_text (id, org, key, box) VALUES (?, ?, ?, ?)" + strings.Repeat(", (?, ?, ?, ?)", len(part)-1)
		if err := tx.Later(why, query, args...); err != nil {
			return err
		}
	}
	return nil
}

// Read opens texts by ID. A text whose key is destroyed comes back Erased; a
// row that is missing or does not open is an error. The ID id.Nil is passed
// over.
func (k *Keys) Read(ctx context.Context, tx *db.Tx, ids ...id.ID) (map[id.ID]Text, error) {
	ids = slices.DeleteFunc(slices.Clone(ids), func(i id.ID) bool { return i == id.Nil })
	opened, err := k.openRows(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[id.ID]Text, len(ids))
	for _, want := range ids {
		o, ok := opened[want]
		if !ok {
			return nil, fmt.Errorf("read sealed text %s: there is no such row", want)
		}
		if out[want], err = o.text(want); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// ReadJSON opens texts that are JSON, by ID; those whose key is destroyed are left
// out. Errors as Read.
func ReadJSON[T any](ctx context.Context, k *Keys, tx *db.Tx, ids ...id.ID) (map[id.ID]T, error) {
	texts, err := k.Read(ctx, tx, ids...)
	if err != nil {
		return nil, err
	}
	out := make(map[id.ID]T, len(texts))
	for i, t := range texts {
		if t.Erased {
			continue
		}
		var v T
		if err := json.Unmarshal([]byte(t.Plain), &v); err != nil {
			return nil, fmt.Errorf("read sealed text %s: it is no such JSON", i) // without what it says
		}
		out[i] = v
	}
	return out, nil
}

// Row is a sealed text as it was read along with something else (seal_text_v).
type Row struct {
	ID, Org, Key id.ID
	Box          []byte
}

// Open opens rows; errors as Read, and a row that a LEFT JOIN did not find has
// no key. The ID id.Nil is passed over.
func (k *Keys) Open(ctx context.Context, rows ...Row) (map[id.ID]Text, error) {
	rows = slices.DeleteFunc(slices.Clone(rows), func(r Row) bool { return r.ID == id.Nil })
	opened := make(map[id.ID]openedRow, len(rows))
	if err := k.openAll(ctx, rows, opened); err != nil {
		return nil, err
	}
	out := make(map[id.ID]Text, len(rows))
	for i, o := range opened {
		t, err := o.text(i)
		if err != nil {
			return nil, err
		}
		out[i] = t
	}
	return out, nil
}

// State is what became of a sealed text.
type State string

// The states that verify counts.
const (
	OK     State = "ok"     // it opens and its commitment holds
	Erased State = "erased" // its key was destroyed on purpose
	Bad    State = "bad"    // missing, altered, or under a key that never was
)

// Claim is what a fact says of a text.
type Claim struct {
	ID         id.ID
	Commitment [32]byte
}

// Check compares claims of facts with the rows: one State for each claim.
func (k *Keys) Check(ctx context.Context, tx *db.Tx, claims ...Claim) ([]State, error) {
	ids := make([]id.ID, len(claims))
	for i, c := range claims {
		ids[i] = c.ID
	}
	opened, err := k.openRows(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	states := make([]State, len(claims))
	for i, c := range claims {
		o, ok := opened[c.ID]
		switch {
		case !ok:
			states[i] = Bad
		case o.state == OK && !Same(o.commitment[:], c.Commitment[:]):
			states[i] = Bad
		default:
			states[i] = o.state
		}
	}
	return states, nil
}

type openedRow struct {
	state      State
	plain      string
	commitment [32]byte
}

// text is what is told of row i.
func (o openedRow) text(i id.ID) (Text, error) {
	switch o.state {
	case Erased:
		return Text{Erased: true}, nil
	case Bad:
		return Text{}, fmt.Errorf("read sealed text %s: %w", i, ErrBox)
	}
	return Text{Plain: o.plain}, nil
}

// openRows reads and opens rows; rows that are missing are missing in the map.
func (k *Keys) openRows(ctx context.Context, tx *db.Tx, ids []id.ID) (map[id.ID]openedRow, error) {
	out := make(map[id.ID]openedRow, len(ids))
	for part := range slices.Chunk(ids, 400) {
		rows, err := textRows(tx, part)
		if err != nil {
			return nil, fmt.Errorf("read sealed texts: %w", err)
		}
		if err := k.openAll(ctx, rows, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// openAll opens rows into out, finding their keys together.
func (k *Keys) openAll(ctx context.Context, rows []Row, out map[id.ID]openedRow) error {
	want := make([]id.ID, 0, len(rows))
	for _, r := range rows {
		want = append(want, r.Key)
	}
	slices.SortFunc(want, func(a, b id.ID) int { return slices.Compare(a[:], b[:]) })
	keys, bad, err := k.some(ctx, slices.Compact(want))
	if err != nil {
		return err
	}
	for _, r := range rows {
		o := openedRow{state: Bad}
		if f := keys[r.Key]; f != nil {
			if plain, commitment, err := f.open(r.Box, r.ID, r.Org); err == nil {
				o = openedRow{OK, plain, commitment}
			}
		} else if bad[r.Key] == ErrErased {
			o.state = Erased
		}
		out[r.ID] = o
	}
	return nil
}

func textRows(tx *db.Tx, ids []id.ID) ([]Row, error) {
	args := make([]any, 0, len(ids))
	for _, i := range ids {
		args = append(args, i.String())
	}
	rows, err := tx.Rows("SELECT id, org, key, box FROM seal_text WHERE id IN "+marks(len(args)), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var out []Row
	for rows.Next() {
		var r Row
		if err := rows.Scan(&r.ID, &r.Org, &r.Key, &r.Box); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}
