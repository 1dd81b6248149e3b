package complaint

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
	"mingfa/internal/base/who"
)

// tried is a verb that everybody tries: who may, and how.
type tried struct {
	may []string
	do  func(a who.Actor, c *Complaint) error
}

func (h *room) verbs() map[string]tried {
	ctx := context.Background()
	handlers := []string{"ops", "quality"}
	staff := []string{"ops", "quality", "bureau"}
	return map[string]tried{
		"make": {[]string{"citizen", "other"}, func(a who.Actor, _ *Complaint) error { _, err := h.Make(ctx, a, says("x")); return err }},
		"see":  {append(staff, "citizen"), func(a who.Actor, c *Complaint) error { _, err := h.See(ctx, a, c.ID, say.En); return err }},
		"call": {handlers, func(a who.Actor, c *Complaint) error {
			_, err := h.Called(ctx, a, c.ID, 0, Call{ID: id.New()})
			return err
		}},
		"flag":        {handlers, func(a who.Actor, c *Complaint) error { _, err := h.Flag(ctx, a, c.ID, 0, Petition, ""); return err }},
		"acknowledge": {[]string{"bureau"}, func(a who.Actor, c *Complaint) error { _, err := h.Acknowledge(ctx, a, c.ID, 0); return err }},
		"export":      {append(staff, "ops elsewhere", "bureau elsewhere"), func(a who.Actor, _ *Complaint) error { _, err := h.CSV(ctx, a, Filter{}, say.En); return err }},
		"file": {handlers, func(a who.Actor, c *Complaint) error {
			_, err := h.File(ctx, a, c.ID, 0, Filing{"1", "2026-03-02", "x"})
			return err
		}},
		"record": {handlers, func(a who.Actor, c *Complaint) error {
			_, err := h.Record(ctx, a, c.ID, 0, entry)
			return err
		}},
		"close": {handlers, func(a who.Actor, c *Complaint) error { _, err := h.Close(ctx, a, c.ID, 0); return err }},
		"register": {handlers, func(a who.Actor, _ *Complaint) error {
			in := says("x")
			in.Phone = "13900139000"
			_, err := h.Register(ctx, a, in)
			return err
		}},
	}
}

// Every verb by everybody: who may not gets what he would get if it were not there.
//
// req: B7.1.2.3a, B7.1.2.2b
func TestEveryVerbByEverybody(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		ctx := t.Context()
		for name, v := range h.verbs() {
			absent := &Complaint{ID: id.New()}
			for who, a := range h.everybody() {
				c := h.complain("拉横幅") // flagged
				h.Clock.Set(h.Clock.Now().Add(2 * time.Hour))
				if name == "record" || name == "close" {
					h.Must(h.call(c, true))
				}
				if name == "close" {
					_, err := h.Record(ctx, h.ops, c.ID, 0, entry)
					h.Must(err)
					_, err = h.File(ctx, h.ops, c.ID, 0, Filing{"1", "2026-03-02", "x"})
					h.Must(err)
				}
				err := v.do(a, c)
				switch {
				case slices.Contains(v.may, who):
					if err != nil {
						t.Errorf("%s may not %s: %v", who, name, err)
					}
				case who == "nobody":
					if !fault.Is(err, fault.Unknown) {
						t.Errorf("nobody: %s gives %v", name, err)
					}
				case fmt.Sprint(err) != fmt.Sprint(fault.NotThere()):
					t.Errorf("%s: %s gives %v", who, name, err)
				}
				if name != "make" && name != "register" && name != "export" && who != "nobody" {
					if err := v.do(a, absent); fmt.Sprint(err) != fmt.Sprint(fault.NotThere()) {
						t.Errorf("%s: %s of nothing gives %v", who, name, err)
					}
				}
			}
		}
	})
}

