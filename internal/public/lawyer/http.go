package lawyer

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/id"
	"mingfa/internal/base/web"
)

// Row is a lawyer on the wire.
type Row struct {
	ID        id.ID    `json:"id"`
	Name      string   `json:"name"`
	Nickname  string   `json:"nickname"`
	Firm      string   `json:"firm"`
	Status    Status   `json:"status" enum:"online,busy,away"`
	Load      int      `json:"load" doc:"open orders in his hands"`
	Rating    *Rating  `json:"rating,omitempty" doc:"absent while nobody rated him"`
	Areas     []string `json:"areas"`
	Regions   []string `json:"regions"`
	Languages []string `json:"languages"`
}

// Rating is what askers said of a lawyer.
type Rating struct {
	Rated     int `json:"rated"`
	Satisfied int `json:"satisfied"`
	Points    int `json:"points" doc:"sum of 1 to 5"`
}

type listOutput struct {
	Body struct {
		Items []Row `json:"items"`
	}
}

type statusInput struct {
	Body struct {
		Status Status `json:"status" enum:"online,busy,away"`
	}
}

type statusOutput struct {
	Body struct {
		Status Status `json:"status" enum:"online,busy,away"`
	}
}

// Routes adds the operations of the room.
func (s *Service) Routes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/lawyers", Summary: "Duty lawyers of the actor's organisations"},
		func(ctx context.Context, in *struct {
			Status Status `query:"status" enum:"online,busy,away"`
		}) (*listOutput, error) {
			list, err := s.List(ctx, web.Actor(ctx))
			if in.Status != "" {
				list = slices.DeleteFunc(list, func(l Seen) bool { return l.Status != in.Status })
			}
			return listed(list), err
		})
	web.Register(w, huma.Operation{Method: http.MethodPut, Path: "/lawyers/me/status", Summary: "Whether the lawyer takes orders now"},
		func(ctx context.Context, in *statusInput) (*statusOutput, error) {
			out := &statusOutput{}
			out.Body.Status = in.Body.Status
			return out, s.SetStatus(ctx, web.Actor(ctx), in.Body.Status)
		})
}

func listed(list []Seen) *listOutput {
	out := &listOutput{}
	out.Body.Items = make([]Row, len(list))
	for i, l := range list {
		out.Body.Items[i] = Row{ID: l.ID, Name: l.Name, Nickname: l.Nickname, Firm: l.Firm, Status: l.Status, Load: l.Load,
			Areas: l.Areas, Regions: l.Regions, Languages: l.Languages}
		if l.Rated > 0 {
			out.Body.Items[i].Rating = &Rating{l.Rated, l.Satisfied, l.Points}
		}
	}
	return out
}
