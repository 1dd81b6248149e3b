package report

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/paper"
	"mingfa/internal/base/web"
)

type reportJSON struct {
	Date    string    `json:"date"`
	Leaf    int64     `json:"leaf"`
	DueAt   time.Time `json:"due_at" doc:"01:00 of the next day in the organisation's zone"`
	MadeAt  time.Time `json:"made_at"`
	Version int64     `json:"version"`
	Mail    string    `json:"mail,omitempty" enum:"waiting,sent,failed" doc:"How far its mail has come; absent if it is not mailed"`
}

type dueJSON struct {
	Date  string    `json:"date"`
	DueAt time.Time `json:"due_at"`
}

type listReply struct {
	Body struct {
		Items []reportJSON `json:"items"`
		Next  dueJSON      `json:"next" doc:"The report that comes next"`
	}
}

type fileReply struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Leaf        string `header:"X-Mingfa-Leaf" doc:"Made of the facts with a smaller leaf number"`
	Body        []byte
}

// Routes adds figures and reports.
func (s *Service) Routes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/figures", Summary: "A day's figures as they stand now", Metadata: web.Machines("figures:read")},
		func(ctx context.Context, in *struct {
			Date string `query:"date" doc:"YYYY-MM-DD; today if empty" maxLength:"10"`
		}) (*struct{ Body Figures }, error) {
			f, err := s.Live(ctx, web.Actor(ctx), in.Date)
			return &struct{ Body Figures }{f}, err
		})
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/lawyers/me/figures", Summary: "The lawyer's own figures, of today and of the last 30 days"},
		func(ctx context.Context, _ *struct{}) (*struct{ Body OwnFigures }, error) {
			f, err := s.Mine(ctx, web.Actor(ctx))
			return &struct{ Body OwnFigures }{f}, err
		})
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/reports", Summary: "Stored daily reports, newest first", Metadata: web.Machines("reports:read")},
		func(ctx context.Context, _ *struct{}) (*listReply, error) {
			all, next, err := s.List(ctx, web.Actor(ctx))
			out := &listReply{}
			out.Body.Items = []reportJSON{}
			out.Body.Next = dueJSON{next.Day, next.DueAt}
			for _, r := range all {
				out.Body.Items = append(out.Body.Items, reportJSON{r.Day, r.Leaf, r.DueAt, r.MadeAt, r.Version, r.Mail})
			}
			return out, err
		})
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/reports/{file}", Summary: "A daily report as YYYY-MM-DD.json, .csv, .xlsx or .pdf",
		Description: "CSV, XLSX and PDF are in the reader's language (Accept-Language, or ?lang=).",
		Responses:   web.Binary("json", "csv", "xlsx", "pdf"), Metadata: web.Machines("reports:read")},
		func(ctx context.Context, in *struct {
			File string `path:"file" maxLength:"20"`
		}) (*fileReply, error) {
			day, kind, _ := strings.Cut(in.File, ".")
			r, err := s.Stored(ctx, web.Actor(ctx), day)
			if err != nil {
				return nil, err
			}
			return s.file(r, kind, web.Language(ctx))
		})
}

// types are the formats of a report.
var types = map[string]string{
	"json": "application/json",
	"csv":  "text/csv; charset=utf-8",
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"pdf":  "application/pdf",
}

// file writes a report in a format.
func (s *Service) file(r stored, kind, lang string) (*fileReply, error) {
	out := &fileReply{ContentType: types[kind], Leaf: strconv.FormatInt(r.Leaf, 10), Disposition: `attachment; filename="mingfa-` + r.Day + "." + kind + `"`}
	if out.ContentType == "" {
		return nil, fault.NotThere()
	}
	if kind == "json" {
		out.Body = []byte(r.Figures)
		return out, nil
	}
	d, err := r.document(lang)
	if err != nil {
		return nil, err
	}
	switch kind {
	case "csv":
		out.Body, err = paper.CSV(d)
	case "xlsx":
		out.Body, err = paper.XLSX(d)
	case "pdf":
		out.Body, err = paper.PDF(d, s.font())
	}
	return out, err
}

func (s *Service) font() *paper.Font {
	if s.Font == nil {
		return nil
	}
	return s.Font()
}
