package consult

import (
	"strings"
	"testing"
)

// req: B6.2.1.2d
func TestArticleNumber(t *testing.T) {
	for in, want := range map[string]string{
		"第一千零七十九条": "1079", "第1079条": "1079", "1079": "1079", "1079条": "1079", "第\uff11\uff10\uff17\uff19条": "1079",
		"第 五十 条": "50", "第五十條": "50", "第十条": "10", "第二十三条": "23", "第一百条": "100", "第一百零三条": "103", "第一百十三条": "113",
		"第一千条": "1000", "第一千二百六十条": "1260", "第九千九百九十九条": "9999", "一百三十三条之一": "133-1", "第二百八十七条之二": "287-2",
		"第三十八条第一款": "38", "第三十八条第一款第(三)项": "38", "第38条第1款第2项": "38", "第五条第二款第（一）项": "5",
		"26A": "26A", "s. 26A": "26A", "section 26A(1)(b)": "26A", "Article 6(1)(f)": "6", "ss.3": "3", "O.3": "3", "rule 12": "12", "007": "7",
		"": "", "条": "", "第条": "", "第零条": "", "0": "", "总则": "", "第十千条": "", "第百条": "", "第一二条": "", "第一条、第二条": "", "第12345条": "",
		"第三章": "", "1079页": "", "a": "", "-5": "", "1.5": "", "第二〇条": "",
	} {
		got, ok := ArticleNumber(in)
		if ok != (want != "") || ok && got != want {
			t.Errorf("ArticleNumber(%q) = %q, %v; want %q", in, got, ok, want)
		}
	}
}

func TestLawName(t *testing.T) {
	for in, want := range map[string]string{
		"《中华人民共和国民法典》": "民法典", "民法典": "民法典", "中华人民共和国劳动合同法(2012修正)": "劳动合同法", "《劳动法》（2018年修正）": "劳动法",
		" 民 法 典 ": "民法典", "Cap. 57": "cap.57", "最高人民法院关于适用《民法典》有关担保制度的解释": "最高人民法院关于适用民法典有关担保制度的解释", "《》": "",
	} {
		if got := LawName(in); got != want {
			t.Errorf("LawName(%q) = %q, want %q", in, got, want)
		}
	}
}

// All citations of the public material are recognised.
func TestRealCitations(t *testing.T) {
	n := 0
	for _, r := range questions(t) {
		for _, s := range r.Statutes {
			if s.Law == "" || s.Article == "" {
				continue
			}
			n++
			if !(Basis{s.Law, s.Article}).Recognised() {
				t.Errorf("not recognised: %s %s", s.Law, s.Article)
			}
		}
	}
	if n < 1000 {
		t.Errorf("only %d citations seen", n)
	}
}

func FuzzArticleNumber(f *testing.F) {
	for _, s := range []string{"第一千零七十九条", "133条之一", "s. 26A(1)", "", "第十十条"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := ArticleNumber(s)
		if !ok {
			return
		}
		if got == "" || strings.HasPrefix(got, "0") || strings.HasPrefix(got, "-") {
			t.Fatalf("%q gave %q", s, got)
		}
		LawName(s)
		if strings.Contains(got, "-") {
			return
		}
		if again, ok := ArticleNumber(got); !ok || again != got {
			t.Errorf("%q gave %q, that gave %q", s, got, again)
		}
	})
}
