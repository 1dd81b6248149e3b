package web

import (
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"mingfa/internal/base/who"
)

// Rates are how many requests of the API a minute may have; 0 is as many as
// they like. They bind each session and each machine's token for itself, and of
// those who are nobody each address. Rooms have limits of their own besides
// (Server.Limit).
type Rates struct {
	Reads  int // GET, of a session or token
	Writes int // all else, of a session or token
	Public int // of an address, by nobody: public operations, and tokens that don't hold
}

// rate takes a token for a request and tells in the answer what is left. Reset
// is the number of seconds until all are there again.
func (s *Server) rate(w http.ResponseWriter, r *http.Request, a who.Actor) error {
	name, key, n := "public", network(of(r.Context()).client.Address), s.config.Rates.Public
	if a.Known() {
		key = a.Session.String()
		if name, n = "writes", s.config.Rates.Writes; r.Method == http.MethodGet || r.Method == http.MethodHead {
			name, n = "reads", s.config.Rates.Reads
		}
	}
	if n <= 0 {
		return nil
	}
	t := s.rates.take(bucketName{name, key}, float64(n), time.Minute)
	h := w.Header()
	h.Set("RateLimit-Limit", strconv.Itoa(n))
	h.Set("RateLimit-Remaining", strconv.Itoa(t.left))
	h.Set("RateLimit-Reset", strconv.Itoa(seconds(t.full)))
	return tooMany(t)
}

// network is an address as one party has it: of IPv6 the first 64 bits, for
// each household has all the rest.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil || ip.Unmap().Is4() {
		return address
	}
	p, err := ip.Prefix(64)
	if err != nil {
		return address
	}
	return p.String()
}
