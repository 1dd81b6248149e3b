package app

import (
	"bufio"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A clock that stands is moved by lines alone: what a request asks for has happened
// when it is answered, and a breach comes when its minute does.
func TestStandingClock(t *testing.T) {
	c := config{Data: t.TempDir(), SMS: "screen", Checkpoints: filepath.Join(t.TempDir(), "checkpoints")}
	if err := c.defaults(); err != nil {
		t.Fatal(err)
	}
	begin := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	s, err := stageWith(t.Context(), c, newDemoAccess(), begin, slog.New(slog.DiscardHandler), (*theatre).settled)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.Post(s.base+"/api/v1/codes", "application/json", strings.NewReader(`{"phone":"13800138000"}`))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close() //nolint:errcheck // only its head
	if got := res.Header.Get("Date"); got != "Mon, 02 Mar 2026 00:00:00 GMT" {
		t.Errorf("the answer is of %s", got)
	}
	if sms := s.house.screen.Messages("+8613800138000", 1); len(sms) != 1 {
		t.Errorf("the code has not been sent: %v", sms)
	}
	in, lines := io.Pipe()
	answers, out := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- s.follow(t.Context(), in, out) }()
	said := bufio.NewScanner(answers)
	for _, x := range []struct{ line, now string }{{"90m", "2026-03-02T01:30:00.000Z"}, {"2026-03-03T02:00:00+08:00", "2026-03-02T18:00:00.000Z"}} {
		if _, err := io.WriteString(lines, x.line+"\n"); err != nil || !said.Scan() {
			t.Fatal(err, said.Err())
		}
		var got struct{ Now string }
		if err := json.Unmarshal(said.Bytes(), &got); err != nil || got.Now != x.now {
			t.Errorf("after %q: %s %v", x.line, said.Bytes(), err)
		}
	}
	for _, line := range []string{"yesterday", "-5m", "2026-03-01T00:00:00Z"} {
		if _, err := moment(line, s.Now()); err == nil {
			t.Errorf("%q is taken", line)
		}
	}
	lines.Close() //nolint:errcheck // the end of the input
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := s.close(t.Context()); err != nil {
		t.Error(err)
	}
	if err := c.refuseUsed(); err == nil {
		t.Error("a used directory is taken")
	}
}
