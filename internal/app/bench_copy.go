package app

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"

	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
	"mingfa/internal/core/identity"
)

// Copies of a pattern (bench_pattern.go): the same rows with IDs, keys, texts, numbers
// and leaves of their own, at another time, of another organisation, with other
// people. Facts bind texts by their commitments, so these are exchanged too, and
// mingfa verify holds for what is made here: a test sees to that.

// cast are the people and organisations that copies are about.
type cast struct {
	root    identity.Org
	orgs    []identity.Org
	weight  []float64         // summed up
	lawyers map[id.ID][]id.ID // by organisation
	all     []id.ID           // lawyers
	staff   []id.ID
}

// copied is a copy that is being made.
type copied struct {
	*moulded
	org           identity.Org
	shift         int64 // milliseconds
	month         string
	ids           map[string]id.ID
	sealed        map[string]seal.Sealed
	leaves        map[int64]int64
	citizen, ckey id.ID
	salt          uint64
}

// copier makes copies of a pattern in a house.
type copier struct {
	h        *house
	p        *pattern
	cast     *cast
	url      string
	rng      *rand.Rand
	fill     *journal.Filling
	leaf     int64 // the next one
	next     int   // of the pattern's orders
	moulds   map[*cluster]*moulded
	citizens [][2]id.ID // with key
	rows     map[string]int
	indexed  time.Duration // how long making the indexes again took
}

// atOnce is how many orders are made together.
const atOnce = 1500

// drawn are copies that have their keys; batch is what is written of them.
type drawn struct {
	from *snapshot
	list []*copied
}

type batch struct {
	rows   [][][]any // by table
	bodies [][]byte  // of the facts, by leaf
}

// run makes n orders of the days up to the pattern's: while one batch is written the
// next one is sealed, and the one after that gets its keys.
func (c *copier) run(ctx context.Context, n, days int) (err error) {
	c.moulds, c.rows = map[*cluster]*moulded{}, map[string]int{}
	if c.fill, err = c.h.journal.Fill(ctx); err != nil {
		return err
	}
	c.leaf = c.fill.Next()
	out, err := openBulk(ctx, c.url, c.p.past.columns)
	if err != nil {
		return err
	}
	if err := c.pipe(ctx, out, n, days); err != nil {
		return errors.Join(err, out.close())
	}
	start := time.Now()
	if err := errors.Join(out.finish(ctx), out.close()); err != nil {
		return err
	}
	c.indexed = time.Since(start)
	return c.fill.Close(ctx)
}

