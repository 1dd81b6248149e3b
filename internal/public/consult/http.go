package consult

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/paper"
	"mingfa/internal/base/say"
	"mingfa/internal/base/web"
	"mingfa/internal/base/who"
)

type list[T any] struct {
	Body struct {
		Items []T    `json:"items"`
		Next  string `json:"next_cursor,omitempty" doc:"Pass as cursor for the next page"`
	}
}

func listOf[T any](items []T) *list[T] {
	out := &list[T]{}
	if out.Body.Items = items; items == nil {
		out.Body.Items = []T{}
	}
	return out
}

type orderReply struct {
	ETag string `header:"ETag"`
	Body *orderJSON
}

// OrderPath names an order. Exported, because huma sees no others when embedded.
type OrderPath struct {
	ID id.ID `path:"id" doc:"The order"`
}

// RevisedPath names an order and the version that was seen.
type RevisedPath struct {
	ID      id.ID  `path:"id" doc:"The order"`
	IfMatch string `header:"If-Match" doc:"The ETag that was seen; a newer order is refused with 409"`
}

// isStaff tells whether the actor works here.
func isStaff(a who.Actor) bool { return !a.Is(who.Citizen) }

// reply shows an order after a verb.
func (s *Service) reply(ctx context.Context, order id.ID) (*orderReply, error) {
	a, language := web.Actor(ctx), web.Language(ctx)
	v, err := s.See(ctx, a, order, language)
	if err != nil {
		return nil, err
	}
	return &orderReply{web.ETag(v.Rev), v.wire(language, isStaff(a))}, nil
}

// after is reply for verbs after which the actor may not see the order any more.
func (s *Service) after(ctx context.Context, order id.ID, err error) (*orderReply, error) {
	if err != nil {
		return nil, err
	}
	return s.reply(ctx, order)
}

// Routes adds the operations of the room.
func (s *Service) Routes(w *web.Server) {
	s.publicRoutes(w)
	s.orderRoutes(w)
	s.attachmentRoutes(w)
	s.answerRoutes(w)
	s.deskRoutes(w)
	s.savedRoutes(w)
	s.callbackRoutes(w)
	s.adminRoutes(w)
}

func (s *Service) publicRoutes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/problem-types", Summary: "Types of problems", Security: web.Public()},
		func(ctx context.Context, _ *struct{}) (*list[codedJSON], error) {
			var out []codedJSON
			for _, code := range ProblemTypes() {
				out = append(out, codedJSON{code, TypeName(web.Language(ctx), code)})
			}
			return listOf(out), nil
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/problem-types/suggest", Summary: "Types that a question may be of; the person decides", Security: web.Public()},
		func(ctx context.Context, in *struct {
			Body struct {
				Question string `json:"question" maxLength:"20000"`
			}
		}) (*list[suggestionJSON], error) {
			var out []suggestionJSON
			for _, x := range Suggest(in.Body.Question) {
				out = append(out, suggestionJSON{x.Code, TypeName(web.Language(ctx), x.Code), x.Score})
			}
			return listOf(out), nil
		})
}

