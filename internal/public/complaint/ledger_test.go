package complaint

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/paper"
	"mingfa/internal/base/say"
	"mingfa/internal/base/who"
	"mingfa/internal/core/identity"
	"mingfa/internal/public/consult"
)

// The register as XLSX: the same bytes for the same state, narrowed by period and
// organisation, and nothing of others.
//
// req: B7.1.2.3c
func TestRegisterAsLedger(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		c := h.complain("=1+1 态度不好")
		file := func(f Filter) (int, []byte) {
			t.Helper()
			l, err := h.Ledger(t.Context(), h.ops, f, say.Hans)
			h.Must(err)
			b, _, err := l.File("xlsx", nil)
			h.Must(err)
			return len(l.Rows), b
		}
		n, first := file(Filter{})
		if _, again := file(Filter{}); n != 1 || !bytes.Equal(first, again) {
			t.Errorf("%d rows, or other bytes", n)
		}
		if n, _ := file(Filter{From: c.ReceivedAt.Add(time.Hour)}); n != 0 {
			t.Errorf("%d from later", n)
		}
		if n, _ := file(Filter{To: c.ReceivedAt.Add(time.Hour), Org: c.Org}); n != 1 {
			t.Errorf("%d of its organisation", n)
		}
		for name, org := range map[string]id.ID{"another's": h.opsElsewhere.Org, "nobody's": id.New()} {
			if _, err := h.Ledger(t.Context(), h.ops, Filter{Org: org}, say.Hans); !fault.Is(err, fault.Absent) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if l, err := h.Ledger(t.Context(), h.opsElsewhere, Filter{}, say.Hans); err != nil || len(l.Rows) != 0 {
			t.Errorf("others are in it: %d, %v", len(l.Rows), err)
		}
	})
}

// Who never named his account is in the register as he called himself in the order that
// he complains about, or in his last one; the account's name stands before both.
//
// req: B7.1.2.3a, B7.1.2.3c
func TestNameInTheRegister(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		names := func() (out []string) {
			t.Helper()
			l, err := h.Ledger(t.Context(), h.ops, Filter{}, say.Hans)
			h.Must(err)
			for _, row := range l.Rows {
				out = append(out, string(row[5].(paper.Text)))
			}
			return out
		}
		asks := func(a who.Actor, name string) id.ID {
			t.Helper()
			o, err := h.Consult.Ask(t.Context(), a, consult.Ask{ID: id.New(), Region: "440000", Question: "公司三个月没有发工资，我该怎么办？", Type: "labour",
				Language: "zh-Hans", Contact: consult.Contact{Name: name}})
			h.Must(err)
			h.After(time.Minute)
			return o.ID
		}
		about := func(order id.ID) {
			t.Helper()
			in := says("x")
			in.Order = order
			if order != id.Nil {
				in.Region = ""
			}
			_, err := h.Make(t.Context(), h.citizen, in)
			h.Must(err)
			h.After(time.Minute)
		}
		about(id.Nil) // nothing is known of him
		first := asks(h.citizen, "陈女士")
		asks(h.citizen, "陈小姐")
		asks(h.other, "别人")
		about(first)
		about(id.Nil)
		name := "陈立"
		h.Must(h.People.ChangeMe(t.Context(), h.citizen, identity.Change{Name: &name}))
		about(first)
		if got := names(); !slices.Equal(got, []string{"陈立", "陈小姐", "陈女士", ""}) {
			t.Errorf("the newest first: %q", got)
		}
	})
}
