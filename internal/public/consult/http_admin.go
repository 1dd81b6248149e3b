package consult

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/web"
)

type templateJSON struct {
	Name    string            `json:"name"`
	Version int64             `json:"version"`
	Texts   map[string]string `json:"texts"`
	From    *time.Time        `json:"from,omitempty"`
}

func (t Template) wire() templateJSON {
	j := templateJSON{Name: t.Name, Version: t.Version, Texts: t.Texts}
	if !t.From.IsZero() {
		j.From = &t.From
	}
	return j
}

func (s *Service) adminRoutes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/templates", Summary: "The uniform texts in force"},
		func(ctx context.Context, _ *struct{}) (*list[templateJSON], error) {
			all, err := s.Templates(ctx, web.Actor(ctx))
			out := listOf[templateJSON](nil)
			for _, t := range all {
				out.Body.Items = append(out.Body.Items, t.wire())
			}
			return out, err
		})
	web.Register(w, huma.Operation{Method: http.MethodPut, Path: "/templates/{name}", Summary: "A new version of a uniform text"},
		func(ctx context.Context, in *struct {
			Name string `path:"name" maxLength:"40"`
			Body struct {
				Texts map[string]string `json:"texts"`
				From  time.Time         `json:"from,omitempty" required:"false"`
			}
		}) (*struct{ Body templateJSON }, error) {
			t, err := s.SetTemplate(ctx, web.Actor(ctx), in.Name, in.Body.Texts, in.Body.From)
			return &struct{ Body templateJSON }{t.wire()}, err
		})
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/rating-reminder", Summary: "When citizens are reminded to rate"},
		func(ctx context.Context, _ *struct{}) (*struct{ Body Reminder }, error) {
			r, err := s.Reminder(ctx, web.Actor(ctx))
			return &struct{ Body Reminder }{r}, err
		})
	web.Register(w, huma.Operation{Method: http.MethodPut, Path: "/rating-reminder", Summary: "Change it, for answers from now on"},
		func(ctx context.Context, in *struct {
			Body struct {
				Hours int `json:"hours" doc:"Hours after the answer; 0 for never"`
			}
		}) (*struct{ Body Reminder }, error) {
			r, err := s.SetReminder(ctx, web.Actor(ctx), in.Body.Hours)
			return &struct{ Body Reminder }{r}, err
		})
	s.statuteRoute(w)
}
