package alarm

import (
	"fmt"
	"slices"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/setting"
	"mingfa/internal/core/identity"
	"mingfa/internal/core/notify"
	"mingfa/internal/data/board"
	"mingfa/internal/public/complaint"
	"mingfa/internal/public/consult"
	"mingfa/internal/public/lawyer"
)

// WatchKinds are the facts from which causes come and go.
var WatchKinds = []string{"consult.asked", "consult.assigned", "consult.warned", "consult.breached", "consult.answered", "consult.said", "consult.rated",
	"consult.closed", "consult.excluded", "consult.included", "consult.callback_tried", "consult.callback_called", "consult.callback_overdue", "consult.callback_closed",
	"complaint.overdue", "complaint.tried", "complaint.closed", "notify.sent", "notify.failed", "lawyer.added", "lawyer.status_changed"}

// Watch opens and resolves what facts call for; the reaction "alarm.watch". Who
// waits is looked at once for all facts, by organisation.
func (s *Service) Watch(tx *db.Tx, facts []journal.Fact) error {
	var came, less []id.ID // orders that came, or came back; organisations with one less who waits
	well := false          // an SMS went well, and none has failed since
	for _, f := range facts {
		switch f.Kind {
		case "notify.sent":
			if well {
				continue
			}
			well = true
		case "notify.failed":
			well = false
		case "consult.asked", "consult.included":
			came = append(came, f.Root)
		case "consult.assigned", "consult.excluded":
			if !slices.Contains(less, f.Org) {
				less = append(less, f.Org)
			}
		}
		if err := s.watch(tx, f); err != nil {
			return err
		}
	}
	for _, org := range less {
		if err := s.easier(tx, org); err != nil {
			return err
		}
	}
	return s.waits(tx, came)
}

func (s *Service) watch(tx *db.Tx, f journal.Fact) error {
	switch f.Kind {
	case "consult.asked", "consult.included", "consult.assigned":
		return nil
	case "consult.warned", "consult.breached":
		return s.late(tx, f)
	case "consult.said":
		var e consult.SaidFact
		if err := f.Decode(&e); err != nil || e.Role != consult.ByLawyer {
			return err
		}
		return s.over(tx, OrderLate, f.Root)
	case "consult.answered", "consult.closed", "consult.excluded":
		return s.over(tx, OrderLate, f.Root)
	case "consult.rated":
		return due.Set(tx, due.Row{Org: f.Org, Subject: f.Org, Name: "alarm.satisfaction", Kind: dueSatisfaction, At: tx.Now().Add(settle), Rule: "2s", Anchor: tx.Now()})
	case "notify.sent", "notify.failed":
		return s.sms(tx, f)
	case "lawyer.added", "lawyer.status_changed":
		return s.duty(tx)
	}
	return s.called(tx, f)
}

// late is a step of an order's clock.
func (s *Service) late(tx *db.Tx, f journal.Fact) error {
	level := int(consult.At120)
	if f.Kind == "consult.warned" {
		var e consult.WarnedFact
		if err := f.Decode(&e); err != nil {
			return err
		}
		level = e.Minutes
	}
	return s.open(tx, f.Org, cause{kind: OrderLate, about: f.Root, order: f.Root, level: level}, func(l Limits) bool { return level >= l.OrderMinutes })
}

// called is a call-back's or a complaint's clock.
func (s *Service) called(tx *db.Tx, f journal.Fact) error {
	always := func(Limits) bool { return true }
	switch f.Kind {
	case "consult.callback_overdue":
		var e consult.CallbackOverdueFact
		err := f.Decode(&e)
		kind := CallbackOverdue
		if e.LawyerCall {
			kind = LawyerCallLate
		}
		if err != nil {
			return err
		}
		return s.open(tx, f.Org, cause{kind: kind, about: f.Subject, order: f.Root}, always)
	case "consult.callback_tried":
		var e consult.CallbackTriedFact
		if err := f.Decode(&e); err != nil || !e.Reached && e.N < consult.MaxAttempts {
			return err
		}
		return s.over(tx, CallbackOverdue, f.Subject)
	case "consult.callback_called":
		return s.over(tx, LawyerCallLate, f.Subject)
	case "consult.callback_closed":
		if err := s.over(tx, CallbackOverdue, f.Subject); err != nil {
			return err
		}
		return s.over(tx, LawyerCallLate, f.Subject)
	case "complaint.overdue":
		return s.open(tx, f.Org, cause{kind: ComplaintLate, about: f.Subject, complaint: f.Subject}, always)
	case "complaint.tried":
		var e complaint.TriedFact
		if err := f.Decode(&e); err != nil || !e.Called {
			return err
		}
	}
	return s.over(tx, ComplaintLate, f.Subject) // called, or closed
}

