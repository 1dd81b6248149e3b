package complaint

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/attach"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/paper"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/web"
)

// Path names a complaint. Exported, because huma sees no others when embedded.
type Path struct {
	ID id.ID `path:"id" doc:"The complaint"`
}

// RevisedPath names a complaint and the version that was seen.
type RevisedPath struct {
	ID      id.ID  `path:"id" doc:"The complaint"`
	IfMatch string `header:"If-Match" doc:"The ETag that was seen; a newer complaint is refused with 409"`
}

type reply struct {
	ETag string `header:"ETag"`
	Body *complaintJSON
}

type complaints struct {
	Body struct {
		Items []*complaintJSON `json:"items"`
		Next  string           `json:"next_cursor,omitempty" doc:"Pass as cursor for the next page"`
	}
}

type fileReply struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

// Routes adds the operations of the room.
func (s *Service) Routes(w *web.Server) {
	s.intakeRoutes(w)
	s.fileRoutes(w)
	s.listRoutes(w)
	s.stepRoutes(w)
	s.sensitiveRoutes(w)
	s.numberRoutes(w)
}

// shown shows a complaint after a verb.
func (s *Service) shown(ctx context.Context, c *Complaint, err error) (*reply, error) {
	if err != nil {
		return nil, err
	}
	v, err := s.See(ctx, web.Actor(ctx), c.ID, web.Language(ctx))
	if err != nil {
		return nil, err
	}
	return &reply{web.ETag(v.Rev), v.wire(web.Language(ctx))}, nil
}

// revised runs a verb on the version that was seen.
func (s *Service) revised(ctx context.Context, p RevisedPath, fn func(rev int64) (*Complaint, error)) (*reply, error) {
	rev, err := web.Rev(p.IfMatch)
	if err != nil {
		return nil, err
	}
	c, err := fn(rev)
	return s.shown(ctx, c, err)
}

func (s *Service) intakeRoutes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/complaints", Summary: "Complain or suggest, with an order or without", DefaultStatus: http.StatusCreated},
		func(ctx context.Context, in *struct{ Body Intake }) (*reply, error) {
			c, err := s.Make(ctx, web.Actor(ctx), in.Body)
			return s.shown(ctx, c, err)
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/complaints/register", Summary: "Take down what somebody told a member of staff", DefaultStatus: http.StatusCreated},
		func(ctx context.Context, in *struct{ Body Intake }) (*reply, error) {
			c, err := s.Register(ctx, web.Actor(ctx), in.Body)
			return s.shown(ctx, c, err)
		})
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/complaints/codes", Summary: "The lists that the forms choose from", Security: web.Public()},
		func(ctx context.Context, _ *struct{}) (*struct{ Body *codesJSON }, error) {
			return &struct{ Body *codesJSON }{codes(web.Language(ctx))}, nil
		})
}

// FilePath names a file of a complaint.
type FilePath struct {
	Path
	File id.ID `path:"file" doc:"The file"`
}

// fileRoutes are no machine's: files are read by people.
func (s *Service) fileRoutes(w *web.Server) {
	const path = "/complaints/{id}/attachments/{file}"
	web.Takes(w, huma.Operation{Method: http.MethodPut, Path: path, Summary: "Add a picture or PDF file to a complaint",
		Description: "The body is the file, at most 20 MB: JPEG, PNG, WebP, GIF or PDF, told by its bytes and not by Content-Type. The file's ID is client-made; " +
			"a repeat is answered as the first time. What was added stays. Give its name in Content-Disposition, never in the address."},
		func(ctx context.Context, in *struct {
			FilePath
			Disposition string `header:"Content-Disposition" doc:"attachment; filename*=UTF-8''name, as RFC 6266 writes it"`
		}) (*struct{ Body attach.AttachmentJSON }, error) {
			r, size := web.Body(ctx)
			name := attach.Said(in.Disposition)
			row, err := s.Attach(ctx, web.Actor(ctx), in.ID, in.File, name, r, size)
			if err != nil {
				return nil, err
			}
			return &struct{ Body attach.AttachmentJSON }{row.wire(seal.Text{Plain: attach.Name(row.Kind, name, 1)})}, nil
		})
	web.Gives(w, huma.Operation{Method: http.MethodGet, Path: path, Summary: "A file of a complaint"},
		func(ctx context.Context, in *FilePath) (*web.File, error) {
			f, err := s.OpenFile(ctx, web.Actor(ctx), in.ID, in.File)
			if err != nil {
				return nil, err
			}
			return f.File(), nil
		})
}

