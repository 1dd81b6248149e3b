package notify

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/id"
	"mingfa/internal/base/web"
)

type itemJSON struct {
	ID     id.ID      `json:"id" doc:"The message"`
	Kind   string     `json:"kind" doc:"What it is about" example:"answered"`
	Text   string     `json:"text" doc:"In the reader's language"`
	Order  *id.ID     `json:"order,omitempty" doc:"The order it is about"`
	At     time.Time  `json:"at"`
	ReadAt *time.Time `json:"read_at,omitempty"`
	SMS    string     `json:"sms" enum:"none,queued,sending,sent,delivered,failed,held" doc:"How far the SMS has come"`
}

type inboxReply struct {
	Body struct {
		Items  []itemJSON `json:"items"`
		Unread int        `json:"unread"`
		Next   string     `json:"next_cursor,omitempty"`
	}
}

// Routes adds the inbox.
func (s *Service) Routes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/inbox", Summary: "My messages, newest first"},
		func(ctx context.Context, in *struct {
			Cursor id.ID `query:"cursor" doc:"From the page before"`
		}) (*inboxReply, error) {
			items, unread, err := s.Inbox(ctx, web.Actor(ctx), in.Cursor, web.Language(ctx))
			if err != nil {
				return nil, err
			}
			return inboxOf(items, unread), nil
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/inbox/{id}/read", Summary: "I have seen this message", DefaultStatus: http.StatusNoContent},
		func(ctx context.Context, in *struct {
			ID id.ID `path:"id"`
		}) (*struct{}, error) {
			return nil, s.MarkRead(ctx, web.Actor(ctx), in.ID)
		})
}

func inboxOf(items []Item, unread int) *inboxReply {
	out := &inboxReply{}
	out.Body.Items, out.Body.Unread = []itemJSON{}, unread
	for _, i := range items {
		j := itemJSON{ID: i.ID, Kind: i.Kind, Text: i.Text, At: i.At.Time, SMS: string(i.SMS)}
		if i.Order != id.Nil {
			j.Order = &i.Order
		}
		if !i.ReadAt.IsZero() {
			j.ReadAt = &i.ReadAt.Time
		}
		out.Body.Items = append(out.Body.Items, j)
	}
	if len(items) == inboxPage {
		out.Body.Next = items[len(items)-1].ID.String()
	}
	return out
}
