package sms

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// req: B6.1b
func TestGateway(t *testing.T) {
	var reached int
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached++ }))
	defer elsewhere.Close()
	for name, c := range map[string]struct {
		answer    func(w http.ResponseWriter, r *http.Request)
		ref       string
		delivered bool
		wrong     string
	}{
		"taken":          {func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(`{"ref":"r1"}`)) }, "r1", false, ""},
		"delivered":      {func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(`{"ref":"r2","delivered":true}`)) }, "r2", true, ""},
		"without a word": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, "", false, ""},
		"not JSON":       {func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("OK")) }, "", false, ""},
		"refused":        {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(400) }, "", false, "the gateway answered 400"},
		"broken":         {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) }, "", false, "the gateway answered 502"},
		"moved":          {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) }, "", false, "the gateway answered 302"},
		"moved with body": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
		}, "", false, "the gateway answered 307"},
		"the line is dead": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "", false, "the gateway can't be reached"},
	} {
		t.Run(name, func(t *testing.T) {
			var got map[string]string
			var token string
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				token = r.Header.Get("Authorization")
				if err := json.NewDecoder(r.Body).Decode(&got); err != nil || r.Method != http.MethodPost {
					t.Errorf("%s: %v", r.Method, err)
				}
				c.answer(w, r)
			}))
			defer s.Close()
			ref, delivered, err := NewGateway(s.URL, "secret-token").Send(t.Context(), "k1", "+8613800138000", "您好")
			if ref != c.ref || delivered != c.delivered || (err == nil) != (c.wrong == "") || err != nil && err.Error() != c.wrong {
				t.Errorf("ref %q, delivered %v, error %v", ref, delivered, err)
			}
			if got["key"] != "k1" || got["to"] != "+8613800138000" || got["text"] != "您好" || token != "Bearer secret-token" {
				t.Errorf("the gateway got %v with %q", got, token)
			}
			if err != nil && (strings.Contains(err.Error(), "138") || strings.Contains(err.Error(), "http")) {
				t.Errorf("the error tells too much: %v", err)
			}
		})
	}
	if reached > 0 {
		t.Error("a message went elsewhere")
	}
	if _, _, err := NewGateway("http://[", "").Send(t.Context(), "k", "p", "t"); err == nil || err.Error() != "the gateway's URL can't be used" {
		t.Errorf("a broken URL: %v", err)
	}
}

func TestScreen(t *testing.T) {
	at := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	s := &Screen{Now: func() time.Time { return at }}
	for _, m := range [][3]string{{"1", "+861", "a"}, {"2", "+862", "b"}, {"1", "+861", "again"}, {"3", "+861", "c"}} {
		if ref, delivered, err := s.Send(t.Context(), m[0], m[1], m[2]); ref != m[0] || !delivered || err != nil {
			t.Errorf("%v: %s %v %v", m, ref, delivered, err)
		}
	}
	if got := s.Messages("", 10); len(got) != 3 || got[0] != (Shown{"+861", "c", at}) {
		t.Errorf("shown %v", got)
	}
	if got := s.Messages("+861", 1); len(got) != 1 || got[0].Text != "c" {
		t.Errorf("shown to one %v", got)
	}
	for i := range kept + 10 {
		s.Send(t.Context(), string(rune('一'+i)), "+863", "x") //nolint:errcheck // never fails
	}
	if got := s.Messages("", 2*kept); len(got) != kept {
		t.Errorf("%d are kept", len(got))
	}
}
