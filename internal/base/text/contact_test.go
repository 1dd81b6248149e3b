package text

import (
	"regexp"
	"strings"
	"testing"
)

// req: BB.20103, BB.20202, BB.20508
func TestPhone(t *testing.T) {
	for in, want := range map[string]string{
		"13800138000":           "+8613800138000",
		" 138-0013-8000 ":       "+8613800138000",
		"+86 138 0013 8000":     "+8613800138000",
		"8613800138000":         "+8613800138000",
		"0086-13800138000":      "+8613800138000",
		"\uff11380013800\uff10": "+8613800138000",
		"\uff0b8613800138000":   "+8613800138000",
		"91234567":              "+85291234567",
		"+852 9123 4567":        "+85291234567",
		"(852) 2123-4567":       "+85221234567",
		"+85366123456":          "+85366123456",
		"0551-62345678":         "+8655162345678",
		"010 12345678":          "+861012345678",
		"+86 0551 62345678":     "+8655162345678",
		"+44 20 7946 0000":      "+442079460000",
		"+886 912 345 678":      "+886912345678",
		"":                      "",
		"12345":                 "",
		"12800138000":           "",
		"1380013800":            "",
		"138001380000":          "",
		"11234567":              "",
		"+85211234567":          "",
		"+8612345":              "",
		"+012345678":            "",
		"+1234567890123456":     "",
		"++8613800138000":       "",
		"13800138000 ext 1":     "",
		"13800138000\x00":       "",
		"١٣٨٠٠١٣٨٠٠٠":           "",
		"13800138000;DROP":      "",
		"1380013+8000":          "",
	} {
		got, ok := Phone(in)
		if ok != (want != "") || ok && got != want {
			t.Errorf("Phone(%q) = %q, %v; want %q", in, got, ok, want)
		}
	}
}

func TestMask(t *testing.T) {
	for in, want := range map[string]string{
		"+8613800138000": "+86138****8000", "+85291234567": "+852****4567", "+442079460000": "+4420****0000", "": "****", "+8612": "****",
	} {
		if got := Mask(in); got != want {
			t.Errorf("Mask(%q) = %q, want %q", in, got, want)
		}
	}
}

// req: BB.20104, BB.20513
func TestEmail(t *testing.T) {
	long := strings.Repeat("a", 50)
	for in, want := range map[string]bool{
		"a@example.com": true, "a.b+c@example.com": true, "用户@例子.公司": true,
		long + "@example." + "12345": true, long + "@example." + "123456": false,
		"": false, "a": false, "a@": false, "@b": false, "A <a@example.com>": false, "<a@example.com>": false,
		"a@example.com\nBcc: x@example.com": false, "a@b, c@d": false, " a@example.com": false,
	} {
		if got := Email(in); got != want {
			t.Errorf("Email(%q) = %v, want %v", in, got, want)
		}
	}
}

func FuzzPhone(f *testing.F) {
	for _, s := range []string{"13800138000", "+852 9123 4567", "0551-62345678", "00", "+", "0086", "86"} {
		f.Add(s)
	}
	e164 := regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := Phone(s)
		if !ok {
			return
		}
		if !e164.MatchString(got) {
			t.Fatalf("Phone(%q) = %q", s, got)
		}
		if again, ok := Phone(got); !ok || again != got {
			t.Errorf("Phone(%q) = %q, %v", got, again, ok)
		}
		if strings.Contains(Mask(got), got[len(got)-8:]) {
			t.Errorf("the mask %q tells all of it", Mask(got))
		}
	})
}
