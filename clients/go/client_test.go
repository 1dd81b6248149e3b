package mingfa

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// readsPerMinute is low, so that a test meets the limit.
const readsPerMinute = 40

// server is the program with a demonstration, as integrators see it.
type server struct {
	program, base string
	demo          struct {
		Password string
		TOTP     string `json:"totp_secret"`
	}
}

// serve builds the program from this repository and starts it on a free port.
func serve(t *testing.T) *server {
	t.Helper()
	s := &server{program: filepath.Join(t.TempDir(), "mingfa")}
	build := exec.CommandContext(t.Context(), "go", "build", "-o", s.program, "./cmd/mingfa")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the program: %v\n%s", err, out)
	}
	cmd := exec.Command(s.program, "serve", "--demo", "--data", filepath.Join(t.TempDir(), "data"), "--listen", "127.0.0.1:0",
		"--limit-reads", strconv.Itoa(readsPerMinute))
	log := &bytes.Buffer{}
	cmd.Stderr = log
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		if err := cmd.Wait(); err != nil {
			t.Errorf("the program ended badly: %v\n%s", err, log)
		}
	})
	for lines := bufio.NewScanner(out); (s.base == "" || s.demo.TOTP == "") && lines.Scan(); {
		told := struct {
			Listening string
			Demo      any
		}{Demo: &s.demo}
		if json.Unmarshal(lines.Bytes(), &told) == nil && told.Listening != "" {
			s.base = strings.TrimSuffix(told.Listening, "/")
		}
	}
	if s.base == "" || s.demo.TOTP == "" {
		t.Fatal("the program didn't tell where it listens and how to sign in")
	}
	go func() { _, _ = bufio.NewReader(out).WriteTo(&bytes.Buffer{}) }()
	return s
}