// ListQuery narrows a list.
type ListQuery struct {
	State     string `query:"state" enum:"open,collected,called,registered,closed"`
	Month     string `query:"month" maxLength:"7" example:"2026-11"`
	Date      string `query:"date" maxLength:"10" doc:"Day received, YYYY-MM-DD; stands before month"`
	Sensitive bool   `query:"sensitive"`
	Overdue   bool   `query:"overdue" doc:"Not called although its working day has ended"`
	Order     id.ID  `query:"order"`
}

func (q ListQuery) filter() (f Filter, err error) {
	f = Filter{State: q.State, Sensitive: q.Sensitive, Overdue: q.Overdue, Order: q.Order}
	switch {
	case q.Date != "":
		f.From, f.To, err = DayOf(q.Date)
	case q.Month != "":
		f.From, f.To, err = MonthOf(q.Month)
	}
	return f, err
}

// RegisterQuery narrows the register.
type RegisterQuery struct {
	ListQuery
	From string `query:"from" maxLength:"10" doc:"Received on this day or later, in China" example:"2026-11-01"`
	To   string `query:"to" maxLength:"10" doc:"and on this day or earlier" example:"2026-11-30"`
	Org  id.ID  `query:"org" doc:"This organisation and those below"`
}

func (s *Service) registerFile(ctx context.Context, in *RegisterQuery, format string) (*fileReply, error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	for _, x := range []struct {
		name, day string
		into      *time.Time
		add       int
	}{{"from", in.From, &f.From, 0}, {"to", in.To, &f.To, 1}} {
		if x.day == "" {
			continue
		}
		day, err := time.ParseInLocation(time.DateOnly, x.day, china)
		if err != nil {
			return nil, fault.Bad(fault.At(x.name, "fault.field_format"))
		}
		*x.into = day.AddDate(0, 0, x.add)
	}
	f.Org = in.Org
	out := &fileReply{ContentType: "text/csv; charset=utf-8", Disposition: fileName(in.Month, format)}
	if format == "csv" {
		out.Body, err = s.CSV(ctx, web.Actor(ctx), f, web.Language(ctx))
		return out, err
	}
	l, err := s.Ledger(ctx, web.Actor(ctx), f, web.Language(ctx))
	if err != nil {
		return nil, err
	}
	var font *paper.Font
	if s.Font != nil {
		font = s.Font()
	}
	out.Body, out.ContentType, err = l.File(format, font)
	return out, err
}

func (s *Service) listRoutes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/complaints", Summary: "Complaints that the actor may see, newest first"},
		func(ctx context.Context, in *struct {
			ListQuery
			Cursor id.ID `query:"cursor"`
			Limit  int64 `query:"limit" minimum:"1" maximum:"200" default:"50"`
		}) (*complaints, error) {
			f, err := in.filter()
			if err != nil {
				return nil, err
			}
			f.Cursor, f.Limit = in.Cursor, in.Limit
			all, err := s.List(ctx, web.Actor(ctx), f)
			out := &complaints{}
			out.Body.Items = []*complaintJSON{}
			for _, v := range all {
				out.Body.Items = append(out.Body.Items, v.wire(web.Language(ctx)))
			}
			if len(all) > 0 && int64(len(all)) == in.Limit {
				out.Body.Next = all[len(all)-1].ID.String()
			}
			return out, err
		})
	for _, format := range paper.Formats {
		web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/complaints/register." + format, Summary: "The register as " + strings.ToUpper(format), Responses: web.Binary(format)},
			func(ctx context.Context, in *RegisterQuery) (*fileReply, error) {
				return s.registerFile(ctx, in, format)
			})
	}
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/complaints/{id}", Summary: "One complaint"},
		func(ctx context.Context, in *Path) (*reply, error) { return s.shown(ctx, &Complaint{ID: in.ID}, nil) })
}

