package consult

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/id"
	"mingfa/internal/base/web"
)

// savedJSON is a saved reply.
type savedJSON struct {
	ID     id.ID     `json:"id"`
	Rev    int64     `json:"rev"`
	Shared bool      `json:"shared" doc:"Of an organisation; else the lawyer's own"`
	Mine   bool      `json:"mine" doc:"The actor may change it"`
	At     time.Time `json:"at" doc:"Last changed"`
	SavedText
}

func (r SavedReply) wire() savedJSON { return savedJSON(r) }

type savedReplyOutput struct {
	ETag string `header:"ETag"`
	Body savedJSON
}

func savedOutput(r *SavedReply, err error) (*savedReplyOutput, error) {
	if err != nil {
		return nil, err
	}
	return &savedReplyOutput{web.ETag(r.Rev), r.wire()}, nil
}

// SavedPath names a saved reply and the version that was seen.
type SavedPath struct {
	ID      id.ID  `path:"id" doc:"The saved reply"`
	IfMatch string `header:"If-Match" doc:"The ETag that was seen; a newer one is refused with 409"`
}

func (s *Service) savedRoutes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/saved-replies", Summary: "Saved replies: the actor's own and his organisations'"},
		func(ctx context.Context, in *struct {
			Cursor id.ID `query:"cursor"`
			Limit  int64 `query:"limit" minimum:"1" maximum:"200" default:"200"`
		}) (*list[savedJSON], error) {
			rows, err := s.SavedReplies(ctx, web.Actor(ctx), in.Cursor, in.Limit)
			if err != nil {
				return nil, err
			}
			out := listOf[savedJSON](nil)
			for _, r := range rows {
				out.Body.Items = append(out.Body.Items, r.wire())
			}
			if int64(len(rows)) == in.Limit {
				out.Body.Next = rows[len(rows)-1].ID.String()
			}
			return out, nil
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/saved-replies", Summary: "Save a reply: one's own, or for the organisation", DefaultStatus: http.StatusCreated},
		func(ctx context.Context, in *struct {
			Body struct {
				ID     id.ID `json:"id" doc:"Client-made; a repeat changes nothing"`
				Shared bool  `json:"shared,omitempty" doc:"For the organisation and all below it"`
				SavedText
			}
		}) (*savedReplyOutput, error) {
			return savedOutput(s.SaveReply(ctx, web.Actor(ctx), in.Body.ID, in.Body.Shared, in.Body.SavedText))
		})
	web.Register(w, huma.Operation{Method: http.MethodPut, Path: "/saved-replies/{id}", Summary: "Change a saved reply"},
		func(ctx context.Context, in *struct {
			SavedPath
			Body SavedText
		}) (*savedReplyOutput, error) {
			rev, err := web.Rev(in.IfMatch)
			if err != nil {
				return nil, err
			}
			return savedOutput(s.ChangeSaved(ctx, web.Actor(ctx), in.ID, rev, in.Body))
		})
	web.Register(w, huma.Operation{Method: http.MethodDelete, Path: "/saved-replies/{id}", Summary: "Remove a saved reply", DefaultStatus: http.StatusNoContent},
		func(ctx context.Context, in *SavedPath) (*struct{}, error) {
			rev, err := web.Rev(in.IfMatch)
			if err != nil {
				return nil, err
			}
			return nil, s.RemoveSaved(ctx, web.Actor(ctx), in.ID, rev)
		})
}