func (s *Service) orderRoutes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/orders", Summary: "Ask a question", DefaultStatus: http.StatusCreated},
		func(ctx context.Context, in *struct{ Body Ask }) (*orderReply, error) {
			a, language := web.Actor(ctx), web.Language(ctx)
			v, err := s.AskAndSee(ctx, a, in.Body, language)
			if err != nil {
				return nil, err
			}
			return &orderReply{web.ETag(v.Rev), v.wire(language, isStaff(a))}, nil
		})
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/orders", Summary: "Orders that the actor may see, newest first", Metadata: web.Machines("orders:read")}, s.listOrders)
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/orders/{id}", Summary: "One order", Metadata: web.Machines("orders:read")},
		func(ctx context.Context, in *OrderPath) (*orderReply, error) { return s.reply(ctx, in.ID) })
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/orders/{id}/messages", Summary: "Ask back, or reply to it", DefaultStatus: http.StatusCreated},
		func(ctx context.Context, in *struct {
			OrderPath
			Body struct {
				ID          id.ID    `json:"id" doc:"Client-made; a repeat changes nothing"`
				Text        string   `json:"text"`
				Attachments []Attach `json:"attachments,omitempty" doc:"Files uploaded for this order, at most 10"`
			}
		}) (*orderReply, error) {
			_, err := s.Say(ctx, web.Actor(ctx), in.ID, in.Body.ID, in.Body.Text, in.Body.Attachments...)
			return s.after(ctx, in.ID, err)
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/orders/{id}/read", Summary: "The citizen has seen the answer", DefaultStatus: http.StatusNoContent},
		func(ctx context.Context, in *struct {
			OrderPath
			Body struct{} `required:"false"`
		}) (*struct{}, error) {
			return nil, s.Read(ctx, web.Actor(ctx), in.ID)
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/orders/{id}/rating", Summary: "Rate, once", DefaultStatus: http.StatusCreated},
		func(ctx context.Context, in *struct {
			OrderPath
			Body struct {
				ID      id.ID  `json:"id" doc:"Client-made; a repeat changes nothing"`
				Level   Rating `json:"level" enum:"very_satisfied,satisfied,general,dissatisfied,very_dissatisfied"`
				Comment string `json:"comment,omitempty"`
			}
		}) (*orderReply, error) {
			_, err := s.Rate(ctx, web.Actor(ctx), in.ID, in.Body.ID, in.Body.Level, in.Body.Comment)
			return s.after(ctx, in.ID, err)
		})
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/orders/{id}/facts", Summary: "What happened to an order", Metadata: web.Machines("orders:read")}, s.timeline)
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/orders/{id}/transcript/{kind}", Summary: "What was said in an order, as a file to keep",
		Description: "In the reader's language (Accept-Language, or ?lang=).",
		Responses:   web.Binary("pdf", "txt"), Metadata: web.Machines("orders:read")}, s.transcript)
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/orders/{id}/proof", Summary: "Proof of an order, for mingfa verify --proof", Metadata: web.Machines("orders:read")},
		func(ctx context.Context, in *OrderPath) (*struct{ Body journal.Proof }, error) {
			p, err := s.Proof(ctx, web.Actor(ctx), in.ID)
			return &struct{ Body journal.Proof }{p}, err
		})
}

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
			"A repeat is answered as the first time. A file that is not sent within 24 hours is gone."},
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

func (s *Service) listOrders(ctx context.Context, in *struct {
	State  State  `query:"state" enum:"waiting,assigned,answered,closed,excluded"`
	Date   string `query:"date" doc:"Day asked, YYYY-MM-DD in the operator's zone"`
	Figure Figure `query:"figure" maxLength:"40" doc:"What a figure of the board or the report counted, such as answered_late"`
	Number string `query:"q" doc:"Begin of the number" maxLength:"40"`
	SameAs id.ID  `query:"same_person" doc:"Other orders of the citizen of this one, as far as the actor may see them"`
	Own    Own    `query:"own" enum:"answered,in_time,late,rated,satisfied,non_satisfied,refused" doc:"Orders behind a figure of /lawyers/me/figures; with since and until"`
	Since  string `query:"since" doc:"First day of own, YYYY-MM-DD in the operator's zone" maxLength:"10"`
	Until  string `query:"until" doc:"Last day of own" maxLength:"10"`
	Cursor id.ID  `query:"cursor"`
	Limit  int64  `query:"limit" minimum:"1" maximum:"200" default:"50"`
}) (*list[rowJSON], error) {
	f := Filter{State: in.State, Figure: in.Figure, Number: in.Number, SameAs: in.SameAs, Own: in.Own, Cursor: in.Cursor, Limit: in.Limit}
	if in.Own != "" {
		var err error
		if f.Since, f.Until, err = Days(in.Since, in.Until, defaultZone); err != nil {
			return nil, err
		}
	}
	if in.Date != "" {
		var err error
		if f.From, f.To, err = dayOf(in.Date, defaultZone); err != nil {
			return nil, err
		}
	}
	rows, err := s.List(ctx, web.Actor(ctx), f, web.Language(ctx))
	if err != nil {
		return nil, err
	}
	out := listOf[rowJSON](nil)
	for _, r := range rows {
		out.Body.Items = append(out.Body.Items, r.wire(web.Language(ctx)))
	}
	if int64(len(rows)) == in.Limit {
		out.Body.Next = rows[len(rows)-1].ID.String()
	}
	return out, nil
}

