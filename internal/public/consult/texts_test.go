package consult

import (
	"testing"

	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
)

func TestTexts(t *testing.T) {
	for _, line := range append(say.Problems(), journal.Problems()...) {
		t.Error(line)
	}
}
