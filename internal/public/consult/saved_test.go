package consult

import (
	"strings"
	"testing"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/who"
	"mingfa/internal/core/identity"
	"mingfa/internal/public/lawyer"
)

func wage() SavedText {
	return SavedText{Title: "拖欠工资", Keyword: "gz", Text: "{name}您好，拖欠工资可以先投诉。",
		Judgement: "用人单位应当按月足额支付工资。", Basis: []Basis{{"劳动法", "第五十条"}}, Advice: []string{"向劳动监察大队投诉"}}
}

func TestSavedTextClean(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*SavedText)
		field  string
	}{
		"whole":                    {func(*SavedText) {}, ""},
		"text alone":               {func(x *SavedText) { *x = SavedText{Title: "x", Text: "y"} }, ""},
		"judgement alone":          {func(x *SavedText) { *x = SavedText{Title: "x", Judgement: "y"} }, ""},
		"no title":                 {func(x *SavedText) { x.Title = " " }, "title"},
		"title at its limit":       {func(x *SavedText) { x.Title = strings.Repeat("字", MaxSavedTitle) }, ""},
		"title too long":           {func(x *SavedText) { x.Title = strings.Repeat("字", MaxSavedTitle+1) }, "title"},
		"keyword too long":         {func(x *SavedText) { x.Keyword = strings.Repeat("字", MaxSavedKeyword+1) }, "keyword"},
		"text too long":            {func(x *SavedText) { x.Text = strings.Repeat("字", MaxText+1) }, "text"},
		"a law without article":    {func(x *SavedText) { x.Basis = []Basis{{"劳动法", ""}} }, "basis"},
		"an empty piece of advice": {func(x *SavedText) { x.Advice = []string{""} }, "advice"},
		"too much advice":          {func(x *SavedText) { x.Advice = make([]string, maxItems+1) }, "advice"},
		"nothing to put in":        {func(x *SavedText) { *x = SavedText{Title: "x"} }, "text"},
		"NUL":                      {func(x *SavedText) { x.Text = "a\x00" }, "text"},
	} {
		x := wage()
		c.change(&x)
		_, err := x.Clean()
		f, _ := err.(*fault.Fault) //nolint:errorlint // it is a fault or nil
		switch {
		case c.field == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.field != "" && (f == nil || f.Fields[0].Path != c.field):
			t.Errorf("%s: %v, wanted %s", name, err, c.field)
		}
	}
}

// staff is a real account: saved replies stand under its key.
func (h *room) staff(user string, org identity.Org, roles ...who.Role) who.Actor {
	h.T.Helper()
	admin := who.Actor{Person: id.New(), Org: h.org.ID, Scope: "/", Roles: []who.Role{who.Admin}}
	person, _, err := h.People.MakeStaff(h.T.Context(), admin, identity.NewStaff{Org: org.ID, User: user, Name: user, Password: "correct horse", TOTPSecret: "JBSWY3DPEHPK3PXPJBSWY3DP", Roles: roles})
	h.Must(err)
	return who.Actor{Person: person, Org: org.ID, Scope: org.Path, Roles: roles}
}

