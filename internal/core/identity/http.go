package identity

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/db"
	"mingfa/internal/base/element"
	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
	"mingfa/internal/base/web"
	"mingfa/internal/base/who"
)

// The limits at the door. A phone is limited tightly; an address only against
// floods, for a whole office or a kiosk hall may share one.
const (
	codesPerPhone = 10  // an hour
	tryPerPhone   = 60  // an hour; the room's own limits are tighter
	perAddress    = 600 // a minute
)

// OrgView is an organisation on the wire.
type OrgView struct {
	ID    id.ID  `json:"id"`
	Name  string `json:"name"`
	Level Level  `json:"level" enum:"operator,province,city,county"`
}

// PersonView is a person as he sees himself.
type PersonView struct {
	ID       id.ID      `json:"id"`
	Roles    []who.Role `json:"roles"`
	Name     string     `json:"name,omitempty"`
	Org      OrgView    `json:"org"`
	Language string     `json:"language" enum:"zh-Hans,zh-Hant-HK,en"`
}

// MeView is GET /me.
type MeView struct {
	PersonView
	Unread int    `json:"unread" doc:"Unread messages in the inbox"`
	Status string `json:"status,omitempty" doc:"Whether a duty lawyer takes orders now: online, busy or away"`
}

func personView(m Me) PersonView {
	return PersonView{ID: m.ID, Roles: m.Roles, Name: m.Name, Language: m.Language,
		Org: OrgView{ID: m.Org.ID, Name: m.Org.Name, Level: m.Org.Level}}
}

type codesInput struct {
	Body struct {
		Phone string `json:"phone" minLength:"1" maxLength:"64" example:"+86 138 0013 8000"`
	}
}

type codesOutput struct {
	Body struct {
		ExpiresAt time.Time `json:"expires_at" doc:"Until when the code is good"`
	}
}

type sessionInput struct {
	Body struct {
		Phone  string `json:"phone" minLength:"1" maxLength:"64" example:"+86 138 0013 8000"`
		Code   string `json:"code" minLength:"1" maxLength:"16" doc:"The six digits of the SMS" example:"123456"`
		Bearer bool   `json:"bearer,omitempty" example:"true" doc:"Give the token in the answer instead of a cookie"`
	}
}

type staffInput struct {
	Body struct {
		User     string `json:"user" minLength:"1" maxLength:"128" example:"lawyer1"`
		Password string `json:"password" minLength:"1" maxLength:"256"`
		TOTP     string `json:"totp" minLength:"1" maxLength:"16" example:"123456" doc:"One-time password of the second factor (RFC 6238)"`
		Bearer   bool   `json:"bearer,omitempty" doc:"Give the token in the answer instead of a cookie"`
	}
}

type sessionOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      struct {
		Person PersonView `json:"person"`
		Token  string     `json:"token,omitempty" doc:"Only when bearer was asked for"`
	}
}

type endOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
}

type meOutput struct{ Body MeView }

type changeInput struct {
	Body struct {
		Language *string `json:"language,omitempty" enum:"zh-Hans,zh-Hant-HK,en"`
		Name     *string `json:"name,omitempty" maxLength:"256"`
	}
}

type regionsInput struct {
	Parent string `query:"parent" maxLength:"6" doc:"Code of the region above; none for the provinces" example:"440000"`
}

type regionsOutput struct {
	Body struct {
		Items []Region `json:"items"`
	}
}

type eraseInput struct {
	ID   id.ID `path:"id"`
	Body struct {
		Reason EraseReason `json:"reason,omitempty" enum:"request,court_order,retention,mistake,other" default:"request"`
	}
}

