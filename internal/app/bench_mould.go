package app

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"

	"mingfa/internal/base/id"
)

// A mould is a row of the pattern (bench_snapshot.go), taken apart once: what is the
// same in each copy, and the pieces that become something else.

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
	parts  []part
	bytes  bool
	number bool // an instant, as an int64
	size   int  // of the pattern's own value
	fixed  any  // the same in each copy: string, []byte or int64; nil: it isn't
}

// mouldRow is a row of a cluster, taken apart.
type mouldRow struct {
	table  int
	values []*mould
	text   string // the sealed text that it is
	leaf   int64  // the fact that it is; -1: none
	at     int64  // of the fact
	column int    // of the leaf
	body   int    // column of the fact's bytes
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
			return &mould{parts: []part{{anInstant, "", v}}, number: true}
		}
		return &mould{fixed: v}
	case bool:
		return &mould{fixed: map[bool]int64{true: 1, false: 0}[v]}
	case []byte:
		m := &mould{parts: s.partsOf(string(v), keyed), bytes: true, size: len(v)}
		if m.same() {
			m.fixed = v
		}
		return m
	case string:
		m := &mould{parts: s.wholeOf(v), size: len(v) + 8}
		if m.parts == nil {
			m.parts = s.partsOf(v, keyed)
		}
		if m.same() {
			m.fixed = v
		}
		return m
	}
	panic(fmt.Sprintf("a value of type %T in the pattern", v))
}

// same tells of a value that is the same in each copy.
func (m *mould) same() bool { return len(m.parts) == 1 && m.parts[0].kind == literal }

// wholeOf knows values that are of one piece; nil for others.
func (s *snapshot) wholeOf(v string) []part {
	switch {
	case s.paths[v]:
		return []part{{aPath, v, 0}}
	case s.regions[v]:
		return []part{{aRegion, v, 0}}
	case wholeMonth.MatchString(v):
		return []part{{aMonth, v, 0}}
	case wholeHash.MatchString(v):
		return []part{{aHash, v, 0}}
	}
	return nil
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
			if columns[i] == "day_at" && m.values[i].number {
				m.values[i].parts[0].kind = aDay
			}
		}
		switch name {
		case "seal_text":
			m.text = s.column(r, "id")
			m.values[slices.Index(columns, "box")] = &mould{parts: []part{{aBox, m.text, 0}}, bytes: true}
		case "journal_fact":
			m.column, m.body = slices.Index(columns, "leaf"), slices.Index(columns, "body")
			m.leaf, _ = r.values[m.column].(int64)
			m.at, _ = r.values[slices.Index(columns, "at")].(int64)
		}
		out.rows = append(out.rows, m)
	}
	return out
}
