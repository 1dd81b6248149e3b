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
	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
	"mingfa/internal/base/sheet"
	"mingfa/internal/base/web"
)

// importJSON is an import on the wire.
type importJSON struct {
	ID         id.ID         `json:"id"`
	Table      element.Table `json:"table" enum:"users,lawyers,orders"`
	Format     sheet.Format  `json:"format" enum:"csv,xlsx,json"`
	State      State         `json:"state" enum:"checking,refused,checked,running,done,cancelled"`
	Name       string        `json:"name,omitempty" doc:"Of the file"`
	Bytes      int64         `json:"bytes"`
	Rows       int64         `json:"rows" doc:"Found so far; while it is checked this counts up"`
	Kept       int64         `json:"kept" doc:"Of them kept; nobody sees them before the state is done"`
	Wrong      int64         `json:"wrong" doc:"Faults that were found"`
	Problems   []problemJSON `json:"problems" doc:"The first 500 of them"`
	Trouble    string        `json:"trouble,omitempty"`
	By         string        `json:"by,omitempty"`
	MadeAt     time.Time     `json:"made_at"`
	FinishedAt *time.Time    `json:"finished_at,omitempty"`
	Rev        int64         `json:"rev"`
}

type problemJSON struct {
	Row    int    `json:"row,omitempty" doc:"As a spreadsheet counts; none: the whole file"`
	Column string `json:"column,omitempty" doc:"Code of the element, or letters of the column"`
	Name   string `json:"name,omitempty" doc:"Of the element"`
	Key    string `json:"key"`
	Text   string `json:"text" doc:"What is wrong and what to do, in the reader's language"`
}

func (v Seen) wire(language string) *importJSON {
	j := &importJSON{ID: v.ID, Table: v.Kind, Format: v.Format, State: v.State, Name: v.FileName, Bytes: v.Size, Rows: v.Total, Kept: v.Done, Wrong: v.Wrong,
		Problems: []problemJSON{}, By: v.By, MadeAt: v.MadeAt.Time, Rev: v.Rev}
	if v.Trouble != "" {
		j.Trouble = say.Text(language, v.Trouble, nil)
	}
	if !v.FinishedAt.IsZero() {
		j.FinishedAt = &v.FinishedAt.Time
	}
	for _, p := range v.Problems {
		x := problemJSON{Row: p.Row, Column: p.Column, Key: p.Key, Text: say.Text(language, p.Key, p.Args)}
		if e, ok := element.Find(p.Column); ok {
			x.Name = say.Text(language, e.Key(), nil)
		}
		j.Problems = append(j.Problems, x)
	}
	return j
}

type importReply struct {
	ETag string `header:"ETag"`
	Body *importJSON
}

// revised names an import and the version that was seen.
type revised struct {
	ID      id.ID  `path:"id"`
	IfMatch string `header:"If-Match"`
}

// Routes adds the operations of the room.
func (s *Service) Routes(w *web.Server) {
	s.importRoutes(w)
	s.exportRoutes(w)
	s.archiveRoutes(w)
	s.ruleRoutes(w)
}

// shown shows an import after a verb.
func (s *Service) shown(ctx context.Context, i *Import, err error) (*importReply, error) {
	if err != nil {
		return nil, err
	}
	v, err := s.See(ctx, web.Actor(ctx), i.ID)
	if err != nil {
		return nil, err
	}
	return &importReply{web.ETag(v.Rev), v.wire(web.Language(ctx))}, nil
}

func (s *Service) importRoutes(w *web.Server) {
	web.Takes(w, huma.Operation{Method: http.MethodPut, Path: "/imports/{id}", Summary: "Upload a file; it is checked and changes nothing yet"},
		func(ctx context.Context, in *struct {
			ID     id.ID  `path:"id" doc:"Client-made; a repeat gives the import that is there"`
			Table  string `query:"table" required:"true" enum:"users,lawyers,orders"`
			Format string `query:"format" required:"true" enum:"csv,xlsx,json"`
			Name   string `query:"name" maxLength:"200" doc:"Of the file"`
		}) (*importReply, error) {
			file, _ := web.Body(ctx)
			i, err := s.Upload(ctx, web.Actor(ctx), New{ID: in.ID, Table: element.Table(in.Table), Format: sheet.Format(in.Format), Name: in.Name}, file)
			return s.shown(ctx, i, err)
		})
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/imports", Summary: "Imports of the actor's organisations, newest first"},
		func(ctx context.Context, in *struct {
			Cursor id.ID `query:"cursor"`
			Limit  int   `query:"limit" minimum:"1" maximum:"200" default:"50"`
		}) (*struct {
			Body struct {
				Items []*importJSON `json:"items"`
				Next  string        `json:"next_cursor,omitempty" doc:"Pass as cursor for the next page"`
			}
		}, error) {
			all, err := s.List(ctx, web.Actor(ctx), in.Cursor, in.Limit)
			out := &struct {
				Body struct {
					Items []*importJSON `json:"items"`
					Next  string        `json:"next_cursor,omitempty" doc:"Pass as cursor for the next page"`
				}
			}{}
			out.Body.Items = []*importJSON{}
			for _, v := range all {
				v.Problems = nil // one at a time
				out.Body.Items = append(out.Body.Items, v.wire(web.Language(ctx)))
			}
			if len(all) == in.Limit {
				out.Body.Next = all[len(all)-1].ID.String()
			}
			return out, err
		})
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/imports/{id}", Summary: "How far an import is, and what is wrong with its file"},
		func(ctx context.Context, in *struct {
			ID id.ID `path:"id"`
		}) (*importReply, error) {
			return s.shown(ctx, &Import{ID: in.ID}, nil)
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/imports/{id}/run", Summary: "Keep the rows of a file without faults"},
		func(ctx context.Context, in *revised) (*importReply, error) {
			rev, err := web.Rev(in.IfMatch)
			if err != nil {
				return nil, err
			}
			i, err := s.Run(ctx, web.Actor(ctx), in.ID, rev)
			return s.shown(ctx, i, err)
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/imports/{id}/cancel", Summary: "Give an import up that is not done"},
		func(ctx context.Context, in *revised) (*importReply, error) {
			rev, err := web.Rev(in.IfMatch)
			if err != nil {
				return nil, err
			}
			i, err := s.Cancel(ctx, web.Actor(ctx), in.ID, rev)
			return s.shown(ctx, i, err)
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/imported-people/erase", Summary: "Erase all imported rows that have a phone"},
		func(ctx context.Context, in *struct {
			Body struct {
				Phone string `json:"phone" minLength:"1" maxLength:"64"`
			}
		}) (*struct {
			Body struct {
				Rows int `json:"rows"`
			}
		}, error) {
			out := &struct {
				Body struct {
					Rows int `json:"rows"`
				}
			}{}
			var err error
			out.Body.Rows, err = s.EraseByPhone(ctx, web.Actor(ctx), in.Body.Phone)
			return out, err
		})
}

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

type rulesReply struct{ Body element.Rules }

func (s *Service) ruleRoutes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/exchange-rules", Summary: "What must be given in an import"},
		func(ctx context.Context, _ *struct{}) (*rulesReply, error) {
			r, err := s.Asked(ctx, web.Actor(ctx))
			return &rulesReply{r}, err
		})
	web.Register(w, huma.Operation{Method: http.MethodPut, Path: "/exchange-rules", Summary: "Change it for the actor's organisation"},
		func(ctx context.Context, in *struct{ Body element.Rules }) (*rulesReply, error) {
			return &rulesReply{in.Body}, s.Ask(ctx, web.Actor(ctx), in.Body)
		})
}
