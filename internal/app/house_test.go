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
	t     *testing.T
	base  string
	token string
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
	if err := c.defaults(); err != nil {
		t.Fatal(err)
	}
	h, err := open(t.Context(), c, options{log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	stop := func() error { return h.stop(t.Context()) }
	t.Cleanup(func() {
		if stop != nil {
			h.close() //nolint:errcheck // the test has failed
		}
	})
	access := newDemoAccess()
	if err := h.seed(t.Context(), access); err != nil {
		t.Fatal(err)
	}
	h.start()
	server := httptest.NewServer(h.web.Handler())
	defer server.Close()
	citizen, lawyer := &visitor{t: t, base: server.URL}, &visitor{t: t, base: server.URL}

	phone := "+8613800138000"
	if got := citizen.do("POST", "/codes", map[string]any{"phone": phone}, nil); got != 202 {
		t.Fatalf("a code: %d", got)
	}
	var x signedIn
	code := sixDigits.FindString(h.screen.Messages(phone, 1)[0].Text)
	if got := citizen.do("POST", "/sessions", map[string]any{"phone": phone, "code": code, "bearer": true}, &x); got != 201 {
		t.Fatalf("signed in: %d", got)
	}
	citizen.token = x.Token
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
	for i := range demoLawyers {
		now, err := totp.GenerateCode(access.TOTP, h.db.Now())
		if err != nil {
			t.Fatal(err)
		}
		lawyer.token = ""
		body := map[string]any{"user": fmt.Sprintf("lawyer%d", i+1), "password": access.Password, "totp": now, "bearer": true}
		if got := lawyer.do("POST", "/staff-sessions", body, &x); got != 201 {
			t.Fatalf("a lawyer signs in: %d", got)
		}
		if lawyer.token = x.Token; x.Person.ID == order.Lawyer.ID {
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
	end := stop
	stop = nil
	if err := end(); err != nil {
		t.Fatal(err)
	}
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
