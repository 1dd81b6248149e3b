package consult

import (
	"context"

	"mingfa/internal/base/web"
)

// transcriptReply is a file to keep.
type transcriptReply struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

var transcriptTypes = map[string]string{"pdf": "application/pdf", "txt": "text/plain; charset=utf-8"}

func (s *Service) transcript(ctx context.Context, in *struct {
	OrderPath
	Kind string `path:"kind" enum:"pdf,txt"`
}) (*transcriptReply, error) {
	file, number, err := s.Transcript(ctx, web.Actor(ctx), in.ID, in.Kind, web.Language(ctx))
	if err != nil {
		return nil, err
	}
	return &transcriptReply{transcriptTypes[in.Kind], `attachment; filename="` + number + "." + in.Kind + `"`, file}, nil
}