// defaultZone is where a day begins for lists.
const defaultZone = "Asia/Shanghai"

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

type draftInput struct {
	RevisedPath
	Body Draft
}

type answerInput struct {
	RevisedPath
	Body struct {
		Draft
		Attachments []Attach `json:"attachments,omitempty" doc:"Files uploaded for this order, at most 10"`
	}
}

type checkReply struct {
	Body struct {
		Items []checkItem `json:"items"`
		Own   int         `json:"own_length"`
	}
}

type checkItem struct {
	Rule    Rule   `json:"rule"`
	OK      bool   `json:"ok"`
	Message string `json:"message"`
}

func (s *Service) answerRoutes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/orders/{id}/answer", Summary: "The complete answer"},
		func(ctx context.Context, in *answerInput) (*orderReply, error) {
			rev, err := web.Rev(in.IfMatch)
			if err == nil {
				_, err = s.Answer(ctx, web.Actor(ctx), in.ID, rev, in.Body.Draft, in.Body.Attachments...)
			}
			return s.after(ctx, in.ID, err)
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/orders/{id}/answer/check", Summary: "What an answer still lacks"},
		func(ctx context.Context, in *draftInput) (*checkReply, error) {
			items, own, err := s.CheckDraft(ctx, web.Actor(ctx), in.ID, in.Body)
			out := &checkReply{}
			out.Body.Items, out.Body.Own = []checkItem{}, own
			for _, x := range items {
				out.Body.Items = append(out.Body.Items, checkItem{x.Rule, x.OK, say.Text(web.Language(ctx), x.Key, x.Args)})
			}
			return out, err
		})
}

type suggestionJSON struct {
	Code  string `json:"code"`
	Name  string `json:"name"`
	Score int    `json:"score"`
}

type doneReply struct {
	Body struct {
		ID  id.ID `json:"id"`
		Rev int64 `json:"rev"`
	}
}

// done is the answer to verbs after which the actor may have lost sight of the
// order: a lawyer who passed it on.
func done(o *Order, err error) (*doneReply, error) {
	if err != nil {
		return nil, err
	}
	out := &doneReply{}
	out.Body.ID, out.Body.Rev = o.ID, o.Rev
	return out, nil
}

func (s *Service) deskRoutes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/orders/{id}/pass", Summary: "Pass on to the next fitting lawyer"},
		func(ctx context.Context, in *struct {
			RevisedPath
			Body struct {
				Reason  string `json:"reason,omitempty" doc:"For staff: it stands in the timeline"`
				Summary string `json:"summary,omitempty" doc:"Required: what the next lawyer reads first, at most 1,000 characters"`
			} `required:"false"`
		}) (*doneReply, error) {
			rev, err := web.Rev(in.IfMatch)
			if err != nil {
				return nil, err
			}
			return done(s.Pass(ctx, web.Actor(ctx), in.ID, rev, in.Body.Reason, in.Body.Summary))
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/orders/{id}/notes", Summary: "A private note of staff on an order", DefaultStatus: http.StatusCreated},
		func(ctx context.Context, in *struct {
			OrderPath
			Body struct {
				ID   id.ID  `json:"id" doc:"Client-made; a repeat changes nothing"`
				Text string `json:"text" doc:"At most 2,000 characters; the citizen never sees it"`
			}
		}) (*orderReply, error) {
			return s.after(ctx, in.ID, s.AddNote(ctx, web.Actor(ctx), in.ID, in.Body.ID, in.Body.Text))
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/orders/{id}/assign", Summary: "Give to a lawyer by name"},
		func(ctx context.Context, in *struct {
			RevisedPath
			Body struct {
				Lawyer id.ID `json:"lawyer"`
			}
		}) (*doneReply, error) {
			rev, err := web.Rev(in.IfMatch)
			if err != nil {
				return nil, err
			}
			return done(s.Assign(ctx, web.Actor(ctx), in.ID, in.Body.Lawyer, rev))
		})
	s.exclusionRoutes(w)
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/warnings", Summary: "Running clocks that were warned of"}, s.listWarnings)
}

