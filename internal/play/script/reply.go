package script

import (
	"regexp"
	"strings"
	"unicode"
)

// draft is what a lawyer sends.
type draft struct {
	Judgement string   `json:"judgement"`
	Text      string   `json:"text"`
	Basis     []cited  `json:"basis"`
	NoBasis   string   `json:"no_basis_reason,omitempty"`
	Advice    []string `json:"advice"`
}

// fields is the draft as it is sent.
func (d draft) fields() map[string]any {
	out := map[string]any{"judgement": d.Judgement, "text": d.Text, "basis": d.Basis, "advice": d.Advice}
	if d.NoBasis != "" {
		out["no_basis_reason"] = d.NoBasis
	}
	return out
}

type cited struct {
	Law     string `json:"law"`
	Article string `json:"article"`
}

// standard is what a careful lawyer adds when he has nothing more special.
const standard = "根据您目前描述的情况，建议先把事情发生的时间、地点、经过和对方的承诺整理清楚，保存好合同、聊天记录、转账凭证等材料；" +
	"这些材料决定了您的主张能否得到支持。如果双方还能沟通，可以先书面提出要求并给对方合理的期限，再决定是否走法律程序。"

// reply is a good reply to a question: the human answer where there is one, the
// statutes where there are some.
func reply(q Question) draft {
	text := standard
	if len(q.Answers) > 0 && strings.TrimSpace(q.Answers[0]) != "" {
		text = clip(strings.TrimSpace(q.Answers[0]), 3000)
		if own(text) <= 60 {
			text += "\n" + standard
		}
	}
	d := draft{
		Judgement: clip(firstSentence(text), 300),
		Text:      text,
		Basis:     citations(q),
		Advice:    []string{"整理并保存与此事有关的全部书面材料和聊天、转账记录", "必要时携带材料到当地法律援助机构或公共法律服务中心当面咨询"},
	}
	if len(d.Basis) == 0 {
		d.NoBasis = "问题没有涉及某一条具体规定，需要结合双方的约定和证据判断"
	}
	return d
}

// tooShort is the reply with too few characters of his own.
func (d draft) tooShort() draft {
	d.Text = "您好，请先保存好证据，再和对方协商。"
	return d
}

// baseless is the reply without any basis or a reason for it.
func (d draft) baseless() draft {
	d.Basis, d.NoBasis = []cited{}, ""
	return d
}

var inText = regexp.MustCompile(`《([^《》]{2,40})》(第[〇零一二三四五六七八九十百千0-9]{1,9}条(?:之[一二三四五六七八九十])?)`)

// citations are the laws and articles of a question, at most five.
func citations(q Question) []cited {
	out := []cited{}
	add := func(law, article string) {
		if len(out) < 5 && law != "" && article != "" {
			out = append(out, cited{law, article})
		}
	}
	for _, s := range q.Statutes {
		add(s.Law, s.Article)
		if s.Law == "" {
			for _, m := range inText.FindAllStringSubmatch(s.Text, 2) {
				add(m[1], m[2])
			}
		}
	}
	return out
}

func firstSentence(s string) string {
	if i := strings.IndexAny(s, "。！？\n"); i > 12 {
		return s[:i] + "。"
	}
	return clip(s, 120)
}

// own counts Han characters and words, as the rule does.
func own(s string) (n int) {
	word := false
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Han, r):
			n++
			word = false
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if !word {
				n++
			}
			word = true
		default:
			word = false
		}
	}
	return n
}

// clip cuts to at most n characters.
func clip(s string, n int) string {
	r := []rune(s)
	if len(r) > n {
		return string(r[:n])
	}
	return s
}
