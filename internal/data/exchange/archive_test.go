package exchange

import (
	"strings"
	"testing"

	"mingfa/internal/base/element"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/sheet"
	"mingfa/internal/base/who"
	"mingfa/internal/public/consult"
)

const history = "20501,20502,20503,20504,20505,20506,20507,20508,20511,20515\n" +
	"欠薪咨询,2024-05-01,劳动争议,老板不发工资,closed,0 CNY,陈女士,13800138001,PT2H,hotline\n" +
	"房租押金,2024-06-30,租赁,,answered,0 CNY,李先生,13800138002,PT2H,web\n" +
	"离婚财产,2024-07-01,婚姻,,closed,0 CNY,王女士,13800138003,PT2H,web\n"

// What was taken over is read by operations, quality and the bureau of the
// organisation, page by page and by its day, is exported, and is no order of ours.
//
// req: B8.1.1.4, BB.20501, BB.20502, BB.20508
func TestTheArchive(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		i := h.upload(h.admin, element.Orders, sheet.CSV, []byte(history))
		ops := who.Actor{Person: id.New(), Org: h.org.ID, Scope: h.org.Path, Roles: []who.Role{who.Operations}}
		list := func(a who.Actor, q archiveQuery) string {
			t.Helper()
			f, err := q.filter()
			h.Must(err)
			if f.Limit == 0 {
				f.Limit = 50
			}
			all, err := h.Archive(t.Context(), a, f)
			h.Must(err)
			var titles []string
			for _, x := range all {
				titles = append(titles, x.Values["20501"])
			}
			return strings.Join(titles, " ")
		}
		if got := list(ops, archiveQuery{}); got != "" {
			t.Errorf("before it is kept: %s", got)
		}
		_, err := h.Run(t.Context(), h.admin, i.ID, 0)
		h.Must(err)
		h.Settle()
		for _, c := range []struct {
			q    archiveQuery
			want string
		}{
			{archiveQuery{}, "离婚财产 房租押金 欠薪咨询"}, {archiveQuery{From: "2024-06-30", To: "2024-06-30"}, "房租押金"}, {archiveQuery{To: "2024-06-29"}, "欠薪咨询"},
			{archiveQuery{Limit: 2}, "离婚财产 房租押金"}, {archiveQuery{Import: i.ID}, "离婚财产 房租押金 欠薪咨询"}, {archiveQuery{Import: id.New()}, ""},
		} {
			if got := list(ops, c.q); got != c.want {
				t.Errorf("%+v: %s, wanted %s", c.q, got, c.want)
			}
		}
		first, err := h.Archive(t.Context(), ops, ArchiveFilter{Limit: 2})
		h.Must(err)
		if got := list(ops, archiveQuery{Cursor: first[1].ID}); got != "欠薪咨询" {
			t.Errorf("the next page: %s", got)
		}
		for _, r := range []who.Role{who.Operations, who.Quality, who.Bureau} {
			near := who.Actor{Person: id.New(), Org: h.org.ID, Scope: h.org.Path, Roles: []who.Role{r}}
			far := who.Actor{Person: id.New(), Org: h.elsewhere.ID, Scope: h.elsewhere.Path, Roles: []who.Role{r}}
			x, err := h.SeeArchived(t.Context(), near, first[0].ID)
			if err != nil || x.Values["20508"] != "+8613800138003" || x.Org != h.org.Name {
				t.Errorf("%s sees %+v, %v", r, x, err)
			}
			_, err = h.SeeArchived(t.Context(), far, first[0].ID)
			h.wants(err, fault.Absent)
			if got := list(far, archiveQuery{}); got != "" {
				t.Errorf("%s of elsewhere lists %s", r, got)
			}
		}
		for _, a := range []who.Actor{h.admin, h.citizen("+8613800138009"), {Person: id.New(), Org: h.org.ID, Scope: h.org.Path, Roles: []who.Role{who.DutyLawyer}}} {
			_, err := h.Archive(t.Context(), a, ArchiveFilter{Limit: 1})
			h.wants(err, fault.Absent)
			_, err = h.SeeArchived(t.Context(), a, first[0].ID)
			h.wants(err, fault.Absent)
		}
		if n, err := h.Consult.List(t.Context(), ops, consult.Filter{Limit: 50}, "zh-Hans"); err != nil || len(n) != 0 {
			t.Errorf("an imported order is among ours: %d, %v", len(n), err)
		}
		if out := rows(t, element.Orders, sheet.CSV, h.takeout(h.admin, element.Orders, sheet.CSV)); len(out) != 3 {
			t.Errorf("%d rows are exported", len(out))
		}
		n, err := h.EraseByPhone(t.Context(), h.admin, "13800138003")
		h.Must(err)
		h.Settle()
		if got := list(ops, archiveQuery{}); n != 1 || got != "房租押金 欠薪咨询" {
			t.Errorf("after the erasure of %d: %s", n, got)
		}
		_, err = h.SeeArchived(t.Context(), ops, first[0].ID)
		h.wants(err, fault.Absent)
	})
}

func (h *room) wants(err error, kind fault.Kind) {
	h.T.Helper()
	if !fault.Is(err, kind) {
		h.T.Errorf("error %v, wanted %s", err, kind)
	}
}
