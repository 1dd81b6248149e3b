package consult

import (
	"context"
	"encoding/json"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/who"
)

// Timeline is a fact of an order as a sentence.
type Timeline struct {
	At       time.Time
	Role     string
	Sentence string
	Words    string // what the actor said to it; for staff
	Leaf     int64
}

// Timeline lists what happened to an order: at most limit facts, in the order of
// their leaves, those from leaf from on.
func (s *Service) Timeline(ctx context.Context, a who.Actor, order id.ID, language string, from int64, limit int) (out []Timeline, err error) {
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		o, err := load(tx, order)
		if err != nil {
			return err
		}
		if err := s.Rules.Need(a, "order.facts", o.object()); err != nil {
			return err
		}
		facts, err := journal.ByRoot(tx, o.Org, o.ID, from, limit)
		if err != nil {
			return err
		}
		words := map[id.ID]seal.Text{}
		if isStaff(a) {
			if words, err = s.Keys.Read(ctx, tx, passReasons(facts)...); err != nil {
				return err
			}
		}
		for _, f := range facts {
			out = append(out, Timeline{f.At, roleIn(o, f.Actor), sentence(f, language), words[f.Sealed[passReason].ID].Plain, f.Leaf})
		}
		return nil
	})
	return out, err
}

// passReasons are the sealed words of lawyers who passed an order on. The
// reasons heard in call-backs have their own page.
func passReasons(facts []journal.Fact) (out []id.ID) {
	for _, f := range facts {
		if c, ok := f.Sealed[passReason]; ok && f.Kind == (AssignedFact{}).Kind() {
			out = append(out, c.ID)
		}
	}
	return out
}

// roleIn is what an actor is to an order.
func roleIn(o *Order, actor id.ID) string {
	switch {
	case actor == o.Citizen:
		return "citizen"
	case actor == o.Lawyer:
		return "lawyer"
	case actor.Version() == 8:
		return "system"
	}
	for _, had := range o.Had {
		if had == actor {
			return "lawyer"
		}
	}
	return "staff"
}

// sentence is a fact in words.
func sentence(f journal.Fact, language string) string {
	args := map[string]any{}
	_ = json.Unmarshal(f.Data, &args) // a payload is an object of ours
	if l, ok := args["level"].(string); ok {
		args["level"] = say.Text(language, "rating."+l, nil)
	}
	if r, ok := args["role"].(string); ok {
		args["role"] = say.Text(language, "role."+r, nil)
	}
	return say.Text(language, "fact."+f.Kind, args)
}
