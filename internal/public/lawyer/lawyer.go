// Package lawyer keeps the duty lawyers (值班律师) of the platform and finds
// the one who fits a question.
//
// A lawyer is a person; his ID is the person's ID. His profile (elements
// BB.20201 name, 20202 phone, 20203 nickname, 20206 firm, 20207 region, 20209
// fields, 20213 registration time) belongs to an organisation. Name and phone
// are sealed under the person's key; nickname and firm are public.
//
//	status:  away <-> online <-> busy <-> away     the lawyer's own word
//	load:    open orders in his hands              consult: Taken +1, Freed -1
//	rating:  what askers said                      consult: Rated
//
// # Match (B5.2.2)
//
// Fitting means: he speaks the language, serves the region (or one above it)
// and the area of law. The language is never given up; the rest is, in this
// order, until somebody on duty is found:
//
//	online: area and region, area only, neither; then busy: the same three
//
// Within a stage the lowest load wins, then no poor rating (at least 5 ratings
// and less than 95 % satisfied is poor: B6.3.1c, AMB-B38), then the longest
// wait since his last order, then the ID: the same rows give the same lawyer.
// Who is away is never given an order. If nobody is found, the order waits; the
// fact lawyer.status_changed is the moment to try again.
//
// Why he was chosen is a Reason: enums and numbers, kept with the order and
// told in any language.
//
// Load and rating are counters that consult moves in its own transactions by
// calls down; consult's facts tell why. They do not raise rev. All functions
// with a Tx take part in the caller's transaction; two transactions may choose
// the same lawyer, which is no harm. Service is safe for concurrent use.
package lawyer

import (
	"regexp"
	"time"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/text"
)

// Status is whether a lawyer takes orders now.
type Status string

// The statuses.
const (
	Online Status = "online" // takes orders
	Busy   Status = "busy"   // only if nobody online can
	Away   Status = "away"   // takes none
)

// Valid tells whether s is a status.
func (s Status) Valid() bool { return s == Online || s == Busy || s == Away }

// Any as an area or region code fits every order.
const Any = "*"

// Profile is a duty lawyer as the platform knows him.
type Profile struct {
	ID        id.ID // the person
	Org       id.ID
	Path      string // of Org
	Rev       int64
	Name      id.ID // sealed
	Phone     id.ID // sealed; Nil where he gave none
	Nickname  string
	Firm      string
	Areas     []string // codes of problem types, or Any
	Regions   []string // codes of GB/T 2260, or Any
	Languages []string
	Status    Status
	StatusAt  time.Time
	Load      int       // open orders in his hands
	Rated     int       // ratings he got
	Satisfied int       // of them satisfied or very satisfied (T7)
	Points    int       // sum of 1..5
	ServedAt  time.Time // when he was last given an order; zero for never
	CreatedAt time.Time // BB.20213
}

// New is what is known of a lawyer when he joins.
type New struct {
	Person    id.ID
	Key       id.ID // the person's key, under which name and phone are sealed
	Org       id.ID
	Path      string // of Org
	Name      string // BB.20201, 32 characters
	Phone     string // BB.20202, any writing that text.Phone takes; may be empty in demonstrations
	Nickname  string // BB.20203, 32
	Firm      string // BB.20206, 128
	Areas     []string
	Regions   []string
	Languages []string
	Status    Status // Away if empty
}

// The limits of Appendix B.2, in characters, and of the lists.
const (
	MaxName     = 32
	MaxPhone    = 20
	MaxNickname = 32
	MaxFirm     = 128
	maxCodes    = 500
)

var (
	areaCode     = regexp.MustCompile(`^([a-z][a-z_]{0,31}|\*)$`)
	regionCode   = regexp.MustCompile(`^([1-9][0-9]{5}|\*)$`)
	languageCode = regexp.MustCompile(`^(zh-Hans|zh-Hant-HK|en)$`)
)

// Check tells what of n can't be taken, as Add would.
func (n New) Check() error {
	_, err := n.check()
	return err
}

// check cleans the texts of n and names every field that can't be taken.
func (n New) check() (New, error) {
	var bad []fault.Field
	clean := func(path string, s *string, limit int) {
		got, err := text.Clean(*s)
		switch {
		case err != nil:
			bad = append(bad, fault.At(path, "fault.text_refused"))
		case text.Blank(got):
			bad = append(bad, fault.At(path, "fault.field_required"))
		case text.Length(got) > limit:
			bad = append(bad, fault.At(path, "fault.too_long").With("max", limit))
		}
		*s = got
	}
	clean("name", &n.Name, MaxName)
	clean("nickname", &n.Nickname, MaxNickname)
	clean("firm", &n.Firm, MaxFirm)
	if n.Phone != "" {
		phone, ok := text.Phone(n.Phone)
		if !ok || text.Length(n.Phone) > MaxPhone {
			bad = append(bad, fault.At("phone", "lawyer.phone_invalid"))
		}
		n.Phone = phone
	}
	if n.Status == "" {
		n.Status = Away
	}
	if !n.Status.Valid() {
		bad = append(bad, fault.At("status", "fault.field_choice"))
	}
	bad = append(bad, codes("areas", n.Areas, areaCode)...)
	bad = append(bad, codes("regions", n.Regions, regionCode)...)
	bad = append(bad, codes("languages", n.Languages, languageCode)...)
	if len(bad) > 0 {
		return n, fault.Bad(bad...)
	}
	return n, nil
}

func codes(path string, list []string, form *regexp.Regexp) []fault.Field {
	if len(list) == 0 {
		return []fault.Field{fault.At(path, "fault.field_required")}
	}
	if len(list) > maxCodes {
		return []fault.Field{fault.At(path, "fault.too_many_items").With("max", maxCodes)}
	}
	for _, c := range list {
		if !form.MatchString(c) {
			return []fault.Field{fault.At(path, "fault.field_choice")}
		}
	}
	return nil
}