// Lists show what one may see, by pages without gap or repeat.
//
// req: B7.1.2.3c
func TestListsShowWhatOneMaySee(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		var want []id.ID
		for i := range 7 {
			c := h.complain([]string{"=HYPERLINK(\"http://x\")", "我要上访"}[i%2])
			want = append([]id.ID{c.ID}, want...)
			if i%3 == 0 {
				h.Clock.Set(h.Clock.Now().Add(time.Minute)) // several in the same millisecond
			}
		}
		slices.SortStableFunc(want, func(a, b id.ID) int {
			x, y := h.get(a), h.get(b)
			if d := y.ReceivedAt.Compare(x.ReceivedAt.Time); d != 0 {
				return d
			}
			return slices.Compare(b[:], a[:])
		})
		for name, a := range h.everybody() {
			var got []id.ID
			f := Filter{Limit: 2}
			for {
				page, err := h.List(t.Context(), a, f)
				if never := name == "lawyer" || name == "admin" || name == "nobody"; never {
					if !fault.Is(err, fault.Absent) && !fault.Is(err, fault.Unknown) {
						t.Errorf("%s lists: %v", name, err)
					}
					break
				}
				h.Must(err)
				for _, v := range page {
					got = append(got, v.ID)
				}
				if len(page) < 2 {
					break
				}
				f.Cursor = page[1].ID
			}
			if sees := slices.Contains([]string{"citizen", "ops", "quality", "bureau"}, name); sees && !slices.Equal(got, want) || !sees && len(got) > 0 {
				t.Errorf("%s sees %d", name, len(got))
			}
		}
		from, to, err := MonthOf("2026-03")
		h.Must(err)
		for name, x := range map[string]struct {
			f Filter
			n int
		}{
			"sensitive": {Filter{Sensitive: true}, 3}, "month": {Filter{From: from, To: to}, 7}, "another": {Filter{From: to, To: to.AddDate(0, 1, 0)}, 0},
			"open": {Filter{State: "open"}, 7}, "closed": {Filter{State: "closed"}, 0}, "collected": {Filter{State: "collected"}, 7},
		} {
			x.f.Limit = 50
			if all, err := h.List(t.Context(), h.ops, x.f); err != nil || len(all) != x.n {
				t.Errorf("%s: %d, %v", name, len(all), err)
			}
		}
	})
}

// req: B7.1.2.3c
func TestRegisterAsCSV(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		h.complain("我要上访")
		h.register(h.complain("=HYPERLINK(\"http://x\")"))
		b, err := h.CSV(t.Context(), h.ops, Filter{}, say.Hans)
		h.Must(err)
		s := string(b)
		if !strings.HasPrefix(s, "\ufeff编号,类别,") || strings.Count(s, "\r\n") != 3 || !strings.Contains(s, `"'=HYPERLINK(""http://x"")"`) ||
			!strings.Contains(s, entry.Measure) || !strings.Contains(s, "'+8613800138000") || strings.Contains(s, `,"=`) || strings.Contains(s, ",=") {
			t.Errorf("the register is\n%s", s)
		}
		b, err = h.CSV(t.Context(), h.bureau, Filter{}, say.En)
		h.Must(err)
		if !strings.Contains(string(b), "****8000") {
			t.Error("the bureau reads the phones of all")
		}
		b, err = h.CSV(t.Context(), h.opsElsewhere, Filter{}, say.En)
		h.Must(err)
		if strings.Count(string(b), "\r\n") != 1 {
			t.Error("others are in the register of another province")
		}
	})
}

// The register can't lose a row, and SQL, facts and logs don't know the words.
//
// req: B7.1.2.3a
func TestNothingIsDeletedAndNothingIsInTheClear(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		c := h.complain("PLANTED-WORDS 静坐")
		h.Must(h.call(c, true))
		for _, table := range []string{"complaint_case", "complaint_attempt"} {
			err := h.DB.Do(t.Context(), setup, func(tx *db.Tx) error { _, err := tx.Exec("DELETE FROM " + table); return err })
			if err == nil {
				t.Errorf("rows of %s can be deleted", table)
			}
		}
		h.View(func(tx *db.Tx) error {
			facts, err := journal.ByRoot(tx, c.Org, c.ID, 0, 100)
			for _, f := range facts {
				if strings.Contains(string(f.Body), "PLANTED") || strings.Contains(string(f.Body), "13800138000") {
					t.Errorf("fact %s says what he said", f.Kind)
				}
			}
			return err
		})
		row, err := json.Marshal(h.get(c.ID))
		h.Must(err)
		if strings.Contains(string(row), "PLANTED") || strings.Contains(string(row), "8000") {
			t.Error("the row says what he said")
		}
	})
}

// req: B7.1.2.3a
func TestExportAndErasure(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		c := h.complain("我的话在这里")
		h.register(c)
		got, err := h.Export(t.Context(), h.citizen.Person)
		h.Must(err)
		b, err := json.Marshal(got)
		h.Must(err)
		if !strings.Contains(string(b), "我的话在这里") || strings.Contains(string(b), entry.Measure) {
			t.Errorf("his export is %s", b)
		}
		h.admin.Scope = h.root.Path // the account stands with the operator
		h.Must(h.People.Erase(t.Context(), h.admin, h.citizen.Person, "request"))
		h.Settle()
		v, err := h.See(t.Context(), h.ops, c.ID, say.Hans)
		h.Must(err)
		if j := v.wire(say.Hans); !j.Erased || j.Text != "" || j.Staff.Phone != "" || j.Staff.Register.Reason != "" || j.State != Registered {
			t.Errorf("after the erasure: %+v", j)
		}
		_, err = h.Record(t.Context(), h.ops, c.ID, 0, entry)
		h.Refused(err, fault.Conflict, "complaint.person_erased")
		h.Must(h.close(c)) // what needs no words goes on
		h.Settle()
	})
}
