package exchange

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/element"
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
	s.eraseRoute(w)
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
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/imports", Summary: "Imports of the actor's organisations, newest first"}, s.listImports)
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
}

// importList has no name of its own: the document calls it by its operation.
type importList = struct {
	Body struct {
		Items []*importJSON `json:"items"`
		Next  string        `json:"next_cursor,omitempty" doc:"Pass as cursor for the next page"`
	}
}

func (s *Service) listImports(ctx context.Context, in *struct {
	Cursor id.ID `query:"cursor"`
	Limit  int   `query:"limit" minimum:"1" maximum:"200" default:"50"`
}) (*importList, error) {
	all, err := s.List(ctx, web.Actor(ctx), in.Cursor, in.Limit)
	out := &importList{}
	out.Body.Items = []*importJSON{}
	for _, v := range all {
		v.Problems = nil // one at a time
		out.Body.Items = append(out.Body.Items, v.wire(web.Language(ctx)))
	}
	if len(all) == in.Limit {
		out.Body.Next = all[len(all)-1].ID.String()
	}
	return out, err
}

type erasedReply = struct { // named by its operation, too
	Body struct {
		Rows int `json:"rows"`
	}
}

func (s *Service) eraseRoute(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/imported-people/erase", Summary: "Erase all imported rows that have a phone"},
		func(ctx context.Context, in *struct {
			Body struct {
				Phone string `json:"phone" minLength:"1" maxLength:"64"`
			}
		}) (out *erasedReply, err error) {
			out = &erasedReply{}
			out.Body.Rows, err = s.EraseByPhone(ctx, web.Actor(ctx), in.Body.Phone)
			return out, err
		})
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
