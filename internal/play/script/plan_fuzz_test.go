package script

import (
	"strings"
	"testing"
)

// Whatever a file of questions holds, it gives questions or an error.
func FuzzParseQuestions(f *testing.F) {
	for _, s := range []string{`{"question":"公司不发工资怎么办？"}`, "{}", "[]", "null", `{"question":1}`, "{\"question\":\" \"}\n", `{"question":"x","statutes":[null]}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		all, err := ParseQuestions(strings.NewReader(s))
		if err != nil {
			return
		}
		for _, q := range all {
			if strings.TrimSpace(q.Question) == "" || own(reply(q).Text) <= 50 {
				t.Errorf("a question without words, or a reply that is too short, from %q", s)
			}
		}
	})
}