// waits takes orders that came, or came back: if nobody took one, its organisation
// is looked at when it has waited as long as it may.
func (s *Service) waits(tx *db.Tx, orders []id.ID) error {
	orgs, err := orgsOfWaiting(tx, orders)
	if err != nil {
		return err
	}
	for _, org := range orgs {
		if err := s.waiting(tx, org); err != nil {
			return err
		}
		if err := s.online(tx, org); err != nil {
			return err
		}
	}
	return nil
}

// easier looks again where an alarm runs and there is one less who waits.
func (s *Service) easier(tx *db.Tx, org id.ID) error {
	for _, x := range []struct {
		kind Kind
		look func(*db.Tx, id.ID) error
	}{{Waiting, s.waiting}, {NobodyOnline, s.online}} {
		a, err := running(tx, x.kind, org)
		if err != nil {
			return err
		}
		if a == nil {
			continue
		}
		if err := x.look(tx, org); err != nil {
			return err
		}
	}
	return nil
}

// waiting opens or resolves the alarm that nobody took an order in time.
func (s *Service) waiting(tx *db.Tx, org id.ID) error {
	n, oldest, err := waiters(tx, org)
	if err != nil {
		return err
	}
	if n == 0 {
		return s.over(tx, Waiting, org)
	}
	o, err := s.People.OrgByID(tx, org)
	if err != nil {
		return err
	}
	l, err := board.LimitsOf(tx, o.Path)
	if err != nil {
		return err
	}
	until := oldest.Add(time.Duration(l.WaitMinutes) * time.Minute)
	if tx.Now().After(until) {
		return s.open(tx, org, cause{kind: Waiting, about: org, amount: n, bound: l.WaitMinutes}, func(Limits) bool { return true })
	}
	err = due.Set(tx, due.Row{Org: org, Subject: org, Name: "alarm.waiting", Kind: dueWaiting, At: until.Add(time.Millisecond), Rule: fmt.Sprintf("%dmin", l.WaitMinutes), Anchor: oldest.Time})
	if err != nil {
		return err
	}
	return s.over(tx, Waiting, org)
}

// online opens or resolves the alarm that orders wait and nobody is on duty who
// serves the region.
func (s *Service) online(tx *db.Tx, org id.ID) error {
	n, _, err := waiters(tx, org)
	if err != nil {
		return err
	}
	if n == 0 {
		return s.over(tx, NobodyOnline, org)
	}
	o, err := s.People.OrgByID(tx, org)
	if err != nil {
		return err
	}
	some, err := lawyer.Serving(tx, o.Region)
	if err != nil {
		return err
	}
	if some {
		return s.over(tx, NobodyOnline, org)
	}
	return s.open(tx, org, cause{kind: NobodyOnline, about: org, amount: n}, func(Limits) bool { return true })
}

// duty looks at every organisation where orders wait, or an alarm runs, after
// somebody came on duty or left.
func (s *Service) duty(tx *db.Tx) error {
	wait, err := orgsThatWait(tx)
	if err != nil {
		return err
	}
	alarmed, err := orgsOf(tx, NobodyOnline)
	if err != nil {
		return err
	}
	seen := map[id.ID]bool{}
	for _, org := range append(wait, alarmed...) {
		if seen[org] {
			continue
		}
		seen[org] = true
		if err := s.online(tx, org); err != nil {
			return err
		}
	}
	return nil
}

