package consult

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/web"
	"mingfa/internal/base/who"
)

type list[T any] struct {
	Body struct {
		Items []T    `json:"items"`
		Next  string `json:"next_cursor,omitempty" doc:"Pass as cursor for the next page"`
	}
}

func listOf[T any](items []T) *list[T] {
	out := &list[T]{}
	if out.Body.Items = items; items == nil {
		out.Body.Items = []T{}
	}
	return out
}

type orderReply struct {
	ETag string `header:"ETag"`
	Body *orderJSON
}

// OrderPath names an order. Exported, because huma sees no others when embedded.
type OrderPath struct {
	ID id.ID `path:"id" doc:"The order"`
}

// RevisedPath names an order and the version that was seen.
type RevisedPath struct {
	ID      id.ID  `path:"id" doc:"The order"`
	IfMatch string `header:"If-Match" doc:"The ETag that was seen; a newer order is refused with 409"`
}

// isStaff tells whether the actor works here.
func isStaff(a who.Actor) bool { return !a.Is(who.Citizen) }

// reply shows an order after a verb.
func (s *Service) reply(ctx context.Context, order id.ID) (*orderReply, error) {
	a, language := web.Actor(ctx), web.Language(ctx)
	v, err := s.See(ctx, a, order, language)
	if err != nil {
		return nil, err
	}
	return &orderReply{web.ETag(v.Rev), v.wire(language, isStaff(a))}, nil
}

// after is reply for verbs after which the actor may not see the order any more.
func (s *Service) after(ctx context.Context, order id.ID, err error) (*orderReply, error) {
	if err != nil {
		return nil, err
	}
	return s.reply(ctx, order)
}

// Routes adds the operations of the room.
func (s *Service) Routes(w *web.Server) {
	s.publicRoutes(w)
	s.orderRoutes(w)
	s.attachmentRoutes(w)
	s.begunRoutes(w)
	s.answerRoutes(w)
	s.deskRoutes(w)
	s.savedRoutes(w)
	s.callbackRoutes(w)
	s.adminRoutes(w)
}

func (s *Service) publicRoutes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/problem-types", Summary: "Types of problems", Security: web.Public()},
		func(ctx context.Context, _ *struct{}) (*list[codedJSON], error) {
			var out []codedJSON
			for _, code := range ProblemTypes() {
				out = append(out, codedJSON{code, TypeName(web.Language(ctx), code)})
			}
			return listOf(out), nil
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/problem-types/suggest", Summary: "Types that a question may be of; the person decides", Security: web.Public()},
		func(ctx context.Context, in *struct {
			Body struct {
				Question string `json:"question" maxLength:"20000"`
			}
		}) (*list[suggestionJSON], error) {
			var out []suggestionJSON
			for _, x := range Suggest(in.Body.Question) {
				out = append(out, suggestionJSON{x.Code, TypeName(web.Language(ctx), x.Code), x.Score})
			}
			return listOf(out), nil
		})
}

