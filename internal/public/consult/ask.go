package consult

import (
	"regexp"
	"slices"
	"strings"

	"mingfa/internal/base/element"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
	"mingfa/internal/base/text"
)

// Ask is what a citizen sends: region, question, contact (B5.2.2: three steps).
type Ask struct {
	ID       id.ID   `json:"id" doc:"Client-made; a repeat makes no second order"`
	Region   string  `json:"region" doc:"Code of GB/T 2260, see GET /regions" example:"440304"`
	Question string  `json:"question" doc:"BB.20504" example:"公司拖欠三个月工资，应该怎么办？"`
	Type     string  `json:"problem_type,omitempty" doc:"BB.20503, see GET /problem-types; general if empty" example:"labour"`
	Language string  `json:"language,omitempty" example:"zh-Hans"`
	Contact  Contact `json:"contact"`
	Title    string  `json:"title,omitempty" doc:"BB.20501; made from the question if empty"`
	Source   string  `json:"source,omitempty" doc:"BB.20515: web, wap, app, sms, kiosk, hotline or import; web if empty"`
	Remark   string  `json:"remark,omitempty" doc:"BB.20514"`

	Attachments []Attach `json:"attachments,omitempty" doc:"Files uploaded under this order, at most 10"`
}

// Contact is how to reach him.
type Contact struct {
	Name  string `json:"name" doc:"BB.20507, BB.20101" example:"陈女士"`
	Phone string `json:"phone,omitempty" doc:"BB.20508, BB.20103; that of the account if empty"`
	Email string `json:"email,omitempty" doc:"BB.20513, BB.20104"`
	Relay string `json:"relay,omitempty" doc:"BB.20509: a number that hides the phone"`
}

// The limits, in characters. Where Appendix B has two, the larger is stored and
// an export flags what exceeds the smaller (AMB-C12).
const (
	MaxTitle    = 128  // BB.20501
	MaxQuestion = 4000 // the message; element BB.20504 holds its first 512
	MaxName     = 64   // BB.20101, BB.20507
	MaxPhone    = 32   // BB.20508 as written; E.164 has at most 16 (BB.20103: 20)
	MaxEmail    = 64   // BB.20104, BB.20513
	MaxRemark   = 128  // BB.20514
	MaxMessage  = 2000 // what is said after the answer
	madeTitle   = 60   // columns of the question that make a title: 30 Han characters, or 60 letters
)

// Sources are the ways by which an order comes (BB.20515, BB.20107).
var Sources = element.Sources

var regionForm = regexp.MustCompile(`^[1-9][0-9]{5}$`)

// Check gives the order as it will be stored: texts clean, the phone in E.164,
// empty choices filled. It names every field that can't be taken. known tells
// whether a region exists; nil knows all. account is the phone he signed in
// with.
func (a Ask) Check(account string, known func(region string) bool) (Ask, error) {
	var bad []fault.Field
	add := func(s *string, got string, more []fault.Field) {
		*s = got
		bad = append(bad, more...)
	}
	if a.ID == id.Nil {
		bad = append(bad, fault.At("id", "fault.id"))
	}
	if !regionForm.MatchString(a.Region) || known != nil && !known(a.Region) {
		bad = append(bad, fault.At("region", "consult.region_unknown"))
	}
	got, more := needed("question", a.Question, MaxQuestion)
	add(&a.Question, got, more)
	got, more = needed("contact.name", a.Contact.Name, MaxName)
	add(&a.Contact.Name, got, more)
	got, more = optional("title", a.Title, MaxTitle)
	add(&a.Title, got, more)
	if text.Blank(a.Title) {
		a.Title = makeTitle(a.Question)
	}
	got, more = a.Contact.phone(account)
	add(&a.Contact.Phone, got, more)
	if a.Contact.Email != "" && (text.Length(a.Contact.Email) > MaxEmail || !text.Email(a.Contact.Email)) {
		bad = append(bad, fault.At("contact.email", "consult.email_invalid").With("max", MaxEmail))
	}
	got, more = optional("remark", a.Remark, MaxRemark)
	add(&a.Remark, got, more)
	if a.Contact.Relay != "" {
		phone, ok := text.Phone(a.Contact.Relay)
		if !ok {
			bad = append(bad, fault.At("contact.relay", "consult.phone_invalid"))
		}
		a.Contact.Relay = phone
	}
	bad = append(bad, choice("problem_type", &a.Type, GeneralType, func(s string) bool { return TypeKnown(s) })...)
	bad = append(bad, choice("language", &a.Language, say.Hans, func(s string) bool { return slices.Contains(say.Languages, s) })...)
	bad = append(bad, choice("source", &a.Source, Sources[0], func(s string) bool { return slices.Contains(Sources, s) })...)
	bad = append(bad, checkFiles(a.Attachments)...)
	if len(bad) > 0 {
		return Ask{}, fault.Bad(bad...)
	}
	return a, nil
}

func (c Contact) phone(account string) (string, []fault.Field) {
	written := c.Phone
	if written == "" {
		written = account
	}
	if text.Length(written) > MaxPhone {
		return "", []fault.Field{fault.At("contact.phone", "fault.too_long").With("max", MaxPhone)}
	}
	phone, ok := text.Phone(written)
	if !ok {
		return "", []fault.Field{fault.At("contact.phone", "consult.phone_invalid")}
	}
	return phone, nil
}

func choice(path string, s *string, fallback string, ok func(string) bool) []fault.Field {
	if *s == "" {
		*s = fallback
	}
	if !ok(*s) {
		return []fault.Field{fault.At(path, "fault.field_choice")}
	}
	return nil
}

// makeTitle takes the beginning of the first line of the question in which
// there is something to see.
func makeTitle(question string) string {
	for line := range strings.Lines(question) {
		if text.Blank(line) {
			continue
		}
		return shortened(strings.TrimSpace(line), madeTitle)
	}
	return ""
}

// shortened cuts a line after so many columns, of which a Han character takes two and
// a letter one; between words, where the last 20 columns have a space.
func shortened(line string, columns int) string {
	space, used := 0, 0
	for i, r := range line {
		if r == ' ' {
			space = i
		}
		if used++; r >= 0x1100 {
			used++
		}
		if used > columns {
			if space > 0 && i-space < 20 {
				i = space
			}
			return line[:i] + "…"
		}
	}
	return line
}

// CheckMessage cleans what is said after the answer: asked back, or replied.
func CheckMessage(s string) (string, error) {
	got, bad := needed("text", s, MaxMessage)
	if bad != nil {
		return "", fault.Bad(bad...)
	}
	return got, nil
}
