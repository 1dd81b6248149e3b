package consult

import (
	"encoding/base32"
	"regexp"

	"mingfa/internal/base/id"
	"mingfa/internal/base/text"
)

// Element is a data element of a work order in Appendix B.5, for exports and
// for imports from other systems. Misprints of the table are read as the
// requirements say (AMB-C3, C6, C10 to C14).
type Element struct {
	Code     string // "20501"
	Key      string // text of its name: "consult.element_20501"
	Required bool
	Max      int // characters that are stored
	Flag     int // characters above which an export flags the value; 0: none
	Form     *regexp.Regexp
}

// Elements are BB.20501 to BB.20515 in order.
var Elements = []Element{
	{Code: "20501", Required: true, Max: MaxTitle},
	{Code: "20502", Required: true, Max: 10, Form: dateForm},
	{Code: "20503", Required: true, Max: 128},
	{Code: "20504", Max: 512},
	{Code: "20505", Required: true, Max: 32, Form: regexp.MustCompile(`^(waiting|assigned|answered|closed|excluded)$`)},
	{Code: "20506", Required: true, Max: 32, Form: regexp.MustCompile(`^[0-9]{1,18} [A-Z]{3}$`)}, // minor units and currency, "0 CNY"
	{Code: "20507", Required: true, Max: MaxName, Flag: 32},
	{Code: "20508", Required: true, Max: MaxPhone, Form: e164Form},
	{Code: "20509", Max: 32, Form: e164Form},
	{Code: "20510", Max: 16, Form: regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]+$`)},
	{Code: "20511", Required: true, Max: 16, Form: regexp.MustCompile(`^P([0-9]+D)?(T([0-9]+H)?([0-9]+M)?)?$`)},
	{Code: "20512", Max: 10, Form: dateForm},
	{Code: "20513", Max: MaxEmail, Flag: 32},
	{Code: "20514", Max: 128},
	{Code: "20515", Required: true, Max: 32, Form: regexp.MustCompile(`^(web|wap|app|sms|kiosk|hotline|import)$`)},
}

var (
	dateForm = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	e164Form = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
)

func init() {
	for i := range Elements {
		Elements[i].Key = "consult.element_" + Elements[i].Code
	}
}

// Period is the service period of a message order (BB.20511): the limit of the
// answer as an ISO 8601 duration.
const Period = "PT120M"

// Check gives the text key of what is wrong with a value, or "". An empty value
// is missing.
func (e Element) Check(value string) string {
	switch {
	case value == "" && e.Required:
		return "fault.field_required"
	case value == "":
		return ""
	case text.Length(value) > e.Max:
		return "fault.too_long"
	case e.Code == "20513" && !text.Email(value), e.Form != nil && !e.Form.MatchString(value):
		return "fault.field_format"
	}
	return ""
}

// Flagged tells whether an export must flag a value that other systems, built
// to the smaller length of the standard, may cut (AMB-C12).
func (e Element) Flagged(value string) bool { return e.Flag > 0 && text.Length(value) > e.Flag }

// Description is what element BB.20504 holds of a question: its first 512
// characters; the message holds all of it.
func Description(question string) string {
	if r := []rune(question); len(r) > 512 {
		return string(r[:512])
	}
	return question
}

// crockford has no I, L, O and U: what is read out on the telephone is not
// mistaken.
var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// ShortID gives the 16 characters by which element BB.20510 names a lawyer: 80
// bits of his ID.
func ShortID(person id.ID) string { return crockford.EncodeToString(person[6:16]) }