// savedJSON is a saved reply.
type savedJSON struct {
	ID     id.ID     `json:"id"`
	Rev    int64     `json:"rev"`
	Shared bool      `json:"shared" doc:"Of an organisation; else the lawyer's own"`
	Mine   bool      `json:"mine" doc:"The actor may change it"`
	At     time.Time `json:"at" doc:"Last changed"`
	SavedText
}

func (r SavedReply) wire() savedJSON { return savedJSON(r) }

type savedReplyOutput struct {
	ETag string `header:"ETag"`
	Body savedJSON
}

func savedOutput(r *SavedReply, err error) (*savedReplyOutput, error) {
	if err != nil {
		return nil, err
	}
	return &savedReplyOutput{web.ETag(r.Rev), r.wire()}, nil
}

// SavedPath names a saved reply and the version that was seen.
type SavedPath struct {
	ID      id.ID  `path:"id" doc:"The saved reply"`
	IfMatch string `header:"If-Match" doc:"The ETag that was seen; a newer one is refused with 409"`
}

func (s *Service) savedRoutes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/saved-replies", Summary: "Saved replies: the actor's own and his organisations'"},
		func(ctx context.Context, in *struct {
			Cursor id.ID `query:"cursor"`
			Limit  int64 `query:"limit" minimum:"1" maximum:"200" default:"200"`
		}) (*list[savedJSON], error) {
			rows, err := s.SavedReplies(ctx, web.Actor(ctx), in.Cursor, in.Limit)
			if err != nil {
				return nil, err
			}
			out := listOf[savedJSON](nil)
			for _, r := range rows {
				out.Body.Items = append(out.Body.Items, r.wire())
			}
			if int64(len(rows)) == in.Limit {
				out.Body.Next = rows[len(rows)-1].ID.String()
			}
			return out, nil
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/saved-replies", Summary: "Save a reply: one's own, or for the organisation", DefaultStatus: http.StatusCreated},
		func(ctx context.Context, in *struct {
			Body struct {
				ID     id.ID `json:"id" doc:"Client-made; a repeat changes nothing"`
				Shared bool  `json:"shared,omitempty" doc:"For the organisation and all below it"`
				SavedText
			}
		}) (*savedReplyOutput, error) {
			return savedOutput(s.SaveReply(ctx, web.Actor(ctx), in.Body.ID, in.Body.Shared, in.Body.SavedText))
		})
	web.Register(w, huma.Operation{Method: http.MethodPut, Path: "/saved-replies/{id}", Summary: "Change a saved reply"},
		func(ctx context.Context, in *struct {
			SavedPath
			Body SavedText
		}) (*savedReplyOutput, error) {
			rev, err := web.Rev(in.IfMatch)
			if err != nil {
				return nil, err
			}
			return savedOutput(s.ChangeSaved(ctx, web.Actor(ctx), in.ID, rev, in.Body))
		})
	web.Register(w, huma.Operation{Method: http.MethodDelete, Path: "/saved-replies/{id}", Summary: "Remove a saved reply", DefaultStatus: http.StatusNoContent},
		func(ctx context.Context, in *SavedPath) (*struct{}, error) {
			rev, err := web.Rev(in.IfMatch)
			if err != nil {
				return nil, err
			}
			return nil, s.RemoveSaved(ctx, web.Actor(ctx), in.ID, rev)
		})
}

type warningJSON struct {
	Order struct {
		ID     id.ID  `json:"id"`
		Number string `json:"number"`
	} `json:"order"`
	Level  int         `json:"level" enum:"60,90,110,120"`
	At     time.Time   `json:"at"`
	Lawyer *personJSON `json:"lawyer,omitempty"`
}

