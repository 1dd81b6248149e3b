package consult

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/id"
	"mingfa/internal/base/web"
)

type doneReply struct {
	Body struct {
		ID  id.ID `json:"id"`
		Rev int64 `json:"rev"`
	}
}

// done is the answer to verbs after which the actor may have lost sight of the
// order: a lawyer who passed it on.
func done(o *Order, err error) (*doneReply, error) {
	if err != nil {
		return nil, err
	}
	out := &doneReply{}
	out.Body.ID, out.Body.Rev = o.ID, o.Rev
	return out, nil
}

func (s *Service) deskRoutes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/orders/{id}/pass", Summary: "Pass on to the next fitting lawyer"},
		func(ctx context.Context, in *struct {
			RevisedPath
			Body struct {
				Reason  string `json:"reason,omitempty" doc:"For staff: it stands in the timeline"`
				Summary string `json:"summary,omitempty" doc:"Required: what the next lawyer reads first, at most 1,000 characters"`
			} `required:"false"`
		}) (*doneReply, error) {
			rev, err := web.Rev(in.IfMatch)
			if err != nil {
				return nil, err
			}
			return done(s.Pass(ctx, web.Actor(ctx), in.ID, rev, in.Body.Reason, in.Body.Summary))
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/orders/{id}/notes", Summary: "A private note of staff on an order", DefaultStatus: http.StatusCreated},
		func(ctx context.Context, in *struct {
			OrderPath
			Body struct {
				ID   id.ID  `json:"id" doc:"Client-made; a repeat changes nothing"`
				Text string `json:"text" doc:"At most 2,000 characters; the citizen never sees it"`
			}
		}) (*orderReply, error) {
			return s.after(ctx, in.ID, s.AddNote(ctx, web.Actor(ctx), in.ID, in.Body.ID, in.Body.Text))
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/orders/{id}/assign", Summary: "Give to a lawyer by name"},
		func(ctx context.Context, in *struct {
			RevisedPath
			Body struct {
				Lawyer id.ID `json:"lawyer"`
			}
		}) (*doneReply, error) {
			rev, err := web.Rev(in.IfMatch)
			if err != nil {
				return nil, err
			}
			return done(s.Assign(ctx, web.Actor(ctx), in.ID, in.Body.Lawyer, rev))
		})
	s.exclusionRoutes(w)
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/warnings", Summary: "Running clocks that were warned of"}, s.listWarnings)
}

type warningJSON struct {
	Order struct {
		ID     id.ID  `json:"id"`
		Number string `json:"number"`
	} `json:"order"`
	Level  int         `json:"level" enum:"60,90,110,120"`
	At     time.Time   `json:"at"`
	Lawyer *personJSON `json:"lawyer,omitempty"`
}

func (s *Service) listWarnings(ctx context.Context, _ *struct{}) (*list[warningJSON], error) {
	all, err := s.Warnings(ctx, web.Actor(ctx))
	if err != nil {
		return nil, err
	}
	out := listOf[warningJSON](nil)
	for _, x := range all {
		j := warningJSON{Level: int(x.Level), At: x.At, Lawyer: card(x.Card)}
		j.Order.ID, j.Order.Number = x.Order, x.Number
		out.Body.Items = append(out.Body.Items, j)
	}
	return out, nil
}
