package seal

import (
	"context"
	"fmt"
	"slices"

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
	for _, s := range sealed {
		why := func(err error) error { return fmt.Errorf("put sealed text %s: %w", s.ID, err) }
		if err := tx.Later(why, "INSERT INTO seal_text (id, org, key, box) VALUES (?, ?, ?, ?)", s.ID.String(), s.Org.String(), s.Key.String(), s.Box); err != nil {
			return err
		}
	}
	return nil
}

// Read opens texts by ID. A text whose key is destroyed comes back Erased; a
// row that is missing or does not open is an error. The ID id.Nil is passed
// over.
func (k *Keys) Read(ctx context.Context, tx *db.Tx, ids ...id.ID) (map[id.ID]Text, error) {
	out := make(map[id.ID]Text, len(ids))
	opened, err := k.openRows(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	for _, want := range ids {
		if want == id.Nil {
			continue
		}
		o, ok := opened[want]
		switch {
		case !ok:
			return nil, fmt.Errorf("read sealed text %s: there is no such row", want)
		case o.state == Erased:
			out[want] = Text{Erased: true}
		case o.state == Bad:
			return nil, fmt.Errorf("read sealed text %s: %w", want, ErrBox)
		default:
			out[want] = Text{Plain: o.plain}
		}
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

type textRow struct {
	id, org, key id.ID
	box          []byte
}

type openedRow struct {
	state      State
	plain      string
	commitment [32]byte
}

// openRows reads and opens rows; rows that are missing are missing in the map.
func (k *Keys) openRows(ctx context.Context, tx *db.Tx, ids []id.ID) (map[id.ID]openedRow, error) {
	out := make(map[id.ID]openedRow, len(ids))
	for part := range slices.Chunk(ids, 400) {
		rows, err := textRows(tx, part)
		if err != nil {
			return nil, fmt.Errorf("read sealed texts: %w", err)
		}
		want := make([]id.ID, 0, len(rows))
		for _, r := range rows {
			want = append(want, r.key)
		}
		slices.SortFunc(want, func(a, b id.ID) int { return slices.Compare(a[:], b[:]) })
		keys, bad, err := k.some(ctx, slices.Compact(want))
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			o := openedRow{state: Bad}
			if f := keys[r.key]; f != nil {
				if plain, commitment, err := f.open(r.box, r.id, r.org); err == nil {
					o = openedRow{OK, plain, commitment}
				}
			} else if bad[r.key] == ErrErased {
				o.state = Erased
			}
			out[r.id] = o
		}
	}
	return out, nil
}

func textRows(tx *db.Tx, ids []id.ID) ([]textRow, error) {
	args := make([]any, 0, len(ids))
	for _, i := range ids {
		args = append(args, i.String())
	}
	rows, err := tx.Rows("SELECT id, org, key, box FROM seal_text WHERE id IN "+marks(len(args)), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var out []textRow
	for rows.Next() {
		var r textRow
		if err := rows.Scan(&r.id, &r.org, &r.key, &r.box); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}
