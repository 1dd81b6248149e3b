// Package element is Appendix B of the standard in one table: the 45 data
// elements (数据元) of users, lawyers and orders.
//
// One row of All is one element: its identifier as printed, its names, whether
// it must be there, its type and length, where it is personal, and how we read
// what is misprinted. Validation, import, export, docs/elements.md and the
// tests of the requirements (BB.20101 to BB.20515) are made of this table, so
// they can't differ.
//
// A value is a text. Check says whether it may be stored, and gives the form in
// which it is: a phone in E.164, a date as 2021-11-20, a list with ";" between
// its parts. The form is a fixed point: checking it again changes nothing, which
// is what makes an export that was imported and exported again the same bytes.
//
// What only others know is not asked here: whether a region code exists, and
// whether a field of law is one of ours. Known gives those questions to the
// caller.
//
// Lengths are counted in characters (base/text), never in bytes. Where the
// table prints two lengths for the same thing the larger is stored and an export
// flags what exceeds the smaller (AMB-C12): Flagged.
//
// All functions are pure and safe for concurrent use.
package element

import (
	"slices"
	"strings"
	"time"

	"mingfa/internal/base/text"
)

// Table is one of the three kinds of thing that Appendix B describes.
type Table string

// The tables. Lawyers are Tables B.2 to B.4, which describe one person.
const (
	Users   Table = "users"   // B.1
	Lawyers Table = "lawyers" // B.2, B.3, B.4
	Orders  Table = "orders"  // B.5
)

// Tables are all of them.
var Tables = []Table{Users, Lawyers, Orders}

// Need says when a value must be there.
type Need string

// The needs.
const (
	Always   Need = "always"   // 必备
	IfAny    Need = "if_any"   // 有则必备: given when there is one
	Optional Need = "optional" // 非必备
	Standard Need = "standard" // 必备, but the profile "minimal" leaves it out (AMB-B30)
	Fees     Need = "fees"     // 必备 where the organisation pays fees
	Strict   Need = "strict"   // 必备 only by the letter of the standard (AMB-C11)
)

// Kind is the type of a value.
type Kind string

// The kinds.
const (
	Text     Kind = "text"
	Phone    Kind = "phone"    // E.164
	Email    Kind = "email"    // RFC 5322
	Date     Kind = "date"     // 2021-11-20
	Past     Kind = "past"     // a date that is not in the future
	Moment   Kind = "moment"   // kept to the millisecond, exported as a date
	Region   Kind = "region"   // one code of GB/T 2260
	Regions  Kind = "regions"  // codes of GB/T 2260, or * for all
	Fields   Kind = "fields"   // codes of problem types, or * for all
	Names    Kind = "names"    // a list of names
	Source   Kind = "source"   // where somebody came from
	Sex      Kind = "sex"      // 0 male, 1 female
	Identity Kind = "identity" // number of an identity card, with its check digit
	Licence  Kind = "licence"  // letters and digits
	Pictures Kind = "pictures" // two references to files
	Picture  Kind = "picture"  // one
	State    Kind = "state"    // of an order
	Price    Kind = "price"    // minor units and currency: "0 CNY"
	ShortID  Kind = "short_id" // 16 characters
	Period   Kind = "period"   // ISO 8601 duration
)

// Element is one data element (数据元).
type Element struct {
	Code     string // 数据元标识符 (AMB-C1), "20101"
	Table    Table
	Part     string // as printed: "B.1"
	Name     string // as printed
	NameHant string
	NameEn   string
	Need     Need
	Kind     Kind
	Max      int    // characters that are stored
	Flag     int    // characters above which an export flags the value; 0: none
	Personal bool   // sealed wherever it is stored
	Printed  string // obligation, type and length in the source document
	Reading  string // how we read it, where the print can't be meant
	Unique   bool   // one to an organisation
}

// Of gives the elements of a table, in the order of the standard.
func Of(t Table) []Element {
	var out []Element
	for _, e := range All {
		if e.Table == t {
			out = append(out, e)
		}
	}
	return out
}

// Find gives the element of a code.
func Find(code string) (Element, bool) {
	i := slices.IndexFunc(All, func(e Element) bool { return e.Code == code })
	if i < 0 {
		return Element{}, false
	}
	return All[i], true
}

// Key is the text key of the element's name.
func (e Element) Key() string { return "element.name_" + e.Code }

// Req is its row in the catalogue of requirements.
func (e Element) Req() string { return "BB." + e.Code }

// Row is the values of one user, lawyer or order by code. What is missing is
// absent or "".
type Row map[string]string

// Rules are the choices of an organisation that decide what must be there, and
// the instant of the check.
type Rules struct {
	Standard bool      `json:"standard"` // native place and address must be given (AMB-B30); else only kept if given
	Fees     bool      `json:"fees"`     // lawyers are paid: the payment account must be given
	Strict   bool      `json:"strict"`   // the contact's e-mail must be given (AMB-C11)
	Now      time.Time `json:"-"`
}

// Required tells whether a value must be there.
func (e Element) Required(r Rules) bool {
	switch e.Need {
	case Always:
		return true
	case Standard:
		return r.Standard
	case Fees:
		return r.Fees
	case Strict:
		return r.Strict
	}
	return false
}

// Known answers what only other rooms know; a nil func knows all.
type Known struct {
	Region func(code string) bool
	Field  func(code string) bool
}

// Check gives a value as it is stored, or the text key of what is wrong with it.
// An empty value is missing, which is a fault only where it is required.
func (e Element) Check(value string, r Rules, known Known) (string, string) {
	clean, err := text.Clean(value)
	if err != nil {
		return "", "fault.text_refused"
	}
	if text.Blank(clean) {
		if e.Required(r) {
			return "", "fault.field_required"
		}
		return "", ""
	}
	out, bad := forms[e.Kind](clean, r, known)
	switch {
	case bad != "":
		if text.Length(clean) > e.Max { // the plainer reason first
			bad = "fault.too_long"
		}
		return "", bad
	case text.Length(out) > e.Max:
		return "", "fault.too_long"
	}
	return out, ""
}

// Shown is a stored value as an export writes it: a moment is its date in the
// zone of the standard (AMB-C14), all else is itself.
func (e Element) Shown(value string) string {
	if e.Kind != Moment || len(value) <= len(time.DateOnly) {
		return value
	}
	at, err := time.Parse(momentForm, value)
	if err != nil {
		return value
	}
	return at.In(China).Format(time.DateOnly)
}

// Flagged tells whether an export must flag a value that other systems, built to
// the smaller length of the standard, may cut (AMB-C12).
func (e Element) Flagged(value string) bool { return e.Flag > 0 && text.Length(value) > e.Flag }

// Sources are the ways by which a person or an order comes (BB.20107, BB.20515).
var Sources = []string{"web", "wap", "app", "sms", "kiosk", "hotline", "import"}

// States are those of an order (BB.20505).
var States = []string{"waiting", "assigned", "answered", "closed", "excluded"}

// Join writes a list as one value.
func Join(list []string) string { return strings.Join(list, ";") }

// Split reads a list; the separators that people type are taken.
func Split(value string) []string {
	parts := strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(";；、,，\n", r) })
	var out []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}