// Routes adds the operations of the room.
func (s *Service) Routes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/codes", Summary: "Send a one-time code by SMS", DefaultStatus: http.StatusAccepted, Security: web.Public()},
		func(ctx context.Context, in *codesInput) (*codesOutput, error) {
			out := &codesOutput{}
			err := s.limited(ctx, w, "codes", in.Body.Phone, codesPerPhone)
			if err == nil {
				out.Body.ExpiresAt, err = s.SendCode(ctx, in.Body.Phone, web.Language(ctx))
			}
			return out, err
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/sessions", Summary: "Sign a citizen in; the account is made the first time", DefaultStatus: http.StatusCreated, Security: web.Public(), Errors: []int{http.StatusUnauthorized}},
		func(ctx context.Context, in *sessionInput) (*sessionOutput, error) {
			if err := s.limited(ctx, w, "sessions", in.Body.Phone, tryPerPhone); err != nil {
				return nil, err
			}
			x, token, err := s.SignInCitizen(ctx, in.Body.Phone, in.Body.Code, web.Language(ctx))
			return s.signedIn(ctx, x, token, in.Body.Bearer, err)
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/staff-sessions", Summary: "Sign a member of staff in", DefaultStatus: http.StatusCreated, Security: web.Public(), Errors: []int{http.StatusUnauthorized}},
		func(ctx context.Context, in *staffInput) (*sessionOutput, error) {
			if err := limitAddress(ctx, w, "staff-sessions"); err != nil {
				return nil, err
			}
			x, token, err := s.SignInStaff(ctx, in.Body.User, in.Body.Password, in.Body.TOTP)
			return s.signedIn(ctx, x, token, in.Body.Bearer, err)
		})
	web.Register(w, huma.Operation{Method: http.MethodDelete, Path: "/sessions/current", Summary: "Sign out", DefaultStatus: http.StatusNoContent},
		func(ctx context.Context, _ *struct{}) (*endOutput, error) {
			return &endOutput{[]http.Cookie{cookie("", -1)}}, s.SignOut(ctx, web.Actor(ctx))
		})
	s.personRoutes(w)
	s.elementRoutes(w)
	s.tokenRoutes(w)
}

// ElementsView is what a person told of himself, by the codes of Appendix B.
type ElementsView struct {
	Table   element.Table `json:"table" enum:"users,lawyers"`
	Fields  []FieldView   `json:"fields" doc:"All that he can tell, in the order of the standard"`
	Values  element.Row   `json:"values"`
	Missing []string      `json:"missing" doc:"Codes that must be there and are not yet"`
}

// FieldView is an element that a person tells himself.
type FieldView struct {
	Code string       `json:"code" example:"20105"`
	Name string       `json:"name"`
	Must element.Need `json:"must" enum:"always,if_any,optional,standard,fees,strict"`
	Kind element.Kind `json:"kind"`
	Max  int          `json:"max" doc:"In characters"`
}

type elementsOutput struct{ Body ElementsView }

func elementsOf(ctx context.Context, d Described, err error) (*elementsOutput, error) {
	if err != nil {
		return nil, err
	}
	v := ElementsView{Table: d.Table, Values: d.Values, Missing: d.Missing}
	for _, c := range told[d.Table] {
		if e, ok := element.Find(c); ok {
			v.Fields = append(v.Fields, FieldView{e.Code, say.Text(web.Language(ctx), e.Key(), nil), e.Need, e.Kind, e.Max})
		}
	}
	return &elementsOutput{v}, nil
}

// elementRoutes are for a person's own details (Appendix B.1 to B.4).
func (s *Service) elementRoutes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/me/elements", Summary: "What I told of myself, by the elements of Appendix B"},
		func(ctx context.Context, _ *struct{}) (*elementsOutput, error) {
			d, err := s.Description(ctx, web.Actor(ctx))
			return elementsOf(ctx, d, err)
		})
	web.Register(w, huma.Operation{Method: http.MethodPatch, Path: "/me/elements", Summary: "Change some of it; an empty value takes one away"},
		func(ctx context.Context, in *struct {
			Body struct {
				Values element.Row `json:"values"`
			}
		}) (*elementsOutput, error) {
			d, err := s.Describe(ctx, web.Actor(ctx), in.Body.Values)
			return elementsOf(ctx, d, err)
		})
	web.Takes(w, huma.Operation{Method: http.MethodPut, Path: "/me/pictures", Summary: "Leave a picture of a card or licence, for the elements 20304 and 20307"},
		func(ctx context.Context, _ *struct{}) (*pictureOutput, error) {
			file, _ := web.Body(ctx)
			out := &pictureOutput{}
			var err error
			out.Body.ID, err = s.KeepPicture(ctx, web.Actor(ctx), file)
			return out, err
		})
	web.Gives(w, huma.Operation{Method: http.MethodGet, Path: "/me/pictures/{id}", Summary: "A picture of mine"},
		func(ctx context.Context, in *struct {
			ID id.ID `path:"id"`
		}) (*web.File, error) {
			f, err := s.Picture(ctx, web.Actor(ctx), in.ID)
			if err != nil {
				return nil, err
			}
			return f.File(), nil
		})
}