func (s *Service) stepRoutes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/complaints/{id}/calls", Summary: "Note a call to the citizen", DefaultStatus: http.StatusCreated},
		func(ctx context.Context, in *struct {
			RevisedPath
			Body Call
		}) (*reply, error) {
			return s.revised(ctx, in.RevisedPath, func(rev int64) (*Complaint, error) {
				return s.Called(ctx, web.Actor(ctx), in.ID, rev, in.Body)
			})
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/complaints/{id}/result", Summary: "Fill in the register, or correct it"},
		func(ctx context.Context, in *struct {
			RevisedPath
			Body Entry
		}) (*reply, error) {
			return s.revised(ctx, in.RevisedPath, func(rev int64) (*Complaint, error) {
				return s.Record(ctx, web.Actor(ctx), in.ID, rev, in.Body)
			})
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/complaints/{id}/close", Summary: "Close a complaint"},
		func(ctx context.Context, in *struct {
			RevisedPath
			Body struct{} `required:"false"`
		}) (*reply, error) {
			return s.revised(ctx, in.RevisedPath, func(rev int64) (*Complaint, error) {
				return s.Close(ctx, web.Actor(ctx), in.ID, rev)
			})
		})
}

func (s *Service) sensitiveRoutes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/complaints/{id}/flag", Summary: "Mark as sensitive, which reports it; or take the mark away"},
		func(ctx context.Context, in *struct {
			RevisedPath
			Body struct {
				Category Sensitivity `json:"category" doc:"Empty: not sensitive"`
				Note     string      `json:"note,omitempty" doc:"Why; needed to take the mark away"`
			}
		}) (*reply, error) {
			return s.revised(ctx, in.RevisedPath, func(rev int64) (*Complaint, error) {
				return s.Flag(ctx, web.Actor(ctx), in.ID, rev, in.Body.Category, in.Body.Note)
			})
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/complaints/{id}/acknowledge", Summary: "The bureau's receipt of a report"},
		func(ctx context.Context, in *struct {
			RevisedPath
			Body struct{} `required:"false"`
		}) (*reply, error) {
			return s.revised(ctx, in.RevisedPath, func(rev int64) (*Complaint, error) {
				return s.Acknowledge(ctx, web.Actor(ctx), in.ID, rev)
			})
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/complaints/{id}/filing", Summary: "Note what was filed with the judicial department"},
		func(ctx context.Context, in *struct {
			RevisedPath
			Body Filing
		}) (*reply, error) {
			return s.revised(ctx, in.RevisedPath, func(rev int64) (*Complaint, error) {
				return s.File(ctx, web.Actor(ctx), in.ID, rev, in.Body)
			})
		})
}

func (s *Service) numberRoutes(w *web.Server) {
	type numbersReply struct{ Body Numbers }
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/complaint-numbers", Summary: "The complaint hotline and numbers of help", Security: web.Public()},
		func(ctx context.Context, in *struct {
			Region string `query:"region" maxLength:"6"`
		}) (*numbersReply, error) {
			n, err := s.NumbersFor(ctx, in.Region)
			return &numbersReply{n}, err
		})
	web.Register(w, huma.Operation{Method: http.MethodPut, Path: "/complaint-numbers", Summary: "Change them for the actor's organisation"},
		func(ctx context.Context, in *struct{ Body Numbers }) (*numbersReply, error) {
			return &numbersReply{in.Body}, s.SetNumbers(ctx, web.Actor(ctx), in.Body)
		})
}