// Own and shared, who sees and who changes them, versions, limits, removal, erasure.
//
// req: B5.3g
func TestSavedReplies(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		ctx := t.Context()
		city := h.OrgBelow(h.org.ID, identity.City, "440100")
		other := h.OrgBelow(h.org.ID, identity.City, "440300")
		a, b := h.staff("a", city, who.DutyLawyer), h.staff("b", other, who.DutyLawyer)
		ops, far := h.staff("ops", h.org, who.Operations), h.staff("far", other, who.Operations)
		mine, ours := id.New(), id.New()
		x, err := h.SaveReply(ctx, a, mine, false, wage())
		if h.Must(err); x.Rev != 1 || x.Shared || !x.Mine || x.Title != "拖欠工资" {
			t.Errorf("%+v", x)
		}
		_, err = h.SaveReply(ctx, a, mine, false, wage()) // a repeat
		h.Must(err)
		_, err = h.SaveReply(ctx, b, mine, false, wage())
		h.Refused(err, fault.Conflict, "fault.conflict")
		_, err = h.SaveReply(ctx, a, id.New(), true, wage())
		h.Refused(err, fault.Absent, "fault.absent")
		_, err = h.SaveReply(ctx, ops, id.New(), false, wage())
		h.Refused(err, fault.Absent, "fault.absent")
		_, err = h.SaveReply(ctx, ops, ours, true, SavedText{Title: "全省", Text: "统一口径"})
		h.Must(err)
		titles := func(as who.Actor) (out string) {
			t.Helper()
			list, err := h.SavedReplies(ctx, as, id.Nil, 200)
			h.Must(err)
			for _, r := range list {
				out += r.Title + " "
			}
			return out
		}
		if titles(a) != "拖欠工资 全省 " || titles(b) != "全省 " || titles(ops) != "全省 " {
			t.Errorf("%q, %q, %q", titles(a), titles(b), titles(ops))
		}
		// Another lawyer, and operations of a city below, may not change them.
		for _, c := range []struct {
			as    who.Actor
			saved id.ID
		}{{b, mine}, {ops, mine}, {far, ours}, {a, ours}, {a, id.New()}} {
			_, err := h.ChangeSaved(ctx, c.as, c.saved, 0, wage())
			h.Refused(err, fault.Absent, "fault.absent")
			h.Refused(h.RemoveSaved(ctx, c.as, c.saved, 0), fault.Absent, "fault.absent")
		}
		if _, err := h.SavedReplies(ctx, h.NewCitizen(), id.Nil, 200); !fault.Is(err, fault.Absent) {
			t.Errorf("a citizen lists them: %v", err)
		}
		x, err = h.ChangeSaved(ctx, a, mine, 1, SavedText{Title: "欠薪", Text: "新"})
		if h.Must(err); x.Rev != 2 || x.Title != "欠薪" || x.Judgement != "" {
			t.Errorf("%+v", x)
		}
		_, err = h.ChangeSaved(ctx, a, mine, 1, wage())
		h.Refused(err, fault.Conflict, "fault.stale")
		h.Refused(h.RemoveSaved(ctx, a, mine, 1), fault.Conflict, "fault.stale")
		h.Must(h.Journal.Drain(ctx))
		h.compare("")
		h.exec("UPDATE consult_saved SET rev = 9 WHERE id = ?", mine.String())
		h.compare("consult_saved")
		h.exec("UPDATE consult_saved SET rev = 2 WHERE id = ?", mine.String())
		out, err := h.Export(ctx, a.Person)
		if h.Must(err); len(out.(Exported).Saved) != 1 {
			t.Errorf("exported %+v", out)
		}
		h.Must(h.RemoveSaved(ctx, ops, ours, 1))
		h.Refused(h.RemoveSaved(ctx, ops, ours, 0), fault.Absent, "fault.absent")
		if titles(b) != "" {
			t.Errorf("after the removal: %q", titles(b))
		}
		h.compare("")
		h.erasedSaved(a, mine)
	})
}

// erasedSaved demands that a lawyer's own texts go with his key.
func (h *room) erasedSaved(a who.Actor, mine id.ID) {
	h.T.Helper()
	var key id.ID
	h.View(func(tx *db.Tx) (err error) { key, err = h.People.KeyOf(tx, a.Person); return err })
	h.Must(h.Keys.Destroy(h.T.Context(), key))
	list, err := h.SavedReplies(h.T.Context(), a, id.Nil, 200)
	if h.Must(err); len(list) != 1 || list[0].ID != mine || list[0].Title != "" || list[0].Text != "" {
		h.T.Errorf("after the erasure: %+v", list)
	}
	_, err = h.ChangeSaved(h.T.Context(), a, mine, 0, wage())
	h.Refused(err, fault.Absent, "fault.absent")
	h.compare("")
}

