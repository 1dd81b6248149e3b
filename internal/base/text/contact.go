package text

import (
	"net/mail"
	"strings"
)

// MaxContact bounds what Phone and Email look at, in characters (Appendix B:
// at most 32 for a phone and 64 for an address; senders add spaces).
const MaxContact = 64

// Phone gives the E.164 form ("+8613800138000") of a phone number as a person
// writes it: full-width digits, spaces, hyphens and brackets are taken. Without
// a country code 11 digits from 13 to 19 are a mainland mobile, 8 digits from 2
// to 9 a Hong Kong number, and a leading 0 a mainland landline. false: this is
// no number that can be called.
func Phone(s string) (string, bool) {
	if Length(s) > MaxContact {
		return "", false
	}
	digits, plus, ok := dialled(s)
	if !ok {
		return "", false
	}
	if plus {
		return abroad(digits)
	}
	switch {
	case mobile(digits):
		return "+86" + digits, true
	case len(digits) == 13 && mobile(strings.TrimPrefix(digits, "86")):
		return "+" + digits, true
	case hongKong(digits):
		return "+852" + digits, true
	case len(digits) == 11 && hongKong(strings.TrimPrefix(digits, "852")):
		return "+" + digits, true
	case digits[0] == '0' && landline(digits[1:]):
		return "+86" + digits[1:], true
	}
	return "", false
}

// dialled keeps the digits, and tells whether a country code leads them.
func dialled(s string) (digits string, plus, ok bool) {
	var b strings.Builder
	for _, r := range Fold(s) {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == '+' && b.Len() == 0 && !plus:
			plus = true
		case strings.ContainsRune(" -().\u2010\u2011\u2012\u2013", r):
		default:
			return "", false, false
		}
	}
	digits = b.String()
	if rest, zeros := strings.CutPrefix(digits, "00"); zeros && !plus {
		digits, plus = rest, true
	}
	return digits, plus, len(digits) >= 7
}

func abroad(digits string) (string, bool) {
	if rest, ok := strings.CutPrefix(digits, "86"); ok {
		rest = strings.TrimPrefix(rest, "0")
		return "+86" + rest, mobile(rest) || landline(rest)
	}
	for _, code := range []string{"852", "853"} {
		if rest, ok := strings.CutPrefix(digits, code); ok {
			return "+" + digits, hongKong(rest)
		}
	}
	return "+" + digits, digits[0] != '0' && len(digits) <= 15
}

func mobile(d string) bool { return len(d) == 11 && d[0] == '1' && d[1] >= '3' }

// hongKong numbers, and those of Macao, have eight digits.
func hongKong(d string) bool { return len(d) == 8 && d[0] >= '2' }

// landline is a mainland number with its area code, without the 0.
func landline(d string) bool {
	return len(d) >= 9 && len(d) <= 11 && (d[0] >= '2' || strings.HasPrefix(d, "10"))
}

// Mask hides the middle of a number in E.164: "+86138****8000".
func Mask(phone string) string {
	if len(phone) < 9 {
		return "****"
	}
	return phone[:min(6, len(phone)-8)] + "****" + phone[len(phone)-4:]
}

// Email tells whether s is one mail address by RFC 5322, with nothing around
// it.
func Email(s string) bool {
	if Length(s) > MaxContact || strings.ContainsAny(s, " \t\r\n<>") {
		return false
	}
	a, err := mail.ParseAddress(s)
	return err == nil && a.Name == "" && a.Address == s
}
