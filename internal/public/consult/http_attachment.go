package consult

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/id"
	"mingfa/internal/base/web"
)

// FilePath names a file of an order.
type FilePath struct {
	OrderPath
	File id.ID `path:"file" doc:"The file"`
}

type uploadReply struct{ Body attachmentJSON }

// attachmentRoutes are no machine's: files are read by people.
func (s *Service) attachmentRoutes(w *web.Server) {
	const path = "/orders/{id}/attachments/{file}"
	web.Takes(w, huma.Operation{Method: http.MethodPut, Path: path, Summary: "Upload a picture or PDF file, to be sent with a question, an answer or a message",
		Description: "The body is the file, at most 20 MB: JPEG, PNG, WebP, GIF or PDF, told by its bytes and not by Content-Type. Both IDs are client-made; the order may be still to come. " +
			"A repeat is answered as the first time. A file that is not sent within 24 hours is gone, unless its question is kept with `PUT /me/drafts/{id}`: then it goes with that."},
		func(ctx context.Context, in *FilePath) (*uploadReply, error) {
			r, size := web.Body(ctx)
			row, err := s.Upload(ctx, web.Actor(ctx), in.ID, in.File, r, size)
			if err != nil {
				return nil, err
			}
			return &uploadReply{row.wire("", false)}, nil
		})
	web.Register(w, huma.Operation{Method: http.MethodDelete, Path: path, Summary: "Take back a file that was not sent", DefaultStatus: http.StatusNoContent},
		func(ctx context.Context, in *FilePath) (*struct{}, error) {
			return nil, s.TakeBack(ctx, web.Actor(ctx), in.ID, in.File)
		})
	web.Gives(w, huma.Operation{Method: http.MethodGet, Path: path, Summary: "A file of an order"},
		func(ctx context.Context, in *FilePath) (*web.File, error) {
			f, err := s.Open(ctx, web.Actor(ctx), in.ID, in.File)
			if err != nil {
				return nil, err
			}
			return f.File(), nil
		})
}
