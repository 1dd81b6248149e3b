package app

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
	"mingfa/internal/base/seal"
)

var update = flag.Bool("update", false, "add the bytes of new kinds of facts to testdata/facts")

// The whole house is imported here, so these see every room.
func TestKindsAndTextsAreComplete(t *testing.T) {
	for _, p := range append(journal.Problems(), say.Problems()...) {
		t.Error(p)
	}
}

// sample fills a value of a fact's payload, always the same.
func sample(v reflect.Value) {
	switch x := v.Addr().Interface().(type) {
	case *id.ID:
		*x = id.ID{0x01, 0x99, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 7}
		return
	case *time.Time:
		*x = time.Date(2026, 3, 2, 4, 0, 0, 123e6, time.UTC)
		return
	case *db.Time:
		*x = db.At(time.Date(2026, 3, 2, 4, 0, 0, 123e6, time.UTC))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				sample(v.Field(i))
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		sample(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		sample(v.Index(0))
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		sample(key)
		sample(value)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Array:
		for i := range v.Len() {
			sample(v.Index(i))
		}
	case reflect.String:
		v.SetString("code")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Float64:
		v.SetFloat(7)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(7)
	default:
		v.SetInt(7)
	}
}

// fresh is a new payload of a kind, as a pointer.
func fresh(kind string) reflect.Value {
	spec, _ := journal.SpecOf(kind)
	of := reflect.TypeOf(spec.New())
	if of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	return reflect.New(of)
}

// shipped are the kinds of the program that serves, without those of tests and
// benches, which are known only where one has run.
func shipped() []string {
	return slices.DeleteFunc(journal.Kinds(), func(k string) bool {
		return strings.HasPrefix(k, "test.") || strings.HasPrefix(k, "bench.")
	})
}

// Kinds are permanent: bytes that were ever written still decode, and say the
// same. A payload with a new field gets a file beside its old ones (-update).
func TestFactBytes(t *testing.T) {
	dir := filepath.Join("testdata", "facts")
	for _, kind := range shipped() {
		p := fresh(kind)
		sample(p.Elem())
		now, err := json.Marshal(p.Interface())
		if err != nil {
			t.Fatal(err)
		}
		files, err := filepath.Glob(filepath.Join(dir, kind+".v*.json"))
		if err != nil {
			t.Fatal(err)
		}
		there := false
		for _, f := range files {
			old, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			old = bytes.TrimSpace(old)
			there = there || bytes.Equal(old, now)
			if err := stillSays(kind, old); err != nil {
				t.Errorf("%s: %v", f, err)
			}
		}
		switch {
		case there:
		case *update:
			name := filepath.Join(dir, fmt.Sprintf("%s.v%d.json", kind, len(files)+1))
			if err := errors.Join(os.MkdirAll(dir, 0o755), os.WriteFile(name, append(now, '\n'), 0o644)); err != nil {
				t.Fatal(err)
			}
		default:
			t.Errorf("the bytes of %s are in no file; go test ./internal/app -run TestFactBytes -update adds one", kind)
		}
	}
}

// stillSays decodes old bytes and demands that each value is there again.
func stillSays(kind string, old []byte) error {
	p := fresh(kind)
	d := json.NewDecoder(bytes.NewReader(old))
	d.DisallowUnknownFields()
	if err := d.Decode(p.Interface()); err != nil {
		return err
	}
	again, err := json.Marshal(p.Interface())
	if err != nil {
		return err
	}
	var before, after map[string]any
	if err := errors.Join(json.Unmarshal(old, &before), json.Unmarshal(again, &after)); err != nil {
		return err
	}
	for k, v := range before {
		if !reflect.DeepEqual(after[k], v) {
			return fmt.Errorf("%s was %v and is %v", k, v, after[k])
		}
	}
	return nil
}

// A file of a kind that is gone: that is a breaking change.
func TestNoKindIsLost(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "facts", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, f := range files {
		kind, _, _ := strings.Cut(filepath.Base(f), ".v")
		if !slices.Contains(journal.Kinds(), kind) {
			t.Errorf("kind %s was shipped and is not registered", kind)
		}
	}
}

// Every sentence of a fact finds its values in the fact, in each language.
func TestSentencesHaveTheirValues(t *testing.T) {
	before := say.Gaps()
	for _, kind := range shipped() {
		p := fresh(kind)
		sample(p.Elem())
		b, err := json.Marshal(p.Interface())
		if err != nil {
			t.Fatal(err)
		}
		args := map[string]any{}
		if err := json.Unmarshal(b, &args); err != nil {
			t.Fatal(err)
		}
		for _, language := range say.Languages {
			say.Text(language, "fact."+kind, args)
		}
	}
	noNewGaps(t, before)
}

func noNewGaps(t *testing.T, before map[string]int) {
	t.Helper()
	now := say.Gaps()
	maps.DeleteFunc(now, func(k string, n int) bool { return before[k] == n })
	if len(now) > 0 {
		t.Errorf("texts that are missing: %v", now)
	}
}

// visitor speaks to a house as one person.
type visitor struct {
	t      *testing.T
	base   string
	token  string
	person string // his ID
}

// enter signs in.
func (v *visitor) enter(path string, body map[string]any) {
	v.t.Helper()
	var x signedIn
	body["bearer"] = true
	v.must("POST", path, body, &x)
	v.token, v.person = x.Token, x.Person.ID
}

// must is do that has to succeed.
func (v *visitor) must(method, path string, body, into any) {
	v.t.Helper()
	if got := v.do(method, path, body, into); got >= 300 {
		v.t.Fatalf("%s %s: %d", method, path, got)
	}
}

func (v *visitor) do(method, path string, body, into any) int {
	v.t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		v.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(v.t.Context(), method, v.base+"/api/v1"+path, bytes.NewReader(b))
	if err != nil {
		v.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept-Language", "en")
	if v.token != "" {
		req.Header.Set("Authorization", "Bearer "+v.token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	if into != nil {
		if err := json.NewDecoder(res.Body).Decode(into); err != nil {
			v.t.Fatalf("%s %s: %d %v", method, path, res.StatusCode, err)
		}
	}
	return res.StatusCode
}

// until asks again until it is so.
func until(t *testing.T, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !so(); {
		if time.Now().After(end) {
			t.Fatal("it never came: " + what)
		}
		time.Sleep(10 * time.Millisecond) // asking again, not waiting for a time
	}
}

type signedIn struct {
	Token  string `json:"token"`
	Person struct {
		ID string `json:"id"`
	} `json:"person"`
}

var sixDigits = regexp.MustCompile(`[0-9]{6}`)

// lived is a house with its people that is served, on a clock that runs; stop ends it,
// and so does the test.
type lived struct {
	*house
	t     *testing.T
	base  string
	login *demoAccess
	stop  func()
}

func live(t *testing.T, c *config) lived {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(c.defaults())
	h, err := open(t.Context(), *c, options{log: slog.New(slog.DiscardHandler)})
	must(err)
	stopped := false
	t.Cleanup(func() {
		if !stopped {
			h.close() //nolint:errcheck // the test has failed
		}
	})
	login := newDemoAccess()
	must(h.seed(t.Context(), login))
	h.start()
	server := httptest.NewServer(h.web.Handler())
	t.Cleanup(server.Close)
	return lived{h, t, server.URL, login, func() {
		t.Helper()
		stopped = true
		server.Close()
		must(h.stop(t.Context()))
	}}
}

// citizen signs a citizen in.
func (l lived) citizen(phone string) *visitor {
	l.t.Helper()
	v := &visitor{t: l.t, base: l.base}
	v.must("POST", "/codes", map[string]any{"phone": phone}, nil)
	v.enter("/sessions", map[string]any{"phone": phone, "code": sixDigits.FindString(l.screen.Messages(phone, 1)[0].Text)})
	return v
}

// staff signs a member of staff in.
func (l lived) staff(user string) *visitor {
	l.t.Helper()
	v := &visitor{t: l.t, base: l.base}
	now, err := totp.GenerateCode(l.login.TOTP, l.db.Now())
	if err != nil {
		l.t.Fatal(err)
	}
	v.enter("/staff-sessions", map[string]any{"user": user, "password": l.login.Password, "totp": now})
	return v
}

// A house opens, starts, takes a question, tells the lawyer, stops and verifies.
//
// req: B5.2.1, B6.1b
func TestHouse(t *testing.T) {
	for name, url := range map[string]func(*testing.T) string{"sqlite": func(*testing.T) string { return "" }, "postgres": dbtest.PostgresURL} {
		t.Run(name, func(t *testing.T) { houseLives(t, url(t)) })
	}
}

func houseLives(t *testing.T, url string) {
	before := say.Gaps()
	c := config{Data: t.TempDir(), DB: url, SMS: "screen", Checkpoints: filepath.Join(t.TempDir(), "checkpoints")}
	h := live(t, &c)
	citizen := h.citizen("+8613800138000")
	var order struct {
		ID, State string
		Lawyer    struct{ ID string }
	}
	ask := map[string]any{"id": id.New().String(), "region": "440000", "question": "公司拖欠工资怎么办？", "problem_type": "labour", "language": "zh-Hans", "contact": map[string]any{"name": "陈女士"}}
	if got := citizen.do("POST", "/orders", ask, &order); got != 201 || order.State != "assigned" {
		t.Fatalf("asked: %d %+v", got, order)
	}
	var me struct {
		ID, Status string
		Unread     int
	}
	var lawyer *visitor
	for i := range demoLawyers {
		if lawyer = h.staff(fmt.Sprintf("lawyer%d", i+1)); lawyer.person == order.Lawyer.ID {
			break
		}
	}
	until(t, "the lawyer is told", func() bool { lawyer.do("GET", "/me", nil, &me); return me.Unread == 1 })
	if me.ID != order.Lawyer.ID || me.Status != "online" {
		t.Errorf("the lawyer is %+v", me)
	}
	var list struct{ Items []struct{ Sentence string } }
	if got := citizen.do("GET", "/orders/"+order.ID+"/facts", nil, &list); got != 200 || len(list.Items) == 0 {
		t.Errorf("facts: %d %v", got, list)
	}
	h.stop()
	r, err := verifyData(t.Context(), c, journal.Audit{})
	if err != nil || r.Facts == 0 || r.Unsealed != 0 || r.Content[seal.Bad] != 0 {
		t.Errorf("verify: %+v %v", r, err)
	}
	noNewGaps(t, before)
}

// Staff open an order on the desk, who asked on the portal. req: B6.1b
func TestLinks(t *testing.T) {
	h, order := &house{config: config{URL: "https://law.example/"}}, id.New()
	for kind, want := range map[string]string{"answered": "https://law.example/#/orders/", "assigned": "https://law.example/desk/#/orders/"} {
		if got := h.link(order, kind); got != want+order.String() {
			t.Errorf("%s: %s", kind, got)
		}
	}
}