// client is a client with a token, or nobody's for "".
func (s *server) client(t *testing.T, token string) *ClientWithResponses {
	t.Helper()
	c, err := NewClientWithResponses(s.base+"/api/v1", WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
		r.Header.Set("Accept-Language", "en")
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// admin is the client of the demonstration's administrator.
func (s *server) admin(t *testing.T) *ClientWithResponses {
	t.Helper()
	code, err := exec.CommandContext(t.Context(), s.program, "totp", s.demo.TOTP).Output()
	if err != nil {
		t.Fatal(err)
	}
	bearer := true
	res, err := s.client(t, "").PostStaffSessionsWithResponse(t.Context(),
		StaffInputBody{User: "admin1", Password: s.demo.Password, Totp: strings.TrimSpace(string(code)), Bearer: &bearer})
	if err != nil || res.JSON201 == nil || res.JSON201.Token == nil {
		t.Fatalf("the administrator signs in: %v %s", err, res.Body)
	}
	return s.client(t, *res.JSON201.Token)
}

// machine is the client of a program with a fresh token.
func (s *server) machine(t *testing.T, admin *ClientWithResponses, scopes ...string) *ClientWithResponses {
	t.Helper()
	body := TokenInputBody{Id: uuid.Must(uuid.NewV7()), Name: "client test", Scopes: scopes, ExpiresAt: time.Now().Add(time.Hour)}
	res, err := admin.PostTokensWithResponse(t.Context(), body)
	if err != nil || res.JSON201 == nil || res.JSON201.Token == nil {
		t.Fatalf("a token is made: %v %s", err, res.Body)
	}
	return s.client(t, *res.JSON201.Token)
}

// What an integrator does first: lists, reads one, is refused, meets the limit.
//
// req: B8.3.1b, B8.3.1c, B8.3.1d
func TestClient(t *testing.T) {
	s := serve(t)
	admin := s.admin(t)
	t.Run("a token lists and reads orders", func(t *testing.T) { listsAndReads(t, s.machine(t, admin, "orders:read")) })
	t.Run("a scope that is missing", func(t *testing.T) { isRefused(t, s, admin) })
	t.Run("the limit", func(t *testing.T) { meetsTheLimit(t, s.machine(t, admin, "figures:read")) })
}

func listsAndReads(t *testing.T, c *ClientWithResponses) {
	limit := int64(2)
	seen := map[uuid.UUID]bool{}
	params := &GetOrdersParams{Limit: &limit}
	for range 2 { // pages
		list, err := c.GetOrdersWithResponse(t.Context(), params)
		if err != nil || list.JSON200 == nil || len(list.JSON200.Items) != 2 || list.JSON200.NextCursor == nil {
			t.Fatalf("orders: %v %s", err, list.Body)
		}
		for _, o := range list.JSON200.Items {
			if seen[o.Id] {
				t.Errorf("order %s comes twice", o.Id)
			}
			seen[o.Id] = true
		}
		next := uuid.MustParse(*list.JSON200.NextCursor)
		params.Cursor = &next
	}
	for order := range seen {
		one, err := c.GetOrdersIdWithResponse(t.Context(), order)
		if err != nil || one.JSON200 == nil || one.JSON200.Id != order {
			t.Fatalf("order: %v %s", err, one.Body)
		}
		if got, want := one.HTTPResponse.Header.Get("ETag"), `"`+strconv.FormatInt(one.JSON200.Rev, 10)+`"`; got != want {
			t.Errorf("ETag %s, want %s", got, want)
		}
		file, err := c.GetOrdersIdTranscriptKindWithResponse(t.Context(), order, "txt")
		if err != nil || file.StatusCode() != 200 || !strings.HasPrefix(file.HTTPResponse.Header.Get("Content-Type"), "text/plain") || len(file.Body) == 0 {
			t.Errorf("transcript: %v %d", err, file.StatusCode())
		}
	}
}

func isRefused(t *testing.T, s *server, admin *ClientWithResponses) {
	machine := s.machine(t, admin, "orders:read")
	reports, err := machine.GetReportsWithResponse(t.Context())
	if err != nil || reports.JSON200 != nil || reports.ApplicationproblemJSON404 == nil || reports.ApplicationproblemJSON404.Code != "fault.absent" {
		t.Errorf("reports: %v %d %s", err, reports.StatusCode(), reports.Body)
	}
	me, err := machine.GetMeWithResponse(t.Context()) // closed to machines
	if err != nil || me.ApplicationproblemJSON404 == nil {
		t.Errorf("me: %v %d", err, me.StatusCode())
	}
	nobody, err := s.client(t, "").GetOrdersWithResponse(t.Context(), &GetOrdersParams{})
	if err != nil || nobody.ApplicationproblemJSON401 == nil || nobody.ApplicationproblemJSON401.Code != "fault.unknown" {
		t.Errorf("nobody: %v %s", err, nobody.Body)
	}
	bad, err := admin.PostTokensWithResponse(t.Context(), TokenInputBody{Id: uuid.Must(uuid.NewV7()), Name: "x", Scopes: []string{"everything"}, ExpiresAt: time.Now().Add(time.Hour)})
	if err != nil || bad.ApplicationproblemJSON422 == nil {
		t.Fatalf("an unknown scope: %v %s", err, bad.Body)
	}
	if p := bad.ApplicationproblemJSON422; p.Errors == nil || len(*p.Errors) != 1 || (*p.Errors)[0].Field != "scopes" || (*p.Errors)[0].Code != "identity.scope_unknown" {
		t.Errorf("an unknown scope: %s", bad.Body)
	}
}

func meetsTheLimit(t *testing.T, c *ClientWithResponses) {
	for n := range readsPerMinute + 5 { // some come back meanwhile
		res, err := c.GetFiguresWithResponse(t.Context(), &GetFiguresParams{})
		if err != nil {
			t.Fatal(err)
		}
		h := res.HTTPResponse.Header
		left, err := strconv.Atoi(h.Get("RateLimit-Remaining"))
		if err != nil || left >= readsPerMinute || h.Get("RateLimit-Limit") != strconv.Itoa(readsPerMinute) || h.Get("RateLimit-Reset") == "" {
			t.Fatalf("headers of request %d: %v", n, h)
		}
		if p := res.ApplicationproblemJSON429; p != nil {
			wait, err := strconv.Atoi(h.Get("Retry-After"))
			if err != nil || wait < 1 || p.Code != "fault.too_many" || n < readsPerMinute {
				t.Errorf("request %d is refused: %v %s", n, h, res.Body)
			}
			return
		}
	}
	t.Error("there was no limit")
}
