package consult

import (
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/web"
)

type foundList struct {
	Body struct {
		Items []Found `json:"items"`
		Next  string  `json:"next_cursor,omitempty" doc:"Pass as cursor for the next page"`
	}
}

// statuteRoute looks statutes up: q alone by LookUp; law and article narrow down.
func (s *Service) statuteRoute(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/statutes", Summary: "Look articles up, the nearest first", Metadata: web.Machines("statutes:read")},
		func(ctx context.Context, in *struct {
			Law     string `query:"law" maxLength:"128" doc:"Only laws with this in their names"`
			Article string `query:"article" maxLength:"64" doc:"Only articles of this number"`
			Words   string `query:"q" maxLength:"100" doc:"What people type: a law and an article, a title, or words" example:"劳动合同法 82"`
			Cursor  int    `query:"cursor" minimum:"0" maximum:"200"`
			Limit   int    `query:"limit" minimum:"1" maximum:"50" default:"20"`
		}) (*foundList, error) {
			out := &foundList{}
			out.Body.Items = []Found{}
			if in.Law != "" || in.Article != "" || in.Words == "" {
				all, err := s.Statutes(ctx, web.Actor(ctx), in.Law, in.Article, in.Words, in.Limit)
				for _, st := range all {
					out.Body.Items = append(out.Body.Items, Found{Statute: st})
				}
				return out, err
			}
			all, more, err := s.LookUp(ctx, web.Actor(ctx), in.Words, in.Cursor, in.Limit)
			out.Body.Items = append(out.Body.Items, all...)
			if more {
				out.Body.Next = strconv.Itoa(in.Cursor + len(all))
			}
			return out, err
		})
}