func (c *copier) pipe(ctx context.Context, out bulk, n, days int) error {
	ctx, stop := context.WithCancelCause(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	keyed, ready := make(chan drawn, 1), make(chan batch, 1)
	wg.Go(func() {
		defer close(keyed)
		if err := c.draw(ctx, n, days, keyed); err != nil {
			stop(err)
		}
	})
	wg.Go(func() {
		defer close(ready)
		for d := range keyed {
			b, err := c.batch(ctx, d)
			if err == nil {
				err = send(ctx, ready, b)
			}
			if err != nil {
				stop(err)
				return
			}
		}
	})
	for b := range ready {
		if err := c.write(ctx, out, b); err != nil {
			stop(err)
			break
		}
	}
	return context.Cause(ctx)
}

func send[T any](ctx context.Context, to chan<- T, v T) error {
	select {
	case to <- v:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// draw chooses what is copied, day by day, and gives each copy its keys.
func (c *copier) draw(ctx context.Context, n, days int, to chan<- drawn) error {
	for d := days - 1; d >= 0; d-- {
		s := c.p.past
		switch {
		case d == 0:
			s = c.p.noon
		case d < 8:
			s = c.p.next
		}
		today := n/days + map[bool]int{true: 1}[d < n%days]
		for today > 0 {
			part := min(today, atOnce)
			list := c.some(s, d, part)
			if err := c.keys(ctx, list); err != nil {
				return fmt.Errorf("make the keys of %d days ago: %w", d, err)
			}
			if err := send(ctx, to, drawn{s, list}); err != nil {
				return err
			}
			today -= part
		}
	}
	return nil
}

// some chooses orders of a day, and what else belongs to it.
func (c *copier) some(s *snapshot, d, n int) (list []*copied) {
	for range n {
		o := s.orders[c.next%len(s.orders)]
		c.next++
		x := c.copyOf(s, o, d)
		if len(c.citizens) == 0 || c.rng.IntN(5) < 2 {
			account := c.copyOf(s, s.accounts[o.citizen], d)
			account.shift = x.shift
			account.citizen = id.New()
			account.ids[o.citizen] = account.citizen
			list = append(list, account)
			x.citizen = account.citizen
		} else {
			known := c.citizens[c.rng.IntN(len(c.citizens))]
			x.citizen, x.ckey = known[0], known[1]
		}
		list = append(list, x)
		if c.next%len(s.orders) == 0 {
			for _, other := range s.others {
				list = append(list, c.copyOf(s, other, d))
			}
		}
	}
	return list
}

func (c *copier) copyOf(s *snapshot, from *cluster, d int) *copied {
	m := c.moulds[from]
	if m == nil {
		m = s.moulded(from)
		c.moulds[from] = m
	}
	jitter := c.rng.Int64N(100_000) - 50_000 // nobody asks in the first or last minute of the pattern's day
	if d == 0 {
		jitter = -c.rng.Int64N(50_000)
	}
	at := c.rng.Float64() * c.cast.weight[len(c.cast.weight)-1]
	n, _ := slices.BinarySearch(c.cast.weight, at)
	x := &copied{moulded: m, org: c.cast.orgs[n], shift: -int64(d)*24*3600_000 + jitter, month: c.p.day.AddDate(0, 0, -d).Format("2006-01"),
		ids: make(map[string]id.ID, len(from.owned)), sealed: make(map[string]seal.Sealed, len(from.texts)), leaves: map[int64]int64{}, salt: c.rng.Uint64()}
	for _, o := range from.owned {
		if o[14] == '7' {
			x.ids[o] = id.New()
		} else {
			x.ids[o] = uuid.New()
		}
	}
	turn, lawyers, staff := c.rng.IntN(1000), 0, 0
	for _, known := range m.shared {
		switch s.shared[known] {
		case "root":
			x.ids[known] = c.cast.root.ID
		case "org":
			x.ids[known] = x.org.ID
		case "rootkey":
			x.ids[known] = c.cast.root.Key
		case "orgkey":
			x.ids[known] = x.org.Key
		case "lawyer": // one each, of the organisation as long as it has some
			of := c.cast.lawyers[x.org.ID]
			if lawyers >= len(of) {
				of = c.cast.all
			}
			x.ids[known] = of[(turn+lawyers)%len(of)]
			lawyers++
		case "staff":
			x.ids[known] = c.cast.staff[(turn+staff)%len(c.cast.staff)]
			staff++
		}
	}
	return x
}

// together runs fn for each, some hundred at a time: making a key waits for the disk.
func together[T any](list []T, at int, fn func(T) error) error {
	var wg sync.WaitGroup
	var mu sync.Mutex
	var failed error
	in := make(chan T)
	for range at {
		wg.Go(func() {
			for x := range in {
				if err := fn(x); err != nil {
					mu.Lock()
					failed = err
					mu.Unlock()
				}
			}
		})
	}
	for _, x := range list {
		in <- x
	}
	close(in)
	wg.Wait()
	return failed
}

// keys makes the keys: of new citizens first, of their orders below them.
func (c *copier) keys(ctx context.Context, list []*copied) error {
	made := map[id.ID]id.ID{}
	var mu sync.Mutex
	var accounts, orders []*copied
	for _, x := range list {
		switch {
		case x.account:
			accounts = append(accounts, x)
		case x.order:
			orders = append(orders, x)
		}
	}
	err := together(accounts, 256, func(x *copied) error {
		key, err := c.h.keys.New(ctx, seal.Person, c.cast.root.Key)
		mu.Lock()
		defer mu.Unlock()
		x.ids[x.keys[0]], made[x.citizen] = key, key
		return err
	})
	if err != nil {
		return err
	}
	for _, x := range accounts {
		c.citizens = append(c.citizens, [2]id.ID{x.citizen, made[x.citizen]})
	}
	return together(orders, 256, func(x *copied) error {
		if x.ckey == id.Nil {
			x.ckey = made[x.citizen]
		}
		for _, known := range x.keys {
			key, err := c.h.keys.New(ctx, seal.Order, x.ckey)
			if err != nil {
				return err
			}
			x.ids[known] = key
		}
		for _, known := range x.citizens {
			x.ids[known[0]], x.ids[known[1]] = x.citizen, x.ckey
		}
		return nil
	})
}

// batch seals, numbers and renders.
func (c *copier) batch(ctx context.Context, d drawn) (b batch, err error) {
	if err := c.seal(ctx, d.from, d.list); err != nil {
		return b, err
	}
	first := c.leaf
	c.number(d.list)
	b.rows, b.bodies = make([][][]any, len(copiedTables)), make([][]byte, c.leaf-first)
	for _, x := range d.list {
		for i := range x.rows {
			r := &x.rows[i]
			values := make([]any, len(r.values))
			for k, m := range r.values {
				values[k] = x.value(m)
			}
			if r.leaf >= 0 {
				leaf := x.leaves[r.leaf]
				values[r.column] = leaf
				b.bodies[leaf-first] = values[r.body].([]byte)
			}
			b.rows[r.table] = append(b.rows[r.table], values)
		}
	}
	return b, nil
}

// seal seals each text anew.
func (c *copier) seal(ctx context.Context, s *snapshot, list []*copied) error {
	return together(list, 4, func(x *copied) error {
		for _, r := range x.rows {
			if r.text == "" {
				continue
			}
			org, key := x.id(r.values[1].parts[0].text), x.id(r.values[2].parts[0].text)
			sealed, err := c.h.keys.Seal(ctx, org, key, s.plain[r.text])
			if err != nil {
				return fmt.Errorf("%w (org %s, key %s of %v)", err, org, r.values[2].parts[0].text, x.moulded.cluster.keys)
			}
			x.sealed[r.text], x.ids[r.text] = sealed, sealed.ID
		}
		return nil
	})
}

// number gives the facts their leaves, in the order of their time.
func (c *copier) number(list []*copied) {
	type fact struct {
		x   *copied
		row *mouldRow
	}
	var facts []fact
	for _, x := range list {
		for i := range x.rows {
			if x.rows[i].leaf >= 0 {
				facts = append(facts, fact{x, &x.rows[i]})
			}
		}
	}
	slices.SortStableFunc(facts, func(a, b fact) int {
		if a.x == b.x {
			return int(a.row.leaf - b.row.leaf)
		}
		return int(a.row.at + a.x.shift - b.row.at - b.x.shift)
	})
	for _, f := range facts {
		f.x.leaves[f.row.leaf] = c.leaf
		c.leaf++
	}
}

// write writes the rows, and takes the facts into the journal's tree.
func (c *copier) write(ctx context.Context, out bulk, b batch) error {
	for t, rows := range b.rows {
		c.rows[copiedTables[t]] += len(rows)
	}
	if err := out.write(ctx, b.rows); err != nil {
		return err
	}
	for part := range slices.Chunk(b.bodies, 4000) {
		if err := c.fill.Add(ctx, part); err != nil {
			return err
		}
	}
	return nil
}

func (x *copied) id(old string) id.ID {
	if i, ok := x.ids[old]; ok {
		return i
	}
	return uuidOf(old)
}

var letters = base32.NewEncoding("23456789ABCDEFGHJKLMNPQRSTUVWXYZ")

// value is a value of the copy; nil is NULL.
func (x *copied) value(m *mould) any {
	switch {
	case m == nil:
		return nil
	case m.fixed != nil:
		return m.fixed
	case m.number && m.parts[0].kind == aDay:
		return x.dayAt(m.parts[0].at)
	case m.number:
		return m.parts[0].at + x.shift
	case m.bytes:
		return x.bytes(m)
	}
	return string(x.bytes(m))
}

func (x *copied) bytes(m *mould) []byte {
	if len(m.parts) == 1 && m.parts[0].kind == aBox {
		return x.sealed[m.parts[0].text].Box
	}
	b := make([]byte, 0, m.size)
	for _, p := range m.parts {
		switch p.kind {
		case literal:
			b = append(b, p.text...)
		case anID:
			b = append(b, x.id(p.text).String()...)
		case aShortID:
			i := x.id(p.text)
			b = base64.RawURLEncoding.AppendEncode(b, i[:])
		case aText:
			i := x.id(p.text)
			b = append(base64.RawURLEncoding.AppendEncode(b, i[:]), '.')
			commitment := x.sealed[p.text].Commitment
			b = base64.RawURLEncoding.AppendEncode(b, commitment[:])
		case aNumber:
			day, err := time.Parse("20060102", p.text[:8])
			if err != nil {
				b = append(b, p.text...)
				continue
			}
			h := x.hash(p.text)
			b = day.Add(time.Duration(x.shift)*time.Millisecond).Add(12*time.Hour).AppendFormat(b, "20060102")
			b = append(append(b, '-'), letters.EncodeToString(h[:5])...)
		case aMoment:
			at := time.UnixMilli(p.at + x.shift).UTC()
			b = at.AppendFormat(b, time.RFC3339Nano)
		case anInstant:
			b = strconv.AppendInt(b, p.at+x.shift, 10)
		case aMonth:
			b = append(b, x.month...)
		case aPath:
			b = append(b, x.org.Path...)
		case aRegion:
			b = append(b, x.org.Region...)
		case aHash:
			h := x.hash(p.text)
			b = hex.AppendEncode(b, h[:])
		case aLeaf:
			leaf, ok := x.leaves[p.at]
			if !ok {
				leaf = int64(x.salt >> 2)
			}
			b = strconv.AppendInt(b, leaf, 10)
		}
	}
	return b
}

// dayAt is when the copy's day begins; a copy is shifted by less than half an hour
// beside whole days.
func (x *copied) dayAt(at int64) int64 {
	const hour = 3600_000
	return (at + x.shift + hour/2) / hour * hour
}

// hash is a made-up value, the same for the same value in the same copy.
func (x *copied) hash(old string) [32]byte {
	return sha256.Sum256(strconv.AppendUint([]byte(old), x.salt, 36))
}
