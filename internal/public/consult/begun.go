package consult

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/setting"
)

// A begun question (未发送的咨询) is what a citizen who is signed in has typed and not
// yet sent: he finds it again after a reload, on another device, on the pages without
// script (B5.2.4).
//
//	           Keep, Keep, ...            Ask
//	(nothing) -----------------> begun --------> gone, in the order's transaction
//	                               |
//	                               +--> gone: thrown away, after 30 days, or its citizen erased
//
// It goes by the ID of the order to come, as its files do (attachment.go), and they
// wait as long as it does. A person has MaxBegun of them and not one: who was asking
// before he signed in, or begins on a second device while the first lies elsewhere,
// loses neither, and no page has to choose for him.
//
// Nothing of it is a fact. It has not happened to an order, nobody but its writer may
// ever see it, and it shall go without a trace; the log keeps for ever and would hold
// an entry for every pause in typing. So it stands, like an unsent file, in a row of
// its own, which no fact tells of and verify doesn't ask for; its words are sealed
// under the citizen's key, bound to the order's ID.
//
// Two devices. Each change names the version it was made upon (rev); the later one is
// refused and its page asks the person. A version that comes a second time, for its
// answer was lost, is answered like the first.

// MaxBegun is how many begun questions a person has.
const MaxBegun = 5

// The steps of asking (B5.2.2): place, question, contact.
const (
	firstStep = 1
	lastStep  = 3
)

// keepDays is for how many days a begun question is kept after its last change.
var keepDays = setting.Define("consult.draft_days", 30, checkDraftDays)

// maxDraftDays bounds them.
const maxDraftDays = 365

func checkDraftDays(days int) error {
	if days < 1 || days > maxDraftDays {
		return fault.Bad(fault.At("days", "fault.field_range").With("min", 1).With("max", maxDraftDays))
	}
	return nil
}

// Begun is what was typed; any of it may be still to come.
type Begun struct {
	Step     int     `json:"step" minimum:"1" maximum:"3" example:"2" doc:"Where its writer is: 1 place, 2 question, 3 contact"`
	Region   string  `json:"region,omitempty" doc:"As far as it is chosen: also a province or city" example:"440100"`
	Question string  `json:"question,omitempty" example:"公司拖欠三个月工资，应该"`
	Type     string  `json:"problem_type,omitempty" example:"labour"`
	Contact  Contact `json:"contact,omitzero" required:"false"`
	Title    string  `json:"title,omitempty"`
	Remark   string  `json:"remark,omitempty"`

	Attachments []Attach `json:"attachments,omitempty" doc:"Files of this order, uploaded or still to be, at most 10"`
}

// maxFileName bounds what a person calls a file, in characters.
const maxFileName = 1000

// Clean gives it as it will be stored, or names every field that can't be taken. The
// limits are those of asking, but nothing is demanded, and a number or address that is
// half typed is only bounded. known is as in Ask.Check.
func (b Begun) Clean(known func(region string) bool) (Begun, error) {
	var bad []fault.Field
	b.Attachments = slices.Clone(b.Attachments)
	take := func(path string, s *string, limit int) {
		got, more := optional(path, *s, limit)
		*s, bad = got, append(bad, more...)
	}
	if b.Step < firstStep || b.Step > lastStep {
		bad = append(bad, fault.At("step", "fault.field_range").With("min", firstStep).With("max", lastStep))
	}
	if b.Region != "" && (!regionForm.MatchString(b.Region) || known != nil && !known(b.Region)) {
		bad = append(bad, fault.At("region", "consult.region_unknown"))
	}
	if b.Type != "" && !TypeKnown(b.Type) {
		bad = append(bad, fault.At("problem_type", "fault.field_choice"))
	}
	take("question", &b.Question, MaxQuestion)
	take("contact.name", &b.Contact.Name, MaxName)
	take("contact.phone", &b.Contact.Phone, MaxPhone)
	take("contact.email", &b.Contact.Email, MaxEmail)
	take("contact.relay", &b.Contact.Relay, MaxPhone)
	take("title", &b.Title, MaxTitle)
	take("remark", &b.Remark, MaxRemark)
	bad = append(bad, checkFiles(b.Attachments)...)
	if len(bad) == 0 {
		for i := range b.Attachments {
			take(fmt.Sprintf("attachments[%d].name", i), &b.Attachments[i].Name, maxFileName)
		}
	}
	if len(bad) > 0 {
		return Begun{}, fault.Bad(bad...)
	}
	return b, nil
}

// begunRow is a begun question.
type begunRow struct {
	bun.BaseModel `bun:"table:consult_begun"`

	ID        id.ID `bun:"type:uuid,pk"` // begunID
	Org       id.ID `bun:"type:uuid"`
	Citizen   id.ID `bun:"type:uuid"`
	Order     id.ID `bun:"consult,type:uuid"`
	Rev       int64
	Box       []byte  // Begun as JSON
	MadeAt    db.Time `bun:",nullzero"`
	KeptAt    db.Time `bun:",nullzero"` // last change
	ExpiresAt db.Time `bun:",nullzero"`
}

// begunID is the row's ID: two citizens who happen upon the same ID of an order have
// each their own, and asking needs no look to take it away.
func begunID(citizen, order id.ID) id.ID {
	h := sha256.Sum256(slices.Concat([]byte("mingfa begun"), citizen[:], order[:]))
	var s id.ID
	copy(s[:], h[:])
	s[6], s[8] = s[6]&0x0f|0x80, s[8]&0x3f|0x80 // version 8: made by us
	return s
}

// boxName binds the sealed words to the order they are for; the key is the citizen's.
func (r *begunRow) boxName() string { return "begun " + r.Order.String() }

// over tells whether its time has come.
func (r *begunRow) over(now time.Time) bool { return !r.ExpiresAt.After(now) }

// next decides what a change that was made upon version rev does: it may be the first
// one (0), and then there must be none.
func (r *begunRow) next(rev int64) error {
	if r == nil && rev != 0 || r != nil && rev != r.Rev {
		return fault.New(fault.Conflict, "fault.stale")
	}
	return nil
}

// newest is the order in which they are shown.
func newest(a, b BegunSeen) int {
	return cmp.Or(b.KeptAt.Compare(a.KeptAt), slices.Compare(a.Order[:], b.Order[:]))
}
