package consult

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/id"
	"mingfa/internal/base/web"
)

// excludedJSON is an order that is not counted, in a list.
type excludedJSON struct {
	ID      id.ID     `json:"id"`
	Rev     int64     `json:"rev"`
	Number  string    `json:"number"`
	AskedAt time.Time `json:"asked_at"`
	Reason  Exclusion `json:"reason" enum:"test,spam,duplicate"`
	Note    string    `json:"note"`
	Erased  bool      `json:"erased,omitempty"`
	By      string    `json:"by" doc:"Who excluded it; empty when he was erased"`
	At      time.Time `json:"at"`
}

func (s *Service) exclusionRoutes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/orders/{id}/exclusion", Summary: "Take out of the figures, with reason and person"},
		func(ctx context.Context, in *struct {
			RevisedPath
			Body struct {
				Reason Exclusion `json:"reason" enum:"test,spam,duplicate"`
				Note   string    `json:"note"`
			}
		}) (*doneReply, error) {
			rev, err := web.Rev(in.IfMatch)
			if err != nil {
				return nil, err
			}
			return done(s.Exclude(ctx, web.Actor(ctx), in.ID, rev, in.Body.Reason, in.Body.Note))
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/orders/{id}/inclusion", Summary: "Take back into the figures, with reason and person"},
		func(ctx context.Context, in *struct {
			RevisedPath
			Body struct {
				Note string `json:"note"`
			}
		}) (*doneReply, error) {
			rev, err := web.Rev(in.IfMatch)
			if err != nil {
				return nil, err
			}
			return done(s.Include(ctx, web.Actor(ctx), in.ID, rev, in.Body.Note))
		})
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/exclusions", Summary: "Orders that are not counted, with reason and person, newest first"},
		func(ctx context.Context, in *struct {
			Reason Exclusion `query:"reason" enum:"test,spam,duplicate"`
			Cursor id.ID     `query:"cursor"`
			Limit  int64     `query:"limit" minimum:"1" maximum:"200" default:"50"`
		}) (*list[excludedJSON], error) {
			rows, err := s.Exclusions(ctx, web.Actor(ctx), in.Reason, in.Cursor, in.Limit)
			out := listOf[excludedJSON](nil)
			for _, o := range rows {
				out.Body.Items = append(out.Body.Items, excludedJSON{o.ID, o.Rev, o.Number, o.AskedAt.Time, o.Exclusion, o.Words, o.Erased, o.By, o.ExcludedAt.Time})
			}
			if int64(len(rows)) == in.Limit {
				out.Body.Next = rows[len(rows)-1].ID.String()
			}
			return out, err
		})
}
