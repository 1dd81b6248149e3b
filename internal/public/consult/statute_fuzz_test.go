package consult

import (
	"bytes"
	"testing"
)

// Whatever a file of laws holds, reading it ends, and what it gives can be
// looked up again.
func FuzzReadStatutes(f *testing.F) {
	for _, s := range []string{
		`{"law":"中华人民共和国民法典","article":"第一千零七十九条","text":"夫妻一方要求离婚的"}`, `{"law":"","article":"1","text":""}`,
		"{}\n\n{", "\x1f\x8b\x08\x00broken", "[1,2]", `{"law":"x","article":"第〇条"}`, "{\"law\":\"a\\u0000\",\"article\":\"1\"}",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := ReadStatutes(bytes.NewReader(b))
		if err != nil {
			return
		}
		for _, s := range all {
			if _, ok := ArticleNumber(s.Article); !ok || LawName(s.Law) == "" {
				t.Errorf("%q %q can't be looked up", s.Law, s.Article)
			}
		}
	})
}
