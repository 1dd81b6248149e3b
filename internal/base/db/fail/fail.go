// Package fail names the moments at which a crash would hurt most.
//
// Each Point does nothing in a running house. When the environment names it
// (MINGFA_FAIL=point or MINGFA_FAIL=point:N for its Nth passing), the process
// kills itself there with SIGKILL, as a power cut would. The crash tests walk
// over all points in Points.
package fail

import (
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
)

// Points are all moments that have a name. A Point outside this list panics in
// the tests.
var Points = []string{
	"db.commit.before",      // the batch has run, nothing is on disk
	"db.commit.after",       // all is on disk, nobody has been answered
	"journal.sequence",      // leaf numbers are given, not committed
	"journal.seal",          // tree tiles are written, not committed
	"journal.checkpoint",    // a checkpoint is signed, not yet kept outside
	"journal.reaction",      // a reaction has had its effect, its cursor has not moved
	"blob.put.synced",       // a blob is on disk, its row is not
	"seal.key.made",         // a key is made (on disk, if not by NewWith), the row it seals is not
	"identity.erase.middle", // the erasure is decided, the keys are not destroyed yet
}

var (
	name  string
	left  atomic.Int64
	armed bool
)

func init() {
	v, ok := os.LookupEnv("MINGFA_FAIL")
	if !ok || v == "" {
		return
	}
	n := int64(1)
	if a, b, ok := strings.Cut(v, ":"); ok {
		v = a
		if k, err := strconv.ParseInt(b, 10, 64); err == nil && k > 0 {
			n = k
		}
	}
	name, armed = v, true
	left.Store(n)
}

// Point kills the process here when the environment says so.
func Point(p string) {
	if armed && p == name && left.Add(-1) == 0 {
		syscall.Kill(os.Getpid(), syscall.SIGKILL) //nolint:errcheck // there is no afterwards
		select {}
	}
}
