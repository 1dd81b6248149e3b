package consult

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/who"
	"mingfa/internal/public/lawyer"
)

// req: B6.2.1.2d
func TestLookUpIsReadAsPeopleType(t *testing.T) {
	for in, want := range map[string]string{
		"劳动合同法 82":                    "劳动合同法|82|劳动合同法 82",
		"劳动合同法82":                     "劳动合同法|82|劳动合同法 82",
		"勞動合同法第八十二條":                  "劳动合同法|82|劳动合同法第八十二条",
		"民法典第一百八十八条":                  "民法典|188|民法典第一百八十八条",
		"《中华人民共和国民法典》 第188条第一款":       "民法典|188|中华人民共和国民法典 第 188 条第一款",
		"劳动合同法 八十二":                   "劳动合同法|82|劳动合同法 八十二",
		"刑法第133条之一":                   "刑法|133-1|刑法第 133 条之一",
		"82":                          "|82|82",
		"Employment Ordinance s. 26A": "employmentordinance|26A|employment ordinance s 26a",
		"经济补偿":                        "||经济补偿",
		"工资三":                         "||工资三",
		"工资 工资":                       "||工资",
		"\"' OR 1=1 --":               "||or 1",
		"%_!*&|<->":                   "||",
		"":                            "||",
	} {
		q := newLookUp(in)
		var words []string
		for _, r := range q.runs {
			words = append(words, string(r))
		}
		if got := q.law + "|" + q.article + "|" + strings.Join(words, " "); got != want {
			t.Errorf("%q is read as %q, not %q", in, got, want)
		}
	}
}

const lookUpFile = `{"law":"中华人民共和国劳动合同法","article":"第八十二条","text":"用人单位自用工之日起超过一个月不满一年未与劳动者订立书面劳动合同的，应当向劳动者每月支付二倍的工资。"}
{"law":"中华人民共和国劳动合同法","article":"第四十六条","text":"有下列情形之一的，用人单位应当向劳动者支付经济补偿。"}
{"law":"中华人民共和国劳动法","article":"第八十二条","text":"提出仲裁要求的一方应当自劳动争议发生之日起六十日内提出。"}
{"law":"中华人民共和国民法典","article":"第一百八十八条","text":"向人民法院请求保护民事权利的诉讼时效期间为三年。"}
{"law":"劳动争议规定","article":"第三条","text":"经济补偿。经济补偿的计算见劳动合同法，100%_'\"。"}
{"law":"《僱傭條例》","article":"s. 26A","text":"僱主須支付工資。Wages are due; wage periods follow."}
`

// each look-up on both databases gives law and article of what it finds, in order.
// req: B6.2.1.2d
func TestLookUp(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		ctx, a := t.Context(), h.lawyer("甲", lawyer.Online)
		for range 2 { // loading again changes nothing
			_, err := h.LoadStatutes(ctx, setup, strings.NewReader(lookUpFile))
			h.Must(err)
		}
		const hetong, laodong, minfa, guyong = "中华人民共和国劳动合同法", "中华人民共和国劳动法", "中华人民共和国民法典", "《僱傭條例》"
		for in, want := range map[string]string{
			"劳动合同法 82":     hetong + "第八十二条",
			"勞動合同法第82條":    hetong + "第八十二条",
			"民法典第一百八十八条":   minfa + "第一百八十八条",
			"82":           laodong + "第八十二条," + hetong + "第八十二条",
			"雇佣条例 26A":     guyong + "s. 26A",
			"劳动合同法":        hetong + "第四十六条," + hetong + "第八十二条,劳动争议规定第三条",
			"劳动合同法 经济补偿":   hetong + "第四十六条,劳动争议规定第三条",
			"經濟補償":         "劳动争议规定第三条," + hetong + "第四十六条",
			"工資":           guyong + "s. 26A," + hetong + "第八十二条",
			"时":            minfa + "第一百八十八条",
			"Wages":        guyong + "s. 26A",
			"WAGE":         guyong + "s. 26A",
			"wag":          "",
			"偿补":           "",
			"仲裁 时效":        "",
			"火星":           "",
			"'":            "",
			"100%_'\"":     "劳动争议规定第三条",
			"\" OR \"工":    "",
			"工* NEAR(资)":   "",
			"terms : 经济":   "",
			"民法典 第九千条":     "",
			"😀":            "",
			"\u200b\u202e": "",
		} {
			found, more, err := h.LookUp(ctx, a, in, 0, 50)
			h.Must(err)
			var got []string
			for _, f := range found {
				got = append(got, f.Law+f.Article)
			}
			if s := strings.Join(got, ","); s != want || more {
				t.Errorf("%q finds %q, not %q", in, s, want)
			}
		}
		var different strings.Builder
		for r := rune(0x4e00); r < 0x4e00+500; r++ {
			different.WriteRune(r)
		}
		for _, hostile := range []string{different.String(), strings.Repeat("法", 100_000), strings.Repeat("a ", 5000), strings.Repeat("\"", 300), "工\x00资", "\xff\xfe", "'); DROP TABLE consult_statute; --"} {
			_, _, err := h.LookUp(ctx, a, hostile, 0, 50)
			h.Must(err)
		}
	})
}

