package recount

import (
	"strings"
	"testing"
)

// Whatever a log holds, its figures fit together.
func FuzzCount(f *testing.F) {
	for _, s := range []string{
		`{"at":"2026-03-02T00:00:00Z","act":"ask","order":"a","status":201}`, "{}", "x", `{"act":"rate","status":200,"level":"general"}`,
		"{\"act\":\"ask\",\"order\":\"a\",\"status\":201}\n{\"act\":\"close\",\"order\":\"a\",\"status\":200}",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := Count(strings.NewReader(s))
		if err != nil {
			return
		}
		if c.AnsweredWithin120+c.Breaches != c.Orders || c.CallbacksDone > c.CallbacksDue || len(c.Late) != c.Breaches || c.Answered > c.Orders {
			t.Errorf("%+v", c)
		}
	})
}
