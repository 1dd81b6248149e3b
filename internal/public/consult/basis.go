package consult

import (
	"regexp"
	"strconv"
	"strings"

	"mingfa/internal/base/text"
)

// Basis is a citation: a law and an article of it (B6.2.1.2d).
type Basis struct {
	Law     string `json:"law" example:"中华人民共和国劳动合同法"`
	Article string `json:"article" example:"第三十条"`
}

// Recognised tells whether the citation has the form of one: something that can
// be the name of a law, and an article that ArticleNumber reads. Whether the
// article exists is asked of the loaded statutes, by LawName and ArticleNumber.
func (b Basis) Recognised() bool {
	_, ok := ArticleNumber(b.Article)
	return ok && text.Own(LawName(b.Law)) > 0 && text.Length(LawName(b.Law)) >= 2
}

// LawName gives the name under which a law is looked up: folded, without title
// marks, spaces, the words 中华人民共和国 and what stands in brackets at the end
// (the year of a revision), so that 《中华人民共和国民法典》 and 民法典 are one.
func LawName(s string) string {
	s = text.Fold(s)
	s = strings.NewReplacer("《", "", "》", "", "<", "", ">", "", "〈", "", "〉", "", " ", "", "\t", "", "\n", "",
		"中华人民共和国", "", "中華人民共和國", "").Replace(s)
	return lastBrackets.ReplaceAllString(s, "")
}

var lastBrackets = regexp.MustCompile(`\([^()]*\)$`)

// ArticleNumber gives the number under which an article is looked up: "1079"
// for 第一千零七十九条, 第1079条 or 1079; "133-1" for 第一百三十三条之一; "26A"
// for s. 26A. Paragraphs and items after it (第二款第一项, (2)(a)) are passed
// over.
func ArticleNumber(s string) (string, bool) {
	s = strings.Map(func(r rune) rune {
		if r == ' ' || r == '\t' || r == '\n' {
			return -1
		}
		return r
	}, text.Fold(s))
	if m := articleForm.FindStringSubmatch(s); m != nil {
		n, ok := numeral(m[1])
		if !ok {
			return "", false
		}
		if m[2] == "" {
			return strconv.Itoa(n), true
		}
		sub, ok := numeral(m[2])
		return strconv.Itoa(n) + "-" + strconv.Itoa(sub), ok
	}
	if m := sectionForm.FindStringSubmatch(s); m != nil {
		return strings.TrimLeft(m[1], "0") + strings.ToUpper(m[2]), strings.Trim(m[1], "0") != ""
	}
	return "", false
}

const digitsHan = "[0-9零〇一二两兩三四五六七八九十百千]+"

var (
	// 条 and 條 of a statute; a following 款, 项 or 目 may stand.
	articleForm = regexp.MustCompile(`^第?(` + digitsHan + `)[条條](?:之(` + digitsHan + `))?(?:第?\(?` + digitsHan + `\)?[款项項目])*$`)
	// "26A", "s.26A", "section 26A(1)(b)", "art. 5", "rule 3"
	sectionForm = regexp.MustCompile(`^(?:section|sect\.?|sec\.?|ss?\.?|article|art\.?|regulation|reg\.?|rule|r\.?|order|o\.?)?([0-9]{1,5})([a-z]{0,3})(?:\([0-9a-z]{1,5}\))*$`)
)

// numeral reads an Arabic or Chinese number from 1 to 9999.
func numeral(s string) (int, bool) {
	if n, err := strconv.Atoi(s); err == nil {
		return n, n > 0 && n < 10000
	}
	total, digit, seen := 0, 0, 10000
	for _, r := range s {
		switch unit := units[r]; {
		case unit > 0:
			if unit >= seen { // 十百: not a number
				return 0, false
			}
			if digit == 0 && unit != 10 { // 十 alone is 10, 百十 is read as 百一十
				return 0, false
			}
			total, digit, seen = total+max(digit, 1)*unit, 0, unit
		default:
			d, ok := values[r]
			if !ok || digit != 0 {
				return 0, false
			}
			digit = d
		}
	}
	total += digit
	return total, total > 0
}

var (
	units  = map[rune]int{'十': 10, '百': 100, '千': 1000}
	values = map[rune]int{'零': 0, '〇': 0, '一': 1, '二': 2, '两': 2, '兩': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}
)