// sms counts messages that could not be sent, in a row. A person who was erased
// is no failure.
func (s *Service) sms(tx *db.Tx, f journal.Fact) error {
	if f.Kind == "notify.sent" {
		some, err := wentWell(tx, string(SMSFailing))
		if err != nil || !some {
			return err
		}
		root, err := s.root(tx)
		if err != nil {
			return err
		}
		return s.over(tx, SMSFailing, root.ID)
	}
	var e notify.FailedFact
	if err := f.Decode(&e); err != nil || e.Gone {
		return err
	}
	root, err := s.root(tx)
	if err != nil {
		return err
	}
	n, err := failed(tx, string(SMSFailing))
	if err != nil {
		return err
	}
	return s.open(tx, root.ID, cause{kind: SMSFailing, about: root.ID, amount: n}, func(l Limits) bool { return n >= l.Failures })
}

// root is the operator.
func (s *Service) root(tx *db.Tx) (identity.Org, error) {
	all, err := identity.Orgs(tx, "/")
	for _, o := range all {
		if o.Level == identity.Operator {
			return o, nil
		}
	}
	if err == nil {
		err = fmt.Errorf("there is no operator")
	}
	return identity.Org{}, err
}

// cause is what an alarm is opened for.
type cause struct {
	kind             Kind
	about            id.ID
	order, complaint id.ID // what it belongs to; Nil: none
	level            int
	amount, bound    int64
}

// open opens the alarm of a cause, once; one that runs rises to a higher level.
// enough tells whether the organisation's limits make it one.
func (s *Service) open(tx *db.Tx, org id.ID, c cause, enough func(Limits) bool) error {
	o, err := s.People.OrgByID(tx, org)
	if err != nil {
		return err
	}
	l, err := setting.Get(tx, limits, o.Path, tx.Now())
	if err != nil || !enough(l) {
		return err
	}
	a, err := running(tx, c.kind, c.about)
	if err != nil {
		return err
	}
	if a != nil {
		if !a.raise(c.level) {
			return nil
		}
		return save(tx, a, RaisedFact{c.level}, nil)
	}
	a = &Alarm{ID: id.New(), Org: org, Path: o.Path, Rev: 1, Kind: c.kind, About: c.about, Key: o.Key, State: Open, Level: c.level,
		Amount: c.amount, Bound: c.bound, OpenedAt: db.At(tx.Now())}
	if err := c.belongs(tx, a); err != nil {
		return err
	}
	if err := tx.InsertLater(nil, a); err != nil {
		return err
	}
	if err := a.write(tx, OpenedFact{c.kind, c.about, c.level, c.amount, c.bound}, nil); err != nil {
		return err
	}
	return due.Set(tx, due.Row{Org: org, Subject: a.ID, Name: "escalate", Kind: dueEscalate, At: tx.Now().Add(time.Duration(l.AckMinutes) * time.Minute),
		Rule: fmt.Sprintf("%dmin", l.AckMinutes), Anchor: tx.Now()})
}

// belongs finds the order or complaint of an alarm: its words are sealed under
// that key, and are erased with it.
func (c cause) belongs(tx *db.Tx, a *Alarm) (err error) {
	switch {
	case c.order != id.Nil:
		a.Root = c.order
		a.Key, a.Number, err = consult.KeyOf(tx, c.order)
	case c.complaint != id.Nil:
		a.Root = c.complaint
		a.Key, a.Number, err = complaint.KeyOf(tx, c.complaint)
	}
	return err
}

// over resolves the alarm of a cause that is gone, if one runs.
func (*Service) over(tx *db.Tx, kind Kind, about id.ID) error {
	a, err := running(tx, kind, about)
	if err != nil || a == nil {
		return err
	}
	if err := a.resolve(id.Nil, id.Nil, db.At(tx.Now())); err != nil {
		return err
	}
	if err := due.Cancel(tx, a.ID, "escalate"); err != nil {
		return err
	}
	return save(tx, a, ResolvedFact{}, nil)
}