func (s *Service) listWarnings(ctx context.Context, _ *struct{}) (*list[warningJSON], error) {
	all, err := s.Warnings(ctx, web.Actor(ctx))
	if err != nil {
		return nil, err
	}
	out := listOf[warningJSON](nil)
	for _, x := range all {
		j := warningJSON{Level: int(x.Level), At: x.At, Lawyer: card(x.Card)}
		j.Order.ID, j.Order.Number = x.Order, x.Number
		out.Body.Items = append(out.Body.Items, j)
	}
	return out, nil
}

type callbackReply struct{ Body *ledgerJSON }

func (s *Service) ledger(ctx context.Context, callback id.ID, err error) (*callbackReply, error) {
	if err != nil {
		return nil, err
	}
	v, err := s.SeeCallback(ctx, web.Actor(ctx), callback, web.Language(ctx))
	if err != nil {
		return nil, err
	}
	return &callbackReply{v.ledger(web.Language(ctx))}, nil
}

// CallbackPath names a call-back.
type CallbackPath struct {
	ID id.ID `path:"id" doc:"The call-back"`
}

// LedgerQuery narrows a ledger.
type LedgerQuery struct {
	From string `query:"from" maxLength:"10" doc:"Opened on this day or later, in China" example:"2026-11-01"`
	To   string `query:"to" maxLength:"10" doc:"and on this day or earlier" example:"2026-11-30"`
	Org  id.ID  `query:"org" doc:"This organisation and those below"`
}

type ledgerReply struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

func (s *Service) ledgerFile(ctx context.Context, in *LedgerQuery, format string) (*ledgerReply, error) {
	p, err := PeriodOf(in.From, in.To, in.Org)
	if err != nil {
		return nil, err
	}
	l, err := s.Ledger(ctx, web.Actor(ctx), p, web.Language(ctx))
	if err != nil {
		return nil, err
	}
	out := &ledgerReply{Disposition: web.Disposition(false, "mingfa-callbacks."+format)}
	var font *paper.Font
	if s.Font != nil {
		font = s.Font()
	}
	out.Body, out.ContentType, err = l.File(format, font)
	return out, err
}

