package consult

import (
	"strings"
	"testing"

	"mingfa/internal/base/say"
)

// req: T7, B7.1.3.2 the neutral level counts as not satisfied.
func TestRatings(t *testing.T) {
	for level, want := range map[Rating]struct {
		points          int
		satisfied, call bool
	}{
		VerySatisfied: {5, true, false}, Satisfied: {4, true, false}, General: {3, false, true},
		Dissatisfied: {2, false, true}, VeryDissatisfied: {1, false, true}, "": {0, false, false}, "good": {0, false, false},
	} {
		if level.Points() != want.points || level.Satisfied() != want.satisfied || level.NeedsCallback() != want.call || level.Valid() != (want.points > 0) {
			t.Errorf("%q: %d points, satisfied %v, call-back %v, valid %v", level, level.Points(), level.Satisfied(), level.NeedsCallback(), level.Valid())
		}
	}
	for _, level := range Ratings {
		if !say.Has("consult.rating_" + string(level)) {
			t.Errorf("%s has no name", level)
		}
	}
	for _, c := range ReasonCategories {
		if !say.Has("consult.category_" + string(c)) {
			t.Errorf("%s has no name", c)
		}
	}
}

func TestCheckRating(t *testing.T) {
	for name, c := range map[string]struct {
		level   Rating
		comment string
		bad     int
	}{
		"good": {Satisfied, "谢谢", 0}, "no comment": {General, "", 0}, "512": {General, strings.Repeat("好", 512), 0},
		"513": {General, strings.Repeat("好", 513), 1}, "no level": {"", "", 1}, "both": {"x", "a\x00", 2},
	} {
		if got, bad := CheckRating(c.level, c.comment); len(bad) != c.bad || c.bad == 0 && got != c.comment {
			t.Errorf("%s: %q, %v", name, got, bad)
		}
	}
}
