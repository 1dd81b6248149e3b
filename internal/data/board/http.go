package board

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/web"
)

// Routes adds the board.
func (s *Service) Routes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/board", Summary: "The day at a glance against Table 1",
		Description: "Figures of the actor's organisation and those below, at most 5 seconds old.", Metadata: web.Machines("figures:read")},
		func(ctx context.Context, _ *struct{}) (*struct{ Body Board }, error) {
			b, err := s.Live(ctx, web.Actor(ctx), web.Language(ctx))
			return &struct{ Body Board }{b}, err
		})
}
