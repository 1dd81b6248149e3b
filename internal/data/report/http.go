package report

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/web"
)

type reportJSON struct {
	Date    string    `json:"date"`
	Leaf    int64     `json:"leaf"`
	MadeAt  time.Time `json:"made_at"`
	Version int64     `json:"version"`
}

type listReply struct {
	Body struct {
		Items []reportJSON `json:"items"`
	}
}

type fileReply struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Checkpoint  string `header:"X-Mingfa-Leaf"`
	Body        []byte
}

// Routes adds figures and reports.
func (s *Service) Routes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/figures", Summary: "A day's figures as they stand now"},
		func(ctx context.Context, in *struct {
			Date string `query:"date" doc:"YYYY-MM-DD; today if empty" maxLength:"10"`
		}) (*struct{ Body Figures }, error) {
			f, err := s.Live(ctx, web.Actor(ctx), in.Date)
			return &struct{ Body Figures }{f}, err
		})
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/reports", Summary: "Stored daily reports, newest first"},
		func(ctx context.Context, _ *struct{}) (*listReply, error) {
			all, err := s.List(ctx, web.Actor(ctx))
			out := &listReply{}
			out.Body.Items = []reportJSON{}
			for _, r := range all {
				out.Body.Items = append(out.Body.Items, reportJSON{r.Day, r.Leaf, r.MadeAt, r.Version})
			}
			return out, err
		})
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/reports/{file}", Summary: "A daily report as YYYY-MM-DD.json or YYYY-MM-DD.csv"},
		func(ctx context.Context, in *struct {
			File string `path:"file" maxLength:"20"`
		}) (*fileReply, error) {
			day, kind, _ := strings.Cut(in.File, ".")
			r, err := s.Stored(ctx, web.Actor(ctx), day)
			if err != nil {
				return nil, err
			}
			return r.file(kind)
		})
}

func (r stored) file(kind string) (*fileReply, error) {
	out := &fileReply{Disposition: `attachment; filename="mingfa-` + r.Day + "." + kind + `"`}
	switch kind {
	case "json":
		out.ContentType, out.Body = "application/json", []byte(r.Figures)
	case "csv":
		b, err := r.CSV()
		if err != nil {
			return nil, err
		}
		out.ContentType, out.Body = "text/csv; charset=utf-8", b
	default:
		return nil, fault.NotThere()
	}
	return out, nil
}
