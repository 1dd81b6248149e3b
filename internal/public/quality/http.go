package quality

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/id"
	"mingfa/internal/base/web"
)

type list[T any] struct {
	Body struct {
		Items []T    `json:"items"`
		Next  string `json:"next_cursor,omitempty" doc:"Pass as cursor for the next page"`
	}
}

type sampleReply struct {
	ETag string `header:"ETag"`
	Body *detailJSON
}

// SamplePath names a sample. Exported, because huma sees no others when embedded.
type SamplePath struct {
	ID id.ID `path:"id" doc:"The sample"`
}

// SampleFilePath names a file of a sample's order.
type SampleFilePath struct {
	SamplePath
	File id.ID `path:"file" doc:"The file"`
}

// RevisedPath names a sample and the version that was seen.
type RevisedPath struct {
	ID      id.ID  `path:"id" doc:"The sample"`
	IfMatch string `header:"If-Match" doc:"The ETag that was seen; a newer sample is refused with 409"`
}

// Page is a page of a list.
type Page struct {
	Cursor id.ID `query:"cursor"`
	Limit  int64 `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// Routes adds the operations of the room.
func (s *Service) Routes(w *web.Server) {
	s.sampleRoutes(w)
	s.handDrawRoutes(w)
	s.checkRoutes(w)
	s.figureRoutes(w)
	s.settingRoutes(w)
	s.caseRoutes(w)
}

// reply shows a sample after a verb.
func (s *Service) reply(ctx context.Context, sample id.ID, err error) (*sampleReply, error) {
	if err != nil {
		return nil, err
	}
	v, err := s.See(ctx, web.Actor(ctx), sample, web.Language(ctx))
	if err != nil {
		return nil, err
	}
	return &sampleReply{web.ETag(v.Rev), v.wire(web.Language(ctx))}, nil
}

func (s *Service) sampleRoutes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/quality/samples", Summary: "Orders to inspect or inspected, newest first"}, s.listSamples)
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/quality/results", Summary: "Results of the lawyer's own orders, newest first"},
		func(ctx context.Context, in *struct {
			Month string `query:"month" doc:"YYYY-MM"`
			Page
		}) (*list[SampleJSON], error) {
			rows, err := s.Results(ctx, web.Actor(ctx), Filter{Month: in.Month, Cursor: in.Cursor, Limit: in.Limit})
			return listed(ctx, rows, in.Limit, err)
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/quality/samples", Summary: "Add an order beside the drawn ones", DefaultStatus: http.StatusCreated},
		func(ctx context.Context, in *struct {
			Body struct {
				Order  id.ID  `json:"order" doc:"A repeat by the same person changes nothing"`
				Reason string `json:"reason"`
			}
		}) (*sampleReply, error) {
			q, err := s.Add(ctx, web.Actor(ctx), in.Body.Order, in.Body.Reason)
			if err != nil {
				return nil, err
			}
			return s.reply(ctx, q.ID, nil)
		})
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/quality/samples/{id}", Summary: "One sample with its order and score card"},
		func(ctx context.Context, in *SamplePath) (*sampleReply, error) { return s.reply(ctx, in.ID, nil) })
	web.Gives(w, huma.Operation{Method: http.MethodGet, Path: "/quality/samples/{id}/attachments/{file}", Summary: "A file of the inspected order"},
		func(ctx context.Context, in *SampleFilePath) (*web.File, error) {
			f, err := s.OpenFile(ctx, web.Actor(ctx), in.ID, in.File)
			if err != nil {
				return nil, err
			}
			return f.File(), nil
		})
}

// handDrawRoutes are for draws of one lawyer by hand.
func (s *Service) handDrawRoutes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/quality/hand-draws", Summary: "Draw a sample of one lawyer and period", DefaultStatus: http.StatusCreated},
		func(ctx context.Context, in *struct{ Body HandDraw }) (*struct{ Body HandDrawJSON }, error) {
			v, err := s.DrawByHand(ctx, web.Actor(ctx), in.Body)
			if err != nil {
				return nil, err
			}
			return &struct{ Body HandDrawJSON }{v.wire()}, nil
		})
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/quality/hand-draws", Summary: "Draws by hand, newest first, each drawn again"},
		func(ctx context.Context, in *struct {
			Lawyer id.ID `query:"lawyer"`
			Page
		}) (*list[HandDrawJSON], error) {
			all, err := s.HandDraws(ctx, web.Actor(ctx), in.Lawyer, in.Cursor, in.Limit)
			if err != nil {
				return nil, err
			}
			out := &list[HandDrawJSON]{}
			out.Body.Items = []HandDrawJSON{}
			for _, v := range all {
				out.Body.Items = append(out.Body.Items, v.wire())
			}
			if int64(len(all)) == in.Limit {
				out.Body.Next = all[len(all)-1].ID.String()
			}
			return out, nil
		})
}

func (s *Service) listSamples(ctx context.Context, in *struct {
	Month  string `query:"month" doc:"YYYY-MM"`
	Lawyer id.ID  `query:"lawyer"`
	State  State  `query:"state" enum:"open,checked,disputed,differing,final,void"`
	Result Result `query:"result" enum:"inspected,fatal,minor" doc:"What a figure counted"`
	Source string `query:"source" enum:"drawn,added"`
	Mine   bool   `query:"mine" doc:"That the actor can check now"`
	Page
}) (*list[SampleJSON], error) {
	rows, err := s.List(ctx, web.Actor(ctx), Filter{Month: in.Month, Lawyer: in.Lawyer, State: in.State, Result: in.Result, Source: in.Source,
		Mine: in.Mine, Cursor: in.Cursor, Limit: in.Limit})
	return listed(ctx, rows, in.Limit, err)
}

func listed(ctx context.Context, rows []Listed, limit int64, err error) (*list[SampleJSON], error) {
	if err != nil {
		return nil, err
	}
	out := &list[SampleJSON]{}
	out.Body.Items = []SampleJSON{}
	for _, r := range rows {
		out.Body.Items = append(out.Body.Items, r.wire(web.Language(ctx)))
	}
	if int64(len(rows)) == limit {
		out.Body.Next = rows[len(rows)-1].ID.String()
	}
	return out, nil
}

func (s *Service) checkRoutes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/quality/samples/{id}/checks", Summary: "Submit the score card of the next check", DefaultStatus: http.StatusCreated},
		func(ctx context.Context, in *struct {
			RevisedPath
			Body Card
		}) (*sampleReply, error) {
			rev, err := web.Rev(in.IfMatch)
			if err == nil {
				_, err = s.Submit(ctx, web.Actor(ctx), in.ID, rev, in.Body)
			}
			return s.reply(ctx, in.ID, err)
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/quality/samples/{id}/dispute", Summary: "The lawyer disputes the result, once", DefaultStatus: http.StatusCreated},
		func(ctx context.Context, in *struct {
			RevisedPath
			Body struct {
				Words string `json:"words"`
			}
		}) (*sampleReply, error) {
			rev, err := web.Rev(in.IfMatch)
			if err == nil {
				_, err = s.Dispute(ctx, web.Actor(ctx), in.ID, rev, in.Body.Words)
			}
			return s.reply(ctx, in.ID, err)
		})
}

type ratesReply struct {
	Body struct {
		Limits Limits      `json:"limits"`
		Total  ratesJSON   `json:"total"`
		Items  []ratesJSON `json:"items"`
		Next   string      `json:"next_cursor,omitempty" doc:"Pass as cursor for the next page"`
	}
}

func (s *Service) figureRoutes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/quality/rates", Summary: "Error rates of a month, by lawyer"},
		func(ctx context.Context, in *struct {
			Month string `query:"month" required:"true" doc:"YYYY-MM"`
			Page
		}) (*ratesReply, error) {
			m, err := s.Rates(ctx, web.Actor(ctx), in.Month, in.Cursor, in.Limit)
			if err != nil {
				return nil, err
			}
			out := &ratesReply{}
			out.Body.Limits, out.Body.Total, out.Body.Items = m.Limits, m.Total.wire(m.Limits), []ratesJSON{}
			for _, r := range m.Items {
				out.Body.Items = append(out.Body.Items, r.wire(m.Limits))
			}
			if int64(len(m.Items)) == in.Limit {
				out.Body.Next = m.Items[len(m.Items)-1].Lawyer.String()
			}
			return out, nil
		})
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/quality/draws", Summary: "The draws of a lawyer's month, each drawn again"},
		func(ctx context.Context, in *struct {
			Lawyer id.ID  `query:"lawyer" required:"true"`
			Month  string `query:"month" required:"true" doc:"YYYY-MM"`
		}) (*list[drawJSON], error) {
			draws, err := s.Draws(ctx, web.Actor(ctx), in.Lawyer, in.Month)
			out := &list[drawJSON]{}
			out.Body.Items = []drawJSON{}
			for _, d := range draws {
				out.Body.Items = append(out.Body.Items, drawJSON{d.At, d.Leaf, d.Seed, d.Percent, d.Population, d.Orders, d.Same})
			}
			return out, err
		})
}

type catalogueReply struct{ Body catalogueJSON }

type limitsReply struct{ Body limitsJSON }

func (s *Service) settingRoutes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/quality/catalogue", Summary: "The items of a score card"},
		func(ctx context.Context, _ *struct{}) (*catalogueReply, error) {
			v, err := s.Catalogue(ctx, web.Actor(ctx))
			return &catalogueReply{catalogueJSONOf(v)}, err
		})
	web.Register(w, huma.Operation{Method: http.MethodPut, Path: "/quality/catalogue", Summary: "A new version of the items, for checks from now on"},
		func(ctx context.Context, in *struct {
			Body struct {
				Items Catalogue `json:"items"`
			}
		}) (*catalogueReply, error) {
			v, err := s.SetCatalogue(ctx, web.Actor(ctx), in.Body.Items)
			return &catalogueReply{catalogueJSONOf(v)}, err
		})
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/quality/limits", Summary: "Share, periods and marks of the quality check"},
		func(ctx context.Context, _ *struct{}) (*limitsReply, error) {
			v, err := s.Limits(ctx, web.Actor(ctx))
			return &limitsReply{limitsJSON{v.Value, v.Version, v.From}}, err
		})
	web.Register(w, huma.Operation{Method: http.MethodPut, Path: "/quality/limits", Summary: "New share, periods and marks, from now on"},
		func(ctx context.Context, in *struct{ Body Limits }) (*limitsReply, error) {
			v, err := s.SetLimits(ctx, web.Actor(ctx), in.Body)
			return &limitsReply{limitsJSON{v.Value, v.Version, v.From}}, err
		})
}

type caseReply struct {
	ETag string `header:"ETag"`
	Body caseDetailJSON
}

// CasePath names an intervention. Exported, because huma sees no others when
// embedded.
type CasePath struct {
	ID id.ID `path:"id" doc:"The intervention"`
}

// RevisedCase names an intervention and the version that was seen.
type RevisedCase struct {
	ID      id.ID  `path:"id" doc:"The intervention"`
	IfMatch string `header:"If-Match" doc:"The ETag that was seen; a newer one is refused with 409"`
}

// caseReplied shows an intervention after a verb.
func (s *Service) caseReplied(ctx context.Context, intervention id.ID, err error) (*caseReply, error) {
	if err != nil {
		return nil, err
	}
	v, err := s.SeeCase(ctx, web.Actor(ctx), intervention)
	if err != nil {
		return nil, err
	}
	out := &caseReply{web.ETag(v.Rev), caseDetailJSON{v.ListedCase.wire(), v.CauseText, v.Checks, []measureJSON{}, v.ConclusionText}}
	for _, m := range v.Taken {
		out.Body.Taken = append(out.Body.Taken, measureJSON(m))
	}
	return out, nil
}

func (s *Service) listCases(ctx context.Context, in *struct {
	State  CaseState `query:"state" enum:"open,closed,lapsed"`
	Lawyer id.ID     `query:"lawyer"`
	Page
}) (*list[CaseJSON], error) {
	rows, err := s.Cases(ctx, web.Actor(ctx), in.State, in.Lawyer, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &list[CaseJSON]{}
	out.Body.Items = []CaseJSON{}
	for _, r := range rows {
		out.Body.Items = append(out.Body.Items, r.wire())
	}
	if int64(len(rows)) == in.Limit {
		out.Body.Next = rows[len(rows)-1].ID.String()
	}
	return out, nil
}

func (s *Service) caseRoutes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/interventions", Summary: "Interventions, newest first"}, s.listCases)
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/interventions/{id}", Summary: "One intervention"},
		func(ctx context.Context, in *CasePath) (*caseReply, error) { return s.caseReplied(ctx, in.ID, nil) })
	web.Register(w, huma.Operation{Method: http.MethodPut, Path: "/interventions/{id}/analysis", Summary: "Why the ratings are low, and what shows it"},
		func(ctx context.Context, in *struct {
			RevisedCase
			Body Analysis
		}) (*caseReply, error) {
			rev, err := web.Rev(in.IfMatch)
			if err == nil {
				_, err = s.Analyse(ctx, web.Actor(ctx), in.ID, rev, in.Body)
			}
			return s.caseReplied(ctx, in.ID, err)
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/interventions/{id}/measures", Summary: "Note a measure", DefaultStatus: http.StatusCreated},
		func(ctx context.Context, in *struct {
			CasePath
			Body Measure
		}) (*caseReply, error) {
			_, err := s.AddMeasure(ctx, web.Actor(ctx), in.ID, in.Body)
			return s.caseReplied(ctx, in.ID, err)
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/interventions/{id}/close", Summary: "Close it, with a conclusion"},
		func(ctx context.Context, in *struct {
			RevisedCase
			Body struct {
				Conclusion string `json:"conclusion"`
			}
		}) (*caseReply, error) {
			rev, err := web.Rev(in.IfMatch)
			if err == nil {
				_, err = s.Close(ctx, web.Actor(ctx), in.ID, rev, in.Body.Conclusion)
			}
			return s.caseReplied(ctx, in.ID, err)
		})
}
