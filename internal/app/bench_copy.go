package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
	"mingfa/internal/core/identity"
)

// Copies of a pattern (bench_pattern.go): the same rows with IDs, keys, texts, numbers
// and leaves of their own, at another time, of another organisation, with other
// people. Facts bind texts by their commitments, so these are exchanged too, and
// mingfa verify holds for what is made here: a test sees to that.

// partKind says what a piece of a value becomes in a copy.
type partKind int

const (
	literal   partKind = iota
	anID               // 36 characters
	aShortID           // 22 characters
	aText              // 22 characters, a dot and a commitment
	aNumber            // 20260302-ABCDEFGH
	aMoment            // RFC 3339
	anInstant          // 13 digits
	aMonth             // 2026-03
	aPath              // of the organisation
	aRegion            // of the organisation
	aHash              // 64 hex digits
	aLeaf              // of a fact in the same cluster
	aBox               // the bytes of a sealed text
	aDay               // an instant when a day begins
)

type part struct {
	kind partKind
	text string
	at   int64 // milliseconds of a moment or instant
}

// mould is a value of a row, taken apart; nil is NULL.
type mould struct {
	parts []part
	bytes bool
}

// mouldRow is a row of a cluster, taken apart.
type mouldRow struct {
	table  int
	values []*mould
	text   string // the sealed text that it is
	leaf   int64  // the fact that it is; -1: none
	at     int64  // of the fact
	column int    // of the leaf
}

type moulded struct {
	*cluster
	rows   []mouldRow
	shared []string // IDs of organisations, lawyers and staff in it
}

