package lawyer

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"mingfa/internal/base/attach"
	"mingfa/internal/base/db"
	"mingfa/internal/base/element"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/text"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
	"mingfa/internal/core/identity"
)

// The card (律师名片, Tables B.2 to B.4) is all that is known of a lawyer. What the
// platform matches by, his practice, stands in his profile and he changes it here;
// the rest he tells of himself to identity (Describe), pictures too.
//
// The operations of his organisation see it, for they must know that he may
// practise: numbers of his identity card and payment account masked, the pictures
// as they are. That somebody else looked is a fact, one in five minutes.

// Practice is what a lawyer does, and where (BB.20206, 20207, 20209): by it he is
// given orders.
type Practice struct {
	Firm      string   `json:"firm" maxLength:"1000" doc:"At most 128 characters"`
	Areas     []string `json:"areas" doc:"Codes of problem types, or * for all"`
	Regions   []string `json:"regions" doc:"Codes of GB/T 2260, or * for all; a city serves its counties"`
	Languages []string `json:"languages" doc:"zh-Hans, zh-Hant-HK, en"`
}

// PracticeChanged: a lawyer changed what he does. Fields names what changed.
type PracticeChanged struct {
	Fields []Field `json:"fields"`
}

// Field is a part of a practice in a fact.
type Field string

// Kind names the fact.
func (PracticeChanged) Kind() string { return "lawyer.practice_changed" }

// CardOpened: somebody looked at a lawyer's card, or at a picture of it. Its subject
// is its own.
type CardOpened struct {
	Lawyer  id.ID `json:"lawyer"`
	Picture id.ID `json:"picture,omitzero"`
}

// Kind names the fact.
func (CardOpened) Kind() string { return "lawyer.card_opened" }

// Mine gives a lawyer his own profile.
func (s *Service) Mine(ctx context.Context, actor who.Actor) (p Profile, err error) {
	if err := s.Rules.Need(actor, "lawyer.practice", access.Object{}); err != nil {
		return p, err
	}
	err = s.DB.View(ctx, actor, func(tx *db.Tx) error { p, err = load(tx, actor.Person); return err })
	return p, err
}

// ChangePractice is the lawyer's own word of what he does. Orders that wait may
// fit him from then on (the fact is the moment to try again).
func (s *Service) ChangePractice(ctx context.Context, actor who.Actor, x Practice) (p Profile, err error) {
	if err := s.Rules.Need(actor, "lawyer.practice", access.Object{}); err != nil {
		return p, err
	}
	if x, err = x.clean(); err != nil {
		return p, err
	}
	err = s.DB.Do(ctx, actor, func(tx *db.Tx) error {
		if p, err = load(tx, actor.Person); err != nil {
			return err
		}
		if err := s.known(tx, x); err != nil {
			return err
		}
		before := Practice{p.Firm, p.Areas, p.Regions, p.Languages}
		changed := before.differs(x)
		if len(changed) == 0 {
			return nil
		}
		if err := setPractice(tx, p.ID, p.Rev, x); err != nil {
			return err
		}
		p.Firm, p.Areas, p.Regions, p.Languages, p.Rev = x.Firm, x.Areas, x.Regions, x.Languages, p.Rev+1
		return journal.Write(tx, journal.Entry{Org: p.Org, Root: p.ID, Subject: subject(p.ID), Rev: p.Rev, Event: PracticeChanged{changed}})
	})
	return p, err
}

// clean checks the forms; what is listed twice or beside "*" is dropped.
func (x Practice) clean() (Practice, error) {
	firm, err := text.Clean(x.Firm)
	var bad []fault.Field
	switch firm = strings.TrimSpace(firm); {
	case err != nil:
		bad = append(bad, fault.At("firm", "fault.text_refused"))
	case text.Blank(firm):
		bad = append(bad, fault.At("firm", "fault.field_required"))
	case text.Length(firm) > MaxFirm:
		bad = append(bad, fault.At("firm", "fault.too_long").With("max", MaxFirm))
	}
	x = Practice{firm, once(x.Areas), once(x.Regions), once(x.Languages)}
	bad = append(bad, codes("areas", x.Areas, areaCode)...)
	bad = append(bad, codes("regions", x.Regions, regionCode)...)
	bad = append(bad, codes("languages", x.Languages, languageCode)...)
	if bad != nil {
		return x, fault.Bad(bad...)
	}
	return x, nil
}

