package consult

import (
	"mingfa/internal/base/fault"
	"mingfa/internal/base/text"
)

// Rating is a level of the five-level scale (评价, T7); empty while not rated.
type Rating string

// The levels. "Satisfied" are the first two; the neutral one is read as not
// satisfied (T7).
const (
	VerySatisfied    Rating = "very_satisfied"
	Satisfied        Rating = "satisfied"
	General          Rating = "general"
	Dissatisfied     Rating = "dissatisfied"
	VeryDissatisfied Rating = "very_dissatisfied"
)

// Ratings are all levels, best first.
var Ratings = []Rating{VerySatisfied, Satisfied, General, Dissatisfied, VeryDissatisfied}

// Points are 5 for the best level to 1 for the worst, 0 for no level.
func (r Rating) Points() int {
	for i, level := range Ratings {
		if r == level {
			return len(Ratings) - i
		}
	}
	return 0
}

// Valid tells whether r is a level.
func (r Rating) Valid() bool { return r.Points() > 0 }

// Satisfied tells whether r counts into the satisfaction rate (T7, B7.T1d).
func (r Rating) Satisfied() bool { return r.Points() >= 4 }

// NeedsCallback tells whether r must be called back (B7.1.3.2, B7.T1a).
func (r Rating) NeedsCallback() bool { return r.Valid() && !r.Satisfied() }

// MaxComment bounds the words beside a rating, in characters.
const MaxComment = 512

// CheckRating cleans the comment and names the fields that can't be taken.
func CheckRating(level Rating, comment string) (string, []fault.Field) {
	var bad []fault.Field
	if !level.Valid() {
		bad = append(bad, fault.At("level", "fault.field_choice"))
	}
	comment, more := optional("comment", comment, MaxComment)
	return comment, append(bad, more...)
}

// optional cleans a text that may be empty.
func optional(path, s string, limit int) (string, []fault.Field) {
	got, err := text.Clean(s)
	switch {
	case err != nil:
		return "", []fault.Field{fault.At(path, "fault.text_refused")}
	case text.Length(got) > limit:
		return "", []fault.Field{fault.At(path, "fault.too_long").With("max", limit)}
	}
	return got, nil
}

// needed cleans a text that a reader must be able to see something in.
func needed(path, s string, limit int) (string, []fault.Field) {
	got, bad := optional(path, s, limit)
	if bad == nil && text.Blank(got) {
		bad = []fault.Field{fault.At(path, "fault.field_required")}
	}
	return got, bad
}
