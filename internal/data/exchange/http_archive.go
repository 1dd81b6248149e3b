package exchange

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/element"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
	"mingfa/internal/base/web"
)

// ArchivedJSON is an imported order in the list: no contact data. Exported, because
// huma sees no others when embedded.
type ArchivedJSON struct {
	ID     id.ID     `json:"id"`
	Import id.ID     `json:"import" doc:"The file that it came with"`
	Org    string    `json:"org"`
	At     time.Time `json:"at" doc:"When it was asked, by the other system's clock; a date that came without a time is its first instant in China"`
	Title  string    `json:"title,omitempty"`
	Type   string    `json:"type,omitempty" doc:"As the other system named it"`
	State  string    `json:"state,omitempty"`
	Source string    `json:"source,omitempty"`
	Erased bool      `json:"erased,omitempty"`
}

// valueJSON is one element of an imported order.
type valueJSON struct {
	Code  string `json:"code" example:"20501"`
	Name  string `json:"name"`
	Value string `json:"value"`
}

type archivedDetailJSON struct {
	ArchivedJSON
	Values []valueJSON `json:"values" doc:"All elements that came, in the order of the standard"`
}

func (x Archived) wire() ArchivedJSON {
	return ArchivedJSON{ID: x.ID, Import: x.Import, Org: x.Org, At: x.At, Title: x.Values["20501"], Type: x.Values["20503"], State: x.Values["20505"],
		Source: x.Values["20515"], Erased: x.Values == nil}
}

func (x Archived) detail(language string) *archivedDetailJSON {
	out := &archivedDetailJSON{ArchivedJSON: x.wire(), Values: []valueJSON{}}
	for _, e := range element.Of(element.Orders) {
		if v := x.Values[e.Code]; v != "" {
			out.Values = append(out.Values, valueJSON{e.Code, say.Text(language, e.Key(), nil), v})
		}
	}
	return out
}

type archiveQuery struct {
	From   string `query:"from" maxLength:"10" example:"2025-01-01" doc:"Asked on this day or later, in China"`
	To     string `query:"to" maxLength:"10" example:"2025-12-31" doc:"and on this day or earlier"`
	Import id.ID  `query:"import"`
	Cursor id.ID  `query:"cursor"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

func (q archiveQuery) filter() (ArchiveFilter, error) {
	f := ArchiveFilter{Import: q.Import, Cursor: q.Cursor, Limit: q.Limit}
	for _, x := range []struct {
		name, day string
		into      *time.Time
		add       int
	}{{"from", q.From, &f.From, 0}, {"to", q.To, &f.To, 1}} {
		if x.day == "" {
			continue
		}
		day, err := time.ParseInLocation(time.DateOnly, x.day, element.China)
		if err != nil {
			return f, fault.Bad(fault.At(x.name, "fault.field_format"))
		}
		*x.into = day.AddDate(0, 0, x.add)
	}
	return f, nil
}

// archiveRoutes show the orders that were taken over.
func (s *Service) archiveRoutes(w *web.Server) {
	type archiveReply struct {
		Body struct {
			Items []ArchivedJSON `json:"items"`
			Next  string         `json:"next_cursor,omitempty" doc:"Pass as cursor for the next page"`
		}
	}
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/archived-orders", Summary: "Orders that were taken over from another system, newest first",
		Description: "They are in no figure and no other list: nothing here was asked, answered or rated on this platform."},
		func(ctx context.Context, in *archiveQuery) (*archiveReply, error) {
			f, err := in.filter()
			if err != nil {
				return nil, err
			}
			all, err := s.Archive(ctx, web.Actor(ctx), f)
			if err != nil {
				return nil, err
			}
			out := &archiveReply{}
			out.Body.Items = []ArchivedJSON{}
			for _, x := range all {
				out.Body.Items = append(out.Body.Items, x.wire())
			}
			if len(all) == in.Limit {
				out.Body.Next = all[len(all)-1].ID.String()
			}
			return out, nil
		})
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/archived-orders/{id}", Summary: "One of them, with all its elements"},
		func(ctx context.Context, in *struct {
			ID id.ID `path:"id"`
		}) (*struct{ Body *archivedDetailJSON }, error) {
			x, err := s.SeeArchived(ctx, web.Actor(ctx), in.ID)
			if err != nil {
				return nil, err
			}
			return &struct{ Body *archivedDetailJSON }{x.detail(web.Language(ctx))}, nil
		})
}