func TestSavedRepliesHaveALimitAndPages(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		a := h.staff("a", h.org, who.DutyLawyer)
		_, err := h.SaveReply(t.Context(), a, id.New(), false, wage())
		h.Must(err)
		h.Must(h.DB.Do(t.Context(), setup, func(tx *db.Tx) error {
			for range MaxSavedOwn - 1 {
				if _, err := tx.Exec("INSERT INTO consult_saved SELECT ?, org, path, rev, owner, words, by_person, at, removed FROM consult_saved LIMIT 1", id.New().String()); err != nil {
					return err
				}
			}
			return nil
		}))
		_, err = h.SaveReply(t.Context(), a, id.New(), false, wage())
		h.Refused(err, fault.Conflict, "consult.too_many_saved")
		seen := map[id.ID]bool{}
		for cursor := id.Nil; ; {
			page, err := h.SavedReplies(t.Context(), a, cursor, 70)
			h.Must(err)
			for _, r := range page {
				seen[r.ID] = true
			}
			if len(page) < 70 {
				break
			}
			cursor = page[len(page)-1].ID
		}
		if len(seen) != MaxSavedOwn {
			t.Errorf("%d in all pages", len(seen))
		}
	})
}

// The whole way over HTTP: notes, saved replies, passing on, with versions.
//
// req: B5.3g
func TestDeskOverHTTP(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		a, ops := h.api(), h.staff("ops", h.org, who.Operations)
		by := h.lawyer("甲", lawyer.Online)
		o, n := h.ask(h.NewCitizen()), id.New()
		path := "/orders/" + o.ID.String()
		a.Want(a.Do(by, "POST", path+"/notes", `{"id":"`+id.New().String()+`","text":"留意时效"}`), 201, `"notes":[`, "留意时效", `"can":`, `"note"`)
		a.Want(a.Do(by, "POST", path+"/notes", `{"id":"`+id.New().String()+`","text":""}`), 422, `"field":"text"`)
		a.Want(a.Do(by, "POST", path+"/pass", `{"reason":"x"}`), 422, `"field":"summary"`)
		body := `{"id":"` + n.String() + `","shared":true,"title":"统一","text":"口径","advice":["投诉"]}`
		made := a.Do(ops, "POST", "/saved-replies", body)
		a.Want(made, 201, `"shared":true`, `"mine":true`, `"rev":1`, `"advice":["投诉"]`)
		a.Want(a.Do(ops, "POST", "/saved-replies", body), 201, `"rev":1`)
		a.Want(a.Do(by, "GET", "/saved-replies", ""), 200, "统一", `"mine":false`)
		changed := a.Do(ops, "PUT", "/saved-replies/"+n.String(), `{"title":"新","text":"新"}`, "If-Match", made.Header().Get("ETag"))
		a.Want(changed, 200, `"rev":2`)
		a.Want(a.Do(ops, "PUT", "/saved-replies/"+n.String(), `{"title":"新","text":"新"}`, "If-Match", made.Header().Get("ETag")), 409, "fault.stale")
		a.Want(a.Do(ops, "DELETE", "/saved-replies/"+n.String(), "", "If-Match", changed.Header().Get("ETag")), 204)
		a.Want(a.Do(by, "GET", "/saved-replies", ""), 200, `"items":[]`)
		a.Want(a.Do(by, "GET", "/orders?own=answered&since=2026-03-01&until=2026-03-31", ""), 200, `"items":[]`)
		a.Want(a.Do(by, "GET", "/orders?own=answered", ""), 422, `"field":"date"`)
		forbidden, absent := a.Do(by, "DELETE", "/saved-replies/"+n.String(), ""), a.Do(by, "DELETE", "/saved-replies/"+id.New().String(), "")
		if withoutID(a.Want(forbidden, 404)) != withoutID(a.Want(absent, 404)) {
			t.Error("forbidden and absent differ")
		}
	})
}
