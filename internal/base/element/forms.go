package element

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"mingfa/internal/base/text"
)

// China is the zone in which the standard's dates are meant.
var China = time.FixedZone("Asia/Shanghai", 8*60*60)

// momentForm is how a moment is stored.
const momentForm = "2006-01-02T15:04:05.000Z07:00"

// At writes an instant as a moment is stored.
func At(t time.Time) string { return t.In(China).Format(momentForm) }

// forms bring a value into the form in which it is stored, or give the text key
// of what is wrong.
var forms = map[Kind]func(v string, r Rules, k Known) (string, string){
	Text:     func(v string, _ Rules, _ Known) (string, string) { return v, "" },
	Phone:    phone,
	Email:    email,
	Date:     func(v string, _ Rules, _ Known) (string, string) { return date(v) },
	Past:     past,
	Moment:   func(v string, _ Rules, _ Known) (string, string) { return moment(v) },
	Region:   region,
	Regions:  regions,
	Fields:   fields,
	Names:    names,
	Source:   oneOf(Sources),
	Sex:      sex,
	Identity: func(v string, _ Rules, _ Known) (string, string) { return identity(v) },
	Licence:  matching(regexp.MustCompile(`^[\p{L}\p{N}()（）/-]+$`)),
	Pictures: references(2),
	Picture:  references(1),
	State:    oneOf(States),
	Price:    matching(regexp.MustCompile(`^[0-9]{1,18} [A-Z]{3}$`)),
	ShortID:  matching(regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]+$`)),
	Period:   matching(regexp.MustCompile(`^P([0-9]+D)?(T([0-9]+H)?([0-9]+M)?)?$`)),
}

const badForm, badChoice = "fault.field_format", "fault.field_choice"

func matching(form *regexp.Regexp) func(string, Rules, Known) (string, string) {
	return func(v string, _ Rules, _ Known) (string, string) {
		if v = strings.TrimSpace(v); !form.MatchString(v) {
			return "", badForm
		}
		return v, ""
	}
}

func oneOf(list []string) func(string, Rules, Known) (string, string) {
	return func(v string, _ Rules, _ Known) (string, string) {
		if v = text.Fold(strings.TrimSpace(v)); !slices.Contains(list, v) {
			return "", badChoice
		}
		return v, ""
	}
}

// phone also takes a number as a spreadsheet writes it that took it for one
// (1.38001380000E+10).
func phone(v string, _ Rules, _ Known) (string, string) {
	p, ok := text.Phone(whole(v))
	if !ok {
		return "", "element.phone"
	}
	return p, ""
}

var exponent = regexp.MustCompile(`^([0-9])(?:\.([0-9]+))?[eE]\+?([0-9]{1,2})$`)

// whole writes a whole number out that stands in scientific notation.
func whole(v string) string {
	m := exponent.FindStringSubmatch(strings.TrimSpace(v))
	if m == nil {
		return v
	}
	n := int(m[3][0] - '0')
	if len(m[3]) == 2 {
		n = n*10 + int(m[3][1]-'0')
	}
	if n < len(m[2]) || n > 20 {
		return v
	}
	return m[1] + m[2] + strings.Repeat("0", n-len(m[2]))
}

func email(v string, _ Rules, _ Known) (string, string) {
	if v = strings.TrimSpace(v); !text.Email(v) {
		return "", "element.email"
	}
	return v, ""
}

// dates are the forms in which people write one; digits only, so that none can
// be taken for another.
var dates = []string{time.DateOnly, "2006/1/2", "2006-1-2", "2006.1.2", "2006年1月2日", "20060102"}

func date(v string) (string, string) {
	v = strings.TrimSpace(v)
	for _, form := range dates {
		if t, err := time.Parse(form, v); err == nil {
			if t.Year() < 1900 {
				return "", "element.date"
			}
			return t.Format(time.DateOnly), ""
		}
	}
	return "", "element.date"
}

func past(v string, r Rules, _ Known) (string, string) {
	out, bad := date(v)
	if bad == "" && !r.Now.IsZero() && out > r.Now.In(China).Format(time.DateOnly) {
		return "", "element.date_future"
	}
	return out, bad
}

// moments are the forms of an instant; without a zone it is China's.
var moments = []string{time.RFC3339Nano, "2006-01-02 15:04:05.999", "2006-01-02T15:04:05.999", "2006-01-02 15:04", "2006/1/2 15:04:05", "2006/1/2 15:04"}

func moment(v string) (string, string) {
	v = strings.TrimSpace(v)
	if out, bad := date(v); bad == "" {
		return out, ""
	}
	for _, form := range moments {
		if t, err := time.ParseInLocation(form, v, China); err == nil && t.Year() >= 1900 && t.Year() < 10000 {
			return At(t), ""
		}
	}
	return "", "element.date"
}

var regionForm = regexp.MustCompile(`^[1-9][0-9]{5}$`)

// region takes a code, with or without its name behind it.
func region(v string, _ Rules, k Known) (string, string) {
	code, _, _ := strings.Cut(strings.TrimSpace(v), " ")
	if !regionForm.MatchString(code) || k.Region != nil && !k.Region(code) {
		return "", "element.region"
	}
	return code, ""
}

func regions(v string, r Rules, k Known) (string, string) {
	return list(v, func(part string) (string, string) { return region(part, r, k) })
}

var fieldForm = regexp.MustCompile(`^[a-z][a-z_]{0,31}$`)

func fields(v string, _ Rules, k Known) (string, string) {
	return list(v, func(part string) (string, string) {
		code, _, _ := strings.Cut(part, " ")
		if !fieldForm.MatchString(code) || k.Field != nil && !k.Field(code) {
			return "", "element.field"
		}
		return code, ""
	})
}

func names(v string, _ Rules, _ Known) (string, string) {
	return list(v, func(part string) (string, string) { return part, "" })
}

// list checks each part of a list; * alone means all.
func list(v string, one func(string) (string, string)) (string, string) {
	parts := Split(v)
	if len(parts) == 1 && parts[0] == "*" {
		return "*", ""
	}
	if len(parts) == 0 {
		return "", badForm
	}
	out := make([]string, 0, len(parts))
	for _, p := range parts {
		got, bad := one(p)
		if bad != "" {
			return "", bad
		}
		if !slices.Contains(out, got) {
			out = append(out, got)
		}
	}
	return Join(out), ""
}

// sexes are the ways in which a sex is written. The standard has 0 for male and
// 1 for female, unlike GB/T 2261.1 (1 and 2), whose 2 can only be meant as
// female.
var sexes = map[string]string{"0": "0", "男": "0", "male": "0", "m": "0", "1": "1", "2": "1", "女": "1", "female": "1", "f": "1"}

func sex(v string, _ Rules, _ Known) (string, string) {
	code, ok := sexes[text.Fold(strings.TrimSpace(v))]
	if !ok {
		return "", "element.sex"
	}
	return code, ""
}

// National gives a sex in the codes of GB/T 2261.1, for systems built to it.
func National(sex string) string { return map[string]string{"0": "1", "1": "2"}[sex] }

var (
	mainland = regexp.MustCompile(`^[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]$`)
	hongKong = regexp.MustCompile(`^([A-Z]{1,2})([0-9]{6})\(?([0-9A])\)?$`)
)

// identity takes the number of a mainland resident's card (GB 11643) or of a
// Hong Kong identity card, both with their check digits. The card of Hong Kong is
// stored with its brackets.
func identity(v string) (string, string) {
	v = strings.ToUpper(strings.TrimSpace(text.Fold(v)))
	if mainland.MatchString(v) && mainlandSum(v) {
		return v, ""
	}
	if m := hongKong.FindStringSubmatch(v); m != nil && hongKongSum(m[1], m[2], m[3]) {
		return m[1] + m[2] + "(" + m[3] + ")", ""
	}
	return "", "element.identity"
}

// mainlandSum is ISO 7064 MOD 11-2 over 17 digits.
func mainlandSum(v string) bool {
	if _, err := time.Parse("20060102", v[6:14]); err != nil {
		return false
	}
	sum := 0
	for i := range 17 {
		sum += int(v[i]-'0') * (1 << (17 - i) % 11)
	}
	return "10X98765432"[sum%11] == v[17]
}

// hongKongSum weighs the letters as 10 to 35, a missing first one as 36.
func hongKongSum(letters, digits, check string) bool {
	values := []int{36}
	if len(letters) == 2 {
		values = nil
	}
	for _, r := range letters {
		values = append(values, int(r-'A')+10)
	}
	for _, r := range digits {
		values = append(values, int(r-'0'))
	}
	sum := 0
	for i, x := range values {
		sum += x * (9 - i)
	}
	if check == "A" {
		return (sum+10)%11 == 0
	}
	return (sum+int(check[0]-'0'))%11 == 0
}

var reference = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// references takes so many IDs of files.
func references(n int) func(string, Rules, Known) (string, string) {
	return func(v string, _ Rules, _ Known) (string, string) {
		parts := Split(strings.ToLower(v))
		if len(parts) != n || slices.ContainsFunc(parts, func(p string) bool { return !reference.MatchString(p) }) {
			return "", "element.pictures"
		}
		return Join(parts), ""
	}
}
