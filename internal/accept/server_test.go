package accept

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/id"
)

var build struct {
	once sync.Once
	path string
	err  error
}

// binary is the program, built once for all tests.
func binary(t testing.TB) string {
	t.Helper()
	build.once.Do(func() {
		dir, err := os.MkdirTemp("", "mingfa-accept-")
		if err != nil {
			build.err = err
			return
		}
		build.path = filepath.Join(dir, "mingfa")
		out, err := exec.Command("go", "build", "-o", build.path, "mingfa/cmd/mingfa").CombinedOutput()
		if err != nil {
			build.err = fmt.Errorf("build: %w: %s", err, out)
		}
	})
	if build.err != nil {
		t.Fatal(build.err)
	}
	return build.path
}

func TestMain(m *testing.M) {
	code := m.Run()
	if build.path != "" {
		os.RemoveAll(filepath.Dir(build.path))
	}
	os.Exit(code)
}

// place is where a server keeps its things; it outlives a kill.
type place struct {
	data string // --data
	db   string // --db, "" for SQLite in data
	name string // of the kind of database
}

// places runs fn for a fresh place of each kind of database.
func places(t *testing.T, fn func(t *testing.T, p place)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(t, place{filepath.Join(t.TempDir(), "data"), "", "sqlite"}) })
	t.Run("postgres", func(t *testing.T) {
		fn(t, place{filepath.Join(t.TempDir(), "data"), dbtest.PostgresURL(t), "postgres"})
	})
}

func (p place) args(name string, more ...string) []string {
	args := []string{name, "--data", p.data}
	if p.db != "" {
		args = append(args, "--db", p.db)
	}
	return append(args, more...)
}

// server is a running process.
type server struct {
	place
	base   string
	cmd    *exec.Cmd
	errOut *bytes.Buffer
	demo   struct {
		Password string `json:"password"`
		TOTP     string `json:"totp_secret"`
	}
	gone chan error
	used map[string]time.Time // second factors already used, by user
}

