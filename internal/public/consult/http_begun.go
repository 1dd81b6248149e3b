package consult

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/id"
	"mingfa/internal/base/web"
	"mingfa/internal/core/identity"
)

// KeptDraft is what keeping answers: the words are known to who sent them. Exported,
// because huma sees no others when embedded.
type KeptDraft struct {
	ID        id.ID     `json:"id" doc:"Of the order to come"`
	Rev       int64     `json:"rev"`
	KeptAt    time.Time `json:"kept_at" doc:"Last changed"`
	ExpiresAt time.Time `json:"expires_at" doc:"Gone then, if nothing changes; its files too"`
}

// begunJSON is a begun question. Region and type are codes, as in asking, and named
// beside that.
type begunJSON struct {
	KeptDraft
	Step     int               `json:"step" example:"2"`
	Region   string            `json:"region,omitempty" example:"440104"`
	Place    []identity.Region `json:"place" doc:"The region with those above it, the province first, in the reader's language"`
	Question string            `json:"question" example:"公司拖欠三个月工资，应该"`
	Type     *codedJSON        `json:"problem_type,omitempty"`
	Contact  Contact           `json:"contact"`
	Title    string            `json:"title,omitempty"`
	Remark   string            `json:"remark,omitempty"`
	Files    []begunFileJSON   `json:"attachments"`
}

// begunFileJSON is a file of it.
type begunFileJSON struct {
	ID   id.ID  `json:"id"`
	Name string `json:"name" example:"合同.png"`
	Kind string `json:"kind,omitempty" enum:"jpeg,png,webp,gif,pdf" doc:"Absent: it is not here (yet), and has to be uploaded"`
	Size int64  `json:"size,omitempty" doc:"Bytes"`
}

func (x BegunSeen) kept() KeptDraft { return KeptDraft{x.Order, x.Rev, x.KeptAt, x.ExpiresAt} }

func (x BegunSeen) wire(language string) begunJSON {
	j := begunJSON{KeptDraft: x.kept(), Step: x.Step, Region: x.Region, Place: x.Place, Question: x.Question, Contact: x.Contact, Title: x.Title, Remark: x.Remark, Files: []begunFileJSON{}}
	if j.Place == nil {
		j.Place = []identity.Region{}
	}
	if x.Type != "" {
		j.Type = &codedJSON{x.Type, TypeName(language, x.Type)}
	}
	for _, f := range x.Attachments {
		one := begunFileJSON{ID: f.ID, Name: f.Name}
		if row := x.Files[f.ID]; row != nil {
			one.Kind, one.Size = string(row.Kind), row.Size
		}
		j.Files = append(j.Files, one)
	}
	return j
}

type keptReply struct {
	ETag string `header:"ETag"`
	Body KeptDraft
}

// begunRoutes are the citizen's own.
func (s *Service) begunRoutes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/me/drafts", Summary: "Questions that the actor has begun and not sent, the latest first",
		Description: "At most 5. Nobody else can read them."},
		func(ctx context.Context, _ *struct{}) (*list[begunJSON], error) {
			all, err := s.BegunQuestions(ctx, web.Actor(ctx), web.Language(ctx))
			if err != nil {
				return nil, err
			}
			out := listOf[begunJSON](nil)
			for _, x := range all {
				out.Body.Items = append(out.Body.Items, x.wire(web.Language(ctx)))
			}
			return out, nil
		})
	web.Register(w, huma.Operation{Method: http.MethodPut, Path: "/me/drafts/{id}", Summary: "Keep what was typed of a question, to go on with it elsewhere",
		Description: "The ID is that of the order to come: the draft is gone once `POST /orders` has taken it. Without If-Match it is the first version; a later one names the one it was made upon. " +
			"409 says that another device was first (`fault.stale`; read it and let the person choose), that it was sent (`consult.draft_sent`), or that there are 5 (`consult.drafts_full`). " +
			"Unsent files of this order are kept as long as the draft."},
		func(ctx context.Context, in *struct {
			DraftPath
			Body Begun
		}) (*keptReply, error) {
			rev, err := web.Rev(in.IfMatch)
			if err != nil {
				return nil, err
			}
			x, err := s.Keep(ctx, web.Actor(ctx), in.ID, rev, in.Body)
			if err != nil {
				return nil, err
			}
			return &keptReply{web.ETag(x.Rev), x.kept()}, nil
		})
	web.Register(w, huma.Operation{Method: http.MethodDelete, Path: "/me/drafts/{id}", Summary: "Throw a begun question away, with its files", DefaultStatus: http.StatusNoContent},
		func(ctx context.Context, in *DraftPath) (*struct{}, error) {
			rev, err := web.Rev(in.IfMatch)
			if err != nil {
				return nil, err
			}
			return nil, s.ThrowAway(ctx, web.Actor(ctx), in.ID, rev)
		})
}

// DraftPath names a begun question and the version that was seen.
type DraftPath struct {
	ID      id.ID  `path:"id" doc:"The order to come"`
	IfMatch string `header:"If-Match" doc:"The ETag that was seen; a newer one is refused with 409"`
}
