package app

import (
	"strings"
	"testing"

	"mingfa/internal/base/say"
	"mingfa/internal/base/setting"
)

// Every setting of the house has its words on the page where it is changed.
//
// req: B5.3e
func TestSettingsHaveWords(t *testing.T) {
	n := 0
	for _, name := range setting.Names() {
		if strings.HasPrefix(name, "test.") {
			continue
		}
		n++
		for _, key := range []string{setting.TitleKey(name), setting.HintKey(name)} {
			if !say.Has(key) {
				t.Errorf("the text %s is missing", key)
			}
		}
	}
	if n < 10 {
		t.Errorf("only %d settings are known", n)
	}
}
