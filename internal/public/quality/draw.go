package quality

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"

	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/public/consult"
)

// Seed is what makes a draw random and repeatable: SHA-256 in hex.
type Seed = journal.Hex

// seedOf makes the seed of a draw from the root of a signed checkpoint, which
// nobody chooses, and from what is drawn.
func seedOf(root [32]byte, subject id.ID) Seed {
	h := sha256.New()
	h.Write([]byte("mingfa quality draw"))
	h.Write(root[:])
	h.Write(subject[:])
	return Seed(hex.EncodeToString(h.Sum(nil)))
}

// Candidate is an order that may be drawn.
type Candidate struct {
	Order   id.ID
	Problem string
	Rated   consult.Rating // "" while not rated
}

// unhappy tells whether it stands in the stratum of its own.
func (c Candidate) unhappy() bool { return c.Rated.NeedsCallback() }

// stratum is where a candidate is drawn from: below satisfied all problem types
// together, otherwise by problem type and whether he rated.
func (c Candidate) stratum() string {
	switch {
	case c.unhappy():
		return "unsatisfied"
	case c.Rated.Valid():
		return c.Problem + "/satisfied"
	}
	return c.Problem + "/unrated"
}

// Quota is how many of n orders are inspected: the share, rounded up, so at
// least one where there is any (B7.2.4a).
func Quota(n, percent int) int { return (n*percent + 99) / 100 }

// Draw draws from the orders of a lawyer's month, on top of those that he has
// been drawn already, in the order in which they were drawn. It has no effects
// and depends on nothing else: the same seed, orders, earlier draws and share
// give the same, in whatever order they are given, each once.
//
// Orders rated below satisfied have a quota of their own, the others another,
// so together at least the share. Within a quota the stratum that is furthest
// behind its part is drawn from next.
func Draw(seed Seed, from []Candidate, had map[id.ID]bool, percent int) (drawn []id.ID) {
	var unhappy, others []Candidate
	for _, c := range from {
		if c.unhappy() {
			unhappy = append(unhappy, c)
		} else {
			others = append(others, c)
		}
	}
	return append(drawFrom(seed, unhappy, had, percent), drawFrom(seed, others, had, percent)...)
}

// stratum is the part of the candidates that is drawn from together.
type stratum struct {
	name string
	size int     // all its orders
	had  int     // of them drawn
	lots []id.ID // of the others, in the order of the lot
}

func drawFrom(seed Seed, from []Candidate, had map[id.ID]bool, percent int) (drawn []id.ID) {
	strata, taken := stratify(seed, from, had)
	quota := Quota(len(from), percent)
	for ; taken < quota; taken++ {
		next := furthestBehind(strata, quota, len(from))
		if next == nil {
			break
		}
		drawn, next.lots, next.had = append(drawn, next.lots[0]), next.lots[1:], next.had+1
	}
	return drawn
}

// stratify sorts the candidates into strata and tells how many were drawn before.
func stratify(seed Seed, from []Candidate, had map[id.ID]bool) (list []*stratum, taken int) {
	byName := map[string]*stratum{}
	for _, c := range from {
		name := c.stratum()
		s := byName[name]
		if s == nil {
			s = &stratum{name: name}
			byName[name], list = s, append(list, s)
		}
		s.size++
		if had[c.Order] {
			s.had++
			taken++
			continue
		}
		s.lots = append(s.lots, c.Order)
	}
	for _, s := range list {
		slices.SortFunc(s.lots, func(a, b id.ID) int { return bytes.Compare(lot(seed, a[:]), lot(seed, b[:])) })
	}
	slices.SortFunc(list, func(a, b *stratum) int { return bytes.Compare(lot(seed, []byte(a.name)), lot(seed, []byte(b.name))) })
	return list, taken
}

// furthestBehind is the stratum whose part of the quota exceeds most what was
// drawn from it; among equals the lot decides. Nil: nothing is left.
func furthestBehind(strata []*stratum, quota, all int) (next *stratum) {
	behind := func(s *stratum) int { return s.size*quota - s.had*all }
	for _, s := range strata {
		if len(s.lots) > 0 && (next == nil || behind(s) > behind(next)) {
			next = s
		}
	}
	return next
}

// lot is the place of a thing in a draw.
func lot(seed Seed, thing []byte) []byte {
	h := sha256.New()
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(len(seed)))
	h.Write(n[:])
	h.Write([]byte(seed))
	h.Write(thing)
	return h.Sum(nil)
}
