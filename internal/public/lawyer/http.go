package lawyer

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/element"
	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
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

// PracticeJSON is a lawyer's practice as he sees it. Exported, because huma sees no
// others when embedded.
type PracticeJSON struct {
	Nickname string `json:"nickname"`
	Practice
	JoinedOn string `json:"joined_on" doc:"Registration (BB.20213)"`
}

func (p Profile) practice() PracticeJSON {
	return PracticeJSON{p.Nickname, Practice{p.Firm, p.Areas, p.Regions, p.Languages}, p.joinedOn()}
}

// wholeCardJSON is a lawyer's card for operations.
type wholeCardJSON struct {
	ID     id.ID  `json:"id"`
	Name   string `json:"name"`
	Phone  string `json:"phone,omitempty"`
	Status Status `json:"status" enum:"online,busy,away"`
	PracticeJSON
	Told    []toldJSON `json:"told" doc:"What he told of himself, by the elements of Appendix B"`
	Missing []string   `json:"missing" doc:"Codes that must be there and are not"`
}

type toldJSON struct {
	Code     string       `json:"code" example:"20305"`
	Name     string       `json:"name"`
	Kind     element.Kind `json:"kind"`
	Value    string       `json:"value,omitempty" doc:"Numbers of cards and accounts are masked"`
	Pictures []id.ID      `json:"pictures,omitempty" doc:"Read them below /lawyers/{id}/pictures"`
}

func (w FullCard) wire(language string) *wholeCardJSON {
	out := &wholeCardJSON{ID: w.ID, Name: w.Name, Phone: w.Phone, Status: w.Status, PracticeJSON: w.practice(), Told: []toldJSON{}, Missing: w.Described.Missing}
	for _, e := range element.Of(element.Lawyers) {
		v := w.Described.Values[e.Code]
		if v == "" {
			continue
		}
		x := toldJSON{Code: e.Code, Name: say.Text(language, e.Key(), nil), Kind: e.Kind, Value: v}
		if e.Kind == element.Picture || e.Kind == element.Pictures {
			x.Value = ""
			for _, ref := range element.Split(v) {
				if i, err := id.Parse(ref); err == nil {
					x.Pictures = append(x.Pictures, i)
				}
			}
		}
		out.Told = append(out.Told, x)
	}
	return out
}

// cardRoutes are for cards: a lawyer's own practice, and what operations see.
func (s *Service) cardRoutes(w *web.Server) {
	type practiceReply struct{ Body PracticeJSON }
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/lawyers/me", Summary: "What I do and where: by it I am given orders"},
		func(ctx context.Context, _ *struct{}) (*practiceReply, error) {
			p, err := s.Mine(ctx, web.Actor(ctx))
			return &practiceReply{p.practice()}, err
		})
	web.Register(w, huma.Operation{Method: http.MethodPut, Path: "/lawyers/me", Summary: "Change it"},
		func(ctx context.Context, in *struct{ Body Practice }) (*practiceReply, error) {
			p, err := s.ChangePractice(ctx, web.Actor(ctx), in.Body)
			return &practiceReply{p.practice()}, err
		})
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/lawyers/{id}", Summary: "A lawyer's card with what he told of himself"},
		func(ctx context.Context, in *struct {
			ID id.ID `path:"id"`
		}) (*struct{ Body *wholeCardJSON }, error) {
			card, err := s.SeeCard(ctx, web.Actor(ctx), in.ID)
			if err != nil {
				return nil, err
			}
			return &struct{ Body *wholeCardJSON }{card.wire(web.Language(ctx))}, nil
		})
	web.Gives(w, huma.Operation{Method: http.MethodGet, Path: "/lawyers/{id}/pictures/{file}", Summary: "A picture on a lawyer's card"},
		func(ctx context.Context, in *struct {
			ID   id.ID `path:"id"`
			File id.ID `path:"file"`
		}) (*web.File, error) {
			f, err := s.SeePicture(ctx, web.Actor(ctx), in.ID, in.File)
			if err != nil {
				return nil, err
			}
			return f.File(), nil
		})
}

// Routes adds the operations of the room.
func (s *Service) Routes(w *web.Server) {
	s.cardRoutes(w)
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