func (s *Service) orderRoutes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/orders", Summary: "Ask a question", DefaultStatus: http.StatusCreated},
		func(ctx context.Context, in *struct{ Body Ask }) (*orderReply, error) {
			a, language := web.Actor(ctx), web.Language(ctx)
			v, err := s.AskAndSee(ctx, a, in.Body, language)
			if err != nil {
				return nil, err
			}
			return &orderReply{web.ETag(v.Rev), v.wire(language, isStaff(a))}, nil
		})
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/orders", Summary: "Orders that the actor may see, newest first", Metadata: web.Machines("orders:read")}, s.listOrders)
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/orders/{id}", Summary: "One order", Metadata: web.Machines("orders:read")},
		func(ctx context.Context, in *OrderPath) (*orderReply, error) { return s.reply(ctx, in.ID) })
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/orders/{id}/messages", Summary: "Ask back, or reply to it", DefaultStatus: http.StatusCreated},
		func(ctx context.Context, in *struct {
			OrderPath
			Body struct {
				ID          id.ID    `json:"id" doc:"Client-made; a repeat changes nothing"`
				Text        string   `json:"text"`
				Attachments []Attach `json:"attachments,omitempty" doc:"Files uploaded for this order, at most 10"`
			}
		}) (*orderReply, error) {
			_, err := s.Say(ctx, web.Actor(ctx), in.ID, in.Body.ID, in.Body.Text, in.Body.Attachments...)
			return s.after(ctx, in.ID, err)
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/orders/{id}/read", Summary: "The citizen has seen the answer", DefaultStatus: http.StatusNoContent},
		func(ctx context.Context, in *struct {
			OrderPath
			Body struct{} `required:"false"`
		}) (*struct{}, error) {
			return nil, s.Read(ctx, web.Actor(ctx), in.ID)
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/orders/{id}/rating", Summary: "Rate, once", DefaultStatus: http.StatusCreated},
		func(ctx context.Context, in *struct {
			OrderPath
			Body struct {
				ID      id.ID  `json:"id" doc:"Client-made; a repeat changes nothing"`
				Level   Rating `json:"level" enum:"very_satisfied,satisfied,general,dissatisfied,very_dissatisfied"`
				Comment string `json:"comment,omitempty"`
			}
		}) (*orderReply, error) {
			_, err := s.Rate(ctx, web.Actor(ctx), in.ID, in.Body.ID, in.Body.Level, in.Body.Comment)
			return s.after(ctx, in.ID, err)
		})
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/orders/{id}/facts", Summary: "What happened to an order", Metadata: web.Machines("orders:read")}, s.timeline)
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/orders/{id}/transcript/{kind}", Summary: "What was said in an order, as a file to keep",
		Description: "In the reader's language (Accept-Language, or ?lang=).",
		Responses:   web.Binary("pdf", "txt"), Metadata: web.Machines("orders:read")}, s.transcript)
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/orders/{id}/proof", Summary: "Proof of an order, for mingfa verify --proof", Metadata: web.Machines("orders:read")},
		func(ctx context.Context, in *OrderPath) (*struct{ Body journal.Proof }, error) {
			p, err := s.Proof(ctx, web.Actor(ctx), in.ID)
			return &struct{ Body journal.Proof }{p}, err
		})
}

func (s *Service) listOrders(ctx context.Context, in *struct {
	State  State  `query:"state" enum:"waiting,assigned,answered,closed,excluded"`
	Date   string `query:"date" doc:"Day asked, YYYY-MM-DD in the operator's zone"`
	Figure Figure `query:"figure" maxLength:"40" doc:"What a figure of the board or the report counted, such as answered_late"`
	Number string `query:"q" doc:"Begin of the number" maxLength:"40"`
	SameAs id.ID  `query:"same_person" doc:"Other orders of the citizen of this one, as far as the actor may see them"`
	Own    Own    `query:"own" enum:"answered,in_time,late,rated,satisfied,non_satisfied,refused" doc:"Orders behind a figure of /lawyers/me/figures; with since and until"`
	Since  string `query:"since" doc:"First day of own, YYYY-MM-DD in the operator's zone" maxLength:"10"`
	Until  string `query:"until" doc:"Last day of own" maxLength:"10"`
	Cursor id.ID  `query:"cursor"`
	Limit  int64  `query:"limit" minimum:"1" maximum:"200" default:"50"`
}) (*list[rowJSON], error) {
	f := Filter{State: in.State, Figure: in.Figure, Number: in.Number, SameAs: in.SameAs, Own: in.Own, Cursor: in.Cursor, Limit: in.Limit}
	if in.Own != "" {
		var err error
		if f.Since, f.Until, err = Days(in.Since, in.Until, defaultZone); err != nil {
			return nil, err
		}
	}
	if in.Date != "" {
		var err error
		if f.From, f.To, err = dayOf(in.Date, defaultZone); err != nil {
			return nil, err
		}
	}
	rows, err := s.List(ctx, web.Actor(ctx), f, web.Language(ctx))
	if err != nil {
		return nil, err
	}
	out := listOf[rowJSON](nil)
	for _, r := range rows {
		out.Body.Items = append(out.Body.Items, r.wire(web.Language(ctx)))
	}
	if int64(len(rows)) == in.Limit {
		out.Body.Next = rows[len(rows)-1].ID.String()
	}
	return out, nil
}

// defaultZone is where a day begins for lists.
const defaultZone = "Asia/Shanghai"

type suggestionJSON struct {
	Code  string `json:"code"`
	Name  string `json:"name"`
	Score int    `json:"score"`
}