// req: B6.2.1.2d
func TestLookUpMarks(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		ctx, a := t.Context(), h.lawyer("甲", lawyer.Online)
		_, err := h.LoadStatutes(ctx, setup, strings.NewReader(lookUpFile))
		h.Must(err)
		found, _, err := h.LookUp(ctx, a, "僱傭 工资 wages", 0, 50)
		h.Must(err)
		if len(found) != 1 || fmt.Sprint(found[0].LawMarks, found[0].TextMarks) != "[{1 3}] [{5 7} {8 13}]" {
			t.Fatalf("marks %+v", found)
		}
		// a new text takes the old one's place in the index
		_, err = h.LoadStatutes(ctx, setup, strings.NewReader(`{"law":"《僱傭條例》","article":"26A","text":"已廢除。"}`))
		h.Must(err)
		for in, want := range map[string]int{"wages": 0, "废除": 1} {
			if found, _, err = h.LookUp(ctx, a, in, 0, 50); err != nil || len(found) != want {
				t.Errorf("%q finds %v %v", in, found, err)
			}
		}
	})
}

func TestLookUpIsForStaff(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		_, _, err := h.LookUp(t.Context(), h.NewCitizen(), "劳动", 0, 50)
		h.Refused(err, fault.Absent, "fault.absent")
		_, _, err = h.LookUp(t.Context(), who.Actor{}, "劳动", 0, 50)
		h.Refused(err, fault.Unknown, "fault.unknown")
	})
}

// Pages are whole: each article once, at most 200, whatever the offset.
func TestLookUpPages(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		ctx, a := t.Context(), h.lawyer("甲", lawyer.Online)
		var file strings.Builder
		for i := range 700 {
			fmt.Fprintf(&file, `{"law":"测试法","article":"%d","text":"第%d号规定%s"}`+"\n", i+1, i, strings.Repeat("其他", i%7))
		}
		_, err := h.LoadStatutes(ctx, setup, strings.NewReader(file.String()))
		h.Must(err)
		seen := map[string]bool{}
		for offset := 0; ; {
			found, more, err := h.LookUp(ctx, a, "规定", offset, 1000)
			h.Must(err)
			for _, f := range found {
				seen[f.Article] = true
			}
			if offset += len(found); len(found) > maxStatutes || !more {
				break
			}
		}
		if len(seen) != maxFound {
			t.Errorf("%d articles on all pages", len(seen))
		}
		for _, offset := range []int{-5, 200, 1 << 40} {
			if _, _, err := h.LookUp(ctx, a, "规定", offset, -1); err != nil {
				t.Error(err)
			}
		}
	})
}

// Articles loaded by an older program are indexed at the start.
func TestIndexStatutes(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		ctx, a := t.Context(), h.lawyer("甲", lawyer.Online)
		for i := range 120 {
			h.exec("INSERT INTO consult_statute (law_key, article_key, law, article, words) VALUES ('旧法', ?, '旧法', ?, '旧的规定')", fmt.Sprint(i+1), fmt.Sprint(i+1))
		}
		for range 2 {
			h.Must(h.IndexStatutes(ctx, setup))
		}
		found, _, err := h.LookUp(ctx, a, "旧的", 0, 50)
		if h.Must(err); len(found) != 50 {
			t.Errorf("%d found", len(found))
		}
		h.View(func(tx *db.Tx) error {
			missing, err := notIndexed(tx)
			if len(missing) > 0 {
				t.Errorf("%d are missing", len(missing))
			}
			return err
		})
	})
}

func FuzzLookUp(f *testing.F) {
	f.Add("劳动合同法 82", "中华人民共和国劳动合同法", "应当向劳动者支付")
	f.Fuzz(func(t *testing.T, question, law, words string) {
		q := newLookUp(question)
		found := Found{Statute: Statute{Law: law, Text: words}}
		q.weigh(&found)
		for _, m := range append(found.TextMarks, Mark{0, 0}) {
			if m.From < 0 || m.To > utf8.RuneCountInString(words) || m.From > m.To {
				t.Errorf("mark %v in %d characters", m, utf8.RuneCountInString(words))
			}
		}
	})
}
