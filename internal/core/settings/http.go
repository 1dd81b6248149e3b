package settings

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
	"mingfa/internal/base/setting"
	"mingfa/internal/base/web"
)

type orgJSON struct {
	ID   id.ID  `json:"id"`
	Name string `json:"name"`
}

// settingJSON is a setting on the wire. Its value is what its room made of it.
type settingJSON struct {
	Name    string            `json:"name" example:"board.limits"`
	Title   string            `json:"title" doc:"In the reader's language"`
	Hint    string            `json:"hint"`
	Labels  map[string]string `json:"labels" doc:"Of the fields of the value"`
	Value   any               `json:"value" doc:"In force now"`
	Default any               `json:"default"`
	From    *time.Time        `json:"from,omitempty" doc:"Since when it holds"`
	SetBy   *orgJSON          `json:"set_by,omitempty" doc:"Who set it; absent for the default"`
	Own     bool              `json:"own" doc:"Set by this organisation itself"`
	Newest  int64             `json:"version" doc:"Newest version of this organisation's own: send it back with a change"`
	Planned int               `json:"planned" doc:"How many versions hold only later"`
	CanSet  bool              `json:"can_set"`
	History []versionJSON     `json:"history,omitempty"`
	Below   []belowJSON       `json:"below,omitempty" doc:"Organisations below with a value of their own"`
}

type versionJSON struct {
	Version int64     `json:"version"`
	Value   any       `json:"value,omitempty"`
	Cleared bool      `json:"cleared" doc:"Inherits again"`
	From    time.Time `json:"from"`
	At      time.Time `json:"at"`
	By      string    `json:"by,omitempty" doc:"Empty for the program, and when he was erased"`
	Reason  string    `json:"reason,omitempty"`
	Erased  bool      `json:"erased,omitempty"`
	InForce bool      `json:"in_force"`
}

type belowJSON struct {
	Org     orgJSON `json:"org"`
	Version int64   `json:"version"`
}

type listReply struct {
	Body struct {
		Org   orgJSON       `json:"org"`
		Items []settingJSON `json:"items"`
	}
}

type reply struct{ Body settingJSON }

func (s *Service) wire(ctx context.Context, x Shown) settingJSON {
	lang := web.Language(ctx)
	j := settingJSON{Name: x.Name, Title: say.Text(lang, setting.TitleKey(x.Name), nil), Hint: say.Text(lang, setting.HintKey(x.Name), nil), Labels: labels(lang, x.Default),
		Value: x.Now.Value, Default: x.Default, Own: x.Own, Newest: x.Newest, CanSet: s.Rules.May(web.Actor(ctx), "setting.set", objectOf(web.Actor(ctx)))}
	if x.Now.Version > 0 {
		j.From, j.SetBy = &x.Now.From, &orgJSON{x.SetBy.ID, x.SetBy.Name}
	}
	now := s.DB.Now()
	for _, v := range x.History {
		if v.From.After(now) {
			j.Planned++
		}
		one := versionJSON{Version: v.Version, Cleared: v.Cleared, From: v.From, At: v.At, By: v.ByName, Reason: v.Reason.Plain, Erased: v.Reason.Erased, InForce: v.InForce}
		if !v.Cleared {
			one.Value = v.Value.Value
		}
		j.History = append(j.History, one)
	}
	for _, b := range x.Below {
		j.Below = append(j.Below, belowJSON{orgJSON{b.Org.ID, b.Org.Name}, b.Version})
	}
	return j
}

// labels name the fields of a value, however deep they stand in it.
func labels(lang string, value json.RawMessage) map[string]string {
	out := map[string]string{}
	var v any
	if json.Unmarshal(value, &v) == nil {
		label(lang, v, out)
	}
	return out
}

func label(lang string, v any, out map[string]string) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			label(lang, x, out)
		}
	case map[string]any:
		for f, x := range v {
			if key := setting.FieldKey(f); say.Has(key) {
				out[f] = say.Text(lang, key, nil)
			}
			label(lang, x, out)
		}
	}
}

// NamedPath names a setting.
type NamedPath struct {
	Name string `path:"name" maxLength:"80" example:"board.limits"`
}

// ChangeBody is what every change says.
type ChangeBody struct {
	Org     id.ID     `json:"org,omitempty" required:"false" doc:"One below the actor's organisation; absent for his own"`
	Version int64     `json:"version" minimum:"0" doc:"The newest version that was seen, 0 for none"`
	From    time.Time `json:"from,omitempty" required:"false" doc:"From when it holds; absent for now"`
	Reason  string    `json:"reason" doc:"Why, at most 500 characters"`
}

func (b ChangeBody) change() Change {
	return Change{Org: b.Org, Seen: b.Version, From: b.From, Reason: b.Reason}
}

// Routes adds the operations of the room.
func (s *Service) Routes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/settings", Summary: "What may be changed, as an organisation has it"},
		func(ctx context.Context, in *struct {
			Org id.ID `query:"org" doc:"One below the actor's organisation; absent for his own"`
		}) (*listReply, error) {
			all, err := s.List(ctx, web.Actor(ctx), in.Org)
			out := &listReply{}
			out.Body.Items = []settingJSON{}
			for _, x := range all {
				x.History = planned(x.History, s.DB.Now())
				one := s.wire(ctx, x)
				one.History = nil
				out.Body.Items = append(out.Body.Items, one)
			}
			return out, err
		})
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/settings/{name}", Summary: "One of them with its history"},
		func(ctx context.Context, in *struct {
			NamedPath
			Org id.ID `query:"org"`
		}) (*reply, error) {
			return s.reply(ctx, in.Name, in.Org, nil)
		})
	web.Register(w, huma.Operation{Method: http.MethodPut, Path: "/settings/{name}", Summary: "A new value, with reason and the instant from which it holds"},
		func(ctx context.Context, in *struct {
			NamedPath
			Body struct {
				ChangeBody
				Value any `json:"value"`
			}
		}) (*reply, error) {
			c := in.Body.change()
			var err error
			if c.Value, err = json.Marshal(in.Body.Value); err == nil {
				err = s.Set(ctx, web.Actor(ctx), in.Name, c)
			}
			return s.reply(ctx, in.Name, c.Org, err)
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/settings/{name}/inherit", Summary: "Have what the organisations above have"},
		func(ctx context.Context, in *struct {
			NamedPath
			Body ChangeBody
		}) (*reply, error) {
			return s.reply(ctx, in.Name, in.Body.Org, s.Inherit(ctx, web.Actor(ctx), in.Name, in.Body.change()))
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/settings/{name}/revert", Summary: "The value of an older version again, as a new one"},
		func(ctx context.Context, in *struct {
			NamedPath
			Body struct {
				ChangeBody
				To int64 `json:"to" minimum:"1"`
			}
		}) (*reply, error) {
			c := in.Body.change()
			c.To = in.Body.To
			return s.reply(ctx, in.Name, c.Org, s.Revert(ctx, web.Actor(ctx), in.Name, c))
		})
}

func planned(all []Version, now time.Time) (out []Version) {
	for _, v := range all {
		if v.From.After(now) {
			out = append(out, v)
		}
	}
	return out
}

// reply answers with the setting as it is after a verb.
func (s *Service) reply(ctx context.Context, name string, org id.ID, err error) (*reply, error) {
	if err != nil {
		return nil, err
	}
	x, err := s.See(ctx, web.Actor(ctx), name, org)
	if err != nil {
		return nil, err
	}
	return &reply{s.wire(ctx, x)}, nil
}
