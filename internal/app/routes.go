package app

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/web"
	"mingfa/internal/edge/sms"
)

// routes adds every operation and page of the house.
func (h *house) routes() {
	h.people.Routes(h.web)
	h.notify.Routes(h.web)
	h.lawyers.Routes(h.web)
	h.consult.Routes(h.web)
	h.complain.Routes(h.web)
	h.quality.Routes(h.web)
	h.exchange.Routes(h.web)
	h.report.Routes(h.web)
	h.board.Routes(h.web)
	h.alarm.Routes(h.web)
	h.settings.Routes(h.web)
	h.serviceRoute()
	if h.screen != nil {
		h.screenRoute()
	}
	h.pages()
}

type serviceReply struct {
	Body struct {
		Name    string `json:"name"`
		Demo    bool   `json:"demo" doc:"A demonstration with made-up people"`
		Screen  bool   `json:"sms_screen" doc:"SMS are shown on a screen instead of being sent"`
		Minutes int    `json:"answer_within_minutes" doc:"B6.2.1.1"`
		Hotline string `json:"hotline,omitempty"`
		Talk    string `json:"talk_opens,omitempty" format:"date" doc:"Day on which conversations open"`
		Video   string `json:"video_opens,omitempty" format:"date" doc:"Day on which video calls open"`
	}
}

func (h *house) serviceRoute() {
	web.Register(h.web, huma.Operation{Method: http.MethodGet, Path: "/service", Summary: "What this service is", Security: web.Public()},
		func(ctx context.Context, _ *struct{}) (*serviceReply, error) {
			out := &serviceReply{}
			out.Body.Name, out.Body.Demo, out.Body.Screen = "公共法律服务平台", h.config.Demo, h.screen != nil
			out.Body.Minutes, out.Body.Hotline = 120, h.config.Hotline
			out.Body.Talk, out.Body.Video = h.config.TalkOpens, h.config.VideoOpens
			return out, nil
		})
}

type screenReply struct {
	Body struct {
		Items []sms.Shown `json:"items"`
	}
}

func (h *house) screenRoute() {
	web.Register(h.web, huma.Operation{Method: http.MethodGet, Path: "/screen/sms", Summary: "SMS of a demonstration, newest first", Security: web.Public()},
		func(ctx context.Context, in *struct {
			Phone string `query:"phone" maxLength:"32"`
		}) (*screenReply, error) {
			out := &screenReply{}
			out.Body.Items = h.screen.Messages(in.Phone, 50)
			return out, nil
		})
}
