//go:build accept

package accept

import (
	"bufio"
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/id"
)

// TestSyncBeforeAnswer attaches strace to the running service, asks one
// question, and finds in the order of system calls: the bytes of the order going
// into the database's log, that file synced to disk, and only then the first
// byte of the answer 201 to the citizen.
func TestSyncBeforeAnswer(t *testing.T) {
	if _, err := exec.LookPath("strace"); err != nil {
		t.Skip("system calls can't be traced: strace is not installed")
	}
	t.Run("sqlite", func(t *testing.T) {
		p := place{filepath.Join(t.TempDir(), "data"), "", "sqlite"}
		order, calls := traced(t, p, nil)
		syncedBeforeAnswer(t, calls, "/mingfa.db-wal", []byte(order.String()), sqliteCommit)
	})
	t.Run("postgres", func(t *testing.T) {
		p := place{filepath.Join(t.TempDir(), "data"), dbtest.PostgresURL(t), "postgres"}
		if dbtest.PostgresDir() == "" {
			t.Skip("the PostgreSQL server is not ours to trace")
		}
		keepsPromises(t, p)
		order, calls := traced(t, p, postgresProcesses(t))
		syncedBeforeAnswer(t, calls, "/pg_wal/", order[:], nil)
	})
}

// keepsPromises asserts the settings on a connection like the service's own; the
// service itself refuses to start on others (base/db).
func keepsPromises(t *testing.T, p place) {
	t.Helper()
	d, err := sql.Open("pgx", p.db)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for _, name := range []string{"synchronous_commit", "fsync", "full_page_writes"} {
		var is string
		if err := d.QueryRow("SHOW " + name).Scan(&is); err != nil || is != "on" {
			t.Errorf("%s is %q, %v; it must be on", name, is, err)
		}
	}
}

// traced is a trace with an answer in it. strace misses a thread that is born
// while it attaches to the others; when that one answers, it is done again.
func traced(t *testing.T, p place, more func() []int) (id.ID, []syscallLine) {
	t.Helper()
	for try := range 5 {
		order, calls := traceOnce(t, p, fmt.Sprintf("+861390013123%d", try), more)
		if answeredAt(calls) >= 0 {
			return order, calls
		}
		t.Logf("the answer is not in the trace of %d calls: again", len(calls))
	}
	t.Fatal("the answer was in none of the traces")
	return id.Nil, nil
}

// answeredAt is the index of the call that wrote the answer 201, or -1.
func answeredAt(calls []syscallLine) int {
	return slices.IndexFunc(calls, func(c syscallLine) bool { return bytes.HasPrefix(c.data, []byte("HTTP/1.1 201 ")) })
}

// traceOnce runs the service, asks one question while it is traced, and gives the
// order and the system calls in their order. more are processes to trace beside.
func traceOnce(t *testing.T, p place, phone string, more func() []int) (id.ID, []syscallLine) {
	t.Helper()
	s := start(t, p, nil)
	u := s.citizen(t, phone)
	u.must(t, "POST", "/orders", question("热身的问题：公司不发工资怎么办？"), nil) // connections and statements are there now
	pids := []int{s.cmd.Process.Pid}
	if more != nil {
		pids = append(pids, more()...)
	}
	q := question("公司拖欠我三个月工资，我应当怎么办？")
	file, detach := attach(t, pids)
	u.must(t, "POST", "/orders", q, nil)
	detach()
	s.stop(t)
	order, err := id.Parse(q["id"].(string))
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return order, parseTrace(t, b)
}

// postgresProcesses are the server's postmaster and all its children.
func postgresProcesses(t *testing.T) func() []int {
	return func() (pids []int) {
		b, err := os.ReadFile(filepath.Join(dbtest.PostgresDir(), "postmaster.pid"))
		if err != nil {
			t.Fatal(err)
		}
		line, _, _ := strings.Cut(string(b), "\n")
		master, err := strconv.Atoi(line)
		if err != nil {
			t.Fatal(err)
		}
		pids = append(pids, master)
		stats, _ := filepath.Glob("/proc/[0-9]*/stat")
		for _, stat := range stats {
			b, err := os.ReadFile(stat)
			if err != nil {
				continue // it has ended
			}
			_, rest, _ := strings.Cut(string(b), ") ")
			if f := strings.Fields(rest); len(f) > 1 && f[1] == line {
				pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(stat)))
				pids = append(pids, pid)
			}
		}
		return pids
	}
}

// attach starts strace on processes and waits until it holds them all.
func attach(t *testing.T, pids []int) (file string, detach func()) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "trace")
	args := []string{"-f", "-y", "-xx", "-s", "9000", "-e", "trace=fdatasync,fsync,write,pwrite64,writev,pwritev,sendto,sendmsg", "-o", file}
	for _, pid := range pids {
		args = append(args, "-p", strconv.Itoa(pid))
	}
	c := exec.Command("strace", args...)
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	told, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Skipf("system calls can't be traced: %v", err)
	}
	said := make(chan string, 4096)
	go func() {
		defer close(said)
		for sc := bufio.NewScanner(told); sc.Scan(); {
			said <- sc.Text()
		}
	}()
	held := 0
	for held < len(pids) {
		select {
		case line, ok := <-said:
			if !ok || strings.Contains(line, "not permitted") {
				c.Process.Signal(syscall.SIGTERM) //nolint:errcheck // it may be gone
				c.Wait()                          //nolint:errcheck // it gave the reason
				t.Skipf("system calls can't be traced: ptrace is refused (%s)", line)
			}
			if strings.Contains(line, "attached") {
				held++
			}
		case <-time.After(30 * time.Second):
			c.Process.Kill() //nolint:errcheck // it hangs
			t.Fatal("strace did not attach")
		}
	}
	return file, func() {
		c.Process.Signal(syscall.SIGINT) //nolint:errcheck // it lets them go
		for range said {
		}
		c.Wait() //nolint:errcheck // it ends by the signal
	}
}