func (s *Service) callbackRoutes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/callbacks", Summary: "Call-backs, most urgent first"}, s.listCallbacks)
	for _, format := range paper.Formats {
		web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/callbacks/ledger." + format, Summary: "The ledger of call-backs as " + strings.ToUpper(format), Responses: web.Binary(format)},
			func(ctx context.Context, in *LedgerQuery) (*ledgerReply, error) { return s.ledgerFile(ctx, in, format) })
	}
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/callbacks/{id}", Summary: "One call-back with its order"},
		func(ctx context.Context, in *CallbackPath) (*callbackReply, error) { return s.ledger(ctx, in.ID, nil) })
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/callbacks/{id}/attempts", Summary: "A telephone call", DefaultStatus: http.StatusCreated},
		func(ctx context.Context, in *struct {
			CallbackPath
			Body struct {
				ID      id.ID  `json:"id" doc:"Client-made; a repeat changes nothing"`
				Reached bool   `json:"reached"`
				Note    string `json:"note,omitempty"`
			}
		}) (*callbackReply, error) {
			_, err := s.Attempt(ctx, web.Actor(ctx), in.ID, in.Body.ID, in.Body.Reached, in.Body.Note)
			return s.ledger(ctx, in.ID, err)
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/callbacks/{id}/result", Summary: "What the call found"},
		func(ctx context.Context, in *struct {
			CallbackPath
			Body Result
		}) (*callbackReply, error) {
			_, err := s.Record(ctx, web.Actor(ctx), in.ID, in.Body)
			return s.ledger(ctx, in.ID, err)
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/callbacks/{id}/lawyer-call", Summary: "The lawyer's call where a legal question remained"},
		func(ctx context.Context, in *struct {
			CallbackPath
			Body struct {
				ID      id.ID  `json:"id,omitempty"`
				Summary string `json:"summary"`
			}
		}) (*callbackReply, error) {
			_, err := s.Called(ctx, web.Actor(ctx), in.ID, in.Body.Summary)
			return s.ledger(ctx, in.ID, err)
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/callbacks/{id}/close", Summary: "Close a call-back"},
		func(ctx context.Context, in *struct {
			CallbackPath
			Body struct{} `required:"false"`
		}) (*callbackReply, error) {
			_, err := s.CloseCallback(ctx, web.Actor(ctx), in.ID)
			return s.ledger(ctx, in.ID, err)
		})
}

func (s *Service) listCallbacks(ctx context.Context, in *struct {
	State  string `query:"state" enum:"open,done" default:"open"`
	Cursor id.ID  `query:"cursor"`
	Limit  int64  `query:"limit" minimum:"1" maximum:"200" default:"50"`
}) (*list[callbackJSON], error) {
	all, titles, orders, err := s.callbacksWithTitles(ctx, web.Actor(ctx), in.State == "done", in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := listOf[callbackJSON](nil)
	for _, c := range all {
		o := orders[c.Order]
		out.Body.Items = append(out.Body.Items, c.wire(o.Number, titles[o.Title].Plain, s.DB.Now()))
	}
	if int64(len(all)) == in.Limit {
		out.Body.Next = all[len(all)-1].ID.String()
	}
	return out, nil
}

type templateJSON struct {
	Name    string            `json:"name"`
	Version int64             `json:"version"`
	Texts   map[string]string `json:"texts"`
	From    *time.Time        `json:"from,omitempty"`
}

func (t Template) wire() templateJSON {
	j := templateJSON{Name: t.Name, Version: t.Version, Texts: t.Texts}
	if !t.From.IsZero() {
		j.From = &t.From
	}
	return j
}

func (s *Service) adminRoutes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/templates", Summary: "The uniform texts in force"},
		func(ctx context.Context, _ *struct{}) (*list[templateJSON], error) {
			all, err := s.Templates(ctx, web.Actor(ctx))
			out := listOf[templateJSON](nil)
			for _, t := range all {
				out.Body.Items = append(out.Body.Items, t.wire())
			}
			return out, err
		})
	web.Register(w, huma.Operation{Method: http.MethodPut, Path: "/templates/{name}", Summary: "A new version of a uniform text"},
		func(ctx context.Context, in *struct {
			Name string `path:"name" maxLength:"40"`
			Body struct {
				Texts map[string]string `json:"texts"`
				From  time.Time         `json:"from,omitempty" required:"false"`
			}
		}) (*struct{ Body templateJSON }, error) {
			t, err := s.SetTemplate(ctx, web.Actor(ctx), in.Name, in.Body.Texts, in.Body.From)
			return &struct{ Body templateJSON }{t.wire()}, err
		})
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/rating-reminder", Summary: "When citizens are reminded to rate"},
		func(ctx context.Context, _ *struct{}) (*struct{ Body Reminder }, error) {
			r, err := s.Reminder(ctx, web.Actor(ctx))
			return &struct{ Body Reminder }{r}, err
		})
	web.Register(w, huma.Operation{Method: http.MethodPut, Path: "/rating-reminder", Summary: "Change it, for answers from now on"},
		func(ctx context.Context, in *struct {
			Body struct {
				Hours int `json:"hours" doc:"Hours after the answer; 0 for never"`
			}
		}) (*struct{ Body Reminder }, error) {
			r, err := s.SetReminder(ctx, web.Actor(ctx), in.Body.Hours)
			return &struct{ Body Reminder }{r}, err
		})
	s.statuteRoute(w)
}

type foundList struct {
	Body struct {
		Items []Found `json:"items"`
		Next  string  `json:"next_cursor,omitempty" doc:"Pass as cursor for the next page"`
	}
}

