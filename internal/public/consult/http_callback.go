package consult

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/id"
	"mingfa/internal/base/paper"
	"mingfa/internal/base/web"
)

type callbackReply struct{ Body *ledgerJSON }

func (s *Service) ledger(ctx context.Context, callback id.ID, err error) (*callbackReply, error) {
	if err != nil {
		return nil, err
	}
	v, err := s.SeeCallback(ctx, web.Actor(ctx), callback, web.Language(ctx))
	if err != nil {
		return nil, err
	}
	return &callbackReply{v.ledger(web.Language(ctx))}, nil
}

// CallbackPath names a call-back.
type CallbackPath struct {
	ID id.ID `path:"id" doc:"The call-back"`
}

func (s *Service) callbackRoutes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/callbacks", Summary: "Call-backs, most urgent first"}, s.listCallbacks)
	for _, format := range paper.Formats {
		web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/callbacks/ledger." + format, Summary: "The ledger of call-backs as " + strings.ToUpper(format), Responses: web.Binary(format)},
			func(ctx context.Context, in *LedgerQuery) (*ledgerReply, error) { return s.ledgerFile(ctx, in, format) })
	}
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/callbacks/{id}", Summary: "One call-back with its order"},
		func(ctx context.Context, in *CallbackPath) (*callbackReply, error) { return s.ledger(ctx, in.ID, nil) })
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/callbacks/{id}/attempts", Summary: "A telephone call", DefaultStatus: http.StatusCreated},
		func(ctx context.Context, in *struct {
			CallbackPath
			Body struct {
				ID      id.ID  `json:"id" doc:"Client-made; a repeat changes nothing"`
				Reached bool   `json:"reached"`
				Note    string `json:"note,omitempty"`
			}
		}) (*callbackReply, error) {
			_, err := s.Attempt(ctx, web.Actor(ctx), in.ID, in.Body.ID, in.Body.Reached, in.Body.Note)
			return s.ledger(ctx, in.ID, err)
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/callbacks/{id}/result", Summary: "What the call found"},
		func(ctx context.Context, in *struct {
			CallbackPath
			Body Result
		}) (*callbackReply, error) {
			_, err := s.Record(ctx, web.Actor(ctx), in.ID, in.Body)
			return s.ledger(ctx, in.ID, err)
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/callbacks/{id}/lawyer-call", Summary: "The lawyer's call where a legal question remained"},
		func(ctx context.Context, in *struct {
			CallbackPath
			Body struct {
				ID      id.ID  `json:"id,omitempty"`
				Summary string `json:"summary"`
			}
		}) (*callbackReply, error) {
			_, err := s.Called(ctx, web.Actor(ctx), in.ID, in.Body.Summary)
			return s.ledger(ctx, in.ID, err)
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/callbacks/{id}/close", Summary: "Close a call-back"},
		func(ctx context.Context, in *struct {
			CallbackPath
			Body struct{} `required:"false"`
		}) (*callbackReply, error) {
			_, err := s.CloseCallback(ctx, web.Actor(ctx), in.ID)
			return s.ledger(ctx, in.ID, err)
		})
}

func (s *Service) listCallbacks(ctx context.Context, in *struct {
	State  string `query:"state" enum:"open,done" default:"open"`
	Cursor id.ID  `query:"cursor"`
	Limit  int64  `query:"limit" minimum:"1" maximum:"200" default:"50"`
}) (*list[callbackJSON], error) {
	all, titles, orders, err := s.callbacksWithTitles(ctx, web.Actor(ctx), in.State == "done", in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := listOf[callbackJSON](nil)
	for _, c := range all {
		o := orders[c.Order]
		out.Body.Items = append(out.Body.Items, c.wire(o.Number, titles[o.Title].Plain, s.DB.Now()))
	}
	if int64(len(all)) == in.Limit {
		out.Body.Next = all[len(all)-1].ID.String()
	}
	return out, nil
}

// LedgerQuery narrows a ledger.
type LedgerQuery struct {
	From string `query:"from" maxLength:"10" doc:"Opened on this day or later, in China" example:"2026-11-01"`
	To   string `query:"to" maxLength:"10" doc:"and on this day or earlier" example:"2026-11-30"`
	Org  id.ID  `query:"org" doc:"This organisation and those below"`
}

type ledgerReply struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

func (s *Service) ledgerFile(ctx context.Context, in *LedgerQuery, format string) (*ledgerReply, error) {
	p, err := PeriodOf(in.From, in.To, in.Org)
	if err != nil {
		return nil, err
	}
	l, err := s.Ledger(ctx, web.Actor(ctx), p, web.Language(ctx))
	if err != nil {
		return nil, err
	}
	out := &ledgerReply{Disposition: web.Disposition(false, "mingfa-callbacks."+format)}
	var font *paper.Font
	if s.Font != nil {
		font = s.Font()
	}
	out.Body, out.ContentType, err = l.File(format, font)
	return out, err
}
