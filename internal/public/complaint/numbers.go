package complaint

import (
	"context"
	"strings"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
	"mingfa/internal/base/setting"
	"mingfa/internal/base/text"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
	"mingfa/internal/core/identity"
)

// Numbers are the telephone numbers that people are shown: the complaint hotline
// (B7.1.2.1b; "" for none of its own) and, for whom despair, numbers of help
// (B7.1.2.4), most fitting first.
type Numbers struct {
	Hotline string   `json:"hotline"`
	Help    []string `json:"help"`
}

// Without a setting of its own an organisation shows the public numbers of its
// place: the mainland's line for mental health, ambulance and police; Hong Kong's.
var (
	mainlandHelp = []string{"12356", "120", "110"}
	hongKongHelp = []string{"18111", "999"}
)

// MaxNumbers bounds the numbers of help, MaxNumber the characters of each.
const (
	MaxNumbers = 5
	MaxNumber  = 32
)

var numbersSetting = setting.Define("complaint.numbers", Numbers{Help: []string{}}, func(n Numbers) error {
	f := &form{}
	f.number("hotline", n.Hotline, true)
	for _, x := range n.Help {
		f.number("help", x, false)
	}
	if len(n.Help) > MaxNumbers {
		f.bad = append(f.bad, fault.At("help", "fault.too_many_items").With("max", MaxNumbers))
	}
	return f.err()
})

func (f *form) number(path, s string, mayBeEmpty bool) {
	if s == "" && mayBeEmpty {
		return
	}
	if s == "" || text.Length(s) > MaxNumber || strings.Trim(s, "0123456789+-() ") != "" || strings.Trim(s, "+-() ") == "" {
		f.add(path, "fault.field_format")
	}
}

// HelpText tells one who despairs whom to call.
func (n Numbers) HelpText(language string) string {
	between := "、"
	if language == say.En {
		between = ", "
	}
	return say.Text(language, "complaint.help", map[string]any{"numbers": strings.Join(n.Help, between)})
}

func (s *Service) numbersOf(tx *db.Tx, org id.ID) (Numbers, error) {
	o, err := s.People.OrgByID(tx, org)
	if err != nil {
		return Numbers{}, err
	}
	return numbersIn(tx, o)
}

func numbersIn(tx *db.Tx, o identity.Org) (Numbers, error) {
	n, err := setting.Get(tx, numbersSetting, o.Path, tx.Now())
	if err != nil || len(n.Help) > 0 {
		return n, err
	}
	n.Help = mainlandHelp
	if strings.HasPrefix(o.Region, "81") {
		n.Help = hongKongHelp
	}
	return n, nil
}

// NumbersFor tells anybody the numbers of a region, or of the operator.
func (s *Service) NumbersFor(ctx context.Context, region string) (n Numbers, err error) {
	root, ok, err := s.People.Root(ctx)
	if err != nil || !ok {
		return Numbers{Help: mainlandHelp}, err
	}
	err = s.DB.View(ctx, who.System("complaint"), func(tx *db.Tx) error {
		o := root
		if regionForm.MatchString(region) {
			if o, err = s.People.OrgForRegion(tx, region); err != nil {
				return err
			}
		}
		n, err = numbersIn(tx, o)
		return err
	})
	return n, err
}

// SetNumbers changes the numbers of the actor's organisation and those below it.
func (s *Service) SetNumbers(ctx context.Context, a who.Actor, n Numbers) error {
	if err := s.Rules.Need(a, "template.set", access.Object{Org: a.Scope}); err != nil {
		return err
	}
	if n.Help == nil {
		n.Help = []string{}
	}
	return s.DB.Do(ctx, a, func(tx *db.Tx) error {
		org, err := s.People.OrgByID(tx, a.Org)
		if err != nil {
			return err
		}
		_, err = setting.Set(tx, numbersSetting, setting.Owner{Org: org.ID, Path: org.Path}, n, time.Time{})
		return err
	})
}