// start runs serve --demo in a place and waits until it is ready. env adds to
// the environment (MINGFA_FAIL=...). The test's end stops it.
func start(t testing.TB, p place, env []string, more ...string) *server {
	t.Helper()
	s, err := tryStart(t, p, env, more...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// tryStart is start for servers that may refuse or die.
func tryStart(t testing.TB, p place, env []string, more ...string) (*server, error) {
	t.Helper()
	s := &server{place: p, errOut: &bytes.Buffer{}, gone: make(chan error, 1), used: map[string]time.Time{}}
	// A crowd asks more in a second than people in a minute: no rates.
	s.cmd = exec.Command(binary(t), p.args("serve", append([]string{"--listen", "127.0.0.1:0", "--demo",
		"--limit-reads", "0", "--limit-writes", "0", "--limit-public", "0"}, more...)...)...)
	s.cmd.Env = append(os.Environ(), env...)
	s.cmd.Stderr = s.errOut
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	told := make(chan struct{})
	go func() {
		sc := bufio.NewScanner(out)
		var once sync.Once
		for sc.Scan() {
			s.hear(sc.Bytes(), func() { once.Do(func() { close(told) }) })
		}
		s.gone <- s.cmd.Wait()
		close(s.gone)
	}()
	t.Cleanup(func() { s.kill() })
	select {
	case <-told:
		return s, nil
	case err := <-s.gone:
		return nil, fmt.Errorf("the server ended: %v: %s", err, s.errOut)
	case <-time.After(3 * time.Minute):
		s.kill()
		return nil, fmt.Errorf("the server did not come up: %s", s.errOut)
	}
}

func (s *server) hear(line []byte, ready func()) {
	var x struct {
		Listening string          `json:"listening"`
		Demo      json.RawMessage `json:"demo"`
	}
	if json.Unmarshal(line, &x) != nil {
		return
	}
	if x.Listening != "" {
		s.base = x.Listening
	}
	if x.Demo != nil {
		_ = json.Unmarshal(x.Demo, &s.demo)
		ready()
	}
}

// kill ends the process as a power cut would.
func (s *server) kill() {
	s.cmd.Process.Signal(syscall.SIGKILL) //nolint:errcheck // it may be gone
	for range s.gone {
	}
}

// stop ends it as an operator would.
func (s *server) stop(t testing.TB) {
	t.Helper()
	s.cmd.Process.Signal(syscall.SIGTERM) //nolint:errcheck // it may be gone
	for err := range s.gone {
		if err != nil {
			t.Errorf("the server did not stop cleanly: %v: %s", err, s.errOut)
		}
	}
}

// verify runs mingfa verify on a place.
func (p place) verify(t testing.TB, more ...string) (last string, err error) {
	t.Helper()
	out, err := exec.Command(binary(t), p.args("verify", more...)...).CombinedOutput()
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1], err
}

// user is somebody signed in.
type user struct {
	s     *server
	token string
	id    string
	phone string
}

// call sends a request and returns status and body.
func (u user) call(method, path string, body any) (int, []byte, error) {
	var r io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return 0, nil, err
		}
		r = bytes.NewReader(b)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, u.s.base+"/api/v1"+path, r)
	if err != nil {
		return 0, nil, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if u.token != "" {
		req.Header.Set("Authorization", "Bearer "+u.token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return res.StatusCode, b, err
}

// must is call that has to be answered 2xx.
func (u user) must(t testing.TB, method, path string, body, into any) {
	t.Helper()
	status, b, err := u.call(method, path, body)
	if err != nil || status/100 != 2 {
		t.Fatalf("%s %s: %d %v %s", method, path, status, err, b)
	}
	if into != nil {
		if err := json.Unmarshal(b, into); err != nil {
			t.Fatalf("%s %s: %v in %s", method, path, err, b)
		}
	}
}

var code = regexp.MustCompile(`\b[0-9]{6}\b`)

// citizen signs a citizen in by the SMS screen.
func (s *server) citizen(t testing.TB, phone string) user {
	t.Helper()
	u := user{s: s, phone: phone}
	u.must(t, "POST", "/codes", map[string]string{"phone": phone}, nil)
	var x struct {
		Token  string
		Person struct{ ID string }
	}
	u.must(t, "POST", "/sessions", map[string]any{"phone": phone, "code": s.smsCode(t, phone), "bearer": true}, &x)
	u.token, u.id = x.Token, x.Person.ID
	return u
}

// smsCode waits for the newest code on the SMS screen.
func (s *server) smsCode(t testing.TB, phone string) string {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		var screen struct{ Items []struct{ Text string } }
		user{s: s}.must(t, "GET", "/screen/sms?phone="+url.QueryEscape(phone), nil, &screen)
		for _, m := range screen.Items {
			if c := code.FindString(m.Text); c != "" {
				return c
			}
		}
	}
	t.Fatalf("no code for %s", phone)
	return ""
}

// staff signs a member of staff in. The second factor works once in 30 s, so a
// second sign-in of the same user waits for the next one.
func (s *server) staff(t testing.TB, name string) user {
	t.Helper()
	u := user{s: s}
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(time.Second) {
		pass, err := totp.GenerateCode(s.demo.TOTP, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		status, b, err := u.call("POST", "/staff-sessions", map[string]any{"user": name, "password": s.demo.Password, "totp": pass, "bearer": true})
		if err == nil && status == http.StatusCreated {
			var x struct {
				Token  string
				Person struct{ ID string }
			}
			if err := json.Unmarshal(b, &x); err != nil {
				t.Fatal(err)
			}
			u.token, u.id = x.Token, x.Person.ID
			return u
		}
	}
	t.Fatalf("staff %s can't sign in: %s", name, s.errOut)
	return u
}

// question is an order to ask.
func question(words string) map[string]any {
	return map[string]any{"id": id.New().String(), "region": "440106", "question": words, "problem_type": "labour", "language": "zh-Hans",
		"contact": map[string]string{"name": "张三"}, "source": "web"}
}

// answer is a reply that keeps the rules.
func answer() map[string]any {
	return map[string]any{"judgement": "单位应当支付拖欠的工资。", "text": strings.Repeat("请先保存好工资条和考勤记录再去劳动监察大队投诉。", 4),
		"basis": []map[string]string{{"law": "劳动合同法", "article": "第三十条"}}, "advice": []string{"向劳动监察大队投诉"}}
}