var (
	pieces = regexp.MustCompile(`([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})|"([A-Za-z0-9_-]{22})(\.[A-Za-z0-9_-]{43})?"|([0-9]{8}-[0-9A-Z]{8})|` +
		`([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z)|"at":([0-9]{13})|"month":"([0-9]{4}-[0-9]{2})"|"region":"([0-9]{6})"|/([0-9]+)/`)
	wholeMonth = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}$`)
	wholeHash  = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// mouldOf takes a value apart. keyed says that numbers between slashes are leaves.
func (s *snapshot) mouldOf(v any, keyed bool) *mould {
	switch v := v.(type) {
	case nil:
		return nil
	case int64:
		if v > 1_500_000_000_000 && v < 2_200_000_000_000 {
			return &mould{parts: []part{{anInstant, "", v}}}
		}
		return &mould{parts: []part{{literal, strconv.FormatInt(v, 10), 0}}}
	case bool:
		return &mould{parts: []part{{literal, map[bool]string{true: "1", false: "0"}[v], 0}}}
	case []byte:
		return &mould{parts: s.partsOf(string(v), keyed), bytes: true}
	case string:
		switch {
		case s.paths[v]:
			return &mould{parts: []part{{aPath, v, 0}}}
		case s.regions[v]:
			return &mould{parts: []part{{aRegion, v, 0}}}
		case wholeMonth.MatchString(v):
			return &mould{parts: []part{{aMonth, v, 0}}}
		case wholeHash.MatchString(v):
			return &mould{parts: []part{{aHash, v, 0}}}
		}
		return &mould{parts: s.partsOf(v, keyed)}
	}
	panic(fmt.Sprintf("a value of type %T in the pattern", v))
}

func (s *snapshot) partsOf(v string, keyed bool) (out []part) {
	last := 0
	put := func(from, to int, p part) {
		if from > last {
			out = append(out, part{literal, v[last:from], 0})
		}
		out, last = append(out, p), to
	}
	for _, m := range pieces.FindAllStringSubmatchIndex(v, -1) {
		group := func(n int) (string, bool) {
			if m[2*n] < 0 {
				return "", false
			}
			return v[m[2*n]:m[2*n+1]], true
		}
		if x, ok := group(1); ok {
			put(m[2], m[3], part{anID, x, 0})
		} else if x, ok := group(2); ok {
			i, err := id.ParseShort(x)
			if err != nil {
				continue
			}
			if _, bound := group(3); bound {
				put(m[4], m[7], part{aText, i.String(), 0})
			} else {
				put(m[4], m[5], part{aShortID, i.String(), 0})
			}
		} else if x, ok := group(4); ok {
			put(m[8], m[9], part{aNumber, x, 0})
		} else if x, ok := group(5); ok {
			if at, err := time.Parse(time.RFC3339Nano, x); err == nil {
				put(m[10], m[11], part{aMoment, "", at.UnixMilli()})
			}
		} else if x, ok := group(6); ok {
			at, _ := strconv.ParseInt(x, 10, 64) // 13 digits
			put(m[12], m[13], part{anInstant, "", at})
		} else if x, ok := group(7); ok {
			put(m[14], m[15], part{aMonth, x, 0})
		} else if x, ok := group(8); ok {
			put(m[16], m[17], part{aRegion, x, 0})
		} else if x, ok := group(9); ok && keyed {
			at, _ := strconv.ParseInt(x, 10, 64) // digits
			put(m[18], m[19], part{aLeaf, x, at})
		}
	}
	if last < len(v) || len(out) == 0 {
		out = append(out, part{literal, v[last:], 0})
	}
	return out
}

func (s *snapshot) moulded(c *cluster) *moulded {
	out := &moulded{cluster: c}
	for _, r := range c.rows {
		for _, x := range idsIn(r.values) {
			if s.shared[x] != "" && !slices.Contains(out.shared, x) {
				out.shared = append(out.shared, x)
			}
		}
		columns, name := s.columns[r.table], copiedTables[r.table]
		m := mouldRow{table: r.table, leaf: -1, column: -1}
		for i, v := range r.values {
			m.values = append(m.values, s.mouldOf(v, columns[i] == "send_key" || columns[i] == "ref"))
			if name == "blob_object" && columns[i] == "name" { // no file lies behind a copy
				m.values[i] = &mould{parts: []part{{aHash, "file", 0}}}
			}
			if columns[i] == "day_at" {
				m.values[i].parts[0].kind = aDay
			}
		}
		switch name {
		case "seal_text":
			m.text = s.column(r, "id")
			m.values[slices.Index(columns, "box")] = &mould{parts: []part{{aBox, m.text, 0}}, bytes: true}
		case "journal_fact":
			m.column = slices.Index(columns, "leaf")
			m.leaf, _ = r.values[m.column].(int64)
			m.at, _ = r.values[slices.Index(columns, "at")].(int64)
		}
		out.rows = append(out.rows, m)
	}
	return out
}

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
	pg       *pgx.Conn
	moulds   map[*cluster]*moulded
	citizens [][2]id.ID // with key
	rows     map[string]int
}

// run makes n orders of the days up to the pattern's.
func (c *copier) run(ctx context.Context, n, days int) (err error) {
	c.moulds, c.rows = map[*cluster]*moulded{}, map[string]int{}
	if c.fill, err = c.h.journal.Fill(ctx); err != nil {
		return err
	}
	if c.h.db.Postgres() {
		if c.pg, err = pgx.Connect(ctx, c.url); err != nil {
			return err
		}
		defer c.pg.Close(ctx) //nolint:errcheck // all is written
	}
	next := 0 // of the pattern's orders
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
			part := min(today, 1500)
			if err := c.some(ctx, s, d, part, &next); err != nil {
				return fmt.Errorf("make the orders of %d days ago: %w", d, err)
			}
			today -= part
		}
	}
	return c.fill.Close(ctx)
}

// some makes orders of a day, and what else belongs to it.
func (c *copier) some(ctx context.Context, s *snapshot, d, n int, next *int) error {
	var list []*copied
	for range n {
		o := s.orders[*next%len(s.orders)]
		*next++
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
		if *next%len(s.orders) == 0 {
			for _, other := range s.others {
				list = append(list, c.copyOf(s, other, d))
			}
		}
	}
	if err := c.keys(ctx, list); err != nil {
		return err
	}
	if err := c.seal(ctx, s, list); err != nil {
		return err
	}
	if err := c.number(ctx, list); err != nil {
		return err
	}
	return c.write(ctx, s, list)
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
func (c *copier) number(ctx context.Context, list []*copied) error {
	type fact struct {
		x   *copied
		row *mouldRow
	}
	var facts []fact
	for _, x := range list {
		for i := range x.rows {
			if x.rows[i].leaf >= 0 && x.rows[i].column >= 0 {
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
	leaf := c.fill.Next()
	bodies := make([][]byte, len(facts))
	for i, f := range facts {
		f.x.leaves[f.row.leaf] = leaf + int64(i)
	}
	for i, f := range facts {
		columns := c.p.past.columns[f.row.table]
		bodies[i] = f.x.bytes(f.row.values[slices.Index(columns, "body")])
	}
	for part := range slices.Chunk(bodies, 4000) {
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
	if m == nil {
		return nil
	}
	if m.bytes {
		return x.bytes(m)
	}
	if len(m.parts) == 1 && m.parts[0].kind == literal {
		return m.parts[0].text
	}
	return string(x.bytes(m))
}

func (x *copied) bytes(m *mould) []byte {
	if len(m.parts) == 1 && m.parts[0].kind == aBox {
		return x.sealed[m.parts[0].text].Box
	}
	var b []byte
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
		case aDay:
			const hour = 3600_000
			b = strconv.AppendInt(b, (p.at+x.shift+hour/2)/hour*hour, 10)
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

// hash is a made-up value, the same for the same value in the same copy.
func (x *copied) hash(old string) [32]byte {
	return sha256.Sum256(strconv.AppendUint([]byte(old), x.salt, 36))
}

// write writes the rows, table by table.
func (c *copier) write(ctx context.Context, s *snapshot, list []*copied) error {
	byTable := make([][][]any, len(copiedTables))
	for _, x := range list {
		for i := range x.rows {
			r := &x.rows[i]
			values := make([]any, len(r.values))
			for k, m := range r.values {
				if k == r.column {
					values[k] = strconv.FormatInt(x.leaves[r.leaf], 10)
					continue
				}
				values[k] = x.value(m)
			}
			byTable[r.table] = append(byTable[r.table], values)
		}
	}
	for t, rows := range byTable {
		if len(rows) == 0 {
			continue
		}
		c.rows[copiedTables[t]] += len(rows)
		into := copiedTables[t] + " (" + strings.Join(quoted(s.columns[t]), ", ") + ")"
		write := c.insert
		if c.pg != nil {
			write = c.copyIn
		}
		if err := write(ctx, into, rows); err != nil {
			return fmt.Errorf("write %s: %w", copiedTables[t], err)
		}
	}
	return nil
}

func quoted(names []string) (out []string) {
	for _, n := range names {
		out = append(out, `"`+n+`"`)
	}
	return out
}

func (c *copier) insert(ctx context.Context, into string, rows [][]any) error {
	for part := range slices.Chunk(rows, 4000) {
		err := c.h.db.Do(ctx, benchActor, func(tx *db.Tx) error {
			for some := range slices.Chunk(part, 40) {
				one := "(?" + strings.Repeat(", ?", len(some[0])-1) + ")"
				args := make([]any, 0, len(some)*len(some[0]))
				for _, r := range some {
					args = append(args, r...)
				}
				if _, err := tx.Exec("INSERT INTO "+into+" VALUES "+one+strings.Repeat(", "+one, len(some)-1), args...); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

var copyEscape = strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", `\r`, "\t", `\t`)

// copyIn writes rows in PostgreSQL's own bulk format.
func (c *copier) copyIn(ctx context.Context, into string, rows [][]any) error {
	var b bytes.Buffer
	for _, r := range rows {
		for i, v := range r {
			if i > 0 {
				b.WriteByte('\t')
			}
			switch v := v.(type) {
			case nil:
				b.WriteString(`\N`)
			case []byte:
				b.WriteString(`\\x`)
				b.Write(hex.AppendEncode(nil, v))
			case string:
				copyEscape.WriteString(&b, v) //nolint:errcheck // a buffer takes all
			}
		}
		b.WriteByte('\n')
	}
	_, err := c.pg.PgConn().CopyFrom(ctx, &b, "COPY "+into+" FROM STDIN")
	return err
}