// syscallLine is one system call: where in the trace it began and ended.
type syscallLine struct {
	pid          int
	name, file   string // file is the path or socket of its first descriptor
	data         []byte // what it wrote
	began, ended int
	result       int
}

var (
	whole   = regexp.MustCompile(`^(\d+) +(\w+)\((.*)\) += (-?\d+)`)
	begun   = regexp.MustCompile(`^(\d+) +(\w+)\((.*) <unfinished \.\.\.>$`)
	resumed = regexp.MustCompile(`^(\d+) +<\.\.\. (\w+) resumed>(.*)\) += (-?\d+)`)
	first   = regexp.MustCompile(`^\d+<([^>]*)>`)
	strung  = regexp.MustCompile(`"((?:\\x[0-9a-f]{2})*)"`)
)

// parseTrace reads strace's file. A call that another interrupts is written in
// two lines; it counts as begun at the first and as done at the second.
func parseTrace(t *testing.T, b []byte) (out []syscallLine) {
	t.Helper()
	open := map[string]int{} // by pid: index in out
	for n, line := range strings.Split(string(b), "\n") {
		if m := resumed.FindStringSubmatch(line); m != nil {
			if i, ok := open[m[1]]; ok {
				out[i].ended, out[i].result = n, number(m[4])
				out[i].data = append(out[i].data, strungBytes(m[3])...)
				delete(open, m[1])
			}
			continue
		}
		if m := begun.FindStringSubmatch(line); m != nil {
			open[m[1]] = len(out)
			out = append(out, callOf(m, n))
			continue
		}
		if m := whole.FindStringSubmatch(line); m != nil {
			c := callOf(m, n)
			c.ended, c.result = n, number(m[4])
			out = append(out, c)
		}
	}
	if len(out) == 0 {
		t.Fatalf("nothing was traced: %.500s", b)
	}
	return out
}

func callOf(m []string, n int) syscallLine {
	c := syscallLine{pid: number(m[1]), name: m[2], data: strungBytes(m[3]), began: n, ended: -1}
	if f := first.FindStringSubmatch(m[3]); f != nil {
		c.file = unhex(f[1])
	}
	return c
}

func number(s string) int { n, _ := strconv.Atoi(s); return n }

func strungBytes(s string) (out []byte) {
	for _, m := range strung.FindAllStringSubmatch(s, -1) {
		out = append(out, unhex(m[1])...)
	}
	return out
}

// unhex reads \x41\x42; other text stays as it is.
func unhex(s string) string {
	if !strings.HasPrefix(s, `\x`) {
		return s
	}
	b := make([]byte, 0, len(s)/4)
	for part := range strings.SplitSeq(s[2:], `\x`) {
		n, err := strconv.ParseUint(part, 16, 8)
		if err != nil {
			return s
		}
		b = append(b, byte(n))
	}
	return string(b)
}

func (c syscallLine) done() bool { return c.ended >= 0 && c.result >= 0 }

func (c syscallLine) syncs() bool { return c.name == "fdatasync" || c.name == "fsync" }

// sqliteCommit tells whether a write to a SQLite WAL is the header of a frame
// that ends a transaction: bytes 4 to 8 are the size of the database then.
func sqliteCommit(c syscallLine) bool {
	return len(c.data) >= 24 && len(c.data)%4096 == 24 && !bytes.Equal(c.data[4:8], make([]byte, 4)) || len(c.data) == 24 && !bytes.Equal(c.data[4:8], make([]byte, 4))
}

// syncedBeforeAnswer finds the three in their order. ends, if given, tells the
// write that ends the transaction: the sync must begin after that one.
func syncedBeforeAnswer(t *testing.T, calls []syscallLine, log string, order []byte, ends func(syscallLine) bool) {
	t.Helper()
	answer := answeredAt(calls)
	written, committed, synced := -1, -1, -1
	for i, c := range calls {
		if c.began >= calls[answer].began {
			break
		}
		inLog := strings.Contains(c.file, log) && c.done()
		switch {
		case inLog && written < 0 && bytes.Contains(c.data, order):
			written = i
			if ends == nil || ends(c) {
				committed = i
			}
		case inLog && written >= 0 && committed < 0 && !c.syncs() && ends(c):
			committed = i
		case inLog && committed >= 0 && synced < 0 && c.syncs() && c.began > calls[committed].ended && c.ended < calls[answer].began:
			synced = i
		}
	}
	tell := func(i int) string {
		if i < 0 {
			return "never"
		}
		c := calls[i]
		return fmt.Sprintf("line %d to %d: pid %d %s(%s, %d bytes) = %d", c.began+1, c.ended+1, c.pid, c.name, c.file, len(c.data), c.result)
	}
	t.Logf("order written: %s", tell(written))
	t.Logf("transaction's end written: %s", tell(committed))
	t.Logf("synced: %s", tell(synced))
	t.Logf("answered: %s", tell(answer))
	if written < 0 || committed < 0 || synced < 0 {
		t.Error("the answer was given before the order was on disk")
	}
}
