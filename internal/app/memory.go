package app

import (
	"os"
	"strconv"
	"strings"
)

// residentMB is how much memory this process holds, as the kernel counts it; 0
// where that can't be known.
func residentMB() float64 {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.SplitSeq(string(b), "\n") {
		rest, ok := strings.CutPrefix(line, "VmRSS:")
		if !ok {
			continue
		}
		kb, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")))
		if err != nil {
			return 0
		}
		return float64(kb) / 1024
	}
	return 0
}
