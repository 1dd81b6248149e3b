package consult

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/who"
	"mingfa/internal/public/lawyer"
)

const statuteFile = `{"law":"中华人民共和国劳动法","article":"第五十条","text":"工资应当以货币形式按月支付给劳动者本人。"}

{"law":"《中华人民共和国民法典》","article":"第一千零七十九条","text":"夫妻一方要求离婚的，可以由有关组织进行调解。100%_"}
`

// req: B6.2.1.2d
func TestStatutes(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		ctx, a, citizen := t.Context(), h.lawyer("甲", lawyer.Online), h.NewCitizen()
		var zipped bytes.Buffer
		z := gzip.NewWriter(&zipped)
		_, err := z.Write([]byte(statuteFile))
		h.Must(err)
		h.Must(z.Close())
		for range 2 { // loading again changes nothing
			n, err := h.LoadStatutes(ctx, setup, bytes.NewReader(zipped.Bytes()))
			if h.Must(err); n != 2 {
				t.Errorf("%d articles", n)
			}
		}
		for _, c := range []struct {
			law, article, words string
			found               int
		}{
			{"劳动法", "", "", 1}, {"劳动法", "50", "", 1}, {"劳动法", "第五十一条", "", 0}, {"", "", "调解", 1}, {"", "", "", 2},
			{"", "", "100%_", 1}, {"", "", "%", 1}, {"", "", "1_0", 0}, {"民法典", "第1079条", "", 1},
		} {
			got, err := h.Statutes(ctx, a, c.law, c.article, c.words, 10)
			if h.Must(err); len(got) != c.found {
				t.Errorf("%+v finds %v", c, got)
			}
		}
		_, err = h.Statutes(ctx, citizen, "", "", "", 10)
		h.Refused(err, fault.Absent, "fault.absent")
		_, err = h.Statutes(ctx, who.Actor{}, "", "", "", 10)
		if err == nil {
			t.Error("nobody looks statutes up")
		}
		o, d := h.ask(citizen), goodDraft()
		d.Basis = append(d.Basis, Basis{"劳动法", "第九百九十九条"})
		_, err = h.Answer(ctx, a, o.ID, 0, d)
		h.Must(err)
		v, err := h.See(ctx, citizen, o.ID, "zh-Hans")
		h.Must(err)
		if k := v.Answer.Known; len(k) != 2 || !k[0] || k[1] {
			t.Errorf("citations checked: %v", k)
		}
	})
}

func TestReadStatutes(t *testing.T) {
	for file, want := range map[string]string{
		"nonsense": "line 1: not a JSON object",
		`{"law":"劳动法","article":"第一条"}` + "\n" + `{"law":"","article":"第一条"}`: "line 2: the name of the law",
		`{"law":"劳动法","article":"总则"}`:                                        "line 1: the article's number",
		`{"law":"劳动法` + `\u0000` + `","article":"第一条"}`:                       "line 1: characters",
		`{"law":"` + strings.Repeat("法", MaxLaw+1) + `","article":"第一条"}`:     "line 1: the name of the law",
		"\x1f\x8bnot gzip": "not properly gzipped",
	} {
		if _, err := ReadStatutes(strings.NewReader(file)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v", file, err)
		}
	}
}
