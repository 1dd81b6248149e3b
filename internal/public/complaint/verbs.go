package complaint

import (
	"context"

	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/who"
)

// verb is a verb on a complaint: what it seals, and what it does. A nil event says
// that nothing changed, or that it has written its own.
type verb struct {
	name  string
	words map[string]string
	do    func(tx *db.Tx, c *Complaint, sealed map[string]seal.Sealed) (journal.Event, error)
}

// change is the middle of the verbs: the right is asked before anything is sealed,
// and again for the locked row. A rev of 0 means any.
func (s *Service) change(ctx context.Context, a who.Actor, complaint id.ID, rev int64, v verb) (out *Complaint, err error) {
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		if out, err = load(tx, complaint); err != nil {
			return err
		}
		return s.Rules.Need(a, v.name, out.object())
	})
	if err != nil {
		return nil, err
	}
	sealed, err := s.sealAll(ctx, out.Org, out.Key, v.words)
	if err != nil {
		return nil, err
	}
	err = s.DB.Do(ctx, a, func(tx *db.Tx) error {
		c, err := lock(tx, complaint)
		if err != nil {
			return err
		}
		if err := s.Rules.Need(a, v.name, c.object()); err != nil {
			return err
		}
		if rev != 0 && rev != c.Rev {
			return fault.New(fault.Conflict, "fault.stale")
		}
		out = c
		e, err := v.do(tx, c, sealed)
		if err != nil || e == nil {
			return err
		}
		return save(tx, c, e, sealed)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Call is one telephone call (B7.1.2.3b), as it is sent.
type Call struct {
	ID      id.ID  `json:"id" doc:"Client-made; a repeat changes nothing"`
	Reached bool   `json:"reached"`
	Reason  string `json:"reason,omitempty" doc:"What was found to be the reason; needed when he was reached"`
}

func (k Call) clean() (Call, error) {
	f := &form{}
	if k.ID == id.Nil {
		f.add("id", "fault.id")
	}
	if k.Reached {
		k.Reason = f.needed("reason", k.Reason, MaxEntry)
	} else {
		k.Reason = f.optional("reason", k.Reason, MaxEntry)
	}
	return k, f.err()
}

// Called notes a telephone call with its time and result.
func (s *Service) Called(ctx context.Context, a who.Actor, complaint id.ID, rev int64, k Call) (*Complaint, error) {
	if err := s.may(ctx, a, "complaint.call", complaint); err != nil {
		return nil, err
	}
	k, err := k.clean()
	if err != nil {
		return nil, err
	}
	if again, err := s.calledBefore(ctx, a, complaint, k.ID); again != nil || err != nil {
		return again, err
	}
	return s.change(ctx, a, complaint, rev, verb{"complaint.call", map[string]string{"reason": k.Reason},
		func(tx *db.Tx, c *Complaint, sealed map[string]seal.Sealed) (journal.Event, error) {
			was := c.State
			counts, err := c.attempt(k.Reached, tx.Now())
			if err != nil {
				return nil, err
			}
			row := attemptRow{ID: k.ID, Org: c.Org, Complaint: c.ID, N: c.Attempts, Reached: k.Reached, Counts: counts,
				Reason: sealed["reason"].ID, At: db.At(tx.Now()), By: a.Person}
			if err := insert(tx, &row); err != nil {
				return nil, err
			}
			first := was == Collected && c.State == Called
			if first {
				if err := s.stopClock(tx, c); err != nil {
					return nil, err
				}
			}
			return TriedFact{N: c.Attempts, Reached: k.Reached, Counts: counts, Called: first, InTime: first && c.InTime()}, nil
		}})
}

// calledBefore answers a repeat of a call, whatever rev it names.
func (s *Service) calledBefore(ctx context.Context, a who.Actor, complaint, call id.ID) (c *Complaint, err error) {
	err = s.DB.View(ctx, a, func(tx *db.Tx) error {
		n, err := tx.NewSelect().Model((*attemptRow)(nil)).Where("id = ? AND complaint = ?", call, complaint).Count(tx.Ctx())
		if err != nil || n == 0 {
			return err
		}
		c, err = load(tx, complaint)
		return err
	})
	return c, err
}

// may turns a stranger away before he learns from the rules of a form.
func (s *Service) may(ctx context.Context, a who.Actor, name string, complaint id.ID) error {
	return s.DB.View(ctx, a, func(tx *db.Tx) error {
		c, err := load(tx, complaint)
		if err != nil {
			return err
		}
		return s.Rules.Need(a, name, c.object())
	})
}

// Record fills in the register (B7.1.2.3c), or corrects it until closing.
func (s *Service) Record(ctx context.Context, a who.Actor, complaint id.ID, rev int64, e Entry) (*Complaint, error) {
	if err := s.may(ctx, a, "complaint.record", complaint); err != nil {
		return nil, err
	}
	e, err := e.Clean()
	if err != nil {
		return nil, err
	}
	return s.change(ctx, a, complaint, rev, verb{"complaint.record", map[string]string{"reason": e.Reason, "measure": e.Measure, "result": e.Result},
		func(tx *db.Tx, c *Complaint, sealed map[string]seal.Sealed) (journal.Event, error) {
			if err := c.register(e, a.Person, tx.Now()); err != nil {
				return nil, err
			}
			c.Reason, c.Measure, c.Result = sealed["reason"].ID, sealed["measure"].ID, sealed["result"].ID
			return RegisteredFact{What: c.Kind, Category: c.Category}, nil
		}})
}

// Flag marks a complaint as sensitive by hand, or takes the mark away with a
// reason; each new kind is reported to the bureau at once (B7.1.2.2b).
func (s *Service) Flag(ctx context.Context, a who.Actor, complaint id.ID, rev int64, to Sensitivity, note string) (*Complaint, error) {
	if err := s.may(ctx, a, "complaint.flag", complaint); err != nil {
		return nil, err
	}
	f := &form{}
	if to != "" && !to.known() {
		f.add("category", "fault.field_choice")
	}
	if to == "" {
		note = f.needed("note", note, MaxEntry)
	} else {
		note = f.optional("note", note, MaxEntry)
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	return s.change(ctx, a, complaint, rev, verb{"complaint.flag", map[string]string{"note": note},
		func(tx *db.Tx, c *Complaint, sealed map[string]seal.Sealed) (journal.Event, error) {
			return nil, s.mark(tx, c, to, a.Person, sealed)
		}})
}

// Acknowledge is the bureau's receipt of a report; a second one changes nothing.
func (s *Service) Acknowledge(ctx context.Context, a who.Actor, complaint id.ID, rev int64) (*Complaint, error) {
	return s.change(ctx, a, complaint, rev, verb{"complaint.acknowledge", nil,
		func(tx *db.Tx, c *Complaint, _ map[string]seal.Sealed) (journal.Event, error) {
			changed, err := c.acknowledge(a.Person, tx.Now())
			if err != nil || !changed {
				return nil, err
			}
			after := c.AcknowledgedAt.Sub(c.FlaggedAt.Time).Milliseconds()
			return AcknowledgedFact{AfterMS: after}, due.Cancel(tx, c.ID, "report")
		}})
}

// File notes under which number, when and with whom the result was filed
// (B7.1.2.4).
func (s *Service) File(ctx context.Context, a who.Actor, complaint id.ID, rev int64, r Filing) (*Complaint, error) {
	if err := s.may(ctx, a, "complaint.file", complaint); err != nil {
		return nil, err
	}
	r, err := r.Clean(s.DB.Now())
	if err != nil {
		return nil, err
	}
	return s.change(ctx, a, complaint, rev, verb{"complaint.file", map[string]string{"number": r.Number, "authority": r.Authority},
		func(_ *db.Tx, c *Complaint, sealed map[string]seal.Sealed) (journal.Event, error) {
			if err := c.file(r.Date); err != nil {
				return nil, err
			}
			c.FilingNumber, c.Authority = sealed["number"].ID, sealed["authority"].ID
			return FiledFact{Category: c.Flag}, nil
		}})
}

// Close ends a complaint; it is refused with what is missing.
func (s *Service) Close(ctx context.Context, a who.Actor, complaint id.ID, rev int64) (*Complaint, error) {
	return s.change(ctx, a, complaint, rev, verb{"complaint.close", nil,
		func(tx *db.Tx, c *Complaint, _ map[string]seal.Sealed) (journal.Event, error) {
			if err := c.close(a.Person, tx.Now()); err != nil {
				return nil, err
			}
			return ClosedFact{What: c.Kind, InTime: c.InTime()}, nil
		}})
}
