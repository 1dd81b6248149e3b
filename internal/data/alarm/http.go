package alarm

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/web"
)

type saidJSON struct {
	Text   string `json:"text"`
	Erased bool   `json:"erased,omitempty"`
}

func said(t seal.Text) *saidJSON {
	if t == (seal.Text{}) {
		return nil
	}
	return &saidJSON{t.Plain, t.Erased}
}

// alarmJSON is an alarm on the wire.
type alarmJSON struct {
	ID       id.ID      `json:"id"`
	Rev      int64      `json:"rev"`
	Kind     Kind       `json:"kind" enum:"order_late,waiting,nobody_online,satisfaction,callback_overdue,lawyer_call_late,complaint_overdue,sms_failing"`
	Title    string     `json:"title" doc:"What is wrong, in the reader's language"`
	Severe   bool       `json:"severe" doc:"A limit has been passed"`
	State    State      `json:"state" enum:"open,acknowledged,resolved"`
	Org      string     `json:"org" doc:"Name of the organisation"`
	Number   string     `json:"number,omitempty" doc:"Of its order or complaint"`
	About    *about     `json:"opens,omitempty" doc:"What to look at"`
	OpenedAt time.Time  `json:"opened_at"`
	Owner    string     `json:"owner,omitempty" doc:"Who acknowledged it; empty when he was erased"`
	Mine     bool       `json:"mine"`
	AckAt    *time.Time `json:"acknowledged_at,omitempty"`
	Words    *saidJSON  `json:"words,omitempty"`
	Passed   bool       `json:"escalated"`
	EndedAt  *time.Time `json:"resolved_at,omitempty"`
	ByHand   bool       `json:"resolved_by_hand"`
	Result   *saidJSON  `json:"result,omitempty"`
	History  []stepJSON `json:"history,omitempty"`
}

type about struct {
	Kind string `json:"kind" enum:"order,complaint,orders"`
	ID   *id.ID `json:"id,omitempty"`
}

type stepJSON struct {
	At       time.Time `json:"at"`
	Sentence string    `json:"sentence"`
	By       string    `json:"by,omitempty"`
	Words    *saidJSON `json:"words,omitempty"`
}

func when(t db.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t.Time
}

func (v *Seen) wire(language string, me id.ID) *alarmJSON {
	j := &alarmJSON{ID: v.ID, Rev: v.Rev, Kind: v.Kind, State: v.State, Org: v.OrgName, Number: v.Number, OpenedAt: v.OpenedAt.Time,
		Title:  say.Text(language, "alarm."+string(v.Kind), map[string]any{"level": v.Level, "amount": v.Amount, "bound": v.Bound}),
		Severe: v.Kind != OrderLate || v.Level >= 110, Owner: v.OwnerName, Mine: v.Owner == me && me != id.Nil, AckAt: when(v.AcknowledgedAt),
		Words: said(v.WordsText), Passed: v.Escalated, EndedAt: when(v.ResolvedAt), ByHand: v.ResolvedBy != id.Nil, Result: said(v.ResultText)}
	switch v.Kind {
	case OrderLate, CallbackOverdue, LawyerCallLate:
		j.About = &about{"order", &v.Root}
	case ComplaintLate:
		j.About = &about{"complaint", &v.Root}
	case Waiting, NobodyOnline:
		j.About = &about{Kind: "orders"}
	}
	return j
}

// RevisedPath names an alarm in the version that was seen.
type RevisedPath struct {
	ID      id.ID  `path:"id"`
	IfMatch string `header:"If-Match" doc:"The rev that was seen"`
}

type reply struct {
	ETag string `header:"ETag"`
	Body *alarmJSON
}

type listReply struct {
	Body struct {
		Items []*alarmJSON `json:"items"`
		Next  string       `json:"next_cursor,omitempty" doc:"Pass as cursor for the next page"`
	}
}

// Routes adds the operations of the room.
func (s *Service) Routes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/alarms", Summary: "Warnings with their owners, newest first"},
		func(ctx context.Context, in *struct {
			State  string `query:"state" enum:"running,open,acknowledged,resolved"`
			Kind   Kind   `query:"kind" enum:"order_late,waiting,nobody_online,satisfaction,callback_overdue,lawyer_call_late,complaint_overdue,sms_failing"`
			Mine   bool   `query:"mine" doc:"That the actor owns"`
			Cursor id.ID  `query:"cursor"`
			Limit  int64  `query:"limit" minimum:"1" maximum:"200" default:"50"`
		}) (*listReply, error) {
			all, err := s.List(ctx, web.Actor(ctx), Filter{in.State, in.Kind, in.Mine, in.Cursor, in.Limit})
			out := &listReply{}
			out.Body.Items = []*alarmJSON{}
			for _, v := range all {
				out.Body.Items = append(out.Body.Items, v.wire(web.Language(ctx), web.Actor(ctx).Person))
			}
			if len(all) > 0 && int64(len(all)) == in.Limit {
				out.Body.Next = all[len(all)-1].ID.String()
			}
			return out, err
		})
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/alarms/{id}", Summary: "One warning with what happened to it"},
		func(ctx context.Context, in *struct {
			ID id.ID `path:"id"`
		}) (*reply, error) {
			return s.show(ctx, in.ID, nil)
		})
	type words struct {
		RevisedPath
		Body struct {
			Words string `json:"words" doc:"At most 500 characters"`
		}
	}
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/alarms/{id}/acknowledge", Summary: "Own a warning, or take it over"},
		func(ctx context.Context, in *words) (*reply, error) {
			rev, err := web.Rev(in.IfMatch)
			if err == nil {
				_, err = s.Acknowledge(ctx, web.Actor(ctx), in.ID, rev, in.Body.Words)
			}
			return s.show(ctx, in.ID, err)
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/alarms/{id}/resolve", Summary: "End a warning by hand"},
		func(ctx context.Context, in *words) (*reply, error) {
			rev, err := web.Rev(in.IfMatch)
			if err == nil {
				_, err = s.Resolve(ctx, web.Actor(ctx), in.ID, rev, in.Body.Words)
			}
			return s.show(ctx, in.ID, err)
		})
}

// show answers with the alarm as it is after a verb.
func (s *Service) show(ctx context.Context, alarm id.ID, err error) (*reply, error) {
	if err != nil {
		return nil, err
	}
	v, history, err := s.See(ctx, web.Actor(ctx), alarm, web.Language(ctx))
	if err != nil {
		return nil, err
	}
	j := v.wire(web.Language(ctx), web.Actor(ctx).Person)
	for _, h := range history {
		j.History = append(j.History, stepJSON{h.At.Time, h.Sentence, h.By, said(h.Words)})
	}
	return &reply{web.ETag(v.Rev), j}, nil
}
