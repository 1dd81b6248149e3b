package complaint

import (
	"bytes"
	"testing"
	"time"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
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