// statuteRoute looks statutes up: q alone by LookUp; law and article narrow down.
func (s *Service) statuteRoute(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/statutes", Summary: "Look articles up, the nearest first", Metadata: web.Machines("statutes:read")},
		func(ctx context.Context, in *struct {
			Law     string `query:"law" maxLength:"128" doc:"Only laws with this in their names"`
			Article string `query:"article" maxLength:"64" doc:"Only articles of this number"`
			Words   string `query:"q" maxLength:"100" doc:"What people type: a law and an article, a title, or words" example:"劳动合同法 82"`
			Cursor  int    `query:"cursor" minimum:"0" maximum:"200"`
			Limit   int    `query:"limit" minimum:"1" maximum:"50" default:"20"`
		}) (*foundList, error) {
			out := &foundList{}
			out.Body.Items = []Found{}
			if in.Law != "" || in.Article != "" || in.Words == "" {
				all, err := s.Statutes(ctx, web.Actor(ctx), in.Law, in.Article, in.Words, in.Limit)
				for _, st := range all {
					out.Body.Items = append(out.Body.Items, Found{Statute: st})
				}
				return out, err
			}
			all, more, err := s.LookUp(ctx, web.Actor(ctx), in.Words, in.Cursor, in.Limit)
			out.Body.Items = append(out.Body.Items, all...)
			if more {
				out.Body.Next = strconv.Itoa(in.Cursor + len(all))
			}
			return out, err
		})
}

// excludedJSON is an order that is not counted, in a list.
type excludedJSON struct {
	ID      id.ID     `json:"id"`
	Rev     int64     `json:"rev"`
	Number  string    `json:"number"`
	AskedAt time.Time `json:"asked_at"`
	Reason  Exclusion `json:"reason" enum:"test,spam,duplicate"`
	Note    string    `json:"note"`
	Erased  bool      `json:"erased,omitempty"`
	By      string    `json:"by" doc:"Who excluded it; empty when he was erased"`
	At      time.Time `json:"at"`
}

func (s *Service) exclusionRoutes(w *web.Server) {
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/orders/{id}/exclusion", Summary: "Take out of the figures, with reason and person"},
		func(ctx context.Context, in *struct {
			RevisedPath
			Body struct {
				Reason Exclusion `json:"reason" enum:"test,spam,duplicate"`
				Note   string    `json:"note"`
			}
		}) (*doneReply, error) {
			rev, err := web.Rev(in.IfMatch)
			if err != nil {
				return nil, err
			}
			return done(s.Exclude(ctx, web.Actor(ctx), in.ID, rev, in.Body.Reason, in.Body.Note))
		})
	web.Register(w, huma.Operation{Method: http.MethodPost, Path: "/orders/{id}/inclusion", Summary: "Take back into the figures, with reason and person"},
		func(ctx context.Context, in *struct {
			RevisedPath
			Body struct {
				Note string `json:"note"`
			}
		}) (*doneReply, error) {
			rev, err := web.Rev(in.IfMatch)
			if err != nil {
				return nil, err
			}
			return done(s.Include(ctx, web.Actor(ctx), in.ID, rev, in.Body.Note))
		})
	web.Register(w, huma.Operation{Method: http.MethodGet, Path: "/exclusions", Summary: "Orders that are not counted, with reason and person, newest first"},
		func(ctx context.Context, in *struct {
			Reason Exclusion `query:"reason" enum:"test,spam,duplicate"`
			Cursor id.ID     `query:"cursor"`
			Limit  int64     `query:"limit" minimum:"1" maximum:"200" default:"50"`
		}) (*list[excludedJSON], error) {
			rows, err := s.Exclusions(ctx, web.Actor(ctx), in.Reason, in.Cursor, in.Limit)
			out := listOf[excludedJSON](nil)
			for _, o := range rows {
				out.Body.Items = append(out.Body.Items, excludedJSON{o.ID, o.Rev, o.Number, o.AskedAt.Time, o.Exclusion, o.Words, o.Erased, o.By, o.ExcludedAt.Time})
			}
			if int64(len(rows)) == in.Limit {
				out.Body.Next = rows[len(rows)-1].ID.String()
			}
			return out, err
		})
}
