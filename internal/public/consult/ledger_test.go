package consult

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
	"mingfa/internal/base/who"
	"mingfa/internal/core/identity"
	"mingfa/internal/public/lawyer"
)

// The ledger of call-backs: the same bytes for the same state, narrowed by period
// and organisation, nothing of others, phones masked for who may not call.
//
// req: B7.1.3.2, B7.1.3.2a, B7.1.2.3c
func TestLedger(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		o, _ := h.unhappy(h.NewCitizen(), h.lawyer("李律师", lawyer.Online))
		o = h.order(o.ID)
		_, err := h.Attempt(t.Context(), h.ops, o.Callback, id.New(), true, "已说明")
		h.Must(err)
		_, err = h.Record(t.Context(), h.ops, o.Callback, Result{Category: ReasonSlow, Reason: "=HYPERLINK(\"http://x\")", Details: "等了很久", Feedback: "请改进"})
		h.Must(err)
		l, err := h.Ledger(t.Context(), h.ops, Period{}, say.Hans)
		h.Must(err)
		file := func(format string) []byte {
			t.Helper()
			b, _, err := l.File(format, nil)
			h.Must(err)
			return b
		}
		r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file("csv"), []byte("\ufeff"))))
		all, err := r.ReadAll()
		h.Must(err)
		last := strings.Join(all[len(all)-1], "|")
		for _, want := range []string{o.Number, "'=HYPERLINK", "等了很久", "请改进", "回复太慢", "已接通 已说明", "是"} {
			if !strings.Contains(last, want) {
				t.Errorf("the ledger lacks %s: %s", want, last)
			}
		}
		f, err := excelize.OpenReader(bytes.NewReader(file("xlsx")))
		h.Must(err)
		defer f.Close()
		if v, err := f.GetCellValue(f.GetSheetList()[1], "A2"); err != nil || v != o.Number {
			t.Errorf("XLSX: %q %v", v, err)
		}
		if _, _, err := l.File("pdf", nil); !fault.Is(err, fault.Unavailable) && !fault.Is(err, fault.Conflict) && err == nil {
			t.Errorf("PDF without a font: %v", err)
		}
		if _, _, err := l.File("docx", nil); !fault.Is(err, fault.Absent) {
			t.Error(err)
		}
		again, err := h.Ledger(t.Context(), h.ops, Period{}, say.Hans)
		h.Must(err)
		for _, format := range []string{"csv", "xlsx"} {
			b, _, err := again.File(format, nil)
			if h.Must(err); !bytes.Equal(b, file(format)) {
				t.Errorf("%s: the same state gives other bytes", format)
			}
		}
		h.narrowed(o)
	})
}

// narrowed looks at periods, organisations and who may.
func (h *room) narrowed(o *Order) {
	h.T.Helper()
	root, _, err := h.People.Root(h.T.Context())
	h.Must(err)
	elsewhere := h.OrgBelow(root.ID, identity.Province, "340000")
	ops := who.Actor{Person: id.New(), Org: elsewhere.ID, Scope: elsewhere.Path, Roles: []who.Role{who.Operations}}
	bureau := who.Actor{Person: id.New(), Org: h.org.ID, Scope: h.org.Path, Roles: []who.Role{who.Bureau}}
	today := o.RatedAt.In(china8).Format(time.DateOnly)
	tomorrow := o.RatedAt.In(china8).AddDate(0, 0, 1).Format(time.DateOnly)
	for name, c := range map[string]struct {
		a        who.Actor
		from, to string
		org      id.ID
		rows     int // -1: not there
	}{
		"today": {h.ops, today, today, id.Nil, 1}, "from tomorrow": {h.ops, tomorrow, "", id.Nil, 0}, "his own": {h.ops, "", "", h.org.ID, 1},
		"another's": {h.ops, "", "", elsewhere.ID, -1}, "nobody's": {h.ops, "", "", id.New(), -1}, "elsewhere": {ops, "", "", id.Nil, 0}, "the bureau": {bureau, "", "", id.Nil, 1},
		"a citizen": {h.NewCitizen(), "", "", id.Nil, -1}, "a lawyer": {h.lawyers["李律师"], "", "", id.Nil, -1},
	} {
		p, err := PeriodOf(c.from, c.to, c.org)
		h.Must(err)
		l, err := h.Ledger(h.T.Context(), c.a, p, say.En)
		if c.rows < 0 {
			if !fault.Is(err, fault.Absent) {
				h.T.Errorf("%s: %v", name, err)
			}
			continue
		}
		if h.Must(err); len(l.Rows) != c.rows {
			h.T.Errorf("%s: %d rows", name, len(l.Rows))
		}
		if b, _, err := l.File("csv", nil); name == "the bureau" && (err != nil || !bytes.Contains(b, []byte("****"))) {
			h.T.Errorf("the bureau reads the phones of all: %v", err)
		}
	}
	if _, err := PeriodOf("yesterday", "", id.Nil); !fault.Is(err, fault.Invalid) {
		h.T.Error(err)
	}
}

var china8 = time.FixedZone("", 8*60*60)