type pictureOutput struct {
	Body struct {
		ID id.ID `json:"id" doc:"For the elements 20304 (two, with a semicolon between) and 20307"`
	}
}

// TokenView is a machine's token as administrators see it.
type TokenView struct {
	ID        id.ID      `json:"id"`
	Org       id.ID      `json:"org"`
	Name      string     `json:"name"`
	Scopes    []string   `json:"scopes"`
	MadeBy    id.ID      `json:"made_by"`
	MadeAt    time.Time  `json:"made_at"`
	ExpiresAt time.Time  `json:"expires_at"`
	UsedAt    *time.Time `json:"used_at,omitempty" doc:"Last use, to the minute"`
	RevokedAt *time.Time `json:"revoked_at,omitempty"`
}

func (t Token) view() TokenView {
	v := TokenView{ID: t.ID, Org: t.Org, Name: t.Name, Scopes: t.Scopes, MadeBy: t.MadeBy, MadeAt: t.MadeAt, ExpiresAt: t.ExpiresAt}
	if !t.UsedAt.IsZero() {
		v.UsedAt = &t.UsedAt
	}
	if !t.RevokedAt.IsZero() {
		v.RevokedAt = &t.RevokedAt
	}
	return v
}

type tokenInput struct {
	Body struct {
		ID        id.ID     `json:"id" doc:"Client-made; a repeat makes no second token, and does not show the secret again"`
		Org       id.ID     `json:"org,omitempty" required:"false" doc:"For which it acts; your own if empty"`
		Name      string    `json:"name" minLength:"1" maxLength:"64" example:"city hall dashboard" doc:"Of the program; not of a person"`
		Scopes    []string  `json:"scopes" minItems:"1" maxItems:"16" example:"orders:read,reports:read" doc:"orders:read, figures:read, reports:read, statutes:read"`
		ExpiresAt time.Time `json:"expires_at" doc:"At most 400 days from now"`
	}
}

type tokenOutput struct {
	Body struct {
		TokenView
		Token string `json:"token,omitempty" doc:"The secret, for the header Authorization: Bearer. It is shown this once"`
	}
}