func once(list []string) []string {
	if slices.Contains(list, Any) {
		return []string{Any}
	}
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

// known asks whether there are such fields and regions.
func (s *Service) known(tx *db.Tx, x Practice) error {
	for _, a := range x.Areas {
		if a != Any && s.AreaKnown != nil && !s.AreaKnown(a) {
			return fault.Bad(fault.At("areas", "element.field"))
		}
	}
	for _, r := range x.Regions {
		if r == Any {
			continue
		}
		ok, err := s.People.RegionKnown(tx, r)
		if err != nil {
			return err
		}
		if !ok {
			return fault.Bad(fault.At("regions", "element.region"))
		}
	}
	return nil
}

// differs names the fields in which two practices differ.
func (x Practice) differs(y Practice) (out []Field) {
	for _, f := range []struct {
		name Field
		same bool
	}{
		{"firm", x.Firm == y.Firm}, {"areas", slices.Equal(once(x.Areas), y.Areas)}, {"regions", slices.Equal(once(x.Regions), y.Regions)},
		{"languages", slices.Equal(once(x.Languages), y.Languages)},
	} {
		if !f.same {
			out = append(out, f.name)
		}
	}
	return out
}

// FullCard is a lawyer's card with what he told.
type FullCard struct {
	Seen
	Phone     string // "" where he gave none
	Described identity.Described
}

// secrets are elements of which a card shows the ends only.
var secrets = []string{"20205", "20303"}

// SeeCard shows the card of a lawyer to one who may see it.
func (s *Service) SeeCard(ctx context.Context, actor who.Actor, lawyer id.ID) (w FullCard, err error) {
	err = s.DB.View(ctx, actor, func(tx *db.Tx) error {
		if w.Profile, err = s.forCard(tx, actor, lawyer); err != nil {
			return err
		}
		texts, err := s.Keys.Read(ctx, tx, w.Profile.Name, w.Profile.Phone)
		if err != nil {
			return fmt.Errorf("read a lawyer's card: %w", err)
		}
		w.Name, w.Phone = texts[w.Profile.Name].Plain, texts[w.Profile.Phone].Plain
		told, err := s.People.Elements(ctx, tx, lawyer)
		if err != nil {
			return err
		}
		w.Described = identity.Describing(element.Lawyers, told[lawyer])
		for _, c := range secrets {
			if v := w.Described.Values[c]; v != "" {
				w.Described.Values[c] = masked(v)
			}
		}
		return nil
	})
	if err != nil {
		return FullCard{}, err
	}
	return w, s.noteCard(ctx, actor, w.Profile, id.Nil)
}

// forCard finds the profile whose card the actor may see; an erased lawyer is
// absent.
func (s *Service) forCard(tx *db.Tx, actor who.Actor, lawyer id.ID) (Profile, error) {
	p, err := load(tx, lawyer)
	if err != nil {
		return p, err
	}
	if err := s.Rules.Need(actor, "lawyer.card", access.Object{Org: p.Path, Lawyer: p.ID}); err != nil {
		return p, err
	}
	if p.Nickname == "" {
		return p, fault.NotThere()
	}
	return p, nil
}

// SeePicture gives a picture that stands on a lawyer's card.
func (s *Service) SeePicture(ctx context.Context, actor who.Actor, lawyer, file id.ID) (*attach.Opened, error) {
	var p Profile
	err := s.DB.View(ctx, actor, func(tx *db.Tx) (err error) {
		if p, err = s.forCard(tx, actor, lawyer); err != nil {
			return err
		}
		told, err := s.People.Elements(ctx, tx, lawyer)
		if err != nil {
			return err
		}
		if row := told[lawyer]; !slices.Contains(append(element.Split(row["20304"]), row["20307"]), file.String()) {
			return fault.NotThere()
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := s.noteCard(ctx, actor, p, file); err != nil {
		return nil, err
	}
	return s.People.PictureOf(ctx, actor, lawyer, file)
}

func (s *Service) noteCard(ctx context.Context, actor who.Actor, p Profile, picture id.ID) error {
	err := s.DB.Do(ctx, actor, func(tx *db.Tx) error {
		about := p.ID
		if picture != id.Nil {
			about = picture
		}
		once := journal.Once("lawyer.card_opened", about, actor.Person, tx.Now().Truncate(attach.Again))
		return journal.Write(tx, journal.Entry{Org: p.Org, Root: p.ID, Subject: once, Rev: 1, Event: CardOpened{Lawyer: p.ID, Picture: picture}})
	})
	if fault.Is(err, fault.Conflict) {
		return nil
	}
	return err
}

// masked shows the first and the last two characters.
func masked(v string) string {
	r := []rune(v)
	if len(r) < 8 {
		return "****"
	}
	return string(r[:2]) + strings.Repeat("*", len(r)-4) + string(r[len(r)-2:])
}

// joinedOn is the day of registration (BB.20213) in the zone of the standard.
func (p Profile) joinedOn() string { return p.CreatedAt.In(element.China).Format(time.DateOnly) }
