package wap

import (
	"testing"
	"time"

	"mingfa/internal/base/say"
)

// req: B6.1b
func TestLeft(t *testing.T) {
	for span, want := range map[time.Duration]string{
		0: "", -time.Minute: "", time.Second: "还有 1 分钟", 59 * time.Minute: "还有 59 分钟", time.Hour: "还有 1 小时 0 分",
		119*time.Minute + time.Second: "还有 2 小时 0 分", 24 * time.Hour: "还有 1 天 0 小时", 40*time.Hour + time.Second: "还有 1 天 16 小时",
	} {
		if got := left(say.Hans, span); got != want {
			t.Errorf("%s: %q, want %q", span, got, want)
		}
	}
	if got := left(say.En, 90*time.Minute); got != "1 h 30 min left" {
		t.Errorf("in English %q", got)
	}
}

// req: B5.2.1
func TestWeight(t *testing.T) {
	for size, want := range map[int64]string{1: "1 KB", 1536: "2 KB", 310 << 10: "310 KB", 1 << 20: "1.0 MB", 5 << 19: "2.5 MB"} {
		if got := weight(size); got != want {
			t.Errorf("%d: %q, want %q", size, got, want)
		}
	}
	for a, want := range map[attachment]bool{{Kind: "png", Size: 1}: true, {Kind: "pdf", Size: 1}: false, {Kind: "png", Size: 1 << 20}: false, {Size: 1}: false} {
		if small(a) != want {
			t.Errorf("%+v is small: %v", a, !want)
		}
	}
}