type tokensInput struct {
	Cursor id.ID `query:"cursor"`
	Limit  int   `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type tokensOutput struct {
	Body struct {
		Items []TokenView `json:"items"`
		Next  string      `json:"next_cursor,omitempty" doc:"Pass as cursor for the next page"`
	}
}

// tokenRoutes are for administrators: tokens of machines (B8.3.1, B8.2.2.9).
func (s *Service) tokenRoutes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/tokens", Summary: "Make a token for an integrator's program", DefaultStatus: http.StatusCreated},
		func(ctx context.Context, in *tokenInput) (*tokenOutput, error) {
			b := in.Body
			t, secret, err := s.MakeToken(ctx, web.Actor(ctx), NewToken{ID: b.ID, Org: b.Org, Name: b.Name, Scopes: b.Scopes, ExpiresAt: b.ExpiresAt})
			out := &tokenOutput{}
			out.Body.TokenView, out.Body.Token = t.view(), secret
			return out, err
		})
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/tokens", Summary: "Tokens of machines, with their last use; ended ones too"},
		func(ctx context.Context, in *tokensInput) (*tokensOutput, error) {
			all, err := s.Tokens(ctx, web.Actor(ctx), in.Cursor, in.Limit)
			out := &tokensOutput{}
			out.Body.Items = []TokenView{}
			for _, t := range all {
				out.Body.Items = append(out.Body.Items, t.view())
			}
			if len(all) == in.Limit {
				out.Body.Next = all[len(all)-1].ID.String()
			}
			return out, err
		})
	web.Register(w, huma.Operation{Method: http.MethodDelete, Path: "/tokens/{id}", Summary: "Revoke a token, at once", DefaultStatus: http.StatusNoContent},
		func(ctx context.Context, in *struct {
			ID id.ID `path:"id"`
		}) (*struct{}, error) {
			return nil, s.RevokeToken(ctx, web.Actor(ctx), in.ID)
		})
}

func (s *Service) personRoutes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/me", Summary: "Who I am"},
		func(ctx context.Context, _ *struct{}) (*meOutput, error) { return s.meOutput(ctx) })
	web.Register(w, huma.Operation{Method: http.MethodPatch, Path: "/me", Summary: "Change my language or name"},
		func(ctx context.Context, in *changeInput) (*meOutput, error) {
			if err := s.ChangeMe(ctx, web.Actor(ctx), Change{in.Body.Language, in.Body.Name}); err != nil {
				return nil, err
			}
			return s.meOutput(ctx)
		})
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/regions", Summary: "Regions below one (GB/T 2260)", Security: web.Public()},
		func(ctx context.Context, in *regionsInput) (out *regionsOutput, err error) {
			out = &regionsOutput{}
			err = s.DB.View(ctx, web.Actor(ctx), func(tx *db.Tx) error {
				out.Body.Items, err = s.Regions(tx, in.Parent, web.Language(ctx))
				return err
			})
			return out, err
		})
	web.Register(w, huma.Operation{Method: http.MethodDelete, Path: "/people/{id}", Summary: "Erase a person", DefaultStatus: http.StatusAccepted},
		func(ctx context.Context, in *eraseInput) (*struct{}, error) {
			return nil, s.Erase(ctx, web.Actor(ctx), in.ID, in.Body.Reason)
		})
}

func (s *Service) meOutput(ctx context.Context) (*meOutput, error) {
	me, err := s.Me(ctx, web.Actor(ctx))
	return &meOutput{MeView{PersonView: personView(me), Unread: me.Unread, Status: me.Status}}, err
}

// signedIn answers a sign-in: with a cookie, or with the token.
func (s *Service) signedIn(ctx context.Context, x Session, token string, bearer bool, err error) (*sessionOutput, error) {
	if err != nil {
		return nil, err
	}
	me, err := s.Me(ctx, who.Actor{Person: x.Person, Org: x.Org, Session: x.ID})
	if err != nil {
		return nil, err
	}
	out := &sessionOutput{}
	out.Body.Person = personView(me)
	switch {
	case bearer:
		out.Body.Token = token
	case x.Staff:
		out.SetCookie = []http.Cookie{cookie(token, StaffFor)}
	default:
		out.SetCookie = []http.Cookie{cookie(token, cookieFor)}
	}
	return out, nil
}

// cookieFor is how long a browser keeps a citizen's cookie. Whether the session
// still holds is decided here, by its last use.
const cookieFor = 365 * 24 * time.Hour

// cookie carries a token; a negative age takes it back.
func cookie(token string, age time.Duration) http.Cookie {
	c := http.Cookie{Name: Cookie, Value: token, Path: "/", HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode, MaxAge: -1}
	if age > 0 {
		c.MaxAge = int(age.Seconds())
	}
	return c
}

// limited keeps floods from a phone and from an address out.
func (s *Service) limited(ctx context.Context, w *web.Server, name, phone string, anHour int) error {
	index, err := s.PhoneIndex(ctx, phone)
	if err != nil {
		return err
	}
	if err := limitAddress(ctx, w, name); err != nil {
		return err
	}
	return w.Limit(name, index, anHour, time.Hour)
}

func limitAddress(ctx context.Context, w *web.Server, name string) error {
	return w.Limit(name+" address", web.From(ctx).Address, perAddress, time.Minute)
}
