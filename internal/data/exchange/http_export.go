package exchange

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/db"
	"mingfa/internal/base/element"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/sheet"
	"mingfa/internal/base/web"
)

func (s *Service) exportRoutes(w *web.Server) {
	web.Gives(w, huma.Operation{Method: http.MethodGet, Path: "/exports/{table}", Summary: "Take users, lawyers or orders away, by the elements of Appendix B"},
		func(ctx context.Context, in *struct {
			Table  string `path:"table" enum:"users,lawyers,orders"`
			Format string `query:"format" enum:"csv,xlsx,json" default:"xlsx"`
			From   string `query:"from" maxLength:"10" doc:"Orders asked on this day or later, in China" example:"2026-11-01"`
			To     string `query:"to" maxLength:"10" doc:"and on this day or earlier" example:"2026-11-30"`
			Empty  bool   `query:"template" doc:"The heads only, to fill in"`
			Lists  bool   `query:"booleans" doc:"Of lawyers: a column more for each court and field of law, 1 or 0"`
		}) (*web.File, error) {
			from, to, err := days(in.From, in.To)
			if err != nil {
				return nil, err
			}
			t, err := s.Takeout(ctx, web.Actor(ctx), Want{Table: element.Table(in.Table), Format: sheet.Format(in.Format), From: from, To: to,
				Empty: in.Empty, Booleans: in.Lists, Language: web.Language(ctx)})
			if err != nil {
				return nil, err
			}
			r, out := io.Pipe()
			go func() { out.CloseWithError(t.WriteTo(context.WithoutCancel(ctx), out)) }() // ends with the pipe
			return &web.File{Content: r, Size: -1, Type: t.Format.Type(), Disposition: web.Disposition(false, t.name(s.DB))}, nil
		})
}

// name is what the file is called.
func (t *Takeout) name(d *db.DB) string {
	what := string(t.Table)
	if t.Empty {
		return "mingfa-" + what + "-template." + string(t.Format)
	}
	return "mingfa-" + what + "-" + d.Now().In(element.China).Format("20060102") + "." + string(t.Format)
}

// days reads a period of whole days in China.
func days(first, last string) (from, to time.Time, err error) {
	for _, x := range []struct {
		name, s string
		into    *time.Time
		add     int
	}{{"from", first, &from, 0}, {"to", last, &to, 1}} {
		if x.s == "" {
			continue
		}
		day, err := time.ParseInLocation(time.DateOnly, x.s, element.China)
		if err != nil {
			return from, to, fault.Bad(fault.At(x.name, "fault.field_format"))
		}
		*x.into = day.AddDate(0, 0, x.add)
	}
	return from, to, nil
}
