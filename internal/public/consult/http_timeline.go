package consult

import (
	"context"
	"strconv"
	"time"

	"mingfa/internal/base/web"
)

type factJSON struct {
	At       time.Time `json:"at"`
	Role     string    `json:"actor_role"`
	Sentence string    `json:"sentence"`
	Words    string    `json:"words,omitempty" doc:"What the actor said to it; for staff"`
	Leaf     int64     `json:"leaf"`
}

func (s *Service) timeline(ctx context.Context, in *struct {
	OrderPath
	Cursor int64 `query:"cursor" minimum:"0" doc:"The first leaf of the page"`
	Limit  int   `query:"limit" minimum:"1" maximum:"200" default:"200"`
}) (*list[factJSON], error) {
	facts, err := s.Timeline(ctx, web.Actor(ctx), in.ID, web.Language(ctx), in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := listOf[factJSON](nil)
	for _, f := range facts {
		out.Body.Items = append(out.Body.Items, factJSON(f))
	}
	if len(facts) == in.Limit {
		out.Body.Next = strconv.FormatInt(facts[len(facts)-1].Leaf+1, 10)
	}
	return out, nil
}
