package consult

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/say"
	"mingfa/internal/base/web"
)

type draftInput struct {
	RevisedPath
	Body Draft
}

type answerInput struct {
	RevisedPath
	Body struct {
		Draft
		Attachments []Attach `json:"attachments,omitempty" doc:"Files uploaded for this order, at most 10"`
	}
}

type checkReply struct {
	Body struct {
		Items []checkItem `json:"items"`
		Own   int         `json:"own_length"`
	}
}

type checkItem struct {
	Rule    Rule   `json:"rule"`
	OK      bool   `json:"ok"`
	Message string `json:"message"`
}

func (s *Service) answerRoutes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/orders/{id}/answer", Summary: "The complete answer"},
		func(ctx context.Context, in *answerInput) (*orderReply, error) {
			rev, err := web.Rev(in.IfMatch)
			if err == nil {
				_, err = s.Answer(ctx, web.Actor(ctx), in.ID, rev, in.Body.Draft, in.Body.Attachments...)
			}
			return s.after(ctx, in.ID, err)
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/orders/{id}/answer/check", Summary: "What an answer still lacks"},
		func(ctx context.Context, in *draftInput) (*checkReply, error) {
			items, own, err := s.CheckDraft(ctx, web.Actor(ctx), in.ID, in.Body)
			out := &checkReply{}
			out.Body.Items, out.Body.Own = []checkItem{}, own
			for _, x := range items {
				out.Body.Items = append(out.Body.Items, checkItem{x.Rule, x.OK, say.Text(web.Language(ctx), x.Key, x.Args)})
			}
			return out, err
		})
}
